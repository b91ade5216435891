// In which order are the occurrences of terms written?
//
// Why the unsafe code here is sound: the occurrences of a passage are ranges of both buffers, which is compared with their counts; `picked` has
// room for those of the longest passage. A part is sorted into as many places as its terms have occurrences, since each term's places are
// as many as were counted, and all are written.

/// Sorts occurrences by term, passage and order of arrival, by counting, a part of the terms at a time so that less memory is needed.
struct OccurrenceOrder: ~Copyable {
  private let passages: [Range<Int>]
  private let longestPassage: Int
  /// In the order in which they are written.
  let terms: [UInt32]
  /// For each term, where its occurrences begin among all sorted ones, and where the next one goes: in the end, where they end.
  private let starts: [UInt32]
  private var next: [UInt32]
  /// For each term, the part that it belongs to.
  private var partOfTerm: [UInt8]
  /// Ranges of `terms` with about as many occurrences each.
  private(set) var parts: [Range<Int>] = []

  /// Fewer occurrences are not worth a part.
  private static let usefulPart = 1 << 20
  private static let mostParts = 4

  /// - Parameters:
  ///   - passages: The occurrences of the passages, in their new order.
  ///   - numbers: The term of every occurrence.
  ///   - terms: All terms, each once.
  init(_ passages: [Range<Int>], _ numbers: borrowing GrowingBuffer<UInt32>, _ terms: [UInt32]) {
    self.passages = passages
    self.terms = terms
    longestPassage = passages.reduce(0) { max($0, $1.count) }
    var counts = [UInt32](repeating: 0, count: terms.count)
    var whole = 0
    for passage in passages {
      precondition(passage.lowerBound >= 0 && passage.upperBound <= numbers.count, "occurrences out of bounds")
      for occurrence in passage { counts[Int(unsafe numbers.elements[occurrence])] += 1 }
      whole += passage.count
    }
    precondition(whole <= UInt32.max, "more than 4 billion occurrences in one unit")
    let partLength = max(Self.usefulPart, (whole + Self.mostParts - 1) / Self.mostParts)
    var starts = counts
    partOfTerm = [UInt8](repeating: 0, count: terms.count)
    var end = 0
    var (firstPlace, firstOccurrence) = (0, 0)
    for (place, term) in terms.enumerated() {
      starts[Int(term)] = UInt32(end)
      partOfTerm[Int(term)] = UInt8(parts.count)
      end += Int(counts[Int(term)])
      if end - firstOccurrence >= partLength {
        parts.append(firstPlace..<place + 1)
        (firstPlace, firstOccurrence) = (place + 1, end)
      }
    }
    if firstPlace < terms.count { parts.append(firstPlace..<terms.count) }
    self.starts = starts
    next = starts
  }

  /// Where the occurrences of a term of a part are in what `sort` has given for it.
  func range(of term: UInt32, inPart part: Int) -> Range<Int> {
    let base = starts[Int(terms[parts[part].lowerBound])]
    return Int(starts[Int(term)] - base)..<Int(next[Int(term)] - base)
  }

  /// Gives the occurrences of a part's terms, each as document × 2³² + position. Call once for each part, in order.
  mutating func sort(
    part: Int, _ numbers: borrowing GrowingBuffer<UInt32>, _ positions: borrowing GrowingBuffer<UInt32>,
    into sorted: inout GrowingBuffer<UInt64>
  ) {
    precondition(numbers.count == positions.count, "every occurrence has a position")
    let base = starts[Int(terms[parts[part].lowerBound])]
    let end = part + 1 < parts.count ? starts[Int(terms[parts[part + 1].lowerBound])] : UInt32(passages.reduce(0) { $0 + $1.count })
    let isOnly = parts.count == 1
    let (passages, partOfTerm, longestPassage) = (passages, partOfTerm, longestPassage)
    sorted.removeAll()
    unsafe sorted.append(atMost: Int(end - base)) { sorted in
      let (terms, positions) = unsafe (numbers.elements, positions.elements)
      let parts = partOfTerm.span
      var places = next.mutableSpan
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: longestPassage) { picked in
        for (document, passage) in passages.enumerated() {
          // Without a branch: which occurrences are of this part is not to be foreseen.
          var count = 0
          for offset in 0..<passage.count {
            unsafe picked[count] = UInt32(truncatingIfNeeded: offset)
            let isPicked = unsafe isOnly || parts[Int(terms[passage.lowerBound &+ offset])] == UInt8(truncatingIfNeeded: part)
            count &+= Int(unsafe unsafeBitCast(isPicked, to: UInt8.self))
          }
          let upper = UInt64(document) << 32
          for index in 0..<count {
            let occurrence = unsafe passage.lowerBound &+ Int(picked[index])
            let term = unsafe Int(terms[occurrence])
            let place = places[term] &- base
            unsafe sorted[Int(place)] = upper | UInt64(positions[occurrence])
            places[term] = base &+ place &+ 1
          }
        }
      }
      return Int(end - base)
    }
  }
}
