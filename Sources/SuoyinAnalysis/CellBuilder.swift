// Which cells does a text consist of, and which words lie over them?
//
// Why the unsafe code here is sound: the scratch for cells and words has room for one of each slot, and no slot puts more than one there; only
// those that have been put there are copied.

/// Takes ICU's segments of a text in order and builds its cells and words.
///
/// Numbering: a cell gets the number after its predecessor's; one or more sentence ends (。！？；) between two cells add one, one
/// or more paragraph ends add one; other punctuation and white space add nothing.
struct CellBuilder {
  private(set) var analysis = Analysis()
  private let keepsWords: Bool
  /// Whether private-use and unassigned characters, which ICU gives status 0, are cells and words.
  private let keepsUnknown: Bool
  private var nextNumber: UInt32 = 0
  /// What the next cell's number skips: 1 for a sentence end before it, and 1 for a paragraph end.
  private var sentenceGap: UInt32 = 0
  private var paragraphGap: UInt32 = 0

  init(_ normalized: NormalizedText, keepsWords: Bool, keepsUnknown: Bool) {
    analysis.normalized = normalized
    analysis.cells.reserveCapacity(normalized.bytes.count / 3)
    if keepsWords { analysis.words.reserveCapacity(normalized.bytes.count / 5) }
    self.keepsWords = keepsWords
    self.keepsUnknown = keepsUnknown
  }

  // MARK: From slots

  /// Cuts the whole text by the fast tokenizer, the words of a list first.
  ///
  /// - Returns: false when a word of the list begins or ends inside a segment that ICU must cut: then the words are still ICU's alone, and
  ///   `WordListCut` puts the list's in.
  mutating func addAll(_ tokenizer: inout Tokenizer, _ wordList: WordList?) throws(AnalysisError) -> Bool {
    try tokenizer.scan(analysis.normalized.bytes)
    addCells(of: tokenizer, analysis.normalized.bytes)
    if !keepsWords { return true }
    let occurrences = wordList?.occurrences(in: analysis.normalized.bytes, cells: analysis.cells) ?? []
    let places = occurrences.isEmpty ? [] : Self.slots(of: occurrences, analysis.cells, tokenizer)
    for place in places ?? [] { tokenizer.separate(place) }
    tokenizer.cut()
    addWords(of: tokenizer, places == nil ? [] : occurrences, places ?? [])
    return places != nil
  }

  /// The slots that the cells of chosen words are, one slot a cell; nil when a cell is only a part of one.
  private static func slots(of occurrences: [WordList.Occurrence], _ cells: [Analysis.Cell], _ tokenizer: borrowing Tokenizer) -> [Range<
    Int
  >]? {
    var places: [Range<Int>] = []
    var slot = 0
    for occurrence in occurrences {
      let start = Int(cells[occurrence.firstCell].termStart)
      while slot < tokenizer.count, tokenizer.end(of: slot) <= start { slot += 1 }
      guard slot == 0 && start == 0 || slot > 0 && tokenizer.end(of: slot - 1) == start else { return nil }
      let first = slot
      for cell in occurrence.cellRange {
        guard slot < tokenizer.count, tokenizer.end(of: slot) == Int(cells[cell].termEnd) else { return nil }
        slot += 1
      }
      places.append(first..<slot)
    }
    return places
  }

