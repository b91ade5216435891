// What may a search be told besides its query and its ranking?

/// Word lists that a search uses, another order of its hits, and what it counts; none by default.
public struct SearchOptions: Sendable {
  public var synonyms: Synonyms?
  public var stopWords: StopWords?
  /// The order of the hits; empty for the best scores first. Equal passages stand in the order of their keys.
  public var sort: [SortKey]
  /// What is counted over all matches; one facet of the results for each.
  public var facets: [FacetRequest]
  /// Whether the matches are counted. Without it a search need not look at those that cannot be among its hits.
  public var countsTotal: Bool

  public init(
    synonyms: Synonyms? = nil, stopWords: StopWords? = nil, sort: [SortKey] = [], facets: [FacetRequest] = [], countsTotal: Bool = true
  ) {
    self.synonyms = synonyms
    self.stopWords = stopWords
    self.sort = sort
    self.facets = facets
    self.countsTotal = countsTotal
  }
}

/// One of the keys by which hits are sorted.
public enum SortKey: Equatable, Sendable {
  /// By the values of an integer, date or keyword field, the smallest first; passages without a value come last. Keywords are compared by
  /// the bytes of their normalised forms; of several values the smallest counts.
  case ascending(String)
  /// The largest first; passages without a value come last here too. Of several values the largest counts.
  case descending(String)
  /// The highest score first.
  case score
}

/// What is to be counted over all matches of a search.
public struct FacetRequest: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case values(limit: Int)
    case ranges([FacetRange])
  }

  public let field: String
  package let kind: Kind

  /// The most frequent values of a keyword field, at most `limit` (0 to `Searcher.maximumLimit`) of them.
  public static func values(of field: String, limit: Int = 10) -> FacetRequest {
    FacetRequest(field: field, kind: .values(limit: limit))
  }

  /// How many passages have a value in each of some ranges of an integer or date field; ranges may overlap.
  public static func ranges(of field: String, _ ranges: [FacetRange]) -> FacetRequest {
    FacetRequest(field: field, kind: .ranges(ranges))
  }
}

/// A range of values, both ends included; nil is an open end.
public struct FacetRange: Equatable, Sendable {
  public var lower: FieldValue?
  public var upper: FieldValue?

  public init(from lower: FieldValue?, through upper: FieldValue?) {
    self.lower = lower
    self.upper = upper
  }
}
