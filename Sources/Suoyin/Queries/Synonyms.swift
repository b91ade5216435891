internal import SuoyinAnalysis
// Which words mean the same?
internal import Synchronization

/// Groups of words that may stand for one another: an option of a search. The index knows nothing of them.
///
///     # a group: each finds the others
///     环保, 环境保护
///     GDP，国内生产总值
///     # one way: who asks for 部委 is also shown 国务院组成部门
///     部委 => 国务院组成部门
///
/// Words are compared as the index's analyzer cuts them into cells, so that case, width and script do not matter. What they add is found as if it were
/// quoted and is not expanded again.
public struct Synonyms: Sendable {
  /// The most words on a line, and the most alternatives of one word.
  public static let maximumGroupSize = 64

  private struct Rule: Sendable {
    var words: [String]
    var alternatives: [String]
  }

  /// The tables made so far, by analyzer. Copies of a value share them.
  private final class Tables: Sendable {
    let byAnalyzer = Mutex<[AnalyzerName: SynonymTable]>([:])
  }

  private var rules: [Rule] = []
  private let tables = Tables()

  /// Reads a list: a group on a line, its words with commas (`,`, `，`, `、`) or tabs between them. `a, b => c` adds c for a and b, and nothing for c.
  /// `#` begins a comment.
  ///
  /// - Throws: when a line holds a single word or more than `maximumGroupSize`, or the list or a word is too long or a word holds nothing that is
  ///   indexed.
  public init(parsing text: String) throws(WordListError) {
    for (number, line) in try WordLines(text).lines {
      let sides = Self.sides(of: line)
      guard sides.count <= 2 else { throw WordListError(message: "'=>' stands twice", line: number) }
      var words: [[String]] = []
      for side in sides { words.append(try WordLines.words(of: side, line: number)) }
      if words.contains(where: { $0.count > Self.maximumGroupSize }) {
        throw WordListError(message: "a group of more than \(Self.maximumGroupSize) words", line: number)
      }
      if words.count == 2 {
        guard !words[0].isEmpty, !words[1].isEmpty else { throw WordListError(message: "nothing on one side of '=>'", line: number) }
        rules.append(Rule(words: words[0], alternatives: words[1]))
      } else {
        guard words[0].count > 1 else { throw WordListError(message: "a group needs two words; separate them with commas", line: number) }
        rules.append(Rule(words: words[0], alternatives: words[0]))
      }
    }
  }

  private static func sides(of line: Substring) -> [Substring] {
    var sides: [Substring] = []
    var start = line.startIndex
    var index = line.startIndex
    while index < line.endIndex {
      let next = line.index(after: index)
      if line[index] == "=", next < line.endIndex, line[next] == ">" {
        sides.append(line[start..<index])
        start = line.index(after: next)
        index = start
      } else {
        index = next
      }
    }
    return sides + [line[start...]]
  }

  /// The synonyms as an analyzer's cells; made once for each analyzer.
  ///
  /// - Complexity: O(*n*) in the length of the list.
  func table(
    for analyzer: AnalyzerName, analyze: (String) throws(IndexError) -> Analysis
  ) throws(IndexError) -> SynonymTable {
    if let made = tables.byAnalyzer.withLock({ $0[analyzer] }) { return made }
    var table = SynonymTable()
    for rule in rules {
      var alternatives: [SynonymTable.Alternative] = []
      for text in rule.alternatives {
        alternatives.append(SynonymTable.Alternative(text: text, cells: SynonymTable.cells(of: try analyze(text))))
      }
      for word in rule.words { table.add(SynonymTable.cells(of: try analyze(word)), alternatives) }
    }
    let result = table
    tables.byAnalyzer.withLock { $0[analyzer] = result }
    return result
  }
}

/// Synonyms as sequences of cells.
struct SynonymTable: Sendable {
  /// A cell and its distance from the first one.
  struct Cell: Equatable, Sendable {
    var offset: UInt32
    var term: [UInt8]
  }
  struct Alternative: Sendable {
    var text: String
    var cells: [Cell]
  }
  private struct Entry: Sendable {
    var cells: [Cell]
    var alternatives: [Alternative]
  }

  /// By first cell, longer ones first.
  private var entries: [[UInt8]: [Entry]] = [:]

  static func cells(of analysis: Analysis) -> [Cell] {
    analysis.cells.map { Cell(offset: $0.number - analysis.cells[0].number, term: Array(analysis.term(of: $0))) }
  }

  mutating func add(_ cells: [Cell], _ alternatives: [Alternative]) {
    guard let first = cells.first else { return }
    var list = entries[first.term] ?? []
    let place: Int
    if let known = list.firstIndex(where: { $0.cells == cells }) {
      place = known
    } else {
      place = list.firstIndex { $0.cells.count < cells.count } ?? list.count
      list.insert(Entry(cells: cells, alternatives: []), at: place)
    }
    for alternative in alternatives where !alternative.cells.isEmpty && alternative.cells != cells {
      let isKnown = list[place].alternatives.contains { $0.cells == alternative.cells }
      if !isKnown, list[place].alternatives.count < Synonyms.maximumGroupSize { list[place].alternatives.append(alternative) }
    }
    entries[first.term] = list
  }

  /// Where synonyms stand in a text, from left to right, the longest first, without overlaps.
  ///
  /// One that begins inside a word and ends inside a word is none: 法人 in 司法|人员.
  ///
  /// - Complexity: O(*n* · *m*), *m* being the entries that begin with the same cell.
  func matches(in analysis: Analysis) -> [(cells: Range<Int>, alternatives: [String])] {
    let cells = analysis.cells
    var wordStarts = Set(analysis.words.map { Int($0.firstCell) })
    wordStarts.insert(cells.count)
    let hasWords = !analysis.words.isEmpty
    var matches: [(cells: Range<Int>, alternatives: [String])] = []
    var start = 0
    // Terminates: every turn advances by a cell or a match.
    while start < cells.count {
      let entry = entries[Array(analysis.term(of: cells[start]))]?.first { entry in
        let end = start + entry.cells.count
        return end <= cells.count && (!hasWords || wordStarts.contains(start) || wordStarts.contains(end))
          && entry.cells.indices.allSatisfy { place in
            let cell = cells[start + place]
            return cell.number - cells[start].number == entry.cells[place].offset
              && analysis.term(of: cell).elementsEqual(entry.cells[place].term)
          }
      }
      if let entry, !entry.alternatives.isEmpty {
        matches.append((start..<start + entry.cells.count, entry.alternatives.map(\.text)))
        start += entry.cells.count
      } else {
        start += 1
      }
    }
    return matches
  }
}
