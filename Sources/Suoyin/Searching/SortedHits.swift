// Which are the first k in the order of some fields?
internal import SuoyinStorage

/// How hits are compared: sort keys bound to an index.
///
/// Inside a segment values are compared as numbers; keywords of different segments as strings.
private struct HitOrder {
  struct Key {
    /// The field's index; nil for the score.
    var field: Int?
    var isDescending = false
    var isKeyword = false
  }

  struct Value {
    var isMissing: Bool
    /// As the column of the hit's segment has it.
    var number: Int64
  }

  struct Hit {
    var match: ScoredDocument
    /// For each key; that of the score is not used.
    var values: [Value]
  }

  let index: IndexReader
  let keys: [Key]
  /// The hit that all others must come behind.
  let after: SearchPosition?
  /// For each keyword field among the keys, its keywords in every segment; nil where the segment was written without it.
  private let keywords: [[KeywordTerms?]]

  /// - Throws: `invalidArgument` when the schema has no such field with a column.
  init(_ sort: [SortKey], after: SearchPosition?, _ index: IndexReader) throws(IndexError) {
    self.index = index
    self.after = after
    let schema = index.commit.schema
    var keys: [Key] = []
    var keywords: [[KeywordTerms?]] = []
    for key in sort {
      var bound = Key()
      switch key {
      case .score: break
      case .ascending(let name): bound.field = try schema.columnField(name, "sorting")
      case .descending(let name):
        bound.field = try schema.columnField(name, "sorting")
        bound.isDescending = true
      }
      keywords.append([])
      if let field = bound.field, schema.fields[field].kind == .keyword {
        bound.isKeyword = true
        for segment in index.segments { keywords[keys.count].append(try segment.reader.keywords(field)) }
      }
      keys.append(bound)
    }
    self.keys = keys
    self.keywords = keywords
  }

  /// The keyword of a hit, which must have one.
  private func keyword(_ place: Int, _ hit: Hit) throws(IndexError) -> [UInt8] {
    let ordinal = hit.values[place].number
    guard let keywords = keywords[place][hit.match.segment], ordinal >= 0, ordinal < keywords.count else {
      let path = index.segments[hit.match.segment].reader.file.path
      throw IndexError(.corrupted, "\(path) is damaged: passage \(hit.match.document) has a keyword that is not there", path: path)
    }
    return try keywords.value(Int(ordinal))
  }

  /// Where the keyword of a hit lies among those of a segment: twice the number of smaller ones, less one if it is none of them.
  func place(ofKey place: Int, _ hit: Hit, inSegment segment: Int) throws(IndexError) -> Int64 {
    if hit.match.segment == segment { return hit.values[place].number &* 2 }
    return try self.place(ofKey: place, keyword(place, hit), inSegment: segment)
  }

  private func place(ofKey place: Int, _ keyword: [UInt8], inSegment segment: Int) throws(IndexError) -> Int64 {
    guard let own = keywords[place][segment] else { return -1 }
    let found = try own.place(of: keyword)
    return Int64(found.ordinal * 2 - (found.isExact ? 0 : 1))
  }

  /// The place or value of each key of the hit that others must come behind, in a segment; nil where it has none.
  func boundary(inSegment segment: Int) throws(IndexError) -> [Int64?] {
    guard let after else { return [] }
    var boundary: [Int64?] = []
    for (place, value) in after.values.enumerated() {
      switch value {
      case .missing: boundary.append(nil)
      case .number(let number): boundary.append(number)
      case .keyword(let keyword): boundary.append(try self.place(ofKey: place, keyword, inSegment: segment))
      }
    }
    return boundary
  }

  /// What a position says of a hit's value for a key.
  func positionValue(_ place: Int, _ hit: Hit) throws(IndexError) -> SearchPosition.Value {
    if keys[place].field == nil || hit.values[place].isMissing { return .missing }
    return keys[place].isKeyword ? .keyword(try keyword(place, hit)) : .number(hit.values[place].number)
  }

  /// Whether a position has the values that these keys can have.
  func accepts(_ position: SearchPosition) -> Bool {
    position.values.count == keys.count
      && zip(position.values, keys).allSatisfy { value, key in
        switch value {
        case .missing: true
        case .number: key.field != nil && !key.isKeyword
        case .keyword: key.isKeyword
        }
      }
  }

  func isBetter(_ left: Hit, _ right: Hit) throws(IndexError) -> Bool {
    for (place, key) in keys.enumerated() {
      if key.field == nil {
        if left.match.score != right.match.score { return left.match.score > right.match.score }
        continue
      }
      let (first, second) = (left.values[place], right.values[place])
      if first.isMissing != second.isMissing { return second.isMissing }
      if first.isMissing { continue }
      if key.isKeyword, left.match.segment != right.match.segment {
        let (one, other) = (try keyword(place, left), try keyword(place, right))
        if one != other { return ByteOrder.precedes(one, other) != key.isDescending }
      } else if first.number != second.number {
        return (first.number < second.number) != key.isDescending
      }
    }
    return try hasSmallerKey(left.match, right.match)
  }

