// Is the index what it says it is?
public import SuoyinAnalysis
package import SuoyinStorage

/// What a check found.
public struct CheckReport: Sendable {
  public internal(set) var segmentCount = 0
  /// Live passages.
  public internal(set) var passageCount = 0
  public internal(set) var termCount = 0
  public internal(set) var postingCount = 0
  /// All that is wrong, each in one line; empty for a sound index.
  public internal(set) var problems: [String] = []

  public var isSound: Bool { problems.isEmpty }
}

/// Reads everything in an index and compares what must agree: checksums, order, and every sum that can be made in two ways.
package struct IndexChecker {
  private let index: IndexReader
  /// Whether texts are cut anew and compared with the lists.
  private let isDeep: Bool
  private var report = CheckReport()

  private init(_ index: IndexReader, isDeep: Bool) {
    self.index = index
    self.isDeep = isDeep
  }

  /// Checks the newest commit.
  ///
  /// - Parameter isDeep: Cut the stored texts anew, too, and compare what they give with the lists.
  /// - Throws: only what keeps the index from being opened at all for another reason than damage (`notFound`, `io`); `settingsDiffer` when texts
  ///   are to be cut anew and this process would cut them otherwise.
  /// - Complexity: reads every byte and decodes every posting; a deep check decodes them twice, and takes about as long as indexing.
  package static func check(
    _ directory: String, isDeep: Bool = false, in fileSystem: any FileSystem
  ) throws(IndexError) -> CheckReport {
    let index: IndexReader
    do {
      index = try IndexReader(directory, in: fileSystem)
    } catch  where error.kind == .corrupted {
      var report = CheckReport()
      report.problems.append(error.message)
      return report
    }
    guard !isDeep || index.fingerprintMatches else { throw .settingsDiffer(directory, index.commit, index.settings) }
    var checker = IndexChecker(index, isDeep: isDeep)
    checker.checkAll()
    try checker.checkGenerations(directory, fileSystem)
    return checker.report
  }

  /// Checks a commit that is open.
  static func check(_ index: IndexReader, isDeep: Bool = false) -> CheckReport {
    var checker = IndexChecker(index, isDeep: isDeep)
    checker.checkAll()
    return checker.report
  }

  private mutating func checkAll() {
    for segment in index.segments { check(segment) }
    checkKeysAcrossSegments()
  }

  /// Whether the generations that are kept have all their files.
  private mutating func checkGenerations(_ directory: String, _ fileSystem: any FileSystem) throws(IndexError) {
    let names = try withIndexErrors { try fileSystem.list(directory) }
    for number in names.compactMap(IndexCommit.keptNumber).sorted() where number < index.commit.number {
      attempt { _ throws(IndexError) in
        _ = try IndexReader(directory, IndexCommit(readingFrom: directory, keptAs: number, in: fileSystem), in: fileSystem)
      }
    }
  }

  private mutating func attempt(_ body: (inout IndexChecker) throws(IndexError) -> Void) {
    do {
      try body(&self)
    } catch {
      report.problems.append(error.message)
    }
  }

  private mutating func check(_ segment: LiveSegment) {
    report.segmentCount += 1
    report.passageCount += segment.liveCount
    let before = report.problems.count
    attempt { _ throws(IndexError) in try withIndexErrors { try segment.reader.file.checkAllPages() } }
    // What lies on damaged pages cannot be told apart from what was written wrongly: one report of a segment is enough.
    guard report.problems.count == before else { return }
    attempt { checker throws(IndexError) in try checker.checkStrings(segment.reader.keys, "keys", in: segment) }
    attempt { checker throws(IndexError) in try checker.checkSources(segment) }
    attempt { checker throws(IndexError) in try checker.checkTerms(segment) }
    attempt { checker throws(IndexError) in try checker.checkStoredFields(segment) }
    guard isDeep, report.problems.count == before else { return }
    attempt { checker throws(IndexError) in
      for problem in try DeepCheck.problems(segment.reader, checker.index.settings) { checker.note(problem, segment) }
    }
  }

  private mutating func note(_ problem: String, _ segment: LiveSegment) {
    report.problems.append("\(segment.reader.file.path): \(problem)")
  }

  private mutating func checkStrings(_ table: SortedStrings, _ name: String, in segment: LiveSegment) throws(IndexError) {
    guard table.count > 0 else { return }
    var entry = try table.entry(at: 0)
    var count = 1
    var previous = entry.string
    while try table.advance(&entry) {
      if !previous.lexicographicallyPrecedes(entry.string) { note("\(name) do not ascend at number \(entry.ordinal)", segment) }
      previous = entry.string
      count += 1
    }
    if count != table.count { note("\(count) \(name) instead of \(table.count)", segment) }
  }

  private mutating func checkSources(_ segment: LiveSegment) throws(IndexError) {
    try checkStrings(segment.reader.sources, "sources", in: segment)
    var owners = [Int](repeating: 0, count: segment.reader.passageCount)
    for ordinal in 0..<segment.reader.sources.count {
      for passage in try segment.reader.passages(segment.reader.sources.entry(at: ordinal).value) { owners[Int(passage)] += 1 }
      _ = try segment.reader.digest(ofSource: ordinal)
    }
    if let passage = owners.firstIndex(where: { $0 != 1 }) { note("passage \(passage) is of \(owners[passage]) sources", segment) }
  }

  private mutating func checkTerms(_ segment: LiveSegment) throws(IndexError) {
    let reader = segment.reader
    try checkStrings(reader.terms, "terms", in: segment)
    let families = TermFamily.allCases.count
    let numberings = reader.schema.numberings
    /// Occurrences by numbering, family and passage, to be compared with the lengths.
    var sums = [[UInt32]](repeating: [], count: numberings.count * families)
    // A cell may have several readings, so that those of a pinyin field do not add up.
    for numbering in numberings.indices where !numberings[numbering].isKeyword && numberings[numbering].pinyinSource == nil {
      for family in [TermFamily.word, .pair, .single] {
        sums[numbering * families + Int(family.rawValue)] = [UInt32](repeating: 0, count: reader.passageCount)
      }
    }
    var ends: [[UInt32]] = []
    for document in 0..<DocID(reader.passageCount) {
      var ofDocument: [UInt32] = []
      for numbering in numberings.indices {
        ofDocument.append(try reader.lengths.fieldRanges(numbering: numbering, of: document).last?.upperBound ?? 0)
      }
      ends.append(ofDocument)
    }
    var positions: [UInt32] = []
    var entry = reader.terms.count == 0 ? nil : try reader.terms.entry(at: 0)
    while var term = entry {
      let name = Term(bytes: term.string)
      guard term.string.count > 2, name.numbering < numberings.count, TermFamily(rawValue: term.string[1]) != nil else {
        throw IndexError(.corrupted, "\(reader.file.path) is damaged: term \(term.ordinal) is none", path: reader.file.path)
      }
      let cursor = try reader.postings(term.value)
      var count = 0
      var dead = 0
      let slot = name.numbering * families + Int(name.family.rawValue)
      while cursor.docID != .end {
        let document = Int(cursor.docID)
        count += 1
        if segment.isDead(cursor.docID) { dead += 1 }
        if !sums[slot].isEmpty { sums[slot][document] &+= cursor.frequency }
        if numberings.hasPositions(name) {
          try cursor.readPositions(into: &positions)
          let ascends = zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 }
          if !ascends || positions.last ?? 0 >= ends[document][name.numbering] {
            note("wrong positions of term \(term.ordinal) in passage \(document)", segment)
          }
        }
        try cursor.next()
      }
      report.postingCount += count
      if count != term.value.count { note("term \(term.ordinal) has \(count) documents instead of \(term.value.count)", segment) }
      let decrease = segment.deleted?.decrease(ofTerm: term.ordinal) ?? 0
      if dead != decrease { note("term \(term.ordinal) has \(dead) dead documents, and \(decrease) are noted", segment) }
      entry = try reader.terms.advance(&term) ? term : nil
    }
    report.termCount += reader.terms.count
    try checkLengths(segment, sums, families)
  }

  private mutating func checkLengths(_ segment: LiveSegment, _ sums: [[UInt32]], _ families: Int) throws(IndexError) {
    let reader = segment.reader
    let hasFamily = Set(reader.schema.analyzer.families)
    var totals = [NumberingStatistics](repeating: NumberingStatistics(), count: reader.statistics.count)
    var dead = totals
    for document in 0..<DocID(reader.passageCount) {
      for (numbering, lengths) in try reader.lengths.lengths(of: document).enumerated() {
        totals[numbering] += lengths
        if segment.isDead(document) { dead[numbering] += lengths }
        for (family, length) in [(TermFamily.word, lengths.words), (.pair, lengths.cells), (.single, lengths.cells)]
        where hasFamily.contains(family) {
          let sum = sums[numbering * families + Int(family.rawValue)]
          if !sum.isEmpty, sum[Int(document)] != length {
            note("passage \(document) has \(sum[Int(document)]) \(family) occurrences, and its length is \(length)", segment)
          }
        }
      }
    }
    if totals != reader.statistics { note("the lengths do not add up to the statistics", segment) }
    if let deleted = segment.deleted, deleted.statistics != dead { note("the lengths of dead passages do not add up", segment) }
  }

  private mutating func checkStoredFields(_ segment: LiveSegment) throws(IndexError) {
    let columns = try ColumnCheck(segment.reader, comparesKeywords: index.fingerprintMatches)
    for document in 0..<DocID(segment.reader.passageCount) {
      for problem in try columns.problems(document, segment.reader.values(of: document)) { note(problem, segment) }
    }
  }

  private mutating func checkKeysAcrossSegments() {
    guard report.isSound, index.segments.count > 1 else { return }
    attempt { checker throws(IndexError) in
      var seen: Set<[UInt8]> = []
      for segment in checker.index.segments {
        for document in 0..<DocID(segment.reader.passageCount) where !segment.isDead(document) {
          let key = try segment.reader.key(of: document)
          if !seen.insert(key).inserted { checker.note("the key '\(DocumentKey(bytes: key))' is alive in two segments", segment) }
        }
      }
    }
  }
}

