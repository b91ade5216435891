// What does it cost to read, to intersect and to match posting lists?
//
// What is measured: processor time of decoding a long list; of intersecting two lists of several ratios of length; of matching sequences of
// cells; each of the last two against the naive way, which decodes the lists into arrays and compares those.
// On what corpus: the lists of one segment that holds the whole corpus. The longest list of a word, and with it the words whose lists come
// nearest to being 1, 1/10, 1/100 and 1/1000 as long; the most frequent sequences of 2, 3 and 5 cells in a sample.
// Notes: "naive, decoded before" leaves the decoding out: no engine has it for nothing, but it shows what the comparing is. Every run opens
// its cursors and scorers anew. Units are the postings of all lists of the case. All ways must give the same number of documents.
internal import FoundationEssentials
internal import Suoyin
internal import SuoyinAnalysis

struct PostingListBenchmark {
  private let index: IndexReader
  private let segment: SegmentReader
  private let statistics: CollectionStatistics
  private let analyzer: Analyzer
  private let sample: [String]

  /// - Parameter path: The index to measure, of which a merged copy is made in `directory`.
  init(_ corpus: BenchmarkCorpus, index path: String, directory: String) throws {
    let copy = "\(directory)/merged-index"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try SearchIndex(at: copy).merge()
    index = try IndexReader(SearchIndex(at: copy))
    segment = index.segments[0].reader
    statistics = CollectionStatistics(index)
    analyzer = try Analyzer(index.settings)
    sample = try corpus.sample(length: 1 << 20)
  }

  func run(rounds: Int) throws -> [ReportGroup] {
    let words = try frequentWords()
    guard let longest = words.first else { throw BenchmarkFailure("the corpus is too small: no word is in 128 passages") }
    var groups = [try decoding(longest, rounds: rounds)]
    var measured: Set<String> = [longest.text]
    for ratio in [1, 10, 100, 1000] {
      let wanted = Double(longest.count) / Double(ratio)
      let nearest = words.filter { !measured.contains($0.text) }.min { distance($0, wanted) < distance($1, wanted) }
      guard let nearest, distance(nearest, wanted) < 1.5 else { continue }
      measured.insert(nearest.text)
      groups.append(try intersection(longest, nearest, rounds: rounds))
    }
    for length in [2, 3, 5] { groups.append(try sequence(mostFrequentSequence(of: length), rounds: rounds)) }
    return groups
  }

  // MARK: Lists

  private struct Word {
    var text: String
    var count: Int
  }

  /// The factor between a list's length and the wanted one.
  private func distance(_ word: Word, _ wanted: Double) -> Double { max(Double(word.count) / wanted, wanted / Double(word.count)) }

  /// The words of several cells that a query for them asks for as one word, longest list first.
  private func frequentWords() throws -> [Word] {
    var words: [Word] = []
    var entry = segment.terms.count == 0 ? nil : try segment.terms.entry(at: 0)
    while var current = entry {
      let term = Term(bytes: current.string)
      if term.numbering == 0, term.family == .word, term.text.count >= 6, current.value.count >= 16 {
        let text = String(decoding: term.text, as: UTF8.self)
        let analysis = try analyzer.analyze(text)
        if analysis.words.count == 1, analysis.cells.count > 1 { words.append(Word(text: text, count: current.value.count)) }
      }
      entry = try segment.terms.advance(&current) ? current : nil
    }
    words.sort { ($0.count, $1.text) > ($1.count, $0.text) }
    return words.first.map { $0.count < 128 } ?? true ? [] : words
  }

  private func cursor(_ family: TermFamily, _ text: some Sequence<UInt8>) throws -> PostingCursor {
    guard let entry = try segment.terms.find(Term(numbering: 0, family: family, text).bytes) else {
      throw BenchmarkFailure("'\(String(decoding: Array(text), as: UTF8.self))' is not in the index")
    }
    return try segment.postings(entry.value)
  }

  private func cursor(_ word: Word) throws -> PostingCursor { try cursor(.word, word.text.utf8) }

  private static func documents(_ cursor: PostingCursor) throws -> [DocID] {
    var documents: [DocID] = []
    documents.reserveCapacity(cursor.cost)
    while cursor.docID != .end {
      documents.append(cursor.docID)
      try cursor.next()
    }
    return documents
  }

  private func scorer(_ query: Query, pairWeight: Double) throws -> Scorer {
    var parameters = RankingParameters()
    parameters.pairWeight = pairWeight
    var builder = WeightBuilder(index, statistics, parameters) { text throws(IndexError) in
      try withIndexErrors { try analyzer.analyze(text) }
    }
    guard let weight = try builder.weight(query), let scorer = try weight.scorer(in: segment, number: 0) else {
      throw BenchmarkFailure("nothing matches \(query)")
    }
    return scorer
  }

  private static func matches(_ scorer: Scorer) throws -> Int {
    var matches = 0
    var candidates = Candidates()
    while scorer.docID != .end {
      try scorer.next(&candidates, below: .end, minimum: 0, isScored: false)
      matches += candidates.count
    }
    return matches
  }

  // MARK: Groups

