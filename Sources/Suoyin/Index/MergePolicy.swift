// Which segments are merged, and when?

/// Merges the last segments of a level when there are enough of them, so that the number of segments stays logarithmic.
///
/// The plan depends only on the order and levels of segments and on their dead passages, never on sizes or times, so that the same input
/// gives the same index. (The logarithmic method: Bentley & Saxe, "Decomposable searching problems", 1980.)
package enum MergePolicy {
  /// How many segments of a level become one of the next.
  package static let factor = 8

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
    return segments.count - start >= factor ? (start..<segments.count, level + 1) : nil
  }
}
