// Which passages does a document have, and what is its title?
internal import Suoyin

/// Makes a document of some paragraphs of a text.
struct DocumentBuilder {
  let text: CleanText
  var bytes: [UInt8] { text.bytes }
  /// Those that are left: the header's are taken away first.
  var paragraphs: ArraySlice<Paragraph>
  let isFragment: Bool
  var document = PolicyDocument(index: 0)
  var metadata: MetadataReader
  /// Ranges of the clean text that belong to nothing: dividers of a collection, marks.
  var furniture: [Range<Int>] = []

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

  let knownTitle: (paragraph: Int, title: DocumentTitle)?
  let frontMatter: [Range<Int>]
  let source: [UInt8]
  /// The title among the facts at the beginning.
  var factTitle: String?

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
        addPart(part, outline)
      }
    }
  }

  private mutating func addPart(_ part: Part, _ outline: Outline) {
    let label = part.label.map(string)
    var passage = Passage(role: .part, label: label, text: "")
    let above = above(part, outline)
    passage.path = above.path
    passage.places = Citation.places(above.labels + (part.numbering.map { [($0, part.number)] } ?? []))
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

  /// What stands over the parts of one parent: the same for all of them.
  private struct Above {
    var parent: Int?
    var path: [String] = []
    var labels: [(Numbering, LabelNumber)] = []
  }
  private var lastAbove = Above()

  private mutating func above(_ part: Part, _ outline: Outline) -> Above {
    if lastAbove.parent == part.parent { return lastAbove }
    var above = Above(parent: part.parent)
    var parent = part.parent
    while let place = parent, place > 0 {
      let ancestor = outline.parts[place]
      let name = (ancestor.label.map(string) ?? "") + (headingText(ancestor) ?? "")
      if !name.isEmpty { above.path.insert(name, at: 0) }
      if let numbering = ancestor.numbering { above.labels.insert((numbering, ancestor.number), at: 0) }
      parent = ancestor.parent
    }
    lastAbove = above
    return above
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

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func pages(_ ranges: [Range<Int>]) -> [Int] {
    guard let first = ranges.first, let last = ranges.last else { return [] }
    return text.pages(of: first.lowerBound..<last.upperBound)
  }

  /// The ranges of the file's text that the paragraphs came from: one for all between which there are only blanks.
  func source(_ paragraphs: [Range<Int>]) -> [Range<Int>] {
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
