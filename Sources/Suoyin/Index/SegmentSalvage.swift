// What can still be read of a damaged segment?
internal import SuoyinAnalysis
internal import SuoyinStorage

/// A segment of which some pages are damaged: passages are read one by one, from pages that are whole.
struct SegmentSalvage {
  /// A passage that was alive, as far as that is known.
  enum Passage {
    case readable(DocumentKey, [FieldValue?], Source)
    case lost(key: DocumentKey?, source: [UInt8]?)
  }

  let name: String
  /// Nil when not even the number of passages can be read.
  private(set) var passageCount: Int?
  /// Whether it is unknown which passages are dead.
  private(set) var isDoubtful = false
  private var schema = Schema([])
  private var keys: SortedStrings?
  private var stored: StoredFieldsReader?
  private var dead: Set<DocID> = []
  private var sources: [DocID: Source] = [:]

  /// - Throws: what is no damage: that the system refuses to read.
  init(_ segment: IndexCommit.Segment, in directory: String, schema: Schema, _ fileSystem: any FileSystem) throws(IndexError) {
    name = segment.fileName
    let path = "\(directory)/\(name)"
    guard
      let file = try Self.unlessDamaged({ () throws(IndexError) in
        try withIndexErrors { try SectionFile(path, kind: FileKind.segment, in: fileSystem) }
      }), file.identity == segment.file.identity
    else { return }
    let counts = try Self.unlessDamaged { () throws(IndexError) in
      var summary = ByteReader(try withIndexErrors { try file.section(SegmentSection.summary.rawValue) })
      _ = try summary.variable(atMost: 64)
      let passages = try summary.variable(atMost: MergePolicy.maximumPassageCount)
      let sources = try summary.variable(atMost: passages)
      _ = try summary.variable(atMost: 1 << 40)
      return (passages: passages, sources: sources, fields: try summary.variable(atMost: schema.fields.count))
    }
    guard let counts else { return }
    passageCount = counts.passages
    self.schema = schema.prefix(counts.fields)
    keys = try Self.unlessDamaged { () throws(IndexError) in
      try SortedStrings(
        file, blocks: SegmentSection.keyBlocks.rawValue, strings: SegmentSection.keyStrings.rawValue, count: counts.passages,
        hasValues: false)
    }
    stored = try Self.unlessDamaged { () throws(IndexError) in
      try StoredFieldsReader(
        file, blocks: SegmentSection.storedBlocks.rawValue, index: SegmentSection.storedIndex.rawValue, documentCount: counts.passages)
    }
    if let deletions = segment.deletions, let deletionsName = segment.deletionsName {
      let dead = try Self.unlessDamaged { () throws(IndexError) in
        try DeletedDocuments.passages(
          "\(directory)/\(deletionsName)", passageCount: counts.passages, identity: deletions.identity, in: fileSystem)
      }
      isDoubtful = dead == nil
      self.dead = dead ?? []
    }
    try readSources(file, count: counts.sources)
  }

  private mutating func readSources(_ file: SectionFile, count: Int) throws(IndexError) {
    let table = try Self.unlessDamaged { () throws(IndexError) in
      try SortedStrings(
        file, blocks: SegmentSection.sourceBlocks.rawValue, strings: SegmentSection.sourceStrings.rawValue, count: count, hasValues: true)
    }
    guard let table, let passageCount else { return }
    let digests = try Self.unlessDamaged { () throws(IndexError) in
      SourceDigests(bytes: try withIndexErrors { try file.section(SegmentSection.sourceDigests.rawValue) })
    }
    for ordinal in 0..<count {
      guard let entry = try Self.unlessDamaged({ () throws(IndexError) in try table.entry(at: ordinal) }) else { continue }
      let passages = try Self.unlessDamaged { () throws(IndexError) in
        try SegmentReader.passages(entry.value, in: file, passageCount: passageCount)
      }
      // A source without a digest is read again at the next opportunity.
      let digest = try Self.unlessDamaged { () throws(IndexError) in
        try digests.map { digests throws(IndexError) in try digests.range(ofSource: ordinal).map { digests.bytes[$0] } }
      }
      let source = Source(DocumentKey(bytes: entry.string), digest: (digest ?? []) ?? [])
      for passage in passages ?? [] where sources[passage] == nil { sources[passage] = source }
    }
  }

  /// The passages that are not known to be dead, ascending.
  func forEachPassage(_ body: (Int, Passage) throws -> Void) throws {
    for document in 0..<DocID(passageCount ?? 0) where !dead.contains(document) { try body(Int(document), try passage(document)) }
  }

  private func passage(_ document: DocID) throws(IndexError) -> Passage {
    let bytes = try Self.unlessDamaged { () throws(IndexError) in try keys?.entry(at: Int(document)).string } ?? nil
    let key = bytes.flatMap { (1...DocumentKey.maximumLength).contains($0.count) ? DocumentKey(bytes: $0) : nil }
    // A text that is not stored cannot be indexed anew.
    let isStored = schema.fields.allSatisfy { !$0.isText || $0.isStored }
    let record = try Self.unlessDamaged { () throws(IndexError) in isStored ? try stored?.record(of: document) : nil } ?? nil
    let values = record.flatMap { StoredRecord.decode($0, fieldCount: schema.fields.count) }
    guard let key, let values, let source = sources[document] else { return .lost(key: key, source: sources[document]?.name.bytes) }
    return .readable(key, values, source)
  }

  /// What `body` gives, or nil when that is damaged or gone.
  static func unlessDamaged<T>(_ body: () throws(IndexError) -> T) throws(IndexError) -> T? {
    do {
      return try body()
    } catch {
      guard error.isDamage else { throw error }
      return nil
    }
  }
}

extension IndexError {
  /// Whether a file of the index is damaged or gone, rather than kept from being read.
  var isDamage: Bool { kind == .corrupted || (cause as? StorageError)?.isNotFound ?? false }
}
