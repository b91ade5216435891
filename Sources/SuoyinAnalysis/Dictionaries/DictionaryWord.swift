// Can this be a word of a list, and which cells does it consist of?

/// Why a text cannot be a word of a dictionary, as the end of a sentence that begins with it.
public struct WordProblem: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String
}

/// A word as a list keeps it: normalised as texts are, and taken apart into its cells.
///
/// The cells stand side by side with nothing between them, so that the word is the bytes of its cells.
package struct DictionaryWord: Sendable {
  /// 2 to `maximumCellCount` cells.
  package static let maximumCellCount = 20

  package var text: [UInt8]
  package var cells: [Analysis.Cell]

  /// - Throws: `WordProblem`, or `AnalysisError` when ICU cannot be opened (it is asked only about words with other than Han cells).
  package init(_ source: String) throws { try self.init(Normalizer().normalize(source.utf8.span)) }

  /// A word that is normalised already. Normalising again might change it: 苧 becomes 苎, and 苎 becomes 苧.
  package init(normalized word: String) throws {
    let bytes = Array(word.utf8)
    try self.init(
      NormalizedText(bytes: bytes, pieces: [.init(normalizedStart: 0, originalStart: 0, isLinear: true)], originalLength: bytes.count))
  }

  private init(_ normalized: NormalizedText) throws {
    text = normalized.bytes
    if text.isEmpty { throw WordProblem(description: "is empty") }
    try Self.refuseWhatIsNoCell(text)
    guard text.count <= Analysis.maximumTermLength else { throw WordProblem(description: "has more than 255 bytes") }
    cells = try Self.characters(text) ?? Self.cells(normalized)
    // What the code points did not tell: a mark after a character, a sign that words of letters hold inside and not at their ends.
    let isGapless = zip(cells, cells.dropFirst()).allSatisfy { $0.termEnd == $1.termStart && $0.number + 1 == $1.number }
    guard let first = cells.first, let last = cells.last, isGapless, first.termStart == 0, Int(last.termEnd) == text.count else {
      throw WordProblem(description: "has a sign or mark that is no part of a word")
    }
    if cells.count == 1 { throw WordProblem(description: "is one cell; a word has 2 to \(Self.maximumCellCount)") }
    if cells.count > Self.maximumCellCount {
      throw WordProblem(description: "has \(cells.count) cells; a word has 2 to \(Self.maximumCellCount)")
    }
  }

  private static func refuseWhatIsNoCell(_ text: [UInt8]) throws(WordProblem) {
    var offset = 0
    while offset < text.count {
      let (codePoint, length) = decodeCodePoint(text.span, at: offset)
      let scalar = Unicode.Scalar(codePoint) ?? "\u{FFFD}"
      if scalar.properties.isWhitespace { throw WordProblem(description: "has white space inside") }
      if ICUProperties.kind(of: codePoint) == .none, codePoint > 0x7F { throw WordProblem(description: "has punctuation: \(scalar)") }
      offset += length
    }
  }

  /// One cell for each character, when all are Han characters or the like: what most words are.
  private static func characters(_ text: [UInt8]) -> [Analysis.Cell]? {
    var cells: [Analysis.Cell] = []
    var offset = 0
    while offset < text.count {
      let (codePoint, length) = decodeCodePoint(text.span, at: offset)
      guard codePoint >= 0x4E00, codePoint < 0x9FA6 else { return nil }
      cells.append(
        .init(
          termStart: UInt32(offset), number: UInt32(cells.count), termLength: UInt8(length), isLettersOrDigits: false,
          character: UInt16(codePoint)))
      offset += length
    }
    return cells
  }

  private static func cells(_ normalized: NormalizedText) throws(AnalysisError) -> [Analysis.Cell] {
    var builder = CellBuilder(normalized, keepsWords: false, keepsUnknown: true)
    try WordBreaker().forEachSegment(of: normalized.bytes) { start, end, status in builder.add(start, end, status) }
    return builder.analysis.cells
  }
}
