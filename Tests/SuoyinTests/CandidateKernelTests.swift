// Do the loops over many candidates do what the plain ones do?
import CKernels
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct CandidateKernelTests {
  /// Ascending numbers with random gaps.
  private static func ascending(_ count: Int, from first: UInt32, gaps: Int, _ random: inout SeededRandom) -> [UInt32] {
    var next = first
    return (0..<count).map { _ in
      defer { next &+= 1 + UInt32(random.below(gaps)) }
      return next
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `finds the candidates that a block has`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 2, 7, 40, 127, 128, 129, 200, 1000, 4096] {
      for gaps in [1, 3, 40] {
        // Half of them beyond what 31 bits hold.
        let first: UInt32 = random.chance(1, in: 2) ? 1000 : 1 << 31 - 300
        let length = random.chance(1, in: 2) ? 128 : 1 + random.below(128)
        let own = Self.ascending(length, from: first, gaps: gaps, &random)
        let documents = own + [UInt32](repeating: .max, count: 128 - length)
        let candidates = Self.ascending(count, from: first - UInt32(random.below(50)), gaps: 1 + random.below(2 * gaps), &random)
        let wanted = candidates.enumerated().compactMap { candidate in
          own.firstIndex(of: candidate.element).map { [UInt32(candidate.offset), UInt32($0)] }
        }
        for isPlain in [false, true] {
          var found = [UInt32](repeating: 0, count: 129)
          var places = [UInt32](repeating: 0, count: 129)
          let foundCount =
            unsafe isPlain
            ? suoyin_find128_portable(documents, candidates, UInt32(count), &found, &places)
            : suoyin_find128(documents, candidates, UInt32(count), &found, &places)
          #expect(zip(found, places).prefix(Int(foundCount)).map { [$0, $1] } == wanted, "\(random.advice)")
        }
        let last = own.last! - UInt32(random.below(3))
        let through = UInt32(candidates.count { $0 <= last })
        #expect(unsafe suoyin_count_through(candidates, UInt32(count), last) == through, "\(random.advice)")
        #expect(unsafe suoyin_count_through_portable(candidates, UInt32(count), last) == through, "\(random.advice)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `finds the candidates that a bitmap has`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for wordCount in [1, 2, 5, 64] {
      let first: UInt32 = random.chance(1, in: 2) ? 500 : 1 << 31 - 100
      var words = [UInt64](repeating: 0, count: wordCount)
      let own = (0..<128).map { _ in random.below(64 * wordCount) }
      for bit in own { words[bit / 64] |= 1 << UInt64(bit % 64) }
      let documents = Set(own).sorted().map { first + UInt32($0) }
      var ranks = [UInt8](repeating: 0, count: wordCount)
      #expect(unsafe Int(suoyin_bit_ranks(words, UInt32(wordCount), &ranks)) == documents.count)
      for count in [0, 1, 30, 3000] {
        let candidates = Self.ascending(count, from: first - UInt32(random.below(100)), gaps: 3, &random)
        var found = [UInt32](repeating: 0, count: 129)
        var places = [UInt32](repeating: 0, count: 129)
        let foundCount = unsafe Int(
          suoyin_find_in_bits(words, UInt32(wordCount), first, ranks, candidates, UInt32(count), &found, &places))
        let wanted = candidates.enumerated().compactMap { candidate in
          documents.firstIndex(of: candidate.element).map { [UInt32(candidate.offset), UInt32($0)] }
        }
        #expect(zip(found, places).prefix(foundCount).map { [$0, $1] } == wanted, "\(random.advice)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `keeps what scores enough, also in place`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 3, 4, 5, 31, 128, 4096] {
      for minimum in [Int64.min, 0, 1, 50, 98, 1000] {
        let scores = (0..<count).map { _ in Int64(random.below(100)) }
        let documents = (0..<count).map { UInt32($0) }
        let wanted = zip(documents, scores).filter { $1 >= minimum }
        for isPlain in [false, true] {
          var (kept, keptScores) = (documents, scores)
          let keptCount = unsafe kept.withUnsafeMutableBufferPointer { kept in
            unsafe keptScores.withUnsafeMutableBufferPointer { scores in
              guard let documents = kept.baseAddress, let scores = scores.baseAddress else { return 0 }
              return unsafe Int(
                isPlain
                  ? suoyin_keep_portable(documents, scores, UInt32(count), minimum, documents, scores)
                  : suoyin_keep(documents, scores, UInt32(count), minimum, documents, scores))
            }
          }
          #expect(
            kept.prefix(keptCount) == wanted.map(\.0)[...] && keptScores.prefix(keptCount) == wanted.map(\.1)[...], "\(random.advice)")
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `a window gives what was added up in it, and is empty then`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var window = ScoreWindow()
    for minimum in [0, 1, 30, 70] as [Int64] {
      for base in [0, 77, 1 << 31] as [DocID] {
        window.move(to: base, minimum: minimum)
        var sums: [DocID: Int64] = [:]
        for _ in 0..<3 {
          let documents = Self.ascending(random.below(128), from: base + DocID(random.below(900)), gaps: 24, &random)
          // A score may be 0, and the document still matches.
          let scores = documents.map { _ in Int64(random.below(40)) }
          unsafe window.add(scores, to: documents, count: documents.count)
          for (document, score) in zip(documents, scores) { sums[document, default: 0] += score }
        }
        let wanted = sums.filter { $0.value >= minimum }.sorted { $0.key < $1.key }
        // The second time nothing is left.
        for wanted in [wanted, []] {
          var candidates = Candidates()
          window.drain(into: &candidates)
          let documents = (0..<candidates.count).map { unsafe candidates.documents[$0] }
          let scores = (0..<candidates.count).map { unsafe candidates.scores[$0] }
          #expect(documents == wanted.map(\.key) && scores == wanted.map(\.value), "\(random.advice)")
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `drains as the plain loop does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for minimum in [-1, 0, 5, 1000] as [Int64] {
      var outputs: [[Int64]] = []
      let bits = (0..<64).map { _ in random.chance(1, in: 3) ? 0 : random.next() }
      let slots = (0..<4096).map { bits[$0 / 64] == 0 ? 0 : Int64(random.below(9)) }
      for isPlain in [false, true] {
        var (sums, matches) = (slots, bits)
        var documents = [UInt32](repeating: 0, count: 4096)
        var scores = [Int64](repeating: 0, count: 4096)
        let count = unsafe Int(
          isPlain
            ? suoyin_drain_portable(&sums, &matches, 64, minimum, 9, &documents, &scores)
            : suoyin_drain(&sums, &matches, 64, minimum, 9, &documents, &scores))
        outputs.append(documents.prefix(count).map(Int64.init) + scores.prefix(count))
        #expect(sums.allSatisfy { $0 == 0 } && matches.allSatisfy { $0 == 0 })
      }
      let wanted = slots.indices.filter { bits[$0 / 64] >> UInt64($0 % 64) & 1 != 0 && slots[$0] >= minimum }
      #expect(outputs[0] == wanted.map { Int64($0 + 9) } + wanted.map { slots[$0] } && outputs[1] == outputs[0], "\(random.advice)")
    }
  }
}
