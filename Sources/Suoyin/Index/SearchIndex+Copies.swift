// How is an index copied while it is written to, and put back?
package import SuoyinStorage

/// What a copy of an index consists of.
public struct CopySummary: Equatable, Sendable {
  /// The directory that was made.
  public internal(set) var path = ""
  /// Live passages.
  public internal(set) var passageCount = 0
  /// All files but the commit.
  public internal(set) var fileCount = 0
  /// Those of them that are the same files under other names, and take no room of their own.
  public internal(set) var linkedCount = 0
  /// Bytes of these files.
  public internal(set) var byteCount: UInt64 = 0
}

extension SearchIndex {
  /// Makes a copy of the index as of its newest commit, in a new directory or an empty one, while a writer may go on.
  ///
  /// Files of an index never change, so that those on the same file system are linked: that takes no time and no room, and protects against
  /// deletion and wrong updates, but not against a disk that loses bytes. The commit is written last, after all else is durable and the copy
  /// has been opened: what is cut short is no index. After an error the files that were made are removed.
  ///
  /// - Parameters:
  ///   - copying: Copy the files in any case; every byte is checked on the way.
  ///   - checking: Check everything in the copy, as `check(at:)` does, before it gets its commit.
  /// - Throws: `cannotCreate` when the directory cannot be made or is not empty, `corrupted`, `io`.
  @discardableResult
  public func snapshot(to destination: String, copying: Bool = false, checking: Bool = false) throws(IndexError) -> CopySummary {
    let files = try CommitFiles(path, in: fileSystem)
    let destination = Self.trimmed(destination)
    func refusal(_ why: String, _ cause: (any Error)? = nil) -> IndexError {
      IndexError(.cannotCreate, "cannot make a snapshot at \(destination): \(why)", path: destination, cause: cause)
    }
    do {
      try fileSystem.createDirectory(destination)
    } catch {
      guard error.isAlreadyThere else { throw refusal(error.description, error) }
      let names = try withIndexErrors { try fileSystem.list(destination) }
      if let name = names.min() { throw refusal("the directory is not empty (it holds '\(name)'); name a new one") }
    }
    return try Self.publish(files, as: files.commit, in: destination, copying: copying, checking: checking, fileSystem)
  }

  /// Makes the index at a path from a snapshot, or from any other index; everything in it is checked before it becomes visible.
  ///
  /// An index that is there is replaced by one commit of its own: the snapshot's files come to it under numbers that no file had, and the new
  /// commit takes the old one's place as after any update. Searchers that are open go on, and nobody sees anything between.
  ///
  /// - Parameters:
  ///   - replacing: Whether an index at `path` may be replaced; it may be damaged.
  ///   - copying: Copy the files even where they could be linked.
  /// - Throws: `notFound` when there is no snapshot, `cannotCreate` when there is an index already, or something else; `locked` when it is being
  ///   written to; `corrupted` when the snapshot is damaged, `io`. There is nothing new then.
  @discardableResult
  public static func restore(
    from snapshot: String, to path: String, replacing: Bool = false, copying: Bool = false
  ) throws(IndexError) -> CopySummary {
    try restore(from: snapshot, to: path, replacing: replacing, copying: copying, in: SystemFileSystem())
  }

  package static func restore(
    from snapshot: String, to path: String, replacing: Bool, copying: Bool, in fileSystem: any FileSystem
  ) throws(IndexError) -> CopySummary {
    let (snapshot, path) = (trimmed(snapshot), trimmed(path))
    let files: CommitFiles
    do {
      files = try CommitFiles(snapshot, in: fileSystem)
    } catch {
      guard error.kind == .notFound else { throw error }
      throw IndexError(.notFound, "there is no snapshot at \(snapshot): it holds no commit", path: snapshot, cause: error)
    }
    func checkPlace() throws -> [String] {
      let names = try fileSystem.list(path)
      if names.contains(IndexCommit.fileName) {
        if replacing { return names }
        throw refusal(path, "there is an index already; --replace puts the snapshot in its place")
      }
      if let other = names.filter({ $0 != IndexCommit.lockName && !IndexCommit.isOwnName($0) }).min() {
        throw refusal(path, "the directory is no index and not empty (it holds '\(other)')")
      }
      return names
    }
    let lock = try withIndexErrors {
      do {
        try fileSystem.createDirectory(path)
      } catch {
        guard (error as? StorageError)?.isAlreadyThere ?? false else { throw refusal(path, "\(error)", error) }
        // An unlucky path must not get a lock file.
        _ = try checkPlace()
      }
      return try fileSystem.lock("\(path)/\(IndexCommit.lockName)", holder: IndexWriter.holder)
    }
    return try withExtendedLifetime(lock) { () throws(IndexError) in
      let names = try withIndexErrors { try checkPlace() }
      let commit = try withIndexErrors { try newCommit(files.commit, among: names, in: path, fileSystem) }
      let summary = try publish(files, as: commit, in: path, copying: copying, checking: true, fileSystem)
      remove(names.filter { !commit.fileNames.contains($0) }, from: path, fileSystem)
      return summary
    }
  }

