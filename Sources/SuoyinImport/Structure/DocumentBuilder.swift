// Which passages does a document have, and what is its title?
internal import Suoyin

/// Makes a document of some paragraphs of a text.
struct DocumentBuilder {
  private let text: CleanText
  private var bytes: [UInt8] { text.bytes }
  private var paragraphs: ArraySlice<Paragraph>
  private let isFragment: Bool
  private(set) var document = PolicyDocument(index: 0)
  private var metadata: MetadataReader
  /// Ranges of the clean text that belong to nothing: dividers of a collection, marks.
  private(set) var furniture: [Range<Int>] = []

  /// The longest passage in bytes: the paragraphs of a longer part are passages of their own. Articles are never cut.
  private static let maximumLength = 6000

  init(
    _ text: CleanText, _ range: Range<Int>, title: (paragraph: Int, title: DocumentTitle)?, isFirst: Bool, isFragment: Bool,
    sourceText: [UInt8]
  ) {
    knownTitle = title
    self.text = text
    self.isFragment = isFragment
    paragraphs = text.paragraphs[range]
    metadata = MetadataReader(text.bytes)
    frontMatter = isFirst ? text.frontMatter : []
    source = sourceText
  }

  private let knownTitle: (paragraph: Int, title: DocumentTitle)?
  private let frontMatter: [Range<Int>]
  private let source: [UInt8]

  mutating func build() {
    let end = paragraphs.last?.range.upperBound
    let start = paragraphs.first?.range.lowerBound
    var header = takeHeader()
    var outline = Outline(bytes, paragraphs, isFragment: isFragment && document.title == nil)
    if outline.parts.count > 1 { header += outline.takeLead(while: isDateLine) }
    addHeader(header)
    let ending = takeEnd(&outline)
    addPassages(outline)
    addEnd(ending)
    furniture += outline.marks
    metadata.finish()
    document.metadata = metadata.metadata
    if let start, let end {
      let pages = text.pages(of: start..<end)
      document.pages = pages.isEmpty ? [] : [pages[0], pages[pages.count - 1]]
    }
  }

  // MARK: Header

  /// Takes title, number and dates from the beginning, and returns their lines.
  private mutating func takeHeader() -> [Range<Int>] {
    var header: [Range<Int>] = []
    // 附件1 is no title, but stands before one.
    if knownTitle == nil, let first = paragraphs.first, DocumentBorders.isAttachmentLine(bytes, first.range), paragraphs.count > 1 {
      header.append(first.range)
      paragraphs = paragraphs.dropFirst()
    }
    header += takeFacts()
    let declared = declaredTitle ?? factTitle
    guard let place = knownTitle?.paragraph ?? titlePlace(declared) else {
      document.title = declared
      metadata.readTitle(declared ?? "", number: nil)
      return header
    }
    for paragraph in paragraphs[..<place] {
      // A divider of a collection, in front of a document that begins with a page.
      if !text.pages.isEmpty { furniture.append(paragraph.range) } else { header.append(paragraph.range) }
    }
    let paragraph = paragraphs[place]
    let title = titleRange(paragraph)
    let range = bytes.withoutBold(title.title)
    document.title = declared ?? string(range)
    header.append(title.title.lowerBound..<title.end)
    paragraphs = paragraphs[(place + 1)...]
    // 中华人民共和国民法典, and 人格权编 in a heading of the same level right behind it.
    if paragraph.level == 1, title.end == paragraph.range.upperBound, let next = paragraphs.first, next.level == 1,
      NumberingLabel(bytes, at: next.range.lowerBound, end: next.range.upperBound) == nil
    {
      header.append(next.range)
      if declared == nil { document.title! += " " + string(bytes.withoutBold(next.range)) }
      paragraphs = paragraphs.dropFirst()
    }
    metadata.readTitle(document.title ?? "", number: title.number)
    let rest = bytes.trimBlanks(title.end..<paragraph.range.upperBound)
    if !rest.isEmpty {
      paragraphs = ([Paragraph(range: rest)] + Array(paragraphs))[...]
    } else {
      header += takeHeaderLines()
    }
    return header
  }

  /// The title that a paragraph begins with; all of it when nothing else is glued to it.
  private func titleRange(_ paragraph: Paragraph) -> DocumentTitle {
    let range = paragraph.range
    if let title = knownTitle?.title ?? DocumentTitle(bytes, range) { return title }
    // A page on one line: the title ends at the first blank.
    if range.count > 300, let blank = bytes[range].firstIndex(of: 0x20), blank - range.lowerBound <= 240 {
      return DocumentTitle(title: range.lowerBound..<blank)
    }
    return DocumentTitle(title: range)
  }