  func hasSmallerKey(_ left: ScoredDocument, _ right: ScoredDocument) throws(IndexError) -> Bool {
    if left.segment == right.segment { return left.document < right.document }
    return try ByteOrder.precedes(
      index.segments[left.segment].reader.key(of: left.document), index.segments[right.segment].reader.key(of: right.document))
  }
}

/// Keeps the first *k* of the matches offered, in the order of sort keys, then by key ascending.
struct SortedHits {
  private let limit: Int
  private let order: HitOrder
  private var heap: WorstFirstHeap<HitOrder.Hit>
  private var segment = 0
  /// For each key, the segment's values; nil for the score, and where the segment was written without the field.
  private var columns: [ColumnCursor?] = []
  /// For each key, the place of the worst hit's keyword in the segment at hand, once it was asked for.
  private var worstPlaces: [Int64?] = []
  /// For each key, the value or place in the segment at hand of the hit that all must come behind; empty when there is none.
  private var boundary: [Int64?] = []
  /// The first document of the segment that comes behind that hit if all values are equal.
  private var boundaryDocument: DocID = 0

  /// - Parameters:
  ///   - limit: At least 1.
  ///   - after: Only matches behind this one are kept.
  /// - Throws: `invalidArgument` when the schema has no such field with a column.
  init(_ sort: [SortKey], limit: Int, after: SearchPosition?, _ index: IndexReader) throws(IndexError) {
    self.limit = limit
    order = try HitOrder(sort, after: after, index)
    if let after, !order.accepts(after) { throw SearchPosition.ofOtherQuery }
    heap = WorstFirstHeap(capacity: min(limit, 1024))
  }

  /// Turns to the matches of another segment.
  mutating func begin(_ number: Int) throws(IndexError) {
    segment = number
    columns = []
    for key in order.keys {
      var column: Column?
      if let field = key.field { column = try order.index.segments[number].reader.column(field) }
      columns.append(column.map { ColumnCursor($0) })
    }
    boundary = try order.boundary(inSegment: number)
    if let after = order.after { boundaryDocument = try order.index.segments[number].reader.firstDocument(behind: after.key) }
    forgetWorst()
  }

  private mutating func forgetWorst() { worstPlaces = [Int64?](repeating: nil, count: order.keys.count) }

  /// The column of the first key in the segment, by whose blocks matches can be left out.
  var firstColumn: Column? { columns.first.flatMap { $0?.column } }

  /// The blocks of the first key's column with the best values, of equal ones the first, in ascending order; at most `count`.
  func promisingBlocks(_ count: Int) -> [Int] {
    guard let column = firstColumn, let isDescending = order.keys.first?.isDescending, count > 0 else { return [] }
    typealias Block = (best: Int64, number: Int)
    func isBetter(_ left: Block, _ right: Block) -> Bool {
      left.best != right.best ? (left.best < right.best) != isDescending : left.number < right.number
    }
    var blocks = WorstFirstHeap<Block>(capacity: count)
    for number in 0..<column.blockCount {
      let head = column.head(number)
      if head.presence == .none { continue }
      var block = (best: isDescending ? head.greatest : head.least, number: number)
      if let reachable = reachableValues {
        guard head.least <= reachable.upperBound, head.greatest >= reachable.lowerBound else { continue }
        block.best = min(max(block.best, reachable.lowerBound), reachable.upperBound)
      }
      if blocks.count < count {
        blocks.insert(block, isBetter)
      } else if let worst = blocks.worst, isBetter(block, worst) {
        blocks.replaceWorst(with: block, isBetter)
      }
    }
    return blocks.sorted(isBetter).map(\.number).sorted()
  }

  /// Where the first key's values of matches behind the given hit lie, if they have any; nil when nothing is known.
  private var reachableValues: ClosedRange<Int64>? {
    guard let key = order.keys.first, key.field != nil, let first = boundary.first, var limit = first else { return nil }
    // Of a keyword that the segment does not have, the next one.
    if key.isKeyword { limit = limit & 1 == 0 ? limit / 2 : key.isDescending ? (limit + 1) / 2 - 1 : (limit + 1) / 2 }
    return key.isDescending ? .min...limit : limit ... .max
  }

  /// No match of the segment is kept any more unless it scores this much.
  var minimumScore: Int64 {
    guard let first = order.keys.first, first.field == nil, heap.count == limit, let worst = heap.worst else { return 0 }
    return worst.match.score
  }

  /// What a match must have as its first key's value to be kept.
  enum Bar {
    case none
    case range(ClosedRange<Int64>)
    case unreachable
  }

