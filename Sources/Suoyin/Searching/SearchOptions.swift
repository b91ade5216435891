// What may a search be told besides its query and its ranking?

/// Word lists that a search uses; none by default.
public struct SearchOptions: Sendable {
  public var synonyms: Synonyms?
  public var stopWords: StopWords?

  public init(synonyms: Synonyms? = nil, stopWords: StopWords? = nil) {
    self.synonyms = synonyms
    self.stopWords = stopWords
  }
}
