// How are passages kept so that they can be shown again?
//
// Why the unsafe code here is sound: the bytes of a block are given to the file while the slice of them is alive.
package import SuoyinStorage

/// Writes records in order of document ID, in zstd blocks of about 16 KiB before compression.
///
///     block = length:u32 zstd( { recordLength } × records  records )      record lengths in variable bytes
///     index = { firstDocument:u32 offset:u64 } × blocks  end:u64
package struct StoredFieldsWriter: ~Copyable {
  private static let blockLength = 16 << 10
  /// What is shorter is compressed again with what follows it.
  private static let leastLength = blockLength / 4
  private let file: SectionFileWriter
  private let compressor = Compressor(level: 6)
  private var index = ByteWriter()
  private var lengths = ByteWriter()
  private var records: [UInt8] = []
  private var firstDocument: DocID = 0
  private var documentCount: DocID = 0

  /// - Parameter file: Stands in the section of the blocks.
  package init(_ file: SectionFileWriter) { self.file = file }

  package mutating func append(_ record: some Collection<UInt8>) throws(StorageError) {
    lengths.append(variable: UInt64(record.count))
    records.append(contentsOf: record)
    documentCount += 1
    // Records may be empty: then their lengths fill the block.
    if records.count >= Self.blockLength || lengths.count >= Self.blockLength { try flush() }
  }

  /// Appends the records of consecutive documents of another file.
  ///
  /// Blocks are copied as they are where all of their documents are wanted. So some blocks are shorter than others: the last ones of other files,
  /// and those before a block that is copied; but none of these is shorter than a quarter of a whole one.
  package mutating func append(_ documents: Range<DocID>, of reader: StoredFieldsReader) throws(IndexError) {
    var next = documents.lowerBound
    // Terminates: every turn goes on by a document at least.
    while next < documents.upperBound {
      let block = try reader.block(of: next)
      let isWhole = block.documents.lowerBound == next && block.documents.upperBound <= documents.upperBound
      let hasPending = documentCount > firstDocument
      if isWhole, !hasPending || records.count >= Self.leastLength, try reader.length(of: block) >= Self.leastLength {
        try withIndexErrors { try flush() }
        let bytes = try reader.compressedBytes(of: block)
        index.append(fixed: firstDocument)
        index.append(fixed: UInt64(file.sectionLength))
        try withIndexErrors { unsafe try file.append(bytes.unsafeBytes) }
        documentCount += DocID(block.documents.count)
        firstDocument = documentCount
        next = block.documents.upperBound
      } else {
        let records = try reader.records(of: block)
        let end = min(block.documents.upperBound, documents.upperBound)
        for document in next..<end { try withIndexErrors { try append(records[Int(document - block.documents.lowerBound)]) } }
        next = end
      }
    }
  }

  /// Ends the blocks and gives the index.
  package mutating func finish() throws(StorageError) -> [UInt8] {
    try flush()
    index.append(fixed: UInt64(file.sectionLength))
    return index.bytes
  }

  private mutating func flush() throws(StorageError) {
    guard documentCount > firstDocument else { return }
    index.append(fixed: firstDocument)
    index.append(fixed: UInt64(file.sectionLength))
    var block = ByteWriter()
    block.append(fixed: UInt32(lengths.count + records.count))
    block.append(compressor.compress(lengths.bytes + records))
    try file.append(block.bytes)
    lengths.removeAll()
    records.removeAll(keepingCapacity: true)
    firstDocument = documentCount
  }
}
