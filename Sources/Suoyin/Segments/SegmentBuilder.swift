// How do passages become a segment?
//
// Why the unsafe code here is sound: a part of the occurrences is sorted into as many places as its terms have occurrences, each of which is
// compared with that number and written once; a term's occurrences are a range of them, and its bytes a slice, read while they are there.
package import SuoyinAnalysis
package import SuoyinStorage

/// Holds passages that are being indexed, analysed, until they are written as a segment.
///
/// Every occurrence of a term is kept as two numbers, term and position, in the order of arrival; writing sorts them by counting.
package struct SegmentBuilder {
  private struct Passage {
    var key: [UInt8]
    var source: Int
    var record: [UInt8]
    var lengths: [PassageLengths]
    var occurrences: Range<Int>
    var isLive = true
  }

  private let schema: Schema
  private let numberings: [Numbering]
  private var passages: [Passage] = []
  private var passageNumbers = KeyTable()
  private var sources: [Source] = []
  private var sourceNumbers = KeyTable()
  private var sourcePassages: [[Int]] = []
  private var terms = TermTable()
  private var occurrenceTerms: [UInt32] = []
  private var occurrencePositions: [UInt32] = []
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
  package var memory: Int { occurrenceTerms.count * Self.bytesOfOccurrence + passageBytes + terms.count * Self.bytesOfTerm }
  private static let bytesOfOccurrence = 8
  /// Beside its key and its record.
  private static let bytesOfPassage = 256
  private static let bytesOfTerm = 80

  /// Analyses and keeps a passage whose key is in no live passage here.
  package mutating func add(_ document: Document, from source: Source, with analyzer: Analyzer) throws {
    let values = try document.values(for: schema)
    // The analyses come first: when one fails, nothing has been changed.
    var analyses: [Int: Analysis] = [:]
    for (index, field) in schema.fields.enumerated() where field.isText {
      guard case .text(let text)? = values[index] else { continue }
      analyses[index] = try analyzer.analyze(text)
      if let stemming = field.stemming { analyses[index]?.addStems(stemming) }
    }
    let start = occurrenceTerms.count
    let lengths = numberings.enumerated().map { number, numbering in
      if numbering.isKeyword { return addKeywords(values[numbering.fields[0]], numbering: number) }
      if let source = numbering.pinyinSource { return addPinyin(analyses[source], numbering: number) }
      return addText(numbering, number, analyses)
    }
    let sourceNumber = number(of: source)
    sourcePassages[sourceNumber].append(passages.count)
    passageNumbers.insert(document.key.stableHash, passages.count)
    var record: [FieldValue?] = values
    for (index, field) in schema.fields.enumerated() where !field.isStored {
      record[index] = nil
    }
    passages.append(
      Passage(
        key: document.key.bytes, source: sourceNumber, record: StoredRecord.encode(record), lengths: lengths,
        occurrences: start..<occurrenceTerms.count))
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
    let live = sourcePassages[number].filter { passages[$0].isLive }
    for passage in live { _ = delete(key: passages[passage].key) }
    sourcePassages[number] = []
    return live.count
  }

  /// The keys of the live passages whose keyword field holds the (normalised) value.
  package func keys(keyword value: [UInt8], numbering: Int) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    let wanted = Term(numbering: numbering, family: .word, value).bytes
    for passage in passages where passage.isLive {
      if passage.occurrences.contains(where: { terms.bytes(of: occurrenceTerms[$0]).elementsEqual(wanted) }) { keys.append(passage.key) }
    }
    return keys
  }

  private func sourceNumber(_ name: [UInt8]) -> Int? {
    sourceNumbers.first(ByteOrder.hash(name)) { sources[$0].name.bytes == name }
  }

  private mutating func number(of source: Source) -> Int {
    if let number = sourceNumber(source.name.bytes) {
      sources[number] = source
      return number
    }
    sourceNumbers.insert(source.name.stableHash, sources.count)
    sources.append(source)
    sourcePassages.append([])
    return sources.count - 1
  }

  private mutating func addKeywords(_ value: FieldValue?, numbering: Int) -> PassageLengths {
    let texts: [String]
    switch value {
    case .text(let text): texts = [text]
    case .list(let list): texts = list
    default: texts = []
    }
    // A value given twice counts once: a keyword list has no frequencies to speak of.
    for value in Set(texts.map(Document.keywordTerm)) {
      occurrenceTerms.append(terms.number(numbering: numbering, family: .word, value[...]))
      occurrencePositions.append(0)
    }
    return PassageLengths()
  }

  private mutating func addText(_ numbering: Numbering, _ number: Int, _ analyses: [Int: Analysis]) -> PassageLengths {
    var lengths = PassageLengths()
    var base: UInt32 = 0
    for field in numbering.fields {
      let extent = analyses[field]?.extent ?? 0
      if let analysis = analyses[field] { addField(analysis, number, base: base, &lengths) }
      lengths.extents.append(extent)
      base += extent + PassageLengths.fieldGap
    }
    return lengths
  }

  /// Every reading of a cell is a word at its place, every initial an extra; the length is the number of cells that can be read.
  private mutating func addPinyin(_ analysis: Analysis?, numbering: Int) -> PassageLengths {
    var lengths = PassageLengths()
    lengths.extents = [analysis?.extent ?? 0]
    guard let analysis else { return lengths }
    for cell in analysis.cells {
      let names = analysis.pinyin(of: cell)
      if names.isEmpty { continue }
      lengths.words += 1
      lengths.cells += 1
      func add(_ family: TermFamily, _ text: ArraySlice<UInt8>) {
        occurrenceTerms.append(terms.number(numbering: numbering, family: family, text))
        occurrencePositions.append(cell.number)
      }
      for name in names { add(.word, name[...]) }
      for initial in analysis.pinyinInitials(of: cell) { add(.extra, [initial]) }
    }
    return lengths
  }

  private mutating func addField(_ analysis: Analysis, _ numbering: Int, base: UInt32, _ lengths: inout PassageLengths) {
    lengths.words += UInt32(analysis.words.count)
    lengths.cells += UInt32(analysis.cells.count)
    terms.number(analysis, numbering: numbering, into: &numbers)
    occurrenceTerms += numbers.words
    // Extras add nothing to lengths: they say again what words have said.
    occurrenceTerms += numbers.extras
    let cells = analysis.cells.span
    appendPositions(analysis.words.count + analysis.extras.count) { positions, start in
      let (words, extras) = (analysis.words.span, analysis.extras.span)
      for index in words.indices { positions[start &+ index] = base &+ cells[Int(words[index].firstCell)].number }
      let extrasStart = start + words.count
      for index in extras.indices { positions[extrasStart &+ index] = base &+ cells[Int(extras[index].firstCell)].number }
    }
    guard analysis.hasPairs else { return }
    occurrenceTerms += numbers.singles
    occurrenceTerms += numbers.pairs
    appendPositions(2 * cells.count) { positions, start in
      for index in cells.indices {
        let position = base &+ cells[index].number
        positions[start &+ index] = position
        positions[start &+ cells.count &+ index] = position
      }
    }
  }

  /// Appends so many positions, which `body` fills in from the place that it is given.
  @inline(__always)
  private mutating func appendPositions(_ count: Int, _ body: (inout MutableSpan<UInt32>, Int) -> Void) {
    let start = occurrencePositions.count
    occurrencePositions.append(contentsOf: repeatElement(0, count: count))
    var positions = occurrencePositions.mutableSpan
    body(&positions, start)
  }

  /// Writes the live passages as a segment.
  package func write(to path: String, in fileSystem: any FileSystem) throws -> FileIdentity {
    var writer = try SegmentWriter.create(path, schema: schema, level: 0, in: fileSystem)
    let order = passages.indices.filter { passages[$0].isLive }.sorted { ByteOrder.precedes(passages[$0].key, passages[$1].key) }
    var documents = [DocID](repeating: .end, count: passages.count)
    for (document, passage) in order.enumerated() {
      documents[passage] = DocID(document)
      try writer.addPassage(key: passages[passage].key, record: passages[passage].record, lengths: passages[passage].lengths)
    }
    let live = sourcePassages.map { $0.filter { passages[$0].isLive }.map { documents[$0] }.sorted() }
    let named = sources.indices.filter { !live[$0].isEmpty }
      .sorted { sources[$0].name < sources[$1].name }
    try writer.addSources(named.map { SegmentSource(name: sources[$0].name.bytes, digest: sources[$0].digest, passages: live[$0]) })
    try writePostings(order, &writer)
    return try writer.finish()
  }

  /// Sorts the occurrences by term, passage and position, by counting, and writes the lists.
  private func writePostings(_ order: [Int], _ writer: inout SegmentWriter) throws {
    let order = OccurrenceOrder(order.map { passages[$0].occurrences }, terms: occurrenceTerms.span, terms.sorted(), count: terms.count)
    var list = PostingListWriter()
    var occurrences = GrowingBuffer<UInt64>()
    for part in order.parts {
      order.sort(part, terms: occurrenceTerms.span, positions: occurrencePositions.span, into: &occurrences)
      for number in order.terms[part] {
        let range = order.range(of: number, in: part)
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

/// Sorts occurrences by term, passage and order of arrival, by counting, a part of the terms at a time so that less memory is needed.
private struct OccurrenceOrder {
  private let passages: [Range<Int>]
  /// In the order in which they are written.
  let terms: [UInt32]
  /// For each term, where its occurrences begin and end among all sorted ones.
  private var starts: [Int]
  private var ends: [Int]
  /// Ranges of `terms` with about as many occurrences each.
  private(set) var parts: [Range<Int>] = []

  /// Fewer occurrences are not worth a part.
  private static let usefulPart = 1 << 20
  private static let mostParts = 4

  /// - Parameter passages: The occurrences of the passages, in their new order.
  init(_ passages: [Range<Int>], terms numbers: borrowing Span<UInt32>, _ terms: [UInt32], count: Int) {
    self.passages = passages
    self.terms = terms
    var counts = [Int](repeating: 0, count: count)
    for passage in passages { for occurrence in passage { counts[Int(numbers[occurrence])] += 1 } }
    let whole = counts.reduce(0, +)
    let partLength = max(Self.usefulPart, (whole + Self.mostParts - 1) / Self.mostParts)
    starts = counts
    var end = 0
    var (partStart, partBegin) = (0, 0)
    for (place, term) in terms.enumerated() {
      starts[Int(term)] = end
      end += counts[Int(term)]
      if end - partBegin >= partLength {
        parts.append(partStart..<place + 1)
        (partStart, partBegin) = (place + 1, end)
      }
    }
    if partStart < terms.count { parts.append(partStart..<terms.count) }
    ends = starts
    for term in terms { ends[Int(term)] += counts[Int(term)] }
  }

  /// Where the occurrences of a term of a part are in what `sort` gives.
  func range(of term: UInt32, in part: Range<Int>) -> Range<Int> {
    let base = starts[Int(terms[part.lowerBound])]
    return starts[Int(term)] - base..<ends[Int(term)] - base
  }

  /// Gives the occurrences of a part's terms, each as document × 2³² + position.
  func sort(
    _ part: Range<Int>, terms numbers: borrowing Span<UInt32>, positions: borrowing Span<UInt32>, into sorted: inout GrowingBuffer<UInt64>
  ) {
    let base = starts[Int(terms[part.lowerBound])]
    let count = ends[Int(terms[part.upperBound - 1])] - base
    var next = starts
    sorted.removeAll()
    unsafe sorted.append(atMost: count) { sorted in
      var places = next.mutableSpan
      for (document, passage) in passages.enumerated() {
        let upper = UInt64(document) << 32
        for occurrence in passage {
          let term = Int(numbers[occurrence])
          let place = places[term] &- base
          if UInt(bitPattern: place) >= UInt(bitPattern: count) { continue }
          unsafe sorted[place] = upper | UInt64(positions[occurrence])
          places[term] = base &+ place &+ 1
        }
      }
      return count
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

extension Document {
  /// The longest text of a field, in bytes.
  package static let maximumTextLength = 512 << 20

  /// How a keyword field's value is compared: normalised, and a long one by its first bytes.
  package static func keywordTerm(_ value: String) -> [UInt8] { Array(Analyzer.normalizedValue(value).prefix(Analysis.maximumTermLength)) }

  /// The values in the order of the schema, checked.
  package func values(for schema: Schema) throws(IndexError) -> [FieldValue?] {
    func refuse(_ why: String) -> IndexError { IndexError(.invalidArgument, "document '\(key)' cannot be indexed: \(why)") }
    guard !key.bytes.isEmpty, key.bytes.count <= DocumentKey.maximumLength else {
      throw refuse("its key has \(key.bytes.count) bytes, and 1 to \(DocumentKey.maximumLength) are allowed")
    }
    var values = [FieldValue?](repeating: nil, count: schema.fields.count)
    for (name, value) in fields {
      guard let index = schema.fields.firstIndex(where: { $0.name == name }) else {
        throw refuse("the schema has no field '\(name)'; it has \(schema.fields.map(\.name).joined(separator: ", "))")
      }
      switch (schema.fields[index].kind, value) {
      case (.text, .text(let text)), (.stored, .text(let text)), (.keyword, .text(let text)):
        guard text.utf8.count <= Self.maximumTextLength else { throw refuse("the field '\(name)' has more than 512 MiB") }
        guard Analyzer.accepts(text) else { throw refuse("the field '\(name)' has more than 768 MiB in the form that is compared (NFKC)") }
      case (.keyword, .list), (.integer, .integer), (.date, .date): break
      case (.pinyin(of: let source), _): throw refuse("the field '\(name)' is made from '\(source)' and takes no value")
      default: throw refuse("the field '\(name)' takes another kind of value")
      }
      values[index] = value
    }
    return values
  }
}
