// Which passages does a change of the dictionary concern, and which does it cut differently?
package import SuoyinAnalysis

/// What a word means to the passages of an index.
public struct WordEffect: Equatable, Sendable {
  public let word: String
  /// Live passages that hold the word: its cells side by side with nothing between them.
  public internal(set) var passageCount = 0
  /// Those of them in which the change cuts it differently at one place at least.
  public internal(set) var differentCount = 0
  /// The first of these, up to the limit that was asked for.
  public internal(set) var keys: [DocumentKey] = []
}

/// What a change of the dictionary means to an index.
public struct DictionaryChange: Equatable, Sendable {
  /// The words that are listed, weighed or removed otherwise than before, in order of their bytes.
  public internal(set) var words: [WordEffect] = []
  /// Live passages that hold any of them.
  public internal(set) var passageCount = 0
  /// Those of them that the change cuts into other words.
  public internal(set) var differentCount = 0
}

extension AnalyzerSettings {
  /// The words that are listed, weighed or removed otherwise in other settings of the same analyzer, in order of their bytes.
  ///
  /// A text without any of them is cut by both in the same way.
  func changedWords(_ other: AnalyzerSettings) -> [String] {
    var words = Set(userDictionary.words.keys).union(other.userDictionary.words.keys)
    words.formUnion(userDictionary.removed.symmetricDifference(other.userDictionary.removed))
    if policyWords != other.policyWords { words.formUnion(PolicyWords.all) }
    return words.filter { word in
      let here = listing(of: word)
      let there = other.listing(of: word)
      return here?.rule != there?.rule || here?.weight != there?.weight
        || removedWords.contains(word) != other.removedWords.contains(word)
    }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// Compares how an index's passages are cut by two settings that differ in their words.
struct CutComparison {
  private let schema: Schema
  private let textNumberings: [Int]
  private let old: Analyzer
  private let new: Analyzer
  private let words: [DictionaryWord]
  private let limit: Int
  private(set) var change = DictionaryChange()

  /// - Parameter limit: How many keys are kept for each word.
  init(_ schema: Schema, from old: AnalyzerSettings, to new: AnalyzerSettings, limit: Int) throws(IndexError) {
    self.schema = schema
    self.limit = limit
    let numberings = schema.numberings
    textNumberings = numberings.indices.filter { !numberings[$0].isKeyword }
    let changed = old.changedWords(new)
    change.words = changed.map { WordEffect(word: $0) }
    (self.old, self.new, words) = try withIndexErrors {
      (try Analyzer(old), try Analyzer(new), try changed.map { try DictionaryWord(normalized: $0) })
    }
  }

  /// Goes through the live passages of a segment that hold a changed word; `found` gets those that are cut differently, ascending.
  ///
  /// - Complexity: reads the shortest posting lists of each word's pairs, and cuts the passages that have all of them twice.
  mutating func run(
    _ segment: SegmentReader, isDead: (DocID) -> Bool, _ found: (DocID) throws(IndexError) -> Void
  ) throws(IndexError) {
    for (document, candidates) in try candidates(segment).sorted(by: { $0.key < $1.key }) where !isDead(document) {
      let values = try segment.values(of: document)
      /// The words that are held, and whether one is cut differently somewhere.
      var held: [Int: Bool] = [:]
      var isDifferent = false
      for (field, value) in zip(schema.fields, values) {
        guard field.isText, case .text(let text)? = value else { continue }
        let (before, after) = try withIndexErrors { (try old.analyze(text), try new.analyze(text)) }
        let differs = !before.words.elementsEqual(after.words) { $0.termStart == $1.termStart && $0.termEnd == $1.termEnd }
        isDifferent = isDifferent || differs
        for word in candidates where held[word] != true {
          let places = Self.places(of: words[word], in: before)
          if places.isEmpty { continue }
          held[word] = differs && places.contains { !Self.cut(before, $0).elementsEqual(Self.cut(after, $0)) }
        }
      }
      if held.isEmpty { continue }
      change.passageCount += 1
      let key = isDifferent ? DocumentKey(bytes: try segment.key(of: document)) : nil
      for (word, isCutDifferently) in held {
        change.words[word].passageCount += 1
        guard let key, isCutDifferently else { continue }
        change.words[word].differentCount += 1
        if change.words[word].keys.count < limit { change.words[word].keys.append(key) }
      }
      if isDifferent {
        change.differentCount += 1
        try found(document)
      }
    }
  }

  /// The passages that have all pairs of a word, whether side by side or not, with the words.
  private func candidates(_ segment: SegmentReader) throws(IndexError) -> [DocID: [Int]] {
    var candidates: [DocID: [Int]] = [:]
    for (number, word) in words.enumerated() {
      for numbering in textNumberings {
        try forEachPassage(segment, numbering, word) { document in
          if candidates[document]?.last != number { candidates[document, default: []].append(number) }
        }
      }
    }
    return candidates
  }

  private func forEachPassage(
    _ segment: SegmentReader, _ numbering: Int, _ word: DictionaryWord, _ body: (DocID) -> Void
  ) throws(IndexError) {
    var values: [StringValue] = []
    for (first, second) in zip(word.cells, word.cells.dropFirst()) {
      let pair = PairTerm.bytes(
        word.text[Int(first.termStart)..<Int(first.termEnd)], isWord: first.isLettersOrDigits,
        word.text[Int(second.termStart)..<Int(second.termEnd)], isWord: second.isLettersOrDigits)
      guard let entry = try segment.terms.find(Term(numbering: numbering, family: .pair, pair).bytes) else { return }
      values.append(entry.value)
    }
    values.sort { $0.count < $1.count }
    var cursors: [PostingCursor] = []
    for value in values { cursors.append(try segment.postings(value)) }
    // Invariant: no passage before cursors[0] that has all pairs is left to be given. Terminates: cursors[0] moves on in every turn.
    next: while cursors[0].docID != .end {
      let document = cursors[0].docID
      for cursor in cursors.dropFirst() {
        if cursor.docID < document { try cursor.advance(to: document) }
        if cursor.docID != document {
          if cursor.docID == .end { return }
          try cursors[0].advance(to: cursor.docID)
          continue next
        }
      }
      body(document)
      try cursors[0].next()
    }
  }

  /// Where the cells of a word stand side by side, as ranges of cells.
  private static func places(of word: DictionaryWord, in analysis: Analysis) -> [Range<Int>] {
    let cells = analysis.cells
    let count = word.cells.count
    if cells.count < count { return [] }
    var places: [Range<Int>] = []
    for first in 0...cells.count - count {
      let start = Int(cells[first].termStart)
      guard Int(cells[first + count - 1].termEnd) - start == word.text.count, analysis.text[start] == word.text[0],
        analysis.text[start..<start + word.text.count].elementsEqual(word.text)
      else { continue }
      let hasSameCells = zip(cells[first..<first + count], word.cells).allSatisfy { Int($0.termStart) - start == Int($1.termStart) }
      if hasSameCells { places.append(first..<first + count) }
    }
    return places
  }

  /// The words that lie over cells, as ranges of cells.
  private static func cut(_ analysis: Analysis, _ cells: Range<Int>) -> [Range<Int>] {
    var low = 0
    var high = analysis.words.count
    // Invariant: words[..<low] end before the cells, words[high...] do not. Terminates: high - low shrinks.
    while low < high {
      let middle = (low + high) / 2
      if analysis.words[middle].cellRange.upperBound <= cells.lowerBound { low = middle + 1 } else { high = middle }
    }
    return analysis.words[low...].prefix { $0.cellRange.lowerBound < cells.upperBound }.map(\.cellRange)
  }
}

extension SearchIndex {
  /// How texts are cut as of the newest commit, the index's own words included.
  public func settings() throws(IndexError) -> AnalyzerSettings { try IndexReader(path, in: fileSystem).settings }

  /// The index's own words, as of the newest commit.
  public func dictionary() throws(IndexError) -> UserDictionary { try settings().userDictionary }

  /// What a change of the dictionary would mean, or has meant, to the passages there are now. Changes nothing.
  ///
  /// - Parameter limit: How many keys of passages that are cut differently to give for each word.
  /// - Throws: `invalidArgument` when the index's analyzer does not cut by lists of words, or a text field is not stored and there are
  ///   passages; `settingsDiffer`, `corrupted`.
  public func effect(from old: UserDictionary, to new: UserDictionary, limit: Int = 10) throws(IndexError) -> DictionaryChange {
    let index = try IndexReader(path, in: fileSystem)
    let schema = index.commit.schema
    try index.settings.checkUsesWordLists(path)
    guard index.fingerprintMatches else { throw .settingsDiffer(path, index.commit, index.settings) }
    if !index.segments.isEmpty { try schema.checkCanBeCutAnew(path) }
    var comparison = try CutComparison(
      schema, from: schema.settings(userDictionary: old), to: schema.settings(userDictionary: new), limit: limit)
    for segment in index.segments { try comparison.run(segment.reader, isDead: segment.isDead) { _ in } }
    return comparison.change
  }
}

extension AnalyzerSettings {
  func checkUsesWordLists(_ path: String) throws(IndexError) {
    guard name.usesWordLists else {
      throw IndexError(
        .invalidArgument, "the index \(path) has the analyzer \(name.rawValue), which cuts by no list of words; only chinese does",
        path: path)
    }
  }
}

extension Schema {
  /// A change of the dictionary cuts passages anew from what is stored of them.
  func checkCanBeCutAnew(_ path: String) throws(IndexError) {
    guard let field = fields.first(where: { $0.isText && !$0.isStored }) else { return }
    throw IndexError(
      .invalidArgument,
      "the index \(path) does not store the text of the field '\(field.name)', so that its passages cannot be cut by another dictionary; "
        + "make an index with the dictionary first and add the passages then", path: path)
  }
}
