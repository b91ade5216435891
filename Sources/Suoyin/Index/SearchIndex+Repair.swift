// What is left of an index that is damaged?
internal import SuoyinAnalysis
package import SuoyinStorage

/// A passage that a repair could not keep, or all of a segment.
public struct LostPassage: Equatable, Sendable {
  /// The name of the segment's file.
  public let segment: String
  /// The passage's number in the segment; nil when not even the number of its passages can be read, and all are lost.
  public let number: Int?
  /// Nil when it cannot be read.
  public let key: DocumentKey?
}

/// What a repair has done, or would do.
public struct RepairReport: Sendable {
  /// What the check found in each segment; empty for an index in which nothing has to be repaired.
  public internal(set) var problems: [String] = []
  /// Names of the segments that were damaged, and are left out now.
  public internal(set) var damagedSegments: [String] = []
  /// Passages of these that were read and indexed anew.
  public internal(set) var keptCount = 0
  /// Passages of these that could not be.
  public internal(set) var lost: [LostPassage] = []
  /// Segments of which it cannot be read any more which passages were deleted: all are kept that no other segment has.
  public internal(set) var doubtfulSegments: [String] = []
  /// Live passages after the repair.
  public internal(set) var passageCount = 0

  public var isSound: Bool { damagedSegments.isEmpty }
  /// Whether anything is lost, be it the knowledge what was deleted.
  public var hasLosses: Bool { !lost.isEmpty || !doubtfulSegments.isEmpty }
}

extension SearchIndex {
  /// Leaves out what is damaged, in one commit: passages of damaged segments that can be read are indexed anew, the others are named.
  ///
  /// A source that has lost a passage forgets its digest, so that who compares digests indexes it again. Of an index in which no segment is
  /// damaged nothing is changed.
  ///
  /// - Parameter isDryRun: Change nothing, and say what would be done.
  /// - Throws: `corrupted` when the commit or the dictionary is damaged, so that nobody knows what the index consists of or how its texts are
  ///   cut; `locked`, `notFound`, `settingsDiffer`, `io`.
  public static func repair(at path: String, isDryRun: Bool = false) throws(IndexError) -> RepairReport {
    try repair(at: path, isDryRun: isDryRun, in: SystemFileSystem())
  }

  package static func repair(at path: String, isDryRun: Bool, in fileSystem: any FileSystem) throws(IndexError) -> RepairReport {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    do {
      _ = try IndexCommit(readingFrom: path, in: fileSystem).settings(in: path, fileSystem)
    } catch {
      guard error.isDamage, error.kind != .notFound else { throw error }
      throw IndexError(
        .corrupted,
        "\(error.path ?? path) is damaged, and without it nothing can be repaired; `suoyin restore` a snapshot in its place, or build the index again",
        path: error.path, cause: error)
    }
    var report = RepairReport()
    var salvages: [SegmentSalvage] = []
    let writer = try IndexWriter(path, fileSystem: fileSystem) { (commit) throws(IndexError) in
      let settings = try commit.settings(in: path, fileSystem)
      var sound: [IndexCommit.Segment] = []
      for segment in commit.segments {
        let problems = try problems(of: segment, commit, settings, in: path, fileSystem)
        if problems.isEmpty {
          sound.append(segment)
        } else {
          report.problems += problems
          salvages.append(try SegmentSalvage(segment, in: path, schema: commit.schema, fileSystem))
        }
      }
      return sound
    }
    report.damagedSegments = salvages.map(\.name)
    report.doubtfulSegments = salvages.filter(\.isDoubtful).map(\.name)
    do {
      if !salvages.isEmpty { try writer.salvage(salvages, isDryRun: isDryRun, &report) }
      report.passageCount = writer.segments.segments.reduce(isDryRun ? report.keptCount : 0) { $0 + $1.liveCount }
      writer.discard()
      return report
    } catch {
      writer.discard()
      throw error
    }
  }

  /// What a check finds in one segment. A file that is gone is damage: under the lock no other writer has removed it.
  private static func problems(
    of segment: IndexCommit.Segment, _ commit: IndexCommit, _ settings: AnalyzerSettings, in path: String, _ fileSystem: any FileSystem
  ) throws(IndexError) -> [String] {
    do {
      let live = try LiveSegment(segment, in: path, schema: commit.schema, fileSystem: fileSystem)
      return IndexChecker.check(IndexReader(path, commit, [live], settings)).problems
    } catch {
      guard error.isDamage else { throw error }
      return [error.message]
    }
  }
}

extension IndexWriter {
  /// Indexes anew what can be read of damaged segments, which the writer does not have, and commits.
  func salvage(_ salvages: [SegmentSalvage], isDryRun: Bool, _ report: inout RepairReport) throws(IndexError) {
    let sound = segments.segments
    // Of a key that is doubtful in several segments, the newest holds: those come last in a commit.
    let ordered = salvages.filter { !$0.isDoubtful } + salvages.filter(\.isDoubtful).reversed()
    var lost: [LostPassage] = []
    var keptCount = 0
    try change { () throws in
      /// Sources that have lost passages, or may have got some back.
      var changed: Set<[UInt8]> = []
      var seen: Set<[UInt8]> = []
      func isElsewhere(_ key: DocumentKey) throws -> Bool {
        try seen.contains(key.bytes) || sound.contains { try $0.find(key.bytes) != nil }
      }
      for salvage in ordered {
        if salvage.passageCount == nil { lost.append(LostPassage(segment: salvage.name, number: nil, key: nil)) }
        try salvage.forEachPassage { number, passage in
          switch passage {
          case .readable(let key, _, let source):
            if try isElsewhere(key) { return }
            seen.insert(key.bytes)
            keptCount += 1
            if salvage.isDoubtful { changed.insert(source.name.bytes) }
          case .lost(let key, let source):
            if let key, try isElsewhere(key) { return }
            lost.append(LostPassage(segment: salvage.name, number: number, key: key))
            if let source { changed.insert(source) }
          }
        }
      }
      if isDryRun { return }
      seen = []
      for salvage in ordered {
        try salvage.forEachPassage { _, passage in
          guard case .readable(let key, let values, let source) = passage, try !isElsewhere(key) else { return }
          seen.insert(key.bytes)
          try move(key, values, of: source, changed)
        }
      }
      for segment in sound { try forgetDigests(of: changed, in: segment) }
    }
    report.lost = lost
    report.keptCount = keptCount
    if isDryRun { return }
    hasChanged = true
    _ = try commitChanges()
  }

  /// Puts a passage of an earlier segment into the one that is being built.
  private func move(_ key: DocumentKey, _ values: [FieldValue?], of source: Source, _ changed: Set<[UInt8]>) throws {
    hasMovedPassages = true
    let source = changed.contains(source.name.bytes) ? Source(source.name) : source
    batch.add(key, values, from: batch.number(of: source, isNew: false))
    try flushIfFull()
  }

  /// Moves what a sound segment has of sources that have changed, for a source has one digest.
  private func forgetDigests(of changed: Set<[UInt8]>, in segment: UpdateSegment) throws {
    guard let reader = segment.live?.reader else { return }
    for name in changed.sorted(by: { ByteOrder.precedes($0, $1) }) {
      for document in try segment.passages(of: name) {
        _ = segment.kill(document)
        try move(DocumentKey(bytes: reader.key(of: document)), reader.values(of: document), of: Source(DocumentKey(bytes: name)), changed)
      }
    }
  }
}
