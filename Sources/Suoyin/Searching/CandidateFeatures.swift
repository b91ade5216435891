// What do the parts of a query give to many hits?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.
internal import SuoyinAnalysis

/// Asks the scorer of every leaf about all candidates of a segment at once: what `Explainer` does for one passage.
struct CandidateFeatures: ~Copyable {
  private let index: IndexReader
  /// The segment.
  private let number: Int
  /// The candidates' documents, ascending.
  private let documents: [DocID]
  private var asked = Candidates(capacity: max(ScoreWindow.length, Reranking.depths.upperBound))

  /// What is known of each document.
  fileprivate struct Found {
    var matches: [Bool]
    /// Of a leaf.
    var kind: Explanation.Part.Kind?
    var shares: [Int64] = []
    var title: String?
    /// Those whose shares count where this matches.
    var parts: [Found] = []
  }

  private init(_ index: IndexReader, segment number: Int, documents: [DocID]) {
    self.index = index
    self.number = number
    self.documents = documents
  }

  /// Completes candidates.
  ///
  /// - Parameter filterCount: How many weights of the conjunction that the query is, but for priors, are filters, the last ones.
  /// - Complexity: for each segment with candidates and each leaf of the query, that of looking up the candidates in its list.
  static func read(
    into candidates: inout [RerankingCandidate], of weight: Weight, filterCount: Int, _ index: IndexReader
  ) throws(IndexError) {
    let places = Dictionary(grouping: candidates.indices) { candidates[$0].match.segment }
    for (number, places) in places {
      let places = places.sorted { candidates[$0].match.document < candidates[$1].match.document }
      var features = CandidateFeatures(index, segment: number, documents: places.map { candidates[$0].match.document })
      let found = try features.find(query: weight, filterCount: filterCount)
      let lengths = try index.segments[number].reader.lengths.column(numbering: 0, family: .single)
      for (slot, place) in places.enumerated() {
        var shares: [Explanation.Part.Kind: Int64] = [:]
        found.add(slot, to: &candidates[place], &shares)
        // What is left is what the document's size adds.
        shares[.document] = candidates[place].match.score - shares.values.reduce(0, +)
        candidates[place].shares = shares.filter { $0.value != 0 }.mapValues { Double($0) / BM25.one }
        candidates[place].length = lengths.map { Int($0[candidates[place].match.document]) } ?? 0
      }
    }
  }

  /// The query with its priors, without its filters.
  private mutating func find(query weight: Weight, filterCount: Int) throws(IndexError) -> Found {
    if case .lifted(let query, _) = weight { return try find(query: query, filterCount: filterCount) }
    if case .preferring(let query, let preferred) = weight, case .prior = preferred {
      let parts = [try find(query: query, filterCount: filterCount), try find(preferred)]
      return Found(matches: parts[0].matches, parts: parts)
    }
    if filterCount > 0, case .all(let weights) = weight, let query = weights.first { return try find(query) }
    return try find(weight)
  }

  private mutating func find(_ weight: Weight) throws(IndexError) -> Found {
    switch weight {
    case .nothing, .absent: return try leaf(weight, .absent)
    case .term(let term):
      let kind = term.kind(index)
      return try leaf(
        weight, kind, title: kind == .title ? String(decoding: NameTerm.name(in: term.term.text), as: UTF8.self) : nil)
    case .sequence: return try leaf(weight, .sequence)
    case .union: return try leaf(weight, .union)
    case .near: return try leaf(weight, .near)
    case .range: return try leaf(weight, .range)
    case .prior: return try leaf(weight, .prior)
    case .lifted(let weight, _): return try find(weight)
    case .atLeast(let count, let weights): return try joined(weights) { $0 >= count }
    case .all(let weights): return try joined(weights) { $0 == weights.count }
    case .any(let weights, adding: let others):
      var found = try joined(weights) { $0 > 0 }
      for other in others { found.parts.append(try find(other)) }
      return found
    case .excluding(let wanted, let unwanted):
      let (wanted, unwanted) = (try find(wanted), try find(unwanted))
      return Found(matches: zip(wanted.matches, unwanted.matches).map { $0 && !$1 }, parts: [wanted])
    case .preferring(let required, let preferred):
      let parts = [try find(required), try find(preferred)]
      return Found(matches: parts[0].matches, parts: parts)
    }
  }

  private mutating func joined(_ weights: [Weight], _ isEnough: (Int) -> Bool) throws(IndexError) -> Found {
    var parts: [Found] = []
    for weight in weights { parts.append(try find(weight)) }
    return Found(matches: documents.indices.map { slot in isEnough(parts.count { $0.matches[slot] }) }, parts: parts)
  }

  private mutating func leaf(_ weight: Weight, _ kind: Explanation.Part.Kind, title: String? = nil) throws(IndexError) -> Found {
    var found = Found(
      matches: Array(repeating: false, count: documents.count), kind: kind, shares: Array(repeating: 0, count: documents.count),
      title: title)
    guard let scorer = try weight.scorer(in: index.segments[number].reader, number: number) else { return found }
    asked.count = 0
    for document in documents { asked.append(document, 0) }
    asked.forgetMatches()
    try scorer.add(to: &asked, isScored: true)
    for slot in documents.indices where unsafe asked.matches[slot] == 1 {
      found.matches[slot] = true
      found.shares[slot] = unsafe asked.scores[slot]
    }
    return found
  }
}

extension CandidateFeatures.Found {
  /// Adds what a document has of this.
  fileprivate func add(
    _ slot: Int, to candidate: inout RerankingCandidate, _ shares: inout [Explanation.Part.Kind: Int64], counts: Bool = true
  ) {
    let counts = counts && matches[slot]
    for part in parts { part.add(slot, to: &candidate, &shares, counts: counts) }
    guard let kind else { return }
    candidate.partCount += kind == .prior ? 0 : 1
    if !counts { return }
    shares[kind, default: 0] += self.shares[slot]
    candidate.matchedPartCount += kind == .prior ? 0 : 1
    if let title, title.utf8.count > candidate.namedTitle?.utf8.count ?? 0 { candidate.namedTitle = title }
  }
}
