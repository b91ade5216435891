// Which blocks of stored records are copied as they are when segments are merged?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct StoredFieldsWriterTests {
  private let directory: TemporaryDirectory
  private let fileSystem = SystemFileSystem()
  init() throws { directory = try TemporaryDirectory() }

  /// A file of records, and its blocks as they are in it.
  private struct Stored {
    var reader: StoredFieldsReader
    var blocks: [(first: DocID, bytes: [UInt8])] = []
  }

  private func write(_ name: String, _ body: (inout StoredFieldsWriter) throws -> Int) throws -> Stored {
    let path = directory.path(name)
    let file = try SectionFileWriter(path, kind: 1, in: fileSystem)
    try file.beginSection(1)
    var writer = StoredFieldsWriter(file)
    let count = try body(&writer)
    let index = try writer.finish()
    try file.beginSection(2)
    try file.append(index)
    _ = try file.finish()
    let sections = try SectionFile(path, kind: 1, in: fileSystem)
    var stored = Stored(reader: try StoredFieldsReader(sections, blocks: 1, index: 2, documentCount: count))
    let (blocks, entries) = (try sections.section(1), try sections.section(2))
    func offset(_ block: Int, isEnd: Bool = false) -> Int { Int(entries.integer(at: block * 12 + (isEnd ? 0 : 4), as: UInt64.self) ?? 0) }
    let blockCount = (entries.count - 8) / 12
    for block in 0..<blockCount {
      let end = offset(block + 1, isEnd: block + 1 == blockCount)
      stored.blocks.append((entries.integer(at: block * 12) ?? 0, Array(blocks.array[offset(block)..<end])))
    }
    return stored
  }

  /// Records that cannot be compressed much, of so many bytes each.
  private func records(_ count: Int, length: Int, _ random: inout SeededRandom) -> [[UInt8]] {
    (0..<count).map { _ in (0..<length).map { _ in UInt8(random.below(256)) } }
  }

  /// Sixteen records of 1,024 bytes fill a block.
  private func source(_ random: inout SeededRandom) throws -> (records: [[UInt8]], stored: Stored) {
    let records = records(56, length: 1024, &random)
    let stored = try write("source") { writer in
      for record in records { try writer.append(record) }
      return records.count
    }
    #expect(stored.blocks.map(\.first) == [0, 16, 32, 48])
    return (records, stored)
  }

  /// Appends a record of `pending` bytes, if any, and a range of the source, and says where blocks begin and which are the source's.
  private func copied(
    pending: Int?, _ range: Range<DocID>, _ source: (records: [[UInt8]], stored: Stored), _ random: inout SeededRandom
  ) throws -> (firsts: [DocID], copies: [DocID]) {
    let before = pending.map { records(1, length: $0, &random) } ?? []
    let wanted = before + source.records[Int(range.lowerBound)..<Int(range.upperBound)]
    let stored = try write("copy \(pending ?? 0) \(range)") { writer in
      for record in before { try writer.append(record) }
      try writer.append(range, of: source.stored.reader)
      return wanted.count
    }
    for (document, record) in wanted.enumerated() { #expect(try Array(stored.reader.record(of: DocID(document))) == record) }
    let copies = stored.blocks.filter { block in source.stored.blocks.contains { $0.bytes == block.bytes } }
    return (stored.blocks.map(\.first), copies.map(\.first))
  }

  @Test func `copies whole blocks, also behind a part of one`() throws {
    var random = SeededRandom(seed: 5)
    let source = try source(&random)
    // The last block has 8 KiB, which is enough.
    #expect(try copied(pending: nil, 0..<56, source, &random) == ([0, 16, 32, 48], [0, 16, 32, 48]))
    // Ten records of the first block, and all of two others; then two records of the last.
    #expect(try copied(pending: nil, 6..<50, source, &random) == ([0, 10, 26, 42], [10, 26]))
    // Two records of the first block are too few to be a block, and of each block that is written anew behind them two are left again.
    #expect(try copied(pending: nil, 14..<56, source, &random) == ([0, 16, 32], []))
  }

  @Test func `copies a block where 4 KiB are pending, and none where fewer are`() throws {
    var random = SeededRandom(seed: 6)
    let source = try source(&random)
    #expect(try copied(pending: 4096, 0..<32, source, &random) == ([0, 1, 17], [1, 17]))
    // 4,095 bytes and thirteen records fill a block; three records are left, too few again.
    #expect(try copied(pending: 4095, 0..<32, source, &random).copies == [])
  }

  @Test func `copies a record that is longer than a block`() throws {
    var random = SeededRandom(seed: 7)
    let records = records(3, length: 20_000, &random)
    let stored = try write("source") { writer in
      for record in records { try writer.append(record) }
      return records.count
    }
    let source = (records: records, stored: stored)
    #expect(try copied(pending: nil, 1..<3, source, &random) == ([0, 1], [0, 1]))
    #expect(try copied(pending: 5000, 0..<3, source, &random) == ([0, 1, 2, 3], [1, 2, 3]))
    // A short one before it goes into its block, and the next one is copied.
    #expect(try copied(pending: 10, 0..<3, source, &random) == ([0, 2, 3], [2, 3]))
  }
}
