// How is one line of JSON written?
internal import Suoyin

/// Builds one JSON object on a line, its members in the order they are added. docs/JSON.md is the contract.
struct JSONLine {
  private var text = "{"

  init(type: String? = nil) {
    if let type { add("type", type) }
  }

  mutating func add(_ name: String, _ value: String?) {
    if let value { add(name, raw: Self.quoted(value)) }
  }

  mutating func add(_ name: String, _ value: Int?) {
    if let value { add(name, raw: String(value)) }
  }

  mutating func add(_ name: String, _ value: Bool) { add(name, raw: value ? "true" : "false") }

  /// The shortest digits that read back as exactly the same number.
  mutating func add(_ name: String, _ value: Double) { add(name, raw: value.description) }

  mutating func add(_ name: String, _ ranges: [Range<Int>]) {
    add(name, raw: "[" + ranges.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",") + "]")
  }

  /// A value that is JSON already.
  mutating func add(_ name: String, raw json: String) {
    if text.utf8.count > 1 { text += "," }
    text += "\(Self.quoted(name)):\(json)"
  }

  var object: String { text + "}" }
  func print() { StandardOutput.write(object + "\n") }

  /// A warning about a query, with the bytes of the query that it is about.
  static func warning(_ warning: QuerySyntaxError) -> String {
    var line = JSONLine()
    line.add("message", warning.message)
    line.add("start", warning.utf8Range.lowerBound)
    line.add("end", warning.utf8Range.upperBound)
    return line.object
  }

  static func quoted(_ value: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    bytes.reserveCapacity(value.utf8.count + 2)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += Array(#"\n"#.utf8)
      case 0x0D: bytes += Array(#"\r"#.utf8)
      case 0x09: bytes += Array(#"\t"#.utf8)
      case 0..<0x20: bytes += Array((byte < 0x10 ? #"\u000"# : #"\u00"#).utf8) + Array(String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}
