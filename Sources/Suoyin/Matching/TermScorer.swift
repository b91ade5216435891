// Which documents hold a term?
//
// Why the unsafe code here is sound: indexes into a block's documents and frequencies are below its `length`, which is at most 128;
// documents are below the segment's limit, so that every length column has them; candidates and windows see to their own bounds.

/// The documents of one posting list.
@safe package final class TermScorer: Scorer {
  /// No method of it comes back here.
  @safe @exclusivity(unchecked) private var postings: ScoredPostings
  private let listBound: Int64

  /// - Returns: nil when the term is not in the segment.
  static func make(_ weight: TermWeight, in segment: SegmentReader, number: Int) throws(IndexError) -> Scorer? {
    guard let value = weight.statistics.values[number] else { return nil }
    if let scope = weight.scope { return try ScopedTermScorer(weight, value, ScopedCounter(scope, segment), in: segment) }
    return TermScorer(try ScoredPostings.open(weight, value, in: segment))
  }

  private init(_ postings: consuming ScoredPostings) {
    listBound = postings.listBound
    let first = postings.docID
    self.postings = postings
    super.init()
    docID = first
  }

  package override var cost: Int { postings.count }
  package override var bound: Int64 { listBound }
  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    postings.bound(from: first, through: last, atMost: listBound)
  }

  package override func scoreReached(by count: Int) -> Int64 { postings.scoreReached(by: count) }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try postings.next(&candidates, below: limit, minimum: minimum, isScored: isScored)
    docID = postings.docID
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    try postings.add(to: candidates, isScored: isScored)
  }

  package override func keep(_ candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    try postings.keep(&candidates, isScored: isScored)
  }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    try postings.mark(in: set)
    docID = .end
  }

  package override func blockAhead() -> (last: DocID, bound: Int64)? { postings.blockAhead() }

  package override func skip(to target: DocID) {
    postings.skip(to: target)
    docID = postings.docID
  }

  package override func add(to window: borrowing ScoreWindow, isScored: Bool) throws(IndexError) {
    try postings.add(to: window, isScored: isScored)
    docID = postings.docID
  }
}

/// A posting list with what its postings score: the loops over blocks.
@safe private struct ScoredPostings: ~Copyable {
  private var blocks: PostingBlocks
  private let similarity: BM25
  private let lengths: LengthColumn?
  /// The first posting of the loaded block that `next` has not given; its length when it has given all.
  private var index = 0
  /// The block that `next` loads then: a used up one stays, for a leader that follows itself, and one that is skipped is never loaded.
  private var blockToLoad = 0
  /// `next` gives nothing before it.
  private(set) var docID: DocID
  /// For each block but the tail the most that a posting of it scores, once all have been asked for.
  private var bounds: UnsafeMutablePointer<Int64>?

  static func open(_ weight: TermWeight, _ value: StringValue, in segment: SegmentReader) throws(IndexError) -> ScoredPostings {
    let lengths = try segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    return ScoredPostings(try segment.blocks(value), weight.similarity, lengths)
  }

  private init(_ blocks: consuming PostingBlocks, _ similarity: BM25, _ lengths: LengthColumn?) {
    docID = blocks.document(at: 0)
    self.blocks = blocks
    self.similarity = similarity
    self.lengths = lengths
  }

  deinit { unsafe bounds?.deallocate() }

  var count: Int { blocks.count }

  /// The most that any posting scores.
  var listBound: Int64 { blocks.bound(similarity) ?? similarity.limit }

  @inline(__always)
  private func bound(ofBlock block: Int) -> Int64? {
    guard let bounds = unsafe bounds else { return blocks.bound(similarity, ofBlock: block) }
    return block < blocks.blockCount ? unsafe bounds[block] : nil
  }

