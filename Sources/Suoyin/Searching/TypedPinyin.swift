// What may letters mean that are not yet a whole text in pinyin?
internal import SuoyinAnalysis

/// Reads letters as the beginning of a text in pinyin: the last syllable may be unfinished.
enum TypedPinyin {
  /// How many ways to read it are followed.
  private static let mostSequences = 4

  /// The ways to read a text of letters; none where it has anything else, but for tones and apostrophes.
  static func sequences(of text: String) -> [[PinyinQuery.Element]] {
    let letters = Array(text.lowercased().utf8)
    guard letters.count <= PinyinQuery.maximumRunLength, letters.contains(where: isLetter),
      text.unicodeScalars.allSatisfy({
        $0.value < 0x80 ? isLetter(UInt8($0.value) | 0x20) || $0 == "'" || ("1"..."5").contains($0) : $0.value < 0x300
      })
    else { return [] }
    let whole = syllables(text)
    if !whole.isEmpty { return whole }
    // Terminates: the text grows shorter.
    for length in 1...PinyinReadings.maximumSyllableLength where length <= letters.count && letters.allSatisfy(isLetter) {
      let rest = letters[(letters.count - length)...]
      let names = PinyinReadings.shared.syllables.filter { $0.starts(with: rest) }.sorted { $0.lexicographicallyPrecedes($1) }
      if names.isEmpty { continue }
      let before = letters.dropLast(length)
      if before.isEmpty { return [[.names(names)]] }
      let starts = syllables(String(decoding: before, as: UTF8.self))
      if !starts.isEmpty { return starts.map { $0 + [.names(names)] } }
    }
    return PinyinQuery(text).sequences.filter { $0.allSatisfy { if case .initial = $0 { true } else { false } } }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  /// The readings as whole syllables.
  private static func syllables(_ text: String) -> [[PinyinQuery.Element]] {
    let known = PinyinReadings.shared.syllables
    let whole = PinyinQuery(text).sequences.filter { sequence in
      sequence.allSatisfy { if case .names(let names) = $0 { names.allSatisfy(known.contains) } else { false } }
    }
    return Array(whole.prefix(mostSequences))
  }
}
