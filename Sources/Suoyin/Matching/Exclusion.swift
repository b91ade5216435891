// Which documents match one condition and not another?

/// The matches of one scorer that another does not match.
package final class Exclusion: Scorer {
  private let wanted: Scorer
  private let unwanted: Scorer

  package init(_ wanted: Scorer, without unwanted: Scorer) throws(IndexError) {
    self.wanted = wanted
    self.unwanted = unwanted
    super.init()
    try skip()
  }

  package override var cost: Int { wanted.cost }

  package override func advance(to target: DocID) throws(IndexError) {
    try wanted.advance(to: target)
    try skip()
  }

  package override func score() throws(IndexError) -> Int64 { try wanted.score() }

  private func skip() throws(IndexError) {
    // Terminates: every turn advances the wanted scorer.
    while wanted.docID != .end {
      if unwanted.docID < wanted.docID { try unwanted.advance(to: wanted.docID) }
      if unwanted.docID != wanted.docID { break }
      try wanted.advance(to: wanted.docID + 1)
    }
    docID = wanted.docID
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

  package override func advance(to target: DocID) throws(IndexError) {
    try required.advance(to: target)
    docID = required.docID
  }

  package override func score() throws(IndexError) -> Int64 {
    if preferred.docID < docID { try preferred.advance(to: docID) }
    return try required.score() + (preferred.docID == docID ? preferred.score() : 0)
  }
}