  /// See `Scorer.scoreReached`: so many blocks have a posting each that reaches the score.
  mutating func scoreReached(by count: Int) -> Int64 {
    let blockCount = blocks.blockCount
    guard count > 0, count <= Self.mostReaching, blockCount >= count else { return 0 }
    let bounds = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * blockCount)
    let reached = unsafe bounds + blockCount
    unsafe blocks.bounds(similarity, ofBlocks: 0..<blockCount, into: bounds, reached: reached)
    unsafe self.bounds?.deallocate()
    unsafe self.bounds = bounds
    // The best, descending.
    var best = [Int64](repeating: 0, count: count)
    var worst: Int64 = 0
    for block in 0..<blockCount where unsafe reached[block] > worst {
      let score = unsafe reached[block]
      var place = count - 1
      while place > 0, best[place - 1] < score {
        best[place] = best[place - 1]
        place -= 1
      }
      best[place] = score
      worst = best[count - 1]
    }
    return worst
  }

  /// More would take too long to put in order.
  private static let mostReaching = 200

  /// The most that a posting in a range of documents scores, from the heads of a few blocks.
  func bound(from first: DocID, through last: DocID, atMost listBound: Int64) -> Int64 {
    var block = blocks.firstBlock(from: blocks.block, reaching: first)
    var best: Int64 = 0
    for _ in 0..<3 {
      if block > blocks.blockCount { return best }
      best = max(best, bound(ofBlock: block) ?? listBound)
      if blocks.lastDocument(of: block) >= last { return best }
      block += 1
    }
    return listBound
  }

  /// See `Scorer.mark`: only before anything else is asked.
  mutating func mark(in set: borrowing DocumentSet) throws(IndexError) {
    try blocks.mark(in: set)
    docID = .end
  }

  /// Goes behind the loaded block, to `block` or, where there is none, to the end.
  private mutating func goAhead(to block: Int) {
    index = blocks.length
    blockToLoad = block
    let isThere = block < blocks.blockCount || block == blocks.blockCount && blocks.count % BitPacking.blockLength > 0
    docID = isThere ? max(docID, blocks.lastDocument(of: block - 1) &+ 1) : .end
  }

  /// Loads the block that is due, if the loaded one is used up; what is before `docID` in it counts as given.
  private mutating func loadIfDue() throws(IndexError) {
    guard index == blocks.length, docID != .end else { return }
    try blocks.load(blockToLoad)
    index = place(from: 0, reaching: docID)
    if index < blocks.length { docID = blocks.document(at: index) } else { goAhead(to: blockToLoad + 1) }
  }

  /// The first place from `index` on whose document is at least `target`; `length` when there is none.
  @inline(__always)
  private func place(from index: Int, reaching target: DocID) -> Int {
    var (low, high) = (index, blocks.length)
    while low < high {
      let middle = (low &+ high) / 2
      if blocks.document(at: middle) < target { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// See `Scorer.blockAhead`: only between two blocks, and not for the tail.
  func blockAhead() -> (last: DocID, bound: Int64)? {
    let block = index == 0 ? blocks.block : blockToLoad
    guard index == 0 || index == blocks.length, docID != .end, let bound = bound(ofBlock: block) else { return nil }
    return (blocks.lastDocument(of: block), bound)
  }

  /// Leaves out the blocks ahead that cannot reach the minimum.
  private mutating func skipBlocks(below minimum: Int64) {
    guard index == 0 || index == blocks.length, docID != .end else { return }
    let first = index == 0 ? blocks.block : blockToLoad
    var block = first
    while let bound = bound(ofBlock: block), bound < minimum { block += 1 }
    if block > first { goAhead(to: block) }
  }

  /// See `Scorer.skip(to:)`.
  mutating func skip(to target: DocID) {
    if docID >= target { return }
    if blocks.length == 0 || blocks.document(at: blocks.length &- 1) < target {
      goAhead(to: blocks.firstBlock(from: blocks.block + 1, reaching: target))
      if docID != .end { docID = max(docID, target) }
    } else {
      index = place(from: 0, reaching: target)
      docID = blocks.document(at: index)
    }
  }

  /// See `Scorer.next`: what is left of one block at a time, without the blocks that cannot reach the minimum.
  mutating func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    if minimum > 0 { skipBlocks(below: minimum) }
    guard docID < limit else { return }
    try loadIfDue()
    guard docID < limit else { return }
    let end = endOfBlock(below: limit)
    let count = end - index
    let documents = unsafe blocks.documents + index
    if isScored {
      blocks.loadFrequencies()
      let scores = unsafe blocks.found.scores
      unsafe similarity.score(documents, blocks.frequencies + index, count: count, lengths: lengths, into: scores)
      unsafe candidates.take(documents, scores, count: count, scoring: minimum)
    } else {
      unsafe candidates.documents.update(from: documents, count: count)
      unsafe candidates.scores.update(repeating: 0, count: count)
      candidates.count = count
    }
    goOn(to: end)
  }

  /// The place behind the postings of the loaded block that are below a limit, which its posting at `index` is.
  @inline(__always)
  private func endOfBlock(below limit: DocID) -> Int {
    blocks.document(at: blocks.length &- 1) < limit ? blocks.length : place(from: index, reaching: limit)
  }

  /// Counts the postings before a place of the loaded block as given.
  @inline(__always)
  private mutating func goOn(to place: Int) {
    if place < blocks.length {
      index = place
      docID = blocks.document(at: place)
    } else {
      goAhead(to: blocks.block + 1)
    }
  }

  /// See `Scorer.add(to:isScored:)`, for windows.
  mutating func add(to window: borrowing ScoreWindow, isScored: Bool) throws(IndexError) {
    let limit = window.limit
    // Terminates: every turn goes forward.
    while docID < limit {
      try loadIfDue()
      guard docID < limit else { return }
      let end = endOfBlock(below: limit)
      let count = end &- index
      let (documents, scores) = unsafe (blocks.documents + index, blocks.found.scores)
      if isScored {
        blocks.loadFrequencies()
        unsafe similarity.score(documents, blocks.frequencies + index, count: count, lengths: lengths, into: scores)
      } else {
        unsafe scores.update(repeating: 0, count: count)
      }
      unsafe window.add(scores, to: documents, count: count)
      goOn(to: end)
    }
  }

  /// See `Scorer.add(to:isScored:)`.
  mutating func add(to candidates: borrowing Candidates, isScored: Bool) throws(IndexError) {
    var candidate = 0
    // Terminates: every turn goes forward in the candidates.
    while let range = try unsafe blocks.loadBlock(of: candidates.documents, candidate..<candidates.count) {
      let count = unsafe blocks.find(candidates.documents + candidate, count: range.count)
      if isScored { addScores(of: count, to: candidates, from: candidate) }
      let (others, matches) = unsafe (blocks.found.others, candidates.matches + candidate)
      for match in 0..<count { unsafe matches[Int(others[match])] = 1 }
      candidate = range.upperBound
    }
  }

  /// See `Scorer.keep(_:isScored:)`.
  mutating func keep(_ candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var candidate = 0
    var kept = 0
    // Terminates: every turn goes forward in the candidates.
    while let range = try unsafe blocks.loadBlock(of: candidates.documents, candidate..<candidates.count) {
      let count = unsafe blocks.find(candidates.documents + candidate, count: range.count)
      if isScored { addScores(of: count, to: candidates, from: candidate) }
      let others = unsafe blocks.found.others
      for match in 0..<count { unsafe candidates.move(candidate &+ Int(others[match]), to: kept &+ match) }
      kept &+= count
      candidate = range.upperBound
    }
    candidates.count = kept
  }

  /// Adds what postings of the block score to those candidates, from one on, that have just been found.
  private mutating func addScores(of count: Int, to candidates: borrowing Candidates, from candidate: Int) {
    if count == 0 { return }
    blocks.loadFrequencies()
    let found = blocks.found
    let frequencies = unsafe blocks.frequencies
    let (others, othersScores) = unsafe (candidates.documents + candidate, candidates.scores + candidate)
    for match in 0..<count {
      unsafe found.documents[match] = others[Int(found.others[match])]
      unsafe found.frequencies[match] = frequencies[Int(found.places[match])]
    }
    unsafe similarity.score(found.documents, found.frequencies, count: count, lengths: lengths, into: found.scores)
    for match in 0..<count { unsafe othersScores[Int(found.others[match])] &+= found.scores[match] }
  }
}

/// The documents of one posting list in which the term stands in fields that count; frequencies are weighted by field.
private final class ScopedTermScorer: Scorer {
  private let cursor: PostingCursor
  private let similarity: BM25
  private let lengths: LengthColumn?
  private let counter: ScopedCounter

  init(_ weight: TermWeight, _ value: StringValue, _ counter: ScopedCounter, in segment: SegmentReader) throws(IndexError) {
    cursor = try segment.postings(value)
    similarity = weight.similarity
    lengths = try segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    self.counter = counter
    super.init()
    docID = cursor.docID
  }

  override var cost: Int { cursor.cost }
  override var bound: Int64 { similarity.limit }

  override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    var turns = 0
    while cursor.docID < limit, candidates.count < BitPacking.blockLength, turns < Scorer.longestTurn {
      turns += 1
      if let score = try score() { candidates.append(cursor.docID, isScored ? score : 0) }
      try cursor.next()
    }
    docID = cursor.docID
  }

  override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      let document = unsafe candidates.documents[index]
      if cursor.docID < document { try cursor.advance(to: document) }
      guard cursor.docID == document, let score = try score() else { continue }
      candidates.match(index, adding: isScored ? score : 0)
    }
  }

  /// What the current document scores; nil when no occurrence counts.
  private func score() throws(IndexError) -> Int64? {
    let frequency = try counter.count(cursor, cursor.docID)
    return frequency > 0 ? similarity.score(frequency: frequency, length: lengths?[cursor.docID] ?? 0) : nil
  }
}

