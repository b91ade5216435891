// Which documents match any of several conditions?

/// The documents that any of the scorers matches; scores of those that do are added up.
package final class Disjunction: Scorer {
  private let scorers: [Scorer]

  package init(_ scorers: [Scorer]) {
    self.scorers = scorers
    super.init()
    docID = scorers.map(\.docID).min() ?? .end
  }

  package override var cost: Int { scorers.reduce(0) { $0 + $1.cost } }

  package override func advance(to target: DocID) throws(IndexError) {
    var smallest = DocID.end
    for scorer in scorers {
      if scorer.docID < target { try scorer.advance(to: target) }
      smallest = min(smallest, scorer.docID)
    }
    docID = smallest
  }

  package override func score() throws(IndexError) -> Int64 {
    var sum: Int64 = 0
    for scorer in scorers where scorer.docID == docID { sum += try scorer.score() }
    return sum
  }

  package override func addScores(to window: inout ScoreWindow, base: DocID, limit: DocID) throws(IndexError) {
    var smallest = DocID.end
    for scorer in scorers {
      try scorer.addScores(to: &window, base: base, limit: limit)
      smallest = min(smallest, scorer.docID)
    }
    docID = smallest
  }

  /// Window by window instead of document by document: every scorer adds its scores to the slots of 4,096 neighbouring documents.
  ///
  /// - Source: the "BooleanScorer" of Cutting & Pedersen, "Space optimizations for total ranking", RIAO 1997, as windows.
  package override func forEachMatch(_ body: (DocID, Int64) throws(IndexError) -> Void) throws(IndexError) {
    var window = ScoreWindow()
    // Terminates: every window lies behind the one before it and holds a match.
    while docID != .end {
      let base = docID / DocID(ScoreWindow.length) * DocID(ScoreWindow.length)
      let limit = base > DocID.end - DocID(ScoreWindow.length) ? DocID.end : base + DocID(ScoreWindow.length)
      try addScores(to: &window, base: base, limit: limit)
      for word in window.matches.indices {
        var bits = window.matches[word]
        while bits != 0 {
          let slot = word * 64 + bits.trailingZeroBitCount
          bits &= bits - 1
          try body(base + DocID(slot), window.scores[slot])
        }
      }
      window.clear()
    }
  }
}
