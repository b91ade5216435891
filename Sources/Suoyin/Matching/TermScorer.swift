// Which documents hold a term?
//
// Why the unsafe code here is sound: indexes into a block's documents and frequencies are below its `length`, which is at most 128;
// documents are below the segment's limit, so that every length column has them; candidates and windows see to their own bounds. As both
// ascend, a block holds at most 128 of the candidates, and scratch has room for one more.

/// The documents of one posting list.
package final class TermScorer: Scorer {
  private var postings: ScoredPostings
  private let listBound: Int64

  /// - Returns: nil when the term is not in the segment.
  static func make(_ weight: TermWeight, in segment: SegmentReader, number: Int) throws(IndexError) -> Scorer? {
    guard let value = weight.statistics.values[number] else { return nil }
    if let scope = weight.scope { return try ScopedTermScorer(weight, value, ScopedCounter(scope, segment), in: segment) }
    return TermScorer(try ScoredPostings(weight, value, in: segment))
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

  package override func skip(to target: DocID) throws(IndexError) {
    try postings.skip(to: target)
    docID = postings.docID
  }

  package override func add(to window: borrowing ScoreWindow, _ scratch: inout Candidates, isScored: Bool) throws(IndexError) {
    try postings.add(to: window, isScored: isScored)
    docID = postings.docID
  }
}

/// A posting list with what its postings score: the loops over blocks.
@safe private struct ScoredPostings: ~Copyable {
  private var blocks: PostingBlocks
  private let similarity: BM25
  private let lengths: LengthColumn?
  /// The first posting of the loaded block that `next` has not given.
  private var index = 0
  private(set) var docID: DocID
  /// Scratch: what the postings of a block score.
  private let scores: UnsafeMutablePointer<Int64>
  /// Scratch: the candidates found in a block, and their places in it; one more is written than is found.
  private let matched: UnsafeMutablePointer<UInt32>
  private let places: UnsafeMutablePointer<UInt32>
  private let foundDocuments: UnsafeMutablePointer<DocID>
  private let foundFrequencies: UnsafeMutablePointer<UInt32>

  init(_ weight: TermWeight, _ value: StringValue, in segment: SegmentReader) throws(IndexError) {
    blocks = try segment.blocks(value)
    similarity = weight.similarity
    lengths = segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    docID = blocks.document(at: 0)
    unsafe scores = .allocate(capacity: BitPacking.blockLength)
    unsafe matched = .allocate(capacity: 4 * (BitPacking.blockLength + 1))
    unsafe places = matched + BitPacking.blockLength + 1
    unsafe foundDocuments = places + BitPacking.blockLength + 1
    unsafe foundFrequencies = foundDocuments + BitPacking.blockLength + 1
  }

  deinit {
    unsafe scores.deallocate()
    unsafe matched.deallocate()
  }

  var count: Int { blocks.count }

  /// The most that any posting scores.
  var listBound: Int64 { blocks.bound(similarity) ?? similarity.limit }

  /// The most that a posting in a range of documents scores, from the heads of a few blocks.
  func bound(from first: DocID, through last: DocID, atMost listBound: Int64) -> Int64 {
    var block = blocks.firstBlock(from: blocks.block, reaching: first)
    var best: Int64 = 0
    for _ in 0..<3 {
      if block > blocks.blockCount { return best }
      best = max(best, blocks.bound(similarity, ofBlock: block) ?? listBound)
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

  /// See `Scorer.blockAhead`: only at the beginning of a block, and not for the tail.
  func blockAhead() -> (last: DocID, bound: Int64)? {
    guard index == 0, let bound = blocks.bound(similarity, ofBlock: blocks.block) else { return nil }
    return (blocks.lastDocument(of: blocks.block), bound)
  }

  /// See `Scorer.skip(to:)`.
  mutating func skip(to target: DocID) throws(IndexError) {
    if docID >= target { return }
    if blocks.document(at: blocks.length &- 1) < target { try load(blocks.firstBlock(from: blocks.block &+ 1, reaching: target)) }
    if docID == .end { return }
    index = place(from: index, reaching: target)
    docID = blocks.document(at: index)
  }

  private mutating func load(_ block: Int) throws(IndexError) {
    index = 0
    if block > blocks.blockCount {
      docID = .end
      return
    }
    try blocks.load(block)
    docID = blocks.length > 0 ? blocks.document(at: 0) : .end
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

  /// See `Scorer.next`: what is left of one block at a time, without the blocks that cannot reach the minimum.
  mutating func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    guard docID < limit else { return }
    if minimum > 0, index == 0, let bound = blocks.bound(similarity, ofBlock: blocks.block), bound < minimum {
      var block = blocks.block + 1
      // The document before a block's first possible one says whether it is still below the limit.
      while block <= blocks.blockCount, blocks.lastDocument(of: block - 1) < limit, let bound = blocks.bound(similarity, ofBlock: block),
        bound < minimum
      { block += 1 }
      try load(block)
      guard docID < limit else { return }
    }
    let end = blocks.document(at: blocks.length - 1) < limit ? blocks.length : place(from: index, reaching: limit)
    let count = end - index
    unsafe candidates.documents.update(from: blocks.documents + index, count: count)
    if isScored {
      blocks.loadFrequencies()
      unsafe similarity.score(blocks.documents + index, blocks.frequencies + index, count: count, lengths: lengths, into: candidates.scores)
    } else {
      unsafe candidates.scores.update(repeating: 0, count: count)
    }
    candidates.count = count
    index = end
    if index < blocks.length { docID = blocks.document(at: index) } else { try load(blocks.block + 1) }
  }

  /// See `Scorer.add(to:_:isScored:)`.
  mutating func add(to window: borrowing ScoreWindow, isScored: Bool) throws(IndexError) {
    let limit = window.limit
    while docID < limit {
      let end = blocks.document(at: blocks.length - 1) < limit ? blocks.length : place(from: index, reaching: limit)
      if isScored {
        blocks.loadFrequencies()
        unsafe similarity.score(blocks.documents + index, blocks.frequencies + index, count: end - index, lengths: lengths, into: scores)
        for place in index..<end { unsafe window.add(scores[place &- index], to: blocks.document(at: place)) }
      } else {
        for place in index..<end { window.add(0, to: blocks.document(at: place)) }
      }
      index = end
      if index < blocks.length { docID = blocks.document(at: index) } else { try load(blocks.block + 1) }
    }
  }

  /// See `Scorer.add(to:isScored:)`.
  mutating func add(to candidates: borrowing Candidates, isScored: Bool) throws(IndexError) {
    var candidate = 0
    // Terminates: every turn goes forward in the candidates.
    while let range = try blockOf(candidates, from: candidate) {
      let found = intersect(candidates, range)
      if isScored { addScores(of: found, to: candidates) }
      for match in 0..<found { unsafe candidates.matches[Int(matched[match])] = 1 }
      candidate = range.upperBound
    }
  }

  /// See `Scorer.keep(_:isScored:)`.
  mutating func keep(_ candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var candidate = 0
    var kept = 0
    // Terminates: every turn goes forward in the candidates.
    while let range = try blockOf(candidates, from: candidate) {
      let found = intersect(candidates, range)
      if isScored { addScores(of: found, to: candidates) }
      for match in 0..<found {
        let index = unsafe Int(matched[match])
        unsafe candidates.documents[kept &+ match] = candidates.documents[index]
        unsafe candidates.scores[kept &+ match] = candidates.scores[index]
      }
      kept &+= found
      candidate = range.upperBound
    }
    candidates.count = kept
  }

  /// Loads the block that the candidate at a place may be in, and says which candidates from there on are not behind it; nil when there is
  /// no such block, or no candidate.
  @inline(__always)
  private mutating func blockOf(_ candidates: borrowing Candidates, from candidate: Int) throws(IndexError) -> Range<Int>? {
    guard candidate < candidates.count else { return nil }
    let document = unsafe candidates.documents[candidate]
    if blocks.length == 0 || blocks.document(at: blocks.length &- 1) < document {
      try load(blocks.firstBlock(from: blocks.block &+ 1, reaching: document))
      if docID == .end { return nil }
    }
    let last = blocks.document(at: blocks.length &- 1)
    var end = candidate &+ 1
    while end < candidates.count, unsafe candidates.documents[end] <= last { end &+= 1 }
    return candidate..<end
  }

  /// Finds which of some candidates, none of them behind the loaded block, are in it: their places are in `matched`, and their places in the
  /// block in `places`. Returns how many.
  private mutating func intersect(_ candidates: borrowing Candidates, _ range: Range<Int>) -> Int {
    let (documents, others, length) = unsafe (blocks.documents, candidates.documents, blocks.length)
    var found = 0
    if range.count * 8 < length {
      // Few: each is looked for by halving. No branches but the loop's.
      for candidate in range {
        let document = unsafe others[candidate]
        var place = 0
        var step = 64
        while step > 0 {
          let next = place &+ step
          place = unsafe next <= length && documents[next &- 1] < document ? next : place
          step /= 2
        }
        unsafe matched[found] = UInt32(truncatingIfNeeded: candidate)
        unsafe places[found] = UInt32(truncatingIfNeeded: place)
        found &+= unsafe place < length && documents[place] == document ? 1 : 0
      }
      return found
    }
    // Many: both are walked, without a branch that could not be foreseen. Terminates: every turn advances one of them.
    var (place, candidate) = (0, range.lowerBound)
    while place < length, candidate < range.upperBound {
      let (left, right) = unsafe (documents[place], others[candidate])
      unsafe matched[found] = UInt32(truncatingIfNeeded: candidate)
      unsafe places[found] = UInt32(truncatingIfNeeded: place)
      found &+= unsafe Int(unsafeBitCast(left == right, to: UInt8.self))
      place &+= unsafe Int(unsafeBitCast(left <= right, to: UInt8.self))
      candidate &+= unsafe Int(unsafeBitCast(right <= left, to: UInt8.self))
    }
    return found
  }

  /// Adds what postings of the block score to the candidates that have matched.
  private mutating func addScores(of found: Int, to candidates: borrowing Candidates) {
    if found == 0 { return }
    blocks.loadFrequencies()
    for match in 0..<found {
      let place = unsafe Int(places[match])
      unsafe foundDocuments[match] = blocks.documents[place]
      unsafe foundFrequencies[match] = blocks.frequencies[place]
    }
    unsafe similarity.score(foundDocuments, foundFrequencies, count: found, lengths: lengths, into: scores)
    for match in 0..<found { unsafe candidates.scores[Int(matched[match])] &+= scores[match] }
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
    lengths = segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    self.counter = counter
    super.init()
    docID = cursor.docID
  }

  override var cost: Int { cursor.cost }
  override var bound: Int64 { similarity.limit }

  override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    while cursor.docID < limit, candidates.count < BitPacking.blockLength {
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
      unsafe candidates.matches[index] = 1
      if isScored { unsafe candidates.scores[index] &+= score }
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
  private var positions: [UInt32] = []

  package init(_ scope: FieldScope, _ segment: SegmentReader) {
    self.scope = scope
    self.segment = segment
  }

  /// The sum over the fields of boost times occurrences, for the cursor's positions in its document.
  package func count(_ cursor: PostingCursor, _ document: DocID) throws(IndexError) -> Double {
    try cursor.readPositions(into: &positions)
    return count(positions, document)
  }

  package func count(_ positions: [UInt32], _ document: DocID) -> Double {
    let ranges = segment.lengths.fieldRanges(numbering: scope.numbering, of: document)
    var frequency = 0.0
    var field = 0
    for position in positions {
      while field < ranges.count, position >= ranges[field].upperBound { field += 1 }
      if field < ranges.count, ranges[field].contains(position) { frequency += scope.boosts[field] }
    }
    return frequency
  }
}
