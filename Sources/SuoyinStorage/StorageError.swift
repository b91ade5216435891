// What failed at the operating system, and where?
//
// Why the unsafe code here is sound: `strerror_r` fills a buffer of the length it is given, which is read before it goes away.
internal import Glibc

/// A call to the operating system that failed, or a file that is not what it should be.
package struct StorageError: Error, CustomStringConvertible, Sendable {
  package enum Reason: Sendable, Equatable {
    /// A system call failed with this errno.
    case system(Int32)
    /// Another process holds the write lock; the text is what it wrote into the lock file.
    case locked(holder: String)
    /// The file's bytes contradict themselves at this offset.
    case corrupted(String, byteOffset: Int)
    /// The file is of a version of the format that this program does not know.
    case unknownVersion(UInt32)
  }

  package var operation: String
  package var path: String
  package var reason: Reason

  package init(_ operation: String, _ path: String, _ reason: Reason) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  package var isNotFound: Bool { reason == .system(ENOENT) || reason == .system(ENOTDIR) }
  package var isAlreadyThere: Bool { reason == .system(EEXIST) || reason == .system(ENOTEMPTY) }

  package var description: String {
    switch reason {
    case .system(let code): "cannot \(operation) \(path): \(StorageError.text(of: code))"
    case .locked(let holder): "\(path) is locked by \(holder)"
    case .corrupted(let what, let offset): "\(path) is damaged at byte \(offset): \(what)"
    case .unknownVersion(let version): "\(path) has format version \(version), which this program does not know"
    }
  }

  /// The system's words for an errno, independent of the locale.
  package static func text(of code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      // The XSI function fills the buffer with a terminated string of at most its size.
      unsafe strerror_r(code, buffer.baseAddress!, buffer.count) == 0 ? String(cString: buffer.baseAddress!) : "error \(code)"
    }
  }
}
