// Which document comes next in a posting list, how often is the term in it, and where?
extension DocID {
  /// After the last document of every list.
  package static let end = DocID.max
}

/// A moving position in one term's posting list, or in what behaves like one. For one thread.
///
/// Before the first call of `advance` a cursor stands on its first document; `docID` is `DocID.end` when it has run out.
package class PositionCursor {
  package fileprivate(set) final var docID: DocID = 0

  /// How many postings there are at most: the order in which conjunctions ask.
  package var cost: Int { 0 }
  /// How often the term is in the current document, at least 1.
  package var frequency: UInt32 { 0 }
  /// Advances to the first document that is at least `target`, which is greater than `docID`.
  package func advance(to target: DocID) throws(IndexError) {}
  /// Replaces the contents of `positions` by those in the current document, ascending.
  package func readPositions(into positions: inout [UInt32]) throws(IndexError) {}
}

/// The cursor over one posting list, document by document. What goes through whole lists works on `PostingBlocks`.
package final class PostingCursor: PositionCursor {
  private var blocks: PostingBlocks
  private var index = 0

  package init(_ blocks: consuming PostingBlocks) {
    let first = blocks.document(at: 0)
    self.blocks = blocks
    super.init()
    docID = first
  }

  package override var cost: Int { blocks.count }
  package override var frequency: UInt32 {
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
  package override func advance(to target: DocID) throws(IndexError) {
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

  package override func readPositions(into positions: inout [UInt32]) throws(IndexError) {
    positions.removeAll(keepingCapacity: true)
    try blocks.readPositions(at: index, into: &positions)
  }

  private func load(_ block: Int) throws(IndexError) {
    try blocks.load(block)
    index = 0
    docID = blocks.length > 0 ? blocks.document(at: 0) : .end
  }
}

/// Several lists as one: the occurrences of all of them. The lists have no position in common.
package final class PostingUnion: PositionCursor {
  private let cursors: [PostingCursor]
  private var scratch: [UInt32] = []

  package init(_ cursors: [PostingCursor]) {
    self.cursors = cursors
    super.init()
    docID = cursors.map(\.docID).min() ?? .end
  }

  package override var cost: Int { cursors.reduce(0) { $0 + $1.cost } }
  package override var frequency: UInt32 { cursors.reduce(0) { $1.docID == docID ? $0 + $1.frequency : $0 } }

  package override func advance(to target: DocID) throws(IndexError) {
    var smallest = DocID.end
    for cursor in cursors {
      if cursor.docID < target { try cursor.advance(to: target) }
      smallest = min(smallest, cursor.docID)
    }
    docID = smallest
  }

  package override func readPositions(into positions: inout [UInt32]) throws(IndexError) {
    positions.removeAll(keepingCapacity: true)
    for cursor in cursors where cursor.docID == docID {
      try cursor.readPositions(into: &scratch)
      positions += scratch
    }
    positions.sort()
    // Two readings of a character stand at one place.
    var kept = 0
    for index in positions.indices where index == 0 || positions[index] != positions[kept - 1] {
      positions[kept] = positions[index]
      kept += 1
    }
    positions.removeSubrange(kept...)
  }
}
