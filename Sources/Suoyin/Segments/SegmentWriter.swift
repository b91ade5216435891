// How is a segment written?
//
// Why the unsafe code here is sound: bytes of a buffer are given to the file while nothing is appended to them.
internal import SuoyinAnalysis
package import SuoyinStorage

/// The sections of a segment file; docs/Storage.md gives their bytes.
package enum SegmentSection: UInt32 {
  case summary = 1
  case storedBlocks, storedIndex, keyBlocks, keyStrings, sourceBlocks, sourceStrings, sourcePassages, sourceDigests, lengths,
    postings, termBlocks, termStrings, columnHeads, columnValues
}

/// The kinds of files in an index, as their headers name them.
package enum FileKind {
  package static let commit: UInt32 = 1
  package static let segment: UInt32 = 2
  package static let deletions: UInt32 = 3
  package static let dictionary: UInt32 = 4
  package static let shard: UInt32 = 5
}

/// Writes one segment: first its passages in order of their keys, then its sources by name, then its terms in order.
package struct SegmentWriter: ~Copyable {
  private let file: SectionFileWriter
  private let schema: Schema
  private let path: String
  private let level: Int
  private var stored: StoredFieldsWriter
  private var keys = SortedStringsWriter(hasValues: false)
  private var lengths: FieldLengthsWriter
  private var sources = SortedStringsWriter(hasValues: true)
  private var sourcePassages = ByteWriter()
  /// The digests of the sources one after another, and how long each is.
  private var digests = ByteWriter()
  private var digestLengths = GrowingBuffer<UInt8>()
  private var terms = SortedStringsWriter(hasValues: true)
  private var columns: ColumnsWriter
  /// Lists that are not in the file yet, the next one perhaps begun: many small ones are given to it at a time.
  private var lists = ByteWriter()
  /// Where the list under way begins in `lists`.
  private var listStart = 0
  private static let listsLength = 64 << 10
  private var longestList = 0
  private var storedIndex: [UInt8] = []

  /// - Parameter level: How many times the segment's passages have been merged: the merge policy goes by it.
  package static func create(
    _ path: String, schema: Schema, level: Int, in fileSystem: any FileSystem
  ) throws(StorageError) -> SegmentWriter {
    let file = try SectionFileWriter(path, kind: FileKind.segment, in: fileSystem)
    try file.beginSection(SegmentSection.storedBlocks.rawValue)
    return SegmentWriter(file, path, schema: schema, level: level)
  }

  private init(_ file: SectionFileWriter, _ path: String, schema: Schema, level: Int) {
    self.file = file
    self.path = path
    self.schema = schema
    self.level = level
    stored = StoredFieldsWriter(file)
    lengths = FieldLengthsWriter(schema)
    columns = ColumnsWriter(schema)
  }

  package mutating func addPassage(key: [UInt8], record: [UInt8], lengths passageLengths: borrowing Span<UInt32>) throws(StorageError) {
    keys.append(key)
    try stored.append(record)
    lengths.append(passageLengths)
    columns.append(record: record)
  }

  /// Adds a passage's key only: `addStored` follows once, for all of them.
  package mutating func addKey(_ key: UnsafeBufferPointer<UInt8>) { unsafe keys.append(key) }

  /// Adds what belongs to the keys of passages of several segments.
  package mutating func addStored(_ runs: [PassageRun], of segments: [SegmentReader]) throws(IndexError) {
    for run in runs { try stored.append(run.documents, of: segments[run.segment].stored) }
    try lengths.append(runs, of: segments.map(\.lengths))
    try columns.append(runs, of: segments)
  }

  /// Call after the passages, for all sources in ascending order of their names, and then `endSources`.
  package mutating func addSource(
    _ name: UnsafeBufferPointer<UInt8>, digest: UnsafeRawBufferPointer, _ passages: UnsafeBufferPointer<DocID>
  ) {
    let start = sourcePassages.count
    var previous: DocID = 0
    for place in passages.indices {
      let passage = unsafe passages[place]
      sourcePassages.append(variable: UInt64(passage - previous))
      previous = passage
    }
    unsafe sources.append(name, count: passages.count, length: sourcePassages.count - start)
    unsafe digests.append(digest)
    digestLengths.append(UInt8(digest.count))
  }

  package mutating func endSources() throws(StorageError) {
    storedIndex = try stored.finish()
    try file.beginSection(SegmentSection.postings.rawValue)
  }

  /// Call after the sources, in ascending order of terms, which have two bytes at least. Empties `postings`.
  package mutating func addTerm(_ term: UnsafeBufferPointer<UInt8>, _ postings: inout PostingListWriter) throws(StorageError) {
    let count = postings.count
    unsafe columns.append(term: term, postings.documentIDs)
    let family = unsafe TermFamily(rawValue: term[1]) ?? .word
    unsafe postings.finish(into: &lists, lengths: lengths.column(numbering: Int(term[0]), family: family))
    longestList = max(longestList, lists.count - listStart)
    unsafe try endList(of: term, count: count)
  }

  /// Adds a term that is no keyword with its whole list, which `body` appends, saying how many documents it has; nil, with nothing appended,
  /// where there is no such list. False then.
  @inline(__always)
  package mutating func addTerm(
    _ term: UnsafeBufferPointer<UInt8>, _ body: (inout ByteWriter) -> Int?
  ) throws(StorageError) -> Bool {
    guard let count = body(&lists) else { return false }
    unsafe try endList(of: term, count: count)
    return true
  }

  @inline(__always)
  private mutating func endList(of term: UnsafeBufferPointer<UInt8>, count: Int) throws(StorageError) {
    unsafe terms.append(term, count: count, length: lists.count - listStart)
    listStart = lists.count
    if listStart >= Self.listsLength { try writeLists() }
  }

  private mutating func writeLists() throws(StorageError) {
    try file.append(lists)
    lists.removeAll()
    listStart = 0
  }

  package mutating func finish() throws -> FileIdentity {
    guard terms.fits, keys.fits, sources.fits else {
      throw IndexError(.invalidArgument, "\(path) would hold more than 4 GiB of keys or terms; index in smaller parts", path: path)
    }
    guard longestList <= PostingListWriter.longestList else {
      throw IndexError(.invalidArgument, "\(path) would hold more than 4 GiB of postings of one term; index in smaller parts", path: path)
    }
    try writeLists()
    let columnSections = columns.finish()
    var summary = ByteWriter()
    for value in [level, keys.count, sources.count, terms.count, schema.fields.count] { summary.append(variable: UInt64(value)) }
    for numbering in lengths.statistics { numbering.write(to: &summary) }

    try write(storedIndex, to: .storedIndex)
    try write(keys, to: .keyBlocks, .keyStrings)
    try write(sources, to: .sourceBlocks, .sourceStrings)
    try write(sourcePassages, to: .sourcePassages)
    try write(digestSection(), to: .sourceDigests)
    try write(lengths.section, to: .lengths)
    try write(terms, to: .termBlocks, .termStrings)
    try write(columnSections.heads, to: .columnHeads)
    try write(columnSections.values, to: .columnValues)
    try write(summary, to: .summary)
    return try file.finish()
  }

  private func write(_ bytes: [UInt8], to section: SegmentSection) throws(StorageError) {
    try file.beginSection(section.rawValue)
    try file.append(bytes)
  }

  private func write(_ bytes: borrowing ByteWriter, to section: SegmentSection) throws(StorageError) {
    try file.beginSection(section.rawValue)
    try file.append(bytes)
  }

  private func write(_ table: borrowing SortedStringsWriter, to blocks: SegmentSection, _ strings: SegmentSection) throws(StorageError) {
    try write(table.blocks, to: blocks)
    try write(table.strings, to: strings)
  }

  /// The length of the longest digest, and for each source that of its own and as many bytes, perhaps zeros at the end.
  private func digestSection() -> [UInt8] {
    var longest: UInt8 = 0
    for source in 0..<digestLengths.count { longest = max(longest, digestLengths[source]) }
    var section = ByteWriter()
    section.append(byte: longest)
    var start = 0
    for source in 0..<digestLengths.count {
      let length = Int(digestLengths[source])
      section.append(byte: UInt8(length))
      unsafe section.append(UnsafeRawBufferPointer(rebasing: digests.unsafeBytes[start..<start + length]))
      for _ in length..<Int(longest) { section.append(byte: 0) }
      start += length
    }
    return section.bytes
  }
}

extension SectionFileWriter {
  /// Appends what a buffer holds.
  func append(_ bytes: borrowing ByteWriter) throws(StorageError) { unsafe try append(bytes.unsafeBytes) }
}
