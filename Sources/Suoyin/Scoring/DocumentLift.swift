// How much more is a passage of a large document worth than one of a small one?

/// What the size of its document adds to the score of a passage: *score* · *weight* · *n* / (*n* + 300), *n* being the document's passages.
///
/// The law that orders a whole field answers a question more often than a notice that shares its words does. docs/Architecture.md has the measurement.
package struct DocumentLift {
  /// The keyword field whose values are documents, as an index in the schema.
  let field: Int
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

/// A lift bound to an index.
package struct DocumentLiftWeight {
  let lift: DocumentLift
  let index: IndexReader

  /// The sizes for a segment; nil when no passage of it has a document.
  func sizes(segment number: Int) throws(IndexError) -> DocumentSizes? {
    try DocumentSizes(index, segment: number, field: lift.field)
  }
}

/// How many live passages the documents of a segment's passages have, each counted when it is first asked for.
final class DocumentSizes {
  private let index: IndexReader
  private let documents: KeywordTerms
  private let column: ColumnCursor
  /// By the document's ordinal; -1 where it is not known yet.
  private var counts: [Int32]
  private let isAlone: Bool

  /// - Returns: nil when no passage of the segment has a document.
  init?(_ index: IndexReader, segment number: Int, field: Int) throws(IndexError) {
    let segment = index.segments[number]
    guard let documents = try segment.reader.keywords(field), documents.count > 0, let column = try segment.reader.column(field) else {
      return nil
    }
    self.index = index
    self.documents = documents
    self.column = ColumnCursor(column)
    counts = [Int32](repeating: -1, count: documents.count)
    isAlone = index.segments.count == 1 && segment.deleted == nil
  }

  /// Of the passage's document; 0 when it belongs to none.
  func passageCount(_ document: DocID) throws(IndexError) -> Int {
    guard let ordinal = try column.first(document) else { return 0 }
    guard ordinal >= 0, ordinal < counts.count else { throw IndexError(.corrupted, "a column has a value that the segment does not have", path: index.directory) }
    if counts[Int(ordinal)] >= 0 { return Int(counts[Int(ordinal)]) }
    let entry = try documents.entry(Int(ordinal))
    let count = try isAlone ? entry.value.count : TermStatistics(Term(bytes: entry.string), in: index).passageCount
    counts[Int(ordinal)] = Int32(clamping: count)
    return count
  }
}
