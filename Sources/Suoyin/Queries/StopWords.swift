// Which words of a query say nothing?
internal import SuoyinAnalysis

/// Words that a query of several words does not ask for: an option of a search, off by default. The index holds them all the same.
///
/// They speak of words as the index's analyzer cuts them: with 的 a stop word, 目的 is asked for. A quoted text, and what an operator speaks of, is
/// taken as it stands; so is a text of stop words only. docs/Architecture.md says what they cost.
public struct StopWords: Sendable {
  /// Normalised, for the analyzers that normalise.
  private var normalized: Set<[UInt8]> = []
  private var literal: Set<[UInt8]> = []

  public var isEmpty: Bool { literal.isEmpty }

  public init(_ words: some Sequence<String>) {
    for word in words {
      normalized.insert(Analyzer.normalizedValue(word))
      literal.insert(Array(word.utf8))
    }
  }

  /// Reads a list: words on lines of their own, or with commas (`,`, `，`, `、`) or tabs between them; `#` begins a comment.
  ///
  /// - Throws: when the list or a word is too long, or a word holds nothing that is indexed.
  public init(parsing text: String) throws(WordListError) {
    var words: [String] = []
    for (number, line) in try WordLines(text).lines { words += try WordLines.words(of: line, line: number) }
    self.init(words)
  }

  /// The same for the same words in any order.
  var digest: UInt32 { UInt32(truncatingIfNeeded: literal.reduce(UInt64(literal.count)) { $0 ^ ByteOrder.hash($1) }) }

  /// Whether a word of an analysis is one.
  func contains(_ word: ArraySlice<UInt8>) -> Bool { normalized.contains(Array(word)) || literal.contains(Array(word)) }
}
