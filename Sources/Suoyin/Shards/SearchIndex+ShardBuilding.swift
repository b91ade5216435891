// How is one part of a large index built, anywhere and any number of times?
package import SuoyinStorage

/// A shard that is whole and durable.
public struct BuiltShard: Equatable, Sendable {
  /// The directory. Its last component says what is inside: `shard-3-of-8-DIGEST`.
  public let path: String
  public let passageCount: Int
  /// Whether it was not there before.
  public let isNew: Bool
}

extension SearchIndex {
  /// Builds a shard: an index of at most one segment, under a name made of its content.
  ///
  /// The same documents give the same bytes and the same name. It may be done again, by several processes at a time, on any machine: nothing is ever seen of
  /// a shard that is not whole. What a killed process has left is removed by a later one.
  ///
  /// - Parameters:
  ///   - directory: Where the shard is put; is made when it is missing.
  ///   - settings: A digest of what decides how documents are made of sources: shards with others are not published together. At most 64 bytes.
  ///   - body: Adds those documents whose sources the shard holds; see `ShardNumber.holds`.
  /// - Throws: `cannotCreate`, `invalidArgument`, `io`, and what `body` throws.
  public static func buildShard<T>(
    _ shard: ShardNumber, in directory: String, schema: Schema, settings: [UInt8] = [], _ options: UpdateOptions = UpdateOptions(),
    _ body: (IndexWriter) throws -> T
  ) throws -> (shard: BuiltShard, result: T) {
    try buildShard(shard, in: directory, schema: schema, settings: settings, options, fileSystem: SystemFileSystem(), body)
  }

  package static func buildShard<T>(
    _ shard: ShardNumber, in directory: String, schema: Schema, settings: [UInt8] = [], _ options: UpdateOptions = UpdateOptions(),
    unitMemory: Int = IndexWriter.defaultUnitMemory, fileSystem: any FileSystem, _ body: (IndexWriter) throws -> T
  ) throws -> (shard: BuiltShard, result: T) {
    guard settings.count <= 64 else { throw IndexError(.invalidArgument, "settings of \(settings.count) bytes; a digest has at most 64") }
    let directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    let place: ShardWorkplace
    do { place = try ShardWorkplace(for: shard, in: directory, fileSystem) } catch let error as StorageError {
      if case .locked = error.reason { throw IndexError(error) }
      throw IndexError(.cannotCreate, "cannot create shards in \(directory): \(error)", path: directory, cause: error)
    }
    defer { place.remove() }
    var index = try create(at: place.index, schema: schema, in: fileSystem)
    index.unitMemory = unitMemory
    let result = try index.update(options, body)
    try index.merge()
    let built = try withIndexErrors { try index.seal(shard, settings, place, in: directory) }
    return (built, result)
  }

  /// Moves the segment into a directory that has nothing of how it came about, checks that, and gives it its name.
  private func seal(_ shard: ShardNumber, _ settings: [UInt8], _ place: ShardWorkplace, in directory: String) throws -> BuiltShard {
    let built = try IndexCommit(readingFrom: path, in: fileSystem)
    var commit = IndexCommit(schema: built.schema, fingerprint: built.fingerprint)
    commit.number = 1
    try fileSystem.createDirectory(place.shard)
    for segment in built.segments {
      let file = IndexCommit.File(number: commit.nextFileNumber, identity: segment.file.identity)
      try fileSystem.rename("\(path)/\(segment.fileName)", to: "\(place.shard)/\(IndexCommit.segmentName(file.number))")
      commit.segments.append(IndexCommit.Segment(file: file, deletions: nil))
      commit.nextFileNumber += 1
    }
    try ShardDirectory.write(shard, settings: settings, commit, to: place.shard, in: fileSystem)
    let report = try IndexChecker.check(place.shard, in: fileSystem)
    if let problem = report.problems.first { throw IndexError(.corrupted, "the shard was damaged while it was written: \(problem)") }
    let target = try "\(directory)/\(ShardDirectory.name(of: place.shard, shard, commit, in: fileSystem))"
    let isNew = try publish(place.shard, as: target, commit)
    try fileSystem.syncDirectory(directory)
    return BuiltShard(path: target, passageCount: report.passageCount, isNew: isNew)
  }

  /// Renames a shard; false when one of that name is there, which must be the same.
  private func publish(_ shard: String, as target: String, _ commit: IndexCommit) throws -> Bool {
    do { try fileSystem.rename(shard, to: target) } catch {
      guard error.isAlreadyThere else { throw error }
      let present = try? IndexReader(target, in: fileSystem)
      guard present?.commit == commit, (try? ShardDirectory(readingFrom: target, in: fileSystem)) != nil else {
        throw IndexError(.corrupted, "\(target) is there, and is not what its name says; remove it and build the shard again", path: target)
      }
      return false
    }
    return true
  }
}
