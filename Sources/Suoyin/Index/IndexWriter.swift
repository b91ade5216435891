// How does an index change?
internal import Glibc
package import SuoyinAnalysis
package import SuoyinStorage

/// What an update did.
public struct UpdateSummary: Equatable, Sendable {
  /// Passages added, those that took an old one's place included.
  public var added = 0
  /// Passages removed, those whose place was taken included.
  public var removed = 0
}

/// Changes an index inside `SearchIndex.update`, all at once when it returns. For one thread.
///
/// After an error of the operating system the writer refuses everything, and the update is discarded: a failed write is never retried.
public final class IndexWriter {
  private struct Segment {
    var commit: IndexCommit.Segment
    var live: LiveSegment
    /// Passages that died in this update.
    var newlyDead: Set<DocID> = []
    /// Whether all of its passages were added by this update: their sources are in `taken`, their keys in `addedKeys`.
    var isOfThisUpdate = false

    var input: SegmentMerger.Input { .init(segment: live.reader, deleted: live.deleted, newlyDead: newlyDead) }
    func isDead(_ document: DocID) -> Bool { newlyDead.contains(document) || live.isDead(document) }
  }

  private let directory: String
  private let fileSystem: any FileSystem
  private let lock: FileLock
  private var commit: IndexCommit
  private var segments: [Segment] = []
  private var analyzer: Analyzer
  /// Whether this update has given the index another dictionary.
  private var hasNewDictionary = false
  private var builder: SegmentBuilder
  private var failure: IndexError?
  private var hasChanged = false
  /// From the renaming on nobody knows which commit a reader sees, until the directory is synced: no file may be removed.
  private var isPublished = false
  /// Files of this update, to be removed when it is discarded.
  private var newFiles: [String] = []
  /// The sources that this update has replaced or found unchanged.
  private var taken: [DocumentKey] = []
  private var takenNumbers = KeyTable()
  /// The hashes of the keys that this update has added.
  private var addedKeys = KeyTable()
  /// Whether the builder holds passages of earlier segments too.
  private var hasMovedPassages = false
  private let unitMemory: Int
  public private(set) var summary = UpdateSummary()

  /// The memory in bytes, as `SegmentBuilder.memory` counts it, after which passages become a segment: an input unit of the deterministic build.
  ///
  /// The larger the units, the less is merged; writing one takes a quarter more.
  package static let defaultUnitMemory = 160 << 20

  package init(_ directory: String, fileSystem: any FileSystem, unitMemory: Int = IndexWriter.defaultUnitMemory) throws(IndexError) {
    self.directory = directory
    self.fileSystem = fileSystem
    self.unitMemory = unitMemory
    // Only an index is locked: an unlucky path must not get a lock file.
    _ = try IndexCommit(readingFrom: directory, in: fileSystem)
    lock = try withIndexErrors { try fileSystem.lock("\(directory)/\(IndexCommit.lockName)", holder: IndexWriter.holder) }
    let commit = try IndexCommit(readingFrom: directory, in: fileSystem)
    self.commit = commit
    let settings = try commit.settings(in: directory, fileSystem)
    guard commit.fingerprint == settings.fingerprint else { throw .settingsDiffer(directory, commit, settings) }
    for segment in commit.segments {
      segments.append(
        Segment(commit: segment, live: try LiveSegment(segment, in: directory, schema: commit.schema, fileSystem: fileSystem)))
    }
    analyzer = try withIndexErrors { try Analyzer(settings) }
    builder = SegmentBuilder(commit.schema)
    removeUnreferencedFiles()
  }

  /// What the lock file says of its holder.
  package static var holder: String { "process \(getpid())" }

  // MARK: Changes

  /// Adds a passage that is a source of its own, in place of the one that was added before with the same key.
  ///
  /// - Throws: `invalidArgument` when the document does not fit the schema, or the key belongs to a passage of a source with another name; the
  ///   writer stays usable.
  public func add(_ document: Document) throws(IndexError) {
    try replace(Source(document.key), with: [document])
  }

