// Where does one part of a sequence stand?
//
// Why the unsafe code here is sound: `lists` has `count` elements, made in `init` and destroyed in `deinit`; a buffer grows before it is
// written; an index into a block's frequencies is below its length.

/// Positions in one document, ascending.
@safe struct PositionBuffer: ~Copyable {
  private(set) var positions: UnsafeMutablePointer<UInt32>
  var count = 0
  private var capacity = 16

  init() { unsafe positions = .allocate(capacity: capacity) }
  deinit { unsafe positions.deallocate() }

  @inline(__always)
  mutating func append(_ position: UInt32) {
    if count == capacity { grow() }
    unsafe positions[count] = position
    count &+= 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    unsafe larger.update(from: positions, count: count)
    unsafe positions.deallocate()
    unsafe positions = larger
    capacity *= 2
  }

  /// Puts positions of several lists in order, each once.
  mutating func sort() {
    var buffer = unsafe UnsafeMutableBufferPointer(start: positions, count: count)
    unsafe buffer.sort()
    var kept = 0
    for index in 0..<count where unsafe index == 0 || positions[index] != positions[kept - 1] {
      unsafe positions[kept] = positions[index]
      kept += 1
    }
    count = kept
  }

  /// Keeps the positions that have one of `others` at the distance `offset`.
  mutating func keep(before others: borrowing PositionBuffer, offset: UInt32) {
    var kept = 0
    var other = 0
    for index in 0..<count {
      let wanted = unsafe positions[index] &+ offset
      while other < others.count, unsafe others.positions[other] < wanted { other &+= 1 }
      if other < others.count, unsafe others.positions[other] == wanted {
        unsafe positions[kept] = positions[index]
        kept &+= 1
      }
    }
    count = kept
  }
}

/// What must stand at a distance from the start of a sequence: the occurrences of a term, or of any of several.
@safe struct SequenceElement: ~Copyable {
  let offset: UInt32
  /// At most how many documents hold it.
  let cost: Int
  /// Who changes a list does so by a local copy of this: under the thread sanitizer the compiler takes a change through a stored pointer for one of
  /// what stores it.
  private let lists: UnsafeMutablePointer<SequenceList>
  private let count: Int
  /// The numbers of the lists as a heap by document, where they are many (Williams 1964); else empty.
  private var heap: [Int32] = []
  /// What there is instead of lists when all of them have been read; then where in it `docID` is.
  private let merged: MergedPlaces?
  private var mergedPlace = 0
  private(set) var docID: DocID

  /// From how many lists on a heap is faster than looking at all of them.
  static let manyLists = 16

  /// - Parameter askedCount: About how many documents it will be asked for.
  /// - Returns: nil when no term is in the segment.
  static func open(
    _ element: SequenceWeight.Element, in segment: SegmentReader, number: Int, askedCount: Int, _ interruption: Interruption
  ) throws(IndexError) -> SequenceElement? {
    let values = element.terms.compactMap { $0.values[number] }
    if values.isEmpty { return nil }
    if let cache = element.mergedPlaces, isMergedFaster(values, askedCount: askedCount),
      let merged = try cache.places(of: values, in: segment, number: number, interruption), !merged.documents.isEmpty
    {
      return unsafe SequenceElement(element.offset, .allocate(capacity: 0), 0, cost: merged.documents.count, merged)
    }
    let lists = UnsafeMutablePointer<SequenceList>.allocate(capacity: values.count)
    var count = 0
    do {
      for value in values {
        if count % 512 == 511 { try interruption.check() }
        unsafe (lists + count).initialize(to: SequenceList(try segment.blocks(value)))
        count += 1
      }
    } catch {
      unsafe lists.deinitialize(count: count)
      unsafe lists.deallocate()
      throw error
    }
    return unsafe SequenceElement(element.offset, lists, count, cost: values.reduce(0) { $0 + $1.count })
  }

  /// Whether reading all lists, one after another, is faster than going through them side by side: a turn of the heap takes about as long as four postings
  /// of a list that is read as a whole, and there is at most one for each posting, and for each list and document that is asked for.
  private static func isMergedFaster(_ values: [StringValue], askedCount: Int) -> Bool {
    if values.count < manyLists { return false }
    var (postings, turns) = (0, 0)
    for value in values {
      postings += value.count
      turns += min(value.count, askedCount)
    }
    return turns > postings / 4
  }

  private init(
    _ offset: UInt32, _ lists: UnsafeMutablePointer<SequenceList>, _ count: Int, cost: Int, _ merged: MergedPlaces? = nil
  ) {
    self.offset = offset
    self.cost = cost
    unsafe self.lists = lists
    self.count = count
    self.merged = merged
    docID = merged?.documents.first ?? .end
    for list in 0..<count { docID = unsafe min(docID, lists[list].docID) }
    if count < Self.manyLists { return }
    heap = (0..<Int32(count)).map { $0 }
    for place in (0..<count / 2).reversed() { siftDown(place) }
  }

