// What does a passage score whatever it is asked for?

/// A share of the score that matches have from a field's value: a passage that is cited often, or is recent, is lifted a little above others.
///
/// It is bounded by its weight, and added to what the query gives; it finds nothing. A passage without a value gets nothing. Sums stay exact: a search
/// with a prior gives the best of all matches, and scores do not depend on segments.
public struct Prior: Equatable, Sendable {
  /// What of the weight a value is worth, from 0 to 1.
  package enum Curve: Equatable, Sendable {
    case saturation(pivot: Double)
    case recency(days: Double, day: CalendarDate)
  }

  public let field: String
  /// What a match gets at most.
  public let weight: Double
  package let curve: Curve

  /// The most that a search takes.
  public static let maximumCount = 16
  /// Of integers, unless said otherwise: what a passage is worth half of. A choice, not a measurement.
  public static let usualPivot = 10.0
  /// Of dates, unless said otherwise, in days: five years. A choice, not a measurement.
  public static let usualDays = 1826.0

  /// By an integer field: *weight* · *x* / (*x* + *pivot*), half of the weight where *x* is the pivot; 0 where *x* is not above 0.
  ///
  /// - Source: Craswell, Robertson, Zaragoza & Taylor, "Relevance weighting for query independent evidence", SIGIR 2005: its function `satu`.
  public static func number(_ field: String, weight: Double, pivot: Double = usualPivot) -> Prior {
    Prior(field: field, weight: weight, curve: .saturation(pivot: pivot))
  }

  /// By a date field: *weight* · *days* / (*days* + *age*), half of the weight at an age of so many days; the whole of it from `day` on.
  ///
  /// - Parameter day: From which ages are counted. Not today by itself: a query asked again tomorrow would have other scores, and a page no next one.
  public static func date(_ field: String, weight: Double, days: Double = usualDays, before day: CalendarDate) -> Prior {
    Prior(field: field, weight: weight, curve: .recency(days: days, day: day))
  }

  /// Why it cannot be used, or nil.
  package var problem: String? {
    if !(weight >= 0 && weight <= 1000) { return "the weight of the prior by '\(field)' is not in 0...1000" }
    switch curve {
    case .saturation(let pivot): return pivot > 0 && pivot.isFinite ? nil : "the pivot of the prior by '\(field)' is not above 0"
    case .recency(let days, _): return days > 0 && days.isFinite ? nil : "the days of the prior by '\(field)' are not above 0"
    }
  }

  /// What a value gives in fixed point. Never falls where values grow.
  func share(of value: Int64) -> Int64 {
    let part: Double
    switch curve {
    case .saturation(let pivot):
      let value = max(0, Double(value))
      part = value / (value + pivot)
    case .recency(let days, let day):
      let age = max(0, Double(day.days) - Double(value))
      part = days / (days + age)
    }
    return Int64((weight * BM25.one * part).rounded())
  }
}

/// A prior bound to a field of an index.
package struct PriorWeight {
  let prior: Prior
  /// The field's index in the schema.
  let field: Int

  /// - Throws: `invalidArgument` when the field has no numbers or no days, as the prior needs.
  init(_ prior: Prior, _ schema: Schema) throws(IndexError) {
    self.prior = prior
    field = try schema.columnField(prior.field, "a prior")
    switch (schema.fields[field].kind, prior.curve) {
    case (.integer, .saturation), (.date, .recency): break
    case (_, .saturation): throw IndexError(.invalidArgument, "the field '\(prior.field)' has no integers for a prior by numbers")
    case (_, .recency): throw IndexError(.invalidArgument, "the field '\(prior.field)' has no days for a prior by dates")
    }
  }

  /// - Returns: nil for a segment without values.
  func scorer(in segment: SegmentReader) throws(IndexError) -> Scorer? {
    try segment.column(field).flatMap { PriorScorer($0, prior) }
  }

  /// The value of a passage as it is written; nil when it has none.
  func wording(in segment: SegmentReader, _ document: DocID) throws(IndexError) -> String? {
    guard let column = try segment.column(field), let value = try ColumnCursor(column).last(document) else { return nil }
    switch prior.curve {
    case .saturation: return String(value)
    case .recency: return CalendarDate(days: Int32(truncatingIfNeeded: value)).description
    }
  }
}
