// Where does any of many terms stand?
internal import SuoyinStorage

/// The occurrences of many terms in a segment as if they were those of one: by document, but within one in no order.
///
/// All lists are read when it is made, one after another, which for thousands of short lists costs a fraction of what it costs to go through them side by
/// side. It takes 4 bytes for an occurrence, and 12 at most for a passage of the segment.
package final class MergedPlaces {
  /// Those that have an occurrence, ascending.
  let documents: [DocID]
  /// For each document where its positions end.
  private let ends: [UInt32]
  private let positions: [UInt32]

  /// - Returns: nil when there are more occurrences than `maximumCount`.
  init?(of lists: [StringValue], in segment: SegmentReader, _ interruption: Interruption) throws(IndexError) {
    var counts = [UInt32](repeating: 0, count: Int(segment.passageCount))
    var total = 0
    try Self.forEachBlock(of: lists, in: segment, interruption) { blocks throws(IndexError) in
      blocks.loadFrequencies()
      for place in 0..<blocks.length {
        let frequency = unsafe blocks.frequencies[place]
        counts[Int(blocks.document(at: place))] &+= frequency
        total += Int(frequency)
      }
    }
    // Counts of 32 bits have not run over where the sum of all is below that.
    if total > Self.maximumCount { return nil }

    var (documents, ends): ([DocID], [UInt32]) = ([], [])
    var end: UInt32 = 0
    /// From here on: for each document where its next position goes.
    for document in counts.indices where counts[document] > 0 {
      let start = end
      end += counts[document]
      counts[document] = start
      documents.append(DocID(document))
      ends.append(end)
    }
    var positions = [UInt32](repeating: 0, count: total)
    try Self.forEachBlock(of: lists, in: segment, interruption) { blocks throws(IndexError) in
      for place in 0..<blocks.length {
        let document = Int(blocks.document(at: place))
        var next = Int(counts[document])
        try blocks.forEachPosition(at: place) { position in
          positions[next] = position
          next &+= 1
        }
        counts[document] = UInt32(truncatingIfNeeded: next)
      }
    }
    self.documents = documents
    self.ends = ends
    self.positions = positions
  }

  /// The most occurrences that are put together: a quarter of a gigabyte.
  private static let maximumCount = 1 << 26

  private static func forEachBlock(
    of lists: [StringValue], in segment: SegmentReader, _ interruption: Interruption,
    _ body: (inout PostingBlocks) throws(IndexError) -> Void
  ) throws(IndexError) {
    for (number, list) in lists.enumerated() {
      if number % 64 == 63 { try interruption.check() }
      var blocks = try segment.blocks(list)
      for block in 0...blocks.blockCount {
        if block % 64 == 63 { try interruption.check() }
        if block > 0 { try blocks.load(block) }
        try body(&blocks)
      }
    }
  }

  /// The positions in the document at a place, in no order.
  func positions(at place: Int) -> ArraySlice<UInt32> { positions[Int(place == 0 ? 0 : ends[place - 1])..<Int(ends[place])] }

  /// What has been put together for one part of a query: its hits and its count need the same.
  package final class Cache {
    private var bySegment: [Int: MergedPlaces?] = [:]

    func places(
      of lists: [StringValue], in segment: SegmentReader, number: Int, _ interruption: Interruption
    ) throws(IndexError) -> MergedPlaces? {
      if let known = bySegment[number] { return known }
      let places = try MergedPlaces(of: lists, in: segment, interruption)
      bySegment[number] = .some(places)
      return places
    }
  }
}

extension [DocID] {
  /// The first place from `start` on whose document is at least `target`, of documents that ascend; the end when there is none.
  ///
  /// - Complexity: O(log *d*), *d* being the places passed over.
  func firstPlace(from start: Int, reaching target: DocID) -> Int {
    // Invariant: documents before `low` are below the target. Terminates: the step grows, then the gap shrinks.
    var low = start
    var step = 1
    while low + step <= count, self[low + step - 1] < target {
      low += step
      step *= 2
    }
    var high = Swift.min(count, low + step - 1)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < target { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
