// Which documents and passages does a file hold?
internal import Suoyin

/// A text file as it was understood: documents with their passages, and what was left out.
///
/// Nothing is lost: every character but white space is in a passage, a label, a heading or the furniture, once.
public struct PolicyFile: Sendable {
  public private(set) var documents: [PolicyDocument] = []
  /// In the order of the file.
  public private(set) var furniture: [Furniture] = []

  /// Parses a text.
  ///
  /// - Parameters:
  ///   - bytes: Valid UTF-8, perhaps with a byte order mark.
  ///   - format: How number signs are read: in plain text they make headings only when the first line begins with one.
  /// - Complexity: O(*n*) in the number of bytes.
  public init(_ bytes: [UInt8], as format: InputFile.Format) { self.init(bytes, as: format, map: .identity) }

  /// - Parameter map: From the text to the file whose byte ranges passages give.
  init(_ bytes: [UInt8], as format: InputFile.Format, map: OffsetMap) {
    if format == .html {
      let html = HTMLText(bytes)
      let lines = html.lines.map { Paragraph(range: $0.range, level: $0.level) }
      self.init(CleanText(html.bytes, lines: lines, isSite: true), html.bytes, title: html.title?.text)
      mapSources(html.map.composed(with: map))
    } else {
      self.init(CleanText(bytes, readsHeadings: format == .markdown), bytes, title: nil)
      mapSources(map)
    }
  }

  /// - Parameter title: The title of the first document if it gives none itself.
  private init(_ text: CleanText, _ bytes: [UInt8], title: String?) {
    for range in text.furniture { furniture.append(Furniture(text: String(decoding: bytes[range], as: UTF8.self), source: range)) }
    var borders = DocumentBorders(text)
    borders.find()
    for (place, start) in borders.starts.enumerated() {
      let end = place + 1 < borders.starts.count ? borders.starts[place + 1].paragraph : text.paragraphs.count
      var builder = DocumentBuilder(
        text, start.paragraph..<end, title: start.title, isFirst: place == 0, isFragment: place == 0 && !text.pages.isEmpty,
        sourceText: bytes)
      builder.build()
      var document = builder.document
      document.index = place
      document.parent = start.parent
      documents.append(document)
      for range in builder.furniture.flatMap(text.ranges) {
        furniture.append(Furniture(text: String(decoding: bytes[range], as: UTF8.self), source: range))
      }
    }
    for document in documents {
      guard let parent = document.parent, let last = document.pages.last, let first = documents[parent].pages.first else { continue }
      documents[parent].pages = [first, last]
    }
    if let title, documents[0].title == nil {
      documents[0].title = title
      documents[0].metadata.kind = MetadataReader.kind(of: title)
    }
    furniture.sort { $0.source.lowerBound < $1.source.lowerBound }
  }

  /// The number of a document, for an attachment that of the document it is attached to.
  public func number(of document: PolicyDocument) -> String? {
    document.metadata.number ?? document.parent.flatMap { documents[$0].metadata.number }
  }

  /// What a reader needs to cite a passage: 《title》（number or day）place.
  public func citation(of passage: Passage, in document: PolicyDocument) -> String? {
    Citation.text(
      title: document.title, number: number(of: document), version: document.metadata.version, place: passage.places.first ?? "")
  }

  /// Turns ranges of the text into those of the file.
  private mutating func mapSources(_ map: OffsetMap) {
    if map == .identity { return }
    for document in documents.indices {
      for passage in documents[document].passages.indices {
        documents[document].passages[passage].source = documents[document].passages[passage].source.map(map.file)
      }
      for heading in documents[document].headings.indices {
        documents[document].headings[heading].source = documents[document].headings[heading].source.map(map.file)
      }
    }
    for place in furniture.indices { furniture[place].source = map.file(furniture[place].source) }
  }
}

/// Finds where the documents of a file begin.
struct DocumentBorders {
  struct Start {
    /// The first paragraph.
    var paragraph: Int
    /// The document that this one is attached to.
    var parent: Int?
    /// Where its title stands, when that is known already.
    var title: (paragraph: Int, title: DocumentTitle)?
  }

  private let text: CleanText
  private(set) var starts = [Start(paragraph: 0, parent: nil)]
  /// The last document that is attached to no other.
  private var root = 0

