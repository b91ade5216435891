// Which lines before the text are title, number and days?
internal import Suoyin

extension DocumentBuilder {
  /// Takes title, number and dates from the beginning, and returns their lines.
  mutating func takeHeader() -> [Range<Int>] {
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
  func isDateLine(_ range: Range<Int>) -> Bool {
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

  mutating func addHeader(_ header: [Range<Int>]) {
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
}

extension [UInt8] {
  /// Whether a range begins with a bracket and ends with one.
  func isBracketed(_ range: Range<Int>) -> Bool {
    guard let last = lastScalar(in: range), last == ")" || last == "）" else { return false }
    return self[range.lowerBound] == 0x28 || has("（", at: range.lowerBound)
  }
}
