// Is nothing lost that was acknowledged, wherever the machine stops?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

/// A history of an index that makes every kind of file, change and clean-up; each step's result is known.
struct ScriptedRun {
  private static let schema = Schema([.text("text"), .keyword("file")])
  typealias Contents = [String: String]

  /// The contents after each commit; number 0 is the empty index.
  static let contents: [Contents] = {
    var states: [Contents] = [[:]]
    var current: Contents = [:]
    for step in steps {
      step.change(&current)
      states.append(current)
    }
    return states
  }()

  private struct Step: Sendable {
    var change: @Sendable (inout Contents) -> Void
    var run: @Sendable (SearchIndex) throws -> Void
  }

  private static func text(_ key: String, _ version: Int) -> String { "第\(version)版 \(key) 先进制造业发展" }

  private static func add(_ keys: [String], _ version: Int) -> Step {
    Step {
      for key in keys { $0[key] = text(key, version) }
    } run: { index in
      try index.update { writer in for key in keys { try writer.add(Document(key: key, ["text": text(key, version), "file": "f"])) } }
    }
  }

  private static let steps: [Step] = [
    add(["a", "b", "c"], 1),
    add(["d"], 1),
    add(["b"], 2),  // replaces: a file of dead passages
    Step {
      $0["a"] = nil
    } run: { index in
      try index.update { _ = try $0.delete("a") }
    },
    Step { _ in
    } run: {
      try $0.merge()
    },
    add(["e", "f"], 3),
    add(["e"], 4),
    dictionary("先进制造"),
    add(["g"], 5),
    dictionary("先进\n!制造业"),
    keeping("h", 6, generations: 1),
    keeping("h", 7, generations: 2),
    Step {
      $0["h"] = text("h", 6)
      $0["generations"] = "3"
    } run: { index in
      try index.rollBack()
    },
  ]

  /// Changes a passage, and keeps the index as it was before.
  private static func keeping(_ key: String, _ version: Int, generations: Int) -> Step {
    Step {
      $0[key] = text(key, version)
      $0["generations"] = "\(generations)"
    } run: { index in
      var options = UpdateOptions()
      options.keptGenerations = 9
      try index.update(options) { try $0.add(Document(key: DocumentKey(key), ["text": .text(text(key, version)), "file": "f"])) }
    }
  }

  /// Gives the index another dictionary, which all passages hold words of.
  private static func dictionary(_ lines: String) -> Step {
    Step {
      $0["dictionary"] = lines + "\n"
    } run: { index in
      var dictionary = UserDictionary()
      dictionary.apply(try DictionaryFile(parsing: Array(lines.utf8)).changes)
      try index.update { _ = try $0.setDictionary(dictionary) }
    }
  }

  /// Expects that the words in the postings are those of the dictionary's cut.
  private static func compareWords(_ path: String, _ settings: AnalyzerSettings) throws {
    let reader = try IndexReader(path, in: SystemFileSystem())
    let analyzer = try Analyzer(settings)
    for segment in reader.segments {
      var expected: Set<[UInt8]> = []
      for document in 0..<DocID(segment.reader.passageCount) where !segment.isDead(document) {
        guard case .text(let text)? = try segment.reader.values(of: document)[0] else { continue }
        let analysis = try analyzer.analyze(text)
        expected.formUnion(analysis.words.map { Array(analysis.term(of: $0)) })
      }
      var found: Set<[UInt8]> = []
      for ordinal in 0..<segment.reader.terms.count {
        let entry = try segment.reader.terms.entry(at: ordinal)
        let term = Term(bytes: entry.string)
        let isLive = entry.value.count > segment.deleted?.decrease(ofTerm: ordinal) ?? 0
        if term.numbering == 0, term.family == .word, isLive { found.insert(Array(entry.string.dropFirst(2))) }
      }
      guard found == expected else { throw IndexError(.corrupted, "the words are not those of the dictionary") }
    }
  }

  /// Runs all steps; `acknowledge` is told the number of each commit once it has returned, the creation being 0.
  static func run(at path: String, in fileSystem: any FileSystem, acknowledge: (Int) -> Void) throws {
    let index = try SearchIndex.create(at: path, schema: schema, in: fileSystem)
    acknowledge(0)
    for (number, step) in steps.enumerated() {
      try step.run(index)
      acknowledge(number + 1)
    }
  }

