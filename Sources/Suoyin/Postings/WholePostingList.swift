// What is in a posting list, all of it, to be written again elsewhere?
//
// Why the unsafe code here is sound: bytes of the list, a checked slice that is alive meanwhile, are read at offsets that have been compared with
// its length; numbers are written where room was made for them; places of this list's buffers are below their counts.
internal import SuoyinStorage

/// All postings of a list, or those of them that are alive, with the differences of their positions as the list has them.
@safe struct WholePostingList: ~Copyable {
  private(set) var documents = GrowingBuffer<UInt32>()
  private(set) var frequencies = GrowingBuffer<UInt32>()
  private(set) var deltas = GrowingBuffer<UInt32>()
  /// The postings and positions that have been taken.
  private var taken = 0
  private var takenDeltas = 0

  init() {}

  /// The next document to be taken; `DocID.end` after the last.
  @inline(__always)
  var nextDocument: DocID { taken < documents.count ? unsafe documents.elements[taken] : .end }

  /// Reads a list in place of what was here, without comparing its positions with anything.
  mutating func read(_ list: ByteSlice, count: Int, limit: DocID, hasPositions: Bool) throws(IndexError) {
    documents.removeAll()
    frequencies.removeAll()
    deltas.removeAll()
    (taken, takenDeltas) = (0, 0)
    let blockCount = count / BitPacking.blockLength
    if blockCount == 0 {
      let positionsStart = try readTail(list, count: count, limit: limit)
      if hasPositions { try readVariable(list, at: positionsStart, count: positionCount(0..<count)) }
      return
    }
    var blocks = try PostingBlocks.open(list, count: count, limit: limit)
    for block in 0...blockCount {
      if block > 0 { try blocks.load(block) }
      blocks.loadFrequencies()
      unsafe documents.append(contentsOf: UnsafeBufferPointer(start: blocks.documents, count: blocks.length))
      unsafe frequencies.append(contentsOf: UnsafeBufferPointer(start: blocks.frequencies, count: blocks.length))
    }
    guard hasPositions else { return }
    // `PostingBlocks` has compared this offset with the list.
    var offset = Int(list.integer(at: 0, as: UInt32.self) ?? 0)
    for block in 0..<blockCount {
      let start = block * BitPacking.blockLength
      offset = try readPacked(list, at: offset, count: positionCount(start..<start + BitPacking.blockLength))
    }
    try readVariable(list, at: offset, count: positionCount(blockCount * BitPacking.blockLength..<count))
  }

  private func positionCount(_ range: Range<Int>) -> Int {
    var count = 0
    for index in range { count &+= Int(frequencies[index]) }
    return count
  }

  /// Reads a list without blocks and returns where its positions begin.
  private mutating func readTail(_ list: ByteSlice, count: Int, limit: DocID) throws(IndexError) -> Int {
    var offset = 0
    var document: UInt64 = 0
    for index in 0..<count {
      let code = try Self.variable(list, &offset)
      document += code >> 1
      guard document < UInt64(limit), code >> 1 > 0 || index == 0 else {
        throw .corrupted("documents of a posting list do not ascend", in: list, at: offset)
      }
      let frequency = code & 1 == 1 ? 1 : try Self.variable(list, &offset) &+ 2
      documents.append(UInt32(truncatingIfNeeded: document))
      frequencies.append(UInt32(truncatingIfNeeded: frequency))
    }
    return offset
  }

  private mutating func readVariable(_ list: ByteSlice, at start: Int, count: Int) throws(IndexError) {
    // Each takes a byte at least.
    guard count <= list.count - start else { throw .corrupted("positions outside the posting list", in: list, at: start) }
    var offset = start
    deltas.makeRoom(for: count)
    for _ in 0..<count { deltas.append(UInt32(truncatingIfNeeded: try Self.variable(list, &offset))) }
  }

  /// A number of at most 34 bits, as documents and their marks are.
  @inline(__always)
  private static func variable(_ list: ByteSlice, _ offset: inout Int) throws(IndexError) -> UInt64 {
    if offset < list.count {
      // In bounds: just compared.
      let byte = unsafe list.unsafeBytes[offset]
      if byte < 0x80 {
        offset &+= 1
        return UInt64(byte)
      }
    }
    var reader = ByteReader(list, at: offset)
    let value = try reader.variable(atMost: 1 << 34)
    offset = reader.offset
    return UInt64(value)
  }

