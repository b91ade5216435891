// Which documents match one condition and not another?
//
// Why the unsafe code here is sound: indexes of candidates are below their count; the matches are some of the candidates, in their order.

/// The matches of one scorer that another does not match.
package final class Exclusion: Scorer {
  private let wanted: Scorer
  private let unwanted: Scorer

  package init(_ wanted: Scorer, without unwanted: Scorer) {
    self.wanted = wanted
    self.unwanted = unwanted
    super.init()
    docID = wanted.docID
  }

  package override var cost: Int { wanted.cost }
  package override var bound: Int64 { wanted.bound }
  package override func bound(from first: DocID, through last: DocID) -> Int64 { wanted.bound(from: first, through: last) }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try wanted.next(&candidates, below: limit, minimum: minimum, isScored: isScored)
    docID = wanted.docID
    candidates.forgetMatches()
    try unwanted.add(to: &candidates, isScored: false)
    candidates.keep(matched: false)
  }

  /// What is not wanted is asked about each match, unless both are frequent.
  package override func isCountedByMarking(below limit: DocID) -> Bool { wanted.cost > Int(limit) / 32 }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    guard isCountedByMarking(below: set.limit) else { return try super.mark(in: set) }
    let matches = DocumentSet(limit: set.limit, set.interruption)
    let others = DocumentSet(limit: set.limit, set.interruption)
    try wanted.mark(in: matches)
    try unwanted.mark(in: others)
    matches.subtract(others)
    set.formUnion(matches)
    docID = .end
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var matching = try Follower.matches(of: wanted, among: candidates, isScored: isScored)
    matching.forgetMatches()
    try unwanted.add(to: &matching, isScored: false)
    matching.keep(matched: false)
    Follower.add(matching, to: &candidates)
  }
}

/// The matches of one scorer; where another matches too, its score is added.
package final class Preference: Scorer {
  private let required: Scorer
  private let preferred: Scorer

  package init(_ required: Scorer, _ preferred: Scorer) {
    self.required = required
    self.preferred = preferred
    super.init()
    docID = required.docID
  }

  package override var cost: Int { required.cost }
  package override var bound: Int64 { required.bound + preferred.bound }
  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    required.bound(from: first, through: last) + preferred.bound(from: first, through: last)
  }
  package override func scoreReached(by count: Int) -> Int64 { required.scoreReached(by: count) }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try required.next(&candidates, below: limit, minimum: minimum - preferred.bound, isScored: isScored)
    docID = required.docID
    if isScored { try preferred.add(to: &candidates, isScored: true) }
  }

  package override func isCountedByMarking(below limit: DocID) -> Bool { required.isCountedByMarking(below: limit) }

  package override func mark(in set: borrowing DocumentSet) throws(IndexError) {
    try required.mark(in: set)
    docID = .end
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    var matching = try Follower.matches(of: required, among: candidates, isScored: isScored)
    if isScored { try preferred.add(to: &matching, isScored: true) }
    Follower.add(matching, to: &candidates)
  }
}

/// How a scorer of several parts follows: over candidates of its own.
enum Follower {
  /// Those of some candidates that a scorer matches, with its scores alone.
  static func matches(of scorer: Scorer, among candidates: borrowing Candidates, isScored: Bool) throws(IndexError) -> Candidates {
    var matching = Candidates()
    for index in 0..<candidates.count { unsafe matching.append(candidates.documents[index], 0) }
    try scorer.keep(&matching, isScored: isScored)
    return matching
  }

  /// Marks the candidates that are among `matching`, and adds their scores.
  static func add(_ matching: borrowing Candidates, to candidates: inout Candidates) {
    var index = 0
    for match in 0..<matching.count {
      let document = unsafe matching.documents[match]
      // Terminates: every match is one of the candidates.
      while unsafe candidates.documents[index] < document { index &+= 1 }
      unsafe candidates.match(index, adding: matching.scores[match])
    }
  }
}
