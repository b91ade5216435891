// What do the parts of a bound query find in one passage?
//
// Why the unsafe code here is sound: a score is read at index 0 when there is a candidate.
internal import SuoyinAnalysis

/// Asks the scorer of every leaf about one passage, so that what is explained is what a search does.
struct Explainer: ~Copyable {
  let index: IndexReader
  let collection: CollectionStatistics
  let interruption: Interruption
  /// The passage.
  let (number, document): (Int, DocID)
  private var candidates = Candidates()
  private var segment: SegmentReader { index.segments[number].reader }

  init(
    _ index: IndexReader, _ collection: CollectionStatistics, _ interruption: Interruption, segment number: Int, document: DocID
  ) {
    self.index = index
    self.collection = collection
    self.interruption = interruption
    (self.number, self.document) = (number, document)
  }

  /// A part with what it would add if all around it matched.
  mutating func part(_ weight: Weight, _ role: Explanation.Part.Role = .plain) throws(IndexError) -> Explanation.Part {
    try interruption.check()
    switch weight {
    case .nothing: return leaf(.absent, role, "", nil, [])
    case .absent(let absent):
      return leaf(.absent, role, absent.isSequence ? quoted(absent.text) : text(absent.text), nil, scope(absent.numbering, absent.scope))
    case .term(let term): return try part(term, weight, role)
    case .sequence(let sequence): return try part(sequence, weight, role)
    case .union(let union): return try part(union, weight, role)
    case .near(let near): return try part(near, weight, role)
    case .range(let range):
      let schema = index.commit.schema
      return leaf(
        .range, role, range.wording(schema), try share(of: weight), [.init(field: schema.fields[range.field].name, boost: 0)])
    case .prior(let weight):
      let value = try weight.wording(in: segment, document)
      return leaf(.prior, role, value ?? "", try share(of: .prior(weight)), [.init(field: weight.prior.field, boost: weight.prior.weight)])
    case .lifted(let query, let lift): return try lifted(part(query).settled(), lift)
    case .atLeast(let count, let weights):
      let parts = try parts(weights)
      return joined(.atLeast, role, parts, parts.count(where: \.matches) >= count, count: count)
    case .all(let weights):
      let parts = try parts(weights)
      return joined(parts.map(\.kind) == [.title, .label] ? .citation : .all, role, parts, parts.allSatisfy(\.matches))
    case .any(let weights, adding: let others):
      let parts = try parts(weights)
      return joined(.any, role, parts + (try self.parts(others, .addition)), parts.contains(where: \.matches))
    case .excluding(let wanted, let unwanted):
      let parts = [try part(wanted), try part(unwanted, .exclusion)]
      return joined(.excluding, role, parts, parts[0].matches && !parts[1].matches)
    case .preferring(let required, let preferred):
      let parts = [try part(required), try part(preferred, .preference)]
      return joined(.preferring, role, parts, parts[0].matches)
    }
  }

  /// A query with what the size of the passage's document adds to its score.
  func lifted(_ query: Explanation.Part, _ lift: DocumentLift) throws(IndexError) -> Explanation.Part {
    let count = try lift.sizes.cursor(segment: number)?.passageCount(document) ?? 0
    let field = index.commit.schema.fields[lift.sizes.field].name
    let share = lift.share(of: query.share, passageCount: count)
    let part = leaf(.document, .preference, "", count > 0 ? share : nil, [.init(field: field, boost: lift.weight)], count: count)
    return joined(.preferring, .plain, [query, part], query.matches)
  }

  private mutating func parts(
    _ weights: [Weight], _ role: Explanation.Part.Role = .plain
  ) throws(IndexError) -> [Explanation.Part] {
    var parts: [Explanation.Part] = []
    for weight in weights { parts.append(try part(weight, role)) }
    return parts
  }

  // MARK: Leaves

