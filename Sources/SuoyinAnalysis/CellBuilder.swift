// Which cells does a text consist of, and which words lie over them?

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
  private var sawSentenceEnd = false
  private var sawParagraphEnd = false

  init(_ normalized: NormalizedText, keepsWords: Bool, keepsUnknown: Bool) {
    analysis.normalized = normalized
    analysis.cells.reserveCapacity(normalized.bytes.count / 3)
    if keepsWords { analysis.words.reserveCapacity(normalized.bytes.count / 5) }
    self.keepsWords = keepsWords
    self.keepsUnknown = keepsUnknown
  }

  /// Adds the segment `start..<end`; segments come in order, without gaps.
  mutating func add(_ start: Int, _ end: Int, _ status: Int32) {
    if status > 0 {
      addWord(start, end, status)
    } else {
      addBetweenWords(start, end)
    }
  }

  private mutating func addWord(_ start: Int, _ end: Int, _ status: Int32) {
    let firstCell = analysis.cells.count
    var runStart = -1  // of the run of letters and digits that is under way, or -1
    var runHasLetterOrDigit = false
    var offset = start
    while offset < end {
      let (codePoint, length) = decodeCodePoint(analysis.text.span, at: offset)
      switch ICUProperties.kind(of: codePoint) {
      case .cell:
        if runStart >= 0, runHasLetterOrDigit { addRun(runStart, offset) }
        runStart = -1
        runHasLetterOrDigit = false
        addCell(offset, offset + length, isLettersOrDigits: false)
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
    guard keepsWords, analysis.cells.count > firstCell else { return }
    addWords(start, end, firstCell: firstCell, status: UInt16(truncatingIfNeeded: status))
  }

  /// A run of letters and digits: one cell, or several when it is longer than a term may be.
  private mutating func addRun(_ start: Int, _ end: Int) {
    var start = start
    while start < end {
      let cut = cellEnd(from: start, to: end, in: analysis.text)
      addCell(start, cut, isLettersOrDigits: true)
      start = cut
    }
  }

  /// One word over the cells from `firstCell` on, or a word for each cell when it is longer than a term may be.
  private mutating func addWords(_ start: Int, _ end: Int, firstCell: Int, status: UInt16) {
    if end - start <= Analysis.maximumTermLength {
      analysis.words.append(
        .init(
          termStart: UInt32(start), firstCell: UInt32(firstCell), termLength: UInt8(end - start),
          cellCount: UInt8(analysis.cells.count - firstCell), status: status))
    } else {
      for index in firstCell..<analysis.cells.count {
        let cell = analysis.cells[index]
        analysis.words.append(
          .init(termStart: cell.termStart, firstCell: UInt32(index), termLength: cell.termLength, cellCount: 1, status: status))
      }
    }
  }

  private mutating func addBetweenWords(_ start: Int, _ end: Int) {
    var offset = start
    while offset < end {
      let (codePoint, length) = decodeCodePoint(analysis.text.span, at: offset)
      switch codePoint {
      case 0x3002, 0x21, 0x3F, 0x3B, 0xFF01, 0xFF1F, 0xFF1B, 0xFF61: sawSentenceEnd = true
      case 0x0A...0x0D, 0x85, 0x2028, 0x2029: sawParagraphEnd = true
      default:
        if keepsUnknown, codePoint > 0x7F, ICUProperties.kind(of: codePoint) == .cell {
          let firstCell = analysis.cells.count
          addCell(offset, offset + length, isLettersOrDigits: false)
          if keepsWords { addWords(offset, offset + length, firstCell: firstCell, status: 0) }
        }
      }
      offset += length
    }
  }

  private mutating func addCell(_ start: Int, _ end: Int, isLettersOrDigits: Bool) {
    if !analysis.cells.isEmpty { nextNumber += (sawSentenceEnd ? 1 : 0) + (sawParagraphEnd ? 1 : 0) }
    sawSentenceEnd = false
    sawParagraphEnd = false
    analysis.cells.append(
      .init(termStart: UInt32(start), number: nextNumber, termLength: UInt8(end - start), isLettersOrDigits: isLettersOrDigits))
    nextNumber += 1
  }
}
