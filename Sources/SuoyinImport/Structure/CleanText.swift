// What is the text of a file without what a site or a printer put around it?

/// A paragraph of a clean text.
struct Paragraph: Equatable {
  /// Its bytes, without blanks at both ends and without the marks of a heading.
  var range: Range<Int>
  /// 1...6 for a Markdown heading.
  var level: Int?
  /// Whether a page begins with it.
  var startsPage = false
}

/// The paragraphs of a file, one after another, without page furniture and with what a page break cut joined again.
///
/// A file without furniture is its own clean text. Offsets are into `bytes`; `ranges(of:)` leads back to the text of the file.
struct CleanText {
  private(set) var bytes: [UInt8]
  private(set) var paragraphs: [Paragraph] = []
  /// Left out of the clean text, or marks inside it: ranges of the file's text, ascending.
  private(set) var furniture: [Range<Int>] = []
  /// The lines of front matter.
  private(set) var frontMatter: [Range<Int>] = []
  /// Where each page begins, and the number it is called by.
  private(set) var pages: [(start: Int, number: Int)] = []

  /// Where bytes that stand together in the file's text are; empty when the clean text is the text.
  private var pieces: [Piece] = []
  private struct Piece {
    var start: Int
    var textStart: Int
  }

  /// - Parameters:
  ///   - text: Valid UTF-8.
  ///   - readsHeadings: Whether number signs make headings.
  init(_ text: [UInt8], readsHeadings: Bool) {
    var lines = TextLines(text, readsHeadings: readsHeadings)
    lines.read()
    self.init(text, lines: lines.lines, isSite: false)
    furniture += lines.marks
    furniture.sort { $0.lowerBound < $1.lowerBound }
    frontMatter = lines.frontMatter
  }

  /// - Parameters:
  ///   - lines: The paragraphs of `text`, without blanks at their ends, ascending.
  ///   - isSite: Whether it is a page of a site.
  init(_ text: [UInt8], lines: [Paragraph], isSite: Bool) {
    bytes = text
    let (layout, wrapping) = (PageLayout(text, lines, isSite: isSite), LineWrapping(text, lines))
    if layout == nil, wrapping == nil { paragraphs = lines } else { assemble(text, lines, layout, wrapping) }
  }

  /// The ranges of the file's text that a range of the clean text came from, ascending.
  func ranges(of range: Range<Int>) -> [Range<Int>] {
    if pieces.isEmpty { return [range] }
    var ranges: [Range<Int>] = []
    var index = max(0, pieces.count(upTo: range.lowerBound, { $0.start }) - 1)
    var start = range.lowerBound
    // Terminates: every round ends at a later piece.
    while start < range.upperBound {
      let end = index + 1 < pieces.count ? min(range.upperBound, pieces[index + 1].start) : range.upperBound
      let textStart = pieces[index].textStart + start - pieces[index].start
      if end > start { ranges.append(textStart..<textStart + end - start) }
      start = end
      index += 1
    }
    return ranges
  }

  /// The numbers of the pages that a range of the clean text is on.
  func pages(of range: Range<Int>) -> [Int] {
    if pages.isEmpty { return [] }
    let first = pages.count(upTo: range.lowerBound) { $0.start }
    return pages[max(0, first - 1)...].prefix { $0.start < range.upperBound }.map(\.number)
  }

  // MARK: Joining

  /// Copies what is text, and joins a line with the one before where a page break or the width of lines cut a sentence.
  private mutating func assemble(_ text: [UInt8], _ lines: [Paragraph], _ layout: PageLayout?, _ wrapping: LineWrapping?) {
    bytes = []
    bytes.reserveCapacity(text.count)
    for (place, line) in lines.enumerated() {
      switch layout?.roles[place] ?? .text {
      case .furniture:
        furniture.append(line.range)
      case .page(let number):
        furniture.append(line.range)
        pages.append((bytes.count, number))
      case .text:
        let startsPage = pages.last?.start == bytes.count
        if let last = paragraphs.last,
          startsPage ? layout?.isCut(bytes, last.range, text, line.range) ?? false : wrapping?.continues[place] ?? false
        {
          if startsPage { pages[pages.count - 1].start = last.range.upperBound }
          bytes.removeLast(bytes.count - last.range.upperBound)
          appendJoined(text, line.range)
          paragraphs[paragraphs.count - 1].range = last.range.lowerBound..<bytes.count
        } else {
          let start = bytes.count
          append(text, line.range)
          paragraphs.append(Paragraph(range: start..<bytes.count, level: line.level, startsPage: startsPage))
        }
        bytes.append(0x0A)
      }
    }
    if pieces.isEmpty { pieces = [Piece(start: 0, textStart: 0)] }
  }

  /// Appends the rest of a paragraph, behind a blank where the line was cut at one (第十五条 引导…) or between two words of letters.
  private mutating func appendJoined(_ text: [UInt8], _ range: Range<Int>) {
    guard let last = bytes.last, range.lowerBound > 0 else { return append(text, range) }
    let before = text[range.lowerBound - 1]
    let isBetweenWords = last < 0x80 && text[range.lowerBound] < 0x80
    if before == 0x20 && (range.lowerBound < 2 || text[range.lowerBound - 2] != 0x20) || isBetweenWords && before < 0x80 {
      pieces.append(Piece(start: bytes.count, textStart: range.lowerBound - 1))
      bytes.append(0x20)
    }
    append(text, range)
  }

