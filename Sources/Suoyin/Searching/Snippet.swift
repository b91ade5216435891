// Which part of a text shows best why it was found?

/// A part of a text, exactly as the text has it, with the matches in it.
public struct Snippet: Equatable, Sendable, CustomStringConvertible {
  /// The part of the text, without ellipses.
  public let text: String
  /// The matches, as UTF-8 offsets into `text`, ascending.
  public let highlights: [Range<Int>]
  /// Where the part begins in the whole text, in UTF-8 bytes.
  public let utf8Offset: Int
  /// Whether the whole text goes on before and after the part.
  public let isCutBefore: Bool
  public let isCutAfter: Bool

  /// The text with an ellipsis wherever it is cut.
  public var description: String { (isCutBefore ? "…" : "") + text + (isCutAfter ? "…" : "") }

  /// About how long a snippet is, in bytes: 80 Han characters.
  package static let defaultLength = 240

  /// Chooses the window of about `length` bytes that holds the most highlighted bytes, the first of several.
  ///
  /// - Complexity: O(*n* + *h*), *h* being the number of highlights.
  package init(of text: String, highlights: [Range<Int>], length: Int = Snippet.defaultLength) {
    let bytes = Array(text.utf8)
    var window = 0..<bytes.count
    if bytes.count > length {
      /// How much stands before the first match; the matches share the rest.
      let lead = length / 8
      var best = (covered: -1, first: 0)
      var last = 0
      var covered = 0
      // Invariant: `covered` is what highlights[first..<last] cover, all inside the rest from the first one's start.
      for first in highlights.indices {
        if last < first { last = first }
        while last < highlights.count, highlights[last].upperBound - highlights[first].lowerBound <= length - lead {
          covered += highlights[last].count
          last += 1
        }
        if covered > best.covered { best = (covered, first) }
        if last > first { covered -= highlights[first].count }
      }
      let anchor = highlights.isEmpty ? 0 : highlights[best.first].lowerBound
      var start = max(0, min(anchor - lead, bytes.count - length))
      while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      var end = min(bytes.count, max(start + length, highlights.isEmpty ? 0 : min(highlights[best.first].upperBound, start + 4 * length)))
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      window = start..<end
    }
    self.text = String(decoding: bytes[window], as: UTF8.self)
    self.highlights = highlights.compactMap { range in
      let part = range.clamped(to: window)
      return part.isEmpty ? nil : part.lowerBound - window.lowerBound..<part.upperBound - window.lowerBound
    }
    utf8Offset = window.lowerBound
    isCutBefore = window.lowerBound > 0
    isCutAfter = window.upperBound < bytes.count
  }
}
