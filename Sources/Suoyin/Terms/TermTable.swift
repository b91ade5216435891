// Which number stands for a term while a segment is being built?
package import SuoyinAnalysis

/// Numbers the terms of the passages that are under way, densely from 0, so that an occurrence takes four bytes.
///
/// Most terms are found without a look at their bytes: the single of a common character by its code point, a pair by its cells' numbers, and
/// a word of one or two such cells by the number of the single or pair that it is spelled like, its twin.
package struct TermTable {
  private struct Entry {
    var start: UInt32
    var length: UInt16
    var isLettersOrDigits: Bool
  }
  private struct HashedTerm {
    var hash: UInt32 = 0
    /// The term's number plus one; 0 for an empty slot.
    var number: UInt32 = 0
  }
  private struct HashedPair {
    /// The numbers of the two cells.
    var cells: UInt64 = 0
    /// The pair's number plus one; 0 for an empty slot.
    var number: UInt32 = 0
  }

  /// The bytes of all terms, one after another.
  private var arena: [UInt8] = []
  private var entries: [Entry] = []
  /// For each single and pair: the number plus one of the word that is spelled like it; 0 for none.
  private var twins: [UInt32] = []
  /// Open addressing; sizes are powers of two, filled to at most a half.
  private var byBytes = [HashedTerm](repeating: HashedTerm(), count: 1 << 12)
  private var pairs = [HashedPair](repeating: HashedPair(), count: 1 << 12)
  private var pairCount = 0
  /// For the first numbering and each character from `firstCommon` on: the number plus one of its single; 0 for none.
  private var commonSingles: [UInt32] = []
  private static let firstCommon: UInt32 = 0x3000
  private static let commonCount = 0x7000
  /// In the place of a second cell: no successor, and one or two end marks.
  private static let endMark = UInt32.max
  private static let twoEndMarks = UInt32.max - 1

  package init() {}

  package var count: Int { entries.count }
  /// The memory in use, in bytes, about.
  package var byteCount: Int { arena.count + entries.count * 12 + byBytes.count * 8 + pairs.count * 16 }

  package func bytes(of number: UInt32) -> ArraySlice<UInt8> {
    let entry = entries[Int(number)]
    return arena[Int(entry.start)..<Int(entry.start) + Int(entry.length)]
  }

  /// The numbers of a text's terms, those of a family in the order of their first cells.
  package struct Numbers {
    package var words: [UInt32] = []
    package var extras: [UInt32] = []
    package var singles: [UInt32] = []
    package var pairs: [UInt32] = []

    package init() {}
  }

  /// Numbers all terms of a text.
  ///
  /// - Complexity: O(*n*), without an allocation for a term that is known.
  package mutating func number(_ analysis: Analysis, numbering: Int, into numbers: inout Numbers) {
    numbers.words.removeAll(keepingCapacity: true)
    numbers.extras.removeAll(keepingCapacity: true)
    if analysis.hasPairs {
      numberSingles(analysis, numbering, &numbers.singles)
      numberPairs(analysis, numbering, numbers.singles, &numbers.pairs)
    }
    numbers.words.reserveCapacity(analysis.words.count)
    for word in analysis.words {
      let first = Int(word.firstCell)
      var twin: UInt32?
      if analysis.hasPairs, word.cellCount == 1, word.termLength == analysis.cells[first].termLength {
        twin = numbers.singles[first]
      } else if analysis.hasPairs, word.cellCount == 2, word.termLength == 6, analysis.cells[first].termLength == 3,
        !analysis.cells[first].isLettersOrDigits, !analysis.cells[first + 1].isLettersOrDigits
      {
        twin = numbers.pairs[first]
      }
      guard let twin else {
        numbers.words.append(number(numbering: numbering, family: .word, analysis.term(of: word)))
        continue
      }
      if twins[Int(twin)] == 0 { twins[Int(twin)] = number(numbering: numbering, family: .word, analysis.term(of: word)) + 1 }
      numbers.words.append(twins[Int(twin)] - 1)
    }
    for extra in analysis.extras {
      numbers.extras.append(number(numbering: numbering, family: .extra, analysis.term(of: extra)))
    }
  }

  private mutating func numberSingles(_ analysis: Analysis, _ numbering: Int, _ singles: inout [UInt32]) {
    singles = [UInt32](repeating: Self.endMark, count: analysis.cells.count)
    if numbering == 0 {
      if commonSingles.isEmpty { commonSingles = [UInt32](repeating: 0, count: Self.commonCount) }
      numberCommonSingles(analysis, &singles)
    }
    for (index, cell) in analysis.cells.enumerated() where singles[index] == Self.endMark {
      let number = number(
        numbering: numbering, family: .single, analysis.term(of: cell), isLettersOrDigits: cell.isLettersOrDigits)
      singles[index] = number
      if numbering == 0, let place = Self.place(cell, analysis.normalized.bytes.span) { commonSingles[place] = number + 1 }
    }
  }

  /// Numbers the cells whose characters have been met.
  private func numberCommonSingles(_ analysis: Analysis, _ singles: inout [UInt32]) {
    let (text, cells, known) = (analysis.normalized.bytes.span, analysis.cells.span, commonSingles.span)
    var singles = singles.mutableSpan
    for index in cells.indices {
      if let place = Self.place(cells[index], text) { singles[index] = known[place] &- 1 }
    }
  }

  /// Where in `commonSingles` a cell's number is.
  @inline(__always)
  private static func place(_ cell: Analysis.Cell, _ text: borrowing Span<UInt8>) -> Int? {
    guard cell.termLength == 3, !cell.isLettersOrDigits else { return nil }
    let start = Int(cell.termStart)
    let codePoint = UInt32(text[start] & 0xF) << 12 | UInt32(text[start &+ 1] & 0x3F) << 6 | UInt32(text[start &+ 2] & 0x3F)
    let place = Int(codePoint &- firstCommon)
    return place < commonCount ? place : nil
  }

  private mutating func numberPairs(_ analysis: Analysis, _ numbering: Int, _ singles: [UInt32], _ numbers: inout [UInt32]) {
    numbers = [UInt32](repeating: 0, count: analysis.cells.count)
    for index in numberPairsAtHome(analysis, singles, &numbers) {
      let second =
        analysis.successor(of: index).map { singles[$0] } ?? (analysis.endMarks(behind: index) == 2 ? Self.twoEndMarks : Self.endMark)
      let slot = slot(of: UInt64(singles[index]) << 32 | UInt64(second))
      numbers[index] = pairs[slot].number != 0 ? pairs[slot].number - 1 : insertPair(singles[index], second, numbering: numbering)
    }
  }

  /// Numbers the pairs that stand in the first slot that is theirs, most of those that have been met; returns the cells of the others.
  ///
  /// Without branches: the look-ups do not wait for one another.
  private func numberPairsAtHome(_ analysis: Analysis, _ singles: [UInt32], _ numbers: inout [UInt32]) -> ArraySlice<Int> {
    var others = [Int](repeating: 0, count: numbers.count + 1)
    var otherCount = 0
    let (cells, singles, pairs) = (analysis.cells.span, singles.span, self.pairs.span)
    var numberSpan = numbers.mutableSpan
    var otherSpan = others.mutableSpan
    let mask = pairs.count &- 1
    for index in cells.indices {
      let next = min(index &+ 1, cells.count &- 1)
      let distance = cells[next].number &- cells[index].number
      let second = distance == 1 ? singles[next] : distance == 3 ? Self.twoEndMarks : Self.endMark
      let key = UInt64(singles[index]) << 32 | UInt64(second)
      let pair = pairs[Self.slot(key, mask)]
      numberSpan[index] = pair.number &- 1
      otherSpan[otherCount] = index
      otherCount &+= pair.cells != key || pair.number == 0 ? 1 : 0
    }
    return others[..<otherCount]
  }

  /// The slot of a pair, or the empty one where it belongs. Terminates: at least half of the slots are empty.
  private func slot(of cells: UInt64) -> Int {
    let mask = pairs.count - 1
    var slot = Self.slot(cells, mask)
    while pairs[slot].number != 0, pairs[slot].cells != cells { slot = (slot + 1) & mask }
    return slot
  }

  /// Makes the term of a pair that has not been met.
  private mutating func insertPair(_ first: UInt32, _ second: UInt32, numbering: Int) -> UInt32 {
    let cell = bytes(of: first).dropFirst(2)
    let text =
      second >= Self.twoEndMarks
      ? PairTerm.bytes(cell, endMarks: second == Self.twoEndMarks ? 2 : 1)
      : PairTerm.bytes(
        cell, isWord: entries[Int(first)].isLettersOrDigits, bytes(of: second).dropFirst(2),
        isWord: entries[Int(second)].isLettersOrDigits)
    let number = append(numbering: numbering, family: .pair, text[...], isLettersOrDigits: false)
    pairCount += 1
    if pairCount * 2 > pairs.count { growPairs() }
    insert(HashedPair(cells: UInt64(first) << 32 | UInt64(second), number: number + 1))
    return number
  }

  private mutating func insert(_ pair: HashedPair) { pairs[slot(of: pair.cells)] = pair }

  /// The number of the term (`numbering`, `family`, `text`).
  package mutating func number(numbering: Int, family: TermFamily, _ text: ArraySlice<UInt8>, isLettersOrDigits: Bool = false) -> UInt32 {
    let mask = byBytes.count - 1
    let hash = Self.hash(UInt8(numbering), family.rawValue, text)
    var slot = Int(hash) & mask
    // Terminates: at least half of the slots are empty.
    while byBytes[slot].number != 0 {
      if byBytes[slot].hash == hash {
        let found = byBytes[slot].number - 1
        let candidate = bytes(of: found)
        if candidate.count == text.count + 2, candidate[candidate.startIndex] == UInt8(numbering),
          candidate[candidate.startIndex + 1] == family.rawValue, candidate.dropFirst(2).elementsEqual(text)
        {
          return found
        }
      }
      slot = (slot + 1) & mask
    }
    let number = append(numbering: numbering, family: family, text, isLettersOrDigits: isLettersOrDigits)
    byBytes[slot] = HashedTerm(hash: hash, number: number + 1)
    if entries.count * 2 > byBytes.count { growTable() }
    return number
  }

  /// All numbers, in ascending order of their terms.
  package func sorted() -> [UInt32] {
    // Most comparisons are decided by the first eight bytes.
    var order: [(prefix: UInt64, number: UInt32)] = entries.indices.map { index in
      var prefix: UInt64 = 0
      for byte in bytes(of: UInt32(index)).prefix(8) { prefix = prefix << 8 | UInt64(byte) }
      let length = min(8, Int(entries[index].length))
      return (length == 0 ? 0 : prefix << UInt64(8 * (8 - length)), UInt32(index))
    }
    order.sort { left, right in
      left.prefix != right.prefix ? left.prefix < right.prefix : bytes(of: left.number).lexicographicallyPrecedes(bytes(of: right.number))
    }
    return order.map(\.number)
  }

  private mutating func append(numbering: Int, family: TermFamily, _ text: ArraySlice<UInt8>, isLettersOrDigits: Bool) -> UInt32 {
    entries.append(Entry(start: UInt32(arena.count), length: UInt16(text.count + 2), isLettersOrDigits: isLettersOrDigits))
    twins.append(0)
    arena.append(UInt8(numbering))
    arena.append(family.rawValue)
    arena.append(contentsOf: text)
    return UInt32(entries.count - 1)
  }

  /// FNV-1a (Fowler, Noll & Vo 1991), folded.
  @inline(__always)
  private static func hash(_ numbering: UInt8, _ family: UInt8, _ text: ArraySlice<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(numbering) << 8 ^ UInt64(family)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 29)
  }

  @inline(__always)
  private static func slot(_ key: UInt64, _ mask: Int) -> Int {
    let mixed = key &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed ^ mixed >> 32) & mask
  }

  private mutating func growTable() {
    let old = byBytes
    byBytes = [HashedTerm](repeating: HashedTerm(), count: old.count * 2)
    let mask = byBytes.count - 1
    for term in old where term.number != 0 {
      var slot = Int(term.hash) & mask
      while byBytes[slot].number != 0 { slot = (slot + 1) & mask }
      byBytes[slot] = term
    }
  }

  private mutating func growPairs() {
    let old = pairs
    pairs = [HashedPair](repeating: HashedPair(), count: old.count * 2)
    for pair in old where pair.number != 0 { insert(pair) }
  }
}
