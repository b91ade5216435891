// How does text become cells and words?

/// The analyzers that an index can be made with, by name.
public enum AnalyzerName: String, Sendable, CaseIterable {
  /// Normalised text, ICU's words, pairs, singles, and canonical terms for numbers: the default.
  case chinese
  /// ICU's words of the text as it stands, with ICU's status.
  case icu
  /// As `chinese` without words and canonical terms: pairs and singles only.
  case bigram
  /// What stands between white space, as it stands: one word, one cell.
  case whitespace

  /// The families of terms that this analyzer puts out.
  public var families: [TermFamily] {
    switch self {
    case .chinese: [.word, .pair, .single, .extra]
    case .bigram: [.pair, .single]
    case .icu, .whitespace: [.word]
    }
  }
}

/// Cuts text into cells and words. For one thread at a time: an analyzer owns an ICU iterator.
public final class Analyzer {
  public let settings: AnalyzerSettings
  private let normalizer = Normalizer()
  private let breaker: WordBreaker?
  private var tokenizer: Tokenizer?
  /// How much text ICU itself may still cut: making the tokenizer's tables takes as long as ICU does for a few hundred kilobytes.
  package var bytesLeftToICU = Analyzer.bytesCutByICU
  private static let bytesCutByICU = 256 << 10
  /// The words that go before ICU's, if any.
  private let wordList: WordList?
  /// The words of ICU's dictionary that are taken out.
  private let removedWords: [String]

  public var name: AnalyzerName { settings.name }

  /// - Throws: `AnalysisError` when ICU cannot be opened, or the user dictionary holds what is no word.
  /// - Complexity: about 0.2 ms to open ICU's rules; the first Han text loads its dictionary, about 1 ms. Compiling a user dictionary takes time
  ///   in proportion to its words.
  public init(_ settings: AnalyzerSettings) throws(AnalysisError) {
    self.settings = settings
    do {
      wordList = try settings.wordList()
    } catch {
      throw error as? AnalysisError ?? AnalysisError("a list of words holds one that \(error)")
    }
    let breaker = settings.name == .whitespace ? nil : try WordBreaker()
    self.breaker = breaker
    // A word that ICU does not keep whole when it stands alone is on no cheapest way: leaving it out would change nothing.
    var removedWords: [String] = []
    for word in settings.removedWords {
      var segments = 0
      try breaker?.forEachSegment(of: Array(word.utf8)) { _, _, _ in segments += 1 }
      if segments == 1 { removedWords.append(word) }
    }
    self.removedWords = removedWords.sorted()
  }

  /// An analyzer without a user dictionary.
  public convenience init(_ name: AnalyzerName) throws(AnalysisError) { try self.init(AnalyzerSettings(name)) }

  /// Cuts a text.
  ///
  /// - Throws: `AnalysisError` when the text is too long (see `accepts`), or ICU fails.
  /// - Complexity: O(*n*).
  public func analyze(_ text: String) throws(AnalysisError) -> Analysis {
    let utf8 = text.utf8.span
    guard utf8.count <= Self.maximumTextLength else { throw Self.tooLong }
    var analysis: Analysis
    switch name {
    case .chinese:
      analysis = try cut(normalized(utf8), keepsWords: true)
      analysis.hasPairs = true
      analysis.addNumberTerms()
    case .bigram:
      analysis = try cut(normalized(utf8), keepsWords: false)
      analysis.hasPairs = true
    case .icu:
      analysis = try cut(Self.asItStands(Array(text.utf8)), keepsWords: true)
    case .whitespace:
      analysis = Self.cutAtWhiteSpace(Array(text.utf8))
    }
    return analysis
  }

  /// The most bytes of UTF-8 that a text may have, as it stands and in the form that is compared: offsets are 32 bits wide, ICU's are signed,
  /// and the further terms of a text may take five times its length (1亿亿% gives three).
  package static let maximumTextLength = 768 << 20
  private static let tooLong = AnalysisError("the text has more than 768 MiB, as it stands or in the form that is compared (NFKC)")

  /// Whether texts are not too long, together, to be analysed.
  ///
  /// - Complexity: O(*k*) for *k* texts, unless they are longer than an eleventh of the limit (69 MiB); then O(*n*).
  package static func accepts(_ texts: [String], limit: Int = maximumTextLength) -> Bool {
    let count = texts.reduce(0) { $0 + $1.utf8.count }
    if count <= limit / Normalizer.mostBytesOfOne { return true }
    if count > limit { return false }
    var left = limit
    for text in texts {
      guard let normalized = Normalizer().normalize(text.utf8.span, limit: left) else { return false }
      left -= normalized.bytes.count
    }
    return true
  }

  private func normalized(_ text: borrowing Span<UInt8>) throws(AnalysisError) -> NormalizedText {
    guard let normalized = normalizer.normalize(text, limit: Self.maximumTextLength) else { throw Self.tooLong }
    return normalized
  }

  /// The normalised form of a whole value, as keyword fields compare it.
  public static func normalizedValue(_ value: String) -> [UInt8] { Normalizer().normalize(value.utf8.span).bytes }

