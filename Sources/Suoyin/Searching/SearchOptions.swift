// What may a search be told besides its query and its ranking?

/// Word lists that a search uses, statistics that it goes by, and when it gives up; none by default.
public struct SearchOptions: Sendable {
  public var synonyms: Synonyms?
  public var stopWords: StopWords?
  /// What is usual in a collection that this index is a part of, in place of what is usual in this index: the sum of `Searcher.statistics` of all
  /// parts for the same query. Scores are then those that one index of all passages would give; hits and their number
  /// are those of this index.
  public var statistics: QueryStatistics?
  /// When a search throws `deadlineExceeded` if it is not done; it does so within about a millisecond, unless the system keeps it waiting.
  ///
  /// What the hits look like (`Hit.snippet`, `Hit.highlights`) is not part of the search.
  public var deadline: ContinuousClock.Instant?
  /// Asked now and then, from the thread that searches; when it says true the search throws `cancelled`. A search inside a task that is cancelled does
  /// so without it.
  public var isCancelled: (@Sendable () -> Bool)?
  /// The clock that the deadline is compared with.
  package var now: @Sendable () -> ContinuousClock.Instant = { .now }

  public init(
    synonyms: Synonyms? = nil, stopWords: StopWords? = nil, statistics: QueryStatistics? = nil, deadline: ContinuousClock.Instant? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.synonyms = synonyms
    self.stopWords = stopWords
    self.statistics = statistics
    self.deadline = deadline
    self.isCancelled = isCancelled
  }
}
