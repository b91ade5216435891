// What are the strings of several sorted tables in their common order?
//
// Why the unsafe code here is sound: a walk reads its table's bytes at offsets that it has compared with their number; the slices keep the
// mapping alive. `walks` has room for `count` walks, all of them initialised as long as the merge lives, and belongs to it alone.
internal import SuoyinStorage

/// Goes through one table of sorted strings from the first to the last, in place.
@safe struct StringWalk: ~Copyable {
  private let strings: ByteSlice
  private let blocks: ByteSlice
  private let hasValues: Bool
  private let count: Int
  private var offset = 0
  private(set) var ordinal = -1
  private(set) var string = GrowingBuffer<UInt8>(capacity: 64)
  /// The first eight bytes as a number that orders as they do; what is missing counts as 0.
  private(set) var prefix: UInt64 = 0
  private(set) var value = StringValue(count: 0, range: 0..<0)

  /// Stands on the first string, or at the end.
  static func open(_ table: SortedStrings) throws(IndexError) -> StringWalk {
    let strings = try withIndexErrors { try table.file.section(table.stringsSection) }
    let blocks = try withIndexErrors { try table.file.section(table.blocksSection) }
    var walk = StringWalk(table, strings, blocks)
    try walk.advance()
    return walk
  }

  private init(_ table: SortedStrings, _ strings: ByteSlice, _ blocks: ByteSlice) {
    self.strings = strings
    self.blocks = blocks
    hasValues = table.hasValues
    count = table.count
  }

  var isAtEnd: Bool { ordinal >= count }

  /// Goes on to the next string, or to the end.
  mutating func advance() throws(IndexError) {
    ordinal += 1
    if isAtEnd { return }
    var shared = 0
    var base: Int?
    let isFirst = ordinal % SortedStringsWriter.blockLength == 0
    if isFirst {
      guard let start: UInt32 = blocks.integer(at: ordinal / SortedStringsWriter.blockLength * 4) else {
        throw damaged("a block is missing")
      }
      offset = Int(start)
    } else {
      shared = try variable()
    }
    let length = try variable()
    let bytes = unsafe strings.unsafeBytes
    guard shared <= string.count, length <= bytes.count - offset else { throw damaged("the data end too early") }
    // In bounds: just compared.
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    let ascends = unsafe ByteOrder.precedes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(string.elements)[shared...]), rest)
    guard ascends || ordinal == 0 else { throw damaged("strings do not ascend") }
    string.truncate(to: shared)
    unsafe string.append(contentsOf: rest.assumingMemoryBound(to: UInt8.self))
    offset += length
    if shared < 8 { prefix = unsafe Self.prefix(of: string.elements) }
    guard hasValues else { return }
    if isFirst { base = try variable() }
    let start = base ?? value.range.upperBound
    value.count = try variable()
    let runLength = try variable()
    guard start <= Self.largestNumber else { throw damaged("a run of bytes lies too far on") }
    value.range = start..<start + runLength
  }

  private static let largestNumber = 1 << 48

  @inline(__always)
  private mutating func variable() throws(IndexError) -> Int {
    if offset < strings.count {
      // In bounds: just compared.
      let byte = unsafe strings.unsafeBytes[offset]
      if byte < 0x80 {
        offset &+= 1
        return Int(byte)
      }
    }
    var reader = ByteReader(strings, at: offset)
    let value = try reader.variable(atMost: Self.largestNumber)
    offset = reader.offset
    return value
  }

  private static func prefix(of string: UnsafeMutableBufferPointer<UInt8>) -> UInt64 {
    var prefix: UInt64 = 0
    for place in 0..<min(8, string.count) { prefix |= unsafe UInt64(string[place]) << UInt64(56 &- 8 &* place) }
    return prefix
  }

  private func damaged(_ what: String) -> IndexError { .corrupted(what, in: strings, at: min(offset, strings.count)) }
}

/// The strings of several tables, each one once.
@safe struct MergedStrings: ~Copyable {
  private let walks: UnsafeMutablePointer<StringWalk>
  private let count: Int
  /// The tables that have the current string, ascending.
  private(set) var holders: [Int] = []

  init(_ tables: [SortedStrings]) throws(IndexError) {
    unsafe walks = .allocate(capacity: tables.count)
    var made = 0
    do {
      for table in tables {
        unsafe (walks + made).initialize(to: try StringWalk.open(table))
        made += 1
      }
    } catch {
      unsafe walks.deinitialize(count: made)
      unsafe walks.deallocate()
      throw error
    }
    count = made
  }

  deinit {
    unsafe walks.deinitialize(count: count)
    unsafe walks.deallocate()
  }

  /// Goes on to the smallest string that is left; false when none is.
  mutating func next() throws(IndexError) -> Bool {
    for holder in holders { unsafe try walks[holder].advance() }
    holders.removeAll(keepingCapacity: true)
    var best = 0
    for input in 0..<count where unsafe !walks[input].isAtEnd {
      let order = holders.isEmpty ? -1 : self.order(input, best)
      if order > 0 { continue }
      if order < 0 { holders.removeAll(keepingCapacity: true) }
      best = input
      holders.append(input)
    }
    return !holders.isEmpty
  }

  /// Negative when the string of `left` comes first, positive when that of `right` does.
  @inline(__always)
  private func order(_ left: Int, _ right: Int) -> Int {
    let (first, second) = unsafe (walks[left].prefix, walks[right].prefix)
    if first != second { return first < second ? -1 : 1 }
    let (leftBytes, rightBytes) = unsafe (
      UnsafeRawBufferPointer(walks[left].string.elements), UnsafeRawBufferPointer(walks[right].string.elements)
    )
    return unsafe ByteOrder.order(leftBytes, rightBytes)
  }

  /// The current string, valid until `next`; there must be one.
  @unsafe var string: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(walks[holders[0]].string.elements) }

  /// The string's place in the table of one of `holders`.
  func ordinal(_ holder: Int) -> Int {
    precondition(holder >= 0 && holder < count, "no such table")
    return unsafe walks[holder].ordinal
  }

  /// What the string stands for in the table of one of `holders`.
  func value(_ holder: Int) -> StringValue {
    precondition(holder >= 0 && holder < count, "no such table")
    return unsafe walks[holder].value
  }
}
