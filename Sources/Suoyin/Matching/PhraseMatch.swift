// In which documents do cells stand one after another?
//
// Why the unsafe code here is sound: `elements` has `count` elements, made in `init` and destroyed in `deinit`; places come from
// `FoundPostings`, and candidates see to their own bounds.
internal import SuoyinAnalysis

/// The documents in which every element of a sequence stands at its distance from a common start.
///
/// Equivalent to a scan of every document's cells: the elements vouch for each cell of the sequence and for every gap in it, and fields lie
/// further apart than any gap, so that no match reaches from one field into the next.
package final class PhraseMatch: Scorer {
  /// No method of it comes back here.
  @safe @exclusivity(unchecked) private var search: SequenceSearch

  /// - Parameter askedCount: About how many documents it will be asked for, when it does not lead.
  /// - Returns: nil when an element is not in the segment.
  package init?(_ weight: SequenceWeight, in segment: SegmentReader, number: Int, askedCount: Int = .max) throws(IndexError) {
    guard let search = try SequenceSearch.open(weight, in: segment, number: number, askedCount: askedCount) else { return nil }
    let first = search.docID
    self.search = search
    super.init()
    docID = first
  }

  package override var cost: Int { search.cost }
  package override var bound: Int64 { search.bound }

  package override func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    try search.next(&candidates, below: limit, minimum: minimum, isScored: isScored)
    docID = search.docID
  }

  package override func add(to candidates: inout Candidates, isScored: Bool) throws(IndexError) {
    try search.add(to: candidates, isScored: isScored)
  }

  /// Replaces the contents of `positions` by where the sequence stands in a document, ascending.
  ///
  /// For one that asks for nothing else, and for documents in ascending order.
  ///
  /// - Returns: Whether it stands there at all.
  func readStarts(in document: DocID, into positions: inout [UInt32]) throws(IndexError) -> Bool {
    try search.readStarts(in: document, into: &positions)
  }
}

/// The elements of a sequence at work. The rarest leads. Positions are read only in documents that have all elements and whose smallest
/// frequency could still reach the minimum: a sequence is in a document at most as often as its rarest element there.
@safe private struct SequenceSearch: ~Copyable {
  /// By cost; the first leads.
  private let elements: UnsafeMutablePointer<SequenceElement>
  private let count: Int
  private let similarity: BM25
  private let lengths: LengthColumn?
  private let counter: ScopedCounter?
  private(set) var docID: DocID
  private var starts = PositionBuffer()
  private var others = PositionBuffer()

  static func open(
    _ weight: SequenceWeight, in segment: SegmentReader, number: Int, askedCount: Int
  ) throws(IndexError) -> SequenceSearch? {
    let ordered = weight.elements.sorted { $0.cost(number: number) < $1.cost(number: number) }
    guard let rarest = ordered.first else { return nil }
    let askedCount = min(askedCount, rarest.cost(number: number))
    let family: TermFamily = segment.schema.analyzer.families.contains(.pair) ? .pair : .word
    let lengths = try segment.lengths.column(numbering: weight.numbering, family: family)
    let elements = UnsafeMutablePointer<SequenceElement>.allocate(capacity: ordered.count)
    var count = 0
    do {
      while count < ordered.count,
        let element = try SequenceElement.open(
          ordered[count], in: segment, number: number, askedCount: askedCount, weight.interruption)
      {
        unsafe (elements + count).initialize(to: element)
        count += 1
      }
    } catch {
      unsafe elements.deinitialize(count: count)
      unsafe elements.deallocate()
      throw error
    }
    if count < ordered.count {
      unsafe elements.deinitialize(count: count)
      unsafe elements.deallocate()
      return nil
    }
    return unsafe SequenceSearch(elements, count, weight, segment, lengths)
  }

  private init(
    _ elements: UnsafeMutablePointer<SequenceElement>, _ count: Int, _ weight: SequenceWeight, _ segment: SegmentReader,
    _ lengths: LengthColumn?
  ) {
    unsafe self.elements = elements
    self.count = count
    similarity = weight.similarity
    self.lengths = lengths
    counter = weight.scope.map { ScopedCounter($0, segment) }
    docID = unsafe elements[0].docID
  }

  deinit {
    unsafe elements.deinitialize(count: count)
    unsafe elements.deallocate()
  }

  var cost: Int { unsafe elements[0].cost }
  var bound: Int64 { similarity.limit }

  mutating func next(_ candidates: inout Candidates, below limit: DocID, minimum: Int64, isScored: Bool) throws(IndexError) {
    candidates.count = 0
    // What a field's weight multiplies is not known from frequencies.
    let minimum = isScored && counter == nil ? minimum : 0
    if count > 1, let leader = unsafe elements[0].single, let second = unsafe elements[1].single {
      return try unsafe nextOfBlock(leader, second, &candidates, below: limit, minimum: minimum, isScored: isScored)
    }
    var turns = 0
    // Terminates: every turn advances the leader.
    while docID < limit, candidates.count < BitPacking.blockLength, turns < Scorer.longestTurn {
      turns += 1
      let document = docID
      let other = try firstDisagreeing(with: document, from: 1)
      if other == document, let frequency = try frequency(in: document) {
        candidates.append(document, isScored ? score(frequency, document) : 0)
      }
      try unsafe elements[0].advance(to: max(other, document + 1))
      docID = unsafe elements[0].docID
    }
  }

