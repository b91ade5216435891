// Which strings look like `manu*ing` or `organi?ation`?

/// A pattern of bytes in which `*` stands for any bytes, none included, and `?` for one code point.
package struct TermPattern: Equatable, Sendable {
  /// Neither occurs in UTF-8.
  private static let anyRun: UInt8 = 0xFF
  private static let anyOne: UInt8 = 0xFE

  /// The text with its signs replaced; different for different patterns, and none is a text.
  package let bytes: [UInt8]

  package init(_ text: some Sequence<UInt8>) {
    bytes = text.map { $0 == UInt8(ascii: "*") ? Self.anyRun : $0 == UInt8(ascii: "?") ? Self.anyOne : $0 }
  }

  /// The text with its signs.
  package var text: [UInt8] {
    bytes.map { $0 == Self.anyRun ? UInt8(ascii: "*") : $0 == Self.anyOne ? UInt8(ascii: "?") : $0 }
  }

  /// What every string that matches begins with.
  package var prefix: ArraySlice<UInt8> { bytes.prefix { $0 < Self.anyOne } }

  /// - Complexity: O(*n* · *m*) at worst, O(*n*) for patterns with one `*`.
  package func matches(_ string: ArraySlice<UInt8>) -> Bool {
    var (place, index) = (0, string.startIndex)
    /// Behind the last `*` that was met, and what of the string it is taken to stand for so far ends here.
    var retry: (place: Int, index: Int)?
    // Terminates: the index grows, or the place of a retry does.
    while index < string.endIndex {
      if place < bytes.count, bytes[place] == Self.anyRun {
        place += 1
        retry = (place, index)
      } else if place < bytes.count, bytes[place] == Self.anyOne {
        place += 1
        index = min(string.endIndex, index + Self.length(lead: string[index]))
      } else if place < bytes.count, bytes[place] == string[index] {
        place += 1
        index += 1
      } else if let last = retry {
        (place, index) = (last.place, last.index + 1)
        retry = (place, index)
      } else {
        return false
      }
    }
    return bytes[place...].allSatisfy { $0 == Self.anyRun }
  }

  private static func length(lead: UInt8) -> Int { lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }
}
