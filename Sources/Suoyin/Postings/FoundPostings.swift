// Which candidates are in a block of a posting list, and where?
//
// Why the unsafe code here is sound: as candidates and a block's documents ascend, a block of 128 holds at most 128 of the candidates, and one
// more is written than is found: there is room for both. Places are below the block's `length`, candidates below their `count`.
internal import CKernels

/// The candidates found in a block, one after another.
@safe package struct FoundPostings {
  /// For each, its place among the candidates that were looked for.
  package let others: UnsafeMutablePointer<UInt32>
  /// And the place of its posting in the block.
  package let places: UnsafeMutablePointer<UInt32>
  // For whoever gathers them: its document, a frequency, and what that scores.
  let documents: UnsafeMutablePointer<DocID>
  let frequencies: UnsafeMutablePointer<UInt32>
  let scores: UnsafeMutablePointer<Int64>

  /// A multiple of 8.
  static let byteCount = BitPacking.blockLength * MemoryLayout<Int64>.size + 4 * room * MemoryLayout<UInt32>.size
  private static let room = BitPacking.blockLength + 2

  /// - Parameter memory: `byteCount` bytes, which outlive this.
  init(_ memory: UnsafeMutableRawPointer) {
    unsafe scores = memory.assumingMemoryBound(to: Int64.self)
    unsafe others = UnsafeMutableRawPointer(scores + BitPacking.blockLength).assumingMemoryBound(to: UInt32.self)
    unsafe places = others + Self.room
    unsafe documents = places + Self.room
    unsafe frequencies = documents + Self.room
  }
}

extension PostingBlocks {
  /// Loads the block that the first of some candidates may be in, and says which of them are not behind it; nil when there is no such block,
  /// or no candidate. Candidates are asked for in ascending order.
  @inline(__always)
  mutating func loadBlock(of candidates: UnsafePointer<DocID>, _ range: Range<Int>) throws(IndexError) -> Range<Int>? {
    if range.isEmpty { return nil }
    let document = unsafe candidates[range.lowerBound]
    if length == 0 || last < document {
      let number = firstBlock(from: block &+ 1, reaching: document)
      if number > blockCount { return nil }
      try loadAsItIs(number)
      if length == 0 { return nil }
    }
    let count = unsafe suoyin_count_through(candidates + range.lowerBound, UInt32(truncatingIfNeeded: range.count), last)
    return range.lowerBound..<range.lowerBound &+ Int(count)
  }
}
