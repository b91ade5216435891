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

  /// Names the analyzer's behaviour: two indexes with the same fingerprint hold the same terms for the same text.
  ///
  /// It holds the linked ICU's rules and dictionary by digest, not by version, and a revision of our own rules and tables; even analyzers that do
  /// not normalise have one, since keyword fields are compared in normalised form.
  public var fingerprint: String {
    switch self {
    case .whitespace: return "whitespace-2"
    case .chinese, .bigram, .icu:
      let digest = ICUProperties.wordBreakDigest
      let revision = self == .chinese ? 3 : 2
      return "\(rawValue)-\(revision) rules=\(String(digest.rules, radix: 16)) dictionary=\(String(digest.dictionary, radix: 16))"
    }
  }
}

/// Cuts text into cells and words. For one thread at a time: an analyzer owns an ICU iterator.
public final class Analyzer {
  public let name: AnalyzerName
  private let normalizer = Normalizer()
  private let breaker: WordBreaker?

  /// - Throws: `AnalysisError` when ICU cannot be opened.
  /// - Complexity: about 0.2 ms to open ICU's rules; the first Han text loads its dictionary, about 1 ms.
  public init(_ name: AnalyzerName) throws(AnalysisError) {
    self.name = name
    breaker = name == .whitespace ? nil : try WordBreaker()
  }

  /// Cuts a text.
  ///
  /// - Parameter text: At most 1 GiB of UTF-8 (offsets are 32 bits wide); the caller checks it.
  /// - Complexity: O(*n*).
  public func analyze(_ text: String) throws(AnalysisError) -> Analysis {
    let utf8 = text.utf8.span
    precondition(utf8.count <= 1 << 30, "a text of more than 1 GiB was not refused")
    var analysis: Analysis
    switch name {
    case .chinese:
      analysis = try cut(normalizer.normalize(utf8), keepsWords: true)
      analysis.hasPairs = true
      analysis.addNumberTerms()
    case .bigram:
      analysis = try cut(normalizer.normalize(utf8), keepsWords: false)
      analysis.hasPairs = true
    case .icu:
      analysis = try cut(Self.asItStands(Array(text.utf8)), keepsWords: true)
    case .whitespace:
      analysis = Self.cutAtWhiteSpace(Array(text.utf8))
    }
    return analysis
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
    try breaker.forEachSegment(of: normalized.bytes) { start, end, status in builder.add(start, end, status) }
    return builder.analysis
  }

  private static func cutAtWhiteSpace(_ bytes: [UInt8]) -> Analysis {
    var analysis = Analysis()
    analysis.normalized = asItStands(bytes)
    var start = 0
    var offset = 0
    func close(_ end: Int) {
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
    while offset < bytes.count {
      let (codePoint, length) = decodeCodePoint(bytes.span, at: offset)
      if let scalar = Unicode.Scalar(codePoint), scalar.properties.isWhitespace {
        close(offset)
        start = offset + length
      }
      offset += length
    }
    close(bytes.count)
    return analysis
  }
}

/// The end of a cell that begins at `start` and may reach to `end`: at most 255 bytes on, at the border of a code point.
func cellEnd(from start: Int, to end: Int, in bytes: [UInt8]) -> Int {
  if end - start <= Analysis.maximumTermLength { return end }
  var cut = start + Analysis.maximumTermLength
  while cut > start + 1, bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
  return cut
}