  private mutating func addCells(of tokenizer: borrowing Tokenizer, _ text: [UInt8]) {
    // Every slot gives at most one cell here; what gives more is taken out of turn.
    unsafe withUnsafeTemporaryAllocation(of: Analysis.Cell.self, capacity: tokenizer.count) { cells in
      var filled = 0
      var start = 0
      for slot in 0..<tokenizer.count {
        let end = tokenizer.end(of: slot)
        if tokenizer.isHan(slot) {
          let character = UInt32(text[start] & 0xF) << 12 | UInt32(text[start &+ 1] & 0x3F) << 6 | UInt32(text[start &+ 2] & 0x3F)
          unsafe cells.initializeElement(at: filled, to: nextCell(start, end, character: character))
          filled &+= 1
        } else {
          let status = tokenizer.status(of: slot)
          if status == 0, end == start + 1 {
            noteMark(UInt32(text[start]))
          } else if status == 0, text[start] == 0xE3, text[start + 1] == 0x80, text[start + 2] < 0xA0, text[start + 2] & 0xFC != 0x84 {
            // One of U+3000 to U+301F but 〄々〆〇, so 、。《》 and their like: the commonest of all.
            noteMark(0x3000 | UInt32(text[start + 2] & 0x3F))
          } else if status > 0, end - start <= Analysis.maximumTermLength, Self.isPlainWord(text, start, end) {
            unsafe cells.initializeElement(at: filled, to: nextCell(start, end, character: nil))
            filled &+= 1
          } else {
            unsafe analysis.cells.append(contentsOf: UnsafeMutableBufferPointer(rebasing: cells[..<filled]))
            filled = 0
            if status > 0 { addCells(ofWord: start, end) } else { addBetweenWords(start, end) }
          }
        }
        start = end
      }
      unsafe analysis.cells.append(contentsOf: UnsafeMutableBufferPointer(rebasing: cells[..<filled]))
    }
  }

  /// Whether a segment that the rules call a word is of ASCII letters and digits alone.
  private static func isPlainWord(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
    for offset in start..<end where !(text[offset] &- 0x30 < 10 || text[offset] &- 0x61 < 26) { return false }
    return true
  }

  private mutating func addWords(of tokenizer: borrowing Tokenizer, _ occurrences: [WordList.Occurrence], _ places: [Range<Int>]) {
    // Every slot gives at most one word here; what gives more is taken out of turn.
    unsafe withUnsafeTemporaryAllocation(of: Analysis.Word.self, capacity: tokenizer.count) { words in
      var filled = 0
      var start = 0
      var cell = 0
      var slot = 0
      var next = 0
      // Terminates: every word has at least one slot.
      while slot < tokenizer.count {
        if next < places.count, places[next].lowerBound == slot {
          slot = places[next].upperBound
          let end = tokenizer.end(of: slot &- 1)
          let word = Analysis.Word(
            termStart: UInt32(start), firstCell: UInt32(cell), termLength: UInt8(end - start), cellCount: UInt8(places[next].count),
            status: tokenizer.status(of: slot &- 1), rule: occurrences[next].rule)
          unsafe words.initializeElement(at: filled, to: word)
          filled &+= 1
          cell &+= places[next].count
          next &+= 1
          start = end
        } else if tokenizer.isHan(slot) {
          let length = tokenizer.wordLength(at: slot)
          let word = Analysis.Word(
            termStart: UInt32(truncatingIfNeeded: start), firstCell: UInt32(truncatingIfNeeded: cell),
            termLength: UInt8(truncatingIfNeeded: 3 &* length), cellCount: UInt8(truncatingIfNeeded: length), status: 400)
          unsafe words.initializeElement(at: filled, to: word)
          filled &+= 1
          cell &+= length
          slot &+= length
          start = tokenizer.end(of: slot &- 1)
        } else {
          let end = tokenizer.end(of: slot)
          let first = cell
          while cell < analysis.cells.count, Int(analysis.cells[cell].termStart) < end { cell &+= 1 }
          if cell > first {
            unsafe analysis.words.append(contentsOf: UnsafeMutableBufferPointer(rebasing: words[..<filled]))
            filled = 0
            addWord(start, end, cells: first..<cell, status: tokenizer.status(of: slot))
          }
          slot &+= 1
          start = end
        }
      }
      unsafe analysis.words.append(contentsOf: UnsafeMutableBufferPointer(rebasing: words[..<filled]))
    }
  }

  // MARK: From ICU's segments

  /// Adds the segment `start..<end`; segments come in order, without gaps.
  mutating func add(_ start: Int, _ end: Int, _ status: Int32) {
    let firstCell = analysis.cells.count
    if status > 0 {
      addCells(ofWord: start, end)
    } else {
      addBetweenWords(start, end)
    }
    if keepsWords { addWord(start, end, cells: firstCell..<analysis.cells.count, status: UInt16(truncatingIfNeeded: status)) }
  }

