// Which words and runs of cells begin as was typed?
internal import SuoyinAnalysis

/// The runs of cells that begin with a pattern in some passages, counted by passages.
struct CellRuns {
  private struct Run {
    var passageCount = 0
    /// The last passage that counted it.
    var last = -1
    /// The most passages in which it goes on in the same way.
    var longerCount = 0
    var parent: [UInt8]?
    var cells = 0
    var spelling = ""
  }

  private let pattern: CellPattern
  private let mostCells: Int
  private var runs: [[UInt8]: Run] = [:]
  private var passageCount = 0

  /// - Parameter mostCells: How many cells a run has at most behind the pattern.
  init(_ pattern: CellPattern, mostCells: Int) {
    self.pattern = pattern
    self.mostCells = mostCells
  }

  /// Counts the runs of the fields of one passage.
  mutating func add(_ texts: [(text: String, analysis: Analysis)]) {
    passageCount += 1
    let typed = pattern.elements.count
    for (text, analysis) in texts {
      for place in pattern.places(in: analysis) {
        var key: [UInt8] = []
        var parent: [UInt8]?
        var end = place
        // Terminates: `end` grows.
        while end < analysis.cells.count, end - place <= typed + mostCells, end == place || analysis.successor(of: end - 1) != nil {
          key += analysis.term(of: analysis.cells[end])
          key.append(PairTerm.separator)
          end += 1
          if end - place < typed { continue }
          count(key, parent, end - place) { analysis.spelling(ofCells: place..<end, in: text) }
          parent = key
        }
      }
    }
  }

  private mutating func count(_ key: [UInt8], _ parent: [UInt8]?, _ cells: Int, _ spelling: () -> String) {
    if runs[key]?.last == passageCount { return }
    var run = runs[key] ?? Run(parent: parent, cells: cells)
    if run.spelling.isEmpty { run.spelling = spelling() }
    run.last = passageCount
    run.passageCount += 1
    runs[key] = run
  }

  /// The runs that are whole: in two passages at least, and with no single cell behind them in more than two thirds of these. The typed cells
  /// themselves are none, unless they may be written in several ways.
  ///
  /// - Returns: At most `limit`, those in more passages first, then those with fewer cells, then by their bytes.
  mutating func whole(limit: Int) -> [String] {
    for (key, run) in runs {
      guard let parent = run.parent, var shorter = runs[parent], key.count > parent.count else { continue }
      shorter.longerCount = max(shorter.longerCount, run.passageCount)
      runs[parent] = shorter
    }
    let typed = pattern.elements.count
    let whole = runs.filter { _, run in
      run.passageCount >= 2 && run.longerCount * 3 <= run.passageCount * 2 && run.cells <= typed + mostCells
        && (run.cells > typed || pattern.isOpen)
    }
    let sorted = whole.sorted { left, right in
      if left.value.passageCount != right.value.passageCount { return left.value.passageCount > right.value.passageCount }
      if left.value.cells != right.value.cells { return left.value.cells < right.value.cells }
      return left.key.lexicographicallyPrecedes(right.key)
    }
    return sorted.prefix(limit).map(\.value.spelling)
  }
}

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
    let weight = try searcher.weight(of: .quoted(text), parameters: RankingParameters(), options: SearchOptions())
    switch weight {
    case .nothing: return nil
    case .term(let term): return term.statistics.passageCount == 0 ? nil : Phrase(text: text, count: term.statistics.passageCount, isExact: true)
    case .sequence(let sequence):
      let found = try index.matches(of: sequence, most: limits.places, probes: limits.probes)
      return found.count == 0 ? nil : Phrase(text: text, count: found.count, isExact: found.isExact)
    default:
      let count = try searcher.count(weight, interruption)
      return count == 0 ? nil : Phrase(text: text, count: count, isExact: true)
    }
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
      let found = try index.matches(of: sequence, most: limits.places, probes: limits.probes).places
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
