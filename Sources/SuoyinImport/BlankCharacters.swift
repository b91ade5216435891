// Which characters are no text, and where does a piece of text begin and end without them?

/// Characters of UTF-8 text, looked at byte by byte: a `Character` costs a hundred times as much, and a file may be one line of megabytes.
///
/// All functions expect valid UTF-8 and offsets at the beginning of a character.
extension [UInt8] {
  /// The length of the blank character at `offset`, or 0 when there is none.
  ///
  /// Blank are Unicode's white space, line ends among it, and what has no width: U+200B, U+2060 and the byte order mark U+FEFF.
  func blankLength(at offset: Int) -> Int {
    let left = count - offset
    guard left > 0 else { return 0 }
    switch self[offset] {
    case 0x09...0x0D, 0x20:
      return 1
    case 0xC2:  // U+0085, U+00A0
      return left >= 2 && (self[offset + 1] == 0x85 || self[offset + 1] == 0xA0) ? 2 : 0
    case 0xE1, 0xE2, 0xE3, 0xEF:
      return left >= 3 && isBlank(self[offset], self[offset + 1], self[offset + 2]) ? 3 : 0
    default:
      return 0
    }
  }

  private func isBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second, third) {
    case (0xE1, 0x9A, 0x80): true  // U+1680
    case (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): true  // U+2000...200B, U+2028...2029, U+202F
    case (0xE2, 0x81, 0x9F...0xA0): true  // U+205F, U+2060
    case (0xE3, 0x80, 0x80): true  // U+3000
    case (0xEF, 0xBB, 0xBF): true  // U+FEFF
    default: false
    }
  }

  /// The first offset from `range`'s beginning on that is no blank, at most its end.
  func skipBlanks(_ range: Range<Int>) -> Int {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let length = blankLength(at: offset)
      if length == 0 { break }
      offset += length
    }
    return offset
  }

  /// The range without the blanks at both its ends; empty when there is nothing else.
  func trimBlanks(_ range: Range<Int>) -> Range<Int> {
    let start = skipBlanks(range)
    var end = range.upperBound
    while end > start {
      // A blank that begins one, two or three bytes before the end and reaches up to it.
      guard let length = (1...3).first(where: { end - $0 >= start && blankLength(at: end - $0) == $0 }) else { break }
      end -= length
    }
    return start..<end
  }

  /// The character at `offset`.
  func scalar(at offset: Int) -> (value: Unicode.Scalar, length: Int) {
    let first = self[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in offset + 1..<offset + length { value = value << 6 | UInt32(self[next] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  /// Whether `range` has at most `limit` characters, without counting further than needed.
  func hasAtMost(_ limit: Int, charactersIn range: Range<Int>) -> Bool {
    range.count <= 4 * limit && self[range].lazy.filter { $0 & 0xC0 != 0x80 }.count <= limit
  }

  /// Whether a character of `range` is in `set`. For short ranges.
  func contains(_ set: Set<Unicode.Scalar>, in range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let (value, length) = scalar(at: offset)
      if set.contains(value) { return true }
      offset += length
    }
    return false
  }

  /// Whether the bytes of `text` stand at `offset`.
  func has(_ text: String, at offset: Int) -> Bool {
    text.utf8.count <= count - offset && self[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
  }
}
