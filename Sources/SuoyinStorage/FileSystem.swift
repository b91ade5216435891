// Which calls does the engine make to the operating system?

/// The seam between the engine and the operating system: tests put recorders and faults here.
///
/// Every function is one step of the commit protocol. None retries but for EINTR and short writes.
package protocol FileSystem: Sendable {
  /// Makes one directory; its parent must exist.
  func createDirectory(_ path: String) throws(StorageError)
  /// Names in a directory, without `.` and `..`, in no order.
  func list(_ directory: String) throws(StorageError) -> [String]
  /// Makes a new file for writing; fails when the name is taken.
  func createFile(_ path: String) throws(StorageError) -> any WritableFile
  /// Maps a whole file for reading.
  func map(_ path: String) throws(StorageError) -> MappedFile
  /// Renames a file, replacing what has the new name, in one step.
  func rename(_ path: String, to newPath: String) throws(StorageError)
  func remove(_ path: String) throws(StorageError)
  /// Gives a file another name beside the one it has; fails when that is taken, or the file system cannot.
  func link(_ path: String, as newPath: String) throws(StorageError)
  /// Makes the names in a directory durable.
  func syncDirectory(_ path: String) throws(StorageError)
  /// Takes the write lock, a file that is never deleted, or throws `locked` with what the holder wrote there.
  func lock(_ path: String, holder: String) throws(StorageError) -> FileLock
}

/// A file that is being written, from its beginning to its end.
package protocol WritableFile: AnyObject {
  func write(_ bytes: [UInt8]) throws(StorageError)
  /// Makes the file's bytes durable.
  func sync() throws(StorageError)
  func close() throws(StorageError)
}
