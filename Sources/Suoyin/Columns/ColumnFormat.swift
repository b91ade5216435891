// How do the values of a field lie side by side?

/// The layout of columns; docs/Storage.md gives the bytes.
package enum ColumnFormat {
  /// How many passages a block holds: four words of a `DocumentSet`.
  package static let blockLength = 256
  package static let blockWords = blockLength / 64
  package static let headLength = 24
  /// How many bytes behind the last value a reader may load.
  package static let padding = 8

  package static func blockCount(passages: Int) -> Int { (passages + blockLength - 1) / blockLength }

  /// The bits that each value of a block takes: those of the largest difference, or 64 where one load of eight bytes would not hold them.
  @inline(__always)
  package static func width(ofSpan span: UInt64) -> Int {
    let bits = 64 - span.leadingZeroBitCount
    return bits > 56 ? 64 : bits
  }
}

/// Which passages of a block have a value.
package enum ColumnPresence: UInt8 {
  case none, all
  /// Those with a bit.
  case some
  /// Each has the values behind those of the passage before, up to an end of its own.
  case lists
}

/// What is known of a block without its values.
package struct ColumnHead: Equatable, Sendable {
  /// The smallest value; 0 where there is none.
  package var least: Int64
  /// The largest value less the smallest.
  package var span: UInt64
  package var presence: ColumnPresence
  /// Where the block begins in the section of values.
  package var offset: Int

  package init(least: Int64, span: UInt64, presence: ColumnPresence, offset: Int) {
    self.least = least
    self.span = span
    self.presence = presence
    self.offset = offset
  }

  /// The largest value.
  @inline(__always)
  package var greatest: Int64 { Int64(bitPattern: UInt64(bitPattern: least) &+ span) }

  /// What can be said of all values of the block.
  package enum Comparison { case outside, inside, partly }

  @inline(__always)
  package func comparison(with range: ClosedRange<Int64>) -> Comparison {
    if presence == .none || greatest < range.lowerBound || least > range.upperBound { return .outside }
    return range.lowerBound <= least && greatest <= range.upperBound ? .inside : .partly
  }

  /// The values inside a range as differences from the smallest: those at least `lower` and at most `reach` more.
  @inline(__always)
  package func deltas(in range: ClosedRange<Int64>) -> (lower: UInt64, reach: UInt64) {
    let lower = range.lowerBound <= least ? 0 : UInt64(bitPattern: range.lowerBound) &- UInt64(bitPattern: least)
    let upper = range.upperBound >= greatest ? span : UInt64(bitPattern: range.upperBound) &- UInt64(bitPattern: least)
    return (lower, upper &- lower)
  }
}

extension Field {
  /// Whether a segment keeps the field's values in a column.
  package var hasColumn: Bool {
    switch kind {
    case .keyword, .integer, .date: true
    case .text, .stored, .pinyin: false
    }
  }
}

extension Schema {
  /// The indexes of the fields with columns, in the order in which these are written.
  package var columnFields: [Int] { fields.indices.filter { fields[$0].hasColumn } }

  /// The number of a keyword field's numbering.
  package func keywordNumbering(ofField index: Int) -> Int? { numberings.firstIndex { $0.isKeyword && $0.fields == [index] } }
}

extension FieldValue {
  /// The value of an integer or date field as its column has it.
  package var number: Int64? {
    switch self {
    case .integer(let value): value
    case .date(let date): Int64(date.days)
    case .text, .list: nil
    }
  }
}
