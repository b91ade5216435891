// How are the first matches in the order of some fields found without a look at all of them?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.

/// Finds the first matches of a query in an order by fields.
///
/// Once *k* are found, what the first key's value must be to be kept is a range, which narrows: matches outside it are left out, and where it
/// leaves fewer documents than the query has, it leads, and the query is asked about these alone. So that it is narrow from the beginning,
/// the blocks with the best values are searched before the others: in an index that grows by date, the latest passages lie in the last blocks.
struct SortedSearch {
  private let index: IndexReader
  private let weight: Weight
  private let interruption: Interruption

  /// How many documents values lead through before the bar is raised.
  private static let stretch = 8192
  /// How many times as many matches as hits the blocks that are searched first should have.
  private static let promise = 4

  init(_ index: IndexReader, _ weight: Weight, _ interruption: Interruption) {
    self.index = index
    self.weight = weight
    self.interruption = interruption
  }

  /// - Parameter after: Only matches behind this one are given.
  /// - Throws: `invalidArgument` when the schema has no such field with a column.
  func first(_ limit: Int, by sort: [SortKey], after: SearchPosition?) throws(IndexError) -> [ScoredDocument] {
    var hits = try SortedHits(sort, limit: max(1, limit), after: after, index)
    if limit == 0 { return [] }
    for (number, segment) in index.segments.enumerated() {
      guard let scorer = try weight.scorer(in: segment.reader, number: number) else { continue }
      try hits.begin(number)
      let blocks = hits.promisingBlocks(promisingCount(limit, scorer, segment.reader))
      if !blocks.isEmpty, let follower = try weight.scorer(in: segment.reader, number: number) {
        try search(blocks, follower, number, &hits)
      }
      try searchAll(but: blocks, scorer, number, &hits)
    }
    return try hits.sorted()
  }

  /// How many blocks are worth to be searched before the others; 0 where going through the matches takes no longer.
  private func promisingCount(_ limit: Int, _ scorer: Scorer, _ segment: SegmentReader) -> Int {
    if scorer.cost == 0 { return 0 }
    let count = limit * Self.promise * segment.passageCount / (scorer.cost * ColumnFormat.blockLength) + 1
    return count * ColumnFormat.blockLength < scorer.cost ? count : 0
  }

  /// Searches the passages with a value in some blocks of the first key's column.
  private func search(_ blocks: [Int], _ scorer: Scorer, _ number: Int, _ hits: inout SortedHits) throws(IndexError) {
    guard let column = hits.firstColumn else { return }
    let leader = RangeScorer(column, .min ... .max)
    var candidates = Candidates()
    for block in blocks {
      try interruption.check()
      let start = DocID(block * ColumnFormat.blockLength)
      switch try hits.bar(from: start) {
      case .none: leader.narrow(to: .min ... .max, from: start)
      case .range(let range): leader.narrow(to: range, from: start)
      case .unreachable: return
      }
      try leader.next(&candidates, below: start + DocID(ColumnFormat.blockLength), minimum: 0, isScored: false)
      if candidates.count > 0 { try scorer.keep(&candidates, isScored: true) }
      try offer(candidates, number, but: [], &hits)
    }
  }

  /// Goes through the matches of a segment, but for those with a value in blocks that have been searched.
  private func searchAll(but blocks: [Int], _ scorer: Scorer, _ number: Int, _ hits: inout SortedHits) throws(IndexError) {
    let passageCount = index.segments[number].reader.passageCount
    let barred = hits.firstColumn.map { RangeScorer($0, .min ... .max) }
    var candidates = Candidates()
    var isLedByValues = false
    // Terminates: every turn goes forward in the segment.
    while true {
      try interruption.check()
      var isBarred = false
      let position = isLedByValues ? barred?.docID ?? .end : scorer.docID
      if position == .end { return }
      switch try hits.bar(from: position) {
      case .none: break
      case .unreachable: return
      case .range(let range):
        guard let barred else { return }
        isBarred = true
        barred.narrow(to: range, from: position)
        if !isLedByValues { isLedByValues = barred.cost(from: position) < scorer.cost * (passageCount - Int(position)) / passageCount }
      }
      if isLedByValues, let barred {
        try barred.next(&candidates, below: DocID(clamping: Int(position) + Self.stretch), minimum: 0, isScored: false)
        if candidates.count > 0 { try scorer.keep(&candidates, isScored: true) }
      } else {
        try scorer.next(&candidates, below: .end, minimum: hits.minimumScore, isScored: true)
        if isBarred { try barred?.keep(&candidates, isScored: false) }
      }
      try offer(candidates, number, but: blocks, &hits)
    }
  }

  /// Offers those candidates that are alive, but for those with a value in some blocks, which ascend.
  private func offer(_ candidates: borrowing Candidates, _ number: Int, but blocks: [Int], _ hits: inout SortedHits) throws(IndexError) {
    let segment = index.segments[number]
    var next = 0
    for place in 0..<candidates.count {
      let match = unsafe ScoredDocument(score: candidates.scores[place], segment: number, document: candidates.documents[place])
      let block = Int(match.document) / ColumnFormat.blockLength
      while next < blocks.count, blocks[next] < block { next += 1 }
      if segment.isDead(match.document) { continue }
      if next < blocks.count, blocks[next] == block, try hits.hasFirstValue(match.document) { continue }
      try hits.offer(match)
    }
  }
}
