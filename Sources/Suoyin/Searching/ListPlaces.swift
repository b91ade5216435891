// Which passages hold a sequence, when not all of them need be seen?
internal import SuoyinAnalysis

/// A passage of an index.
struct PassagePlace: Hashable, Comparable {
  var segment: Int
  var document: DocID

  static func < (left: PassagePlace, right: PassagePlace) -> Bool { (left.segment, left.document) < (right.segment, right.document) }
}

extension SequenceWeight {
  /// A sequence that is only looked for, not scored.
  init(_ elements: [Element], numbering: Int, _ interruption: Interruption) {
    self.init(
      text: [], elements: elements, idf: 0, similarity: BM25(weight: 1, averageLength: 1, parameters: RankingParameters()),
      numbering: numbering, scope: nil,
      interruption: interruption)
  }

  /// The element with the fewest postings, of equal ones the first; there must be elements.
  var rarest: Element {
    var best = (element: elements[0], count: Int.max)
    for element in elements {
      let count = element.terms.reduce(0) { $0 + $1.listLength }
      if count < best.count { best = (element, count) }
    }
    return best.element
  }
}

extension TermStatistics {
  /// How many postings its lists have, those of dead passages among them.
  var listLength: Int { values.reduce(0) { $0 + ($1?.count ?? 0) } }
}

extension IndexReader {
  /// All pairs of the cells of a text, where there are any: the rarest of them says most.
  ///
  /// - Returns: nil for a text of one cell, one in which a sentence ends, and where the analyzer has no pairs.
  func sequence(of analysis: Analysis, numbering: Int, _ interruption: Interruption) throws(IndexError) -> SequenceWeight? {
    guard analysis.hasPairs, analysis.cells.count > 1 else { return nil }
    var elements: [SequenceWeight.Element] = []
    for cell in analysis.cells.indices.dropLast() {
      guard analysis.successor(of: cell) != nil else { return nil }
      let pair = Term(numbering: numbering, family: .pair, analysis.pairTerm(at: cell))
      elements.append(.init(offset: UInt32(cell), terms: [try TermStatistics(pair, in: self)]))
    }
    return SequenceWeight(elements, numbering: numbering, interruption)
  }
}

/// What is known of the passages that a sequence stands in.
struct SequenceMatches {
  /// Some of them, by segment and doc ID; all where they were counted one by one.
  var places: [PassagePlace] = []
  /// How many live passages have it.
  var count = 0
  var isExact = true
}

extension IndexReader {
  /// Goes to places of the list of a term in a segment, evenly: to all of them where the list has no more than `limit`.
  ///
  /// Where it has more, the segment's passages are divided into `limit` parts, and the first place of each is gone to, unless that has been the
  /// last one's.
  func forEachPlace(
    of value: StringValue, inSegment number: Int, limit: Int, _ body: (PostingCursor) throws(IndexError) -> Void
  ) throws(IndexError) {
    let segment = segments[number]
    let cursor = try segment.reader.postings(value)
    if value.count <= limit {
      while cursor.docID != .end {
        if !segment.isDead(cursor.docID) { try body(cursor) }
        try cursor.next()
      }
      return
    }
    var last: DocID?
    for part in 0..<limit {
      try cursor.advance(to: DocID(segment.reader.passageCount * part / limit))
      if cursor.docID == .end { return }
      if cursor.docID == last || segment.isDead(cursor.docID) { continue }
      last = cursor.docID
      try body(cursor)
    }
  }

  /// How a limit for all lists of a term is shared by those of its segments: by their lengths.
  static func share(_ limit: Int, of value: StringValue, _ length: Int) -> Int {
    length <= limit ? value.count : max(1, limit * value.count / max(1, length))
  }

  /// The passages that a sequence stands in: all of them where its rarest lists have no more than `most` places, else those among `probes` even
  /// ones, from which their number is estimated.
  func matches(of sequence: SequenceWeight, most: Int, probes: Int) throws(IndexError) -> SequenceMatches {
    var found = SequenceMatches()
    guard !sequence.elements.isEmpty else { return found }
    let rarest = sequence.rarest
    let length = rarest.terms.reduce(0) { $0 + $1.listLength }
    if length <= most {
      var candidates = Candidates()
      for (number, segment) in segments.enumerated() {
        try sequence.interruption.check()
        guard let match = try PhraseMatch(sequence, in: segment.reader, number: number) else { continue }
        // Terminates: every turn goes forward in the segment.
        while match.docID != .end {
          try match.next(&candidates, below: .end, minimum: 0, isScored: false)
          for index in 0..<candidates.count {
            let document = unsafe candidates.documents[index]
            if !segment.isDead(document) { found.places.append(PassagePlace(segment: number, document: document)) }
          }
        }
      }
      found.count = found.places.count
      return found
    }
    guard let longest = rarest.terms.max(by: { $0.listLength < $1.listLength }) else { return found }
    var looked = 0
    for (number, segment) in segments.enumerated() {
      guard let value = longest.values[number], let match = try PhraseMatch(sequence, in: segment.reader, number: number) else { continue }
      try sequence.interruption.check()
      var starts: [UInt32] = []
      try forEachPlace(of: value, inSegment: number, limit: Self.share(probes, of: value, longest.listLength)) {
        cursor throws(IndexError) in
        looked += 1
        if try match.readStarts(in: cursor.docID, into: &starts) {
          found.places.append(PassagePlace(segment: number, document: cursor.docID))
        }
      }
    }
    found.isExact = sequence.elements.count == 1 && rarest.terms.count == 1
    let live = rarest.terms.reduce(0) { $0 + $1.passageCount }
    found.count = found.isExact ? live : looked == 0 ? 0 : min(live, live * found.places.count / looked)
    return found
  }
}
