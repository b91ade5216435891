// What are the strings of several sorted tables in their common order?
//
// Why the unsafe code here is sound: a walk reads its table's bytes at offsets that it has compared with their number; the slices keep the
// mapping alive. `walks` has room for `count` walks, all of them initialised as long as the merge lives, and belongs to it alone; `prefixes` has as
// many elements, and `current` room for as many.
internal import SuoyinStorage

/// Goes through one table of sorted strings from the first to the last, in place.
@safe struct StringWalk: ~Copyable {
  private let strings: ByteSlice
  private let blocks: ByteSlice
  /// The bytes of `strings`.
  private let bytes: UnsafeRawBufferPointer
  private let hasValues: Bool
  private let count: Int
  private var offset = 0
  private(set) var ordinal = -1
  private(set) var string = GrowingBuffer<UInt8>(capacity: 64)
  /// The first sixteen bytes as a number that orders as they do; what is missing counts as 0. At the end it is the greatest.
  private(set) var prefix: UInt128 = 0
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
    unsafe bytes = strings.unsafeBytes
    hasValues = table.hasValues
    count = table.count
  }

  var isAtEnd: Bool { ordinal >= count }

  /// Goes on to the next string, or to the end.
  mutating func advance() throws(IndexError) {
    ordinal += 1
    if isAtEnd {
      prefix = .max
      return
    }
    let isFirst = ordinal % SortedStringsWriter.blockLength == 0
    if isFirst {
      guard let start: UInt32 = blocks.integer(at: ordinal / SortedStringsWriter.blockLength * 4) else {
        throw damaged("a block is missing")
      }
      offset = Int(start)
    }
    let shared = isFirst ? 0 : try variable()
    let length = try variable()
    guard shared <= string.count, unsafe length <= bytes.count - offset else { throw damaged("the data end too early") }
    // In bounds: just compared.
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    guard unsafe isBefore(rest, shared: shared) || ordinal == 0 else { throw damaged("strings do not ascend") }
    string.truncate(to: shared)
    append(length, behind: shared)
    offset += length
    guard hasValues else { return }
    let start = isFirst ? try variable() : value.range.upperBound
    value.count = try variable()
    let runLength = try variable()
    guard start <= Self.largestNumber else { throw damaged("a run of bytes lies too far on") }
    value.range = start..<start + runLength
  }

  /// Whether the current string comes before the one that begins with `shared` of its bytes and goes on with `rest`.
  @inline(__always)
  private func isBefore(_ rest: UnsafeRawBufferPointer, shared: Int) -> Bool {
    let current = unsafe UnsafeRawBufferPointer(string.elements)
    // As a rule they differ here, since all that they share is said to be shared.
    if shared < current.count, rest.count > 0, unsafe current[shared] != rest[0] { return unsafe current[shared] < rest[0] }
    return unsafe ByteOrder.precedes(UnsafeRawBufferPointer(rebasing: current[shared...]), rest)
  }

  private static let largestNumber = 1 << 48
  static let prefixLength = MemoryLayout<UInt128>.size

  @inline(__always)
  private mutating func variable() throws(IndexError) -> Int {
    if offset < (unsafe bytes.count) {
      // In bounds: just compared.
      let byte = unsafe bytes[offset]
      if byte < 0x80 {
        offset &+= 1
        return Int(byte)
      }
      if offset &+ 1 < (unsafe bytes.count) {
        let next = unsafe bytes[offset &+ 1]
        if next < 0x80 {
          offset &+= 2
          return Int(byte & 0x7F) | Int(next) &<< 7
        }
      }
    }
    return try longVariable()
  }

  @inline(never)
  private mutating func longVariable() throws(IndexError) -> Int {
    var reader = ByteReader(strings, at: offset)
    let value = try reader.variable(atMost: Self.largestNumber)
    offset = reader.offset
    return value
  }

  /// Appends bytes at `offset` to the string, and to its prefix.
  @inline(__always)
  private mutating func append(_ length: Int, behind shared: Int) {
    if length <= Self.prefixLength, unsafe bytes.count - offset >= Self.prefixLength {
      // As a rule: all sixteen bytes, so that there is nothing to be foreseen.
      let more = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt128.self)
      string.makeRoom(for: Self.prefixLength)
      unsafe UnsafeMutableRawPointer(string.end).storeBytes(of: more, as: UInt128.self)
      unsafe string.didAppend(length)
      if shared >= Self.prefixLength { return }
      let new = UInt128(bigEndian: more) & Self.firstBytes(length)
      prefix = prefix & Self.firstBytes(shared) | new &>> UInt128(truncatingIfNeeded: 8 * shared)
    } else {
      // In bounds: compared before.
      unsafe string.append(
        contentsOf: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]).assumingMemoryBound(to: UInt8.self))
      prefix = 0
      for place in 0..<min(string.count, Self.prefixLength) { prefix |= UInt128(string[place]) << UInt128(120 - 8 * place) }
    }
  }

  /// The bits of the first bytes of a prefix.
  @inline(__always)
  private static func firstBytes(_ count: Int) -> UInt128 {
    count < prefixLength ? ~(UInt128.max &>> UInt128(truncatingIfNeeded: 8 * count)) : .max
  }

  private func damaged(_ what: String) -> IndexError { .corrupted(what, in: strings, at: min(offset, strings.count)) }
}

