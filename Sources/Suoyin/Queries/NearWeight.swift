// Which sequences must stand close together, and what is that worth?
internal import SuoyinAnalysis

/// Several sequences that stand near one another, and their share of the score.
package struct NearWeight {
  /// Their own similarities are of no account.
  package let sequences: [SequenceWeight]
  package let windows: NearWindows
  /// Those of all sequences together.
  package let idf: Double
  package let similarity: BM25
  package let numbering: Int
  package let family: TermFamily
  /// nil when every window counts once.
  package let scope: FieldScope?
}

/// The texts of a `Query.near`.
enum NearTexts {
  /// Of each text that has a cell its analysis; of a single text those of its parts between white space, or of its words.
  static func analyses(of texts: [String], _ analyze: (String) throws(IndexError) -> Analysis) throws(IndexError) -> [Analysis] {
    var analyses: [Analysis] = []
    for text in try texts.count == 1 ? parts(of: texts[0], analyze) : texts {
      let analysis = try analyze(text)
      if !analysis.cells.isEmpty { analyses.append(analysis) }
    }
    return analyses
  }

  private static func parts(of text: String, _ analyze: (String) throws(IndexError) -> Analysis) throws(IndexError) -> [String] {
    let parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if parts.count > 1 { return parts }
    let analysis = try analyze(text)
    return analysis.words.map { String(decoding: analysis.term(of: $0), as: UTF8.self) }
  }
}

extension NearWindows {
  /// The windows of texts, each of which has a cell.
  init(_ analyses: [Analysis], distance: UInt32, isOrdered: Bool) {
    self.init(
      spans: analyses.map { $0.cells[$0.cells.count - 1].number - $0.cells[0].number + 1 }, distance: distance, isOrdered: isOrdered)
  }
}

extension WeightBuilder {
  /// The most cells between the texts of a `Query.near`.
  package static let maximumDistance = 10_000
  /// The most texts of a `Query.near`.
  package static let maximumNearTextCount = 64

  /// See `Query.near`.
  mutating func near(
    _ texts: [String], _ distance: Int, isOrdered: Bool, _ field: String?, _ factor: Double
  ) throws(IndexError) -> Weight? {
    guard (0...Self.maximumDistance).contains(distance) else {
      throw IndexError(.invalidArgument, "the distance \(distance) is not in 0...\(Self.maximumDistance)")
    }
    guard let (number, scope) = try numbering(field) else { return nil }
    if numberings[number].isKeyword || numberings[number].pinyinSource != nil {
      return try weight(.all(texts.map { .quoted($0) }), field: field, factor: factor)
    }
    let analyses = try NearTexts.analyses(of: texts, analyze)
    guard analyses.count > 1 else { return try leaf(texts.joined(separator: " "), field, factor, .sequence) }
    guard analyses.count <= Self.maximumNearTextCount else {
      throw IndexError(.invalidArgument, "more than \(Self.maximumNearTextCount) texts are to stand near one another")
    }
    hasAnythingToFind = true
    let family: TermFamily = analyses[0].hasPairs ? .pair : .word
    var sequences: [SequenceWeight] = []
    var idf = 0.0
    for analysis in analyses {
      let count = analysis.hasPairs ? analysis.cells.count : analysis.words.count
      let candidates = try analysis.hasPairs ? candidates(analysis, count, number) : wordCandidates(analysis, count, number)
      idf += candidates.reduce(0) { $0 + $1.idf }
      let found = finish(candidates, of: analysis.text, cellCount: count, number, family, nil, factor)
      guard case .sequence(let sequence) = found else { return found }
      sequences.append(sequence)
    }
    return .near(
      NearWeight(
        sequences: sequences, windows: NearWindows(analyses, distance: UInt32(distance), isOrdered: isOrdered), idf: idf,
        similarity: BM25(weight: idf * factor, averageLength: averageLength(number, family), parameters: parameters),
        numbering: number, family: family, scope: scope))
  }
}