  /// Puts passages in place of all passages of a source; none removes it.
  ///
  /// - Throws: `invalidArgument` when a document does not fit the schema, two have the same key, or a key belongs to a passage of another
  ///   source; nothing has changed then, and the writer stays usable.
  public func replace(_ source: Source, with documents: [Document]) throws(IndexError) {
    if let failure { throw failure }
    try check(source, documents)
    let isTaken = hasTaken(source.name)
    let own = try passages(of: source.name, isTaken: isTaken)
    for document in documents {
      if let owner = try otherOwner(of: document.key, than: source.name, own) {
        throw IndexError(
          .invalidArgument,
          "the key '\(document.key)' of the source '\(source.name)' belongs to a passage of \(owner); delete that one first, or name this one otherwise"
        )
      }
    }
    try change { () throws in
      for (segment, passages) in own.enumerated() { for document in passages { kill(document, in: segment) } }
      let isNew = !isTaken && !hasMovedPassages
      if !isNew { note(removed: builder.delete(source: source.name.bytes)) }
      if !documents.isEmpty {
        let number = builder.number(of: source, isNew: isNew)
        for document in documents {
          try builder.add(document, from: number, with: analyzer)
          let hash = document.key.stableHash
          if !addedKeys.mayHold(hash) { addedKeys.insert(hash, 0) }
          summary.added += 1
          hasChanged = true
        }
      }
      if !isTaken { take(source.name) }
      if builder.memory >= unitMemory {
        try flush()
        try mergeByPolicy()
      }
    }
  }

  /// The live passages of a source, by segment.
  private func passages(of source: DocumentKey, isTaken: Bool) throws(IndexError) -> [Set<DocID>] {
    var passages: [Set<DocID>] = []
    for segment in segments {
      if segment.isOfThisUpdate, !isTaken {
        passages.append([])
        continue
      }
      let entry = try segment.live.reader.sources.find(source.bytes)
      let list = try entry.map { entry throws(IndexError) in try segment.live.reader.passages(entry.value) } ?? []
      passages.append(Set(list.filter { !segment.isDead($0) }))
    }
    return passages
  }

  /// What a live passage with this key is of, if it is not of `source`, whose passages are `own`.
  private func otherOwner(of key: DocumentKey, than source: DocumentKey, _ own: [Set<DocID>]) throws(IndexError) -> String? {
    let isAdded = addedKeys.mayHold(key.stableHash)
    if isAdded || hasMovedPassages, let owner = builder.source(ofKey: key.bytes), owner != source { return "the source '\(owner)'" }
    for (index, segment) in segments.enumerated() where isAdded || !segment.isOfThisUpdate {
      if let document = try segment.live.reader.document(key.bytes), !segment.isDead(document), !own[index].contains(document) {
        return "another source"
      }
    }
    return nil
  }

  /// Removes the passage with this key; false when there is none.
  @discardableResult
  public func delete(_ key: DocumentKey) throws(IndexError) -> Bool {
    try change { try remove(key) }
  }

  /// Removes all passages whose keyword field has the value; returns how many.
  ///
  /// - Throws: `invalidArgument` when the schema has no such keyword field.
  @discardableResult
  public func delete(where field: String, is value: String) throws(IndexError) -> Int {
    let numberings = commit.schema.numberings
    guard let numbering = numberings.firstIndex(where: { $0.isKeyword && commit.schema.fields[$0.fields[0]].name == field }) else {
      throw IndexError(.invalidArgument, "the schema has no keyword field '\(field)'")
    }
    let value = KeywordValue(value)
    let field = numberings[numbering].fields[0]
    return try change { () throws in
      let before = summary.removed
      for key in builder.keys(keyword: value, numbering: numbering) { try remove(DocumentKey(bytes: key)) }
      for segment in segments.indices {
        guard let entry = try segments[segment].live.reader.terms.find(Term(numbering: numbering, family: .word, value.term).bytes)
        else { continue }
        let cursor = try segments[segment].live.reader.postings(entry.value)
        while cursor.docID != .end {
          // Long values that begin alike have one term.
          if try value.isWhole || value.isIn(segments[segment].live.reader.values(of: cursor.docID)[field]) {
            kill(cursor.docID, in: segment)
          }
          try cursor.next()
        }
      }
      return summary.removed - before
    }
  }

