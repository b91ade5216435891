// Where are the word boundaries, found fast?
//
// Why the unsafe code here is sound:
// - The text is valid UTF-8 (the caller's promise), so that a lead byte below `length` has all its continuation bytes below `length`.
// - Slots: `identifiers`, `ends` and `lengths` have room for `capacity` slots, `identifiers` for `padding` more; who writes a slot makes room
//   first. The other arrays have room for `blockCapacity` slots, and `cut` makes it as large as a block. A word has at most 20 characters, so
//   that nothing reads more than `padding` behind the last slot.
// - Tables: an identifier is below `identifierCount`; a base comes from the tables, and every base plus every identifier can be read there.
internal import CICU

/// Cuts as ICU does, an order of magnitude faster: the rules' state machine over the text, then a shortest path through the dictionary's
/// words over each run of Han characters, phase by phase over a few thousand characters, so that the table's cache misses overlap.
///
/// What the fast way does not know (katakana, rare planes, marks after Han) is handed to ICU, segment by segment: the rules never look back
/// over a boundary, so that ICU sees in a segment what it would see in the text. For one thread at a time. docs/Tokenizer.md describes it.
@safe package struct Tokenizer: ~Copyable {
  private let tables: CutTables
  private let breaker: WordBreaker

  /// How many slots are cut together, up to the next segment without Han.
  private static let batch = 2048
  private static let padding = 32
  /// The room for slots.
  private var capacity = 0
  /// The room for slots that are cut together.
  private var blockCapacity = 0

  // MARK: Slots: a plain Han character, or a segment without any

  /// How many slots are under way.
  private(set) var count = 0
  /// For each slot: the character's identifier, or for a segment 1 + status / 100.
  private(set) var identifiers: UnsafeMutablePointer<UInt16>
  /// For each slot: where it ends in the text.
  private(set) var ends: UnsafeMutablePointer<UInt32>
  /// For each slot that begins a word: how many slots the word has.
  private(set) var lengths: UnsafeMutablePointer<UInt8>

  /// Whether a slot is a plain Han character; else it is a segment.
  @inline(__always)
  func isHan(_ slot: Int) -> Bool { unsafe identifiers[slot] >= CutTables.firstHan }
  /// ICU's rule status of a segment.
  @inline(__always)
  func status(of slot: Int) -> UInt16 { unsafe (identifiers[slot] &- 1) &* 100 }
  @inline(__always)
  func end(of slot: Int) -> Int { unsafe Int(ends[slot]) }
  /// How many slots the word has that begins at a slot; to be asked after `cut`.
  @inline(__always)
  func wordLength(at slot: Int) -> Int { unsafe Int(lengths[slot]) }

  // MARK: Scratch of the shortest path, for a block of slots

  private var singles: UnsafeMutablePointer<UInt32>
  private var pairs: UnsafeMutablePointer<UInt32>
  /// The costs of the words of 1, 2, 3 and 4 characters that begin at each slot, from low to high 16 bits each, as `CutTables.wordCost`.
  private var costs: UnsafeMutablePointer<UInt64>
  /// Beside the cost of the character alone: a longer word ends with this slot.
  private static let endsLongWord: UInt64 = 0x8000
  /// The low bits of the score of the best way to each slot's end: 31 less the length of its last word.
  private var lasts: UnsafeMutablePointer<UInt8>
  private var scores: UnsafeMutablePointer<UInt64>
  /// Slots at which longer words may begin.
  private var open: UnsafeMutablePointer<UInt32>
  private var openBases: UnsafeMutablePointer<UInt32>
  /// For each slot that a long word ends with: the last of these words, as an index into `longWords` plus one.
  private var longHeads: UnsafeMutablePointer<UInt32>
  /// Words of five characters and more: few.
  private var longWords: [(length: Int, cost: UInt64, previous: UInt32)] = []

  package init(_ tables: CutTables) throws(AnalysisError) {
    self.tables = tables
    breaker = try WordBreaker()
    unsafe identifiers = .allocate(capacity: 0)
    unsafe ends = .allocate(capacity: 0)
    unsafe lengths = .allocate(capacity: 0)
    unsafe singles = .allocate(capacity: 0)
    unsafe pairs = .allocate(capacity: 0)
    unsafe costs = .allocate(capacity: 0)
    unsafe lasts = .allocate(capacity: 0)
    unsafe scores = .allocate(capacity: 0)
    unsafe open = .allocate(capacity: 0)
    unsafe openBases = .allocate(capacity: 0)
    unsafe longHeads = .allocate(capacity: 0)
  }

  deinit {
    unsafe identifiers.deallocate()
    unsafe ends.deallocate()
    unsafe lengths.deallocate()
    freeBlock()
  }

  // MARK: Whole texts

  /// Calls `body` with the byte range and rule status of every segment of the text, exactly as `WordBreaker.forEachSegment` does.
  ///
  /// - Parameter text: Valid UTF-8.
  /// - Complexity: O(*n*).
  package mutating func forEachSegment(of text: [UInt8], _ body: (_ start: Int, _ end: Int, _ status: Int32) -> Void) throws(AnalysisError)
  {
    try scan(text)
    cut()
    var start = 0
    var slot = 0
    while slot < count {
      let identifier = unsafe identifiers[slot]
      slot &+= unsafe Int(lengths[slot])
      let end = unsafe Int(ends[slot &- 1])
      body(start, end, identifier >= CutTables.firstHan ? 400 : Int32(identifier &- 1) &* 100)
      start = end
    }
  }

  // MARK: From text to slots

  /// Fills the slots with a text.
  mutating func scan(_ text: [UInt8]) throws(AnalysisError) {
    count = 0
    var offset = 0
    // Terminates: every turn scans at least one segment.
    while offset < text.count {
      offset = unsafe text.withUnsafeBufferPointer { bytes in unsafe scanPlain(bytes.baseAddress!, bytes.count, from: offset) }
      if offset < text.count { offset = try scanByICU(text, from: offset) }
    }
  }

  /// Makes slots that are one character each words of their own, so that no word reaches into them from either side.
  mutating func separate(_ slots: Range<Int>) {
    for slot in slots where isHan(slot) { unsafe identifiers[slot] = CutTables.identifier(ofStatus: 400) }
  }

  /// Scans segments up to the end of the text, or to one that needs ICU.
  private mutating func scanPlain(_ text: UnsafePointer<UInt8>, _ length: Int, from start: Int) -> Int {
    let tables = self.tables
    let (classes, standsAlone, endsHan) = unsafe (tables.classes, tables.standsAlone, tables.endsHan)
    let (nextState, accepted) = unsafe (tables.nextState, tables.accepted)
    let dictionaryCategories = tables.rules.dictionaryCategoriesStart
    var offset = start
    var slots = count
    var room = capacity
    var (identifiers, ends) = unsafe (self.identifiers, self.ends)
    // Terminates: every turn but the last scans a run or a segment.
    while offset < length {
      let runStart = offset
      let runSlots = slots
      var category = BreakRules.endOfText
      var step = 0
      // The run of Han characters, perhaps empty, and the category and length of what comes after it.
      while offset < length {
        if slots == room { unsafe (identifiers, ends, room) = growWith(slots) }
        let byte = unsafe text[offset]
        if byte & 0xF0 != 0xE0 {
          (category, step) = unsafe Self.category(text, offset, tables)
          break
        }
        let codePoint = unsafe Int(byte & 0xF) << 12 | Int(text[offset &+ 1] & 0x3F) << 6 | Int(text[offset &+ 2] & 0x3F)
        let found = unsafe classes[codePoint]
        if found < CutTables.firstHan {
          (category, step) = (Int(found), 3)
          break
        }
        offset &+= 3
        unsafe identifiers[slots] = found
        unsafe ends[slots] = UInt32(truncatingIfNeeded: offset)
        slots &+= 1
      }
      if slots > runSlots, unsafe endsHan[category] == 0 {
        count = runSlots
        return runStart
      }
      if step == 0 { break }
      if slots == room { unsafe (identifiers, ends, room) = growWith(slots) }
      // A segment that is no run of Han.
      var end = offset &+ step
      var next = BreakRules.endOfText
      var nextStep = 0
      if end < length { unsafe (next, nextStep) = Self.category(text, end, tables) }
      var identifier = unsafe standsAlone[category << 6 | next]
      if identifier == 0 {
        if category >= dictionaryCategories { break }
        // Invariant: the state machine has read `text[offset..<read]`; `end` is after the last accepted code point, or after the first one.
        var state = unsafe Int(nextState[BreakRules.startState << 6 | category])
        identifier = unsafe max(accepted[state], 1)
        var read = end
        // Terminates: every turn reads a code point.
        while state != 0, nextStep > 0 {
          state = unsafe Int(nextState[state << 6 | next])
          if state == 0 { break }
          if next >= dictionaryCategories {
            count = slots
            return offset
          }
          read &+= nextStep
          if unsafe accepted[state] != 0 {
            end = read
            identifier = unsafe accepted[state]
          }
          (next, nextStep) = read < length ? unsafe Self.category(text, read, tables) : (BreakRules.endOfText, 0)
        }
      }
      unsafe identifiers[slots] = UInt16(identifier)
      unsafe ends[slots] = UInt32(truncatingIfNeeded: end)
      slots &+= 1
      offset = end
    }
    count = slots
    return offset
  }

  /// The category of the code point at `offset`, and its length in bytes.
  @inline(__always)
  private static func category(_ text: UnsafePointer<UInt8>, _ offset: Int, _ tables: CutTables) -> (Int, Int) {
    let classes = unsafe tables.classes
    let lead = unsafe text[offset]
    if lead < 0x80 { return unsafe (Int(classes[Int(lead)]), 1) }
    if lead < 0xE0 { return unsafe (Int(classes[Int(lead & 0x1F) << 6 | Int(text[offset &+ 1] & 0x3F)]), 2) }
    if lead < 0xF0 {
      let codePoint = unsafe Int(lead & 0xF) << 12 | Int(text[offset &+ 1] & 0x3F) << 6 | Int(text[offset &+ 2] & 0x3F)
      let identifier = unsafe Int(classes[codePoint])
      return (identifier < CutTables.firstHan ? identifier : tables.hanCategory, 3)
    }
    return unsafe (categoryOfRarePlane(text, offset, tables), 4)
  }

  @inline(never)
  private static func categoryOfRarePlane(_ text: UnsafePointer<UInt8>, _ offset: Int, _ tables: CutTables) -> Int {
    let high = unsafe UInt32(text[offset] & 7) << 18 | UInt32(text[offset + 1] & 0x3F) << 12
    let codePoint = unsafe high | UInt32(text[offset + 2] & 0x3F) << 6 | UInt32(text[offset + 3] & 0x3F)
    return tables.rules.category(of: codePoint)
  }

  /// Hands the segment at `start` to ICU and returns its end.
  private mutating func scanByICU(_ text: [UInt8], from start: Int) throws(AnalysisError) -> Int {
    let end = unsafe text.withUnsafeBufferPointer { unsafe Self.segmentEnd($0.baseAddress!, $0.count, from: start, tables) }
    var segments: [(end: Int, status: Int32)] = []
    try breaker.forEachSegment(of: text, in: start..<end) { _, end, status in segments.append((end, status)) }
    for segment in segments {
      if count == capacity { _ = unsafe growWith(count) }
      unsafe identifiers[count] = CutTables.identifier(ofStatus: segment.status)
      unsafe ends[count] = UInt32(truncatingIfNeeded: segment.end)
      count += 1
    }
    return end
  }

  /// Where the rules end the segment that begins at `start`.
  private static func segmentEnd(_ text: UnsafePointer<UInt8>, _ length: Int, from start: Int, _ tables: CutTables) -> Int {
    var state = BreakRules.startState
    var read = start
    var end = start
    // Terminates: every turn reads a code point.
    while state != 0, read < length {
      let (category, step) = unsafe category(text, read, tables)
      state = unsafe Int(tables.nextState[state << 6 | category])
      read += step
      if end == start || accepts(state, tables) { end = read }
    }
    return end
  }

  private static func accepts(_ state: Int, _ tables: CutTables) -> Bool { unsafe state != 0 && tables.accepted[state] != 0 }

  // MARK: From slots to words

  /// Finds the words over the slots that `scan` has left: the cheapest way through the dictionary, of several the one with the longer last
  /// word, and so on backwards, as ICU does.
  mutating func cut() {
    for slot in count..<count + Self.padding { unsafe identifiers[slot] = 0 }
    var start = 0
    // A few thousand slots at a time, so that what one phase leaves is still in the cache when the next one reads it. No word reaches over a
    // segment without Han: blocks end with one. Terminates: every block has at least one slot.
    while start < count {
      var end = min(start + Self.batch, count)
      while end < count, isHan(end - 1) { end += 1 }
      makeRoom(forBlockOf: end - start)
      findWords(from: start, count: end - start)
      findWay(from: start, count: end - start)
      start = end
    }
  }

  /// Looks up which words begin at each slot of a block.
  private mutating func findWords(from start: Int, count: Int) {
    let (identifiers, singles, pairs, costs) = unsafe (self.identifiers + start, self.singles, self.pairs, self.costs)
    let (open, openBases, longHeads) = unsafe (self.open, self.openBases, self.longHeads)
    let (tableSingles, tablePairs) = unsafe (tables.singles, tables.pairs)
    let (tableBases, tableLonger) = unsafe (tables.pairBases, tables.longer)

    // Two gathers and nothing else: their cache misses overlap.
    var slot = 0
    while slot < count {
      let single = unsafe tableSingles[Int(identifiers[slot])]
      unsafe singles[slot] = single
      unsafe pairs[slot] = tablePairs[Int(single >> 8) &+ Int(identifiers[slot &+ 1])]
      slot &+= 1
    }
    // A pair is the first's own when the entry says so. No branches: whether two neighbours make a word cannot be foreseen.
    var openCount = 0
    slot = 0
    while slot < count {
      let pair = unsafe pairs[slot]
      let isOwn = unsafe ((pair >> 17 ^ UInt32(identifiers[slot])) &- 1) >> 31
      // 0 when the two are no word: then less 1 it is all ones, and the cost is `noWord`.
      let cost = pair & (0 &- isOwn) & 0xFF
      let cost2 = cost << 5 | 29 | (cost &- 1) >> 16
      let cost1 = unsafe (singles[slot] & 0xFF) << 5 | 30
      unsafe costs[slot] = UInt64(cost2 << 16 | cost1) | 0xFFFF_FFFF << 32
      unsafe open[openCount] = UInt32(truncatingIfNeeded: slot)
      openCount &+= unsafe Int(isOwn & pair &>> UInt32(8 | identifiers[slot &+ 2] & 7))
      slot &+= 1
    }

    var stillOpen = 0
    var place = 0
    while place < openCount {
      let slot = unsafe Int(open[place])
      let base = unsafe tableBases[Int(singles[slot] >> 8) &+ Int(identifiers[slot &+ 1])]
      let entry = unsafe tableLonger[Int(base) &+ Int(identifiers[slot &+ 2])]
      let isOwn = UInt64(bitPattern: Int64(bitPattern: (entry >> 40 ^ UInt64(base)) &- 1) >> 63)  // all ones or 0
      unsafe costs[slot] ^= (~entry & isOwn & 0xFFFF) << 32
      let child = UInt32(truncatingIfNeeded: (entry & isOwn) >> 16) & 0xFFFFFF
      unsafe open[stillOpen] = UInt32(truncatingIfNeeded: slot)
      unsafe openBases[stillOpen] = child
      stillOpen &+= child == 0 ? 0 : 1
      place &+= 1
    }
    if !longWords.isEmpty { longWords.removeAll(keepingCapacity: true) }
    place = 0
    while place < stillOpen {
      let slot = unsafe Int(open[place])
      var base = unsafe openBases[place]
      place &+= 1
      var length = 3
      // Terminates: words are short, and the zeros behind the slots are no part of any.
      while base != 0 {
        let entry = unsafe tableLonger[Int(base) &+ Int(identifiers[slot &+ length])]
        if entry >> 40 != UInt64(base) { break }
        length &+= 1
        let cost = UInt16(truncatingIfNeeded: entry)
        if length == 4 {
          unsafe costs[slot] ^= UInt64(~cost) << 48
        } else if cost != CutTables.noWord {
          let last = slot &+ length &- 1
          let isFirst = unsafe costs[last] & Self.endsLongWord == 0
          longWords.append((length, UInt64(cost), unsafe isFirst ? 0 : longHeads[last]))
          unsafe longHeads[last] = UInt32(truncatingIfNeeded: longWords.count)
          unsafe costs[last] |= Self.endsLongWord
        }
        base = UInt32(truncatingIfNeeded: entry >> 16) & 0xFFFFFF
      }
    }
  }

  /// Finds the cheapest way to each end of a block, and from the last end backwards the words on it.
  private mutating func findWay(from start: Int, count: Int) {
    let (costs, lasts, scores, longHeads, lengths) = unsafe (self.costs, self.lasts, self.scores, self.longHeads, self.lengths + start)
    let far: UInt64 = 1 << 60
    // Invariant: `score` is the cost of the best way to `slot`; `next` to `next3` are those of the best ways found so far to the three ends
    // after the next one, and `first` to the next one, each with 31 less the length of its last word in the low five bits.
    var score: UInt64 = 0
    var (first, next, next2): (UInt64, UInt64, UInt64) = (far, far, far)
    unsafe scores[0] = 0
    var slot = 0
    while slot < count {
      let cost = unsafe costs[slot]
      var best = min(first, score &+ (cost & 0x7FFF))
      first = min(next, score &+ (cost >> 16 & 0xFFFF))
      next = min(next2, score &+ (cost >> 32 & 0xFFFF))
      next2 = score &+ cost >> 48
      if cost & Self.endsLongWord != 0 {
        var long = unsafe longHeads[slot]
        while long != 0 {
          let word = longWords[Int(long) &- 1]
          best = unsafe min(best, scores[slot &+ 1 &- word.length] &+ word.cost)
          long = word.previous
        }
      }
      unsafe lasts[slot] = UInt8(truncatingIfNeeded: best)
      score = best & ~31
      slot &+= 1
      unsafe scores[slot] = score
    }
    // Terminates: every word has at least one slot.
    while slot > 0 {
      let length = unsafe 31 &- (lasts[slot &- 1] & 31)
      slot &-= Int(length)
      unsafe lengths[slot] = length
    }
  }

  // MARK: Memory

  /// Makes room for more than `slots` slots.
  @inline(never)
  private mutating func growWith(_ slots: Int) -> (UnsafeMutablePointer<UInt16>, UnsafeMutablePointer<UInt32>, Int) {
    let room = max(capacity * 2, 4096)
    let (oldIdentifiers, oldEnds) = unsafe (identifiers, ends)
    unsafe identifiers = .allocate(capacity: room + Self.padding)
    unsafe ends = .allocate(capacity: room)
    unsafe identifiers.update(from: oldIdentifiers, count: slots)
    unsafe ends.update(from: oldEnds, count: slots)
    unsafe oldIdentifiers.deallocate()
    unsafe oldEnds.deallocate()
    unsafe lengths.deallocate()
    unsafe lengths = .allocate(capacity: room)
    capacity = room
    return unsafe (identifiers, ends, room)
  }

  private mutating func makeRoom(forBlockOf slots: Int) {
    if slots <= blockCapacity { return }
    freeBlock()
    let room = max(slots, blockCapacity * 2, Self.batch * 2)
    unsafe singles = .allocate(capacity: room)
    unsafe pairs = .allocate(capacity: room)
    unsafe costs = .allocate(capacity: room)
    unsafe lasts = .allocate(capacity: room)
    unsafe scores = .allocate(capacity: room + 1)
    unsafe open = .allocate(capacity: room)
    unsafe openBases = .allocate(capacity: room)
    unsafe longHeads = .allocate(capacity: room)
    blockCapacity = room
  }

  private func freeBlock() {
    unsafe singles.deallocate()
    unsafe pairs.deallocate()
    unsafe costs.deallocate()
    unsafe lasts.deallocate()
    unsafe scores.deallocate()
    unsafe open.deallocate()
    unsafe openBases.deallocate()
    unsafe longHeads.deallocate()
  }
}
