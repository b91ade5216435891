// What exactly was looked for, and why was so little found?
internal import SuoyinAnalysis

/// What an index was asked for by a query, part by part.
public struct QueryReport: Sendable {
  /// A part of the query that is looked for by itself.
  public struct Part: Equatable, Sendable {
    public enum Role: String, Sendable {
      /// Adds to the score where it is found.
      case wanted
      /// Must be found.
      case required
      /// Must not be found.
      case excluded
    }
    /// How it is looked for.
    public enum Way: String, Sendable {
      /// Any of its terms.
      case any
      /// Its cells one after another.
      case sequence
      /// Terms that begin so, look so, or are nearly so.
      case expansion
      /// Texts close together.
      case near
      /// A value or a range of values.
      case value
    }
    public let role: Role
    public let way: Way
    /// As it was asked, but for the spelling of values.
    public let text: String
    /// The field that it is asked of; nil for all of them.
    public let field: String?
    /// How many passages match it alone, of those that the options' filters leave; nil for what holds nothing to look for.
    public let passageCount: Int?
    /// The terms of a part of which any may match, in their order.
    public let terms: [AskedTerm]
  }

  /// A term, as it is looked up: folded and normalised.
  public struct AskedTerm: Equatable, Sendable {
    public let text: String
    public let family: TermFamily
    /// How many passages have it.
    public let passageCount: Int
  }

  public let parts: [Part]
  /// The words of the parts that no passage has, each once.
  public let unknown: [String]
  /// For each required part, how many passages match the query without it; empty where something is found or nothing is required.
  public let withoutPart: [(text: String, passageCount: Int)]
}

extension Searcher {
  /// What a query asks of this index.
  ///
  /// - Parameter options: Those of the search.
  /// - Throws: as `search(_:limit:parameters:options:loadsFields:)` does.
  /// - Complexity: counts the matches of every part.
  public func report(on query: Query, options: SearchOptions = SearchOptions()) throws -> QueryReport {
    var collector = PartCollector(searcher: self, options: options)
    try collector.collect(query, .wanted, field: nil)
    var unknown: [String] = []
    for part in collector.parts where part.role != .excluded {
      let terms = part.way == .any ? part.terms.filter { $0.family == .word && $0.passageCount == 0 }.map(\.text) : []
      for text in part.way != .any && part.passageCount == 0 ? [part.text] : terms where !unknown.contains(text) { unknown.append(text) }
    }
    return QueryReport(parts: collector.parts, unknown: unknown, withoutPart: try counts(withoutPartsOf: query, options))
  }

  /// The most parts that are left out one by one.
  private static let maximumPartCount = 8

  private func counts(withoutPartsOf query: Query, _ options: SearchOptions) throws -> [(text: String, passageCount: Int)] {
    guard case .all(let parts) = query, (2...Self.maximumPartCount).contains(parts.count), try passageCount(of: query, options) == 0 else {
      return []
    }
    var counts: [(text: String, passageCount: Int)] = []
    for place in parts.indices {
      let rest = parts.indices.filter { $0 != place }.map { parts[$0] }
      counts.append((parts[place].wording, try passageCount(of: rest.count == 1 ? rest[0] : .all(rest), options) ?? 0))
    }
    return counts.filter { $0.passageCount > 0 }.sorted { $0.passageCount > $1.passageCount }
  }

  /// How many passages match; nil where there is nothing to look for.
  fileprivate func passageCount(of query: Query, _ options: SearchOptions) throws -> Int? {
    guard let weight = try weightIfAny(of: query, parameters: RankingParameters(), options: options) else { return nil }
    return try count(weight, Interruption(options))
  }
}

/// Goes through a query for its parts.
private struct PartCollector {
  let searcher: Searcher
  let options: SearchOptions
  var parts: [QueryReport.Part] = []

