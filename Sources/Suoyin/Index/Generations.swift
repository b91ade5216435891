// How does an index go back to what it was?
internal import SuoyinStorage

/// A state of an index that can be searched, or gone back to.
public struct Generation: Equatable, Sendable {
  /// That of its commit: a later one has a larger number.
  public let number: UInt64
  /// How many live passages it has.
  public let passageCount: Int
  /// How many bytes its files have; generations share files.
  public let byteCount: UInt64
  /// Whether it is the index as it is now.
  public let isCurrent: Bool
}

extension SearchIndex {
  /// The index as it is, and what is kept of it, the newest first: see `UpdateOptions.keptGenerations`.
  ///
  /// - Throws: `notFound`, `corrupted`, `io`.
  /// - Complexity: opens the segments of every generation.
  public func generations() throws(IndexError) -> [Generation] {
    let current = try IndexReader(path, in: fileSystem)
    var generations = [Generation(current, isCurrent: true)]
    let names = try withIndexErrors { try fileSystem.list(path) }
    for number in names.compactMap(IndexCommit.keptNumber).sorted(by: >) where number < current.commit.number {
      generations.append(Generation(try reader(ofGeneration: number), isCurrent: false))
    }
    return generations
  }

  /// A searcher for the index as it was.
  ///
  /// - Throws: `notFound` when this generation is not kept, `corrupted`, `io`.
  public func searcher(ofGeneration number: UInt64) throws(IndexError) -> Searcher {
    let current = try IndexReader(path, in: fileSystem)
    return Searcher(number == current.commit.number ? current : try reader(ofGeneration: number))
  }

  private func reader(ofGeneration number: UInt64) throws(IndexError) -> IndexReader {
    try IndexReader(path, IndexCommit(readingFrom: path, keptAs: number, in: fileSystem), in: fileSystem)
  }

  /// Makes a kept generation the index again, in a commit of its own; what the index is now is kept.
  ///
  /// - Parameter number: By default the newest that is kept.
  /// - Returns: The number of the generation that the index is again.
  /// - Throws: `notFound` when it is not kept, `locked`, `corrupted` when its files are damaged or gone, `io`. The index stays as it is then.
  @discardableResult
  public func rollBack(to number: UInt64? = nil) throws(IndexError) -> UInt64 {
    let lock = try withIndexErrors { try fileSystem.lock("\(path)/\(IndexCommit.lockName)", holder: IndexWriter.holder) }
    return try withExtendedLifetime(lock) { () throws(IndexError) in
      let current = try IndexCommit(readingFrom: path, in: fileSystem)
      let names = try withIndexErrors { try fileSystem.list(path) }
      guard let number = number ?? names.compactMap(IndexCommit.keptNumber).filter({ $0 < current.number }).max() else {
        throw IndexError(.notFound, "the index \(path) has no generation before this one", path: path)
      }
      if number == current.number { return number }
      var commit = try IndexCommit(readingFrom: path, keptAs: number, in: fileSystem)
      // Opens all its files, and compares them with what it says of them.
      _ = try IndexReader(path, commit, in: fileSystem)
      commit.number = current.number + 1
      commit.nextFileNumber = max(commit.nextFileNumber, current.nextFileNumber)
      try withIndexErrors { () throws in
        let keptName = IndexCommit.keptName(current.number)
        if !names.contains(keptName) { try current.write(to: "\(path)/\(keptName)", in: fileSystem) }
        let newPath = "\(path)/\(IndexCommit.newFileName)"
        if names.contains(IndexCommit.newFileName) { try fileSystem.remove(newPath) }
        try commit.write(to: newPath, in: fileSystem)
        try fileSystem.syncDirectory(path)
        try fileSystem.rename(newPath, to: "\(path)/\(IndexCommit.fileName)")
        try fileSystem.syncDirectory(path)
      }
      return number
    }
  }
}

extension Generation {
  fileprivate init(_ index: IndexReader, isCurrent: Bool) {
    number = index.commit.number
    passageCount = index.passageCount
    byteCount = index.commit.files.reduce(0) { $0 + $1.identity.length }
    self.isCurrent = isCurrent
  }
}
