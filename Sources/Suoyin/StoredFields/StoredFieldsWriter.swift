// How are passages kept so that they can be shown again?
package import SuoyinStorage

/// Writes records in order of document ID, in zstd blocks of about 16 KiB before compression.
///
///     block = length:u32 zstd( { recordLength } × records  records )      record lengths in variable bytes
///     index = { firstDocument:u32 offset:u64 } × blocks  end:u64
package struct StoredFieldsWriter: ~Copyable {
  private static let blockLength = 16 << 10
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
