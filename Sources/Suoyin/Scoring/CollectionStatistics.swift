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
}

/// Where a term is found: its entry in every segment, and in how many live passages.
package struct TermStatistics: Sendable {
  package let values: [StringValue?]
  package let documentFrequency: Int

  package init(_ term: Term, in index: IndexReader) throws(IndexError) {
    var values: [StringValue?] = []
    var frequency = 0
    for segment in index.segments {
      let entry = try segment.reader.terms.find(term.bytes)
      values.append(entry?.value)
      if let entry { frequency += entry.value.count - (segment.deleted?.decrease(ofTerm: entry.ordinal) ?? 0) }
    }
    self.values = values
    documentFrequency = max(0, frequency)
  }
}
