// What is usual in this index?

/// What ranking needs to know of all live passages together.
package struct CollectionStatistics: Sendable {
  package let passageCount: Int
  package let numberings: [NumberingStatistics]

  package init(_ index: IndexReader) {
    passageCount = index.passageCount
    var totals = [NumberingStatistics](repeating: NumberingStatistics(), count: index.commit.schema.numberings.count)
    for segment in index.segments {
      for (numbering, statistics) in segment.reader.statistics.enumerated() {
        totals[numbering] += segment.deleted.map { statistics - $0.statistics[numbering] } ?? statistics
      }
    }
    numberings = totals
  }

  package init(passageCount: Int, numberings: [NumberingStatistics]) {
    self.passageCount = passageCount
    self.numberings = numberings
  }
}

/// Where a term is found: its entry in every segment, and in how many live passages.
package struct TermStatistics: Sendable {
  package let values: [StringValue?]
  /// How many live passages of this index have it.
  package let passageCount: Int
  /// What ranking goes by: the same, unless statistics come from outside.
  package var documentFrequency: Int

  package init(_ term: Term, in index: IndexReader) throws(IndexError) {
    var values: [StringValue?] = []
    var frequency = 0
    for segment in index.segments {
      let entry = try segment.reader.terms.find(term.bytes)
      values.append(entry?.value)
      if let entry { frequency += segment.documentFrequency(entry.ordinal, entry.value) }
    }
    self.values = values
    passageCount = max(0, frequency)
    documentFrequency = passageCount
  }

  /// Where a term is found, when it is of no interest in how many passages.
  init(values: [StringValue?]) {
    self.values = values
    passageCount = 0
    documentFrequency = 0
  }
}
