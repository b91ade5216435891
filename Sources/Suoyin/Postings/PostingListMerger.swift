// How do the posting lists of a term in several segments become one?
//
// Why the unsafe code here is sound: bytes of a list, a checked slice that is alive meanwhile, are read at offsets that have been compared with
// its length; numbers are written where room was made for them; places of columns are below their counts, for the sums of frequencies have been
// compared with the number of positions; `sections` keep the bytes of the segments.
internal import CKernels
package import SuoyinStorage

/// Reads lists of one term, one after another, and gives all of their postings to a writer.
@safe package struct PostingListMerger: ~Copyable {
  /// The postings of all lists so far, each list's ascending.
  private var gathered = PostingColumns()
  /// Where the postings of each list are, but for empty ones.
  private var lists = GrowingBuffer<Part>()

  /// Some neighbouring postings of `gathered`, and where their positions begin.
  struct Part {
    var next: Int
    let end: Int
    var nextDelta: Int
  }

  /// The sections of posting lists, a segment after another; they keep the bytes of `segments`.
  private var sections: [ByteSlice] = []
  private var segments = GrowingBuffer<Segment>()
  /// The new numbers of the documents of all segments without a shift, one segment after another.
  private var numbers = GrowingBuffer<DocID>()

  /// What is needed of a segment for every list, without counting references.
  @safe struct Segment {
    let bytes: UnsafeRawBufferPointer
    let documentCount: Int
    /// What is added to each document, where that gives its new number.
    let shift: DocID?
    /// Where the new numbers of its documents are in `numbers`, where it does not.
    let numbersStart: Int
    /// Whether any of these numbers is `DocID.end`.
    let hasDead: Bool
  }

  package init() {}

  /// Adds a segment, whose number is how many there are already.
  ///
  /// - Parameters:
  ///   - lists: The section of its posting lists, all of it checked.
  ///   - newNumbers: For every document of the segment its new number, ascending, or `DocID.end`.
  package mutating func addSegment(_ lists: ByteSlice, numbers newNumbers: [DocID]) {
    sections.append(lists)
    let shift = Self.shift(of: newNumbers)
    unsafe segments.append(
      Segment(
        bytes: lists.unsafeBytes, documentCount: newNumbers.count, shift: shift, numbersStart: numbers.count,
        hasDead: shift == nil && newNumbers.contains(.end)))
    if shift == nil { numbers.append(contentsOf: newNumbers) }
  }

  /// What is added to each document of a segment, where that gives its new number.
  static func shift(of newNumbers: [DocID]) -> DocID? {
    let first = newNumbers.first ?? 0
    return first != .end && newNumbers.indices.allSatisfy { newNumbers[$0] == first &+ DocID($0) } ? first : nil
  }

  // MARK: Reading

  /// Reads a list, with the new numbers of its documents and without those that have none. Positions are compared with nothing.
  package mutating func read(_ value: StringValue, ofSegment number: Int, hasPositions: Bool) throws(IndexError) {
    let segment = segments[number]
    guard value.count > 0, value.count <= segment.documentCount, value.range.upperBound <= (unsafe segment.bytes.count) else {
      throw .corrupted("a term with \(value.count) documents, or with a list that is not there", in: sections[number])
    }
    let (start, deltaStart) = (gathered.documents.count, gathered.deltas.count)
    gathered.documents.makeRoom(for: value.count)
    gathered.frequencies.makeRoom(for: value.count)
    if value.count < BitPacking.blockLength {
      // In bounds: just compared.
      let list = unsafe UnsafeRawBufferPointer(rebasing: segment.bytes[value.range])
      let isLast = unsafe value.range.upperBound > segment.bytes.count - Self.padding
      let isRead =
        unsafe isLast
        ? readLast(list, count: value.count, limit: segment.documentCount, hasPositions: hasPositions)
        : readShort(list, count: value.count, limit: segment.documentCount, hasPositions: hasPositions)
      guard isRead else {
        throw .corrupted(
          "documents of a posting list do not ascend, or have other positions", in: sections[number], at: value.range.lowerBound)
      }
    } else if let list = sections[number].slice(at: value.range.lowerBound, count: value.range.count) {
      try readLong(list, count: value.count, limit: segment.documentCount, hasPositions: hasPositions)
    }
    let documents = unsafe gathered.documents.elements
    if let shift = segment.shift {
      for place in start..<start + value.count { unsafe documents[place] &+= shift }
    } else {
      // In bounds: documents are below their limit, the number of the segment's numbers.
      let newNumbers = unsafe numbers.elements
      for place in start..<start + value.count {
        unsafe documents[place] = newNumbers[segment.numbersStart &+ Int(documents[place])]
      }
    }
    if segment.hasDead { removeDead(from: start, deltaStart, hasPositions: hasPositions) }
    if gathered.documents.count > start { lists.append(Part(next: start, end: gathered.documents.count, nextDelta: deltaStart)) }
  }

  /// Reads a list without blocks: all of it is in variable bytes. False when it is none.
  ///
  /// There is room for the documents and frequencies, and `padding` bytes behind the list can be read.
  @inline(__always)
  private mutating func readShort(_ list: UnsafeRawBufferPointer, count: Int, limit: Int, hasPositions: Bool) -> Bool {
    guard let start = unsafe list.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
    var positionCount: UInt64 = 0
    let next = unsafe suoyin_read_tail(
      start, list.count, count, UInt32(limit), gathered.documents.end, gathered.frequencies.end, &positionCount)
    guard next >= 0 else { return false }
    unsafe gathered.documents.didAppend(count)
    unsafe gathered.frequencies.didAppend(count)
    let read = unsafe readVariables(UnsafeRawBufferPointer(rebasing: list[next...]))
    return read.map { UInt64($0) } == (hasPositions ? positionCount : 0)
  }

  /// Reads a short list at the end of its section, behind which nothing can be read.
  private mutating func readLast(_ list: UnsafeRawBufferPointer, count: Int, limit: Int, hasPositions: Bool) -> Bool {
    var padded = ByteWriter()
    unsafe padded.append(list)
    unsafe padded.append(count: Self.padding) { _ in }
    return unsafe readShort(
      UnsafeRawBufferPointer(rebasing: padded.unsafeBytes[..<list.count]), count: count, limit: limit, hasPositions: hasPositions)
  }

  private mutating func readLong(_ list: ByteSlice, count: Int, limit: Int, hasPositions: Bool) throws(IndexError) {
    let blockCount = count / BitPacking.blockLength
    let first = gathered.frequencies.count
    var blocks = try PostingBlocks.open(list, count: count, limit: DocID(limit))
    for block in 0...blockCount {
      if block > 0 { try blocks.load(block) }
      blocks.loadFrequencies()
      unsafe gathered.documents.append(contentsOf: UnsafeBufferPointer(start: blocks.documents, count: blocks.length))
      unsafe gathered.frequencies.append(contentsOf: UnsafeBufferPointer(start: blocks.frequencies, count: blocks.length))
    }
    // `PostingBlocks` has compared this offset with the list.
    var offset = Int(list.integer(at: 0, as: UInt32.self) ?? 0)
    for block in 0...blockCount {
      let start = first + block * BitPacking.blockLength
      let end = min(first + count, start + BitPacking.blockLength)
      guard let positions = positionCount(start..<end) else { throw .corrupted("a document without the term in a posting list", in: list) }
      if !hasPositions { continue }
      if block < blockCount {
        offset = try readPacked(list, at: offset, count: positions)
        continue
      }
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: list.unsafeBytes[min(offset, list.count)...])
      guard unsafe readVariables(bytes) == positions else { throw .corrupted("positions outside the posting list", in: list, at: offset) }
    }
  }

  /// How many positions some neighbouring postings have; nil when one of them has none.
  private func positionCount(_ range: Range<Int>) -> Int? {
    var least = UInt32.max
    guard let frequencies = unsafe gathered.frequencies.elements.baseAddress else { return 0 }
    let count = unsafe suoyin_sum(frequencies + range.lowerBound, range.count, &least)
    return least > 0 ? Int(count) : nil
  }

  /// How many bytes may be read behind a short list, and numbers written behind those that are read.
  private static let padding = 16

  /// Reads positions in variable bytes, and says how many; nil when the bytes hold something else.
  private mutating func readVariables(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return 0 }
    gathered.deltas.makeRoom(for: bytes.count + Self.padding)
    let count = unsafe suoyin_read_variables(start.assumingMemoryBound(to: UInt8.self), bytes.count, gathered.deltas.end)
    guard count >= 0 else { return nil }
    unsafe gathered.deltas.didAppend(count)
    return count
  }

  /// Reads the positions of a block and returns where those of the next begin.
  private mutating func readPacked(_ list: ByteSlice, at start: Int, count: Int) throws(IndexError) -> Int {
    let bytes = unsafe list.unsafeBytes
    let length = bytes.count
    guard start < length else { throw .corrupted("positions outside the posting list", in: list, at: start) }
    let first = start + 1
    let width = unsafe Int(bytes[start])
    // No product passes 2⁶³: a block has at most 128 × 2³² positions of at most 32 bits. Without bits a document has one position at most.
    guard width <= 32, count * width <= (length - first) * 8, width > 0 || count <= BitPacking.blockLength else {
      throw .corrupted("positions outside the posting list", in: list, at: start)
    }
    guard let address = bytes.baseAddress else { return first }
    unsafe gathered.deltas.append(atMost: count + Self.padding) { deltas in
      unsafe suoyin_unpack_bits(
        address.assumingMemoryBound(to: UInt8.self) + first, length - first, count, UInt32(truncatingIfNeeded: width), deltas)
      return count
    }
    return first + (count * width + 7) / 8
  }

  /// Leaves out the documents that are called `DocID.end` from a place on.
  private mutating func removeDead(from start: Int, _ deltaStart: Int, hasPositions: Bool) {
    let (documents, frequencies, deltas) = unsafe (gathered.documents.elements, gathered.frequencies.elements, gathered.deltas.elements)
    var kept = start
    var (keptDeltas, nextDelta) = (deltaStart, deltaStart)
    // Invariant: `kept` is at most `index`, and `keptDeltas` at most `nextDelta`, which is at most the number of positions read.
    for index in start..<documents.count {
      let (number, frequency) = unsafe (documents[index], frequencies[index])
      let positions = hasPositions ? Int(frequency) : 0
      if number != .end {
        unsafe documents[kept] = number
        unsafe frequencies[kept] = frequency
        if keptDeltas < nextDelta {
          for offset in 0..<positions { unsafe deltas[keptDeltas &+ offset] = deltas[nextDelta &+ offset] }
        }
        kept &+= 1
        keptDeltas &+= positions
      }
      nextDelta &+= positions
    }
    gathered.documents.truncate(to: kept)
    gathered.frequencies.truncate(to: kept)
    gathered.deltas.truncate(to: keptDeltas)
  }

  // MARK: Giving away

  /// Moves all postings to a writer that has none. No two lists may have had a document in common.
  package mutating func move(to writer: inout PostingListWriter, hasPositions: Bool) {
    if areInOrder {
      swap(&gathered, &writer.columns)
    } else {
      interleave(into: &writer.columns, hasPositions: hasPositions)
    }
    gathered.removeAll()
    lists.removeAll()
  }

  /// Whether each list ends before the next one begins.
  private var areInOrder: Bool {
    for place in 0..<lists.count where place > 0 {
      let border = lists[place].next
      if gathered.documents[border - 1] >= gathered.documents[border] { return false }
    }
    return true
  }

  /// Takes from the list with the least document those before the least of the others, and so on.
  private mutating func interleave(into merged: inout PostingColumns, hasPositions: Bool) {
    let (documents, frequencies, deltas) = unsafe (gathered.documents.elements, gathered.frequencies.elements, gathered.deltas.elements)
    var turns = 0
    // Invariant: all documents taken are smaller than those that are left. Terminates: every turn takes one posting at least.
    while lists.count > 0 {
      if turns >= Self.fewTurns, merged.documents.count < turns * Self.shortRun, canMark {
        return interleaveByMarking(into: &merged, hasPositions: hasPositions)
      }
      turns += 1
      let parts = unsafe lists.elements
      var least = 0
      var (first, second) = unsafe (documents[parts[0].next], DocID.end)
      for place in 1..<parts.count {
        let document = unsafe documents[parts[place].next]
        if document < first {
          (first, second, least) = (document, first, place)
        } else if document < second {
          second = document
        }
      }
      let part = unsafe parts[least]
      var next = part.next
      var positions = 0
      repeat {
        positions &+= unsafe Int(frequencies[next])
        next &+= 1
      } while unsafe next < part.end && documents[next] < second
      unsafe merged.documents.append(contentsOf: UnsafeBufferPointer(rebasing: documents[part.next..<next]))
      unsafe merged.frequencies.append(contentsOf: UnsafeBufferPointer(rebasing: frequencies[part.next..<next]))
      if hasPositions {
        unsafe merged.deltas.append(contentsOf: UnsafeBufferPointer(rebasing: deltas[part.nextDelta..<part.nextDelta + positions]))
      }
      if next < part.end {
        unsafe parts[least].next = next
        unsafe parts[least].nextDelta = part.nextDelta + positions
      } else {
        unsafe parts[least] = parts[parts.count - 1]
        lists.truncate(to: parts.count - 1)
      }
    }
  }

  // Where lists alternate at nearly every posting, a turn for each costs more than marking all of them. Over ten segments with keys in turns marking
  // halved what interleaving takes of a merge's profile (3,000 samples instead of 6,360).

  /// After so many turns it is known how long runs are.
  private static let fewTurns = 16
  private static let shortRun = 4
  /// Words of 64 marks are gone through whether they have marks or not: not many more of them than postings.
  private static let mostWordsByPosting = 8
  /// 128 MiB of places.
  private static let mostMarks = 1 << 24

  /// From the first document that is left to the last, a bit for each, and where those that are marked stand in `gathered`.
  private var marks = GrowingBuffer<UInt64>()
  private var places = GrowingBuffer<MarkedPlace>()

  struct MarkedPlace {
    let posting: UInt32
    let delta: UInt32
  }

  /// The range of the documents that are left.
  private var documentsLeft: ClosedRange<DocID> {
    var (first, last) = (DocID.end, DocID(0))
    for place in 0..<lists.count {
      first = min(first, gathered.documents[lists[place].next])
      last = max(last, gathered.documents[lists[place].end - 1])
    }
    return first...last
  }

  /// Whether the documents that are left stand near enough to each other.
  private var canMark: Bool {
    var left = 0
    for place in 0..<lists.count { left += lists[place].end - lists[place].next }
    let range = documentsLeft.count
    return range <= Self.mostMarks && range / 64 <= left * Self.mostWordsByPosting && gathered.deltas.count <= Int(UInt32.max)
  }

  /// Marks all documents that are left, and then goes through the marks.
  private mutating func interleaveByMarking(into merged: inout PostingColumns, hasPositions: Bool) {
    let range = documentsLeft
    let (documents, frequencies, deltas) = unsafe (gathered.documents.elements, gathered.frequencies.elements, gathered.deltas.elements)
    // All marks are 0 but in here.
    let words = range.count / 64 + 1
    for _ in min(words, marks.count)..<words { marks.append(0) }
    places.makeRoom(for: range.count)
    let (marks, places) = unsafe (self.marks.elements, self.places.end)
    var (count, deltaCount) = (0, 0)
    for list in 0..<lists.count {
      let part = lists[list]
      var delta = part.nextDelta
      for posting in part.next..<part.end {
        // In bounds: the document is in the range.
        let slot = unsafe Int(documents[posting] &- range.lowerBound)
        unsafe marks[slot >> 6] |= 1 << UInt64(slot & 63)
        unsafe places[slot] = MarkedPlace(posting: UInt32(truncatingIfNeeded: posting), delta: UInt32(truncatingIfNeeded: delta))
        delta &+= hasPositions ? unsafe Int(frequencies[posting]) : 0
      }
      count += part.end - part.next
      deltaCount += delta - part.nextDelta
    }
    merged.documents.makeRoom(for: count)
    merged.frequencies.makeRoom(for: count)
    merged.deltas.makeRoom(for: deltaCount)
    let (newDocuments, newFrequencies, newDeltas) = unsafe (merged.documents.end, merged.frequencies.end, merged.deltas.end)
    var (next, nextDelta) = (0, 0)
    for word in 0..<words {
      // Terminates: every turn takes a mark away.
      while unsafe marks[word] != 0 {
        let slot = unsafe word &* 64 &+ marks[word].trailingZeroBitCount
        unsafe marks[word] &= marks[word] &- 1
        let place = unsafe places[slot]
        let frequency = unsafe frequencies[Int(place.posting)]
        unsafe newDocuments[next] = range.lowerBound &+ UInt32(truncatingIfNeeded: slot)
        unsafe newFrequencies[next] = frequency
        next &+= 1
        if !hasPositions { continue }
        let delta = Int(place.delta)
        unsafe newDeltas[nextDelta] = deltas[delta]
        // Few documents have the term more than once.
        if frequency > 1 { for offset in 1..<Int(frequency) { unsafe newDeltas[nextDelta &+ offset] = deltas[delta &+ offset] } }
        nextDelta &+= Int(frequency)
      }
    }
    // No document was in two lists: there are as many marks as postings.
    unsafe merged.documents.didAppend(next)
    unsafe merged.frequencies.didAppend(next)
    unsafe merged.deltas.didAppend(nextDelta)
  }
}
