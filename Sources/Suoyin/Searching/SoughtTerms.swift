// Which of a query's terms is this piece of a text?
package import SuoyinAnalysis

/// The terms of an unquoted text, each with a number, found by their bytes where a text has them: nothing is made for a look-up.
///
/// Equivalent to a dictionary from `Term.bytes` of numbering 0. Open addressing, filled to at most a half.
package struct SoughtTerms: Sendable {
  private struct Entry {
    var family: TermFamily
    var bytes: Range<Int>
    var number: Int
  }
  private struct Slot {
    var hash: UInt32 = 0
    /// The entry's index plus one; 0 for an empty slot.
    var entry: UInt32 = 0
  }

  /// The bytes of all terms, one after another.
  private var arena: [UInt8] = []
  private var entries: [Entry] = []
  private var slots = [Slot](repeating: Slot(), count: 64)
  /// Different in every process, so that no query can be made to have terms of one hash.
  private static let seed = UInt64.random(in: 0...UInt64.max)

  package init() {}

  /// Adds a term that is not there.
  package mutating func add(_ term: Term, number: Int) {
    let text = Array(term.text)
    if slots.count < 2 * (entries.count + 1) { grow() }
    let start = arena.count
    arena += text
    entries.append(Entry(family: term.family, bytes: start..<arena.count, number: number))
    place(entries.count - 1)
  }

  /// The number of a term, if it is there.
  package func number(of term: Term) -> Int? {
    let text = Array(term.text)
    return number(of: term.family, text.span, text.indices)
  }

  /// The number of the term whose bytes are a range of a text, with a space and another range behind it where there is one.
  ///
  /// - Complexity: O(*b*), *b* being the bytes.
  package func number(
    of family: TermFamily, _ text: borrowing Span<UInt8>, _ first: Range<Int>, isSpaced: Bool = false, _ second: Range<Int> = 0..<0
  ) -> Int? {
    var hash = Self.start(family)
    for place in first { hash = Self.mixed(hash, text[place]) }
    if isSpaced { hash = Self.mixed(hash, PairTerm.separator) }
    for place in second { hash = Self.mixed(hash, text[place]) }
    let digest = Self.digest(hash)
    let mask = slots.count - 1
    var slot = Int(digest) & mask
    // Terminates: at least half of the slots are empty.
    while slots[slot].entry != 0 {
      if slots[slot].hash == digest {
        let entry = entries[Int(slots[slot].entry) - 1]
        if entry.family == family, isText(entry.bytes, text, first, isSpaced: isSpaced, second) { return entry.number }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// The bytes and the number of every term.
  package var all: [(text: [UInt8], number: Int)] { entries.map { (Array(arena[$0.bytes]), $0.number) } }

  private func isText(_ entry: Range<Int>, _ text: borrowing Span<UInt8>, _ first: Range<Int>, isSpaced: Bool, _ second: Range<Int>) -> Bool
  {
    guard entry.count == first.count + (isSpaced ? 1 : 0) + second.count else { return false }
    let known = arena.span
    var next = entry.lowerBound
    for place in first {
      if known[next] != text[place] { return false }
      next += 1
    }
    if isSpaced {
      if known[next] != PairTerm.separator { return false }
      next += 1
    }
    for place in second {
      if known[next] != text[place] { return false }
      next += 1
    }
    return true
  }

  // MARK: The table

  private mutating func grow() {
    slots = [Slot](repeating: Slot(), count: 2 * slots.count)
    for entry in entries.indices { place(entry) }
  }

  private mutating func place(_ entry: Int) {
    var hash = Self.start(entries[entry].family)
    for place in entries[entry].bytes { hash = Self.mixed(hash, arena[place]) }
    let digest = Self.digest(hash)
    let mask = slots.count - 1
    var slot = Int(digest) & mask
    // Terminates: at least half of the slots are empty.
    while slots[slot].entry != 0 { slot = (slot + 1) & mask }
    slots[slot] = Slot(hash: digest, entry: UInt32(entry + 1))
  }

  @inline(__always)
  private static func start(_ family: TermFamily) -> UInt64 { seed ^ UInt64(family.rawValue) << 32 }

  @inline(__always)
  private static func mixed(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }

  @inline(__always)
  private static func digest(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }
}
