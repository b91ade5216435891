// Which number stands for a term while a segment is being built?
//
// Why the unsafe code here is sound: an entry's bytes lie in the arena, where `append` put them; both are read while neither changes.
package import SuoyinAnalysis

/// Numbers the terms of the passages that are under way, densely from 0, so that an occurrence takes four bytes.
///
/// Most terms are found without a look at their bytes: the single of a common character and the pair of two by the characters, another pair
/// by its cells' numbers, a word of one or two such cells by the number of the single or pair that it is spelled like, its twin, and another
/// word of at most seven bytes by those in one number.
package struct TermTable {
  private struct Entry {
    var start: UInt32
    var length: UInt16
  }
  private struct HashedTerm {
    var hash: UInt32 = 0
    /// The term's number plus one; 0 for an empty slot.
    var number: UInt32 = 0
  }

  /// The bytes of all terms, one after another.
  private var arena: [UInt8] = []
  private var entries: [Entry] = []
  /// For each single and pair: the number plus one of the word that is spelled like it; 0 for none.
  private var twins: [UInt32] = []
  /// Open addressing; sizes are powers of two, filled to at most a half.
  private var byBytes = [HashedTerm](repeating: HashedTerm(), count: 1 << 12)
  /// For each of the first numberings and each common character: the number plus one of its single; 0 for none.
  private var commonSingles: [UInt32] = []
  /// The pairs of common characters in the first numberings, by both.
  private var commonPairs = NumberMap<UInt32>()
  /// The other pairs, by the numbers of their cells.
  private var otherPairs = NumberMap<UInt64>()
  /// The words of at most seven bytes: all of them, so that none has two numbers.
  private var shortWords = NumberMap<UInt64>()

  /// How many numberings know common characters, and which those are: a key has 2 bits for the numbering and 15 for a character.
  private static let commonNumberings = 4
  private static let firstCommon: UInt32 = 0x3000
  private static let commonCount: UInt32 = 0x7000
  /// In the place of a second common character: no successor, and one or two end marks.
  private static let commonEndMark = commonCount
  private static let commonTwoEndMarks = commonCount + 1
  /// In the place of a key: a character is not common.
  private static let noCommonPair = UInt32.max
  /// In the place of a second cell's number.
  private static let endMark = UInt32.max
  private static let twoEndMarks = UInt32.max - 1
  /// In the place of a number.
  private static let unknown = UInt32.max
  /// In the place of a key: no short word. A key of a short word is never 0.
  private static let noShortWord: UInt64 = 0

  package init() {}

  package var count: Int { entries.count }
  /// The memory in use, in bytes, about.
  package var byteCount: Int {
    arena.count + entries.count * 12 + byBytes.count * 8 + commonPairs.byteCount + otherPairs.byteCount + shortWords.byteCount
  }

  package func bytes(of number: UInt32) -> ArraySlice<UInt8> {
    let entry = entries[Int(number)]
    return arena[Int(entry.start)..<Int(entry.start) + Int(entry.length)]
  }

  /// The numbers of a text's terms, those of a family in the order of their first cells.
  package struct Numbers {
    package fileprivate(set) var words: [UInt32] = []
    package fileprivate(set) var extras: [UInt32] = []
    package fileprivate(set) var singles: [UInt32] = []
    package fileprivate(set) var pairs: [UInt32] = []
    /// Scratch: for each cell, the slot that its pair should be in.
    fileprivate var slots: [NumberMap<UInt32>.Slot] = []
    /// Scratch: for each word, the slot that it should be in, with its own key.
    fileprivate var wordSlots: [(key: UInt64, slot: NumberMap<UInt64>.Slot)] = []

    package init() {}
  }

  /// Numbers all terms of a text.
  ///
  /// - Complexity: O(*n*), without an allocation for a term that is known.
  package mutating func number(_ analysis: Analysis, numbering: Int, into numbers: inout Numbers) {
    numbers.words.removeAll(keepingCapacity: true)
    numbers.extras.removeAll(keepingCapacity: true)
    numbers.singles.removeAll(keepingCapacity: true)
    numbers.pairs.removeAll(keepingCapacity: true)
    if analysis.hasPairs {
      numberCells(analysis, numbering, &numbers)
      numberWordsByTwins(analysis, numbering, &numbers)
    } else {
      numberWords(analysis, numbering, &numbers)
    }
    for extra in analysis.extras {
      numbers.extras.append(number(numbering: numbering, family: .extra, analysis.term(of: extra)))
    }
  }

  // MARK: Words

  private mutating func numberWordsByTwins(_ analysis: Analysis, _ numbering: Int, _ numbers: inout Numbers) {
    numbers.words.reserveCapacity(analysis.words.count)
    for word in analysis.words {
      let first = Int(word.firstCell)
      var twin: UInt32?
      if word.cellCount == 1, word.termLength == analysis.cells[first].termLength {
        twin = numbers.singles[first]
      } else if word.cellCount == 2, word.termLength == 6, analysis.cells[first].character != 0,
        analysis.cells[first + 1].character != 0
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
  }

  private mutating func numberWords(_ analysis: Analysis, _ numbering: Int, _ numbers: inout Numbers) {
    let count = analysis.words.count
    numbers.words.append(contentsOf: repeatElement(Self.unknown, count: count))
    if numbers.wordSlots.count < count {
      numbers.wordSlots = .init(repeating: (0, .init()), count: max(count, numbers.wordSlots.count * 2))
    }
    findShortWords(analysis, numbering, &numbers.words, &numbers.wordSlots)
    for index in 0..<count where numbers.words[index] == Self.unknown {
      numbers.words[index] = number(numbering: numbering, family: .word, analysis.term(of: analysis.words[index]))
    }
  }

  /// Finds the short words that have been met and are in the first slot for their bytes.
  private func findShortWords(
    _ analysis: Analysis, _ numbering: Int, _ found: inout [UInt32], _ slots: inout [(key: UInt64, slot: NumberMap<UInt64>.Slot)]
  ) {
    let (words, table) = (analysis.words.span, shortWords.slots.span)
    let text = unsafe analysis.normalized.bytes.span.bytes
    var found = found.mutableSpan
    var slots = slots.mutableSpan
    // Keys and the slots that they point to, and nothing else: the table's cache misses overlap.
    for index in words.indices {
      let word = words[index]
      let key = Self.shortWord(text, Int(word.termStart), Int(word.termLength), numbering)
      slots[index] = (key, table[NumberMap<UInt64>.home(of: key, mask: table.count &- 1)])
    }
    for index in words.indices where slots[index].key != Self.noShortWord && slots[index].key == slots[index].slot.key {
      found[index] = slots[index].slot.number &- 1
    }
  }

  /// A word of at most seven bytes as one number: its bytes, a one behind them, and the numbering in the upper seven bits.
  @inline(__always)
  private static func shortWord(_ text: borrowing RawSpan, _ start: Int, _ length: Int, _ numbering: Int) -> UInt64 {
    if length > 7 || numbering >= 64 { return noShortWord }
    var bytes: UInt64 = 0
    if start &+ 8 <= text.byteCount {
      bytes = UInt64(littleEndian: word(text, start))
    } else {
      for offset in 0..<length {
        bytes |= unsafe UInt64(text.unsafeLoad(fromByteOffset: start &+ offset, as: UInt8.self)) << UInt64(8 &* offset)
      }
    }
    let end: UInt64 = 1 << UInt64(8 &* length)
    return bytes & (end &- 1) | end | UInt64(truncatingIfNeeded: numbering) << 57
  }

  // MARK: Singles and pairs

  private mutating func numberCells(_ analysis: Analysis, _ numbering: Int, _ numbers: inout Numbers) {
    let count = analysis.cells.count
    numbers.singles.append(contentsOf: repeatElement(Self.unknown, count: count))
    numbers.pairs.append(contentsOf: repeatElement(Self.unknown, count: count))
    if numbering < Self.commonNumberings {
      let missing = (numbering + 1) * Int(Self.commonCount) - commonSingles.count
      if missing > 0 { commonSingles.append(contentsOf: repeatElement(0, count: missing)) }
      if numbers.slots.count < count { numbers.slots = .init(repeating: .init(), count: max(count, numbers.slots.count * 2)) }
      findCommon(analysis, numbering, &numbers.singles, &numbers.pairs, &numbers.slots)
    }
    for index in 0..<count where numbers.singles[index] == Self.unknown {
      numbers.singles[index] = numberSingle(analysis, index, numbering)
    }
    for index in 0..<count where numbers.pairs[index] == Self.unknown {
      numbers.pairs[index] = numberPair(analysis, index, numbering, numbers.singles)
    }
  }

  /// Finds the singles and pairs of common characters that have been met.
  private func findCommon(
    _ analysis: Analysis, _ numbering: Int, _ singles: inout [UInt32], _ pairs: inout [UInt32], _ slots: inout [NumberMap<UInt32>.Slot]
  ) {
    let (cells, known, table) = (analysis.cells.span, commonSingles.span, commonPairs.slots.span)
    var singles = singles.mutableSpan
    var pairs = pairs.mutableSpan
    var slots = slots.mutableSpan
    let firstSingle = numbering &* Int(Self.commonCount)
    // Keys and the slots that they point to, and nothing else: the table's cache misses overlap.
    for index in cells.indices {
      let place = UInt32(cells[index].character) &- Self.firstCommon
      // No cell is U+3000, a space: its single is never known.
      singles[index] = known[firstSingle &+ Int(place < Self.commonCount ? place : 0)] &- 1
      let key = Self.commonPair(cells, index, numbering)
      pairs[index] = key
      slots[index] = table[NumberMap<UInt32>.home(of: key, mask: table.count &- 1)]
    }
    for index in cells.indices {
      let (key, slot) = (pairs[index], slots[index])
      if slot.key == key {
        pairs[index] = slot.number &- 1
      } else if key == Self.noCommonPair || slot.number == 0 {
        pairs[index] = Self.unknown
      } else {
        pairs[index] = commonPairs.number(of: key) ?? Self.unknown
      }
    }
  }

  /// The key of the pair that begins at a cell, or `noCommonPair`.
  @inline(__always)
  private static func commonPair(_ cells: borrowing Span<Analysis.Cell>, _ index: Int, _ numbering: Int) -> UInt32 {
    let next = min(index &+ 1, cells.count &- 1)
    let first = UInt32(cells[index].character) &- firstCommon
    let character = UInt32(cells[next].character) &- firstCommon
    let distance = cells[next].number &- cells[index].number
    let second = distance == 1 ? character : distance == 3 ? commonTwoEndMarks : commonEndMark
    let isCommon = first < commonCount && (distance != 1 || character < commonCount)
    return isCommon ? UInt32(truncatingIfNeeded: numbering) << 30 | first << 15 | second : noCommonPair
  }

  /// The single of a cell that has not been found by its character.
  private mutating func numberSingle(_ analysis: Analysis, _ index: Int, _ numbering: Int) -> UInt32 {
    let cell = analysis.cells[index]
    let number = number(numbering: numbering, family: .single, analysis.term(of: cell))
    let place = UInt32(cell.character) &- Self.firstCommon
    if place < Self.commonCount, numbering < Self.commonNumberings {
      commonSingles[numbering * Int(Self.commonCount) + Int(place)] = number + 1
    }
    return number
  }

  /// The pair of a cell that has not been found by its characters in their first slots.
  private mutating func numberPair(_ analysis: Analysis, _ index: Int, _ numbering: Int, _ singles: [UInt32]) -> UInt32 {
    let next = analysis.successor(of: index)
    let commonKey = numbering < Self.commonNumberings ? Self.commonPair(analysis.cells.span, index, numbering) : Self.noCommonPair
    let isCommon = commonKey != Self.noCommonPair
    let second = next.map { singles[$0] } ?? (analysis.endMarks(behind: index) == 2 ? Self.twoEndMarks : Self.endMark)
    let otherKey = UInt64(singles[index]) << 32 | UInt64(second)
    if let known = isCommon ? commonPairs.number(of: commonKey) : otherPairs.number(of: otherKey) { return known }
    let number = append(numbering: numbering, family: .pair, analysis.pairTerm(at: index)[...])
    if isCommon { commonPairs.insert(commonKey, number) } else { otherPairs.insert(otherKey, number) }
    return number
  }

  // MARK: Terms by their bytes

  /// The number of the term (`numbering`, `family`, `text`).
  package mutating func number(numbering: Int, family: TermFamily, _ text: ArraySlice<UInt8>) -> UInt32 {
    if family == .word {
      let key = unsafe Self.shortWord(text.span.bytes, 0, text.count, numbering)
      if key != Self.noShortWord {
        if let known = shortWords.number(of: key) { return known }
        let number = append(numbering: numbering, family: family, text)
        shortWords.insert(key, number)
        return number
      }
    }
    let mask = byBytes.count - 1
    let hash = Self.hash(UInt8(numbering), family.rawValue, text)
    var slot = Int(hash) & mask
    // Terminates: at least half of the slots are empty.
    while byBytes[slot].number != 0 {
      if byBytes[slot].hash == hash {
        let found = byBytes[slot].number - 1
        if isTerm(found, UInt8(numbering), family.rawValue, text) { return found }
      }
      slot = (slot + 1) & mask
    }
    let number = append(numbering: numbering, family: family, text)
    byBytes[slot] = HashedTerm(hash: hash, number: number + 1)
    if entries.count * 2 > byBytes.count { growTable() }
    return number
  }

  private func isTerm(_ number: UInt32, _ numbering: UInt8, _ family: UInt8, _ text: ArraySlice<UInt8>) -> Bool {
    let entry = entries[Int(number)]
    let start = Int(entry.start)
    guard Int(entry.length) == text.count + 2, arena[start] == numbering, arena[start + 1] == family else { return false }
    let (known, asked) = (arena.span, text.span)
    for offset in asked.indices where known[start &+ 2 &+ offset] != asked[offset] { return false }
    return true
  }

  /// All numbers, in ascending order of their terms.
  package func sorted() -> [UInt32] {
    unsafe arena.withUnsafeBytes { arena in
      unsafe entries.withUnsafeBufferPointer { entries in
        func bytes(of number: UInt32) -> UnsafeRawBufferPointer {
          let entry = unsafe entries[Int(number)]
          return unsafe UnsafeRawBufferPointer(rebasing: arena[Int(entry.start)..<Int(entry.start) + Int(entry.length)])
        }
        // Most comparisons are decided by the first eight bytes.
        var order: [(prefix: UInt64, number: UInt32)] = []
        order.reserveCapacity(entries.count)
        for number in 0..<UInt32(entries.count) {
          let bytes = unsafe bytes(of: number)
          var prefix: UInt64 = 0
          for place in 0..<8 { prefix = prefix << 8 | (place < bytes.count ? unsafe UInt64(bytes[place]) : 0) }
          order.append((prefix, number))
        }
        order.sort { left, right in
          left.prefix != right.prefix
            ? left.prefix < right.prefix : unsafe ByteOrder.precedes(bytes(of: left.number), bytes(of: right.number))
        }
        return order.map(\.number)
      }
    }
  }

  private mutating func append(numbering: Int, family: TermFamily, _ text: ArraySlice<UInt8>) -> UInt32 {
    entries.append(Entry(start: UInt32(arena.count), length: UInt16(text.count + 2)))
    twins.append(0)
    arena.append(UInt8(numbering))
    arena.append(family.rawValue)
    arena.append(contentsOf: text)
    return UInt32(entries.count - 1)
  }

  @inline(__always)
  private static func hash(_ numbering: UInt8, _ family: UInt8, _ text: ArraySlice<UInt8>) -> UInt32 {
    let hash = unsafe text.withUnsafeBytes { unsafe ByteOrder.hash($0) }
    return UInt32(truncatingIfNeeded: hash ^ UInt64(numbering) << 16 ^ UInt64(family) << 8)
  }

  @inline(__always)
  private static func word(_ bytes: borrowing RawSpan, _ offset: Int) -> UInt64 {
    // Any eight bytes are an integer.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
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
}
