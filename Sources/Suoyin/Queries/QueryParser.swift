// What did a person mean by what he typed?

/// Reads the query language: words, `"…"`, AND OR NOT NEAR, `+` `-`, brackets, `field:`, `*`, `~`, `^weight`. docs/QuerySyntax.md describes it.
///
/// Words side by side are one text, of which any term may match. A word that an operator speaks of is meant literally: its cells must stand
/// one after another, but for a number at its end, which may be spelled in another way. What cannot be an operator where it stands (an open
/// quote, `)` without `(`, `首台(套)`) is text; where it may have been meant as one, a warning says so.
public struct QueryParser {
  /// The longest query in bytes.
  public static let maximumLength = 64 << 10
  /// The most clauses in a query.
  public static let maximumClauseCount = 1024
  /// The most clauses that stand for many terms or look at positions: prefixes, patterns, words with errors, texts near one another, `@`.
  public static let maximumCostlyClauseCount = 16
  /// The deepest nesting of brackets.
  public static let maximumDepth = 64
  /// How many cells lie between the neighbours of NEAR at most when it does not say.
  public static let defaultNearDistance = 10

  /// What a text means, and what in it cannot be meant as it is written.
  public struct Result: Equatable, Sendable {
    public let query: Query
    /// What is searched as text though it looks like an operator, in the order in which it is found; at most 32.
    public let warnings: [QuerySyntaxError]
  }

  /// A part of a query that is not bound to a field yet, and whose words are not known to be literal.
  private indirect enum Node {
    case word(Range<Int>)
    case misspelled(Range<Int>, errors: Int)
    case quoted(Range<Int>, slop: Int?)
    case group([Item], QueryShare?)
    case field([Field], Node)
    case weighted(Node, Double)
  }

  private enum Sign { case none, required, excluded }

  /// A part and how it is joined to the one before it.
  private struct Item {
    enum Joint: Equatable {
      case beside, and, or, not
      case near(Int)
    }
    var node: Node
    var joint: Joint
    var sign: Sign
  }

  /// A bracket that is being read.
  private struct Level {
    var items: [Item] = []
    /// What stands before the next item.
    var joint = Item.Joint.beside
    var jointRange: Range<Int>?
    var sign = Sign.none
    var fields: [Field]?
  }

  let query: String
  let bytes: [UInt8]
  private let schema: Schema
  private(set) var warnings: [QuerySyntaxError] = []

  /// Parses a query for an index with the given schema: `name:` is a field only when the schema has it, or one that the name stands for.
  ///
  /// - Throws: `QuerySyntaxError` when the query is empty, only excludes, or is too long, too deep or has too many clauses.
  /// - Complexity: O(*n*) in the length of the query; without recursion but for the levels of brackets.
  public static func parse(_ query: String, schema: Schema) throws(QuerySyntaxError) -> Result {
    var parser = QueryParser(query, schema)
    return try parser.parse()
  }

  /// The same, with the first warning thrown.
  public static func parseStrictly(_ query: String, schema: Schema) throws(QuerySyntaxError) -> Query {
    let result = try parse(query, schema: schema)
    if let warning = result.warnings.first { throw warning }
    return result.query
  }

  private init(_ query: String, _ schema: Schema) {
    self.query = query
    self.schema = schema
    bytes = Array(query.utf8)
  }

  private mutating func parse() throws(QuerySyntaxError) -> Result {
    guard bytes.count <= Self.maximumLength else {
      throw error("the query has \(bytes.count) bytes, and \(Self.maximumLength) are allowed", 0..<Self.maximumLength)
    }
    let lexer = try QueryLexer(query, bytes, schema)
    warnings = lexer.warnings
    let items = try tree(lexer.lexemes)
    if let found = try combined(items, nil, isLiteral: false) {
      let count = found.costlyClauseCount
      guard count <= Self.maximumCostlyClauseCount else {
        throw error(
          "the query has \(count) prefixes, patterns, words with errors, texts near one another or counts of items, and "
            + "\(Self.maximumCostlyClauseCount) are allowed", 0..<bytes.count)
      }
      return Result(query: found, warnings: warnings)
    }
    // Operators alone are words after all.
    guard !lexer.lexemes.isEmpty, let first = lexer.lexemes.first(where: { $0.token.isWordlike }) else {
      throw error("the query is empty", 0..<bytes.count)
    }
    warn("an operator with nothing to speak of is searched as a word", first.range)
    return Result(query: .text(query), warnings: warnings)
  }

