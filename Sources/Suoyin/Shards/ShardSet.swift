// Do these shards make one index?
//
// Why the unsafe code here is sound: a string is copied before the walk goes on.
internal import SuoyinStorage

/// All shards of one division, each once, in the order of their numbers.
struct ShardSet {
  private(set) var shards: [ShardDirectory] = []
  private let fileSystem: any FileSystem

  /// - Parameter paths: Shards, and directories of shards. A shard may be given twice if both are the same.
  /// - Throws: `notFound`, `corrupted`, `io`; `invalidArgument` when they are not exactly the shards of one division, made alike.
  init(_ paths: [String], in fileSystem: any FileSystem) throws(IndexError) {
    self.fileSystem = fileSystem
    var found: [Int: ShardDirectory] = [:]
    var first: ShardDirectory?
    for argument in paths {
      let argument = argument.count > 1 && argument.hasSuffix("/") ? String(argument.dropLast()) : argument
      for path in try ShardDirectory.paths(in: argument, fileSystem) {
        let shard = try ShardDirectory(readingFrom: path, in: fileSystem)
        if let first { try Self.compare(shard, with: first) }
        if let same = found[shard.shard.number], same.commit != shard.commit {
          throw Self.refusal(
            "\(same.path) and \(path) are two versions of the shard \(shard.shard); remove one, or name the shards one by one")
        }
        first = first ?? shard
        found[shard.shard.number] = found[shard.shard.number] ?? shard
      }
    }
    guard let count = first?.shard.count else { throw Self.refusal("name the shards, or the directory that they are in") }
    let missing = (1...count).filter { found[$0] == nil }
    if !missing.isEmpty {
      let list = missing.prefix(10).map(String.init).joined(separator: ", ") + (missing.count > 10 ? " and others" : "")
      throw Self.refusal("of \(count) shards \(list) \(missing.count == 1 ? "is" : "are") missing; build what is missing first")
    }
    shards = (1...count).compactMap { found[$0] }
  }

  private static func refusal(_ message: String) -> IndexError { IndexError(.invalidArgument, message) }

  private static func compare(_ shard: ShardDirectory, with first: ShardDirectory) throws(IndexError) {
    let difference: String? =
      shard.shard.count != first.shard.count
      ? "divisions, \(first.shard) and \(shard.shard)"
      : shard.commit.schema != first.commit.schema
        ? "fields or analyzers"
        : shard.commit.fingerprint != first.commit.fingerprint
          ? "versions of the analyzer's rules or lists of words" : shard.settings != first.settings ? "options for reading files" : nil
    if let difference { throw refusal("\(first.path) and \(shard.path) were built with different \(difference); build one of them again") }
  }

  /// Reads everything in the shards.
  ///
  /// - Throws: `corrupted` with the first damage.
  func checkContents() throws(IndexError) {
    for shard in shards {
      let report = try IndexChecker.check(shard.path, in: fileSystem)
      guard let problem = report.problems.first else { continue }
      throw IndexError(.corrupted, "the shard \(shard.path) is damaged: \(problem)", path: shard.path)
    }
  }

  /// Opens the segments, those of shards without passages left out, and makes sure that nothing is in two of them.
  ///
  /// - Returns: How many passages there are.
  /// - Complexity: O(*n*) in the number of keys.
  func checkNames() throws(IndexError) -> Int {
    var holders: [ShardDirectory] = []
    var readers: [SegmentReader] = []
    for shard in shards {
      for segment in shard.commit.segments {
        holders.append(shard)
        readers.append(try LiveSegment(segment, in: shard.path, schema: shard.commit.schema, fileSystem: fileSystem).reader)
      }
    }
    for (name, tables) in [("source", readers.map(\.sources)), ("key", readers.map(\.keys))] {
      var strings = try MergedStrings(tables)
      while try strings.next() {
        guard strings.holderCount > 1 else { continue }
        let text = unsafe DocumentKey(bytes: Array(strings.string))
        let paths = (0..<2).map { holders[strings.holder($0)].path }
        throw Self.refusal(
          "the \(name) '\(text)' is in \(paths[0]) and in \(paths[1]); one index has it once: name one of the passages otherwise")
      }
    }
    return readers.reduce(0) { $0 + $1.passageCount }
  }
}
