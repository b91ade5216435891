// What is a text after analysis?

/// A text cut into cells, words and further terms, as whole buffers of plain structs.
///
/// Pairs and singles follow from the cells and are not stored: see `pairTerm(at:)` and `tokens()`.
public struct Analysis: Sendable {
  /// A unit of position: a Han character, kana or Hangul syllable, or a word of letters or digits.
  package struct Cell: Sendable {
    /// Where the cell's term begins in `Analysis.text`.
    package var termStart: UInt32
    /// The cell's number in the field's sequence; sentence and paragraph ends leave gaps.
    package var number: UInt32
    /// The length of the cell's term in bytes.
    package var termLength: UInt8
    /// Whether this is a word of letters or digits, set off by a space in pairs.
    package var isLettersOrDigits: Bool
    /// The character that the cell is, if its UTF-8 has three bytes, as nearly all have; 0 for other cells.
    package var character: UInt16 = 0

    package var termEnd: UInt32 { termStart + UInt32(termLength) }
    package var termRange: Range<Int> { Int(termStart)..<Int(termStart) + Int(termLength) }
  }

  /// A word of the primary cut.
  package struct Word: Sendable {
    package var termStart: UInt32
    /// The index (not the number) of the first cell in `Analysis.cells`.
    package var firstCell: UInt32
    package var termLength: UInt8
    package var cellCount: UInt8
    /// ICU's rule status, at most 500.
    package var status: UInt16
    package var rule = TokenRule.icu

    package var termEnd: UInt32 { termStart + UInt32(termLength) }
    package var termRange: Range<Int> { Int(termStart)..<Int(termStart) + Int(termLength) }
    package var cellRange: Range<Int> { Int(firstCell)..<Int(firstCell) + Int(cellCount) }
  }

  /// A further term over cells that have words already.
  package struct Extra: Sendable {
    /// Where the term stands in `Analysis.extraText`.
    package var termStart: UInt32
    package var termLength: UInt8
    package var cellCount: UInt8
    package var rule: TokenRule
    /// The index (not the number) of the first cell in `Analysis.cells`.
    package var firstCell: UInt32

    package var termRange: Range<Int> { Int(termStart)..<Int(termStart) + Int(termLength) }
    package var cellRange: Range<Int> { Int(firstCell)..<Int(firstCell) + Int(cellCount) }
  }

  /// The longest term in bytes; a longer word of letters or digits is cut into several cells.
  package static let maximumTermLength = 255

  package var normalized = NormalizedText()
  package var cells: [Cell] = []
  package var words: [Word] = []
  /// By first cell.
  package var extras: [Extra] = []
  /// The bytes of the extras' terms.
  package var extraText: [UInt8] = []
  /// Whether pairs and singles are among this analyzer's families.
  package var hasPairs = false
  /// Whether further terms are among this analyzer's families.
  package var hasExtras = false

  /// The text that was cut (normalised, unless the analyzer takes it as it stands); the terms of cells and words are ranges of it.
  package var text: [UInt8] { normalized.bytes }

  /// How many numbers the cells span: the last cell's number plus one.
  package var extent: UInt32 { cells.last.map { $0.number + 1 } ?? 0 }

  package func term(of cell: Cell) -> ArraySlice<UInt8> { normalized.bytes[Int(cell.termStart)..<Int(cell.termEnd)] }
  package func term(of word: Word) -> ArraySlice<UInt8> { normalized.bytes[Int(word.termStart)..<Int(word.termEnd)] }
  package func term(of extra: Extra) -> ArraySlice<UInt8> {
    extraText[Int(extra.termStart)..<Int(extra.termStart) + Int(extra.termLength)]
  }

  /// The bytes of the original text that a non-empty range of cells came from.
  ///
  /// - Complexity: O(log *p*), *p* being the normalised text's pieces.
  package func utf8Range(ofCells range: Range<Int>) -> Range<Int> {
    normalized.originalRange(Int(cells[range.lowerBound].termStart)..<Int(cells[range.upperBound - 1].termEnd))
  }

  /// Appends a further term over cells.
  package mutating func addExtra(_ term: some Collection<UInt8>, cells: Range<Int>, rule: TokenRule) {
    guard !term.isEmpty, term.count <= Self.maximumTermLength, !cells.isEmpty, cells.count <= 255 else { return }
    extras.append(
      Extra(
        termStart: UInt32(extraText.count), termLength: UInt8(term.count), cellCount: UInt8(cells.count), rule: rule,
        firstCell: UInt32(cells.lowerBound)))
    extraText += term
  }