  func error(_ message: String, _ range: Range<Int>) -> QuerySyntaxError { QuerySyntaxError(message, in: query, at: range) }

  mutating func warn(_ message: String, _ range: Range<Int>) {
    if warnings.count < 32 { warnings.append(error(message, range)) }
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  // MARK: Lexemes to a tree

  private mutating func tree(_ lexemes: [QueryLexeme]) throws(QuerySyntaxError) -> [Item] {
    var levels = [Level()]
    var clauseCount = 0
    for lexeme in lexemes {
      let last = levels.count - 1
      switch lexeme.token {
      case .and: join(&levels[last], levels[last].joint == .not ? .not : .and, lexeme.range)
      case .or: join(&levels[last], .or, lexeme.range)
      case .near(let distance): join(&levels[last], .near(distance), lexeme.range)
      case .not:
        // `a AND NOT b` is `a NOT b`; where nothing stands before it, it is a minus.
        if levels[last].items.isEmpty || levels[last].joint == .or { levels[last].sign = .excluded } else { levels[last].joint = .not }
        levels[last].jointRange = lexeme.range
      case .plus, .minus: levels[last].sign = lexeme.token == .plus ? .required : .excluded
      case .field(let fields): levels[last].fields = fields
      case .open: levels.append(Level())
      case .close(let share):
        let closed = levels.removeLast()
        leftOver(closed)
        if !closed.items.isEmpty { add(.group(closed.items, share), to: &levels[last - 1]) }
      case .weight(let weight): change(&levels[last]) { .weighted($0, weight) }
      case .errors(let count):
        change(&levels[last]) { if case .word(let range) = $0 { .misspelled(range, errors: count) } else { $0 } }
      case .word, .quoted:
        clauseCount += 1
        guard clauseCount <= Self.maximumClauseCount else {
          throw error("the query has more than \(Self.maximumClauseCount) clauses", lexeme.range)
        }
        if case .quoted(let slop) = lexeme.token {
          add(.quoted(lexeme.range, slop: slop), to: &levels[last])
        } else {
          add(.word(lexeme.range), to: &levels[last])
        }
      }
    }
    leftOver(levels[0])
    return levels[0].items
  }

  private mutating func join(_ level: inout Level, _ joint: Item.Joint, _ range: Range<Int>) {
    if level.items.isEmpty || level.joint != .beside, joint != .and || level.joint != .not { unused(range) }
    if !level.items.isEmpty { level.joint = joint }
    level.jointRange = range
  }

  private mutating func leftOver(_ level: Level) {
    if let range = level.jointRange, level.joint != .beside || level.sign == .excluded { unused(range) }
  }

  private mutating func unused(_ range: Range<Int>) { warn("'\(text(range))' has nothing to speak of and is left out", range) }

  private func add(_ node: Node, to level: inout Level) {
    let node = level.fields.map { .field($0, node) } ?? node
    level.items.append(Item(node: node, joint: level.joint, sign: level.sign))
    (level.joint, level.jointRange, level.sign, level.fields) = (.beside, nil, .none, nil)
  }

  /// Changes the last item, inside its field.
  private func change(_ level: inout Level, _ change: (Node) -> Node) {
    guard let last = level.items.indices.last else { return }
    if case .field(let fields, let inner) = level.items[last].node {
      level.items[last].node = .field(fields, change(inner))
    } else {
      level.items[last].node = change(level.items[last].node)
    }
  }

  // MARK: A tree to a query

  /// Items of a bracket as one query. nil when there are none.
  private mutating func combined(_ items: [Item], _ field: Field?, isLiteral: Bool) throws(QuerySyntaxError) -> Query? {
    var required: [Query] = []
    var wanted: [Query] = []
    var excluded: [Query] = []
    var filters: [(field: [String], queries: [Query])] = []
    var place = 0
    // Terminates: every turn goes forward.
    while place < items.count {
      let item = items[place]
      if item.sign == .excluded {
        if let query = try self.query(item.node, field, isLiteral: true) { excluded.append(query) }
        place += 1
        continue
      }
      if let run = textRun(items, from: place, field, isLiteral: isLiteral) {
        wanted.append(.text(text(run.range)))
        place = run.end
        continue
      }
      // Behind something excluded, the joint of its neighbour has nothing on its left.
      let end = items[(place + 1)...].firstIndex { $0.joint == .beside || $0.joint == .or || $0.sign != .none } ?? items.count
      let isOperand = end > place + 1 || item.joint == .or || end < items.count && items[end].joint == .or
      guard let query = try chain(items[place..<end], field, isLiteral: isLiteral || isOperand || item.sign == .required) else {
        place = end
        continue
      }
      if item.sign == .required {
        required.append(query)
      } else if !isOperand, let fields = filteredFields(query) {
        if let known = filters.firstIndex(where: { $0.field == fields }) {
          filters[known].queries.append(query)
        } else {
          filters.append((fields, [query]))
        }
      } else {
        wanted.append(query)
      }
      place = end
    }
    var result = Self.joined(wanted, Query.any)
    let isAlone = result == nil && required.isEmpty
    let conditions = filters.compactMap { Self.joined($0.queries, Query.any) }.map { query in
      if case .range = query { return query }
      // How rare a kind is says nothing of how well a passage answers the words.
      return isAlone ? query : .weighted(query, 0)
    }
    if let all = Self.joined(conditions + required, Query.all) {
      // Beside filters alone words must match; beside what has a plus they need not.
      result =
        result.map { required.isEmpty ? .all(conditions + [$0]) : .preferring(all, $0) } ?? all
    }
    guard let unwanted = Self.joined(excluded, Query.any) else { return result }
    guard let found = result else {
      throw error("the query only says what not to find; add a word to find", 0..<bytes.count)
    }
    return .excluding(found, unwanted)
  }

  /// The fields that a query asks for values of, when it asks for nothing else: what must hold, since nobody names a kind or a day in order to find
  /// others too. What has a weight is to rank.
  private func filteredFields(_ query: Query) -> [String]? {
    switch query {
    case .range(let name, _, _): return [name]
    case .field(_, .weighted): return nil
    case .field(let name, _): return schema[name]?.kind == .keyword ? [name] : nil
    case .any(let queries):
      var names: [String] = []
      for query in queries {
        guard let found = filteredFields(query) else { return nil }
        names += found
      }
      return names
    default: return nil
    }
  }

  private static func joined(_ queries: [Query], _ join: ([Query]) -> Query) -> Query? {
    queries.count > 1 ? join(queries) : queries.first
  }

  /// Words side by side that no operator speaks of, and the place behind them.
  private func textRun(_ items: [Item], from start: Int, _ field: Field?, isLiteral: Bool) -> (range: Range<Int>, end: Int)? {
    if isLiteral || field.map({ !$0.isText && $0.pinyinSource == nil }) ?? false { return nil }
    var end = start
    var range: Range<Int>?
    while end < items.count, items[end].sign == .none, items[end].joint == .beside || end == start && items[end].joint != .or,
      case .word(let word) = items[end].node, !isPattern(word)
    {
      let next = end + 1 < items.count && items[end + 1].sign == .none ? items[end + 1].joint : .beside
      if next != .beside { break }
      range = (range?.lowerBound ?? word.lowerBound)..<word.upperBound
      end += 1
    }
    return range.map { ($0, end) }
  }

  /// Items joined by AND, NOT and NEAR, the first first.
  private mutating func chain(_ items: ArraySlice<Item>, _ field: Field?, isLiteral: Bool) throws(QuerySyntaxError) -> Query? {
    var result: Query?
    for item in items {
      guard let right = try query(item.node, field, isLiteral: isLiteral) else { continue }
      guard let left = result else {
        if item.joint != .not { result = right }
        continue
      }
      switch (item.joint, left) {
      case (.not, _): result = .excluding(left, right)
      case (.near(let distance), _):
        if let near = Self.near(left, right, distance) { result = near } else { result = .all([left, right]) }
      case (_, .all(let queries)): result = .all(queries + [right])
      default: result = .all([left, right])
      }
    }
    return result
  }

  /// Texts near one another; nil when one of the two is something else.
  private static func near(_ left: Query, _ right: Query, _ distance: Int) -> Query? {
    func text(_ query: Query) -> String? {
      switch query {
      case .literal(let text), .quoted(let text): text
      default: nil
      }
    }
    if case .field(let name, let inner) = left, case .field(name, let other) = right {
      return near(inner, other, distance).map { .field(name, $0) }
    }
    guard let right = text(right) else { return nil }
    if case .near(let texts, distance, isOrdered: false) = left { return .near(texts + [right], distance: distance, isOrdered: false) }
    return text(left).map { .near([$0, right], distance: distance, isOrdered: false) }
  }

  private mutating func query(_ node: Node, _ field: Field?, isLiteral: Bool) throws(QuerySyntaxError) -> Query? {
    switch node {
    case .word(let range): return word(range, field, isLiteral: isLiteral)
    case .misspelled(let range, let errors):
      if field?.kind == .keyword || text(range).isWordOfLetters {
        // Two errors leave little of a short word.
        return .fuzzy(text(range), distance: errors > 0 ? errors : text(range).count < 6 ? 1 : 2)
      }
      if text(range).unicodeScalars.contains(where: { $0.properties.isAlphabetic && !$0.properties.isIdeographic }) {
        warn("only one word of letters or digits is looked for with errors; this is searched as it stands", range)
      }
      return word(range, field, isLiteral: isLiteral)
    case .quoted(let range, let slop):
      if field?.isOrdered ?? false { return word(range, field, isLiteral: true) }
      return slop.map { .near([text(range)], distance: $0, isOrdered: true) } ?? .quoted(text(range))
    case .weighted(let inner, let weight):
      return try query(inner, field, isLiteral: isLiteral).map { .weighted($0, weight) }
    case .field(let fields, let inner):
      var queries: [Query] = []
      for field in fields {
        guard let query = try query(inner, field, isLiteral: isLiteral) else { continue }
        // A range names its field itself, and what is no value is searched as text.
        queries.append(field.isOrdered ? query : .field(field.name, query))
      }
      return Self.joined(queries, Query.any)
    case .group(let items, nil): return try combined(items, field, isLiteral: isLiteral)
    case .group(let items, let share?):
      var queries: [Query] = []
      for item in items { if let query = try query(item.node, field, isLiteral: true) { queries.append(query) } }
      let count = share.of(queries.count)
      if count >= queries.count { return Self.joined(queries, Query.all) }
      return count == 1 ? .any(queries) : .atLeast(count, queries)
    }
  }
}

extension Query {
  /// How many of its parts stand for many terms, or look at positions that they need not lead to.
  fileprivate var costlyClauseCount: Int {
    switch self {
    case .prefix, .wildcard, .fuzzy: 1
    case .near(let texts, _, _): max(1, texts.count - 1)
    case .text, .quoted, .literal, .range: 0
    case .atLeast(_, let queries): queries.reduce(1) { $0 + $1.costlyClauseCount }
    case .all(let queries), .any(let queries): queries.reduce(0) { $0 + $1.costlyClauseCount }
    case .excluding(let left, let right), .preferring(let left, let right): left.costlyClauseCount + right.costlyClauseCount
    case .field(_, let query), .weighted(let query, _): query.costlyClauseCount
    }
  }
}

extension Field {
  /// Whether its values are days or numbers, which a query names by ranges.
  var isOrdered: Bool { kind == .date || kind == .integer }
}

extension QueryLexeme.Token {
  /// Whether it is written in letters, so that it may be a word after all.
  fileprivate var isWordlike: Bool {
    switch self {
    case .and, .or, .not, .near: true
    default: false
    }
  }
}
