// What encodings are there, under which names?

/// An encoding that ICU can turn into Unicode.
public struct TextEncoding: Hashable, Sendable {
  /// As messages call it.
  public let name: String
  /// As ICU is asked for it.
  let converter: String

  static let utf8 = TextEncoding(name: "UTF-8", converter: "UTF-8")
  static let utf16LE = TextEncoding(name: "UTF-16LE", converter: "UTF-16LE")
  static let utf16BE = TextEncoding(name: "UTF-16BE", converter: "UTF-16BE")
  static let utf32LE = TextEncoding(name: "UTF-32LE", converter: "UTF-32LE")
  static let utf32BE = TextEncoding(name: "UTF-32BE", converter: "UTF-32BE")
  static let gb18030 = TextEncoding(name: "GB18030", converter: "GB18030")
  /// With the characters of Hong Kong, which stand where plain Big5 has none.
  static let big5 = TextEncoding(name: "Big5", converter: "Big5-HKSCS")

  private init(name: String, converter: String) {
    self.name = name
    self.converter = converter
  }

  /// The encoding of a name or alias that ICU knows, in any case; nil when it knows none.
  ///
  /// GB2312 and GBK are read as GB18030, and Big5 as Big5-HKSCS: what these have is the same there, and what they lack is often in files
  /// that claim to be such.
  public init?(named name: String) {
    switch String(name.lowercased().filter { $0 != "-" && $0 != "_" }) {
    case "gb2312", "gbk", "gb18030", "euccn", "cp936", "ms936", "windows936": self = .gb18030
    case "big5", "big5hkscs", "cp950", "windows950": self = .big5
    case "utf8": self = .utf8
    default:
      guard TextDecoder.exists(name) else { return nil }
      self.init(name: name, converter: name)
    }
  }

  /// What the mark at the beginning of a text says, and how many bytes the mark has.
  static func marked(_ bytes: [UInt8]) -> (encoding: TextEncoding, markLength: Int)? {
    // UTF-32LE goes first: its mark begins with that of UTF-16LE.
    let marks: [([UInt8], TextEncoding)] = [
      (byteOrderMark, .utf8), ([0xFF, 0xFE, 0, 0], .utf32LE), ([0, 0, 0xFE, 0xFF], .utf32BE), ([0xFF, 0xFE], .utf16LE),
      ([0xFE, 0xFF], .utf16BE), ([0x84, 0x31, 0x95, 0x33], .gb18030),
    ]
    return marks.first { bytes.starts(with: $0.0) }.map { ($0.1, $0.0.count) }
  }
}

/// U+FEFF in UTF-8, which some programs put before a text.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

func hasUTF16Mark(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) }
