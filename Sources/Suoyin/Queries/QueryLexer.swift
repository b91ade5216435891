// Which parts does a query consist of?

/// A word, a quoted text, a sign or an operator.
struct QueryLexeme {
  enum Token: Equatable {
    case word
    /// Its closing quote may say how far its words may be apart: `"…"~5`.
    case quoted(slop: Int?)
    case open
    /// `)`, and how many of the items before it must match: `)@2`.
    case close(QueryShare?)
    case and, or, not, plus, minus
    /// How many cells may lie between its neighbours.
    case near(Int)
    case field([Field])
    case weight(Double)
    /// How many letters of the word before it may be wrong; 0 where its length is to say.
    case errors(Int)
  }
  var token: Token
  /// The bytes of the query, quotes excluded.
  var range: Range<Int>
}

/// How many of several items must match.
enum QueryShare: Equatable {
  case count(Int)
  case percent(Int)

  /// At least 1.
  func of(_ count: Int) -> Int {
    switch self {
    case .count(let number): max(1, number)
    case .percent(let percent): max(1, (count * percent + 99) / 100)
    }
  }
}

/// Reads the lexemes of a query. Every sign may be full-width.
///
/// What cannot be a sign where it stands is text, and `warnings` says so where it may have been meant as one.
struct QueryLexer {
  private(set) var lexemes: [QueryLexeme] = []
  private(set) var warnings: [QuerySyntaxError] = []

  private let query: String
  private let bytes: [UInt8]
  private let schema: Schema
  /// Made for the first colon: most questions have none.
  private lazy var names = FieldNames(schema)
  /// Where each kind of closing quote stands last; -1 if nowhere.
  private let lastCloses: [Int]
  /// Open brackets that are text.
  private var textBrackets: Set<Int> = []

  /// - Throws: when brackets are nested too deep.
  /// - Complexity: O(*n*) in the length of the query, times the depth of brackets (at most `QueryParser.maximumDepth`) that turn out to be text.
  init(_ query: String, _ bytes: [UInt8], _ schema: Schema) throws(QuerySyntaxError) {
    self.query = query
    self.bytes = bytes
    self.schema = schema
    lastCloses = Self.quotes.map { quote in
      bytes.indices.last { offset in quote.closes.contains { bytes[offset...].starts(with: $0) } } ?? -1
    }
    try scan()
  }

  private mutating func warn(_ message: String, _ range: Range<Int>) {
    let warning = QuerySyntaxError(message, in: query, at: range)
    // What a text bracket holds is scanned twice.
    if warnings.count < 16, !warnings.contains(warning) { warnings.append(warning) }
  }

  // MARK: Signs

  /// The ASCII sign that stands at an offset, in either width, and its length in bytes.
  private func sign(_ offset: Int) -> (sign: UInt8, length: Int)? {
    guard offset < bytes.count else { return nil }
    let byte = bytes[offset]
    if byte < 0x80 { return (byte, 1) }
    guard byte == 0xEF, offset + 2 < bytes.count else { return nil }
    // U+FF01…U+FF5E are U+0021…U+007E in full width.
    let scalar = UInt32(byte & 0x0F) << 12 | UInt32(bytes[offset + 1] & 0x3F) << 6 | UInt32(bytes[offset + 2] & 0x3F)
    return (0xFF01...0xFF5E).contains(scalar) ? (UInt8(scalar - 0xFEE0), 3) : nil
  }

  private func length(of wanted: Unicode.Scalar, at offset: Int) -> Int? {
    guard let (found, length) = sign(offset), found == UInt8(ascii: wanted) else { return nil }
    return length
  }

  private func whiteSpace(_ offset: Int) -> Int? {
    guard offset < bytes.count else { return nil }
    switch bytes[offset] {
    case 0x09...0x0D, 0x20: return 1
    case 0xC2 where bytes[offset...].starts(with: [0xC2, 0xA0]): return 2
    case 0xE3 where bytes[offset...].starts(with: [0xE3, 0x80, 0x80]): return 3  // the ideographic space
    default: return nil
    }
  }

  private func isEnd(_ offset: Int) -> Bool { offset == bytes.count || whiteSpace(offset) != nil }

  private func digits(_ start: Int, most: Int) -> (text: String, end: Int) {
    var (text, end) = ("", start)
    while text.utf8.count < most, let (digit, length) = sign(end), (0x30...0x39).contains(digit) || digit == UInt8(ascii: ".") {
      text.append(Character(Unicode.Scalar(digit)))
      end += length
    }
    return (text, end)
  }

  // MARK: Bytes to lexemes

