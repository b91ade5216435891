// Which documents of a segment match, and with what score?
//
// Why the unchecked properties here and in its subclasses are sound: a number is read or written whole; and no method of a scorer's own state
// comes back to the scorer. A scorer is for one thread.
//
// Why the unsafe code here is sound: indexes of candidates are below their count, and the documents of a window are below its limit.

/// A query at work in one segment: goes forward through its matches, many at a time. For one thread.
///
/// A scorer is asked in one of two ways. It leads (`next`): it gives its own matches. Or it follows (`add`): it says which of another's
/// matches it matches too. A leader may become a follower, but not the other way round.
@safe package class Scorer {
  /// No match that has not been given by `next` is before it; `DocID.end` when there are none.
  ///
  /// A check at run time that accesses do not overlap would cost more than the access: disjunctions look at it for every list and window.
  @safe @exclusivity(unchecked) package final var docID: DocID = 0

  /// How many blocks a call passes over, or how many documents it looks at whose positions it reads, before it returns with what it has.
  static let longestTurn = 1024

  package init() {}

  /// At most how many documents match: the order in which conjunctions ask.
  package var cost: Int { 0 }

  /// No match scores more, in fixed point.
  package var bound: Int64 { 0 }

  /// No match in a range of documents scores more.
  package func bound(from first: DocID, through last: DocID) -> Int64 { bound }

  /// A score that at least `count` matches reach; 0 when nothing is known. Only before anything else is asked.
  package func scoreReached(by count: Int) -> Int64 { 0 }

  /// Puts the next matches below `limit` into `candidates`, which are emptied first: perhaps none though more are to come, while `docID` is
  /// below `limit`.
  ///
  /// - Parameters:
  ///   - minimum: Matches that score less may be left out.
  ///   - isScored: Whether scores are wanted; else they are 0.
  package func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    preconditionFailure("a scorer that cannot lead")
  }

  /// Marks those candidates that match, and adds their scores.
  package func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    preconditionFailure("a scorer that cannot follow")
  }

  /// Keeps only those candidates that match, and adds their scores.
  package func keep(_ candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    candidates.forgetMatches()
    try add(to: &candidates, isScored: isScored)
    candidates.keep(matched: true)
  }

  /// The last document of the block that `next` would read, and the most that a match in it scores; nil when nothing is known of it.
  package func blockAhead() -> (last: DocID, bound: Int64)? { nil }

  /// Leaves out the matches before `target`. Only for scorers that know a block ahead.
  package func skip(to target: DocID) { preconditionFailure("a scorer that knows no block ahead") }

  /// Leaves out the blocks ahead in which this scorer and others together cannot reach `minimum`.
  ///
  /// Perhaps not all of them: between two calls a search may stop, and so none may take long.
  ///
  /// - Returns: What the others can give together in the block that `next` would read now.
  package final func skipBlocks(below minimum: Int64, with others: ArraySlice<Scorer>) -> Int64 {
    for _ in 0..<Self.longestTurn {
      guard docID != .end, let ahead = blockAhead() else { return .max }
      var rest: Int64 = 0
      for other in others { rest += other.bound(from: docID, through: ahead.last) }
      if ahead.bound + rest >= minimum { return rest }
      skip(to: ahead.last + 1)
    }
    return .max
  }

  /// Whether there are so many matches that marking them in a set of documents below `limit` is the faster way to count them.
  package func isCountedByMarking(below limit: DocID) -> Bool { false }

  /// Marks all matches, instead of giving them by `next`.
  package func mark(in set: borrowing DocumentSet) throws(IndexError) {
    var candidates = Candidates()
    // Terminates: each turn goes forward.
    while docID != .end {
      try set.interruption.check()
      try next(&candidates, below: .end, minimum: 0, isScored: false)
      for index in 0..<candidates.count { unsafe set.insert(candidates.documents[index]) }
    }
  }

  /// Adds all matches inside a window to it. Equivalent to `next` up to the window's limit.
  package func add(to window: borrowing ScoreWindow, isScored: Bool) throws(IndexError) {
    try add(to: window, below: window.limit, isScored: isScored)
  }

  /// The same for the part of a window below `limit`.
  package final func add(to window: borrowing ScoreWindow, below limit: DocID, isScored: Bool) throws(IndexError) {
    var candidates = Candidates()
    // Terminates: each turn goes forward.
    while docID < limit {
      try next(&candidates, below: limit, minimum: 0, isScored: isScored)
      for index in 0..<candidates.count { unsafe window.add(candidates.scores[index], to: candidates.documents[index]) }
    }
  }
}

extension Weight {
  /// The scorer for one segment; nil when nothing can match there.
  package func scorer(in segment: SegmentReader, number: Int) throws(IndexError) -> Scorer? {
    switch self {
    case .nothing, .absent: return nil
    case .term(let weight): return try TermScorer.make(weight, in: segment, number: number)
    case .sequence(let weight): return try PhraseMatch(weight, in: segment, number: number)
    case .range(let weight): return try weight.scorer(in: segment)
    case .union(let weight): return try UnionScorer.make(weight, in: segment)
    case .near(let weight): return try NearMatch(weight, in: segment, number: number)
    case .prior(let weight): return try weight.scorer(in: segment)
    case .lifted(let weight, let lift):
      guard let scorer = try weight.scorer(in: segment, number: number) else { return nil }
      return try lift.sizes.cursor(segment: number).map { LiftedScorer(scorer, lift, $0) } ?? scorer
    case .atLeast(let count, let weights):
      var scorers: [Scorer] = []
      for weight in weights { if let scorer = try weight.scorer(in: segment, number: number) { scorers.append(scorer) } }
      return scorers.count < count ? nil : AtLeast(count, of: scorers)
    case .all(let weights):
      var scorers: [Scorer] = []
      for weight in weights {
        guard let scorer = try weight.scorer(in: segment, number: number) else { return nil }
        scorers.append(scorer)
      }
      return Conjunction(scorers)
    case .any(let weights, let others):
      func scorers(_ weights: [Weight]) throws(IndexError) -> [Scorer] {
        var scorers: [Scorer] = []
        for weight in weights { if let scorer = try weight.scorer(in: segment, number: number) { scorers.append(scorer) } }
        return scorers
      }
      let finding = try scorers(weights)
      if finding.isEmpty { return nil }
      let adding = try scorers(others)
      return finding.count + adding.count == 1 ? finding[0] : Disjunction(finding, adding: adding)
    case .excluding(let wanted, let unwanted):
      guard let wanted = try wanted.scorer(in: segment, number: number) else { return nil }
      guard let unwanted = try unwanted.scorer(in: segment, number: number) else { return wanted }
      return Exclusion(wanted, without: unwanted)
    case .preferring(let required, let preferred):
      guard let required = try required.scorer(in: segment, number: number) else { return nil }
      guard let preferred = try preferred.scorer(in: segment, number: number) else { return required }
      return Preference(required, preferred)
    }
  }
}
