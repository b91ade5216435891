// Which phrases begin as was typed?
internal import SuoyinAnalysis

/// Finds phrases: the words of the index that begin as was typed, and the runs of its texts.
struct SuggestedPhrases {
  let searcher: Searcher
  let limits: SuggestionLimits
  let interruption: Interruption
  private var index: IndexReader { searcher.index }

  /// A phrase and in how many passages it stands.
  struct Phrase {
    var text: String
    var count: Int
    var isExact: Bool
  }

  /// The phrases that begin with a pattern, those in more passages first, then the shorter ones, then by their bytes.
  ///
  /// - Parameter typed: The pattern as a text, normalised; nil where it is no text but pinyin.
  func find(_ pattern: CellPattern, typed: [UInt8]?, _ sequences: [SequenceWeight], in fields: [Int]) throws -> [Phrase] {
    var texts = try runs(pattern, sequences, fields)
    if let typed { texts += try words(beginningWith: typed) }
    var seen: Set<[UInt8]> = []
    if let typed { seen.insert(try key(of: String(decoding: typed, as: UTF8.self))) }
    var phrases: [Phrase] = []
    for text in texts where seen.insert(try key(of: text)).inserted {
      try interruption.check()
      if let phrase = try counted(text) { phrases.append(phrase) }
    }
    return phrases.sorted { left, right in
      if left.count != right.count { return left.count > right.count }
      if left.text.utf8.count != right.text.utf8.count { return left.text.utf8.count < right.text.utf8.count }
      return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
  }

  /// A text's cells: what is the same phrase has the same.
  private func key(of text: String) throws -> [UInt8] {
    let analysis = try searcher.analyzer.analyze(text)
    return Array(analysis.cells.map { Array(analysis.term(of: $0)) }.joined(separator: [PairTerm.separator]))
  }

  /// In how many passages a text stands, as if it were in quotes; nil where it stands in none.
  private func counted(_ text: String) throws -> Phrase? {
    let analysis = try searcher.analyzer.analyze(text)
    guard let sequence = try index.sequence(of: analysis, numbering: 0, interruption) else {
      let weight = try searcher.weight(of: .quoted(text), parameters: RankingParameters(), options: SearchOptions())
      let count = try searcher.count(weight, interruption)
      return count == 0 ? nil : Phrase(text: text, count: count, isExact: true)
    }
    let found = try index.matches(of: sequence, most: limits.exact, probes: limits.probes)
    if found.count == 0 { return nil }
    // Letters have cases and widths, and words are lists' as they are compared.
    let spelling =
      analysis.cells.contains(where: \.isLettersOrDigits)
      ? try found.places.first.map { try self.spelling(of: analysis, at: $0) } ?? nil : nil
    return Phrase(text: spelling ?? text, count: found.count, isExact: found.isExact)
  }

  /// How cells are written in a passage where they stand.
  private func spelling(of cells: Analysis, at place: PassagePlace) throws -> String? {
    let pattern = CellPattern(elements: cells.cells.map { .cell(Array(cells.term(of: $0)), isWord: $0.isLettersOrDigits) }, isOpen: false)
    let values = try index.segments[place.segment].reader.values(of: place.document)
    for field in searcher.schema.numberings[0].fields where field < values.count {
      guard case .text(let text)? = values[field] else { continue }
      let analysis = try searcher.analyzer.analyze(text)
      if let start = pattern.places(in: analysis).first { return analysis.spelling(ofCells: start..<start + cells.cells.count, in: text) }
    }
    return nil
  }

  /// The most frequent words that begin with some bytes.
  private func words(beginningWith typed: [UInt8]) throws(IndexError) -> [String] {
    let terms = try index.mostFrequent(
      limits.counted, beginningWith: Term(numbering: 0, family: .word, typed).bytes, looked: limits.terms, interruption)
    return terms.map { String(decoding: $0.term.dropFirst(2), as: UTF8.self) }
  }

  /// The runs that begin with a pattern, in an even choice of the passages where one of some sequences stands.
  private func runs(_ pattern: CellPattern, _ sequences: [SequenceWeight], _ fields: [Int]) throws -> [String] {
    var places: [PassagePlace] = []
    var seen: Set<PassagePlace> = []
    // The sequences are given in order of their frequency; each gets its share of the passages.
    let share = max(1, limits.passages / max(1, sequences.count))
    for sequence in sequences {
      let found = try index.matches(of: sequence, most: limits.exact, probes: limits.probes).places
      let chosen = found.count <= share ? found : (0..<share).map { found[found.count * $0 / share] }
      for place in chosen where seen.insert(place).inserted { places.append(place) }
    }
    // In the order in which they are stored, so that neighbours are read together.
    places.sort { ($0.segment, $0.document) < ($1.segment, $1.document) }
    var runs = CellRuns(pattern, mostCells: limits.cells)
    for place in places {
      try interruption.check()
      let values = try index.segments[place.segment].reader.values(of: place.document)
      var texts: [(text: String, analysis: Analysis)] = []
      for field in fields where field < values.count {
        if case .text(let text)? = values[field] { texts.append((text, try searcher.analyzer.analyze(text))) }
      }
      runs.add(texts)
    }
    return runs.whole(limit: limits.counted)
  }
}

extension IndexReader {
  /// Those in most passages of the first terms that begin with some bytes, then by their bytes.
  ///
  /// - Parameter looked: How many terms are looked at.
  func mostFrequent(
    _ limit: Int, beginningWith prefix: [UInt8], looked: Int, _ interruption: Interruption,
    where isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws(IndexError) -> [(term: [UInt8], frequency: Int)] {
    var best = WorstFirstHeap<(term: [UInt8], frequency: Int)>(capacity: limit)
    func isBetter(_ left: (term: [UInt8], frequency: Int), _ right: (term: [UInt8], frequency: Int)) -> Bool {
      left.frequency != right.frequency ? left.frequency > right.frequency : ByteOrder.precedes(left.term, right.term)
    }
    var count = 0
    try forEachTerm(beginningWith: prefix) { term, frequency throws(IndexError) in
      count += 1
      if count % 256 == 0 { try interruption.check() }
      if isWanted(term) {
        if best.count < limit {
          best.insert((term, frequency), isBetter)
        } else if let worst = best.worst, isBetter((term, frequency), worst) {
          best.replaceWorst(with: (term, frequency), isBetter)
        }
      }
      return count < looked
    }
    return best.sorted(isBetter)
  }
}