  private func decoding(_ word: Word, rounds: Int) throws -> ReportGroup {
    let cases = [
      BenchmarkCase(name: "documents and frequencies", unit: "posting", unitCount: word.count) {
        let cursor = try cursor(word)
        var sum = 0
        while cursor.docID != .end {
          sum &+= Int(cursor.docID) &+ Int(cursor.frequency)
          try cursor.next()
        }
        return sum
      },
      BenchmarkCase(name: "positions too", unit: "posting", unitCount: word.count) {
        let cursor = try cursor(word)
        var positions: [UInt32] = []
        var sum = 0
        while cursor.docID != .end {
          try cursor.readPositions(into: &positions)
          sum &+= Int(cursor.docID) &+ positions.count
          try cursor.next()
        }
        return sum
      },
    ]
    let measurements = try measure(cases, rounds: rounds, agree: true)
    return ReportGroup(benchmark: "postings", group: "decoding \(word.text), \(word.count) documents", measurements: measurements)
  }

  private func intersection(_ longer: Word, _ shorter: Word, rounds: Int) throws -> ReportGroup {
    let decoded = (try Self.documents(cursor(shorter)), try Self.documents(cursor(longer)))
    let query = Query.all([.text(shorter.text), .text(longer.text)])
    let unitCount = longer.count + shorter.count
    let cases = [
      BenchmarkCase(name: "naive", unit: "posting", unitCount: unitCount) {
        naiveIntersection(try Self.documents(cursor(shorter)), try Self.documents(cursor(longer)))
      },
      BenchmarkCase(name: "naive, decoded before", unit: "posting", unitCount: unitCount) { naiveIntersection(decoded.0, decoded.1) },
      BenchmarkCase(name: "two cursors", unit: "posting", unitCount: unitCount) { try leapfrog(cursor(shorter), cursor(longer)) },
      BenchmarkCase(name: "Conjunction", unit: "posting", unitCount: unitCount) { try Self.matches(scorer(query, pairWeight: 0)) },
    ]
    let measurements = try measure(cases, rounds: rounds, agree: true)
    let name = "\(longer.text) ∩ \(shorter.text), \(longer.count) and \(shorter.count) documents"
    let facts = ["documents in both": Double(measurements[0].outcome)]
    return ReportGroup(benchmark: "postings", group: name, measurements: measurements, facts: facts)
  }

  private func sequence(_ text: String, rounds: Int) throws -> ReportGroup {
    let analysis = try analyzer.analyze(text)
    let pairs = analysis.cells.indices.dropLast().map { analysis.pairTerm(at: $0) }
    let unitCount = try pairs.reduce(0) { try $0 + cursor(.pair, $1).cost }
    let cases = [
      BenchmarkCase(name: "naive", unit: "posting", unitCount: unitCount) { try naiveSequence(pairs.map { try cursor(.pair, $0) }) },
      BenchmarkCase(name: "PhraseMatch", unit: "posting", unitCount: unitCount) {
        try Self.matches(scorer(.quoted(text), pairWeight: 1))
      },
    ]
    let measurements = try measure(cases, rounds: rounds, agree: true)
    let name = "sequence \"\(text)\", \(unitCount) postings of pairs"
    let facts = ["documents": Double(measurements[0].outcome)]
    return ReportGroup(benchmark: "postings", group: name, measurements: measurements, facts: facts)
  }

  /// The sequence of so many single-character cells that is most frequent in the sample, the first by bytes of several.
  private func mostFrequentSequence(of length: Int) throws -> String {
    var counts: [[UInt8]: Int] = [:]
    for text in sample {
      let analysis = try analyzer.analyze(text)
      let cells = analysis.cells
      for start in cells.indices.dropLast(length - 1) {
        let run = cells[start..<start + length]
        let isUnbroken = run.last.map { Int($0.number - cells[start].number) == length - 1 } ?? false
        if isUnbroken, !run.contains(where: \.isLettersOrDigits) { counts[run.flatMap { analysis.term(of: $0) }, default: 0] += 1 }
      }
    }
    let best = counts.min { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
    guard let best else { throw BenchmarkFailure("the corpus has no sequence of \(length) characters") }
    return String(decoding: best.key, as: UTF8.self)
  }
}

/// How many documents two ascending lists have in common.
func naiveIntersection(_ left: [DocID], _ right: [DocID]) -> Int {
  var common = 0
  var first = 0
  var second = 0
  while first < left.count, second < right.count {
    if left[first] == right[second] {
      common += 1
      first += 1
      second += 1
    } else if left[first] < right[second] {
      first += 1
    } else {
      second += 1
    }
  }
  return common
}

/// How many documents two lists have in common, each cursor advancing to where the other stands.
func leapfrog(_ shorter: PostingCursor, _ longer: PostingCursor) throws -> Int {
  var common = 0
  // Invariant: documents before the shorter list's have been compared. Terminates: every turn advances it.
  while shorter.docID != .end {
    if longer.docID < shorter.docID { try longer.advance(to: shorter.docID) }
    if longer.docID == shorter.docID {
      common += 1
      try shorter.next()
    } else if longer.docID == .end {
      break
    } else {
      try shorter.advance(to: longer.docID)
    }
  }
  return common
}

/// In how many documents the lists' positions follow one another, found by decoding all of every list.
private func naiveSequence(_ cursors: [PostingCursor]) throws -> Int {
  var starts: Set<UInt64> = []
  var positions: [UInt32] = []
  for (offset, cursor) in cursors.enumerated() {
    var found: Set<UInt64> = []
    while cursor.docID != .end {
      try cursor.readPositions(into: &positions)
      for position in positions where position >= offset {
        let start = UInt64(cursor.docID) << 32 | UInt64(position) - UInt64(offset)
        if offset == 0 || starts.contains(start) { found.insert(start) }
      }
      try cursor.next()
    }
    starts = found
  }
  return Set(starts.map { $0 >> 32 }).count
}
