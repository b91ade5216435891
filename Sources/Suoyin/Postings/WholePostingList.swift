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

  /// Where the lists of a segment are, and what its documents are called from now on.
  struct Source {
    /// The section of the posting lists, all of it checked.
    let lists: ByteSlice
    /// For every document of the segment its new number, ascending, or `DocID.end`.
    let numbers: [DocID]
    /// Whether any of them is `DocID.end`.
    let hasDead: Bool
  }

  /// Reads a list in place of what was here, with the new numbers of its documents and without those that have none. Positions are compared
  /// with nothing.
  mutating func read(_ value: StringValue, of source: borrowing Source, hasPositions: Bool) throws(IndexError) {
    documents.removeAll()
    frequencies.removeAll()
    deltas.removeAll()
    (taken, takenDeltas) = (0, 0)
    let count = value.count
    guard count > 0, count <= source.numbers.count, value.range.upperBound <= source.lists.count else {
      throw .corrupted("a term with \(count) documents, or with a list that is not there", in: source.lists)
    }
    if count < BitPacking.blockLength {
      try readShort(value, source.lists, source.numbers.span, hasPositions: hasPositions)
    } else if let list = source.lists.slice(at: value.range.lowerBound, count: value.range.count) {
      try readLong(list, count: count, source.numbers.span, hasPositions: hasPositions)
    }
    if source.hasDead { removeDead(hasPositions: hasPositions) }
  }

  /// Reads a list without blocks.
  private mutating func readShort(
    _ value: StringValue, _ lists: ByteSlice, _ numbers: borrowing Span<DocID>, hasPositions: Bool
  ) throws(IndexError) {
    // In bounds: `read` has compared the range with the section.
    let list = unsafe UnsafeRawBufferPointer(rebasing: lists.unsafeBytes[value.range])
    documents.makeRoom(for: value.count)
    frequencies.makeRoom(for: value.count)
    var offset = 0
    var document: UInt64 = 0
    var positionCount: UInt64 = 0
    for index in 0..<value.count {
      let code = unsafe Self.variable(list, &offset)
      document &+= code >> 1
      let isInOrder = code >> 1 > 0 || index == 0
      let frequency = code & 1 == 1 ? 1 : unsafe Self.variable(list, &offset) &+ 2
      guard isInOrder, document < UInt64(numbers.count), frequency <= UInt64(UInt32.max), offset <= list.count else {
        throw .corrupted("documents of a posting list do not ascend", in: lists, at: value.range.lowerBound)
      }
      documents.append(numbers[Int(truncatingIfNeeded: document)])
      frequencies.append(UInt32(truncatingIfNeeded: frequency))
      positionCount &+= frequency
    }
    guard hasPositions else { return }
    guard unsafe readVariable(list, at: offset, count: Int(positionCount)) else {
      throw .corrupted("positions outside the posting list", in: lists, at: value.range.lowerBound)
    }
  }

  private mutating func readLong(
    _ list: ByteSlice, count: Int, _ numbers: borrowing Span<DocID>, hasPositions: Bool
  ) throws(IndexError) {
    let blockCount = count / BitPacking.blockLength
    var blocks = try PostingBlocks.open(list, count: count, limit: DocID(numbers.count))
    for block in 0...blockCount {
      if block > 0 { try blocks.load(block) }
      blocks.loadFrequencies()
      unsafe documents.append(atMost: blocks.length) { documents in
        // `PostingBlocks` gives documents below the limit.
        for index in 0..<blocks.length { unsafe documents[index] = numbers[Int(blocks.documents[index])] }
        return blocks.length
      }
      unsafe frequencies.append(contentsOf: UnsafeBufferPointer(start: blocks.frequencies, count: blocks.length))
    }
    guard hasPositions else { return }
    // `PostingBlocks` has compared this offset with the list.
    var offset = Int(list.integer(at: 0, as: UInt32.self) ?? 0)
    for block in 0..<blockCount {
      let start = block * BitPacking.blockLength
      offset = try readPacked(list, at: offset, count: positionCount(start..<start + BitPacking.blockLength))
    }
    guard unsafe readVariable(list.unsafeBytes, at: offset, count: positionCount(blockCount * BitPacking.blockLength..<count)) else {
      throw .corrupted("positions outside the posting list", in: list, at: offset)
    }
  }

  private func positionCount(_ range: Range<Int>) -> Int {
    var count = 0
    for index in range { count &+= Int(frequencies[index]) }
    return count
  }

  /// Reads positions in variable bytes; false when there are not so many.
  private mutating func readVariable(_ list: UnsafeRawBufferPointer, at start: Int, count: Int) -> Bool {
    // Each takes a byte at least.
    guard start <= list.count, count <= list.count - start else { return false }
    var offset = start
    unsafe deltas.append(atMost: count) { deltas in
      for index in 0..<count { unsafe deltas[index] = UInt32(truncatingIfNeeded: Self.variable(list, &offset)) }
      return count
    }
    return offset <= list.count
  }

  /// A number in variable bytes; beyond the end of the list it is 0, and the offset passes the end.
  @inline(__always)
  private static func variable(_ list: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    // Terminates: the shift grows by 7 and ends at 63.
    while offset < list.count, shift < 64 {
      // In bounds: just compared.
      let byte = unsafe list[offset]
      offset &+= 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    offset = list.count &+ 1
    return 0
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

  /// Leaves out the documents that are called `DocID.end`.
  private mutating func removeDead(hasPositions: Bool) {
    let (documents, frequencies, deltas) = unsafe (self.documents.elements, self.frequencies.elements, self.deltas.elements)
    var kept = 0
    var (keptDeltas, nextDelta) = (0, 0)
    // Invariant: `kept` is at most `index`, and `keptDeltas` at most `nextDelta`, which is at most the number of positions read.
    for index in 0..<documents.count {
      let (number, frequency) = unsafe (documents[index], frequencies[index])
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

  // MARK: Writing again

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
