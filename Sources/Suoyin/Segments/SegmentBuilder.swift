// How do passages become a segment?
//
// Why the unsafe code here is sound: positions are written where room was made for them; a term's occurrences are a range of those of its part,
// and its bytes a slice, read while they are there.
package import SuoyinAnalysis
package import SuoyinStorage

/// Holds passages that are being indexed, analysed, until they are written as a segment.
///
/// Every occurrence of a term is kept as two numbers, term and position, in the order of arrival; writing sorts them by counting.
package struct SegmentBuilder: ~Copyable {
  private struct Passage {
    var key: [UInt8]
    var source: Int
    /// The passage of the same source before; -1 for the first.
    var previous: Int
    var record: [UInt8]
    var isLive = true
  }

  private let schema: Schema
  private let numberings: [Numbering]
  private var passages: [Passage] = []
  private var passageNumbers = KeyTable()
  private var sources: [Source] = []
  private var sourceNumbers = KeyTable()
  /// For each source its last passage; -1 when all are gone.
  private var lastPassages: [Int] = []
  private var terms = TermTable()
  private var words = OccurrenceStream()
  private var pairs = OccurrenceStream()
  private var singles = OccurrenceStream()
  private var extras = OccurrenceStream()
  /// For each passage as many as there are columns of lengths.
  private var lengths = GrowingBuffer<UInt32>()
  /// Scratch: the numbers of a field's terms.
  private var numbers = TermTable.Numbers()
  /// The bytes of keys, records and lengths.
  private var passageBytes = 0
  package private(set) var liveCount = 0

  package init(_ schema: Schema) {
    self.schema = schema
    numberings = schema.numberings
  }

  package var isEmpty: Bool { liveCount == 0 }

  /// The memory that passages take until they are written, in bytes, about: what decides when a segment is full. It depends on the passages only.
  package var memory: Int {
    let occurrences = words.terms.count + pairs.terms.count + singles.terms.count + extras.terms.count
    return occurrences * Self.bytesOfOccurrence + passageBytes + terms.count * Self.bytesOfTerm
  }
  private static let bytesOfOccurrence = 8
  /// Beside its key and its record.
  private static let bytesOfPassage = 256
  private static let bytesOfTerm = 80

  /// Analyses and keeps a passage whose key is in no live passage here.
  ///
  /// - Parameter source: What `number(of:)` has given for its source.
  package mutating func add(_ document: Document, from source: Int, with analyzer: Analyzer) throws {
    let values = try document.values(for: schema)
    // The analyses come first: when one fails, nothing has been changed.
    var analyses: [Int: Analysis] = [:]
    for (index, field) in schema.fields.enumerated() where field.isText {
      guard case .text(let text)? = values[index] else { continue }
      analyses[index] = try analyzer.analyze(text)
      if let stemming = field.stemming { analyses[index]?.addStems(stemming) }
    }
    words.beginPassage()
    pairs.beginPassage()
    singles.beginPassage()
    extras.beginPassage()
    for (number, numbering) in numberings.enumerated() {
      if numbering.isKeyword {
        addKeywords(values[numbering.fields[0]], numbering: number)
      } else if let source = numbering.pinyinSource {
        addPinyin(analyses[source], numbering: number)
      } else {
        addText(numbering, number, analyses)
      }
    }
    passageNumbers.insert(document.key.stableHash, passages.count)
    var record: [FieldValue?] = values
    for (index, field) in schema.fields.enumerated() where !field.isStored {
      record[index] = nil
    }
    passages.append(
      Passage(
        key: document.key.bytes, source: source, previous: lastPassages[source], record: StoredRecord.encode(record)))
    lastPassages[source] = passages.count - 1
    liveCount += 1
    passageBytes += document.key.bytes.count + passages[passages.count - 1].record.count + Self.bytesOfPassage
  }

  /// The source of the live passage with this key.
  package func source(ofKey key: [UInt8]) -> DocumentKey? { passage(key).map { sources[passages[$0].source].name } }

  /// The live passage with this key.
  private func passage(_ key: [UInt8]) -> Int? {
    passageNumbers.first(ByteOrder.hash(key)) { passages[$0].isLive && passages[$0].key == key }
  }

  /// Removes the passage with this key; false when there is none.
  package mutating func delete(key: [UInt8]) -> Bool {
    guard let number = passage(key) else { return false }
    passages[number].isLive = false
    liveCount -= 1
    return true
  }

  /// Removes the passages of a source and gives back how many there were.
  package mutating func delete(source: [UInt8]) -> Int {
    guard let number = sourceNumber(source) else { return 0 }
    let before = liveCount
    var passage = lastPassages[number]
    while passage >= 0 {
      if passages[passage].isLive {
        passages[passage].isLive = false
        liveCount -= 1
      }
      passage = passages[passage].previous
    }
    lastPassages[number] = -1
    return before - liveCount
  }

  /// The keys of the live passages whose keyword field holds a value.
  package func keys(keyword value: KeywordValue, numbering: Int) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    let wanted = Term(numbering: numbering, family: .word, value.term).bytes
    let field = numberings[numbering].fields[0]
    for (number, passage) in passages.enumerated() where passage.isLive {
      for occurrence in words.range(of: number) where terms.bytes(of: words.terms[occurrence]).elementsEqual(wanted) {
        func values() -> [FieldValue?]? { StoredRecord.decode(passage.record[...], fieldCount: schema.fields.count) }
        if value.isWhole || value.isIn(values()?[field]) { keys.append(passage.key) }
        break
      }
    }
    return keys
  }

  private func sourceNumber(_ name: [UInt8]) -> Int? {
    sourceNumbers.first(ByteOrder.hash(name)) { sources[$0].name.bytes == name }
  }

  /// The number by which the passages of a source are added.
  ///
  /// - Parameter isNew: Whether it is certain that no passage of it is here.
  package mutating func number(of source: Source, isNew: Bool) -> Int {
    if !isNew, let number = sourceNumber(source.name.bytes) {
      sources[number] = source
      return number
    }
    sourceNumbers.insert(source.name.stableHash, sources.count)
    sources.append(source)
    lastPassages.append(-1)
    return sources.count - 1
  }

  private mutating func addKeywords(_ value: FieldValue?, numbering: Int) {
    let texts: [String]
    switch value {
    case .text(let text): texts = [text]
    case .list(let list): texts = list
    default: texts = []
    }
    // A value given twice counts once: a keyword list has no frequencies to speak of.
    for value in Set(texts.map(Document.keywordTerm)) {
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

  /// Writes the live passages as a segment.
  package func write(to path: String, in fileSystem: any FileSystem) throws -> FileIdentity {
    var writer = try SegmentWriter.create(path, schema: schema, level: 0, in: fileSystem)
    let order = passages.indices.filter { passages[$0].isLive }.sorted { ByteOrder.precedes(passages[$0].key, passages[$1].key) }
    for passage in order {
      let passageLengths = passage * writer.lengthCount..<(passage + 1) * writer.lengthCount
      try writer.addPassage(
        key: passages[passage].key, record: passages[passage].record, lengths: unsafe lengths.elements.span.extracting(passageLengths))
    }
    try writeSources(order, &writer)
    try writePostings(order, &writer)
    return try writer.finish()
  }

  private func writeSources(_ order: [Int], _ writer: inout SegmentWriter) throws {
    // For each source where its passages end, once they are in place; before that, where the next one goes.
    var ends = [Int](repeating: 0, count: sources.count)
    for passage in order { ends[passages[passage].source] += 1 }
    var start = 0
    for source in sources.indices {
      start += ends[source]
      ends[source] = start - ends[source]
    }
    let starts = ends
    var documents = [DocID](repeating: 0, count: order.count)
    for (document, passage) in order.enumerated() {
      let source = passages[passage].source
      documents[ends[source]] = DocID(document)
      ends[source] += 1
    }
    // In the order of their first passages they are nearly sorted, and often in fact.
    let named = sources.indices.filter { starts[$0] < ends[$0] }.sorted { documents[starts[$0]] < documents[starts[$1]] }
      .sorted { sources[$0].name < sources[$1].name }
    for source in named {
      unsafe sources[source].name.bytes.withUnsafeBufferPointer {
        unsafe writer.addSource($0, digest: sources[source].digest, documents[starts[source]..<ends[source]])
      }
    }
    try writer.endSources()
  }

  /// Sorts the occurrences by term, passage and position, and writes the lists.
  private func writePostings(_ order: [Int], _ writer: inout SegmentWriter) throws {
    var order = OccurrenceOrder(order, terms)
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
        if range.isEmpty { continue }
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
