// Why is a passage found, or not?

extension Searcher {
  /// What each part of a query gives to the score of one passage.
  ///
  /// - Parameters:
  ///   - parameters: Those of the search.
  ///   - options: Those of the search; its order, page, facets and reprints are of no account.
  /// - Returns: nil when there is no passage with this key.
  /// - Throws: as `search(_:limit:parameters:options:loadsFields:)` does.
  /// - Complexity: that of a search without a limit, at most.
  public func explain(
    _ query: Query, key: DocumentKey, parameters: RankingParameters = RankingParameters(), options: SearchOptions = SearchOptions()
  ) throws -> Explanation? {
    let query = try prepared(query, limit: 0, parameters: parameters, options: options)
    let interruption = Interruption(options)
    let source = try statisticsSource(options, interruption)
    let weight = try weight(of: query, source, parameters, options, interruption, namesAbsentParts: true)
    guard let (segment, document) = try index.find(key) else { return nil }
    var explainer = Explainer(index, source.collection, interruption, segment: segment, document: document)
    return Explanation(
      key: key, root: try explainer.root(weight, filterCount: options.filters.count).settled(),
      passageCount: source.collection.passageCount,
      k1: parameters.k1, b: parameters.b)
  }

  /// The same for what a person typed: see `QueryParser`.
  ///
  /// - Returns: Also what of the query was read as text; see `SearchResults.warnings`.
  /// - Throws: `QuerySyntaxError`, and as `explain(_:key:parameters:options:)` does.
  public func explain(
    _ text: String, key: DocumentKey, parameters: RankingParameters = RankingParameters(), options: SearchOptions = SearchOptions()
  ) throws -> (explanation: Explanation?, warnings: [QuerySyntaxError]) {
    try reading(text, options) { try explain($0, key: key, parameters: parameters, options: options) }
  }
}

extension Explainer {
  /// The query and its filters; outside of them, the priors, and outermost the documents.
  ///
  /// - Parameter filterCount: How many weights of the conjunction that this is are filters, the last ones.
  mutating func root(_ weight: Weight, filterCount: Int) throws(IndexError) -> Explanation.Part {
    if case .lifted(let query, let lift) = weight { return try lifted(root(query, filterCount: filterCount).settled(), lift) }
    if case .preferring(let query, let preferred) = weight, case .prior = preferred {
      let parts = [try root(query, filterCount: filterCount), try part(preferred, .preference)]
      return joined(.preferring, .plain, parts, parts[0].matches)
    }
    guard filterCount > 0, case .all(let weights) = weight else { return try part(weight) }
    var parts: [Explanation.Part] = []
    for (place, weight) in weights.enumerated() { parts.append(try part(weight, place < weights.count - filterCount ? .plain : .filter)) }
    return joined(.all, .plain, parts, parts.allSatisfy(\.matches))
  }
}
