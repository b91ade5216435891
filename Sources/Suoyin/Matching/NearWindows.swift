// Where do several sequences stand close together?

/// Finds the windows in which every one of several sequences occurs with few cells between them.
///
/// A window begins where one of the sequences does. In order, each sequence is taken at its first occurrence behind the end of the one before;
/// in any order, each at its first occurrence in the window, and they may overlap. A window counts when the cells in it that
/// belong to no sequence are at most `distance`; the next one begins behind its end.
package struct NearWindows {
  /// How many numbers the cells of each sequence span.
  package let spans: [UInt32]
  package let distance: UInt32
  package let isOrdered: Bool

  package init(spans: [UInt32], distance: UInt32, isOrdered: Bool) {
    self.spans = spans
    self.distance = distance
    self.isOrdered = isOrdered
  }

  /// Calls `body` with the start of every sequence in each window, in the order of the sequences.
  ///
  /// - Parameters:
  ///   - starts: For each sequence where it occurs, ascending.
  ///   - range: The positions in which windows lie: a field's.
  /// - Complexity: O(*n*) in order, O(*n* *s*) in any order, *n* being the occurrences and *s* the sequences; in order with many
  ///   occurrences of the first before one of the others, O(*n* *s*) too.
  package func forEach(_ starts: [[UInt32]], in range: Range<UInt32>, _ body: ([UInt32]) -> Void) {
    var places = starts.map { starts in Self.first(starts, from: 0, reaching: range.lowerBound) }
    var window = [UInt32](repeating: 0, count: spans.count)
    var low = range.lowerBound
    // Terminates: every turn moves `low` on. Invariant: places are never moved beyond what a later window may need.
    while true {
      var begin = UInt32.max
      var end: UInt32 = 0
      var reached = low
      for sequence in spans.indices {
        let positions = starts[sequence]
        var place = places[sequence]
        while place < positions.count, positions[place] < reached { place += 1 }
        places[sequence] = place
        guard place < positions.count, positions[place] < range.upperBound else { return }
        window[sequence] = positions[place]
        begin = min(begin, positions[place])
        end = max(end, positions[place] + spans[sequence])
        if isOrdered { reached = positions[place] + spans[sequence] }
      }
      // Sequences that overlap have fewer cells between them than none.
      let foreign = Int(end - begin) - spans.reduce(0) { $0 + Int($1) }
      if foreign <= Int(distance) {
        body(window)
        low = end
      } else {
        low = begin + 1
      }
    }
  }

  private static func first(_ positions: [UInt32], from start: Int, reaching target: UInt32) -> Int {
    positions[start...].firstIndex { $0 >= target } ?? positions.count
  }
}
