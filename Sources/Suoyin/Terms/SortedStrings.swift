// Where is a string in a sorted table, and what is the n-th string?
//
// Why the unsafe code here is sound: the bytes of a checked slice are appended to an array, or compared, while the slice is alive; offsets of
// blocks are read where `init` has seen that they are; bytes of buffers are read while nothing is appended to those.
package import SuoyinStorage

/// What a string of the table stands for: a run of bytes in another section.
package struct StringValue: Equatable, Sendable {
  /// How many things the run holds: a term's document frequency, a source's passages.
  package var count: Int
  /// The run itself, as offsets into the other section.
  package var range: Range<Int>

  package init(count: Int, range: Range<Int>) {
    self.count = count
    self.range = range
  }
}

/// Builds a table of strings that come in strictly ascending order of their bytes.
///
/// Blocks of 16: the first string whole, each other one as the number of bytes it shares with its predecessor and the rest (front coding;
/// Witten, Moffat & Bell, "Managing Gigabytes", 1999, §4.1). docs/Storage.md gives the bytes.
package struct SortedStringsWriter: ~Copyable {
  package static let blockLength = 16
  private let hasValues: Bool
  private(set) var strings = ByteWriter()
  private(set) var blocks = ByteWriter()
  private var previous = GrowingBuffer<UInt8>()
  private var end = 0
  package private(set) var count = 0

  package init(hasValues: Bool) { self.hasValues = hasValues }

  /// - Parameter length: The length in bytes of the string's run in the other section; runs follow one another.
  package mutating func append(_ string: [UInt8], count valueCount: Int = 0, length: Int = 0) {
    unsafe string.withUnsafeBufferPointer { unsafe append($0, count: valueCount, length: length) }
  }

  package mutating func append(_ string: UnsafeBufferPointer<UInt8>, count valueCount: Int = 0, length: Int = 0) {
    let (last, new) = unsafe (UnsafeRawBufferPointer(previous.elements), UnsafeRawBufferPointer(string))
    let shared = unsafe ByteOrder.sharedCount(last, new)
    let ascends = unsafe shared < new.count && (shared == last.count || last[shared] < new[shared])
    precondition(count == 0 || ascends, "strings must ascend")
    if count % Self.blockLength == 0 {
      blocks.append(fixed: UInt32(strings.count))
      unsafe strings.append(counted: string)
      if hasValues { strings.append(variable: UInt64(end)) }
    } else {
      strings.append(variable: UInt64(shared))
      unsafe strings.append(counted: UnsafeBufferPointer(rebasing: string[shared...]))
    }
    if hasValues {
      strings.append(variable: UInt64(valueCount))
      strings.append(variable: UInt64(length))
      end += length
    }
    previous.removeAll()
    unsafe previous.append(contentsOf: string)
    count += 1
  }

  /// Whether the offsets of blocks still fit their 32 bits.
  package var fits: Bool { strings.count <= UInt32.max }

  /// The block offsets, the strings.
  package var sections: (blocks: [UInt8], strings: [UInt8]) { (blocks.bytes, strings.bytes) }
}