  /// Reads the positions of a block and returns where those of the next begin.
  private mutating func readPacked(_ list: ByteSlice, at start: Int, count: Int) throws(IndexError) -> Int {
    let bytes = unsafe list.unsafeBytes
    let length = bytes.count
    guard start < length else { throw .corrupted("positions outside the posting list", in: list, at: start) }
    let first = start + 1
    let width = unsafe Int(bytes[start])
    // No product passes 2⁶³: a block has at most 128 × 2³² positions of at most 32 bits. Without bits a document has one position at most.
    guard width <= 32, count * width <= (length - first) * 8, width > 0 || count <= BitPacking.blockLength else {
      throw .corrupted("positions outside the posting list", in: list, at: start)
    }
    let mask: UInt64 = (1 << UInt64(width)) &- 1
    unsafe deltas.append(atMost: count) { deltas in
      // Eight bytes are read where a number begins: those of the list, for all numbers but some of the last.
      let safe = width == 0 ? count : min(count, max(0, (length &- 8 &- first) &* 8 / width))
      var bit = 0
      for index in 0..<safe {
        let word = width == 0 ? 0 : unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: first &+ bit >> 3, as: UInt64.self))
        unsafe deltas[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
        bit &+= width
      }
      for index in safe..<count {
        let byte = first &+ bit >> 3
        var word: UInt64 = 0
        for offset in 0..<min(8, length &- byte) { word |= unsafe UInt64(bytes[byte &+ offset]) << UInt64(8 &* offset) }
        unsafe deltas[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
        bit &+= width
      }
      return count
    }
    return first + (count * width + 7) / 8
  }

  // MARK: Writing again

  /// Gives every document its new number and leaves out those that get `DocID.end`. What is kept must ascend.
  mutating func renumber(_ numbers: [DocID], hasPositions: Bool) {
    let numbers = numbers.span
    let (documents, frequencies, deltas) = unsafe (self.documents.elements, self.frequencies.elements, self.deltas.elements)
    var kept = 0
    var (keptDeltas, nextDelta) = (0, 0)
    // Invariant: `kept` is at most `index`, and `keptDeltas` at most `nextDelta`, which is at most the number of positions read.
    for index in 0..<documents.count {
      let (number, frequency) = unsafe (numbers[Int(documents[index])], frequencies[index])
      let positions = hasPositions ? Int(frequency) : 0
      if number != .end {
        unsafe documents[kept] = number
        unsafe frequencies[kept] = frequency
        if keptDeltas < nextDelta {
          for offset in 0..<positions { unsafe deltas[keptDeltas &+ offset] = deltas[nextDelta &+ offset] }
        }
        kept &+= 1
        keptDeltas &+= positions
      }
      nextDelta &+= positions
    }
    self.documents.truncate(to: kept)
    self.frequencies.truncate(to: kept)
    self.deltas.truncate(to: keptDeltas)
  }

  /// Moves the postings before a document to a writer.
  mutating func take(before end: DocID, into writer: inout PostingListWriter, hasPositions: Bool) {
    let (documents, frequencies, deltas) = unsafe (self.documents.elements, self.frequencies.elements, self.deltas.elements)
    let start = taken
    var positions = 0
    if unsafe start == 0 && (documents.last ?? .end) < end {
      taken = documents.count
      positions = deltas.count
    } else {
      while taken < documents.count, unsafe documents[taken] < end {
        positions &+= unsafe Int(frequencies[taken])
        taken &+= 1
      }
    }
    unsafe writer.append(
      documents: UnsafeBufferPointer(rebasing: documents[start..<taken]),
      frequencies: UnsafeBufferPointer(rebasing: frequencies[start..<taken]))
    if hasPositions {
      unsafe writer.appendDeltas(UnsafeBufferPointer(rebasing: deltas[takenDeltas..<takenDeltas + positions]))
      takenDeltas += positions
    }
  }
}
