// Are the best matches those of an exhaustive search, whatever is left out on the way?
import Suoyin
import SuoyinTestKit
import Testing

/// Thousands of passages in several segments, some dead, so that lists have blocks and bitmaps and disjunctions windows; every answer is
/// compared with a scan of all passages.
@Suite struct PrunedSearchTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let words = (0..<24).map { "w\($0)" }

  /// Frequent words and rare ones, some only in a stretch of keys, so that blocks differ in what they can score.
  private static func passage(_ number: Int, _ random: inout SeededRandom) -> [String] {
    var passage: [String] = []
    let length = 3 + random.below(random.chance(1, in: 10) ? 200 : 30)
    while passage.count < length {
      let rank = min(random.below(24), random.below(24), random.below(24))
      if rank > 16, number / 700 % 3 != rank % 3 { continue }
      if random.chance(rank + 1, in: 26) { continue }
      passage.append(words[rank])
      if random.chance(1, in: 8) { passage += [words[1], words[rank]] }
    }
    return passage
  }

  private static func query(_ depth: Int, _ random: inout SeededRandom) -> Query {
    func word() -> Query { .text(words[random.below(24)]) }
    switch random.below(depth == 0 ? 2 : 8) {
    case 0: return word()
    case 1:
      return .quoted((0...1 + random.below(2)).map { _ in words[random.below(random.chance(1, in: 2) ? 4 : 24)] }.joined(separator: " "))
    case 2: return .all((0...1 + random.below(2)).map { _ in query(depth - 1, &random) })
    case 3: return .excluding(query(depth - 1, &random), query(depth - 1, &random))
    case 4: return .preferring(query(depth - 1, &random), query(depth - 1, &random))
    case 5: return .weighted(query(depth - 1, &random), Double(1 + random.below(5)) / 2)
    default: return .any((0...1 + random.below(8)).map { _ in query(depth - 1, &random) })
    }
  }

  /// The naive search.
  private struct Scan {
    var passages: [(key: String, words: [String])]
    var parameters: RankingParameters
    /// The values of the priors' fields, by key; none for those that have no value.
    var values: [String: Int64] = [:]

    /// For each passage what a query and the priors score.
    func scoresWithPriors(_ query: Query) -> [Int64?] {
      zip(passages, scores(query)).map { passage, score in
        guard let score else { return nil }
        guard let value = values[passage.key] else { return score }
        return parameters.priors.reduce(score) { sum, prior in
          let part: Double
          switch prior.curve {
          case .saturation(let pivot): part = value > 0 ? Double(value) / (Double(value) + pivot) : 0
          case .recency(let days, let day): part = days / (days + max(0, Double(day.days) - Double(value)))
          }
          return sum + Int64((prior.weight * 0x1p20 * part).rounded())
        }
      }
    }

    private func frequency(_ words: [String], in passage: [String]) -> Int {
      guard passage.count >= words.count else { return 0 }
      return (0...passage.count - words.count).count { passage[$0..<$0 + words.count].elementsEqual(words) }
    }

    /// For each passage what a query scores; nil where it does not match.
    func scores(_ query: Query, factor: Double = 1) -> [Int64?] {
      switch query {
      case .text(let text), .quoted(let text), .literal(let text):
        let words = text.split(separator: " ").map(String.init)
        let weight = words.reduce(0.0) { sum, word in
          let count = passages.count { $0.words.contains(word) }
          return sum + BM25.idf(documentFrequency: count, passageCount: passages.count)
        }
        let average = Double(passages.reduce(0) { $0 + $1.words.count }) / Double(passages.count)
        let similarity = BM25(weight: weight * factor, averageLength: average, parameters: parameters)
        return passages.map { passage in
          let frequency = frequency(words, in: passage.words)
          return frequency == 0 ? nil : similarity.score(frequency: Double(frequency), length: UInt32(passage.words.count))
        }
      case .all(let queries):
        let parts = queries.map { scores($0, factor: factor) }
        return passages.indices.map { index in
          parts.contains { $0[index] == nil } ? nil : parts.reduce(0) { $0 + ($1[index] ?? 0) }
        }
      case .any(let queries):
        let parts = queries.map { scores($0, factor: factor) }
        return passages.indices.map { index in
          parts.contains { $0[index] != nil } ? parts.reduce(0) { $0 + ($1[index] ?? 0) } : nil
        }
      case .excluding(let wanted, let unwanted):
        return zip(scores(wanted, factor: factor), scores(unwanted, factor: factor)).map { $1 == nil ? $0 : nil }
      case .preferring(let required, let preferred):
        return zip(scores(required, factor: factor), scores(preferred, factor: factor)).map { left, right in left.map { $0 + (right ?? 0) }
        }
      case .weighted(let query, let weight): return scores(query, factor: factor * weight)
      case .atLeast(let count, let queries):
        let parts = queries.map { scores($0, factor: factor) }
        return passages.indices.map { index in
          parts.count { $0[index] != nil } >= min(count, parts.count) ? parts.reduce(0) { $0 + ($1[index] ?? 0) } : nil
        }
      case .field, .range, .prefix, .fuzzy, .wildcard, .near: return []
      }
    }
  }

  @Test func `weights of nested groups multiply without an end`() throws {
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("body")], analyzer: .whitespace))
    try index.update { writer in
      for text in ["a b", "a", "b c c", "c"] { try writer.add(Document(key: DocumentKey(text), ["body": .text(text)])) }
    }
    let searcher = try index.searcher()
    // Beyond what 64 bits hold from the seventh on, beyond what a floating-point number holds from the hundred and third on.
    for depth in [1, 5, 7, 60, 110] {
      let heavy = (0..<depth).reduce(Query.text("a")) { query, _ in .weighted(query, 1000) }
      let results = try searcher.search(.any([heavy, .text("b")]), limit: 10, parameters: RankingParameters())
      #expect(results.hits.map(\.key) == ["a b", "a", "b c c"] || results.hits.map(\.key) == ["a", "a b", "b c c"], "\(depth)")
      #expect(results.total == 3 && results.hits.allSatisfy { $0.score > 0 && $0.score.isFinite })
    }
  }

  @Test(arguments: SeededRandom.seeds(3)) func `gives what an exhaustive search gives`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let schema = Schema([.text("body"), .integer("cited"), .date("day")], analyzer: .whitespace)
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    var passages: [String: [String]] = [:]
    var values: [String: Int64] = [:]
    for part in 0..<3 {
      try index.update { writer in
        for number in 0..<[4000, 1500, 300][part] {
          // Keys of the parts interleave.
          let key = "k\(100_000 + number * 3 + part)"
          let words = Self.passage(number, &random)
          passages[key] = words
          var document = Document(key: DocumentKey(key), ["body": .text(words.joined(separator: " "))])
          // Blocks without a value, blocks of small ones, and here and there a large one.
          if number / 900 % 2 == 0, random.chance(3, in: 4) {
            let value = Int64(random.below(random.chance(1, in: 200) ? 20_000 : 12)) - 2
            values[key] = value
            document.fields["cited"] = .integer(value)
            document.fields["day"] = .date(CalendarDate(days: Int32(value)))
          }
          try writer.add(document)
        }
      }
    }
    if random.chance(2, in: 3) {
      try index.update { writer in
        for key in passages.keys.sorted() where random.chance(1, in: 12) {
          passages[key] = nil
          _ = try writer.delete(DocumentKey(key))
        }
      }
    }
    var parameters = RankingParameters()
    if random.chance(1, in: 3) { (parameters.k1, parameters.b) = (0.4, 0.2) }
    var scan = Scan(passages: passages.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, parameters: parameters, values: values)
    let searcher = try index.searcher()
    for _ in 0..<25 {
      let query = Self.query(2, &random)
      parameters.priors = []
      if random.chance(1, in: 2) {
        parameters.priors.append(.number("cited", weight: random.element([0.25, 4, 60]), pivot: random.element([3, 500])))
      }
      if random.chance(1, in: 3) {
        parameters.priors.append(.date("day", weight: random.element([0.5, 9]), days: 100, before: CalendarDate(days: 15_000)))
      }
      scan.parameters = parameters
      let all = zip(scan.passages, scan.scoresWithPriors(query)).compactMap { passage, score in score.map { (key: passage.key, score: $0) }
      }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key }
      let weight = try searcher.weight(of: query, parameters: parameters, options: SearchOptions())
      #expect(try searcher.count(weight) == all.count, "\(query) \(random.advice)")
      for limit in [1, 10, 150] {
        let found = try searcher.best(limit, of: weight).map { match in
          (
            key: String(decoding: try searcher.index.segments[match.segment].reader.key(of: match.document), as: UTF8.self),
            score: match.score
          )
        }
        // Sums of rarities differ by their order, in the last digits of a fixed-point score.
        #expect(
          found.map(\.key) == all.prefix(limit).map(\.key)
            || found.count == min(limit, all.count) && zip(found, all).allSatisfy { abs($0.score - $1.score) <= 8 },
          "\(limit) best of \(query) \(random.advice)")
        #expect(zip(found, all).allSatisfy { abs($0.score - $1.score) <= 8 }, "\(query) \(random.advice)")
      }
    }
  }
}
