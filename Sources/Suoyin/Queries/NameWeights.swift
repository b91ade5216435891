// Which titles and labels does a query name, and what is that worth?
internal import SuoyinAnalysis

extension WeightBuilder {
  /// In how many of its first cells titles and labels are looked for in a query: a bound for the time that this takes.
  static let maximumNamingCellCount = 512

  /// What passages get whose title or label a text names.
  ///
  /// A name counts once, and its length does not matter: who names a law means all its articles. A title and the label behind it in the query
  /// are a citation: one passage has both.
  func names(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> [Weight] {
    let (hasTitle, hasLabel) = (isInScope(.title, number, scope), isInScope(.label, number, scope))
    guard hasTitle || hasLabel, parameters.titleWeight > 0 || parameters.citationWeight > 0 else { return [] }
    let limit = source.takeNamingCells(analysis.cells.count)
    func term(_ found: FoundName, _ weight: Double) -> Weight {
      let similarity = BM25(keywordWeight: weight * factor * idf(found.statistics), parameters: parameters)
      return .term(TermWeight(term: found.term, statistics: found.statistics, similarity: similarity, scope: scope))
    }
    var weights: [Weight] = []
    var titles: [FoundName] = []
    if hasTitle { titles = try source.titles(NamingText(analysis, limit: limit), numbering: number) }
    if parameters.titleWeight > 0 { for title in titles { weights.append(term(title, parameters.titleWeight)) } }
    if hasLabel {
      for (cell, bytes) in analysis.namedLabels(limit: limit) {
        let name = Term(numbering: number, family: .extra, bytes)
        let label = FoundName(cell: cell, term: name, statistics: try source.statistics(of: name))
        if label.statistics.documentFrequency == 0 { continue }
        if parameters.titleWeight > 0 { weights.append(term(label, parameters.titleWeight)) }
        if parameters.citationWeight > 0, let title = titles.last(where: { $0.cell < cell }) {
          weights.append(.all([term(title, parameters.citationWeight), term(label, parameters.citationWeight)]))
        }
      }
    }
    return weights
  }

  /// Whether a field of the numbering that is asked has the role.
  private func isInScope(_ role: Field.Role, _ number: Int, _ scope: FieldScope?) -> Bool {
    numberings[number].fields.enumerated().contains { place, field in
      schema.fields[field].role == role && (scope.map { $0.boosts[place] > 0 } ?? true)
    }
  }
}

/// A title or a label that a query names.
struct FoundName {
  /// The index of its first cell in the query.
  let cell: Int
  let term: Term
  let statistics: TermStatistics
}

extension StatisticsSource {
  /// The titles that are named in a text: of those that begin at a cell the longest, and none that lies in another.
  ///
  /// - Complexity: O(*c* · *s* log *n*) for *c* cells, *s* segments and *n* terms, as long as few titles begin as the text does.
  func titles(_ text: NamingText, numbering: Int) throws(IndexError) -> [FoundName] {
    var found: [FoundName] = []
    var covered = 0
    let start = Term(numbering: numbering, family: .extra, [])
    for place in text.cells.indices {
      let (longest, lengths) = text.longestTerm(from: place)
      if lengths.isEmpty { continue }
      let whole = start.bytes + longest
      let frequencies = try frequencies(ofTitles: whole, lengths: lengths.map { $0 + start.bytes.count })
      guard let (length, frequency) = frequencies.max(by: { $0.key < $1.key }),
        let count = lengths.firstIndex(of: length - start.bytes.count)
      else { continue }
      let end = place + NameTerm.minimumCellCount + count
      if end <= covered { continue }
      covered = end
      let term = Term(bytes: Array(whole[..<length]))
      found.append(FoundName(cell: text.cells[place], term: term, statistics: try statistics(ofTitle: term, frequency)))
    }
    return found
  }
}
