// Which part of what was typed is still being typed?
internal import SuoyinAnalysis

/// What a person has typed so far, and where its last word begins.
struct TypedText {
  let whole: String
  /// What is behind the last blank, bracket or quotation mark, the signs of operators and the name of a field.
  let word: Substring
  /// The fields that stand before the word: `文号:浙政`. nil where none does.
  let fields: [Field]?

  private static let borders: Set<Character> = ["(", ")", "（", "）", "\"", "“", "”", "「", "」", "『", "』", "《", "》", "|", "｜"]
  private static let signs: Set<Character> = ["+", "-", "!", "＋", "－", "！"]

  init(_ text: String, _ schema: Schema) {
    whole = text
    var start = text.startIndex
    if let border = text.lastIndex(where: { $0.isWhitespace || Self.borders.contains($0) }) { start = text.index(after: border) }
    var word = text[start...].drop { Self.signs.contains($0) }
    var fields: [Field]?
    if let colon = Self.colon(in: text[..<word.startIndex], word), let found = FieldNames(schema).fields(colon.name.utf8) {
      fields = found
      word = colon.rest
    }
    self.word = word
    self.fields = fields
  }

  /// A name, a colon and what follows it: in the word, or right before the quotation mark that it follows.
  private static func colon(in before: Substring, _ word: Substring) -> (name: Substring, rest: Substring)? {
    func isColon(_ character: Character) -> Bool { character == ":" || character == "：" }
    if let place = word.firstIndex(where: isColon) { return (word[..<place], word[word.index(after: place)...]) }
    guard let quote = before.last, borders.contains(quote), let sign = before.dropLast().last, isColon(sign) else { return nil }
    let name = before.dropLast(2)
    let start = name.lastIndex { $0.isWhitespace || borders.contains($0) }.map { name.index(after: $0) } ?? name.startIndex
    return (name[start...].drop { signs.contains($0) }, word)
  }

  /// All that was typed, its ends trimmed, where that is several words and no more.
  var several: Substring? {
    guard fields == nil else { return nil }
    let trimmed = whole.drop { $0.isWhitespace }
    guard trimmed.startIndex < word.startIndex else { return nil }
    let before = whole[trimmed.startIndex..<word.startIndex]
    let isPlain = before.contains(where: \.isWhitespace) && !before.contains { Self.borders.contains($0) || $0 == ":" || $0 == "：" }
    return isPlain ? trimmed : nil
  }

  /// What was typed, with another text from a place on: in quotes if it would not be one word.
  func completed(from start: String.Index, with text: String) -> String {
    let before = whole[..<start]
    let isQuoted = before.last.map { Self.borders.contains($0) && !$0.isBracket } ?? false
    let needsQuotes = !isQuoted && text.contains { $0.isWhitespace || Self.borders.contains($0) }
    return before + (needsQuotes ? "\"\(text)\"" : text)
  }
}

extension Character {
  fileprivate var isBracket: Bool { "()（）".contains(self) }
}
