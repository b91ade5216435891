// Which segments are alive at one commit?
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

/// An immutable snapshot of an index: all files of one commit, open.
package struct IndexReader: Sendable {
  package let directory: String
  package let commit: IndexCommit
  package let segments: [LiveSegment]

  /// Opens the newest commit. When a writer removes a file of the commit meanwhile, the commit that it made is read instead.
  package init(_ directory: String, in fileSystem: any FileSystem) throws(IndexError) {
    self.directory = directory
    var commit = try IndexCommit(readingFrom: directory, in: fileSystem)
    // Terminates: each turn needs a newer commit.
    while true {
      do {
        var segments: [LiveSegment] = []
        for segment in commit.segments {
          segments.append(try LiveSegment(segment, in: directory, schema: commit.schema, fileSystem: fileSystem))
        }
        self.segments = segments
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
    self.commit = commit
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
}
