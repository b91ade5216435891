// How well can any posting of a block score, whatever the ranking's parameters are?
//
// Why the unsafe code here is sound: who calls `fill` has 128 documents and frequencies, and a length for each document; `least` has as many
// places as the kernel fills. Pairs are read and moved below their count.
internal import CKernels

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
package struct Frontier: ~Copyable {
  package static let entryLength = 3
  /// More pairs than this are joined, two neighbours at a time.
  package static let maximumCount = 4
  /// Stands for every frequency from it on.
  static let unlimited: UInt8 = 255
  /// Frequencies below have a place of their own in `least`.
  private static let smallFrequencies = UInt32(SUOYIN_SMALL_FREQUENCIES)
  private static let none = UInt32.max

  struct Pair {
    var frequency: UInt32
    var length: UInt32
  }

  /// The least length with each small frequency; `none` where there is none.
  private var least = InlineArray<32, UInt32>(repeating: Frontier.none)
  /// The greatest frequency that has a place in `least`.
  private var greatest = 0
  /// Of the greater frequencies the Pareto-optimal pairs.
  private var rare: [Pair] = []
  /// Scratch: the pairs as they are written.
  private var pairs = GrowingBuffer<Pair>()

  package init() {}

  @inline(__always)
  package mutating func add(frequency: UInt32, length: UInt32) {
    if frequency < Self.smallFrequencies {
      let place = Int(truncatingIfNeeded: frequency)
      greatest = max(greatest, place)
      if length < least[place] { least[place] = length }
    } else {
      addRare(frequency, length)
    }
  }

  /// Becomes the frontier of 128 postings, and says how often the term is in them.
  ///
  /// - Parameter lengths: At the document's place its length; nil where all are 0.
  mutating func fill(_ documents: UnsafePointer<UInt32>, _ frequencies: UnsafePointer<UInt32>, lengths: UnsafePointer<UInt32>?) -> Int {
    removeAll()
    precondition(least.count == Self.smallFrequencies, "a place for every small frequency")
    var span = least.mutableSpan
    let summary = unsafe span.withUnsafeMutableBufferPointer {
      unsafe suoyin_summary128(documents, frequencies, lengths, $0.baseAddress)
    }
    greatest = Int(min(summary.greatest_frequency, Self.smallFrequencies - 1))
    if summary.greatest_frequency >= Self.smallFrequencies {
      for index in 0..<BitPacking.blockLength where unsafe frequencies[index] >= Self.smallFrequencies {
        unsafe addRare(frequencies[index], lengths.map { unsafe $0[Int(documents[index])] } ?? 0)
      }
    }
    return Int(summary.frequency_sum)
  }

  @inline(never)
  private mutating func addRare(_ frequency: UInt32, _ length: UInt32) {
    if rare.contains(where: { $0.frequency >= frequency && $0.length <= length }) { return }
    rare.removeAll { $0.frequency <= frequency && $0.length >= length }
    rare.append(Pair(frequency: frequency, length: length))
  }

  package mutating func add(_ other: borrowing Frontier) {
    greatest = max(greatest, other.greatest)
    for place in 0...other.greatest where other.least[place] < least[place] { least[place] = other.least[place] }
    for pair in other.rare { addRare(pair.frequency, pair.length) }
  }

  package mutating func removeAll() {
    for place in 0...greatest { least[place] = Self.none }
    greatest = 0
    if !rare.isEmpty { rare.removeAll(keepingCapacity: true) }
  }

  /// Appends the pairs, at most `maximumCount` after joining.
  package mutating func append(to writer: inout ByteWriter) {
    collectPairs()
    while pairs.count > Self.maximumCount { joinTwo() }
    writer.append(byte: UInt8(pairs.count))
    // They were collected from the highest frequency down.
    for place in stride(from: pairs.count - 1, through: 0, by: -1) {
      writer.append(byte: UInt8(pairs[place].frequency))
      writer.append(fixed: UInt16(pairs[place].length))
    }
  }

  /// Makes one pair of two neighbours: of those whose join raises its better part's score the least, by the usual parameters and a length that
  /// is usual here.
  private mutating func joinTwo() {
    let average = Double(pairs[(pairs.count - 1) / 2].length) + 1
    func score(_ frequency: UInt32, _ length: UInt32) -> Double {
      Double(frequency) / (Double(frequency) + 0.3 + 0.9 * Double(length) / average)
    }
    var best = (high: 0, loss: Double.infinity)
    for place in stride(from: pairs.count - 2, through: 0, by: -1) {
      let (high, low) = (pairs[place], pairs[place + 1])
      let loss = score(high.frequency, low.length) - max(score(low.frequency, low.length), score(high.frequency, high.length))
      if loss < best.loss { best = (place, loss) }
    }
    let all = unsafe pairs.elements
    unsafe all[best.high].length = all[best.high + 1].length
    for place in best.high + 1..<all.count - 1 { unsafe all[place] = all[place + 1] }
    pairs.truncate(to: all.count - 1)
  }

  /// Puts the Pareto-optimal pairs into `pairs`, descending in both: a longer passage with no higher frequency is left out.
  private mutating func collectPairs() {
    pairs.removeAll()
    var shortest = UInt64.max
    if !rare.isEmpty {
      rare.sort { $0.frequency > $1.frequency }
      for pair in rare {
        addPair(pair.frequency, pair.length)
        shortest = UInt64(pair.length)
      }
    }
    for place in stride(from: greatest, to: -1, by: -1) where least[place] != Self.none && least[place] < shortest {
      addPair(UInt32(place), least[place])
      shortest = UInt64(least[place])
    }
  }

  private mutating func addPair(_ frequency: UInt32, _ length: UInt32) {
    pairs.append(Pair(frequency: min(frequency, UInt32(Self.unlimited)), length: min(length, UInt32(UInt16.max))))
  }
}