  /// The digest that a live source was given, or nil when there is no such source.
  public func digest(of source: DocumentKey) throws(IndexError) -> [UInt8]? {
    for segment in segments {
      guard let entry = try segment.live.reader.sources.find(source.bytes) else { continue }
      if try segment.live.reader.passages(entry.value).contains(where: { !segment.isDead($0) }) {
        return try segment.live.reader.digest(ofSource: entry.ordinal)
      }
    }
    return nil
  }

  /// Notes that a source was found unchanged, so that `hasTaken` knows it.
  public func keep(_ source: DocumentKey) { take(source) }

  /// Whether this update has already replaced the source, or noted it as unchanged.
  public func hasTaken(_ source: DocumentKey) -> Bool { takenNumbers.first(source.stableHash) { taken[$0] == source } != nil }

  private func take(_ source: DocumentKey) {
    if hasTaken(source) { return }
    takenNumbers.insert(source.stableHash, taken.count)
    taken.append(source)
  }

  private func check(_ source: Source, _ documents: [Document]) throws(IndexError) {
    guard !source.name.bytes.isEmpty, source.name.bytes.count <= DocumentKey.maximumLength, source.digest.count <= 64 else {
      throw IndexError(.invalidArgument, "a source's name has 1 to \(DocumentKey.maximumLength) bytes and its digest at most 64")
    }
    var keys: Set<[UInt8]> = []
    for document in documents {
      _ = try document.values(for: commit.schema)
      guard documents.count == 1 || keys.insert(document.key.bytes).inserted else {
        throw IndexError(.invalidArgument, "the source '\(source.name)' has two passages with the key '\(document.key)'")
      }
    }
  }

  /// Runs a change; whatever it throws makes the writer refuse everything from then on.
  private func change<T>(_ body: () throws -> T) throws(IndexError) -> T {
    if let failure { throw failure }
    do {
      return try withIndexErrors(body)
    } catch {
      failure = error
      throw error
    }
  }

  @discardableResult
  private func remove(_ key: DocumentKey) throws(IndexError) -> Bool {
    if builder.delete(key: key.bytes) {
      note(removed: 1)
      return true
    }
    for segment in segments.indices {
      if let document = try segments[segment].live.reader.document(key.bytes), !segments[segment].isDead(document) {
        kill(document, in: segment)
        return true
      }
    }
    return false
  }

  private func kill(_ document: DocID, in segment: Int) {
    if !segments[segment].isDead(document) {
      segments[segment].newlyDead.insert(document)
      note(removed: 1)
    }
  }

  private func note(removed count: Int) {
    summary.removed += count
    hasChanged = hasChanged || count > 0
  }

  // MARK: Dictionary

  /// The index's own words, as of this moment of the update.
  public var dictionary: UserDictionary { settings.userDictionary }

  /// How texts are cut, as of this moment of the update.
  public var settings: AnalyzerSettings { analyzer.settings }

  /// Gives the index another dictionary, and cuts anew, from their stored text, the passages that it cuts differently; they become visible
  /// together with it.
  ///
  /// Nothing that a search finds is lost: pairs of characters, by which passages are found, depend on no dictionary.
  ///
  /// - Parameter limit: How many keys of passages that are cut differently to give for each word.
  /// - Throws: `invalidArgument` when the index's analyzer does not cut by lists of words, or a text field is not stored and there are
  ///   passages already; the writer stays usable.
  @discardableResult
  public func setDictionary(_ dictionary: UserDictionary, limit: Int = 10) throws(IndexError) -> DictionaryChange {
    if let failure { throw failure }
    try analyzer.settings.checkUsesWordLists(directory)
    if dictionary == self.dictionary { return DictionaryChange() }
    if !(segments.isEmpty && builder.isEmpty) { try commit.schema.checkCanBeCutAnew(directory) }
    return try change { () throws in
      try flush()
      let settings = commit.schema.settings(userDictionary: dictionary)
      var comparison = try CutComparison(commit.schema, from: analyzer.settings, to: settings, limit: limit)
      analyzer = try Analyzer(settings)
      // Segments that are flushed on the way come after these, and hold nothing that has to be cut again.
      for segment in segments.indices {
        var different: [DocID] = []
        try comparison.run(segments[segment].live.reader, isDead: segments[segment].isDead) { document in
          different.append(document)
        }
        if !different.isEmpty { try cutAnew(different, in: segment) }
      }
      try flush()
      try mergeByPolicy()
      hasNewDictionary = true
      hasChanged = true
      return comparison.change
    }
  }

