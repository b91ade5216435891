// How many matches have which value?
//
// Why the unsafe code here is sound: words of a set are read for the blocks of its segment; a set has room for whole blocks behind its limit.

/// Counts the values of one field over matches, segment by segment.
struct FacetCounter {
  private enum Kind {
    case values(limit: Int)
    case ranges(ValueSteps)
    case years(ValueSteps, first: Int, limit: Int)
  }

  private let request: FacetRequest
  private let field: Int
  private let kind: Kind
  private var facet: Facet
  /// For each segment how many matches have each value, or a value in each step; empty where none matches.
  private var counts: [[Int]]

  /// - Throws: `invalidArgument` when the schema has no such field, or the request cannot be.
  init(_ request: FacetRequest, _ index: IndexReader) throws(IndexError) {
    let schema = index.commit.schema
    self.request = request
    field = try schema.columnField(request.field, "a facet")
    let isKeyword = schema.fields[field].kind == .keyword
    switch request.kind {
    case .values(let limit):
      guard isKeyword else {
        throw IndexError(.invalidArgument, "a facet of the values of '\(request.field)' needs a keyword field; ask for ranges")
      }
      try Self.check(limit)
      kind = .values(limit: limit)
    case .ranges(let ranges):
      guard !isKeyword else { throw IndexError(.invalidArgument, "a facet of the keyword field '\(request.field)' has no ranges") }
      var weights: [RangeWeight] = []
      for range in ranges { weights.append(try RangeWeight(request.field, from: range.lower, through: range.upper, schema)) }
      kind = .ranges(ValueSteps(weights.map(\.numbers)))
    case .years(let limit):
      guard schema.fields[field].kind == .date else {
        throw IndexError(.invalidArgument, "a facet of the years of '\(request.field)' needs a date field")
      }
      try Self.check(limit)
      let years = try Self.years(field, index)
      kind = .years(ValueSteps(years.map(Self.days)), first: years.first ?? 0, limit: limit)
    }
    facet = Facet(field: request.field)
    counts = [[Int]](repeating: [], count: index.segments.count)
  }

  private static func check(_ limit: Int) throws(IndexError) {
    guard limit >= 0, limit <= Searcher.maximumLimit else {
      throw IndexError(.invalidArgument, "the limit \(limit) of a facet is not in 0...\(Searcher.maximumLimit)")
    }
  }

  /// The years from that of the first day of a field to that of the last.
  private static func years(_ field: Int, _ index: IndexReader) throws(IndexError) -> Range<Int> {
    var (least, greatest) = (Int64.max, Int64.min)
    for segment in index.segments {
      guard let column = try segment.reader.column(field) else { continue }
      for number in 0..<column.blockCount where column.head(number).presence != .none {
        (least, greatest) = (min(least, column.head(number).least), max(greatest, column.head(number).greatest))
      }
    }
    guard least <= greatest else { return 0..<0 }
    func year(_ days: Int64) -> Int { min(max(CalendarDate(days: Int32(clamping: days)).components.year, 1), 9999) }
    return year(least)..<year(greatest) + 1
  }

  private static func days(of year: Int) -> ClosedRange<Int64>? {
    guard let first = CalendarDate(year: year, month: 1, day: 1), let last = CalendarDate(year: year, month: 12, day: 31) else {
      return nil
    }
    return Int64(first.days)...Int64(last.days)
  }

  /// Counts the values of a segment's matches, from which the dead have been taken.
  mutating func count(_ matches: borrowing DocumentSet, in segment: SegmentReader, number: Int) throws(IndexError) {
    guard let column = try segment.column(field) else {
      facet.missingCount += matches.count(without: nil)
      return
    }
    switch kind {
    case .values:
      guard let keywords = try segment.keywords(field) else { return }
      try countValues(matches, column, valueCount: keywords.count, number)
    case .ranges(let steps), .years(let steps, first: _, limit: _): try countSteps(matches, column, steps, number)
    }
  }

  private mutating func countSteps(
    _ matches: borrowing DocumentSet, _ column: Column, _ steps: ValueSteps, _ number: Int
  ) throws(IndexError) {
    var counts = [Int](repeating: 0, count: steps.count)
    var missing = 0
    try forEachBlock(of: matches, column) { (block, matches) throws(IndexError) in
      var span = counts.mutableSpan
      let (first, last) = (steps.step(of: block.head.least), steps.step(of: block.head.greatest))
      for place in 0..<ColumnFormat.blockWords {
        var bits = matches[place] & block.presentWord(place)
        missing &+= matches[place].nonzeroBitCount &- bits.nonzeroBitCount
        if first == last {
          span[first] &+= bits.nonzeroBitCount
          continue
        }
        while bits != 0 {
          for rank in block.ranks(place * 64 + bits.trailingZeroBitCount) { span[steps.step(of: block.value(rank))] &+= 1 }
          bits &= bits &- 1
        }
      }
    }
    facet.missingCount += missing
    self.counts[number] = counts
  }

