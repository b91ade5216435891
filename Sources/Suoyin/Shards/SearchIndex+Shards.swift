// How do shards become an index?
package import SuoyinStorage

/// What the publication of shards did.
public struct ShardSummary: Equatable, Sendable {
  /// How many shards the index consists of.
  public var shards = 0
  /// Passages that were published, and those that were in the index before. Both are 0 when nothing has changed.
  public var added = 0
  public var removed = 0
  /// False when the index consisted of these shards already, and was left as it was.
  public var hasChanged = false
}

extension SearchIndex {
  /// Makes an index of shards, or puts them in the place of all that an index has, in one commit; see `buildShard`.
  ///
  /// Searchers that are open keep their snapshot. The segments get a second name in the index where the file system can do that, and are copied otherwise;
  /// the shards are needed no more. Their documents score as those of an index that was built as a whole.
  ///
  /// - Parameters:
  ///   - shards: Paths of shards, and of directories with shards.
  ///   - path: The index; a new one when there is none.
  ///   - isChecked: Whether every byte of the shards is read and checked before.
  /// - Throws: `invalidArgument` when the shards are not exactly those of one division made alike, or do not fit the index that is there;
  ///   `notFound`, `corrupted`, `settingsDiffer`, `cannotCreate`, `locked`, `io`. Nothing has changed then, but for an error in the last step; see docs/Storage.md.
  public static func publish(shards: [String], at path: String, isChecked: Bool = true) throws(IndexError) -> ShardSummary {
    try publish(shards: shards, at: path, isChecked: isChecked, in: SystemFileSystem())
  }

  package static func publish(
    shards: [String], at path: String, isChecked: Bool = true, in fileSystem: any FileSystem
  ) throws(IndexError) -> ShardSummary {
    let set = try ShardSet(shards, in: fileSystem)
    guard let first = set.shards.first?.commit else { return ShardSummary() }
    let settings = first.schema.settings()
    guard first.fingerprint == settings.fingerprint else { throw .settingsDiffer(set.shards[0].path, first, settings) }
    if isChecked { try set.checkContents() }
    let passageCount = try set.checkNames()
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    return try withIndexErrors { try ShardPublication(set, passageCount, path, fileSystem).run() }
  }
}

/// One publication, whose steps are those of an update: docs/Storage.md, "Commit".
private struct ShardPublication {
  private let set: ShardSet
  private let passageCount: Int
  private let directory: String
  private let fileSystem: any FileSystem

  init(_ set: ShardSet, _ passageCount: Int, _ directory: String, _ fileSystem: any FileSystem) {
    self.set = set
    self.passageCount = passageCount
    self.directory = directory
    self.fileSystem = fileSystem
  }

  func run() throws -> ShardSummary {
    // Only an index, or an empty directory, is locked: an unlucky path must not get a lock file.
    if try present() == nil {
      do { try SearchIndex.makeDirectory(directory, in: fileSystem) } catch let error as StorageError {
        throw SearchIndex.cannotCreate(directory, error.description, error)
      }
    }
    let lock = try fileSystem.lock("\(directory)/\(IndexCommit.lockName)", holder: IndexWriter.holder)
    return try withExtendedLifetime(lock) { try publish(over: present()) }
  }

  /// What the index is now; nil when there is none.
  private func present() throws(IndexError) -> IndexCommit? {
    do { return try IndexCommit(readingFrom: directory, in: fileSystem) } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  private func publish(over present: IndexCommit?) throws -> ShardSummary {
    let first = set.shards[0].commit
    var summary = ShardSummary(shards: set.shards.count)
    if let present {
      try check(present, fits: first)
      let identities = set.shards.compactMap(\.segment).map(\.file.identity)
      let isSame = present.segments.allSatisfy { $0.deletions == nil } && present.segments.map(\.file.identity) == identities
      if isSame, present.fingerprint == first.fingerprint { return summary }
      summary.removed = try IndexReader(directory, in: fileSystem).passageCount
    }
    var commit = present ?? IndexCommit(schema: first.schema, fingerprint: first.fingerprint)
    commit.removeOtherFiles(in: directory, fileSystem)
    commit.number += 1
    commit.fingerprint = first.fingerprint
    commit.segments = []
    var newFiles: [String] = []
    var isPublished = false
    do {
      for segment in set.shards.compactMap(\.segment) {
        let name = IndexCommit.segmentName(commit.nextFileNumber)
        newFiles.append(name)
        try take(segment.path, as: "\(directory)/\(name)")
        commit.segments.append(.init(file: .init(number: commit.nextFileNumber, identity: segment.file.identity), deletions: nil))
        commit.nextFileNumber += 1
      }
      try fileSystem.syncDirectory(directory)
      newFiles.append(IndexCommit.newFileName)
      try commit.write(to: "\(directory)/\(IndexCommit.newFileName)", in: fileSystem)
      isPublished = true
      try fileSystem.rename("\(directory)/\(IndexCommit.newFileName)", to: "\(directory)/\(IndexCommit.fileName)")
      try fileSystem.syncDirectory(directory)
      if present == nil { try fileSystem.syncDirectory(SearchIndex.parent(of: directory)) }
    } catch {
      // From the renaming on nobody knows which commit a power cut would leave.
      if !isPublished { for name in newFiles { try? fileSystem.remove("\(directory)/\(name)") } }
      throw error
    }
    commit.removeOtherFiles(in: directory, fileSystem)
    summary.added = passageCount
    summary.hasChanged = true
    return summary
  }

  private func check(_ present: IndexCommit, fits shards: IndexCommit) throws(IndexError) {
    guard present.schema == shards.schema else {
      throw IndexError(
        .invalidArgument, "the index \(directory) has other fields or another analyzer than the shards; publish them as a new index",
        path: directory)
    }
    guard present.dictionary == nil else {
      throw IndexError(
        .invalidArgument,
        "the index \(directory) has words of its own, which the shards were cut without; publish them as a new index and add the words to that",
        path: directory)
    }
  }

  /// Gives a segment a name in the index: a second one of the same file, or else a copy of it.
  private func take(_ segment: String, as path: String) throws {
    do { return try fileSystem.link(segment, to: path) } catch { try? fileSystem.remove(path) }
    let bytes = try fileSystem.map(segment).bytes
    let file = try fileSystem.createFile(path)
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      try file.write(bytes.slice(at: start, count: min(1 << 20, bytes.count - start))?.array ?? [])
    }
    try file.sync()
    try file.close()
  }
}
