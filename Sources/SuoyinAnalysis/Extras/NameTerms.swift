// By which terms is a passage found when a query names it: by its whole title, or by its label?

/// The terms of titles and labels.
///
/// A title's term is 《 and its cells, whatever stands between them; two cells of letters or digits are set apart by a space. 中华人民共和国 is left out wherever it
/// stands, in titles and in queries, since people do: 《刑法》, 适用刑事诉讼法的解释. A title has up to four terms, the forms in which it is named:
///
/// - all its cells;
/// - those before a bracket at its end: （试行）, （2023年修订）;
/// - of both, those from the first 关于 on, without who speaks: 关于审理房屋登记案件若干问题的规定.
///
/// A label's term is § and the canonical form of the number that it is, if that begins with 第: `§第17条`.
package enum NameTerm {
  static let titleMark = Array("《".utf8)
  static let labelMark = Array("§".utf8)
  /// A title of one cell is a word or a pair with the end mark, and no more of a name than these.
  package static let minimumCellCount = 2
  /// A longer text is no title.
  package static let maximumCellCount = 255

  /// What a further term names.
  package enum Kind { case title, label }

  /// nil for a term that is no name.
  package static func kind(of term: ArraySlice<UInt8>) -> Kind? {
    term.starts(with: titleMark) ? .title : term.starts(with: labelMark) ? .label : nil
  }

  /// The title or label of a term that is one.
  package static func name(in term: ArraySlice<UInt8>) -> [UInt8] {
    Array(term.dropFirst(kind(of: term) == .title ? titleMark.count : labelMark.count))
  }

  fileprivate static let republic = cells("中华人民共和国")
  fileprivate static let about = cells("关于")

  private static func cells(_ word: String) -> [[UInt8]] { word.unicodeScalars.map { Array(String($0).utf8) } }

  /// What the terms of titles begin with that begin as was typed.
  package struct Beginning {
    /// What all of the terms begin with.
    package fileprivate(set) var term = titleMark
    /// The index of the first cell in titles that is in the term, if no further 中华人民共和国 stands before it.
    fileprivate var firstCell = 0
    fileprivate var mayHaveRepublic = false

    /// Whether the term's first cell may have this index in a title that begins so.
    package func mayBegin(atCell cell: Int) -> Bool {
      mayHaveRepublic ? cell >= firstCell && (cell - firstCell) % republic.count == 0 : cell == firstCell
    }
  }

  /// What was typed as the beginning of titles; its last cell, if of letters or digits, may go on.
  package static func beginning(of typed: [(term: [UInt8], isWord: Bool)]) -> Beginning {
    var beginning = Beginning()
    var kept: [(term: [UInt8], isWord: Bool)] = []
    var index = 0
    // Terminates: `index` grows.
    while index < typed.count {
      let count = zip(typed[index...], republic).prefix { $0.term == $1 }.count
      // What was typed last may go on to 中华人民共和国, and may not: both kinds of terms begin with what is before it.
      if count > 0, index + count == typed.count, count < republic.count { break }
      if count == republic.count {
        if kept.isEmpty { beginning.firstCell += count }
        index += count
      } else {
        kept.append(typed[index])
        index += 1
      }
    }
    beginning.mayHaveRepublic = kept.isEmpty
    beginning.term = term(of: kept)
    return beginning
  }

  private static func term(of cells: [(term: [UInt8], isWord: Bool)]) -> [UInt8] {
    var term = titleMark
    var isBehindWord = false
    for cell in cells {
      if isBehindWord, cell.isWord { term.append(PairTerm.separator) }
      term += cell.term
      isBehindWord = cell.isWord
    }
    return term
  }

  /// Whether the cells from `index` on are those of `word`.
  fileprivate static func stands(_ word: [[UInt8]], at index: Int, in analysis: Analysis) -> Bool {
    index + word.count <= analysis.cells.count
      && word.indices.allSatisfy { analysis.term(of: analysis.cells[index + $0]).elementsEqual(word[$0]) }
  }

  /// The indexes of the cells that count, of the first `limit`.
  static func cells(of analysis: Analysis, limit: Int) -> [Int] {
    let end = min(limit, analysis.cells.count)
    var kept: [Int] = []
    var index = 0
    while index < end {
      if stands(republic, at: index, in: analysis) {
        index += republic.count
      } else {
        kept.append(index)
        index += 1
      }
    }
    return kept
  }

  /// The forms of a title, each as the indexes of its cells; a form may come twice.
  static func forms(of title: Analysis) -> [[Int]] {
    let whole = cells(of: title, limit: maximumCellCount)
    var forms = [whole]
    if let bracket = title.startOfLastBracket { forms.append(whole.filter { Int(title.cells[$0].termStart) < bracket }) }
    if let start = whole.indices.dropFirst().first(where: { stands(about, at: whole[$0], in: title) }) {
      forms += forms.map { Array($0.dropFirst(start)) }
    }
    return forms.filter { $0.count >= minimumCellCount }
  }

  /// The term of a label that is the number with this canonical form; nil when that is no place in a document.
  package static func label(_ number: ArraySlice<UInt8>) -> [UInt8]? { number.starts(with: "第".utf8) ? labelMark + number : nil }
}

