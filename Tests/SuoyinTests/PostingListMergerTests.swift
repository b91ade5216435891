// Is the list of a term in several segments the one that was written had they been one?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct PostingListMergerTests {
  private struct Posting {
    var document: DocID
    var positions: [UInt32]
  }

  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func encoded(_ postings: [Posting], hasPositions: Bool) -> [UInt8] {
    var writer = PostingListWriter()
    for posting in postings {
      writer.append(posting.document, frequency: UInt32(posting.positions.count), positions: hasPositions ? posting.positions[...] : [])
    }
    var output = ByteWriter()
    writer.finish(into: &output)
    return output.bytes
  }

  /// How the documents of the merged segment come from the inputs: one after another, in runs, in turns, at random.
  private func inputs(_ documentCount: Int, of inputCount: Int, _ random: inout SeededRandom) -> [Int] {
    let kind = random.below(4)
    var current = 0
    return (0..<documentCount).map { document in
      switch kind {
      case 0: return document * inputCount / documentCount
      case 1:
        if random.chance(1, in: 30) { current = random.below(inputCount) }
        return current
      case 2: return document % inputCount
      default: return random.below(inputCount)
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(40)) func `merges lists`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let inputCount = 1 + random.below(10)
    let documentCount = [40, 500, 5000, 60_000][random.below(4)]
    let hasPositions = random.chance(3, in: 4)
    let holders = inputs(documentCount, of: inputCount, &random)
    // Where the term is, and which passages are dead.
    let density = documentCount > 5000 ? 1500 : [1, 3, 30, 400][random.below(4)]
    let deadOf = [0, 0, 3, 1][random.below(4)]
    var numbers = [[DocID]](repeating: [], count: inputCount)
    var lists = [[Posting]](repeating: [], count: inputCount)
    var wanted: [Posting] = []
    var next: DocID = 0
    for input in holders {
      let isDead = deadOf > 0 && random.chance(1, in: deadOf)
      let old = DocID(numbers[input].count)
      numbers[input].append(isDead ? .end : next)
      if random.chance(1, in: density) {
        let count = random.chance(1, in: 5) ? 1 + random.below(9) : 1
        let positions = (0..<count).map { UInt32($0 * 300 + random.below(300)) }
        lists[input].append(Posting(document: old, positions: positions))
        if !isDead { wanted.append(Posting(document: next, positions: positions)) }
      }
      if !isDead { next += 1 }
    }

    var merger = PostingListMerger()
    var sections: [ByteSlice] = []
    for input in 0..<inputCount {
      sections.append(try slice(encoded(lists[input], hasPositions: hasPositions) + [0], in: directory))
      merger.addSegment(sections[input], numbers: numbers[input])
    }
    var writer = PostingListWriter()
    // Twice: nothing of a list is left for the next one.
    for _ in 0..<2 {
      for input in 0..<inputCount where !lists[input].isEmpty {
        let value = StringValue(count: lists[input].count, range: 0..<sections[input].count - 1)
        try merger.read(value, ofSegment: input, hasPositions: hasPositions)
      }
      merger.move(to: &writer, hasPositions: hasPositions)
      #expect(writer.count == wanted.count, "\(random.advice)")
      guard !wanted.isEmpty else { continue }
      var output = ByteWriter()
      writer.finish(into: &output)
      #expect(output.bytes == encoded(wanted, hasPositions: hasPositions), "\(random.advice)")
    }
  }

  @Test(arguments: [127, 128, 129], [true, false]) func `merges lists around the length of a block`(count: Int, inTurns: Bool) throws {
    // As many postings as a block has in all, or in each of two segments.
    for part in [count - 1, count - 64, count] {
      let counts = [part, part == count ? count : count - part]
      let all = (0..<counts[0] + counts[1]).map { Posting(document: DocID($0), positions: [UInt32($0 % 7), UInt32($0 + 8)]) }
      func holder(_ posting: Posting) -> Int {
        let place = Int(posting.document)
        return inTurns && place < 2 * counts[1] ? place % 2 : (place < counts[0] ? 0 : 1)
      }
      var merger = PostingListMerger()
      var writer = PostingListWriter()
      var lists: [[UInt8]] = []
      for number in 0...1 {
        let postings = all.filter { holder($0) == number }
        let list = postings.enumerated().map { Posting(document: DocID($0), positions: $1.positions) }
        lists.append(encoded(list, hasPositions: true))
        merger.addSegment(try slice(lists[number], in: directory), numbers: postings.map(\.document))
        try merger.read(StringValue(count: list.count, range: 0..<lists[number].count), ofSegment: number, hasPositions: true)
      }
      merger.move(to: &writer, hasPositions: true)
      var output = ByteWriter()
      writer.finish(into: &output)
      #expect(output.bytes == encoded(all, hasPositions: true))
    }
  }

  @Test(arguments: SeededRandom.seeds(10)) func `survives lists of other bytes`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for count in [1, 5, 127, 128, 300] {
      let postings = (0..<count).map { Posting(document: DocID($0 * 2), positions: [3, 9]) }
      let bytes = encoded(postings, hasPositions: true)
      for _ in 0..<50 {
        // One segment, or two with keys in turns and some documents dead.
        let segmentCount = 1 + random.below(2)
        let hasDead = random.chance(1, in: 2)
        var merger = PostingListMerger()
        var writer = PostingListWriter()
        var lists: [StringValue] = []
        for number in 0..<segmentCount {
          var damaged = bytes
          for _ in 0..<1 + random.below(3) { damaged[random.below(damaged.count)] = UInt8(random.below(256)) }
          if random.chance(1, in: 3) { damaged.removeLast(random.below(damaged.count)) }
          let numbers = (0..<DocID(2 * count)).map { hasDead && $0 % 5 == 0 ? DocID.end : $0 * DocID(segmentCount) + DocID(number) }
          merger.addSegment(try slice(damaged, in: directory), numbers: numbers)
          lists.append(StringValue(count: count, range: 0..<damaged.count))
        }
        do {
          for number in 0..<segmentCount { try merger.read(lists[number], ofSegment: number, hasPositions: true) }
          merger.move(to: &writer, hasPositions: true)
          #expect(hasDead ? writer.count <= segmentCount * count : writer.count == segmentCount * count)
          var output = ByteWriter()
          writer.finish(into: &output)
        } catch {
          #expect(error.code == .corrupted)
        }
      }
    }
  }

  @Test func `refuses a document without the term`() throws {
    // 128 neighbouring documents with the term once: their gaps and frequencies have no bits.
    let bytes = encoded((0..<128).map { Posting(document: $0, positions: [1]) }, hasPositions: false)
    func read(_ frequencies: [UInt32]) throws {
      var list = bytes
      // The list ends with its block, which ends with a count of pairs and one pair; before that: documentsCode, frequencyBits, exceptionCounts.
      list[list.count - 6] = 32
      list += frequencies.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255), UInt8($0 >> 16 & 255), UInt8($0 >> 24)] }
      // Where the positions begin, and where the tail does.
      for place in [0, 24] {
        let offset = UInt32(list[place]) + UInt32(list[place + 1]) << 8 + 512
        (list[place], list[place + 1]) = (UInt8(offset & 255), UInt8(offset >> 8))
      }
      var merger = PostingListMerger()
      merger.addSegment(try slice(list, in: directory), numbers: Array(0..<128))
      try merger.read(StringValue(count: 128, range: 0..<list.count), ofSegment: 0, hasPositions: false)
    }
    var frequencies = [UInt32](repeating: 4, count: 128)
    try read(frequencies)
    frequencies[50] = .max  // and one
    #expect { try read(frequencies) } throws: { ($0 as? IndexError)?.code == .corrupted }
  }
}
