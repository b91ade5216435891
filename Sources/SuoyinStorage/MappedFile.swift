// How are a file's bytes read without copying them?
//
// Why the unsafe code here is sound: the mapping is made in `init`, never moved, and unmapped in `deinit`; every `ByteSlice` holds a
// reference to it, and every slice is checked against its parent's bounds when it is made. Files of an index are written once and never
// truncated; another process that truncates a mapped file raises SIGBUS, which docs/Storage.md says is not guarded against.
internal import Glibc

/// A file mapped for reading. Immutable, and so usable from any thread.
@safe package final class MappedFile: @unchecked Sendable {
  package let path: String
  package let count: Int
  private let base: UnsafeRawPointer?

  package init(_ path: String) throws(StorageError) {
    let descriptor = try unsafe check(open(path, O_RDONLY | O_CLOEXEC), "open", path)
    defer { close(descriptor) }
    var status = stat()
    try unsafe check(fstat(descriptor, &status), "read the size of", path)
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StorageError("map", path, .system(status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL))
    }
    self.path = path
    count = Int(status.st_size)
    guard count > 0 else {
      unsafe base = nil
      return
    }
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), unsafe address != MAP_FAILED else {
      throw StorageError("map", path, .system(errno))
    }
    unsafe base = UnsafeRawPointer(address)
    // A file of an index is read here and there: around a page that is missing the system would read megabytes. `willNeed` says what to read.
    unsafe madvise(address, count, MADV_RANDOM)
  }

  /// Tells the system that a range of the file, which must lie inside it, is read at once: it then reads it in one go.
  package func willNeed(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range outside the file")
    guard let base = unsafe base else { return }
    let start = range.lowerBound & ~4095
    // What the system makes of it is its own affair.
    _ = unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start, MADV_WILLNEED)
  }

  deinit { if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) } }

  /// All bytes of the file.
  package var bytes: ByteSlice { unsafe ByteSlice(owner: self, UnsafeRawBufferPointer(start: base, count: count)) }
}

/// Bytes of a mapped file, with bounds that are checked at every access.
@safe
package struct ByteSlice: @unchecked Sendable {
  /// Keeps the mapping alive.
  package let owner: MappedFile
  @usableFromInline let buffer: UnsafeRawBufferPointer

  fileprivate init(owner: MappedFile, _ buffer: UnsafeRawBufferPointer) {
    self.owner = owner
    unsafe self.buffer = buffer
  }

  @inlinable
  package var count: Int { @inline(__always) get { unsafe buffer.count } }

  /// The byte at `offset`, which must be in bounds.
  @inlinable
  package subscript(offset: Int) -> UInt8 {
    @inline(__always) get {
      precondition(offset >= 0 && offset < count, "byte offset out of bounds")
      return unsafe buffer[offset]
    }
  }

  /// A part of the slice, or nil when it does not lie inside.
  package func slice(at offset: Int, count length: Int) -> ByteSlice? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return unsafe ByteSlice(owner: owner, UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + length]))
  }

  /// Where the slice begins in its file.
  package var fileOffset: Int {
    guard let start = unsafe buffer.baseAddress, let fileStart = unsafe owner.bytes.buffer.baseAddress else { return 0 }
    return unsafe start - fileStart
  }

  /// The bytes as an array.
  package var array: [UInt8] { unsafe [UInt8](buffer) }

  /// The raw bytes, valid as long as `owner` lives: for the decoders of `Suoyin/Coding` and the posting cursors.
  @unsafe
  @inlinable
  package var unsafeBytes: UnsafeRawBufferPointer { @inline(__always) get { unsafe buffer } }

  /// A little-endian integer, or nil when it does not lie inside.
  @inlinable @inline(__always)
  package func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T? {
    guard offset >= 0, offset <= count, MemoryLayout<T>.size <= count - offset else { return nil }
    return unsafe T(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: T.self))
  }
}
