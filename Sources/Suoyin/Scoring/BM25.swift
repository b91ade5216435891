// How much does a term's frequency in a passage say?
//
// Why the unsafe code here is sound: who scores many postings gives arrays of `count` documents, frequencies and scores.
internal import CKernels

/// What ranking may be told, for an index or a query.
public struct RankingParameters: Equatable, Sendable {
  /// How soon more occurrences stop to count; at least 0.
  public var k1 = 0.6
  /// How much longer passages are marked down, 0 to 1.
  public var b = 0.75
  /// The weight of words.
  public var wordWeight = 1.0
  /// The weight of pairs of cells.
  public var pairWeight = 1.0
  /// The weight of single cells. They are asked for only where a cell stands alone in the query.
  public var singleWeight = 1.0
  /// The weight of the single cells of words and pairs. They find nothing, and add to what is found otherwise; where fields do not weigh alike, or one is
  /// named, they are not asked for.
  public var cellWeight = 0.5
  /// The weight of further terms: canonical numbers, and parts of words that mix letters and digits. docs/Architecture.md says why this much.
  public var extraWeight = 1.5
  /// What a synonym counts, in parts of what it would count if it had been asked for in quotes; see `SearchOptions`.
  public var synonymWeight = 0.5

  /// The weight of a whole title, and of a label, that the query names; see `Field.Role`.
  public var titleWeight = 1.0
  /// The weight of a title and a label together, on top of what each is worth: a citation.
  public var citationWeight = 2.0
  /// How much larger the score of a passage of a very large document is, 0 to 10; of one with *n* passages the part *n* / (*n* + 300) of this. Only for an index
  /// whose schema has a field with the role `document`. docs/Architecture.md says why this much.
  public var documentWeight = 0.3
  /// What matches get besides, by the values of fields; at most `Prior.maximumCount`.
  public var priors: [Prior] = []

  public init() {}

  /// Why these cannot be used, or nil.
  package var problem: String? {
    if !(k1 >= 0 && k1 <= 1000) { return "k1 is not in 0...1000" }
    if !(b >= 0 && b <= 1) { return "b is not in 0...1" }
    if !(documentWeight >= 0 && documentWeight <= 10) { return "the weight of documents is not in 0...10" }
    if priors.count > Prior.maximumCount { return "there are more than \(Prior.maximumCount) priors" }
    if let problem = priors.lazy.compactMap(\.problem).first { return problem }
    return [wordWeight, pairWeight, singleWeight, cellWeight, extraWeight, synonymWeight, titleWeight, citationWeight].allSatisfy {
      $0 >= 0 && $0 <= 1000
    }
      ? nil : "a weight is not in 0...1000"
  }
}

/// BM25 of one term, as a sum's part in fixed point: sums do not depend on the order of their parts.
///
/// The part is *w* · *f* / (*f* + *k1* · (1 − *b* + *b* · *length* / *average*)), *w* being idf times the weights, rounded to 2⁻²⁰.
///
/// Frequencies and lengths are below 2³¹.
///
/// - Source: Robertson, Walker, Jones, Hancock-Beaulieu & Gatford, "Okapi at TREC-3", 1994, without the constant factor *k1* + 1.
package struct BM25: Sendable {
  /// One as a fixed-point number.
  package static let one = 1048576.0

  /// No weight is larger, in fixed point: weights of nested groups multiply, and a sum of a quarter million parts must still fit 63 bits. It is
  /// above 1000 × 1000 × the rarest term's idf, so what one weight of a query and one of a family can give.
  private static let largestWeight = 0x1p45
  /// The weight in fixed point.
  private let scaledWeight: Double
  private let fixedNorm: Double
  private let lengthNorm: Double

  package init(weight: Double, averageLength: Double, parameters: RankingParameters) {
    scaledWeight = Self.scaled(weight)
    fixedNorm = parameters.k1 * (1 - parameters.b)
    lengthNorm = parameters.k1 * parameters.b / averageLength
  }

  /// BM25 of a term without frequencies and lengths: a keyword.
  package init(keywordWeight weight: Double, parameters: RankingParameters) {
    scaledWeight = Self.scaled(weight)
    fixedNorm = parameters.k1
    lengthNorm = 0
  }

  /// In fixed point; what is too large, or no number any more, is the largest.
  private static func scaled(_ weight: Double) -> Double { weight * one < largestWeight ? weight * one : largestWeight }

  /// ln(1 + (*N* − *n* + ½) / (*n* + ½)): above 0 even for terms in most passages.
  package static func idf(documentFrequency: Int, passageCount: Int) -> Double {
    logarithm(1 + (Double(passageCount - documentFrequency) + 0.5) / (Double(documentFrequency) + 0.5))
  }

  /// What a term's frequency is multiplied by: idf times the weights.
  package var weight: Double { scaledWeight / Self.one }

  /// More than any score.
  package var limit: Int64 { Int64(scaledWeight) + 1 }

  /// The same for C.
  var kernel: suoyin_similarity {
    suoyin_similarity(weight: scaledWeight, fixed_norm: fixedNorm, length_norm: lengthNorm, limit: limit)
  }

  @inline(__always)
  package func score(frequency: Double, length: UInt32) -> Int64 {
    // Added to 2⁵², a part below 2⁵¹ loses exactly what is behind the point, rounded to the nearest; the C library's round would cost a call.
    let rounding = 0x1p52
    let part = scaledWeight * frequency / (frequency + fixedNorm + lengthNorm * Double(Int32(bitPattern: length)))
    return Int64(bitPattern: (part + rounding).bitPattern &- rounding.bitPattern)
  }

  /// Scores many postings: equivalent to `score(frequency:length:)` for each.
  ///
  /// - Parameters:
  ///   - count: How many documents and frequencies there are, at most a block's 128.
  ///   - lengths: A column that has all the documents; without one, lengths are 0.
  @inline(__always)
  package func score(
    _ documents: UnsafePointer<DocID>, _ frequencies: UnsafePointer<UInt32>, count: Int, lengths: LengthColumn?,
    into scores: UnsafeMutablePointer<Int64>
  ) {
    unsafe suoyin_bm25(
      documents, frequencies, UInt32(truncatingIfNeeded: count), lengths?.unsafeBytes.baseAddress, UInt32(lengths?.width ?? 0),
      scaledWeight,
      fixedNorm, lengthNorm, scores)
  }
}
