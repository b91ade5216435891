// What does a query ask for when its words may be others?
internal import SuoyinAnalysis

/// Puts synonyms into a query.
///
/// A text keeps all that it asks for, and each alternative of a synonym in it is asked for besides, as a sequence, with a lower weight. A word that an
/// operator speaks of may be itself or itself with synonyms replaced. Quoted texts, keyword fields and pinyin stay as they are.
struct SynonymExpansion {
  /// The most alternatives that are added to a query; those of later words are left out.
  static let maximumAlternativeCount = 256
  /// The most forms of one word that an operator speaks of.
  static let maximumFormCount = 32
  /// The most synonyms in such a word that are replaced; later ones stay.
  static let maximumReplacementCount = 8
  /// The most cells of such a word: a longer one stays as it is.
  static let maximumCellCount = 256

  private let schema: Schema
  private let table: SynonymTable
  private let weight: Double
  private let analyze: (String) throws(IndexError) -> Analysis
  private var left = Self.maximumAlternativeCount

  init(
    _ synonyms: Synonyms, schema: Schema, weight: Double, analyze: @escaping (String) throws(IndexError) -> Analysis
  ) throws(IndexError) {
    self.schema = schema
    self.weight = weight
    self.analyze = analyze
    table = try synonyms.table(for: schema.analyzer, analyze: analyze)
  }

  mutating func expand(_ query: Query) throws(IndexError) -> Query {
    switch query {
    case .text(let text):
      let alternatives = try table.matches(in: analyze(text)).flatMap(\.alternatives)
      return added(query, alternatives.map { .quoted($0) })
    case .literal(let text): return added(query, try forms(of: text).map { .literal($0) })
    case .quoted, .range, .prefix, .fuzzy, .wildcard, .near: return query
    case .atLeast(let count, let queries): return .atLeast(count, try expand(queries))
    case .all(let queries): return .all(try expand(queries))
    case .any(let queries): return .any(try expand(queries))
    case .excluding(let wanted, let unwanted): return .excluding(try expand(wanted), try expand(unwanted))
    case .preferring(let required, let preferred): return .preferring(try expand(required), try expand(preferred))
    case .field(let name, let inner): return schema[name]?.isText ?? false ? .field(name, try expand(inner)) : query
    case .weighted(let inner, let weight): return .weighted(try expand(inner), weight)
    }
  }

  private mutating func expand(_ queries: [Query]) throws(IndexError) -> [Query] {
    var expanded: [Query] = []
    for query in queries { expanded.append(try expand(query)) }
    return expanded
  }

  private mutating func added(_ query: Query, _ alternatives: [Query]) -> Query {
    let taken = alternatives.prefix(left)
    left -= taken.count
    return taken.isEmpty ? query : .any([query] + taken.map { .weighted($0, weight) })
  }

  /// A text with some of its synonyms replaced, in every way up to a limit.
  private func forms(of text: String) throws(IndexError) -> [String] {
    let analysis = try analyze(text)
    let matches = table.matches(in: analysis).prefix(Self.maximumReplacementCount)
    if matches.isEmpty || analysis.cells.count > Self.maximumCellCount { return [] }
    func bytes(_ cells: Range<Int>) -> ArraySlice<UInt8> {
      // With what stands before the first cell since the one before, so that a sentence end is kept.
      let start = cells.lowerBound == 0 ? 0 : Int(analysis.cells[cells.lowerBound - 1].termEnd)
      return analysis.text[start..<Int(analysis.cells[cells.upperBound - 1].termEnd)]
    }
    /// The first of these is the text itself.
    var forms: [[UInt8]] = [[]]
    var end = 0
    func extend(_ parts: [[UInt8]]) {
      var extended: [[UInt8]] = []
      for part in parts {
        for form in forms where extended.count <= Self.maximumFormCount { extended.append(form + part) }
      }
      forms = extended
    }
    for (cells, alternatives) in matches {
      if end < cells.lowerBound { extend([Array(bytes(end..<cells.lowerBound))]) }
      // Blanks add nothing to a sequence, and keep words of letters apart.
      extend([Array(bytes(cells))] + alternatives.map { Array(" \($0) ".utf8) })
      end = cells.upperBound
    }
    if end < analysis.cells.count { extend([Array(bytes(end..<analysis.cells.count))]) }
    return forms.dropFirst().map { String(decoding: $0, as: UTF8.self) }
  }
}
