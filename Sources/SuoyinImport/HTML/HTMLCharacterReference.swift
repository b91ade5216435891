// Which character does a reference such as `&nbsp;` or `&#x3000;` mean?

extension [UInt8] {
  /// The reference that begins with the ampersand at `offset`: its length, and its characters in UTF-8. nil when it is none, and the ampersand
  /// a character like others.
  ///
  /// - Complexity: O(*n*) in the digits of a number; a name is looked at as far as names go.
  /// - Source: HTML Living Standard, section 13.2.5.72 and what follows it.
  func characterReference(at offset: Int) -> (length: Int, text: [UInt8])? {
    let start = offset + 1
    guard start < count else { return nil }
    return self[start] == UInt8(ascii: "#") ? numericReference(at: offset) : namedReference(at: offset)
  }

  private func namedReference(at offset: Int) -> (length: Int, text: [UInt8])? {
    let start = offset + 1
    let name = self[start...].prefix(HTMLCharacterNames.longestName).prefix { $0.isASCIILetter || $0.isASCIIDigit }
    if name.isEmpty { return nil }
    if name.endIndex < count, self[name.endIndex] == UInt8(ascii: ";"),
      let meaning = HTMLCharacterNames.all[String(decoding: name, as: UTF8.self)]
    {
      return (name.count + 2, meaning.text)
    }
    // The longest beginning that is a name without a semicolon: &copy2024 has one.
    for length in stride(from: Swift.min(name.count, HTMLCharacterNames.longestNameThatMayEndAnyhow), to: 1, by: -1) {
      if let meaning = HTMLCharacterNames.all[String(decoding: name.prefix(length), as: UTF8.self)], meaning.mayEndAnyhow {
        return (length + 1, meaning.text)
      }
    }
    return nil
  }

  private func numericReference(at offset: Int) -> (length: Int, text: [UInt8])? {
    var end = offset + 2
    let isHexadecimal = end < count && self[end] | 0x20 == UInt8(ascii: "x")
    if isHexadecimal { end += 1 }
    let start = end
    var value: UInt32 = 0
    while end < count, let digit = self[end].digit(hexadecimal: isHexadecimal) {
      // Large enough to be no character, small enough for the next digit.
      value = Swift.min(value * (isHexadecimal ? 16 : 10) + digit, 0x11_0000)
      end += 1
    }
    if end == start { return nil }
    if end < count, self[end] == UInt8(ascii: ";") { end += 1 }
    return (end - offset, Array(String(Self.character(value)).utf8))
  }

  private static func character(_ value: UInt32) -> Unicode.Scalar {
    if value == 0 { return "\u{FFFD}" }
    // Numbers of windows-1252, which old pages have.
    if (0x80...0x9F).contains(value) { return windows1252[Int(value) - 0x80] }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private static let windows1252: [Unicode.Scalar] = [Unicode.Scalar](
    ("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ" as String).unicodeScalars)
}

extension UInt8 {
  var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  /// White space that HTML collapses.
  var isHTMLBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 || self == 0x0C }

  fileprivate func digit(hexadecimal: Bool) -> UInt32? {
    if isASCIIDigit { return UInt32(self - UInt8(ascii: "0")) }
    let letter = self | 0x20
    return hexadecimal && (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(letter) ? UInt32(letter - UInt8(ascii: "a")) + 10 : nil
  }
}