  private mutating func countValues(
    _ matches: borrowing DocumentSet, _ column: Column, valueCount: Int, _ number: Int
  ) throws(IndexError) {
    var counts = [Int](repeating: 0, count: valueCount)
    var missing = 0
    try forEachBlock(of: matches, column) { (block, matches) throws(IndexError) in
      var span = counts.mutableSpan
      for place in 0..<ColumnFormat.blockWords {
        var bits = matches[place]
        while bits != 0 {
          let ranks = block.ranks(place * 64 + bits.trailingZeroBitCount)
          bits &= bits &- 1
          if ranks.isEmpty { missing &+= 1 }
          for rank in ranks {
            let value = Int(truncatingIfNeeded: block.value(rank))
            // A damaged block may give any number.
            if value >= 0, value < valueCount { span[value] &+= 1 }
          }
        }
      }
    }
    facet.missingCount += missing
    self.counts[number] = counts
  }

  /// Calls `body` with each block that has matches, and a bit for each of them.
  private func forEachBlock(
    of matches: borrowing DocumentSet, _ column: Column, _ body: (ColumnBlock, SIMD4<UInt64>) throws(IndexError) -> Void
  ) throws(IndexError) {
    for number in 0..<column.blockCount {
      if number % 64 == 0 { try matches.interruption.check() }
      var words = SIMD4<UInt64>()
      for place in 0..<ColumnFormat.blockWords { words[place] = unsafe matches.words[number * ColumnFormat.blockWords + place] }
      if words != SIMD4() { try body(column.block(number), words) }
    }
  }

  /// The facet of all segments.
  func finish(_ index: IndexReader, _ interruption: Interruption) throws(IndexError) -> Facet {
    var facet = facet
    let limit: Int
    switch kind {
    case .values(let most): limit = most
    case .ranges(let steps):
      facet.rangeCounts = rangeCounts(steps)
      return facet
    case .years(let steps, let first, let limit):
      let years = rangeCounts(steps).enumerated().filter { $0.element > 0 }.reversed()
      facet.distinctCount = years.count
      facet.values = years.prefix(limit).map { offset, count in
        let digits = String(first + offset)
        return FacetValue(value: String(repeating: "0", count: max(0, 4 - digits.count)) + digits, count: count)
      }
      return facet
    }
    var best = MostFrequent(limit: limit)
    var walks: [Walk] = []
    for (number, segment) in index.segments.enumerated() where counts[number].contains(where: { $0 > 0 }) {
      guard let keywords = try segment.reader.keywords(field) else { continue }
      var walk = Walk(segment: number, keywords: keywords, counts: counts[number], entry: try keywords.entry(0))
      try walk.findCounted()
      walks.append(walk)
    }
    // Invariant: values smaller than those that the walks stand on have been counted. Terminates: each turn moves a walk on.
    while let least = walks.min(by: { ByteOrder.precedes($0.entry.string, $1.entry.string) })?.entry.string {
      var count = 0
      for place in walks.indices where walks[place].entry.string == least {
        count += walks[place].count
        try walks[place].advance()
      }
      walks.removeAll { $0.isAtEnd }
      facet.distinctCount += 1
      if facet.distinctCount % 256 == 0 { try interruption.check() }
      best.offer(Array(least.dropFirst(2)), count)
    }
    for (value, count) in best.values { facet.values.append(FacetValue(value: try index.spelling(of: value, field), count: count)) }
    return facet
  }

  /// How many matches have a value in each range.
  private func rangeCounts(_ steps: ValueSteps) -> [Int] {
    // A segment without matches, or without the field, has no counts.
    let totals = counts.filter { !$0.isEmpty }.reduce([Int](repeating: 0, count: steps.count)) { zip($0, $1).map(+) }
    return steps.ranges.map { totals[$0].reduce(0, +) }
  }

  /// Goes through a segment's counted values in order.
  private struct Walk {
    let segment: Int
    let keywords: KeywordTerms
    let counts: [Int]
    var entry: SortedStrings.Entry
    var isAtEnd = false

    var count: Int { counts[keywords.ordinal(entry)] }

    mutating func advance() throws(IndexError) {
      if try keywords.advance(&entry) { try findCounted() } else { isAtEnd = true }
    }

    /// Goes on to a value that has been counted, if the one at hand has not. Terminates: at the last one at the latest.
    mutating func findCounted() throws(IndexError) {
      while count == 0 {
        guard try keywords.advance(&entry) else {
          isAtEnd = true
          return
        }
      }
    }
  }
}

extension IndexReader {
  /// How a keyword is written in the live passage with the smallest key that has it.
  ///
  /// - Parameter value: The keyword as it is compared; some live passage must have it.
  func spelling(of value: [UInt8], _ field: Int) throws(IndexError) -> String {
    var first: (key: [UInt8], segment: SegmentReader, document: DocID)?
    for segment in segments {
      guard let numbering = segment.reader.schema.keywordNumbering(ofField: field),
        let entry = try segment.reader.terms.find(Term(numbering: numbering, family: .word, value).bytes)
      else { continue }
      let cursor = try segment.reader.postings(entry.value)
      // Terminates: the cursor goes on.
      while cursor.docID != .end, segment.isDead(cursor.docID) { try cursor.next() }
      if cursor.docID == .end { continue }
      let key = try segment.reader.key(of: cursor.docID)
      if first.map({ ByteOrder.precedes(key, $0.key) }) ?? true { first = (key, segment.reader, cursor.docID) }
    }
    let texts: [String]
    switch try first.map({ first throws(IndexError) in try first.segment.values(of: first.document)[field] }) ?? nil {
    case .text(let text)?: texts = [text]
    case .list(let list)?: texts = list
    default: texts = []
    }
    return texts.first { Document.keywordTerm($0) == value } ?? String(decoding: value, as: UTF8.self)
  }
}