  private mutating func part(
    _ term: TermWeight, _ weight: Weight, _ role: Explanation.Part.Role
  ) throws(IndexError) -> Explanation.Part {
    let isValue = index.numberings[term.term.numbering].isKeyword
    let kind = term.kind(index)
    let isName = kind == .title || kind == .label
    let statistics = try statistics(
      term.similarity, term.term.numbering, isValue || isName ? nil : term.term.family, term.statistics.documentFrequency,
      idf: idf(term.statistics.documentFrequency), frequency: try frequency(term.statistics.values[number], term.scope))
    return leaf(
      kind, role, text(isName ? NameTerm.name(in: term.term.text) : Array(term.term.text)), try share(of: weight),
      scope(term.term.numbering, term.scope), statistics)
  }

  private mutating func part(
    _ sequence: SequenceWeight, _ weight: Weight, _ role: Explanation.Part.Role
  ) throws(IndexError) -> Explanation.Part {
    let statistics = try statistics(
      sequence.similarity, sequence.numbering, segment.schema.analyzer.families.contains(.pair) ? .pair : .word, nil, idf: sequence.idf,
      frequency: try frequency(sequence))
    return leaf(
      .sequence, role, quoted(sequence.text), try share(of: weight), scope(sequence.numbering, sequence.scope), statistics)
  }

  private mutating func part(
    _ near: NearWeight, _ weight: Weight, _ role: Explanation.Part.Role
  ) throws(IndexError) -> Explanation.Part {
    let scope = scope(near.numbering, near.scope)
    let match = try NearMatch(near, in: segment, number: number)
    let statistics = try statistics(
      near.similarity, near.numbering, near.family, nil, idf: near.idf, frequency: match?.frequency(in: document) ?? 0)
    var parts: [Explanation.Part] = []
    for sequence in near.sequences {
      let isThere = try frequency(sequence) > 0
      parts.append(leaf(.sequence, .plain, quoted(sequence.text), isThere ? 0 : nil, scope))
    }
    return leaf(
      .near, role, parts.map(\.text).joined(separator: " "), try share(of: weight), scope, statistics, parts: parts)
  }

  private mutating func part(
    _ union: UnionWeight, _ weight: Weight, _ role: Explanation.Part.Role
  ) throws(IndexError) -> Explanation.Part {
    var members: [Explanation.Part.Member] = []
    var count = 0
    for (term, value) in try union.terms(in: segment) {
      count += 1
      if count % 64 == 0 { try interruption.check() }
      let frequency = try frequency(value, union.scope)
      if frequency > 0 { members.append(.init(text: text(term), frequency: frequency)) }
    }
    let isValue = index.numberings[union.prefix.numbering].isKeyword
    let statistics = try statistics(
      union.similarity, union.prefix.numbering, isValue ? nil : union.prefix.family, union.documentFrequency,
      idf: idf(union.documentFrequency), frequency: members.reduce(0) { $0 + $1.frequency })
    return leaf(
      .union, role, text(union.text), try share(of: weight), scope(union.prefix.numbering, union.scope), statistics, count: count,
      members: members)
  }

  // MARK: The passage

  /// What a leaf scores as a search scores it; nil when the passage does not match.
  private mutating func share(of weight: Weight) throws(IndexError) -> Int64? {
    guard let scorer = try weight.scorer(in: segment, number: number) else { return nil }
    candidates.count = 0
    candidates.append(document, 0)
    try scorer.keep(&candidates, isScored: true)
    return candidates.count == 1 ? unsafe candidates.scores[0] : nil
  }

  private func frequency(_ value: StringValue?, _ scope: FieldScope?) throws(IndexError) -> Double {
    guard let value else { return 0 }
    let cursor = try segment.postings(value)
    try cursor.advance(to: document)
    guard cursor.docID == document else { return 0 }
    return try scope.map { scope throws(IndexError) in try ScopedCounter(scope, segment).count(cursor, document) }
      ?? Double(cursor.frequency)
  }