  private mutating func addCells(ofWord start: Int, _ end: Int) {
    var runStart = -1  // of the run of letters and digits that is under way, or -1
    var runHasLetterOrDigit = false
    var offset = start
    while offset < end {
      let (codePoint, length) = decodeCodePoint(analysis.normalized.bytes.span, at: offset)
      switch ICUProperties.kind(of: codePoint) {
      case .cell:
        if runStart >= 0, runHasLetterOrDigit { addRun(runStart, offset) }
        runStart = -1
        runHasLetterOrDigit = false
        addCell(offset, offset + length, character: codePoint)
      case .letterOrDigit:
        if runStart < 0 { runStart = offset }
        runHasLetterOrDigit = true
      case .mark, .none:
        // Inside a word: the point of 0.52, the apostrophe of can't, a combining mark. After a cell of its own: nothing.
        break
      }
      offset += length
    }
    if runStart >= 0, runHasLetterOrDigit { addRun(runStart, end) }
  }

  /// A run of letters and digits: one cell, or several when it is longer than a term may be.
  private mutating func addRun(_ start: Int, _ end: Int) {
    var start = start
    while start < end {
      let cut = cellEnd(from: start, to: end, in: analysis.normalized.bytes)
      addCell(start, cut, character: nil)
      start = cut
    }
  }

  /// One word over cells; a word for each of them when it would be longer than a term may be, or when the rules call it no word.
  private mutating func addWord(_ start: Int, _ end: Int, cells: Range<Int>, status: UInt16) {
    if cells.isEmpty { return }
    if status > 0, end - start <= Analysis.maximumTermLength {
      analysis.words.append(
        .init(
          termStart: UInt32(start), firstCell: UInt32(cells.lowerBound), termLength: UInt8(end - start), cellCount: UInt8(cells.count),
          status: status))
    } else {
      for index in cells {
        let cell = analysis.cells[index]
        analysis.words.append(
          .init(termStart: cell.termStart, firstCell: UInt32(index), termLength: cell.termLength, cellCount: 1, status: status))
      }
    }
  }

  private mutating func addBetweenWords(_ start: Int, _ end: Int) {
    var offset = start
    while offset < end {
      let (codePoint, length) = decodeCodePoint(analysis.normalized.bytes.span, at: offset)
      noteMark(codePoint)
      if keepsUnknown, codePoint > 0x7F, ICUProperties.kind(of: codePoint) == .cell {
        addCell(offset, offset + length, character: codePoint)
      }
      offset += length
    }
  }

  /// Takes note of a code point that ends a sentence or a paragraph.
  @inline(__always)
  private mutating func noteMark(_ codePoint: UInt32) {
    switch codePoint {
    case 0x3002, 0x21, 0x3F, 0x3B, 0xFF01, 0xFF1F, 0xFF1B, 0xFF61: sentenceGap = 1
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: paragraphGap = 1
    default: break
    }
  }

  private mutating func addCell(_ start: Int, _ end: Int, character: UInt32?) {
    analysis.cells.append(nextCell(start, end, character: character))
  }

  /// The next cell, of a character or else of letters and digits; those of a text are asked for in order.
  @inline(__always)
  private mutating func nextCell(_ start: Int, _ end: Int, character: UInt32?) -> Analysis.Cell {
    let number = nextNumber == 0 ? 0 : nextNumber &+ sentenceGap &+ paragraphGap
    (sentenceGap, paragraphGap) = (0, 0)
    nextNumber = number &+ 1
    return .init(
      termStart: UInt32(truncatingIfNeeded: start), number: number, termLength: UInt8(truncatingIfNeeded: end &- start),
      isLettersOrDigits: character == nil,
      character: end &- start == 3 ? UInt16(truncatingIfNeeded: character ?? 0) : 0)
  }
}
