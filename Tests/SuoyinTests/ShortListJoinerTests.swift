// Are short lists joined as they would be read and written anew?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct ShortListJoinerTests {
  private struct Segment {
    /// Lists of several terms, one after another.
    var bytes: [UInt8] = []
    var values: [StringValue] = []
    var numbers: [DocID] = []
  }

  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// A list of a segment with so many documents.
  private func encoded(_ count: Int, of documentCount: Int, hasPositions: Bool, _ random: inout SeededRandom) -> [UInt8] {
    var writer = PostingListWriter()
    var left = count
    for document in 0..<documentCount where left > 0 && random.chance(left, in: documentCount - document) {
      left -= 1
      let frequency = random.chance(1, in: 4) ? 1 + random.below(random.chance(1, in: 9) ? 400 : 5) : 1
      var position: UInt32 = 0
      let positions = (0..<frequency).map { _ in
        position += 1 + UInt32(random.below([10, 200, 70_000][random.below(3)]))
        return position
      }
      writer.append(DocID(document), frequency: UInt32(frequency), positions: hasPositions ? positions[...] : [])
    }
    var output = ByteWriter()
    writer.finish(into: &output)
    return output.bytes
  }

  /// Segments whose documents follow one another, with lists of the same terms in each.
  private func segments(
    _ count: Int, from first: DocID = 0, terms: Int, most: Int, hasPositions: Bool, _ random: inout SeededRandom
  ) -> [Segment] {
    var next = first
    return (0..<count).map { _ in
      let documentCount = 130 + random.below(400)
      var segment = Segment()
      segment.numbers = (0..<DocID(documentCount)).map { next + $0 }
      next += DocID(documentCount)
      for _ in 0..<terms {
        let postings = 1 + random.below(most)
        let list = encoded(postings, of: documentCount, hasPositions: hasPositions, &random)
        segment.values.append(StringValue(count: postings, range: segment.bytes.count..<segment.bytes.count + list.count))
        segment.bytes += list
      }
      // What is behind the lists must not matter.
      segment.bytes += (0..<16).map { _ in UInt8(random.below(256)) }
      return segment
    }
  }

  /// The list of a term, joined; nil when it cannot be.
  private func joined(_ term: Int, of segments: [Segment], with joiner: inout ShortListJoiner, hasPositions: Bool) -> (Int, [UInt8])? {
    joiner.removeAll()
    for number in segments.indices where !joiner.add(segments[number].values[term], ofSegment: number) { return nil }
    var output = ByteWriter()
    return joiner.join(hasPositions: hasPositions, into: &output).map { ($0, output.bytes) }
  }

  /// The list of a term as `PostingListMerger` and `PostingListWriter` make it.
  private func merged(
    _ term: Int, of segments: [Segment], with merger: inout PostingListMerger, hasPositions: Bool
  ) throws(IndexError) -> (Int, [UInt8]) {
    for number in segments.indices { try merger.read(segments[number].values[term], ofSegment: number, hasPositions: hasPositions) }
    var writer = PostingListWriter()
    merger.move(to: &writer, hasPositions: hasPositions)
    let count = writer.count
    var output = ByteWriter()
    writer.finish(into: &output)
    return (count, output.bytes)
  }

  @Test(arguments: SeededRandom.seeds(20)) func `joins lists as they are merged`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let hasPositions = random.chance(3, in: 4)
    // Numbers of every length; between segments, too, there are documents.
    let first = DocID([0, 60, 10_000, 2_000_000, 1 << 30][random.below(5)])
    let most = [3, 20, 60, 127][random.below(4)]
    var segments = segments(1 + random.below(10), from: first, terms: 10, most: most, hasPositions: hasPositions, &random)
    let gap = DocID([0, 3000, 100_000_000][random.below(3)])
    for number in segments.indices { segments[number].numbers = segments[number].numbers.map { $0 + DocID(number) * gap } }
    var joiner = ShortListJoiner()
    var merger = PostingListMerger()
    for segment in segments {
      let section = try slice(segment.bytes, in: directory)
      joiner.addSegment(section, numbers: segment.numbers)
      merger.addSegment(section, numbers: segment.numbers)
    }
    for term in 0..<10 {
      let joined = joined(term, of: segments, with: &joiner, hasPositions: hasPositions)
      let wanted = try merged(term, of: segments, with: &merger, hasPositions: hasPositions)
      #expect((joined != nil) == (wanted.0 < 128), "\(random.advice)")
      if let joined { #expect(joined == wanted, "\(random.advice)") }
    }
  }

  @Test func `leaves to others what it cannot join`() throws {
    var random = SeededRandom(seed: 1)
    var segments = segments(2, terms: 1, most: 5, hasPositions: true, &random)
    func isJoined(_ segments: [Segment]) throws -> Bool {
      var joiner = ShortListJoiner()
      for segment in segments { joiner.addSegment(try slice(segment.bytes, in: directory), numbers: segment.numbers) }
      return joined(0, of: segments, with: &joiner, hasPositions: true) != nil
    }
    #expect(try isJoined(segments))
    #expect(try !isJoined(segments.reversed()), "the second begins before the first")
    var short = segments
    short[1].bytes.removeLast()
    #expect(try !isJoined(short), "behind the list there are fewer bytes than it reads at a time")
    var outside = segments
    outside[1].values[0].range = 0..<outside[1].bytes.count + 1
    #expect(try !isJoined(outside))
    outside[1].values[0] = StringValue(count: 0, range: 0..<0)
    #expect(try !isJoined(outside))
    segments[0].numbers[7] = .end
    #expect(try !isJoined(segments), "a document is dead")
  }

  @Test(arguments: SeededRandom.seeds(10)) func `of other bytes gives a list where merging does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<10 {
      var segments = segments(1 + random.below(3), terms: 1, most: 40, hasPositions: true, &random)
      for _ in 0..<random.below(4) {
        let number = random.below(segments.count)
        let place = random.below(segments[number].values[0].range.upperBound)
        segments[number].bytes[place] = UInt8(random.below(256))
      }
      if random.chance(1, in: 4) {
        let range = segments[0].values[0].range
        segments[0].values[0].range = range.lowerBound..<range.upperBound - random.below(range.count)
      }
      var joiner = ShortListJoiner()
      var merger = PostingListMerger()
      var again = PostingListMerger()
      for segment in segments {
        let section = try slice(segment.bytes, in: directory)
        joiner.addSegment(section, numbers: segment.numbers)
        merger.addSegment(section, numbers: segment.numbers)
      }
      let joined = joined(0, of: segments, with: &joiner, hasPositions: true)
      do {
        let wanted = try merged(0, of: segments, with: &merger, hasPositions: true)
        guard let joined else {
          #expect(wanted.0 > 127, "\(random.advice)")
          continue
        }
        // A number may have more bytes than it needs: merging leaves those out.
        var whole = Segment(bytes: joined.1, values: [StringValue(count: joined.0, range: 0..<joined.1.count)])
        whole.numbers = Array(0..<DocID(segments.reduce(0) { $0 + $1.numbers.count }))
        again.addSegment(try slice(whole.bytes, in: directory), numbers: whole.numbers)
        #expect(try merged(0, of: [whole], with: &again, hasPositions: true) == wanted, "\(random.advice)")
      } catch {
        // Positions of more than 32 bits are copied: whoever reads them will see.
        #expect((error as? IndexError)?.code == .corrupted)
        if let joined {
          again.addSegment(try slice(joined.1, in: directory), numbers: Array(0..<DocID(segments.reduce(0) { $0 + $1.numbers.count })))
          #expect(throws: IndexError.self, "\(random.advice)") {
            try again.read(StringValue(count: joined.0, range: 0..<joined.1.count), ofSegment: 0, hasPositions: true)
          }
        }
      }
    }
  }
}
