// Which candidates are in a block of a posting list, and where?
//
// Why the unsafe code here is sound: as candidates and a block's documents ascend, a block of 128 holds at most 128 of the candidates, and one
// more is written than is found: scratch has room for both. Places are below the block's `length`, candidates below their `count`.

/// The candidates found in a block, by place.
@safe struct BlockPlaces: ~Copyable {
  /// For each candidate that was found, its place among the candidates.
  let candidates: UnsafeMutablePointer<UInt32>
  /// And the place of its posting in the block.
  let places: UnsafeMutablePointer<UInt32>
  // For whoever gathers them: its document, and a frequency.
  let documents: UnsafeMutablePointer<DocID>
  let frequencies: UnsafeMutablePointer<UInt32>

  init() {
    let room = BitPacking.blockLength + 1
    unsafe candidates = .allocate(capacity: 4 * room)
    unsafe places = candidates + room
    unsafe documents = places + room
    unsafe frequencies = documents + room
  }

  deinit { unsafe candidates.deallocate() }

  /// Finds which of some candidates, none of them behind the loaded block, are in it. Returns how many.
  func find(_ others: borrowing Candidates, _ range: Range<Int>, in blocks: borrowing PostingBlocks) -> Int {
    let (documents, length) = unsafe (blocks.documents, blocks.length)
    let others = unsafe others.documents
    var found = 0
    if blocks.isBitmap {
      for candidate in range {
        guard let place = unsafe blocks.placeInBitmap(others[candidate]) else { continue }
        unsafe candidates[found] = UInt32(truncatingIfNeeded: candidate)
        unsafe places[found] = UInt32(truncatingIfNeeded: place)
        found &+= 1
      }
      return found
    }
    if range.count * 8 < length {
      // Few: each is looked for by halving. No branches but the loop's.
      for candidate in range {
        let document = unsafe others[candidate]
        var place = 0
        var step = 64
        while step > 0 {
          let next = place &+ step
          place = unsafe next <= length && documents[next &- 1] < document ? next : place
          step /= 2
        }
        unsafe candidates[found] = UInt32(truncatingIfNeeded: candidate)
        unsafe places[found] = UInt32(truncatingIfNeeded: place)
        found &+= unsafe place < length && documents[place] == document ? 1 : 0
      }
      return found
    }
    // Many: both are walked, without a branch that could not be foreseen. Terminates: every turn advances one of them.
    var (place, candidate) = (0, range.lowerBound)
    while place < length, candidate < range.upperBound {
      let (left, right) = unsafe (documents[place], others[candidate])
      unsafe candidates[found] = UInt32(truncatingIfNeeded: candidate)
      unsafe places[found] = UInt32(truncatingIfNeeded: place)
      found &+= unsafe Int(unsafeBitCast(left == right, to: UInt8.self))
      place &+= unsafe Int(unsafeBitCast(left <= right, to: UInt8.self))
      candidate &+= unsafe Int(unsafeBitCast(right <= left, to: UInt8.self))
    }
    return found
  }
}

extension PostingBlocks {
  /// Loads the block that the candidate at a place may be in, and says which candidates from there on are not behind it; nil when there is
  /// no such block, or no candidate. Candidates are asked for in ascending order.
  @inline(__always)
  mutating func loadBlock(of candidates: borrowing Candidates, from candidate: Int) throws(IndexError) -> Range<Int>? {
    guard candidate < candidates.count else { return nil }
    let document = unsafe candidates.documents[candidate]
    if length == 0 || last < document {
      let number = firstBlock(from: block &+ 1, reaching: document)
      if number > blockCount { return nil }
      try loadAsItIs(number)
      if length == 0 { return nil }
    }
    var end = candidate &+ 1
    while end < candidates.count, unsafe candidates.documents[end] <= last { end &+= 1 }
    return candidate..<end
  }
}