  /// The contents of an index on the real disk; nil when there is none.
  static func read(_ path: String) throws -> Contents? {
    guard FileManager.default.fileExists(atPath: "\(path)/commit") else { return nil }
    let report = try SearchIndex.check(at: path)
    guard report.isSound else { throw IndexError(.corrupted, report.problems.joined(separator: "; ")) }
    var contents: Contents = [:]
    let index = try SearchIndex(at: path)
    try index.searcher().forEachDocument { contents[$0.key.description] = $0.fields["text"]?.description }
    let settings = try index.settings()
    if !settings.userDictionary.isEmpty {
      contents["dictionary"] = String(decoding: DictionaryFile.render(settings.userDictionary), as: UTF8.self)
    }
    let generations = try index.generations().count - 1
    if generations > 0 { contents["generations"] = "\(generations)" }
    try compareWords(path, settings)
    return contents
  }
}

@Suite struct CommitProtocolTests {
  private let directory: TemporaryDirectory
  private let events: [RecordingFileSystem.Event]
  private let original: String

  init() throws {
    directory = try TemporaryDirectory()
    original = directory.path("recorded")
    let recorder = RecordingFileSystem()
    try ScriptedRun.run(at: original, in: recorder) { recorder.acknowledge($0) }
    events = recorder.events
  }

  /// Lays out states after crashes at every point of a history and counts those that break the promise; all of them up to `limit` a point.
  private func violations(
    _ events: [RecordingFileSystem.Event], from start: Int = 0, limit: Int, stopAtFirst: Bool
  ) throws -> (
    states: Int, violations: [String]
  ) {
    var random = SeededRandom(seed: 41)
    var states = 0
    var found: [String] = []
    var seen: Set<[String: [UInt8]]> = []
    let path = directory.path("crashed")
    for end in start...events.count {
      let disk = CrashedDisk(after: events[..<end])
      let isAcknowledged = events[..<end].contains { if case .acknowledge = $0 { true } else { false } }
      let numbers = disk.stateCount <= limit ? Array(0..<disk.stateCount) : (0..<limit).map { _ in random.below(disk.stateCount) }
      for number in numbers {
        let files = disk.state(number)
        states += 1
        // The promise depends on the files and on what was acknowledged.
        guard seen.insert(files.merging(["acknowledged": [UInt8(isAcknowledged ? disk.acknowledged + 1 : 0)]]) { $1 }).inserted else {
          continue
        }
        try CrashedDisk.layOut(files, of: original, in: path)
        let allowed = ScriptedRun.contents[disk.acknowledged...].prefix(2)
        do {
          let contents = try ScriptedRun.read(path)
          if contents == nil ? isAcknowledged : !allowed.contains(contents ?? [:]) { found.append("event \(end), state \(number): lost") }
        } catch {
          found.append("event \(end), state \(number): \(error)")
        }
        if stopAtFirst, !found.isEmpty { return (states, found) }
      }
    }
    return (states, found)
  }

  @Test func `keeps every acknowledged commit in every state after a power cut`() throws {
    let (states, violations) = try violations(events, limit: setting("SUOYIN_CRASH_STATES", default: 300), stopAtFirst: false)
    #expect(violations.isEmpty)
    #expect(states > 500)
    print("crash states laid out: \(states), violations: \(violations.count)")
  }

  /// The proof that the test above can fail, and that no sync is superfluous.
  @Test func `breaks the promise when any one sync is left out`() throws {
    let syncs = events.indices.filter { events[$0].isSync }
    #expect(syncs.count > 20)
    for sync in syncs {
      // The name of the index's own directory is not part of the states that are laid out.
      if case .syncDirectory(let path) = events[sync], path != original { continue }
      var shortened = events
      shortened.remove(at: sync)
      #expect(
        try !violations(shortened, from: sync, limit: 300, stopAtFirst: true).violations.isEmpty, "without event \(sync), \(events[sync])")
    }
  }

  @Test func `makes the new directory's own name durable`() throws {
    let first = events.firstIndex { if case .acknowledge = $0 { true } else { false } } ?? 0
    #expect(events[..<first].contains(.syncDirectory(directory.path)))
  }
}