  /// The value of `title:` in front matter, without its quotes.
  private var declaredTitle: String? {
    for line in frontMatter where source.has("title:", at: line.lowerBound) {
      var value = source.trimBlanks(line.lowerBound + 6..<line.upperBound)
      guard let first = source[value].first, !"|>".utf8.contains(first) else { continue }
      if "\"'".utf8.contains(first), value.count > 1, source[value].last == first {
        value = source.trimBlanks(value.lowerBound + 1..<value.upperBound - 1)
      }
      if !value.isEmpty { return String(decoding: source[value], as: UTF8.self) }
    }
    return nil
  }

  /// In bytes; what is longer is text, whatever stands before it.
  private static let longestTitle = 900

  /// Titles are rarely longer; the first paragraph of a text without a title rarely is shorter, or no sentence.
  static let maximumTitleLength = 60

  /// The paragraph with the title: the first heading of level 1, else the first line when it reads like a title, else the first heading.
  private func titlePlace(_ declared: String?) -> Int? {
    var firstHeading: Int?
    var first: Int?
    for (place, paragraph) in zip(paragraphs.indices, paragraphs) {
      let range = paragraph.range
      let stars = bytes[range].prefix(3).prefix { $0 == UInt8(ascii: "*") }.count
      let label = NumberingLabel(bytes, at: range.lowerBound + stars, end: range.upperBound)
      if let label, label.numbering == .article || label.numbering.isDivision { break }
      if let declared, string(bytes.withoutBold(range)) == declared { return place }
      if let level = paragraph.level {
        if level == 1, label == nil, range.count <= Self.longestTitle { return place }
        if range.count <= Self.longestTitle { firstHeading = firstHeading ?? place }
      } else if place == paragraphs.startIndex, label == nil, isTitle(range) {
        first = place
      }
      // Headings of a long text without a title are no titles of it.
      if place > paragraphs.startIndex + 200 { break }
    }
    return first ?? (declared == nil ? firstHeading : nil)
  }

  private func isTitle(_ range: Range<Int>) -> Bool {
    if isFragment, DocumentTitle(bytes, range) == nil {
      // The end of a document, or the title of a law: then a day follows.
      guard let next = paragraphs.dropFirst().first, isDateLine(next.range) else { return false }
    }
    if DocumentTitle(bytes, range) != nil { return true }
    if bytes.hasAtMost(Self.maximumTitleLength, charactersIn: range) {
      return !bytes.contains(sentenceEnds, in: range)
        && bytes[range].contains { $0 >= 0x80 || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
    }
    // A page on one line.
    guard range.count > 300, let blank = bytes[range].firstIndex(of: 0x20), blank - range.lowerBound <= 240 else { return false }
    return MetadataReader.kind(of: string(range.lowerBound..<blank)) != nil
  }

  /// The title among the facts at the beginning.
  private var factTitle: String?

  /// Takes lines such as 发文字号：国发〔2021〕18号, which sites put before a document, and returns them.
  private mutating func takeFacts() -> [Range<Int>] {
    var lines: [Range<Int>] = []
    for paragraph in paragraphs.prefix(20) {
      let range = paragraph.range
      guard range.count <= 600,
        let colon = bytes.firstOffset(of: "：", in: bytes.prefix(of: range, 30))
          ?? bytes.firstOffset(of: ":", in: bytes.prefix(of: range, 30)),
        let fact = DocumentFact(rawValue: string(range.lowerBound..<colon).filter { !$0.isWhitespace })
      else { break }
      let value = bytes.trimBlanks(colon + (bytes[colon] == 0x3A ? 1 : 3)..<range.upperBound)
      if fact.role == .title, !value.isEmpty { factTitle = string(value) } else { metadata.readFact(fact, value) }
      lines.append(range)
    }
    paragraphs = paragraphs.dropFirst(lines.count)
    return lines
  }

  /// Takes the lines behind the title that tell when and by whom; they end where the text begins.
  private mutating func takeHeaderLines() -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var count = 0
    for paragraph in paragraphs {
      if paragraph.level != nil { break }
      if isDateLine(paragraph.range) { count = lines.count + 1 } else if !isShortLine(paragraph.range) { break }
      lines.append(paragraph.range)
      if lines.count - count > 6 { break }
    }
    let isEndSeen = lines.count < paragraphs.count && lines.count - count <= 6
    let taken = isEndSeen ? lines.count : count
    paragraphs = paragraphs.dropFirst(taken)
    return Array(lines.prefix(taken))
  }

