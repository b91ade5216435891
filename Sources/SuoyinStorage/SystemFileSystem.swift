// How are files read, written and made durable on Linux?
//
// Why the unsafe code here is sound: paths and buffers are passed to system calls for the length of the call only, with their own lengths;
// descriptors are closed exactly once by the object that opened them.
internal import Glibc

/// The real file system. Source of the protocol: docs/Storage.md, "Commit".
package struct SystemFileSystem: FileSystem {
  package init() {}

  package func createDirectory(_ path: String) throws(StorageError) {
    try unsafe check(mkdir(path, 0o777), "create the directory", path)
  }

  package func list(_ directory: String) throws(StorageError) -> [String] {
    guard let stream = unsafe opendir(directory) else { throw StorageError("read the directory", directory, .system(errno)) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw StorageError("read the directory", directory, .system(errno)) }
        return names
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
    let descriptor = try unsafe check(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666), "create", path)
    return SystemFile(descriptor, path)
  }

  package func map(_ path: String) throws(StorageError) -> MappedFile { try MappedFile(path) }

  package func rename(_ path: String, to newPath: String) throws(StorageError) {
    try unsafe check(Glibc.rename(path, newPath), "rename to \(newPath)", path)
  }

  package func remove(_ path: String) throws(StorageError) {
    try unsafe check(unlink(path), "remove", path)
  }

  package func link(_ path: String, as newPath: String) throws(StorageError) {
    try unsafe check(Glibc.link(path, newPath), "link as \(newPath)", path)
  }

  package func syncDirectory(_ path: String) throws(StorageError) {
    let descriptor = try unsafe check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the directory", path)
    defer { close(descriptor) }
    try check(fsync(descriptor), "sync the directory", path)
  }

  package func lock(_ path: String, holder: String) throws(StorageError) -> FileLock { try FileLock(path, holder: holder) }
}

private final class SystemFile: WritableFile {
  private var descriptor: Int32
  private let path: String

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  func write(_ bytes: [UInt8]) throws(StorageError) {
    try writeAll(descriptor, bytes, path)
  }

  func sync() throws(StorageError) { try check(fsync(descriptor), "sync", path) }

  func close() throws(StorageError) {
    // After a failed close the descriptor is gone all the same on Linux: it must not be closed again.
    let closing = descriptor
    descriptor = -1
    try check(Glibc.close(closing), "close", path)
  }
}

/// The write lock of an index: `flock` on a file that is never deleted, so that two processes always lock the same file.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock without waiting and writes `holder` into the file for those who come later.
  package init(_ path: String, holder: String) throws(StorageError) {
    let opened = try unsafe check(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666), "open", path)
    while flock(opened, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      let reason: StorageError.Reason = code == EWOULDBLOCK ? .locked(holder: Self.read(opened)) : .system(code)
      // The descriptor is not the object's yet, or `deinit` would close it a second time.
      close(opened)
      throw StorageError("lock", path, reason)
    }
    descriptor = opened
    // The text helps people only; a full disk must not keep a writer from deleting things.
    if ftruncate(descriptor, 0) == 0 { try? writeAll(descriptor, Array(holder.utf8), path) }
  }

  deinit {
    // Closing is not enough: a child that another thread is starting at this moment has a copy of the descriptor until it executes.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func read(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "another process"
  }
}

/// Writes all of `bytes`, going on after short writes and interruptions.
private func writeAll(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(StorageError) {
  var offset = 0
  while offset < bytes.count {
    let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + offset, $0.count - offset) }
    if written > 0 {
      offset += written
    } else if written == 0 || errno != EINTR {
      throw StorageError("write", path, .system(written == 0 ? EIO : errno))
    }
  }
}

/// Turns -1 into an error, once and for all calls.
@discardableResult
func check(_ result: Int32, _ operation: String, _ path: String) throws(StorageError) -> Int32 {
  if result < 0 { throw StorageError(operation, path, .system(errno)) }
  return result
}
