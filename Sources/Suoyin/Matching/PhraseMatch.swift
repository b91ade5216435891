// In which documents do cells stand one after another?
//
// Why the unsafe code here is sound: `elements` has `count` elements, made in `init` and destroyed in `deinit`; candidates see to their own
// bounds.
internal import SuoyinAnalysis

/// The documents in which every element of a sequence stands at its distance from a common start.
///
/// Equivalent to a scan of every document's cells: the elements vouch for each cell of the sequence and for every gap in it, and fields lie
/// further apart than any gap, so that no match reaches from one field into the next.
///
/// The rarest element leads. Positions are read only in documents that have all elements, and whose smallest frequency could still reach
/// the minimum: a sequence is in a document at most as often as its rarest element there.
@safe package final class PhraseMatch: Scorer {
  /// By cost; the first leads.
  private let elements: UnsafeMutablePointer<SequenceElement>
  private let count: Int
  private let similarity: BM25
  private let lengths: LengthColumn?
  private let counter: ScopedCounter?
  private var starts = PositionBuffer()
  private var others = PositionBuffer()

  /// - Returns: nil when an element is not in the segment.
  package init?(_ weight: SequenceWeight, in segment: SegmentReader, number: Int) throws(IndexError) {
    unsafe elements = .allocate(capacity: weight.elements.count)
    // By cost, so that every element is opened once, and in its place.
    func cost(_ element: SequenceWeight.Element) -> Int { element.terms.reduce(0) { $0 + ($1.values[number]?.count ?? 0) } }
    let ordered = weight.elements.sorted { cost($0) < cost($1) }
    var opened = 0
    similarity = weight.similarity
    lengths = segment.lengths.column(numbering: weight.numbering, family: segment.schema.analyzer.families.contains(.pair) ? .pair : .word)
    counter = weight.scope.map { ScopedCounter($0, segment) }
    count = ordered.count
    super.init()
    for element in ordered {
      do {
        guard let found = try SequenceElement.open(element, in: segment, number: number) else { break }
        unsafe (elements + opened).initialize(to: found)
        opened += 1
      } catch {
        self.opened = opened
        throw error
      }
    }
    self.opened = opened
    guard opened == count, count > 0 else { return nil }
    docID = unsafe elements[0].docID
  }

  /// How many of `elements` there are to destroy.
  private var opened = 0

  deinit {
    unsafe elements.deinitialize(count: opened)
    unsafe elements.deallocate()
  }

  package override var cost: Int { unsafe elements[0].cost }
  package override var bound: Int64 { similarity.limit }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    // What a field's weight multiplies is not known from frequencies.
    let minimum = isScored && counter == nil ? minimum : 0
    var document = docID
    // How far the leader's block is known to have a chance.
    var promisingThrough: DocID = 0
    // Terminates: every turn advances the leader.
    while document < limit, candidates.count < BitPacking.blockLength {
      if minimum > 0, document >= promisingThrough, let (bound, last) = unsafe elements[0].blockBound(similarity) {
        if bound < minimum {
          try unsafe elements[0].advance(to: last + 1)
          document = unsafe elements[0].docID
          continue
        }
        promisingThrough = last
      }
      let other = try firstDisagreeing(with: document)
      if other == document, let frequency = try frequency(in: document, minimum: minimum) {
        candidates.append(document, isScored ? score(frequency, document) : 0)
      }
      try unsafe elements[0].advance(to: max(other, document + 1))
      document = unsafe elements[0].docID
    }
    docID = document
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      let document = unsafe candidates.documents[index]
      try unsafe elements[0].advance(to: document)
      guard unsafe elements[0].docID == document, try firstDisagreeing(with: document) == document,
        let frequency = try frequency(in: document, minimum: 0)
      else { continue }
      unsafe candidates.matches[index] = 1
      if isScored { unsafe candidates.scores[index] &+= score(frequency, document) }
    }
  }

  private func score(_ frequency: Double, _ document: DocID) -> Int64 {
    similarity.score(frequency: frequency, length: lengths?[document] ?? 0)
  }

  /// Where the first element stands that is not in `document`, where the leader stands; `document` when all are.
  private func firstDisagreeing(with document: DocID) throws(IndexError) -> DocID {
    for element in 1..<max(1, count) {
      try unsafe elements[element].advance(to: document)
      if unsafe elements[element].docID > document { return unsafe elements[element].docID }
    }
    return document
  }

  /// How often the sequence is in a document that has all elements; nil when it is not there, or scores less than `minimum`.
  private func frequency(in document: DocID, minimum: Int64) throws(IndexError) -> Double? {
    if minimum > 0 {
      var least = UInt32.max
      for element in 0..<count { least = unsafe min(least, elements[element].frequency()) }
      if score(Double(least), document) < minimum { return nil }
    }
    try unsafe elements[0].readStarts(into: &starts, offset: elements[0].offset)
    for element in 1..<max(1, count) {
      if starts.count == 0 { return nil }
      try unsafe elements[element].readStarts(into: &others, offset: 0)
      unsafe starts.keep(before: others, offset: elements[element].offset)
    }
    if starts.count == 0 { return nil }
    guard let counter else { return Double(starts.count) }
    let frequency = unsafe counter.count(Array(UnsafeBufferPointer(start: starts.positions, count: starts.count)), document)
    return frequency > 0 ? frequency : nil
  }
}
