// How well can the postings of a list or a block score at best?
//
// Why the unsafe code here is sound: the kernel gets the list and its length, and where the head's entries are, which `open` has compared with it;
// pairs of a frontier are read where they have been compared with the list.
internal import CKernels
internal import SuoyinStorage

extension PostingBlocks {
  /// The most that any posting of the list scores; nil when the list is too short to say.
  package func bound(_ similarity: BM25) -> Int64? {
    blockCount > 0 ? bound(similarity, ofFrontierAt: 4) : nil
  }

  /// The most that any posting of a block scores; nil for the tail.
  @inline(__always)
  package func bound(_ similarity: BM25, ofBlock block: Int) -> Int64? {
    if block >= blockCount { return nil }
    var bound: Int64 = 0
    unsafe bounds(similarity, ofBlocks: block..<block + 1, into: &bound, reached: nil)
    return bound
  }

  /// The most that any posting of each of some blocks scores, which are no tails, and a score that one of its postings reaches, as far as is
  /// known: see `Frontier`.
  @inline(__always)
  package func bounds(
    _ similarity: BM25, ofBlocks range: Range<Int>, into bounds: UnsafeMutablePointer<Int64>, reached: UnsafeMutablePointer<Int64>?
  ) {
    guard let address = unsafe list.unsafeBytes.baseAddress else { return }
    // In bounds: `open` has compared the end of the entries with the list.
    unsafe suoyin_block_bounds(
      address.assumingMemoryBound(to: UInt8.self), list.count, entriesStart + range.lowerBound * Self.entryLength, bodyStart,
      UInt32(range.count), similarity.kernel, bounds, reached)
  }

  /// - Returns: nil when there is no frontier there.
  private func bound(_ similarity: BM25, ofFrontierAt start: Int) -> Int64? {
    let bytes = unsafe list.unsafeBytes
    guard start < bytes.count else { return nil }
    let count = unsafe Int(bytes[start])
    guard count > 0, start + 1 + count * Frontier.entryLength <= bytes.count else { return nil }
    var best: Int64 = 0
    for pair in 0..<count {
      let offset = start &+ 1 &+ pair &* Frontier.entryLength
      // In bounds: just compared.
      let frequency = unsafe bytes[offset]
      let length = unsafe UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 1, as: UInt16.self)))
      let score =
        frequency == Frontier.unlimited ? similarity.limit : similarity.score(frequency: Double(frequency), length: length)
      best = max(best, score)
    }
    // The rounding of two scores may differ by a unit.
    return best + 1
  }
}
