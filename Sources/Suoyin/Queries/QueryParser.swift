// What did a person mean by what he typed?

/// Reads the query language: words, `"…"`, AND OR NOT, `+` `-`, brackets, `field:`, `^weight`. docs/QuerySyntax.md describes it.
///
/// Words side by side are one text, of which any term may match. A word that an operator speaks of is meant literally: its cells must stand
/// one after another, but for a number at its end, which may be spelled in another way. What cannot be an operator where it stands (an open quote, `)` without `(`, `首台(套)`) is text.
public struct QueryParser {
  /// The longest query in bytes.
  public static let maximumLength = 64 << 10
  /// The most clauses in a query.
  public static let maximumClauseCount = 1024
  /// The deepest nesting of brackets.
  public static let maximumDepth = 64

  private enum Token: Equatable {
    case word, quoted, open, close, and, or, not, plus, minus
    case field(String)
    case weight(Double)
  }
  private struct Lexeme {
    var token: Token
    /// The bytes of the query, quotes excluded.
    var range: Range<Int>
  }

  private let query: String
  private let bytes: [UInt8]
  private let fieldNames: Set<String>
  /// The pinyin fields, when `pinyin:` means all of them.
  private let pinyinFields: [String]
  private static let pinyin = "pinyin"
  /// Where each kind of closing quote stands last in the query; -1 if nowhere.
  private let lastCloses: [Int]
  private var lexemes: [Lexeme] = []
  private var next = 0
  private var clauseCount = 0

  /// Parses a query for an index with the given schema: `name:` is a field only when the schema has it.
  ///
  /// - Throws: `QuerySyntaxError` when the query is empty, only excludes, or is too long, too deep or has too many clauses.
  /// - Complexity: O(*n*) in the length of the query.
  public static func parse(_ query: String, schema: Schema) throws(QuerySyntaxError) -> Query {
    var parser = QueryParser(query, schema)
    guard parser.bytes.count <= maximumLength else {
      throw QuerySyntaxError(
        "the query has \(parser.bytes.count) bytes, and \(maximumLength) are allowed", in: query, at: 0..<maximumLength)
    }
    parser.scan()
    let result = try parser.expression(isLiteral: false, depth: 0)
    guard let result else { throw QuerySyntaxError("the query is empty", in: query, at: 0..<parser.bytes.count) }
    return result
  }

  private init(_ query: String, _ schema: Schema) {
    self.query = query
    let bytes = Array(query.utf8)
    self.bytes = bytes
    lastCloses = Self.quotes.map { quote in
      bytes.indices.last { bytes[$0...].starts(with: quote.close) } ?? -1
    }
    pinyinFields = schema[Self.pinyin] == nil ? schema.fields.filter { $0.pinyinSource != nil }.map(\.name) : []
    let searched = schema.fields.filter { $0.isText || $0.kind == .keyword || $0.pinyinSource != nil }.map(\.name)
    fieldNames = Set(searched + (pinyinFields.isEmpty ? [] : [Self.pinyin]))
  }

  // MARK: Bytes to lexemes

  private static let quotes: [(open: [UInt8], close: [UInt8])] = [("“", "”"), ("「", "」"), ("『", "』")].map {
    (Array($0.utf8), Array($1.utf8))
  }

  private mutating func scan() {
    var offset = 0
    /// Brackets that are open, as indexes of their lexemes: what is still open at the end is text.
    var open: [Int] = []
    while offset < bytes.count {
      if let length = whiteSpace(at: offset) {
        offset += length
        continue
      }
      // Here a clause begins.
      switch bytes[offset] {
      case UInt8(ascii: "("):
        open.append(lexemes.count)
        lexemes.append(Lexeme(token: .open, range: offset..<offset + 1))
        offset += 1
      case UInt8(ascii: "+") where isClauseStart(offset + 1):
        lexemes.append(Lexeme(token: .plus, range: offset..<offset + 1))
        offset += 1
      case UInt8(ascii: "-") where isClauseStart(offset + 1):
        lexemes.append(Lexeme(token: .minus, range: offset..<offset + 1))
        offset += 1
      default:
        if let (name, length) = fieldName(at: offset) {
          lexemes.append(Lexeme(token: .field(name), range: offset..<offset + length))
          offset += length
        } else {
          offset = scanClause(from: offset, openCount: open.count)
          while !open.isEmpty, offset < bytes.count, bytes[offset] == UInt8(ascii: ")") {
            open.removeLast()
            lexemes.append(Lexeme(token: .close, range: offset..<offset + 1))
            offset += 1
            offset = scanWeight(at: offset)
          }
        }
      }
    }
    // An open bracket that nothing closes is no operator, and no cell either.
    let unclosed = Set(open)
    if !unclosed.isEmpty { lexemes = lexemes.enumerated().filter { !unclosed.contains($0.offset) }.map(\.element) }
  }

