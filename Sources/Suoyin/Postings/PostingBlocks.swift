// What stands in a posting list, block by block?
//
// Why the unsafe code here is sound:
// - The list is a slice of a mapped file that `list` keeps alive. A block's extent, or that of its positions, is compared with the slice
//   before anything in it is read; what is read beyond a checked extent goes through `ByteReader` or `ByteSlice`, which check.
// - `memory` has room for what `init` puts there: 128 documents and `padding`, 128 frequencies, ranks for the longest bitmap. Documents ascend
//   and are below `limit` when a load has returned, whatever the bytes say: who indexes by them relies on it.
internal import CKernels
package import SuoyinStorage

/// The decoder of one posting list. Holds one block, or the tail, in `documents`; its frequencies come when they are asked for.
@safe package struct PostingBlocks: ~Copyable {
  package let list: ByteSlice
  /// How many documents the list holds.
  package let count: Int
  private let limit: DocID
  /// How many blocks of 128 there are. The tail, perhaps empty, is block number `blockCount`.
  package let blockCount: Int
  /// Where the head's entries begin in `list`.
  let entriesStart: Int
  /// Where the blocks begin in `list`, after the head.
  let bodyStart: Int
  private var positionsStart: Int

  /// What follows is in here, and `found`.
  private let memory: UnsafeMutableRawPointer
  /// The documents of the loaded block, ascending; behind those of a tail, up to 128, `DocID.end`.
  package let documents: UnsafeMutablePointer<UInt32>
  /// Their frequencies, after `loadFrequencies`.
  package let frequencies: UnsafeMutablePointer<UInt32>
  /// Scratch for those who look for candidates in the block.
  package let found: FoundPostings
  /// The block that is loaded.
  package internal(set) var block = 0
  /// How many documents it has; 0 only for an empty tail.
  package private(set) var length = 0
  /// The last of them.
  package private(set) var last: DocID = 0
  /// The loaded block as bits, while `documents` has not been filled from them.
  private var bitmap: Bitmap?
  /// For each word of the bitmap, how many bits are set before it.
  private let ranks: UnsafeMutablePointer<UInt8>
  private var hasFrequencies = false
  /// Where the packed frequencies of the loaded block are.
  private var frequencyStart = 0
  private var frequencyBits = 0
  private var frequencyExceptions = 0
  // Where the positions of the loaded block are, and those of one of its postings.
  private var positionBits = 0
  private var positionStart = -1
  private var positionIndex = 0
  private var positionOrdinal = 0

  /// Loads the first block.
  ///
  /// - Parameters:
  ///   - list: The bytes that `PostingListWriter` wrote.
  ///   - count: How many documents the list holds, at least 1.
  ///   - limit: Document IDs must be below it.
  package static func open(_ list: ByteSlice, count: Int, limit: DocID) throws(IndexError) -> PostingBlocks {
    let head = try Head(list, blockCount: count / BitPacking.blockLength)
    var blocks = PostingBlocks(list, count: count, limit: limit, head)
    try blocks.load(0)
    return blocks
  }

  private init(_ list: ByteSlice, count: Int, limit: DocID, _ head: Head) {
    self.list = list
    self.count = count
    self.limit = limit
    blockCount = count / BitPacking.blockLength
    entriesStart = head.entriesStart
    bodyStart = head.bodyStart
    positionsStart = head.positionsStart
    let room = BitPacking.blockLength + Self.padding
    let ranksStart = FoundPostings.byteCount + 2 * room * MemoryLayout<UInt32>.size
    // One allocation: they are a good part of what a short query costs.
    unsafe memory = .allocate(
      byteCount: ranksStart + PostingListWriter.maximumBitmapWords, alignment: MemoryLayout<Int64>.alignment)
    found = unsafe FoundPostings(memory)
    unsafe documents = (memory + FoundPostings.byteCount).assumingMemoryBound(to: UInt32.self)
    unsafe frequencies = documents + room
    unsafe ranks = (memory + ranksStart).assumingMemoryBound(to: UInt8.self)
  }

  /// How many numbers `suoyin_bits_to_numbers` may write behind a block's documents.
  private static let padding = 8

  /// Where the parts of a list begin.
  private struct Head {
    var (entriesStart, bodyStart, positionsStart) = (0, 0, 0)

    init(_ list: ByteSlice, blockCount: Int) throws(IndexError) {
      if blockCount == 0 { return }
      var reader = ByteReader(list)
      positionsStart = Int(try reader.fixed(UInt32.self))
      _ = try reader.slice(Int(reader.byte()) * Frontier.entryLength)
      entriesStart = reader.offset
      bodyStart = entriesStart + (blockCount + 1) * PostingBlocks.entryLength
      guard positionsStart >= bodyStart, positionsStart <= list.count else { throw reader.corrupted("positions outside the posting list") }
    }
  }

  deinit { unsafe memory.deallocate() }

  /// The document at a place of the loaded block, which must be below `length`.
  @inline(__always)
  package func document(at index: Int) -> DocID { unsafe documents[index] }

  // MARK: The head

  static let entryLength = 12

  /// The last document of a block; for the tail that of the list, or of the last block when there is no tail.
  ///
  /// What the head says: a load makes sure that it is true.
  @inline(__always)
  package func lastDocument(of block: Int) -> DocID {
    if blockCount == 0 { return length > 0 ? unsafe documents[length &- 1] : 0 }
    // In bounds: `init` has compared the end of the entries with the list, and there are `blockCount` + 1.
    let start = entriesStart &+ block &* Self.entryLength
    return unsafe UInt32(littleEndian: list.unsafeBytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
  }

  func entry(_ block: Int) -> (last: DocID, offset: Int, positions: Int) {
    let bytes = unsafe list.unsafeBytes
    let start = entriesStart + block * Self.entryLength
    // In bounds as in `lastDocument`.
    let last = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
    let offset = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
    let positions = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))
    return (last, Int(offset), Int(positions))
  }

  /// The first block from `block` on whose last document is at least `target`, or `blockCount` + 1.
  ///
  /// - Complexity: O(log *d*), *d* being how far it is.
  package func firstBlock(from block: Int, reaching target: DocID) -> Int {
    // Galloping (Bentley & Yao 1976). Invariant: blocks before `low` end before the target. Terminates: the step doubles, then the gap halves.
    var low = block
    var step = 1
    while low + step <= blockCount, lastDocument(of: low + step - 1) < target {
      low += step
      step *= 2
    }
    var high = min(low + step, blockCount + 1)
    while low < high {
      let middle = (low + high) / 2
      if lastDocument(of: middle) < target { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first place of the loaded block, from `index` on, whose document is at least `target`, which the block reaches.
  @inline(__always)
  package func place(from index: Int, reaching target: DocID) -> Int {
    if target == 0 { return index }
    return unsafe index &+ Int(suoyin_count_through(documents + index, UInt32(truncatingIfNeeded: length &- index), target &- 1))
  }

  // MARK: Blocks

  /// Loads a block, or the tail.
  package mutating func load(_ number: Int) throws(IndexError) {
    try loadAsItIs(number)
    fillDocuments()
  }

  /// The same, but leaves a bitmap as it is: for those who look for candidates in it, or who `fillDocuments` later.
  package mutating func loadAsItIs(_ number: Int) throws(IndexError) {
    block = number
    hasFrequencies = false
    positionStart = -1
    unsafe bitmap = nil
    if number < blockCount { try loadBlock(number) } else { try loadTail() }
  }

  /// Makes sure that `documents` are those of the loaded block.
  @inline(__always)
  package mutating func fillDocuments() {
    guard let bits = unsafe bitmap else { return }
    unsafe bitmap = nil
    unsafe suoyin_bits_to_numbers(bits.words, UInt32(truncatingIfNeeded: bits.count), bits.first, documents)
  }

  /// A block's documents as bits. In bounds, and 128 of them: `loadBlock` has seen to it.
  @unsafe private struct Bitmap {
    var words: UnsafeRawPointer
    var count: Int
    /// The document that the first bit stands for.
    var first: DocID
  }

  /// Whether the loaded block is a bitmap that `documents` has not been filled from.
  package var isBitmap: Bool { unsafe bitmap != nil }

  /// Finds which of some ascending documents are in the loaded block: `found` has their places among those and in the block.
  ///
  /// - Returns: How many.
  @inline(__always)
  package func find(_ others: UnsafePointer<DocID>, count: Int) -> Int {
    let count = UInt32(truncatingIfNeeded: count)
    guard let bits = unsafe bitmap else { return unsafe Int(suoyin_find128(documents, others, count, found.others, found.places)) }
    return unsafe Int(
      suoyin_find_in_bits(
        bits.words, UInt32(truncatingIfNeeded: bits.count), bits.first, ranks, others, count, found.others, found.places))
  }

  private mutating func loadBlock(_ number: Int) throws(IndexError) {
    let (last, offset, _) = entry(number)
    let base = number == 0 ? UInt32.max : lastDocument(of: number - 1)
    let start = bodyStart + offset
    let bytes = unsafe list.unsafeBytes
    guard start + 4 <= bytes.count else { throw damaged("a block outside the posting list", start) }
    // In bounds: just compared.
    let code = unsafe Int(bytes[start])
    frequencyBits = unsafe Int(bytes[start + 1])
    let exceptions = unsafe Int(bytes[start + 2])
    let documentsStart = unsafe start + 4 + Int(bytes[start + 3]) * Frontier.entryLength
    frequencyExceptions = exceptions >> 4
    let isBitmap = code > PostingListWriter.bitmapCode
    let documentsLength =
      isBitmap ? (code - PostingListWriter.bitmapCode) * 8 : BitPacking.packedLength(width: code) + 2 * (exceptions & 15)
    frequencyStart = documentsStart + documentsLength
    guard isBitmap || code <= 32, frequencyBits <= 32,
      frequencyStart + BitPacking.packedLength(width: frequencyBits) + 2 * frequencyExceptions <= bytes.count
    else { throw damaged("a block outside the posting list", start) }
    length = BitPacking.blockLength
    guard last < limit, number == 0 || base < last else { throw damaged("documents of a posting list do not ascend", start) }
    guard let address = bytes.baseAddress else { throw damaged("an empty posting list", start) }
    self.last = last
    if isBitmap {
      let bits = unsafe Bitmap(words: address + documentsStart, count: code - PostingListWriter.bitmapCode, first: base &+ 1)
      guard unsafe isWhole(bits, last: last) else { throw damaged("a block of other documents", start) }
      unsafe bitmap = bits
      return
    }
    unsafe BitPacking.unpackAscending(
      address + documentsStart, width: code, exceptions: exceptions & 15, base: base, into: documents)
    // Where gaps are short, a sum of 128 cannot pass 2³² unseen; wide ones are looked at.
    if code + (exceptions & 15 > 0 ? 8 : 0) > 24 {
      for index in 1..<length where unsafe documents[index] <= documents[index - 1] {
        throw damaged("documents of a posting list do not ascend", start)
      }
    }
    // What is skipped by must be true.
    guard unsafe documents[length - 1] == last, unsafe documents[0] <= last else {
      throw damaged("the posting list's head contradicts its blocks", start)
    }
  }

  /// Whether a bitmap has 128 documents, the last of them the one that the head gives; fills `ranks`.
  private func isWhole(_ bits: Bitmap, last: DocID) -> Bool {
    guard unsafe bits.count <= PostingListWriter.maximumBitmapWords else { return false }
    let count = unsafe suoyin_bit_ranks(bits.words, UInt32(truncatingIfNeeded: bits.count), ranks)
    let highest = unsafe UInt64(littleEndian: bits.words.loadUnaligned(fromByteOffset: (bits.count - 1) * 8, as: UInt64.self))
    let place = unsafe UInt32(truncatingIfNeeded: bits.count * 64 - 1 - highest.leadingZeroBitCount)
    return unsafe count == BitPacking.blockLength && highest != 0 && bits.first &+ place == last && bits.first <= last
  }

  private mutating func loadTail() throws(IndexError) {
    length = count % BitPacking.blockLength
    let entry = blockCount > 0 ? entry(blockCount) : (last: 0, offset: 0, positions: 0)
    var document = blockCount > 0 ? UInt64(lastDocument(of: blockCount - 1)) : 0
    var reader = RawReader(list, at: bodyStart + entry.offset)
    for index in 0..<length {
      guard let code = reader.variable(), code >> 1 <= UInt64(UInt32.max), code >> 1 > 0 || blockCount == 0 && index == 0 else {
        throw damaged("documents of a posting list do not ascend", reader.offset)
      }
      document &+= code >> 1
      guard document < UInt64(limit) else { throw damaged("a document that the segment does not have", reader.offset) }
      unsafe documents[index] = UInt32(truncatingIfNeeded: document)
      var frequency: UInt64 = 1
      if code & 1 == 0 {
        guard let more = reader.variable(), more < UInt64(Int32.max) - 2 else {
          throw damaged("a frequency of a posting list ends too early or is too large", reader.offset)
        }
        frequency = more + 2
      }
      unsafe frequencies[index] = UInt32(truncatingIfNeeded: frequency)
    }
    unsafe (documents + length).update(repeating: .end, count: BitPacking.blockLength - length)
    hasFrequencies = true
    last = DocID(truncatingIfNeeded: document)
    if blockCount == 0 {
      positionsStart = reader.offset
    } else if length > 0, document != UInt64(entry.last) {
      throw damaged("the posting list's head contradicts its tail", reader.offset)
    }
  }

  func damaged(_ what: String, _ offset: Int) -> IndexError { .corrupted(what, in: list, at: offset) }

  /// Fills `frequencies`.
  @inline(__always)
  package mutating func loadFrequencies() {
    if !hasFrequencies { unpackFrequencies() }
  }

  /// Whether the frequencies, which must be loaded, are those of documents that have the term.
  var hasOnlyPositiveFrequencies: Bool {
    var least = UInt32.max
    for index in 0..<length { least = min(least, unsafe frequencies[index]) }
    return least > 0
  }

  private mutating func unpackFrequencies() {
    hasFrequencies = true
    guard let address = unsafe list.unsafeBytes.baseAddress else { return }
    // In bounds: `loadBlock` has compared the end of the frequencies with the list.
    unsafe BitPacking.unpack(address + frequencyStart, width: frequencyBits, exceptions: frequencyExceptions, adding: 1, into: frequencies)
  }

  // MARK: Positions

  /// Appends the positions of a posting of the loaded block to `positions`, ascending.
  ///
  /// - Complexity: O(*f*), and O(*p*) at most to go to the posting, *p* being the block's postings or the tail's positions before it.
  package mutating func readPositions(at index: Int, into positions: inout [UInt32]) throws(IndexError) {
    try forEachPosition(at: index) { positions.append($0) }
  }

  /// Calls `body` with the positions of a posting of the loaded block, ascending. Costs as `readPositions` does.
  @inline(__always)
  package mutating func forEachPosition(at index: Int, _ body: (UInt32) -> Void) throws(IndexError) {
    try visitPositions(at: index) {
      body($0)
      return true
    }
  }

  /// The same until `body` says false.
  @inline(__always)
  mutating func visitPositions(at index: Int, _ body: (UInt32) -> Bool) throws(IndexError) {
    loadFrequencies()
    if positionStart < 0 { try openPositions() }
    if index < positionIndex { (positionIndex, positionOrdinal) = (0, 0) }
    let isPacked = block < blockCount
    if isPacked {
      var ordinal = positionOrdinal
      for place in positionIndex..<index { unsafe ordinal &+= Int(frequencies[place]) }
      (positionIndex, positionOrdinal) = (index, ordinal)
    } else {
      try skipVariable(to: index)
    }
    let count = unsafe Int(frequencies[index])
    let bytes = unsafe list.unsafeBytes
    var position: UInt64 = 0
    if !isPacked {
      var reader = ByteReader(list, at: positionOrdinal)
      for _ in 0..<count {
        position += UInt64(try reader.variable(atMost: Int(UInt32.max)))
        guard position < UInt64(UInt32.max) else { throw reader.corrupted("a position of more than 32 bits") }
        if !body(UInt32(truncatingIfNeeded: position)) { return }
      }
      return
    }
    let start = positionStart &* 8 &+ positionOrdinal &* positionBits
    // No product passes 2⁶³: a block has at most 128 × 2³² positions of at most 32 bits. And positions of one document differ: none but a
    // first one takes no bits.
    guard start + count * positionBits <= bytes.count * 8, positionBits > 0 || count <= 1 else {
      throw damaged("positions outside the posting list", positionStart)
    }
    let mask: UInt64 = (1 << UInt64(positionBits)) - 1
    for number in 0..<count {
      let bit = start &+ number &* positionBits
      let byte = bit >> 3
      var word: UInt64 = 0
      // In bounds: eight bytes are compared with the list; of fewer, those before its end are read, which the guard says hold the number.
      if byte &+ 8 <= bytes.count {
        word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
      } else {
        for offset in 0..<max(0, bytes.count &- byte) { word |= unsafe UInt64(bytes[byte &+ offset]) << UInt64(8 &* offset) }
      }
      position &+= word >> UInt64(bit & 7) & mask
      guard position < UInt64(UInt32.max) else { throw damaged("a position of more than 32 bits", positionStart) }
      if !body(UInt32(truncatingIfNeeded: position)) { return }
    }
  }

  /// Goes to the positions of a posting of the tail: `positionOrdinal` is where they begin.
  private mutating func skipVariable(to index: Int) throws(IndexError) {
    if positionOrdinal == 0 { positionOrdinal = positionStart }
    var reader = ByteReader(list, at: positionOrdinal)
    while positionIndex < index {
      for _ in 0..<(unsafe frequencies[positionIndex]) { _ = try reader.variable() }
      positionIndex += 1
    }
    positionOrdinal = reader.offset
  }

  private mutating func openPositions() throws(IndexError) {
    (positionIndex, positionOrdinal) = (0, 0)
    positionStart = positionsStart + (blockCount > 0 ? entry(block).positions : 0)
    if block < blockCount {
      guard positionStart < list.count else { throw damaged("positions outside the posting list", positionStart) }
      // In bounds: just compared.
      positionBits = unsafe Int(list.unsafeBytes[positionStart])
      positionStart += 1
      guard positionBits <= 32 else { throw damaged("positions of more than 32 bits", positionStart) }
    } else {
      guard positionStart <= list.count else { throw damaged("positions outside the posting list", positionStart) }
    }
  }
}
