// How is a term's posting list laid down?

/// Writes the postings of one term: documents and frequencies in blocks of 128, bit-packed, then positions.
///
///     list      = [directory] block* tail positions          the directory only from 128 documents on
///     directory = positionsOffset:u32 { base:u32 block:u32 positions:u32 } × (blocks + 1)
///     block     = deltaBits:u8 frequencyBits:u8 deltas frequencies − 1, both packed
///     tail      = { delta << 1 | (frequency == 1)  [frequency − 2] } in variable bytes
///     positions = { position − previous position of the same document } in variable bytes
///
/// A directory entry gives, for each block and the tail, the last document before it, and where it and its positions begin.
package struct PostingListWriter {
  package private(set) var documents: [UInt32] = []
  private var frequencies: [UInt32] = []
  private var positions = ByteWriter()
  /// Where each block's positions begin, the tail's included.
  private var positionStarts: [Int] = []
  private let blockLength = BitPacking.blockLength

  package init() {}

  package var count: Int { documents.count }

  /// Adds a posting.
  ///
  /// - Parameters:
  ///   - document: Greater than the one before.
  ///   - frequency: At least 1.
  ///   - positions: `frequency` positions, strictly ascending, or none in a list without positions.
  package mutating func append(_ document: DocID, frequency: UInt32, positions list: ArraySlice<UInt32>) {
    assert(documents.last.map { $0 < document } ?? true && frequency > 0)
    if documents.count % blockLength == 0 { positionStarts.append(positions.count) }
    documents.append(document)
    frequencies.append(frequency)
    var previous: UInt32 = 0
    for position in list {
      positions.append(variable: UInt64(position - previous))
      previous = position
    }
  }

  /// Appends the whole list to `output` and makes this writer empty again.
  package mutating func finish(into output: inout ByteWriter) {
    let blockCount = documents.count / blockLength
    var body = ByteWriter()
    var directory = ByteWriter()
    var base: UInt32 = 0
    for block in 0..<blockCount {
      directory.append(fixed: base)
      directory.append(fixed: UInt32(body.count))
      directory.append(fixed: UInt32(positionStarts[block]))
      let range = block * blockLength..<(block + 1) * blockLength
      let deltas = range.map { documents[$0] - ($0 == range.lowerBound ? base : documents[$0 - 1]) }
      let rest = range.map { frequencies[$0] - 1 }
      let deltaBits = BitPacking.width(of: deltas[...])
      let frequencyBits = BitPacking.width(of: rest[...])
      body.append(byte: UInt8(deltaBits))
      body.append(byte: UInt8(frequencyBits))
      BitPacking.pack(deltas[...], width: deltaBits, into: &body)
      BitPacking.pack(rest[...], width: frequencyBits, into: &body)
      base = documents[range.upperBound - 1]
    }
    if blockCount > 0 {
      directory.append(fixed: base)
      directory.append(fixed: UInt32(body.count))
      directory.append(fixed: UInt32(positionStarts.count > blockCount ? positionStarts[blockCount] : positions.count))
    }
    for index in blockCount * blockLength..<documents.count {
      let frequency = frequencies[index]
      body.append(variable: UInt64(documents[index] - base) << 1 | (frequency == 1 ? 1 : 0))
      if frequency > 1 { body.append(variable: UInt64(frequency - 2)) }
      base = documents[index]
    }
    if blockCount > 0 {
      output.append(fixed: UInt32(4 + directory.count + body.count))
      output.append(directory.bytes)
    }
    output.append(body.bytes)
    output.append(positions.bytes)
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    positions.removeAll()
    positionStarts.removeAll(keepingCapacity: true)
  }
}