  /// Scans a quoted text or a word, with its weight; returns where it ends.
  private mutating func scanClause(from start: Int, openCount: Int) -> Int {
    if let quoted = quotedText(at: start) {
      lexemes.append(Lexeme(token: .quoted, range: quoted.text))
      return scanWeight(at: quoted.end)
    }
    var offset = start
    var depth = 0  // of brackets inside the word: 首台(套)
    scanning: while offset < bytes.count, whiteSpace(at: offset) == nil {
      switch bytes[offset] {
      case UInt8(ascii: "\"") where offset > start && quotedText(at: offset) != nil: break scanning
      case UInt8(ascii: "^") where offset > start && weight(at: offset) != nil: break scanning
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        if depth == 0, openCount > 0 { break scanning }
        depth = max(0, depth - 1)
      default: break
      }
      offset += 1
    }
    if offset > start {
      let word = bytes[start..<offset]
      let token: Token =
        word.elementsEqual("AND".utf8) ? .and : word.elementsEqual("OR".utf8) ? .or : word.elementsEqual("NOT".utf8) ? .not : .word
      lexemes.append(Lexeme(token: token, range: start..<offset))
    }
    return scanWeight(at: offset)
  }

  private mutating func scanWeight(at offset: Int) -> Int {
    guard let (value, length) = weight(at: offset) else { return offset }
    lexemes.append(Lexeme(token: .weight(value), range: offset..<offset + length))
    return offset + length
  }

  private func whiteSpace(at offset: Int) -> Int? {
    switch bytes[offset] {
    case 0x09...0x0D, 0x20: 1
    case 0xC2 where bytes[offset...].starts(with: [0xC2, 0xA0]): 2
    case 0xE3 where bytes[offset...].starts(with: [0xE3, 0x80, 0x80]): 3  // the ideographic space
    default: nil
    }
  }

  private func isClauseStart(_ offset: Int) -> Bool {
    offset < bytes.count && whiteSpace(at: offset) == nil && bytes[offset] != UInt8(ascii: "+") && bytes[offset] != UInt8(ascii: "-")
  }

  private func quotedText(at offset: Int) -> (text: Range<Int>, end: Int)? {
    if bytes[offset] == UInt8(ascii: "\"") {
      guard let close = bytes[(offset + 1)...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
      return (offset + 1..<close, close + 1)
    }
    for (kind, quote) in Self.quotes.enumerated() where bytes[offset...].starts(with: quote.open) {
      // Without this a row of quotes that nothing closes would be searched to the end again and again.
      guard lastCloses[kind] > offset else { return nil }
      var end = offset + quote.open.count
      while end < bytes.count, !bytes[end...].starts(with: quote.close) { end += 1 }
      if end < bytes.count { return (offset + quote.open.count..<end, end + quote.close.count) }
    }
    return nil
  }

  private func weight(at offset: Int) -> (Double, Int)? {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "^") else { return nil }
    let digits = bytes[(offset + 1)...].prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    let end = offset + 1 + digits.count
    let isAtEnd = end == bytes.count || whiteSpace(at: end) != nil || bytes[end] == UInt8(ascii: ")")
    guard isAtEnd, digits.count <= 8, let value = Double(String(decoding: digits, as: UTF8.self)), value <= 1000 else { return nil }
    return (value, 1 + digits.count)
  }

  private func fieldName(at offset: Int) -> (String, Int)? {
    for name in fieldNames where bytes[offset...].starts(with: name.utf8) {
      let rest = bytes[(offset + name.utf8.count)...]
      for colon in [":", "："] where rest.starts(with: colon.utf8) {
        let length = name.utf8.count + colon.utf8.count
        if offset + length < bytes.count, whiteSpace(at: offset + length) == nil { return (name, length) }
      }
    }
    return nil
  }

  // MARK: Lexemes to a query

  private var current: Token? { next < lexemes.count ? lexemes[next].token : nil }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Items side by side or joined by OR. nil when there are none.
  private mutating func expression(isLiteral: Bool, depth: Int) throws(QuerySyntaxError) -> Query? {
    var required: [Query] = []
    var wanted: [Query] = []
    var excluded: [Query] = []
    // Terminates: every turn consumes a lexeme.
    while let token = current, token != .close {
      switch token {
      case .or, .and, .weight:  // an operator without its left side
        next += 1
      case .plus:
        next += 1
        if let item = try unary(isLiteral: true, depth: depth) { required.append(item) }
      case .minus, .not:
        next += 1
        if let item = try unary(isLiteral: true, depth: depth) { excluded.append(item) }
      default:
        if let item = try conjunction(isLiteral: isLiteral, depth: depth) { wanted.append(item) }
      }
    }
    var result: Query?
    if required.isEmpty {
      result = Self.joined(wanted, Query.any)
    } else if let all = Self.joined(required, Query.all) {
      result = Self.joined(wanted, Query.any).map { .preferring(all, $0) } ?? all
    }
    guard let unwanted = Self.joined(excluded, Query.any) else { return result }
    guard let found = result else {
      throw QuerySyntaxError("the query only says what not to find; add a word to find", in: query, at: 0..<bytes.count)
    }
    return .excluding(found, unwanted)
  }

