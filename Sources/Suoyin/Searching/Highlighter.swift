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
  struct Part {
    var field: String?
    /// Terms by family, for unquoted text, with their numbers.
    var terms: [[UInt8]: Int] = [:]
    /// Which of the query's terms and sequences the part is, if it is none of terms.
    var ordinal = 0
    var sequence: [(offset: UInt32, cell: [UInt8])] = []
    /// Whether the last cell of the sequence may go on.
    var isOpen = false
    /// What a word of letters or digits may be near to.
    var near: LevenshteinAutomaton?
    /// The number that follows the sequence, however it is spelled.
    var number: (offset: UInt32, term: [UInt8])?
    /// What the cells of `field` are to be read as.
    var pinyin: [[PinyinQuery.Element]] = []
  }
  let parts: [Part]
  /// What each term and sequence is worth.
  let weights: [Double]
  let schema: Schema
  let analyzer: SharedAnalyzer

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

    /// What a cell of a sequence is worth, about as much as a word's, and a term of which nothing is known.
    private static let cellWeight = 5.0
    private static let unknownWeight = 1.0

    private mutating func number(_ weight: Double) -> Int {
      weights.append(weight)
      return weights.count - 1
    }

    private mutating func add(_ term: Term, to part: inout Part) {
      if part.terms[term.bytes] == nil { part.terms[term.bytes] = number(known[term.bytes] ?? Self.unknownWeight) }
    }

    private mutating func append(_ part: Part, cells: Int) {
      var part = part
      part.ordinal = number(Self.cellWeight * Double(max(1, cells)))
      parts.append(part)
    }

    mutating func collect(_ query: Query, _ field: String?) throws(IndexError) {
      if let source = field.flatMap({ schema[$0]?.pinyinSource }), let text = query.text {
        let pinyin = PinyinQuery(text)
        if pinyin.words.isEmpty { return }
        var part = Part(field: source)
        part.pinyin = pinyin.sequences
        if case .text = query { part.pinyin += pinyin.words.joined() }
        return append(part, cells: pinyin.words.count)
      }
      switch query {
      case .text(let text):
        var analysis = try analyzer.analyze(text)
        if let stemming = schema.stemming(field) { analysis.addStems(stemming) }
        var part = Part(field: field)
        let asked = AskedTerms(analysis, numbering: 0, stopWords: stopWords)
        for (term, _) in asked.terms { add(term, to: &part) }
        for cell in asked.loneCells { add(Term(numbering: 0, family: .single, analysis.term(of: analysis.cells[cell])), to: &part) }
        parts.append(part)
      case .literal(let text):
        try collect(.quoted(text), field)
        let analysis = try analyzer.analyze(text)
        guard let number = analysis.lastNumber else { return }
        let first = analysis.cells[0].number
        var part = Part(field: field)
        part.sequence = analysis.cells[..<Int(number.firstCell)].map { ($0.number - first, Array(analysis.term(of: $0))) }
        part.number = (analysis.cells[Int(number.firstCell)].number - first, Array(analysis.term(of: number)))
        append(part, cells: part.sequence.count + 1)
      case .fuzzy(let text, let distance):
        let analysis = try analyzer.analyze(text)
        guard let cell = analysis.cells.first, cell.isLettersOrDigits else { return try collect(.quoted(text), field) }
        var part = Part(field: field)
        part.near = LevenshteinAutomaton(Array(analysis.term(of: cell)), distance: distance)
        append(part, cells: 1)
      case .quoted(let text), .prefix(let text):
        let analysis = try analyzer.analyze(text)
        guard let first = analysis.cells.first else { return }
        var part = Part(field: field)
        if case .prefix = query { part.isOpen = true }
        part.sequence = analysis.cells.map { ($0.number - first.number, Array(analysis.term(of: $0))) }
        append(part, cells: part.sequence.count)
      case .all(let queries), .any(let queries):
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
  /// - Complexity: O(*n* · *q*), *n* being the text's cells and *q* the query's sequences.
  package func marks(in text: String, field: String) throws(IndexError) -> [Mark] {
    let parts = self.parts.filter { $0.field == nil || $0.field == field }
    if parts.isEmpty { return [] }
    var analysis = try analyzer.analyze(text)
    if let stemming = schema[field]?.stemming { analysis.addStems(stemming) }
    let cells = analysis.cells
    var marks: [Mark] = []
    for part in parts {
      func add(_ range: Range<Int>, _ term: Int) { marks.append(Mark(range: range, term: term, weight: weights[term])) }
      if !part.pinyin.isEmpty {
        for sequence in part.pinyin { for range in Self.occurrences(of: sequence, in: analysis) { add(range, part.ordinal) } }
        continue
      }
      if let number = part.number {
        for range in Self.occurrences(of: part.sequence, then: number, in: analysis) { add(range, part.ordinal) }
        continue
      }
      if !part.sequence.isEmpty {
        for range in Self.occurrences(of: part.sequence, isOpen: part.isOpen, in: analysis) { add(range, part.ordinal) }
        continue
      }
      if var near = part.near {
        for cell in cells.indices where cells[cell].isLettersOrDigits {
          if case .near = near.read(analysis.term(of: cells[cell])) { add(analysis.utf8Range(ofCells: cell..<cell + 1), part.ordinal) }
        }
        continue
      }
      for word in analysis.words {
        guard let term = part.terms[Term(numbering: 0, family: .word, analysis.term(of: word)).bytes] else { continue }
        add(analysis.utf8Range(ofCells: word.cellRange), term)
      }
      for extra in analysis.extras {
        guard let term = part.terms[Term(numbering: 0, family: .extra, analysis.term(of: extra)).bytes] else { continue }
        add(analysis.utf8Range(ofCells: extra.cellRange), term)
      }
      for cell in cells.indices where analysis.hasPairs {
        if let term = part.terms[Term(numbering: 0, family: .pair, analysis.pairTerm(at: cell)).bytes],
          let next = analysis.successor(of: cell)
        {
          add(analysis.utf8Range(ofCells: cell..<next + 1), term)
        }
        if let term = part.terms[Term(numbering: 0, family: .single, analysis.term(of: cells[cell])).bytes] {
          add(analysis.utf8Range(ofCells: cell..<cell + 1), term)
        }
      }
    }
    return marks
  }

  private static func occurrences(
    of sequence: [(offset: UInt32, cell: [UInt8])], isOpen: Bool, in analysis: Analysis
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
    _ sequence: [(offset: UInt32, cell: [UInt8])], isOpen: Bool = false, at start: Int, in analysis: Analysis
  ) -> Bool {
    sequence.indices.allSatisfy { place in
      let cell = analysis.cells[start + place]
      return cell.number - analysis.cells[start].number == sequence[place].offset
        && (isOpen && place == sequence.count - 1
          ? analysis.term(of: cell).starts(with: sequence[place].cell) : analysis.term(of: cell).elementsEqual(sequence[place].cell))
    }
  }

  private static func occurrences(
    of sequence: [(offset: UInt32, cell: [UInt8])], then number: (offset: UInt32, term: [UInt8]), in analysis: Analysis
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
    case .all(let weights), .any(let weights): for weight in weights { weight.collect(&worth) }
    case .excluding(let wanted, _): wanted.collect(&worth)
    case .preferring(let required, let preferred):
      required.collect(&worth)
      preferred.collect(&worth)
    default: break
    }
  }
}

extension Query {
  /// The text of a query that is one.
  fileprivate var text: String? {
    switch self {
    case .text(let text), .quoted(let text), .literal(let text), .prefix(let text), .fuzzy(let text, _): text
    default: nil
    }
  }
}
