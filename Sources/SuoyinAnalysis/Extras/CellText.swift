// What stands at a cell, and between two cells?

/// The cells of an analysis with the bytes they lie in, as the recognisers of further terms read them.
struct CellText {
  static let ordinal: UInt32 = 0x7B2C  // 第
  static let year: UInt32 = 0x5E74  // 年

  let bytes: [UInt8]
  let cells: [Analysis.Cell]

  /// More white space than this between two cells separates them.
  static let longestBlank = 8

  /// The Han character (or other single character) that a cell is; 0 for a word of letters or digits and behind the last cell.
  @inline(__always)
  func character(_ index: Int) -> UInt32 {
    guard index >= 0, index < cells.count, !cells[index].isLettersOrDigits else { return 0 }
    if cells[index].character != 0 { return UInt32(cells[index].character) }
    return decodeCodePoint(bytes.span, at: Int(cells[index].termStart)).codePoint
  }

  /// The first cell from `index` on that a further term may begin with: a word of letters or digits, or one of
  /// `CharacterSet.beginningNumberTerms`.
  func firstCandidate(from index: Int) -> Int {
    let (cells, marks) = (self.cells.span, CharacterSet.beginningNumberTerms)
    var index = index
    while index < cells.count, !cells[index].isLettersOrDigits, !marks.contains(UInt32(cells[index].character)) { index &+= 1 }
    return index
  }

  func start(_ index: Int) -> Int { Int(cells[index].termStart) }
  func end(_ index: Int) -> Int { Int(cells[index].termEnd) }

  func isLettersOrDigits(_ index: Int) -> Bool { index < cells.count && cells[index].isLettersOrDigits }

  func term(_ index: Int) -> ArraySlice<UInt8> { bytes[start(index)..<end(index)] }

  /// Whether nothing stands between the byte `offset` and the cell, not even a sentence end.
  func touches(_ index: Int, from offset: Int) -> Bool { index < cells.count && start(index) == offset }

  /// Whether only a little white space, or nothing, stands between the byte `offset` and the cell.
  func isBlank(to index: Int, from offset: Int) -> Bool {
    index < cells.count && blankEnd(from: offset) == start(index)
  }

  /// The first byte behind the white space at `offset`, or behind as much of it as counts.
  func blankEnd(from offset: Int) -> Int {
    var end = offset
    while end < bytes.count, end - offset < Self.longestBlank, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    return end
  }

  /// The length of the bracket at `offset` that opens or closes a year in a document's number; 0 if there is none.
  func bracketLength(at offset: Int, isOpening: Bool) -> Int {
    guard offset >= 0, offset < bytes.count else { return 0 }
    switch bytes[offset] {
    case 0x28, 0x5B: return isOpening ? 1 : 0  // ( [
    case 0x29, 0x5D: return isOpening ? 0 : 1  // ) ]
    case 0xE3 where offset + 2 < bytes.count && bytes[offset + 1] == 0x80:
      switch bytes[offset + 2] {
      case 0x90, 0x94, 0x88: return isOpening ? 3 : 0  // 【 〔 〈
      case 0x91, 0x95, 0x89: return isOpening ? 0 : 3  // 】 〕 〉
      default: return 0
      }
    default: return 0
    }
  }

  /// Whether an opening bracket of such a kind ends where the cell begins.
  func followsOpeningBracket(_ index: Int) -> Bool {
    let start = start(index)
    return bracketLength(at: start - 1, isOpening: true) == 1 || bracketLength(at: start - 3, isOpening: true) == 3
  }
}
