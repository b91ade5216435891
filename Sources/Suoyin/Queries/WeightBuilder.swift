// Which terms does a query ask for, and what is each one worth?
package import SuoyinAnalysis

/// Binds queries to an index.
package struct WeightBuilder {
  var index: IndexReader { source.index }
  let schema: Schema
  let numberings: [Numbering]
  let source: StatisticsSource
  private var statistics: CollectionStatistics { source.collection }
  let parameters: RankingParameters
  private let stopWords: StopWords?
  let interruption: Interruption
  let analyze: (String) throws(IndexError) -> Analysis
  /// Whether parts that no live passage has are named (`Weight.absent`): for explanations.
  var namesAbsentParts = false
  /// Whether anything in the query had a cell or a value to look for.
  package internal(set) var hasAnythingToFind = false
  /// Whether a text in pinyin has more than `PinyinQuery` reads.
  package private(set) var hasTooLongPinyin = false

  package init(
    _ index: IndexReader, _ statistics: CollectionStatistics, _ parameters: RankingParameters,
    analyze: @escaping (String) throws(IndexError) -> Analysis
  ) {
    self.init(StatisticsSource(index, statistics), parameters, SearchOptions(), .none, analyze: analyze)
  }

  init(
    _ source: StatisticsSource, _ parameters: RankingParameters, _ options: SearchOptions,
    _ interruption: Interruption,
    analyze: @escaping (String) throws(IndexError) -> Analysis
  ) {
    self.source = source
    self.parameters = parameters
    stopWords = options.stopWords
    self.interruption = interruption
    self.analyze = analyze
    schema = source.index.commit.schema
    numberings = source.index.numberings
  }

  /// - Returns: nil when the query has nothing to look for (only punctuation, say): such a part of a larger query is left out.
  package mutating func weight(_ query: Query, field: String? = nil, factor: Double = 1) throws(IndexError) -> Weight? {
    switch query {
    case .text(let text): return try leaf(text, field, factor, .any)
    case .quoted(let text): return try leaf(text, field, factor, .sequence)
    case .literal(let text): return try leaf(text, field, factor, .sequenceOrNumber)
    case .range(let name, let lower, let upper):
      hasAnythingToFind = true
      return .range(try RangeWeight(name, from: lower, through: upper, schema))
    case .prefix(let text): return try prefix(text, field, factor)
    case .fuzzy(let text, let distance): return try fuzzy(text, distance, field, factor)
    case .wildcard(let text): return try wildcard(text, field, factor)
    case .near(let texts, let distance, let isOrdered): return try near(texts, distance, isOrdered: isOrdered, field, factor)
    case .atLeast(let count, let queries): return try atLeast(count, queries, field, factor)
    case .all(let queries): return try joined(queries, field, factor, Weight.all)
    case .any(let queries):
      return try joined(queries, field, factor) { weights in
        // One sum, so that all its parts compete with one another.
        .any(weights.flatMap { if case .any(let parts, adding: let others) = $0, others.isEmpty { parts } else { [$0] } })
      }
    case .excluding(let wanted, let unwanted):
      guard let wanted = try weight(wanted, field: field, factor: factor) else { return nil }
      return try weight(unwanted, field: field, factor: factor).map { .excluding(wanted, $0) } ?? wanted
    case .preferring(let required, let preferred):
      guard let required = try weight(required, field: field, factor: factor) else {
        return try weight(preferred, field: field, factor: factor)
      }
      return try weight(preferred, field: field, factor: factor).map { .preferring(required, $0) } ?? required
    case .field(let name, let query): return try weight(query, field: name, factor: factor)
    case .weighted(let query, let weight):
      guard weight >= 0, weight <= 1000 else { throw IndexError(.invalidArgument, "the weight \(weight) is not in 0...1000") }
      return try self.weight(query, field: field, factor: factor * weight)
    }
  }

  private mutating func joined(
    _ queries: [Query], _ field: String?, _ factor: Double, _ join: ([Weight]) -> Weight
  ) throws(IndexError) -> Weight? {
    var weights: [Weight] = []
    try interruption.check()
    for query in queries { if let weight = try weight(query, field: field, factor: factor) { weights.append(weight) } }
    return weights.count > 1 ? join(weights) : weights.first
  }

  /// Parts that have nothing to look for count neither among the parts nor among those that must match.
  private mutating func atLeast(_ count: Int, _ queries: [Query], _ field: String?, _ factor: Double) throws(IndexError) -> Weight? {
    guard count > 0, queries.count < 1 << 16 else {
      throw IndexError(.invalidArgument, "at least \(count) of \(queries.count) queries cannot be asked for")
    }
    return try joined(queries, field, factor) { weights in
      count <= 1 ? .any(weights) : count >= weights.count ? .all(weights) : .atLeast(count, weights)
    }
  }

  // MARK: Leaves

  /// What of a text must be there.
  enum Demand { case any, sequence, sequenceOrNumber }

  mutating func leaf(_ text: String, _ field: String?, _ factor: Double, _ demand: Demand) throws(IndexError) -> Weight? {
    guard let (number, scope) = try numbering(field) else { return nil }
    if numberings[number].isKeyword { return try keyword(text, number, factor) }
    if numberings[number].pinyinSource != nil { return try pinyin(PinyinQuery(text), number, factor, demand) }
    var analysis = try analyze(text)
    guard !analysis.cells.isEmpty else { return nil }
    if demand == .any, let stemming = schema.stemming(field) { analysis.addStems(stemming) }
    hasAnythingToFind = true
    switch demand {
    case .any: return try words(analysis, number, scope, factor)
    case .sequence: return try sequence(analysis, number, scope, factor)
    case .sequenceOrNumber:
      let weights = [try sequence(analysis, number, scope, factor), try numberSequence(analysis, number, scope, factor)]
      return Self.any(weights)
    }
  }

  /// The numbering that a field's terms are in, and which of its positions count.
  func numbering(_ field: String?) throws(IndexError) -> (Int, FieldScope?)? {
    guard let field else {
      let fields = numberings[0].fields
      if fields.isEmpty { throw IndexError(.invalidArgument, "this index has no text fields to search; name a field") }
      if fields.allSatisfy({ schema.fields[$0].boost == 1 }) { return (0, nil) }
      return (0, FieldScope(numbering: 0, boosts: fields.map { schema.fields[$0].boost }))
    }
    guard let index = schema.fields.firstIndex(where: { $0.name == field }),
      let number = numberings.firstIndex(where: { $0.fields.contains(index) })
    else {
      throw IndexError(.invalidArgument, "the index has no searchable field '\(field)'; it has \(searchableFields)")
    }
    if numberings[number].fields.count == 1, schema.fields[index].boost == 1 { return (number, nil) }
    return (number, FieldScope(numbering: number, boosts: numberings[number].fields.map { $0 == index ? schema.fields[$0].boost : 0 }))
  }

  private var searchableFields: String { numberings.flatMap(\.fields).sorted().map { schema.fields[$0].name }.joined(separator: ", ") }

  private mutating func keyword(_ text: String, _ number: Int, _ factor: Double) throws(IndexError) -> Weight? {
    let value = Document.keywordTerm(text)
    if value.isEmpty { return nil }
    hasAnythingToFind = true
    let term = Term(numbering: number, family: .word, value)
    let found = try source.statistics(of: term)
    if found.documentFrequency == 0 { return nothing(term.text, number, nil) }
    let similarity = BM25(keywordWeight: factor * idf(found), parameters: parameters)
    return .term(TermWeight(term: term, statistics: found, similarity: similarity, scope: nil))
  }

  func idf(_ statistics: TermStatistics) -> Double { idf(statistics.documentFrequency) }

  func idf(_ documentFrequency: Int) -> Double {
    BM25.idf(documentFrequency: documentFrequency, passageCount: statistics.passageCount)
  }

  func averageLength(_ number: Int, _ family: TermFamily) -> Double { statistics.numberings[number].averageLength(of: family) }

  /// The terms of a text, any of which may match: its words, pairs and numbers, and the cells that stand alone.
  private func words(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    let asked = AskedTerms(analysis, numbering: number, stopWords: stopWords)
    var weights: [Weight] = []
    for (term, count) in asked.terms {
      let familyWeight =
        switch term.family {
        case .word: parameters.wordWeight
        case .extra: parameters.extraWeight
        case .pair, .single: parameters.pairWeight
        }
      if familyWeight == 0 { continue }
      let found = try source.statistics(of: term)
      if found.documentFrequency == 0 {
        if namesAbsentParts { weights.append(nothing(term.text, number, scope)) }
        continue
      }
      weights.append(.term(termWeight(term, found, scope, familyWeight * factor * Double(count))))
    }
    weights += try names(analysis, number, scope, factor)
    if parameters.singleWeight > 0 {
      for cell in asked.loneCells { weights.append(try single(analysis, cell, number, scope, factor * parameters.singleWeight)) }
    }
    let cells = scope == nil && parameters.cellWeight > 0 ? try self.cells(analysis, asked.cells, number, factor) : []
    guard case let found = Self.any(weights), !cells.isEmpty else { return Self.any(weights) }
    return switch found {
    case .nothing: .nothing
    case .any(let parts, _): .any(parts, adding: cells)
    default: .any([found], adding: cells)
    }
  }

  /// A cell that is in a larger part of the passages than one in so many says too little for the time that it takes. docs/Architecture.md has the
  /// measurement.
  private static let leastRarity = 10

  /// What the cells of a text add to passages that are found by its words and pairs.
  private func cells(_ analysis: Analysis, _ cells: [Int], _ number: Int, _ factor: Double) throws(IndexError) -> [Weight] {
    var weights: [Weight] = []
    for cell in cells {
      let term = Term(numbering: number, family: .single, analysis.term(of: analysis.cells[cell]))
      let found = try source.statistics(of: term)
      if found.documentFrequency == 0 || found.documentFrequency > source.collection.passageCount / Self.leastRarity { continue }
      weights.append(.term(termWeight(term, found, nil, parameters.cellWeight * factor)))
    }
    return weights
  }

  /// A part that no live passage has.
  func nothing(_ text: ArraySlice<UInt8>, _ number: Int, _ scope: FieldScope?, isSequence: Bool = false) -> Weight {
    namesAbsentParts ? .absent(AbsentWeight(text: Array(text), numbering: number, scope: scope, isSequence: isSequence)) : .nothing
  }

  static func any(_ weights: consuming [Weight]) -> Weight {
    if weights.count == 1 { return weights[0] }
    weights.removeAll { if case .nothing = $0 { true } else { false } }
    return weights.isEmpty ? .nothing : weights.count == 1 ? weights[0] : .any(weights)
  }

  func termWeight(_ term: Term, _ found: TermStatistics, _ scope: FieldScope?, _ weight: Double) -> TermWeight {
    let similarity = BM25(weight: weight * idf(found), averageLength: averageLength(term.numbering, term.family), parameters: parameters)
    return TermWeight(term: term, statistics: found, similarity: similarity, scope: scope)
  }

  /// A cell alone: its list, or all pairs that begin with it when its positions matter.
  private func single(_ analysis: Analysis, _ cell: Int, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight
  {
    let cell = analysis.cells[cell]
    let term = Term(numbering: number, family: .single, analysis.term(of: cell))
    return single(term, try source.statistics(of: term), isWord: cell.isLettersOrDigits, scope, factor)
  }

  func single(_ term: Term, _ found: TermStatistics, isWord: Bool, _ scope: FieldScope?, _ factor: Double) -> Weight {
    if found.documentFrequency == 0 { return nothing(term.text, term.numbering, scope) }
    let weight = termWeight(term, found, nil, factor)
    guard let scope else { return .term(weight) }
    let pairs = Term(numbering: term.numbering, family: .pair, PairTerm.prefix(term.text, isWord: isWord))
    return .union(
      UnionWeight(
        Array(term.text), in: found.documentFrequency, prefix: pairs, similarity: weight.similarity, scope: scope,
        interruption: interruption))
  }

  private func pairs(beginningWith analysis: Analysis, _ index: Int, _ number: Int) throws(IndexError) -> [TermStatistics] {
    let cell = analysis.cells[index]
    return try terms(
      beginningWith: Term(numbering: number, family: .pair, PairTerm.prefix(analysis.term(of: cell), isWord: cell.isLettersOrDigits)))
  }

  /// The cells of a text one after another, at the distances that they have in it.
  private func sequence(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    guard analysis.hasPairs else { return try wordSequence(analysis, number, scope, factor) }
    let cells = analysis.cells
    if cells.count == 1 { return try single(analysis, 0, number, scope, factor) }
    return finish(
      try candidates(analysis, cells.count, number), of: analysis.text, cellCount: cells.count, number, .pair, scope, factor)
  }

  /// The cells before the number that a text ends with, and then the number, however it is spelled.
  ///
  /// Only the last may be: how many cells another spelling takes, and so where the next cell stands, is not known.
  private func numberSequence(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    guard let last = analysis.lastNumber else { return .nothing }
    let first = Int(last.firstCell)
    let found = try source.statistics(of: Term(numbering: number, family: .extra, analysis.term(of: last)))
    let offset = analysis.cells[first].number - analysis.cells[0].number
    let element = Candidate(
      element: .init(offset: offset, terms: [found]), frequency: found.documentFrequency, cells: first...first,
      idf: idf(found) * parameters.extraWeight)
    let text = analysis.text[..<Int(analysis.cells[first].termStart)] + analysis.term(of: last)
    return finish(
      try candidates(analysis, first, number) + [element], of: Array(text), cellCount: first + 1, number, .pair, scope, factor)
  }

  /// Conditions that vouch for the first `count` cells of a text and the gaps behind them.
  func candidates(_ analysis: Analysis, _ count: Int, _ number: Int) throws(IndexError) -> [Candidate] {
    let cells = analysis.cells
    var elements: [Candidate] = []
    for cell in 0..<count {
      let next = analysis.successor(of: cell)
      let offset = cells[cell].number - cells[0].number
      if cell + 1 < count || next == nil && cell + 1 < cells.count {
        // A cell before a gap is paired with the end mark: nothing may stand in the gap.
        let found = try source.statistics(of: Term(numbering: number, family: .pair, analysis.pairTerm(at: cell)))
        elements.append(
          Candidate(
            element: .init(offset: offset, terms: [found]), frequency: found.documentFrequency,
            cells: next == nil ? cell...cell : cell...cell + 1, idf: idf(found)))
      } else if cell == 0 || analysis.successor(of: cell - 1) == nil {
        let single = try source.statistics(of: Term(numbering: number, family: .single, analysis.term(of: cells[cell])))
        let element = SequenceWeight.Element(offset: offset, terms: try pairs(beginningWith: analysis, cell, number))
        elements.append(Candidate(element: element, frequency: single.documentFrequency, cells: cell...cell, idf: idf(single)))
      }
    }
    return elements
  }

  // MARK: Pinyin

  /// Any of the words, and better all of them in a row; or only that.
  mutating func pinyin(_ query: PinyinQuery, _ number: Int, _ factor: Double, _ demand: Demand) throws(IndexError) -> Weight? {
    if query.isTooLong { hasTooLongPinyin = true }
    if query.words.isEmpty { return nil }
    hasAnythingToFind = true
    var sequences = query.sequences
    if demand == .any, query.words.count > 1 { sequences += query.words.joined() }
    var weights: [Weight] = []
    for sequence in sequences { weights.append(try pinyin(sequence, number, factor)) }
    return Self.any(weights)
  }

  private func pinyin(_ sequence: [PinyinQuery.Element], _ number: Int, _ factor: Double) throws(IndexError) -> Weight {
    var elements: [Candidate] = []
    var text: [UInt8] = []
    for (place, element) in sequence.enumerated() {
      if place > 0 { text.append(UInt8(ascii: " ")) }
      var terms: [TermStatistics] = []
      switch element {
      case .names(let names):
        text += names.first ?? []
        for name in names { terms.append(try source.statistics(of: Term(numbering: number, family: .word, name))) }
      case .initial(let initial):
        text.append(initial)
        terms.append(try source.statistics(of: Term(numbering: number, family: .extra, [initial])))
      }
      let frequency = min(statistics.passageCount, terms.reduce(0) { $0 + $1.documentFrequency })
      elements.append(
        Candidate(
          element: .init(offset: UInt32(place), terms: terms), frequency: frequency, cells: place...place,
          idf: BM25.idf(documentFrequency: frequency, passageCount: statistics.passageCount)))
    }
    return finish(elements, of: text, cellCount: sequence.count, number, .word, nil, factor)
  }

  private func wordSequence(_ analysis: Analysis, _ number: Int, _ scope: FieldScope?, _ factor: Double) throws(IndexError) -> Weight {
    finish(
      try wordCandidates(analysis, analysis.words.count, number), of: analysis.text, cellCount: analysis.words.count, number, .word, scope,
      factor)
  }

  /// Conditions that vouch for the first `count` words of a text.
  func wordCandidates(_ analysis: Analysis, _ count: Int, _ number: Int) throws(IndexError) -> [Candidate] {
    guard let first = analysis.words.first else { return [] }
    let start = analysis.cells[Int(first.firstCell)].number
    var elements: [Candidate] = []
    for (place, word) in analysis.words.prefix(count).enumerated() {
      let found = try source.statistics(of: Term(numbering: number, family: .word, analysis.term(of: word)))
      let offset = analysis.cells[Int(word.firstCell)].number - start
      elements.append(
        Candidate(element: .init(offset: offset, terms: [found]), frequency: found.documentFrequency, cells: place...place, idf: idf(found))
      )
    }
    return elements
  }

  /// A condition that a sequence may be found by, and the cells that it vouches for.
  struct Candidate {
    var element: SequenceWeight.Element
    var frequency: Int
    var cells: ClosedRange<Int>
    var idf: Double
  }

  /// Drops the conditions that the others make superfluous, the longest lists first, and puts the rarest first.
  func finish(
    _ candidates: [Candidate], of text: [UInt8], cellCount: Int, _ number: Int, _ family: TermFamily, _ scope: FieldScope?,
    _ factor: Double
  ) -> Weight {
    if candidates.isEmpty || candidates.contains(where: { $0.frequency == 0 }) {
      return nothing(text[...], number, scope, isSequence: true)
    }
    let idf = candidates.reduce(0) { $0 + $1.idf }
    var vouchers = [Int](repeating: 0, count: cellCount)
    for candidate in candidates { for cell in candidate.cells { vouchers[cell] += 1 } }
    var kept: [Candidate] = []
    for candidate in candidates.sorted(by: { $0.frequency > $1.frequency }) {
      // An end mark vouches for more than its cell: for the gap behind it. A pair's cells may be vouched for by their neighbours.
      if candidate.cells.count == 2, candidate.cells.allSatisfy({ vouchers[$0] > 1 }) {
        for cell in candidate.cells { vouchers[cell] -= 1 }
      } else {
        kept.append(candidate)
      }
    }
    let similarity = BM25(weight: idf * factor, averageLength: averageLength(number, family), parameters: parameters)
    return .sequence(
      SequenceWeight(
        text: text, elements: kept.reversed().map(\.element), idf: idf, similarity: similarity, numbering: number, scope: scope,
        interruption: interruption))
  }
}
