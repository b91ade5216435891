// What happens at the borders of what an index can hold, on either side?
import Suoyin
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct LimitTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let schema = Schema([.text("title"), .text("body"), .keyword("tags"), .stored("note")])

  private func index(_ documents: [Document], _ schema: Schema = schema) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    try index.update { writer in for document in documents { try writer.add(document) } }
    #expect(try SearchIndex.check(at: index.path).isSound)
    return index
  }

  private func keys(_ query: Query, _ searcher: Searcher) throws -> [String] {
    try searcher.search(query, limit: 100, parameters: RankingParameters()).hits.map(\.key.description)
  }

  private func problem(_ body: () throws -> Void) -> String? {
    do { try body() } catch let error as IndexError where error.code == .invalidArgument { return error.message } catch { return nil }
    return nil
  }

  @Test(arguments: [255, 256, 600, 100_000]) func `a word is found whole, by its beginning and by a longer one`(length: Int) throws {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    var random = SeededRandom(seed: 9)
    let word = (0..<length).map { _ in String(random.element(Array(letters))) }.joined()
    let searcher = try index([Document(key: "1", ["body": "x \(word) y"]), Document(key: "2", ["body": word + "z"])]).searcher()
    // A word of more than 255 bytes is several cells, and its last one is another in 2, unless it ends where a cell does.
    #expect(try Set(keys(.quoted(word), searcher)).contains("1"))
    #expect(try keys(.quoted("x \(word) y"), searcher) == ["1"])
    #expect(try keys(.quoted(word + "z"), searcher) == ["2"])
    for prefix in [String(word.prefix(5)), String(word.prefix(255)), String(word.prefix(length - 1)), word] {
      #expect(try Set(keys(.prefix(prefix), searcher)) == ["1", "2"], "\(prefix.count)")
    }
    let hit = try #require(
      try searcher.search(.prefix(String(word.prefix(length - 1))), limit: 1, parameters: RankingParameters()).hits.first)
    #expect(try !hit.highlights(in: "body").isEmpty)
  }

  @Test func `a keyword value is looked up by its first 255 bytes, and deleted whole`() throws {
    let long = String(repeating: "省", count: 85)
    let values = ["\(long)", "\(long)甲", "\(long)乙", "a\(long)甲", "a\(long)乙", String(repeating: "長", count: 1 << 18)]
    let documents = values.enumerated().map { Document(key: DocumentKey("\($0)"), ["tags": .text($1)]) }
    let index = try index(documents)
    func found(_ query: Query) throws -> Set<String> { Set(try keys(.field("tags", query), index.searcher())) }
    // 85 characters are 255 bytes; with the letter only 84 of them fit, and no character is cut in two.
    #expect(try found(.text(values[1])) == ["0", "1", "2"])
    #expect(try found(.text(values[3])) == ["3", "4"])
    #expect(try found(.text(values[5])) == ["5"] && found(.prefix("長")) == ["5"] && found(.prefix(values[4])) == ["3", "4"])
    #expect(try index.searcher().terms(in: "tags").map(\.text.utf8.count) == [253, 255, 255])
    #expect(try index.searcher().document("5")?.fields["tags"] == .text(values[5]))
    #expect(try index.update { try $0.delete(where: "tags", is: values[1]) } == 1)
    #expect(try found(.text(values[1])) == ["0", "2"])
    // By a query it could not be told from others, wherever it stands in it.
    for query in [
      Query.field("tags", .quoted(values[1])), .all([.field("tags", .weighted(.text(values[1]), 0)), .text("甲")]),
      .range("tags", from: "a", through: .text(values[3])),
    ] {
      let message = problem { _ = try index.update { writer in try writer.delete(matching: query) } }
      #expect(message?.contains("by its beginning") ?? false, "\(query)")
    }
    #expect(try found(.text(values[1])) == ["0", "2"])
    #expect(try index.searcher().terms(in: "tags", limit: .max, order: .documentFrequency).count == 3)
    // The same before a segment is written.
    try index.update { writer in
      for document in documents { try writer.add(document) }
      #expect(try writer.delete(where: "tags", is: values[3]) == 1)
    }
    #expect(try found(.text(values[3])) == ["4"])
  }

  @Test func `a list of keywords has so many values and no more`() throws {
    let most = PassageLimits().keywordCount
    let values = (0..<most).map { "v\($0)" }
    let index = try index([Document(key: "1", ["tags": .list(values)])])
    #expect(try keys(.field("tags", .text("v\(most - 1)")), index.searcher()) == ["1"])
    let message = problem { try index.update { try $0.add(Document(key: "2", ["tags": .list(values + ["w"])])) } }
    #expect(message?.contains("65537 values") ?? false)
    // The writer stays usable.
    try index.update { writer in
      #expect(throws: IndexError.self) { try writer.add(Document(key: "2", ["tags": .list(values + ["w"])])) }
      try writer.add(Document(key: "3", ["tags": "v1"]))
    }
    #expect(try Set(keys(.field("tags", .text("v1")), index.searcher())) == ["1", "3"])
  }

  @Test func `the values of a passage have so many bytes together and no more`() throws {
    var limits = PassageLimits()
    limits.byteCount = 1000
    limits.normalizedByteCount = 1200
    func check(_ fields: [String: FieldValue]) -> String? {
      problem { _ = try Document(key: "1", fields).values(for: Self.schema, limits: limits) }
    }
    func text(_ count: Int) -> String { String(repeating: "a", count: count) }
    #expect(check(["title": .text(text(400)), "body": .text(text(600))]) == nil)
    #expect(check(["title": .text(text(400)), "body": .text(text(601))])?.contains("1001 bytes together") ?? false)
    #expect(check(["note": .text(text(1000))]) == nil && check(["note": .text(text(1001))]) != nil)
    #expect(check(["tags": .list([text(500), text(500)])]) == nil && check(["tags": .list([text(500), text(501)])]) != nil)
    // U+FDFA becomes 11 times as long: 36 of them 1188 bytes.
    let growing = String(repeating: "\u{FDFA}", count: 18)
    #expect(check(["title": .text(growing), "body": .text(growing + text(12))]) == nil)
    #expect(check(["title": .text(growing), "body": .text(growing + text(13))])?.contains("form that is compared") ?? false)
    #expect(check(["title": .text(growing), "tags": .list([growing, text(13)])]) != nil)
    #expect(check(["title": .text(growing), "note": .text(growing + growing)]) == nil)
    let real = PassageLimits()
    #expect(real.byteCount < 1 << 32 && real.normalizedByteCount < 1 << 31)
    // What the words, singles, pairs and further terms of one passage take in memory is counted in 32 bits.
    #expect(real.normalizedByteCount * 9 + (160 << 20) < 1 << 32 && real.normalizedByteCount <= Analyzer.maximumTextLength)
  }

  @Test func `no text spans more numbers of cells than it has bytes`() throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    for name in AnalyzerName.allCases {
      let analyzer = try Analyzer(name)
      for text in (0..<400).map({ _ in RandomText.make(random.below(30), hostility: 30, &random) }) + ["a!\nb!\nc", "。\n。\n政。\n政"] {
        let analysis = try analyzer.analyze(text)
        #expect(Int(analysis.extent) <= analysis.text.count, "\(name) '\(text)' \(random.advice)")
      }
    }
  }

  @Test func `keys, names and fields have their limits`() throws {
    let longest = String(repeating: "k", count: DocumentKey.maximumLength)
    let index = try index([Document(key: longest, ["body": "a"])])
    #expect(try index.searcher().document(DocumentKey(longest)) != nil)
    #expect(problem { try index.update { try $0.add(Document(key: longest + "k", ["body": "a"])) } }?.contains("1 to 4096 bytes") ?? false)
    #expect(problem { try index.update { try $0.add(Document(key: "", ["body": "a"])) } }?.contains("1 to 4096 bytes") ?? false)
    func create(_ fields: [Field]) -> String? {
      problem { _ = try SearchIndex.create(at: directory.path("other"), schema: Schema(fields)) }
    }
    let fields = (0..<Schema.maximumFieldCount).map { Field.text("f\($0)", apart: true) }
    #expect(create(fields + [.keyword("more")])?.contains("at most 64 fields") ?? false)
    #expect(create([.text(String(repeating: "f", count: 65))]) != nil)
    let many = try SearchIndex.create(at: directory.path("many"), schema: Schema(fields))
    try many.update { try $0.add(Document(key: "1", Dictionary(uniqueKeysWithValues: fields.map { ($0.name, "word \($0.name)") }))) }
    for field in fields { #expect(try keys(.field(field.name, .quoted("word \(field.name)")), many.searcher()) == ["1"]) }
    #expect(try SearchIndex.check(at: many.path).isSound)
  }

  @Test func `a segment has so many passages and no more`() throws {
    let most = MergePolicy.maximumPassageCount
    #expect(most == Int(Int32.max) - 1)
    func segments(_ count: Int) -> [MergePolicy.Segment] {
      (0..<MergePolicy.factor).map { .init(level: 3, passageCount: $0 == 0 ? count : 1, liveCount: $0 == 0 ? count : 1) }
    }
    #expect(MergePolicy.next(segments(most - 7))?.range == 0..<8)
    #expect(MergePolicy.next(segments(most - 6)) == nil)
    try MergePolicy.check(most, "here")
    #expect(problem { try MergePolicy.check(most + 1, "here") }?.contains("leave the index in several") ?? false)
  }

  @Test func `a query asks for so many terms and no more`() throws {
    let searcher = try index([Document(key: "1", ["body": "a0 b0"])], Schema([.text("body")], analyzer: .whitespace)).searcher()
    func query(_ count: Int) -> Query { .text((0..<count).map { "a\($0)" }.joined(separator: " ")) }
    #expect(try keys(query(1 << 17), searcher) == ["1"])
    #expect(problem { _ = try keys(query((1 << 17) + 1), searcher) }?.contains("131072 terms") ?? false)
  }

  @Test func `a re-ranking has up to a thousand hits, and a ranking up to sixteen priors`() throws {
    let schema = Schema([.text("body"), .integer("cited")])
    let searcher = try index((0..<1001).map { Document(key: DocumentKey("\($0)"), ["body": "企业", "cited": 1]) }, schema).searcher()
    func search(depth: Int = 1, priors: Int = 0, weight: Double = 1) throws -> SearchResults {
      var parameters = RankingParameters()
      parameters.priors = Array(repeating: .number("cited", weight: weight, pivot: 1), count: priors)
      let reranking = Reranking(depth: depth) { $0.map { Double($0.rank) } }
      return try searcher.search(.text("企业"), limit: 1001, parameters: parameters, options: SearchOptions(reranking: reranking))
    }
    #expect(try search(depth: 1000).hits.map(\.rerankingScore) == (1...1000).reversed().map { Double($0) } + [nil])
    #expect(problem { _ = try search(depth: 1001) } == "the depth 1001 of a re-ranking is not in 1...1000")
    #expect(problem { _ = try search(depth: 0) } == "the depth 0 of a re-ranking is not in 1...1000")
    #expect(try search(priors: 16, weight: 1000).hits.first?.score ?? 0 > 8000)
    #expect(problem { _ = try search(priors: 17) } == "the ranking cannot be used: there are more than 16 priors")
    #expect(problem { _ = try search(priors: 1, weight: 1000.5) }?.contains("is not in 0...1000") ?? false)
  }
}
