// How much more is a passage of a large document worth than one of a small one?

/// What the size of its document adds to the score of a passage: *score* · *weight* · *n* / (*n* + 300), *n* being the document's passages.
///
/// The law that orders a whole field answers a question more often than a notice that shares its words does. docs/Architecture.md has the measurement.
package struct DocumentLift {
  let sizes: DocumentSizes
  let weight: Double

  /// From how many passages on a document has half of the weight.
  package static let pivot = 300.0

  /// - Parameter passageCount: Of the document; 0 for a passage that belongs to none.
  /// - Returns: What is added, in fixed point as the score is.
  @inline(__always)
  func share(of score: Int64, passageCount: Int) -> Int64 {
    let share = Double(score) * weight * (Double(passageCount) / (Double(passageCount) + Self.pivot))
    return Int64(min(share.rounded(), Double(max(0, Self.largest - score))))
  }

  /// No score is lifted above this, so that no sum runs over.
  private static let largest: Int64 = 1 << 62

  // Numbers of 53 bits are off by less than a part in 2⁵⁰ here.

  /// At most what a score can become.
  func most(_ score: Int64) -> Int64 {
    let most = Double(score) * (1 + weight)
    return most < Double(Self.largest) ? Int64(most) + (score >> 50) + 2 : max(score, Self.largest)
  }

  /// A score that is less than this cannot become `minimum`.
  func least(reaching minimum: Int64) -> Int64 {
    minimum < Self.largest ? max(0, Int64(Double(minimum) / (1 + weight)) - (minimum >> 50) - 2) : Self.largest / 16
  }
}
