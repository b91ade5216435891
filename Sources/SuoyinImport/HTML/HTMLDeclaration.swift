// Which encoding does an HTML file say it has?

/// What a file says is a hint: many that say gb2312 have more characters than that, and some are in another encoding altogether.
enum HTMLDeclaration {
  /// How far a declaration is looked for: it must be among the first 1,024 bytes, and often is not.
  static let searchedLength = 4096

  /// The encoding that a `meta` element or an XML declaration names; nil when none does, or it is not known, or cannot be.
  static func encoding(of bytes: [UInt8]) -> TextEncoding? {
    let head = Array(bytes.prefix(searchedLength))
    for (element, attribute) in [("<?xml", "encoding"), ("<meta", "charset")] {
      var elements = ForwardSearch(element, isName: true)
      var offset = 0
      // Terminates: every round begins behind the element of the one before.
      while let start = elements.next(in: head, from: offset) {
        let end = head[start...].firstIndex(of: UInt8(ascii: ">")) ?? head.count
        if let encoding = value(of: attribute, in: head, start..<end).flatMap({ named($0) }) { return encoding }
        offset = end
      }
    }
    return nil
  }

  /// What stands behind the attribute's name and an equals sign, in quotes or not, be it in the value of another attribute.
  private static func value(of attribute: String, in bytes: [UInt8], _ range: Range<Int>) -> String? {
    let part = Array(bytes[range])
    var names = ForwardSearch(attribute)
    var offset = 0
    // Terminates: every round begins behind the name of the one before.
    while let name = names.next(in: part, from: offset) {
      offset = name + attribute.utf8.count
      let rest = part[offset...].drop { $0.isHTMLBlank }
      guard rest.first == UInt8(ascii: "=") else { continue }
      let isQuote = { (byte: UInt8) in byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
      let value = rest.dropFirst().drop { $0.isHTMLBlank || isQuote($0) }
        .prefix { !$0.endsHTMLName && !isQuote($0) && $0 != UInt8(ascii: ";") }
      return String(decoding: value, as: UTF8.self)
    }
    return nil
  }

  private static func named(_ name: String) -> TextEncoding? {
    switch name.lowercased() {
    // Who says Latin-1 means what Windows has.
    case "iso-8859-1", "latin1", "us-ascii", "ascii": return TextEncoding(named: "windows-1252")
    // A file in which these letters can be read is not in UTF-16, and one that is in UTF-8 need not be asked.
    case let name where name.hasPrefix("utf"): return nil
    default: return TextEncoding(named: name)
    }
  }
}
