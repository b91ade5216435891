// Where is a shard built, so that no other run is in the way?
internal import Glibc
internal import SuoyinStorage

/// A directory `.building-3-of-8-1` beside the shards, with a lock of its own as long as it is used.
///
/// Making one and removing those that are left behind are done under one lock of the directory around: what nobody has locked then is certainly dead.
struct ShardWorkplace {
  private let path: String
  private let lock: FileLock
  private let fileSystem: any FileSystem

  private static let directoryLockName = ".shards.lock"
  private static let lockName = "lock"
  private static let prefix = ".building-"
  /// Waiting is for other runs that begin at the same moment, each for the time that its removals take.
  private static let (waits, microseconds) = (6000, 10_000 as UInt32)

  /// The index that is being built.
  var index: String { "\(path)/index" }
  /// What is to be renamed.
  var shard: String { "\(path)/shard" }

  /// - Parameter directory: Where the shards are; is made when it is missing.
  init(for shard: ShardNumber, in directory: String, _ fileSystem: any FileSystem) throws {
    self.fileSystem = fileSystem
    if try Self.make(directory, fileSystem) { try fileSystem.syncDirectory(SearchIndex.parent(of: directory)) }
    let directoryLock = try Self.lock(directory, fileSystem)
    (path, lock) = try withExtendedLifetime(directoryLock) {
      for name in try fileSystem.list(directory).sorted() where name.hasPrefix(Self.prefix) {
        let path = "\(directory)/\(name)"
        guard let lock = try? fileSystem.lock("\(path)/\(Self.lockName)", holder: IndexWriter.holder) else { continue }
        withExtendedLifetime(lock) { Self.remove(path, fileSystem) }
      }
      // Terminates: there are finitely many names.
      var attempt = 1
      while true {
        let path = "\(directory)/\(Self.prefix)\(shard.number)-of-\(shard.count)-\(attempt)"
        if try Self.make(path, fileSystem) { return (path, try fileSystem.lock("\(path)/\(Self.lockName)", holder: IndexWriter.holder)) }
        attempt += 1
      }
    }
  }

  /// Makes a directory; false when it is there.
  private static func make(_ path: String, _ fileSystem: any FileSystem) throws(StorageError) -> Bool {
    do { try fileSystem.createDirectory(path) } catch {
      guard error.isAlreadyThere else { throw error }
      return false
    }
    return true
  }

  private static func lock(_ directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> FileLock {
    let path = "\(directory)/\(directoryLockName)"
    for _ in 0..<waits {
      do { return try fileSystem.lock(path, holder: IndexWriter.holder) } catch {
        guard case .locked = error.reason else { throw error }
        usleep(microseconds)
      }
    }
    return try fileSystem.lock(path, holder: IndexWriter.holder)
  }

  /// Removes everything; what cannot be removed now is removed by a later run.
  func remove() { withExtendedLifetime(lock) { Self.remove(path, fileSystem) } }

  private static func remove(_ path: String, _ fileSystem: any FileSystem) {
    for directory in ["\(path)/index", "\(path)/shard"] {
      for name in (try? fileSystem.list(directory)) ?? [] { try? fileSystem.remove("\(directory)/\(name)") }
      try? fileSystem.removeDirectory(directory)
    }
    try? fileSystem.remove("\(path)/\(lockName)")
    try? fileSystem.removeDirectory(path)
  }
}
