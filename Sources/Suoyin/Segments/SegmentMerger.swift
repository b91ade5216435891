// How do several segments become one?
package import SuoyinStorage

/// Merges segments, leaving out dead passages; passages, sources and postings are written anew in the order of keys.
package struct SegmentMerger {
  package struct Input {
    package var segment: SegmentReader
    package var deleted: DeletedDocuments?
    /// Passages that died since the last commit.
    package var newlyDead: Set<DocID>

    package init(segment: SegmentReader, deleted: DeletedDocuments?, newlyDead: Set<DocID> = []) {
      self.segment = segment
      self.deleted = deleted
      self.newlyDead = newlyDead
    }

    package func isDead(_ document: DocID) -> Bool { newlyDead.contains(document) || deleted?.contains(document) ?? false }
    package var liveCount: Int { segment.passageCount - (deleted?.count ?? 0) - newlyDead.count }
  }

  private let inputs: [Input]
  /// For each input, the new ID of every passage; `DocID.end` for the dead.
  private var documents: [[DocID]]

  package init(_ inputs: [Input]) {
    self.inputs = inputs
    documents = inputs.map { [DocID](repeating: .end, count: $0.segment.passageCount) }
  }

  /// Writes the merged segment; nil (and no file) when no passage is alive.
  package mutating func write(to path: String, schema: Schema, level: Int, in fileSystem: any FileSystem) throws -> FileIdentity? {
    guard inputs.contains(where: { $0.liveCount > 0 }) else { return nil }
    var writer = try SegmentWriter.create(path, schema: schema, level: level, in: fileSystem)
    try mergePassages(&writer)
    try mergeSources(&writer)
    try mergeTerms(&writer)
    return try writer.finish()
  }

  /// The next string of every input, walked in common order.
  private struct Heads {
    private var entries: [SortedStrings.Entry?]
    private let tables: [SortedStrings]

    init(_ tables: [SortedStrings]) throws(IndexError) {
      self.tables = tables
      entries = []
      for table in tables { entries.append(table.count == 0 ? nil : try table.entry(at: 0)) }
    }

    /// The smallest string that is left and the inputs that have it.
    func smallest() -> (string: [UInt8], inputs: [Int])? {
      var best: [UInt8]?
      var inputs: [Int] = []
      for (input, entry) in entries.enumerated() {
        guard let string = entry?.string else { continue }
        if best == nil || string.lexicographicallyPrecedes(best ?? []) {
          best = string
          inputs = [input]
        } else if string == best {
          inputs.append(input)
        }
      }
      return best.map { ($0, inputs) }
    }

    func entry(_ input: Int) -> SortedStrings.Entry {
      guard let entry = entries[input] else { preconditionFailure("this input is at its end") }
      return entry
    }

    mutating func advance(_ input: Int) throws(IndexError) {
      guard var entry = entries[input] else { return }
      entries[input] = nil  // so that the string is moved, not copied
      if try tables[input].advance(&entry) { entries[input] = entry }
    }
  }

  private mutating func mergePassages(_ writer: inout SegmentWriter) throws {
    var heads = try Heads(inputs.map(\.segment.keys))
    var next: DocID = 0
    while let (key, holders) = heads.smallest() {
      var writtenFrom: Int?
      for input in holders {
        let document = DocID(heads.entry(input).ordinal)
        try heads.advance(input)
        if inputs[input].isDead(document) { continue }
        guard writtenFrom == nil else {
          throw IndexError(
            .corrupted, "the key '\(DocumentKey(bytes: key))' is alive in two segments", path: inputs[input].segment.file.path)
        }
        writtenFrom = input
        documents[input][Int(document)] = next
        let segment = inputs[input].segment
        try writer.addPassage(key: key, record: segment.stored.record(of: document), lengths: segment.lengths.lengths(of: document))
        next += 1
      }
    }
  }

  private func mergeSources(_ writer: inout SegmentWriter) throws {
    var heads = try Heads(inputs.map(\.segment.sources))
    var merged: [SegmentSource] = []
    while let (name, holders) = heads.smallest() {
      var source = SegmentSource(name: name, digest: [], passages: [])
      for input in holders {
        let entry = heads.entry(input)
        try heads.advance(input)
        let live = try inputs[input].segment.passages(entry.value).map { documents[input][Int($0)] }.filter { $0 != .end }
        if live.isEmpty { continue }
        source.passages += live
        source.digest = try inputs[input].segment.digest(ofSource: entry.ordinal)
      }
      if source.passages.isEmpty { continue }
      source.passages.sort()
      merged.append(source)
    }
    try writer.addSources(merged)
  }

  private func mergeTerms(_ writer: inout SegmentWriter) throws {
    var heads = try Heads(inputs.map(\.segment.terms))
    let numberings = inputs[0].segment.schema.numberings
    var list = PostingListWriter()
    while let (string, holders) = heads.smallest() {
      let keepsPositions = numberings.hasPositions(Term(bytes: string))
      var lists: [LiveList] = []
      var positions: [UInt32] = []
      for input in holders {
        let entry = heads.entry(input)
        try heads.advance(input)
        let list = LiveList(cursor: try inputs[input].segment.postings(entry.value), documents: documents[input])
        try list.skipDead()
        lists.append(list)
      }
      // Invariant: every list stands on a live passage not written yet, or at its end. Terminates: each turn advances one list.
      while let first = lists.min(by: { $0.document < $1.document }), first.document != .end {
        positions.removeAll(keepingCapacity: true)
        if keepsPositions { try first.cursor.readPositions(into: &positions) }
        list.append(first.document, frequency: first.cursor.frequency, positions: positions[...])
        try first.cursor.next()
        try first.skipDead()
      }
      if list.count > 0 {
        try unsafe string.withUnsafeBufferPointer { (string) throws(StorageError) in unsafe try writer.addTerm(string, &list) }
      }
    }
  }

  /// A posting list that skips the dead and gives new IDs.
  private struct LiveList {
    let cursor: PostingCursor
    let documents: [DocID]

    var document: DocID { cursor.docID == .end ? .end : documents[Int(cursor.docID)] }

    func skipDead() throws(IndexError) {
      while cursor.docID != .end, documents[Int(cursor.docID)] == .end { try cursor.next() }
    }
  }
}
