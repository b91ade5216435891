// Which terms of an index does a part of a word, or a word with errors, stand for?
internal import SuoyinAnalysis

extension WeightBuilder {
  /// The most different terms that may stand for an open word behind other cells: each of their lists is held open.
  package static let maximumExpansionCount = 1 << 16
  /// The most terms that a word with errors stands for.
  package static let maximumNearCount = 64

  // MARK: Prefixes

  /// What stands behind the text of an open word.
  private static let openEnd = Array("*".utf8)

  /// See `Query.prefix`.
  mutating func prefix(_ text: String, _ field: String?, _ factor: Double) throws(IndexError) -> Weight? {
    guard let (number, scope) = try numbering(field) else { return nil }
    if numberings[number].isKeyword {
      let value = Document.keywordTerm(text)
      if value.isEmpty { return nil }
      hasAnythingToFind = true
      let prefix = Term(numbering: number, family: .word, value)
      let frequency = try source.documentFrequency(ofTermsBeginningWith: prefix)
      let similarity = BM25(keywordWeight: factor * idf(frequency), parameters: parameters)
      return .union(
        UnionWeight(
          value + Self.openEnd, in: frequency, prefix: prefix, similarity: similarity, scope: nil, interruption: interruption))
    }
    if numberings[number].pinyinSource != nil { return try leaf(text, field, factor, .sequence) }
    let analysis = try analyze(text)
    guard let last = analysis.cells.last else { return nil }
    if analysis.hasPairs, !last.isLettersOrDigits { return try leaf(text, field, factor, .sequence) }
    hasAnythingToFind = true
    return analysis.hasPairs
      ? try openCell(analysis, number, scope, factor) : try openWord(analysis, number, scope, factor)
  }

  /// Cells, the last of which goes on.
  private func openCell(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    let place = analysis.cells.count - 1
    let last = analysis.cells[place]
    if place == 0 {
      let cells = Term(numbering: number, family: .single, analysis.term(of: last))
      // Cells have their positions in the pairs that begin with them.
      let lists = scope == nil ? cells : Term(numbering: number, family: .pair, analysis.term(of: last))
      return try union(cells, lists, scope, factor)
    }
    let before = analysis.cells[place - 1]
    let isBehindGap = analysis.successor(of: place - 1) == nil
    // What vouches for the cells before; the one right before is vouched for by its pairs with what the last may be.
    var elements = try candidates(analysis, place, number).filter { isBehindGap || $0.cells != place - 1...place - 1 }
    let pair =
      isBehindGap
      ? Array(analysis.term(of: last))
      : PairTerm.bytes(
        analysis.term(of: before), isWord: before.isLettersOrDigits, analysis.term(of: last), isWord: last.isLettersOrDigits)
    let first = isBehindGap ? place : place - 1
    elements.append(
      try open(
        Term(numbering: number, family: .pair, pair), offset: analysis.cells[first].number - analysis.cells[0].number, cells: first...place)
    )
    return finish(elements, of: analysis.text + Self.openEnd, cellCount: place + 1, number, .pair, scope, factor)
  }

  /// Words one after another, the last of which goes on, where there are no pairs.
  private func openWord(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    guard let last = analysis.words.last, let first = analysis.words.first else { return .nothing }
    let prefix = Term(numbering: number, family: .word, analysis.term(of: last))
    if analysis.words.count == 1 { return try union(prefix, prefix, scope, factor) }
    let place = analysis.words.count - 1
    let offset = analysis.cells[Int(last.firstCell)].number - analysis.cells[Int(first.firstCell)].number
    let elements = try wordCandidates(analysis, place, number) + [try open(prefix, offset: offset, cells: place...place)]
    return finish(elements, of: analysis.text + Self.openEnd, cellCount: place + 1, number, .word, scope, factor)
  }

  /// - Parameters:
  ///   - prefix: Of the terms whose passages are counted.
  ///   - lists: Of the terms whose lists are read.
  private func union(_ prefix: Term, _ lists: Term, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    let frequency = try source.documentFrequency(ofTermsBeginningWith: prefix)
    let similarity = BM25(
      weight: factor * idf(frequency), averageLength: averageLength(prefix.numbering, prefix.family), parameters: parameters)
    return .union(
      UnionWeight(
        prefix.text + Self.openEnd, in: frequency, prefix: lists, similarity: similarity, scope: scope, interruption: interruption))
  }

