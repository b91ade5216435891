// Which document comes next in a posting list, how often is the term in it, and where?
//
// Why the unsafe code here is sound: the list is a slice of a mapped file that this cursor keeps alive; every block's extent is compared
// with the slice before `BitPacking.unpack` reads it, and everything else is read through the checked `ByteReader`.
package import SuoyinStorage

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

/// The cursor over one posting list.
package final class PostingCursor: PositionCursor {
  private let list: ByteSlice
  private let documentCount: Int
  private let limit: DocID
  private let blockCount: Int
  /// Where the blocks begin in `list`, after the directory.
  private let bodyStart: Int
  private var positionsStart: Int
  private var documents = [UInt32](repeating: 0, count: BitPacking.blockLength)
  private var frequencies = [UInt32](repeating: 0, count: BitPacking.blockLength)
  /// The block that is decoded; `blockCount` is the tail.
  private var block = 0
  private var blockLength = 0
  private var index = 0
  /// The posting in the block whose positions begin at `nextPosition`.
  private var positionIndex = 0
  private var nextPosition = 0

  /// - Parameters:
  ///   - list: The bytes that `PostingListWriter` wrote.
  ///   - count: How many documents the list holds.
  ///   - limit: Document IDs must be below it.
  package init(_ list: ByteSlice, count: Int, limit: DocID) throws(IndexError) {
    self.list = list
    documentCount = count
    self.limit = limit
    blockCount = count / BitPacking.blockLength
    bodyStart = blockCount > 0 ? 4 + (blockCount + 1) * 12 : 0
    positionsStart = 0
    super.init()
    if blockCount > 0 {
      var reader = ByteReader(list)
      positionsStart = Int(try reader.fixed(UInt32.self))
      guard positionsStart >= bodyStart, positionsStart <= list.count else { throw reader.corrupted("positions outside the posting list") }
    }
    try load(0)
  }

  package override var cost: Int { documentCount }
  package override var frequency: UInt32 { frequencies[index] }

  /// The next document, which may be `DocID.end`.
  @inline(__always)
  package func next() throws(IndexError) {
    if index + 1 < blockLength {
      index += 1
      docID = documents[index]
    } else if block < blockCount {
      try load(block + 1)
    } else {
      docID = .end
    }
  }

  /// Calls `body` with every posting below `limit`, from the current one on, and stands on the first that is left.
  ///
  /// Equivalent to `while docID < limit { body(docID, frequency); next() }`, without an access to this object for every posting: the
  /// run-time checks of those cost more than decoding.
  @inline(__always)
  package func forEachPosting(below limit: DocID, _ body: (DocID, UInt32) -> Void) throws(IndexError) {
    // Terminates: every turn ends the walk or goes on to the next block.
    while docID < limit {
      do {
        // Given back at the end of this scope, so that `load` finds its arrays unshared.
        let documents = self.documents
        let frequencies = self.frequencies
        let end = blockLength
        var index = self.index
        while index < end, documents[index] < limit {
          body(documents[index], frequencies[index])
          index += 1
        }
        self.index = index
        if index < end { docID = documents[index] }
        if index < end { return }
      }
      if block < blockCount { try load(block + 1) } else { docID = .end }
    }
  }

  /// Equivalent to `while docID < target { next() }`, without decoding the blocks in between.
  ///
  /// - Complexity: O(log *b*) directory entries read, *b* being the list's blocks; at most two blocks decoded.
  /// - Source: Moffat & Zobel, "Self-indexing inverted files", ACM TOIS 1996.
  package override func advance(to target: DocID) throws(IndexError) {
    guard docID < target else { return }
    if documents[blockLength - 1] < target {
      guard block < blockCount else {
        docID = .end
        return
      }
      // The last entry whose base is below the target. Invariant: base(low) < target; terminates: the gap shrinks.
      var low = block + 1
      var high = blockCount + 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if try directory(middle).base < target { low = middle } else { high = middle }
      }
      try load(low)
      if docID >= target { return }
      if documents[blockLength - 1] < target {  // only the tail: a block's last document is the next base
        docID = .end
        return
      }
    }
    let documents = self.documents
    var index = self.index
    while documents[index] < target { index += 1 }
    self.index = index
    docID = documents[index]
  }

  package override func readPositions(into positions: inout [UInt32]) throws(IndexError) {
    positions.removeAll(keepingCapacity: true)
    var reader = ByteReader(list, at: nextPosition)
    let frequencies = self.frequencies
    for skipped in positionIndex..<max(positionIndex, index) {
      for _ in 0..<frequencies[skipped] { _ = try reader.variable() }
    }
    positionIndex = index
    nextPosition = reader.offset
    var position: UInt64 = 0
    for _ in 0..<frequencies[index] {
      position += UInt64(try reader.variable(atMost: Int(UInt32.max)))
      guard position < UInt64(UInt32.max) else { throw reader.corrupted("a position of more than 32 bits") }
      positions.append(UInt32(position))
    }
  }

  private func directory(_ entry: Int) throws(IndexError) -> (base: UInt32, offset: Int, positions: Int) {
    let start = 4 + entry * 12
    guard let base: UInt32 = list.integer(at: start), let offset: UInt32 = list.integer(at: start + 4),
      let positions: UInt32 = list.integer(at: start + 8)
    else { throw .corrupted("the posting list's directory ends too early", in: list, at: start) }
    return (base, Int(offset), Int(positions))
  }

  /// Decodes a block, or the tail, and stands on its first document; an empty tail is the end.
  private func load(_ number: Int) throws(IndexError) {
    block = number
    index = 0
    positionIndex = 0
    let entry = blockCount > 0 ? try directory(number) : (base: 0, offset: 0, positions: 0)
    if number < blockCount {
      try loadBlock(at: bodyStart + entry.offset, base: entry.base)
      // What `advance` skips by must be true, and blocks must follow one another.
      guard number > 0 || entry.base == 0, try directory(number + 1).base == documents[blockLength - 1] else {
        throw .corrupted("the posting list's directory contradicts its blocks", in: list)
      }
    } else {
      try loadTail(at: bodyStart + entry.offset, base: entry.base)
    }
    nextPosition = positionsStart + entry.positions
    guard nextPosition <= list.count else { throw .corrupted("positions outside the posting list", in: list) }
    docID = blockLength > 0 ? documents[0] : .end
  }

  private func loadBlock(at start: Int, base: UInt32) throws(IndexError) {
    var reader = ByteReader(list, at: start)
    let deltaBits = Int(try reader.byte())
    let frequencyBits = Int(try reader.byte())
    guard deltaBits <= 32, frequencyBits <= 32 else { throw reader.corrupted("a width of more than 32 bits") }
    let deltas = try reader.slice(BitPacking.packedLength(width: deltaBits))
    let rest = try reader.slice(BitPacking.packedLength(width: frequencyBits))
    // Moved out while they are written, so that the loops work on local arrays.
    var (documents, frequencies) = (self.documents, self.frequencies)
    (self.documents, self.frequencies) = ([], [])
    defer { (self.documents, self.frequencies) = (documents, frequencies) }
    unsafe BitPacking.unpack(deltas.unsafeBytes, width: deltaBits, into: &documents)
    unsafe BitPacking.unpack(rest.unsafeBytes, width: frequencyBits, into: &frequencies)
    blockLength = BitPacking.blockLength
    let isFirst = block == 0
    var document = base
    var isAscending = true
    for position in 0..<BitPacking.blockLength {
      let delta = documents[position]
      let (sum, overflow) = document.addingReportingOverflow(delta)
      isAscending = isAscending && !overflow && (delta > 0 || isFirst && position == 0)
      document = sum
      documents[position] = document
      let (frequency, tooLarge) = frequencies[position].addingReportingOverflow(1)
      isAscending = isAscending && !tooLarge
      frequencies[position] = frequency
    }
    guard isAscending, document < limit else { throw .corrupted("documents of a posting list do not ascend", in: list, at: start) }
  }

  private func loadTail(at start: Int, base: UInt32) throws(IndexError) {
    var reader = ByteReader(list, at: start)
    blockLength = documentCount % BitPacking.blockLength
    var document = UInt64(base)
    for position in 0..<blockLength {
      let code = try reader.variable(atMost: 1 << 33)
      guard code >> 1 > 0 || blockCount == 0 && position == 0 else { throw reader.corrupted("documents of a posting list do not ascend") }
      document += UInt64(code >> 1)
      guard document < UInt64(limit) else { throw reader.corrupted("a document that the segment does not have") }
      documents[position] = UInt32(document)
      frequencies[position] = code & 1 == 1 ? 1 : UInt32(try reader.variable(atMost: Int(UInt32.max) - 2) + 2)
    }
    if blockCount == 0 { positionsStart = reader.offset }
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
