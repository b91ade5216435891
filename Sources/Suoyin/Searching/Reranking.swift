// How do others put the first hits of a search into an order of their own?
internal import SuoyinStorage

/// Scores from outside, by which the first hits are put into another order: those of a model that knows what words mean, say.
///
/// The first `depth` hits are candidates; they are given again by descending scores, those with equal ones as they stood. The others follow as they
/// are. With `SearchOptions.collapsedField`, hits are what that leaves. Not with `SearchOptions.sort`.
///
/// Every page that has one of the first hits asks for scores anew. If they give another order than those of the page before, the token of that page is refused,
/// so that no hit is missing or comes again; behind the first hits nothing is asked.
public struct Reranking: Sendable {
  /// How many hits may be put into another order.
  public static let depths = 1...1000
  /// How many are, unless said otherwise.
  public static let usualDepth = 200

  public var depth: Int
  let scores: @Sendable ([RerankingCandidate]) throws -> [Double]

  /// - Parameters:
  ///   - depth: In `depths`.
  ///   - scores: Gives a score for each candidate, the largest for the best; not NaN. Called on the thread that searches, once for a page, unless there are
  ///     no hits; what it throws, the search throws.
  public init(depth: Int = usualDepth, scores: @escaping @Sendable ([RerankingCandidate]) throws -> [Double]) {
    self.depth = depth
    self.scores = scores
  }
}

/// A hit that is put into another order, and what is known of it.
public struct RerankingCandidate: Sendable {
  public let key: DocumentKey
  /// That of the search: see `Hit.score`.
  public let score: Double
  /// The hit's place in the order of the search; 1 for the best.
  public let rank: Int
  /// What the parts of the query of each kind, and the priors, give to the score; they add up to it. Kinds that give nothing are absent.
  public internal(set) var shares: [Explanation.Part.Kind: Double] = [:]
  /// How many words, pairs, sequences and other parts the query has in this index, and how many of them the passage has and scores by. Filters and
  /// what must not be there are not counted.
  public internal(set) var partCount = 0
  public internal(set) var matchedPartCount = 0
  /// The longest of the titles that the query names and the passage has (`Field.Role`), as titles are compared.
  public internal(set) var namedTitle: String?
  /// How many characters, and words of letters, the shared text fields have together.
  public internal(set) var length = 0

  let searcher: Searcher
  let match: ScoredDocument

  /// The stored values by field name, read when they are asked for.
  ///
  /// - Throws: `corrupted`.
  public func fields() throws(IndexError) -> [String: FieldValue] { try searcher.fields(match.segment, match.document) }
}

extension Searcher {
  /// A page of hits of which the first are in an order from outside.
  ///
  /// - Parameter question: The digest of the query and what the order of the search depends on. It is in the tokens of pages that begin behind the
  ///   candidates; those of pages that begin among them have a digest of the candidates' order, too.
  func rerankedPage(
    _ limit: Int, of weight: Weight, _ reranking: Reranking, _ options: SearchOptions, question: UInt32, _ interruption: Interruption
  ) throws -> HitPage {
    guard Reranking.depths.contains(reranking.depth) else {
      throw IndexError(.invalidArgument, "the depth \(reranking.depth) of a re-ranking is not in \(Reranking.depths)")
    }
    if !options.sort.isEmpty { throw IndexError(.invalidArgument, "hits are either sorted or re-ranked; ask for one of both") }
    if limit == 0 || options.after?.question == question { return try page(limit, of: weight, options, interruption) }
    var options = options
    let after = options.after
    options.after = nil
    let candidates = try page(reranking.depth, of: weight, options, interruption)
    let scores = try self.scores(of: candidates.matches, reranking, weight, filterCount: options.filters.count)
    try interruption.check()
    let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    let digest = try digest(of: order.map { candidates.matches[$0] }, seed: question)
    let start = after?.rank ?? 0
    if let after, after.question != digest || start >= order.count {
      throw IndexError(
        .invalidArgument,
        "the token of the page is of another query, or the re-ranking gives another order now; begin with the first page again")
    }
    var page = HitPage()
    for place in order[start..<min(start + limit, order.count)] {
      page.matches.append(candidates.matches[place])
      page.scores.append(scores[place])
      if !candidates.reprints.isEmpty { page.reprints.append(candidates.reprints[place]) }
    }
    if start + page.matches.count < order.count {
      page.last = page.matches.last
      page.question = digest
    } else if page.matches.count == limit || candidates.last == nil {
      page.last = candidates.last
    } else if let last = candidates.last {
      // What follows stands as it is.
      options.after = try position(of: last, rank: order.count, question: question, [])
      let rest = try self.page(limit - page.matches.count, of: weight, options, interruption)
      page.matches += rest.matches
      page.reprints += rest.reprints
      page.last = rest.last
    }
    return page
  }

  private func scores(
    of matches: [ScoredDocument], _ reranking: Reranking, _ weight: Weight, filterCount: Int
  ) throws -> [Double] {
    if matches.isEmpty { return [] }
    var candidates: [RerankingCandidate] = []
    for (place, match) in matches.enumerated() {
      candidates.append(
        RerankingCandidate(
          key: try key(of: match), score: Double(match.score) / BM25.one, rank: place + 1, searcher: self, match: match))
    }
    try CandidateFeatures.read(into: &candidates, of: weight, filterCount: filterCount, index)
    let scores = try reranking.scores(candidates)
    guard scores.count == candidates.count else {
      throw IndexError(.invalidArgument, "the re-ranking gave \(scores.count) scores for \(candidates.count) hits")
    }
    if let place = scores.firstIndex(where: \.isNaN) {
      throw IndexError(.invalidArgument, "the re-ranking gave a score that is no number, for '\(candidates[place].key)'")
    }
    return scores
  }

  private func digest(of matches: [ScoredDocument], seed: UInt32) throws(IndexError) -> UInt32 {
    var writer = ByteWriter()
    for match in matches { writer.append(counted: try index.segments[match.segment].reader.key(of: match.document)) }
    return Checksum.crc32c(writer.bytes[...], seed: seed)
  }
}
