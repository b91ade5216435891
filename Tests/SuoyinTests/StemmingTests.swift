// Are inflected words found where a field asks for it, and only there?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct StemmingTests {
  private static let schema = Schema([
    .text("title"), .text("abstract", stemming: .english), .text("notes", apart: true, stemming: .english),
  ])

  private func modelled() throws -> ModelledIndex {
    var modelled = try ModelledIndex(Self.schema)
    let rows: [(String, String, String, String)] = [
      ("a", "Running policies", "The runner ran", "x"), ("b", "标题", "Running enterprises' policies，运行", "development"),
      ("c", "标题", "run enterprise policy 415X", "developed"),
      ("d", "developing", "其他", "无"),
    ]
    for (key, title, abstract, notes) in rows {
      let document = Document(key: key, ["title": title, "abstract": abstract, "notes": notes])
      try modelled.index.update { try $0.add(document) }
      try modelled.model.replace(document.key, with: [document])
    }
    return modelled
  }

  @Test(arguments: [
    ("runs", ["b", "c"]), ("abstract:runs", ["b", "c"]), ("title:runs", []), ("title:running", ["a"]), ("Policy", ["b", "c"]),
    ("\"policy\"", ["c"]), ("+policy", ["c"]),
    ("enterprises", ["b", "c"]), ("notes:develop", ["b", "c"]), ("develop", []), ("developing", ["d"]), ("running", ["a", "b", "c"]),
    ("415", ["c"]),
  ])
  func `an unquoted word is found in every inflection, in the fields that stem`(query: String, expected: [String]) throws {
    let modelled = try modelled()
    #expect(Set(try modelled.index.searcher().search(query).hits.map { "\($0.key)" }) == Set(expected))
    try modelled.checkSoundness(query)
  }

  @Test func `scores are the definition's`() throws {
    let modelled = try modelled()
    for text in ["runs", "running policies", "enterprise 运行", "415", "developed"] {
      for query in [
        Query.text(text), .quoted(text), .literal(text), .field("abstract", .text(text)), .field("title", .text(text)),
        .field("notes", .text(text)),
      ] {
        try modelled.compare(query, comment: text)
      }
    }
  }

  @Test func `highlights are the words as they are written, in the fields that stem`() throws {
    let modelled = try modelled()
    let hit = try #require(try modelled.index.searcher().search("run policy").hits.first { $0.key == "b" })
    let text = Array(try #require(hit["abstract"]).utf8)
    #expect(try hit.highlights(in: "abstract").map { String(decoding: text[$0], as: UTF8.self) } == ["Running", "policies"])
    let other = try #require(try modelled.index.searcher().search("run OR running").hits.first { $0.key == "a" })
    #expect(try other.highlights(in: "title") == [0..<7])
  }

  @Test func `stems need the analyzer that has further terms, and are kept by the commit`() throws {
    let modelled = try modelled()
    #expect(try SearchIndex(at: modelled.index.path).schema == Self.schema)
    for analyzer in [AnalyzerName.icu, .bigram, .whitespace] {
      #expect(throws: IndexError.self) {
        try SearchIndex.create(at: TemporaryDirectory().path("index"), schema: Schema([.text("t", stemming: .english)], analyzer: analyzer))
      }
    }
  }
}
