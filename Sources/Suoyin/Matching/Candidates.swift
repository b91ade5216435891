// Which documents are under way, and what have they scored so far?
//
// Why the unsafe code here is sound: all arrays have room for `capacity` entries (`ScoreWindow.length` slots), and who appends or adds keeps
// to it: `append` looks, slots come from documents inside the window.

/// Documents that are taken through the scorers of a query together, ascending.
///
/// Work on many documents at a time keeps each scorer's loop tight: no call, no check and no cache miss of another list in between.
@safe package struct Candidates: ~Copyable {
  private let capacity: Int
  package var count = 0
  package let documents: UnsafeMutablePointer<DocID>
  /// In fixed point (`BM25.one` is 1).
  package let scores: UnsafeMutablePointer<Int64>
  /// 1 for each document that a scorer has matched since `forgetMatches`.
  package let matches: UnsafeMutablePointer<UInt8>

  /// - Parameter capacity: At least `ScoreWindow.length` where a scorer's matches are wanted.
  package init(capacity: Int = ScoreWindow.length) {
    self.capacity = capacity
    unsafe documents = .allocate(capacity: capacity)
    unsafe scores = .allocate(capacity: capacity)
    unsafe matches = .allocate(capacity: capacity)
  }

  deinit {
    unsafe documents.deallocate()
    unsafe scores.deallocate()
    unsafe matches.deallocate()
  }

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

  /// Keeps those that score at least `minimum`.
  package mutating func keep(scoring minimum: Int64) {
    var kept = 0
    for index in 0..<count {
      let score = unsafe scores[index]
      move(index, to: kept)
      kept &+= score >= minimum ? 1 : 0
    }
    count = kept
  }
}

/// The scores of neighbouring documents that are being added up: a slot for each document behind `base`.
@safe package struct ScoreWindow: ~Copyable {
  package static let length = 4096

  package var base: DocID = 0
  package let scores: UnsafeMutablePointer<Int64>
  /// A bit for every slot that something was added to.
  package let matches: UnsafeMutablePointer<UInt64>

  package init() {
    unsafe scores = .allocate(capacity: Self.length)
    unsafe matches = .allocate(capacity: Self.length / 64)
    unsafe scores.initialize(repeating: 0, count: Self.length)
    unsafe matches.initialize(repeating: 0, count: Self.length / 64)
  }

  deinit {
    unsafe scores.deallocate()
    unsafe matches.deallocate()
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

  /// Moves all documents that score at least `minimum` to `candidates`, which are empty, and empties the window.
  package func drain(into candidates: inout Candidates, minimum: Int64) {
    var filled = 0
    for word in 0..<Self.length / 64 {
      var bits = unsafe matches[word]
      if bits == 0 { continue }
      unsafe matches[word] = 0
      while bits != 0 {
        let slot = word &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        let score = unsafe scores[slot]
        unsafe scores[slot] = 0
        unsafe candidates.documents[filled] = base &+ DocID(truncatingIfNeeded: slot)
        unsafe candidates.scores[filled] = score
        filled &+= score >= minimum ? 1 : 0
      }
    }
    candidates.count = filled
  }
}
