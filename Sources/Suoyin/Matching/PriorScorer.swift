// What do documents score by a field's value?
//
// Why the unsafe code here is sound: indexes of candidates are below their count, and who leads gives documents of this segment.

/// Adds what a prior gives to the matches of another scorer. Only follows.
package final class PriorScorer: Scorer {
  private let prior: Prior
  private let column: Column
  private let values: ColumnCursor
  private let largest: Int64

  /// - Returns: nil for a column without values.
  init?(_ column: Column, _ prior: Prior) {
    guard let largest = Self.largest(in: 0..<column.blockCount, column, prior) else { return nil }
    self.prior = prior
    self.column = column
    self.largest = largest
    values = ColumnCursor(column)
    super.init()
  }

  /// The most that a value in some blocks gives; nil where there is none. A share never falls where values grow, so that the greatest value says it.
  private static func largest(in blocks: Range<Int>, _ column: Column, _ prior: Prior) -> Int64? {
    var greatest: Int64?
    for block in blocks {
      let head = column.head(block)
      if head.presence != .none { greatest = max(greatest ?? .min, Int64(bitPattern: UInt64(bitPattern: head.least) &+ head.span)) }
    }
    return greatest.map(prior.share)
  }

  package override var cost: Int { column.passageCount }
  package override var bound: Int64 { largest }

  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    let blocks = Int(first) / ColumnFormat.blockLength..<min(column.blockCount, Int(last) / ColumnFormat.blockLength + 1)
    return blocks.count > 8 ? largest : Self.largest(in: blocks, column, prior) ?? 0
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      guard let value = try values.last(unsafe candidates.documents[index]) else { continue }
      candidates.match(index, adding: isScored ? prior.share(of: value) : 0)
    }
  }
}
