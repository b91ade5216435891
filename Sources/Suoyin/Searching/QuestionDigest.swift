// Are two searches the same question?
internal import SuoyinStorage

/// A digest of what decides which hits a search has and in which order, computed when it is needed.
struct QuestionDigest {
  private let query: Query
  private let parameters: RankingParameters
  private let options: SearchOptions

  init(_ query: Query, _ parameters: RankingParameters, _ options: SearchOptions) {
    self.query = query
    self.parameters = parameters
    self.options = options
  }

  /// The same in every process of one version of the program.
  var value: UInt32 {
    // How Swift writes values for debugging is unambiguous: strings are quoted and escaped.
    var text = String(reflecting: query)
    text += parameters == RankingParameters() ? Self.usualParameters : String(reflecting: parameters)
    text += options.filters.isEmpty ? "[]" : String(reflecting: options.filters)
    text += options.sort.isEmpty ? "[]" : String(reflecting: options.sort)
    text += String(reflecting: options.collapsedField)
    if let reranking = options.reranking { text += "reranked \(reranking.depth)" }
    return Checksum.crc32c(Array(text.utf8)[...], seed: options.stopWords?.digest ?? 0)
  }

  /// Most searches have these, and to write them takes longer than all else here.
  private static let usualParameters = String(reflecting: RankingParameters())
}
