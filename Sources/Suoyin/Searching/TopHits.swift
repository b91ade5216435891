// Which are the best k?

/// One match: where it is and what it scores.
package struct ScoredDocument: Equatable, Sendable {
  package var score: Int64
  package var segment: Int
  package var document: DocID

  package init(score: Int64, segment: Int, document: DocID) {
    self.score = score
    self.segment = segment
    self.document = document
  }
}

/// Keeps the best *k* of the matches offered, by score descending, then by key ascending.
///
/// Within a segment a smaller document ID is a smaller key; keys are read only to compare matches of equal score in different segments.
package struct TopHits {
  private let limit: Int
  private let key: (Int, DocID) throws(IndexError) -> [UInt8]
  private var heap: WorstFirstHeap<ScoredDocument>
  /// The last match that was refused for its key: those of its segment that come behind it and score no more are refused too.
  private var refused: ScoredDocument?

  /// - Parameter limit: At least 0.
  package init(limit: Int, key: @escaping (Int, DocID) throws(IndexError) -> [UInt8]) {
    self.limit = limit
    self.key = key
    heap = WorstFirstHeap(capacity: min(limit, 1024))
  }

  /// No match of a segment that comes behind all offered so far is kept unless it scores this much.
  package func minimum(inSegment segment: Int) -> Int64 {
    guard heap.count == limit, let worst = heap.worst else { return limit == 0 ? .max : 0 }
    // Of equal scores the smaller key wins: in the same segment that is the one offered before.
    if worst.segment == segment { return worst.score + 1 }
    if let refused, refused.segment == segment { return max(worst.score, refused.score + 1) }
    return worst.score
  }

  package mutating func offer(_ match: ScoredDocument) throws(IndexError) {
    let key = key
    if heap.count < limit {
      try heap.insert(match) { (left, right) throws(IndexError) in try Self.isBetter(left, right, key) }
    } else if let worst = heap.worst, match.score >= worst.score {
      guard try Self.isBetter(match, worst, key) else {
        refused = match
        return
      }
      try heap.replaceWorst(with: match) { (left, right) throws(IndexError) in try Self.isBetter(left, right, key) }
    }
  }

  /// The matches kept, best first. Empties the heap.
  package mutating func sorted() throws(IndexError) -> [ScoredDocument] {
    let key = key
    return try heap.sorted { (left, right) throws(IndexError) in try Self.isBetter(left, right, key) }
  }

  private static func isBetter(
    _ left: ScoredDocument, _ right: ScoredDocument, _ key: (Int, DocID) throws(IndexError) -> [UInt8]
  ) throws(IndexError) -> Bool {
    if left.score != right.score { return left.score > right.score }
    if left.segment == right.segment { return left.document < right.document }
    return try key(left.segment, left.document).lexicographicallyPrecedes(key(right.segment, right.document))
  }
}
