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
    // How Swift writes values for debugging is unambiguous: strings are quoted and escaped. What most searches have is not written so, which would take
    // longer than all else here.
    var text = if case .text(let asked) = query { "\(asked.utf8.count) \(asked)" } else { String(reflecting: query) }
    if parameters != RankingParameters() { text += String(reflecting: parameters) }
    if !options.filters.isEmpty { text += String(reflecting: options.filters) }
    if !options.sort.isEmpty { text += String(reflecting: options.sort) }
    text += String(reflecting: options.collapsedField)
    return Checksum.crc32c(Array(text.utf8)[...], seed: options.stopWords?.digest ?? 0)
  }
}
