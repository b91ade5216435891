// How are the passages of an unquoted text counted?

/// Terms any of which finds a passage, wherever it stands there.
struct PlainLists {
  fileprivate let terms: [TermStatistics]

  /// Whether there are so many matches that marking them in a set of documents below `limit` is the faster way to count them:
  /// equivalent to `Scorer.isCountedByMarking(below:)`.
  func isCountedByMarking(in segment: Int, below limit: DocID) -> Bool {
    Disjunction.isCountedByMarking(terms.reduce(0) { $0 + ($1.values[segment]?.count ?? 0) }, below: limit)
  }

  /// Marks all matches: equivalent to `Scorer.mark(in:)`, without what scoring needs.
  func mark(in set: borrowing DocumentSet, _ segment: SegmentReader, number: Int) throws(IndexError) {
    for term in terms {
      guard let value = term.values[number] else { continue }
      var blocks = try segment.blocks(value)
      try blocks.mark(in: set)
    }
  }
}

extension Weight {
  /// What finds the same passages, without what only adds to their scores.
  var finding: Weight {
    switch self {
    case .any(let weights, _): .any(weights)
    case .preferring(let required, _), .lifted(let required, _): required.finding
    default: self
    }
  }

  /// The terms of several that find passages wherever they stand; nil for another weight.
  var plainLists: PlainLists? {
    guard case .any(let weights, _) = self, weights.count > 1 else { return nil }
    var terms: [TermStatistics] = []
    for weight in weights {
      guard case .term(let term) = weight, term.scope == nil else { return nil }
      terms.append(term.statistics)
    }
    return PlainLists(terms: terms)
  }
}
