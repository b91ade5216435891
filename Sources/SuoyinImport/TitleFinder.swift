// Which passage is the title?

/// Watches the passages of a text as they are cut, and picks the title from those before the first article or division.
///
/// The title is the first heading of level 1; without one, the first line when it is a heading or is short and no sentence; otherwise the
/// first heading. The short line comes before a lesser heading because reports open with a bold line and go on with `## 一、…`. Front matter
/// and comments are no lines in this sense.
struct TitleFinder {
  enum Sight {
    case heading(level: Int)
    case section
    case paragraph
  }

  /// Titles are rarely longer; the first paragraph of a text without a title rarely is shorter, or no sentence.
  static let maximumLength = 60

  private var isOver = false
  private var isInFrontMatter = false
  private var hasSeenLine = false
  private var topHeading: Int?
  private var firstHeading: Int?
  private var firstLine: Int?

  /// The number of the title's passage.
  var title: Int? { topHeading ?? firstLine ?? firstHeading }

  /// Sees what will be the passage `index`, whose text is `range`, unless it is a section.
  mutating func see(_ sight: Sight, _ bytes: [UInt8], _ range: Range<Int>, passage index: Int) {
    if isOver { return }
    if index == 0 || isInFrontMatter, bytes[range].elementsEqual("---".utf8) {
      isInFrontMatter.toggle()
      return
    }
    if isInFrontMatter { return }
    switch sight {
    case .heading(let level):
      firstHeading = firstHeading ?? index
      if level == 1 { topHeading = topHeading ?? index }
    case .section:
      isOver = true
    case .paragraph:
      if bytes.has("<!--", at: range.lowerBound) { return }
      if !hasSeenLine, Self.isTitle(bytes, range) { firstLine = index }
    }
    hasSeenLine = true
  }

  private static func isTitle(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes.hasAtMost(maximumLength, charactersIn: range) && !bytes.contains(sentenceEnds, in: range)
      && bytes[range].contains { $0 >= 0x80 || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
  }
}
