// What is usual in a collection, as far as a query asks?
internal import SuoyinAnalysis

/// What ranking needs to know of a collection for one query, as a value: from `Searcher.statistics(of:options:)`.
///
/// Where passages are spread over several indexes with the same schema, each is asked for its statistics of the query; their sum, given to the search of
/// each (`SearchOptions.statistics`), makes all of them score as one index of all passages would, bit for bit. Hits of several indexes are then put in
/// order by score, largest first, then by key.
///
/// A passage must be in one of the indexes only. The value is `Codable`, so that it can travel.
public struct QueryStatistics: Equatable, Sendable {
  /// What the parts of a collection must have in common: how texts are cut, and the schema.
  var settings: String
  /// How many passages are alive.
  public internal(set) var passageCount: Int
  /// Lengths, by numbering.
  var numberings: [NumberingStatistics]
  /// For each term that the query asks for, in how many live passages it is, perhaps in none.
  var terms: [[UInt8]: Int] = [:]
  /// For each title that the query names, in how many live passages it is; one of these at least.
  var titles: [[UInt8]: Int] = [:]
  /// For each prefix that the query asks for, the sum of that of all terms that begin so.
  var prefixes: [[UInt8]: Int] = [:]
  /// For each word that the query asks for with errors, the terms that are near.
  var words: [FuzzyTerm: [[UInt8]: NearTerm]] = [:]

  /// A term, and how far away others may be.
  struct FuzzyTerm: Hashable, Codable {
    var bytes: [UInt8]
    var distance: Int
  }

  /// How far a term is from a word, and in how many live passages.
  struct NearTerm: Equatable, Codable {
    var distance: Int
    var documentFrequency: Int
  }

  init(_ index: IndexReader, _ statistics: CollectionStatistics) {
    settings = Self.settings(of: index)
    passageCount = statistics.passageCount
    numberings = statistics.numberings
  }

  static func settings(of index: IndexReader) -> String { "\(index.commit.fingerprint) \(index.commit.schema.fields)" }

  var collection: CollectionStatistics { CollectionStatistics(passageCount: passageCount, numberings: numberings) }

  /// The statistics of both collections together.
  ///
  /// - Throws: `invalidArgument` when they are not of the same query to indexes of the same schema and settings.
  public static func + (left: QueryStatistics, right: QueryStatistics) throws(IndexError) -> QueryStatistics {
    guard left.settings == right.settings, left.numberings.count == right.numberings.count else {
      throw IndexError(.invalidArgument, "statistics of indexes with different schemas or settings cannot be added")
    }
    guard left.terms.keys == right.terms.keys, left.prefixes.keys == right.prefixes.keys, left.words.keys == right.words.keys else {
      throw IndexError(.invalidArgument, "statistics of different queries cannot be added")
    }
    var sum = left
    sum.passageCount += right.passageCount
    for number in sum.numberings.indices { sum.numberings[number] += right.numberings[number] }
    sum.terms.merge(right.terms, uniquingKeysWith: +)
    sum.titles.merge(right.titles, uniquingKeysWith: +)
    sum.prefixes.merge(right.prefixes, uniquingKeysWith: +)
    for (word, terms) in right.words {
      sum.words[word]?.merge(terms) { NearTerm(distance: $0.distance, documentFrequency: $0.documentFrequency + $1.documentFrequency) }
    }
    return sum
  }
}

extension QueryStatistics: Codable {
  private enum CodingKeys: String, CodingKey { case settings, passageCount, lengths, terms, titles, prefixes, words }

  private struct Count: Codable {
    var term: [UInt8]
    var count: Int
  }
  private struct Word: Codable {
    var word: FuzzyTerm
    var terms: [[UInt8]]
    var found: [NearTerm]
  }

