// What does a search give?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.
internal import SuoyinAnalysis
internal import SuoyinStorage

/// An immutable snapshot of an index, for any number of threads: what is committed later is not seen.
public final class Searcher: Sendable {
  package let index: IndexReader
  package let statistics: CollectionStatistics
  let analyzer: SharedAnalyzer
  private let documentSizes: DocumentSizes?

  /// The most hits that a search gives.
  public static let maximumLimit = 10_000

  package init(_ index: IndexReader) {
    self.index = index
    statistics = CollectionStatistics(index)
    analyzer = SharedAnalyzer(index.settings)
    documentSizes = DocumentSizes(index)
  }

  public var schema: Schema { index.commit.schema }
  /// How many passages are alive.
  public var passageCount: Int { statistics.passageCount }

  /// Searches for what a person typed: see `QueryParser`.
  ///
  /// What cannot be an operator where it stands is searched as text, and the results' `warnings` say so; with `SearchOptions.isStrict` it is an error.
  ///
  /// - Throws: `QuerySyntaxError`, and `IndexError` as `search(_:limit:parameters:options:loadsFields:)` does.
  public func search(
    _ text: String, limit: Int = 10, parameters: RankingParameters = RankingParameters(), options: SearchOptions = SearchOptions(),
    loadsFields: Bool = true
  ) throws -> SearchResults {
    var (results, warnings) = try reading(text, options) {
      try search($0, limit: limit, parameters: parameters, options: options, loadsFields: loadsFields)
    }
    results.warnings = warnings
    return results
  }

  /// Does something with the query that a text is; errors point at the text.
  func reading<Answer>(
    _ text: String, _ options: SearchOptions, _ body: (Query) throws -> Answer
  ) throws -> (Answer, warnings: [QuerySyntaxError]) {
    let parsed = try QueryParser.parse(text, schema: schema)
    if options.isStrict, let warning = parsed.warnings.first { throw warning }
    do {
      return (try body(parsed.query), parsed.warnings)
    } catch NothingToFind.inQuery {
      throw QuerySyntaxError(
        "the query holds no word, number or character to look for; punctuation alone is not indexed", in: text, at: 0..<text.utf8.count)
    } catch NothingToFind.becauseTooLong {
      throw QuerySyntaxError(
        "a text in pinyin has at most \(PinyinQuery.maximumPieceCount) words or characters, and a word at most \(Analysis.maximumTermLength) letters",
        in: text, at: 0..<text.utf8.count)
    }
  }

  /// A query without any cell, or with too long a text in pinyin: thrown as `QuerySyntaxError` where there is a text to point at.
  private enum NothingToFind: Error { case inQuery, becauseTooLong }

  /// Searches for a query.
  ///
  /// - Parameters:
  ///   - limit: The most hits to give, 0 to `maximumLimit`; 0 only counts, and has no next page.
  ///   - loadsFields: Whether the hits get their stored fields; without them a hit has its key and score.
  /// - Throws: `IndexError`: `invalidArgument` for a limit, weight, range, sort key, facet or field that cannot be and a position of another
  ///   query or index, a re-ranking that cannot be or gives no order, `settingsDiffer` when the query would be cut in
  ///   another way than the index was, `deadlineExceeded` and `cancelled` as the options ask for, `corrupted`.
  /// - Complexity: O(*p* + *n* log *k*), *p* being the postings of the query's terms and *n* the matches.
  public func search(
    _ query: Query, limit: Int, parameters: RankingParameters, options: SearchOptions = SearchOptions(), loadsFields: Bool = true
  ) throws -> SearchResults {
    let query = try prepared(query, limit: limit, parameters: parameters, options: options)
    let weight = try weight(of: query, parameters: parameters, options: options)
    let interruption = Interruption(options)
    let question = QuestionDigest(query, parameters, options)
    let hasChanged = try options.after.map(check) ?? false
    let page: HitPage
    if let reranking = options.reranking {
      page = try rerankedPage(limit, of: weight, reranking, options, question: question.value, interruption)
    } else {
      if let after = options.after, after.question != question.value { throw SearchPosition.ofOtherQuery }
      page = try self.page(limit, of: weight, options, interruption)
    }
    // Where there is no other page, these are all.
    var total = limit > 0 && options.after == nil && options.collapsedField == nil && page.last == nil ? page.matches.count : nil
    total = total ?? page.total
    var facets: [Facet] = []
    if !options.facets.isEmpty {
      (total, facets) = try self.facets(options.facets, of: weight, interruption)
    } else if options.countsTotal, total == nil {
      total = try count(weight, interruption)
    }
    let highlighter = try Highlighter(query, schema: schema, analyzer: analyzer, stopWords: options.stopWords, weight: weight)
    let hits = try page.matches.indices.map { place in
      let match = page.matches[place]
      var hit = Hit(
        key: try key(of: match), score: Double(match.score) / BM25.one,
        fields: loadsFields ? try fields(match.segment, match.document) : [:],
        highlighter: highlighter)
      if !page.reprints.isEmpty { hit.reprints = try page.reprints[place].map(key) }
      if place < page.scores.count { hit.rerankingScore = page.scores[place] }
      return hit
    }
    let before = options.after?.rank ?? 0
    let next = try page.last.map {
      try position(of: $0, rank: before + hits.count, question: page.question ?? question.value, options.sort)
    }
    return SearchResults(hits: hits, total: total, facets: facets, next: next, hitsBefore: before, hasIndexChanged: hasChanged)
  }

