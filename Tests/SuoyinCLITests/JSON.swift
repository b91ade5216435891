// What does a line of JSON say, and in which order?

/// A JSON value that keeps the order of members and the digits of numbers, which Foundation's readers do not.
enum JSON: Equatable, Sendable {
  struct Member: Equatable, Sendable {
    var name: String
    var value: JSON
  }

  case object([Member])
  case array([JSON])
  case string(String)
  /// The digits as they stand.
  case number(String)
  case bool(Bool)
  case null

  /// Reads one value that is the whole line; nil when the line is no JSON (RFC 8259).
  init?(_ line: some StringProtocol) {
    var reader = JSONReader(bytes: Array(line.utf8))
    guard let value = reader.value(), reader.isAtEnd else { return nil }
    self = value
  }

  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The names of an object's members, in order.
  var names: [String] { if case .object(let members) = self { members.map(\.name) } else { [] } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var digits: String? { if case .number(let digits) = self { digits } else { nil } }
  var integer: Int? { digits.flatMap { Int($0) } }
  var real: Double? { digits.flatMap { Double($0) } }
  /// A hit but for where it stands in its file.
  var withoutSource: JSON { if case .object(let members) = self { .object(members.filter { $0.name != "source" }) } else { self } }
  /// An array of pairs of offsets.
  var ranges: [Range<Int>]? {
    elements?.compactMap { pair in
      guard let ends = pair.elements?.compactMap(\.integer), ends.count == 2, ends[0] <= ends[1] else { return nil }
      return ends[0]..<ends[1]
    }
  }
  var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// The member `highlights` as byte ranges.
  var highlights: [Range<Int>]? {
    self["highlights"]?.elements?.map { pair in
      let ends = (pair.elements ?? []).map { $0.integer ?? -1 }
      return ends.count == 2 && 0 <= ends[0] && ends[0] < ends[1] ? ends[0]..<ends[1] : 0..<0
    }
  }

  /// What the highlights lie on; nil when a range is not one of whole characters of the text.
  var highlightedTexts: [String]? {
    guard let text = self["text"]?.text, let highlights else { return nil }
    let bytes = Array(text.utf8)
    var texts: [String] = []
    for range in highlights {
      guard !range.isEmpty, range.upperBound <= bytes.count, let part = String(validating: bytes[range], as: UTF8.self) else { return nil }
      texts.append(part)
    }
    return texts
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var place = 0

  var isAtEnd: Bool { place == bytes.count }
  private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[place...].starts(with: text.utf8) else { return false }
    place += text.utf8.count
    return true
  }

  mutating func value() -> JSON? {
    skipBlanks()
    defer { skipBlanks() }
    return valueAfterBlanks()
  }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x09 { place += 1 }
  }

  private mutating func valueAfterBlanks() -> JSON? {
    switch byte {
    case UInt8(ascii: "{"): object()
    case UInt8(ascii: "["): array()
    case UInt8(ascii: "\""): string().map(JSON.string)
    case UInt8(ascii: "t"): take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): take("null") ? .null : nil
    default: number()
    }
  }

  private mutating func object() -> JSON? {
    var members: [JSON.Member] = []
    place += 1
    if take("}") { return .object([]) }
    repeat {
      guard case .string(let name)? = value(), take(":"), let value = value() else { return nil }
      if members.contains(where: { $0.name == name }) { return nil }
      members.append(.init(name: name, value: value))
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array() -> JSON? {
    var elements: [JSON] = []
    place += 1
    if take("]") { return .array([]) }
    repeat {
      guard let value = value() else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt8] = []
    while let byte {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let escape = self.byte else { return nil }
        place += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escape)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"):
          // Only control characters are written in this way.
          let digits = String(decoding: bytes[place...].prefix(4), as: UTF8.self)
          guard digits.count == 4, let code = UInt8(digits, radix: 16) else { return nil }
          units.append(code)
          place += 4
        default: return nil
        }
      default: units.append(byte)
      }
    }
    return nil
  }

  private mutating func number() -> JSON? {
    let start = place
    while let byte, "+-.0123456789eE".utf8.contains(byte) { place += 1 }
    let digits = String(decoding: bytes[start..<place], as: UTF8.self)
    let isNumber = digits.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
    return isNumber ? .number(digits) : nil
  }
}
