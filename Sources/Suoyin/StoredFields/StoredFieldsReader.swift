// Give me the passage back.
package import SuoyinStorage
internal import Synchronization

/// Reads records by document ID. The block read last is kept, so that a walk in order expands every block once.
package final class StoredFieldsReader: Sendable {
  private let file: SectionFile
  private let blocksSection: UInt32
  /// The section that says where blocks begin, whose pages are checked when an entry is read, and where it begins.
  private let index: ByteSlice
  private let indexStart: Int
  private let documentCount: Int
  private let blockCount: Int
  private static let entryLength = 12

  private struct Block {
    var number: Int
    var records: [ArraySlice<UInt8>]
  }
  private let last = Mutex<Block?>(nil)

  package init(_ file: SectionFile, blocks: UInt32, index: UInt32, documentCount: Int) throws(IndexError) {
    self.file = file
    blocksSection = blocks
    self.documentCount = documentCount
    (self.index, indexStart) = try withIndexErrors { try file.uncheckedSection(index) }
    guard self.index.count >= 8, (self.index.count - 8) % Self.entryLength == 0 else {
      throw .corrupted("the index of stored fields has a wrong length", in: self.index)
    }
    blockCount = (self.index.count - 8) / Self.entryLength
  }

  /// The record of a document, which must be below the segment's number of documents.
  ///
  /// - Complexity: O(log *blocks*) and one block of about 16 KiB expanded.
  package func record(of document: DocID) throws(IndexError) -> ArraySlice<UInt8> {
    let low = try blockNumber(of: document)
    let (first, offset) = try entry(low)
    let block = try cachedBlock(low, at: offset)
    let position = Int(document) - Int(first)
    guard block.indices.contains(position) else { throw .corrupted("document \(document) is not in its block of stored fields", in: index) }
    return block[position]
  }

  /// A block of consecutive documents.
  struct BlockPlace {
    fileprivate var number: Int
    var documents: Range<DocID>
  }

  /// The block with a document, which must be below the segment's number of documents.
  func block(of document: DocID) throws(IndexError) -> BlockPlace {
    let number = try blockNumber(of: document)
    let (first, end) = (try entry(number).first, number + 1 == blockCount ? DocID(documentCount) : try entry(number + 1).first)
    guard first <= document, document < end else { throw .corrupted("blocks of stored fields do not ascend", in: index) }
    return BlockPlace(number: number, documents: first..<end)
  }

  /// The records of a block's documents.
  func records(of block: BlockPlace) throws(IndexError) -> [ArraySlice<UInt8>] {
    let records = try cachedBlock(block.number, at: entry(block.number).offset)
    guard records.count == block.documents.count else { throw .corrupted("a block of stored fields has other documents", in: index) }
    return records
  }

  /// How many bytes a block has before compression.
  func length(of block: BlockPlace) throws(IndexError) -> Int {
    var reader = ByteReader(try compressedBytes(of: block))
    return Int(try reader.fixed(UInt32.self))
  }

  /// A block as the file holds it: its length and the compressed records.
  func compressedBytes(of block: BlockPlace) throws(IndexError) -> ByteSlice {
    try bytes(ofBlock: block.number, at: entry(block.number).offset)
  }

  private func blockNumber(of document: DocID) throws(IndexError) -> Int {
    precondition(document < documentCount, "document out of bounds")
    // Invariant: firstDocument(low) <= document < firstDocument(high).
    var low = 0
    var high = blockCount
    while high - low > 1 {
      let middle = (low + high) / 2
      if try entry(middle).first <= document { low = middle } else { high = middle }
    }
    return low
  }

  private func entry(_ block: Int) throws(IndexError) -> (first: UInt32, offset: Int) {
    guard let first: UInt32 = try integer(at: block * Self.entryLength),
      let offset: UInt64 = try integer(at: block * Self.entryLength + 4),
      offset <= UInt64(Int.max)
    else { throw .corrupted("the index of stored fields ends too early", in: index) }
    return (first, Int(offset))
  }

  /// A number of the index.
  private func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) throws(IndexError) -> Value? {
    let end = min(index.count, offset + MemoryLayout<Value>.size)
    if offset < end { try withIndexErrors { try file.checkPages(indexStart + offset..<indexStart + end) } }
    return index.integer(at: offset)
  }

  private func cachedBlock(_ number: Int, at offset: Int) throws(IndexError) -> [ArraySlice<UInt8>] {
    if let records = last.withLock({ $0?.number == number ? $0?.records : nil }) { return records }
    let bytes = try bytes(ofBlock: number, at: offset)
    var reader = ByteReader(bytes)
    let length = Int(try reader.fixed(UInt32.self))
    let block = try Decompressor.decompress(reader.slice(bytes.count - 4), length: length)
    let firstNext = number + 1 < blockCount ? Int(try entry(number + 1).first) : documentCount
    let count = firstNext - Int(try entry(number).first)
    guard count > 0, count <= block.count, let records = Self.split(block, into: count) else {
      throw .corrupted("a block of stored fields does not split into its records", in: bytes)
    }
    last.withLock { $0 = Block(number: number, records: records) }
    return records
  }

  private func bytes(ofBlock number: Int, at offset: Int) throws(IndexError) -> ByteSlice {
    // The entry after the last block holds only an offset, four bytes earlier than in a whole entry.
    let end: UInt64? = number + 1 < blockCount ? UInt64(try entry(number + 1).offset) : try integer(at: blockCount * Self.entryLength)
    guard let end, end >= UInt64(offset) + 4 else { throw .corrupted("blocks of stored fields do not ascend", in: index) }
    guard end <= UInt64(Int.max) else { throw .corrupted("blocks of stored fields do not ascend", in: index) }
    return try withIndexErrors { try file.bytes(of: blocksSection, at: offset, count: Int(end) - offset) }
  }

  private static func split(_ block: [UInt8], into count: Int) -> [ArraySlice<UInt8>]? {
    var lengths: [Int] = []
    lengths.reserveCapacity(count)
    var offset = 0
    for _ in 0..<count {
      var length = 0
      var shift = 0
      while true {
        guard offset < block.count, shift < 42 else { return nil }
        let byte = block[offset]
        offset += 1
        length |= Int(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      lengths.append(length)
    }
    var records: [ArraySlice<UInt8>] = []
    records.reserveCapacity(count)
    for length in lengths {
      guard length <= block.count - offset else { return nil }
      records.append(block[offset..<offset + length])
      offset += length
    }
    return offset == block.count ? records : nil
  }
}
