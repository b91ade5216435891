// What is a passage's value of a field?
//
// Why the unsafe code here is sound: the heads are as many as there are blocks, which `init` compares, and a block is looked up below their
// count. The bytes of a block are compared with the section, all that its values take and the padding behind them, before any is read;
// a value's rank is below the block's number of values, so that the eight bytes loaded for it lie inside. The slices keep the mapping alive.
internal import SuoyinStorage

/// The values of one integer, date or keyword field for all passages of a segment. Usable from any thread.
///
/// Dates are days since 1970-01-01, keywords ordinals among the segment's terms of their field.
@safe package struct Column: Sendable {
  private let file: SectionFile
  private let heads: ByteSlice
  /// The section of all columns' values, whose pages are checked block by block, and where it begins in the file.
  private let values: ByteSlice
  private let valuesStart: Int
  package let passageCount: Int
  package var blockCount: Int { ColumnFormat.blockCount(passages: passageCount) }

  /// - Parameter number: The column's place among those of the segment.
  init(_ file: SectionFile, heads: UInt32, values: UInt32, number: Int, passageCount: Int) throws(IndexError) {
    self.file = file
    self.passageCount = passageCount
    let length = ColumnFormat.blockCount(passages: passageCount) * ColumnFormat.headLength
    self.heads = try withIndexErrors { try file.bytes(of: heads, at: number * length, count: length) }
    (self.values, valuesStart) = try withIndexErrors { try file.uncheckedSection(values) }
  }

  /// What is known of a block without its values; there must be such a block.
  @inline(__always)
  package func head(_ block: Int) -> ColumnHead {
    precondition(block >= 0 && block < blockCount, "no such block")
    let start = block &* ColumnFormat.headLength
    let bytes = unsafe heads.unsafeBytes
    let place = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start &+ 16, as: UInt64.self))
    return unsafe ColumnHead(
      least: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int64.self)),
      span: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self)),
      // What else there may be is refused when the block is read.
      presence: ColumnPresence(rawValue: UInt8(place >> 56)) ?? .lists, offset: Int(place & 0xFF_FFFF_FFFF_FFFF))
  }

  /// How many passages a block has.
  @inline(__always)
  package func passageCount(ofBlock block: Int) -> Int { min(ColumnFormat.blockLength, passageCount - block * ColumnFormat.blockLength) }

  /// A block, its pages checked.
  package func block(_ number: Int) throws(IndexError) -> ColumnBlock {
    let head = head(number)
    func corrupted() -> IndexError {
      .corrupted("block \(number) of a column lies outside its section", in: heads, at: number * ColumnFormat.headLength)
    }
    let passages = passageCount(ofBlock: number)
    guard heads[number * ColumnFormat.headLength + 23] <= ColumnPresence.lists.rawValue else { throw corrupted() }
    if head.presence == .none { return unsafe ColumnBlock(head, passages, owner: values, start: nil, valueCount: 0, valuesAt: 0) }
    var valueCount = passages
    var valuesAt = 0
    switch head.presence {
    case .none, .all: break
    case .some:
      valuesAt = ColumnFormat.blockWords * 8
      guard let bits = values.slice(at: head.offset, count: valuesAt) else { throw corrupted() }
      try check(head.offset, valuesAt)
      valueCount = 0
      for place in 0..<ColumnFormat.blockWords { valueCount += bits.integer(at: place * 8, as: UInt64.self)?.nonzeroBitCount ?? 0 }
    case .lists:
      guard head.offset <= values.count - 4 else { throw corrupted() }
      try check(head.offset, 4)
      guard let total: UInt32 = values.integer(at: head.offset) else { throw corrupted() }
      valueCount = Int(total)
      valuesAt = 4 + (passages * ColumnFormat.width(ofSpan: UInt64(total)) + 7) / 8
    }
    let length = valuesAt + (valueCount * ColumnFormat.width(ofSpan: head.span) + 7) / 8 + ColumnFormat.padding
    guard let bytes = values.slice(at: head.offset, count: length) else { throw corrupted() }
    try check(head.offset, length)
    return unsafe ColumnBlock(
      head, passages, owner: values, start: bytes.unsafeBytes.baseAddress, valueCount: valueCount, valuesAt: valuesAt)
  }

  private func check(_ offset: Int, _ count: Int) throws(IndexError) {
    try withIndexErrors { try file.checkPages(valuesStart + offset..<valuesStart + offset + count) }
  }
}

