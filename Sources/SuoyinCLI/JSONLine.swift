// How is one line of JSON written?
internal import Suoyin

/// Builds one JSON object on a line, its members in the order they are added. docs/JSON.md is the contract.
struct JSONLine {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]

  init(type: String? = nil) {
    if let type { add("type", type) }
  }

  mutating func add(_ name: String, _ value: String?) {
    guard let value else { return }
    begin(name)
    Self.append(quoted: value, to: &bytes)
  }

  mutating func add(_ name: String, _ value: Int?) {
    if let value { add(name, raw: String(value)) }
  }

  mutating func add(_ name: String, _ value: Bool) { add(name, raw: value ? "true" : "false") }

  /// The shortest digits that read back as exactly the same number.
  mutating func add(_ name: String, _ value: Double) { add(name, raw: value.description) }

  mutating func add(_ name: String, _ ranges: [Range<Int>]) {
    begin(name)
    var separator = UInt8(ascii: "[")
    for range in ranges {
      bytes.append(separator)
      bytes.append(UInt8(ascii: "["))
      bytes.append(contentsOf: String(range.lowerBound).utf8)
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: String(range.upperBound).utf8)
      bytes.append(UInt8(ascii: "]"))
      separator = UInt8(ascii: ",")
    }
    if ranges.isEmpty { bytes.append(separator) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A value that is JSON already.
  mutating func add(_ name: String, raw json: String) {
    begin(name)
    bytes.append(contentsOf: json.utf8)
  }

  /// An object, if it has any member.
  mutating func add(_ name: String, _ object: JSONLine) {
    if object.isEmpty { return }
    begin(name)
    bytes.append(contentsOf: object.bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private var isEmpty: Bool { bytes.count == 1 }

  private mutating func begin(_ name: String) {
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
    Self.append(quoted: name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }

  var object: String { String(decoding: bytes, as: UTF8.self) + "}" }
  func print() { StandardOutput.write(bytes + "}\n".utf8) }

  /// A warning about a query, with the bytes of the query that it is about.
  static func warning(_ warning: QuerySyntaxError) -> String {
    var line = JSONLine()
    line.add("message", warning.message)
    line.add("start", warning.utf8Range.lowerBound)
    line.add("end", warning.utf8Range.upperBound)
    return line.object
  }

  static func quoted(_ value: String) -> String {
    var bytes: [UInt8] = []
    append(quoted: value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(quoted value: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    if needsEscapes(value) {
      bytes.reserveCapacity(bytes.count + value.utf8.count + 64)
      for byte in value.utf8 { append(escaped: byte, to: &bytes) }
    } else {
      bytes.append(contentsOf: value.utf8)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscapes(_ value: String) -> Bool {
    let utf8 = value.utf8.span
    for place in utf8.indices {
      let byte = utf8[place]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
    }
    return false
  }

  private static func append(escaped byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0x0A: bytes += #"\n"#.utf8
    case 0x0D: bytes += #"\r"#.utf8
    case 0x09: bytes += #"\t"#.utf8
    case 0..<0x20: bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8 + Array(String(byte, radix: 16).utf8)
    default: bytes.append(byte)
    }
  }
}
