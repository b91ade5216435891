// Which segments are alive at one commit?
package import SuoyinAnalysis
package import SuoyinStorage

/// One segment with its dead passages, as of one commit.
package struct LiveSegment: Sendable {
  package var reader: SegmentReader
  package var deleted: DeletedDocuments?

  package init(reader: SegmentReader, deleted: DeletedDocuments?) {
    self.reader = reader
    self.deleted = deleted
  }

  @inline(__always)
  package func isDead(_ document: DocID) -> Bool { deleted?.contains(document) ?? false }
  package var liveCount: Int { reader.passageCount - (deleted?.count ?? 0) }

  /// Opens the files of a commit's segment and compares them with what the commit says of them.
  package init(_ segment: IndexCommit.Segment, in directory: String, schema: Schema, fileSystem: any FileSystem) throws(IndexError) {
    let path = "\(directory)/\(segment.fileName)"
    reader = try SegmentReader(path, schema: schema, in: fileSystem)
    guard reader.file.identity == segment.file.identity else { throw .foreign(path) }
    if let name = segment.deletionsName, let deletions = segment.deletions {
      deleted = try DeletedDocuments("\(directory)/\(name)", of: reader, identity: deletions.identity, in: fileSystem)
    }
  }
}

extension IndexCommit {
  /// How texts are cut in this commit: reads the user dictionary.
  package func settings(in directory: String, _ fileSystem: any FileSystem) throws(IndexError) -> AnalyzerSettings {
    guard let dictionary, let name = dictionaryName else { return schema.settings() }
    return schema.settings(
      userDictionary: try StoredDictionary.read("\(directory)/\(name)", identity: dictionary.identity, in: fileSystem))
  }
}

/// An immutable snapshot of an index: all files of one commit, open.
package final class IndexReader: Sendable {
  package let directory: String
  package let commit: IndexCommit
  package let numberings: [Numbering]
  package let segments: [LiveSegment]
  /// How texts are cut in this commit.
  package let settings: AnalyzerSettings
  /// Whether this process cuts texts as the index's passages were cut.
  package let fingerprintMatches: Bool

  /// Opens the newest commit. When a writer removes a file of the commit meanwhile, the commit that it made is read instead.
  package init(_ directory: String, in fileSystem: any FileSystem) throws(IndexError) {
    self.directory = directory
    var commit = try IndexCommit(readingFrom: directory, in: fileSystem)
    // Terminates: each turn needs a newer commit.
    while true {
      do {
        (segments, settings) = try Self.open(commit, in: directory, fileSystem)
        break
      } catch  where (error.cause as? StorageError)?.isNotFound ?? false {
        let newer = try IndexCommit(readingFrom: directory, in: fileSystem)
        guard newer.number > commit.number else {
          throw IndexError(
            .corrupted, "\(error.path ?? directory) is missing; restore the index from a copy or build it again", path: error.path,
            cause: error)
        }
        commit = newer
      }
    }
    fingerprintMatches = commit.fingerprint == settings.fingerprint
    self.commit = commit
    numberings = commit.schema.numberings
  }

  private static func open(
    _ commit: IndexCommit, in directory: String, _ fileSystem: any FileSystem
  ) throws(IndexError) -> (segments: [LiveSegment], settings: AnalyzerSettings) {
    var segments: [LiveSegment] = []
    for segment in commit.segments {
      segments.append(try LiveSegment(segment, in: directory, schema: commit.schema, fileSystem: fileSystem))
    }
    return (segments, try commit.settings(in: directory, fileSystem))
  }

  /// Opens a commit whose files are there, and which may not be the directory's own yet.
  init(_ directory: String, _ commit: IndexCommit, in fileSystem: any FileSystem) throws(IndexError) {
    self.directory = directory
    self.commit = commit
    (segments, settings) = try Self.open(commit, in: directory, fileSystem)
    numberings = commit.schema.numberings
    fingerprintMatches = commit.fingerprint == settings.fingerprint
  }

  /// The segments of an update, and how it cuts texts.
  init(_ directory: String, _ commit: IndexCommit, _ segments: [LiveSegment], _ settings: AnalyzerSettings) {
    self.directory = directory
    self.commit = commit
    self.segments = segments
    self.settings = settings
    numberings = commit.schema.numberings
    fingerprintMatches = true
  }

  /// How many passages are alive.
  package var passageCount: Int { segments.reduce(0) { $0 + $1.liveCount } }

  /// The live passage with this key.
  package func find(_ key: DocumentKey) throws(IndexError) -> (segment: Int, document: DocID)? {
    for (index, segment) in segments.enumerated() {
      if let document = try segment.reader.document(key.bytes), !segment.isDead(document) { return (index, document) }
    }
    return nil
  }

  /// How many sources have live passages; a source whose passages lie in several segments counts once.
  ///
  /// - Complexity: reads the names and passages of all sources.
  package func sourceCount() throws(IndexError) -> Int {
    var names: Set<[UInt8]> = []
    var count = 0
    for segment in segments {
      if segments.count == 1, segment.deleted == nil { return segment.reader.sources.count }
      let table = segment.reader.sources
      var entry = table.count == 0 ? nil : try table.entry(at: 0)
      while var source = entry {
        let isLive = try segment.deleted == nil ? true : segment.reader.passages(source.value).contains { !segment.isDead($0) }
        if isLive, segments.count == 1 || names.insert(source.string).inserted { count += 1 }
        entry = try table.advance(&source) ? source : nil
      }
    }
    return count
  }
}
