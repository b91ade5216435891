// Which passages wait to become a segment?
internal import SuoyinAnalysis

/// Passages that have been added, in the order of arrival, with their sources; their texts are not cut yet.
package struct PassageBatch: Sendable {
  private struct Passage {
    var key: [UInt8]
    var source: Int
    /// The passage of the same source before; -1 for the first.
    var previous: Int
    /// All values, those that are not stored too.
    var record: [UInt8]
    var isLive = true
  }

  package let schema: Schema
  private var passages: [Passage] = []
  private var passageNumbers = KeyTable()
  package private(set) var sources: [Source] = []
  private var sourceNumbers = KeyTable()
  /// For each source its last passage; -1 when all are gone.
  private var lastPassages: [Int] = []
  private var liveCount = 0
  /// How many bytes of memory making a segment of the passages takes, about: what decides when there are enough. It depends on the passages
  /// only, so that the same input gives the same segments.
  package private(set) var weight = 0

  /// What is kept of a passage beside its key and its values.
  private static let bytesOfPassage = 192
  /// For each text field, what the terms of one byte take: eight bytes for a word, a pair or a reading, four for a single; Han characters have
  /// three bytes, words two characters and more.
  private let bytesOfText: [Int]

  package init(_ schema: Schema) {
    self.schema = schema
    let bytesOfTerms = schema.analyzer.families.contains(.pair) ? 6 : 2
    bytesOfText = schema.fields.map { field in
      field.isText ? bytesOfTerms * (1 + schema.fields.count { $0.pinyinSource == field.name }) : 0
    }
  }

  package var isEmpty: Bool { liveCount == 0 }
  package var count: Int { liveCount }

  // MARK: Adding

  /// The number by which the passages of a source are added.
  ///
  /// - Parameter isNew: Whether it is certain that no passage of it is here.
  package mutating func number(of source: Source, isNew: Bool) -> Int {
    if !isNew, let number = sourceNumber(source.name.bytes) {
      sources[number] = source
      return number
    }
    sourceNumbers.insert(source.name.stableHash, sources.count)
    sources.append(source)
    lastPassages.append(-1)
    return sources.count - 1
  }

  /// Adds a passage whose key is in no live passage here.
  ///
  /// - Parameters:
  ///   - values: What `Document.values(for:)` has given.
  ///   - source: What `number(of:isNew:)` has given for its source.
  package mutating func add(_ key: DocumentKey, _ values: [FieldValue?], from source: Int) {
    passageNumbers.insert(key.stableHash, passages.count)
    let record = StoredRecord.encode(values)
    passages.append(Passage(key: key.bytes, source: source, previous: lastPassages[source], record: record))
    lastPassages[source] = passages.count - 1
    liveCount += 1
    weight += key.bytes.count + record.count + Self.bytesOfPassage
    for (bytesOfText, value) in zip(bytesOfText, values) where bytesOfText > 0 {
      if case .text(let text)? = value { weight += text.utf8.count * bytesOfText }
    }
  }

  // MARK: Looking up and removing

  /// The source of the live passage with this key.
  package func source(ofKey key: [UInt8]) -> DocumentKey? { passage(key).map { sources[passages[$0].source].name } }

  /// The live passage with this key.
  private func passage(_ key: [UInt8]) -> Int? {
    passageNumbers.first(ByteOrder.hash(key)) { passages[$0].isLive && passages[$0].key == key }
  }

  /// The digest of a source that has live passages here.
  package func digest(ofSource name: [UInt8]) -> [UInt8]? {
    guard let number = sourceNumber(name) else { return nil }
    var passage = lastPassages[number]
    while passage >= 0 {
      if passages[passage].isLive { return sources[number].digest }
      passage = passages[passage].previous
    }
    return nil
  }

  private func sourceNumber(_ name: [UInt8]) -> Int? {
    sourceNumbers.first(ByteOrder.hash(name)) { sources[$0].name.bytes == name }
  }

  /// Removes the passage with this key; false when there is none.
  package mutating func delete(key: [UInt8]) -> Bool {
    guard let number = passage(key) else { return false }
    passages[number].isLive = false
    liveCount -= 1
    return true
  }

  /// Removes the passages of a source and gives back how many there were.
  package mutating func delete(source: [UInt8]) -> Int {
    guard let number = sourceNumber(source) else { return 0 }
    let before = liveCount
    var passage = lastPassages[number]
    while passage >= 0 {
      if passages[passage].isLive {
        passages[passage].isLive = false
        liveCount -= 1
      }
      passage = passages[passage].previous
    }
    lastPassages[number] = -1
    return before - liveCount
  }

  // MARK: Reading

  /// The keys of the live passages with such values.
  package func keys(where isWanted: ([FieldValue?]) -> Bool) -> [[UInt8]] {
    passages.filter { $0.isLive && isWanted(values($0.record)) }.map(\.key)
  }

  /// The values in a record of this batch.
  func values(_ record: [UInt8]) -> [FieldValue?] {
    guard let values = StoredRecord.decode(record[...], fieldCount: schema.fields.count) else {
      preconditionFailure("a record that this process has made cannot be read")
    }
    return values
  }

  /// One live passage, as it goes into a segment.
  struct Entry {
    var key: [UInt8]
    /// Among `sources`.
    var source: Int
    var record: [UInt8]
  }

  /// The live passages in the order of their keys, which is that of doc IDs.
  var ordered: some Collection<Entry> {
    passages.indices.filter { passages[$0].isLive }.sorted { ByteOrder.precedes(passages[$0].key, passages[$1].key) }
      .lazy.map { [passages] in Entry(key: passages[$0].key, source: passages[$0].source, record: passages[$0].record) }
  }
}
