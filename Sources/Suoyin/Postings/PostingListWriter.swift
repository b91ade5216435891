// How is a term's posting list laid down?
//
// Why the unsafe code here is sound: `block` has room for the 128 numbers that `BitPacking` reads, and every loop over it ends at 128.

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
package struct PostingListWriter {
  package private(set) var documents: [UInt32] = []
  private var frequencies: [UInt32] = []
  /// The differences of positions, those of each document one after another.
  private var positions: [UInt32] = []
  private var body = ByteWriter()
  private var entries = ByteWriter()
  private var positionBytes = ByteWriter()
  private static let blockLength = BitPacking.blockLength

  package init() {}

  package var count: Int { documents.count }

  /// Adds a posting.
  ///
  /// - Parameters:
  ///   - document: Greater than the one before.
  ///   - frequency: At least 1.
  ///   - positions: `frequency` positions, strictly ascending, or none in a list without positions.
  @inline(__always)
  package mutating func append(_ document: DocID, frequency: UInt32, positions list: ArraySlice<UInt32>) {
    assert(documents.last.map { $0 < document } ?? true && frequency > 0)
    documents.append(document)
    frequencies.append(frequency)
    var previous: UInt32 = 0
    for position in list {
      positions.append(position &- previous)
      previous = position
    }
  }

  /// Appends the whole list to `output` and makes this writer empty again.
  ///
  /// - Parameter lengths: For each document of the segment, the length that the term is ranked by; empty for terms without lengths.
  package mutating func finish(into output: inout ByteWriter, lengths: [UInt32] = []) {
    let blockCount = documents.count / Self.blockLength
    let hasPositions = !positions.isEmpty
    var whole = Frontier()
    var frontier = Frontier()
    var nextPosition = 0
    var previous = UInt32.max  // the document before the first, so that its gap is it
    for block in 0..<blockCount {
      let range = block * Self.blockLength..<(block + 1) * Self.blockLength
      frontier.removeAll()
      var positionCount = 0
      for index in range {
        frontier.add(frequency: frequencies[index], length: lengths.isEmpty ? 0 : lengths[Int(documents[index])])
        positionCount += Int(frequencies[index])
      }
      whole.add(frontier)
      entries.append(fixed: documents[range.upperBound - 1])
      entries.append(fixed: UInt32(body.count))
      entries.append(fixed: UInt32(positionBytes.count))
      appendBlock(range, behind: previous, frontier)
      if hasPositions {
        appendPositions(nextPosition..<nextPosition + positionCount)
        nextPosition += positionCount
      }
      previous = documents[range.upperBound - 1]
    }
    let tail = blockCount * Self.blockLength..<documents.count
    if blockCount > 0 {
      entries.append(fixed: documents[documents.count - 1])
      entries.append(fixed: UInt32(body.count))
      entries.append(fixed: UInt32(positionBytes.count))
    }
    for index in tail {
      let frequency = frequencies[index]
      let delta = documents[index] &- (previous == .max ? 0 : previous)
      body.append(variable: UInt64(delta) << 1 | (frequency == 1 ? 1 : 0))
      if frequency != 1 { body.append(variable: UInt64(frequency - 2)) }
      previous = documents[index]
      if blockCount > 0 { whole.add(frequency: frequency, length: lengths.isEmpty ? 0 : lengths[Int(documents[index])]) }
    }
    for index in nextPosition..<positions.count { positionBytes.append(variable: UInt64(positions[index])) }

    if blockCount > 0 {
      var head = ByteWriter()
      whole.append(to: &head)
      output.append(fixed: UInt32(4 + head.count + entries.count + body.count))
      output.append(head.bytes)
      output.append(entries.bytes)
    }
    output.append(body.bytes)
    output.append(positionBytes.bytes)
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    body.removeAll()
    entries.removeAll()
    positionBytes.removeAll()
  }

  private mutating func appendBlock(_ range: Range<Int>, behind previous: UInt32, _ frontier: Frontier) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.blockLength) { scratch in
      guard let gaps = scratch.baseAddress else { return }
      let rest = unsafe gaps + Self.blockLength
      var before = previous
      for (place, index) in range.enumerated() {
        unsafe gaps[place] = documents[index] &- before &- 1
        unsafe rest[place] = frequencies[index] - 1
        before = documents[index]
      }
      let gap = unsafe BitPacking.bestWidth(of: gaps)
      let frequency = unsafe BitPacking.bestWidth(of: rest)
      // One bit for every document from the first possible one to the last.
      let words = (Int(before &- previous) + 63) / 64
      let isBitmap = words <= Self.maximumBitmapWords && words * 8 <= BitPacking.packedLength(width: gap.width) + 2 * gap.exceptions
      body.append(byte: UInt8(isBitmap ? Self.bitmapCode + words : gap.width))
      body.append(byte: UInt8(frequency.width))
      body.append(byte: UInt8((isBitmap ? 0 : gap.exceptions) | frequency.exceptions << 4))
      frontier.append(to: &body)
      if isBitmap {
        var bits = [UInt64](repeating: 0, count: words)
        for index in range {
          let bit = Int(documents[index] &- previous &- 1)
          bits[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        for word in bits { body.append(fixed: word) }
      } else {
        unsafe BitPacking.append(gaps, width: gap.width, to: &body)
      }
      unsafe BitPacking.append(rest, width: frequency.width, to: &body)
    }
  }

  /// Added to the number of words of a block whose documents are bits.
  static let bitmapCode = 64
  static let maximumBitmapWords = 64

  /// The positions of a block, side by side in as many bits as the widest needs.
  private mutating func appendPositions(_ range: Range<Int>) {
    var all: UInt32 = 0
    for index in range { all |= positions[index] }
    let width = BitPacking.width(of: all)
    positionBytes.append(byte: UInt8(width))
    var pending: UInt64 = 0
    var pendingBits = 0
    for index in range {
      pending |= UInt64(positions[index]) << UInt64(pendingBits)
      pendingBits += width
      while pendingBits >= 8 {
        positionBytes.append(byte: UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        pendingBits -= 8
      }
    }
    if pendingBits > 0 { positionBytes.append(byte: UInt8(truncatingIfNeeded: pending)) }
  }
}
