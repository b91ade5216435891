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
    docID = self.cursors[0].cursor.docID
  }

  package override var cost: Int { cursors[0].cursor.cost }
  package override var bound: Int64 { similarity.limit }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    let leader = cursors[0].cursor
    // Terminates: every turn advances the leader.
    while leader.docID < limit, candidates.count < BitPacking.blockLength {
      let document = leader.docID
      let other = try firstDisagreeing(with: document)
      if other == document, try countStarts(document) { candidates.append(document, isScored ? score(document) : 0) }
      try leader.advance(to: max(other, document + 1))
    }
    docID = leader.docID
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      let document = unsafe candidates.documents[index]
      if cursors[0].cursor.docID < document { try cursors[0].cursor.advance(to: document) }
      guard cursors[0].cursor.docID == document, try firstDisagreeing(with: document) == document, try countStarts(document) else { continue }
      unsafe candidates.matches[index] = 1
      if isScored { unsafe candidates.scores[index] &+= score(document) }
    }
  }

  private func score(_ document: DocID) -> Int64 { similarity.score(frequency: frequency, length: lengths?[document] ?? 0) }

  /// Where the first cursor stands that has no `document`; `document` when all have it.
  private func firstDisagreeing(with document: DocID) throws(IndexError) -> DocID {
    for (cursor, _) in cursors.dropFirst() {
      if cursor.docID < document { try cursor.advance(to: document) }
      if cursor.docID > document { return cursor.docID }
    }
    return document
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