  /// Any of the terms that begin alike, as a part of a sequence.
  private func open(_ prefix: Term, offset: UInt32, cells: ClosedRange<Int>) throws(IndexError) -> Candidate {
    let frequency = try source.documentFrequency(ofTermsBeginningWith: prefix)
    let terms = try terms(beginningWith: prefix, limit: Self.maximumExpansionCount)
    return Candidate(element: .init(offset: offset, terms: terms), frequency: frequency, cells: cells, idf: idf(frequency))
  }

  /// The terms of this index that begin alike; how many passages they are in is not looked up.
  func terms(beginningWith prefix: Term, limit: Int = .max) throws(IndexError) -> [TermStatistics] {
    var values: [[UInt8]: [StringValue?]] = [:]
    let none = [StringValue?](repeating: nil, count: index.segments.count)
    for (number, segment) in index.segments.enumerated() {
      try segment.reader.terms.forEach(beginningWith: prefix.bytes) { entry throws(IndexError) in
        values[entry.string, default: none][number] = entry.value
        if values.count % 1024 == 0 { try interruption.check() }
        if values.count > limit {
          throw IndexError(
            .invalidArgument, "more than \(limit) different words begin as the last one of the query does; ask for more of the word")
        }
        return true
      }
    }
    return values.map { TermStatistics(values: $0.value) }
  }

  // MARK: Words with errors

  /// See `Query.fuzzy`.
  mutating func fuzzy(_ text: String, _ distance: Int, _ field: String?, _ factor: Double) throws(IndexError) -> Weight? {
    guard (1...LevenshteinAutomaton.maximumDistance).contains(distance) else {
      throw IndexError(.invalidArgument, "the distance \(distance) is not 1 or 2")
    }
    guard let (number, scope) = try numbering(field) else { return nil }
    if numberings[number].isKeyword {
      let value = Document.keywordTerm(text)
      if value.isEmpty { return nil }
      hasAnythingToFind = true
      func weight(_ term: Term, _ found: TermStatistics, _ share: Double) -> Weight {
        let similarity = BM25(keywordWeight: factor * share * idf(found.documentFrequency), parameters: parameters)
        return .term(TermWeight(term: term, statistics: found, similarity: similarity, scope: nil))
      }
      return try near(Term(numbering: number, family: .word, value), distance, nil, weight) { _ in true }
    }
    if numberings[number].pinyinSource != nil { return try leaf(text, field, factor, .sequence) }
    let analysis = try analyze(text)
    guard let cell = analysis.cells.first else { return nil }
    if !analysis.cells.contains(where: \.isLettersOrDigits) { return try leaf(text, field, factor, .sequence) }
    guard analysis.cells.count == 1 else {
      throw IndexError(.invalidArgument, "only one word of letters or digits can be looked for with errors, and '\(text)' is more")
    }
    hasAnythingToFind = true
    let word = Term(numbering: number, family: analysis.hasPairs ? .single : .word, analysis.term(of: cell))
    // Where words are cut at white space, all are alike.
    let takesAll = schema.analyzer == .whitespace
    func weight(_ term: Term, _ found: TermStatistics, _ share: Double) -> Weight {
      if analysis.hasPairs { return single(term, found, isWord: true, scope, factor * share) }
      return .term(termWeight(term, found, scope, factor * share))
    }
    return try near(word, distance, scope, weight) { takesAll || Self.beginsWithLetterOrDigit($0) }
  }

  private static func beginsWithLetterOrDigit(_ term: ArraySlice<UInt8>) -> Bool {
    guard !term.isEmpty else { return false }
    let first = LevenshteinAutomaton.codePoint(Array(term), at: 0).codePoint
    return first <= 0x10FFFF && ICUProperties.kind(of: first) == .letterOrDigit
  }

  /// Any of the terms that are near a word.
  ///
  /// - Parameter weight: Gets a term, where it is, with the document frequency that all go by, and its share of the weight.
  private func near(
    _ word: Term, _ distance: Int, _ scope: FieldScope?, _ weight: (Term, TermStatistics, Double) -> Weight,
    isAsked: (ArraySlice<UInt8>) -> Bool
  ) throws(IndexError) -> Weight {
    let nearest = try source.nearest(word, distance: distance, limit: Self.maximumNearCount, isAsked: isAsked)
    let frequency = nearest.reduce(0) { max($0, $1.documentFrequency) }
    var weights: [Weight] = []
    for near in nearest {
      var found = try TermStatistics(near.term, in: index)
      found.documentFrequency = frequency
      weights.append(weight(near.term, found, 1 / Double(1 + near.distance)))
    }
    return weights.isEmpty ? nothing(word.text + Array("~\(distance)".utf8), word.numbering, scope) : Self.any(weights)
  }
}
