// Which segments does an update have, and which are being made?
internal import SuoyinAnalysis
internal import SuoyinStorage

/// A segment as an update sees it: there, or being built, or being merged of others that can still be asked. For the writer's thread.
final class UpdateSegment {
  /// How often its passages have been merged, and how many they are: known before the segment is there, for that is what merges are planned by.
  let level: Int
  let passageCount: Int
  /// Whether all of its passages were added by this update.
  let isOfThisUpdate: Bool
  fileprivate(set) var deadCount: Int
  /// The segment itself, once it is there.
  fileprivate(set) var commit: IndexCommit.Segment?
  fileprivate(set) var live: LiveSegment?
  /// Passages that died in this update.
  fileprivate(set) var newlyDead: Set<DocID> = []
  fileprivate var job: Job<MadeSegment>?
  /// What it is being merged of.
  fileprivate var inputs: [UpdateSegment] = []
  private weak var merged: UpdateSegment?

  fileprivate init(_ commit: IndexCommit.Segment, _ live: LiveSegment) {
    level = live.reader.level
    passageCount = live.reader.passageCount
    isOfThisUpdate = false
    deadCount = live.deleted?.count ?? 0
    self.commit = commit
    self.live = live
  }

  fileprivate init(level: Int, passageCount: Int, isOfThisUpdate: Bool, of inputs: [UpdateSegment] = [], _ job: Job<MadeSegment>) {
    self.level = level
    self.passageCount = passageCount
    self.isOfThisUpdate = isOfThisUpdate
    self.inputs = inputs
    self.job = job
    deadCount = 0
    for input in inputs { input.merged = self }
  }

  var liveCount: Int { passageCount - deadCount }

  func isDead(_ document: DocID) -> Bool { newlyDead.contains(document) || live?.isDead(document) ?? false }

  /// The live passage with this key.
  func find(_ key: [UInt8]) throws(IndexError) -> DocID? {
    guard let document = try live?.reader.document(key), !isDead(document) else { return nil }
    return document
  }

  /// The live passages of a source.
  func passages(of source: [UInt8]) throws(IndexError) -> [DocID] {
    guard let reader = live?.reader, let entry = try reader.sources.find(source) else { return [] }
    return try reader.passages(entry.value).filter { !isDead($0) }
  }

  /// The digest of a source that has live passages here.
  func digest(of source: [UInt8]) throws(IndexError) -> [UInt8]? {
    guard let reader = live?.reader, let entry = try reader.sources.find(source) else { return nil }
    return try reader.passages(entry.value).contains { !isDead($0) } ? try reader.digest(ofSource: entry.ordinal) : nil
  }

  /// Marks a passage as dead, also in what is being merged of the segment; false when it was already.
  func kill(_ document: DocID) -> Bool {
    if isDead(document) { return false }
    newlyDead.insert(document)
    deadCount += 1
    merged?.deadCount += 1
    return true
  }

  /// Waits until the segment is there. What has died in the inputs of a merge since it was planned dies in the result.
  fileprivate func resolve() throws(IndexError) {
    guard let job else { return }
    let made = try job.value()
    self.job = nil
    commit = made.commit
    live = LiveSegment(reader: made.reader, deleted: nil)
    for (input, numbers) in zip(inputs, made.numbers) {
      for document in input.newlyDead where numbers[Int(document)] != .end { newlyDead.insert(numbers[Int(document)]) }
    }
    inputs = []
  }
}

/// A segment that a job has written.
struct MadeSegment: Sendable {
  var commit: IndexCommit.Segment
  var reader: SegmentReader
  /// Of a merge, for each input the new ID of every passage; `DocID.end` for those that were dead.
  var numbers: [[DocID]] = []
}

/// The segments of an index during an update. What becomes of them is planned by the order in which passages were added alone; when it is done
/// depends on the threads there are.
final class UpdateSegments {
  private let directory: String
  private let fileSystem: any FileSystem
  /// The fields that merged segments get.
  var schema: Schema
  private let workers: Workers
  private(set) var segments: [UpdateSegment] = []
  /// The number that the next file gets.
  private(set) var nextFileNumber: UInt64
  /// Files that were begun in this update.
  private(set) var newFiles: [String] = []
  /// Whether anything was merged.
  private(set) var hasMerged = false

  init(_ commit: IndexCommit, in directory: String, _ fileSystem: any FileSystem, _ workers: Workers) throws(IndexError) {
    self.directory = directory
    self.fileSystem = fileSystem
    self.workers = workers
    schema = commit.schema
    nextFileNumber = commit.nextFileNumber
    for segment in commit.segments {
      segments.append(
        UpdateSegment(segment, try LiveSegment(segment, in: directory, schema: commit.schema, fileSystem: fileSystem)))
    }
  }

  // MARK: Looking up

  /// The segments that can be asked: in the place of one that is being merged, its inputs. Waits for what is being built.
  func present(where isWanted: (UpdateSegment) -> Bool) throws(IndexError) -> [UpdateSegment] {
    // Asked for every passage that is added: nothing is allocated where nothing is wanted.
    var present: [UpdateSegment] = []
    for segment in segments {
      if segment.inputs.isEmpty, isWanted(segment) { present.append(segment) }
      for input in segment.inputs where isWanted(input) { present.append(input) }
    }
    for segment in present { try segment.resolve() }
    return present
  }

  // MARK: Making

