// How do several segments become one?
//
// Why the unsafe code here is sound: strings are read before the walk goes on.
internal import SuoyinAnalysis
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
  package private(set) var documents: [[DocID]]

  package init(_ inputs: [Input]) {
    self.inputs = inputs
    documents = inputs.map { [DocID](repeating: .end, count: $0.segment.passageCount) }
  }

  /// Writes the merged segment. At least one passage must be alive.
  package mutating func write(to path: String, schema: Schema, level: Int, in fileSystem: any FileSystem) throws -> FileIdentity {
    var writer = try SegmentWriter.create(path, schema: schema, level: level, in: fileSystem)
    try mergePassages(&writer)
    try mergeSources(&writer)
    try mergeTerms(&writer, schema.numberings)
    return try writer.finish()
  }

  private mutating func mergePassages(_ writer: inout SegmentWriter) throws {
    var keys = try MergedStrings(inputs.map(\.segment.keys))
    var next: DocID = 0
    var runs: [PassageRun] = []
    /// The last of them.
    var run = PassageRun(segment: -1, documents: 0..<0)
    while try keys.next() {
      var isWritten = false
      for place in 0..<keys.holderCount {
        let input = keys.holder(place)
        let document = DocID(keys.ordinal(input))
        if inputs[input].isDead(document) { continue }
        guard !isWritten else {
          let key = unsafe DocumentKey(bytes: Array(keys.string))
          throw IndexError(.corrupted, "the key '\(key)' is alive in two segments", path: inputs[input].segment.file.path)
        }
        isWritten = true
        documents[input][Int(document)] = next
        next += 1
        unsafe writer.addKey(keys.string)
        if run.segment == input, run.documents.upperBound == document {
          run.documents = run.documents.lowerBound..<document + 1
        } else {
          if !run.documents.isEmpty { runs.append(run) }
          run = PassageRun(segment: input, documents: document..<document + 1)
        }
      }
    }
    if !run.documents.isEmpty { runs.append(run) }
    try writer.addStored(runs, of: inputs.map(\.segment))
  }

  private func mergeSources(_ writer: inout SegmentWriter) throws {
    var names = try MergedStrings(inputs.map(\.segment.sources))
    let sources = try inputs.map { try SourcePassages($0.segment) }
    let digests = try inputs.map { try SourceDigests($0.segment) }
    var passages = GrowingBuffer<DocID>()
    while try names.next() {
      var digest: (input: Int, range: Range<Int>)?
      for place in 0..<names.holderCount {
        let input = names.holder(place)
        let before = passages.count
        try sources[input].append(names.value(input), called: documents[input], to: &passages)
        if passages.count > before { digest = (input, try digests[input].range(ofSource: names.ordinal(input))) }
      }
      guard let digest else { continue }
      var inOrder = unsafe passages.elements
      if names.holderCount > 1 { unsafe inOrder.sort() }
      unsafe writer.addSource(
        names.string, digest: UnsafeRawBufferPointer(rebasing: digests[digest.input].bytes.unsafeBytes[digest.range]),
        UnsafeBufferPointer(inOrder))
      passages.removeAll()
    }
    try writer.endSources()
  }

  private func mergeTerms(_ writer: inout SegmentWriter, _ numberings: [Numbering]) throws {
    var terms = try MergedStrings(inputs.map(\.segment.terms))
    var lists = PostingListMerger()
    var shortLists = ShortListJoiner()
    for (input, numbers) in zip(inputs, documents) {
      let section = try input.segment.section(.postings)
      lists.addSegment(section, numbers: numbers)
      shortLists.addSegment(section, numbers: numbers)
    }
    var merged = PostingListWriter()
    let isKeyword = numberings.map(\.isKeyword)
    while try terms.next() {
      guard unsafe terms.string.count > 2, unsafe Int(terms.string[0]) < numberings.count,
        let family = unsafe TermFamily(rawValue: terms.string[1])
      else {
        let input = terms.holder(0)
        let path = inputs[input].segment.file.path
        throw IndexError(.corrupted, "\(path) is damaged: term \(terms.ordinal(input)) is none", path: path)
      }
      let hasPositions = unsafe numberings.hasPositions(Int(terms.string[0]), family)
      // Columns take their values from the lists of keywords.
      if !isKeyword[unsafe Int(terms.string[0])], Self.gather(terms, in: &shortLists),
        unsafe try writer.addTerm(terms.string, { shortLists.join(hasPositions: hasPositions, into: &$0) })
      {
        continue
      }
      for place in 0..<terms.holderCount {
        let input = terms.holder(place)
        try lists.read(terms.value(input), ofSegment: input, hasPositions: hasPositions)
      }
      lists.move(to: &merged, hasPositions: hasPositions)
      if merged.count > 0 { unsafe try writer.addTerm(terms.string, &merged) }
    }
  }

  /// Gives the lists of a term to a joiner; false where these cannot be joined.
  @inline(__always)
  private static func gather(_ terms: borrowing MergedStrings, in lists: inout ShortListJoiner) -> Bool {
    lists.removeAll()
    for place in 0..<terms.holderCount {
      let input = terms.holder(place)
      guard lists.add(terms.value(input), ofSegment: input) else { return false }
    }
    return true
  }
}
