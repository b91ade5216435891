// What should a search find, and with what score? The oracle: no index, only definitions.
internal import Glibc
package import Suoyin
internal import SuoyinAnalysis

/// Passages in a dictionary, searched by going through all of them.
///
/// Written from docs/QuerySyntax.md and the cell model alone: it shares the analyzer with the engine, and nothing else.
package struct NaiveIndex {
  package internal(set) var schema: Schema
  package private(set) var documents: [DocumentKey: Document] = [:]
  private var sources: [DocumentKey: DocumentKey] = [:]
  var texts: [DocumentKey: [String: Text]] = [:]
  private let analyzer: Analyzer

  /// An analysed field: cells with their numbers, and words as ranges of cells.
  struct Text {
    var cells: [(text: String, number: Int)]
    var words: [String]
    /// The words with the numbers of their first cells.
    var numberedWords: [(text: String, number: Int)] = []
    var extras: [Extra] = []
    /// For each cell the ways to read it.
    var pinyin: [[String]] = []
  }

  /// A further term: a number in canonical form, or a part of a mixed word.
  struct Extra {
    var text: String
    var isPart: Bool
    var isNumber: Bool
    /// The index of its first cell, how many there are, and the first one's number.
    var cell: Int
    var cells: Int
    var number: Int
  }

  package init(_ schema: Schema) throws {
    self.schema = schema
    analyzer = try Analyzer(schema.settings())
  }

  // MARK: Changes

  package mutating func replace(_ source: DocumentKey, with list: [Document]) throws {
    for (key, owner) in sources where owner == source { remove(key) }
    for document in list {
      documents[document.key] = document
      sources[document.key] = source
      var analyzedFields: [String: Text] = [:]
      for (field, value) in document.fields {
        if case .text(let text) = value {
          analyzedFields[field] = try analyzed(text, stemming: schema[field]?.stemming, role: schema[field]?.role)
        }
      }
      texts[document.key] = analyzedFields
    }
  }

  package mutating func remove(_ key: DocumentKey) {
    documents[key] = nil
    sources[key] = nil
    texts[key] = nil
  }

  package mutating func remove(where field: String, is value: String) {
    for (key, document) in documents where values(document, field).contains(Analyzer.normalizedValue(value)) { remove(key) }
  }

  func analyzed(_ text: String, stemming: Stemming? = nil, role: Field.Role? = nil) throws -> Text {
    var analysis = try analyzer.analyze(text)
    if let stemming { analysis.addStems(stemming) }
    switch role {
    case .title: analysis.addTitleTerms()
    case .label: analysis.addLabelTerm()
    case .document, nil: break
    }
    return Text(
      cells: analysis.cells.map { (String(decoding: analysis.term(of: $0), as: UTF8.self), Int($0.number)) },
      words: analysis.words.map { String(decoding: analysis.term(of: $0), as: UTF8.self) },
      numberedWords: analysis.words.map { word in
        (String(decoding: analysis.term(of: word), as: UTF8.self), Int(analysis.cells[Int(word.firstCell)].number))
      },
      extras: analysis.extras.map { extra in
        Extra(
          text: String(decoding: analysis.term(of: extra), as: UTF8.self), isPart: extra.rule == .part, isNumber: extra.rule == .number,
          cell: Int(extra.firstCell),
          cells: Int(extra.cellCount), number: Int(analysis.cells[Int(extra.firstCell)].number))
      },
      pinyin: analysis.cells.map { analysis.pinyin(of: $0).map { String(decoding: $0, as: UTF8.self) } })
  }

  func values(_ document: Document, _ field: String) -> [[UInt8]] {
    switch document.fields[field] {
    case .text(let text)?: [Analyzer.normalizedValue(text)]
    case .list(let list)?: list.map(Analyzer.normalizedValue)
    default: []
    }
  }

  // MARK: Questions

  /// The scores of all passages that match, unrounded; nil when the query has nothing to look for.
  package func search(_ query: Query, _ parameters: RankingParameters = RankingParameters()) throws -> [DocumentKey: Double]? {
    guard var scores = try evaluate(query, nil, 1, parameters) else { return nil }
    for prior in parameters.priors { for key in scores.keys { scores[key, default: 0] += value(of: prior, key) } }
    lift(&scores, parameters)
    return scores
  }

  /// What the sizes of documents add.
  private func lift(_ scores: inout Scores, _ parameters: RankingParameters) {
    guard let field = schema.fields.first(where: { $0.role == .document }) else { return }
    let named = documents.compactMapValues { values($0, field.name).min { $0.lexicographicallyPrecedes($1) } }
    let counts = Dictionary(grouping: named.values) { $0 }.mapValues { Double($0.count) }
    for (key, name) in named {
      guard let score = scores[key], let count = counts[name] else { continue }
      scores[key] = score * (1 + parameters.documentWeight * count / (count + 300))
    }
  }

  /// What a passage has whatever is asked for.
  private func value(of prior: Prior, _ key: DocumentKey) -> Double {
    switch (documents[key]?.fields[prior.field], prior.curve) {
    case (.integer(let number)?, .saturation(let pivot)): number > 0 ? prior.weight * Double(number) / (Double(number) + pivot) : 0
    case (.date(let date)?, .recency(let days, let day)): prior.weight * days / (days + Double(max(0, day.days - date.days)))
    default: 0
    }
  }

  typealias Scores = [DocumentKey: Double]

  func evaluate(_ query: Query, _ field: String?, _ factor: Double, _ parameters: RankingParameters) throws -> Scores? {
    switch query {
    case .text(let text), .quoted(let text), .literal(let text), .prefix(let text), .fuzzy(let text, _), .wildcard(let text):
      if let source = field.flatMap({ schema[$0]?.pinyinSource }) {
        var isText = false
        if case .text = query { isText = true }
        return pinyin(PinyinQuery(text), source, isText: isText, factor, parameters)
      }
    default: break
    }
    switch query {
    case .text(let text): return try leaf(text, field, factor, parameters, words)
    case .quoted(let text): return try leaf(text, field, factor, parameters, sequence)
    case .literal(let text):
      return try leaf(text, field, factor, parameters) {
        sequence($0, $1, $2, $3).merging(numberSequence($0, $1, $2, $3), uniquingKeysWith: +)
      }
    case .range(let name, let lower, let upper):
      return documents.filter { isInRange($0.value, name, lower, upper) }.mapValues { _ in 0 }
    case .prefix(let text):
      if let field, schema[field]?.kind == .keyword {
        let start = Analyzer.normalizedValue(text)
        return start.isEmpty ? nil : keywords(field, factor, parameters) { $0.starts(with: start) ? 1 : nil }
      }
      return try leaf(text, field, factor, parameters, openSequence)
    case .fuzzy(let text, let distance):
      if let field, schema[field]?.kind == .keyword {
        let value = Analyzer.normalizedValue(text)
        return value.isEmpty ? nil : nearKeywords(value, distance, field, factor, parameters)
      }
      return try leaf(text, field, factor, parameters) { nearWords($0, distance, $1, $2, $3) }
    case .wildcard(let text): return try wildcard(text, field, factor, parameters)
    case .near(let texts, let distance, let isOrdered): return try near(texts, distance, isOrdered: isOrdered, field, factor, parameters)
    case .atLeast(let count, let queries):
      let found = try queries.compactMap { try evaluate($0, field, factor, parameters) }
      if found.isEmpty { return nil }
      let needed = min(count, found.count)
      return found.reduce([:]) { $0.merging($1, uniquingKeysWith: +) }.filter { entry in found.count { $0[entry.key] != nil } >= needed }
    case .field(let name, let query): return try evaluate(query, name, factor, parameters)
    case .weighted(let query, let weight): return try evaluate(query, field, factor * weight, parameters)
    case .any(let queries):
      let found = try queries.compactMap { try evaluate($0, field, factor, parameters) }
      return found.isEmpty ? nil : found.reduce([:]) { $0.merging($1, uniquingKeysWith: +) }
    case .all(let queries):
      let found = try queries.compactMap { try evaluate($0, field, factor, parameters) }
      guard let first = found.first else { return nil }
      return found.dropFirst().reduce(first) { sum, scores in
        sum.filter { scores[$0.key] != nil }.merging(scores.filter { sum[$0.key] != nil }, uniquingKeysWith: +)
      }
    case .excluding(let wanted, let unwanted):
      let unwanted = try evaluate(unwanted, field, factor, parameters) ?? [:]
      return try evaluate(wanted, field, factor, parameters)?.filter { unwanted[$0.key] == nil }
    case .preferring(let required, let preferred):
      let preferred = try evaluate(preferred, field, factor, parameters)
      guard let required = try evaluate(required, field, factor, parameters) else { return preferred }
      return required.merging((preferred ?? [:]).filter { required[$0.key] != nil }, uniquingKeysWith: +)
    }
  }

  /// Sequences of readings and initials in the cells of a field.
  private func pinyin(_ query: PinyinQuery, _ source: String, isText: Bool, _ factor: Double, _ parameters: RankingParameters) -> Scores? {
    if query.words.isEmpty { return nil }
    func fits(_ element: PinyinQuery.Element, _ readings: [String]) -> Bool {
      switch element {
      case .names(let names): names.contains { readings.contains(String(decoding: $0, as: UTF8.self)) }
      case .initial(let initial): readings.contains { $0.utf8.first == initial }
      }
    }
    func frequency(_ element: PinyinQuery.Element) -> Int {
      func documents(_ element: PinyinQuery.Element) -> Int {
        texts.values.count { $0[source]?.pinyin.contains { fits(element, $0) } ?? false }
      }
      guard case .names(let names) = element else { return documents(element) }
      return min(self.documents.count, names.reduce(0) { $0 + documents(.names([$1])) })
    }
    let lengths = texts.compactMapValues { text in text[source].map { $0.pinyin.count { !$0.isEmpty } } }.filter { $0.value > 0 }
    let average = lengths.isEmpty ? 1 : Double(lengths.values.reduce(0, +)) / Double(lengths.count)
    var total: Scores = [:]
    for sequence in query.sequences + (isText && query.words.count > 1 ? Array(query.words.joined()) : []) {
      let weight = factor * sequence.reduce(0) { $0 + idf(frequency($1)) }
      for (key, length) in lengths {
        guard let text = texts[key]?[source], text.cells.count >= sequence.count else { continue }
        let count = (0...text.cells.count - sequence.count).count { start in
          sequence.indices.allSatisfy { place in
            text.cells[start + place].number == text.cells[start].number + place && fits(sequence[place], text.pinyin[start + place])
          }
        }
        if count == 0 { continue }
        let norm = parameters.k1 * (1 - parameters.b + parameters.b * Double(length) / average)
        total[key, default: 0] += weight * Double(count) / (Double(count) + norm)
      }
    }
    return total
  }

  typealias Evaluation = (Text, [String: Double], Double, RankingParameters) throws -> Scores

  /// Asks a leaf of the fields in scope: a boost for each, 0 for those that share the numbering and are not asked.
  func leaf(
    _ text: String, _ field: String?, _ factor: Double, _ parameters: RankingParameters, _ evaluation: Evaluation
  ) throws -> Scores? {
    if let field, schema[field]?.kind == .keyword { return keyword(text, field, factor, parameters) }
    let query = try analyzed(text, stemming: schema.stemming(field))
    if query.cells.isEmpty { return nil }
    var boosts: [String: Double] = [:]
    for candidate in schema.fields {
      guard case .text(let boost, let isApart, _, _) = candidate.kind else { continue }
      if let field, case .text(_, true, _, _)? = schema[field]?.kind {
        if candidate.name == field { boosts[candidate.name] = boost }
      } else if !isApart {
        boosts[candidate.name] = field == nil || field == candidate.name ? boost : 0
      }
    }
    return try evaluation(query, boosts, factor, parameters)
  }

  private func keyword(_ text: String, _ field: String, _ factor: Double, _ parameters: RankingParameters) -> Scores? {
    let value = Analyzer.normalizedValue(text)
    if value.isEmpty { return nil }
    let matching = documents.values.filter { values($0, field).contains(value) }
    let score = factor * idf(matching.count) / (1 + parameters.k1)
    return Dictionary(uniqueKeysWithValues: matching.map { ($0.key, score) })
  }

  func idf(_ frequency: Int) -> Double { log(1 + (Double(documents.count - frequency) + 0.5) / (Double(frequency) + 0.5)) }

  /// BM25 of something that `count` finds in a field's text, over the fields of `boosts`.
  func score(
    _ weight: Double, _ boosts: [String: Double], _ parameters: RankingParameters, lengthInWords: Bool, _ count: (Text) -> Int
  ) -> Scores {
    func length(_ key: DocumentKey) -> Int {
      boosts.keys.reduce(0) { $0 + (texts[key]?[$1].map { lengthInWords ? $0.words.count : $0.cells.count } ?? 0) }
    }
    let lengths = documents.keys.map(length).filter { $0 > 0 }
    let average = lengths.isEmpty ? 1 : Double(lengths.reduce(0, +)) / Double(lengths.count)
    var scores: Scores = [:]
    for key in documents.keys {
      let frequency = boosts.reduce(0.0) { sum, boost in sum + boost.value * Double(texts[key]?[boost.key].map(count) ?? 0) }
      if frequency == 0 { continue }
      let norm = parameters.k1 * (1 - parameters.b + parameters.b * Double(length(key)) / average)
      scores[key] = weight * frequency / (frequency + norm)
    }
    return scores
  }

  /// In how many passages something is, whatever the field.
  func documentFrequency(_ boosts: [String: Double], _ count: (Text) -> Int) -> Int {
    documents.keys.filter { key in boosts.keys.contains { texts[key]?[$0].map { count($0) > 0 } ?? false } }.count
  }

  var hasPairs: Bool { schema.analyzer.families.contains(.pair) }

  /// Any word, pair of neighbours, or lone cell.
  private func words(_ query: Text, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters) -> Scores {
    var total: Scores = [:]
    func add(_ weight: Double, lengthInWords: Bool, _ count: (Text) -> Int) {
      let frequency = documentFrequency(boosts, count)
      if frequency == 0 || weight == 0 { return }
      let scores = score(weight * factor * idf(frequency), boosts, parameters, lengthInWords: lengthInWords, count)
      total.merge(scores, uniquingKeysWith: +)
    }
    for word in query.words { add(parameters.wordWeight, lengthInWords: true) { text in text.words.count { $0 == word } } }
    guard hasPairs else { return total }
    for term in asked(query) { add(parameters.extraWeight, lengthInWords: true) { text in text.extras.count { $0.text == term } } }
    for index in query.cells.indices {
      if let next = Self.neighbour(query, index, 1) {
        let cell = query.cells[index].text
        add(parameters.pairWeight, lengthInWords: false) { Self.count([(0, cell), (1, next)], in: $0) }
      } else if Self.neighbour(query, index, -1) == nil {
        let cell = query.cells[index].text
        add(parameters.singleWeight, lengthInWords: false) { Self.count([(0, cell)], in: $0) }
      }
    }
    total.merge(names(query, boosts, factor, parameters), uniquingKeysWith: +)
    guard boosts.values.allSatisfy({ $0 == 1 }) else { return total }
    var seen: Set<String> = []
    for index in query.cells.indices where Self.neighbour(query, index, 1) != nil || Self.neighbour(query, index, -1) != nil {
      let cell = query.cells[index].text
      if Self.isWord(cell) || !seen.insert(cell).inserted { continue }
      let frequency = documentFrequency(boosts) { Self.count([(0, cell)], in: $0) }
      if frequency == 0 || frequency > documents.count / 10 || parameters.cellWeight == 0 { continue }
      let weight = parameters.cellWeight * factor * idf(frequency)
      let scores = score(weight, boosts, parameters, lengthInWords: false) { Self.count([(0, cell)], in: $0) }
      total.merge(scores.filter { total[$0.key] != nil }, uniquingKeysWith: +)
    }
    return total
  }

  /// The numbers of a query, and its words of letters or digits as they stand.
  private func asked(_ query: Text) -> [String] {
    guard schema.analyzer.families.contains(.extra) else { return [] }
    let numbers = query.extras.filter { !$0.isPart }
    let words = query.cells.indices.filter { index in
      let text = query.cells[index].text
      let isWord = text.unicodeScalars.contains { ICUProperties.kind(of: $0.value) == .letterOrDigit }
      return isWord && !numbers.contains { $0.cell == index && $0.cells == 1 && $0.text == text }
    }
    return numbers.map(\.text) + words.map { query.cells[$0].text }
  }
}
