// What happens when files take their time, each a different one?
internal import Glibc
package import SuoyinStorage
internal import Synchronization

/// A file system whose files are synced after a random while, so that work on several threads ends in every order.
package final class DawdlingFileSystem: FileSystem {
  private let base = SystemFileSystem()
  private let random: Mutex<SeededRandom>
  private let longest: Int

  /// - Parameter longest: The longest while in microseconds.
  package init(seed: UInt64, longest: Int) {
    random = Mutex(SeededRandom(seed: seed))
    self.longest = longest
  }

  fileprivate func dawdle() { usleep(UInt32(random.withLock { $0.below(longest) })) }

  package func createDirectory(_ path: String) throws(StorageError) { try base.createDirectory(path) }
  package func list(_ directory: String) throws(StorageError) -> [String] { try base.list(directory) }
  package func createFile(_ path: String) throws(StorageError) -> any WritableFile { DawdlingFile(try base.createFile(path), self) }
  package func map(_ path: String) throws(StorageError) -> MappedFile { try base.map(path) }
  package func rename(_ path: String, to newPath: String) throws(StorageError) { try base.rename(path, to: newPath) }
  package func remove(_ path: String) throws(StorageError) { try base.remove(path) }
  package func link(_ path: String, as newPath: String) throws(StorageError) { try base.link(path, as: newPath) }
  package func syncDirectory(_ path: String) throws(StorageError) { try base.syncDirectory(path) }
  package func lock(_ path: String, holder: String) throws(StorageError) -> FileLock { try base.lock(path, holder: holder) }

  private final class DawdlingFile: WritableFile {
    private let base: any WritableFile
    private let fileSystem: DawdlingFileSystem

    init(_ base: any WritableFile, _ fileSystem: DawdlingFileSystem) {
      self.base = base
      self.fileSystem = fileSystem
    }

    func write(_ bytes: [UInt8]) throws(StorageError) { try base.write(bytes) }
    func sync() throws(StorageError) {
      fileSystem.dawdle()
      try base.sync()
    }
    func close() throws(StorageError) { try base.close() }
  }
}
