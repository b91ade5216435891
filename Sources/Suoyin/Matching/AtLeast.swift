// Which documents match enough of several conditions?
//
// Why the unsafe code here is sound: indexes of candidates are below their count, and documents given by a scorer asked below a window's
// limit lie in the window.

/// The documents that at least `count` of the scorers match; the scores of those that do are added up.
///
/// Works on windows of 4,096 neighbouring documents, as `Disjunction` does, and counts who has matched.
package final class AtLeast: Scorer {
  private let scorers: [Scorer]
  private let count: Int
  private var scores = [Int64](repeating: 0, count: ScoreWindow.length)
  private var counts = [UInt16](repeating: 0, count: ScoreWindow.length)

  /// - Parameter count: 2 to the number of scorers, which is below 65,536.
  package init(_ count: Int, of scorers: [Scorer]) {
    precondition((2...scorers.count).contains(count))
    self.scorers = scorers
    self.count = count
    super.init()
    docID = scorers.map(\.docID).min() ?? .end
  }

  package override var cost: Int { scorers.reduce(0) { $0 + $1.cost } / count }
  package override var bound: Int64 { scorers.reduce(0) { $0 + $1.bound } }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    guard docID < limit else { return }
    let base = docID
    let end = base > limit - 1 - min(limit - 1, DocID(ScoreWindow.length)) ? limit : base + DocID(ScoreWindow.length)
    for scorer in scorers {
      // Terminates: each turn goes forward.
      while scorer.docID < end {
        try scorer.next(&candidates, below: end, minimum: 0, isScored: isScored)
        for index in 0..<candidates.count {
          let slot = unsafe Int(candidates.documents[index] - base)
          counts[slot] += 1
          unsafe scores[slot] += candidates.scores[index]
        }
      }
    }
    candidates.count = 0
    for slot in 0..<Int(end - base) where counts[slot] > 0 {
      if Int(counts[slot]) >= count { candidates.append(base + DocID(slot), scores[slot]) }
      (counts[slot], scores[slot]) = (0, 0)
    }
    docID = scorers.map(\.docID).min() ?? .end
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var counts = [Int](repeating: 0, count: candidates.count)
    var scores = [Int64](repeating: 0, count: candidates.count)
    for scorer in scorers {
      let matching = try Follower.matches(of: scorer, among: candidates, isScored: isScored)
      var index = 0
      for match in 0..<matching.count {
        // Terminates: every match is one of the candidates.
        while unsafe candidates.documents[index] < matching.documents[match] { index += 1 }
        counts[index] += 1
        unsafe scores[index] += matching.scores[match]
      }
    }
    for index in counts.indices where counts[index] >= count { candidates.match(index, adding: scores[index]) }
  }
}
