// Which runs of cells go on as was typed, and end where a word does?
internal import SuoyinAnalysis

/// The runs of cells that begin with a pattern in some passages and end where a word does, counted by passages.
///
/// They are a tree: a run's parent is the run without its last cell. What a run is called is found out for those only that are asked for.
struct CellRuns {
  private struct Run {
    /// The run without the last cell; 0, the empty run, has itself.
    var parent: Int
    /// The last cell.
    var cell: Int
    var length: Int
    /// In how many passages a word ends with it, and the last of these.
    var passageCount = 0
    var last = -1
    /// Where that was found first.
    var first: Place?
    /// For each shorter run that it goes on from, in how many passages, and the last of these.
    var shorter: [(run: Int, count: Int, last: Int)] = []
  }

  /// A run in a text that was added.
  private struct Place {
    var text: Int
    var cells: Range<Int>
    /// The word that it ends with; nil in texts without words.
    var word: Int?
  }

  private let pattern: CellPattern
  private let mostCells: Int
  private var texts: [(text: String, analysis: Analysis)] = []
  private var runs = [Run(parent: 0, cell: 0, length: 0)]
  /// The run of a parent and a cell.
  private var longer: [Int: Int] = [:]
  /// The terms of cells that are no single character of 16 bits, which have the numbers from 65,536 on.
  private var terms: [[UInt8]] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var passageCount = 0

  /// - Parameter mostCells: How many cells a run has at most behind the pattern.
  init(_ pattern: CellPattern, mostCells: Int) {
    self.pattern = pattern
    self.mostCells = mostCells
  }

  /// Counts the runs of the fields of one passage.
  mutating func add(_ texts: [(text: String, analysis: Analysis)]) {
    passageCount += 1
    let typed = pattern.elements.count
    for (text, analysis) in texts {
      for place in pattern.places(in: analysis) {
        var run = 0
        var shorter: Int?
        var end = place
        var word = analysis.firstWord(endingBehind: place)
        // Terminates: `end` grows.
        while end < analysis.cells.count, end == place || !analysis.isMarkBetween(end - 1, end) {
          run = self.run(run, number(of: analysis.cells[end], analysis))
          end += 1
          while word < analysis.words.count, analysis.words[word].cellRange.upperBound < end { word += 1 }
          let isWordEnd = analysis.words.isEmpty || word < analysis.words.count && analysis.words[word].cellRange.upperBound == end
          if end - place < typed || !isWordEnd { continue }
          let found = Place(text: self.texts.count, cells: place..<end, word: word < analysis.words.count ? word : nil)
          count(run, behind: shorter, at: found)
          shorter = run
          if end - place > typed + mostCells { break }
        }
      }
      self.texts.append((text, analysis))
    }
  }

  private mutating func number(of cell: Analysis.Cell, _ analysis: Analysis) -> Int {
    if cell.character != 0 { return Int(cell.character) }
    let term = Array(analysis.term(of: cell))
    if let known = numbers[term] { return known }
    let number = 0x10000 + terms.count
    numbers[term] = number
    terms.append(term)
    return number
  }

  private mutating func run(_ parent: Int, _ cell: Int) -> Int {
    let key = parent << 32 | cell
    if let known = longer[key] { return known }
    longer[key] = runs.count
    runs.append(Run(parent: parent, cell: cell, length: runs[parent].length + 1))
    return runs.count - 1
  }

  private mutating func count(_ run: Int, behind shorter: Int?, at place: Place) {
    if let shorter {
      if let known = runs[run].shorter.firstIndex(where: { $0.run == shorter }) {
        if runs[run].shorter[known].last != passageCount {
          runs[run].shorter[known].count += 1
          runs[run].shorter[known].last = passageCount
        }
      } else {
        runs[run].shorter.append((shorter, 1, passageCount))
      }
    }
    if runs[run].last == passageCount { return }
    if runs[run].first == nil { runs[run].first = place }
    runs[run].last = passageCount
    runs[run].passageCount += 1
  }

