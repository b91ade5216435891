// What do passages score when the size of their documents counts?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.

/// The matches of another scorer, lifted by the sizes of their documents.
package final class LiftedScorer: Scorer {
  private let scorer: Scorer
  private let lift: DocumentLift
  private let sizes: DocumentSizeCursor

  init(_ scorer: Scorer, _ lift: DocumentLift, _ sizes: DocumentSizeCursor) {
    self.scorer = scorer
    self.lift = lift
    self.sizes = sizes
    super.init()
    docID = scorer.docID
  }

  package override var cost: Int { scorer.cost }
  package override var bound: Int64 { lift.most(scorer.bound) }
  package override func bound(from first: DocID, through last: DocID) -> Int64 { lift.most(scorer.bound(from: first, through: last)) }
  package override func scoreReached(by count: Int) -> Int64 { scorer.scoreReached(by: count) }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    let least = lift.least(reaching: minimum)
    try scorer.next(&candidates, below: limit, minimum: least, isScored: isScored)
    docID = scorer.docID
    if !isScored { return }
    // Most that are given could not win and need not be looked up.
    candidates.keep(scoring: least)
    try lift(&candidates)
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var matching = try Follower.matches(of: scorer, among: candidates, isScored: isScored)
    if isScored { try lift(&matching) }
    Follower.add(matching, to: &candidates)
  }

  private func lift(_ candidates: inout Candidates) throws(IndexError) {
    for index in 0..<candidates.count {
      let score = unsafe candidates.scores[index]
      let count = try sizes.passageCount(unsafe candidates.documents[index])
      unsafe candidates.scores[index] = score + lift.share(of: score, passageCount: count)
    }
  }

  package override func isCountedByMarking(below limit: DocID) -> Bool { scorer.isCountedByMarking(below: limit) }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    try scorer.mark(in: set)
    docID = .end
  }
}
