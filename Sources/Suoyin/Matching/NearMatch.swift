// In which documents do several sequences stand close to one another?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.

/// The documents in which all sequences stand in a window of one field: see `NearWindows`.
///
/// The rarest leads; the others are looked at in its documents only, positions of all of them in those that have all.
package final class NearMatch: Scorer {
  private let leader: PhraseMatch
  /// For each sequence of the query what reads its positions.
  private let readers: [PhraseMatch]
  /// The sequences, the rarest first.
  private let order: [Int]
  private let windows: NearWindows
  private let similarity: BM25
  private let numbering: Int
  private let scope: FieldScope?
  private let segment: SegmentReader
  private let lengths: LengthColumn?
  private var starts: [[UInt32]]

  /// - Returns: nil when a sequence is not in the segment.
  package init?(_ weight: NearWeight, in segment: SegmentReader, number: Int) throws(IndexError) {
    let costs = weight.sequences.map { $0.cost(number: number) }
    let order = costs.indices.sorted { costs[$0] < costs[$1] }
    guard let rarest = order.first, let leader = try PhraseMatch(weight.sequences[rarest], in: segment, number: number) else { return nil }
    var readers: [PhraseMatch] = []
    for sequence in weight.sequences {
      guard let reader = try PhraseMatch(sequence, in: segment, number: number, askedCount: leader.cost) else { return nil }
      readers.append(reader)
    }
    self.leader = leader
    self.readers = readers
    self.order = order
    windows = weight.windows
    similarity = weight.similarity
    numbering = weight.numbering
    scope = weight.scope
    self.segment = segment
    lengths = try segment.lengths.column(numbering: weight.numbering, family: weight.family)
    starts = [[UInt32]](repeating: [], count: readers.count)
    super.init()
    docID = leader.docID
  }

  package override var cost: Int { leader.cost }
  package override var bound: Int64 { similarity.limit }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try leader.next(&candidates, below: limit, minimum: 0, isScored: false)
    docID = leader.docID
    var kept = 0
    for index in 0..<candidates.count {
      guard let score = unsafe try score(candidates.documents[index]) else { continue }
      candidates.move(index, to: kept)
      unsafe candidates.scores[kept] = isScored ? score : 0
      kept += 1
    }
    candidates.count = kept
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      guard let score = unsafe try score(candidates.documents[index]) else { continue }
      candidates.match(index, adding: isScored ? score : 0)
    }
  }

  /// What a document scores; nil when it has no window. Documents are asked for in ascending order.
  private func score(_ document: DocID) throws(IndexError) -> Int64? {
    let frequency = try frequency(in: document)
    return frequency > 0 ? similarity.score(frequency: frequency, length: lengths?[document] ?? 0) : nil
  }

  /// What the windows in a document count.
  ///
  /// Documents are asked for in ascending order.
  func frequency(in document: DocID) throws(IndexError) -> Double {
    for sequence in order { if try !readers[sequence].readStarts(in: document, into: &starts[sequence]) { return 0 } }
    var frequency = 0.0
    for (field, range) in try segment.lengths.fieldRanges(numbering: numbering, of: document).enumerated() {
      let boost = scope?.boosts[field] ?? 1
      if boost > 0 { windows.forEach(starts, in: range) { _ in frequency += boost } }
    }
    return frequency
  }
}
