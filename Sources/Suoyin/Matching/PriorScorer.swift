// What do documents score by a field's value?
//
// Why the unsafe code here is sound: indexes of candidates are below their count, and who leads gives documents of this segment.

/// Adds what a prior gives to the matches of another scorer. Only follows.
package final class PriorScorer: Scorer {
  private let prior: Prior
  private let column: Column
  private let values: ColumnCursor
  private let largest: Int64

  init(_ column: Column, _ prior: Prior) {
    self.prior = prior
    self.column = column
    values = ColumnCursor(column)
    largest = Self.largest(in: 0..<column.blockCount, column, prior)
    super.init()
  }

  /// The most that a value in some blocks gives. A share never falls where values grow, so that the greatest of each block says it.
  private static func largest(in blocks: Range<Int>, _ column: Column, _ prior: Prior) -> Int64 {
    var greatest: Int64?
    for block in blocks {
      let head = column.head(block)
      if head.presence != .none { greatest = max(greatest ?? .min, Int64(bitPattern: UInt64(bitPattern: head.least) &+ head.span)) }
    }
    return greatest.map(prior.share) ?? 0
  }

  package override var cost: Int { column.passageCount }
  package override var bound: Int64 { largest }

  package override func bound(from first: DocID, through last: DocID) -> Int64 {
    let blocks = Int(first) / ColumnFormat.blockLength..<min(column.blockCount, Int(last) / ColumnFormat.blockLength + 1)
    return blocks.count > 8 ? largest : Self.largest(in: blocks, column, prior)
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      guard let value = try values.last(unsafe candidates.documents[index]) else { continue }
      candidates.match(index, adding: isScored ? prior.share(of: value) : 0)
    }
  }
}
