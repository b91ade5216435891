// Which number stands for a term while a segment is being built?
package import SuoyinAnalysis

/// Numbers the terms of the passages that are under way, densely from 0, so that an occurrence takes four bytes.
///
/// A pair is numbered by its two cells' numbers, without making its bytes more than once.
package struct TermTable {
  private struct Entry {
    var start: UInt32
    var length: UInt16
    var isLettersOrDigits: Bool
  }

  /// The bytes of all terms, one after another.
  private var arena: [UInt8] = []
  private var entries: [Entry] = []
  /// Open addressing: an entry's number plus one, or 0. Sizes are powers of two, filled to at most a half.
  private var byBytes = [UInt32](repeating: 0, count: 1 << 12)
  private var pairKeys = [UInt64](repeating: 0, count: 1 << 12)
  private var pairNumbers = [UInt32](repeating: 0, count: 1 << 12)
  private var pairCount = 0
  private static let noCell = UInt32.max

  package init() {}

  package var count: Int { entries.count }
  /// The memory in use, in bytes, about.
  package var byteCount: Int { arena.count + entries.count * 8 + byBytes.count * 4 + pairKeys.count * 12 }

  package func bytes(of number: UInt32) -> ArraySlice<UInt8> {
    let entry = entries[Int(number)]
    return arena[Int(entry.start)..<Int(entry.start) + Int(entry.length)]
  }

  /// The number of the term (`numbering`, `family`, `text`).
  package mutating func number(numbering: Int, family: TermFamily, _ text: ArraySlice<UInt8>, isLettersOrDigits: Bool = false) -> UInt32 {
    let mask = byBytes.count - 1
    var slot = Self.slot(UInt8(numbering), family.rawValue, text, mask)
    // Terminates: at least half of the slots are empty.
    while byBytes[slot] != 0 {
      let found = byBytes[slot] - 1
      let candidate = bytes(of: found)
      if candidate.count == text.count + 2, candidate[candidate.startIndex] == UInt8(numbering),
        candidate[candidate.startIndex + 1] == family.rawValue, candidate.dropFirst(2).elementsEqual(text)
      {
        return found
      }
      slot = (slot + 1) & mask
    }
    let number = append(numbering: numbering, family: family, text, isLettersOrDigits: isLettersOrDigits)
    byBytes[slot] = number + 1
    if entries.count * 2 > byBytes.count { growTable() }
    return number
  }

  /// The number of the pair of two cells, given by the numbers of their single terms; `second` nil means the end mark.
  package mutating func pair(_ first: UInt32, _ second: UInt32?, numbering: Int) -> UInt32 {
    let key = UInt64(first) << 32 | UInt64(second ?? Self.noCell)
    let mask = pairKeys.count - 1
    var slot = Self.slot(key, mask)
    while pairNumbers[slot] != 0 {
      if pairKeys[slot] == key { return pairNumbers[slot] - 1 }
      slot = (slot + 1) & mask
    }
    let text = PairTerm.bytes(
      bytes(of: first).dropFirst(2), isWord: entries[Int(first)].isLettersOrDigits, second.map { bytes(of: $0).dropFirst(2) },
      isWord: second.map { entries[Int($0)].isLettersOrDigits } ?? false)
    let number = append(numbering: numbering, family: .pair, text[...], isLettersOrDigits: false)
    pairKeys[slot] = key
    pairNumbers[slot] = number + 1
    pairCount += 1
    if pairCount * 2 > pairKeys.count { growPairs() }
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
    arena.append(UInt8(numbering))
    arena.append(family.rawValue)
    arena.append(contentsOf: text)
    return UInt32(entries.count - 1)
  }

  /// FNV-1a (Fowler, Noll & Vo 1991), folded.
  @inline(__always)
  private static func slot(_ numbering: UInt8, _ family: UInt8, _ text: ArraySlice<UInt8>, _ mask: Int) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(numbering) << 8 ^ UInt64(family)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 29) & mask
  }

  @inline(__always)
  private static func slot(_ key: UInt64, _ mask: Int) -> Int {
    let mixed = key &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed ^ mixed >> 32) & mask
  }

  private mutating func growTable() {
    let old = byBytes
    byBytes = [UInt32](repeating: 0, count: old.count * 2)
    let mask = byBytes.count - 1
    for number in old where number != 0 {
      let term = bytes(of: number - 1)
      var slot = Self.slot(term[term.startIndex], term[term.startIndex + 1], term.dropFirst(2), mask)
      while byBytes[slot] != 0 { slot = (slot + 1) & mask }
      byBytes[slot] = number
    }
  }

  private mutating func growPairs() {
    let oldKeys = pairKeys
    let oldNumbers = pairNumbers
    pairKeys = [UInt64](repeating: 0, count: oldKeys.count * 2)
    pairNumbers = [UInt32](repeating: 0, count: oldKeys.count * 2)
    let mask = pairKeys.count - 1
    for (index, number) in oldNumbers.enumerated() where number != 0 {
      var slot = Self.slot(oldKeys[index], mask)
      while pairNumbers[slot] != 0 { slot = (slot + 1) & mask }
      pairKeys[slot] = oldKeys[index]
      pairNumbers[slot] = number
    }
  }
}
