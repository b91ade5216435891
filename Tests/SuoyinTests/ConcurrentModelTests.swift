// Does a search beside updates and merges find what the model of its commit says?
import Dispatch
import Suoyin
import SuoyinTestKit
import Synchronization
import Testing

/// One change of an index, for the engine and for the oracle.
private enum Change {
  case add(Document)
  case replace(DocumentKey, [Document])
  case delete(DocumentKey)
  case deleteWhere(String)
  case deleteMatching(Query)

  static func random(_ schema: Schema, _ random: inout SeededRandom) -> Change {
    let key = "k\(random.below(60))"
    switch random.below(12) {
    case 0, 1: return .delete(DocumentKey(key))
    case 2: return .deleteWhere("浙江省")
    case 3: return .deleteMatching(.quoted(RandomText.make(3, hostility: 0, &random)))
    case 4, 5:
      let source = DocumentKey("s\(random.below(8))")
      return .replace(source, (0..<random.below(5)).map { EngineModelTests.document("\(source)#\($0)", schema, &random) })
    default: return .add(EngineModelTests.document(key, schema, &random))
    }
  }

  func apply(_ model: inout NaiveIndex) throws {
    switch self {
    case .add(let document): try model.replace(document.key, with: [document])
    case .replace(let source, let documents): try model.replace(source, with: documents)
    case .delete(let key): model.remove(key)
    case .deleteWhere(let value): model.remove(where: "issuer", is: value)
    case .deleteMatching(let query): for key in (try model.search(query) ?? [:]).keys { model.remove(key) }
    }
  }

  func apply(_ writer: IndexWriter) throws {
    switch self {
    case .add(let document): try writer.add(document)
    case .replace(let source, let documents): try writer.replace(Source(source), with: documents)
    case .delete(let key): _ = try writer.delete(key)
    case .deleteWhere(let value): _ = try writer.delete(where: "issuer", is: value)
    case .deleteMatching(let query): _ = try? writer.delete(matching: query)
    }
  }
}

/// A question with what the oracle finds, before and after a change.
private struct Question: Sendable {
  var query: Query
  var limit: Int
  var before: [DocumentKey: Double]
  var after: [DocumentKey: Double]

  /// What is wrong with a search's answer, if anything.
  func problem(_ results: SearchResults, isBefore: Bool) -> String? {
    let expected = isBefore ? before : after
    let total = results.total ?? -1
    if total != expected.count { return "\(query): \(total) in the place of \(expected.count) matches" }
    if results.hits.count != min(limit, expected.count) { return "\(query): \(results.hits.count) hits" }
    for hit in results.hits {
      guard let score = expected[hit.key], abs(hit.score - score) < 1e-5 else { return "\(query): \(hit.key) scores \(hit.score)" }
    }
    guard let worst = results.hits.last else { return nil }
    let found = Set(results.hits.map(\.key))
    let missed = expected.first { !found.contains($0.key) && $0.value > worst.score + 1e-5 }
    return missed.map { "\(query): \($0.key) is missing" }
  }
}

@Suite struct ConcurrentModelTests {
  /// Promise P14. SUOYIN_MODEL_SECONDS sets how long; scripts/torture takes ten minutes.
  @Test func `searches beside updates and merges equal the model of their commit`() throws {
    let end = ContinuousClock.now + .seconds(setting("SUOYIN_MODEL_SECONDS", default: 4))
    var (seed, rounds, answers) = (SeededRandom.seeds(1)[0], 0, 0)
    repeat {
      answers += try run(seed)
      seed &+= 1
      rounds += 1
    } while ContinuousClock.now < end
    #expect(answers > rounds)
    print("P14: \(rounds) histories, \(answers) searches beside updates and merges: no difference")
  }

  /// One history of an index; gives back how many searches were compared.
  private func run(_ seed: UInt64) throws -> Int {
    var random = SeededRandom(seed: seed)
    let schema = random.chance(1, in: 3) ? EngineModelTests.boosted : EngineModelTests.schema
    var modelled = try ModelledIndex(schema, unitMemory: 2000 + random.below(20_000))
    var answers = 0
    for _ in 0..<6 {
      let changes = (0..<random.below(60)).map { _ in Change.random(schema, &random) }
      var changed = modelled.model
      for change in changes { try change.apply(&changed) }
      var questions: [Question] = []
      for _ in 0..<12 {
        let query = EngineModelTests.query(schema, 2, &random)
        guard let before = try modelled.model.search(query), let after = try changed.search(query) else { continue }
        questions.append(Question(query: query, limit: 1 + random.below(20), before: before, after: after))
      }
      var options = UpdateOptions()
      options.threads = 1 + random.below(3)
      let merges = random.chance(1, in: 3)
      let index = modelled.index
      let readers = try Readers(index, questions)
      readers.start(2)
      let result = Result {
        try index.update(options) { writer in for change in changes { try change.apply(writer) } }
        if merges { try index.merge() }
      }
      answers += readers.stop()
      try result.get()
      #expect(readers.problems.isEmpty, "\(readers.problems.prefix(3)); \(random.advice)")
      modelled.model = changed
      try modelled.checkSoundness(random.advice)
    }
    return answers
  }
}

/// Threads that ask an index questions, with new searchers and with old ones, until they are stopped.
private final class Readers: Sendable {
  private let index: SearchIndex
  private let questions: [Question]
  private let firstCommit: UInt64
  private let isStopped = Atomic(false)
  private let answers = Atomic(0)
  private let found = Mutex<[String]>([])
  private let group = DispatchGroup()

  init(_ index: SearchIndex, _ questions: [Question]) throws {
    self.index = index
    self.questions = questions
    firstCommit = try index.searcher().index.commit.number
  }

  var problems: [String] { found.withLock { $0 } }

  func start(_ count: Int) {
    for number in 0..<count {
      DispatchQueue.global().async(group: group) { self.ask(number) }
    }
  }

  /// Waits for the threads; gives back how many questions were answered.
  func stop() -> Int {
    isStopped.store(true, ordering: .relaxed)
    group.wait()
    return answers.load(ordering: .relaxed)
  }

  private func ask(_ first: Int) {
    var turn = first
    do {
      var searcher = try index.searcher()
      repeat {
        if turn % 3 == 0 { searcher = try index.searcher() }
        guard !questions.isEmpty else { return }
        let question = questions[turn % questions.count]
        let results = try searcher.search(question.query, limit: question.limit, parameters: RankingParameters())
        let problem = question.problem(results, isBefore: searcher.index.commit.number == firstCommit)
        if let problem { found.withLock { $0.append(problem) } }
        answers.add(1, ordering: .relaxed)
        turn += 1
      } while !isStopped.load(ordering: .relaxed)
    } catch {
      found.withLock { $0.append("\(error)") }
    }
  }
}
