// How is a file opened and read without hanging on a pipe?
//
// Why the unsafe code here is sound: paths and buffers are passed to system calls for the length of the call only, with their own lengths;
// a descriptor is closed exactly once, by the object that opened it.
internal import Glibc

/// Why the operating system did not give us a file.
package struct FileFault: Error, Equatable {
  /// In words, without the path.
  package var reason: String

  init(_ reason: String) { self.reason = reason }

  /// - Parameter code: An errno.
  init(code: Int32) {
    reason = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      // The XSI function fills the buffer with a terminated string of at most its size.
      unsafe strerror_r(code, buffer.baseAddress!, buffer.count) == 0 ? String(cString: buffer.baseAddress!) : "error \(code)"
    }
  }
}

/// A regular file that is open for reading, from its beginning to its end. For one thread at a time.
package final class RegularFile {
  private let descriptor: Int32
  /// The length when it was opened, in bytes; a hint, since the file may be growing.
  let length: Int

  /// - Throws: A fault when the path cannot be opened, or is anything but a regular file: reading a pipe or a device may never end.
  package init(_ path: String) throws(FileFault) {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever before it could be refused.
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw FileFault(code: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileFault(code: code)
    }
    guard let kind = FileKind(status), kind == .file else {
      close(descriptor)
      throw FileFault(FileKind.refusal)
    }
    length = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads the next bytes into the beginning of `buffer`.
  ///
  /// - Returns: How many bytes were read: at most `buffer.count`, 0 only at the end of the file.
  func read(into buffer: inout [UInt8]) throws(FileFault) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      if errno != EINTR { throw FileFault(code: errno) }
    }
  }

  /// Reads all that is left of the file.
  ///
  /// - Returns: nil when it is more than `limit` bytes.
  func readAll(limit: Int) throws(FileFault) -> [UInt8]? {
    if length > limit { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    var chunk = [UInt8](repeating: 0, count: min(max(length + 1, 4096), 1 << 20))
    while true {
      let count = try read(into: &chunk)
      if count == 0 { return bytes }
      if bytes.count + count > limit { return nil }
      bytes += chunk[..<count]
    }
  }
}
