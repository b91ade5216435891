// What is the Simplified form of a character?

/// Traditional to Simplified by code point, from a table that a script generates from ICU's "Traditional-Simplified", and a supplement to it.
package struct SimplifiedCharacters: Sendable {
  package static let shared = SimplifiedCharacters()

  /// The forms of U+3400 to U+9FFF; 0 where a character stays as it is.
  private var common = [UInt32](repeating: 0, count: 0x9FFF - 0x3400 + 1)
  /// The forms of all others.
  private var others: [UInt32: UInt32] = [:]

  /// - Complexity: reads a table of 4,000 pairs, about 0.05 ms.
  private init() {
    for table in [Self.table, Self.supplement] {
      for (from, to) in Self.pairs(of: table) {
        if from >= 0x3400, from <= 0x9FFF { common[Int(from - 0x3400)] = to } else { others[from] = to }
      }
    }
  }

  /// The pairs that ICU does not have, or has otherwise.
  package static var supplementPairs: [(from: UInt32, to: UInt32)] { pairs(of: supplement) }

  private static func pairs(of table: StaticString) -> [(from: UInt32, to: UInt32)] {
    var pairs: [(from: UInt32, to: UInt32)] = []
    var from: UInt32?
    for scalar in "\(table)".unicodeScalars where scalar.value > 0x7F {
      if let first = from {
        pairs.append((first, scalar.value))
        from = nil
      } else {
        from = scalar.value
      }
    }
    return pairs
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
