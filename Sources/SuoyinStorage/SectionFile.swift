// What does every file of an index look like from outside?
//
// Header, sections, page checksums, section table, footer; docs/Storage.md gives the bytes.
//
// Why the unsafe code here is sound: bytes that are appended are copied at once.
internal import Synchronization

/// The layout that all files of an index share.
package enum SectionFileFormat {
  /// "SUOYIN" and two bytes that a text-mode transfer would change.
  package static let magic: [UInt8] = Array("SUOYIN".utf8) + [0x0D, 0x0A]
  package static let version: UInt32 = 1
  package static let headerLength = 16
  package static let footerLength = 48
  package static let tableEntryLength = 24
  package static let pageLength = 4096
  /// Sections begin at multiples of this.
  package static let alignment = 8
}

/// Names a file by content: a commit refers to files in this way, so that a file of another commit in its place is noticed.
package struct FileIdentity: Equatable, Sendable {
  package var length: UInt64
  /// CRC-32C of the footer, which holds the checksum of the page checksums: it depends on every byte.
  package var footerChecksum: UInt32

  package init(length: UInt64, footerChecksum: UInt32) {
    self.length = length
    self.footerChecksum = footerChecksum
  }
}

/// Writes a file of sections from beginning to end, with a checksum for every page.
package final class SectionFileWriter {
  private let file: any WritableFile
  private let path: String
  private var buffer: [UInt8] = []
  /// How many bytes have been given to the file before those in `buffer`; always a multiple of the page length until `finish`.
  private var written = 0
  private var pageChecksums: [UInt32] = []
  private var sections: [(id: UInt32, offset: Int, length: Int)] = []
  private let kind: UInt32
  /// Little enough to be still in the processor's cache when it is written.
  private static let flushLength = 64 * SectionFileFormat.pageLength

  /// Makes the file, which must not exist, and writes its header.
  package init(_ path: String, kind: UInt32, in fileSystem: any FileSystem) throws(StorageError) {
    file = try fileSystem.createFile(path)
    self.path = path
    self.kind = kind
    buffer.reserveCapacity(2 * Self.flushLength)
    buffer += SectionFileFormat.magic
    appendInteger(kind)
    appendInteger(SectionFileFormat.version)
  }

  /// The number of bytes in the section that is open.
  package var sectionLength: Int { sections.last.map { written + buffer.count - $0.offset } ?? 0 }

  /// Begins the section `id`; what is appended from now on belongs to it.
  package func beginSection(_ id: UInt32) throws(StorageError) {
    endSection()
    while (written + buffer.count) % SectionFileFormat.alignment != 0 { buffer.append(0) }
    sections.append((id, written + buffer.count, -1))
  }

  package func append(_ bytes: [UInt8]) throws(StorageError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.flushLength { try flushWholePages() }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    var next = 0
    // Terminates: every turn goes on. The buffer does not grow with what is appended.
    while next < bytes.count {
      let end = min(bytes.count, next + Self.flushLength)
      unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[next..<end]))
      next = end
      if buffer.count >= Self.flushLength { try flushWholePages() }
    }
  }

  /// Writes checksums, table and footer, syncs and closes.
  package func finish() throws(StorageError) -> FileIdentity {
    endSection()
    while (written + buffer.count) % SectionFileFormat.alignment != 0 { buffer.append(0) }
    let dataEnd = written + buffer.count
    try flushWholePages()
    if !buffer.isEmpty { pageChecksums.append(Checksum.crc32c(buffer[...])) }

    let checksumsStart = buffer.count
    for checksum in pageChecksums { appendInteger(checksum) }
    let checksumOfPages = Checksum.crc32c(buffer[checksumsStart...])
    let tableStart = buffer.count
    for section in sections {
      appendInteger(section.id)
      appendInteger(UInt32(0))
      appendInteger(UInt64(section.offset))
      appendInteger(UInt64(section.length))
    }
    let checksumOfTable = Checksum.crc32c(buffer[tableStart...])
    let footerStart = buffer.count
    let length = UInt64(written + footerStart + SectionFileFormat.footerLength)
    appendInteger(length)
    appendInteger(UInt64(dataEnd))
    appendInteger(UInt32(pageChecksums.count))
    appendInteger(UInt32(sections.count))
    appendInteger(checksumOfPages)
    appendInteger(checksumOfTable)
    appendInteger(kind)
    appendInteger(SectionFileFormat.version)
    let footerChecksum = Checksum.crc32c(buffer[footerStart...])
    appendInteger(footerChecksum)
    appendInteger(UInt32(0x4E59_4F53))  // "SOYN"
    try file.write(buffer)
    try file.sync()
    try file.close()
    return FileIdentity(length: length, footerChecksum: footerChecksum)
  }

  private func endSection() {
    guard let last = sections.indices.last, sections[last].length < 0 else { return }
    sections[last].length = written + buffer.count - sections[last].offset
  }

  private func flushWholePages() throws(StorageError) {
    let whole = buffer.count / SectionFileFormat.pageLength * SectionFileFormat.pageLength
    guard whole > 0 else { return }
    for page in stride(from: 0, to: whole, by: SectionFileFormat.pageLength) {
      pageChecksums.append(Checksum.crc32c(buffer[page..<page + SectionFileFormat.pageLength]))
    }
    let rest = Array(buffer[whole...])
    buffer.removeSubrange(whole...)
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
    buffer += rest
    written += whole
  }

  private func appendInteger(_ value: some FixedWidthInteger) {
    var value = value.littleEndian
    let size = value.bitWidth / 8
    for _ in 0..<size {
      buffer.append(UInt8(truncatingIfNeeded: value))
      if size > 1 { value >>= 8 }
    }
  }
}

