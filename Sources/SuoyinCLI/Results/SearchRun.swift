// How does a query become an answer on the screen?
internal import Suoyin

/// A search of one or many queries with the same options, and how it is shown.
struct SearchRun {
  let searcher: Searcher
  let presentation: Presentation
  let limit: Int
  let parameters: RankingParameters
  let options: SearchOptions
  private var writer: any AnswerWriter = TRECAnswers()
  private let clock = ContinuousClock()

  init(searcher: Searcher, presentation: Presentation, limit: Int, parameters: RankingParameters, options: SearchOptions) {
    self.searcher = searcher
    self.presentation = presentation
    self.limit = limit
    self.parameters = parameters
    self.options = options
  }

  mutating func begin(isBatch: Bool) throws {
    writer = try presentation.writer(searcher.schema)
    if presentation.listing == .hits { writer.begin(searcher.schema, isBatch: isBatch) }
  }

  /// Searches and prints.
  ///
  /// - Returns: how many passages match, as far as is known.
  mutating func answer(_ text: String, id: String?) throws -> Int {
    switch presentation.listing {
    case .hits: return presentation.isGrouped ? try showGroups(text, id) : try showHits(text, id)
    case .files: return try listFiles(text)
    case .count:
      var options = options
      options.countsTotal = true
      let results = try search(text, 0, options)
      results.noteWarnings()
      let total = results.total ?? 0
      StandardOutput.write((id.map { "\($0)\t" } ?? "") + "\(total)\n")
      return total
    case .nothing:
      var options = options
      (options.countsTotal, options.facets) = (false, [])
      let results = try search(text, 1, options, loadsFields: false)
      results.noteWarnings()
      return results.hits.count
    }
  }

  private func search(_ text: String, _ limit: Int, _ options: SearchOptions, loadsFields: Bool = true) throws -> SearchResults {
    try searcher.search(text, limit: limit, parameters: parameters, options: options, loadsFields: loadsFields)
  }

  private mutating func showHits(_ text: String, _ id: String?) throws -> Int {
    let start = clock.now
    let results = try search(text, limit, options, loadsFields: presentation.format != .trec)
    results.noteWarnings()
    let answer = Answer(id: id, text: text, results: results, microseconds: microseconds(since: start))
    try explain(text, id)
    try writer.write(answer, searcher)
    try addNotes(to: answer)
    return answer.total
  }

  private mutating func showGroups(_ text: String, _ id: String?) throws -> Int {
    let start = clock.now
    let groups = try DocumentGroups(limit: limit, passages: presentation.passages, { try search(text, $0, $1) }, options)
    groups.first.noteWarnings()
    let answer = Answer(id: id, text: text, results: groups.first, microseconds: microseconds(since: start))
    try explain(text, id)
    if case .json = presentation.format {
      var writer = JSONAnswers(snippetLength: presentation.snippetLength)
      try writer.write(groups, answer, searcher)
    } else {
      var writer = TextAnswers(snippetLength: presentation.snippetLength)
      writer.write(groups, answer, searcher)
    }
    try addNotes(to: answer)
    return answer.total
  }

  /// Says what is looked for, if it was asked.
  private func explain(_ text: String, _ id: String?) throws {
    guard presentation.explainsQuery else { return }
    let notes = QueryNotes(searcher: searcher, options: options)
    if case .json = presentation.format { try notes.printReport(on: text, id: id) } else { try notes.writeReport(on: text) }
  }

  /// For people: why nothing was found, and what may have been meant.
  private func addNotes(to answer: Answer) throws {
    guard case .text = presentation.format, answer.id == nil, !presentation.explainsQuery else { return }
    let notes = QueryNotes(searcher: searcher, options: options)
    if answer.total == 0 { try notes.writeReasons(for: answer.text) }
    try notes.writeCorrections(of: answer.text)
  }

  /// Prints the files of the hits, each once, in the order of their first hits; at most `limit`.
  private func listFiles(_ text: String) throws -> Int {
    var options = options
    // How many there are, so that the search may end with the last.
    options.facets = [.values(of: "file", limit: 1)]
    var names: Set<String> = []
    var results = try search(text, max(10, limit), options)
    results.noteWarnings()
    let count = min(limit, results.facets[0].distinctCount)
    options.facets = []
    options.countsTotal = false
    // Terminates: each turn goes on by a page.
    while true {
      for hit in results.hits {
        guard names.count < count, let name = hit["file"], names.insert(name).inserted else { continue }
        StandardOutput.write(Style.harmless(name) + "\n")
      }
      guard names.count < count, let next = results.next else { return results.total ?? names.count }
      options.after = next
      results = try search(text, 1000, options)
    }
  }

  private func microseconds(since start: ContinuousClock.Instant) -> Int {
    let elapsed = (clock.now - start).components
    return Int(elapsed.seconds) * 1_000_000 + Int(elapsed.attoseconds / 1_000_000_000_000)
  }
}

extension SearchResults {
  /// Says on standard error what of the query was searched as text.
  fileprivate func noteWarnings() { for warning in warnings { StandardError.note("warning", warning.message) } }
}