  /// The bar for the segment's matches from `document` on.
  mutating func bar(from document: DocID) throws(IndexError) -> Bar {
    guard let key = order.keys.first, key.field != nil, heap.count == limit, let worst = heap.worst else { return .none }
    // Of equal hits the smaller key wins, in the same segment the smaller document.
    let tiesLose = order.keys.count == 1 && worst.match.segment == segment && worst.match.document < document
    if worst.values[0].isMissing { return tiesLose ? .range(.min ... .max) : .none }
    guard firstColumn != nil else { return .unreachable }
    var limit = worst.values[0].number
    var isExact = true
    if key.isKeyword {
      let place = try worstPlace(0, worst)
      isExact = place & 1 == 0
      // The value itself; or the first greater one, or the last smaller one.
      limit = isExact ? place / 2 : key.isDescending ? (place + 1) / 2 : (place + 1) / 2 - 1
    }
    if isExact, tiesLose {
      if limit == (key.isDescending ? .max : .min) { return .unreachable }
      limit += key.isDescending ? 1 : -1
    }
    let range = key.isDescending ? limit ... .max : .min...limit
    guard let reachable = reachableValues else { return .range(range) }
    return range.overlaps(reachable) ? .range(range.clamped(to: reachable)) : .unreachable
  }

  /// Whether a match of the segment at hand comes behind the given hit.
  private func isBehind(_ match: ScoredDocument) throws(IndexError) -> Bool {
    guard let after = order.after else { return true }
    for (place, key) in order.keys.enumerated() {
      if key.field == nil {
        if match.score != after.score { return match.score < after.score }
        continue
      }
      let own = try value(place, match.document)
      guard let other = boundary[place] else {
        if own.isMissing { continue }
        return false
      }
      if own.isMissing { return true }
      let number = key.isKeyword ? own.number &* 2 : own.number
      if number != other { return (number > other) != key.isDescending }
    }
    return match.document >= boundaryDocument
  }

  /// What a position says of a match's values.
  mutating func positionValues(of match: ScoredDocument) throws(IndexError) -> [SearchPosition.Value] {
    try begin(match.segment)
    let hit = try hit(match)
    var values: [SearchPosition.Value] = []
    for place in order.keys.indices { values.append(try order.positionValue(place, hit)) }
    return values
  }

  mutating func offer(_ match: ScoredDocument) throws(IndexError) {
    guard try isBehind(match) else { return }
    let order = order
    if heap.count < limit {
      try heap.insert(hit(match)) { (left, right) throws(IndexError) in try order.isBetter(left, right) }
    } else if let worst = heap.worst, try isBetter(match, than: worst) {
      try heap.replaceWorst(with: hit(match)) { (left, right) throws(IndexError) in try order.isBetter(left, right) }
    } else {
      return
    }
    forgetWorst()
  }

  /// The matches kept, the first first. Empties the heap.
  mutating func sorted() throws(IndexError) -> [ScoredDocument] {
    let order = order
    return try heap.sorted { (left, right) throws(IndexError) in try order.isBetter(left, right) }.map(\.match)
  }

  /// Whether a passage of the segment at hand has a value for the first key.
  func hasFirstValue(_ document: DocID) throws(IndexError) -> Bool { try !value(0, document).isMissing }

  private func value(_ place: Int, _ document: DocID) throws(IndexError) -> HitOrder.Value {
    guard let cursor = columns[place] else { return HitOrder.Value(isMissing: true, number: 0) }
    let number = order.keys[place].isDescending ? try cursor.last(document) : try cursor.first(document)
    return HitOrder.Value(isMissing: number == nil, number: number ?? 0)
  }

  private func hit(_ match: ScoredDocument) throws(IndexError) -> HitOrder.Hit {
    var values: [HitOrder.Value] = []
    values.reserveCapacity(order.keys.count)
    for place in order.keys.indices { values.append(try value(place, match.document)) }
    return HitOrder.Hit(match: match, values: values)
  }

  private mutating func worstPlace(_ place: Int, _ worst: HitOrder.Hit) throws(IndexError) -> Int64 {
    if let known = worstPlaces[place] { return known }
    let found = try order.place(ofKey: place, worst, inSegment: segment)
    worstPlaces[place] = found
    return found
  }

  /// Whether a match of the segment at hand comes before the worst hit; its values are read as far as they are needed.
  private mutating func isBetter(_ match: ScoredDocument, than worst: HitOrder.Hit) throws(IndexError) -> Bool {
    for (place, key) in order.keys.enumerated() {
      if key.field == nil {
        if match.score != worst.match.score { return match.score > worst.match.score }
        continue
      }
      let (own, other) = (try value(place, match.document), worst.values[place])
      if own.isMissing != other.isMissing { return other.isMissing }
      if own.isMissing { continue }
      var (left, right) = (own.number, other.number)
      if key.isKeyword { (left, right) = (left &* 2, try worstPlace(place, worst)) }
      if left != right { return (left < right) != key.isDescending }
    }
    return try order.hasSmallerKey(match, worst.match)
  }
}
