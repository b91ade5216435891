// Does a query that names a title or a label find its passages first, and score as the definitions say?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@testable import SuoyinAnalysis

@Suite struct NameSearchTests {
  static let schema = Schema([.text("title", role: .title), .text("label", role: .label), .text("text")])
  static let boosted = Schema([
    .text("title", boost: 2.5, role: .title), .text("label", role: .label), .text("text"), .text("name", apart: true, role: .title),
  ])

  static let titles = [
    "中华人民共和国刑法", "中华人民共和国刑法修正案", "刑法修正案", "最高人民法院关于适用《中华人民共和国刑法》的解释（二）", "关于适用刑法的解释", "法院", "GB 5", "GB 5 标准（试行）", "标准",
    "甲", "中华人民共和国", "（试行）", "", "关于企业，和政府。的规定",
  ]
  static let labels = ["第一条", "第2条", "第二条之一", "（三）", "3", "第一条 总则", "第一章"]
  static let pieces = titles + labels + ["刑法", "修正案", "适用刑法的解释", "解释（二）", "企业和政府的规定", "人民", "，", "。", " ", "的", "最高人民法院"]

  private static func document(_ number: Int, _ random: inout SeededRandom) -> Document {
    var fields: [String: FieldValue] = ["title": .text(random.element(titles)), "label": .text(random.element(labels))]
    fields["text"] = .text(random.element(pieces) + RandomText.make(random.below(12), hostility: 2, &random) + random.element(pieces))
    return Document(key: DocumentKey("k\(number)"), fields)
  }

  private static func query(_ random: inout SeededRandom) -> String {
    (0...random.below(4)).map { _ in random.element(pieces) }.joined()
  }

  private func terms(_ title: String) throws -> Set<String> {
    var analysis = try Analyzer(.chinese).analyze(title)
    analysis.addTitleTerms()
    return Set(analysis.tokens().filter { $0.rule == .title }.map(\.term))
  }

