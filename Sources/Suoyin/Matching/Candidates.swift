// Which documents are under way, and what have they scored so far?
//
// Why the unsafe code here is sound: all arrays have room for `capacity` entries (`ScoreWindow.length` slots), and who appends or adds keeps
// to it: `append` looks, slots come from documents inside the window.
internal import CKernels

/// Documents that are taken through the scorers of a query together, ascending.
///
/// Work on many documents at a time keeps each scorer's loop tight: no call, no check and no cache miss of another list in between.
@safe package struct Candidates: ~Copyable {
  private let capacity: Int
  /// All three are in here.
  private let memory: UnsafeMutableRawPointer
  package var count = 0
  package let documents: UnsafeMutablePointer<DocID>
  /// In fixed point (`BM25.one` is 1).
  package let scores: UnsafeMutablePointer<Int64>
  /// 1 for each document that a scorer has matched since `forgetMatches`.
  package let matches: UnsafeMutablePointer<UInt8>

  /// - Parameter capacity: At least `ScoreWindow.length` where a scorer's matches are wanted.
  package init(capacity: Int = ScoreWindow.length) {
    self.capacity = capacity
    let perEntry = MemoryLayout<Int64>.size + MemoryLayout<DocID>.size + 1
    unsafe memory = .allocate(byteCount: capacity * perEntry, alignment: MemoryLayout<Int64>.alignment)
    unsafe scores = memory.assumingMemoryBound(to: Int64.self)
    unsafe documents = UnsafeMutableRawPointer(scores + capacity).assumingMemoryBound(to: DocID.self)
    unsafe matches = UnsafeMutableRawPointer(documents + capacity).assumingMemoryBound(to: UInt8.self)
  }

  deinit { unsafe memory.deallocate() }

  /// Adds a document greater than those before. There must be room.
  @inline(__always)
  package mutating func append(_ document: DocID, _ score: Int64) {
    precondition(count < capacity)
    unsafe documents[count] = document
    unsafe scores[count] = score
    count &+= 1
  }

  /// Moves a candidate down.
  @inline(__always)
  package func move(_ index: Int, to place: Int) {
    unsafe documents[place] = documents[index]
    unsafe scores[place] = scores[index]
  }

  /// Marks a candidate as matched, and adds to its score.
  @inline(__always)
  package func match(_ index: Int, adding score: Int64 = 0) {
    let (matches, scores) = unsafe (matches, scores)
    unsafe matches[index] = 1
    unsafe scores[index] &+= score
  }

  package func forgetMatches() {
    unsafe matches.update(repeating: 0, count: count)
  }

  /// Keeps those that have been matched, or those that have not.
  package mutating func keep(matched: Bool) {
    let wanted: UInt8 = matched ? 1 : 0
    var kept = 0
    for index in 0..<count {
      move(index, to: kept)
      kept &+= unsafe matches[index] == wanted ? 1 : 0
    }
    count = kept
  }

  /// Takes those of some documents that score at least `minimum`, instead of what is there. There must be room for all of them.
  @inline(__always)
  package mutating func take(
    _ documents: UnsafePointer<DocID>, _ scores: UnsafePointer<Int64>, count: Int, scoring minimum: Int64
  ) {
    self.count = unsafe Int(suoyin_keep(documents, scores, UInt32(truncatingIfNeeded: count), minimum, self.documents, self.scores))
  }

  /// Keeps those that score at least `minimum`.
  package mutating func keep(scoring minimum: Int64) {
    count = unsafe Int(suoyin_keep(documents, scores, UInt32(truncatingIfNeeded: count), minimum, documents, scores))
  }
}

/// The scores of neighbouring documents that are being added up: a slot for each document behind `base`.
@safe package struct ScoreWindow: ~Copyable {
  package static let length = 4096

  package private(set) var base: DocID = 0
  /// What scores less is left out.
  private var minimum: Int64 = 0
  /// Whether it has ever been used: until then nothing is written to its memory.
  private var isOpen = false
  package let scores: UnsafeMutablePointer<Int64>
  /// A bit for every slot that something was added to.
  package let matches: UnsafeMutablePointer<UInt64>

  package init() {
    unsafe scores = .allocate(capacity: Self.length)
    unsafe matches = .allocate(capacity: Self.length / 64)
  }

  deinit {
    unsafe scores.deallocate()
    unsafe matches.deallocate()
  }

  /// Moves it, empty, to where a document is its first.
  package mutating func move(to base: DocID, minimum: Int64) {
    if !isOpen {
      unsafe scores.initialize(repeating: 0, count: Self.length)
      unsafe matches.initialize(repeating: 0, count: Self.length / 64)
      isOpen = true
    }
    (self.base, self.minimum) = (base, minimum)
  }

  /// The first document behind the window.
  package var limit: DocID { base > DocID.end - DocID(Self.length) ? DocID.end : base + DocID(Self.length) }

  /// Adds to the score of a document inside the window.
  @inline(__always)
  package func add(_ score: Int64, to document: DocID) {
    let slot = Int(document &- base)
    unsafe scores[slot] &+= score
    unsafe matches[slot >> 6] |= 1 << UInt64(truncatingIfNeeded: slot & 63)
  }

  /// Adds to the scores of many documents inside the window, each once.
  @inline(__always)
  package func add(_ scores: UnsafePointer<Int64>, to documents: UnsafePointer<DocID>, count: Int) {
    if minimum > 0 {
      // Sets the bits of those around them too: they score nothing, and are left out.
      unsafe suoyin_add_scores(documents, scores, UInt32(truncatingIfNeeded: count), base, self.scores, matches)
    } else {
      for index in 0..<count { unsafe add(scores[index], to: documents[index]) }
    }
  }

  /// Moves all documents that score at least `minimum` to `candidates`, which are empty, and empties the window.
  package func drain(into candidates: inout Candidates) {
    candidates.count = unsafe Int(
      suoyin_drain(scores, matches, UInt32(Self.length / 64), minimum, base, candidates.documents, candidates.scores))
  }
}