  /// Words that a phrase does not end with.
  private static let emptyWords: Set<String> = [
    "的", "地", "得", "了", "着", "和", "与", "及", "以及", "或", "或者", "并", "并且", "而", "且", "在", "于", "对", "对于", "为", "为了", "由", "从", "向", "把", "被",
    "将", "等", "其", "该", "之", "所", "按", "按照", "依照", "根据", "是", "有", "应", "应当", "可以", "不", "不得", "须", "必须", "会", "能", "因", "以", "至", "到", "用",
    "the", "a", "an", "of", "and", "or", "to", "in", "for", "on", "by", "with",
  ]

  private func endsEmpty(_ place: Place) -> Bool {
    guard let word = place.word else { return false }
    let analysis = texts[place.text].analysis
    return Self.emptyWords.contains(String(decoding: analysis.term(of: analysis.words[word]), as: UTF8.self))
  }

  /// The terms of a run's cells, each with a separator behind it.
  private func key(_ run: Int) -> [UInt8] {
    var cells: [Int] = []
    var run = run
    // Terminates: every turn goes to a shorter run.
    while run != 0 {
      cells.append(runs[run].cell)
      run = runs[run].parent
    }
    return cells.reversed().flatMap { cell in
      let term = cell < 0x10000 ? Unicode.Scalar(cell).map { Array(String($0).utf8) } ?? [] : terms[cell - 0x10000]
      return term + [PairTerm.separator]
    }
  }

  /// The runs that are whole: in two passages at least, with no single word behind them in more than two thirds of these, and with a last word that
  /// is not empty. The typed cells themselves are none, unless they may be written in several ways.
  ///
  /// - Returns: At most `limit`, those in more passages first, then those with fewer cells, then by their bytes.
  func whole(limit: Int) -> [String] {
    let typed = pattern.elements.count
    var mostLonger = [Int](repeating: 0, count: runs.count)
    for run in runs { for shorter in run.shorter { mostLonger[shorter.run] = max(mostLonger[shorter.run], shorter.count) } }
    var whole: [(run: Run, key: [UInt8])] = []
    for (number, run) in runs.enumerated() where run.passageCount >= 2 && mostLonger[number] * 3 <= run.passageCount * 2 {
      guard run.length <= typed + mostCells, run.length > typed || pattern.isOpen, let first = run.first, !endsEmpty(first) else {
        continue
      }
      whole.append((run, key(number)))
    }
    whole.sort { left, right in
      if left.run.passageCount != right.run.passageCount { return left.run.passageCount > right.run.passageCount }
      if left.run.length != right.run.length { return left.run.length < right.run.length }
      return left.key.lexicographicallyPrecedes(right.key)
    }
    return whole.prefix(limit).compactMap { run, _ in
      run.first.map { texts[$0.text].analysis.spelling(ofCells: $0.cells, in: texts[$0.text].text) }
    }
  }
}

extension Analysis {
  /// Whether two neighbouring cells belong to no phrase: there is a mark between them, unless it joins letters and digits as in GB2760-2011.
  fileprivate func isMarkBetween(_ first: Int, _ second: Int) -> Bool {
    if successor(of: first) == nil { return true }
    if cells[first].isLettersOrDigits, cells[second].isLettersOrDigits { return false }
    let between = text[Int(cells[first].termEnd)..<max(Int(cells[first].termEnd), Int(cells[second].termStart))]
    return between.contains { $0 > 0x20 }
  }

  /// The first word that ends behind a cell.
  fileprivate func firstWord(endingBehind cell: Int) -> Int {
    var low = 0
    var high = words.count
    // Invariant: words[..<low] end at the cell or before, words[high...] behind it. Terminates: high - low shrinks.
    while low < high {
      let middle = (low + high) / 2
      if words[middle].cellRange.upperBound <= cell { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
