// Which bytes of a text did the query mean?
internal import SuoyinAnalysis

/// What a query looks for, as terms and sequences of cells, to be found again in the text of a hit.
package struct Highlighter: Sendable {
  /// Terms by family, for unquoted text.
  private struct Part {
    var field: String?
    var terms: Set<[UInt8]> = []
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
  private let parts: [Part]
  private let schema: Schema
  private let analyzer: SharedAnalyzer

  package init(_ query: Query, schema: Schema, analyzer: SharedAnalyzer, stopWords: StopWords? = nil) throws(IndexError) {
    self.schema = schema
    self.analyzer = analyzer
    var collector = Collector(schema: schema, analyzer: analyzer, stopWords: stopWords)
    try collector.collect(query, nil)
    parts = collector.parts
  }

  /// Goes through a query for what matches in it.
  private struct Collector {
    let schema: Schema
    let analyzer: SharedAnalyzer
    let stopWords: StopWords?
    var parts: [Part] = []

    mutating func collect(_ query: Query, _ field: String?) throws(IndexError) {
      if let source = field.flatMap({ schema[$0]?.pinyinSource }), let text = query.text {
        let pinyin = PinyinQuery(text)
        if pinyin.words.isEmpty { return }
        var part = Part(field: source)
        part.pinyin = pinyin.sequences
        if case .text = query { part.pinyin += pinyin.words.joined() }
        return parts.append(part)
      }
      switch query {
      case .text(let text):
        var analysis = try analyzer.analyze(text)
        if let stemming = schema.stemming(field) { analysis.addStems(stemming) }
        var part = Part(field: field)
        let asked = AskedTerms(analysis, numbering: 0, stopWords: stopWords)
        part.terms = Set(asked.terms.map(\.term.bytes))
        for cell in asked.loneCells {
          part.terms.insert(Term(numbering: 0, family: .single, analysis.term(of: analysis.cells[cell])).bytes)
        }
        parts.append(part)
      case .literal(let text):
        try collect(.quoted(text), field)
        let analysis = try analyzer.analyze(text)
        guard let number = analysis.lastNumber else { return }
        let first = analysis.cells[0].number
        var part = Part(field: field)
        part.sequence = analysis.cells[..<Int(number.firstCell)].map { ($0.number - first, Array(analysis.term(of: $0))) }
        part.number = (analysis.cells[Int(number.firstCell)].number - first, Array(analysis.term(of: number)))
        parts.append(part)
      case .fuzzy(let text, let distance):
        let analysis = try analyzer.analyze(text)
        guard let cell = analysis.cells.first, cell.isLettersOrDigits else { return try collect(.quoted(text), field) }
        var part = Part(field: field)
        part.near = LevenshteinAutomaton(Array(analysis.term(of: cell)), distance: distance)
        parts.append(part)
      case .quoted(let text), .prefix(let text):
        let analysis = try analyzer.analyze(text)
        guard let first = analysis.cells.first else { return }
        var part = Part(field: field)
        if case .prefix = query { part.isOpen = true }
        part.sequence = analysis.cells.map { ($0.number - first.number, Array(analysis.term(of: $0))) }
        parts.append(part)
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
    let parts = self.parts.filter { $0.field == nil || $0.field == field }
    if parts.isEmpty { return [] }
    var analysis = try analyzer.analyze(text)
    if let stemming = schema[field]?.stemming { analysis.addStems(stemming) }
    let cells = analysis.cells
    var ranges: [Range<Int>] = []
    for part in parts {
      if !part.pinyin.isEmpty {
        for sequence in part.pinyin { ranges += Self.occurrences(of: sequence, in: analysis) }
        continue
      }
      if let number = part.number {
        ranges += Self.occurrences(of: part.sequence, then: number, in: analysis)
        continue
      }
      if !part.sequence.isEmpty {
        ranges += Self.occurrences(of: part.sequence, isOpen: part.isOpen, in: analysis)
        continue
      }
      if var near = part.near {
        for cell in cells.indices where cells[cell].isLettersOrDigits {
          if case .near = near.read(analysis.term(of: cells[cell])) { ranges.append(analysis.utf8Range(ofCells: cell..<cell + 1)) }
        }
        continue
      }
      for word in analysis.words where part.terms.contains(Term(numbering: 0, family: .word, analysis.term(of: word)).bytes) {
        ranges.append(analysis.utf8Range(ofCells: word.cellRange))
      }
      for extra in analysis.extras where part.terms.contains(Term(numbering: 0, family: .extra, analysis.term(of: extra)).bytes) {
        ranges.append(analysis.utf8Range(ofCells: extra.cellRange))
      }
      for cell in cells.indices where analysis.hasPairs {
        if part.terms.contains(Term(numbering: 0, family: .pair, analysis.pairTerm(at: cell)).bytes),
          let next = analysis.successor(of: cell)
        {
          ranges.append(analysis.utf8Range(ofCells: cell..<next + 1))
        }
        if part.terms.contains(Term(numbering: 0, family: .single, analysis.term(of: cells[cell])).bytes) {
          ranges.append(analysis.utf8Range(ofCells: cell..<cell + 1))
        }
      }
    }
    return Self.merged(ranges)
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

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
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

extension Query {
  /// The text of a query that is one.
  fileprivate var text: String? {
    switch self {
    case .text(let text), .quoted(let text), .literal(let text), .prefix(let text), .fuzzy(let text, _): text
    default: nil
    }
  }
}
