// Which documents of a segment match, one after another, and with what score?

/// A query at work in one segment. Stands on its first match after `init`; `docID` is `DocID.end` after the last. For one thread.
package class Scorer {
  package final var docID: DocID = .end

  package init() {}

  /// At most how many documents match: the order in which conjunctions ask.
  package var cost: Int { 0 }
  /// Advances to the first match that is at least `target`, which is greater than `docID`.
  package func advance(to target: DocID) throws(IndexError) {}
  /// The score of the current match in fixed point (`BM25.one` is 1).
  package func score() throws(IndexError) -> Int64 { 0 }

  /// Calls `body` with every match from the current one on, ascending.
  package func forEachMatch(_ body: (DocID, Int64) throws(IndexError) -> Void) throws(IndexError) {
    while docID != .end {
      try body(docID, score())
      try advance(to: docID + 1)
    }
  }

  /// Adds the scores of all matches below `limit` to a window of slots that begins at document `base`, and marks them.
  ///
  /// Equivalent to `forEachMatch` up to the limit.
  package func addScores(to window: inout ScoreWindow, base: DocID, limit: DocID) throws(IndexError) {
    while docID < limit {
      window.add(try score(), at: Int(docID - base))
      try advance(to: docID + 1)
    }
  }
}

/// Scores of neighbouring documents that are being added up.
package struct ScoreWindow {
  package static let length = 4096
  package private(set) var scores = [Int64](repeating: 0, count: length)
  /// A bit for every slot that something was added to.
  package private(set) var matches = [UInt64](repeating: 0, count: length / 64)

  @inline(__always)
  package mutating func add(_ score: Int64, at slot: Int) {
    scores[slot] &+= score
    matches[slot >> 6] |= 1 << UInt64(slot & 63)
  }

  package mutating func clear() {
    for word in matches.indices where matches[word] != 0 {
      for slot in word * 64..<word * 64 + 64 { scores[slot] = 0 }
      matches[word] = 0
    }
  }
}

extension Weight {
  /// The scorer for one segment; nil when nothing can match there.
  package func scorer(in segment: SegmentReader, number: Int) throws(IndexError) -> Scorer? {
    switch self {
    case .nothing: return nil
    case .term(let weight): return try TermScorer(weight, in: segment, number: number)
    case .sequence(let weight): return try PhraseMatch(weight, in: segment, number: number)
    case .all(let weights):
      var scorers: [Scorer] = []
      for weight in weights {
        guard let scorer = try weight.scorer(in: segment, number: number) else { return nil }
        scorers.append(scorer)
      }
      return try Conjunction(scorers)
    case .any(let weights):
      var scorers: [Scorer] = []
      for weight in weights { if let scorer = try weight.scorer(in: segment, number: number) { scorers.append(scorer) } }
      return scorers.isEmpty ? nil : scorers.count == 1 ? scorers[0] : Disjunction(scorers)
    case .excluding(let wanted, let unwanted):
      guard let wanted = try wanted.scorer(in: segment, number: number) else { return nil }
      guard let unwanted = try unwanted.scorer(in: segment, number: number) else { return wanted }
      return try Exclusion(wanted, without: unwanted)
    case .preferring(let required, let preferred):
      guard let required = try required.scorer(in: segment, number: number) else { return nil }
      guard let preferred = try preferred.scorer(in: segment, number: number) else { return required }
      return Preference(required, preferred)
    }
  }
}