  private mutating func scan() throws(QuerySyntaxError) {
    var offset = 0
    /// Brackets that are open: the places of their lexemes.
    var open: [Int] = []
    // Terminates: each turn goes forward, or makes one more bracket text.
    while offset < bytes.count {
      if let length = whiteSpace(offset) {
        offset += length
        continue
      }
      // Here a clause begins.
      if let length = length(of: "(", at: offset), !textBrackets.contains(offset) {
        guard open.count < QueryParser.maximumDepth else {
          throw QuerySyntaxError("the query is nested more than \(QueryParser.maximumDepth) deep", in: query, at: offset..<offset + length)
        }
        open.append(lexemes.count)
        lexemes.append(QueryLexeme(token: .open, range: offset..<offset + length))
        offset += length
      } else if let (token, length) = prefixSign(offset) {
        lexemes.append(QueryLexeme(token: token, range: offset..<offset + length))
        offset += length
      } else if let (fields, length) = fieldName(offset) {
        lexemes.append(QueryLexeme(token: .field(fields), range: offset..<offset + length))
        offset += length
      } else {
        offset = scanClause(offset, hasOpen: !open.isEmpty)
        // Terminates: each turn closes a bracket.
        while let first = open.last, let close = closing(offset) {
          open.removeLast()
          guard isClosedWell(close.end) else {
            // As in （2023）4号: text goes on.
            offset = lexemes[first].range.lowerBound
            textBrackets.insert(offset)
            lexemes.removeSubrange(first...)
            break
          }
          lexemes.append(QueryLexeme(token: .close(close.share), range: offset..<close.end))
          offset = scanSuffix(close.end)
        }
      }
    }
    // An open bracket that nothing closes is no operator, and no cell either.
    for place in open { warn("nothing closes this bracket", lexemes[place].range) }
    let unclosed = Set(open)
    if !unclosed.isEmpty { lexemes = lexemes.enumerated().filter { !unclosed.contains($0.offset) }.map(\.element) }
  }

  /// `+` or `-` directly before what it speaks of.
  private func prefixSign(_ offset: Int) -> (QueryLexeme.Token, Int)? {
    for (wanted, token) in [("+" as Unicode.Scalar, QueryLexeme.Token.plus), ("-", .minus)] {
      guard let length = length(of: wanted, at: offset), !isEnd(offset + length) else { continue }
      let next = sign(offset + length)?.sign
      if next != UInt8(ascii: "+"), next != UInt8(ascii: "-") { return (token, length) }
    }
    return nil
  }

