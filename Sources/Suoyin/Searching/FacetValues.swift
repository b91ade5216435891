// In which of several ranges does a value lie, and which values are the most frequent?

/// The numbers between neighbouring ends of ranges: each range is a row of such steps.
struct ValueSteps {
  /// Where each step but the first begins, ascending.
  private let starts: [Int64]
  /// For each range its steps.
  let ranges: [Range<Int>]

  /// - Parameter ranges: nil for a range that holds nothing.
  init(_ ranges: [ClosedRange<Int64>?]) {
    var starts: Set<Int64> = []
    for range in ranges.compactMap(\.self) {
      starts.insert(range.lowerBound)
      if range.upperBound < .max { starts.insert(range.upperBound + 1) }
    }
    let sorted = starts.sorted()
    self.starts = sorted
    self.ranges = ranges.map { range in
      guard let range else { return 0..<0 }
      return Self.step(of: range.lowerBound, sorted)..<Self.step(of: range.upperBound, sorted) + 1
    }
  }

  var count: Int { starts.count + 1 }

  @inline(__always)
  func step(of value: Int64) -> Int { Self.step(of: value, starts) }

  /// How many of the starts are at most the value.
  @inline(__always)
  private static func step(of value: Int64, _ starts: [Int64]) -> Int {
    let starts = starts.span
    var first = 0
    var count = starts.count
    // Invariant: the starts before `first` are at most the value, those from first + count on greater. Terminates: the count shrinks.
    while count > 0 {
      let half = (count &+ 1) / 2
      if starts[first &+ half &- 1] <= value { first &+= half }
      count &-= half
    }
    return first
  }
}

/// The values with the highest counts, of several with the same the smallest.
struct MostFrequent {
  let limit: Int
  /// The most frequent first.
  private(set) var values: [(value: [UInt8], count: Int)] = []

  init(limit: Int) { self.limit = limit }

  /// Offers a value greater than those before.
  mutating func offer(_ value: [UInt8], _ count: Int) {
    if values.count == limit {
      guard let last = values.last, last.count < count else { return }
      values.removeLast()
    }
    // Invariant: values[..<low] have this count at least, values[high...] less. Terminates: the gap shrinks.
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle].count >= count { low = middle + 1 } else { high = middle }
    }
    values.insert((value, count), at: low)
  }
}
