// Which documents hold a term?

/// The documents of one posting list.
package final class TermScorer: Scorer {
  private let cursor: PostingCursor
  private let similarity: BM25
  private let lengths: LengthColumn?
  private let counter: ScopedCounter?

  /// - Returns: nil when the term is not in the segment.
  package init?(_ weight: TermWeight, in segment: SegmentReader, number: Int) throws(IndexError) {
    guard let value = weight.statistics.values[number] else { return nil }
    cursor = try segment.postings(value)
    similarity = weight.similarity
    lengths = segment.lengths.column(numbering: weight.term.numbering, family: weight.term.family)
    counter = weight.scope.map { ScopedCounter($0, segment) }
    super.init()
    docID = cursor.docID
    try skipOutOfScope()
  }

  package override var cost: Int { cursor.cost }

  package override func advance(to target: DocID) throws(IndexError) {
    if target == docID + 1 { try cursor.next() } else { try cursor.advance(to: target) }
    docID = cursor.docID
    try skipOutOfScope()
  }

  package override func score() throws(IndexError) -> Int64 {
    similarity.score(frequency: counter?.frequency ?? Double(cursor.frequency), length: lengths?[docID] ?? 0)
  }

  package override func addScores(to window: inout ScoreWindow, base: DocID, limit: DocID) throws(IndexError) {
    guard counter == nil, let lengths else { return try super.addScores(to: &window, base: base, limit: limit) }
    // The same loop without a call to this class for every posting.
    let similarity = self.similarity
    try cursor.forEachPosting(below: limit) { document, frequency in
      window.add(similarity.score(frequency: Double(frequency), length: lengths[document]), at: Int(document - base))
    }
    docID = cursor.docID
  }

  /// An OR of one: window by window, as fast as `addScores` is.
  package override func forEachMatch(_ body: (DocID, Int64) throws(IndexError) -> Void) throws(IndexError) {
    try Disjunction([self]).forEachMatch(body)
  }

  private func skipOutOfScope() throws(IndexError) {
    guard let counter else { return }
    // Terminates: the cursor advances or is at its end.
    while cursor.docID != .end {
      if try counter.count(cursor, cursor.docID) > 0 { break }
      try cursor.next()
    }
    docID = cursor.docID
  }
}

/// Counts occurrences by the field they are in.
package final class ScopedCounter {
  private let scope: FieldScope
  private let segment: SegmentReader
  private var positions: [UInt32] = []
  /// The weighted frequency in the document counted last.
  package private(set) var frequency = 0.0

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
    frequency = 0
    var field = 0
    for position in positions {
      while field < ranges.count, position >= ranges[field].upperBound { field += 1 }
      if field < ranges.count, ranges[field].contains(position) { frequency += scope.boosts[field] }
    }
    return frequency
  }
}
