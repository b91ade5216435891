// What is at a path, and what is in a folder?
//
// Why the unsafe code here is sound: paths are passed to system calls for the length of the call only; a directory entry is read before the
// next call to `readdir`, and its name is terminated.
internal import Glibc

/// What is at a path, as far as an import cares.
enum FileKind: Equatable {
  case file
  case folder
  /// A pipe, a socket or a device.
  case special

  static let refusal = "no regular file"

  init?(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .special
    }
  }
}

/// Names a file or folder whatever its path: two paths with the same identity lead to the same thing.
struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64
}

/// What `stat` says about a path.
struct FileStatus {
  var kind: FileKind
  var identity: FileIdentity

  /// Follows links.
  ///
  /// - Returns: nil when there is nothing at the path.
  static func of(_ path: String) throws(FileFault) -> FileStatus? {
    // A name that ends at its first NUL would be another name for the system.
    if path.utf8.contains(0) { return nil }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw FileFault(code: errno)
    }
    guard let kind = FileKind(status) else { return nil }
    return FileStatus(kind: kind, identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
  }

  /// Whether the path itself is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}

/// The names in a folder as the system keeps them, bytes that need not be UTF-8: in byte order, without `.` and `..`.
func namesInFolder(_ path: String) throws(FileFault) -> [[UInt8]] {
  guard let stream = unsafe opendir(path) else { throw FileFault(code: errno) }
  defer { unsafe closedir(stream) }
  var names: [[UInt8]] = []
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else {
      if errno != 0 { throw FileFault(code: errno) }
      return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      let start = unsafe UnsafeRawPointer(pointer)
      return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
    }
    if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
  }
}
