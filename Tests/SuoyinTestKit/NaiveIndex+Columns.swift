// Which passages lie in a range, in which order do they stand, and how many have which value? By definition.
package import Suoyin
internal import SuoyinAnalysis

extension NaiveIndex {
  /// A value that can be compared with others of its field: a number, or the bytes of a keyword.
  private enum Value: Comparable, Hashable {
    case number(Int64)
    case bytes([UInt8])

    init(_ value: FieldValue) {
      switch value {
      case .integer(let number): self = .number(number)
      case .date(let date): self = .number(Int64(date.days))
      case .text(let text): self = .bytes(Array(Analyzer.normalizedValue(text).prefix(Analysis.maximumTermLength)))
      case .list: preconditionFailure("one value")
      }
    }

    static func < (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.number(let left), .number(let right)): left < right
      case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
      default: preconditionFailure("values of one field")
      }
    }
  }

  /// The values of a passage as they are stored, each with the form in which it is compared; an empty keyword is none.
  private func columnValues(_ document: Document, _ field: String) -> [(value: Value, stored: String)] {
    let all: [FieldValue]
    switch document.fields[field] {
    case nil: all = []
    case .list(let list)?: all = list.map { .text($0) }
    case let value?: all = [value]
    }
    return all.map { (Value($0), $0.description) }.filter { $0.value != .bytes([]) }
  }

  func isInRange(_ document: Document, _ field: String, _ lower: FieldValue?, _ upper: FieldValue?) -> Bool {
    columnValues(document, field).contains { value, _ in
      lower.map { Value($0) <= value } ?? true && upper.map { value <= Value($0) } ?? true
    }
  }

  /// Passages in an order by keys, with the scores that are given.
  package func sorted(_ scores: [DocumentKey: Double], by sort: [SortKey]) -> [DocumentKey] {
    /// For each passage and key the value to be compared; a score is negated, so that it ascends.
    let rows = scores.map { passage, score in
      (
        passage,
        sort.map { key -> (value: Value?, score: Double, isDescending: Bool) in
          switch key {
          case .score: (nil, -score, false)
          case .ascending(let field): (documents[passage].flatMap { columnValues($0, field).map(\.value).min() }, 0, false)
          case .descending(let field): (documents[passage].flatMap { columnValues($0, field).map(\.value).max() }, 0, true)
          }
        }
      )
    }
    return rows.sorted { left, right in
      for (one, other) in zip(left.1, right.1) {
        if one.score != other.score { return one.score < other.score }
        if (one.value == nil) != (other.value == nil) { return other.value == nil }
        if let first = one.value, let second = other.value, first != second { return (first < second) != one.isDescending }
      }
      return left.0 < right.0
    }.map(\.0)
  }

  /// How many passages have each value of a keyword field, the most frequent first, and how many have none.
  package func facet(_ field: String, of keys: some Sequence<DocumentKey>) -> (values: [(value: String, count: Int)], missing: Int) {
    var counts: [Value: Int] = [:]
    var missing = 0
    for key in keys {
      let values = Set(documents[key].map { columnValues($0, field).map(\.value) } ?? [])
      if values.isEmpty { missing += 1 }
      for value in values { counts[value, default: 0] += 1 }
    }
    var spellings: [Value: String] = [:]
    for (_, document) in documents.sorted(by: { $0.key < $1.key }) {
      for (value, stored) in columnValues(document, field) where spellings[value] == nil { spellings[value] = stored }
    }
    let ordered = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    return (ordered.map { (spellings[$0.key] ?? "", $0.value) }, missing)
  }

  /// How many passages have a value in a range.
  package func count(_ field: String, _ range: FacetRange, of keys: some Sequence<DocumentKey>) -> Int {
    keys.count { documents[$0].map { isInRange($0, field, range.lower, range.upper) } ?? false }
  }

  /// Adds a field that no passage has yet.
  package mutating func addField(_ field: Field) {
    schema = Schema(schema.fields + [field], analyzer: schema.analyzer, policyWords: schema.policyWords)
  }
}
