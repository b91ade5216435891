// Do the loops that make bits and bytes of postings do what plain ones do?
import CKernels
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct EncodingKernelTests {
  /// 128 numbers, most of them short.
  private static func numbers(_ random: inout SeededRandom) -> [UInt32] {
    let width = random.below(29)
    let wide = random.below(20)
    return (0..<128).map { _ in UInt32(random.below(1 << min(32, random.chance(wide, in: 128) ? width + random.below(10) : width))) }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `finds the width that takes the fewest bytes`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      let numbers = Self.numbers(&random)
      for leastGain in [0, 24] {
        let widest = 32 - numbers.reduce(0, |).leadingZeroBitCount
        let wider = (0...32).map { width in numbers.count { 32 - $0.leadingZeroBitCount > width } }
        var wanted = (width: widest, exceptions: 0)
        for width in stride(from: widest - 1, through: max(0, widest - 8), by: -1) where wider[width] <= 15 {
          let gain = 16 * wanted.width + 2 * wanted.exceptions - 16 * width - 2 * wider[width]
          if gain > (wanted.exceptions == 0 ? leastGain : 0) { wanted = (width, wider[width]) }
        }
        var exceptions: UInt32 = 0
        let width = unsafe suoyin_best_width128(numbers, UInt32(leastGain), &exceptions)
        #expect(width == wanted.width && exceptions == wanted.exceptions, "\(random.advice)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `takes the upper bits from numbers that have any`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      let numbers = (0..<128).map { _ in UInt32(random.below(random.chance(1, in: 10) ? 1 << 20 : 1 << 12)) }
      var lower = numbers
      var exceptions = [UInt8](repeating: 0, count: 256)
      let count = unsafe Int(suoyin_split_exceptions128(&lower, 12, &exceptions))
      let wide = numbers.indices.filter { numbers[$0] >= 1 << 12 }
      #expect(exceptions.prefix(2 * count).elementsEqual(wide.flatMap { [UInt8($0), UInt8(numbers[$0] >> 12)] }), "\(random.advice)")
      #expect(lower == numbers.map { $0 & 0xFFF }, "\(random.advice)")
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `finds the gaps and the shortest passages of a block`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let previous = random.chance(1, in: 4) ? UInt32.max : UInt32(random.below(100))
      var next = previous
      let documents = (0..<128).map { _ in
        next = next &+ 1 &+ UInt32(random.below(5))
        return next
      }
      var gaps = [UInt32](repeating: 0, count: 128)
      unsafe suoyin_gaps128(documents, previous, &gaps)
      #expect(gaps == documents.indices.map { documents[$0] &- ($0 == 0 ? previous : documents[$0 - 1]) &- 1 }, "\(random.advice)")

      let greatest = [1, 2, 7, 8, 40][random.below(5)]
      let frequencies = (0..<128).map { _ in UInt32(1 + random.below(greatest)) }
      let lengths = (0..<Int(next) + 1).map { _ in UInt32(random.below(300)) }
      for hasLengths in [true, false] {
        var least = [UInt32](repeating: .max, count: 32)
        let summary = unsafe lengths.withUnsafeBufferPointer {
          unsafe suoyin_summary128(documents, frequencies, hasLengths ? $0.baseAddress : nil, &least)
        }
        #expect(summary.frequency_sum == frequencies.reduce(0) { $0 + UInt64($1) } && summary.greatest_frequency == frequencies.max())
        for frequency in 0..<32 {
          let having = documents.indices.filter { frequencies[$0] == frequency }
          let wanted = having.map { hasLengths ? lengths[Int(documents[$0])] : 0 }.min() ?? .max
          #expect(least[frequency] == wanted, "\(random.advice)")
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `gives back numbers in variable bytes`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 2, 3, 7, 8, 9, 40, 500] {
      for most in [1, 7, 8, 14, 15, 21, 32] {
        let numbers = (0..<count).map { _ in UInt32(truncatingIfNeeded: random.next() & ((1 << UInt64(1 + random.below(most))) - 1)) }
        var plain = ByteWriter()
        for number in numbers { plain.append(variable: UInt64(number)) }
        var bytes = [UInt8](repeating: 0xAA, count: 5 * count + 1)
        #expect(unsafe suoyin_write_variables(numbers, count, &bytes) == plain.count)
        #expect(Array(bytes.prefix(plain.count)) == plain.bytes, "\(random.advice)")
        for isPlain in [true, false] {
          var read = [UInt32](repeating: 0, count: plain.count + 8)
          let readCount =
            unsafe isPlain
            ? suoyin_read_variables_portable(plain.bytes, plain.count, &read) : suoyin_read_variables(plain.bytes, plain.count, &read)
          #expect(readCount == count && Array(read.prefix(count)) == numbers, "\(random.advice)")
        }
      }
    }
  }

  @Test func `refuses numbers of more than 32 bits, and those that end too early`() throws {
    for bytes in [[0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x10], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]] as [[UInt8]] {
      for before in [0, 1, 7, 8, 20] {
        let bytes = [UInt8](repeating: 5, count: before) + bytes
        var read = [UInt32](repeating: 0, count: bytes.count + 8)
        #expect(unsafe suoyin_read_variables(bytes, bytes.count, &read) == -1)
        #expect(unsafe suoyin_read_variables_portable(bytes, bytes.count, &read) == -1)
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `puts numbers side by side`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for width in 0...32 {
      let numbers = (0..<128 + random.below(300)).map { _ in UInt32(truncatingIfNeeded: random.next() & ((1 << UInt64(width)) - 1)) }
      var plain = [UInt8](repeating: 0, count: (numbers.count * width + 7) / 8)
      for (index, number) in numbers.enumerated() {
        for bit in 0..<width where number >> UInt32(bit) & 1 > 0 {
          plain[(index * width + bit) / 8] |= 1 << UInt8((index * width + bit) % 8)
        }
      }
      var bytes = [UInt8](repeating: 0xAA, count: plain.count + 16)
      #expect(unsafe suoyin_pack_bits(numbers, numbers.count, UInt32(width), &bytes) == plain.count)
      #expect(bytes.prefix(plain.count).elementsEqual(plain), "\(random.advice)")
      // With nothing that may be read behind them, and with as much as may be.
      for length in [plain.count, plain.count + 1, plain.count + 16] {
        var read = [UInt32](repeating: 0, count: numbers.count + 7)
        unsafe suoyin_unpack_bits(Array(bytes.prefix(length)), length, numbers.count, UInt32(width), &read)
        #expect(read.prefix(numbers.count).elementsEqual(numbers), "\(random.advice)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `adds up numbers, and finds the least`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 7, 8, 33, 128] {
      let numbers = (0..<count).map { _ in UInt32(truncatingIfNeeded: random.next() >> UInt64(random.below(64))) }
      var least: UInt32 = 0
      #expect(unsafe suoyin_sum(numbers, count, &least) == numbers.reduce(0) { $0 + UInt64($1) }, "\(random.advice)")
      #expect(least == numbers.min() ?? .max, "\(random.advice)")
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `makes bits of documents`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for spread in [1, 2, 5, 30] {
      let base = random.chance(1, in: 2) ? 0 : UInt32(random.below(1000))
      var next = base + UInt32(random.below(spread))
      let numbers = (0..<128).map { _ in
        defer { next += 1 + UInt32(random.below(spread)) }
        return next
      }
      let count = Int(numbers[127] - base) / 64 + 1
      var plain = [UInt8](repeating: 0, count: 8 * count)
      for number in numbers { plain[Int(number - base) / 8] |= 1 << UInt8((number - base) % 8) }
      var words = [UInt8](repeating: 0xAA, count: 8 * count)
      unsafe suoyin_numbers_to_bits128(numbers, base, UInt32(count), &words)
      #expect(words == plain, "\(random.advice)")
    }
  }

  /// How many bytes may be read behind a list.
  private static let padding = [UInt8](repeating: 0, count: 16)

  @Test func `refuses frequencies of more than 31 bits`() throws {
    for rest in [UInt32.max, UInt32.max - 1, UInt32(Int32.max) - 2] {
      var bytes = ByteWriter()
      for number in [0, rest, 0] { bytes.append(variable: UInt64(number)) }
      var (document, frequency, sum) = (UInt32(0), UInt32(0), UInt64(0))
      #expect(unsafe suoyin_read_tail(bytes.bytes + Self.padding, bytes.count, 1, 1, &document, &frequency, &sum) == -1)
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `gives back postings without blocks`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      let count = 1 + random.below(127)
      let spread = [1, 100, 10_000, 10_000_000][random.below(4)]
      var document = UInt32(random.below(spread))
      let documents = (0..<count).map { index in
        document += index == 0 ? 0 : 1 + UInt32(random.below(spread))
        return document
      }
      let frequencies = (0..<count).map { _ in random.chance(3, in: 4) ? 1 : UInt32(1 + random.below(1 << random.below(30))) }
      var bytes = [UInt8](repeating: 0, count: 10 * count + 1)
      let length = unsafe suoyin_write_tail(documents, frequencies, count, 0, &bytes)
      let padded = bytes.prefix(length) + Self.padding
      var (readDocuments, readFrequencies) = ([UInt32](repeating: 0, count: count), [UInt32](repeating: 0, count: count))
      var sum: UInt64 = 0
      let limit = document + 1
      func read(_ length: Int, limit: UInt32) -> Int {
        unsafe suoyin_read_tail(Array(padded), length, count, limit, &readDocuments, &readFrequencies, &sum)
      }
      #expect(read(length, limit: limit) == length)
      #expect(readDocuments == documents && readFrequencies == frequencies, "\(random.advice)")
      #expect(sum == frequencies.reduce(0) { $0 + UInt64($1) })
      // One document beyond the limit, or one byte too few.
      #expect(read(length, limit: document) == -1)
      #expect(read(length - 1, limit: limit) == -1)
    }
  }
}
