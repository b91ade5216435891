// How do passages become a segment?
//
// Why the unsafe code here is sound: positions are written where room was made for them; a term's occurrences are a range of those of its part,
// and its bytes a slice, read while they are there.
package import SuoyinAnalysis
package import SuoyinStorage

/// Cuts the texts of passages and writes them as a segment.
///
/// Every occurrence of a term is kept as two numbers, term and position, in the order of documents; writing sorts them by counting.
package struct SegmentBuilder: ~Copyable {
  private let schema: Schema
  private let numberings: [Numbering]
  private let analyzer: Analyzer
  private(set) var terms = TermTable()
  private(set) var words = OccurrenceStream()
  private(set) var pairs = OccurrenceStream()
  private(set) var singles = OccurrenceStream()
  private(set) var extras = OccurrenceStream()
  /// The lengths of one passage: as many as there are columns.
  private var lengths = GrowingBuffer<UInt32>()
  /// Scratch: the numbers of a field's terms.
  private var numbers = TermTable.Numbers()

  init(_ schema: Schema, _ analyzer: Analyzer) {
    self.schema = schema
    self.analyzer = analyzer
    numberings = schema.numberings
  }

  /// Writes the live passages of a batch, of which there must be one, as a segment.
  package static func write(
    _ batch: PassageBatch, with analyzer: Analyzer, to path: String, in fileSystem: any FileSystem
  ) throws -> FileIdentity {
    var builder = SegmentBuilder(batch.schema, analyzer)
    var writer = try SegmentWriter.create(path, schema: batch.schema, level: 0, in: fileSystem)
    let storesAll = batch.schema.fields.allSatisfy { $0.isStored || $0.pinyinSource != nil }
    /// For each document its source.
    var sources: [Int] = []
    for passage in batch.ordered {
      var values = batch.values(passage.record)
      try builder.add(values)
      var record = passage.record
      if !storesAll {
        for (index, field) in batch.schema.fields.enumerated() where !field.isStored { values[index] = nil }
        record = StoredRecord.encode(values)
      }
      try unsafe writer.addPassage(key: passage.key, record: record, lengths: builder.lengths.elements.span)
      sources.append(passage.source)
    }
    try writeSources(batch.sources, sources, &writer)
    try builder.writePostings(documentCount: sources.count, &writer)
    return try writer.finish()
  }

  /// Analyses a passage.
  mutating func add(_ values: [FieldValue?]) throws {
    words.beginPassage()
    pairs.beginPassage()
    singles.beginPassage()
    extras.beginPassage()
    lengths.removeAll()
    var analyses: [Int: Analysis] = [:]
    for (index, field) in schema.fields.enumerated() where field.isText {
      guard case .text(let text)? = values[index] else { continue }
      analyses[index] = try analyzer.analyze(text)
      if let stemming = field.stemming { analyses[index]?.addStems(stemming) }
      switch field.role {
      case .title: analyses[index]?.addTitleTerms()
      case .label: analyses[index]?.addLabelTerm()
      case .document, nil: break
      }
    }
    for (number, numbering) in numberings.enumerated() {
      if numbering.isKeyword {
        addKeywords(values[numbering.fields[0]], numbering: number)
      } else if let source = numbering.pinyinSource {
        addPinyin(analyses[source], numbering: number)
      } else {
        addText(numbering, number, analyses)
      }
    }
  }

  private mutating func addKeywords(_ value: FieldValue?, numbering: Int) {
    for value in value?.keywordTerms ?? [] {
      words.terms.append(terms.number(numbering: numbering, family: .word, value[...]))
      words.positions.append(0)
    }
  }

  private mutating func addText(_ numbering: Numbering, _ number: Int, _ analyses: [Int: Analysis]) {
    var (words, cells) = (0, 0)
    for field in numbering.fields {
      words += analyses[field]?.words.count ?? 0
      cells += analyses[field]?.cells.count ?? 0
    }
    lengths.append(UInt32(words))
    lengths.append(UInt32(cells))
    var base: UInt32 = 0
    for field in numbering.fields {
      let extent = analyses[field]?.extent ?? 0
      if let analysis = analyses[field] { addField(analysis, number, base: base) }
      lengths.append(extent)
      base += extent + PassageLengths.fieldGap
    }
  }

  /// Every reading of a cell is a word at its place, every initial an extra; the length is the number of cells that can be read.
  private mutating func addPinyin(_ analysis: Analysis?, numbering: Int) {
    var length: UInt32 = 0
    for cell in analysis?.cells ?? [] {
      guard let analysis else { break }
      let names = analysis.pinyin(of: cell)
      if names.isEmpty { continue }
      length += 1
      for name in names {
        words.terms.append(terms.number(numbering: numbering, family: .word, name[...]))
        words.positions.append(cell.number)
      }
      for initial in analysis.pinyinInitials(of: cell) {
        extras.terms.append(terms.number(numbering: numbering, family: .extra, [initial]))
        extras.positions.append(cell.number)
      }
    }
    lengths.append(length)
    lengths.append(length)
    lengths.append(analysis?.extent ?? 0)
  }

  private mutating func addField(_ analysis: Analysis, _ numbering: Int, base: UInt32) {
    terms.number(analysis, numbering: numbering, into: &numbers)
    words.terms.append(contentsOf: numbers.words)
    // Extras add nothing to lengths: they say again what words have said.
    extras.terms.append(contentsOf: numbers.extras)
    let cells = analysis.cells.span
    let (newWords, newExtras) = (analysis.words.span, analysis.extras.span)
    unsafe words.positions.append(atMost: newWords.count) { positions in
      for index in newWords.indices { unsafe positions[index] = base &+ cells[Int(newWords[index].firstCell)].number }
      return newWords.count
    }
    for index in newExtras.indices { extras.positions.append(base &+ cells[Int(newExtras[index].firstCell)].number) }
    guard analysis.hasPairs else { return }
    singles.terms.append(contentsOf: numbers.singles)
    pairs.terms.append(contentsOf: numbers.pairs)
    unsafe pairs.positions.append(atMost: cells.count) { positions in
      for index in cells.indices { unsafe positions[index] = base &+ cells[index].number }
      return cells.count
    }
  }

  /// - Parameter sourceOfDocument: For each document the number of its source.
  private static func writeSources(_ sources: [Source], _ sourceOfDocument: [Int], _ writer: inout SegmentWriter) throws {
    // For each source where its passages end, once they are in place; before that, where the next one goes.
    var ends = [Int](repeating: 0, count: sources.count)
    for source in sourceOfDocument { ends[source] += 1 }
    var start = 0
    for source in sources.indices {
      start += ends[source]
      ends[source] = start - ends[source]
    }
    let starts = ends
    var documents = [DocID](repeating: 0, count: sourceOfDocument.count)
    for (document, source) in sourceOfDocument.enumerated() {
      documents[ends[source]] = DocID(document)
      ends[source] += 1
    }
    // In the order of their first passages they are nearly sorted, and often in fact.
    let named = sources.indices.filter { starts[$0] < ends[$0] }.sorted { documents[starts[$0]] < documents[starts[$1]] }
      .sorted { sources[$0].name < sources[$1].name }
    unsafe documents.withUnsafeBufferPointer { documents in
      for source in named {
        unsafe sources[source].name.bytes.withUnsafeBufferPointer { name in
          unsafe sources[source].digest.withUnsafeBytes { digest in
            unsafe writer.addSource(
              name, digest: digest, UnsafeBufferPointer(rebasing: documents[starts[source]..<ends[source]]))
          }
        }
      }
    }
    try writer.endSources()
  }

  /// Sorts the occurrences by term, document and position, and writes the lists.
  private mutating func writePostings(documentCount: Int, _ writer: inout SegmentWriter) throws {
    var order = OccurrenceOrder(terms, documentCount: documentCount)
    order.count(words)
    order.count(pairs)
    order.count(singles)
    order.count(extras)
    order.makeParts(terms)
    var list = PostingListWriter()
    var occurrences = GrowingBuffer<UInt64>()
    for part in order.parts.indices {
      switch order.parts[part].family {
      case .word: order.sort(part: part, words, into: &occurrences)
      case .pair: order.sort(part: part, pairs, into: &occurrences)
      case .single: order.sort(part: part, singles, into: &occurrences)
      case .extra: order.sort(part: part, extras, into: &occurrences)
      }
      for place in order.parts[part].places {
        let number = order.terms[place]
        let range = order.range(of: number)
        try unsafe terms.bytes(of: number).withUnsafeBufferPointer { (term) throws(StorageError) in
          let keepsPositions = unsafe numberings.hasPositions(Int(term[0]), TermFamily(rawValue: term[1]) ?? .word)
          unsafe list.append(UnsafeBufferPointer(rebasing: occurrences.elements[range]), keepsPositions: keepsPositions)
          unsafe try writer.addTerm(term, &list)
        }
      }
    }
  }
}

extension [Numbering] {
  /// Whether the lists of such terms hold positions: singles have theirs in the pairs, keywords have none.
  package func hasPositions(_ term: Term) -> Bool { hasPositions(term.numbering, term.family) }

  package func hasPositions(_ numbering: Int, _ family: TermFamily) -> Bool {
    family != .single && numbering < count && !self[numbering].isKeyword
  }
}

extension FieldValue {
  /// What is looked up of a keyword field's value. A value given twice counts once: a keyword list has no frequencies to speak of. One that is
  /// empty is none.
  var keywordTerms: Set<[UInt8]> {
    let texts: [String] =
      switch self {
      case .text(let text): [text]
      case .list(let texts): texts
      case .integer, .date: []
      }
    return Set(texts.map(Document.keywordTerm)).subtracting([[]])
  }
}
