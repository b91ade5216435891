// How does a query become an answer on the screen?
internal import Suoyin

/// A search of one or many queries with the same options, and how it is shown.
struct SearchRun {
  let searcher: Searcher
  let presentation: Presentation
  let limit: Int
  let parameters: RankingParameters
  private(set) var options: SearchOptions
  /// Who puts the first hits into another order.
  var reranking: RerankingProgram?
  var timeLimit = TimeOption()
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
  /// - Throws: `deadlineExceeded` where a search takes too long; a line of JSON says so, too.
  mutating func answer(_ text: String, id: String?) throws -> Int {
    options.deadline = timeLimit.deadline
    return try TimeOption.reporting(json: presentation.format == .json && presentation.listing == .hits, query: id) {
      try answerInTime(text, id: id)
    }
  }

  private mutating func answerInTime(_ text: String, id: String?) throws -> Int {
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
      let results = try search(text, 1, options, loadsFields: false, reranking: nil)
      results.noteWarnings()
      return results.hits.count
    }
  }

  private func search(_ text: String, _ limit: Int, _ options: SearchOptions, loadsFields: Bool = true) throws -> SearchResults {
    try search(text, limit, options, loadsFields: loadsFields, reranking: reranking)
  }

  private func search(
    _ text: String, _ limit: Int, _ options: SearchOptions, loadsFields: Bool, reranking: RerankingProgram?
  ) throws -> SearchResults {
    var options = options
    options.reranking = reranking?.reranking(of: text, in: searcher.schema, deadline: options.deadline)
    do {
      return try searcher.search(text, limit: limit, parameters: parameters, options: options, loadsFields: loadsFields)
    } catch let failure as RerankingFailure {
      options.reranking = nil
      let isLate = options.deadline.map { $0 <= .now } ?? false
      // A page behind others cannot be in another order than these.
      if !isLate, options.isStrict || options.after != nil { throw failure }
      if !isLate { StandardError.note("warning", "\(failure); the hits stand as they are without it") }
      if isLate { options.after = nil }
      return try searcher.search(text, limit: limit, parameters: parameters, options: options, loadsFields: loadsFields)
    }
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
    do {
      if answer.total == 0 { try notes.writeReasons(for: answer.text) }
      try notes.writeCorrections(of: answer.text)
    } catch let error as IndexError where error.code == .deadlineExceeded {
      // The answer is there; what may have been meant is left out.
    }
  }

  /// Prints the files of the hits, each once, in the order of their first hits; at most `limit`.
  private func listFiles(_ text: String) throws -> Int {
    var options = options
    // How many there are, so that the search may end with the last.
    options.facets = [.values(of: "file", limit: 1)]
    var names: Set<String> = []
    // All that is re-ranked at once.
    var results = try search(text, max(10, limit, reranking?.depth ?? 0), options)
    results.noteWarnings()
    let count = min(limit, results.facets[0].distinctCount)
    // Where the program has failed, pages go on in the order of the search.
    let reranking = results.hits.first?.rerankingScore == nil ? nil : reranking
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
      results = try search(text, 1000, options, loadsFields: true, reranking: reranking)
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