  private static func joined(_ queries: [Query], _ join: ([Query]) -> Query) -> Query? {
    queries.count > 1 ? join(queries) : queries.first
  }

  /// Items joined by AND or NOT, or a run of plain words.
  private mutating func conjunction(isLiteral: Bool, depth: Int) throws(QuerySyntaxError) -> Query? {
    let isJoined = isLiteral || isFollowedByOperator
    if !isJoined, current == .word { return try words() }
    var result = try unary(isLiteral: isJoined, depth: depth)
    while current == .and || current == .not {
      let isExclusion = current == .not || next + 1 < lexemes.count && lexemes[next + 1].token == .not
      next += current == .and && isExclusion ? 2 : 1
      guard let right = try unary(isLiteral: true, depth: depth) else { break }
      guard let left = result else {
        result = isExclusion ? nil : right
        continue
      }
      if isExclusion {
        result = .excluding(left, right)
      } else if case .all(let queries) = left {
        result = .all(queries + [right])
      } else {
        result = .all([left, right])
      }
    }
    return result
  }

  /// Whether the item that begins here is followed or preceded by AND, OR or NOT, so that it is meant literally.
  private var isFollowedByOperator: Bool {
    var end = next
    var depth = 0
    while end < lexemes.count {
      switch lexemes[end].token {
      case .field: break
      case .open: depth += 1
      case .close: depth -= 1
      default: break
      }
      end += 1
      if depth <= 0, case .field = lexemes[end - 1].token { continue }
      if depth <= 0 { break }
    }
    while end < lexemes.count, case .weight = lexemes[end].token { end += 1 }
    let follower = end < lexemes.count ? lexemes[end].token : nil
    let predecessor = next > 0 ? lexemes[next - 1].token : nil
    return follower == .and || follower == .or || follower == .not || predecessor == .or
  }

  /// A run of words that no operator speaks of: one text.
  private mutating func words() throws(QuerySyntaxError) -> Query? {
    let first = next
    var end = lexemes[next].range.upperBound
    // Terminates: every turn consumes a word.
    while current == .word {
      let isLast = next > first && isFollowedByOperator
      let hasWeight = next + 1 < lexemes.count && Self.isWeight(lexemes[next + 1].token)
      if next > first, isLast || hasWeight { break }
      end = lexemes[next].range.upperBound
      try count(lexemes[next].range)
      next += 1
      if hasWeight { break }
    }
    return weighted(.text(text(lexemes[first].range.lowerBound..<end)))
  }

  private static func isWeight(_ token: Token) -> Bool { if case .weight = token { true } else { false } }

  /// A group, a field's item, a quoted text or a word, with its weight.
  private mutating func unary(isLiteral: Bool, depth: Int) throws(QuerySyntaxError) -> Query? {
    guard let token = current, token != .close else { return nil }
    let range = lexemes[next].range
    guard depth <= Self.maximumDepth else {
      throw QuerySyntaxError("the query is nested more than \(Self.maximumDepth) deep", in: query, at: range)
    }
    next += 1
    switch token {
    case .open:
      let inner = try expression(isLiteral: isLiteral, depth: depth + 1)
      if current == .close { next += 1 }
      return inner.map { weighted($0) }
    case .field(let name):
      guard let item = try unary(isLiteral: isLiteral, depth: depth + 1) else { return nil }
      if name != Self.pinyin || pinyinFields.isEmpty { return .field(name, item) }
      return Self.joined(pinyinFields.map { .field($0, item) }, Query.any)
    case .quoted:
      try count(range)
      return weighted(.quoted(text(range)))
    case .word:
      try count(range)
      return weighted(isLiteral ? .literal(text(range)) : .text(text(range)))
    case .plus, .minus, .and, .or, .not, .weight, .close:
      return try unary(isLiteral: isLiteral, depth: depth + 1)
    }
  }

  private mutating func count(_ range: Range<Int>) throws(QuerySyntaxError) {
    clauseCount += 1
    guard clauseCount <= Self.maximumClauseCount else {
      throw QuerySyntaxError("the query has more than \(Self.maximumClauseCount) clauses", in: query, at: range)
    }
  }

  private mutating func weighted(_ query: Query) -> Query {
    guard case .weight(let value)? = current else { return query }
    next += 1
    return .weighted(query, value)
  }
}
