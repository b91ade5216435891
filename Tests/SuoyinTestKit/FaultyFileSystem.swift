// What happens when the operating system refuses?
internal import Glibc
package import SuoyinStorage
internal import Synchronization

/// A file system that fails at its n-th call, once or from then on.
package final class FaultyFileSystem: FileSystem {
  /// How a call fails.
  package enum Fault: Sendable, CaseIterable {
    case inputOutput, noSpace, readOnly, tooManyFiles
    /// Half of the bytes are written, then the disk is full; for other calls as `noSpace`.
    case shortWrite

    var code: Int32 {
      switch self {
      case .inputOutput: EIO
      case .noSpace, .shortWrite: ENOSPC
      case .readOnly: EROFS
      case .tooManyFiles: EMFILE
      }
    }
  }

  private let base = SystemFileSystem()
  private let failing: Int
  private let fault: Fault
  private let isSticky: Bool
  private let calls = Atomic(0)

  /// - Parameter failing: The number of the call that fails, from 1; 0 for none.
  package init(failingCall failing: Int, _ fault: Fault, isSticky: Bool) {
    self.failing = failing
    self.fault = fault
    self.isSticky = isSticky
  }

  package var callCount: Int { calls.load(ordering: .relaxed) }

  fileprivate func fails() -> Bool {
    let number = calls.add(1, ordering: .relaxed).newValue
    return failing > 0 && (number == failing || isSticky && number > failing)
  }

  private func count(_ operation: String, _ path: String) throws(StorageError) {
    if fails() { throw StorageError(operation, path, .system(fault.code)) }
  }

  package func createDirectory(_ path: String) throws(StorageError) {
    try count("create the directory", path)
    try base.createDirectory(path)
  }
  package func list(_ directory: String) throws(StorageError) -> [String] {
    try count("read the directory", directory)
    return try base.list(directory)
  }
  package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
    try count("create", path)
    return FaultyFile(try base.createFile(path), path, self)
  }
  package func map(_ path: String) throws(StorageError) -> MappedFile {
    try count("map", path)
    return try base.map(path)
  }
  package func rename(_ path: String, to newPath: String) throws(StorageError) {
    try count("rename", path)
    try base.rename(path, to: newPath)
  }
  package func remove(_ path: String) throws(StorageError) {
    try count("remove", path)
    try base.remove(path)
  }
  package func link(_ path: String, as newPath: String) throws(StorageError) {
    try count("link", path)
    try base.link(path, as: newPath)
  }
  package func syncDirectory(_ path: String) throws(StorageError) {
    try count("sync the directory", path)
    try base.syncDirectory(path)
  }
  package func lock(_ path: String, holder: String) throws(StorageError) -> FileLock {
    try count("lock", path)
    return try base.lock(path, holder: holder)
  }

  private final class FaultyFile: WritableFile {
    private let base: any WritableFile
    private let path: String
    private let owner: FaultyFileSystem

    init(_ base: any WritableFile, _ path: String, _ owner: FaultyFileSystem) {
      self.base = base
      self.path = path
      self.owner = owner
    }

    func write(_ bytes: [UInt8]) throws(StorageError) {
      guard owner.fails() else { return try base.write(bytes) }
      if owner.fault == .shortWrite { try base.write(Array(bytes[..<(bytes.count / 2)])) }
      throw StorageError("write", path, .system(owner.fault.code))
    }
    func sync() throws(StorageError) {
      try owner.count("sync", path)
      try base.sync()
    }
    func close() throws(StorageError) {
      try owner.count("close", path)
      try base.close()
    }
  }
}
