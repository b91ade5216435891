// Which segments are merged, and when?

/// Merges the last segments of a level when there are enough of them, so that the number of segments stays logarithmic.
///
/// The plan depends only on the order and levels of segments and on their dead passages, never on sizes or times, so that the same input
/// gives the same index. (The logarithmic method: Bentley & Saxe, "Decomposable searching problems", 1980.)
package enum MergePolicy {
  /// How many segments of a level become one of the next.
  package static let factor = 8

  /// The most passages of one segment: the end of a posting list has differences of their numbers and a bit more in 32 bits.
  package static let maximumPassageCount = Int(DocID.end) / 2 - 1

  /// - Throws: `invalidArgument` when a segment would hold too many passages.
  package static func check(_ passageCount: Int, _ directory: String) throws(IndexError) {
    if passageCount <= maximumPassageCount { return }
    throw IndexError(
      .invalidArgument,
      "\(passageCount) passages do not fit one segment, which has at most \(maximumPassageCount); leave the index in several",
      path: directory)
  }

  /// What the policy needs to know of a segment.
  package struct Segment {
    package var level: Int
    package var passageCount: Int
    package var liveCount: Int

    package init(level: Int, passageCount: Int, liveCount: Int) {
      self.level = level
      self.passageCount = passageCount
      self.liveCount = liveCount
    }
  }

  /// The next merge: a range of segments and the level of the result; nil when nothing is to be done.
  ///
  /// Segments of which more than half is dead are rewritten alone.
  package static func next(_ segments: [Segment]) -> (range: Range<Int>, level: Int)? {
    if let sparse = segments.firstIndex(where: { $0.liveCount * 2 < $0.passageCount }) {
      return (sparse..<sparse + 1, segments[sparse].level)
    }
    guard let level = segments.last?.level else { return nil }
    let start = segments.lastIndex { $0.level != level }.map { $0 + 1 } ?? 0
    guard segments.count - start >= factor else { return nil }
    // What would be too large for one segment stays several.
    let isTooLarge = segments[start...].reduce(0) { $0 + $1.liveCount } > maximumPassageCount
    return isTooLarge ? nil : (start..<segments.count, level + 1)
  }
}
