// Does a prior give what its formula says, whatever the segments, and nothing else?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct PriorTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let schema = Schema([.text("text"), .keyword("issuer"), .integer("cited"), .date("day")])

  private func index(_ name: String, _ documents: [Document], parts: Int) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path(name), schema: Self.schema)
    for part in 0..<parts {
      try index.update { writer in
        for (number, document) in documents.enumerated() where number % parts == part { try writer.add(document) }
      }
    }
    return index
  }

  private func search(_ searcher: Searcher, _ priors: [Prior], limit: Int = 100, options: SearchOptions = SearchOptions()) throws -> [Hit] {
    var parameters = RankingParameters()
    parameters.priors = priors
    return try searcher.search(.text("企业"), limit: limit, parameters: parameters, options: options).hits
  }

  @Test func `the share is the formula's, and 0 without a value`() throws {
    let values: [Int64?] = [nil, .min, -1, 0, 1, 10, 90, .max]
    let documents = values.enumerated().map { number, value in
      var document = Document(key: DocumentKey("k\(number)"), ["text": "企业"])
      if let value {
        document.fields["cited"] = .integer(value)
        document.fields["day"] = .date(CalendarDate(days: Int32(clamping: value)))
      }
      return document
    }
    let searcher = try index("index", documents, parts: 1).searcher()
    let plain = try #require(try search(searcher, []).first).score
    func shares(_ priors: Prior...) throws -> [Double] {
      let hits = try search(searcher, priors)
      #expect(hits.count == documents.count)
      return try documents.map { document in try #require(hits.first { $0.key == document.key }).score - plain }
    }
    let numbers = try shares(.number("cited", weight: 2, pivot: 10))
    for (share, wanted) in zip(numbers, [0, 0, 0, 0, 2.0 / 11, 1, 1.8, 2]) { #expect(abs(share - wanted) < 0x1p-20, "\(numbers)") }
    let days = try shares(.date("day", weight: 2, days: 30, before: CalendarDate(days: 90)))
    for (share, wanted) in zip(days, [0, 0, 60.0 / 121, 0.5, 60.0 / 119, 60.0 / 110, 2, 2]) {
      #expect(abs(share - wanted) < 1e-5, "\(days)")
    }
    let both = try shares(.number("cited", weight: 2, pivot: 10), .date("day", weight: 2, days: 30, before: CalendarDate(days: 90)))
    #expect(both == zip(numbers, days).map { $0 + $1 })
    #expect(try shares(.number("cited", weight: 0)).allSatisfy { $0 == 0 })
    // It finds nothing, is no condition, and is not counted.
    var parameters = RankingParameters()
    parameters.priors = [.number("cited", weight: 2)]
    let none = try searcher.search(.text("没有"), limit: 10, parameters: parameters)
    #expect(none.hits.isEmpty && none.total == 0)
    #expect(try searcher.search(.text("企业"), limit: 0, parameters: parameters).total == documents.count)
  }

  @Test func `it lifts what a query alone would not find among the first`() throws {
    var documents = (0..<3000).map { Document(key: DocumentKey("k\(10_000 + $0)"), ["text": "企业 企业 企业"]) }
    documents.append(Document(key: "z", ["text": "企业和许多别的事情", "cited": 5000]))
    let searcher = try index("index", documents, parts: 2).searcher()
    #expect(try search(searcher, [], limit: 1).first?.key == "k10000")
    #expect(try search(searcher, [.number("cited", weight: 1)], limit: 1).first?.key == "z")
    // In an order by another key the scores are the same.
    let sorted = try search(searcher, [.number("cited", weight: 1)], options: SearchOptions(sort: [.descending("cited")]))
    #expect(try sorted.first?.score == search(searcher, [.number("cited", weight: 1)], limit: 1).first?.score)
  }

  @Test(arguments: SeededRandom.seeds(2)) func `scores are the same bits in any segments, and in shards`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let documents = (0..<900).map { number in
      var document = Document(
        key: DocumentKey("k\(number)"), ["text": .text("企业 " + RandomText.make(random.below(20), hostility: 0, &random))])
      if random.chance(2, in: 3) { document.fields["cited"] = .integer(Int64(random.below(1000))) }
      if random.chance(2, in: 3) { document.fields["day"] = .date(CalendarDate(days: Int32(random.below(20_000)))) }
      return document
    }
    let priors: [Prior] = [.number("cited", weight: 0.7, pivot: 33.3), .date("day", weight: 1.3, before: CalendarDate(days: 19_000))]
    let expected = try search(index("one", documents, parts: 1).searcher(), priors).map { [$0.key.description, $0.score.description] }
    let many = try index("many", documents, parts: 7)
    #expect(try search(many.searcher(), priors).map { [$0.key.description, $0.score.description] } == expected, "\(random.advice)")
    try many.merge()
    #expect(try search(many.searcher(), priors).map { [$0.key.description, $0.score.description] } == expected, "\(random.advice)")
    let shards = try (0..<3).map { part in
      try index("shard\(part)", documents.enumerated().filter { $0.offset % 3 == part }.map(\.element), parts: 2).searcher()
    }
    var options = SearchOptions()
    options.statistics = try shards[1...].reduce(shards[0].statistics(of: .text("企业"))) { try $0 + $1.statistics(of: .text("企业")) }
    let hits = try shards.flatMap { try search($0, priors, options: options) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key }
    #expect(hits.prefix(100).map { [$0.key.description, $0.score.description] } == expected, "\(random.advice)")
  }

  @Test func `an explanation has a row for it`() throws {
    let searcher = try index("index", [Document(key: "a", ["text": "企业", "cited": 10, "issuer": "甲"])], parts: 1).searcher()
    var parameters = RankingParameters()
    parameters.priors = [
      .number("cited", weight: 3), .date("day", weight: 2, before: CalendarDate(days: 0)),
    ]
    let options = SearchOptions(filters: [.field("issuer", .text("甲"))])
    let explanation = try #require(try searcher.explain(.text("企业"), key: "a", parameters: parameters, options: options))
    let hit = try #require(try searcher.search(.text("企业"), limit: 1, parameters: parameters, options: options).hits.first)
    #expect(explanation.score == hit.score && explanation.matches)
    func rows(_ part: Explanation.Part) -> [Explanation.Part] { (part.kind == .prior ? [part] : []) + part.parts.flatMap(rows) }
    let rows = rows(explanation.root)
    #expect(rows.map { $0.scope.map(\.field) } == [["cited"], ["day"]] && rows.map(\.text) == ["10", ""])
    #expect(rows.map(\.score) == [1.5, 0] && rows.map(\.matches) == [true, false] && rows.allSatisfy { $0.role == .preference })
    // A passage that the query does not find has nothing of it.
    #expect(try searcher.explain(.text("没有"), key: "a", parameters: parameters)?.score == 0)
  }

  @Test func `what cannot be is refused`() throws {
    let searcher = try index("index", [Document(key: "a", ["text": "企业"])], parts: 1).searcher()
    let day = CalendarDate(days: 0)
    let wrong: [[Prior]] = [
      [.number("nothing", weight: 1)], [.number("text", weight: 1)], [.number("issuer", weight: 1)], [.number("day", weight: 1)],
      [.date("cited", weight: 1, before: day)], [.number("cited", weight: -1)], [.number("cited", weight: .nan)],
      [.number("cited", weight: 1001)], [.number("cited", weight: 1, pivot: 0)], [.number("cited", weight: 1, pivot: .infinity)],
      [.date("day", weight: 1, days: .nan, before: day)], Array(repeating: .number("cited", weight: 1), count: Prior.maximumCount + 1),
    ]
    for priors in wrong {
      let error = #expect(throws: IndexError.self, "\(priors)") { try search(searcher, priors) }
      #expect(error?.code == .invalidArgument)
    }
    #expect(try search(searcher, Array(repeating: .number("cited", weight: 1000), count: Prior.maximumCount)).count == 1)
  }

  @Test func `a field that segments were written without gives nothing there`() throws {
    var index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
    try index.update { try $0.add(Document(key: "old", ["text": "企业"])) }
    try index.addField(.integer("cited"))
    try index.update { try $0.add(Document(key: "young", ["text": "企业", "cited": 1])) }
    let hits = try search(SearchIndex(at: index.path).searcher(), [.number("cited", weight: 1, pivot: 1)])
    #expect(hits.map(\.key) == ["young", "old"] && hits[0].score == hits[1].score + 0.5)
  }
}
