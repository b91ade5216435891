// Does a word without end take time in proportion to its length, and is a text that grows too long refused?
//
// SUOYIN_WORD_LENGTH is the shorter of two lengths in bytes; the longer one is four times as long, or SUOYIN_WORD_FACTOR times.
import Foundation
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite(.serialized) struct LongWordTests {
  @Test func `words without end take time in proportion to their length`() throws {
    let length = setting("SUOYIN_WORD_LENGTH", default: 1 << 14)
    let factor = setting("SUOYIN_WORD_FACTOR", default: 4)
    for name in [AnalyzerName.chinese, .icu] {
      let analyzer = try Analyzer(name)
      analyzer.bytesLeftToICU = 0
      _ = try analyzer.analyze("政府1")
      for (kind, character) in HostileWords.characters {
        func seconds(_ length: Int) throws -> Double {
          let text = String(repeating: character, count: length / character.utf8.count)
          // The least of several runs: other work on the machine only adds.
          var least = Double.infinity
          for _ in 0..<(length < 1 << 20 ? 3 : 1) {
            let start = ContinuousClock.now
            let analysis = try analyzer.analyze(text)
            least = min(least, (ContinuousClock.now - start) / .seconds(1))
            #expect(analysis.cells.last.map { Int($0.termEnd) <= analysis.text.count } ?? true)
            #expect(zip(analysis.cells, analysis.cells.dropFirst()).prefix(1000).allSatisfy { $0.termEnd <= $1.termStart })
          }
          return least
        }
        let (short, long) = (try seconds(length), try seconds(length * factor))
        if length >= 1 << 20 {
          let rate = Double(length * factor) / long / 1e6
          print("Long word, \(name) \(kind): \(length >> 20) MiB \(short) s, \((length * factor) >> 20) MiB \(long) s, \(rate) MB/s")
        }
        // In proportion would be `factor`; quadratic would be its square. Halfway between, for caches and other work on the machine.
        #expect(long < short * Double(factor) * Double(factor).squareRoot() * 1.25 + 0.1, "\(name), \(kind): \(short) s and \(long) s")
      }
    }
  }

  @Test func `a text that is too long in the form that is compared is refused`() throws {
    // U+FDFA becomes 11 times as long.
    let text = String(repeating: "\u{FDFA}", count: 100)
    #expect(Normalizer().normalize(text.utf8.span).bytes.count == 3300)
    #expect(Normalizer().normalize(text.utf8.span, limit: 3300)?.bytes.count == 3300)
    #expect(Normalizer().normalize(text.utf8.span, limit: 3299) == nil)
    #expect(Analyzer.accepts([text], limit: 3300) && !Analyzer.accepts([text], limit: 3299))
    #expect(
      !Analyzer.accepts([String(repeating: "a", count: 101)], limit: 100)
        && Analyzer.accepts([String(repeating: "a", count: 100)], limit: 100))
  }

  @Test func `further terms take less than five times the length of a text`() throws {
    let analyzer = try Analyzer(.chinese)
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let pieces = [
      "1", "9", "一", "十", "百", "千", "万", "亿", "兆", "%", "‰", "元", "年", "a", "第", "条", "之", "GB/T", "-", "2023", "〔", "〕", "号", " ", ".",
      "百分之",
    ]
    var most = (ratio: 0.0, text: "")
    let fixed = ["1亿亿%", "1亿%", "9千万亿元", "1万亿亿元", "GB/T1-2023", "a1"].map { String(repeating: $0, count: 50) }
    let others = (0..<3000).map { _ in
      let unit = (0...random.below(5)).map { _ in random.element(pieces) }.joined()
      return String(repeating: unit, count: 20)
    }
    for text in fixed + others {
      let analysis = try analyzer.analyze(text)
      let ratio = Double(analysis.extraText.count) / Double(analysis.text.count)
      if ratio > most.ratio { most = (ratio, text) }
    }
    #expect(most.ratio > 1 && most.ratio < 5, "\(most)")
    #expect(5 * Analyzer.maximumTextLength < Int(UInt32.max))
  }

  @Test func `no code point becomes more bytes than is allowed for`() {
    var most = 0
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      let length = text.utf8.count
      most = max(most, (Normalizer().normalize(text.utf8.span).bytes.count + length - 1) / length)
    }
    #expect(most == Normalizer.mostBytesOfOne)
  }

  @Test func `threads that analyse at once share the tables and find the same`() async throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let texts = (0..<400).map { _ in RandomText.make(1 + random.below(60), hostility: random.below(40), &random) }
    var dictionary = UserDictionary()
    try dictionary.add("人民政府制造")
    try dictionary.remove("政府")
    let settings = [AnalyzerSettings(.chinese), AnalyzerSettings(.bigram), AnalyzerSettings(.chinese, userDictionary: dictionary)]
    @Sendable func tokens(_ settings: AnalyzerSettings) throws -> [[Token]] {
      let analyzer = try Analyzer(settings)
      analyzer.bytesLeftToICU = 0
      return try texts.map { try analyzer.analyze($0).tokens() }
    }
    let alone = try settings.map(tokens)
    let together = try await withThrowingTaskGroup(of: (Int, [[Token]]).self) { group in
      for number in 0..<4 * settings.count {
        group.addTask { (number % settings.count, try tokens(settings[number % settings.count])) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.count == 4 * settings.count && together.allSatisfy { $0.1 == alone[$0.0] })
  }
}
