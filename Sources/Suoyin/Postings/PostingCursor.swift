// Which document comes next in a posting list, how often is the term in it, and where?
//
// Why the unsafe code here is sound: `index` is that of a document of the block, or 0, and there is room for 128 frequencies.

extension DocID {
  /// After the last document of every list.
  package static let end = DocID.max
}

/// A moving position in one posting list, document by document; for one thread. What goes through whole lists works on `PostingBlocks`.
///
/// At first a cursor stands on its first document; `docID` is `DocID.end` when it has run out.
package final class PostingCursor {
  package private(set) var docID: DocID
  private var blocks: PostingBlocks
  private var index = 0

  package init(_ blocks: consuming PostingBlocks) {
    docID = blocks.document(at: 0)
    self.blocks = blocks
  }

  /// How many documents the list holds.
  package var cost: Int { blocks.count }
  /// How often the term is in the current document, at least 1.
  package var frequency: UInt32 {
    blocks.loadFrequencies()
    return unsafe blocks.frequencies[index]
  }

  /// The next document, which may be `DocID.end`.
  package func next() throws(IndexError) {
    if index + 1 < blocks.length {
      index += 1
      docID = blocks.document(at: index)
    } else if blocks.block < blocks.blockCount {
      try load(blocks.block + 1)
    } else {
      docID = .end
    }
  }

  /// Equivalent to `while docID < target { next() }`, without decoding the blocks in between.
  ///
  /// - Complexity: O(log *d*), *d* being the blocks passed over; at most one block decoded.
  /// - Source: Moffat & Zobel, "Self-indexing inverted files", ACM TOIS 1996.
  package func advance(to target: DocID) throws(IndexError) {
    guard docID < target else { return }
    if blocks.document(at: blocks.length - 1) < target {
      let block = blocks.firstBlock(from: blocks.block + 1, reaching: target)
      guard block <= blocks.blockCount else {
        docID = .end
        return
      }
      try load(block)
      if docID == .end { return }
    }
    while blocks.document(at: index) < target { index += 1 }
    docID = blocks.document(at: index)
  }

  /// Replaces the contents of `positions` by those in the current document, ascending.
  package func readPositions(into positions: inout [UInt32]) throws(IndexError) {
    positions.removeAll(keepingCapacity: true)
    try blocks.readPositions(at: index, into: &positions)
  }

  /// Calls `body` with the positions in the current document, ascending, until it says false.
  @inline(__always)
  func visitPositions(_ body: (UInt32) -> Bool) throws(IndexError) { try blocks.visitPositions(at: index, body) }

  private func load(_ block: Int) throws(IndexError) {
    try blocks.load(block)
    index = 0
    docID = blocks.length > 0 ? blocks.document(at: 0) : .end
  }
}
