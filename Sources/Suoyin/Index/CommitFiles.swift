// How do the files of one commit get to another directory?
internal import SuoyinStorage

/// All files that one commit names, open: a writer that removes them takes nothing away.
struct CommitFiles {
  let directory: String
  let commit: IndexCommit
  /// In the order of the commit's `named`.
  private let files: [SectionFile]

  /// Opens the files of the newest commit. When a writer removes one meanwhile, those of the commit that it made are opened instead.
  init(_ directory: String, in fileSystem: any FileSystem) throws(IndexError) {
    self.directory = directory
    var commit = try IndexCommit(readingFrom: directory, in: fileSystem)
    // Terminates: each turn needs a newer commit.
    while true {
      do {
        files = try Self.open(commit, in: directory, fileSystem)
        break
      } catch  where (error.cause as? StorageError)?.isNotFound ?? false {
        let newer = try IndexCommit(readingFrom: directory, in: fileSystem)
        guard newer.number > commit.number else {
          throw IndexError(
            .corrupted, "\(error.path ?? directory) is missing; the index is damaged and cannot be copied", path: error.path, cause: error)
        }
        commit = newer
      }
    }
    self.commit = commit
  }

  private static func open(
    _ commit: IndexCommit, in directory: String, _ fileSystem: any FileSystem
  ) throws(IndexError) -> [SectionFile] {
    var files: [SectionFile] = []
    for named in commit.named {
      let path = "\(directory)/\(named.name)"
      let file = try withIndexErrors { try SectionFile(path, kind: named.kind, in: fileSystem) }
      guard file.identity == named.file.identity else { throw .foreign(path) }
      files.append(file)
    }
    return files
  }

  var byteCount: UInt64 { files.reduce(0) { $0 + $1.identity.length } }
  var count: Int { files.count }

  /// Puts the files into another directory, under the names that a commit of the same shape gives them: durable but for the names themselves.
  ///
  /// A file that is linked was durable before its commit was; one that is copied is read as a whole, and every page of it checked.
  ///
  /// - Parameters:
  ///   - isCopying: False to link what the file system can link.
  ///   - made: Gets the paths of the files that are begun.
  /// - Returns: How many files were linked.
  func place(
    in newDirectory: String, as newCommit: IndexCommit, isCopying: Bool, made: inout [String], _ fileSystem: any FileSystem
  ) throws -> Int {
    var linked = 0
    for (file, named) in zip(files, newCommit.named) {
      let path = "\(newDirectory)/\(named.name)"
      // Whatever keeps it from being linked (another file system, a limit, a writer's clean-up), the open file can be copied.
      if !isCopying, (try? fileSystem.link(file.path, to: path)) != nil {
        made.append(path)
        linked += 1
        continue
      }
      try file.checkAllPages()
      let copy = try fileSystem.createFile(path)
      made.append(path)
      let bytes = file.file.bytes
      for start in stride(from: 0, to: bytes.count, by: Self.copiedAtOnce) {
        if let part = bytes.slice(at: start, count: min(Self.copiedAtOnce, bytes.count - start)) { try copy.write(part.array) }
      }
      try copy.sync()
      try copy.close()
    }
    return linked
  }

  private static let copiedAtOnce = 1 << 20
}

extension IndexCommit {
  /// A file that the commit names, beside its own.
  struct NamedFile {
    var name: String
    var kind: UInt32
    var file: File
  }

  /// All files but the commit's own, in an order that depends on the commit's shape only.
  var named: [NamedFile] {
    var named: [NamedFile] = []
    for segment in segments {
      named.append(NamedFile(name: segment.fileName, kind: FileKind.segment, file: segment.file))
      if let deletions = segment.deletions, let name = segment.deletionsName {
        named.append(NamedFile(name: name, kind: FileKind.deletions, file: deletions))
      }
    }
    if let dictionary, let name = dictionaryName { named.append(NamedFile(name: name, kind: FileKind.dictionary, file: dictionary)) }
    return named
  }

  /// The same index with other numbers for its files, from `first` on.
  func renumbered(from first: UInt64) -> IndexCommit {
    var commit = self
    var next = first
    func take() -> UInt64 {
      defer { next += 1 }
      return next
    }
    for segment in segments.indices {
      commit.segments[segment].file.number = take()
      if segments[segment].deletions != nil { commit.segments[segment].deletions?.number = take() }
    }
    if dictionary != nil { commit.dictionary?.number = take() }
    commit.nextFileNumber = next
    return commit
  }

  /// The greatest number in the names of an index's files; 0 when there is none.
  static func greatestNumber(in names: [String]) -> UInt64 {
    names.filter(isOwnName).flatMap { $0.split { !$0.isNumber } }.compactMap { UInt64($0) }.max() ?? 0
  }
}
