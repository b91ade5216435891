// Which documents have a value in a range?
//
// Why the unsafe code here is sound: `state` is one value, made in `init` and freed in `deinit`, behind a pointer for the reason that `Scorer`
// gives. Documents given are below the segment's number of passages, those asked for were given by another scorer of the segment; words of
// a set are those of its documents; indexes of candidates are below their count.

/// The documents whose value of a field lies in a range. Adds nothing to scores.
///
/// A block of 256 documents is left out, or taken as a whole, by its least and greatest value alone; of the others the values are read,
/// those of all its documents by a leader, one by one by a follower.
///
/// - Source: the least and greatest of blocks: Moerkotte, "Small materialized aggregates", VLDB 1998.
@safe package final class RangeScorer: Scorer {
  private let state: UnsafeMutablePointer<RangeMatches>
  /// Counted when it is asked for.
  private lazy var matchingBlocks = unsafe state.pointee.blockCount(from: 0)
  private let limit: DocID

  package init(_ column: Column, _ range: ClosedRange<Int64>) {
    limit = DocID(column.passageCount)
    let matches = RangeMatches(column, range)
    let first = matches.firstBlock(from: 0)
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: matches)
    super.init()
    docID = Self.start(ofBlock: first, below: limit)
  }

  deinit {
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  private static func start(ofBlock block: Int, below limit: DocID) -> DocID {
    let first = block * ColumnFormat.blockLength
    return first >= Int(limit) ? .end : DocID(first)
  }

  package override var cost: Int { min(Int(limit), matchingBlocks * ColumnFormat.blockLength) }

  /// At most how many documents from `document` on match.
  func cost(from document: DocID) -> Int {
    unsafe state.pointee.blockCount(from: Int(document) / ColumnFormat.blockLength) * ColumnFormat.blockLength
  }

  /// Looks for another range from now on, and gives nothing before `document`.
  func narrow(to range: ClosedRange<Int64>, from document: DocID) {
    unsafe state.pointee.range = range
    docID = max(docID, document)
    if docID >= limit { docID = .end }
  }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    // Whatever matches scores 0.
    if isScored, minimum > 0 {
      docID = .end
      return
    }
    let end = min(limit, self.limit)
    var next = docID
    // Invariant: matches before `next` are among the candidates, or were given before; `next` may be behind the limit, so that blocks without
    // a match are passed over once. Terminates: each turn goes forward.
    var turns = 0
    while next < end, candidates.count + ColumnFormat.blockLength <= ScoreWindow.length, turns < Self.longestTurn / 4 {
      turns += 1
      let block = Int(next) / ColumnFormat.blockLength
      let blockStart = DocID(block * ColumnFormat.blockLength)
      try unsafe state.pointee.read(block)
      for place in 0..<ColumnFormat.blockWords {
        var bits = unsafe state.pointee.word(place)
        let base = blockStart + DocID(place * 64)
        while bits != 0 {
          let document = base &+ DocID(truncatingIfNeeded: bits.trailingZeroBitCount)
          bits &= bits &- 1
          if document >= next, document < end { candidates.append(document, 0) }
        }
      }
      // Of a block that reaches behind the limit the rest is left for later.
      let isLast = Int(end) - Int(blockStart) < ColumnFormat.blockLength
      next = isLast ? end : Self.start(ofBlock: unsafe state.pointee.firstBlock(from: block + 1), below: self.limit)
    }
    docID = next >= self.limit ? .end : next
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      if try unsafe state.pointee.contains(candidates.documents[index]) { candidates.match(index) }
    }
  }

  package override func isCountedByMarking(below limit: DocID) -> Bool { cost > Int(limit) / 64 }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    let blockCount = ColumnFormat.blockCount(passages: Int(limit))
    var block = unsafe state.pointee.firstBlock(from: 0)
    while block < blockCount {
      if block % 256 == 0 { try set.interruption.check() }
      try unsafe state.pointee.read(block)
      for place in 0..<ColumnFormat.blockWords {
        unsafe set.words[block * ColumnFormat.blockWords + place] |= state.pointee.word(place)
      }
      block = unsafe state.pointee.firstBlock(from: block + 1)
    }
    docID = .end
  }
}

/// What of a column lies in a range.
private struct RangeMatches {
  private let column: Column
  var range: ClosedRange<Int64> {
    didSet { if range != oldValue { (wordsBlock, askedBlock) = (-1, -1) } }
  }
  /// The block whose matches are in `words`.
  private var wordsBlock = -1
  private var words = SIMD4<UInt64>()
  /// The block that `contains` was asked about last, and what is known of it.
  private var askedBlock = -1
  private var comparison = ColumnHead.Comparison.outside
  private var deltas = (lower: UInt64(0), reach: UInt64(0))
  private var values: ColumnBlock?

  init(_ column: Column, _ range: ClosedRange<Int64>) {
    self.column = column
    self.range = range
  }

  /// The first block from one on that may hold a match; the number of blocks when there is none.
  func firstBlock(from block: Int) -> Int {
    var block = block
    while block < column.blockCount, column.head(block).comparison(with: range) == .outside { block += 1 }
    return block
  }

  /// How many blocks from one on may hold a match.
  func blockCount(from block: Int) -> Int {
    var count = 0
    for block in block..<max(block, column.blockCount) where column.head(block).comparison(with: range) != .outside { count += 1 }
    return count
  }

  /// Finds the matches of a block.
  mutating func read(_ number: Int) throws(IndexError) {
    if wordsBlock == number { return }
    let head = column.head(number)
    words = SIMD4()
    switch head.comparison(with: range) {
    case .outside: break
    case .inside where head.presence == .all:
      let passages = column.passageCount(ofBlock: number)
      for place in 0..<(passages + 63) / 64 {
        words[place] = passages - place * 64 >= 64 ? .max : (1 << UInt64(passages - place * 64)) - 1
      }
    case .inside:
      let block = try column.block(number)
      for place in 0..<ColumnFormat.blockWords { words[place] = block.presentWord(place) }
    case .partly:
      let block = try column.block(number)
      let (lower, reach) = head.deltas(in: range)
      for place in 0..<ColumnFormat.blockWords { words[place] = block.matchingWord(place, lower: lower, reach: reach) }
    }
    wordsBlock = number
  }

  @inline(__always)
  func word(_ place: Int) -> UInt64 { words[place] }

  /// Whether a document, which must be one of the segment, has a value in the range.
  @inline(__always)
  mutating func contains(_ document: DocID) throws(IndexError) -> Bool {
    let number = Int(document) / ColumnFormat.blockLength
    if number != askedBlock { try ask(number) }
    if comparison == .outside { return false }
    guard let values else { return true }
    let ranks = values.ranks(Int(document) % ColumnFormat.blockLength)
    if comparison == .inside { return !ranks.isEmpty }
    for rank in ranks where values.delta(rank) &- deltas.lower <= deltas.reach { return true }
    return false
  }

  private mutating func ask(_ number: Int) throws(IndexError) {
    let head = column.head(number)
    comparison = head.comparison(with: range)
    // All of them have a value, and it is inside: no need for the values.
    values = comparison == .outside || comparison == .inside && head.presence == .all ? nil : try column.block(number)
    if comparison == .partly { deltas = head.deltas(in: range) }
    askedBlock = number
  }
}
