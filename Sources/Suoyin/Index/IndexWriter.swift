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
  let directory: String
  private let fileSystem: any FileSystem
  private let lock: FileLock
  private(set) var commit: IndexCommit
  let segments: UpdateSegments
  var analyzer: Analyzer
  /// Whether this update has given the index another dictionary.
  var hasNewDictionary = false
  var batch: PassageBatch
  private(set) var failure: IndexError?
  var hasChanged = false
  /// From the renaming on nobody knows which commit a reader sees, until the directory is synced: no file may be removed.
  private var isPublished = false
  /// Files of this update beside those of `segments`, to be removed when it is discarded.
  private var newFiles: [String] = []
  /// The sources that this update has replaced or found unchanged.
  private var taken = NameSet()
  /// The hashes of the keys that this update has added.
  private var addedKeys = KeyTable()
  /// Whether the batch holds passages of earlier segments too.
  var hasMovedPassages = false
  private let unitMemory: Int
  private let verification: ((Searcher) throws -> Void)?
  private let keptGenerations: Int?
  /// The newest commit when the update began.
  private let commitBefore: IndexCommit
  public internal(set) var summary = UpdateSummary()

  /// The weight of a batch, as `PassageBatch` counts it, at which it becomes a segment: an input unit of the deterministic build.
  ///
  /// The larger the units, the less is merged, and the fewer segments a search has to ask.
  package static let defaultUnitMemory = 192 << 20

  /// - Parameter choosing: Gives the segments of the commit to go on with, for a repair; no file is removed then before the writer commits.
  package init(
    _ directory: String, fileSystem: any FileSystem, options: UpdateOptions = UpdateOptions(),
    unitMemory: Int = IndexWriter.defaultUnitMemory,
    choosing: ((IndexCommit) throws(IndexError) -> [IndexCommit.Segment])? = nil
  ) throws(IndexError) {
    if let problem = options.problem { throw IndexError(.invalidArgument, problem) }
    self.directory = directory
    self.fileSystem = fileSystem
    self.unitMemory = unitMemory
    verification = options.verification
    keptGenerations = options.keptGenerations
    // Only an index is locked: an unlucky path must not get a lock file.
    _ = try IndexCommit(readingFrom: directory, in: fileSystem)
    lock = try withIndexErrors { try fileSystem.lock("\(directory)/\(IndexCommit.lockName)", holder: IndexWriter.holder) }
    var commit = try IndexCommit(readingFrom: directory, in: fileSystem)
    commitBefore = commit
    let settings = try commit.settings(in: directory, fileSystem)
    guard commit.fingerprint == settings.fingerprint else { throw .settingsDiffer(directory, commit, settings) }
    if let choosing { commit.segments = try choosing(commit) }
    self.commit = commit
    let workers = Workers(count: min(options.threads, max(1, options.memory / unitMemory)))
    segments = try UpdateSegments(commit, in: directory, fileSystem, workers)
    analyzer = try withIndexErrors { try Analyzer(settings) }
    batch = PassageBatch(commit.schema)
    if choosing == nil { commit.removeOtherFiles(in: directory, fileSystem) }
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
    let values = try check(source, documents)
    let isTaken = hasTaken(source.name)
    let own = try change { try passages(of: source.name, isTaken: isTaken) }
    for document in documents {
      if let owner = try change({ try otherOwner(of: document.key, than: source.name, own) }) {
        throw IndexError(
          .invalidArgument,
          "the key '\(document.key)' of the source '\(source.name)' belongs to a passage of \(owner); delete that one first, or name this one otherwise"
        )
      }
    }
    try change { () throws in
      for (segment, passages) in own { for document in passages { kill(document, in: segment) } }
      let isNew = !isTaken && !hasMovedPassages
      if !isNew { note(removed: batch.delete(source: source.name.bytes)) }
      if !documents.isEmpty {
        let number = batch.number(of: source, isNew: isNew)
        for (document, values) in zip(documents, values) {
          batch.add(document.key, values, from: number)
          let hash = document.key.stableHash
          if !addedKeys.mayHold(hash) { addedKeys.insert(hash, 0) }
          summary.added += 1
          hasChanged = true
        }
      }
      if !isTaken { taken.insert(source.name) }
      if batch.weight >= unitMemory {
        try flush()
        try segments.mergeByPolicy()
      }
    }
  }

  /// The live passages of a source, by segment.
  private func passages(of source: DocumentKey, isTaken: Bool) throws(IndexError) -> [(segment: UpdateSegment, documents: Set<DocID>)] {
    var passages: [(UpdateSegment, Set<DocID>)] = []
    for segment in try segments.present(where: { isTaken || !$0.isOfThisUpdate }) {
      let documents = try segment.passages(of: source.bytes)
      if !documents.isEmpty { passages.append((segment, Set(documents))) }
    }
    return passages
  }

  /// What a live passage with this key is of, if it is not of `source`, whose passages are `own`.
  private func otherOwner(
    of key: DocumentKey, than source: DocumentKey, _ own: [(segment: UpdateSegment, documents: Set<DocID>)]
  ) throws(IndexError) -> String? {
    let isAdded = addedKeys.mayHold(key.stableHash)
    if isAdded || hasMovedPassages, let owner = batch.source(ofKey: key.bytes), owner != source { return "the source '\(owner)'" }
    for segment in try segments.present(where: { isAdded || !$0.isOfThisUpdate }) {
      guard let document = try segment.find(key.bytes) else { continue }
      if !own.contains(where: { $0.segment === segment && $0.documents.contains(document) }) { return "another source" }
    }
    return nil
  }

  /// Removes the passage with this key; false when there is none.
  @discardableResult
  public func delete(_ key: DocumentKey) throws(IndexError) -> Bool {
    try change { try remove(key) }
  }

  /// The digest that a live source was given, or nil when there is no such source.
  public func digest(of source: DocumentKey) throws(IndexError) -> [UInt8]? {
    let isTaken = hasTaken(source)
    if isTaken || hasMovedPassages, let digest = batch.digest(ofSource: source.bytes) { return digest }
    for segment in try segments.present(where: { !$0.isOfThisUpdate || isTaken }) {
      if let digest = try segment.digest(of: source.bytes) { return digest }
    }
    return nil
  }

  /// Notes that a source was found unchanged, so that `hasTaken` knows it.
  public func keep(_ source: DocumentKey) { taken.insert(source) }

  /// Whether this update has already replaced the source, or noted it as unchanged.
  public func hasTaken(_ source: DocumentKey) -> Bool { taken.contains(source) }

  /// The values of a source's documents in the order of the schema.
  private func check(_ source: Source, _ documents: [Document]) throws(IndexError) -> [[FieldValue?]] {
    guard !source.name.bytes.isEmpty, source.name.bytes.count <= DocumentKey.maximumLength, source.digest.count <= 64 else {
      throw IndexError(.invalidArgument, "a source's name has 1 to \(DocumentKey.maximumLength) bytes and its digest at most 64")
    }
    var values: [[FieldValue?]] = []
    var keys: Set<[UInt8]> = []
    for document in documents {
      values.append(try document.values(for: commit.schema))
      guard documents.count == 1 || keys.insert(document.key.bytes).inserted else {
        throw IndexError(.invalidArgument, "the source '\(source.name)' has two passages with the key '\(document.key)'")
      }
    }
    return values
  }

  /// Runs a change; whatever it throws makes the writer refuse everything from then on.
  func change<T>(_ body: () throws -> T) throws(IndexError) -> T {
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
    if batch.delete(key: key.bytes) {
      note(removed: 1)
      return true
    }
    let isAdded = addedKeys.mayHold(key.stableHash)
    for segment in try segments.present(where: { isAdded || !$0.isOfThisUpdate }) {
      if let document = try segment.find(key.bytes) {
        kill(document, in: segment)
        return true
      }
    }
    return false
  }

  func kill(_ document: DocID, in segment: UpdateSegment) { note(removed: segment.kill(document) ? 1 : 0) }

  func note(removed count: Int) {
    summary.removed += count
    hasChanged = hasChanged || count > 0
  }

  // MARK: Schema

  /// Adds a field behind the others. Passages that were indexed before do not have it until they are indexed again: they are not found
  /// by it, come last when sorted by it, and count as without a value; so too for the pinyin of a field that they have, and for stems.
  ///
  /// - Throws: `invalidArgument` when the schema cannot have the field: its name is taken, it is the pinyin of no text field, there are
  ///   `Schema.maximumFieldCount` already; the writer stays usable.
  public func addField(_ field: Field) throws(IndexError) {
    if let failure { throw failure }
    let schema = commit.schema.adding(field)
    if let problem = schema.problem {
      throw IndexError(.invalidArgument, "the field '\(field.name)' cannot be added to the index \(directory): \(problem)", path: directory)
    }
    try change { () throws in
      try flush()
      commit.schema = schema
      segments.schema = schema
      batch = PassageBatch(schema)
      hasChanged = true
    }
  }

  // MARK: Segments

  /// Makes a segment of what was added so far, on this thread unless it is a whole unit and more is to come.
  func flush(isLast: Bool = false) throws(IndexError) {
    let isLast = isLast || batch.weight < unitMemory
    let full = batch
    let isOfThisUpdate = !hasMovedPassages
    batch = PassageBatch(commit.schema)
    hasMovedPassages = false
    if !full.isEmpty { try segments.build(full, with: analyzer, isOfThisUpdate: isOfThisUpdate, isLast: isLast) }
  }

  /// Makes a segment of what was added so far if that is enough for one.
  func flushIfFull() throws(IndexError) { if batch.weight >= unitMemory { try flush() } }

  /// Merges everything into one segment without dead passages.
  package func mergeAll() throws(IndexError) {
    try change { () throws in
      try flush(isLast: true)
      try segments.mergeAll()
    }
  }

  // MARK: Commit

  /// Makes the changes durable and visible; false when there were none.
  package func commitChanges() throws(IndexError) -> Bool {
    if let failure { throw failure }
    guard hasChanged || segments.hasMerged else { return false }
    do {
      try withIndexErrors { () throws in
        try flush(isLast: true)
        try segments.mergeByPolicy(isLast: true)
        commit.segments = try segments.written()
        try writeDictionary()
        commit.number += 1
        commit.nextFileNumber = segments.nextFileNumber
        let newPath = "\(directory)/\(IndexCommit.newFileName)"
        try verification?(Searcher(IndexReader(directory, commit, in: fileSystem)))
        if keptGenerations ?? 0 > 0 { try keep(commitBefore) }
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
    // A merge of passages that have died since may still be under way.
    segments.finish()
    commit.removeOtherFiles(in: directory, fileSystem, keeping: keptGenerations ?? .max)
    return true
  }

  private func writeDictionary() throws {
    guard hasNewDictionary else { return }
    commit.fingerprint = analyzer.settings.fingerprint
    commit.dictionary = nil
    if dictionary.isEmpty { return }
    let number = segments.takeNumber()
    let name = IndexCommit.dictionaryName(number)
    newFiles.append(name)
    let identity = try StoredDictionary.write(dictionary, to: "\(directory)/\(name)", in: fileSystem)
    commit.dictionary = IndexCommit.File(number: number, identity: identity)
  }

  /// Removes what this update has written; the index stays as it was. Does nothing once the commit may be visible.
  package func discard() {
    segments.giveUp()
    if isPublished { return }
    for name in segments.newFiles + newFiles { try? fileSystem.remove("\(directory)/\(name)") }
    failure = failure ?? IndexError(.invalidArgument, "the update is over; begin another", path: directory)
  }

  /// Writes a commit under the name by which it can be rolled back to.
  private func keep(_ commit: IndexCommit) throws {
    let name = IndexCommit.keptName(commit.number)
    if try fileSystem.list(directory).contains(name) { return }
    newFiles.append(name)
    try commit.write(to: "\(directory)/\(name)", in: fileSystem)
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
