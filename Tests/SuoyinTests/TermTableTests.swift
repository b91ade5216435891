// Does every term get one number, and does the number give the term back?
import SuoyinTestKit
import Testing

@testable import Suoyin
@testable import SuoyinAnalysis

struct TermTableTests {
  /// Common and rare characters, some above all that the table keys by character; words, numbers, ends of sentences and paragraphs.
  private static func text(_ generator: inout SeededRandom) -> String {
    let pieces = [
      "政", "府", "人", "民", "中", "ꀀ", "ꀁ", "ꀂ", "あ", "ア", "𠀀", "𠀁", "한", "ab", "5G", "12", "第十七条", "，", "。", "。\n", "\n", " ",
      "\u{E000}", "人民政府", "é", "ก",
    ]
    return (0..<Int.random(in: 1...40, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
  }

  @Test("Every term has a number of its own, which gives it back", arguments: [1, 2, 3] as [UInt64])
  func numbersAreTerms(seed: UInt64) throws {
    var generator = SeededRandom(seed: seed)
    let analyzer = try Analyzer(.chinese)
    var table = TermTable()
    var numbers = TermTable.Numbers()
    var known: [Term: UInt32] = [:]
    for turn in 0..<600 {
      let analysis = try analyzer.analyze(Self.text(&generator))
      // Numberings beyond the first few do not key pairs by characters.
      let numbering = turn % 6
      table.number(analysis, numbering: numbering, into: &numbers)
      func check(_ found: [UInt32], _ family: TermFamily, _ terms: [ArraySlice<UInt8>]) {
        #expect(found.count == terms.count)
        for (number, text) in zip(found, terms) {
          let term = Term(numbering: numbering, family: family, text)
          #expect(Array(table.bytes(of: number)) == term.bytes)
          #expect(known[term, default: number] == number)
          known[term] = number
        }
      }
      check(numbers.words, .word, analysis.words.map { analysis.term(of: $0) })
      check(numbers.extras, .extra, analysis.extras.map { analysis.term(of: $0) })
      check(numbers.singles, .single, analysis.cells.map { analysis.term(of: $0) })
      check(numbers.pairs, .pair, analysis.cells.indices.map { analysis.pairTerm(at: $0)[...] })
    }
    #expect(known.count == table.count)
    #expect(Set(known.values).count == table.count)
    #expect(known.count > 1000)
    let sorted = table.sorted().map { Term(bytes: Array(table.bytes(of: $0))) }
    #expect(sorted == known.keys.sorted())
  }
}