  mutating func collect(_ query: Query, _ role: QueryReport.Part.Role, field: String?) throws {
    switch query {
    case .text(let text): try add(query, .any, role, field, terms: terms(of: text, field))
    case .quoted, .literal: try add(query, .sequence, role, field)
    case .prefix, .fuzzy, .wildcard: try add(query, .expansion, role, field)
    case .near: try add(query, .near, role, field)
    case .range(let name, _, _): try add(query, .value, role, name)
    case .all(let queries): for query in queries { try collect(query, role == .excluded ? role : .required, field: field) }
    case .any(let queries), .atLeast(_, let queries): for query in queries { try collect(query, role, field: field) }
    case .excluding(let wanted, let unwanted):
      try collect(wanted, role, field: field)
      try collect(unwanted, .excluded, field: field)
    case .preferring(let required, let preferred):
      try collect(required, .required, field: field)
      try collect(preferred, .wanted, field: field)
    case .field(let name, let query): try collect(query, role, field: name)
    case .weighted(let query, _): try collect(query, role, field: field)
    }
  }

  private mutating func add(
    _ query: Query, _ way: QueryReport.Part.Way, _ role: QueryReport.Part.Role, _ field: String?,
    terms: [QueryReport.AskedTerm] = []
  ) throws {
    let isValue = field.flatMap { searcher.schema[$0]?.kind } == .keyword
    let asked = field.map { Query.field($0, query) } ?? query
    parts.append(
      QueryReport.Part(
        role: role, way: isValue ? .value : way, text: query.wording, field: field,
        passageCount: try searcher.passageCount(of: asked, options), terms: terms))
  }

  private func terms(of text: String, _ field: String?) throws -> [QueryReport.AskedTerm] {
    let numberings = searcher.index.numberings
    let fieldIndex = field.flatMap { name in searcher.schema.fields.firstIndex { $0.name == name } }
    let numbering = fieldIndex.flatMap { index in numberings.firstIndex { $0.fields.contains(index) } } ?? 0
    if numberings.isEmpty || numberings[numbering].isKeyword || numberings[numbering].pinyinSource != nil { return [] }
    var analysis = try searcher.analyzer.analyze(text)
    if let stemming = searcher.schema.stemming(field) { analysis.addStems(stemming) }
    let asked = AskedTerms(analysis, numbering: numbering, stopWords: options.stopWords)
    let lone = asked.loneCells.map { Term(numbering: numbering, family: .single, analysis.term(of: analysis.cells[$0])) }
    var terms: [QueryReport.AskedTerm] = []
    for term in asked.terms.map(\.term) + lone {
      let count = try TermStatistics(term, in: searcher.index).passageCount
      terms.append(QueryReport.AskedTerm(text: String(decoding: term.text, as: UTF8.self), family: term.family, passageCount: count))
    }
    return terms
  }
}

extension Query {
  /// About how a person would write it.
  fileprivate var wording: String {
    func end(_ value: FieldValue?) -> String { value?.description ?? "" }
    switch self {
    case .text(let text), .literal(let text): return text
    case .quoted(let text): return "\"\(text)\""
    case .prefix(let text): return "\(text)*"
    case .wildcard(let text): return text
    case .fuzzy(let text, let distance): return "\(text)~\(distance)"
    case .near(let texts, let distance, let isOrdered):
      return isOrdered ? "\"\(texts.joined(separator: " "))\"~\(distance)" : texts.joined(separator: " NEAR/\(distance) ")
    case .range(let name, let lower, let upper): return lower == nil && upper == nil ? "\(name):*" : "\(name):\(end(lower))..\(end(upper))"
    case .all(let queries): return queries.map(\.wording).joined(separator: " AND ")
    case .any(let queries): return queries.map(\.wording).joined(separator: " OR ")
    case .atLeast(let count, let queries): return "(\(queries.map(\.wording).joined(separator: " ")))@\(count)"
    case .excluding(let wanted, let unwanted): return "\(wanted.wording) NOT \(unwanted.wording)"
    case .preferring(let required, let preferred): return "+\(required.wording) \(preferred.wording)"
    case .field(let name, let query): return "\(name):\(query.wording)"
    case .weighted(let query, _): return query.wording
    }
  }
}