  /// Whether a line tells a day on which something happened to the document.
  private func isDateLine(_ range: Range<Int>) -> Bool {
    guard range.count <= 3000, !bytes.contains("。", in: range) || bytes.isBracketed(range), !TextDate.all(in: range, bytes).isEmpty else {
      return bytes.hasAtMost(40, charactersIn: range) && bytes.contains("〔", in: range) && bytes.contains("号", in: range)
    }
    if let last = bytes.lastScalar(in: range), last == "：" || last == ":" { return false }
    // The first label may be glued to it.
    if bytes.contains("第一章", in: range) || bytes.contains("第一条", in: range) { return false }
    return Self.events.contains { bytes.contains($0, in: range) } || bytes.hasAtMost(30, charactersIn: range)
  }

  private static let events = ["通过", "批准", "公布", "发布", "修正", "修订", "修改", "施行", "印发", "废止", "颁布", "制定", "公告"]

  private func isShortLine(_ range: Range<Int>) -> Bool {
    guard NumberingLabel(bytes, at: range.lowerBound, end: range.upperBound) == nil, bytes.hasAtMost(40, charactersIn: range) else {
      return false
    }
    return bytes.lastScalar(in: range).map { $0 != "：" && $0 != ":" } ?? false && !bytes.contains(sentenceEnds, in: range)
      && !bytes.contains("，", in: range)
  }

  private mutating func addHeader(_ header: [Range<Int>]) {
    guard !header.isEmpty || !frontMatter.isEmpty else { return }
    for line in header { metadata.readHeader(line) }
    var passage = Passage(role: .header, text: header.map(string).joined(separator: "\n"))
    passage.pages = pages(header)
    passage.source = source(header)
    if !frontMatter.isEmpty {
      passage.text = (frontMatter.map { String(decoding: source[$0], as: UTF8.self) } + header.map(string)).joined(separator: "\n")
      passage.source = frontMatter + passage.source
    }
    document.passages.append(passage)
  }

  // MARK: Passages

  private mutating func addPassages(_ outline: Outline) {
    let hasParts = outline.parts.count > 1
    let lastOfContents = outline.lastOfContents
    for (index, part) in outline.parts.enumerated() {
      if index == 0 {
        // An addressee, and what is said to them, go together.
        let isLetter = part.paragraphs.first.flatMap { bytes.lastScalar(in: $0) }.map { $0 == "：" || $0 == ":" } ?? false
        let isLead = hasParts || isLetter || part.paragraphs.count == 1
        for group in groups(part.paragraphs, areApart: !isLead) { addPassage(isLead ? .lead : .paragraph, group) }
        continue
      }
      if index <= lastOfContents {
        furniture += [part.label, part.heading].compactMap { $0 }
      } else {
        addPart(part, index, outline)
      }
    }
  }

  private mutating func addPart(_ part: Part, _ index: Int, _ outline: Outline) {
    let label = part.label.map(string)
    var passage = Passage(role: .part, label: label, text: "")
    var ancestors: [Part] = []
    var parent = part.parent
    while let place = parent, place > 0 {
      ancestors.insert(outline.parts[place], at: 0)
      parent = outline.parts[place].parent
    }
    passage.path = ancestors.compactMap { ancestor in
      let name = (ancestor.label.map(string) ?? "") + (headingText(ancestor) ?? "")
      return name.isEmpty ? nil : name
    }
    passage.places = Citation.places((ancestors + [part]).compactMap { part in part.numbering.map { ($0, part.number) } })
    passage.heading = headingText(part)
    if part.paragraphs.isEmpty {
      if part.hasParts {
        if let range = part.heading ?? part.label {
          document.headings.append(Heading(label: part.heading == nil ? nil : label, text: string(range), source: source([range])))
        }
      } else if let heading = part.heading {
        // A heading without a text is one.
        passage.heading = nil
        addPassage(passage, [heading])
      } else if let label = part.label {
        passage.pages = text.pages(of: label)
        document.passages.append(passage)
      }
      return
    }
    if let heading = part.heading {
      document.headings.append(Heading(label: nil, text: string(heading), source: source([heading])))
    }
    for group in groups(part.paragraphs, areApart: false, isWhole: part.numbering == .article) {
      addPassage(passage, group)
      // Further passages of a long part stand under its label, which is said once.
      if let label = passage.label {
        passage.path.append(label + (passage.heading ?? ""))
        (passage.label, passage.heading) = (nil, nil)
      }
    }
  }

  /// A heading that stands alone, or the short first sentence of a text that goes on.
  private func headingText(_ part: Part) -> String? {
    if let heading = part.heading { return string(heading) }
    guard let first = part.paragraphs.first, let numbering = part.numbering, numbering != .article, part.label != nil else { return nil }
    guard let end = bytes.firstOffset(of: "。", in: bytes.prefix(of: first, 150)), end + 3 < first.upperBound else { return nil }
    return string(first.lowerBound..<end)
  }

