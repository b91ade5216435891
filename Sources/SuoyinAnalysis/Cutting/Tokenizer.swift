// Where are the word boundaries, found fast?
//
// Why the unsafe code here is sound:
// - The text is valid UTF-8 (the caller's promise), so that a lead byte below `length` has all its continuation bytes below `length`.
// - Slots: `identifiers`, `ends` and the arrays beside them have room for `capacity` slots plus `padding`; `append` makes room before it
//   writes, and `count <= capacity` always. A word has at most 20 characters, so that nothing reads more than `padding` behind `count`.
// - Tables: an identifier is below `identifierCount`; a base comes from the tables, and every base plus every identifier can be read there.
internal import CICU

/// Cuts as ICU does, an order of magnitude faster: the rules' state machine over the text, then a shortest path through the dictionary's
/// words over each run of Han characters, phase by phase over a few thousand characters, so that the table's cache misses overlap.
///
/// What the fast way does not know (katakana, rare planes, marks after Han) is handed to ICU, segment by segment: the rules never look back
/// over a boundary, so that ICU sees in a segment what it would see in the text. For one thread at a time. docs/Tokenizer.md describes it.
@safe package final class Tokenizer {
  private let tables: CutTables
  private let breaker: WordBreaker

  /// How many slots are under way before they are cut, at the next boundary.
  private static let batch = 2048
  private static let padding = 32
  private var capacity = 4096

  // MARK: Slots: a plain Han character, or a segment without any

  /// How many slots are under way.
  private(set) var count = 0
  /// For each slot: the character's identifier, or for a segment 1 + status / 100.
  private(set) var identifiers: UnsafeMutablePointer<UInt16>
  /// For each slot: where it ends in the text.
  private(set) var ends: UnsafeMutablePointer<UInt32>
  /// For each slot that begins a word: how many slots the word has.
  private(set) var lengths: UnsafeMutablePointer<UInt8>

  // MARK: Scratch of the shortest path

  private var singles: UnsafeMutablePointer<UInt32>
  private var pairs: UnsafeMutablePointer<UInt32>
  /// The costs of the words of 2, 3 and 4 characters that begin at each slot; `lead` entries stand before the first.
  private var costs2: UnsafeMutablePointer<UInt16>
  private var costs3: UnsafeMutablePointer<UInt16>
  private var costs4: UnsafeMutablePointer<UInt16>
  private static let lead = 4
  /// The length of the last word of the best way to each end.
  private var lastLengths: UnsafeMutablePointer<UInt8>
  private var scores: UnsafeMutablePointer<UInt64>
  /// Slots at which longer words may begin.
  private var open: UnsafeMutablePointer<UInt32>
  private var openBases: UnsafeMutablePointer<UInt32>
  /// For each end: the last of the long words that end there, as an index into `longWords` plus one.
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
    unsafe costs2 = .allocate(capacity: 0)
    unsafe costs3 = .allocate(capacity: 0)
    unsafe costs4 = .allocate(capacity: 0)
    unsafe lastLengths = .allocate(capacity: 0)
    unsafe scores = .allocate(capacity: 0)
    unsafe open = .allocate(capacity: 0)
    unsafe openBases = .allocate(capacity: 0)
    unsafe longHeads = .allocate(capacity: 0)
    allocateScratch(keeping: 0)
  }

  deinit { freeScratch() }

  // MARK: Whole texts

  /// Calls `body` with the byte range and rule status of every segment of the text, exactly as `WordBreaker.forEachSegment` does.
  ///
  /// - Parameter text: Valid UTF-8.
  /// - Complexity: O(*n*).
  package func forEachSegment(of text: [UInt8], _ body: (_ start: Int, _ end: Int, _ status: Int32) -> Void) throws(AnalysisError) {
    var offset = 0
    var start = 0
    // Terminates: every turn scans at least one code point.
    while offset < text.count {
      offset = try scan(text, from: offset)
      cut()
      var slot = 0
      while slot < count {
        let identifier = unsafe identifiers[slot]
        slot += unsafe Int(lengths[slot])
        let end = unsafe Int(ends[slot - 1])
        body(start, end, identifier >= CutTables.firstHan ? 400 : Int32(identifier - 1) * 100)
        start = end
      }
    }
  }

  // MARK: From text to slots

  /// Fills the slots from a boundary on, to a boundary at least `batch` slots further or the end of the text, and returns where that is.
  func scan(_ text: [UInt8], from start: Int) throws(AnalysisError) -> Int {
    count = 0
    var offset = start
    // Terminates: every turn scans at least one segment.
    while offset < text.count, count < Self.batch {
      offset = unsafe text.withUnsafeBufferPointer { unsafe scanPlain($0.baseAddress!, $0.count, from: offset) }
      if offset < text.count, count < Self.batch { offset = try scanByICU(text, from: offset) }
    }
    return offset
  }

  /// Scans segments until there are enough, or the next one needs ICU.
  private func scanPlain(_ text: UnsafePointer<UInt8>, _ length: Int, from start: Int) -> Int {
    let classes = unsafe tables.classes
    let standsAlone = unsafe tables.standsAlone
    let rules = tables.rules
    var offset = start
    var slots = count
    var room = capacity
    var identifiers = unsafe self.identifiers
    var ends = unsafe self.ends
    defer { count = slots }
    // Terminates: every turn but the last scans a run or a segment.
    while offset < length, slots < Self.batch {
      let runStart = offset
      let runSlots = slots
      var category = BreakRules.endOfText
      var step = 0
      // The run of Han characters, perhaps empty, and the category and length of what comes after it.
      while offset < length {
        let byte = unsafe text[offset]
        if byte & 0xF0 == 0xE0 {
          let codePoint = unsafe Int(byte & 0xF) << 12 | Int(text[offset + 1] & 0x3F) << 6 | Int(text[offset + 2] & 0x3F)
          let class_ = unsafe classes[codePoint]
          offset += 3
          if class_ < CutTables.firstHan {
            offset -= 3
            category = Int(class_)
            step = 3
            break
          }
          if slots == room {
            count = slots
            grow()
            room = capacity
            unsafe identifiers = self.identifiers
            unsafe ends = self.ends
          }
          unsafe identifiers[slots] = class_
          unsafe ends[slots] = UInt32(truncatingIfNeeded: offset)
          slots += 1
        } else {
          (category, step) = unsafe self.category(text, offset, rules, classes)
          break
        }
      }
      if slots > runSlots, !tables.endsHan[category] {
        slots = runSlots
        return runStart
      }
      if step == 0 { return offset }
      if slots == room {
        count = slots
        grow()
        room = capacity
        unsafe identifiers = self.identifiers
        unsafe ends = self.ends
      }
      // A segment that is no run of Han.
      var end = offset + step
      var next = BreakRules.endOfText
      var nextStep = 0
      if end < length { unsafe (next, nextStep) = self.category(text, end, rules, classes) }
      var status = tables.aloneStatus[category]
      if unsafe standsAlone[category << 6 | next] == 0 {
        if category >= rules.dictionaryCategoriesStart { return offset }
        // Invariant: the state machine has read `text[offset..<read]`; `end` is after the last accepted code point, or after the first one.
        var state = Int(rules.next[rules.categoryCount + category])
        status = 0
        if rules.isAccepting[state] { status = rules.status[state] }
        var read = end
        while state != 0, nextStep > 0 {
          state = Int(rules.next[state * rules.categoryCount + next])
          if state == 0 { break }
          if next >= rules.dictionaryCategoriesStart { return offset }
          read += nextStep
          if rules.isAccepting[state] {
            end = read
            status = rules.status[state]
          }
          (next, nextStep) = read < length ? unsafe self.category(text, read, rules, classes) : (BreakRules.endOfText, 0)
        }
      }
      unsafe identifiers[slots] = 1 + status / 100
      unsafe ends[slots] = UInt32(truncatingIfNeeded: end)
      slots += 1
      offset = end
    }
    return offset
  }

  /// The category of the code point at `offset`, and its length in bytes.
  @inline(__always)
  private func category(_ text: UnsafePointer<UInt8>, _ offset: Int, _ rules: BreakRules, _ classes: UnsafeMutablePointer<UInt16>) -> (
    Int, Int
  ) {
    let lead = unsafe text[offset]
    if lead < 0x80 { return unsafe (Int(classes[Int(lead)]), 1) }
    if lead < 0xE0 { return unsafe (Int(classes[Int(lead & 0x1F) << 6 | Int(text[offset + 1] & 0x3F)]), 2) }
    if lead < 0xF0 {
      let codePoint = unsafe Int(lead & 0xF) << 12 | Int(text[offset + 1] & 0x3F) << 6 | Int(text[offset + 2] & 0x3F)
      let class_ = unsafe Int(classes[codePoint])
      return (class_ < CutTables.firstHan ? class_ : Int(rules.categories[codePoint]), 3)
    }
    let high = unsafe UInt32(lead & 7) << 18 | UInt32(text[offset + 1] & 0x3F) << 12
    let codePoint = unsafe high | UInt32(text[offset + 2] & 0x3F) << 6 | UInt32(text[offset + 3] & 0x3F)
    return (rules.category(of: codePoint), 4)
  }

  /// Hands the segment at `start` to ICU and returns its end.
  private func scanByICU(_ text: [UInt8], from start: Int) throws(AnalysisError) -> Int {
    let end = unsafe text.withUnsafeBufferPointer { unsafe segmentEnd($0.baseAddress!, $0.count, from: start) }
    try breaker.forEachSegment(of: text, in: start..<end) { _, end, status in
      if count == capacity { grow() }
      unsafe identifiers[count] = UInt16(1 + status / 100)
      unsafe ends[count] = UInt32(truncatingIfNeeded: end)
      count += 1
    }
    return end
  }

  /// Where the rules end the segment that begins at `start`.
  private func segmentEnd(_ text: UnsafePointer<UInt8>, _ length: Int, from start: Int) -> Int {
    let rules = tables.rules
    var state = BreakRules.startState
    var read = start
    var end = start
    // Terminates: every turn reads a code point.
    while state != 0, read < length {
      let (category, step) = unsafe self.category(text, read, rules, tables.classes)
      state = Int(rules.next[state * rules.categoryCount + category])
      read += step
      if end == start || state != 0 && rules.isAccepting[state] { end = read }
    }
    return end
  }

  // MARK: From slots to words

  /// Finds the words over the slots that `scan` has left: the cheapest way through the dictionary, of several the one with the longer last
  /// word, and so on backwards, as ICU does.
  func cut() {
    findWords()
    findWay()
  }

  /// Looks up which words begin at each slot.
  private func findWords() {
    let count = self.count
    let (identifiers, singles, pairs) = unsafe (self.identifiers, self.singles, self.pairs)
    let (costs2, costs3, costs4) = unsafe (self.costs2 + Self.lead, self.costs3 + Self.lead, self.costs4 + Self.lead)
    let (open, openBases, longHeads) = unsafe (self.open, self.openBases, self.longHeads)
    let (tableSingles, tablePairs) = unsafe (tables.singles, tables.pairs)
    let (tableBases, tableLonger) = unsafe (tables.pairBases, tables.longer)
    for slot in count..<count + Self.padding { unsafe identifiers[slot] = 0 }

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
      unsafe costs2[slot] = UInt16(truncatingIfNeeded: pair | (isOwn &- 1))
      unsafe open[openCount] = UInt32(truncatingIfNeeded: slot)
      openCount &+= Int(isOwn & pair >> 16)
      slot &+= 1
    }
    unsafe costs3.update(repeating: CutTables.noWord, count: count)
    unsafe costs4.update(repeating: CutTables.noWord, count: count)
    unsafe longHeads.update(repeating: 0, count: count &+ 1)
    longWords.removeAll(keepingCapacity: true)

    var stillOpen = 0
    var place = 0
    while place < openCount {
      let slot = unsafe Int(open[place])
      let base = unsafe tableBases[Int(singles[slot] >> 8) &+ Int(identifiers[slot &+ 1])]
      let entry = unsafe tableLonger[Int(base) &+ Int(identifiers[slot &+ 2])]
      let isOwn = UInt64(bitPattern: Int64(bitPattern: (entry >> 40 ^ UInt64(base)) &- 1) >> 63)  // all ones or 0
      unsafe costs3[slot] = UInt16(truncatingIfNeeded: entry | ~isOwn)
      let child = UInt32(truncatingIfNeeded: entry & isOwn) >> 16 | UInt32(truncatingIfNeeded: (entry & isOwn) >> 32 & 0xFF) << 16
      unsafe open[stillOpen] = UInt32(truncatingIfNeeded: slot)
      unsafe openBases[stillOpen] = child
      stillOpen &+= child == 0 ? 0 : 1
      place &+= 1
    }
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
          unsafe costs4[slot] = cost
        } else if cost != CutTables.noWord {
          longWords.append((length, UInt64(cost), unsafe longHeads[slot &+ length]))
          unsafe longHeads[slot &+ length] = UInt32(truncatingIfNeeded: longWords.count)
        }
        base = UInt32(truncatingIfNeeded: entry >> 16) & 0xFFFFFF
      }
    }
  }

  /// Finds the cheapest way to each end, and from the last end backwards the words on it.
  private func findWay() {
    let count = self.count
    let (singles, lastLengths, scores, longHeads, lengths) = unsafe (self.singles, self.lastLengths, self.scores, self.longHeads, self.lengths)
    let (costs2, costs3, costs4) = unsafe (self.costs2 + Self.lead, self.costs3 + Self.lead, self.costs4 + Self.lead)
    let far: UInt64 = 1 << 40
    var (last, last2, last3, last4): (UInt64, UInt64, UInt64, UInt64) = (0, far, far, far)
    unsafe scores[0] = 0
    var end = 1
    // Invariant: `last` to `last4` are the costs of the best ways to the four ends before this one.
    while end <= count {
      var best = unsafe last &+ (UInt64(singles[end &- 1] & 0xFF) << 5 | 30)
      best = unsafe min(best, last2 &+ UInt64(costs2[end &- 2]))
      best = unsafe min(best, last3 &+ UInt64(costs3[end &- 3]))
      best = unsafe min(best, last4 &+ UInt64(costs4[end &- 4]))
      var long = unsafe longHeads[end]
      while long != 0 {
        let word = longWords[Int(long) &- 1]
        best = unsafe min(best, scores[end &- word.length] &+ word.cost)
        long = word.previous
      }
      unsafe lastLengths[end] = UInt8(truncatingIfNeeded: 31 &- (best & 31))
      best &= ~31
      unsafe scores[end] = best
      (last4, last3, last2, last) = (last3, last2, last, best)
      end &+= 1
    }
    end = count
    // Terminates: every word has at least one slot.
    while end > 0 {
      let length = unsafe lastLengths[end]
      end &-= Int(length)
      unsafe lengths[end] = length
    }
  }

  // MARK: Memory

  private func grow() {
    capacity *= 2
    allocateScratch(keeping: count)
  }

  private func allocateScratch(keeping kept: Int) {
    let (oldIdentifiers, oldEnds) = unsafe (identifiers, ends)
    unsafe lengths.deallocate()
    unsafe singles.deallocate()
    unsafe pairs.deallocate()
    unsafe costs2.deallocate()
    unsafe costs3.deallocate()
    unsafe costs4.deallocate()
    unsafe lastLengths.deallocate()
    unsafe scores.deallocate()
    unsafe open.deallocate()
    unsafe openBases.deallocate()
    unsafe longHeads.deallocate()
    let room = capacity + Self.padding
    unsafe identifiers = .allocate(capacity: room)
    unsafe ends = .allocate(capacity: room)
    unsafe identifiers.update(from: oldIdentifiers, count: kept)
    unsafe ends.update(from: oldEnds, count: kept)
    unsafe oldIdentifiers.deallocate()
    unsafe oldEnds.deallocate()
    unsafe lengths = .allocate(capacity: room)
    unsafe singles = .allocate(capacity: room)
    unsafe pairs = .allocate(capacity: room)
    unsafe costs2 = .allocate(capacity: room)
    unsafe costs3 = .allocate(capacity: room)
    unsafe costs4 = .allocate(capacity: room)
    for unsafe costs in unsafe [costs2, costs3, costs4] { unsafe costs.initialize(repeating: CutTables.noWord, count: Self.lead) }
    unsafe lastLengths = .allocate(capacity: room)
    unsafe scores = .allocate(capacity: room)
    unsafe open = .allocate(capacity: room)
    unsafe openBases = .allocate(capacity: room)
    unsafe longHeads = .allocate(capacity: room)
  }

  private func freeScratch() {
    unsafe identifiers.deallocate()
    unsafe ends.deallocate()
    unsafe lengths.deallocate()
    unsafe singles.deallocate()
    unsafe pairs.deallocate()
    unsafe costs2.deallocate()
    unsafe costs3.deallocate()
    unsafe costs4.deallocate()
    unsafe lastLengths.deallocate()
    unsafe scores.deallocate()
    unsafe open.deallocate()
    unsafe openBases.deallocate()
    unsafe longHeads.deallocate()
  }
}
