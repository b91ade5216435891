// How is an index made, opened, changed and read?
internal import SuoyinAnalysis
package import SuoyinStorage

/// What an update may take up. The index that comes of it is the same, byte by byte, whatever it is given.
public struct UpdateOptions: Sendable {
  /// How many segments may be built or merged at a time, each by a thread of its own beside the one that adds passages; with 1, that one does
  /// everything. By default as many as there are processors.
  public var threads = Workers.processorCount
  /// About how many bytes of memory the passages under way may take, 1 GiB by default: about 192 MiB for each segment that is being built,
  /// and at least one is. Files that are mapped, and what the system keeps of them, are not counted.
  public var memory = 1 << 30
  /// How many generations before the new one are kept, to be rolled back to; the index as it is before the update is the first of them. nil keeps those that
  /// there are, and no other.
  public var keptGenerations: Int?
  /// Looks at the index as the update would leave it, before anybody else sees it. What it throws discards the update.
  public var verification: (@Sendable (Searcher) throws -> Void)?

  public init() {}

  /// Why these cannot be used, or nil.
  var problem: String? {
    if threads < 1 { return "an update needs one thread at least, and was given \(threads)" }
    if let keptGenerations, keptGenerations < 0 { return "a number of generations is at least 0, and \(keptGenerations) was given" }
    return memory < 1 ? "an update needs memory, and was given \(memory) bytes" : nil
  }
}

/// An index in a directory: made once with a schema, changed by one writer at a time, read by any number of searchers.
///
/// A value of this type is only a place; it holds no files open. It may be used from any thread.
public struct SearchIndex: Sendable {
  /// The version of this engine.
  package static let engineVersion = "0.1.0"

  /// The directory.
  public let path: String
  /// The fields when the index was opened, or a field was added through this value.
  public private(set) var schema: Schema
  package let fileSystem: any FileSystem
  /// See `IndexWriter.defaultUnitMemory`.
  package var unitMemory = IndexWriter.defaultUnitMemory

  init(path: String, schema: Schema, fileSystem: any FileSystem) {
    self.path = path
    self.schema = schema
    self.fileSystem = fileSystem
  }

  /// Makes an empty index in a new directory, or in an empty one.
  ///
  /// - Throws: `cannotCreate` when the directory cannot be made or holds something else, `invalidArgument` for a wrong schema.
  public static func create(at path: String, schema: Schema) throws(IndexError) -> SearchIndex {
    try create(at: path, schema: schema, in: SystemFileSystem())
  }

  package static func create(at path: String, schema: Schema, in fileSystem: any FileSystem) throws(IndexError) -> SearchIndex {
    if let problem = schema.problem { throw IndexError(.invalidArgument, "the schema cannot be used: \(problem)") }
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    do {
      try makeDirectory(path, in: fileSystem)
      let lock = try fileSystem.lock("\(path)/\(IndexCommit.lockName)", holder: IndexWriter.holder)
      try withExtendedLifetime(lock) { try writeFirstCommit(path, schema, in: fileSystem) }
    } catch let error as StorageError {
      if case .locked = error.reason { throw IndexError(error) }
      throw cannotCreate(path, error.description, error)
    } catch {
      throw error as? IndexError ?? cannotCreate(path, "\(error)", error)
    }
    return SearchIndex(path: path, schema: schema, fileSystem: fileSystem)
  }

  static func cannotCreate(_ path: String, _ why: String, _ cause: (any Error)? = nil) -> IndexError {
    IndexError(.cannotCreate, "cannot create an index at \(path): \(why)", path: path, cause: cause)
  }

  /// Makes the directory; one that is there must be empty, or hold only what a creation that was cut short has left.
  static func makeDirectory(_ path: String, in fileSystem: any FileSystem) throws {
    do {
      try fileSystem.createDirectory(path)
    } catch {
      guard error.isAlreadyThere else { throw error }
      let others = try fileSystem.list(path).filter { $0 != IndexCommit.lockName && !IndexCommit.isOwnName($0) }
      if others.contains(IndexCommit.fileName) { throw cannotCreate(path, "there is one already; open it, or remove it first") }
      if let other = others.min() { throw cannotCreate(path, "the directory is not empty (it holds '\(other)'); name a new one") }
    }
  }

  /// Writes the commit of an empty index. Called under the lock: only then is it certain that nobody else is making it too.
  private static func writeFirstCommit(_ path: String, _ schema: Schema, in fileSystem: any FileSystem) throws {
    let names = try fileSystem.list(path)
    if names.contains(IndexCommit.fileName) { throw cannotCreate(path, "another process has just made one") }
    let newPath = "\(path)/\(IndexCommit.newFileName)"
    if names.contains(IndexCommit.newFileName) { try fileSystem.remove(newPath) }
    try IndexCommit(schema: schema, fingerprint: schema.settings().fingerprint).write(to: newPath, in: fileSystem)
    try fileSystem.rename(newPath, to: "\(path)/\(IndexCommit.fileName)")
    try fileSystem.syncDirectory(path)
    try fileSystem.syncDirectory(parent(of: path))
  }

  /// Opens the index in a directory.
  ///
  /// - Throws: `notFound`, `corrupted`, `io`.
  public init(at path: String) throws(IndexError) { try self.init(at: path, in: SystemFileSystem()) }

  package init(at path: String, in fileSystem: any FileSystem) throws(IndexError) {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let commit = try IndexCommit(readingFrom: path, in: fileSystem)
    self.init(path: path, schema: commit.schema, fileSystem: fileSystem)
  }

  /// Changes the index: what `body` does becomes durable and visible when it returns, and is discarded when it throws.
  ///
  /// - Throws: `locked` when another writer is at work, `settingsDiffer` when the analyzer here is not the index's, `io`, `corrupted`,
  ///   and what `body` throws.
  @discardableResult
  public func update<T>(_ options: UpdateOptions = UpdateOptions(), _ body: (IndexWriter) throws -> T) throws -> T {
    let writer = try IndexWriter(path, fileSystem: fileSystem, options: options, unitMemory: unitMemory)
    do {
      let result = try body(writer)
      _ = try writer.commitChanges()
      return result
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Adds a field behind the others, in a commit of its own: see `IndexWriter.addField`.
  ///
  /// - Throws: `invalidArgument` when the schema cannot have it, and what `update` throws.
  public mutating func addField(_ field: Field) throws {
    var added = schema
    try update { writer in
      try writer.addField(field)
      added = writer.commit.schema
    }
    schema = added
  }

  /// Merges all segments into one and drops what deleted passages still take up.
  public func merge() throws(IndexError) {
    let writer = try IndexWriter(path, fileSystem: fileSystem, unitMemory: unitMemory)
    do {
      try writer.mergeAll()
      _ = try writer.commitChanges()
    } catch {
      writer.discard()
      throw error
    }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
