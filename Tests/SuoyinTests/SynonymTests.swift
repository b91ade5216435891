// Does a synonym find what its group says, mark it, and leave quoted text alone?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct SynonymTests {
  static let list = "\u{FEFF}# 示例\r\n环保, 环境保护\nGDP，国内生产总值、 国内总产值\r部委 => 国务院组成部门\n\nC#\tC Sharp # 语言\n法人, 公司"

  private func searcher(_ texts: [String], schema: Schema = Schema([.text("title"), .text("text"), .keyword("issuer")])) throws
    -> (TemporaryDirectory, Searcher, NaiveIndex)
  {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    var model = try NaiveIndex(schema)
    try index.update { writer in
      for text in texts {
        let document = Document(key: text, ["text": text, "issuer": "环保"])
        try writer.add(document)
        try model.replace(document.key, with: [document])
      }
    }
    return (directory, try index.searcher(), model)
  }

  private func keys(_ results: SearchResults) -> Set<String> { Set(results.hits.map { "\($0.key)" }) }

  static let texts = ["环保法规", "环境保护法规", "環境保護的法規", "国内生产总值增长", "gdp增长", "国务院组成部门", "各部委", "C Sharp入门", "司法人员", "公司", "法人", "无关"]

  @Test(arguments: [
    ("环保", ["环保法规", "环境保护法规", "環境保護的法規"]), ("環保", ["环保法规", "环境保护法规", "環境保護的法規"]), ("环境保护 AND 法规", ["环保法规", "环境保护法规", "環境保護的法規"]),
    ("\"环保\"", ["环保法规"]), ("ＧＤＰ", ["国内生产总值增长", "gdp增长"]), ("+国内总产值", ["国内生产总值增长", "gdp增长"]), ("部委", ["国务院组成部门", "各部委"]),
    ("+国务院组成部门", ["国务院组成部门"]), ("法规 NOT 环保", []), ("增长 -国内生产总值", []), ("增长 -\"国内生产总值\"", ["gdp增长"]),
    ("text:环保", ["环保法规", "环境保护法规", "環境保護的法規"]),
    ("title:环保", []), ("issuer:环境保护", []), ("+环保法规", ["环保法规", "环境保护法规"]), ("+司法人员", ["司法人员"]), ("+C#", ["C Sharp入门"]),
    ("法人", ["法人", "公司", "司法人员"]),
  ])
  func `a word finds its group, but for quoted text and keyword fields`(query: String, expected: [String]) throws {
    let (directory, searcher, _) = try searcher(Self.texts)
    let options = SearchOptions(synonyms: try Synonyms(parsing: Self.list))
    #expect(keys(try searcher.search(query, limit: 100, options: options)) == Set(expected))
    withExtendedLifetime(directory) {}
  }

  @Test func `an alternative is a quoted text of half the weight`() throws {
    let (directory, searcher, model) = try searcher(Self.texts)
    let options = SearchOptions(synonyms: try Synonyms(parsing: Self.list))
    let expansions: [(asked: Query, meant: Query)] = [
      (.text("环保的增长"), .any([.text("环保的增长"), .weighted(.quoted("环境保护"), 0.5)])),
      (
        .text("部委GDP"),
        .any([
          .text("部委GDP"), .weighted(.quoted("国务院组成部门"), 0.5), .weighted(.quoted("国内生产总值"), 0.5), .weighted(.quoted("国内总产值"), 0.5),
        ])
      ),
      (.literal("环保法规"), .any([.literal("环保法规"), .weighted(.literal("环境保护法规"), 0.5)])),
      (.quoted("环保"), .quoted("环保")), (.field("issuer", .text("环保")), .field("issuer", .text("环保"))),
    ]
    for (asked, meant) in expansions {
      let expected = try #require(try model.search(meant))
      let results = try searcher.search(asked, limit: 100, parameters: RankingParameters(), options: options)
      #expect(keys(results) == Set(expected.keys.map { "\($0)" }), "\(asked)")
      for hit in results.hits { #expect(abs(hit.score - (expected[hit.key] ?? 0)) < 1e-5, "\(asked)") }
    }
    // What is asked for itself comes first.
    #expect(try searcher.search("环境保护", options: options).hits.first?.key == "环境保护法规")
    #expect(try searcher.search("环保", options: options).hits.first?.key == "环保法规")
    withExtendedLifetime(directory) {}
  }

  @Test func `synonyms are highlighted with the bytes of the text`() throws {
    let (directory, searcher, _) = try searcher(Self.texts)
    let options = SearchOptions(synonyms: try Synonyms(parsing: Self.list))
    let hits = try searcher.search("环保 AND 法規", options: options).hits
    let hit = try #require(hits.first { $0.key == "環境保護的法規" })
    #expect(try hit.highlights(in: "text") == [0..<12, 15..<21])
    withExtendedLifetime(directory) {}
  }

  @Test func `expansion does not go on, and has bounds`() throws {
    let (directory, searcher, _) = try searcher(["甲一", "乙一", "丙一"])
    let chain = SearchOptions(synonyms: try Synonyms(parsing: "甲一,乙一\n乙一,丙一"))
    #expect(keys(try searcher.search("+甲一", options: chain)) == ["甲一", "乙一"])
    #expect(keys(try searcher.search("+乙一", options: chain)) == ["甲一", "乙一", "丙一"])
    // 64 alternatives for each of 2,000 words would be 128,000.
    let group = (0..<64).map { "词\($0)x" }.joined(separator: ",")
    let long = SearchOptions(synonyms: try Synonyms(parsing: "\(group)\n一,壹\n"))
    let many = (0..<2000).map { "词\($0 % 64)x" }.joined(separator: "，")
    #expect(throws: Never.self) { try searcher.search(many, options: long) }
    #expect(throws: Never.self) { try searcher.search("+\(String(repeating: "词3x。", count: 5000))", options: long) }
    withExtendedLifetime(directory) {}
  }

  @Test(arguments: [
    ("a,b\n\nc\n", 3), ("# x\r\na => \n", 2), ("=> b", 1), ("a => b => c", 1), ("a, 。\n", 1), ("甲,\(String(repeating: "长", count: 86))", 1),
    ("x,y\r" + (0...64).map { "w\($0)" }.joined(separator: ","), 2),
  ])
  func `a wrong line is named`(list: String, line: Int) throws {
    let error = #expect(throws: WordListError.self) { _ = try Synonyms(parsing: list) }
    #expect(error?.line == line)
    #expect(error?.description.hasPrefix("line \(line): ") == true)
  }

  @Test func `a list has a longest length and a largest number of lines`() throws {
    #expect(throws: WordListError.self) { _ = try Synonyms(parsing: String(repeating: "a,b\n", count: 100_001)) }
    #expect(throws: WordListError.self) { _ = try Synonyms(parsing: "#" + String(repeating: "x", count: 16 << 20)) }
    #expect(throws: Never.self) { _ = try Synonyms(parsing: "") }
  }
}

