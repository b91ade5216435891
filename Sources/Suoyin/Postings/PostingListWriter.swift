// How is a term's posting list laid down?
//
// Why the unsafe code here is sound: every document has a length, or none has; pointers into the columns are used while nothing is appended to those, at places below their
// counts: documents and frequencies are as many, and `appendPositions` compares the positions of each block with their number. A scratch
// block has room for the 128 numbers that `BitPacking` reads, and every loop over it ends at 128.

internal import CKernels

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
  /// The postings so far.
  var columns = PostingColumns()
  private var head = ByteWriter()
  private var body = ByteWriter()
  private var entries = ByteWriter()
  private var positionBytes = ByteWriter()
  private var whole = Frontier()
  private var frontier = Frontier()
  private static let blockLength = BitPacking.blockLength

  /// Offsets inside a list have 32 bits.
  package static let longestList = Int(UInt32.max)

  package init() {}

  package var count: Int { columns.documents.count }

  /// The documents added so far, valid until the next change.
  @unsafe package var documentIDs: UnsafeBufferPointer<DocID> { unsafe UnsafeBufferPointer(columns.documents.elements) }

  /// Adds a posting.
  ///
  /// - Parameters:
  ///   - document: Greater than the one before.
  ///   - frequency: At least 1.
  ///   - positions: `frequency` positions, strictly ascending, or none in a list without positions.
  package mutating func append(_ document: DocID, frequency: UInt32, positions: ArraySlice<UInt32>) {
    assert((count == 0 || columns.documents[count - 1] < document) && frequency > 0)
    columns.documents.append(document)
    columns.frequencies.append(frequency)
    var previous: UInt32 = 0
    for position in positions {
      columns.deltas.append(position &- previous)
      previous = position
    }
  }

  /// Adds the postings of all occurrences of a term, each as document × 2³² + position, ascending.
  package mutating func append(_ occurrences: UnsafeBufferPointer<UInt64>, keepsPositions: Bool) {
    let count = occurrences.count
    guard let first = unsafe occurrences.first else { return }
    columns.documents.makeRoom(for: count)
    columns.frequencies.makeRoom(for: count)
    columns.deltas.makeRoom(for: count)
    let (newDocuments, ends, newDeltas) = unsafe (columns.documents.end, columns.frequencies.end, columns.deltas.end)
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
    unsafe columns.documents.didAppend(last + 1)
    unsafe columns.frequencies.didAppend(last + 1)
    if keepsPositions { unsafe columns.deltas.didAppend(count) }
  }

  /// Appends the whole list to `output` and makes this writer empty again. Of more than `longestList` bytes it cannot be read.
  ///
  /// - Parameter lengths: For each document of the segment, the length that the term is ranked by; empty for terms without lengths.
  package mutating func finish(into output: inout ByteWriter, lengths: [UInt32] = []) {
    let blockCount = count / Self.blockLength
    if blockCount == 0 {
      Self.appendTail(of: columns, behind: 0, to: &output)
      Self.appendVariable(columns.deltas, from: 0, to: &output)
    } else {
      precondition(lengths.isEmpty || Int(columns.documents[count - 1]) < lengths.count, "every document has a length")
      unsafe lengths.withUnsafeBufferPointer { unsafe appendBlocks(blockCount, $0.isEmpty ? nil : $0.baseAddress) }
      head.removeAll()
      whole.append(to: &head)
      output.append(fixed: UInt32(truncatingIfNeeded: 4 + head.count + entries.count + body.count))
      output.append(head)
      output.append(entries)
      output.append(body)
      output.append(positionBytes)
      whole.removeAll()
      body.removeAll()
      entries.removeAll()
      positionBytes.removeAll()
    }
    columns.removeAll()
  }

  private mutating func appendBlocks(_ blockCount: Int, _ lengths: UnsafePointer<UInt32>?) {
    let hasPositions = !columns.deltas.isEmpty
    let (documents, frequencies) = unsafe (columns.documents.elements, columns.frequencies.elements)
    guard let firstDocument = documents.baseAddress, let firstFrequency = frequencies.baseAddress else { return }
    var nextPosition = 0
    var previous = UInt32.max  // the document before the first, so that its gap is it
    for start in stride(from: 0, to: blockCount * Self.blockLength, by: Self.blockLength) {
      let positionCount = unsafe frontier.fill(firstDocument + start, firstFrequency + start, lengths: lengths)
      whole.add(frontier)
      let last = unsafe documents[start + Self.blockLength - 1]
      appendEntry(last: last)
      unsafe appendBlock(firstDocument + start, firstFrequency + start, behind: previous)
      if hasPositions {
        appendPositions(nextPosition..<nextPosition + positionCount)
        nextPosition += positionCount
      }
      previous = last
    }
    appendEntry(last: columns.documents[count - 1])
    for index in blockCount * Self.blockLength..<count {
      unsafe whole.add(frequency: frequencies[index], length: lengths.map { unsafe $0[Int(documents[index])] } ?? 0)
    }
    Self.appendTail(of: columns, behind: previous, to: &body)
    Self.appendVariable(columns.deltas, from: nextPosition, to: &positionBytes)
  }

  private mutating func appendEntry(last: DocID) {
    entries.append(fixed: last)
    entries.append(fixed: UInt32(truncatingIfNeeded: body.count))
    entries.append(fixed: UInt32(truncatingIfNeeded: positionBytes.count))
  }

  /// Appends the documents that fill no block, with their frequencies.
  private static func appendTail(of columns: borrowing PostingColumns, behind last: DocID, to output: inout ByteWriter) {
    let start = columns.documents.count / blockLength * blockLength
    let count = columns.documents.count - start
    let (documents, frequencies) = unsafe (columns.documents.elements, columns.frequencies.elements)
    guard count > 0, let first = documents.baseAddress, let firstFrequency = frequencies.baseAddress else { return }
    unsafe output.append(atMost: 10 * count + 1) {
      unsafe suoyin_write_tail(first + start, firstFrequency + start, count, last, $0)
    }
  }

  private static func appendVariable(_ numbers: borrowing GrowingBuffer<UInt32>, from start: Int, to output: inout ByteWriter) {
    let count = numbers.count - start
    guard count > 0, let first = unsafe numbers.elements.baseAddress else { return }
    unsafe output.append(atMost: 5 * count + 1) { unsafe suoyin_write_variables(first + start, count, $0) }
  }

  /// - Parameters:
  ///   - documents: 128 of them.
  ///   - frequencies: As many.
  private mutating func appendBlock(
    _ documents: UnsafePointer<UInt32>, _ frequencies: UnsafePointer<UInt32>, behind previous: UInt32
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.blockLength) { scratch in
      guard let gaps = scratch.baseAddress else { return }
      let rest = unsafe gaps + Self.blockLength
      unsafe suoyin_gaps128(documents, previous, gaps)
      for place in 0..<Self.blockLength { unsafe rest[place] = frequencies[place] &- 1 }
      let before = unsafe documents[Self.blockLength - 1]
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
        unsafe body.append(atMost: words * 8) {
          unsafe suoyin_numbers_to_bits128(documents, previous &+ 1, UInt32(words), $0)
          return words * 8
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
    precondition(range.upperBound <= columns.deltas.count, "a list has positions for all of its postings or for none")
    let values = unsafe columns.deltas.elements
    var all: UInt32 = 0
    for index in range { all |= unsafe values[index] }
    let width = BitPacking.width(of: all)
    positionBytes.append(byte: UInt8(width))
    guard width > 0, let first = values.baseAddress else { return }
    unsafe positionBytes.append(atMost: (range.count * width + 7) / 8 + Self.padding) {
      unsafe suoyin_pack_bits(first + range.lowerBound, range.count, UInt32(truncatingIfNeeded: width), $0)
    }
  }

  /// How many bytes may be written behind those that count.
  private static let padding = 16
}
