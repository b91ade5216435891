// Does an explanation say what a search does?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct ExplanationTests {
  static let schema = Schema([
    .text("title", boost: 2, role: .title), .text("label", role: .label), .text("text"), .keyword("issuer", role: .document),
    .integer("year"),
    .date("date"),
    .text("names", apart: true), .pinyin("pinyin", of: "title"),
  ])
  static let plain = Schema([
    .text("title", role: .title), .text("label", role: .label), .text("text"), .keyword("issuer", role: .document), .integer("year"),
    .date("date"),
  ])
  static let titles = ["人民政府条例", "制造业促进条例（试行）", "企业人民制造办法", "条"]
  static let labels = ["第十七条", "第3条", "第二条之一"]

  /// An index of several segments, with deletions.
  private func searcher(_ schema: Schema, _ random: inout SeededRandom) throws -> (TemporaryDirectory, Searcher) {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    for round in 0..<4 {
      try index.update { writer in
        for _ in 0..<30 {
          var document = EngineModelTests.document("k\(round * 15 + random.below(40))", schema, &random)
          if random.chance(1, in: 3) { document.fields["title"] = .text(random.element(Self.titles)) }
          if random.chance(1, in: 3) { document.fields["label"] = .text(random.element(Self.labels)) }
          try writer.add(document)
        }
        for _ in 0..<6 { _ = try writer.delete(DocumentKey("k\(random.below(90))")) }
      }
    }
    return (directory, try index.searcher())
  }

  private func query(_ schema: Schema, _ depth: Int, _ random: inout SeededRandom) -> Query {
    switch random.below(12) {
    case 0: .text(random.element(Self.titles) + random.element(["", "的", "，"]) + random.element(Self.labels))
    case 1:
      .all([EngineModelTests.query(schema, depth, &random), .range("year", from: .integer(Int64(random.below(1500))), through: nil)])
    case 2: .any([query(schema, depth, &random), .range("date", from: nil, through: .date(CalendarDate(days: 20_000)))])
    case 3 where schema["pinyin"] != nil: .field("pinyin", .text(random.element(["renmin zhengfu", "zhizaoye", "rm", "tiaoli"])))
    case 4: .preferring(.text("政府"), query(schema, depth, &random))
    default: EngineModelTests.query(schema, depth, &random)
    }
  }

  private func options(_ random: inout SeededRandom) throws -> SearchOptions {
    var options = SearchOptions()
    if random.chance(1, in: 3) { options.stopWords = StopWords(["政府", "的", "条"]) }
    if random.chance(1, in: 3) { options.synonyms = try Synonyms(parsing: "政府, 企业\n制造, 条例, 人民") }
    if random.chance(1, in: 4) { options.filters = [.field("issuer", .text("河北省"))] }
    if random.chance(1, in: 6) { options.filters.append(.range("year", from: nil, through: .integer(2500))) }
    return options
  }

  private func leaves(_ part: Explanation.Part) -> [Explanation.Part] {
    part.parts.isEmpty || part.kind == .near ? [part] : part.parts.flatMap(leaves)
  }

  private func kindsOfAll(_ part: Explanation.Part) -> Set<Explanation.Part.Kind> {
    part.parts.reduce(into: [part.kind]) { $0.formUnion(kindsOfAll($1)) }
  }

  /// Whether a leaf's share is what its own numbers give.
  private func isComputed(_ leaf: Explanation.Part, _ explanation: Explanation) -> Bool {
    guard let found = leaf.statistics, leaf.share > 0 else { return true }
    let ratio = zip(found.length, found.averageLength).map { Double($0) / $1 }
    let norm = explanation.k1 * (ratio.map { 1 - explanation.b + explanation.b * $0 } ?? 1)
    return abs(Double(leaf.share) - found.weight * 0x1p20 * found.frequency / (found.frequency + norm)) < 1.5
  }

  private func zip<A, B>(_ first: A?, _ second: B?) -> (A, B)? { first.flatMap { first in second.map { (first, $0) } } }

  @Test(arguments: SeededRandom.seeds(4)) func `shares sum to the score of every hit, and what is no hit does not match`(seed: UInt64)
    throws
  {
    var random = SeededRandom(seed: seed)
    let schema = seed % 2 == 0 ? Self.schema : Self.plain
    let (directory, searcher) = try searcher(schema, &random)
    defer { withExtendedLifetime(directory) {} }
    #expect(searcher.index.segments.count > 1 && searcher.index.segments.contains { $0.deleted != nil })
    var keys: [DocumentKey] = []
    try searcher.forEachDocument { keys.append($0.key) }
    var (pairs, others) = (0, 0)
    var kinds: Set<Explanation.Part.Kind> = []
    let wanted = setting("SUOYIN_ROUNDS", default: 1) * 400
    while pairs < wanted || others < wanted {
      let query = query(schema, 2, &random)
      var parameters = RankingParameters()
      if random.chance(1, in: 3) {
        parameters.k1 = Double(random.below(20)) / 10
        parameters.b = Double(random.below(11)) / 10
        parameters.pairWeight = Double(random.below(3)) / 2
        parameters.cellWeight = Double(random.below(3))
      }
      if random.chance(1, in: 3) { parameters.priors = EngineModelTests.priors(&random) }
      let options = try options(&random)
      guard let results = try? searcher.search(query, limit: 1000, parameters: parameters, options: options) else { continue }
      let scores = Dictionary(uniqueKeysWithValues: results.hits.map { ($0.key, $0.score) })
      let asked = results.hits.shuffled(using: &random).prefix(4).map(\.key) + (0..<4).map { _ in random.element(keys) }
      for key in asked {
        let comment: Comment = "\(key) of \(query); \(random.advice)"
        let explanation = try #require(try searcher.explain(query, key: key, parameters: parameters, options: options), comment)
        #expect(explanation.matches == (scores[key] != nil) && explanation.obstacles.isEmpty == explanation.matches, comment)
        #expect(explanation.score == scores[key] ?? 0, comment)
        let leaves = leaves(explanation.root)
        #expect(leaves.reduce(0) { $0 + $1.share } == Int64((scores[key] ?? 0) * 0x1p20), comment)
        for leaf in leaves {
          #expect(isComputed(leaf, explanation), "\(leaf) of \(comment)")
          #expect(leaf.statistics.map { ($0.frequency > 0) == leaf.matches } ?? true, "\(leaf) of \(comment)")
        }
        kinds.formUnion(kindsOfAll(explanation.root))
        if scores[key] != nil { pairs += 1 } else { others += 1 }
      }
    }
    // Where fields count differently, a character alone is all pairs that begin with it.
    let known = Set(Explanation.Part.Kind.allCases).subtracting(schema == Self.schema ? [.single] : [])
    #expect(kinds.isSuperset(of: known), "\(known.subtracting(kinds)); \(random.advice)")
    #expect(try searcher.explain(.text("政府"), key: "nobody") == nil)
  }

  @Test func `a passage that is not found says what stands in its way`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text"), .keyword("issuer")]))
    try index.update { writer in
      try writer.add(Document(key: "a", ["text": "安全生产责任", "issuer": "河北省"]))
      try writer.add(Document(key: "b", ["text": "企业", "issuer": "浙江省"]))
    }
    let searcher = try index.searcher()
    func obstacles(_ query: Query, _ options: SearchOptions = SearchOptions()) throws -> [String] {
      try #require(try searcher.explain(query, key: "a", options: options)).obstacles.map {
        switch $0 {
        case .missing(let part): "missing \(part.kind) \(part.text)\(part.parts.map(\.text))"
        case .excluded(let part): "excluded \(part.text)"
        }
      }
    }
    #expect(try obstacles(.all([.quoted("安全"), .quoted("企业")])) == [#"missing sequence "企业"[]"#])
    #expect(try obstacles(.all([.quoted("安全"), .quoted("没有")])) == [#"missing absent "没有"[]"#])
    #expect(try obstacles(.excluding(.quoted("安全"), .quoted("责任"))) == [#"excluded "责任""#])
    #expect(try obstacles(.atLeast(2, [.quoted("安全"), .quoted("企业"), .quoted("没有")])).count == 1)
    #expect(try obstacles(.quoted("安全"), SearchOptions(filters: [.field("issuer", .text("浙江省"))])) == ["missing value 浙江省[]"])
    #expect(try obstacles(.preferring(.quoted("安全"), .quoted("企业"))) == [])
  }

  @Test func `statistics are those of the index`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
    try index.update { writer in
      for (key, text) in [("a", "安全，安全"), ("b", "安全"), ("c", "企业")] {
        try writer.add(Document(key: DocumentKey(key), ["text": .text(text)]))
      }
    }
    let explanation = try #require(try index.searcher().explain(.text("安全"), key: "a"))
    let word = try #require(leaves(explanation.root).first { $0.kind == .word })
    #expect(word.text == "安全" && word.statistics?.documentFrequency == 2 && word.statistics?.frequency == 2 && word.statistics?.length == 2)
    #expect(explanation.passageCount == 3 && abs((word.statistics?.averageLength ?? 0) - 4.0 / 3) < 1e-12)
    #expect(word.statistics?.idf == BM25.idf(documentFrequency: 2, passageCount: 3))
  }
}
