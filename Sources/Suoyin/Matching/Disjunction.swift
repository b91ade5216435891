// Which documents match any of several conditions?

/// The documents that any of the scorers matches; scores of those that do are added up, and those of others that only add, and find nothing.
///
/// The scorers stand in order of their bounds. As long as the first few together cannot reach the minimum, they are not essential: a
/// document that only they match cannot win. The others fill a window of 4,096 neighbouring documents; those of its documents that could
/// still reach the minimum are then taken through the rest, the most promising scorer first.
///
/// - Source: MAXSCORE: Turtle & Flood, "Query evaluation: strategies and optimizations", 1995; by windows: the "BooleanScorer" of Cutting &
///   Pedersen, "Space optimizations for total ranking", RIAO 1997.
package final class Disjunction: Scorer {
  /// Those that only add, then the others, both ascending by bound.
  private let scorers: [Scorer]
  /// For each number of scorers, what the first of them can give together.
  private let bounds: [Int64]
  /// How many of the first scorers are not essential. Grows only: minimums do.
  private var optionalCount: Int
  /// How many of them only add.
  private let addingCount: Int
  private var window = ScoreWindow()

  /// - Parameter adding: Scorers whose documents are found only where another scorer finds them.
  package init(_ scorers: [Scorer], adding: [Scorer] = []) {
    func ordered(_ scorers: [Scorer]) -> [(scorer: Scorer, bound: Int64)] {
      scorers.map { (scorer: $0, bound: $0.bound) }.sorted { $0.bound < $1.bound }
    }
    let ordered = ordered(adding) + ordered(scorers)
    addingCount = adding.count
    optionalCount = adding.count
    self.scorers = ordered.map(\.scorer)
    bounds = ordered.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.bound) }
    super.init()
    docID = scorers.map(\.docID).min() ?? .end
  }

  private var finding: ArraySlice<Scorer> { scorers[addingCount...] }

  package override var cost: Int { finding.reduce(0) { $0 + $1.cost } }
  package override var bound: Int64 { bounds[scorers.count] }

  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    scorers.reduce(0) { $0 + $1.bound(from: first, through: last) }
  }

  /// What the matches of one scorer reach, they reach with the others too. The most promising one that knows is asked.
  package override func scoreReached(by count: Int) -> Int64 {
    for scorer in finding.reversed() {
      let score = scorer.scoreReached(by: count)
      if score > 0 { return score }
    }
    return 0
  }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    if isScored { while optionalCount < scorers.count, bounds[optionalCount + 1] < minimum { optionalCount += 1 } }
    findFirst()
    guard docID < limit else { return }
    if optionalCount == scorers.count - 1 {
      // One list is left to lead: no window.
      let leader = scorers[optionalCount]
      var rest = bounds[optionalCount]
      if minimum > 0 { rest = min(rest, leader.skipBlocks(below: minimum, with: scorers[..<optionalCount])) }
      try leader.next(&candidates, below: limit, minimum: minimum - rest, isScored: isScored)
      if optionalCount > 0 { candidates.keep(scoring: minimum - rest) }
    } else {
      window.move(to: docID, minimum: isScored ? minimum - bounds[optionalCount] : 0)
      let windowLimit = min(limit, window.limit)
      for scorer in scorers[optionalCount...] where scorer.docID < windowLimit {
        if windowLimit == window.limit {
          try scorer.add(to: window, isScored: isScored)
        } else {
          try scorer.add(to: window, below: windowLimit, isScored: isScored)
        }
      }
      window.drain(into: &candidates)
    }
    for index in (0..<optionalCount).reversed() {
      if candidates.count == 0 || !isScored && index < addingCount { break }
      try scorers[index].add(to: &candidates, isScored: isScored)
      candidates.keep(scoring: minimum - bounds[index])
    }
    findFirst()
  }

  private func findFirst() {
    var smallest = DocID.end
    for scorer in scorers[optionalCount...] { smallest = min(smallest, scorer.docID) }
    docID = smallest
  }

  package override func isCountedByMarking(below limit: DocID) -> Bool { Self.isCountedByMarking(cost, below: limit) }

  /// Whether so many postings are faster marked in a set of documents below `limit` than taken in their order.
  static func isCountedByMarking(_ postingCount: Int, below limit: DocID) -> Bool { postingCount > Int(limit) / 64 }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    for scorer in finding { try scorer.mark(in: set) }
    docID = .end
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    if addingCount == 0 || !isScored {
      for scorer in finding { try scorer.add(to: &candidates, isScored: isScored) }
      return
    }
    var matching = Candidates()
    for index in 0..<candidates.count { unsafe matching.append(candidates.documents[index], 0) }
    matching.forgetMatches()
    for scorer in finding { try scorer.add(to: &matching, isScored: true) }
    matching.keep(matched: true)
    for scorer in scorers[..<addingCount] { try scorer.add(to: &matching, isScored: true) }
    Follower.add(matching, to: &candidates)
  }
}
