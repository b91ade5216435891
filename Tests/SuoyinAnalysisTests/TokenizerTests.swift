// Does the fast tokenizer cut exactly as the linked ICU does?
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct TokenizerTests {
  struct Segment: Equatable {
    var end: Int
    var status: Int32
  }

  static func fast(_ text: [UInt8], _ tokenizer: inout Tokenizer) throws -> [Segment] {
    var segments: [Segment] = []
    try tokenizer.forEachSegment(of: text) { _, end, status in segments.append(Segment(end: end, status: status)) }
    return segments
  }

  static func icu(_ text: [UInt8], _ breaker: WordBreaker) throws -> [Segment] {
    var segments: [Segment] = []
    try breaker.forEachSegment(of: text) { _, end, status in segments.append(Segment(end: end, status: status)) }
    return segments
  }

  @Test func `reads the linked ICU's rules and dictionary`() throws {
    let tables = try #require(CutTables.icu)
    #expect(tables.byteCount <= 8 << 20)
  }

  @Test(arguments: SeededRandom.seeds(8)) func `cuts hostile texts as ICU does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var tokenizer = try Tokenizer(try #require(CutTables.icu))
    let breaker = try WordBreaker()
    for _ in 0..<2000 {
      let text = Array(RandomText.make(1 + random.below(40), hostility: random.below(60), &random).utf8)
      let wanted = try Self.icu(text, breaker)
      let got = try Self.fast(text, &tokenizer)
      if got != wanted {
        Issue.record("\(String(decoding: text, as: UTF8.self).debugDescription): \(got), and ICU \(wanted); \(random.advice)")
        return
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(8)) func `analyses by tables as it analyses by ICU`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for name in [AnalyzerName.chinese, .icu, .bigram] {
      let byICU = try Analyzer(name)
      byICU.bytesLeftToICU = .max
      let byTables = try Analyzer(name)
      byTables.bytesLeftToICU = 0
      for _ in 0..<200 {
        let text = RandomText.make(1 + random.below(60), hostility: random.below(60), &random)
        let (got, wanted) = (try byTables.analyze(text).tokens(), try byICU.analyze(text).tokens())
        guard got == wanted else {
          let difference = zip(got, wanted).first { $0 != $1 }
          Issue.record("\(name), \(text.debugDescription): \(String(describing: difference)); \(random.advice)")
          return
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(8)) func `puts the words of a list first as the plain way does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<12 {
      var dictionary = UserDictionary()
      for _ in 0..<random.below(8) {
        let word = RandomText.make(1 + random.below(3), hostility: 10, &random)
        _ = try? dictionary.add(word, weight: Double(1 + random.below(3)))
      }
      let settings = AnalyzerSettings(.chinese, policyWords: random.chance(1, in: 2), userDictionary: dictionary)
      let byICU = try Analyzer(settings)
      byICU.bytesLeftToICU = .max
      let byTables = try Analyzer(settings)
      byTables.bytesLeftToICU = 0
      for _ in 0..<40 {
        let text = RandomText.make(1 + random.below(60), hostility: random.below(30), &random)
        let (got, wanted) = (try byTables.analyze(text).tokens(), try byICU.analyze(text).tokens())
        guard got == wanted else {
          let difference = zip(got, wanted).first { $0 != $1 }
          Issue.record("\(dictionary.words), \(text.debugDescription): \(String(describing: difference)); \(random.advice)")
          return
        }
      }
    }
  }
}