  private mutating func append(_ text: [UInt8], _ range: Range<Int>) {
    pieces.append(Piece(start: bytes.count, textStart: range.lowerBound))
    bytes += text[range]
  }
}

extension Array {
  /// How many elements begin at an offset or before it; they ascend.
  fileprivate func count(upTo offset: Int, _ start: (Element) -> Int) -> Int {
    var low = 0
    var high = count
    // Invariant: elements below `low` begin at or before the offset, those from `high` on behind it.
    while low < high {
      let middle = (low + high) / 2
      if start(self[middle]) <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The lines of a text that are not blank, front matter and comments apart.
struct TextLines {
  private let text: [UInt8]
  private var readsHeadings: Bool
  private(set) var lines: [Paragraph] = []
  private(set) var frontMatter: [Range<Int>] = []
  /// Marks of headings, rules and comments.
  private(set) var marks: [Range<Int>] = []

  init(_ text: [UInt8], readsHeadings: Bool) {
    self.text = text
    self.readsHeadings = readsHeadings
  }

  private enum Place { case beginning, frontMatter, comment, body }

  /// A line ends at LF, CR or any run of them.
  mutating func read() {
    var start = 0
    var place = Place.beginning
    while start < text.count {
      let end = lineEnd(from: start)
      let range = text.trimBlanks(start..<end)
      start = end + 1
      if range.isEmpty { continue }
      switch place {
      case .beginning:
        // A text that opens with a heading is Markdown, whatever its file is called.
        if text[range.lowerBound] == UInt8(ascii: "#") { readsHeadings = true }
        place = .body
        if text[range].elementsEqual("---".utf8), hasFrontMatterEnd(from: start) {
          frontMatter.append(range)
          place = .frontMatter
        } else if !add(range) {
          place = .comment
        }
      case .frontMatter:
        frontMatter.append(range)
        if isFence(range) { place = .body }
      case .comment:
        marks.append(range)
        if isCommentEnd(range) { place = .body }
      case .body:
        if !add(range) { place = .comment }
      }
    }
  }

  private func lineEnd(from start: Int) -> Int {
    let bytes = text.span
    var end = start
    while end < bytes.count, bytes[end] != 0x0A && bytes[end] != 0x0D { end += 1 }
    return end
  }

  /// Whether the lines from `start` on are front matter: short, and closed within a hundred of them.
  private func hasFrontMatterEnd(from start: Int) -> Bool {
    var start = start
    for _ in 0..<100 where start < text.count {
      let end = lineEnd(from: start)
      if isFence(text.trimBlanks(start..<end)) { return true }
      start = end + 1
    }
    return false
  }

  /// Whether a line closes front matter: three dashes, or some more.
  private func isFence(_ range: Range<Int>) -> Bool { range.count >= 3 && text[range].allSatisfy { $0 == UInt8(ascii: "-") } }

  /// Adds a line; false when a comment begins that does not end in it.
  private mutating func add(_ range: Range<Int>) -> Bool {
    switch text[range.lowerBound] {
    case UInt8(ascii: "#"):
      addHeading(range)
    case UInt8(ascii: "<") where text.has("<!--", at: range.lowerBound):
      marks.append(range)
      return isCommentEnd(range)
    case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="):
      // A rule, or the line under a heading.
      if text[range].allSatisfy({ "*-_= ".utf8.contains($0) }) { marks.append(range) } else { lines.append(Paragraph(range: range)) }
    case UInt8(ascii: "|") where text[range].allSatisfy({ "|-: \t".utf8.contains($0) }):
      marks.append(range)
    default:
      lines.append(Paragraph(range: range))
    }
    return true
  }

  private func isCommentEnd(_ range: Range<Int>) -> Bool {
    text[range].suffix(3).elementsEqual("-->".utf8)
  }

  private mutating func addHeading(_ range: Range<Int>) {
    let level = text[range].prefix { $0 == UInt8(ascii: "#") }.count
    let start = text.skipBlanks(range.lowerBound + level..<range.upperBound)
    let rest = start..<range.upperBound
    if rest.isEmpty, readsHeadings {
      marks.append(range)
    } else if level <= 6, !rest.isEmpty, readsHeadings ? isHeading(rest, gap: start - range.lowerBound - level) : isLabel(rest) {
      marks.append(range.lowerBound..<range.lowerBound + level)
      lines.append(Paragraph(range: rest, level: level))
    } else {
      lines.append(Paragraph(range: range))
    }
  }

  /// Whether what stands `gap` bytes behind the marks of a heading is one.
  ///
  /// CommonMark wants a blank between; #标题 without it is common in Chinese files and accepted, but #话题# is a topic.
  private func isHeading(_ range: Range<Int>, gap: Int) -> Bool {
    gap > 0 || (text[range.lowerBound] >= 0x80 && !text[range].contains(UInt8(ascii: "#")))
  }

  /// In a text that is no Markdown, number signs mean something before the label of an article or division only.
  private func isLabel(_ range: Range<Int>) -> Bool {
    let stars = text[range].prefix(3).prefix { $0 == UInt8(ascii: "*") }.count
    guard let label = NumberingLabel(text, at: range.lowerBound + stars, end: range.upperBound) else { return false }
    return label.numbering == .article || label.numbering.isDivision
  }
}
