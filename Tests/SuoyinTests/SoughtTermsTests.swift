// Are the terms that are sought exactly those that a dictionary finds?
import Suoyin
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct SoughtTermsTests {
  @Test(arguments: SeededRandom.seeds(20)) func `are found as in a dictionary, in one piece and in two`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    func text(_ most: Int) -> [UInt8] { (0..<random.below(most + 1)).map { _ in random.element(Array("ab 政".utf8)) } }
    var known: [Term: Int] = [:]
    var sought = SoughtTerms()
    for number in 0..<random.element([0, 1, 10, 200]) {
      let term = Term(numbering: 0, family: random.element(TermFamily.allCases), text(6))
      #expect(sought.number(of: term) == known[term], "\(random.advice)")
      if known[term] != nil { continue }
      known[term] = number
      sought.add(term, number: number)
    }
    for (term, number) in known where sought.number(of: term) != number { Issue.record("\(random.advice)") }
    for _ in 0..<2000 {
      let (family, text) = (random.element(TermFamily.allCases), text(12))
      let first = random.below(text.count + 1)
      let middle = first + random.below(text.count - first + 1)
      let second = middle..<middle + random.below(text.count - middle + 1)
      let isSpaced = random.chance(1, in: 2)
      let term = Term(numbering: 0, family: family, text[first..<middle] + (isSpaced ? [0x20] : []) + text[second])
      let found = sought.number(of: family, text.span, first..<middle, isSpaced: isSpaced, second)
      if found != known[term] { Issue.record("\(term.bytes) \(random.advice)") }
    }
    var all: [[UInt8]: Set<Int>] = [:]
    for (text, number) in sought.all { all[text, default: []].insert(number) }
    #expect(all == Dictionary(grouping: known) { Array($0.key.text) }.mapValues { Set($0.map(\.value)) }, "\(random.advice)")
  }
}
