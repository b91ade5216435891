// Do columns stay inside their bytes, whatever these say?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct ColumnDamageTests {
  private static let schema = Schema(
    [.text("body"), .integer("number"), .date("day"), .keyword("name"), .keyword("names"), .integer("rare")], analyzer: .whitespace)

  private let directory: TemporaryDirectory
  private let segment: String

  /// A segment with blocks of every presence.
  init() throws {
    directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    var random = SeededRandom(seed: 7)
    try index.update { writer in
      for number in 0..<700 {
        var fields: [String: FieldValue] = [
          "body": "a", "number": .integer(Int64(bitPattern: random.next())), "name": .text("n\(random.below(9))"),
          "names": .list((0..<random.below(4)).map { _ in "n\(random.below(30))" }),
        ]
        if random.chance(1, in: 2) { fields["day"] = .date(CalendarDate(days: Int32(random.below(5000)))) }
        if number == 300 { fields["rare"] = 1 }
        try writer.add(Document(key: DocumentKey("k\(1000 + number)"), fields))
      }
    }
    segment = "\(index.path)/segment-1"
  }

  private func isCorrupted(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return false
    } catch {
      return (error as? IndexError)?.code == .corrupted
    }
  }

  /// Reads all there is in a segment's columns in all ways; throws `corrupted`, or gives something.
  private func readAll(_ segment: SegmentReader) throws {
    for field in segment.schema.columnFields {
      let column = try #require(try segment.column(field))
      for range in [Int64.min ... .max, 0...20, -1 << 60...1 << 60] {
        let set = DocumentSet(limit: DocID(segment.passageCount))
        try RangeScorer(column, range).mark(in: set)
        let leader = RangeScorer(column, range)
        let follower = RangeScorer(column, range)
        var candidates = Candidates()
        var count = 0
        while leader.docID != .end {
          try leader.next(&candidates, below: .end, minimum: 0, isScored: false)
          try follower.keep(&candidates, isScored: false)
          count += candidates.count
        }
        let marked = set.count(without: nil)
        #expect(count == marked)
      }
      let cursor = ColumnCursor(column)
      for document in 0..<DocID(segment.passageCount) {
        _ = try cursor.first(document)
        _ = try cursor.last(document)
      }
    }
  }

  @Test func `other bytes with right checksums are refused or read inside their section`() throws {
    var random = SeededRandom(seed: 11)
    let fileSystem = SystemFileSystem()
    let sound = try SectionFile(segment, kind: FileKind.segment, in: fileSystem)
    let ids = (1...15).map { UInt32($0) }
    let sections = try ids.map { try sound.section($0).array }
    let (heads, values) = (Int(SegmentSection.columnHeads.rawValue) - 1, Int(SegmentSection.columnValues.rawValue) - 1)
    #expect(sections[heads].count == 5 * 3 * 24)
    try readAll(try SegmentReader(segment, schema: Self.schema, in: fileSystem))
    var refused = 0
    for attempt in 0..<setting("SUOYIN_ROUNDS", default: 150) {
      var changed = sections
      switch attempt % 4 {
      case 0: changed[heads][random.below(sections[heads].count)] = UInt8(truncatingIfNeeded: random.next())
      case 1: for _ in 0..<8 { changed[values][random.below(sections[values].count)] ^= UInt8(truncatingIfNeeded: random.next()) }
      case 2: changed[values].removeLast(1 + random.below(sections[values].count))
      default: for place in 0..<8 { changed[heads][random.below(15) * 24 + 8 + place] = UInt8(truncatingIfNeeded: random.next()) }
      }
      let path = directory.path("changed-\(attempt)")
      let writer = try SectionFileWriter(path, kind: FileKind.segment, in: fileSystem)
      for (id, bytes) in zip(ids, changed) {
        try writer.beginSection(id)
        try writer.append(bytes)
      }
      _ = try writer.finish()
      if isCorrupted({ try readAll(try SegmentReader(path, schema: Self.schema, in: fileSystem)) }) { refused += 1 }
    }
    #expect(refused > 20)
  }

  @Test func `a damaged page of a column is noticed by who reads it, and by nobody else`() throws {
    let index = try SearchIndex(at: directory.path("index"))
    let sound = try SectionFile(segment, kind: FileKind.segment, in: SystemFileSystem())
    let start = try sound.section(SegmentSection.columnValues.rawValue).fileOffset
    var bytes = try MappedFile(segment).bytes.array
    // Not on a page with anything else.
    let page = (start / SectionFileFormat.pageLength + 1) * SectionFileFormat.pageLength
    try #require(sound.length(of: SegmentSection.columnValues.rawValue) ?? 0 > page - start + 64)
    bytes[page + 5] ^= 4
    let fileSystem = SystemFileSystem()
    try fileSystem.remove(segment)
    let file = try fileSystem.createFile(segment)
    try file.write(bytes)
    try file.close()
    let searcher = try index.searcher()
    #expect(try searcher.search("a", limit: 700, loadsFields: false).hits.count == 700)
    let queries = Self.schema.columnFields.map { Query.range(Self.schema.fields[$0].name, from: nil, through: nil) }
    #expect(
      queries.contains { query in
        isCorrupted {
          _ = try searcher.search(
            query, limit: 1, parameters: RankingParameters(),
            options: SearchOptions(sort: [.ascending("number"), .ascending("name"), .ascending("names"), .ascending("day")]))
        }
      })
    #expect(try !SearchIndex.check(at: index.path).isSound)
  }
}
