// Which documents hold a term?
//
// Why the unsafe code here is sound: indexes into a block's documents and frequencies are below its `length`, which is at most 128;
// documents are below the segment's limit, so that every length column has them; candidates and windows see to their own bounds.

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
  package override func bound(from first: DocID, through last: DocID) -> Int64 { postings.bound(from: first, through: last, atMost: listBound) }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try postings.next(&candidates, below: limit, minimum: minimum, isScored: isScored)
    docID = postings.docID
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    try postings.add(to: candidates, isScored: isScored)
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

  init(_ weight: TermWeight, _ value: StringValue, in segment: SegmentReader) throws(IndexError) {
    blocks = try segment.blocks(value)
    similarity = weight.similarity
    lengths = segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    docID = blocks.document(at: 0)
    unsafe scores = .allocate(capacity: BitPacking.blockLength)
  }

  deinit { unsafe scores.deallocate() }

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

  @inline(__always)
  private func score(at index: Int) -> Int64 {
    unsafe similarity.score(frequency: Double(Int32(bitPattern: blocks.frequencies[index])), length: lengths?[blocks.documents[index]] ?? 0)
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
    if candidates.count == 0 { return }
    var place = 0
    var candidate = 0
    while candidate < candidates.count {
      let document = unsafe candidates.documents[candidate]
      if blocks.length == 0 || blocks.document(at: blocks.length &- 1) < document {
        let block = blocks.firstBlock(from: blocks.block &+ 1, reaching: document)
        try load(block)
        if docID == .end { return }
        place = 0
      }
      // The block reaches the document.
      while blocks.document(at: place) < document { place &+= 1 }
      if blocks.document(at: place) == document {
        unsafe candidates.matches[candidate] = 1
        if isScored {
          blocks.loadFrequencies()
          unsafe candidates.scores[candidate] &+= score(at: place)
        }
      }
      candidate &+= 1
    }
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
  package func count(_ cursor: PositionCursor, _ document: DocID) throws(IndexError) -> Double {
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
