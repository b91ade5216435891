// How is a file of words read?

/// What is wrong with a file of synonyms or stop words, and where.
public struct WordListError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What is wrong, in one line.
  public let message: String
  /// The line, counted from 1; nil when the file as a whole is meant.
  public let line: Int?

  package init(message: String, line: Int?) {
    self.message = message
    self.line = line
  }

  public var description: String { (line.map { "line \($0): " } ?? "") + message }
}

/// The lines of such a file, without byte order mark, comments and empty lines. LF, CR LF and CR end a line.
struct WordLines {
  /// The longest file in bytes.
  static let maximumLength = 16 << 20
  /// The longest word in bytes.
  static let maximumWordLength = 255
  /// The most lines that say something.
  static let maximumLineCount = 100_000

  private(set) var lines: [(number: Int, text: Substring)] = []

  init(_ text: String) throws(WordListError) {
    guard text.utf8.count <= Self.maximumLength else {
      throw WordListError(message: "the list is longer than \(Self.maximumLength >> 20) MiB", line: nil)
    }
    var rest = Substring(text)
    if rest.unicodeScalars.first?.value == 0xFEFF { rest.unicodeScalars.removeFirst() }
    // To Swift CR LF is one character, and a line end as the others.
    let all = rest.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    for (index, line) in all.enumerated() {
      let content = Self.trimmed(Self.withoutComment(line))
      if !content.isEmpty { lines.append((index + 1, content)) }
    }
    guard lines.count <= Self.maximumLineCount else {
      throw WordListError(message: "the list has more than \(Self.maximumLineCount) lines", line: lines[Self.maximumLineCount].number)
    }
  }

  /// A comment begins at a # that begins the line or stands after white space: C# is a word.
  private static func withoutComment(_ line: Substring) -> Substring {
    var index = line.startIndex
    while let sign = line[index...].firstIndex(of: "#") {
      if sign == line.startIndex || line[line.index(before: sign)].isWhitespace { return line[..<sign] }
      index = line.index(after: sign)
    }
    return line
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }

  /// The words of a part of a line, which commas of any kind and tabs separate; empty ones are none.
  ///
  /// - Throws: when a word is too long, or holds nothing that is indexed.
  static func words(of text: Substring, line: Int) throws(WordListError) -> [String] {
    var words: [String] = []
    for part in text.split(whereSeparator: { ",，、\t".contains($0) }) {
      let word = String(trimmed(part))
      if word.isEmpty { continue }
      guard word.utf8.count <= maximumWordLength else {
        throw WordListError(message: "a word of more than \(maximumWordLength) bytes", line: line)
      }
      guard word.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else {
        throw WordListError(message: "'\(word)' holds no letter, number or character to look for", line: line)
      }
      words.append(word)
    }
    return words
  }
}
