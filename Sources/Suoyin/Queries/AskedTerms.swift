// Which terms does an unquoted text ask for?
internal import SuoyinAnalysis

/// The terms of a text, any of which may match: its words, pairs and further terms, and the cells that stand alone.
struct AskedTerms {
  /// Each once, with how often the text has it, in the order of families.
  private(set) var terms: [(term: Term, count: Int)] = []
  /// The indexes of the cells that have no neighbour.
  private(set) var loneCells: [Int] = []
  /// The indexes of the cells that have a neighbour and are no words of letters or digits; of equal ones the first.
  private(set) var cells: [Int] = []
  /// Where they are, as soon as they are many.
  private var places: [Term: Int] = [:]
  private static let manyTerms = 16

  /// - Parameter stopWords: Words that are not asked for; nor is what lies wholly inside them. Ignored when the text has nothing else.
  init(_ analysis: Analysis, numbering: Int, stopWords: StopWords?) {
    // Empty when none is.
    var isStopped: [Bool] = []
    if let stopWords {
      isStopped = [Bool](repeating: false, count: analysis.cells.count)
      for word in analysis.words where stopWords.contains(analysis.term(of: word)) { for cell in word.cellRange { isStopped[cell] = true } }
      if isStopped.allSatisfy(\.self) { isStopped = [] }
    }
    func isAsked(_ cells: Range<Int>) -> Bool { isStopped.isEmpty || cells.contains { !isStopped[$0] } }
    for word in analysis.words where isAsked(word.cellRange) {
      note(Term(numbering: numbering, family: .word, analysis.term(of: word)))
    }
    if analysis.hasPairs {
      var seen: Set<ArraySlice<UInt8>> = []
      for cell in analysis.cells.indices {
        if let next = analysis.successor(of: cell) {
          if isAsked(cell..<next + 1) { note(Term(numbering: numbering, family: .pair, analysis.pairTerm(at: cell))) }
        } else if cell == 0 || analysis.successor(of: cell - 1) == nil, isAsked(cell..<cell + 1) {
          loneCells.append(cell)
          continue
        }
        let term = analysis.term(of: analysis.cells[cell])
        if !analysis.cells[cell].isLettersOrDigits, isAsked(cell..<cell + 1), seen.insert(term).inserted { cells.append(cell) }
      }
    }
    for (extra, cells) in analysis.askedExtras where isAsked(cells) { note(Term(numbering: numbering, family: .extra, extra)) }
  }

  private mutating func note(_ term: Term) {
    if let place = places.isEmpty ? terms.firstIndex(where: { $0.term == term }) : places[term] {
      terms[place].count += 1
      return
    }
    terms.append((term, 1))
    if terms.count > Self.manyTerms {
      places[term] = terms.count - 1
    } else if terms.count == Self.manyTerms {
      for (place, asked) in terms.enumerated() { places[asked.term] = place }
    }
  }
}