  func key(of match: ScoredDocument) throws(IndexError) -> DocumentKey {
    DocumentKey(bytes: try index.segments[match.segment].reader.key(of: match.document))
  }

  /// Checks what a search was given; the query, with its synonyms.
  func prepared(_ query: Query, limit: Int, parameters: RankingParameters, options: SearchOptions) throws -> Query {
    guard limit >= 0, limit <= Self.maximumLimit else {
      throw IndexError(.invalidArgument, "the limit \(limit) is not in 0...\(Self.maximumLimit)")
    }
    if let problem = parameters.problem { throw IndexError(.invalidArgument, "the ranking cannot be used: \(problem)") }
    guard index.fingerprintMatches else {
      throw IndexError.settingsDiffer(index.directory, index.commit, index.settings)
    }
    guard let synonyms = options.synonyms else { return query }
    let analyzer = self.analyzer
    var expansion = try SynonymExpansion(synonyms, schema: schema, weight: parameters.synonymWeight) { text throws(IndexError) in
      try analyzer.analyze(text)
    }
    return try expansion.expand(query)
  }

  /// A query bound to this index.
  package func weight(of query: Query, parameters: RankingParameters, options: SearchOptions) throws -> Weight {
    let interruption = Interruption(options)
    return try weight(of: query, statisticsSource(options, interruption), parameters, options, interruption)
  }

  /// What a query is ranked by: this index, or what is given.
  func statisticsSource(_ options: SearchOptions, _ interruption: Interruption) throws(IndexError) -> StatisticsSource {
    if let given = options.statistics { return try StatisticsSource(index, given: given, interruption) }
    return StatisticsSource(index, statistics, interruption)
  }

  /// The same; nil for a query that has nothing to look for.
  func weightIfAny(of query: Query, parameters: RankingParameters, options: SearchOptions) throws -> Weight? {
    do {
      return try weight(of: query, parameters: parameters, options: options)
    } catch is NothingToFind {
      return nil
    }
  }

  /// - Parameter namesAbsentParts: For explanations.
  func weight(
    of query: Query, _ source: StatisticsSource, _ parameters: RankingParameters, _ options: SearchOptions, _ interruption: Interruption,
    namesAbsentParts: Bool = false
  ) throws -> Weight {
    let analyzer = self.analyzer
    try interruption.check()
    var builder = WeightBuilder(source, parameters, options, interruption) { text throws(IndexError) in
      try analyzer.analyze(text)
    }
    builder.namesAbsentParts = namesAbsentParts
    let weight = try builder.weight(query)
    if builder.hasTooLongPinyin { throw NothingToFind.becauseTooLong }
    guard let weight, builder.hasAnythingToFind else { throw NothingToFind.inQuery }
    if options.filters.isEmpty { return try ranked(weight, parameters) }
    var all = [weight]
    for filter in options.filters {
      builder.hasAnythingToFind = false
      guard let filter = try builder.weight(filter, factor: 0), builder.hasAnythingToFind else {
        throw IndexError(.invalidArgument, "a filter holds no word, number or character to look for; punctuation alone is not indexed")
      }
      all.append(filter)
    }
    return try ranked(.all(all), parameters)
  }

  /// A query with what its matches score besides.
  private func ranked(_ weight: Weight, _ parameters: RankingParameters) throws(IndexError) -> Weight {
    var weight = weight
    for prior in parameters.priors { weight = .preferring(weight, .prior(try PriorWeight(prior, schema))) }
    guard parameters.documentWeight > 0, let sizes = documentSizes else { return weight }
    return .lifted(weight, DocumentLift(sizes: sizes, weight: parameters.documentWeight))
  }

