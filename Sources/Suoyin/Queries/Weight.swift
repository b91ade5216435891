// What does a query mean in this index?

/// A query bound to the terms and statistics of an index: what the scorers of every segment are made from.
package indirect enum Weight {
  case nothing
  /// The same with what it was that nothing can match: made only for explanations.
  case absent(AbsentWeight)
  case term(TermWeight)
  case sequence(SequenceWeight)
  case range(RangeWeight)
  case union(UnionWeight)
  case near(NearWeight)
  case atLeast(Int, [Weight])
  case all([Weight])
  /// Passages that match any of the first; those that match others too score higher.
  case any([Weight], adding: [Weight] = [])
  case excluding(Weight, Weight)
  case preferring(Weight, Weight)
  /// What others' matches have by a field's value; finds nothing by itself.
  case prior(PriorWeight)
  /// The whole query, whose scores are lifted.
  case lifted(Weight, DocumentLift)
}

/// Which occurrences count in a shared numbering, and how much: a boost for each of its fields, 0 for those out of scope.
package struct FieldScope: Sendable {
  package let numbering: Int
  package let boosts: [Double]
}

/// A term and its share of the score.
package struct TermWeight {
  package let term: Term
  package let statistics: TermStatistics
  package let similarity: BM25
  /// nil when every occurrence counts once.
  package let scope: FieldScope?
}

/// A part of a query that no live passage has.
package struct AbsentWeight {
  /// Of a term, or of cells one after another.
  package let text: [UInt8]
  package let numbering: Int
  package let scope: FieldScope?
  package let isSequence: Bool
}

/// A sequence of cells and its share of the score.
package struct SequenceWeight {
  /// What must stand at a distance from the sequence's start.
  package struct Element {
    package let offset: UInt32
    /// One term; or, for a cell alone at the end, all pairs that begin with it.
    package let terms: [TermStatistics]
    /// For terms that are many.
    let mergedPlaces: MergedPlaces.Cache?

    package init(offset: UInt32, terms: [TermStatistics]) {
      self.offset = offset
      self.terms = terms
      mergedPlaces = terms.count >= SequenceElement.manyLists ? MergedPlaces.Cache() : nil
    }

    /// At most how many documents of a segment have it.
    func cost(number: Int) -> Int { terms.reduce(0) { $0 + ($1.values[number]?.count ?? 0) } }
  }
  /// What is asked for, as it is compared.
  package let text: [UInt8]
  package let elements: [Element]
  /// Those of all its parts together.
  package let idf: Double
  package let similarity: BM25
  package let numbering: Int
  package let scope: FieldScope?
  package let interruption: Interruption

  /// At most how many documents of a segment have it.
  func cost(number: Int) -> Int { elements.map { $0.cost(number: number) }.min() ?? 0 }
}

/// All terms that begin alike or match a pattern, as if they were one, and their share of the score.
package struct UnionWeight {
  /// What is asked for: what they begin with or look like; or the cell whose pairs they are.
  package let text: [UInt8]
  /// In how many passages they are, added up; at most all.
  package let documentFrequency: Int
  /// What the terms begin with, in every segment.
  package let prefix: Term
  /// What their texts, or the first cells of pairs, look like; nil when the beginning is all.
  package let pattern: TermPattern?
  package let similarity: BM25
  /// nil when every occurrence counts once.
  package let scope: FieldScope?
  package let interruption: Interruption

  package init(
    _ text: [UInt8], in documentFrequency: Int, prefix: Term, similarity: BM25, scope: FieldScope?, interruption: Interruption
  ) {
    self.text = text
    self.documentFrequency = documentFrequency
    self.prefix = prefix
    pattern = nil
    self.similarity = similarity
    self.scope = scope
    self.interruption = interruption
  }

  /// - Parameter family: A term without a text.
  package init(
    pattern: TermPattern, of family: Term, in documentFrequency: Int, similarity: BM25, scope: FieldScope?, interruption: Interruption
  ) {
    text = pattern.text
    self.documentFrequency = documentFrequency
    prefix = Term(numbering: family.numbering, family: family.family, pattern.prefix)
    self.pattern = pattern
    self.similarity = similarity
    self.scope = scope
    self.interruption = interruption
  }
}

extension Weight {
  /// Whether finding the best takes about as long as finding all: whether a part that decides about matches does not know beforehand what its documents can
  /// score.
  var isFoundAsAWhole: Bool {
    switch self {
    case .nothing, .absent, .range, .prior: false
    case .near, .union: true
    case .term(let weight): weight.scope != nil
    case .sequence(let weight): weight.scope != nil
    case .atLeast(_, let weights), .all(let weights), .any(let weights, _): weights.contains(where: \.isFoundAsAWhole)
    case .excluding(let weight, _), .preferring(let weight, _), .lifted(let weight, _): weight.isFoundAsAWhole
    }
  }
}
