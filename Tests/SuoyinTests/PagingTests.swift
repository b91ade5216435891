// Do pages give every hit once, and are tokens of anything else refused?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct PagingTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let schema = Schema([.text("body"), .text("other", apart: true), .keyword("kind"), .date("day")])

  /// Passages in three segments whose keys interleave; few different scores, so that most ties are broken by keys.
  private func index(_ name: String = "index", count: Int, _ random: inout SeededRandom) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path(name), schema: Self.schema)
    for part in 0..<3 {
      try index.update { writer in
        for number in stride(from: part, to: count, by: 3) {
          let body = String(repeating: "政府 ", count: 1 + random.below(3)) + random.element(["企业", "市场", "企业，市场"])
          let document = Document(
            key: DocumentKey("k\(100_000 + number)"),
            ["body": .text(body), "kind": .text("k\(random.below(5))"), "day": .date(CalendarDate(days: Int32(random.below(9))))])
          try writer.add(document)
        }
      }
    }
    return index
  }

  private func pages(
    _ searcher: Searcher, _ query: String, of size: Int, _ options: SearchOptions = SearchOptions()
  ) throws -> [[Hit]] {
    var options = options
    var pages: [[Hit]] = []
    repeat {
      let results = try searcher.search(query, limit: size, options: options, loadsFields: false)
      #expect(results.hitsBefore == pages.reduce(0) { $0 + $1.count } && !results.hasIndexChanged)
      pages.append(results.hits)
      options.after = try results.next.map { try SearchPosition($0.description) }
    } while options.after != nil
    return pages
  }

  @Test(arguments: SeededRandom.seeds(1)) func `ten thousand hits come each once while the index changes`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let index = try index(count: 12_000, &random)
    let searcher = try index.searcher()
    let all = try searcher.search("政府", limit: 10_000, loadsFields: false)
    #expect(all.hits.count == 10_000 && all.total == 12_000)
    var options = SearchOptions(countsTotal: false)
    var keys: [DocumentKey] = []
    while keys.count < 12_000 {
      let results = try searcher.search("政府", limit: 977, options: options, loadsFields: false)
      keys += results.hits.map(\.key)
      guard let next = results.next else { break }
      options.after = next
      try index.update { writer in
        for hit in results.hits.prefix(50) { try writer.delete(hit.key) }
        for number in 0..<50 {
          try writer.add(Document(key: DocumentKey("k\(100_000 + random.below(30_000))x\(number)"), ["body": "政府 政府"]))
        }
      }
    }
    #expect(keys.count == 12_000 && Set(keys).count == 12_000 && keys.prefix(10_000) == all.hits.map(\.key)[...], "\(random.advice)")
  }

  @Test(arguments: SeededRandom.seeds(2)) func `pages of any size are the whole, in every order`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let searcher = try index(count: 400, &random).searcher()
    for sort in [[], [SortKey.score], [.descending("day")], [.ascending("kind"), .score], [.score, .descending("kind")]] {
      for query in ["政府", "企业 市场", "+政府 企业", "政府 -市场"] {
        let options = SearchOptions(filters: random.chance(1, in: 2) ? [.field("kind", .text("k1"))] : [], sort: sort)
        let whole = try searcher.search(query, limit: 10_000, options: options)
        for size in [1, 3, 50, 10_000] where size > 1 || whole.hits.count < 150 {
          let found = try pages(searcher, query, of: size, options)
          #expect(found.dropLast().allSatisfy { $0.count == size } && found.last?.isEmpty == whole.hits.isEmpty)
          #expect(found.joined().map(\.key) == whole.hits.map(\.key), "\(query) \(sort) \(random.advice)")
          #expect(found.joined().map(\.score) == whole.hits.map(\.score))
        }
      }
    }
  }

  @Test func `a page of a changed index has what now comes behind the place, and says so`() throws {
    var random = SeededRandom(seed: 1)
    let index = try index(count: 300, &random)
    let first = try index.searcher().search("政府", limit: 100)
    let last = try #require(first.hits.last)
    try index.update { writer in
      try writer.delete(last.key)
      try writer.delete(first.hits[0].key)
    }
    let searcher = try index.searcher()
    let second = try searcher.search("政府", limit: 10_000, options: SearchOptions(after: first.next))
    #expect(second.hasIndexChanged && second.hitsBefore == 100)
    let all = try searcher.search("政府", limit: 10_000).hits
    let isBehind = { (hit: Hit) in hit.score < last.score || hit.score == last.score && hit.key > last.key }
    #expect(second.hits.map(\.key) == all.filter(isBehind).map(\.key) && second.total == 298)
  }

  @Test func `a filter neither scores nor highlights, and one of nothing is refused`() throws {
    var random = SeededRandom(seed: 3)
    let searcher = try index(count: 200, &random).searcher()
    let plain = try searcher.search("政府", limit: 1000).hits
    let options = SearchOptions(filters: [.literal("市场"), .field("kind", .text("k2"))])
    let filtered = try searcher.search("政府", limit: 1000, options: options)
    #expect(filtered.hits.map(\.key) == plain.filter { $0["kind"] == "k2" && $0["body"]!.contains("市场") }.map(\.key))
    #expect(filtered.total == filtered.hits.count && filtered.hits.count > 3)
    let scores = Dictionary(uniqueKeysWithValues: plain.map { ($0.key, $0.score) })
    #expect(filtered.hits.allSatisfy { $0.score == scores[$0.key] })
    #expect(try filtered.hits[0].highlights(in: "body") == plain.first { $0.key == filtered.hits[0].key }!.highlights(in: "body"))
    #expect(throws: IndexError.self) { try searcher.search("政府", options: SearchOptions(filters: [.text("，")])) }
    #expect(throws: IndexError.self) { try searcher.search("政府", options: SearchOptions(filters: [.field("kind", .text(""))])) }
  }

  // MARK: Tokens

  @Test func `a token of another question, index or version is refused, and so is a damaged one`() throws {
    var random = SeededRandom(seed: 5)
    let index = try index(count: 100, &random)
    let other = try self.index("other", count: 90, &random)
    let searcher = try index.searcher()
    let sorted = SearchOptions(sort: [.descending("day")])
    let token = try #require(try searcher.search("政府 企业", limit: 5, options: sorted).next)
    func message(_ query: String, _ options: SearchOptions, _ searcher: Searcher, _ parameters: RankingParameters? = nil) -> String? {
      var options = options
      options.after = token
      do {
        _ = try searcher.search(query, parameters: parameters ?? RankingParameters(), options: options)
        return nil
      } catch { return "\(error)" }
    }
    #expect(message("政府 企业", sorted, searcher) == nil)
    var weights = RankingParameters()
    weights.k1 = 0.5
    let others = [
      message("政府 市场", sorted, searcher), message("政府 企业", SearchOptions(), searcher), message("政府 企业", sorted, searcher, weights),
      message("政府 企业", SearchOptions(sort: [.ascending("day")]), searcher),
      message("政府 企业", SearchOptions(filters: [.text("市场")], sort: [.descending("day")]), searcher),
      message("政府 企业", SearchOptions(stopWords: StopWords(["企业"]), sort: [.descending("day")]), searcher),
      message("政府 企业", SearchOptions(sort: [.descending("day")], collapsedField: "body"), searcher),
    ]
    #expect(others.allSatisfy { $0?.contains("of another query") ?? false }, "\(others)")
    #expect(message("政府 企业", sorted, try other.searcher())?.contains("of another index") ?? false)
    let text = token.description
    #expect(try SearchPosition(text) == token && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    for place in text.indices {
      var damaged = text
      damaged.replaceSubrange(place...place, with: text[place] == "A" ? "B" : "A")
      #expect(throws: IndexError.self) { try SearchPosition(damaged) }
      #expect(throws: IndexError.self) { try SearchPosition(String(text[..<place])) }
    }
    for wrong in ["", "A", "?", "政府", text + "A", text + "="] { #expect(throws: IndexError.self) { try SearchPosition(wrong) } }
    #expect(throws: IndexError.self) { try SearchPosition(String(repeating: "A", count: 100)) }
  }

  // MARK: Reprints

  @Test(arguments: SeededRandom.seeds(3)) func `reprints stand with the first of them, on whatever page`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    let forms = ["政府支持企业%。", "政府 支持，企业%", "政府支持\n企业%！", "『政府』支援企業%", "ＺＦ政府%", "zf：政府%", "。，%", "政府%"]
    for _ in 0..<3 {
      try index.update { writer in
        for _ in 0..<120 {
          let body = random.element(forms).replacing("%", with: random.element(["甲", "乙", "丙", "丁", "戊", "己", "庚", ""]))
          let document = Document(
            key: DocumentKey("k\(random.below(1000))"), ["body": .text(body), "other": "政府", "kind": .text("k\(random.below(9))")])
          try writer.add(document)
        }
      }
    }
    let searcher = try index.searcher()
    func digest(_ hit: Hit) -> String {
      let text = String(decoding: Analyzer.normalizedValue(hit["body"] ?? ""), as: UTF8.self).filter { $0.isLetter || $0.isNumber }
      return text.isEmpty ? "\(hit.key)" : text
    }
    for sort in [[], [SortKey.ascending("kind")]] {
      let query = random.element(["政府 支持", "政府", "other:政府"])
      let all = try searcher.search(query, limit: 10_000, options: SearchOptions(sort: sort)).hits
      var groups: [(first: DocumentKey, place: Int, others: [(DocumentKey, Int)])] = []
      var places: [String: Int] = [:]
      for (place, hit) in all.enumerated() {
        if let known = places[digest(hit)] {
          groups[known].others.append((hit.key, place))
        } else {
          places[digest(hit)] = groups.count
          groups.append((hit.key, place, []))
        }
      }
      for size in [1, 4, 1000] {
        let found = try pages(searcher, query, of: size, SearchOptions(sort: sort, collapsedField: "body"))
        #expect(found.joined().map(\.key) == groups.map(\.first), "\(query) \(random.advice)")
        for (number, page) in found.enumerated() {
          let end = (number + 1) * size < groups.count ? groups[(number + 1) * size].place : .max
          for (place, hit) in page.enumerated() {
            let expected = groups[number * size + place].others.filter { $0.1 < end }.map(\.0)
            #expect(hit.reprints == expected, "\(query) \(random.advice)")
          }
        }
      }
    }
    #expect(throws: IndexError.self) { try searcher.search("政府", options: SearchOptions(collapsedField: "kind")) }
  }
}