/// The strings of several tables, each one once.
@safe struct MergedStrings: ~Copyable {
  private let walks: UnsafeMutablePointer<StringWalk>
  private let count: Int
  /// The prefixes of the walks' strings, side by side.
  private var prefixes = GrowingBuffer<UInt128>()
  /// The tables that have the current string.
  private var current = GrowingBuffer<Int>()

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
    for input in 0..<count { prefixes.append(unsafe walks[input].prefix) }
    current.makeRoom(for: count)
  }

  deinit {
    unsafe walks.deinitialize(count: count)
    unsafe walks.deallocate()
  }

  /// Goes on to the smallest string that is left; false when none is.
  mutating func next() throws(IndexError) -> Bool {
    let (prefixes, holders) = unsafe (self.prefixes.elements, current.end - current.count)
    for place in 0..<current.count {
      let input = unsafe holders[place]
      unsafe try walks[input].advance()
      unsafe prefixes[input] = walks[input].prefix
    }
    current.removeAll()
    // Without a branch that could not be foreseen: first the least beginning, then who has it. There is room for all.
    var least = UInt128.max
    for input in 0..<count { least = min(least, unsafe prefixes[input]) }
    var holderCount = 0
    for input in 0..<count {
      unsafe holders[holderCount] = input
      holderCount &+= unsafe prefixes[input] == least ? 1 : 0
    }
    // At the end a walk has the greatest prefix, which a string may have, too.
    if least == .max {
      holderCount = 0
      for input in 0..<count where unsafe !walks[input].isAtEnd {
        unsafe holders[holderCount] = input
        holderCount += 1
      }
    }
    unsafe current.didAppend(holderCount)
    if holderCount > 1 {
      var (shortest, longest) = (Int.max, 0)
      for place in 0..<holderCount {
        let length = unsafe walks[holders[place]].string.count
        (shortest, longest) = (min(shortest, length), max(longest, length))
      }
      // Strings that begin alike and differ are longer than that, or one of them ends in zeros.
      if longest > StringWalk.prefixLength || shortest < longest { keepLeast() }
    }
    return holderCount > 0
  }

  /// Of the tables whose strings begin alike, keeps those that have the least.
  private mutating func keepLeast() {
    let holders = unsafe current.elements
    var kept = 1
    for place in 1..<holders.count {
      let (input, best) = unsafe (holders[place], holders[0])
      let order = unsafe ByteOrder.order(
        UnsafeRawBufferPointer(walks[input].string.elements), UnsafeRawBufferPointer(walks[best].string.elements))
      if order > 0 { continue }
      if order < 0 { kept = 0 }
      unsafe holders[kept] = input
      kept += 1
    }
    current.truncate(to: kept)
  }

  /// How many tables have the current string.
  var holderCount: Int { current.count }

  /// One of these tables; they ascend.
  func holder(_ place: Int) -> Int { current[place] }

  /// The current string, valid until `next`; there must be one.
  @unsafe var string: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(walks[current[0]].string.elements) }

  /// The string's place in the table of one of its holders.
  func ordinal(_ holder: Int) -> Int {
    precondition(holder >= 0 && holder < count, "no such table")
    return unsafe walks[holder].ordinal
  }

  /// What the string stands for in the table of one of its holders.
  func value(_ holder: Int) -> StringValue {
    precondition(holder >= 0 && holder < count, "no such table")
    return unsafe walks[holder].value
  }
}
