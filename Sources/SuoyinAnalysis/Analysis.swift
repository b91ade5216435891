// What is a text after analysis?

/// A text cut into cells and words, as whole buffers of plain structs.
///
/// Pairs and singles follow from the cells and are not stored: see `pairTerm(at:)` and `tokens()`.
public struct Analysis: Sendable {
  /// A unit of position: a Han character, kana or Hangul syllable, or a word of letters or digits.
  package struct Cell: Sendable {
    /// The cell's term: a byte range of `Analysis.text`.
    package var termStart: UInt32
    package var termEnd: UInt32
    /// The cell's number in the field's sequence; sentence and paragraph ends leave gaps.
    package var number: UInt32
    /// The byte range of the original text.
    package var utf8Start: UInt32
    package var utf8End: UInt32
    /// Whether this is a word of letters or digits, set off by a space in pairs.
    package var isLettersOrDigits: Bool
  }

  /// A word of the primary cut.
  package struct Word: Sendable {
    package var termStart: UInt32
    package var termEnd: UInt32
    /// The index (not the number) of the first cell in `Analysis.cells`.
    package var firstCell: UInt32
    package var cellCount: UInt32
    package var status: UInt16
  }

  /// The longest term in bytes; a longer word of letters or digits is cut into several cells.
  package static let maximumTermLength = 255

  /// The text that was cut (normalised, unless the analyzer takes it as it stands); all terms are ranges of it.
  package var text: [UInt8] = []
  package var cells: [Cell] = []
  package var words: [Word] = []
  /// Whether pairs and singles are among this analyzer's families.
  package var hasPairs = false

  /// How many numbers the cells span: the last cell's number plus one.
  package var extent: UInt32 { cells.last.map { $0.number + 1 } ?? 0 }

  package func term(of cell: Cell) -> ArraySlice<UInt8> { text[Int(cell.termStart)..<Int(cell.termEnd)] }
  package func term(of word: Word) -> ArraySlice<UInt8> { text[Int(word.termStart)..<Int(word.termEnd)] }

  /// The index of the cell numbered one more than the cell at `index`, if there is one.
  package func successor(of index: Int) -> Int? {
    index + 1 < cells.count && cells[index + 1].number == cells[index].number + 1 ? index + 1 : nil
  }

  /// The pair that begins at the cell with the given index.
  package func pairTerm(at index: Int) -> [UInt8] {
    let first = cells[index]
    guard let next = successor(of: index) else {
      return PairTerm.bytes(term(of: first), isWord: first.isLettersOrDigits, nil, isWord: false)
    }
    let second = cells[next]
    return PairTerm.bytes(term(of: first), isWord: first.isLettersOrDigits, term(of: second), isWord: second.isLettersOrDigits)
  }

  /// All tokens, by first cell, then by family.
  ///
  /// - Complexity: O(*n*), *n* being the number of cells; it makes a string for every token, so indexing does not use it.
  public func tokens() -> [Token] {
    var tokens: [Token] = []
    var nextWord = 0
    for (index, cell) in cells.enumerated() {
      while nextWord < words.count, Int(words[nextWord].firstCell) == index {
        let word = words[nextWord]
        let last = cells[index + Int(word.cellCount) - 1]
        tokens.append(
          Token(
            term: String(decoding: term(of: word), as: UTF8.self), family: .word, status: Int(word.status), cell: Int(cell.number),
            cells: Int(word.cellCount), utf8Range: Int(cell.utf8Start)..<Int(last.utf8End)))
        nextWord += 1
      }
      guard hasPairs else { continue }
      let end = successor(of: index).map { cells[$0].utf8End } ?? cell.utf8End
      tokens.append(
        Token(
          term: String(decoding: pairTerm(at: index), as: UTF8.self), family: .pair, status: 0, cell: Int(cell.number),
          cells: successor(of: index) == nil ? 1 : 2, utf8Range: Int(cell.utf8Start)..<Int(end)))
      tokens.append(
        Token(
          term: String(decoding: term(of: cell), as: UTF8.self), family: .single, status: 0, cell: Int(cell.number), cells: 1,
          utf8Range: Int(cell.utf8Start)..<Int(cell.utf8End)))
    }
    return tokens
  }
}

/// How two cells become the bytes of one term, and back.
///
/// Two cells of one character each stand side by side (政府); a cell of letters or digits is set off by a space (`5g 网`, `gb t`); a
/// cell without a successor ends in a space, the end mark. No cell holds a space, so that every pair reads back in one way.
package enum PairTerm {
  package static let separator = UInt8(ascii: " ")

  package static func bytes(_ first: ArraySlice<UInt8>, isWord firstIsWord: Bool, _ second: ArraySlice<UInt8>?, isWord secondIsWord: Bool)
    -> [UInt8]
  {
    var bytes = [UInt8]()
    bytes.reserveCapacity(first.count + 1 + (second?.count ?? 0))
    bytes += first
    if firstIsWord || secondIsWord || second == nil { bytes.append(separator) }
    if let second { bytes += second }
    return bytes
  }

  /// The first cell of a pair.
  package static func firstCell(of pair: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if let space = pair.firstIndex(of: separator) { return pair[..<space] }
    let length = pair.first.map(utf8Length(lead:)) ?? 0
    return pair.prefix(length)
  }

  /// What every pair that begins with this cell begins with.
  package static func prefix(_ cell: ArraySlice<UInt8>, isWord: Bool) -> [UInt8] {
    isWord ? Array(cell) + [separator] : Array(cell)
  }
}

/// The length in bytes of the UTF-8 sequence that begins with `lead`.
@inline(__always)
package func utf8Length(lead: UInt8) -> Int {
  lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
}
