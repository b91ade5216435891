// What does one word of a query mean in the field that it is asked in?

extension QueryParser {
  mutating func word(_ range: Range<Int>, _ field: Field?, isLiteral: Bool) -> Query {
    let text = text(range)
    guard let field, !field.isText, field.pinyinSource == nil else {
      if isPattern(range) { return Self.pattern(text.withNarrowSigns) }
      return isLiteral ? .literal(text) : .text(text)
    }
    if field.isOrdered {
      if let values = ValueRange(text.withNarrowSigns, isDate: field.kind == .date) {
        return .range(field.name, from: values.lower, through: values.upper)
      }
      let kind = field.kind == .date ? "day, month or year" : "number"
      let message = "'\(text)' is no \(kind), nor a range of them; it is searched as text"
      if !warnings.contains(where: { $0.utf8Range == range }) { warn(message, range) }
      return .literal(text)
    }
    let narrow = text.withNarrowSigns
    if narrow == "*" { return .range(field.name, from: nil, through: nil) }
    if narrow.contains("*") || narrow.contains("?") { return Self.pattern(narrow) }
    // As documents write their numbers: 浙政发[2023]4号 is 浙政发〔2023〕4号.
    let forms = [text, Self.withYearBrackets(text)].map { isLiteral ? Query.literal($0) : .text($0) }
    return forms[0] == forms[1] ? forms[0] : .any(forms)
  }

  /// Whether a word has a `*` beside something else, or a `?` between letters or digits: where a sentence may end, it is none.
  func isPattern(_ range: Range<Int>) -> Bool {
    let word = bytes[range]
    guard word.contains(UInt8(ascii: "*")) || word.contains(UInt8(ascii: "?")) || text(range).contains("＊") else { return false }
    let text = text(range).withNarrowSigns
    return text.contains("*") && text.contains { $0 != "*" && $0 != "?" } || Self.hasInnerQuestionMark(text)
  }

  private static func hasInnerQuestionMark(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) }
    let bytes = Array(text.utf8)
    return bytes.indices.dropFirst().dropLast().contains {
      bytes[$0] == UInt8(ascii: "?") && isLetter(bytes[$0 - 1]) && isLetter(bytes[$0 + 1])
    }
  }

  /// A pattern; a prefix where its only sign is a `*` at the end.
  private static func pattern(_ text: String) -> Query {
    let start = text.dropLast()
    return text.last == "*" && !start.contains("*") && !start.contains("?") ? .prefix(String(start)) : .wildcard(text)
  }

  /// The text with the brackets around a year of four digits as 〔 〕.
  private static func withYearBrackets(_ text: String) -> String {
    var characters = Array(text)
    for open in characters.indices.dropLast(5) where "[(（【［".contains(characters[open]) && "])）】］".contains(characters[open + 5]) {
      guard characters[open + 1...open + 4].allSatisfy({ $0.isASCII && $0.isNumber }) else { continue }
      (characters[open], characters[open + 5]) = ("〔", "〕")
    }
    return String(characters)
  }
}

extension String {
  /// Whether it holds letters and digits alone, and none of Han.
  var isWordOfLetters: Bool {
    unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic && !$0.properties.isIdeographic || $0.properties.numericType != nil || $0 == "."
    }
  }

  /// The text with full-width forms of ASCII characters replaced.
  var withNarrowSigns: String {
    String(
      UnicodeScalarView(
        unicodeScalars.map { (0xFF01...0xFF5E).contains($0.value) ? Unicode.Scalar($0.value - 0xFEE0) ?? $0 : $0 }))
  }
}
