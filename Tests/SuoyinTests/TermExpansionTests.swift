// Do parts of words and words with errors find what they should, however many words they stand for?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct TermExpansionTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func index(_ schema: Schema, _ documents: [Document]) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    try index.update { writer in for document in documents { try writer.add(document) } }
    return index
  }

  private func keys(_ query: Query, _ searcher: Searcher) throws -> Set<String> {
    Set(try searcher.search(query, limit: 100, parameters: RankingParameters()).hits.map(\.key.description))
  }

  @Test func `a part of a word finds the word, in every combination`() throws {
    let schema = Schema([.text("title", boost: 2), .text("body"), .keyword("issuer"), .pinyin("spoken", of: "title")])
    let index = try index(
      schema,
      [
        Document(key: "1", ["title": "Manufacturing", "body": "工业和 manuals", "issuer": "Hebei Province"]),
        Document(key: "2", ["title": "浙江", "body": "the manual of GB/T 36073-2018", "issuer": "Hebei"]),
        Document(key: "3", ["title": "manly", "body": "GB/T 3607", "issuer": "浙江省"]),
      ])
    let searcher = try index.searcher()
    #expect(try keys(.prefix("MANU"), searcher) == ["1", "2"])
    #expect(try keys(.prefix("man"), searcher) == ["1", "2", "3"])
    #expect(try keys(.field("title", .prefix("man")), searcher) == ["1", "3"])
    #expect(try keys(.field("body", .prefix("man")), searcher) == ["1", "2"])
    #expect(try keys(.all([.prefix("man"), .quoted("工业")]), searcher) == ["1"])
    #expect(try keys(.excluding(.prefix("man"), .prefix("manu")), searcher) == ["3"])
    #expect(try keys(.prefix("工业和 manu"), searcher) == ["1"])
    #expect(try keys(.prefix("和 man"), searcher) == ["1"])
    #expect(try keys(.prefix("业 man"), searcher) == [])
    #expect(try keys(.prefix("GB/T 360"), searcher) == ["2", "3"])
    #expect(try keys(.prefix("GB/T 36073-20"), searcher) == ["2"])
    #expect(try keys(.prefix("工"), searcher) == ["1"])
    #expect(try keys(.field("issuer", .prefix("hebei")), searcher) == ["1", "2"])
    #expect(try keys(.field("issuer", .prefix("hebei p")), searcher) == ["1"])
    #expect(try keys(.field("issuer", .prefix("浙")), searcher) == ["3"])
    #expect(try keys(.field("spoken", .prefix("zhejiang")), searcher) == ["2"])
    #expect(try keys(.fuzzy("manufacturng", distance: 1), searcher) == ["1"])
    #expect(try keys(.fuzzy("maunal", distance: 1), searcher) == ["2"])
    #expect(try keys(.fuzzy("maunal", distance: 2), searcher) == ["1", "2"])
    #expect(try keys(.field("title", .fuzzy("manual", distance: 2)), searcher) == [])
    #expect(try keys(.field("title", .fuzzy("manny", distance: 1)), searcher) == ["3"])
    #expect(try keys(.field("issuer", .fuzzy("hebe", distance: 1)), searcher) == ["2"])
    #expect(try keys(.field("issuer", .fuzzy("浙江", distance: 1)), searcher) == ["3"])
    #expect(try keys(.fuzzy("工业", distance: 1), searcher) == ["1"])
    for (query, problem) in [
      (Query.fuzzy("a b", distance: 1), "one word"), (.fuzzy("工业 b", distance: 1), "one word"), (.fuzzy("a", distance: 3), "distance 3"),
      (.fuzzy("a", distance: 0), "distance 0"), (.field("title", .field("nothing", .prefix("a"))), "nothing"),
    ] {
      let error = #expect(throws: IndexError.self) { try keys(query, searcher) }
      #expect(error?.code == .invalidArgument && error?.message.contains(problem) ?? false)
    }
    let hits = try searcher.search(
      .any([.prefix("工业和 manu"), .fuzzy("manufacturng", distance: 1)]), limit: 1, parameters: RankingParameters()
    ).hits
    let hit = try #require(hits.first)
    #expect(try hit.highlights(in: "title") == [0..<13])
    #expect(try hit.highlights(in: "body") == [0..<17])
    #expect(
      try searcher.search(.field("title", .prefix("man")), limit: 9, parameters: RankingParameters()).hits.allSatisfy {
        try $0.highlights(in: "body").isEmpty
      })
  }

  /// Thousands of words that begin alike, in many segments and with dead passages, against a scan.
  @Test(arguments: [1.0, 2.5]) func `thousands of words count as one`(boost: Double) throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let schema = Schema([.text("title", boost: boost), .text("body")])
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    var texts: [String: (title: [String], body: [String])] = [:]
    for part in 0..<3 {
      try index.update { writer in
        for number in 0..<300 {
          func words(_ most: Int) -> [String] {
            (0..<random.below(most)).map { _ in
              random.chance(1, in: 3) ? "x" : "w\(random.below(9) < 3 ? random.below(20) : random.below(5000))"
            }
          }
          let (title, body) = (words(4), words(30))
          let key = "k\(number * 3 + part)"
          texts[key] = (title, body)
          try writer.add(Document(key: key, ["title": title.joined(separator: " "), "body": body.joined(separator: " ")]))
        }
      }
    }
    try index.update { writer in
      for key in texts.keys.sorted() where random.chance(1, in: 9) {
        texts[key] = nil
        _ = try writer.delete(DocumentKey(key))
      }
    }
    let searcher = try index.searcher()
    for (prefix, before, field) in [
      ("w", nil, nil), ("w1", nil, nil), ("w", nil, "title"), ("w1", "x", nil), ("w", "x", "body"), ("w12", "x", nil), ("w4999", nil, nil),
    ] as [(String, String?, String?)] {
      func occurrences(_ words: [String]) -> Int {
        words.indices.count { words[$0].hasPrefix(prefix) && (before == nil || $0 > 0 && words[$0 - 1] == before) }
      }
      var expected: [String: Double] = [:]
      for (key, text) in texts {
        let count =
          (field == "body" ? 0 : boost * Double(occurrences(text.title))) + (field == "title" ? 0 : Double(occurrences(text.body)))
        if count > 0 { expected[key] = count }
      }
      var query = Query.prefix(before.map { "\($0) \(prefix)" } ?? prefix)
      if let field { query = .field(field, query) }
      let results = try searcher.search(query, limit: 2000, parameters: RankingParameters(), loadsFields: false)
      #expect(results.total == expected.count, "\(query) \(random.advice)")
      #expect(Set(results.hits.map(\.key.description)) == Set(expected.keys), "\(query)")
      // Of passages of equal length the one with more occurrences scores more.
      let byLength = Dictionary(grouping: results.hits) { texts[$0.key.description].map { $0.title.count + $0.body.count } ?? 0 }
      for hits in byLength.values {
        for (better, worse) in zip(hits, hits.dropFirst()) {
          // What is nearly everywhere is worth next to nothing: scores may be equal.
          if better.score == worse.score { continue }
          #expect(expected[better.key.description, default: 0] >= expected[worse.key.description, default: 0], "\(query)")
        }
      }
      // Pruned as exhaustive, alone and together with others.
      for combined in [query, .any([query, .quoted("x")]), .all([query, .quoted("x")]), .any([query, .prefix("w2"), .prefix("w3")])] {
        let all = try searcher.search(combined, limit: 2000, parameters: RankingParameters(), loadsFields: false).hits
        let best = try searcher.search(combined, limit: 7, parameters: RankingParameters(), loadsFields: false).hits
        #expect(best.map(\.key) == all.prefix(7).map(\.key) && best.map(\.score) == all.prefix(7).map(\.score), "\(combined)")
      }
    }
  }

  @Test func `too many words behind another one are an error, and no fewer`() throws {
    let limit = WeightBuilder.maximumExpansionCount
    let schema = Schema([.text("body")], analyzer: .whitespace)
    let words = (0..<limit).map { "a\($0)" }
    let index = try index(schema, [Document(key: "1", ["body": words.joined(separator: " ")]), Document(key: "2", ["body": "x a7"])])
    #expect(try keys(.prefix("x a"), index.searcher()) == ["2"])
    try index.update { try $0.add(Document(key: "3", ["body": "abc"])) }
    let error = #expect(throws: IndexError.self) { try keys(.prefix("x a"), index.searcher()) }
    #expect(error?.code == .invalidArgument && error?.message.contains("\(limit)") ?? false)
    #expect(try keys(.prefix("a"), index.searcher()) == ["1", "2", "3"])
  }

  @Test func `of words with errors the nearest and commonest are asked for`() throws {
    let schema = Schema([.text("body")], analyzer: .whitespace)
    // 100 words at distance 1 of which the first ones are in more passages.
    let words = (0..<100).map { "word" + String(Character(Unicode.Scalar(0x4E00 + UInt32($0)) ?? "x")) }
    let documents = (0..<200).map { number in
      Document(key: "k\(number)", ["body": number < 100 ? words[number] : words[number - 100 < 50 ? number - 100 : 0]])
    }
    let searcher = try index(schema, documents).searcher()
    #expect(try searcher.search(.fuzzy("word", distance: 1), limit: 0, parameters: RankingParameters()).total == 200 - 36)
    // The word itself comes before what is near it, be that ever so rare.
    let near = try otherIndex(
      schema,
      [Document(key: "1", ["body": "policy b"]), Document(key: "2", ["body": "policy c"]), Document(key: "3", ["body": "polity d"])])
    let hits = try near.searcher().search(.fuzzy("policy", distance: 1), limit: 3, parameters: RankingParameters()).hits
    #expect(hits.map(\.key) == ["1", "2", "3"] && hits[0].score > hits[2].score * 1.9)
  }

  private func otherIndex(_ schema: Schema, _ documents: [Document]) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path("other"), schema: schema)
    try index.update { writer in for document in documents { try writer.add(document) } }
    return index
  }

  @Test func `terms are listed with their document frequencies`() throws {
    let schema = Schema([.text("title"), .text("body"), .keyword("issuer"), .text("notes", apart: true)])
    let index = try index(schema, [Document(key: "1", ["title": "GB gbt", "body": "gb5", "issuer": "省"])])
    try index.update { writer in
      try writer.add(Document(key: "2", ["title": "gb", "body": "gb gbt 政府", "issuer": "省 A", "notes": "gbx"]))
      try writer.add(Document(key: "3", ["title": "gbq", "body": "gbt"]))
    }
    try index.update { _ = try $0.delete("3") }
    func terms(_ field: String, _ prefix: String, _ limit: Int = 10, _ order: Searcher.TermOrder = .text) throws -> [String] {
      try index.searcher().terms(in: field, startingWith: prefix, limit: limit, order: order).map { "\($0.text) \($0.documentFrequency)" }
    }
    #expect(try terms("title", "ＧＢ") == ["gb 2", "gb5 1", "gbt 2"])
    #expect(try terms("body", "gb", 2) == ["gb 2", "gb5 1"])
    #expect(try terms("title", "gb", 2, .documentFrequency) == ["gb 2", "gbt 2"])
    #expect(try terms("title", "gb", 10, .documentFrequency) == ["gb 2", "gbt 2", "gb5 1"])
    #expect(try terms("notes", "") == ["gbx 1"])
    #expect(try terms("issuer", "") == ["省 1", "省 a 1"])
    #expect(try terms("issuer", "", 0).isEmpty && terms("title", "zz").isEmpty)
    try index.merge()
    #expect(try terms("title", "ＧＢ") == ["gb 2", "gb5 1", "gbt 2"])
    #expect(throws: IndexError.self) { try terms("nothing", "") }
    #expect(throws: IndexError.self) { try terms("title", "", -1) }
  }
}