  private func frequency(_ sequence: SequenceWeight) throws(IndexError) -> Double {
    var starts: [UInt32] = []
    guard let match = try PhraseMatch(sequence, in: segment, number: number), try match.readStarts(in: document, into: &starts) else {
      return 0
    }
    guard let scope = sequence.scope else { return Double(starts.count) }
    return try ScopedCounter(scope, segment).count(starts, document)
  }

  private func idf(_ documentFrequency: Int) -> Double {
    BM25.idf(documentFrequency: documentFrequency, passageCount: collection.passageCount)
  }

  /// - Parameter family: That of the lengths; nil where these do not matter.
  private func statistics(
    _ similarity: BM25, _ numbering: Int, _ family: TermFamily?, _ documentFrequency: Int?, idf: Double, frequency: Double
  ) throws(IndexError) -> Explanation.Part.Statistics {
    var length: Int?
    if let family { length = try segment.lengths.column(numbering: numbering, family: family).map { Int($0[document]) } ?? 0 }
    return .init(
      documentFrequency: documentFrequency, frequency: frequency, length: length,
      averageLength: family.map { collection.numberings[numbering].averageLength(of: $0) }, idf: idf, weight: similarity.weight)
  }

  // MARK: Words

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
  private func quoted(_ bytes: [UInt8]) -> String { "\"\(text(bytes))\"" }

  private func scope(_ numbering: Int, _ scope: FieldScope?) -> [Explanation.Part.Scope] {
    let fields = index.numberings[numbering].fields.map { index.commit.schema.fields[$0] }
    guard let scope else { return numbering == 0 ? [] : fields.map { .init(field: $0.name, boost: 1) } }
    return zip(fields, scope.boosts).filter { $1 > 0 }.map { .init(field: $0.name, boost: $1) }
  }

  /// - Parameter share: nil when the passage does not match.
  private func leaf(
    _ kind: Explanation.Part.Kind, _ role: Explanation.Part.Role, _ text: String, _ share: Int64?, _ scope: [Explanation.Part.Scope],
    _ statistics: Explanation.Part.Statistics? = nil, count: Int? = nil, members: [Explanation.Part.Member] = [],
    parts: [Explanation.Part] = []
  ) -> Explanation.Part {
    .init(
      kind: kind, role: role, text: text, scope: scope, matches: share != nil, share: share ?? 0, statistics: statistics, count: count,
      members: members, parts: parts)
  }

  func joined(
    _ kind: Explanation.Part.Kind, _ role: Explanation.Part.Role, _ parts: [Explanation.Part], _ matches: Bool, count: Int? = nil
  ) -> Explanation.Part {
    .init(
      kind: kind, role: role, text: "", scope: [], matches: matches, share: 0, statistics: nil, count: count, members: [], parts: parts)
  }
}

extension TermWeight {
  /// What kind of a part it is.
  func kind(_ index: IndexReader) -> Explanation.Part.Kind {
    switch term.family {
    case .word: return index.numberings[term.numbering].isKeyword ? .value : .word
    case .pair: return .pair
    case .single: return .single
    case .extra:
      let name = NameTerm.kind(of: term.text)
      return name == .title ? .title : name == .label ? .label : .extra
    }
  }
}

extension UnionWeight {
  /// The terms in a segment: those whose lists `UnionScorer` reads.
  fileprivate func terms(in segment: SegmentReader) throws(IndexError) -> [(term: [UInt8], value: StringValue)] {
    var terms: [(term: [UInt8], value: StringValue)] = []
    try segment.terms.forEach(beginningWith: prefix.bytes) { entry throws(IndexError) in
      let text = entry.string.dropFirst(2)
      if terms.count % 1024 == 0 { try interruption.check() }
      if let pattern, !pattern.matches(prefix.family == .pair ? PairTerm.firstCell(of: text) : text) { return true }
      terms.append((Array(text), entry.value))
      return true
    }
    return terms
  }
}
