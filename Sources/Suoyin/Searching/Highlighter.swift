// Which bytes of a text did the query mean?
internal import SuoyinAnalysis

/// A place of a text that matches.
package struct Mark: Equatable, Sendable {
  /// In UTF-8 bytes.
  package var range: Range<Int>
  /// Which of the query's terms and sequences it is one of.
  package var term: Int
  /// What that one is worth; at least 0.
  package var weight: Double

  package init(range: Range<Int>, term: Int, weight: Double) {
    self.range = range
    self.term = term
    self.weight = weight
  }
}

/// What a query looks for, as terms and sequences of cells, to be found again in the text of a hit.
package struct Highlighter: Sendable {
  /// Cells and their distances from the first one's number.
  typealias Cells = [(offset: UInt32, cell: [UInt8])]

  /// What is looked for in a field, or in all.
  struct Part {
    var field: String?
    var sought: Sought
    /// Which of the query's terms and sequences it is, unless it is terms.
    var ordinal = 0
  }

  enum Sought {
    /// Terms of an unquoted text, with their families, and which of the query's terms and sequences they are.
    case terms(SoughtTerms)
    case sequence(Cells)
    /// A sequence whose last cell may go on.
    case openSequence(Cells)
    /// A sequence and the number that follows it, however it is spelled.
    case number(Cells, offset: UInt32, term: [UInt8])
    /// A word of letters or digits that is nearly this one.
    case nearWord(LevenshteinAutomaton)
    case pattern(TermPattern)
    case windows([Cells], NearWindows)
    /// What the cells of the field are to be read as.
    case pinyin([[PinyinQuery.Element]])
  }
  let parts: [Part]
  /// What each term and sequence is worth.
  let weights: [Double]
  let schema: Schema
  private let analyzer: SharedAnalyzer

  /// - Parameter weight: The query bound to an index, which knows what its terms are worth.
  package init(
    _ query: Query, schema: Schema, analyzer: SharedAnalyzer, stopWords: StopWords? = nil, weight: Weight = .nothing
  ) throws(IndexError) {
    self.schema = schema
    self.analyzer = analyzer
    var collector = Collector(schema: schema, analyzer: analyzer, stopWords: stopWords)
    weight.collect(&collector.known)
    try collector.collect(query, nil)
    parts = collector.parts
    weights = collector.weights
  }

  /// Goes through a query for what matches in it.
  private struct Collector {
    let schema: Schema
    let analyzer: SharedAnalyzer
    let stopWords: StopWords?
    /// What terms are worth in the index.
    var known: [[UInt8]: Double] = [:]
    var parts: [Part] = []
    var weights: [Double] = []

    /// What a cell of a sequence is worth, about as much as a word's; and a term of which nothing is known.
    private static let cellWeight = 5.0
    private static let unknownWeight = 1.0

    private mutating func ordinal(_ weight: Double) -> Int {
      weights.append(weight)
      return weights.count - 1
    }

    private mutating func append(_ field: String?, _ sought: Sought) {
      let cellCount =
        switch sought {
        case .terms, .nearWord, .pattern: 1
        case .sequence(let cells), .openSequence(let cells): cells.count
        case .number(let cells, _, _): cells.count + 1
        case .windows(let sequences, _): sequences.reduce(0) { $0 + $1.count }
        case .pinyin(let sequences): sequences.map(\.count).max() ?? 1
        }
      parts.append(Part(field: field, sought: sought, ordinal: ordinal(Self.cellWeight * Double(cellCount))))
    }

    private func cells(_ analysis: Analysis, count: Int? = nil) -> Cells {
      guard let first = analysis.cells.first?.number else { return [] }
      return analysis.cells[..<(count ?? analysis.cells.count)].map { ($0.number - first, Array(analysis.term(of: $0))) }
    }

    mutating func collect(_ query: Query, _ field: String?) throws(IndexError) {
      func add(_ sought: Sought) { append(field, sought) }
      if let source = field.flatMap({ schema[$0]?.pinyinSource }), let text = query.text {
        let pinyin = PinyinQuery(text)
        var sequences = pinyin.sequences
        if case .text = query { sequences += pinyin.words.joined() }
        if !pinyin.words.isEmpty { append(source, .pinyin(sequences)) }
        return
      }
      switch query {
      case .text(let text):
        var analysis = try analyzer.analyze(text)
        if let stemming = schema.stemming(field) { analysis.addStems(stemming) }
        let asked = AskedTerms(analysis, numbering: 0, stopWords: stopWords)
        var terms = SoughtTerms()
        let singles = asked.loneCells.map { Term(numbering: 0, family: .single, analysis.term(of: analysis.cells[$0])) }
        for term in asked.terms.map(\.term) + singles where terms.number(of: term) == nil {
          terms.add(term, number: ordinal(known[term.bytes] ?? Self.unknownWeight))
        }
        add(.terms(terms))
      case .literal(let text):
        try collect(.quoted(text), field)
        let analysis = try analyzer.analyze(text)
        guard let number = analysis.lastNumber else { return }
        let first = Int(number.firstCell)
        let offset = analysis.cells[first].number - analysis.cells[0].number
        add(.number(cells(analysis, count: first), offset: offset, term: Array(analysis.term(of: number))))
      case .fuzzy(let text, let distance):
        let analysis = try analyzer.analyze(text)
        guard let cell = analysis.cells.first, cell.isLettersOrDigits else { return try collect(.quoted(text), field) }
        add(.nearWord(LevenshteinAutomaton(Array(analysis.term(of: cell)), distance: distance)))
      case .quoted(let text), .prefix(let text):
        let analysis = try analyzer.analyze(text)
        if analysis.cells.isEmpty { return }
        if case .prefix = query { add(.openSequence(cells(analysis))) } else { add(.sequence(cells(analysis))) }
      case .wildcard(let text):
        if let pattern = try WordPattern.read(text, analyzer.analyze) { return add(.pattern(pattern)) }
        let pieces = WordPattern.pieces(of: text)
        try pieces.count == 1 ? collect(.quoted(pieces[0]), field) : collect(WordPattern.near(pieces), field)
      case .near(let texts, let distance, let isOrdered):
        let analyses = try NearTexts.analyses(of: texts, analyzer.analyze)
        if analyses.count < 2 { return try collect(.quoted(texts.joined(separator: " ")), field) }
        let windows = NearWindows(analyses, distance: UInt32(clamping: distance), isOrdered: isOrdered)
        add(.windows(analyses.map { cells($0) }, windows))
      case .all(let queries), .any(let queries), .atLeast(_, let queries):
        for query in queries { try collect(query, field) }
      case .range: break
      case .excluding(let wanted, _): try collect(wanted, field)
      case .preferring(let required, let preferred):
        try collect(required, field)
        try collect(preferred, field)
      case .field(let name, let query): try collect(query, name)
      case .weighted(let query, _): try collect(query, field)
      }
    }
  }

  /// The byte ranges of `text` that match, ascending, without overlaps; ranges that touch are one.
  ///
  /// - Complexity: O(*n* · *q*), *n* being the text's cells and *q* the query's sequences.
  package func ranges(in text: String, field: String) throws(IndexError) -> [Range<Int>] {
    Self.merged(try marks(in: text, field: field).map(\.range))
  }

  /// The places of `text` that match, in no order.
  ///
  /// - Complexity: as `ranges`.
  package func marks(in text: String, field: String) throws(IndexError) -> [Mark] {
    let parts = self.parts.filter { $0.field == nil || $0.field == field }
    if parts.isEmpty { return [] }
    var analysis = try analyzer.analyze(text)
    if let stemming = schema[field]?.stemming { analysis.addStems(stemming) }
    let cells = analysis.cells
    var marks: [Mark] = []
    for part in parts {
      var ranges: [Range<Int>] = []
      switch part.sought {
      case .terms(let terms): addMarks(of: terms, in: analysis, &marks)
      case .sequence(let sequence): ranges = Self.occurrences(of: sequence, isOpen: false, in: analysis)
      case .openSequence(let sequence): ranges = Self.occurrences(of: sequence, isOpen: true, in: analysis)
      case .number(let sequence, let offset, let term): ranges = Self.occurrences(of: sequence, then: (offset, term), in: analysis)
      case .nearWord(var word):
        for cell in cells.indices where cells[cell].isLettersOrDigits {
          if case .near = word.read(analysis.term(of: cells[cell])) { ranges.append(analysis.utf8Range(ofCells: cell..<cell + 1)) }
        }
      case .pattern(let pattern):
        for cell in cells.indices where pattern.matches(analysis.term(of: cells[cell])) {
          ranges.append(analysis.utf8Range(ofCells: cell..<cell + 1))
        }
      case .windows(let sequences, let windows): ranges = Self.occurrences(of: sequences, windows, in: analysis)
      case .pinyin(let sequences): for sequence in sequences { ranges += Self.occurrences(of: sequence, in: analysis) }
      }
      marks += ranges.map { Mark(range: $0, term: part.ordinal, weight: weights[part.ordinal]) }
    }
    return marks
  }

  /// Words, further terms, pairs and single cells.
  private func addMarks(of terms: SoughtTerms, in analysis: Analysis, _ marks: inout [Mark]) {
    func add(_ term: Int?, _ cells: @autoclosure () -> Range<Int>) {
      guard let term else { return }
      marks.append(Mark(range: analysis.utf8Range(ofCells: cells()), term: term, weight: weights[term]))
    }
    let (text, extraText, cells) = (analysis.normalized.bytes.span, analysis.extraText.span, analysis.cells.span)
    for word in analysis.words { add(terms.number(of: .word, text, word.termRange), word.cellRange) }
    for extra in analysis.extras { add(terms.number(of: .extra, extraText, extra.termRange), extra.cellRange) }
    guard analysis.hasPairs else { return }
    for index in cells.indices {
      let cell = cells[index]
      if let next = analysis.successor(of: index) {
        let isSpaced = cell.isLettersOrDigits || cells[next].isLettersOrDigits
        add(terms.number(of: .pair, text, cell.termRange, isSpaced: isSpaced, cells[next].termRange), index..<next + 1)
      }
      add(terms.number(of: .single, text, cell.termRange), index..<index + 1)
    }
  }

  /// What sequences cover that stand close together.
  private static func occurrences(of sequences: [Cells], _ windows: NearWindows, in analysis: Analysis) -> [Range<Int>] {
    let cells = analysis.cells
    /// Where each sequence begins, as indexes of cells; and as their numbers.
    let starts = sequences.map { sequence in
      cells.count < sequence.count ? [] : (0...cells.count - sequence.count).filter { begins(sequence, at: $0, in: analysis) }
    }
    let numbers = starts.map { $0.map { cells[$0].number } }
    var ranges: [Range<Int>] = []
    windows.forEach(numbers, in: 0..<UInt32.max) { window in
      for (place, number) in window.enumerated() {
        guard let found = numbers[place].firstIndex(of: number) else { continue }
        ranges.append(analysis.utf8Range(ofCells: starts[place][found]..<starts[place][found] + sequences[place].count))
      }
    }
    return ranges
  }

  private static func occurrences(
    of sequence: Cells, isOpen: Bool, in analysis: Analysis
  ) -> [Range<Int>] {
    let cells = analysis.cells
    guard cells.count >= sequence.count else { return [] }
    var ranges: [Range<Int>] = []
    for start in 0...(cells.count - sequence.count) where begins(sequence, isOpen: isOpen, at: start, in: analysis) {
      ranges.append(analysis.utf8Range(ofCells: start..<start + sequence.count))
    }
    return ranges
  }

  private static func begins(
    _ sequence: Cells, isOpen: Bool = false, at start: Int, in analysis: Analysis
  ) -> Bool {
    sequence.indices.allSatisfy { place in
      let cell = analysis.cells[start + place]
      return cell.number - analysis.cells[start].number == sequence[place].offset
        && (isOpen && place == sequence.count - 1
          ? analysis.term(of: cell).starts(with: sequence[place].cell) : analysis.term(of: cell).elementsEqual(sequence[place].cell))
    }
  }

  private static func occurrences(
    of sequence: Cells, then number: (offset: UInt32, term: [UInt8]), in analysis: Analysis
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for extra in analysis.extras where analysis.term(of: extra).elementsEqual(number.term) {
      let start = Int(extra.firstCell) - sequence.count
      guard start >= 0, analysis.cells[Int(extra.firstCell)].number - analysis.cells[start].number == number.offset,
        begins(sequence, at: start, in: analysis)
      else { continue }
      ranges.append(analysis.utf8Range(ofCells: start..<extra.cellRange.upperBound))
    }
    return ranges
  }

  private static func occurrences(of sequence: [PinyinQuery.Element], in analysis: Analysis) -> [Range<Int>] {
    let cells = analysis.cells
    guard cells.count >= sequence.count else { return [] }
    var ranges: [Range<Int>] = []
    for start in 0...(cells.count - sequence.count) {
      let matches = sequence.indices.allSatisfy { place in
        let cell = cells[start + place]
        guard cell.number - cells[start].number == UInt32(place) else { return false }
        return switch sequence[place] {
        case .names(let names): analysis.pinyin(of: cell).contains { names.contains($0) }
        case .initial(let initial): analysis.pinyinInitials(of: cell).contains(initial)
        }
      }
      if matches { ranges.append(analysis.utf8Range(ofCells: start..<start + sequence.count)) }
    }
    return ranges
  }

  /// The same bytes as ascending ranges without overlaps; ranges that touch are one.
  static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}

extension Weight {
  /// Notes what terms are worth, as terms of numbering 0.
  fileprivate func collect(_ worth: inout [[UInt8]: Double]) {
    switch self {
    case .term(let weight):
      worth[Term(numbering: 0, family: weight.term.family, weight.term.text).bytes] = Double(weight.similarity.limit) / BM25.one
    case .all(let weights), .any(let weights, _), .atLeast(_, let weights): for weight in weights { weight.collect(&worth) }
    case .excluding(let wanted, _), .lifted(let wanted, _): wanted.collect(&worth)
    case .preferring(let required, let preferred):
      required.collect(&worth)
      preferred.collect(&worth)
    case .nothing, .absent, .sequence, .range, .union, .near, .prior: break
    }
  }
}

extension Query {
  /// The text of a query that is one.
  fileprivate var text: String? {
    switch self {
    case .text(let text), .quoted(let text), .literal(let text), .prefix(let text), .fuzzy(let text, _), .wildcard(let text): text
    default: nil
    }
  }
}
