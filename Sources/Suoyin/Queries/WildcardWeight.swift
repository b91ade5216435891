// Which terms does a word with `*` or `?` in it stand for?
internal import SuoyinAnalysis

/// A text with `*` and `?` in it.
enum WordPattern {
  /// The most cells that a `*` between Han characters stands for, on average.
  static let gap = 10

  /// The pattern of a text that is one word of letters or digits but for its signs; nil when it is something else.
  static func read(_ text: String, _ analyze: (String) throws(IndexError) -> Analysis) throws(IndexError) -> TermPattern? {
    func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }
    // As the index's analyzer leaves it: one of them keeps capital letters.
    for pattern in [Array(text.utf8), Analyzer.normalizedValue(text)] {
      let letters = pattern.filter { !isSign($0) }
      let analysis = try analyze(String(decoding: letters, as: UTF8.self))
      if analysis.cells.count == 1, analysis.cells[0].isLettersOrDigits, analysis.term(of: analysis.cells[0]).elementsEqual(letters) {
        return TermPattern(pattern)
      }
    }
    return nil
  }

  /// What stands between the signs.
  static func pieces(of text: String) -> [String] { text.split { $0 == "*" || $0 == "?" }.map(String.init) }

  /// The pieces in this order.
  static func near(_ pieces: [String]) -> Query { .near(pieces, distance: gap * max(0, pieces.count - 1), isOrdered: true) }
}

extension WeightBuilder {
  /// See `Query.wildcard`.
  mutating func wildcard(_ text: String, _ field: String?, _ factor: Double) throws(IndexError) -> Weight? {
    guard let (number, scope) = try numbering(field) else { return nil }
    if numberings[number].isKeyword {
      let value = Document.keywordTerm(text)
      if value.isEmpty { return nil }
      hasAnythingToFind = true
      let (family, pattern) = (Term(numbering: number, family: .word, []), TermPattern(value))
      let frequency = try source.documentFrequency(ofTermsOf: family, matching: pattern)
      let similarity = BM25(keywordWeight: factor * idf(frequency), parameters: parameters)
      return .union(
        UnionWeight(pattern: pattern, of: family, in: frequency, similarity: similarity, scope: nil, interruption: interruption))
    }
    if numberings[number].pinyinSource != nil { return try leaf(text, field, factor, .sequence) }
    if let pattern = try WordPattern.read(text, analyze) {
      hasAnythingToFind = true
      let hasPairs = schema.analyzer.families.contains(.pair)
      let asked = Term(numbering: number, family: hasPairs ? .single : .word, [])
      // Cells have their positions in the pairs that begin with them.
      let lists = hasPairs && scope != nil ? Term(numbering: number, family: .pair, []) : asked
      let frequency = try source.documentFrequency(ofTermsOf: asked, matching: pattern)
      let similarity = BM25(weight: factor * idf(frequency), averageLength: averageLength(number, asked.family), parameters: parameters)
      return .union(
        UnionWeight(pattern: pattern, of: lists, in: frequency, similarity: similarity, scope: scope, interruption: interruption))
    }
    let pieces = WordPattern.pieces(of: text)
    if pieces.count == 1 { return try leaf(pieces[0], field, factor, .sequence) }
    return try weight(WordPattern.near(pieces), field: field, factor: factor)
  }
}
