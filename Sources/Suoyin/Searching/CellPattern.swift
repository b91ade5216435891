// Where do typed cells stand in a text?
internal import SuoyinAnalysis

/// Cells that were typed, the last of which may go on.
struct CellPattern {
  /// What a cell must be.
  enum Element {
    case cell([UInt8], isWord: Bool)
    /// A word of letters or digits that begins so.
    case open([UInt8])
    /// A cell that may be read so.
    case reading(PinyinQuery.Element)
  }

  let elements: [Element]
  /// Whether a text that matches may be another than what was typed.
  let isOpen: Bool

  init(elements: [Element], isOpen: Bool) {
    self.elements = elements
    self.isOpen = isOpen
  }

  /// The cells of a text, one after another.
  ///
  /// - Returns: nil when there is none, or a sentence ends between them.
  init?(_ analysis: Analysis) {
    guard let last = analysis.cells.indices.last, analysis.cells.indices.dropLast().allSatisfy({ analysis.successor(of: $0) != nil }) else {
      return nil
    }
    let isOpen = analysis.cells[last].isLettersOrDigits && Int(analysis.cells[last].termEnd) == analysis.text.count
    elements = analysis.cells.enumerated().map { place, cell in
      let term = Array(analysis.term(of: cell))
      return isOpen && place == last ? .open(term) : .cell(term, isWord: cell.isLettersOrDigits)
    }
    self.isOpen = isOpen
  }

  /// The cells as they were typed; nil where they are readings.
  var cells: [(term: [UInt8], isWord: Bool)]? {
    var cells: [(term: [UInt8], isWord: Bool)] = []
    for element in elements {
      switch element {
      case .cell(let term, let isWord): cells.append((term, isWord))
      case .open(let start): cells.append((start, true))
      case .reading: return nil
      }
    }
    return cells
  }

  /// Whether the cells from a place on match, with nothing between them.
  func stands(at place: Int, in analysis: Analysis) -> Bool {
    let cells = analysis.cells
    guard place + elements.count <= cells.count,
      cells[place + elements.count - 1].number - cells[place].number == UInt32(elements.count - 1)
    else { return false }
    for (offset, element) in elements.enumerated() {
      let cell = cells[place + offset]
      let matches =
        switch element {
        case .cell(let term, _): analysis.term(of: cell).elementsEqual(term)
        case .open(let start): cell.isLettersOrDigits && analysis.term(of: cell).starts(with: start)
        case .reading(.names(let names)): analysis.pinyin(of: cell).contains { names.contains($0) }
        case .reading(.initial(let initial)): analysis.pinyinInitials(of: cell).contains(initial)
        }
      if !matches { return false }
    }
    return true
  }

  /// The character that the first cell is, as `Analysis.Cell.character` has it; 0 where it may be another.
  private var firstCharacter: UInt16 {
    guard case .cell(let term, isWord: false)? = elements.first, term.count == 3 else { return 0 }
    let characters = String(decoding: term, as: UTF8.self).unicodeScalars
    return characters.count == 1 ? characters.first.flatMap { UInt16(exactly: $0.value) } ?? 0 : 0
  }

  /// The places where the cells stand, ascending.
  func places(in analysis: Analysis) -> [Int] {
    let first = firstCharacter
    return analysis.cells.indices.filter { (first == 0 || analysis.cells[$0].character == first) && stands(at: $0, in: analysis) }
  }
}

extension Analysis {
  /// How a range of cells is written in the text that was cut, without blanks beside Han characters.
  func spelling(ofCells range: Range<Int>, in original: String) -> String {
    let characters = Array(String(decoding: Array(original.utf8)[utf8Range(ofCells: range)], as: UTF8.self))
    var spelling = ""
    for (place, character) in characters.enumerated() {
      guard character.isWhitespace else {
        spelling.append(character)
        continue
      }
      let isBetweenWords = spelling.last?.isASCII ?? false && place + 1 < characters.count && characters[place + 1].isASCII
      if isBetweenWords, spelling.last != " " { spelling.append(" ") }
    }
    return spelling
  }
}
