// Where is a string in a sorted table, and what is the n-th string?
//
// Why the unsafe code here is sound: the bytes of a checked slice are appended to an array while the slice is alive; bytes of buffers are
// read while nothing is appended to those.
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
  private var strings = ByteWriter()
  private var blocks = ByteWriter()
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
  private let blocksSection: UInt32
  let stringsSection: UInt32
  let hasValues: Bool
  package let count: Int
  private let blockCount: Int
  let blocks: ByteSlice

  package init(_ file: SectionFile, blocks: UInt32, strings: UInt32, count: Int, hasValues: Bool) throws(IndexError) {
    self.file = file
    blocksSection = blocks
    stringsSection = strings
    self.count = count
    self.hasValues = hasValues
    blockCount = (count + SortedStringsWriter.blockLength - 1) / SortedStringsWriter.blockLength
    self.blocks = try withIndexErrors { try file.section(blocks) }
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
  /// - Complexity: O(log *n*) blocks of 16 read.
  package func find(_ string: [UInt8]) throws(IndexError) -> Entry? {
    guard let entry = try lowerBound(string), entry.string == string else { return nil }
    return entry
  }

  /// The first string that is not smaller than `string`.
  package func lowerBound(_ string: [UInt8]) throws(IndexError) -> Entry? {
    // Invariant: the first strings of blocks below `low` are at most `string`, those from `high` on greater. Terminates: the gap shrinks.
    var low = 0
    var high = blockCount
    while low < high {
      let middle = (low + high) / 2
      if string.lexicographicallyPrecedes(try first(of: middle).string) { high = middle } else { low = middle + 1 }
    }
    if low == 0 { return count == 0 ? nil : try first(of: 0) }
    var entry = try first(of: low - 1)
    while entry.string.lexicographicallyPrecedes(string) {
      guard let next = try self.entry(after: entry) else { return nil }
      entry = next
    }
    return entry
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
    if hasValues { try readValue(&entry, start: entry.value.range.upperBound) }
    return true
  }

  private func first(of block: Int) throws(IndexError) -> Entry {
    guard let start: UInt32 = blocks.integer(at: block * 4) else { throw .corrupted("a block is missing", in: blocks) }
    let end: UInt32? = blocks.integer(at: block * 4 + 4)
    let length = file.length(of: stringsSection) ?? 0
    let stop = end.map(Int.init) ?? length
    guard stop >= Int(start) else { throw .corrupted("block offsets do not ascend", in: blocks, at: block * 4) }
    let bytes = try withIndexErrors { try file.bytes(of: stringsSection, at: Int(start), count: stop - Int(start)) }
    var reader = ByteReader(bytes)
    let string = try reader.counted().array
    var entry = Entry(
      ordinal: block * SortedStringsWriter.blockLength, string: string, value: StringValue(count: 0, range: 0..<0), reader: reader)
    if hasValues {
      let base = try entry.reader.variable(atMost: 1 << 48)
      try readValue(&entry, start: base)
    }
    return entry
  }

  private func readValue(_ entry: inout Entry, start: Int) throws(IndexError) {
    let valueCount = try entry.reader.variable(atMost: 1 << 32)
    let length = try entry.reader.variable(atMost: 1 << 40)
    entry.value = StringValue(count: valueCount, range: start..<start + length)
  }
}