/// The term that names a title with all its cells.
package struct WholeTitle {
  package let term: [UInt8]
  /// The index of the term's first cell in the title.
  package let firstCell: Int
  /// Whether no other title with the same extent has the same term at the same cell: nothing was left out but 中华人民共和国 at the beginning, and
  /// no sentence ends in it.
  ///
  /// Such a title has no room for cells that are not the term's, but for seven before it; and what leaves out seven others, to begin with 关于, is
  /// excluded.
  package let isCertain: Bool
}

/// The cells of a text in which titles may be named, as bytes of terms.
package struct NamingText {
  /// The indexes in `Analysis.cells`, ascending.
  package let cells: [Int]
  /// The cells' terms one after another, as in a title's term.
  private var bytes: [UInt8] = []
  /// Where each cell's term begins and ends in `bytes`.
  private var ranges: [Range<Int>] = []

  /// - Parameter limit: How many cells of the text are looked at.
  package init(_ analysis: Analysis, limit: Int) { self.init(NameTerm.cells(of: analysis, limit: limit), of: analysis) }

  init(_ cells: [Int], of analysis: Analysis) {
    self.cells = cells
    var isBehindWord = false
    for index in cells {
      let cell = analysis.cells[index]
      if isBehindWord, cell.isLettersOrDigits { bytes.append(PairTerm.separator) }
      ranges.append(bytes.count..<bytes.count + Int(cell.termLength))
      bytes += analysis.term(of: cell)
      isBehindWord = cell.isLettersOrDigits
    }
  }

  /// The longest term from the `start`-th cell on that a title can have, and the lengths of that and all shorter ones, ascending; none without
  /// `NameTerm.minimumCellCount` cells.
  package func longestTerm(from start: Int) -> (term: [UInt8], lengths: [Int]) {
    let mark = NameTerm.titleMark
    let shift = mark.count - ranges[start].lowerBound
    var lengths: [Int] = []
    for range in ranges[start...].prefix(NameTerm.maximumCellCount) {
      if range.upperBound + shift > Analysis.maximumTermLength { break }
      lengths.append(range.upperBound + shift)
    }
    guard let last = lengths.last, lengths.count >= NameTerm.minimumCellCount else { return ([], []) }
    return (mark + bytes[ranges[start].lowerBound..<last - shift], Array(lengths.dropFirst(NameTerm.minimumCellCount - 1)))
  }

  /// All cells as one term.
  var term: [UInt8] { NameTerm.titleMark + bytes }
}

extension Analysis {
  /// Where in the normalised text the bracket opens that the text ends with.
  fileprivate var startOfLastBracket: Int? {
    let end = text.lastIndex { $0 != UInt8(ascii: " ") } ?? 0
    guard end > 0, text[end] == UInt8(ascii: ")") else { return nil }
    return text[..<end].lastIndex(of: UInt8(ascii: "("))
  }

  /// Appends the terms by which the text is named as a whole, if it is a title.
  package mutating func addTitleTerms() {
    guard cells.count <= NameTerm.maximumCellCount else { return }
    var terms: Set<[UInt8]> = []
    for form in NameTerm.forms(of: self) {
      let term = NamingText(form, of: self).term
      if terms.insert(term).inserted { addExtra(term, cells: form[0]..<form[form.count - 1] + 1, rule: .title) }
    }
    sortExtras()
  }

  /// The term by which the text is named with all its cells, if it is a title that has one.
  package var wholeTitle: WholeTitle? {
    guard cells.count <= NameTerm.maximumCellCount else { return nil }
    let kept = NameTerm.cells(of: self, limit: NameTerm.maximumCellCount)
    guard kept.count >= NameTerm.minimumCellCount else { return nil }
    let term = NamingText(kept, of: self).term
    guard term.count <= Self.maximumTermLength else { return nil }
    let republic = NameTerm.republic.count
    let isWhole = kept.count == cells.count
    let isBehindRepublic =
      kept[0] == republic && kept.count + republic == cells.count && !NameTerm.stands(NameTerm.about, at: kept[0], in: self)
    return WholeTitle(term: term, firstCell: kept[0], isCertain: (isWhole || isBehindRepublic) && Int(extent) == cells.count)
  }

  /// Appends the term by which the text is named as a whole, if it is a label: a number that begins with 第.
  package mutating func addLabelTerm() {
    for extra in extras where extra.rule == .number && Int(extra.cellCount) == cells.count {
      if let term = NameTerm.label(term(of: extra)) { addExtra(term, cells: extra.cellRange, rule: .label) }
    }
    sortExtras()
  }

  private mutating func sortExtras() { extras.sort { $0.firstCell < $1.firstCell } }

  /// The terms of labels that the text names among its first cells, each once, with the index of its first cell.
  package func namedLabels(limit: Int) -> [(cell: Int, term: [UInt8])] {
    var labels: [(cell: Int, term: [UInt8])] = []
    var seen: Set<[UInt8]> = []
    for extra in extras where extra.rule == .number && Int(extra.firstCell) < limit {
      if let term = NameTerm.label(term(of: extra)), seen.insert(term).inserted { labels.append((Int(extra.firstCell), term)) }
    }
    return labels
  }
}