  deinit {
    unsafe lists.deinitialize(count: count)
    unsafe lists.deallocate()
  }

  /// Advances to the first document that is at least `target`.
  @inline(__always)
  mutating func advance(to target: DocID) throws(IndexError) {
    if docID >= target { return }
    if count >= Self.manyLists { return try advanceHeap(to: target) }
    docID = .end
    if let merged {
      mergedPlace = merged.documents.firstPlace(from: mergedPlace, reaching: target)
      if mergedPlace < merged.documents.count { docID = merged.documents[mergedPlace] }
      return
    }
    let lists = unsafe lists
    for list in 0..<count {
      try unsafe lists[list].advance(to: target)
      docID = unsafe min(docID, lists[list].docID)
    }
  }

  private func document(_ place: Int) -> DocID { unsafe lists[Int(heap[place])].docID }

  private mutating func advanceHeap(to target: DocID) throws(IndexError) {
    let lists = unsafe lists
    // Terminates: every turn advances a list that is before the target.
    while document(0) < target {
      try unsafe lists[Int(heap[0])].advance(to: target)
      siftDown(0)
    }
    docID = document(0)
  }

  /// Moves the list at a place down to where none below it is at an earlier document.
  private mutating func siftDown(_ start: Int) {
    var place = start
    // Terminates: the place grows.
    while 2 * place + 1 < count {
      var least = 2 * place + 1
      if least + 1 < count, document(least + 1) < document(least) { least += 1 }
      if document(place) <= document(least) { return }
      heap.swapAt(place, least)
      place = least
    }
  }

  /// The lists of the heap that are at the current document: those above them are too.
  private func currentLists() -> [Int] {
    var places = document(0) == docID ? [0] : []
    var next = 0
    while next < places.count {
      for below in [2 * places[next] + 1, 2 * places[next] + 2] where below < count && document(below) == docID { places.append(below) }
      next += 1
    }
    return places.map { Int(heap[$0]) }
  }

  /// Replaces the contents of `buffer` by the positions in the current document that are at least `offset`, each less `offset`.
  mutating func readStarts(into buffer: inout PositionBuffer, offset: UInt32) throws(IndexError) {
    buffer.count = 0
    if let merged {
      for position in merged.positions(at: mergedPlace) where position >= offset { buffer.append(position &- offset) }
      return buffer.sort()
    }
    let lists = unsafe lists
    if count >= Self.manyLists {
      for list in currentLists() { try unsafe lists[list].readStarts(into: &buffer, offset: offset) }
      return buffer.sort()
    }
    var listCount = 0
    for list in 0..<count where unsafe lists[list].docID == docID {
      try unsafe lists[list].readStarts(into: &buffer, offset: offset)
      listCount += 1
    }
    // Two readings of a character stand at one place.
    if listCount > 1 { buffer.sort() }
  }

  /// Its list, if it has only one.
  @inline(__always)
  var single: UnsafeMutablePointer<SequenceList>? { count == 1 ? unsafe lists : nil }
}

/// A moving position in one list.
@safe struct SequenceList: ~Copyable {
  var blocks: PostingBlocks
  /// The place of `docID` in the block numbered `indexedBlock`; another block may have been loaded since.
  private var index = 0
  private var indexedBlock = 0
  private(set) var docID: DocID

  init(_ blocks: consuming PostingBlocks) {
    docID = blocks.document(at: 0)
    self.blocks = blocks
  }

  @inline(__always)
  mutating func advance(to target: DocID) throws(IndexError) {
    if docID >= target { return }
    blocks.fillDocuments()
    if blocks.length == 0 || blocks.document(at: blocks.length &- 1) < target {
      try advanceBlock(to: target)
      if docID == .end { return }
    }
    index = blocks.place(from: indexedBlock == blocks.block ? index : 0, reaching: target)
    indexedBlock = blocks.block
    docID = blocks.document(at: index)
  }

  private mutating func advanceBlock(to target: DocID) throws(IndexError) {
    let block = blocks.firstBlock(from: blocks.block + 1, reaching: target)
    docID = .end
    if block > blocks.blockCount { return }
    try blocks.load(block)
    (index, indexedBlock) = (0, block)
    if blocks.length > 0 { docID = blocks.document(at: 0) }
  }

  mutating func readStarts(into buffer: inout PositionBuffer, offset: UInt32) throws(IndexError) {
    try readStarts(at: index, into: &buffer, offset: offset)
  }

  /// The same for a posting of the loaded block.
  @inline(__always)
  mutating func readStarts(at place: Int, into buffer: inout PositionBuffer, offset: UInt32) throws(IndexError) {
    try blocks.forEachPosition(at: place) { position in
      if position >= offset { buffer.append(position &- offset) }
    }
  }
}
