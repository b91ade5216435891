// Which documents have a term that begins in a certain way or looks like a pattern, and how often do they have such terms?
//
// Why the unsafe code here is sound: frequencies of a block are read below its length; candidates see to their own bounds.
internal import SuoyinAnalysis

/// The documents of all terms that begin alike, or match a pattern, as if they were one term: occurrences are added up.
///
/// The lists are read once, when the scorer is made, one after another; what is kept is a document and its score. So it takes a time that grows with their
/// postings, and 12 bytes for each document that matches (while it is made, at most 8 for each of the segment besides), whatever the
/// number of terms.
package final class UnionScorer: Scorer {
  private let documents: [DocID]
  private let scores: [Int64]
  /// The most that a document scores in each run of `blockLength`.
  private let bounds: [Int64]
  private let listBound: Int64
  /// The first that `next` has not given, or at which `add` goes on.
  private var index = 0
  private static let blockLength = BitPacking.blockLength

  static func make(_ weight: UnionWeight, in segment: SegmentReader) throws(IndexError) -> UnionScorer {
    var sum = FrequencySum(limit: Int(segment.passageCount))
    let counter = weight.scope.map { ScopedCounter($0, segment) }
    var listCount = 0
    var turns = 0
    try segment.terms.forEach(beginningWith: weight.prefix.bytes) { entry throws(IndexError) in
      if let pattern = weight.pattern {
        turns += 1
        if turns % 1024 == 0 { try weight.interruption.check() }
        let text = entry.string.dropFirst(2)
        if !pattern.matches(weight.prefix.family == .pair ? PairTerm.firstCell(of: text) : text) { return true }
      }
      var blocks = try segment.blocks(entry.value)
      listCount += 1
      if listCount % 64 == 0 { try weight.interruption.check() }
      for block in 0...blocks.blockCount {
        if block % 64 == 63 { try weight.interruption.check() }
        if block > 0 { try blocks.load(block) }
        blocks.loadFrequencies()
        for place in 0..<blocks.length {
          let document = blocks.document(at: place)
          guard let counter else {
            unsafe sum.add(Double(blocks.frequencies[place]), to: document)
            continue
          }
          let count = try counter.count(&blocks, at: place)
          if count > 0 { sum.add(count, to: document) }
        }
      }
      return true
    }
    let lengths = try segment.lengths.column(numbering: weight.prefix.numbering, family: weight.prefix.family)
    var matches = Matches()
    try sum.visit { document, frequency throws(IndexError) in
      if matches.documents.count % 1024 == 0 { try weight.interruption.check() }
      matches.append(document, weight.similarity.score(frequency: frequency, length: lengths?[document] ?? 0))
    }
    return UnionScorer(matches)
  }

  /// All documents that match, ascending, and what they score.
  private struct Matches {
    var documents: [DocID] = []
    var scores: [Int64] = []
    /// The most that a document scores in each run of `blockLength`.
    var bounds: [Int64] = []

    mutating func append(_ document: DocID, _ score: Int64) {
      if documents.count % UnionScorer.blockLength == 0 { bounds.append(0) }
      bounds[bounds.count - 1] = max(bounds[bounds.count - 1], score)
      documents.append(document)
      scores.append(score)
    }
  }

  private init(_ matches: Matches) {
    documents = matches.documents
    scores = matches.scores
    bounds = matches.bounds
    listBound = bounds.reduce(0, max)
    super.init()
    docID = documents.first ?? .end
  }

  package override var cost: Int { documents.count }
  package override var bound: Int64 { listBound }

  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    var block = documents.firstPlace(from: index, reaching: first) / Self.blockLength
    var best: Int64 = 0
    for _ in 0..<3 where block < bounds.count {
      best = max(best, bounds[block])
      block += 1
    }
    return block == bounds.count || documents[block * Self.blockLength] > last ? best : listBound
  }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    if minimum > 0 {
      while docID < limit, bounds[index / Self.blockLength] < minimum { go(to: (index / Self.blockLength + 1) * Self.blockLength) }
    }
    let end = min(documents.count, (index / Self.blockLength + 1) * Self.blockLength)
    while index < end, documents[index] < limit {
      candidates.append(documents[index], isScored ? scores[index] : 0)
      index += 1
    }
    go(to: index)
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for candidate in 0..<candidates.count {
      let document = unsafe candidates.documents[candidate]
      index = documents.firstPlace(from: index, reaching: document)
      guard index < documents.count else { return }
      guard documents[index] == document else { continue }
      candidates.match(candidate, adding: isScored ? scores[index] : 0)
    }
  }

  package override func blockAhead() -> (last: DocID, bound: Int64)? {
    guard index < documents.count else { return nil }
    let block = index / Self.blockLength
    return (documents[min(documents.count, (block + 1) * Self.blockLength) - 1], bounds[block])
  }

  package override func skip(to target: DocID) { go(to: documents.firstPlace(from: index, reaching: target)) }

  private func go(to place: Int) {
    index = min(place, documents.count)
    docID = index < documents.count ? documents[index] : .end
  }
}

/// Frequencies that are added up for each document: as a list of summands while they are few, as a number for every document from then on.
private struct FrequencySum {
  private struct Summand {
    /// The document × 2³² + its place in the order of arrival: sums of fractions depend on their order.
    var key: UInt64
    var frequency: Double
  }
  private let limit: Int
  private var summands: [Summand] = []
  private var sums: [Double] = []

  init(limit: Int) { self.limit = limit }

  @inline(__always)
  mutating func add(_ frequency: Double, to document: DocID) {
    if sums.isEmpty {
      summands.append(Summand(key: UInt64(document) << 32 | UInt64(summands.count), frequency: frequency))
      if summands.count > max(4096, limit / 64) { spread() }
    } else {
      sums[Int(document)] += frequency
    }
  }

  private mutating func spread() {
    sums = [Double](repeating: 0, count: limit)
    for summand in summands { sums[Int(summand.key >> 32)] += summand.frequency }
    summands = []
  }

  /// Calls `body` with each document that has a sum, ascending.
  func visit(_ body: (DocID, Double) throws(IndexError) -> Void) throws(IndexError) {
    for (document, sum) in sums.enumerated() where sum > 0 { try body(DocID(document), sum) }
    let summands = self.summands.sorted { $0.key < $1.key }
    var place = 0
    while place < summands.count {
      let document = summands[place].key >> 32
      var sum = 0.0
      while place < summands.count, summands[place].key >> 32 == document {
        sum += summands[place].frequency
        place += 1
      }
      try body(DocID(truncatingIfNeeded: document), sum)
    }
  }
}