/// A file of sections, open for reading. Immutable but for the notes which pages were checked; usable from any thread.
///
/// Opening checks header, footer, section table and the checksum of the page checksums. A page's own checksum is compared when the
/// page is first asked for.
package final class SectionFile: Sendable {
  package let file: MappedFile
  package let identity: FileIdentity
  /// A dozen, so that looking through them is faster than hashing.
  private let sections: [(id: UInt32, range: Range<Int>)]
  private let dataEnd: Int
  private let checksums: ByteSlice
  private let checkedPages: PageSet

  package var path: String { file.path }

  package init(_ path: String, kind: UInt32, in fileSystem: any FileSystem) throws(StorageError) {
    typealias Format = SectionFileFormat
    let file = try fileSystem.map(path)
    func damaged(_ what: String, at offset: Int) -> StorageError { StorageError("read", path, .corrupted(what, byteOffset: offset)) }
    let bytes = file.bytes
    guard bytes.count >= Format.headerLength + Format.footerLength else {
      throw damaged("too short to be a file of an index", at: bytes.count)
    }
    guard bytes.slice(at: 0, count: 8)?.array == Format.magic else { throw damaged("no file of an index (wrong magic)", at: 0) }

    // The checksums of the pages, four bytes each, and what little stands around them.
    file.willNeed(max(0, bytes.count - bytes.count / Format.pageLength * 4 - 2 * Format.pageLength)..<bytes.count)
    let footerStart = bytes.count - Format.footerLength
    func footer(_ offset: Int) -> UInt32 { bytes.integer(at: footerStart + offset) ?? 0 }
    let footerChecksum = footer(40)
    guard let covered = bytes.slice(at: footerStart, count: 40), Checksum.crc32c(covered) == footerChecksum, footer(44) == 0x4E59_4F53
    else {
      throw damaged("the footer's checksum is wrong; the file may be cut short", at: footerStart)
    }
    guard footer(36) == Format.version else { throw StorageError("read", path, .unknownVersion(footer(36))) }
    guard bytes.integer(at: 12) == Format.version else { throw damaged("header and footer give different format versions", at: 12) }
    guard footer(32) == kind, bytes.integer(at: 8) == kind else { throw damaged("a file of another kind", at: 8) }
    let pageCount = Int(footer(16))
    let sectionCount = Int(footer(20))
    guard let length: UInt64 = bytes.integer(at: footerStart), length == UInt64(bytes.count),
      let dataEnd64: UInt64 = bytes.integer(at: footerStart + 8),
      dataEnd64 <= UInt64(footerStart)
    else { throw damaged("the footer gives another length", at: footerStart) }
    let dataEnd = Int(dataEnd64)
    let tableStart = dataEnd + pageCount * 4
    guard pageCount == (dataEnd + Format.pageLength - 1) / Format.pageLength,
      tableStart + sectionCount * Format.tableEntryLength == footerStart,
      let checksums = bytes.slice(at: dataEnd, count: pageCount * 4),
      let table = bytes.slice(at: tableStart, count: sectionCount * Format.tableEntryLength)
    else { throw damaged("the parts do not add up to the whole", at: footerStart) }
    guard Checksum.crc32c(checksums) == footer(24) else { throw damaged("the page checksums' checksum is wrong", at: dataEnd) }
    guard Checksum.crc32c(table) == footer(28) else { throw damaged("the section table's checksum is wrong", at: tableStart) }

    var sections: [(id: UInt32, range: Range<Int>)] = []
    for entry in stride(from: 0, to: table.count, by: Format.tableEntryLength) {
      guard let id: UInt32 = table.integer(at: entry), let offset: UInt64 = table.integer(at: entry + 8),
        let length: UInt64 = table.integer(at: entry + 16), offset <= dataEnd64, length <= dataEnd64 - offset
      else { throw damaged("a section lies outside the file", at: tableStart + entry) }
      sections.append((id, Int(offset)..<Int(offset + length)))
    }
    self.file = file
    self.sections = sections
    self.dataEnd = dataEnd
    self.checksums = checksums
    identity = FileIdentity(length: length, footerChecksum: footerChecksum)
    checkedPages = PageSet(count: pageCount)
    // The header is covered by the first page's checksum, which the first read of a section there compares.
  }

  /// The length of a section in bytes; nil when the file has none of that name.
  package func length(of section: UInt32) -> Int? { range(of: section)?.count }

  private func range(of section: UInt32) -> Range<Int>? {
    for entry in sections where entry.id == section { return entry.range }
    return nil
  }

  /// A whole section, its pages checked.
  package func section(_ id: UInt32) throws(StorageError) -> ByteSlice {
    try bytes(of: id, at: 0, count: length(of: id) ?? 0)
  }

  /// A part of a section, the pages it touches checked.
  ///
  /// - Throws: `corrupted` when a page is damaged or the part does not lie inside the section.
  /// - Complexity: O(pages) at first touch, 0.4 µs a page; then O(pages / 64).
  package func bytes(of id: UInt32, at offset: Int, count: Int) throws(StorageError) -> ByteSlice {
    guard let section = range(of: id) else {
      throw StorageError("read", path, .corrupted("section \(id) is missing", byteOffset: file.count))
    }
    guard offset >= 0, count >= 0, offset <= section.count, count <= section.count - offset else {
      throw StorageError("read", path, .corrupted("a reference out of section \(id)", byteOffset: section.lowerBound))
    }
    let start = section.lowerBound + offset
    try checkPages(start..<start + count)
    guard let slice = file.bytes.slice(at: start, count: count) else { preconditionFailure("a section lies inside the file") }
    return slice
  }

  /// A whole section without a look at its pages, and where it begins in the file: who reads from it asks `checkPages` first.
  package func uncheckedSection(_ id: UInt32) throws(StorageError) -> (bytes: ByteSlice, start: Int) {
    guard let section = range(of: id), let slice = file.bytes.slice(at: section.lowerBound, count: section.count) else {
      throw StorageError("read", path, .corrupted("section \(id) is missing", byteOffset: file.count))
    }
    return (slice, section.lowerBound)
  }

  /// Where a section begins in the file: for error messages.
  package func fileOffset(of id: UInt32) -> Int { range(of: id)?.lowerBound ?? 0 }

  /// Compares every page's checksum anew.
  package func checkAllPages() throws(StorageError) {
    file.willNeed(0..<dataEnd)
    for page in 0..<(checksums.count / 4) { try checkPage(page) }
  }

  /// Makes sure that the pages of a range of the file, which must lie before the checksums, are whole.
  package func checkPages(_ range: Range<Int>) throws(StorageError) {
    guard !range.isEmpty else { return }
    let first = range.lowerBound / SectionFileFormat.pageLength
    let last = (range.upperBound - 1) / SectionFileFormat.pageLength
    if first < last, !checkedPages.contains(last) { file.willNeed(range) }
    for page in first...last where !checkedPages.contains(page) {
      try checkPage(page)
      checkedPages.insert(page)
    }
  }

  /// Whether the pages of a range, which is not empty, have been found whole.
  package func hasChecked(_ range: Range<Int>) -> Bool {
    var page = range.lowerBound / SectionFileFormat.pageLength
    let last = (range.upperBound - 1) / SectionFileFormat.pageLength
    while page < last, checkedPages.contains(page) { page += 1 }
    return page >= last && checkedPages.contains(page)
  }

  private func checkPage(_ page: Int) throws(StorageError) {
    let start = page * SectionFileFormat.pageLength
    let length = min(SectionFileFormat.pageLength, dataEnd - start)
    guard let bytes = file.bytes.slice(at: start, count: length), checksums.integer(at: page * 4) == Checksum.crc32c(bytes) else {
      throw StorageError("read", path, .corrupted("the checksum of this page of \(length) bytes is wrong", byteOffset: start))
    }
  }
}

/// Which pages of a file have been looked at, for any number of threads. Pages can only be added.
///
/// The unsafe code here is sound: `words` has a word for every 64 pages, made in `init` and freed in `deinit`; an index out of it traps.
@safe private final class PageSet: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let wordCount: Int

  init(count: Int) {
    wordCount = (count + 63) / 64
    unsafe words = .allocate(capacity: wordCount)
    for word in 0..<wordCount { unsafe (words + word).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe words.deinitialize(count: wordCount)
    unsafe words.deallocate()
  }

  func contains(_ page: Int) -> Bool {
    precondition(page >= 0 && page >> 6 < wordCount, "no such page")
    // Nothing else is published with a bit: the pages themselves never change.
    return unsafe words[page >> 6].load(ordering: .relaxed) >> UInt64(page & 63) & 1 != 0
  }

  func insert(_ page: Int) {
    precondition(page >= 0 && page >> 6 < wordCount, "no such page")
    _ = unsafe words[page >> 6].bitwiseOr(1 << UInt64(page & 63), ordering: .relaxed)
  }
}