  /// Moves passages out of a segment and into the one that is being built.
  private func cutAnew(_ documents: [DocID], in segment: Int) throws {
    let reader = segments[segment].live.reader
    let sources = try Self.sources(of: Set(documents), in: reader)
    for document in documents {
      var fields: [String: FieldValue] = [:]
      for (field, value) in zip(commit.schema.fields, try reader.values(of: document)) { fields[field.name] = value }
      guard let source = sources[document] else {
        throw IndexError(.corrupted, "\(reader.file.path) is damaged: passage \(document) has no source", path: reader.file.path)
      }
      segments[segment].newlyDead.insert(document)
      hasMovedPassages = true
      let number = builder.number(of: source, isNew: false)
      try builder.add(Document(key: DocumentKey(bytes: try reader.key(of: document)), fields), from: number, with: analyzer)
      if builder.memory >= unitMemory { try flush() }
    }
  }

  /// The sources of passages of a segment.
  private static func sources(of documents: Set<DocID>, in reader: SegmentReader) throws(IndexError) -> [DocID: Source] {
    var sources: [DocID: Source] = [:]
    for ordinal in 0..<reader.sources.count where sources.count < documents.count {
      let entry = try reader.sources.entry(at: ordinal)
      let wanted = try reader.passages(entry.value).filter { documents.contains($0) }
      if wanted.isEmpty { continue }
      let source = Source(DocumentKey(bytes: entry.string), digest: try reader.digest(ofSource: ordinal))
      for document in wanted { sources[document] = source }
    }
    return sources
  }

  private func writeDictionary() throws {
    guard hasNewDictionary else { return }
    commit.fingerprint = analyzer.settings.fingerprint
    commit.dictionary = nil
    if dictionary.isEmpty { return }
    let number = commit.nextFileNumber
    commit.nextFileNumber += 1
    let name = IndexCommit.dictionaryName(number)
    newFiles.append(name)
    let identity = try StoredDictionary.write(dictionary, to: "\(directory)/\(name)", in: fileSystem)
    commit.dictionary = IndexCommit.File(number: number, identity: identity)
  }

  // MARK: Segments

  private func flush() throws {
    defer {
      builder = SegmentBuilder(commit.schema)
      hasMovedPassages = false
    }
    guard !builder.isEmpty else { return }
    try addSegment(at: segments.count, isOfThisUpdate: !hasMovedPassages) { path in try builder.write(to: path, in: fileSystem) }
  }

  /// Lets `write` make a segment file under a new number and opens it.
  private func addSegment(at index: Int, isOfThisUpdate: Bool, _ write: (String) throws -> FileIdentity?) throws {
    let number = commit.nextFileNumber
    commit.nextFileNumber += 1
    let name = IndexCommit.segmentName(number)
    newFiles.append(name)
    guard let identity = try write("\(directory)/\(name)") else { return }
    let segment = IndexCommit.Segment(file: .init(number: number, identity: identity), deletions: nil)
    let live = try LiveSegment(segment, in: directory, schema: commit.schema, fileSystem: fileSystem)
    segments.insert(Segment(commit: segment, live: live, isOfThisUpdate: isOfThisUpdate), at: index)
  }

  private func mergeByPolicy() throws {
    while let (range, level) = MergePolicy.next(
      segments.map { .init(level: $0.live.reader.level, passageCount: $0.live.reader.passageCount, liveCount: $0.input.liveCount) })
    {
      try merge(range, level: level)
    }
  }

