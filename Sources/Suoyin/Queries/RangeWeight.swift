// Which values of a field lie in a range?
internal import SuoyinAnalysis

/// A range of a field's values, checked against the schema.
package struct RangeWeight {
  /// Both ends are included.
  private enum Ends {
    case numbers(Int64, Int64)
    /// Normalised; nil for an open end.
    case keywords([UInt8]?, [UInt8]?)
  }

  /// The field's index in the schema.
  package let field: Int
  private let ends: Ends

  /// - Throws: `invalidArgument` when the field has no column, or takes other values.
  package init(_ name: String, from lower: FieldValue?, through upper: FieldValue?, _ schema: Schema) throws(IndexError) {
    field = try schema.columnField(name, "a range")
    func refuse() -> IndexError {
      IndexError(.invalidArgument, "the range of the field '\(name)' has an end of another kind than the field's values")
    }
    switch schema.fields[field].kind {
    case .keyword:
      func term(_ end: FieldValue?) throws(IndexError) -> [UInt8]? {
        guard let end else { return nil }
        guard case .text(let text) = end else { throw refuse() }
        return Document.keywordTerm(text)
      }
      ends = .keywords(try term(lower), try term(upper))
    case let kind:
      for end in [lower, upper] {
        switch (end, kind) {
        case (nil, _), (.integer, .integer), (.date, .date): break
        default: throw refuse()
        }
      }
      ends = .numbers(lower?.number ?? .min, upper?.number ?? .max)
    }
  }

  /// The range of an integer or date field; nil when nothing can lie in it.
  package var numbers: ClosedRange<Int64>? {
    guard case .numbers(let lower, let upper) = ends, lower <= upper else { return nil }
    return lower...upper
  }

  /// The range as a query has it: 2023-01-01..
  func wording(_ schema: Schema) -> String {
    let (lower, upper): (String, String)
    switch ends {
    case .numbers(let first, let last):
      func end(_ value: Int64, _ open: Int64) -> String {
        if value == open { return "" }
        return schema.fields[field].kind == .date ? CalendarDate(days: Int32(truncatingIfNeeded: value)).description : String(value)
      }
      (lower, upper) = (end(first, .min), end(last, .max))
    case .keywords(let first, let last):
      (lower, upper) = (String(decoding: first ?? [], as: UTF8.self), String(decoding: last ?? [], as: UTF8.self))
    }
    return lower.isEmpty && upper.isEmpty ? "*" : "\(lower)..\(upper)"
  }

  /// The range as values of the segment's column; nil when nothing can lie in it.
  package func values(in segment: SegmentReader) throws(IndexError) -> ClosedRange<Int64>? {
    switch ends {
    case .numbers: return numbers
    case .keywords(let lower, let upper): return try segment.keywords(field)?.ordinals(from: lower, through: upper)
    }
  }

  package func scorer(in segment: SegmentReader) throws(IndexError) -> Scorer? {
    guard let column = try segment.column(field), let range = try values(in: segment) else { return nil }
    let scorer = RangeScorer(column, range)
    return scorer.docID == .end ? nil : scorer
  }
}

extension Schema {
  /// The index of a field with a column.
  ///
  /// - Throws: `invalidArgument` when there is none of that name, which `purpose` needs.
  package func columnField(_ name: String, _ purpose: String) throws(IndexError) -> Int {
    guard let index = fields.firstIndex(where: { $0.name == name }), fields[index].hasColumn else {
      let names = columnFields.map { fields[$0].name }.joined(separator: ", ")
      throw IndexError(
        .invalidArgument,
        "the index has no integer, date or keyword field '\(name)' for \(purpose); it has \(names.isEmpty ? "none at all" : names)")
    }
    return index
  }
}