  private static func asItStands(_ bytes: [UInt8]) -> NormalizedText {
    NormalizedText(
      bytes: bytes, pieces: [.init(normalizedStart: 0, originalStart: 0, isLinear: true)], originalLength: bytes.count)
  }

  private func cut(_ normalized: NormalizedText, keepsWords: Bool) throws(AnalysisError) -> Analysis {
    guard let breaker, !normalized.bytes.isEmpty else { return Analysis() }
    var builder = CellBuilder(normalized, keepsWords: keepsWords, keepsUnknown: name != .icu)
    try chooseTokenizer(for: normalized.bytes)
    if tokenizer != nil {
      if try !builder.addAll(&tokenizer!, wordList), let wordList {
        var analysis = builder.analysis
        try WordListCut.apply(wordList, to: &analysis) { text, body throws(AnalysisError) in
          try tokenizer!.forEachSegment(of: text, body)
        }
        return analysis
      }
      return builder.analysis
    }
    try breaker.forEachSegment(of: normalized.bytes) { start, end, status in builder.add(start, end, status) }
    var analysis = builder.analysis
    if let wordList {
      try WordListCut.apply(wordList, to: &analysis) { text, body throws(AnalysisError) in try breaker.forEachSegment(of: text, body) }
    }
    return analysis
  }

  /// Makes the tokenizer when a text is worth it, or needs it: ICU cannot do without one of its words.
  private func chooseTokenizer(for text: [UInt8]) throws(AnalysisError) {
    if tokenizer != nil { return }
    bytesLeftToICU -= text.count
    if removedWords.isEmpty {
      if bytesLeftToICU < 0, let tables = CutTables.icu { tokenizer = try Tokenizer(tables) }
    } else if bytesLeftToICU < 0 || removedWords.count > 8 || removedWords.contains(where: { Self.holds(text, $0) }) {
      guard let tables = CutTables.icu(without: removedWords) else {
        throw AnalysisError("words cannot be taken out of the dictionary of this version of ICU, whose format is not the known one")
      }
      tokenizer = try Tokenizer(tables)
    }
  }

  private static func holds(_ text: [UInt8], _ word: String) -> Bool {
    let word = Array(word.utf8)
    guard text.count >= word.count else { return false }
    return (0...(text.count - word.count)).contains { text[$0] == word[0] && text[$0..<$0 + word.count].elementsEqual(word) }
  }

  private static func cutAtWhiteSpace(_ bytes: [UInt8]) -> Analysis {
    var analysis = Analysis()
    analysis.normalized = asItStands(bytes)
    // A word of Chinese and the space behind it are seven bytes.
    analysis.words.reserveCapacity(bytes.count / 6)
    analysis.cells.reserveCapacity(bytes.count / 6)
    func close(_ start: Int, _ end: Int) {
      var start = start
      // A piece of more than 255 bytes becomes several cells, cut between code points.
      while start < end {
        let cut = cellEnd(from: start, to: end, in: bytes)
        analysis.words.append(
          .init(
            termStart: UInt32(start), firstCell: UInt32(analysis.cells.count), termLength: UInt8(cut - start), cellCount: 1, status: 0))
        analysis.cells.append(
          .init(
            termStart: UInt32(start), number: UInt32(analysis.cells.count), termLength: UInt8(cut - start), isLettersOrDigits: true))
        start = cut
      }
    }
    let text = bytes.span
    var start = 0
    var offset = 0
    while offset < text.count {
      // The bytes come from a string and are well-formed: no white space begins with such a byte, or within such a character.
      let byte = text[offset]
      if byte > 0xE3 {
        offset += utf8Length(lead: byte)
        continue
      }
      let length = whiteSpaceLength(text, at: offset)
      if length > 0 {
        close(start, offset)
        start = offset + length
      }
      offset += max(1, length)
    }
    close(start, text.count)
    return analysis
  }

  /// The length in bytes of the character at an offset if Unicode says that it is white space (property White_Space), else 0.
  ///
  /// An offset within another character gives 0 too: white space begins with a byte that continues none.
  @inline(__always)
  static func whiteSpaceLength(_ text: borrowing Span<UInt8>, at offset: Int) -> Int {
    let byte = text[offset]
    if byte > 0x20, byte < 0xC2 || byte > 0xE3 { return 0 }
    if byte <= 0x20 { return byte == 0x20 || byte >= 0x09 && byte <= 0x0D ? 1 : 0 }
    return wideWhiteSpaceLength(text, at: offset)
  }

  @inline(never)
  private static func wideWhiteSpaceLength(_ text: borrowing Span<UInt8>, at offset: Int) -> Int {
    let (codePoint, length) = decodeCodePoint(text, at: offset)
    return switch codePoint {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: length
    default: 0
    }
  }
}

/// The end of a cell that begins at `start` and may reach to `end`: at most 255 bytes on, at the border of a code point.
package func cellEnd(from start: Int, to end: Int, in bytes: [UInt8]) -> Int {
  if end - start <= Analysis.maximumTermLength { return end }
  var cut = start + Analysis.maximumTermLength
  while cut > start + 1, bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
  return cut
}