  /// The paragraphs as passages: together where they are short enough.
  private func groups(_ paragraphs: [Range<Int>], areApart: Bool, isWhole: Bool = false) -> [[Range<Int>]] {
    if paragraphs.isEmpty { return [] }
    if areApart { return paragraphs.map { [$0] } }
    let length = paragraphs.reduce(0) { $0 + $1.count }
    return isWhole || length <= Self.maximumLength ? [paragraphs] : paragraphs.map { [$0] }
  }

  private mutating func addPassage(_ role: Passage.Role, _ paragraphs: [Range<Int>]) {
    addPassage(Passage(role: role, text: ""), paragraphs)
  }

  private mutating func addPassage(_ passage: Passage, _ paragraphs: [Range<Int>]) {
    var passage = passage
    passage.text = paragraphs.map(string).joined(separator: "\n")
    passage.pages = pages(paragraphs)
    passage.source = source(paragraphs)
    if passage.role == .part { passage.units = OfficeNames.responsible(passage.text[...]) }
    document.passages.append(passage)
  }

  // MARK: End

  /// What stands behind the last part.
  private struct End {
    var closing: [Range<Int>] = []
    var signature: [Range<Int>] = []
  }

  /// Takes closing and signature off the last part of a document that has no articles.
  private mutating func takeEnd(_ outline: inout Outline) -> End {
    var end = End()
    var paragraphs = outline.parts[outline.parts.count - 1].paragraphs
    for paragraph in paragraphs.suffix(3) { metadata.readForce(paragraph) }
    guard !outline.parts.contains(where: { $0.numbering == .article }), let last = paragraphs.last else { return end }
    for paragraph in outline.parts[0].paragraphs.prefix(2) { metadata.readLead(paragraph) }
    if let found = Signature.lines(bytes, paragraphs), found.count < paragraphs.count || outline.parts.count > 1 {
      end.signature = Array(paragraphs.suffix(found.count))
      paragraphs.removeLast(found.count)
      metadata.readSignature(found.offices, found.date)
    } else if let found = Signature(bytes, last),
      found.range.lowerBound > last.lowerBound || paragraphs.count > 1 || outline.parts.count > 1
    {
      end.signature = [found.range]
      paragraphs[paragraphs.count - 1] = bytes.trimBlanks(last.lowerBound..<found.range.lowerBound)
      metadata.readSignature([found.offices], found.date)
    }
    if outline.parts.count > 1, let place = paragraphs.indices.dropFirst().first(where: { isClosing(paragraphs[$0]) }) {
      end.closing = paragraphs[place...].filter { !$0.isEmpty }
      paragraphs.removeSubrange(place...)
    }
    outline.replaceLastParagraphs(with: paragraphs.filter { !$0.isEmpty })
    return end
  }

  private mutating func addEnd(_ end: End) {
    if !end.closing.isEmpty { addPassage(.closing, end.closing) }
    if !end.signature.isEmpty { addPassage(.signature, end.signature) }
  }

  /// Whether a paragraph says since when the document is in force: 本文件自….
  private func isClosing(_ range: Range<Int>) -> Bool {
    let beginning = bytes.prefix(of: range, 240)
    guard bytes.has("本", at: range.lowerBound), bytes.contains("自", in: bytes.prefix(of: range, 40)) else { return false }
    return ["施行", "实施", "执行", "生效", "试行"].contains { bytes.contains($0, in: beginning) }
  }

  // MARK: Ranges

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func pages(_ ranges: [Range<Int>]) -> [Int] {
    guard let first = ranges.first, let last = ranges.last else { return [] }
    return text.pages(of: first.lowerBound..<last.upperBound)
  }

  /// The ranges of the file's text that the paragraphs came from: one for all between which there are only blanks.
  private func source(_ paragraphs: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for paragraph in paragraphs {
      for range in text.ranges(of: paragraph) {
        if let last = joined.last, last.upperBound <= range.lowerBound,
          source.skipBlanks(last.upperBound..<range.lowerBound) == range.lowerBound
        {
          joined[joined.count - 1] = last.lowerBound..<range.upperBound
        } else {
          joined.append(range)
        }
      }
    }
    return joined
  }
}

extension [UInt8] {
  /// Whether a range begins with a bracket and ends with one.
  func isBracketed(_ range: Range<Int>) -> Bool {
    guard let last = lastScalar(in: range), last == ")" || last == "）" else { return false }
    return self[range.lowerBound] == 0x28 || has("（", at: range.lowerBound)
  }
}