  private static func refusal(_ path: String, _ why: String, _ cause: (any Error)? = nil) -> IndexError {
    IndexError(.cannotCreate, "cannot restore an index at \(path): \(why)", path: path, cause: cause)
  }

  /// The commit by which a snapshot's becomes that of a directory with files of these names. Called under the lock.
  private static func newCommit(
    _ snapshot: IndexCommit, among names: [String], in path: String, _ fileSystem: any FileSystem
  ) throws -> IndexCommit {
    guard names.contains(IndexCommit.fileName) else {
      // What is there was left behind by a crash.
      remove(names, from: path, fileSystem)
      return snapshot
    }
    var (number, nextFileNumber) = (snapshot.number, max(snapshot.nextFileNumber, IndexCommit.greatestNumber(in: names)))
    do {
      let old = try IndexCommit(readingFrom: path, in: fileSystem)
      (number, nextFileNumber) = (max(number, old.number), max(nextFileNumber, old.nextFileNumber))
    } catch {
      // A commit that cannot be read is what a snapshot is for. Nobody has it open.
      guard error.kind == .corrupted || error.kind == .settingsDiffer else { throw error }
    }
    guard max(number, nextFileNumber) < UInt64.max / 2 else { throw refusal(path, "its files have no numbers left; name a new directory") }
    var commit = snapshot.renumbered(from: nextFileNumber + 1)
    commit.number = number + 1
    return commit
  }

  /// Puts files into a directory and makes their commit its own, in the order of docs/Storage.md, "Commit".
  private static func publish(
    _ files: CommitFiles, as commit: IndexCommit, in path: String, copying: Bool, checking: Bool, _ fileSystem: any FileSystem
  ) throws(IndexError) -> CopySummary {
    var made: [String] = []
    var summary = CopySummary(path: path, fileCount: files.count, byteCount: files.byteCount)
    let newPath = "\(path)/\(IndexCommit.newFileName)"
    try withIndexErrors {
      do {
        summary.linkedCount = try files.place(in: path, as: commit, isCopying: copying, made: &made, fileSystem)
        try fileSystem.syncDirectory(path)
        let copy = try IndexReader(path, commit, in: fileSystem)
        summary.passageCount = copy.passageCount
        let problems = checking ? IndexChecker.check(copy).problems : []
        if let first = problems.first {
          let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
          throw IndexError(.corrupted, "what \(files.directory) holds is damaged: \(first)\(more)", path: files.directory)
        }
        if try fileSystem.list(path).contains(IndexCommit.newFileName) { try fileSystem.remove(newPath) }
        made.append(newPath)
        try commit.write(to: newPath, in: fileSystem)
      } catch {
        for path in made { try? fileSystem.remove(path) }
        throw error
      }
    }
    // From the renaming on nobody knows which commit a power cut would leave: nothing is removed.
    try withIndexErrors {
      try fileSystem.rename(newPath, to: "\(path)/\(IndexCommit.fileName)")
      try fileSystem.syncDirectory(path)
      try fileSystem.syncDirectory(parent(of: path))
    }
    return summary
  }

  /// Removes files of an index; what cannot be removed now is removed by a later writer.
  private static func remove(_ names: [String], from path: String, _ fileSystem: any FileSystem) {
    for name in names.sorted() where IndexCommit.isOwnName(name) { try? fileSystem.remove("\(path)/\(name)") }
  }

  private static func trimmed(_ path: String) -> String { path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }
}
