// What is a line of a document: a heading, the beginning of an article, or a paragraph?

/// One line and its part in the document. Ranges are bytes of the source, without blanks at their ends.
enum Line {
  /// White space, or the marks of a heading with no heading.
  case blank
  /// A Markdown heading of level 1...6, without its marks.
  case heading(Range<Int>, level: Int)
  /// A line such as 第二章 总则, without the marks of a heading.
  case division(Range<Int>)
  /// The first line of an article, from its label to its end; `isAlone` when there is nothing but the label and marks.
  case article(Range<Int>, SectionLabel, isAlone: Bool)
  case paragraph(Range<Int>)

  /// - Parameters:
  ///   - range: The line without its line end.
  ///   - readsHeadings: Whether number signs make headings. Articles are found behind them in any case.
  ///   - last: The article before this line.
  /// - Complexity: O(*n*) in the length of the line.
  init(_ bytes: [UInt8], _ range: Range<Int>, readsHeadings: Bool, after last: ArticleNumber) {
    let content = bytes.trimBlanks(range)
    guard !content.isEmpty else {
      self = .blank
      return
    }
    let level = bytes[content].prefix { $0 == UInt8(ascii: "#") }.count
    let isMarked = (1...6).contains(level)
    let rest = isMarked ? bytes.skipBlanks(content.lowerBound + level..<content.upperBound)..<content.upperBound : content
    if rest.isEmpty {
      self = readsHeadings ? .blank : .paragraph(content)
      return
    }
    let start = rest.lowerBound + bytes[rest].prefix(3).prefix { $0 == UInt8(ascii: "*") }.count
    if let label = SectionLabel(bytes, at: start, end: rest.upperBound),
      label.isLabel(of: start..<rest.upperBound, in: bytes, after: last)
    {
      switch label.unit {
      case .article:
        self = .article(start..<rest.upperBound, label, isAlone: bytes.holdsOnlyBold(label.range.upperBound..<rest.upperBound))
      case .division:
        self = .division(bytes.withoutBold(rest))
      }
    } else if readsHeadings, isMarked, bytes.isHeading(rest, gap: rest.lowerBound - content.lowerBound - level) {
      self = .heading(bytes.withoutBold(rest), level: level)
    } else {
      self = .paragraph(content)
    }
  }
}

extension [UInt8] {
  /// Whether what stands `gap` bytes behind the marks of a heading is one.
  ///
  /// CommonMark wants a blank between; #标题 without it is common in Chinese files and accepted, but #话题# is a topic.
  fileprivate func isHeading(_ range: Range<Int>, gap: Int) -> Bool {
    gap > 0 || (self[range.lowerBound] >= 0x80 && !self[range].contains(UInt8(ascii: "#")))
  }

  /// Whether there are only blanks and asterisks in `range`.
  fileprivate func holdsOnlyBold(_ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let length = self[offset] == UInt8(ascii: "*") ? 1 : blankLength(at: offset)
      if length == 0 { return false }
      offset += length
    }
    return true
  }

  /// The inside of a range that is bold as a whole; else the range itself.
  func withoutBold(_ range: Range<Int>) -> Range<Int> {
    guard range.count > 4, has("**", at: range.lowerBound), has("**", at: range.upperBound - 2) else { return range }
    let inside = trimBlanks(range.lowerBound + 2..<range.upperBound - 2)
    return inside.isEmpty || self[inside].contains(UInt8(ascii: "*")) ? range : inside
  }
}
