// Are the first hits in the order that others give them, each once, and is it true what these are told?
import Suoyin
import SuoyinTestKit
import Synchronization
import Testing

@Suite struct RerankingTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let schema = ExplanationTests.plain

  /// Several segments, with deletions; every text often enough to be a reprint.
  private func searcher(_ random: inout SeededRandom) throws -> Searcher {
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    for round in 0..<4 {
      try index.update { writer in
        for _ in 0..<60 {
          var document = EngineModelTests.document("k\(round * 40 + random.below(60))", Self.schema, &random)
          if random.chance(1, in: 3) { document.fields["text"] = .text(random.element(["人民政府", "企业人民。制造", "政府的企业"])) }
          if random.chance(1, in: 3) { document.fields["title"] = .text(random.element(ExplanationTests.titles)) }
          if random.chance(1, in: 3) { document.fields["label"] = .text(random.element(ExplanationTests.labels)) }
          try writer.add(document)
        }
        for _ in 0..<6 { _ = try writer.delete(DocumentKey("k\(random.below(90))")) }
      }
    }
    return try index.searcher()
  }

  /// A score that has nothing to do with the query's, with many ties.
  private static func score(_ key: DocumentKey) -> Double { Double(key.description.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) % 1009 } % 13) }
  private static func scores(_ candidates: [RerankingCandidate]) -> [Double] { candidates.map { score($0.key) } }

  /// The first hits in their order, the others behind them.
  private static func reranked(_ hits: [Hit], depth: Int) -> [DocumentKey] {
    let first = hits.prefix(depth).enumerated().sorted {
      let (left, right) = (score($0.element.key), score($1.element.key))
      return left != right ? left > right : $0.offset < $1.offset
    }
    return first.map(\.element.key) + hits.dropFirst(depth).map(\.key)
  }

  @Test(arguments: SeededRandom.seeds(3)) func `pages of any size are the first hits in their order and then the others`(seed: UInt64)
    throws
  {
    var random = SeededRandom(seed: seed)
    let searcher = try searcher(&random)
    var pageCount = 0
    for _ in 0..<20 {
      let query = Query.text(random.element(["政府", "企业 人民", "人民政府条例", "制造 的", "没有"]))
      var options = SearchOptions()
      if random.chance(1, in: 2) { options.collapsedField = "text" }
      if random.chance(1, in: 3) { options.filters = [.field("issuer", .text("河北省"))] }
      let whole = try searcher.search(query, limit: 1000, parameters: RankingParameters(), options: options)
      let depth = random.element([1, 2, 7, 30, 1000])
      options.reranking = Reranking(depth: depth) { Self.scores($0) }
      let wanted = Self.reranked(whole.hits, depth: depth)
      let size = random.element([1, 3, 7, 30, 1000])
      var (found, scored): ([DocumentKey], Int) = ([], 0)
      repeat {
        let page = try searcher.search(query, limit: size, parameters: RankingParameters(), options: options)
        #expect(page.hitsBefore == found.count && page.total == whole.total)
        #expect(page.next == nil || page.hits.count == size)
        for hit in page.hits {
          let known = try #require(whole.hits.first { $0.key == hit.key })
          #expect(hit.score == known.score && Set(known.reprints).isSuperset(of: hit.reprints))
          if let score = hit.rerankingScore { #expect(score == Self.score(hit.key)) }
        }
        scored += page.hits.count { $0.rerankingScore != nil }
        found += page.hits.map(\.key)
        options.after = try page.next.map { try SearchPosition($0.description) }
        pageCount += 1
      } while options.after != nil
      #expect(found == wanted && scored == min(depth, wanted.count), "\(query) \(depth) \(size) \(random.advice)")
    }
    #expect(pageCount > 60)
  }

  @Test(arguments: SeededRandom.seeds(3)) func `what is known of a candidate is what an explanation says`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let searcher = try searcher(&random)
    var compared = 0
    for _ in 0..<60 {
      let query =
        random.chance(1, in: 4)
        ? Query.text(random.element(ExplanationTests.titles) + random.element(ExplanationTests.labels))
        : EngineModelTests.query(Self.schema, 2, &random)
      var options = SearchOptions()
      if random.chance(1, in: 3) { options.filters = [.field("issuer", .text("河北省"))] }
      var parameters = RankingParameters()
      if random.chance(1, in: 2) { parameters.priors = EngineModelTests.priors(&random) }
      let seen = Mutex<[RerankingCandidate]>([])
      options.reranking = Reranking { candidates in
        seen.withLock { $0 = candidates }
        return candidates.map(\.score)
      }
      guard let hits = try? searcher.search(query, limit: 40, parameters: parameters, options: options).hits else { continue }
      let candidates = seen.withLock { $0 }
      #expect(candidates.prefix(40).map(\.key) == hits.map(\.key) && candidates.map(\.rank) == Array(candidates.indices.map { $0 + 1 }))
      for candidate in candidates.prefix(5) {
        let comment: Comment = "\(candidate.key) of \(query) \(random.advice)"
        let explanation = try #require(try searcher.explain(query, key: candidate.key, parameters: parameters, options: options))
        var shares: [Explanation.Part.Kind: Double] = [:]
        var titles: [String] = []
        func collect(_ part: Explanation.Part) {
          if !part.parts.isEmpty, part.kind != .near { return part.parts.forEach(collect) }
          if part.share != 0 { shares[part.kind, default: 0] += part.score }
          if part.kind == .title, part.matches, part.role != .exclusion { titles.append(part.text) }
        }
        collect(explanation.root)
        #expect(candidate.shares == shares && candidate.score == explanation.score, comment)
        #expect(candidate.shares.values.reduce(0, +) == candidate.score, comment)
        #expect(candidate.matchedPartCount <= candidate.partCount && candidate.partCount > 0, comment)
        // Where a part does not match as a whole, a title in it does not count.
        if let title = candidate.namedTitle { #expect(titles.contains(title), comment) }
        let fields = try candidate.fields()
        #expect(try fields == searcher.document(candidate.key)?.fields)
        compared += 1
      }
    }
    #expect(compared > 50)
  }

  @Test func `features say what the query and the passage have in common`() throws {
    let index = try SearchIndex.create(at: directory.path("plain"), schema: Self.schema)
    try index.update { writer in
      try writer.add(Document(key: "a", ["title": "企业法", "label": "第三条", "text": "企业。"]))
      try writer.add(Document(key: "b", ["title": "别的办法", "text": "企业"]))
    }
    let seen = Mutex<[DocumentKey: RerankingCandidate]>([:])
    let options = SearchOptions(
      reranking: Reranking { candidates in
        seen.withLock { $0 = Dictionary(uniqueKeysWithValues: candidates.map { ($0.key, $0) }) }
        return candidates.map { -$0.score }
      })
    let hits = try index.searcher().search("企业法 第3条", options: options).hits
    #expect(hits.map(\.key) == ["b", "a"] && hits.map(\.rerankingScore) == hits.map { -$0.score })
    let candidates = seen.withLock { $0 }
    let (first, second) = (try #require(candidates["a"]), try #require(candidates["b"]))
    #expect(first.namedTitle == "企业法" && second.namedTitle == nil)
    #expect(first.shares[.title] ?? 0 > 0 && first.shares[.label] ?? 0 > 0 && second.shares[.title] == nil)
    #expect(first.length == 8 && second.length == 6)
    #expect(first.matchedPartCount > second.matchedPartCount && first.partCount == second.partCount)
  }

  @Test func `nobody is asked where no hit could be in another place`() throws {
    var random = SeededRandom(seed: 1)
    let searcher = try searcher(&random)
    let asked = Mutex(0)
    func options(_ depth: Int, after: SearchPosition? = nil) -> SearchOptions {
      SearchOptions(
        after: after,
        reranking: Reranking(depth: depth) { candidates in
          asked.withLock { $0 += 1 }
          return Self.scores(candidates)
        })
    }
    #expect(try searcher.search("没有", options: options(10)).hits.isEmpty && asked.withLock { $0 } == 0)
    #expect(try searcher.search("政府", limit: 0, options: options(10)).total ?? 0 > 20 && asked.withLock { $0 } == 0)
    let first = try searcher.search("政府", limit: 10, options: options(10))
    #expect(asked.withLock { $0 } == 1)
    #expect(try searcher.search("政府", limit: 10, options: options(10, after: first.next)).hits.count == 10 && asked.withLock { $0 } == 1)
  }

  @Test func `a token is refused where the order is another`() throws {
    var random = SeededRandom(seed: 2)
    let searcher = try searcher(&random)
    func options(_ reranking: Reranking?, after: SearchPosition? = nil) -> SearchOptions {
      SearchOptions(after: after, reranking: reranking)
    }
    let reranking = Reranking(depth: 30) { Self.scores($0) }
    let turned = Reranking(depth: 30) { candidates in Self.scores(candidates).map { -$0 } }
    let shorter = Reranking(depth: 29) { Self.scores($0) }
    let among = try #require(try searcher.search("政府", limit: 5, options: options(reranking)).next)
    let behind = try #require(try searcher.search("政府", limit: 30, options: options(reranking)).next)
    let plain = try #require(try searcher.search("政府", limit: 5).next)
    for (query, other, position) in [
      ("政府", turned, among), ("政府", nil, among), ("政府", shorter, among), ("企业", reranking, among), ("政府", nil, behind),
      ("政府", shorter, behind), ("企业", reranking, behind), ("政府", reranking, plain),
    ] as [(String, Reranking?, SearchPosition)] {
      let error = #expect(throws: IndexError.self) { try searcher.search(query, limit: 5, options: options(other, after: position)) }
      #expect(error?.code == .invalidArgument)
    }
    // Behind them their order does not matter.
    let next = try searcher.search("政府", limit: 5, options: options(turned, after: behind))
    #expect(next.hitsBefore == 30 && next.hits.allSatisfy { $0.rerankingScore == nil })
  }

  @Test func `what gives no order is an error`() throws {
    var random = SeededRandom(seed: 3)
    let searcher = try searcher(&random)
    struct OutOfOrder: Error {}
    func search(_ options: SearchOptions) throws { _ = try searcher.search("政府", options: options) }
    for reranking in [
      Reranking(depth: 0) { Self.scores($0) }, Reranking(depth: 1001) { Self.scores($0) }, Reranking { Array(Self.scores($0).dropLast()) },
      Reranking { Self.scores($0) + [1] }, Reranking { $0.map { $0.rank == 3 ? .nan : 1 } },
    ] {
      let error = #expect(throws: IndexError.self) { try search(SearchOptions(reranking: reranking)) }
      #expect(error?.code == .invalidArgument)
    }
    #expect(throws: OutOfOrder.self) { try search(SearchOptions(reranking: Reranking { _ in throw OutOfOrder() })) }
    let error = #expect(throws: IndexError.self) {
      try search(SearchOptions(sort: [.score], reranking: Reranking { Self.scores($0) }))
    }
    #expect(error?.message.contains("sorted") ?? false)
    try search(SearchOptions(reranking: Reranking { $0.map { $0.rank == 1 ? -.infinity : .infinity } }))
    // Its time is the search's.
    let isOver = Mutex(false)
    let late = SearchOptions(
      reranking: Reranking { candidates in
        isOver.withLock { $0 = true }
        return Self.scores(candidates)
      }, isCancelled: { isOver.withLock { $0 } })
    #expect(throws: IndexError.self) { try search(late) }
  }
}