  init(_ text: CleanText) { self.text = text }

  mutating func find() {
    let paragraphs = text.paragraphs
    for place in paragraphs.indices.dropFirst() {
      if paragraphs[place].startsPage {
        findTitle(place)
      } else if isAnnouncedLine(place) {
        starts.append(Start(paragraph: place, parent: root, title: (place, DocumentTitle(title: paragraphs[place].range))))
      } else if isAttachment(place) {
        starts.append(Start(paragraph: place, parent: root))
      }
    }
  }

  /// Begins a document where a page begins with a title, perhaps behind a short divider.
  private mutating func findTitle(_ place: Int) {
    let bytes = text.bytes
    for paragraph in place...min(place + 1, text.paragraphs.count - 1) {
      let range = text.paragraphs[paragraph].range
      if let title = repeatedTitle(range) {
        starts.append(Start(paragraph: place, parent: root, title: (paragraph, title)))
        return
      }
      if let title = DocumentTitle(bytes, range) {
        let parent = isAnnounced(title) ? root : nil
        starts.append(Start(paragraph: place, parent: parent, title: (paragraph, title)))
        if parent == nil { root = starts.count - 1 }
        return
      }
      guard bytes.hasAtMost(12, charactersIn: range), !bytes.contains(sentenceEnds, in: range),
        NumberingLabel(bytes, at: range.lowerBound, end: range.upperBound) == nil
      else { return }
    }
  }

  /// The title when a paragraph begins with that of the document before it: the attachment of a notice that brings it.
  private func repeatedTitle(_ range: Range<Int>) -> DocumentTitle? {
    guard let title = starts[root].title?.title.title, bytes(range).starts(with: bytes(title)), range.count > title.count
    else { return nil }
    return DocumentTitle(title: range.lowerBound..<range.lowerBound + title.count)
  }

  /// Whether a short line is the name of what the notice or order before it brings: 现予公布《…》.
  private func isAnnouncedLine(_ place: Int) -> Bool {
    let (line, first) = (text.paragraphs[place].range, starts[root].paragraph)
    guard place > first + 1, place - first <= 16, line.count <= 240, starts.count == root + 1, !text.bytes.contains(sentenceEnds, in: line)
    else { return false }
    let name = Array("《".utf8) + text.bytes[line].filter { $0 != 0x20 } + Array("》".utf8)
    let wanted = String(decoding: name, as: UTF8.self)
    return text.paragraphs[first..<place].contains { paragraph in
      paragraph.range.count <= 3000 && text.bytes.contains(wanted, in: paragraph.range)
    }
  }

  private func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { text.bytes[range] }

  /// Whether the document before says in its first lines that it brings this one: 现将《…》印发给你们.
  private func isAnnounced(_ title: DocumentTitle) -> Bool {
    let start = starts[root]
    let wanted = String(decoding: bytes(title.title), as: UTF8.self).filter { !$0.isWhitespace }
    // A notice is short.
    let notice = text.paragraphs[start.paragraph...].prefix { $0.range.upperBound <= title.title.lowerBound }
    guard notice.count <= 8 else { return false }
    return notice.contains { String(decoding: bytes($0.range), as: UTF8.self).filter { !$0.isWhitespace }.contains(wanted) }
  }

  /// Whether a line says 附件 and nothing else, with a text behind it that is no list of attachments.
  private func isAttachment(_ place: Int) -> Bool {
    guard Self.isAttachmentLine(text.bytes, text.paragraphs[place].range), place + 1 < text.paragraphs.count else { return false }
    let next = text.paragraphs[place + 1].range
    return NumberingLabel(text.bytes, at: next.lowerBound, end: next.upperBound)?.numbering != .arabic
  }

  /// Whether a line says 附件, 附件1 or 附件: and nothing else.
  static func isAttachmentLine(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard bytes.has("附件", at: range.lowerBound), range.count <= 18 else { return false }
    var position = bytes.skipBlanks(range.lowerBound + 6..<range.upperBound)
    if let number = Numeral.read(bytes, at: position, end: range.upperBound) { position = number.end }
    if bytes.has("：", at: position) { position += 3 } else if bytes.has(":", at: position) { position += 1 }
    return position >= range.upperBound
  }
}
