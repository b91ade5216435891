// How does a column of a merged segment come about?

extension ColumnEncoder {
  /// Appends the values of passages of several segments.
  ///
  /// - Parameters:
  ///   - runs: The passages, in their new order.
  ///   - columns: For each segment its column; nil where it was written without the field.
  mutating func append(_ runs: [PassageRun], of columns: [Column?]) throws(IndexError) {
    // Of each segment the block read last: its runs ascend.
    var blocks = [(number: Int, block: ColumnBlock)?](repeating: nil, count: columns.count)
    for run in runs {
      guard let column = columns[run.segment] else {
        for _ in run.documents { append(nil) }
        continue
      }
      var next = Int(run.documents.lowerBound)
      // Terminates: every turn goes on by a passage at least.
      while next < Int(run.documents.upperBound) {
        let number = next / ColumnFormat.blockLength
        if blocks[run.segment]?.number != number { blocks[run.segment] = (number, try column.block(number)) }
        let (first, end) = (number * ColumnFormat.blockLength, min(Int(run.documents.upperBound), (number + 1) * ColumnFormat.blockLength))
        if let block = blocks[run.segment]?.block { append(next - first..<end - first, of: block) }
        next = end
      }
    }
  }

  /// Appends the values of neighbouring passages of a block, of each the smallest.
  private mutating func append(_ slots: Range<Int>, of block: ColumnBlock) {
    for slot in slots {
      let ranks = block.ranks(slot)
      append(ranks.isEmpty ? nil : block.value(ranks.lowerBound))
    }
  }
}