  /// What is left of the leader's block at once: the second list is intersected with it, and what could win is looked at.
  private mutating func nextOfBlock(
    _ leader: UnsafeMutablePointer<SequenceList>, _ second: UnsafeMutablePointer<SequenceList>, _ candidates: inout Candidates,
    below limit: DocID, minimum: Int64, isScored: Bool
  ) throws(IndexError) {
    guard docID < limit else { return }
    let last = unsafe leader.pointee.blocks.document(at: leader.pointee.blocks.length &- 1)
    defer { unsafe docID = elements[0].docID }
    if minimum > 0, let bound = unsafe leader.pointee.blocks.bound(similarity, ofBlock: leader.pointee.blocks.block), bound < minimum {
      return try unsafe elements[0].advance(to: last &+ 1)
    }
    let first = unsafe leader.pointee.blocks.place(from: 0, reaching: docID)
    let end = unsafe limit > last ? leader.pointee.blocks.length : leader.pointee.blocks.place(from: first, reaching: limit)
    let documents = unsafe leader.pointee.blocks.documents
    if minimum > 0 { unsafe leader.pointee.blocks.loadFrequencies() }
    var place = first
    // Terminates: every turn goes forward in the leader's block.
    while let range = try unsafe second.pointee.blocks.loadBlock(of: documents, place..<end) {
      let foundCount = unsafe second.pointee.blocks.find(documents + place, count: range.count)
      let found = unsafe second.pointee.blocks.found
      if minimum > 0, foundCount > 0 {
        unsafe second.pointee.blocks.loadFrequencies()
        let leading = unsafe leader.pointee.blocks.frequencies + place
        let following = unsafe second.pointee.blocks.frequencies
        for match in 0..<foundCount {
          let index = unsafe Int(found.others[match])
          unsafe found.documents[match] = documents[place &+ index]
          unsafe found.frequencies[match] = min(leading[index], following[Int(found.places[match])])
        }
        unsafe similarity.score(found.documents, found.frequencies, count: foundCount, lengths: lengths, into: found.scores)
      }
      for match in 0..<foundCount {
        if minimum > 0, unsafe found.scores[match] < minimum { continue }
        let index = unsafe place &+ Int(found.others[match])
        let document = unsafe documents[index]
        if count > 2, try firstDisagreeing(with: document, from: 2) != document { continue }
        starts.count = 0
        others.count = 0
        try unsafe leader.pointee.readStarts(at: index, into: &starts, offset: elements[0].offset)
        try unsafe second.pointee.readStarts(at: Int(found.places[match]), into: &others, offset: 0)
        unsafe starts.keep(before: others, offset: elements[1].offset)
        if let frequency = try countStarts(document, from: 2) { candidates.append(document, isScored ? score(frequency, document) : 0) }
      }
      place = range.upperBound
    }
    // Behind the leader's block, or where the limit is; nothing before it is left. And nothing at all when the second list is at its end.
    try unsafe elements[0].advance(to: place < end ? .end : min(limit, last &+ 1))
  }

  mutating func add(to candidates: borrowing Candidates, isScored: Bool) throws(IndexError) {
    for index in 0..<candidates.count {
      let document = unsafe candidates.documents[index]
      try unsafe elements[0].advance(to: document)
      guard unsafe elements[0].docID == document, try firstDisagreeing(with: document, from: 1) == document,
        let frequency = try frequency(in: document)
      else { continue }
      candidates.match(index, adding: isScored ? score(frequency, document) : 0)
    }
  }

  @inline(__always)
  private func score(_ frequency: Double, _ document: DocID) -> Int64 {
    similarity.score(frequency: frequency, length: lengths?[document] ?? 0)
  }

  /// Where the first element stands, of those from `first` on, that is not in `document`; `document` when all are.
  private mutating func firstDisagreeing(with document: DocID, from first: Int) throws(IndexError) -> DocID {
    for element in first..<max(first, count) {
      try unsafe elements[element].advance(to: document)
      if unsafe elements[element].docID > document { return unsafe elements[element].docID }
    }
    return document
  }

  mutating func readStarts(in document: DocID, into positions: inout [UInt32]) throws(IndexError) -> Bool {
    guard try firstDisagreeing(with: document, from: 0) == document else { return false }
    let elements = unsafe elements
    try unsafe elements[0].readStarts(into: &starts, offset: elements[0].offset)
    try confirmStarts(from: 1)
    positions.removeAll(keepingCapacity: true)
    unsafe positions.append(contentsOf: UnsafeBufferPointer(start: starts.positions, count: starts.count))
    return starts.count > 0
  }

  /// How often the sequence is in a document on which all elements stand; nil when it is not there.
  private mutating func frequency(in document: DocID) throws(IndexError) -> Double? {
    let elements = unsafe elements
    try unsafe elements[0].readStarts(into: &starts, offset: elements[0].offset)
    return try countStarts(document, from: 1)
  }

  /// Keeps the starts that the elements from `first` on confirm, and says what they count; nil when none is left.
  @inline(__always)
  private mutating func countStarts(_ document: DocID, from first: Int) throws(IndexError) -> Double? {
    try confirmStarts(from: first)
    if starts.count == 0 { return nil }
    guard let counter else { return Double(starts.count) }
    let frequency = try unsafe counter.count(Array(UnsafeBufferPointer(start: starts.positions, count: starts.count)), document)
    return frequency > 0 ? frequency : nil
  }

  /// Keeps the starts that the elements from `first` on confirm.
  @inline(__always)
  private mutating func confirmStarts(from first: Int) throws(IndexError) {
    let elements = unsafe elements
    for element in first..<max(first, count) {
      if starts.count == 0 { return }
      try unsafe elements[element].readStarts(into: &others, offset: 0)
      unsafe starts.keep(before: others, offset: elements[element].offset)
    }
  }
}
