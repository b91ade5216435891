// In which documents do cells stand one after another?
internal import SuoyinAnalysis

/// The documents in which every element of a sequence stands at its distance from a common start.
///
/// Equivalent to a scan of every document's cells: the elements vouch for each cell of the sequence and for every gap in it, and fields lie
/// further apart than any gap, so that no match reaches from one field into the next.
package final class PhraseMatch: Scorer {
  private let cursors: [(cursor: PositionCursor, offset: UInt32)]
  private let similarity: BM25
  private let lengths: LengthColumn?
  private let counter: ScopedCounter?
  private var starts: [UInt32] = []
  private var positions: [UInt32] = []
  private var frequency = 0.0

  /// - Returns: nil when an element is not in the segment.
  package init?(_ weight: SequenceWeight, in segment: SegmentReader, number: Int) throws(IndexError) {
    var cursors: [(cursor: PositionCursor, offset: UInt32)] = []
    for element in weight.elements {
      var lists: [PostingCursor] = []
      for term in element.terms { if let value = term.values[number] { lists.append(try segment.postings(value)) } }
      if lists.isEmpty { return nil }
      cursors.append((lists.count == 1 ? lists[0] : PostingUnion(lists), element.offset))
    }
    self.cursors = cursors.sorted { $0.cursor.cost < $1.cursor.cost }
    similarity = weight.similarity
    lengths = segment.lengths.column(numbering: weight.numbering, family: segment.schema.analyzer.families.contains(.pair) ? .pair : .word)
    counter = weight.scope.map { ScopedCounter($0, segment) }
    super.init()
    try findMatch(from: self.cursors[0].cursor.docID)
  }

  package override var cost: Int { cursors[0].cursor.cost }

  package override func advance(to target: DocID) throws(IndexError) {
    let leader = cursors[0].cursor
    if leader.docID < target { try leader.advance(to: target) }
    try findMatch(from: leader.docID)
  }

  package override func score() throws(IndexError) -> Int64 { similarity.score(frequency: frequency, length: lengths?[docID] ?? 0) }

  private func findMatch(from first: DocID) throws(IndexError) {
    var candidate = first
    let leader = cursors[0].cursor
    // Invariant: no match lies before `candidate`, where the leader stands. Terminates: every turn but the last advances the leader.
    search: while candidate != .end {
      for (cursor, _) in cursors.dropFirst() {
        if cursor.docID < candidate { try cursor.advance(to: candidate) }
        if cursor.docID > candidate {
          if cursor.docID == .end {
            candidate = .end
          } else {
            try leader.advance(to: cursor.docID)
            candidate = leader.docID
          }
          continue search
        }
      }
      if try countStarts(candidate) { break }
      try leader.advance(to: candidate + 1)
      candidate = leader.docID
    }
    docID = candidate
  }

  /// Finds where the sequence begins in a document that holds all elements; false when nowhere.
  private func countStarts(_ document: DocID) throws(IndexError) -> Bool {
    let (leader, leaderOffset) = cursors[0]
    try leader.readPositions(into: &positions)
    starts.removeAll(keepingCapacity: true)
    for position in positions where position >= leaderOffset { starts.append(position - leaderOffset) }
    for (cursor, offset) in cursors.dropFirst() {
      if starts.isEmpty { return false }
      try cursor.readPositions(into: &positions)
      intersect(offset)
    }
    frequency = counter?.count(starts, document) ?? Double(starts.count)
    return frequency > 0
  }

  /// Keeps the starts that have one of `positions` at the distance `offset`. Both ascend.
  private func intersect(_ offset: UInt32) {
    var kept = 0
    var other = 0
    for index in starts.indices {
      let wanted = starts[index] + offset
      while other < positions.count, positions[other] < wanted { other += 1 }
      if other < positions.count, positions[other] == wanted {
        starts[kept] = starts[index]
        kept += 1
      }
    }
    starts.removeSubrange(kept...)
  }
}