/// Reads a table of sorted strings from two sections of a file.
package struct SortedStrings: Sendable {
  let file: SectionFile
  let blocksSection: UInt32
  let stringsSection: UInt32
  let hasValues: Bool
  package let count: Int
  /// The section of strings, whose pages are checked block by block, and where it begins in the file.
  private let strings: ByteSlice
  private let stringsStart: Int
  private let blockCount: Int
  /// The section of block offsets, whose pages are checked when an offset is read, and where it begins.
  private let blocks: ByteSlice
  private let blocksStart: Int
  private let tree: SearchTree

  package init(_ file: SectionFile, blocks: UInt32, strings: UInt32, count: Int, hasValues: Bool) throws(IndexError) {
    self.file = file
    blocksSection = blocks
    self.count = count
    stringsSection = strings
    self.hasValues = hasValues
    (self.strings, stringsStart) = try withIndexErrors { try file.uncheckedSection(strings) }
    blockCount = (count + SortedStringsWriter.blockLength - 1) / SortedStringsWriter.blockLength
    (self.blocks, blocksStart) = try withIndexErrors { try file.uncheckedSection(blocks) }
    tree = SearchTree(stringCount: blockCount)
    guard self.blocks.count == blockCount * 4 else {
      throw .corrupted("the number of blocks does not fit \(count) strings", in: self.blocks)
    }
  }

  /// One string with its place; the state of a walk through the table.
  package struct Entry {
    package fileprivate(set) var ordinal: Int
    package fileprivate(set) var string: [UInt8]
    package fileprivate(set) var value: StringValue
    fileprivate var reader: ByteReader
  }

  /// The string's place, or nil when it is not in the table.
  ///
  /// - Complexity: O(log *n*) first strings compared and a block of 16 read, without making any of them.
  package func find(_ string: [UInt8]) throws(IndexError) -> (ordinal: Int, value: StringValue)? {
    let block = try firstBlock(behind: string)
    var mostMatched = 0
    return block == 0 ? nil : try find(string, inBlock: block - 1, &mostMatched)
  }

  /// Whether a string begins with `prefix`, which is not empty.
  ///
  /// - Complexity: that of `find`.
  package func contains(beginningWith prefix: [UInt8]) throws(IndexError) -> Bool {
    let next = try firstBlock(behind: prefix)
    if next < blockCount {
      // The first string that begins so may be the first of the next block.
      var reader = unsafe RawReader(try rawBytes(ofBlock: next))
      guard let first = unsafe reader.counted() else { throw damaged(next) }
      if unsafe Self.compare(prefix, 0, first).matched == prefix.count { return true }
    }
    if next == 0 { return false }
    var mostMatched = 0
    _ = try find(prefix, inBlock: next - 1, &mostMatched)
    return mostMatched == prefix.count
  }

  /// The first block that begins with a string greater than `string`; their number when none does.
  ///
  /// Equivalent to `firstBlock(behind: string, 0..<blockCount)`.
  private func firstBlock(behind string: [UInt8]) throws(IndexError) -> Int {
    let key = SearchTree.key(string)
    // Invariant and end as there; `node` is the step's place in the tree of all searches.
    var (low, high, node) = (0, blockCount, 1)
    while low < high {
      let middle = (low + high) / 2
      let known = tree[node]
      let isBefore = known == 0 || known == key ? try isBefore(string, block: middle, node: node) : key < known
      if isBefore { high = middle } else { low = middle + 1 }
      node = 2 * node + (isBefore ? 0 : 1)
    }
    return low
  }

  /// The first block of a range that begins with a string greater than `string`; the range's end when none does.
  private func firstBlock(behind string: [UInt8], _ range: Range<Int>) throws(IndexError) -> Int {
    // Invariant: the first strings of blocks below `low` are at most `string`, those from `high` on greater. Terminates: the gap shrinks.
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if try isBefore(string, block: middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// - Parameter node: The block's node in `tree`, where its first string is noted; 0 when it has none.
  private func isBefore(_ string: [UInt8], block: Int, node: Int = 0) throws(IndexError) -> Bool {
    var reader = unsafe RawReader(try rawBytes(ofBlock: block))
    guard let first = unsafe reader.counted() else { throw damaged(block) }
    if node > 0 { tree[node] = unsafe SearchTree.key(first) }
    return unsafe Self.compare(string, 0, first).isBefore
  }

  /// - Parameters:
  ///   - block: One whose first string is at most `string`.
  ///   - mostMatched: Gets how many bytes of `string` at most a string of the block, up to the first that is not before it, begins with.
  private func find(
    _ string: [UInt8], inBlock block: Int, _ mostMatched: inout Int
  ) throws(IndexError) -> (ordinal: Int, value: StringValue)? {
    var reader = unsafe RawReader(try rawBytes(ofBlock: block))
    var ordinal = block * SortedStringsWriter.blockLength
    let end = min(count, ordinal + SortedStringsWriter.blockLength)
    guard let first = unsafe reader.counted(), var valueStart = hasValues ? reader.variable() : 0 else { throw damaged(block) }
    // Invariant: the strings before this one are smaller than `string`, and share `matched` bytes with it at most; the last one just those.
    var (_, matched) = unsafe Self.compare(string, 0, first)
    var isFound = matched == string.count && first.count == matched
    mostMatched = matched
    while true {
      var value = StringValue(count: 0, range: 0..<0)
      if hasValues {
        guard let valueCount = reader.variable(), let length = reader.variable(), valueStart < 1 << 48, length < 1 << 40,
          valueCount <= 1 << 32
        else { throw damaged(block) }
        value = StringValue(count: Int(valueCount), range: Int(valueStart)..<Int(valueStart + length))
        valueStart += length
      }
      if isFound { return (ordinal, value) }
      ordinal += 1
      if ordinal == end { return nil }
      guard let shared = reader.variable(), let rest = unsafe reader.counted() else { throw damaged(block) }
      // One that shares more with its predecessor differs from `string` where that does; one that shares less is greater.
      if shared > UInt64(matched) { continue }
      if shared < UInt64(matched) { return nil }
      let (isBefore, more) = unsafe Self.compare(string, matched, rest)
      mostMatched = max(mostMatched, matched + more)
      if isBefore { return nil }
      isFound = matched + more == string.count && more == rest.count
      matched += more
    }
  }

  /// Whether what is left of `left` from `start` on is before `right`, and how many bytes they begin with alike.
  private static func compare(_ left: [UInt8], _ start: Int, _ right: UnsafeRawBufferPointer) -> (isBefore: Bool, matched: Int) {
    let left = left.span
    let length = min(left.count &- start, right.count)
    var matched = 0
    while matched < length, unsafe left[start &+ matched] == right[matched] { matched &+= 1 }
    if matched == length { return (left.count &- start < right.count, matched) }
    return unsafe (left[start &+ matched] < right[matched], matched)
  }

  private func damaged(_ block: Int) -> IndexError { .corrupted("block \(block) of the strings ends too early", in: strings) }

  /// The first string that is not smaller than `string`.
  package func lowerBound(_ string: [UInt8]) throws(IndexError) -> Entry? {
    let block = try firstBlock(behind: string)
    if block == 0 { return count == 0 ? nil : try first(of: 0) }
    var entry = try first(of: block - 1)
    return try walk(&entry, to: string) ? entry : nil
  }

  /// Goes on to the first string that is not smaller than `target`, which is greater than the present one; false when there is none.
  ///
  /// - Complexity: O(log *b*) first strings compared, *b* being the blocks passed over, and a block of 16 read.
  package func advance(_ entry: inout Entry, to target: [UInt8]) throws(IndexError) -> Bool {
    // Invariant: the first strings of blocks below `low` are at most `target`. Terminates: the step grows.
    var low = entry.ordinal / SortedStringsWriter.blockLength + 1
    let next = low
    var step = 1
    while low + step <= blockCount, try !isBefore(target, block: low + step - 1) {
      low += step
      step *= 2
    }
    let block = try firstBlock(behind: target, low..<min(blockCount, low + step - 1))
    if block > next { entry = try first(of: block - 1) }
    return try walk(&entry, to: target)
  }

  private func walk(_ entry: inout Entry, to target: [UInt8]) throws(IndexError) -> Bool {
    while ByteOrder.precedes(entry.string, target) { if try !advance(&entry) { return false } }
    return true
  }

  /// The string with the given ordinal, which must be below `count`.
  package func entry(at ordinal: Int) throws(IndexError) -> Entry {
    precondition(ordinal >= 0 && ordinal < count, "ordinal out of bounds")
    var entry = try first(of: ordinal / SortedStringsWriter.blockLength)
    while entry.ordinal < ordinal {
      guard let next = try self.entry(after: entry) else { throw entry.reader.corrupted("a string is missing") }
      entry = next
    }
    return entry
  }

  /// The next string in order.
  package func entry(after entry: Entry) throws(IndexError) -> Entry? {
    var entry = entry
    return try advance(&entry) ? entry : nil
  }

  /// Goes on to the next string in place, without copying; false at the end.
  package func advance(_ entry: inout Entry) throws(IndexError) -> Bool {
    let ordinal = entry.ordinal + 1
    guard ordinal < count else { return false }
    if ordinal % SortedStringsWriter.blockLength == 0 {
      entry = try first(of: ordinal / SortedStringsWriter.blockLength)
      return true
    }
    let shared = try entry.reader.variable(atMost: entry.string.count)
    let rest = try entry.reader.counted()
    entry.string.removeSubrange(shared...)
    unsafe entry.string.append(contentsOf: rest.unsafeBytes)
    entry.ordinal = ordinal
    if hasValues { entry.value = try readValue(&entry.reader, start: entry.value.range.upperBound) }
    return true
  }

  private func first(of block: Int) throws(IndexError) -> Entry {
    var reader = ByteReader(try bytes(ofBlock: block))
    let string = try reader.counted().array
    var entry = Entry(
      ordinal: block * SortedStringsWriter.blockLength, string: string, value: StringValue(count: 0, range: 0..<0), reader: reader)
    if hasValues {
      let base = try entry.reader.variable(atMost: 1 << 48)
      entry.value = try readValue(&entry.reader, start: base)
    }
    return entry
  }

  private func bytes(ofBlock block: Int) throws(IndexError) -> ByteSlice {
    let range = try range(ofBlock: block)
    guard let bytes = strings.slice(at: range.lowerBound, count: range.count) else { throw damaged(block) }
    return bytes
  }

  /// The same, valid as long as the table is: a slice for each probe of a search would be counted references and nothing else.
  @unsafe
  private func rawBytes(ofBlock block: Int) throws(IndexError) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: strings.unsafeBytes[try range(ofBlock: block)])
  }

  /// Where a block lies in the section of strings, its pages checked.
  @inline(__always)
  private func range(ofBlock block: Int) throws(IndexError) -> Range<Int> {
    precondition(block >= 0 && block < blockCount, "no such block")
    let offsets = block * 4..<min(block * 4 + 8, blocks.count)
    try check(blocksStart + offsets.lowerBound..<blocksStart + offsets.upperBound)
    // In bounds: `init` has compared the number of blocks with the section.
    let starts = unsafe blocks.unsafeBytes
    let start = unsafe Int(UInt32(littleEndian: starts.loadUnaligned(fromByteOffset: block * 4, as: UInt32.self)))
    var stop = strings.count
    if block + 1 < blockCount {
      stop = unsafe Int(UInt32(littleEndian: starts.loadUnaligned(fromByteOffset: block * 4 + 4, as: UInt32.self)))
    }
    guard start < stop, stop <= strings.count else { throw .corrupted("block offsets do not ascend", in: blocks, at: block * 4) }
    try check(stringsStart + start..<stringsStart + stop)
    return start..<stop
  }

  /// Sees to it that the pages of a range of the file, which is not empty, are whole.
  @inline(__always)
  private func check(_ range: Range<Int>) throws(IndexError) {
    if !file.hasChecked(range) { try checkPages(range) }
  }

  @inline(never)
  private func checkPages(_ range: Range<Int>) throws(IndexError) { try withIndexErrors { try file.checkPages(range) } }

  private func readValue(_ reader: inout ByteReader, start: Int) throws(IndexError) -> StringValue {
    let valueCount = try reader.variable(atMost: 1 << 32)
    let length = try reader.variable(atMost: 1 << 40)
    return StringValue(count: valueCount, range: start..<start + length)
  }
}
