// What does it cost to index a corpus?
//
// What is measured: processor time from files to a committed index, and of writing its segments as one; bytes of index by bytes of text; the
// most memory held; and of merging ten segments, by their bytes.
// On what corpus: all of it, as many copies as the report says, read from its files in every round as `suoyin index` does.
// Notes: "read the files" is the importer alone, and so the part of "build" that is not the engine's. Speeds are by bytes of searched text,
// not of files. Memory is the process's peak after the first build (getrusage); it was `peakMemoryBefore` when the benchmark began, so that
// the figure is only the build's when this benchmark runs first, as it does by default. Files are synced; waiting for the disk is no
// processor time. The ten segments have a tenth of the passages each, in the order of the files, with their stored text; "searched only" has
// them without, so that it is the lists that are measured; "keys in turns" deals
// them out one by one, so that no list of a segment comes before that of another.
internal import FoundationEssentials
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinImport
internal import SuoyinStorage

struct IndexBuildBenchmark {
  let corpus: BenchmarkCorpus
  let directory: String

  /// A build takes seconds and varies little: fewer rounds than of the short cases.
  private static let mostRounds = 3

  func run(rounds: Int) throws -> [ReportGroup] {
    let copies = corpus.description.copies
    let textLength = corpus.description.textLength * copies
    let memoryBefore = peakMemory
    let path = "\(directory)/build"
    var facts = ["peakMemoryBefore": Double(memoryBefore)]

    let index = try corpus.makeIndex(at: path)
    facts["peakMemory"] = Double(peakMemory)
    let reader = try IndexReader(index)
    facts["bytes of index"] = Double(reader.byteCount)
    facts["bytes of index by bytes of text"] = Double(reader.byteCount) / Double(textLength)
    facts["bytes of index by bytes of fields"] = Double(reader.byteCount) / Double(corpus.description.fieldLength * copies)
    facts["segments"] = Double(reader.segments.count)
    facts["passages"] = Double(reader.passageCount)
    let merged = try Self.merge(reader, into: "\(directory)/merged")
    facts["bytes of index, merged"] = Double(merged.length)

    let cases = [
      timed("build", textLength) {
        try FileManager.default.removeItem(atPath: path)
        return try IndexReader(corpus.makeIndex(at: path)).passageCount
      },
      timed("read the files", textLength) {
        var passages = 0
        try corpus.forEachSource { _, documents in passages += documents.count }
        return passages
      },
      timed("merge", textLength) {
        _ = try Self.merge(reader, into: "\(directory)/merged")
        return reader.passageCount
      },
    ]
    let measurements = try measure(cases, rounds: min(rounds, Self.mostRounds), agree: true)
    let group = ReportGroup(benchmark: "index", group: "files to an index", measurements: measurements, facts: facts)
    try FileManager.default.removeItem(atPath: path)
    return [group, try mergeOfTen(rounds: rounds)]
  }

  /// How many segments are merged in the second group.
  private static let segmentCount = 10

  private func mergeOfTen(rounds: Int) throws -> ReportGroup {
    var cases: [BenchmarkCase] = []
    let kinds = [("with stored text", true, false), ("searched only", false, false), ("… with keys in turns", false, true)]
    for (number, (name, isStored, isInTurns)) in kinds.enumerated() {
      let directory = "\(directory)/ten-\(number)"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
      let segments = try makeSegments(isStored: isStored, inTurns: isInTurns, in: directory)
      cases.append(
        timed(name, segments.reduce(0) { $0 + Int($1.file.identity.length) }) {
          var merger = SegmentMerger(segments.map { .init(segment: $0, deleted: nil) })
          let merged = try merger.write(to: "\(directory)/merged", schema: segments[0].schema, level: 1, in: SystemFileSystem())
          try FileManager.default.removeItem(atPath: "\(directory)/merged")
          return Int(merged.length)
        })
    }
    let measurements = try measure(cases, rounds: min(rounds, Self.mostRounds))
    return ReportGroup(benchmark: "index", group: "ten segments to one", measurements: measurements, facts: [:])
  }

  /// Writes ten segments with a tenth of the passages each.
  private func makeSegments(isStored: Bool, inTurns: Bool, in directory: String) throws -> [SegmentReader] {
    let schema = Schema(
      Schema.files().fields.map { field in
        guard case .text(let boost, let isApart, let stemming, _) = field.kind else { return field }
        return .text(field.name, boost: boost, apart: isApart, stemming: stemming, stored: isStored)
      })
    let fileSystem = SystemFileSystem()
    let analyzer = try Analyzer(schema.settings())
    let passageCount = corpus.description.passageCount * corpus.description.copies
    var segments: [SegmentReader] = []
    var batch = PassageBatch(schema)
    var added = 0
    func flush() throws {
      let path = "\(directory)/segment-\(segments.count)"
      _ = try SegmentBuilder.write(batch, with: analyzer, to: path, in: fileSystem)
      segments.append(try SegmentReader(path, schema: schema, in: fileSystem))
      batch = PassageBatch(schema)
    }
    func add(_ document: Document, from source: Source) throws {
      batch.add(document.key, try document.values(for: schema), from: batch.number(of: source, isNew: false))
      added += 1
      if added * Self.segmentCount >= passageCount * (segments.count + 1) { try flush() }
    }
    var later: [(document: Document, source: Source)] = []
    try corpus.forEachSource { source, documents in
      if inTurns {
        later += documents.map { ($0, source) }
        return
      }
      for document in documents { try add(document, from: source) }
    }
    for first in 0..<min(Self.segmentCount, later.count) {
      for place in stride(from: first, to: later.count, by: Self.segmentCount) { try add(later[place].document, from: later[place].source) }
    }
    if !batch.isEmpty { try flush() }
    return segments
  }

  /// Writes all segments as one, which is removed again.
  private static func merge(_ index: IndexReader, into path: String) throws -> FileIdentity {
    var merger = SegmentMerger(index.segments.map { .init(segment: $0.reader, deleted: $0.deleted) })
    let merged = try merger.write(to: path, schema: index.commit.schema, level: 1, in: SystemFileSystem())
    try FileManager.default.removeItem(atPath: path)
    return merged
  }

  private func timed(_ name: String, _ textLength: Int, _ run: @escaping () throws -> Int) -> BenchmarkCase {
    BenchmarkCase(name: name, unit: "byte", unitCount: textLength, run: run)
  }
}

extension IndexReader {
  convenience init(_ index: SearchIndex) throws(IndexError) { try self.init(index.path, in: index.fileSystem) }

  /// The length of the files that the commit refers to, its own left out.
  var byteCount: Int {
    commit.segments.reduce(0) { $0 + Int($1.file.identity.length) + Int($1.deletions?.identity.length ?? 0) }
  }
}