@Suite struct StopWordTests {
  private func searcher(_ texts: [String]) throws -> (TemporaryDirectory, Searcher) {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
    try index.update { writer in for text in texts { try writer.add(Document(key: text, ["text": text])) } }
    return (directory, try index.searcher())
  }

  @Test func `stop words are not asked for, unless there is nothing else`() throws {
    let (directory, searcher) = try searcher(["书的价格", "你的目的", "安全的生产", "和平", "the law", "其他"])
    let options = SearchOptions(stopWords: try StopWords(parsing: "的 # 助词\n和，是\r\nTHE\n"))
    func keys(_ query: String, _ options: SearchOptions = options) throws -> Set<String> {
      Set(try searcher.search(query, options: options).hits.map { "\($0.key)" })
    }
    #expect(try keys("安全 的", SearchOptions()).isSuperset(of: ["书的价格", "安全的生产"]))
    #expect(try keys("安全 的") == ["安全的生产"])
    #expect(try keys("的") == ["书的价格", "你的目的", "安全的生产"])
    #expect(try keys("是的") == keys("是的", SearchOptions()))
    #expect(try keys("\"的\"") == ["书的价格", "你的目的", "安全的生产"])
    #expect(try keys("+的 安全") == ["书的价格", "你的目的", "安全的生产"])
    #expect(try keys("目的") == ["你的目的"])
    #expect(try keys("the 书") == ["书的价格"])
    // A pair that a stop word shares with another word is asked for: 全的 ranks 安全的生产 as without the list.
    let hit = try #require(try searcher.search("安全 的", options: options).hits.first)
    #expect(try hit.highlights(in: "text") == [0..<9])
    withExtendedLifetime(directory) {}
  }

  @Test func `a wrong line is named`() {
    #expect(throws: WordListError(message: "'。' holds no letter, number or character to look for", line: 2)) {
      _ = try StopWords(parsing: "的\n。")
    }
  }
}