@Suite struct FaultTests {
  /// Runs the script with one fault and says how many calls it made; what stands afterwards must be the last acknowledged state or the next.
  private func run(failing call: Int, _ fault: FaultyFileSystem.Fault, isSticky: Bool) throws -> (calls: Int, isComplete: Bool) {
    let directory = try TemporaryDirectory()
    let path = directory.path("index")
    let fileSystem = FaultyFileSystem(failingCall: call, fault, isSticky: isSticky)
    var acknowledged = -1
    var failure: IndexError?
    do {
      try ScriptedRun.run(at: path, in: fileSystem) { acknowledged = $0 }
    } catch let error as IndexError {
      failure = error
      #expect([.io, .cannotCreate].contains(error.code), "call \(call): \(error)")
    }
    let comment = "call \(call), \(fault), sticky: \(isSticky)"
    let contents = try ScriptedRun.read(path)
    let allowed = acknowledged < 0 ? [[:]] : ScriptedRun.contents[acknowledged...].prefix(2)
    #expect(contents == nil ? acknowledged < 0 : allowed.contains(contents ?? [:]), "\(comment)")
    // What the fault has left behind is in nobody's way.
    if contents != nil {
      let index = try SearchIndex(at: path)
      try index.update { try $0.add(Document(key: "after", ["text": "恢复"])) }
      #expect(try index.searcher().search("恢复").total == 1, "\(comment)")
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(names.filter { $0.hasPrefix("commit") && IndexCommit.keptNumber($0) == nil } == ["commit"], "\(comment)")
    }
    return (fileSystem.callCount, failure == nil)
  }

  @Test(arguments: FaultyFileSystem.Fault.allCases) func `loses nothing when the n-th call fails, once or from then on`(
    fault: FaultyFileSystem.Fault
  ) throws {
    let total = try run(failing: 0, fault, isSticky: false).calls
    #expect(total > 100)
    var failures = 0
    for call in stride(from: 1, through: total, by: setting("SUOYIN_FAULT_STEP", default: 3)) {
      for isSticky in [false, true] {
        if try !run(failing: call, fault, isSticky: isSticky).isComplete { failures += 1 }
      }
    }
    // Some faults are harmless, those of the clean-up; most are not.
    #expect(failures * 2 > total * 2 / setting("SUOYIN_FAULT_STEP", default: 3))
    print("faults injected (\(fault)): \(2 * total / setting("SUOYIN_FAULT_STEP", default: 3)), failed cleanly: \(failures)")
  }

  @Test func `refuses everything after a failed write, even if the caller goes on`() throws {
    let directory = try TemporaryDirectory()
    var index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
    index.unitMemory = 1
    let broken = try SearchIndex(at: index.path, in: FaultyFileSystem(failingCall: 12, .noSpace, isSticky: false))
    var small = broken
    small.unitMemory = 1
    var failures = 0
    #expect(throws: IndexError.self) {
      try small.update { writer in
        for number in 0..<10 {
          do { try writer.add(Document(key: "k\(number)", ["text": "制造业"])) } catch { failures += 1 }
        }
      }
    }
    #expect(failures > 1)
    #expect(try SearchIndex(at: index.path).searcher().passageCount == 0)
  }

  @Test func `discards what a throwing update did, and stays usable after a bad document`() throws {
    struct Stop: Error {}
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text"), .integer("year")]))
    #expect(throws: Stop.self) {
      try index.update { writer in
        try writer.add(Document(key: "a", ["text": "甲"]))
        throw Stop()
      }
    }
    try index.update { writer in
      for bad in [
        Document(key: "b", ["nowhere": "x"]), Document(key: "b", ["text": .integer(5)]), Document(key: "", ["text": "x"]),
        Document(key: String(repeating: "k", count: 5000), ["text": "x"]),
      ] {
        #expect { try writer.add(bad) } throws: { ($0 as? IndexError)?.code == .invalidArgument }
      }
      #expect(throws: IndexError.self) {
        try writer.replace(Source("s"), with: [Document(key: "x", ["text": "1"]), Document(key: "x", ["text": "2"])])
      }
      try writer.add(Document(key: "c", ["text": "丙"]))
    }
    var keys: [String] = []
    try index.searcher().forEachDocument { keys.append($0.key.description) }
    #expect(keys == ["c"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: index.path).count { $0.hasPrefix("segment") } == 1)
  }
}