  private func merge(_ range: Range<Int>, level: Int) throws {
    try MergePolicy.check(segments[range].reduce(0) { $0 + $1.input.liveCount }, directory)
    var merger = SegmentMerger(segments[range].map(\.input))
    let isOfThisUpdate = segments[range].allSatisfy(\.isOfThisUpdate)
    segments.removeSubrange(range)
    try addSegment(at: range.lowerBound, isOfThisUpdate: isOfThisUpdate) { path in
      try merger.write(to: path, schema: commit.schema, level: level, in: fileSystem)
    }
    hasChanged = true
  }

  /// Merges everything into one segment without dead passages.
  package func mergeAll() throws(IndexError) {
    try change { () throws in
      try flush()
      let isMerged = segments.count == 0 || segments.count == 1 && segments[0].input.liveCount == segments[0].live.reader.passageCount
      if !isMerged { try merge(segments.indices, level: segments.map(\.live.reader.level).max() ?? 0) }
    }
  }

  // MARK: Commit

  /// Makes the changes durable and visible; false when there were none.
  package func commitChanges() throws(IndexError) -> Bool {
    if let failure { throw failure }
    guard hasChanged else { return false }
    do {
      try withIndexErrors { () throws in
        try flush()
        try mergeByPolicy()
        try writeDeletions()
        try writeDictionary()
        commit.number += 1
        commit.segments = segments.map(\.commit)
        let newPath = "\(directory)/\(IndexCommit.newFileName)"
        try fileSystem.syncDirectory(directory)
        newFiles.append(IndexCommit.newFileName)
        try commit.write(to: newPath, in: fileSystem)
        isPublished = true
        try fileSystem.rename(newPath, to: "\(directory)/\(IndexCommit.fileName)")
        try fileSystem.syncDirectory(directory)
      }
    } catch {
      failure = error
      throw error
    }
    newFiles = []
    removeUnreferencedFiles()
    return true
  }

  private func writeDeletions() throws {
    segments.removeAll { $0.input.liveCount == 0 }
    for index in segments.indices where !segments[index].newlyDead.isEmpty {
      let segment = segments[index]
      let deleted = try (segment.live.deleted ?? DeletedDocuments(segment.live.reader)).adding(segment.newlyDead, in: segment.live.reader)
      let number = commit.nextFileNumber
      commit.nextFileNumber += 1
      var file = IndexCommit.File(number: number, identity: FileIdentity(length: 0, footerChecksum: 0))
      segments[index].commit.deletions = file
      let name = segments[index].commit.deletionsName ?? ""
      newFiles.append(name)
      file.identity = try deleted.write(to: "\(directory)/\(name)", in: fileSystem)
      segments[index].commit.deletions = file
      segments[index].live.deleted = deleted
      segments[index].newlyDead = []
    }
  }

  /// Removes what this update has written; the index stays as it was. Does nothing once the commit may be visible.
  package func discard() {
    if isPublished { return }
    for name in newFiles { try? fileSystem.remove("\(directory)/\(name)") }
    newFiles = []
    failure = failure ?? IndexError(.invalidArgument, "the update is over; begin another", path: directory)
  }

  /// Removes files that the commit does not refer to. What cannot be removed now is removed by a later writer.
  private func removeUnreferencedFiles() {
    guard let names = try? fileSystem.list(directory) else { return }
    let kept = commit.fileNames
    for name in names.sorted() where IndexCommit.isOwnName(name) && !kept.contains(name) { try? fileSystem.remove("\(directory)/\(name)") }
  }
}

extension IndexError {
  /// The index was cut into terms in another way than this process would cut.
  package static func settingsDiffer(_ directory: String, _ commit: IndexCommit, _ settings: AnalyzerSettings) -> IndexError {
    IndexError(
      .settingsDiffer,
      "the index \(directory) was made with another version of the analyzer's rules or lists of words (\(commit.fingerprint), here "
        + "\(settings.fingerprint)); build it again, or use the ICU that it was made with", path: directory)
  }
}
