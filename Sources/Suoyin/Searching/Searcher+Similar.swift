// Which passages are like one?
internal import SuoyinAnalysis

/// By how many terms passages are compared, and which are left out.
public struct SimilarityOptions: Sendable {
  /// The most terms that are asked for; 1 to 1000.
  public var maximumTermCount: Int
  /// Passages that match this are left out: those of the same document, for example.
  public var leavingOut: Query?

  public init(maximumTermCount: Int = 25, leavingOut: Query? = nil) {
    self.maximumTermCount = maximumTermCount
    self.leavingOut = leavingOut
  }
}

/// A term that tells a passage from others.
public struct TellingTerm: Equatable, Sendable {
  /// As it is compared.
  public let text: String
  /// How often it is in the passage, each occurrence counted with its field's boost.
  public let frequency: Double
  /// How many live passages have it.
  public let documentFrequency: Int
  /// What it is worth: see `Searcher.similar(to:limit:parameters:options:)`.
  public let weight: Double
}

/// The passages that are like one, and by what.
public struct SimilarPassages: Sendable {
  /// The most telling first.
  public let terms: [TellingTerm]
  /// What was searched for; nil when the passage has no term that another has.
  public let query: Query?
  /// The most similar first, without the passage itself.
  public let hits: [Hit]
}

extension Searcher {
  /// The passages that are like the one with this key; nil when there is no such passage.
  ///
  /// A word that is *f* times in the passage and in *n* of the *N* passages has the weight *f* / (*f* + 1.2) · ln(1 + (*N* − *n* + ½) / (*n* + ½)). Words
  /// that no other passage has are left out; of the others, those with the greatest weights are asked for, of equal ones the first by their
  /// bytes. A passage scores the sum of what it scores for each of these words as a query, times *f* / (*f* + 1.2). With the analyzer `bigram`, which knows no words, pairs of
  /// cells stand for them.
  ///
  /// The words are those of the stored text fields that share their cells, cut anew.
  ///
  /// - Parameter limit: The most hits, 0 to `maximumLimit` − 1.
  /// - Throws: as `search(_:limit:parameters:options:loadsFields:)`, and `invalidArgument` when no text is stored or the number of terms cannot be.
  /// - Complexity: O(*t* · *s* log *n*) for the *t* words of the passage, and a search.
  /// - Source: the weight is that of Robertson & Spärck Jones 1976, saturated as in BM25 (Robertson et al. 1994); asking for the most telling
  ///   terms of a document goes back to Salton's relevance feedback (1971).
  public func similar(
    to key: DocumentKey, limit: Int = 10, parameters: RankingParameters = RankingParameters(),
    options: SimilarityOptions = SimilarityOptions(), search searchOptions: SearchOptions = SearchOptions()
  ) throws -> SimilarPassages? {
    guard limit >= 0, limit < Self.maximumLimit else {
      throw IndexError(.invalidArgument, "the limit \(limit) is not in 0...\(Self.maximumLimit - 1)")
    }
    guard (1...1000).contains(options.maximumTermCount) else {
      throw IndexError(.invalidArgument, "the number of terms \(options.maximumTermCount) is not in 1...1000")
    }
    guard index.fingerprintMatches else { throw IndexError.settingsDiffer(index.directory, index.commit, index.settings) }
    guard let passage = try document(key) else { return nil }
    let terms = try tellingTerms(of: passage, limit: options.maximumTermCount)
    if terms.isEmpty { return SimilarPassages(terms: [], query: nil, hits: []) }
    let hasWords = schema.analyzer.families.contains(.word)
    let wanted = Query.any(
      terms.map { .weighted(hasWords ? .text($0.text) : .quoted($0.text), Self.saturated($0.frequency)) })
    let query = options.leavingOut.map { Query.excluding(wanted, $0) } ?? wanted
    var searchOptions = searchOptions
    searchOptions.countsTotal = false
    let results = try search(query, limit: limit + 1, parameters: parameters, options: searchOptions)
    return SimilarPassages(terms: terms, query: query, hits: Array(results.hits.filter { $0.key != key }.prefix(limit)))
  }

  private static func saturated(_ frequency: Double) -> Double { frequency / (frequency + 1.2) }

  private func tellingTerms(of passage: Document, limit: Int) throws(IndexError) -> [TellingTerm] {
    let fields = schema.numberings[0].fields.map { schema.fields[$0] }.filter(\.isStored)
    if fields.isEmpty { throw IndexError(.invalidArgument, "the index stores no text by which passages could be compared") }
    var frequencies: [Term: Double] = [:]
    for field in fields {
      guard case .text(let text)? = passage.fields[field.name] else { continue }
      let analysis = try analyzer.analyze(text)
      if schema.analyzer.families.contains(.word) {
        for word in analysis.words { frequencies[Term(numbering: 0, family: .word, analysis.term(of: word)), default: 0] += field.boost }
      } else {
        for cell in analysis.cells.indices where analysis.successor(of: cell) != nil {
          frequencies[Term(numbering: 0, family: .pair, analysis.pairTerm(at: cell)), default: 0] += field.boost
        }
      }
    }
    var terms: [TellingTerm] = []
    for (term, frequency) in frequencies {
      let count = try TermStatistics(term, in: index).documentFrequency
      if count < 2 { continue }
      terms.append(
        TellingTerm(
          text: String(decoding: term.text, as: UTF8.self), frequency: frequency, documentFrequency: count,
          weight: Self.saturated(frequency) * BM25.idf(documentFrequency: count, passageCount: passageCount)))
    }
    terms.sort { left, right in
      left.weight != right.weight ? left.weight > right.weight : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
    return Array(terms.prefix(limit))
  }
}
