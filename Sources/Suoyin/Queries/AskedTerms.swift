// Which terms does an unquoted text ask for?
internal import SuoyinAnalysis

/// The terms of a text, any of which may match: its words, pairs and further terms, and the cells that stand alone.
struct AskedTerms {
  /// Each once, with how often the text has it, in the order of families.
  private(set) var terms: [(term: Term, count: Int)] = []
  /// The indexes of the cells that have no neighbour.
  private(set) var loneCells: [Int] = []
  private var places: [Term: Int] = [:]

  /// - Parameter stopWords: Words that are not asked for; nor is what lies wholly inside them. Ignored when the text has nothing else.
  init(_ analysis: Analysis, numbering: Int, stopWords: StopWords?) {
    var isStopped = [Bool](repeating: false, count: analysis.cells.count)
    if let stopWords {
      for word in analysis.words where stopWords.contains(analysis.term(of: word)) { for cell in word.cellRange { isStopped[cell] = true } }
      if isStopped.allSatisfy(\.self) { isStopped = isStopped.map { _ in false } }
    }
    func isAsked(_ cells: Range<Int>) -> Bool { cells.contains { !isStopped[$0] } }
    for word in analysis.words where isAsked(word.cellRange) {
      note(Term(numbering: numbering, family: .word, analysis.term(of: word)))
    }
    if analysis.hasPairs {
      for cell in analysis.cells.indices {
        if let next = analysis.successor(of: cell) {
          if isAsked(cell..<next + 1) { note(Term(numbering: numbering, family: .pair, analysis.pairTerm(at: cell))) }
        } else if cell == 0 || analysis.successor(of: cell - 1) == nil, isAsked(cell..<cell + 1) {
          loneCells.append(cell)
        }
      }
    }
    for (extra, cells) in analysis.askedExtras where isAsked(cells) { note(Term(numbering: numbering, family: .extra, extra)) }
  }

  private mutating func note(_ term: Term) {
    if let place = places[term] {
      terms[place].count += 1
    } else {
      places[term] = terms.count
      terms.append((term, 1))
    }
  }
}
