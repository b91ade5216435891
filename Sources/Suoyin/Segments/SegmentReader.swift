// What does one immutable part of an index hold?
package import SuoyinStorage

/// A segment file, open for reading from any thread.
package final class SegmentReader: Sendable {
  package let file: SectionFile
  /// The fields that the segment was written with, the first of the index's: others were added later.
  package let schema: Schema
  package let level: Int
  package let passageCount: Int
  package let keys: SortedStrings
  package let sources: SortedStrings
  package let terms: SortedStrings
  package let lengths: FieldLengths
  package let statistics: [NumberingStatistics]
  package let stored: StoredFieldsReader
  /// The fields with columns, by their indexes in the schema.
  private let columnFields: [Int]

  package init(_ path: String, schema: Schema, in fileSystem: any FileSystem) throws(IndexError) {
    let file = try withIndexErrors { try SectionFile(path, kind: FileKind.segment, in: fileSystem) }
    self.file = file
    func section(_ section: SegmentSection) throws(IndexError) -> ByteSlice { try withIndexErrors { try file.section(section.rawValue) } }
    func strings(_ blocks: SegmentSection, _ strings: SegmentSection, _ count: Int, hasValues: Bool) throws(IndexError) -> SortedStrings {
      try SortedStrings(file, blocks: blocks.rawValue, strings: strings.rawValue, count: count, hasValues: hasValues)
    }
    var summary = ByteReader(try section(.summary))
    level = try summary.variable(atMost: 64)
    passageCount = try summary.variable(atMost: MergePolicy.maximumPassageCount)
    let sourceCount = try summary.variable(atMost: passageCount)
    let termCount = try summary.variable(atMost: 1 << 40)
    let schema = schema.prefix(try summary.variable(atMost: schema.fields.count))
    self.schema = schema
    var statistics: [NumberingStatistics] = []
    for _ in schema.numberings {
      var numbering = NumberingStatistics()
      try numbering.read(from: &summary)
      statistics.append(numbering)
    }
    self.statistics = statistics
    keys = try strings(.keyBlocks, .keyStrings, passageCount, hasValues: false)
    sources = try strings(.sourceBlocks, .sourceStrings, sourceCount, hasValues: true)
    terms = try strings(.termBlocks, .termStrings, termCount, hasValues: true)
    lengths = try FieldLengths(file, section: SegmentSection.lengths.rawValue, schema: schema, count: passageCount)
    stored = try StoredFieldsReader(
      file, blocks: SegmentSection.storedBlocks.rawValue, index: SegmentSection.storedIndex.rawValue, documentCount: passageCount)
    columnFields = schema.columnFields
  }

  /// The values of an integer, date or keyword field; nil when the segment was written without the field.
  ///
  /// - Parameter field: The field's index in the schema.
  /// - Complexity: O(*b*), *b* being the blocks of 256 passages, when it is first asked.
  package func column(_ field: Int) throws(IndexError) -> Column? {
    guard let number = columnFields.firstIndex(of: field) else { return nil }
    return try Column(
      file, heads: SegmentSection.columnHeads.rawValue, values: SegmentSection.columnValues.rawValue, number: number,
      passageCount: passageCount)
  }

  /// The different values of a keyword field; nil when the segment was written without the field.
  package func keywords(_ field: Int) throws(IndexError) -> KeywordTerms? {
    guard let numbering = schema.keywordNumbering(ofField: field) else { return nil }
    return try KeywordTerms(terms, numbering: numbering)
  }

  /// The document with this key, deleted or not.
  package func document(_ key: [UInt8]) throws(IndexError) -> DocID? { try keys.find(key).map { DocID($0.ordinal) } }

  /// The first document with a larger key.
  func firstDocument(behind key: [UInt8]) throws(IndexError) -> DocID {
    guard let entry = try keys.lowerBound(key) else { return DocID(passageCount) }
    return DocID(entry.ordinal) + (entry.string == key ? 1 : 0)
  }

  package func key(of document: DocID) throws(IndexError) -> [UInt8] { try keys.entry(at: Int(document)).string }

  /// The values of a passage by field index.
  package func values(of document: DocID) throws(IndexError) -> [FieldValue?] {
    guard let values = StoredRecord.decode(try stored.record(of: document), fieldCount: schema.fields.count) else {
      throw IndexError(.corrupted, "\(file.path) is damaged: the stored fields of document \(document) cannot be read", path: file.path)
    }
    return values
  }

  /// A cursor over the posting list of a term of this segment.
  package func postings(_ value: StringValue) throws(IndexError) -> PostingCursor { PostingCursor(try blocks(value)) }

  /// The blocks of the posting list of a term of this segment.
  package func blocks(_ value: StringValue) throws(IndexError) -> PostingBlocks {
    let list = try withIndexErrors {
      try file.bytes(of: SegmentSection.postings.rawValue, at: value.range.lowerBound, count: value.range.count)
    }
    guard value.count > 0, value.count <= passageCount else { throw .corrupted("a term with \(value.count) documents", in: list) }
    return try PostingBlocks.open(list, count: value.count, limit: DocID(passageCount))
  }

  /// A whole section, its pages checked: for those who read all of it.
  package func section(_ section: SegmentSection) throws(IndexError) -> ByteSlice {
    try withIndexErrors { try file.section(section.rawValue) }
  }

  /// The passages of a source, ascending.
  package func passages(_ value: StringValue) throws(IndexError) -> [DocID] {
    try Self.passages(value, in: file, passageCount: passageCount)
  }

  /// The passages of a source in a file that need not be readable otherwise.
  static func passages(_ value: StringValue, in file: SectionFile, passageCount: Int) throws(IndexError) -> [DocID] {
    let bytes = try withIndexErrors {
      try file.bytes(of: SegmentSection.sourcePassages.rawValue, at: value.range.lowerBound, count: value.range.count)
    }
    var passages: [DocID] = []
    var reader = ByteReader(bytes)
    var document = 0
    for index in 0..<value.count {
      let delta = try reader.variable(atMost: passageCount)
      document += delta
      guard document < passageCount, index == 0 || delta > 0 else { throw reader.corrupted("passages of a source do not ascend") }
      passages.append(DocID(document))
    }
    return passages
  }

  /// The digest of the source with this ordinal.
  package func digest(ofSource ordinal: Int) throws(IndexError) -> [UInt8] {
    let digests = try SourceDigests(self)
    return try digests.range(ofSource: ordinal).map { digests.bytes[$0] }
  }
}
