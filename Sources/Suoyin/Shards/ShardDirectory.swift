// What does a shard consist of?
package import SuoyinStorage

/// A directory `shard-3-of-8-DIGEST`: an index of one segment, or of none, that nothing was changed in, and a file `shard` that says which of how many.
package struct ShardDirectory {
  package let path: String
  package let shard: ShardNumber
  /// A digest of all that decides what documents are made of the sources.
  package let settings: [UInt8]
  package let commit: IndexCommit

  static let fileName = "shard"
  private static let section: UInt32 = 1

  /// The segment and its path; nil in a shard without passages.
  package var segment: (path: String, file: IndexCommit.File)? {
    commit.segments.first.map { ("\(path)/\($0.fileName)", $0.file) }
  }

  /// Reads what is there; the segment is not opened.
  package init(readingFrom path: String, in fileSystem: any FileSystem) throws(IndexError) {
    let file: SectionFile
    do { file = try SectionFile("\(path)/\(Self.fileName)", kind: FileKind.shard, in: fileSystem) } catch {
      guard error.isNotFound else { throw IndexError(error) }
      throw IndexError(.notFound, "there is no shard at \(path); make one with `suoyin shard build`", path: path, cause: error)
    }
    var reader = try ByteReader(withIndexErrors { try file.section(Self.section) })
    let number = try reader.variable(atMost: ShardNumber.maximumCount)
    let count = try reader.variable(atMost: ShardNumber.maximumCount)
    guard let shard = ShardNumber(number, of: count) else { throw reader.corrupted("the shard \(number) of \(count)") }
    self.shard = shard
    settings = try reader.counted().array
    self.path = path
    commit = try IndexCommit(readingFrom: path, in: fileSystem)
    let isUntouched = commit.number == 1 && commit.dictionary == nil && commit.segments.first?.deletions == nil
    guard isUntouched, commit.segments.count <= 1 else {
      throw IndexError(.invalidArgument, "the shard \(path) was changed after it was built; build it again", path: path)
    }
  }

  /// Writes the files beside the segment, which is there already, into a directory.
  static func write(_ shard: ShardNumber, settings: [UInt8], _ commit: IndexCommit, to path: String, in fileSystem: any FileSystem) throws {
    var writer = ByteWriter()
    writer.append(variable: UInt64(shard.number))
    writer.append(variable: UInt64(shard.count))
    writer.append(counted: settings)
    let file = try SectionFileWriter("\(path)/\(Self.fileName)", kind: FileKind.shard, in: fileSystem)
    try file.beginSection(Self.section)
    try file.append(writer.bytes)
    _ = try file.finish()
    try commit.write(to: "\(path)/\(IndexCommit.fileName)", in: fileSystem)
    try fileSystem.syncDirectory(path)
  }

  /// The name by what is inside: the same bytes have the same name, wherever and whenever they were made.
  ///
  /// - Complexity: reads every byte.
  static func name(of path: String, _ shard: ShardNumber, _ commit: IndexCommit, in fileSystem: any FileSystem) throws -> String {
    var digest: [UInt8] = []
    for name in [fileName, IndexCommit.fileName] + commit.segments.map(\.fileName) {
      let bytes = try fileSystem.map("\(path)/\(name)").bytes
      // Digests are of arrays: a piece at a time, each with the digest of what is before it.
      for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
        let piece = bytes.slice(at: start, count: min(1 << 20, bytes.count - start))?.array ?? []
        digest = MurmurHash3.digest(of: digest + piece)
      }
    }
    let digits = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return "\(namePrefix)\(shard.number)-of-\(shard.count)-\(digits)"
  }

  private static let namePrefix = "shard-"

  /// The shards that a path means: itself, or those in it.
  package static func paths(in path: String, _ fileSystem: any FileSystem) throws(IndexError) -> [String] {
    let names: [String]
    do { names = try fileSystem.list(path) } catch {
      guard error.isNotFound else { throw IndexError(error) }
      throw IndexError(.notFound, "there is no directory \(path), and so no shard in it", path: path, cause: error)
    }
    if names.contains(fileName) { return [path] }
    let shards = names.filter { $0.hasPrefix(namePrefix) }.sorted()
    if shards.isEmpty { throw IndexError(.notFound, "there is no shard in \(path); make one with `suoyin shard build`", path: path) }
    return shards.map { "\(path)/\($0)" }
  }
}
