// Does a cursor give back the list that was written, from wherever it starts?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct PostingCursorTests {
  private struct Posting: Equatable {
    var document: DocID
    var positions: [UInt32]
  }

  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func list(_ count: Int, _ random: inout SeededRandom) -> [Posting] {
    var document: DocID = 0
    let spread = [1, 2, 50, 100_000][random.below(4)]
    return (0..<count).map { index in
      document += DocID((index == 0 ? 0 : 1) + random.below(spread))
      var position: UInt32 = 0
      let positions = (0..<(random.chance(1, in: 5) ? 1 + random.below(40) : 1)).map { index in
        position += UInt32((index == 0 ? 0 : 1) + random.below(random.chance(1, in: 20) ? 1 << 20 : 200))
        return position
      }
      return Posting(document: document, positions: positions)
    }
  }

  private func encoded(_ postings: [Posting], keepsPositions: Bool = true) throws -> ByteSlice {
    var writer = PostingListWriter()
    for posting in postings {
      writer.append(posting.document, frequency: UInt32(posting.positions.count), positions: keepsPositions ? posting.positions[...] : [])
    }
    var output = ByteWriter()
    writer.finish(into: &output)
    #expect(writer.count == 0)
    return try slice(output.bytes, in: directory)
  }

  private static let counts = [1, 2, 127, 128, 129, 255, 256, 257, 1000]

  @Test(arguments: SeededRandom.seeds(5)) func `gives back documents, frequencies and positions`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in Self.counts {
      let postings = list(count, &random)
      let cursor = try PostingCursor(PostingBlocks.open(encoded(postings), count: count, limit: .max))
      var positions: [UInt32] = []
      for posting in postings {
        #expect(cursor.docID == posting.document && Int(cursor.frequency) == posting.positions.count, "\(random.advice)")
        // Positions are asked for now and then only, as a query does.
        if random.chance(1, in: 2) {
          try cursor.readPositions(into: &positions)
          #expect(positions == posting.positions, "\(random.advice)")
        }
        try cursor.next()
      }
      #expect(cursor.docID == .end)
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `advances as if it went on one by one`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in Self.counts {
      let postings = list(count, &random)
      let bytes = try encoded(postings)
      for _ in 0..<20 {
        let cursor = try PostingCursor(PostingBlocks.open(bytes, count: count, limit: .max))
        var index = 0
        var positions: [UInt32] = []
        while index < count {
          let target = postings[min(count - 1, index + random.below(200))].document + DocID(random.below(3))
          guard target > cursor.docID else {
            index += 1
            try cursor.next()
            continue
          }
          try cursor.advance(to: target)
          while index < count, postings[index].document < target { index += 1 }
          #expect(cursor.docID == (index < count ? postings[index].document : .end), "\(random.advice)")
          if index < count {
            try cursor.readPositions(into: &positions)
            #expect(positions == postings[index].positions, "\(random.advice)")
          }
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `bounds hold for every posting, whatever the ranking`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var (blockCount, reachedCount) = (0, 0)
    for count in Self.counts {
      let postings = list(count, &random)
      var writer = PostingListWriter()
      var lengths: [UInt32: UInt32] = [:]
      for posting in postings {
        writer.append(posting.document, frequency: UInt32(posting.positions.count), positions: posting.positions[...])
        lengths[posting.document] = UInt32(random.below(random.chance(1, in: 30) ? 1 << 20 : 300))
      }
      guard let last = postings.last?.document, last < 1 << 20 else { continue }
      let column = (0...last).map { lengths[$0] ?? 0 }
      var output = ByteWriter()
      writer.finish(into: &output, lengths: column)
      var blocks = try PostingBlocks.open(slice(output.bytes, in: directory), count: count, limit: .max)
      for parameters in [(k1: 1.2, b: 0.75), (0, 0), (5, 1), (0.3, 0)] {
        var ranking = RankingParameters()
        (ranking.k1, ranking.b) = parameters
        let similarity = BM25(weight: 3.7, averageLength: 90, parameters: ranking)
        let listBound = blocks.bound(similarity) ?? similarity.limit
        var bounds = [Int64](repeating: 0, count: blocks.blockCount + 1)
        var reached = bounds
        unsafe blocks.bounds(similarity, ofBlocks: 0..<blocks.blockCount, into: &bounds, reached: &reached)
        for block in 0...blocks.blockCount {
          try blocks.load(block)
          blocks.loadFrequencies()
          let bound = blocks.bound(similarity, ofBlock: block) ?? similarity.limit
          var best: Int64 = 0
          for index in 0..<blocks.length {
            let score = unsafe similarity.score(
              frequency: Double(blocks.frequencies[index]), length: column[Int(blocks.document(at: index))])
            #expect(score <= bound && score <= listBound, "\(random.advice)")
            best = max(best, score)
          }
          guard block < blocks.blockCount else { continue }
          #expect(bounds[block] == bound && reached[block] <= best, "\(random.advice)")
          reachedCount += reached[block] > best / 2 ? 1 : 0
          blockCount += 1
        }
      }
    }
    // What is said to be reached would be true of 0 too.
    #expect(blockCount > 0 && reachedCount * 2 > blockCount, "\(random.advice)")
  }

  @Test func `a bitmap gives places as bits and as documents, and frequencies outlive the change`() throws {
    // Every fourth gap is of four: 224 bits take no more bytes than packed gaps, and zeros follow the last one in its word.
    let postings = (0..<384).map { (number: Int) -> Posting in
      Posting(document: DocID(number + number / 4 * 3), positions: [UInt32](0...UInt32(number % 5)))
    }
    var blocks = try PostingBlocks.open(encoded(postings), count: 384, limit: 1000)
    for block in 0..<3 {
      let own = postings[block * 128..<block * 128 + 128]
      try blocks.loadAsItIs(block)
      let isBitmap = blocks.isBitmap
      #expect(isBitmap)
      blocks.loadFrequencies()
      // Candidates before, between and behind the documents.
      let candidates = [DocID](0...own.last!.document + 3)
      let count = unsafe blocks.find(candidates, count: candidates.count)
      let found = (0..<count).map { unsafe candidates[Int(blocks.found.others[$0])] }
      let places = (0..<count).map { unsafe Int(blocks.found.places[$0]) }
      #expect(found == own.map(\.document) && places == Array(0..<128))
      blocks.fillDocuments()
      let documents = (0..<128).map { blocks.document(at: $0) }
      let frequencies = (0..<128).map { unsafe blocks.frequencies[$0] }
      #expect(documents == own.map(\.document))
      #expect(frequencies == own.map { UInt32($0.positions.count) })
    }
  }

  @Test func `throws or ends on any byte changed, and never reads outside`() throws {
    var random = SeededRandom(seed: 11)
    for count in [3, 130, 300] {
      let postings = list(count, &random)
      let bytes = try encoded(postings).array
      for _ in 0..<3000 {
        var damaged = bytes
        for _ in 0...random.below(3) { damaged[random.below(damaged.count)] = UInt8(truncatingIfNeeded: random.next()) }
        if random.chance(1, in: 4) { damaged.removeLast(random.below(damaged.count)) }
        do {
          let cursor = try PostingCursor(PostingBlocks.open(slice(damaged, in: directory), count: count, limit: 1 << 30))
          var positions: [UInt32] = []
          var steps = 0
          var previous: DocID?
          while cursor.docID != .end {
            if let previous { #expect(cursor.docID > previous) }
            previous = cursor.docID
            // A frequency may have become huge; reading its positions ends with the data.
            try cursor.readPositions(into: &positions)
            try cursor.next()
            steps += 1
          }
          #expect(steps <= count)
        } catch let error as IndexError {
          #expect(error.code == .corrupted)
        }
      }
    }
  }
}
