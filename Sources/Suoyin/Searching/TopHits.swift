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
/// A heap with the worst on top (Williams 1964). Within a segment a smaller document ID is a smaller key; keys are read only to compare
/// matches of equal score in different segments.
package struct TopHits {
  private let limit: Int
  private let key: (Int, DocID) throws(IndexError) -> [UInt8]
  private var heap: [ScoredDocument] = []

  /// - Parameter limit: At least 0.
  package init(limit: Int, key: @escaping (Int, DocID) throws(IndexError) -> [UInt8]) {
    self.limit = limit
    self.key = key
    heap.reserveCapacity(min(limit, 1024))
  }

  /// No match of a segment that comes behind all offered so far is kept unless it scores this much.
  package func minimum(inSegment segment: Int) -> Int64 {
    guard heap.count == limit, let worst = heap.first else { return limit == 0 ? .max : 0 }
    // Of equal scores the smaller key wins: in the same segment that is the one offered before.
    return worst.segment == segment ? worst.score + 1 : worst.score
  }

  package mutating func offer(_ match: ScoredDocument) throws(IndexError) {
    if heap.count < limit {
      heap.append(match)
      try siftUp(heap.count - 1)
    } else if let worst = heap.first, match.score >= worst.score, try isBetter(match, worst) {
      heap[0] = match
      try siftDown(0)
    }
  }

  /// The matches kept, best first. Empties the heap.
  package mutating func sorted() throws(IndexError) -> [ScoredDocument] {
    var result = heap
    while let worst = heap.first {
      let last = heap.removeLast()
      result[heap.count] = worst
      if !heap.isEmpty {
        heap[0] = last
        try siftDown(0)
      }
    }
    return result
  }

  private func isBetter(_ left: ScoredDocument, _ right: ScoredDocument) throws(IndexError) -> Bool {
    if left.score != right.score { return left.score > right.score }
    if left.segment == right.segment { return left.document < right.document }
    return try key(left.segment, left.document).lexicographicallyPrecedes(key(right.segment, right.document))
  }

  private mutating func siftUp(_ index: Int) throws(IndexError) {
    var index = index
    while index > 0, try isBetter(heap[(index - 1) / 2], heap[index]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(_ index: Int) throws(IndexError) {
    var index = index
    // Terminates: the index grows.
    while 2 * index + 1 < heap.count {
      var worst = 2 * index + 1
      if worst + 1 < heap.count, try isBetter(heap[worst], heap[worst + 1]) { worst += 1 }
      if try !isBetter(heap[index], heap[worst]) { return }
      heap.swapAt(index, worst)
      index = worst
    }
  }
}
