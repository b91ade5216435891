// Which documents match all of several conditions?

/// The documents on which all scorers agree: the rarest leads, the others follow, and scores are added for those that are left.
///
/// Equivalent to intersecting the sets of matches. Source: Culpepper & Moffat, "Efficient set intersection for inverted indexing", 2010, §2;
/// many candidates at a time.
package final class Conjunction: Scorer {
  private let scorers: [Scorer]
  /// What the scorers behind the first can add.
  private let rest: Int64

  package init(_ scorers: [Scorer]) {
    precondition(!scorers.isEmpty, "a conjunction of nothing")
    self.scorers = scorers.sorted { $0.cost < $1.cost }
    rest = self.scorers.dropFirst().reduce(0) { $0 + $1.bound }
    super.init()
    docID = self.scorers[0].docID
  }

  package override var cost: Int { scorers[0].cost }
  package override var bound: Int64 { scorers[0].bound + rest }

  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    scorers.reduce(0) { $0 + $1.bound(from: first, through: last) }
  }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    let leader = scorers[0]
    var rest = rest
    let restInBlock = minimum > 0 ? leader.skipBlocks(below: minimum, with: scorers.dropFirst()) : .max
    try leader.next(&candidates, below: limit, minimum: minimum - min(rest, restInBlock), isScored: isScored)
    docID = leader.docID
    for scorer in scorers.dropFirst() {
      if candidates.count == 0 { return }
      let most = min(rest, restInBlock)
      if minimum > most { candidates.keep(scoring: minimum - most) }
      try scorer.keep(&candidates, isScored: isScored)
      rest -= scorer.bound
    }
  }

  /// Where even the rarest is frequent, all are marked and the sets intersected.
  package override func isCountedByMarking(below limit: DocID) -> Bool { scorers[0].cost > Int(limit) / 32 }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    guard isCountedByMarking(below: set.limit) else { return try super.mark(in: set) }
    let matches = DocumentSet(limit: set.limit, set.interruption)
    try scorers[0].mark(in: matches)
    for scorer in scorers.dropFirst() {
      let others = DocumentSet(limit: set.limit, set.interruption)
      try scorer.mark(in: others)
      matches.formIntersection(others)
    }
    set.formUnion(matches)
    docID = .end
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var matching = try Follower.matches(of: scorers[0], among: candidates, isScored: isScored)
    for scorer in scorers.dropFirst() where matching.count > 0 {
      try scorer.keep(&matching, isScored: isScored)
    }
    Follower.add(matching, to: &candidates)
  }
}