  /// The further terms that a query of this text asks for, by first cell.
  ///
  /// Those of its numbers, and every word of letters or digits as it stands: 415 asks for 415X, of which it is a part. The parts of its own
  /// words are not asked for: whoever looks for 415X does not mean every 415.
  package var askedExtras: [(term: ArraySlice<UInt8>, cells: Range<Int>)] {
    var asked: [(term: ArraySlice<UInt8>, cells: Range<Int>)] = []
    var next = 0
    for index in cells.indices {
      var hasWhole = false
      while next < extras.count, Int(extras[next].firstCell) == index {
        let extra = extras[next]
        if extra.rule != .part {
          asked.append((term(of: extra), extra.cellRange))
          hasWhole = hasWhole || extra.cellCount == 1 && term(of: extra).elementsEqual(term(of: cells[index]))
        }
        next += 1
      }
      if hasExtras, cells[index].isLettersOrDigits, !hasWhole { asked.append((term(of: cells[index]), index..<index + 1)) }
    }
    return asked
  }

  /// The number that the text ends with: of all that reach its last cell the one with the most cells, then the longest term.
  package var lastNumber: Extra? {
    extras.filter { $0.rule == .number && $0.cellRange.upperBound == cells.count }
      .max { ($0.cellCount, $0.termLength) < ($1.cellCount, $1.termLength) }
  }

  /// The index of the cell numbered one more than the cell at `index`, if there is one.
  package func successor(of index: Int) -> Int? {
    index + 1 < cells.count && cells[index + 1].number == cells[index].number + 1 ? index + 1 : nil
  }

  /// How many numbers are left out behind a cell without successor: 2 where a sentence and a paragraph end, else 1.
  package func endMarks(behind index: Int) -> Int {
    index + 1 < cells.count ? Int(cells[index + 1].number - cells[index].number) - 1 : 1
  }

  /// The pair that begins at the cell with the given index.
  package func pairTerm(at index: Int) -> [UInt8] {
    let first = cells[index]
    guard let next = successor(of: index) else {
      return PairTerm.bytes(term(of: first), endMarks: endMarks(behind: index))
    }
    let second = cells[next]
    return PairTerm.bytes(term(of: first), isWord: first.isLettersOrDigits, term(of: second), isWord: second.isLettersOrDigits)
  }

  /// All tokens, by first cell, then by family.
  ///
  /// - Complexity: O(*n* log *n*), *n* being the number of cells; it makes a string for every token, so indexing does not use it.
  public func tokens() -> [Token] {
    var tokens: [Token] = []
    func add(_ term: some Collection<UInt8>, _ family: TermFamily, _ rule: TokenRule, _ cells: Range<Int>, status: UInt16 = 0) {
      tokens.append(
        Token(
          term: String(decoding: term, as: UTF8.self), family: family, rule: rule, status: Int(status),
          cell: Int(self.cells[cells.lowerBound].number), cells: cells.count, utf8Range: utf8Range(ofCells: cells)))
    }
    var nextWord = 0
    var nextExtra = 0
    for (index, cell) in cells.enumerated() {
      while nextWord < words.count, Int(words[nextWord].firstCell) == index {
        let word = words[nextWord]
        add(term(of: word), .word, word.rule, word.cellRange, status: word.status)
        nextWord += 1
      }
      if hasPairs {
        add(pairTerm(at: index), .pair, .pair, index..<(successor(of: index) ?? index) + 1)
        add(term(of: cell), .single, .single, index..<index + 1)
      }
      while nextExtra < extras.count, Int(extras[nextExtra].firstCell) == index {
        let extra = extras[nextExtra]
        add(term(of: extra), .extra, extra.rule, extra.cellRange)
        nextExtra += 1
      }
    }
    return tokens
  }
}

/// How two cells become the bytes of one term, and back.
///
/// Two cells of one character each stand side by side (政府); a cell of letters or digits is set off by a space (`5g 网`, `gb t`); a
/// cell without a successor ends in a space, the end mark, for each number that is left out behind it: so a pair says how far it is to the next
/// cell, and that nothing stands between. No cell holds a space, so that every pair reads back in one way.
package enum PairTerm {
  package static let separator = UInt8(ascii: " ")

  package static func bytes(_ first: ArraySlice<UInt8>, isWord firstIsWord: Bool, _ second: ArraySlice<UInt8>, isWord secondIsWord: Bool)
    -> [UInt8]
  {
    var bytes = [UInt8]()
    bytes.reserveCapacity(first.count + 1 + second.count)
    bytes += first
    if firstIsWord || secondIsWord { bytes.append(separator) }
    bytes += second
    return bytes
  }

  /// A cell without a successor.
  package static func bytes(_ cell: ArraySlice<UInt8>, endMarks: Int) -> [UInt8] {
    cell + [UInt8](repeating: separator, count: endMarks)
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