/// Counts occurrences by the field they are in.
package final class ScopedCounter {
  private let scope: FieldScope
  private let segment: SegmentReader
  /// Of the fields up to the last one that counts; asked for when the first occurrence is.
  private var extents: [LengthColumn] = []
  private var isOpen = false
  private var boosts: [Double] { scope.boosts }

  package init(_ scope: FieldScope, _ segment: SegmentReader) {
    self.scope = scope
    self.segment = segment
  }

  /// The sum over the fields of boost times occurrences, for the cursor's positions in its document.
  package func count(_ cursor: PostingCursor, _ document: DocID) throws(IndexError) -> Double {
    try open()
    var occurrences = ScopedOccurrences(boosts, extents, document)
    try cursor.visitPositions { occurrences.add($0) }
    return occurrences.frequency
  }

  /// The same for positions that are given, ascending.
  package func count(_ positions: [UInt32], _ document: DocID) throws(IndexError) -> Double {
    try open()
    var occurrences = ScopedOccurrences(boosts, extents, document)
    for position in positions where !occurrences.add(position) { break }
    return occurrences.frequency
  }

  /// The same for a posting of the loaded block. What lies behind the last field that counts is not read.
  func count(_ blocks: inout PostingBlocks, at place: Int) throws(IndexError) -> Double {
    try open()
    var occurrences = ScopedOccurrences(boosts, extents, blocks.document(at: place))
    try blocks.visitPositions(at: place) { occurrences.add($0) }
    return occurrences.frequency
  }

  private func open() throws(IndexError) {
    if isOpen { return }
    isOpen = true
    extents = try segment.lengths.extents(numbering: scope.numbering)
    // Behind the last field that counts nothing does; a segment may have been written with fewer fields.
    extents.removeLast(max(0, extents.count - 1 - (boosts.lastIndex { $0 > 0 } ?? -1)))
  }
}

/// Adds up what occurrences in one document count, by the field they are in.
private struct ScopedOccurrences {
  private let boosts: [Double]
  private let extents: [LengthColumn]
  private let document: DocID
  private var field = -1
  private var (start, end): (UInt32, UInt32) = (0, 0)
  private(set) var frequency = 0.0

  @inline(__always)
  init(_ boosts: [Double], _ extents: [LengthColumn], _ document: DocID) {
    self.boosts = boosts
    self.extents = extents
    self.document = document
  }

  /// Takes the next position; false when it is behind all that counts.
  @inline(__always)
  mutating func add(_ position: UInt32) -> Bool {
    while position >= end {
      field += 1
      guard field < extents.count else { return false }
      start = field == 0 ? 0 : end &+ PassageLengths.fieldGap
      end = max(start, start &+ extents[field][document])
    }
    if position >= start { frequency += boosts[field] }
    return true
  }
}
