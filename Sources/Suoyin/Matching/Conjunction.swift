// Which documents match all of several conditions?

/// The documents on which all scorers agree: the rarest leads, the others follow.
///
/// Equivalent to intersecting the sets of matches. Source: Culpepper & Moffat, "Efficient set intersection for inverted indexing", 2010, §2.
package final class Conjunction: Scorer {
  private let scorers: [Scorer]

  package init(_ scorers: [Scorer]) throws(IndexError) {
    precondition(!scorers.isEmpty, "a conjunction of nothing")
    self.scorers = scorers.sorted { $0.cost < $1.cost }
    super.init()
    try align(self.scorers[0].docID)
  }

  package override var cost: Int { scorers[0].cost }

  package override func advance(to target: DocID) throws(IndexError) {
    try scorers[0].advance(to: target)
    try align(scorers[0].docID)
  }

  package override func score() throws(IndexError) -> Int64 {
    var sum: Int64 = 0
    for scorer in scorers { sum += try scorer.score() }
    return sum
  }

  private func align(_ candidate: DocID) throws(IndexError) {
    var candidate = candidate
    // Invariant: no match lies before `candidate`, where the first scorer stands. Terminates: every turn but the last advances it.
    search: while candidate != .end {
      for scorer in scorers.dropFirst() {
        if scorer.docID < candidate { try scorer.advance(to: candidate) }
        if scorer.docID > candidate {
          candidate = scorer.docID
          if candidate != .end { try scorers[0].advance(to: candidate) }
          candidate = candidate == .end ? .end : scorers[0].docID
          continue search
        }
      }
      break
    }
    docID = candidate
  }
}
