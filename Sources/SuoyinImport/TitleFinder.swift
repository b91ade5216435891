// Which passage is the title?

/// Watches the passages of a text as they are cut, and picks the title from those before the first article or division.
///
/// The title is what front matter calls so; else the first heading of level 1; else the first line, when it is a heading or is short and no
/// sentence; else the first heading. The short line comes before a lesser heading because reports open with a bold line and go on with
/// `## 一、…`. Front matter and comments are no lines in this sense.
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
  /// The value of `title:` in front matter.
  private(set) var declaredTitle: Range<Int>?
  private var topHeading: Int?
  private var firstHeading: Int?
  private var firstLine: Int?

  /// The number of the passage that would be the title without front matter.
  var titlePassage: Int? { topHeading ?? firstLine ?? firstHeading }

  /// Sees what will be the passage `index`, whose text is `range`, unless it is a section.
  mutating func see(_ sight: Sight, _ bytes: [UInt8], _ range: Range<Int>, passage index: Int) {
    if isOver { return }
    if index == 0 || isInFrontMatter, bytes[range].elementsEqual("---".utf8) {
      isInFrontMatter.toggle()
      return
    }
    if isInFrontMatter {
      declaredTitle = declaredTitle ?? Self.declaredTitle(bytes, range)
      return
    }
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

  /// The value of a line `title: …` without its quotes; nil for values of several lines.
  private static func declaredTitle(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    let name = "title:"
    guard bytes.has(name, at: range.lowerBound) else { return nil }
    var value = bytes.trimBlanks(range.lowerBound + name.utf8.count..<range.upperBound)
    guard let first = bytes[value].first, !"|>".utf8.contains(first) else { return nil }
    if "\"'".utf8.contains(first), value.count > 1, bytes[value].last == first {
      value = bytes.trimBlanks(value.lowerBound + 1..<value.upperBound - 1)
    }
    return value.isEmpty ? nil : value
  }

  private static func isTitle(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes.hasAtMost(maximumLength, charactersIn: range) && !bytes.contains(sentenceEnds, in: range)
      && bytes[range].contains { $0 >= 0x80 || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
  }
}
