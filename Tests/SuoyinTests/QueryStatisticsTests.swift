// Do several indexes with the sum of their statistics score as one index of all passages?
import Foundation
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct QueryStatisticsTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let schema = Schema([
    .text("title", boost: 2.3), .text("text"), .keyword("issuer"), .text("notes", apart: true, stemming: .english),
    .pinyin("spoken", of: "title"),
  ])

  private static func document(_ number: Int, _ random: inout SeededRandom) -> Document {
    var fields: [String: FieldValue] = [:]
    func latin() -> String {
      (0..<random.below(5)).map { _ in "\(random.element(["manu", "man", "ma", "run"]))\(random.element(["", "al", "als", "ning", "s"])) " }
        .joined()
    }
    fields["text"] = .text(RandomText.make(random.below(40), hostility: 3, &random) + latin())
    if random.chance(1, in: 2) { fields["title"] = .text(RandomText.make(random.below(8), hostility: 3, &random)) }
    if random.chance(1, in: 2) {
      fields["issuer"] = random.chance(1, in: 3) ? .list(["河北省", "浙江省"]) : .text(random.element(["河北", "Ｈebei", "hebie"]))
    }
    if random.chance(1, in: 2) { fields["notes"] = .text(latin()) }
    return Document(key: DocumentKey("k\(number)"), fields)
  }

  private static func query(_ depth: Int, _ random: inout SeededRandom) -> Query {
    switch random.below(depth > 0 ? 23 : 11) {
    case 0, 1: .text(RandomText.make(1 + random.below(5), hostility: 0, &random))
    case 2, 3: .quoted(RandomText.make(1 + random.below(3), hostility: 0, &random))
    case 4: .literal(random.element(["第十七条", "第17条", "〔2023〕4 号", "人民政府", "制造业5"]))
    case 5: .prefix(random.element(["m", "man", "G", "3", "人 m", "20", "GB/T 3"]))
    case 6: .fuzzy(random.element(["manul", "mans", "gb", "2032", "runs"]), distance: 1 + random.below(2))
    case 7: .field("issuer", random.element([.text("河北省"), .prefix("he"), .fuzzy("hebei", distance: 1 + random.below(2)), .prefix("河")]))
    case 8: .field("spoken", .text(random.element(["zhengfu", "zhi", "rm", "政府"])))
    case 9: .field("notes", random.element([.text("running manual"), .prefix("ma"), .fuzzy("manls", distance: 2)]))
    case 10:
      .field(random.element(["title", "text"]), random.element([.text("政府 制造"), .quoted("人"), .prefix("ma"), .fuzzy("gb", distance: 1)]))
    case 11, 12, 13: .any((0...random.below(3)).map { _ in query(depth - 1, &random) })
    case 14, 15: .all((0...1).map { _ in query(depth - 1, &random) })
    case 16: .excluding(query(depth - 1, &random), query(depth - 1, &random))
    case 17: .preferring(query(depth - 1, &random), query(depth - 1, &random))
    case 19: .near([RandomText.make(1, hostility: 0, &random), RandomText.make(1, hostility: 0, &random)], distance: 5, isOrdered: false)
    case 20: random.element([.wildcard("m*al"), .wildcard("政*制"), .field("issuer", .wildcard("*北*")), .field("title", .wildcard("*a*"))])
    case 21: .atLeast(2, (0...2).map { _ in query(depth - 1, &random) })
    case 18: .weighted(query(depth - 1, &random), Double(1 + random.below(7)) / 3)
    default: .field("title", query(depth - 1, &random))
    }
  }

  private struct Match: Equatable {
    var score: Double
    var key: DocumentKey
  }

  private static func matches(_ results: SearchResults) -> [Match] { results.hits.map { Match(score: $0.score, key: $0.key) } }

  @Test(arguments: SeededRandom.seeds(4)) func `parts of a collection score as the whole`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let shardCount = 2 + random.below(7)
    var all = try SearchIndex.create(at: directory.path("all"), schema: Self.schema)
    all.unitMemory = 40_000
    let shards = try (0..<shardCount).map { try SearchIndex.create(at: directory.path("part\($0)"), schema: Self.schema) }
    let documents = (0..<300).map { (shard: random.below(shardCount), document: Self.document($0, &random)) }
    try all.update { writer in for (_, document) in documents { try writer.add(document) } }
    for (number, shard) in shards.enumerated() {
      try shard.update { writer in for (part, document) in documents where part == number { try writer.add(document) } }
    }
    for (shard, document) in documents where random.chance(1, in: 10) {
      try all.update { _ = try $0.delete(document.key) }
      try shards[shard].update { _ = try $0.delete(document.key) }
    }
    let synonyms = try Synonyms(parsing: "制造业,产业,工业\n")
    let stopWords = StopWords("的 和 条".split(separator: " ").map(String.init))
    let whole = try all.searcher()
    let parts = try shards.map { try $0.searcher() }
    var compared = 0
    for _ in 0..<60 {
      let query = Self.query(2, &random)
      let limit = 1 + random.below(20)
      var options = SearchOptions()
      if random.chance(1, in: 3) { options.synonyms = synonyms }
      if random.chance(1, in: 3) { options.stopWords = stopWords }
      var parameters = RankingParameters()
      if random.chance(1, in: 3) { (parameters.k1, parameters.b, parameters.singleWeight) = (0.7, 0.3, 0) }
      let expected: SearchResults
      do { expected = try whole.search(query, limit: limit, parameters: parameters, options: options, loadsFields: false) } catch {
        continue
      }
      compared += 1
      var sum = try parts[0].statistics(of: query, options: options)
      for part in parts.dropFirst() { sum = try sum + part.statistics(of: query, options: options) }
      #expect(sum.passageCount == whole.passageCount)
      let bytes = try JSONEncoder().encode(sum)
      let decoded = try JSONDecoder().decode(QueryStatistics.self, from: bytes)
      #expect(decoded == sum, "\(query)")
      options.statistics = decoded
      var merged: [Match] = []
      var total = 0
      for part in parts {
        let results = try part.search(query, limit: limit, parameters: parameters, options: options, loadsFields: false)
        merged += Self.matches(results)
        total += try #require(results.total)
      }
      merged.sort { $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key }
      #expect(Array(merged.prefix(limit)) == Self.matches(expected), "\(query) \(random.advice)")
      #expect(total == expected.total, "\(query) \(random.advice)")
      // An index with its own statistics from outside is as without.
      options.statistics = try whole.statistics(of: query, options: options)
      let again = try whole.search(query, limit: limit, parameters: parameters, options: options, loadsFields: false)
      #expect(Self.matches(again) == Self.matches(expected), "\(query)")
    }
    #expect(compared > 30)
  }

  @Test func `statistics of something else are an error`() throws {
    func make(_ name: String, _ schema: Schema) throws -> Searcher {
      let index = try SearchIndex.create(at: directory.path(name), schema: schema)
      try index.update { try $0.add(Document(key: "1", ["body": "政府 manual"])) }
      return try index.searcher()
    }
    let searcher = try make("one", Schema([.text("body"), .keyword("issuer")]))
    let others = [
      try make("two", Schema([.text("body", boost: 2), .keyword("issuer")])), try make("three", Schema([.text("body")])),
      try make("four", Schema([.text("body"), .keyword("issuer")], analyzer: .bigram)),
    ]
    let query = Query.text("政府")
    for other in others {
      let statistics = try other.statistics(of: query)
      let error = #expect(throws: IndexError.self) {
        try searcher.search(query, limit: 1, parameters: RankingParameters(), options: SearchOptions(statistics: statistics))
      }
      #expect(error?.code == .invalidArgument)
      #expect(throws: IndexError.self) { try searcher.statistics(of: query) + statistics }
    }
    let own = try searcher.statistics(of: query)
    for asked in [Query.text("人民"), .prefix("man"), .fuzzy("man", distance: 1), .quoted("民"), .field("issuer", .text("政府"))] {
      let error = #expect(throws: IndexError.self, "\(asked)") {
        try searcher.search(asked, limit: 1, parameters: RankingParameters(), options: SearchOptions(statistics: own))
      }
      #expect(error?.code == .invalidArgument && error?.message.contains("another query") ?? false)
      #expect(throws: IndexError.self) { try own + searcher.statistics(of: asked) }
    }
    #expect(try own + own != own)
    // More passages with a term than passages, passages with words but no words, a near term of another numbering.
    let word = #"{"word":{"bytes":[0,0,97],"distance":1},"terms":[[200,0,98]],"found":[{"distance":1,"documentFrequency":1}]}"#
    for (terms, lengths, words) in [
      (#"{"term":[0,0,97],"count":6}"#, "", ""), ("", #"{"wordTotal":0,"wordPassages":5,"cellTotal":0,"cellPassages":0}"#, ""),
      ("", "", word),
    ] {
      let text = #"{"settings":"","passageCount":5,"lengths":[\#(lengths)],"terms":[\#(terms)],"prefixes":[],"words":[\#(words)]}"#
      #expect(throws: DecodingError.self, "\(text)") { try JSONDecoder().decode(QueryStatistics.self, from: Data(text.utf8)) }
    }
    let right = #"{"settings":"","passageCount":5,"lengths":[],"terms":[{"term":[0,0,97],"count":5}],"prefixes":[],"words":[]}"#
    #expect(throws: Never.self) { try JSONDecoder().decode(QueryStatistics.self, from: Data(right.utf8)) }
    for damaged in [#"{}"#, #"{"settings":"","passageCount":-1,"lengths":[],"terms":[],"prefixes":[],"words":[]}"#] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(QueryStatistics.self, from: Data(damaged.utf8)) }
    }
  }
}
