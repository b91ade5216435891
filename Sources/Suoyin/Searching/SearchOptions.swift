// What may a search be told besides its query and its ranking?

/// Word lists that a search uses, what filters its hits, another order of them, where they begin, what it counts, statistics that it goes by, who puts its
/// first hits into another order, and when it gives up; none by default.
public struct SearchOptions: Sendable {
  public var synonyms: Synonyms?
  public var stopWords: StopWords?
  /// What hits must match besides the query; it adds nothing to their scores and is not highlighted.
  public var filters: [Query]
  /// The order of the hits; empty for the best scores first. Equal passages stand in the order of their keys.
  public var sort: [SortKey]
  /// Only the hits behind this one are given: `SearchResults.next` of the page before. It is one of the same query, order and index.
  public var after: SearchPosition?
  /// The text field whose repetitions are taken together: of hits whose texts are the same but for white space, punctuation, width, case and script,
  /// only the first is given (`Hit.reprints` has the others). With `after`, the hits before are looked at once more.
  public var collapsedField: String?
  /// What is counted over all matches; one facet of the results for each.
  public var facets: [FacetRequest]
  /// Whether the matches are counted. Without it a search need not look at those that cannot be among its hits.
  public var countsTotal: Bool
  /// What is usual in a collection that this index is a part of, in place of what is usual in this index: the sum of `Searcher.statistics` of all
  /// parts for the same query. Scores are then those that one index of all passages would give; hits and their number
  /// are those of this index.
  public var statistics: QueryStatistics?
  /// Who puts the first hits into another order.
  public var reranking: Reranking?
  /// When a search throws `deadlineExceeded` if it is not done; it does so within about a millisecond, unless the system keeps it waiting.
  ///
  /// What the hits look like (`Hit.snippet`, `Hit.highlights`) is not part of the search.
  public var deadline: ContinuousClock.Instant?
  /// Asked now and then, from the thread that searches; when it says true the search throws `cancelled`. A search inside a task that is cancelled does
  /// so without it.
  public var isCancelled: (@Sendable () -> Bool)?
  /// Whether a query that a person typed is refused where it would be searched with a warning.
  public var isStrict: Bool
  /// The clock that the deadline is compared with.
  package var now: @Sendable () -> ContinuousClock.Instant = { .now }

  public init(
    synonyms: Synonyms? = nil, stopWords: StopWords? = nil, filters: [Query] = [], sort: [SortKey] = [], after: SearchPosition? = nil,
    collapsedField: String? = nil, facets: [FacetRequest] = [], countsTotal: Bool = true, statistics: QueryStatistics? = nil,
    reranking: Reranking? = nil, deadline: ContinuousClock.Instant? = nil, isCancelled: (@Sendable () -> Bool)? = nil,
    isStrict: Bool = false
  ) {
    self.synonyms = synonyms
    self.stopWords = stopWords
    self.filters = filters
    self.sort = sort
    self.after = after
    self.collapsedField = collapsedField
    self.facets = facets
    self.countsTotal = countsTotal
    self.statistics = statistics
    self.reranking = reranking
    self.deadline = deadline
    self.isCancelled = isCancelled
    self.isStrict = isStrict
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
    case years(limit: Int)
  }

  public let field: String
  package let kind: Kind

  /// The most frequent values of a keyword field, at most `limit` (0 to `Searcher.maximumLimit`) of them.
  public static func values(of field: String, limit: Int = 10) -> FacetRequest {
    FacetRequest(field: field, kind: .values(limit: limit))
  }

  /// How many passages have a day in each year, the latest years first, at most `limit` (0 to `Searcher.maximumLimit`) of them; of a date field.
  public static func years(of field: String, limit: Int = 10) -> FacetRequest { FacetRequest(field: field, kind: .years(limit: limit)) }

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
