// Are the best k the best k?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct TopHitsTests {
  @Test(arguments: SeededRandom.seeds(10)) func `equals sorting everything by score and key`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for limit in [0, 1, 2, 5, 17, 100] {
      // Segments whose keys interleave.
      let keys = (0..<4).map { segment in (0..<60).map { [UInt8($0 * 4 + segment)] } }
      var matches: [ScoredDocument] = []
      var top = TopHits(limit: limit) { keys[$0][Int($1)] }
      for segment in 0..<4 {
        for document in 0..<60 where random.chance(2, in: 3) {
          let match = ScoredDocument(score: Int64(random.below(seed % 2 == 0 ? 6 : 2)), segment: segment, document: DocID(document))
          matches.append(match)
          // As a search does, which leaves out what cannot be kept.
          if match.score >= top.minimum(inSegment: segment) { try top.offer(match) }
        }
      }
      let expected = matches.sorted { left, right in
        left.score != right.score
          ? left.score > right.score
          : keys[left.segment][Int(left.document)].lexicographicallyPrecedes(keys[right.segment][Int(right.document)])
      }
      #expect(try top.sorted() == Array(expected.prefix(limit)), "\(random.advice)")
    }
  }
}

@Suite struct MergePolicyTests {
  private func segments(_ levels: [Int]) -> [MergePolicy.Segment] { levels.map { .init(level: $0, passageCount: 10, liveCount: 10) } }

  @Test func `merges a level when it is full, and nothing else`() throws {
    #expect(MergePolicy.next([]) == nil)
    #expect(MergePolicy.next(segments([Int](repeating: 0, count: MergePolicy.factor - 1))) == nil)
    let full = try #require(MergePolicy.next(segments([2, 1] + [Int](repeating: 0, count: MergePolicy.factor))))
    #expect(full.range == 2..<(2 + MergePolicy.factor) && full.level == 1)
  }

  @Test func `keeps the number of segments logarithmic`() {
    var levels: [Int] = []
    for _ in 0..<5000 {
      levels.append(0)
      while let (range, level) = MergePolicy.next(segments(levels)) { levels.replaceSubrange(range, with: [level]) }
    }
    #expect(levels.count <= 5 * MergePolicy.factor)
  }

  @Test func `rewrites a segment of which more than half is dead`() throws {
    let list = [MergePolicy.Segment(level: 1, passageCount: 10, liveCount: 10), .init(level: 0, passageCount: 10, liveCount: 4)]
    let next = try #require(MergePolicy.next(list))
    #expect(next.range == 1..<2 && next.level == 0)
  }
}
