// Which sequences of syllables can what a person typed mean?

/// Pinyin as it is typed: with or without tones, run together or not, or only the initials.
///
/// | typed | sequences |
/// | --- | --- |
/// | `zhe jiang`, `zhè jiāng`, `zhe4jiang1`, `Zhe'jiang` | zhe, jiang |
/// | `zhejiang` | zhe, jiang; zhe, ji, ang |
/// | `xian` | xian; xi, an |
/// | `xi'an` | xi, an |
/// | `zjs` | three cells with the initials z, j, s; a word `zjs` |
/// | `浙江` | whatever is read as 浙, then as 江 |
package struct PinyinQuery: Equatable, Sendable {
  /// What a cell may be called.
  package enum Element: Equatable, Sendable {
    /// Any of these: syllables, words of letters or digits.
    case names([[UInt8]])
    case initial(UInt8)
  }

  /// What stood between white space or punctuation: the sequences that it can mean, at least one.
  package private(set) var words: [[[Element]]] = []

  /// The most sequences that a word is taken to mean, and all words together.
  package static let maximumAlternativeCount = 16
  /// The longest run of letters that is cut into syllables, and the longest that is taken as initials.
  package static let maximumRunLength = 64
  package static let maximumInitialCount = 12
  /// The most runs of letters and Han characters; what follows is not read.
  package static let maximumPieceCount = 64

  /// Whether there was more than `maximumPieceCount` allows.
  package private(set) var isTooLong = false
  private var pieceCount = 0

  private var pieces: [[[Element]]] = []
  private var run: [UInt8] = []

  /// - Complexity: O(*n*) in the length of the text.
  package init(_ text: String) {
    for scalar in String(decoding: ICUProperties.nfkcCasefold(Array(text.utf16)), as: UTF16.self).unicodeScalars where !isTooLong {
      take(scalar)
    }
    endWord()
  }

  /// All words as one sequence, in every way up to a limit.
  package var sequences: [[Element]] { Self.joined(words) }

  private mutating func take(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "a"..."z": append(UInt8(truncatingIfNeeded: scalar.value))
    case "ā", "á", "ǎ", "à": append(UInt8(ascii: "a"))
    case "ē", "é", "ě", "è", "ê": append(UInt8(ascii: "e"))
    case "ī", "í", "ǐ", "ì": append(UInt8(ascii: "i"))
    case "ō", "ó", "ǒ", "ò": append(UInt8(ascii: "o"))
    case "ū", "ú", "ǔ", "ù": append(UInt8(ascii: "u"))
    case "ü", "ǖ", "ǘ", "ǚ", "ǜ": append(UInt8(ascii: "v"))
    case "\u{300}"..."\u{36F}": break  // a tone that is a sign of its own
    case "0"..."9":
      // A tone ends its syllable; other digits belong to a word such as 5g.
      let digit = UInt8(truncatingIfNeeded: scalar.value)
      if let last = run.last, !Self.isDigit(run[0]), !Self.isDigit(last), digit <= UInt8(ascii: "5") { endPiece() } else { append(digit) }
    case "'", "’", "-", "·": endPiece()
    default:
      let readings = PinyinReadings.shared[SimplifiedCharacters.shared[scalar.value]]
      if readings.isEmpty { return endWord() }
      endPiece()
      add([[.names(readings)]])
    }
  }

  private mutating func append(_ byte: UInt8) { run.append(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func endPiece() {
    if run.isEmpty { return }
    var meanings = Self.cuts(of: run).map { $0.map { Element.names([$0]) } }
    if meanings.isEmpty, run.count >= 2, run.count <= Self.maximumInitialCount, !run.contains(where: Self.isDigit) {
      meanings.append(run.map { .initial($0) })
    }
    if !meanings.contains([.names([run])]), run.count <= Analysis.maximumTermLength { meanings.append([.names([run])]) }
    run = []
    add(meanings)
  }

  private mutating func add(_ meanings: [[Element]]) {
    if pieceCount == Self.maximumPieceCount || meanings.isEmpty {
      isTooLong = true
      return
    }
    pieceCount += 1
    pieces.append(meanings)
  }

  private mutating func endWord() {
    endPiece()
    let meanings = Self.joined(pieces)
    if !pieces.isEmpty, !meanings.isEmpty { words.append(meanings) }
    pieces = []
  }

  /// Every choice of one sequence of each part, one after another, up to the limit.
  private static func joined(_ parts: [[[Element]]]) -> [[Element]] {
    var joined: [[Element]] = [[]]
    for part in parts {
      var longer: [[Element]] = []
      for sequence in part { for start in joined where longer.count < maximumAlternativeCount { longer.append(start + sequence) } }
      joined = longer
    }
    return joined
  }

  /// The ways to cut a run of letters into syllables, those with long syllables first.
  private static func cuts(of run: [UInt8]) -> [[[UInt8]]] {
    guard run.count <= maximumRunLength else { return [] }
    let syllables = PinyinReadings.shared.syllables
    func ends(from start: Int) -> [Int] {
      (1...PinyinReadings.maximumSyllableLength).reversed().map { start + $0 }
        .filter { $0 <= run.count && syllables.contains(Array(run[start..<$0])) }
    }
    /// Whether what begins here can be cut to the end, so that no turn below is in vain.
    var isPossible = [Bool](repeating: false, count: run.count + 1)
    isPossible[run.count] = true
    for start in run.indices.reversed() { isPossible[start] = ends(from: start).contains { isPossible[$0] } }
    var cuts: [[[UInt8]]] = []
    func cut(from start: Int, _ before: [[UInt8]]) {
      if cuts.count == maximumAlternativeCount { return }
      if start == run.count { return cuts.append(before) }
      for end in ends(from: start) where isPossible[end] { cut(from: end, before + [Array(run[start..<end])]) }
    }
    if isPossible[0] { cut(from: 0, []) }
    return cuts
  }
}