  /// What is usual in this index, as far as a query asks: see `QueryStatistics`.
  ///
  /// - Parameter options: Those of the search that is to come; its statistics are of no account here.
  /// - Throws: as `search(_:limit:parameters:options:loadsFields:)` does.
  public func statistics(of query: Query, options: SearchOptions = SearchOptions()) throws -> QueryStatistics {
    // Every family has a weight by default, so that nothing that a search may ask for is left out.
    let parameters = RankingParameters()
    let interruption = Interruption(options)
    let source = StatisticsSource(index, statistics, isNoting: true, interruption)
    _ = try weight(of: prepared(query, limit: 0, parameters: parameters, options: options), source, parameters, options, interruption)
    return source.asked ?? QueryStatistics(index, statistics)
  }

  /// How many passages match, and what was asked to be counted of them.
  private func facets(
    _ requests: [FacetRequest], of weight: Weight, _ interruption: Interruption
  ) throws(IndexError) -> (total: Int, facets: [Facet]) {
    var counters: [FacetCounter] = []
    for request in requests { counters.append(try FacetCounter(request, index)) }
    var total = 0
    for (number, segment) in index.segments.enumerated() {
      guard let scorer = try weight.scorer(in: segment.reader, number: number) else { continue }
      let matches = DocumentSet(limit: DocID(segment.reader.passageCount), interruption)
      try scorer.mark(in: matches)
      try interruption.check()
      if let deleted = segment.deleted { matches.subtract(deleted) }
      total += matches.count(without: nil)
      for place in counters.indices { try counters[place].count(matches, in: segment.reader, number: number) }
    }
    var facets: [Facet] = []
    for counter in counters { facets.append(try counter.finish(index, interruption)) }
    return (total, facets)
  }

  /// How many passages match.
  package func count(_ weight: Weight, _ interruption: Interruption = .none) throws(IndexError) -> Int {
    let weight = weight.finding
    if case .term(let term) = weight, term.scope == nil { return term.statistics.passageCount }
    let lists = weight.plainLists
    var total = 0
    var candidates = Candidates()
    for (number, segment) in index.segments.enumerated() {
      let limit = DocID(segment.reader.passageCount)
      if let lists, lists.isCountedByMarking(in: number, below: limit) {
        let matches = DocumentSet(limit: limit, interruption)
        try lists.mark(in: matches, segment.reader, number: number)
        total += matches.count(without: segment.deleted)
        continue
      }
      guard let scorer = try weight.scorer(in: segment.reader, number: number) else { continue }
      if scorer.isCountedByMarking(below: limit) {
        let matches = DocumentSet(limit: limit, interruption)
        try scorer.mark(in: matches)
        total += matches.count(without: segment.deleted)
        continue
      }
      // Terminates: every turn goes forward in the segment.
      while scorer.docID != .end {
        try interruption.check()
        try scorer.next(&candidates, below: .end, minimum: 0, isScored: false)
        total += liveCount(candidates, segment)
      }
    }
    return total
  }

  /// Calls `body` with every live match: its segment's number and its doc ID, ascending.
  func forEachMatch(of weight: Weight, _ body: (Int, DocID) throws -> Void) throws {
    var candidates = Candidates()
    for (number, segment) in index.segments.enumerated() {
      guard let scorer = try weight.scorer(in: segment.reader, number: number) else { continue }
      // Terminates: every turn goes forward in the segment.
      while scorer.docID != .end {
        try scorer.next(&candidates, below: .end, minimum: 0, isScored: false)
        for index in 0..<candidates.count {
          let document = unsafe candidates.documents[index]
          if !segment.isDead(document) { try body(number, document) }
        }
      }
    }
  }

  /// The stored values of the passage with this key; nil when there is none.
  public func document(_ key: DocumentKey) throws(IndexError) -> Document? {
    guard let (segment, document) = try index.find(key) else { return nil }
    return try Document(key: key, fields(segment, document))
  }

  /// Calls `body` with the key and the stored values of every live passage, segment by segment, in order of keys within each.
  public func forEachDocument(_ body: (Document) throws -> Void) throws {
    for (number, segment) in index.segments.enumerated() {
      for document in 0..<DocID(segment.reader.passageCount) where !segment.isDead(document) {
        try body(Document(key: DocumentKey(bytes: segment.reader.key(of: document)), fields(number, document)))
      }
    }
  }

  func fields(_ segment: Int, _ document: DocID) throws(IndexError) -> [String: FieldValue] {
    let values = try index.segments[segment].reader.values(of: document)
    var fields: [String: FieldValue] = [:]
    for (field, value) in zip(schema.fields, values) { fields[field.name] = value }
    return fields
  }
}

extension SearchIndex {
  /// A searcher for the index as it is now.
  ///
  /// - Complexity: opens every segment; well under a millisecond each.
  public func searcher() throws(IndexError) -> Searcher { Searcher(try IndexReader(path, in: fileSystem)) }
}