/// What an index consists of.
public struct IndexStatistics: Sendable {
  public let path: String
  /// The number of commits made so far.
  public let commitNumber: UInt64
  public let analyzer: AnalyzerName
  /// Whether the built-in list of policy words is used.
  public let policyWords: Bool
  /// How many words the user dictionary lists, and how many it removes.
  public let userWordCount: Int
  public let removedWordCount: Int
  /// The analyzer's behaviour that the index was made with, and whether this process has the same.
  public let fingerprint: String
  public let fingerprintMatches: Bool
  public let passageCount: Int
  public let deletedCount: Int
  public let segmentCount: Int
  /// Sources with live passages.
  public let sourceCount: Int
  /// Terms of all segments, those in several segments counted several times.
  public let termCount: Int
  /// Bytes of all files of the commit.
  public let byteCount: UInt64
  /// Mean lengths over the passages that have any text; 0 when there are none.
  public let averageWordCount: Double
  public let averageCellCount: Double
}

extension SearchIndex {
  /// Reads everything in the index at `path` and compares what must agree. Works on indexes that are too damaged to be opened.
  ///
  /// - Parameter isDeep: Cut the stored texts anew, too, and compare what they give with the lists; that takes about as long as indexing them.
  public static func check(at path: String, isDeep: Bool = false) throws(IndexError) -> CheckReport {
    try IndexChecker.check(path, isDeep: isDeep, in: SystemFileSystem())
  }

  /// What the newest commit consists of. Works with any analyzer's fingerprint.
  public func indexStatistics() throws(IndexError) -> IndexStatistics {
    let reader = try IndexReader(path, in: fileSystem)
    let totals = CollectionStatistics(reader).numberings[0]
    return IndexStatistics(
      path: path, commitNumber: reader.commit.number, analyzer: schema.analyzer,
      policyWords: schema.policyWords, userWordCount: reader.settings.userDictionary.words.count,
      removedWordCount: reader.settings.userDictionary.removed.count, fingerprint: reader.commit.fingerprint,
      fingerprintMatches: reader.fingerprintMatches, passageCount: reader.passageCount,
      deletedCount: reader.segments.reduce(0) { $0 + ($1.deleted?.count ?? 0) }, segmentCount: reader.segments.count,
      sourceCount: try reader.sourceCount(),
      termCount: reader.segments.reduce(0) { $0 + $1.reader.terms.count },
      byteCount: reader.commit.files.reduce(0) { $0 + $1.identity.length },
      averageWordCount: totals.wordPassages == 0 ? 0 : totals.averageLength(of: .word),
      averageCellCount: totals.cellPassages == 0 ? 0 : totals.averageLength(of: .pair))
  }
}
