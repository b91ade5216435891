// What does one immutable part of an index hold?
package import SuoyinStorage

/// A segment file, open for reading from any thread.
package final class SegmentReader: Sendable {
  package let file: SectionFile
  package let schema: Schema
  package let level: Int
  package let passageCount: Int
  package let keys: SortedStrings
  package let sources: SortedStrings
  package let terms: SortedStrings
  package let lengths: FieldLengths
  package let statistics: [NumberingStatistics]
  package let stored: StoredFieldsReader

  package init(_ path: String, schema: Schema, in fileSystem: any FileSystem) throws(IndexError) {
    let file = try withIndexErrors { try SectionFile(path, kind: FileKind.segment, in: fileSystem) }
    self.file = file
    self.schema = schema
    func section(_ section: SegmentSection) throws(IndexError) -> ByteSlice { try withIndexErrors { try file.section(section.rawValue) } }
    func strings(_ blocks: SegmentSection, _ strings: SegmentSection, _ count: Int, hasValues: Bool) throws(IndexError) -> SortedStrings {
      try SortedStrings(file, blocks: blocks.rawValue, strings: strings.rawValue, count: count, hasValues: hasValues)
    }
    var summary = ByteReader(try section(.summary))
    level = try summary.variable(atMost: 64)
    passageCount = try summary.variable(atMost: Int(DocID.end) - 1)
    let sourceCount = try summary.variable(atMost: passageCount)
    let termCount = try summary.variable(atMost: 1 << 40)
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
    lengths = try FieldLengths(section(.lengths), schema: schema, count: passageCount)
    stored = try StoredFieldsReader(
      file, blocks: SegmentSection.storedBlocks.rawValue, index: SegmentSection.storedIndex.rawValue, documentCount: passageCount)
  }

  /// The document with this key, deleted or not.
  package func document(_ key: [UInt8]) throws(IndexError) -> DocID? { try keys.find(key).map { DocID($0.ordinal) } }

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
    let bytes = try withIndexErrors {
      try file.bytes(of: SegmentSection.sourcePassages.rawValue, at: value.range.lowerBound, count: value.range.count)
    }
    return try passages(StringValue(count: value.count, range: 0..<bytes.count), in: bytes)
  }

  /// The same, read from the section.
  func passages(_ value: StringValue, in section: ByteSlice) throws(IndexError) -> [DocID] {
    var reader = ByteReader(section, at: value.range.lowerBound)
    var passages: [DocID] = []
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
    try digest(ofSource: ordinal, in: section(.sourceDigests))
  }

  /// The same, read from the section.
  func digest(ofSource ordinal: Int, in bytes: ByteSlice) throws(IndexError) -> [UInt8] {
    var reader = ByteReader(bytes)
    let width = Int(try reader.byte())
    reader = ByteReader(bytes, at: 1 + ordinal * (width + 1))
    let count = Int(try reader.byte())
    guard count <= width else { throw reader.corrupted("a digest of \(count) bytes") }
    return try reader.slice(count).array
  }
}
