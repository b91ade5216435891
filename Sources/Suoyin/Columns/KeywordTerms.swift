// Which keyword is meant by an ordinal of a column?

/// The different values of a keyword field in one segment, in the order of their bytes: a stretch of its table of terms.
package struct KeywordTerms: Sendable {
  private let terms: SortedStrings
  private let numbering: Int
  private let first: Int
  package let count: Int

  /// - Complexity: O(log *n*), *n* being the segment's terms.
  init(_ terms: SortedStrings, numbering: Int) throws(IndexError) {
    self.terms = terms
    self.numbering = numbering
    first = try terms.lowerBound([UInt8(numbering)])?.ordinal ?? terms.count
    count = (try terms.lowerBound([UInt8(numbering + 1)])?.ordinal ?? terms.count) - first
  }

  /// The entry of a value; there must be one with this ordinal.
  ///
  /// - Complexity: O(1): at most 16 strings are read.
  package func entry(_ ordinal: Int) throws(IndexError) -> SortedStrings.Entry { try terms.entry(at: first + ordinal) }

  /// A value as it is compared: normalised.
  package func value(_ ordinal: Int) throws(IndexError) -> [UInt8] { Self.value(try entry(ordinal)) }

  package static func value(_ entry: SortedStrings.Entry) -> [UInt8] { Array(entry.string.dropFirst(2)) }

  /// How many values are smaller than the given one, and whether it is the next.
  package func place(of value: [UInt8]) throws(IndexError) -> (ordinal: Int, isExact: Bool) {
    let term = Term(numbering: numbering, family: .word, value).bytes
    guard let entry = try terms.lowerBound(term) else { return (count, false) }
    return (min(count, entry.ordinal - first), entry.string == term)
  }

  /// Goes on to the next value in place; false behind the last.
  package func advance(_ entry: inout SortedStrings.Entry) throws(IndexError) -> Bool {
    entry.ordinal + 1 < first + count ? try terms.advance(&entry) : false
  }

  /// The ordinal of an entry.
  package func ordinal(_ entry: SortedStrings.Entry) -> Int { entry.ordinal - first }

  /// The ordinals of the values in a range, both ends included; nil when there are none.
  package func ordinals(from lower: [UInt8]?, through upper: [UInt8]?) throws(IndexError) -> ClosedRange<Int64>? {
    var (start, end) = (0, count)
    if let lower { start = try place(of: lower).ordinal }
    if let upper {
      let place = try place(of: upper)
      end = place.isExact ? place.ordinal + 1 : place.ordinal
    }
    return start < end ? Int64(start)...Int64(end - 1) : nil
  }
}
