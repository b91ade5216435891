// In which order are the occurrences of terms written?
//
// Why the unsafe code here is sound: the occurrences of a passage are a range of its stream, from one entry of `starts` to the next, which ascend
// up to the stream's count; `picked` has room for those of the longest passage. A part is sorted into as many places as its terms have
// occurrences, since each term's places are as many as were counted, and all are written.
internal import SuoyinAnalysis

/// The occurrences of the terms of one family, in the order of documents.
struct OccurrenceStream: ~Copyable {
  var terms = GrowingBuffer<UInt32>()
  /// As many, or none at all in a family without positions.
  var positions = GrowingBuffer<UInt32>()
  /// For each passage where its occurrences begin.
  private(set) var starts = GrowingBuffer<UInt32>()

  mutating func beginPassage() { starts.append(UInt32(terms.count)) }

  /// The occurrences of a passage.
  @inline(__always)
  func range(of passage: Int) -> Range<Int> {
    Int(starts[passage])..<(passage + 1 < starts.count ? Int(starts[passage + 1]) : terms.count)
  }
}

/// Sorts occurrences by term, document and position, by counting, a part of the terms at a time so that less memory is needed.
struct OccurrenceOrder: ~Copyable {
  /// Terms of one family in one numbering, side by side in the order in which they are written.
  struct Part {
    var places: Range<Int>
    var family: TermFamily
    var occurrenceCount = 0
    /// Whether its stream has occurrences of other parts too.
    var isMixed = false
  }

  private let documentCount: Int
  /// In the order in which they are written.
  let terms: [UInt32]
  /// For each term, where its occurrences begin among those of its part, and where the next one goes: in the end, where they end.
  private var starts: [UInt32]
  private var next: [UInt32]
  /// For each term, the part that it belongs to.
  private var partOfTerm: [UInt16]
  private(set) var parts: [Part] = []

  /// How many occurrences a part has at most, unless they are of one term.
  private static let longestPart = 3 << 20

  init(_ table: borrowing TermTable, documentCount: Int) {
    self.documentCount = documentCount
    terms = table.sorted()
    starts = [UInt32](repeating: 0, count: terms.count)
    next = starts
    partOfTerm = [UInt16](repeating: 0, count: terms.count)
  }

  /// Counts the occurrences of a family's terms. Call for every family, then `makeParts`.
  mutating func count(_ stream: borrowing OccurrenceStream) {
    var counts = starts.mutableSpan
    for occurrence in 0..<stream.terms.count { counts[Int(stream.terms[occurrence])] += 1 }
  }

  mutating func makeParts(_ table: borrowing TermTable) {
    var header: (UInt8, UInt8)?
    for (place, term) in terms.enumerated() {
      let bytes = table.bytes(of: term)
      let own = (bytes[bytes.startIndex], bytes[bytes.startIndex + 1])
      let count = Int(starts[Int(term)])
      if header.map({ $0 != own }) ?? true || parts[parts.count - 1].occurrenceCount + count > Self.longestPart {
        header = own
        parts.append(Part(places: place..<place, family: TermFamily(rawValue: own.1) ?? .word))
      }
      let part = parts.count - 1
      starts[Int(term)] = UInt32(parts[part].occurrenceCount)
      partOfTerm[Int(term)] = UInt16(truncatingIfNeeded: part)
      parts[part].places = parts[part].places.lowerBound..<place + 1
      parts[part].occurrenceCount += count
    }
    precondition(parts.count <= UInt16.max, "too many occurrences in one unit")
    for part in parts.indices {
      parts[part].isMixed = parts.contains { $0.family == parts[part].family && $0.places != parts[part].places }
    }
    next = starts
  }

  /// Where the occurrences of a term are in what `sort` has given for its part.
  func range(of term: UInt32) -> Range<Int> { Int(starts[Int(term)])..<Int(next[Int(term)]) }

  /// Gives the occurrences of a part's terms, each as document × 2³² + position. Call once for each part.
  mutating func sort(part number: Int, _ stream: borrowing OccurrenceStream, into sorted: inout GrowingBuffer<UInt64>) {
    let part = parts[number]
    let (documentCount, partOfTerm) = (documentCount, partOfTerm)
    var longestPassage = 0
    for document in 0..<documentCount { longestPassage = max(longestPassage, stream.range(of: document).count) }
    let hasPositions = !stream.positions.isEmpty
    precondition(!hasPositions || stream.positions.count == stream.terms.count, "every occurrence has a position, or none has")
    sorted.removeAll()
    unsafe sorted.append(atMost: part.occurrenceCount) { sorted in
      let (terms, positions) = unsafe (stream.terms.elements, stream.positions.elements)
      let parts = partOfTerm.span
      var places = next.mutableSpan
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: longestPassage) { picked in
        for document in 0..<documentCount {
          let range = stream.range(of: document)
          var count = range.count
          if part.isMixed {
            // Without a branch: which occurrences are of this part is not to be foreseen.
            count = 0
            for offset in 0..<range.count {
              unsafe picked[count] = UInt32(truncatingIfNeeded: offset)
              let isPicked = unsafe parts[Int(terms[range.lowerBound &+ offset])] == UInt16(truncatingIfNeeded: number)
              count &+= Int(unsafe unsafeBitCast(isPicked, to: UInt8.self))
            }
          }
          let upper = UInt64(document) << 32
          for index in 0..<count {
            let occurrence = unsafe range.lowerBound &+ (part.isMixed ? Int(picked[index]) : index)
            let term = unsafe Int(terms[occurrence])
            let place = places[term]
            unsafe sorted[Int(place)] = upper | (hasPositions ? UInt64(positions[occurrence]) : 0)
            places[term] = place &+ 1
          }
        }
      }
      return part.occurrenceCount
    }
  }
}
