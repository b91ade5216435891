// How is a term's posting list laid down?
//
// Why the unsafe code here is sound: pointers into the buffers of numbers are used while nothing is appended to those, at places below their
// counts: documents and frequencies are as many, and `finish` compares the number of positions with the sum of the frequencies. A scratch
// block has room for the 128 numbers that `BitPacking` reads, and every loop over it ends at 128.

/// Writes the postings of one term: documents and frequencies in blocks of 128, bit-packed, and the positions of each block behind all blocks.
///
///     list      = [head] block* tail positions             the head only from 128 documents on
///     head      = positionsOffset:u32 frontier { last:u32 block:u32 positions:u32 } × (blocks + 1)
///     block     = documentsCode:u8 frequencyBits:u8 exceptionCounts:u8 frontier documents frequencies
///     documents = gaps − 1, packed in documentsCode bits, and their exceptions; or, where that is shorter, documentsCode − 64 words of 64
///                 bits, one bit for each document behind the block before
///     tail      = { delta << 1 | (frequency == 1)  [frequency − 2] } in variable bytes
///     positions = for each block bits:u8 and { position − previous position of the same document }, packed side by side;
///                 for the tail the same in variable bytes
///
/// An entry of the head gives, for each block, its last document, and where it and its positions begin; for the tail, that of the list.
package struct PostingListWriter: ~Copyable {
  private var documents = GrowingBuffer<UInt32>()
  private var frequencies = GrowingBuffer<UInt32>()
  /// The differences of positions, those of each document one after another.
  private var deltas = GrowingBuffer<UInt32>()
  private var head = ByteWriter()
  private var body = ByteWriter()
  private var entries = ByteWriter()
  private var positionBytes = ByteWriter()
  private var whole = Frontier()
  private var frontier = Frontier()
  private static let blockLength = BitPacking.blockLength

  package init() {}

  package var count: Int { documents.count }

  /// The documents added so far, valid until the next change.
  @unsafe package var documentIDs: UnsafeBufferPointer<DocID> { unsafe UnsafeBufferPointer(documents.elements) }

  /// Adds a posting.
  ///
  /// - Parameters:
  ///   - document: Greater than the one before.
  ///   - frequency: At least 1.
  ///   - positions: `frequency` positions, strictly ascending, or none in a list without positions.
  package mutating func append(_ document: DocID, frequency: UInt32, positions: ArraySlice<UInt32>) {
    append(document, frequency: frequency)
    var previous: UInt32 = 0
    for position in positions {
      deltas.append(position &- previous)
      previous = position
    }
  }

  /// Adds a posting whose positions, if the list has any, come by `appendDeltas`.
  @inline(__always)
  package mutating func append(_ document: DocID, frequency: UInt32) {
    assert((documents.isEmpty || documents[documents.count - 1] < document) && frequency > 0)
    documents.append(document)
    frequencies.append(frequency)
  }

  /// Adds postings, without their positions.
  package mutating func append(documents more: UnsafeBufferPointer<UInt32>, frequencies moreFrequencies: UnsafeBufferPointer<UInt32>) {
    precondition(more.count == moreFrequencies.count, "every document has a frequency")
    unsafe documents.append(contentsOf: more)
    unsafe frequencies.append(contentsOf: moreFrequencies)
  }

  /// Adds positions, each less the one before it in the same document, for postings in their order.
  package mutating func appendDeltas(_ more: UnsafeBufferPointer<UInt32>) { unsafe deltas.append(contentsOf: more) }

  /// Adds the postings of all occurrences of a term, each as document × 2³² + position, ascending.
  package mutating func append(_ occurrences: UnsafeBufferPointer<UInt64>, keepsPositions: Bool) {
    let count = occurrences.count
    guard let first = unsafe occurrences.first else { return }
    documents.makeRoom(for: count)
    frequencies.makeRoom(for: count)
    deltas.makeRoom(for: count)
    let (newDocuments, ends, newDeltas) = unsafe (documents.end, frequencies.end, deltas.end)
    // Without a branch: where a document ends is not to be foreseen.
    var last = -1
    // Before the first occurrence there is another document, so that `last` is 0 then.
    var (previous, position): (UInt32, UInt32) = (~UInt32(truncatingIfNeeded: first >> 32), 0)
    for index in 0..<count {
      let occurrence = unsafe occurrences[index]
      let document = UInt32(truncatingIfNeeded: occurrence >> 32)
      let isNew = UInt32(unsafe unsafeBitCast(document != previous, to: UInt8.self))
      last &+= Int(isNew)
      unsafe newDocuments[last] = document
      unsafe ends[last] = UInt32(truncatingIfNeeded: index &+ 1)
      // Of the first position in a document nothing is taken away.
      unsafe newDeltas[index] = UInt32(truncatingIfNeeded: occurrence) &- (position & (isNew &- 1))
      position = UInt32(truncatingIfNeeded: occurrence)
      previous = document
    }
    for place in stride(from: last, to: 0, by: -1) { unsafe ends[place] &-= ends[place &- 1] }
    unsafe documents.didAppend(last + 1)
    unsafe frequencies.didAppend(last + 1)
    if keepsPositions { unsafe deltas.didAppend(count) }
  }

  /// Appends the whole list to `output` and makes this writer empty again.
  ///
  /// - Parameter lengths: For each document of the segment, the length that the term is ranked by; empty for terms without lengths.
  package mutating func finish(into output: inout ByteWriter, lengths: [UInt32] = []) {
    let blockCount = documents.count / Self.blockLength
    if blockCount == 0 {
      Self.appendTail(documents, frequencies, behind: 0, to: &output)
      for index in 0..<deltas.count { output.append(variable: UInt64(deltas[index])) }
    } else {
      appendBlocks(blockCount, lengths.span)
      head.removeAll()
      whole.append(to: &head)
      output.append(fixed: UInt32(4 + head.count + entries.count + body.count))
      output.append(head)
      output.append(entries)
      output.append(body)
      output.append(positionBytes)
      whole.removeAll()
      body.removeAll()
      entries.removeAll()
      positionBytes.removeAll()
    }
    documents.removeAll()
    frequencies.removeAll()
    deltas.removeAll()
  }

  private mutating func appendBlocks(_ blockCount: Int, _ lengths: borrowing Span<UInt32>) {
    let hasPositions = !deltas.isEmpty
    let hasLengths = !lengths.isEmpty
    var nextPosition = 0
    var previous = UInt32.max  // the document before the first, so that its gap is it
    for block in 0..<blockCount {
      let range = block * Self.blockLength..<(block + 1) * Self.blockLength
      frontier.removeAll()
      var positionCount = 0
      let (documents, frequencies) = unsafe (self.documents.elements, self.frequencies.elements)
      for index in range {
        let frequency = unsafe frequencies[index]
        unsafe frontier.add(frequency: frequency, length: hasLengths ? lengths[Int(documents[index])] : 0)
        positionCount &+= Int(frequency)
      }
      whole.add(frontier)
      let last = unsafe documents[range.upperBound - 1]
      appendEntry(last: last)
      appendBlock(range, behind: previous)
      if hasPositions {
        appendPositions(nextPosition..<nextPosition + positionCount)
        nextPosition += positionCount
      }
      previous = last
    }
    appendEntry(last: documents[documents.count - 1])
    for index in blockCount * Self.blockLength..<documents.count {
      whole.add(frequency: frequencies[index], length: lengths.isEmpty ? 0 : lengths[Int(documents[index])])
    }
    Self.appendTail(documents, frequencies, behind: previous, to: &body)
    for index in nextPosition..<deltas.count { positionBytes.append(variable: UInt64(deltas[index])) }
  }

  private mutating func appendEntry(last: DocID) {
    entries.append(fixed: last)
    entries.append(fixed: UInt32(body.count))
    entries.append(fixed: UInt32(positionBytes.count))
  }

  /// Appends the documents that fill no block, with their frequencies.
  private static func appendTail(
    _ documents: borrowing GrowingBuffer<UInt32>, _ frequencies: borrowing GrowingBuffer<UInt32>, behind last: DocID,
    to output: inout ByteWriter
  ) {
    var previous = last
    for index in documents.count / blockLength * blockLength..<documents.count {
      let (document, frequency) = (documents[index], frequencies[index])
      output.append(variable: UInt64(document &- previous) << 1 | (frequency == 1 ? 1 : 0))
      if frequency != 1 { output.append(variable: UInt64(frequency - 2)) }
      previous = document
    }
  }

  private mutating func appendBlock(_ range: Range<Int>, behind previous: UInt32) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.blockLength) { scratch in
      guard let gaps = scratch.baseAddress else { return }
      let rest = unsafe gaps + Self.blockLength
      let (documents, frequencies) = unsafe (self.documents.elements, self.frequencies.elements)
      var before = previous
      for place in 0..<Self.blockLength {
        let document = unsafe documents[range.lowerBound &+ place]
        unsafe gaps[place] = document &- before &- 1
        unsafe rest[place] = frequencies[range.lowerBound &+ place] &- 1
        before = document
      }
      let gap = unsafe BitPacking.bestWidth(of: gaps, leastGain: Self.leastGainOfExceptions)
      let frequency = unsafe BitPacking.bestWidth(of: rest)
      // One bit for every document from the first possible one to the last.
      let words = (Int(before &- previous) + 63) / 64
      let isBitmap = words <= Self.maximumBitmapWords && words * 8 <= BitPacking.packedLength(width: gap.width) + 2 * gap.exceptions
      body.append(byte: UInt8(isBitmap ? Self.bitmapCode + words : gap.width))
      body.append(byte: UInt8(frequency.width))
      body.append(byte: UInt8((isBitmap ? 0 : gap.exceptions) | frequency.exceptions << 4))
      frontier.append(to: &body)
      if isBitmap {
        unsafe body.append(count: words * 8) { bits in
          var bit = -1
          for place in 0..<Self.blockLength {
            bit += unsafe Int(gaps[place]) + 1
            unsafe bits[bit >> 3] |= 1 << UInt8(bit & 7)
          }
        }
      } else {
        unsafe BitPacking.append(gaps, width: gap.width, hasExceptions: gap.exceptions > 0, to: &body)
      }
      unsafe BitPacking.append(rest, width: frequency.width, hasExceptions: frequency.exceptions > 0, to: &body)
    }
  }

  /// How many bytes exceptions must save among gaps. Measured on 147,288 articles: 2 % more bytes, 3 % fewer instructions per question.
  private static let leastGainOfExceptions = 24
  /// Added to the number of words of a block whose documents are bits.
  static let bitmapCode = 64
  static let maximumBitmapWords = 64

  /// The positions of a block, side by side in as many bits as the widest needs.
  private mutating func appendPositions(_ range: Range<Int>) {
    precondition(range.upperBound <= deltas.count, "a list has positions for all of its postings or for none")
    let values = unsafe deltas.elements
    var all: UInt32 = 0
    for index in range { all |= unsafe values[index] }
    let width = BitPacking.width(of: all)
    positionBytes.append(byte: UInt8(width))
    if width == 0 { return }
    var pending: UInt64 = 0
    var pendingBits = 0
    // Invariant: fewer than 32 bits are pending, so that one more number fits.
    for index in range {
      pending |= unsafe UInt64(values[index]) << UInt64(pendingBits)
      pendingBits &+= width
      if pendingBits >= 32 {
        positionBytes.append(fixed: UInt32(truncatingIfNeeded: pending))
        pending >>= 32
        pendingBits &-= 32
      }
    }
    while pendingBits > 0 {
      positionBytes.append(byte: UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }
}