  /// The same bytes for equal values.
  public func encode(to encoder: any Encoder) throws {
    func sorted<Value>(_ values: [[UInt8]: Value]) -> [(key: [UInt8], value: Value)] {
      values.sorted { ByteOrder.precedes($0.key, $1.key) }
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(settings, forKey: .settings)
    try container.encode(passageCount, forKey: .passageCount)
    try container.encode(numberings, forKey: .lengths)
    for (key, counts) in [(CodingKeys.terms, terms), (.titles, titles), (.prefixes, prefixes)] {
      try container.encode(sorted(counts).map { Count(term: $0.key, count: $0.value) }, forKey: key)
    }
    let words = self.words.sorted {
      ByteOrder.precedes($0.key.bytes + [UInt8($0.key.distance)], $1.key.bytes + [UInt8($1.key.distance)])
    }
    try container.encode(
      words.map { Word(word: $0.key, terms: sorted($0.value).map(\.key), found: sorted($0.value).map(\.value)) }, forKey: .words)
  }

  /// No count is larger: sums of a million collections fit.
  private static let largest = 1 << 40

  /// - Throws: `DecodingError` when a value is missing, negative or larger than any index.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func check(_ isRight: Bool, _ key: CodingKeys) throws {
      if !isRight { throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "no statistics of a query") }
    }
    func counts(_ key: CodingKeys, atMost most: Int) throws -> [[UInt8]: Int] {
      let counts = try container.decode([Count].self, forKey: key)
      try check(counts.allSatisfy { (0...most).contains($0.count) }, key)
      return Dictionary(counts.map { ($0.term, $0.count) }) { $1 }
    }
    settings = try container.decode(String.self, forKey: .settings)
    passageCount = try container.decode(Int.self, forKey: .passageCount)
    numberings = try container.decode([NumberingStatistics].self, forKey: .lengths)
    try check((0...Self.largest).contains(passageCount), .passageCount)
    let most = UInt64(Self.largest) << 12
    try check(
      numberings.allSatisfy {
        $0.wordTotal <= most && $0.cellTotal <= most && $0.wordPassages <= $0.wordTotal && $0.cellPassages <= $0.cellTotal
      }, .lengths)
    terms = try counts(.terms, atMost: passageCount)
    if container.contains(.titles) { titles = try counts(.titles, atMost: passageCount) }
    prefixes = try counts(.prefixes, atMost: Self.largest)
    for word in try container.decode([Word].self, forKey: .words) {
      try check(word.terms.count == word.found.count, .words)
      let distances = 0...LevenshteinAutomaton.maximumDistance
      try check(distances.contains(word.word.distance) && word.found.allSatisfy { distances.contains($0.distance) }, .words)
      try check(word.found.allSatisfy { (0...passageCount).contains($0.documentFrequency) }, .words)
      // Terms of another numbering or family are near no word of this one.
      let start = word.word.bytes.prefix(2)
      try check(start.count == 2 && word.terms.allSatisfy { $0.count > 2 && $0.starts(with: start) }, .words)
      words[word.word] = Dictionary(zip(word.terms, word.found)) { $1 }
    }
  }
}

/// A term that is near a word of a query.
struct NearestTerm {
  let term: Term
  let distance: Int
  let documentFrequency: Int

  static func precedes(_ left: NearestTerm, _ right: NearestTerm) -> Bool {
    if left.distance != right.distance { return left.distance < right.distance }
    if left.documentFrequency != right.documentFrequency { return left.documentFrequency > right.documentFrequency }
    return left.term < right.term
  }
}

/// Where the statistics of a query's terms come from: this index, or a value from outside. Notes, if it is to, what is asked for.
final class StatisticsSource {
  let index: IndexReader
  private let given: QueryStatistics?
  /// Of this index, as far as it has been asked for.
  private(set) var asked: QueryStatistics?
  /// Of all passages together.
  let collection: CollectionStatistics
  private let interruption: Interruption
  private var termCount = 0
  /// How many cells are left in which titles and labels are looked for.
  private var namingCellCount = WeightBuilder.maximumNamingCellCount

  /// The most terms that a query asks for: as many of the largest weight still add up to a score of less than 64 bits.
  static let maximumTermCount = 1 << 17

  /// Counts a term.
  ///
  /// - Throws: `invalidArgument` when it is one too many.
  private func countTerm() throws(IndexError) {
    termCount += 1
    if termCount > Self.maximumTermCount {
      throw IndexError(.invalidArgument, "the query asks for more than \(Self.maximumTermCount) terms; ask for less text")
    }
    if termCount % 256 == 0 { try interruption.check() }
  }

  /// This index's own.
  init(_ index: IndexReader, _ statistics: CollectionStatistics, isNoting: Bool = false, _ interruption: Interruption = .none) {
    self.index = index
    given = nil
    asked = isNoting ? QueryStatistics(index, statistics) : nil
    collection = statistics
    self.interruption = interruption
  }

  /// Those that are given.
  ///
  /// - Throws: `invalidArgument` when they are of another schema or other settings.
  init(_ index: IndexReader, given: QueryStatistics, _ interruption: Interruption) throws(IndexError) {
    guard given.settings == QueryStatistics.settings(of: index), given.numberings.count == index.commit.schema.numberings.count else {
      throw IndexError(.invalidArgument, "the statistics are of an index with another schema or other settings", path: index.directory)
    }
    self.index = index
    self.given = given
    asked = nil
    collection = given.collection
    self.interruption = interruption
  }

  private func missing() -> IndexError {
    IndexError(.invalidArgument, "the statistics are of another query: they lack a term that this one asks for", path: index.directory)
  }

  func statistics(of term: Term) throws(IndexError) -> TermStatistics {
    try countTerm()
    var found = try TermStatistics(term, in: index)
    asked?.terms[term.bytes] = found.passageCount
    if let given {
      guard let frequency = given.terms[term.bytes] else { throw missing() }
      found.documentFrequency = frequency
    }
    return found
  }

