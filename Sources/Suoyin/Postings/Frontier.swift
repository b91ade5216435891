// How well can any posting of a block score, whatever the ranking's parameters are?

/// Pairs of a frequency and a length such that every posting has at most the frequency and at least the length of one of them: BM25 grows
/// with the frequency and shrinks with the length, so that the best pair's score is a bound, under any k1, b, weight and average length.
///
///     frontier = count:u8 { frequency:u8 length:u16 } × count       frequency 255: as large as can be
///
/// Rounding is upwards for frequencies and downwards for lengths, so that a bound stays one.
///
/// Fewer pairs than `maximumCount` are postings that the block has, but for the rounding. Of joined ones, each has the length of a posting whose
/// frequency is higher than that of the pair before. So a frontier also says of a score that it is reached (`PostingBlocks.bounds`).
///
/// - Source: Ding & Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011, with pairs in the place of scores, so that
///   nothing about the ranking is fixed when the index is written.
package struct Frontier {
  package static let entryLength = 3
  /// More pairs than this are joined, two neighbours at a time.
  package static let maximumCount = 4
  /// Stands for every frequency from it on.
  static let unlimited: UInt8 = 255
  /// Frequencies below have a place of their own in `least`.
  private static let smallFrequencies = 32
  private static let none = UInt32.max

  private typealias Pair = (frequency: UInt32, length: UInt32)

  /// The least length with each small frequency; `none` where there is none.
  private var least = InlineArray<32, UInt32>(repeating: Frontier.none)
  /// Of the greater frequencies the Pareto-optimal pairs.
  private var rare: [Pair] = []
  /// Scratch: the pairs as they are written.
  private var pairs: [Pair] = []

  package init() {}

  @inline(__always)
  package mutating func add(frequency: UInt32, length: UInt32) {
    if frequency < Self.smallFrequencies {
      let place = Int(truncatingIfNeeded: frequency)
      if length < least[place] { least[place] = length }
    } else {
      addRare(frequency, length)
    }
  }

  @inline(never)
  private mutating func addRare(_ frequency: UInt32, _ length: UInt32) {
    if rare.contains(where: { $0.frequency >= frequency && $0.length <= length }) { return }
    rare.removeAll { $0.frequency <= frequency && $0.length >= length }
    rare.append((frequency, length))
  }

  package mutating func add(_ other: Frontier) {
    for place in other.least.indices where other.least[place] < least[place] { least[place] = other.least[place] }
    for pair in other.rare { addRare(pair.frequency, pair.length) }
  }

  package mutating func removeAll() {
    least = InlineArray(repeating: Self.none)
    rare.removeAll(keepingCapacity: true)
  }

  /// Appends the pairs, at most `maximumCount` after joining.
  package mutating func append(to writer: inout ByteWriter) {
    collectPairs()
    while pairs.count > Self.maximumCount {
      // The join that raises its better part's score the least, by the usual parameters and a length that is usual here.
      let average = Double(pairs[pairs.count / 2].length) + 1
      func score(_ frequency: UInt32, _ length: UInt32) -> Double {
        Double(frequency) / (Double(frequency) + 0.3 + 0.9 * Double(length) / average)
      }
      var best = (index: 1, loss: Double.infinity)
      for index in 1..<pairs.count {
        let (low, high) = (pairs[index - 1], pairs[index])
        let loss = score(high.frequency, low.length) - max(score(low.frequency, low.length), score(high.frequency, high.length))
        if loss < best.loss { best = (index, loss) }
      }
      pairs[best.index].length = pairs[best.index - 1].length
      pairs.remove(at: best.index - 1)
    }
    writer.append(byte: UInt8(pairs.count))
    for pair in pairs {
      writer.append(byte: UInt8(pair.frequency))
      writer.append(fixed: UInt16(pair.length))
    }
  }

  /// Puts the Pareto-optimal pairs into `pairs`, ascending in both: a longer passage with no higher frequency is left out.
  private mutating func collectPairs() {
    pairs.removeAll(keepingCapacity: true)
    func add(_ frequency: UInt32, _ length: UInt32) {
      pairs.append((min(frequency, UInt32(Self.unlimited)), min(length, UInt32(UInt16.max))))
    }
    var shortest = UInt64.max
    if !rare.isEmpty {
      rare.sort { $0.frequency > $1.frequency }
      for pair in rare {
        add(pair.frequency, pair.length)
        shortest = UInt64(pair.length)
      }
    }
    for place in stride(from: Self.smallFrequencies - 1, to: -1, by: -1) where least[place] != Self.none && least[place] < shortest {
      add(UInt32(place), least[place])
      shortest = UInt64(least[place])
    }
    pairs.reverse()
  }
}
