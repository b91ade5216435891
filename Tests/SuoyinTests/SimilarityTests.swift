// Are similar passages those that share a passage's most telling words?
internal import Glibc
import Suoyin
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct SimilarityTests {
  private static let schema = Schema([.text("title", boost: 2), .text("body"), .keyword("file"), .text("apart", apart: true)])

  @Test(arguments: SeededRandom.seeds(3)) func `terms, scores and order are those of the formula`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    var naive = try NaiveIndex(Self.schema)
    for number in 0..<40 {
      let document = Document(
        key: "\(number)",
        [
          "title": RandomText.make(random.below(5), hostility: 0, &random),
          "body": RandomText.make(random.below(40), hostility: 3, &random),
          "file": "\(number / 4)", "apart": "人民政府",
        ])
      try index.update { try $0.add(document) }
      try naive.replace(document.key, with: [document])
    }
    let searcher = try index.searcher()
    let analyzer = try Analyzer(.chinese)
    for number in 0..<40 {
      let key = DocumentKey("\(number)")
      let document = try #require(try searcher.document(key))
      var frequencies: [String: Double] = [:]
      var passages: [String: Set<DocumentKey>] = [:]
      for (other, passage) in naive.documents {
        for (field, boost) in [("title", 2.0), ("body", 1.0)] {
          guard case .text(let text)? = passage.fields[field] else { continue }
          for token in try analyzer.analyze(text).tokens() where token.family == .word {
            passages[token.term, default: []].insert(other)
            if other == key { frequencies[token.term, default: 0] += boost }
          }
        }
      }
      func weight(_ term: String) -> Double {
        let (f, n) = (frequencies[term] ?? 0, Double(passages[term]?.count ?? 0))
        let rarity: Double = log(1 + (40 - n + 0.5) / (n + 0.5))
        return f / (f + 1.2) * rarity
      }
      func precedes(_ left: String, _ right: String) -> Bool {
        let (one, other) = (weight(left), weight(right))
        return one != other ? one > other : left.utf8.lexicographicallyPrecedes(right.utf8)
      }
      let terms = frequencies.keys.filter { (passages[$0]?.count ?? 0) > 1 }.sorted(by: precedes).prefix(6)
      let leavingOut = Query.field("file", .text("\(number / 4)"))
      let similar = try #require(
        try searcher.similar(to: key, limit: 40, options: SimilarityOptions(maximumTermCount: 6, leavingOut: leavingOut)))
      #expect(Set(similar.terms.map(\.text)) == Set(terms), "\(random.advice)")
      for term in similar.terms { #expect(abs(term.weight - weight(term.text)) < 1e-9 && term.frequency == frequencies[term.text]) }
      guard let query = similar.query else {
        #expect(terms.isEmpty && similar.hits.isEmpty)
        continue
      }
      let expected = try #require(try naive.search(query))
      #expect(Set(similar.hits.map(\.key)) == Set(expected.keys.filter { $0 != key }))
      #expect(similar.hits.map(\.score) == similar.hits.map(\.score).sorted(by: >))
      for hit in similar.hits { #expect(abs(hit.score - (expected[hit.key] ?? 0)) < 1e-3, "\(random.advice)") }
      #expect(similar.hits.allSatisfy { $0["file"] != document.fields["file"]?.description })
      let all = try #require(try searcher.similar(to: key, limit: 40, options: SimilarityOptions(maximumTermCount: 6)))
      #expect(!all.hits.contains { $0.key == key } && Set(similar.hits.map(\.key)).isSubset(of: Set(all.hits.map(\.key))))
    }
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  @Test func `a passage that is not there is nil, and what cannot be is refused`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    try index.update { try $0.add(Document(key: "1", ["body": "只有一个"])) }
    let searcher = try index.searcher()
    #expect(try searcher.similar(to: "2").map { $0.terms } == nil)
    let alone = try #require(try searcher.similar(to: "1"))
    #expect(alone.terms.isEmpty && alone.query == nil && alone.hits.isEmpty)
    #expect(throws: IndexError.self) { try searcher.similar(to: "1", limit: -1) }
    #expect(throws: IndexError.self) { try searcher.similar(to: "1", limit: Searcher.maximumLimit) }
    #expect(throws: IndexError.self) { try searcher.similar(to: "1", options: SimilarityOptions(maximumTermCount: 0)) }
    let unstored = try SearchIndex.create(at: directory.path("unstored"), schema: Schema([.text("body", stored: false)]))
    try unstored.update { try $0.add(Document(key: "1", ["body": "没有"])) }
    #expect(throws: IndexError.self) { try unstored.searcher().similar(to: "1") }
  }

  @Test func `without words pairs are asked for`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("body")], analyzer: .bigram))
    try index.update { writer in
      for (key, text) in [("1", "人民政府"), ("2", "政府工作"), ("3", "工业")] { try writer.add(Document(key: key, ["body": text])) }
    }
    let similar = try #require(try index.searcher().similar(to: "1"))
    #expect(similar.terms.map(\.text) == ["政府"] && similar.hits.map(\.key) == ["2"])
  }
}
