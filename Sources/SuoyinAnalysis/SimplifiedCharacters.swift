// What is the Simplified form of a character?

/// Traditional to Simplified by code point, from a table that a script generates from ICU's "Traditional-Simplified".
package struct SimplifiedCharacters: Sendable {
  package static let shared = SimplifiedCharacters()

  /// The forms of U+3400 to U+9FFF; 0 where a character stays as it is.
  private var common = [UInt32](repeating: 0, count: 0x9FFF - 0x3400 + 1)
  /// The forms of all others.
  private var others: [UInt32: UInt32] = [:]

  /// - Complexity: reads a table of 4,000 pairs, about 0.05 ms.
  private init() {
    var traditional: UInt32?
    for scalar in "\(Self.table)".unicodeScalars where scalar.value > 0x7F {
      guard let from = traditional else {
        traditional = scalar.value
        continue
      }
      if from >= 0x3400, from <= 0x9FFF {
        common[Int(from - 0x3400)] = scalar.value
      } else {
        others[from] = scalar.value
      }
      traditional = nil
    }
  }

  /// The Simplified form of a code point, or the code point itself.
  @inline(__always)
  package subscript(codePoint: UInt32) -> UInt32 {
    if codePoint < 0x2E80 { return codePoint }
    if codePoint >= 0x3400, codePoint <= 0x9FFF {
      let simple = common[Int(codePoint - 0x3400)]
      return simple == 0 ? codePoint : simple
    }
    return others.isEmpty ? codePoint : others[codePoint] ?? codePoint
  }
}
