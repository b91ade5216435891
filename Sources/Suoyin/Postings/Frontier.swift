// How well can any posting of a block score, whatever the ranking's parameters are?

/// Pairs of a frequency and a length such that every posting has at most the frequency and at least the length of one of them: BM25 grows
/// with the frequency and shrinks with the length, so that the best pair's score is a bound, under any k1, b, weight and average length.
///
///     frontier = count:u8 { frequency:u8 length:u16 } × count       frequency 255: as large as can be
///
/// Rounding is upwards for frequencies and downwards for lengths, so that a bound stays one.
///
/// - Source: Ding & Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011, with pairs in the place of scores, so that
///   nothing about the ranking is fixed when the index is written.
package struct Frontier {
  package static let entryLength = 3
  /// More pairs than this are joined, two neighbours at a time.
  package static let maximumCount = 4
  /// Stands for every frequency from it on.
  static let unlimited: UInt8 = 255

  /// The Pareto-optimal pairs, ascending in both: a longer passage with no higher frequency is left out.
  private var pairs: [(frequency: UInt32, length: UInt32)] = []

  package init() {}

  package mutating func add(frequency: UInt32, length: UInt32) {
    if pairs.contains(where: { $0.frequency >= frequency && $0.length <= length }) { return }
    pairs.removeAll { $0.frequency <= frequency && $0.length >= length }
    pairs.append((frequency, length))
  }

  package mutating func add(_ other: Frontier) {
    for pair in other.pairs { add(frequency: pair.frequency, length: pair.length) }
  }

  package mutating func removeAll() { pairs.removeAll(keepingCapacity: true) }

  /// Appends the pairs, at most `maximumCount` after joining.
  package func append(to writer: inout ByteWriter) {
    var pairs = pairs.map { (frequency: min($0.frequency, UInt32(Self.unlimited)), length: min($0.length, UInt32(UInt16.max))) }
    pairs.sort { $0.frequency < $1.frequency }
    while pairs.count > Self.maximumCount {
      // The join that raises its better part's score the least, by the usual parameters and a length that is usual here.
      let average = Double(pairs[pairs.count / 2].length) + 1
      func score(_ frequency: UInt32, _ length: UInt32) -> Double {
        Double(frequency) / (Double(frequency) + 0.3 + 0.9 * Double(length) / average)
      }
      let least = (1..<pairs.count).min { left, right in
        func loss(_ index: Int) -> Double {
          let (low, high) = (pairs[index - 1], pairs[index])
          return score(high.frequency, low.length) - max(score(low.frequency, low.length), score(high.frequency, high.length))
        }
        return loss(left) < loss(right)
      }
      guard let least else { break }
      pairs[least].length = pairs[least - 1].length
      pairs.remove(at: least - 1)
    }
    writer.append(byte: UInt8(pairs.count))
    for pair in pairs {
      writer.append(byte: UInt8(pair.frequency))
      writer.append(fixed: UInt16(pair.length))
    }
  }
}
