// Does the normaliser do what ICU does, and does it know where everything came from?
import Foundation
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct NormalizerTests {
  /// NFKC_Casefold of the whole text by ICU, then Traditional to Simplified, with the comma that our form makes another.
  private func oracle(_ text: String) -> String {
    let shielded = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "，" ? "、" : $0 }))
    let folded = String(decoding: ICUProperties.nfkcCasefold(Array(shielded.utf16)), as: UTF16.self)
    return String(String.UnicodeScalarView(folded.unicodeScalars.map { Unicode.Scalar(SimplifiedCharacters.shared[$0.value]) ?? $0 }))
  }

  private func normalized(_ text: String) -> NormalizedText { Normalizer().normalize(text.utf8.span) }
  private func form(_ text: String) -> String { String(decoding: normalized(text).bytes, as: UTF8.self) }

  @Test func `equals ICU for every code point, alone and before a combining mark`() {
    for value in (0...0x10FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // Planes of nothing but unassigned and private-use characters are sampled.
      if value > 0x32000, value % 97 != 0 { continue }
      let alone = String(Character(scalar))
      if form(alone) != oracle(alone) { Issue.record("U+\(String(value, radix: 16)) alone") }
      if value < 0x10000 {
        let marked = "a\(String.UnicodeScalarView([scalar]))\u{301}b"
        if form(marked) != oracle(marked) { Issue.record("U+\(String(value, radix: 16)) before a mark") }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(6)) func `equals ICU for hostile texts`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for round in 0..<300 {
      let text = RandomText.make(random.below(40), hostility: round % 2 == 0 ? 60 : 10, &random)
      if !form(text).utf8.elementsEqual(oracle(text).utf8) { Issue.record("\(text.debugDescription); \(random.advice)") }
    }
  }

  @Test func `marks without end are normalised some at a time, and none is lost`() {
    for (count, text) in [(5000, "a\u{302}\u{316}"), (5000, "\u{316}\u{302}"), (1, "a\u{301}")] {
      let long = String(repeating: text, count: 1) + String(repeating: "\u{302}\u{316}", count: count)
      let result = normalized(long)
      let form = String(decoding: result.bytes, as: UTF8.self)
      #expect(form.decomposedScalars.sorted() == long.decomposedScalars.sorted())
      let last = result.originalRange(result.bytes.count - 2..<result.bytes.count)
      #expect(last.upperBound == long.utf8.count)
    }
    // Up to the limit it is what ICU makes of it.
    let marks = "x" + String(repeating: "\u{302}\u{316}", count: 60)
    #expect(form(marks).utf8.elementsEqual(oracle(marks).utf8))
  }

  @Test(arguments: SeededRandom.seeds(6)) func `maps back to ranges that ascend, touch, and hold what was normalised`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let text = RandomText.make(1 + random.below(30), hostility: 40, &random)
      let result = normalized(text)
      let original = Array(text.utf8)
      var offset = 0
      var lastEnd = 0
      while offset < result.bytes.count {
        let length = utf8Length(lead: result.bytes[offset])
        let range = result.originalRange(offset..<offset + length)
        #expect(!range.isEmpty && range.upperBound <= original.count, "\(random.advice)")
        #expect(range.upperBound >= lastEnd, "\(random.advice)")
        lastEnd = range.upperBound
        // What a code point came from becomes, on its own, something that holds the code point.
        let piece = String(decoding: original[range], as: UTF8.self)
        let codePoint = String(decoding: result.bytes[offset..<offset + length], as: UTF8.self)
        #expect(form(piece).unicodeScalars.contains(codePoint.unicodeScalars.first!), "\(piece) → \(codePoint); \(random.advice)")
        offset += length
      }
    }
  }

  @Test func `folds width, case, compatibility and script`() {
    #expect(form("ＡＢＣ①㈱") == "abc1(株)")
    #expect(form("製造業 後臺 髮") == "制造业 后台 发")
    #expect(form("〔２０２３〕４號") == "〔2023〕4号")
    #expect(form("ｶﾞ") == "ガ")
    #expect(form("２０２３，２０２４：") == "2023、2024:")
    #expect(form("a\u{AD}b\u{200B}c") == "abc")
  }

  @Test func `maps a folded sign to the whole sign`() {
    let result = normalized("x㈱y")
    #expect(String(decoding: result.bytes, as: UTF8.self) == "x(株)y")
    #expect(result.originalRange(0..<1) == 0..<1)
    #expect(result.originalRange(2..<5) == 1..<4)
    #expect(result.originalRange(6..<7) == 4..<5)
  }
}

@Suite struct SimplifiedCharactersTests {
  @Test func `is the table that the linked ICU gives, but for the supplement`() {
    var count = 0
    let supplement = Dictionary(uniqueKeysWithValues: SimplifiedCharacters.supplementPairs.map { ($0.from, $0.to) })
    for (from, to) in supplement where ICUProperties.simplified(from) == [to] { Issue.record("ICU has U+\(String(from, radix: 16))") }
    for value in 0x80...0x323AF as ClosedRange<UInt32> where !(0xD800..<0xE000).contains(value) {
      let expected = supplement[value].map { [$0] } ?? ICUProperties.simplified(value)
      // Below the CJK blocks only quotation marks are in the table; they are no cells, and the normaliser leaves them.
      guard value >= 0x2E80 else { continue }
      if expected != [SimplifiedCharacters.shared[value]] { Issue.record("U+\(String(value, radix: 16)) → \(expected)") }
      if expected != [value] { count += 1 }
    }
    #expect(count > 2500)
  }
  @Test func `what it gives is final`() {
    for value in 0x2E80...0x323AF as ClosedRange<UInt32> {
      let form = SimplifiedCharacters.shared[value]
      if SimplifiedCharacters.shared[form] != form { Issue.record("U+\(String(value, radix: 16))") }
    }
  }
}

extension String {
  /// The code points of the decomposed form: accents apart from their letters.
  fileprivate var decomposedScalars: [UInt32] { decomposedStringWithCanonicalMapping.unicodeScalars.map(\.value) }
}