  @Test func `a title has the forms in which it is named`() throws {
    #expect(try terms("中华人民共和国刑法") == ["《刑法"])
    #expect(try terms("中華人民共和國刑法（２０２０年修正）") == ["《刑法", "《刑法2020年修正"])
    #expect(
      try terms("最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）")
        == [
          "《最高人民法院关于适用民法典婚姻家庭编的解释一", "《最高人民法院关于适用民法典婚姻家庭编的解释", "《关于适用民法典婚姻家庭编的解释一", "《关于适用民法典婚姻家庭编的解释",
        ])
    #expect(try terms("关于进一步做好工作的通知") == ["《关于进一步做好工作的通知"])
    #expect(try terms("GB/T 36073-2018") == ["《gb t 36073 2018"])
    for title in ["", "甲", "。", "中华人民共和国", "（试行）甲", String(repeating: "长", count: 300)] {
      #expect(try terms(title).isSubset(of: ["《试行甲"]), "\(title)")
    }
    #expect(try terms(String(repeating: "长", count: 84)).count == 1)
    #expect(try terms(String(repeating: "长", count: 85)).isEmpty)
  }

  @Test func `only a number that begins with 第 is a label by which a passage is named`() throws {
    func terms(_ label: String) throws -> [String] {
      var analysis = try Analyzer(.chinese).analyze(label)
      analysis.addLabelTerm()
      return analysis.tokens().filter { $0.rule == .label }.map(\.term)
    }
    #expect(try terms("第十七条") == ["§第17条"])
    #expect(try terms("第１７条之一") == ["§第17条之1"])
    for label in ["十七", "17", "17条", "（三）", "第十七条 总则", "二、第三条", ""] { #expect(try terms(label).isEmpty, "\(label)") }
  }

  @Test func `the article that is cited comes before those that mention it`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    try index.update { writer in
      for law in ["中华人民共和国企业破产法", "企业破产法实施条例", "渔业法"] {
        for (number, article) in ["一", "二", "三", "十", "十一"].enumerated() {
          let text = law == "渔业法" ? "企业破产法第十条、企业破产法实施条例第十条和企业破产法第十条。" : "适用本法第十条。"
          try writer.add(
            Document(
              key: DocumentKey("\(law)\(article)"),
              ["title": .text(law), "label": .text("第\(article)条"), "text": .text("\(text)\(number)")]))
        }
      }
    }
    let searcher = try index.searcher()
    for (query, key) in [
      ("企业破产法第十条", "中华人民共和国企业破产法十"), ("《企业破产法》第 10 条", "中华人民共和国企业破产法十"), ("企業破產法實施條例 第１１條", "企业破产法实施条例十一"),
      ("渔业法第二条怎么说", "渔业法二"),
    ] {
      #expect(try searcher.search(query, limit: 1).hits.first?.key == DocumentKey(key), "\(query)")
    }
    // A longer title that the query does not hold whole has no part in it.
    let hits = try searcher.search("企业破产法", limit: 5).hits
    #expect(hits.allSatisfy { "\($0.key)".hasPrefix("中华人民共和国企业破产法") })
  }

  @Test(arguments: SeededRandom.seeds(4)) func `equals the model`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var modelled = try ModelledIndex(random.chance(1, in: 3) ? Self.boosted : Self.schema, unitMemory: 4000)
    for _ in 0..<4 {
      let documents = (0..<40).map { _ in Self.document(random.below(150), &random) }
      try modelled.index.update { writer in for document in documents { try writer.add(document) } }
      for document in documents { try modelled.model.replace(document.key, with: [document]) }
      var parameters = RankingParameters()
      if random.chance(1, in: 2) {
        (parameters.titleWeight, parameters.citationWeight) = (Double(random.below(3)), Double(random.below(2)))
      }
      for _ in 0..<25 {
        let text = Query.text(Self.query(&random))
        let field = random.element(modelled.index.schema.fields.map(\.name))
        let query = random.element([text, text, .field(field, text), .all([text, .text(Self.query(&random))]), .weighted(text, 2)])
        try modelled.compare(query, parameters, limit: 1 + random.below(9), comment: random.advice)
      }
    }
    try modelled.checkSoundness(random.advice)
  }

  @Test(arguments: SeededRandom.seeds(3)) func `parts of a collection score as the whole`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let directory = try TemporaryDirectory()
    let all = try SearchIndex.create(at: directory.path("all"), schema: Self.schema)
    let parts = try (0..<3).map { try SearchIndex.create(at: directory.path("part\($0)"), schema: Self.schema) }
    for number in 0..<90 {
      let document = Self.document(number, &random)
      let part = parts[random.below(3)]
      for index in [all, part] { try index.update { try $0.add(document) } }
      if random.chance(1, in: 8) { for index in [all, part] { try index.update { _ = try $0.delete(document.key) } } }
    }
    let whole = try all.searcher()
    for _ in 0..<60 {
      let query = Query.text(Self.query(&random))
      guard let expected = try? whole.search(query, limit: 20, parameters: RankingParameters()) else { continue }
      let searchers = try parts.map { try $0.searcher() }
      var sum = try searchers[0].statistics(of: query)
      for part in searchers.dropFirst() { sum = try sum + part.statistics(of: query) }
      var found: [(score: Double, key: DocumentKey)] = []
      for part in searchers {
        let results = try part.search(query, limit: 20, parameters: RankingParameters(), options: SearchOptions(statistics: sum))
        found += results.hits.map { ($0.score, $0.key) }
      }
      found.sort { $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key }
      #expect(found.prefix(20).map(\.key) == expected.hits.map(\.key), "\(query) \(random.advice)")
      #expect(found.prefix(20).map(\.score) == expected.hits.map(\.score), "\(query) \(random.advice)")
    }
  }

  @Test func `roles are kept with the schema, and refused where they mean nothing`() throws {
    let directory = try TemporaryDirectory()
    for schema in [Self.schema, Self.boosted, Schema([.text("a", stemming: .english, stored: false, role: .label)])] {
      let path = directory.path("\(schema.fields.count)")
      _ = try SearchIndex.create(at: path, schema: schema)
      #expect(try SearchIndex(at: path).schema == schema)
    }
    #expect(throws: IndexError.self) {
      try SearchIndex.create(at: directory.path("x"), schema: Schema([Field(name: "a", kind: .keyword, role: .title)]))
    }
    #expect(throws: IndexError.self) {
      try SearchIndex.create(at: directory.path("x"), schema: Schema([.text("a", role: .title)], analyzer: .bigram))
    }
  }

  @Test func `a long query takes no longer than its first cells`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    try index.update { writer in
      for length in 2..<80 {
        try writer.add(Document(key: DocumentKey("k\(length)"), ["title": .text(String(repeating: "长", count: length))]))
      }
    }
    let clock = ContinuousClock()
    let elapsed = try clock.measure { _ = try index.searcher().search(String(repeating: "长", count: 20_000), limit: 1) }
    #expect(elapsed < .seconds(20))
  }
}
