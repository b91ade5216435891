// Does an index of shards answer as one that was built as a whole, and is a shard the same wherever it is built?
import Suoyin
import SuoyinAnalysis
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct ShardTests {
  /// Documents by the sources that they are of.
  private struct Collection {
    var sources: [(source: Source, documents: [Document])] = []

    init(_ schema: Schema, _ count: Int, _ random: inout SeededRandom) {
      for number in 0..<count {
        let documents = (0..<(1 + random.below(4))).map { EngineModelTests.document("s\(number)#\($0)", schema, &random) }
        sources.append((Source(DocumentKey("s\(number)"), digest: [UInt8(number & 255)]), documents))
      }
    }

    func add(to writer: IndexWriter, of shard: ShardNumber? = nil) throws {
      for (source, documents) in sources where shard?.holds(source.name) ?? true { try writer.replace(source, with: documents) }
    }
  }

  private let directory: TemporaryDirectory
  private let schema = EngineModelTests.schema

  init() throws { directory = try TemporaryDirectory() }

  private func shards(_ count: Int) -> [ShardNumber] { (1...count).compactMap { ShardNumber($0, of: count) } }

  private func build(
    _ collection: Collection, _ shard: ShardNumber, in name: String, unitMemory: Int = 20_000, schema: Schema? = nil,
    settings: [UInt8] = [], fileSystem: any FileSystem = SystemFileSystem()
  ) throws -> BuiltShard {
    try SearchIndex.buildShard(
      shard, in: directory.path(name), schema: schema ?? self.schema, settings: settings, unitMemory: unitMemory, fileSystem: fileSystem
    ) { try collection.add(to: $0, of: shard) }.shard
  }

  private func bytes(_ path: String) throws -> [String: [UInt8]] {
    let files = SystemFileSystem()
    return try Dictionary(uniqueKeysWithValues: files.list(path).map { ($0, try files.map("\(path)/\($0)").bytes.array) })
  }

  private func checkSoundness(_ path: String) throws { #expect(try SearchIndex.check(at: path).problems == []) }

  // MARK: Answers

  /// All of a page that a search gives, bit by bit; the text of the error where it gives none.
  private func answer(_ searcher: Searcher, _ query: Query?, _ text: String, _ options: SearchOptions, limit: Int) -> [String] {
    do {
      let results =
        try query.map { try searcher.search($0, limit: limit, parameters: RankingParameters(), options: options) }
        ?? searcher.search(text, limit: limit, options: options)
      return results.hits.map { "\($0.key) \($0.score.bitPattern) \($0.fields.sorted { $0.key < $1.key })" } + ["\(results.total ?? -1)"]
        + results.facets.map { "\($0)" }
    } catch { return ["\(error)"] }
  }

  @Test(arguments: [1, 2, 4, 8]) func `hits, order, scores, totals and facets are those of one index, bit by bit`(count: Int) throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let collection = Collection(schema, 120, &random)
    let whole = try SearchIndex.create(at: directory.path("whole"), schema: schema)
    try whole.update { try collection.add(to: $0) }
    try whole.merge()
    for shard in shards(count) { _ = try build(collection, shard, in: "shards") }
    let summary = try SearchIndex.publish(shards: [directory.path("shards")], at: directory.path("index"))
    let passageCount = collection.sources.reduce(0) { $0 + $1.documents.count }
    #expect(summary.shards == count && summary.added == passageCount && summary.removed == 0 && summary.hasChanged)
    try checkSoundness(directory.path("index"))
    let published = try SearchIndex(at: directory.path("index"))
    #expect(try published.indexStatistics().segmentCount == count)

    let (expected, actual) = (try whole.searcher(), try published.searcher())
    let facets: [FacetRequest] = [.values(of: "issuer"), .years(of: "date")]
    var found = 0
    for number in 0..<setting("SUOYIN_SHARD_QUERIES", default: 1000) {
      let isText = number.isMultiple(of: 3)
      let text = RandomText.make(1 + random.below(6), hostility: 5, &random)
      let query = isText ? nil : EngineModelTests.query(schema, 2, &random)
      var options = SearchOptions(facets: number.isMultiple(of: 2) ? facets : [], countsTotal: !number.isMultiple(of: 5))
      if random.chance(1, in: 8) { options.sort = [.descending("date"), .score] }
      let limit = 1 + random.below(30)
      let answers = (answer(expected, query, text, options, limit: limit), answer(actual, query, text, options, limit: limit))
      #expect(answers.0 == answers.1, "\(query.map { "\($0)" } ?? text); \(random.advice)")
      if answers.0.count > 1 { found += 1 }
    }
    #expect(found > 300, "most queries find something")
  }

  // MARK: Building

  @Test func `a shard is the same file by file and name by name, however it is built`() throws {
    var random = SeededRandom(seed: 5)
    let collection = Collection(schema, 40, &random)
    let shard = try #require(ShardNumber(2, of: 3))
    let first = try build(collection, shard, in: "a")
    let again = try build(collection, shard, in: "a")
    let elsewhere = try build(collection, shard, in: "b", unitMemory: 1 << 20)
    #expect(first.isNew && !again.isNew && elsewhere.isNew && first.path == again.path)
    #expect(first.path.split(separator: "/").last == elsewhere.path.split(separator: "/").last)
    #expect(first.path.contains("/shard-2-of-3-"))
    #expect(try bytes(first.path) == bytes(elsewhere.path))
    #expect(try bytes(first.path).keys.sorted() == ["commit", "segment-1", "shard"])
    #expect(try SystemFileSystem().list(directory.path("a")).filter { !$0.hasPrefix(".shards") }.count == 1, "nothing is left over")
    try checkSoundness(first.path)
    var changed = collection
    let place = try #require(changed.sources.firstIndex { shard.holds($0.source.name) })
    changed.sources[place].documents = [EngineModelTests.document("s\(place)#0", schema, &random)]
    #expect(try build(changed, shard, in: "a").path != first.path)
  }

  @Test func `every source is of exactly one shard, and the shards are of about the same size`() throws {
    let shards = shards(8)
    var sizes = [Int](repeating: 0, count: 8)
    for number in 0..<4000 {
      let holders = shards.filter { $0.holds(DocumentKey("文件/\(number).txt")) }
      #expect(holders.count == 1)
      for holder in holders { sizes[holder.number - 1] += 1 }
    }
    #expect(sizes.allSatisfy { (400...600).contains($0) }, "\(sizes)")
    // Shards that other versions have built must hold the same sources.
    #expect(["甲", "docs/a.txt", ""].map { name in shards.first { $0.holds(DocumentKey(name)) }?.number } == [1, 7, 1])
  }

  @Test func `what is no shard of a division is refused`() {
    for text in ["", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "1 /4", "１/4", "1/4097", "99999999999999999999/4"] {
      #expect(ShardNumber(text) == nil, "\(text)")
    }
    #expect(ShardNumber("3/8")?.description == "3/8")
  }

  @Test func `what a killed run has left is removed, and what is under way is not`() throws {
    var random = SeededRandom(seed: 6)
    let collection = Collection(schema, 10, &random)
    let files = SystemFileSystem()
    let shard = try #require(ShardNumber(1, of: 2))
    for name in ["", "/.building-1-of-2-1", "/.building-1-of-2-1/index", "/.building-2-of-2-1"] {
      try files.createDirectory(directory.path("shards") + name)
    }
    let left = try files.createFile(directory.path("shards/.building-1-of-2-1/index/segment-1"))
    try left.close()
    let live = directory.path("shards/.building-2-of-2-1")
    let lock = try files.lock("\(live)/lock", holder: "another run")
    let built = try build(collection, shard, in: "shards")
    let kept = try withExtendedLifetime(lock) { try files.list(live) }
    #expect(kept == ["lock"])
    let name = String(built.path.split(separator: "/").last ?? "")
    #expect(try Set(files.list(directory.path("shards"))) == [".building-2-of-2-1", ".shards.lock", name])
  }

  @Test func `several runs of one shard at a time give one shard`() async throws {
    var random = SeededRandom(seed: 7)
    let collection = Collection(schema, 30, &random)
    let shard = try #require(ShardNumber(1, of: 1))
    let (path, schema) = (directory.path("shards"), schema)
    let documents = collection.sources
    let built = try await withThrowingTaskGroup(of: BuiltShard.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try SearchIndex.buildShard(shard, in: path, schema: schema) { writer in
            for (source, documents) in documents { try writer.replace(source, with: documents) }
          }.shard
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(built.map(\.path)).count == 1 && built.count(where: \.isNew) == 1)
    #expect(try SystemFileSystem().list(path).count == 2, "the shard and the lock")
    try checkSoundness(built[0].path)
  }

  // MARK: Publishing

  @Test func `the published index can be changed, merged, and published again`() throws {
    var random = SeededRandom(seed: 8)
    let collection = Collection(schema, 20, &random)
    for shard in shards(4) { _ = try build(collection, shard, in: "shards") }
    let (shardPath, path) = (directory.path("shards"), directory.path("index"))
    let first = try SearchIndex.publish(shards: [shardPath], at: path)
    let commit = try bytes(path)
    let again = try SearchIndex.publish(shards: [shardPath + "/"], at: path)
    #expect(!again.hasChanged && again.added == 0 && again.removed == 0)
    #expect(try bytes(path) == commit, "publishing the same set again changes nothing")

    let index = try SearchIndex(at: path)
    let snapshot = try index.searcher()
    let (source, documents) = collection.sources[3]
    try index.update { writer in
      #expect(try writer.digest(of: source.name) == source.digest, "digests of sources are kept")
      try writer.replace(source, with: [])
      try writer.add(Document(key: "new", ["text": "新的文件"]))
    }
    try index.merge()
    try checkSoundness(path)
    #expect(try index.indexStatistics().passageCount == first.added - documents.count + 1)
    let back = try SearchIndex.publish(shards: [shardPath], at: path)
    #expect(back.hasChanged && back.added == first.added && back.removed == first.added - documents.count + 1)
    try checkSoundness(path)
    #expect(try snapshot.search(.text("新的文件"), limit: 1, parameters: RankingParameters()).hits.first?.key != "new")
    var count = 0
    try snapshot.forEachDocument { _ in count += 1 }
    #expect(count == first.added, "an open searcher keeps its snapshot")
    #expect(try SystemFileSystem().list(path).count == 2 + 4, "commit, lock and segments: nothing else is left")
  }

  @Test func `shards without passages are shards too`() throws {
    var random = SeededRandom(seed: 9)
    let collection = Collection(schema, 1, &random)
    for shard in shards(4) { _ = try build(collection, shard, in: "shards") }
    let summary = try SearchIndex.publish(shards: [directory.path("shards")], at: directory.path("index"))
    #expect(summary.shards == 4 && summary.added == collection.sources[0].documents.count)
    #expect(try SearchIndex(at: directory.path("index")).indexStatistics().segmentCount == 1)
    try checkSoundness(directory.path("index"))
  }

  private func expectRefusal(
    _ phrase: String, _ paths: [String], at index: String = "index", _ code: IndexError.Code = .invalidArgument,
    location: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try SearchIndex.publish(shards: paths, at: directory.path(index))
      Issue.record("nothing was refused", sourceLocation: location)
    } catch { #expect(error.code == code && error.message.contains(phrase), "\(error)", sourceLocation: location) }
  }

  @Test func `what is not one whole set is refused, and nothing is made`() throws {
    var random = SeededRandom(seed: 10)
    let collection = Collection(schema, 20, &random)
    let other = Collection(schema, 20, &random)
    let paths = try shards(3).map { try build(collection, $0, in: "shards").path }
    let all = directory.path("shards")
    expectRefusal("of 3 shards 2, 3 are missing", [paths[0]])
    expectRefusal("there is no shard in", [directory.path], .notFound)
    let second = try build(other, #require(ShardNumber(2, of: 3)), in: "shards").path
    expectRefusal("are two versions of the shard 2/3", [all])
    // What is named one by one counts, and the same shard twice is harmless.
    #expect(try SearchIndex.publish(shards: paths + [paths[0]], at: directory.path("listed")).hasChanged)
    #expect(try SearchIndex.publish(shards: [paths[0], second, paths[2]], at: directory.path("listed")).hasChanged)
    let divided = try build(collection, #require(ShardNumber(1, of: 2)), in: "else").path
    expectRefusal("different divisions", [paths[0], divided])
    let boosted = EngineModelTests.boosted
    let fields = try build(Collection(boosted, 3, &random), #require(ShardNumber(2, of: 3)), in: "else", schema: boosted)
    expectRefusal("different fields", [paths[0], fields.path])
    let settings = try build(collection, #require(ShardNumber(2, of: 3)), in: "else", settings: [1]).path
    expectRefusal("different options", [paths[0], settings, paths[2]])
    let clash = try SearchIndex.buildShard(#require(ShardNumber(2, of: 3)), in: directory.path("else"), schema: schema) { writer in
      let taken = try #require(collection.sources.first { ShardNumber(1, of: 3)?.holds($0.source.name) ?? false }?.documents.first)
      try writer.replace(Source("another"), with: [taken])
    }.shard
    expectRefusal("the key '", [paths[0], clash.path, paths[2]])
    try SearchIndex(at: paths[0]).update { try $0.add(Document(key: "x", ["text": "甲"])) }
    expectRefusal("was changed after it was built", paths)
    #expect(!(try SystemFileSystem().list(directory.path)).contains("index"))
  }

  @Test func `a damaged shard is not published, nor one in the place of an index that it does not fit`() throws {
    var random = SeededRandom(seed: 11)
    let collection = Collection(schema, 20, &random)
    let paths = try shards(2).map { try build(collection, $0, in: "shards").path }
    _ = try SearchIndex.create(at: directory.path("fields"), schema: EngineModelTests.boosted)
    expectRefusal("has other fields", paths, at: "fields")
    let words = try SearchIndex.create(at: directory.path("words"), schema: schema)
    try words.update { writer in
      var dictionary = UserDictionary()
      _ = try dictionary.add("政府采")
      _ = try writer.setDictionary(dictionary)
    }
    expectRefusal("has words of its own", paths, at: "words")
    let files = SystemFileSystem()
    var segment = try files.map("\(paths[1])/segment-1").bytes.array
    segment[segment.count / 3] ^= 1
    try files.remove("\(paths[1])/segment-1")
    let file = try files.createFile("\(paths[1])/segment-1")
    try file.write(segment)
    try file.close()
    expectRefusal("is damaged", paths, .corrupted)
    #expect(!(try files.list(directory.path)).contains("index"))
  }

  // MARK: Faults

  @Test func `a publication that fails at any call leaves the old index or the new one`() throws {
    var random = SeededRandom(seed: 12)
    let collection = Collection(schema, 8, &random)
    for shard in shards(2) { _ = try build(collection, shard, in: "shards") }
    let shards = [directory.path("shards")]
    var call = 0
    var failures = 0
    // Terminates: there are finitely many calls.
    while true {
      call += 1
      let path = directory.path("index\(call)")
      try SearchIndex.create(at: path, schema: schema).update { try $0.add(Document(key: "old", ["text": "旧"])) }
      let faulty = FaultyFileSystem(failingCall: call, .noSpace, isSticky: false)
      let summary = try? SearchIndex.publish(shards: shards, at: path, in: faulty)
      if summary == nil { failures += 1 }
      let count = try SearchIndex(at: path).indexStatistics().passageCount
      let whole = collection.sources.reduce(0) { $0 + $1.documents.count }
      #expect(summary == nil ? count == 1 || count == whole : count == whole, "call \(call)")
      try checkSoundness(path)
      // What is left over does not keep the next run from it.
      _ = try SearchIndex.publish(shards: shards, at: path)
      #expect(try SearchIndex(at: path).indexStatistics().passageCount == whole, "call \(call)")
      if faulty.callCount < call { break }
    }
    #expect(failures > 10)
  }

  @Test func `a power cut at any point of a publication leaves the old index or the new one`() throws {
    var random = SeededRandom(seed: 14)
    let collection = Collection(schema, 6, &random)
    for shard in shards(2) { _ = try build(collection, shard, in: "shards") }
    let path = directory.path("index")
    let recorder = RecordingFileSystem()
    try SearchIndex.create(at: path, schema: schema, in: recorder).update { try $0.add(Document(key: "old", ["text": "旧"])) }
    let start = recorder.events.count
    let whole = try SearchIndex.publish(shards: [directory.path("shards")], at: path, in: recorder).added
    recorder.acknowledge(1)
    let events = recorder.events
    var counts: [Int: Int] = [:]
    for point in start...events.count {
      let disk = CrashedDisk(after: events[..<point])
      for state in 0..<min(disk.stateCount, 96) {
        let place = directory.path("crashed")
        try CrashedDisk.layOut(disk.state(state), of: path, in: place)
        let report = try SearchIndex.check(at: place)
        #expect(report.isSound, "\(report.problems) after \(point) events, state \(state)")
        #expect(report.passageCount == whole || disk.acknowledged < 1 && report.passageCount == 1, "after \(point) events, state \(state)")
        counts[report.passageCount, default: 0] += 1
      }
    }
    #expect(Set(counts.keys) == [1, whole], "\(counts)")
  }

  @Test func `a shard whose building fails at any call is not seen, and can be built afterwards`() throws {
    var random = SeededRandom(seed: 13)
    let collection = Collection(schema, 4, &random)
    let shard = try #require(ShardNumber(1, of: 1))
    var call = 0
    // Terminates: there are finitely many calls.
    while true {
      call += 1
      let faulty = FaultyFileSystem(failingCall: call, .inputOutput, isSticky: call.isMultiple(of: 2))
      let isBuilt = (try? build(collection, shard, in: "shards\(call)", fileSystem: faulty)) != nil
      let path = directory.path("shards\(call)")
      for name in (try? SystemFileSystem().list(path)) ?? [] where name.hasPrefix("shard-") { try checkSoundness("\(path)/\(name)") }
      let built = try build(collection, shard, in: "shards\(call)")
      #expect(!isBuilt || !built.isNew, "call \(call)")
      #expect(try SystemFileSystem().list(path).count == 2, "the shard and the lock; call \(call)")
      if faulty.callCount < call { break }
    }
    #expect(call > 30)
  }
}
