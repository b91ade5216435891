// How is a Han character read?

/// Readings in pinyin, without tones: `lv` for lǜ. Every common reading of a character, not the one that it has in a word.
///
/// The generated table has one reading for each character of U+3400 to U+9FFF that ICU reads; a list by hand has further ones.
package struct PinyinReadings: Sendable {
  /// Made when it is first used.
  ///
  /// - Complexity: reads 26,600 characters, about 1 ms.
  package static let shared = PinyinReadings()

  /// All syllables that a word can be cut into: what the table has, but for m, n and the like.
  package let syllables: Set<[UInt8]>
  /// The longest syllable in letters.
  package static let maximumSyllableLength = 6

  private static let first: UInt32 = 0x3400
  private static let last: UInt32 = 0x9FFF
  /// Indexes into `names`.
  private var primary: [UInt16]
  private var further: [UInt32: [UInt16]] = [:]
  /// The syllables; the one at 0 is empty and means no reading.
  private var names: [[UInt8]] = [[]]

  private init() {
    primary = [UInt16](repeating: 0, count: Int(Self.last - Self.first) + 1)
    var numbers: [[UInt8]: UInt16] = [:]
    var names: [[UInt8]] = [[]]
    func number(_ name: [UInt8]) -> UInt16 {
      if let number = numbers[name] { return number }
      numbers[name] = UInt16(names.count)
      names.append(name)
      return UInt16(names.count - 1)
    }
    // The table: a syllable, then the characters that are read so.
    var name: [UInt8] = []
    var isInName = false
    var current: UInt16 = 0
    for scalar in "\(Self.table)".unicodeScalars {
      if scalar.value >= Self.first, scalar.value <= Self.last {
        if isInName { current = number(name) }
        isInName = false
        primary[Int(scalar.value - Self.first)] = current
      } else if scalar.value > 0x20 {
        if !isInName { name = [] }
        isInName = true
        name.append(UInt8(truncatingIfNeeded: scalar.value))
      }
    }
    // The list: a character, then its readings with commas between them.
    for entry in "\(Self.polyphones)".split(whereSeparator: \.isWhitespace) {
      guard let character = entry.unicodeScalars.first?.value else { continue }
      let known = character >= Self.first && character <= Self.last ? primary[Int(character - Self.first)] : 0
      for reading in entry.dropFirst().utf8.split(separator: UInt8(ascii: ",")) {
        let number = number(Array(reading))
        if number != known, !further[character, default: []].contains(number) { further[character, default: []].append(number) }
      }
    }
    self.names = names
    syllables = Set(names.filter { name in name.contains { "aeiouv".utf8.contains($0) } })
  }

  /// The readings of a character, the usual one first; none for what is no Han character or has no known reading.
  package subscript(codePoint: UInt32) -> [[UInt8]] {
    guard codePoint >= Self.first, codePoint <= Self.last else { return [] }
    let usual = primary[Int(codePoint - Self.first)]
    return (usual == 0 ? [] : [names[Int(usual)]]) + (further[codePoint] ?? []).map { names[Int($0)] }
  }
}

extension Analysis {
  /// What a cell is called in pinyin: a Han character's readings, a word of letters or digits as it stands.
  package func pinyin(of cell: Cell) -> [[UInt8]] {
    if cell.isLettersOrDigits { return [Array(term(of: cell))] }
    return PinyinReadings.shared[decodeCodePoint(text.span, at: Int(cell.termStart)).codePoint]
  }

  /// The initials of a cell's readings, each once.
  package func pinyinInitials(of cell: Cell) -> [UInt8] {
    var initials: [UInt8] = []
    for reading in pinyin(of: cell) { if let initial = reading.first, !initials.contains(initial) { initials.append(initial) } }
    return initials
  }
}