  /// Begins to build a segment of a batch.
  ///
  /// - Parameters:
  ///   - analyzer: What cuts the batch when it is built here.
  ///   - isLast: Whether there is nothing else to do here meanwhile.
  func build(_ batch: PassageBatch, with analyzer: Analyzer, isOfThisUpdate: Bool, isLast: Bool) throws(IndexError) {
    // What has failed in the meantime is not left to be found at the end.
    for segment in segments { try segment.job?.check() }
    let number = takeSegmentNumber()
    let (directory, fileSystem, settings) = (directory, fileSystem, analyzer.settings)
    @Sendable func made(_ analyzer: Analyzer) throws -> MadeSegment {
      try Self.made(number, batch.schema, in: directory, fileSystem) { path in
        try SegmentBuilder.write(batch, with: analyzer, to: path, in: fileSystem)
      }
    }
    let isHere = isLast || workers.isAlone
    let job =
      isHere
      ? workers.run { try made(analyzer) }
      : workers.start {
        let analyzer = try Analyzer(settings)
        // There is enough to cut for the tokenizer's tables.
        analyzer.bytesLeftToICU = 0
        return try made(analyzer)
      }
    let segment = UpdateSegment(level: 0, passageCount: batch.count, isOfThisUpdate: isOfThisUpdate, job)
    if isHere { try segment.resolve() }
    segments.append(segment)
  }

  /// Begins the merges that are due.
  ///
  /// - Parameter isLast: Whether there is nothing else to do here meanwhile.
  func mergeByPolicy(isLast: Bool = false) throws(IndexError) {
    while let (range, level) = MergePolicy.next(
      segments.map { .init(level: $0.level, passageCount: $0.passageCount, liveCount: $0.liveCount) })
    {
      try merge(range, level: level, isLast: isLast)
    }
  }

  /// Makes one segment of all, without dead passages, unless it is that already.
  func mergeAll() throws(IndexError) {
    let isMerged = segments.isEmpty || segments.count == 1 && segments[0].deadCount == 0
    if !isMerged { try merge(segments.indices, level: segments.map(\.level).max() ?? 0, isLast: true) }
  }

  private func merge(_ range: Range<Int>, level: Int, isLast: Bool) throws(IndexError) {
    let inputs = Array(segments[range])
    let liveCount = inputs.reduce(0) { $0 + $1.liveCount }
    try MergePolicy.check(liveCount, directory)
    hasMerged = true
    segments.removeSubrange(range)
    if liveCount == 0 { return }
    // The result of a merge under way has doc IDs that nobody knows yet.
    for input in inputs where isLast || !input.inputs.isEmpty { try input.resolve() }
    let number = takeSegmentNumber()
    let (directory, fileSystem, schema) = (directory, fileSystem, schema)
    // The dead of this moment are left out, whenever the merge begins: what comes of it depends on no clock.
    let present: [SegmentMerger.Input?] = inputs.map { input in
      input.live.map { .init(segment: $0.reader, deleted: $0.deleted, newlyDead: input.newlyDead) }
    }
    @Sendable func made(_ built: [MadeSegment]) throws -> MadeSegment {
      var built = built.makeIterator()
      let inputs = present.compactMap { $0 ?? built.next().map { .init(segment: $0.reader, deleted: nil) } }
      var merger = SegmentMerger(inputs)
      var made = try Self.made(number, schema, in: directory, fileSystem) { path in
        try merger.write(to: path, schema: schema, level: level, in: fileSystem)
      }
      made.numbers = merger.documents
      return made
    }
    let job = isLast ? workers.run { try made([]) } : workers.start(after: inputs.compactMap(\.job), made)
    segments.insert(
      UpdateSegment(
        level: level, passageCount: liveCount, isOfThisUpdate: inputs.allSatisfy(\.isOfThisUpdate), of: inputs, job),
      at: range.lowerBound)
  }

  /// A number for a new file.
  func takeNumber() -> UInt64 {
    defer { nextFileNumber += 1 }
    return nextFileNumber
  }

  private func takeSegmentNumber() -> UInt64 {
    let number = takeNumber()
    newFiles.append(IndexCommit.segmentName(number))
    return number
  }

  /// Opens the file that `write` makes.
  private static func made(
    _ number: UInt64, _ schema: Schema, in directory: String, _ fileSystem: any FileSystem, _ write: (String) throws -> FileIdentity
  ) throws -> MadeSegment {
    let path = "\(directory)/\(IndexCommit.segmentName(number))"
    let commit = IndexCommit.Segment(file: .init(number: number, identity: try write(path)), deletions: nil)
    return MadeSegment(commit: commit, reader: try LiveSegment(commit, in: directory, schema: schema, fileSystem: fileSystem).reader)
  }

  /// Waits until all segments are there.
  func resolve() throws(IndexError) { for segment in segments { try segment.resolve() } }

  /// Waits until nothing is being made any more; merges that have not begun are not made.
  func giveUp() {
    workers.giveUp()
    workers.finish()
  }

  /// Waits until nothing is being made any more, whatever comes of it.
  func finish() { workers.finish() }

  // MARK: Commit

  /// Writes what has died in each segment, and gives the segments that a commit is to name.
  func written() throws -> [IndexCommit.Segment] {
    try resolve()
    segments.removeAll { $0.liveCount == 0 }
    return try segments.map { segment in
      guard var commit = segment.commit, let live = segment.live else { preconditionFailure("a segment that is not there") }
      if segment.newlyDead.isEmpty { return commit }
      let deleted = try (live.deleted ?? DeletedDocuments(live.reader)).adding(segment.newlyDead, in: live.reader)
      commit.deletions = IndexCommit.File(number: takeNumber(), identity: FileIdentity(length: 0, footerChecksum: 0))
      let name = commit.deletionsName ?? ""
      newFiles.append(name)
      commit.deletions?.identity = try deleted.write(to: "\(directory)/\(name)", in: fileSystem)
      return commit
    }
  }
}