  /// In how many of the `count` first cells of a text titles and labels are looked for: of all texts of the query together in
  /// `WeightBuilder.maximumNamingCellCount`.
  func takeNamingCells(_ count: Int) -> Int {
    let taken = min(count, namingCellCount)
    namingCellCount -= taken
    return taken
  }

  /// The titles' terms that a longer one begins with.
  ///
  /// - Returns: For those of the lengths in bytes that are titles of live passages, of how many.
  func frequencies(ofTitles longest: [UInt8], lengths: [Int]) throws(IndexError) -> [Int: Int] {
    var frequencies: [Int: Int] = [:]
    if let given {
      if given.titles.isEmpty { return [:] }
      for length in lengths { frequencies[length] = given.titles[Array(longest[..<length])] }
      return frequencies.filter { $0.value > 0 }
    }
    try interruption.check()
    for segment in index.segments {
      try segment.reader.terms.forEachPrefix(of: longest, lengths: lengths) { length, entry throws(IndexError) in
        let frequency = segment.documentFrequency(entry.ordinal, entry.value)
        if frequency > 0 { frequencies[length, default: 0] += frequency }
      }
    }
    // Shorter ones too: in other parts of a collection they may be the longest.
    for (length, frequency) in frequencies { asked?.titles[Array(longest[..<length])] = frequency }
    return frequencies
  }

  /// Where a title is, with its frequency.
  func statistics(ofTitle title: Term, _ frequency: Int) throws(IndexError) -> TermStatistics {
    try countTerm()
    var found = try TermStatistics(title, in: index)
    found.documentFrequency = frequency
    return found
  }

  /// In how many passages the terms are that begin with `prefix`, added up; at most all of them.
  func documentFrequency(ofTermsBeginningWith prefix: Term) throws(IndexError) -> Int {
    try countTerm()
    let frequency: Int
    if let given {
      guard let known = given.prefixes[prefix.bytes] else { throw missing() }
      frequency = known
    } else {
      frequency = try index.documentFrequency(ofTermsBeginningWith: prefix.bytes, interruption)
      asked?.prefixes[prefix.bytes] = frequency
    }
    return min(frequency, collection.passageCount)
  }

  /// The same for the terms of a family, given as a term without a text, that match a pattern.
  func documentFrequency(ofTermsOf family: Term, matching pattern: TermPattern) throws(IndexError) -> Int {
    try countTerm()
    let key = family.bytes + pattern.bytes
    let frequency: Int
    if let given {
      guard let known = given.prefixes[key] else { throw missing() }
      frequency = known
    } else {
      frequency = try index.documentFrequency(ofTermsOf: family.bytes, matching: pattern, interruption)
      asked?.prefixes[key] = frequency
    }
    return min(frequency, collection.passageCount)
  }

  /// The nearest terms of a word's numbering and family that `isAsked` wants, at most `limit`, by distance, then the more frequent, then by
  /// bytes.
  func nearest(
    _ word: Term, distance: Int, limit: Int, isAsked: (ArraySlice<UInt8>) -> Bool
  ) throws(IndexError) -> [NearestTerm] {
    for _ in 0..<limit { try countTerm() }
    let key = QueryStatistics.FuzzyTerm(bytes: word.bytes, distance: distance)
    let near: [[UInt8]: QueryStatistics.NearTerm]
    if let given {
      guard let known = given.words[key] else { throw missing() }
      near = known
    } else {
      near = try index.terms(near: word, distance: distance, enough: limit, interruption, isAsked: isAsked)
      asked?.words[key] = near
    }
    let terms = near.map {
      NearestTerm(term: Term(bytes: $0.key), distance: $0.value.distance, documentFrequency: $0.value.documentFrequency)
    }
    return Array(terms.sorted(by: NearestTerm.precedes).prefix(limit))
  }
}

extension IndexReader {
  /// The terms that are near a word; those further away are left out where `enough` nearer ones are: so those that are the nearest in a sum of several
  /// indexes are never left out.
  fileprivate func terms(
    near word: Term, distance: Int, enough: Int, _ interruption: Interruption, isAsked: (ArraySlice<UInt8>) -> Bool
  ) throws(IndexError) -> [[UInt8]: QueryStatistics.NearTerm] {
    let automaton = LevenshteinAutomaton(Array(word.text), distance: distance)
    var near: [[UInt8]: QueryStatistics.NearTerm] = [:]
    for segment in segments {
      try segment.reader.terms.forEach(beginningWith: Array(word.bytes.prefix(2)), near: automaton, interruption) {
        entry, distance throws(IndexError) in
        let frequency = segment.documentFrequency(entry.ordinal, entry.value)
        if frequency == 0 || !isAsked(entry.string.dropFirst(2)) { return }
        near[entry.string, default: .init(distance: distance, documentFrequency: 0)].documentFrequency += frequency
      }
    }
    for nearer in 0..<distance where near.values.count(where: { $0.distance <= nearer }) >= enough {
      return near.filter { $0.value.distance <= nearer }
    }
    return near
  }
}