/// The values of up to 256 neighbouring passages, any of which is read without the others.
@safe package struct ColumnBlock {
  package let head: ColumnHead
  package let passageCount: Int
  /// How many values its passages have together.
  package let valueCount: Int
  /// The bits, or the total and the ends, if the presence has them; then the values.
  private let start: UnsafeRawPointer?
  private let valuesAt: Int
  private let width: Int
  private let owner: ByteSlice

  fileprivate init(_ head: ColumnHead, _ passageCount: Int, owner: ByteSlice, start: UnsafeRawPointer?, valueCount: Int, valuesAt: Int) {
    self.head = head
    self.passageCount = passageCount
    self.valueCount = valueCount
    self.valuesAt = valuesAt
    self.owner = owner
    width = ColumnFormat.width(ofSpan: head.span)
    unsafe self.start = start
  }

  /// The ranks of the values of the passage at a place of the block; empty when it has none.
  @inline(__always)
  package func ranks(_ slot: Int) -> Range<Int> {
    precondition(slot >= 0 && slot < passageCount, "no such passage in the block")
    switch head.presence {
    case .none: return 0..<0
    case .all: return slot..<slot &+ 1
    case .some:
      let (word, bit) = (slot >> 6, UInt64(slot & 63))
      let bits = bits(word)
      if bits >> bit & 1 == 0 { return 0..<0 }
      var rank = (bits & (1 << bit &- 1)).nonzeroBitCount
      for before in 0..<word { rank &+= self.bits(before).nonzeroBitCount }
      return rank..<rank &+ 1
    case .lists:
      let first = slot == 0 ? 0 : min(end(slot &- 1), valueCount)
      return first..<max(first, min(end(slot), valueCount))
    }
  }

  /// 64 bits of those that say which passages have a value: only where the presence is `some`.
  @inline(__always)
  private func bits(_ word: Int) -> UInt64 {
    guard let start = unsafe start else { return 0 }
    return unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
  }

  /// The number of values up to the last of a passage: only where the presence is `lists`.
  @inline(__always)
  private func end(_ slot: Int) -> Int {
    Int(truncatingIfNeeded: packed(slot, at: 4, width: ColumnFormat.width(ofSpan: UInt64(valueCount))))
  }

  @inline(__always)
  private func packed(_ index: Int, at offset: Int, width: Int) -> UInt64 {
    guard let start = unsafe start else { return 0 }
    let bit = index &* width
    let word = unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: offset &+ bit >> 3, as: UInt64.self))
    return word &>> UInt64(truncatingIfNeeded: bit & 7) & Self.mask(width)
  }

  @inline(__always)
  private static func mask(_ width: Int) -> UInt64 { width == 64 ? .max : (1 &<< UInt64(truncatingIfNeeded: width)) &- 1 }

  /// A value less the smallest of the block, by its rank.
  @inline(__always)
  package func delta(_ rank: Int) -> UInt64 {
    assert(rank >= 0 && rank < valueCount)
    return packed(rank, at: valuesAt, width: width)
  }

  /// A value by its rank, which must come from `ranks`.
  @inline(__always)
  package func value(_ rank: Int) -> Int64 { Int64(bitPattern: UInt64(bitPattern: head.least) &+ delta(rank)) }

  /// Gives a bit for each passage with a value, 64 at a time.
  package func presentWord(_ word: Int) -> UInt64 {
    let passages = passageCount - word * 64
    if passages <= 0 { return 0 }
    let all = passages >= 64 ? UInt64.max : 1 << UInt64(passages) &- 1
    switch head.presence {
    case .none: return 0
    case .all: return all
    case .some: return bits(word) & all
    case .lists:
      var present: UInt64 = 0
      for slot in word * 64..<min(passageCount, word * 64 + 64) where !ranks(slot).isEmpty { present |= 1 << UInt64(slot & 63) }
      return present
    }
  }

  /// A bit for each of up to 64 values, by rank, that is in the range: without a branch, since there is no foreseeing them.
  private func matchingBits(_ ranks: Range<Int>, lower: UInt64, reach: UInt64) -> UInt64 {
    guard let start = unsafe start else { return 0 }
    let values = unsafe start + valuesAt
    let (width, mask) = (width, Self.mask(width))
    var matching: UInt64 = 0
    var bit = ranks.lowerBound &* width
    for place in 0..<UInt64(truncatingIfNeeded: ranks.count) {
      let word = unsafe UInt64(littleEndian: values.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
      let delta = word &>> UInt64(truncatingIfNeeded: bit & 7) & mask
      matching |= (delta &- lower <= reach ? 1 : 0) &<< place
      bit &+= width
    }
    return matching
  }

  /// A bit for each passage of a word with a value in the range: those whose difference from the smallest is at least `lower`, and at most
  /// `reach` more.
  package func matchingWord(_ word: Int, lower: UInt64, reach: UInt64) -> UInt64 {
    if word * 64 >= passageCount { return 0 }
    let slots = word * 64..<min(passageCount, word * 64 + 64)
    var matching: UInt64 = 0
    switch head.presence {
    case .none: break
    case .all: matching = matchingBits(slots, lower: lower, reach: reach)
    case .some:
      var bits = presentWord(word)
      guard bits != 0 else { return 0 }
      var rank = ranks(slots.lowerBound + bits.trailingZeroBitCount).lowerBound
      while bits != 0 {
        if delta(rank) &- lower <= reach { matching |= bits & (0 &- bits) }
        bits &= bits &- 1
        rank &+= 1
      }
    case .lists:
      for slot in slots where ranks(slot).contains(where: { delta($0) &- lower <= reach }) { matching |= 1 << UInt64(slot & 63) }
    }
    return matching
  }
}

/// Reads values of passages that mostly ascend: keeps the block read last. For one thread.
package final class ColumnCursor {
  package let column: Column
  private var number = -1
  private var current: ColumnBlock?

  package init(_ column: Column) { self.column = column }

  /// The block with a passage, which must be below the segment's number of passages.
  @inline(__always)
  package func block(_ document: DocID) throws(IndexError) -> ColumnBlock {
    let wanted = Int(document) / ColumnFormat.blockLength
    if wanted == number, let current { return current }
    let block = try column.block(wanted)
    (number, current) = (wanted, block)
    return block
  }

  /// The passage's value, the smallest if it has several.
  package func first(_ document: DocID) throws(IndexError) -> Int64? {
    let block = try block(document)
    let ranks = block.ranks(Int(document) % ColumnFormat.blockLength)
    return ranks.isEmpty ? nil : block.value(ranks.lowerBound)
  }

  /// The passage's value, the largest if it has several.
  package func last(_ document: DocID) throws(IndexError) -> Int64? {
    let block = try block(document)
    let ranks = block.ranks(Int(document) % ColumnFormat.blockLength)
    return ranks.isEmpty ? nil : block.value(ranks.upperBound - 1)
  }
}