  private mutating func fieldName(_ offset: Int) -> ([Field], Int)? {
    var end = offset
    // No name is longer; and none holds a sign.
    while end < bytes.count, end - offset <= 256, whiteSpace(end) == nil {
      if let colon = length(of: ":", at: end) {
        if end == offset || isEnd(end + colon) { return nil }
        let name = bytes[offset..<end]
        if let fields = names.fields(name) { return (fields, end + colon - offset) }
        let text = String(decoding: name, as: UTF8.self)
        if let near = names.nearest(to: text) {
          warn("the index has no field '\(text)'; did you mean \(near)? It is searched as text", offset..<end)
        }
        return nil
      }
      if let (sign, _) = sign(end), [UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\"")].contains(sign) { return nil }
      end += 1
    }
    return nil
  }

  /// Scans a quoted text or a word, with its suffixes; returns where it ends.
  private mutating func scanClause(_ start: Int, hasOpen: Bool) -> Int {
    if let quoted = quotedText(start) {
      var end = quoted.end
      var slop: Int?
      if let tilde = length(of: "~", at: end) {
        let (number, behind) = digits(end + tilde, most: 5)
        if let value = Int(number), value <= WeightBuilder.maximumDistance {
          (slop, end) = (value, behind)
        } else if !number.isEmpty {
          warn("words may be at most \(WeightBuilder.maximumDistance) cells apart", end..<behind)
        }
      }
      lexemes.append(QueryLexeme(token: .quoted(slop: slop), range: quoted.text))
      return scanSuffix(end)
    }
    var offset = start
    var depth = 0  // of brackets inside the word: 首台(套)
    var isUnclosedQuote = false
    scanning: while offset < bytes.count, whiteSpace(offset) == nil {
      let (sign, length) = sign(offset) ?? (0, 1)
      switch sign {
      case UInt8(ascii: "\""):
        if offset > start, quotedText(offset) != nil { break scanning }
        // Behind digits it may mean inches.
        if offset == start { isUnclosedQuote = true }
      case UInt8(ascii: "^") where offset > start && weight(offset) != nil: break scanning
      case UInt8(ascii: "~") where offset > start && errors(offset) != nil: break scanning
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        if depth == 0, hasOpen { break scanning }
        depth = max(0, depth - 1)
      default: break
      }
      offset += length
    }
    if isUnclosedQuote { warn("nothing closes this quotation mark", start..<offset) }
    if offset > start { lexemes.append(QueryLexeme(token: Self.operators(bytes[start..<offset]), range: start..<offset)) }
    return scanSuffix(offset)
  }

  /// The operators that stand alone, and words.
  private static func operators(_ word: ArraySlice<UInt8>) -> QueryLexeme.Token {
    // None is longer: NEAR/10000 in full width.
    if word.count > 30 { return .word }
    let text = String(decoding: word, as: UTF8.self).withNarrowSigns
    switch text {
    case "AND", "&&", "与", "與": return .and
    case "OR", "||", "或": return .or
    case "NOT", "非": return .not
    case "NEAR": return .near(QueryParser.defaultNearDistance)
    default:
      guard text.hasPrefix("NEAR/"), let distance = Int(text.dropFirst(5)), (0...WeightBuilder.maximumDistance).contains(distance) else {
        return .word
      }
      return .near(distance)
    }
  }

  /// A closing bracket at an offset, its share, and where it ends.
  private func closing(_ offset: Int) -> (share: QueryShare?, end: Int)? {
    guard let bracket = length(of: ")", at: offset) else { return nil }
    let end = offset + bracket
    guard let at = length(of: "@", at: end) else { return (nil, end) }
    let (number, behind) = digits(end + at, most: 4)
    guard let value = Int(number), value > 0 else { return (nil, end) }
    guard let percent = length(of: "%", at: behind) else { return (.count(value), behind) }
    return value <= 100 ? (.percent(value), behind + percent) : (nil, end)
  }

  /// Whether a group may end here.
  private func isClosedWell(_ end: Int) -> Bool {
    if isEnd(end) || length(of: ")", at: end) != nil || weight(end) != nil { return true }
    // An operator of one character may follow at once: （煤矿 或 消防）与 责任.
    return ["与", "與", "或", "非"].contains { bytes[end...].starts(with: $0.utf8) } && isEnd(end + 3)
  }

  /// Weights and numbers of errors.
  private mutating func scanSuffix(_ start: Int) -> Int {
    var offset = start
    // Terminates: each turn reads one.
    while true {
      if let (count, end) = errors(offset), case .word? = lexemes.last?.token {
        lexemes.append(QueryLexeme(token: .errors(count), range: offset..<end))
        offset = end
      } else if let (value, end) = weight(offset) {
        lexemes.append(QueryLexeme(token: .weight(value), range: offset..<end))
        offset = end
      } else {
        return offset
      }
    }
  }

  private func isSuffixEnd(_ offset: Int) -> Bool { isEnd(offset) || length(of: ")", at: offset) != nil }

  private func weight(_ offset: Int) -> (Double, Int)? {
    guard let caret = length(of: "^", at: offset) else { return nil }
    let (number, end) = digits(offset + caret, most: 8)
    guard isSuffixEnd(end), let value = Double(number), value <= 1000 else { return nil }
    return (value, end)
  }

  private func errors(_ offset: Int) -> (Int, Int)? {
    guard let tilde = length(of: "~", at: offset) else { return nil }
    let (number, end) = digits(offset + tilde, most: 1)
    guard isSuffixEnd(end) || weight(end) != nil else { return nil }
    if number.isEmpty { return (0, end) }
    return Int(number).flatMap { (1...LevenshteinAutomaton.maximumDistance).contains($0) ? ($0, end) : nil }
  }

  // MARK: Quotes

  private struct Quote {
    var opens: [[UInt8]]
    var closes: [[UInt8]]

    init(_ opens: [String], _ closes: [String]) {
      self.opens = opens.map { Array($0.utf8) }
      self.closes = closes.map { Array($0.utf8) }
    }
  }

  private static let quotes = [
    Quote(["\"", "＂"], ["\"", "＂"]), Quote(["“"], ["”"]), Quote(["「"], ["」"]), Quote(["『"], ["』"]),
  ]

  private func quotedText(_ offset: Int) -> (text: Range<Int>, end: Int)? {
    for (kind, quote) in Self.quotes.enumerated() {
      guard let open = quote.opens.first(where: { bytes[offset...].starts(with: $0) }) else { continue }
      let start = offset + open.count
      // Without this a row of quotes that nothing closes would be searched to the end again and again.
      guard lastCloses[kind] >= start else { return nil }
      var end = start
      while end < bytes.count {
        if let close = quote.closes.first(where: { bytes[end...].starts(with: $0) }) { return (start..<end, end + close.count) }
        end += 1
      }
    }
    return nil
  }
}
