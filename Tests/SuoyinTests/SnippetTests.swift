// Does a snippet show the best part of a text, exactly?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct SnippetTests {
  @Test func `is the whole of a short text`() {
    let snippet = Snippet(of: "促进先进制造业", highlights: [6..<12])
    #expect(snippet.text == "促进先进制造业" && snippet.highlights == [6..<12] && !snippet.isCutBefore && !snippet.isCutAfter)
  }

  @Test(arguments: SeededRandom.seeds(20)) func `holds the most highlighted bytes, cut between characters`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let text = RandomText.make(50 + random.below(200), hostility: 10, &random)
    let bytes = Array(text.utf8)
    let borders = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
    var highlights: [Range<Int>] = []
    var index = random.below(10)
    while index + 3 < borders.count, random.chance(9, in: 10) {
      highlights.append(borders[index]..<borders[index + 1 + random.below(2)])
      index += 3 + random.below(60)
    }
    let snippet = Snippet(of: text, highlights: highlights, length: 90)
    let start = snippet.utf8Offset
    let end = start + snippet.text.utf8.count
    #expect(Array(snippet.text.utf8) == Array(bytes[start..<end]), "\(random.advice)")
    #expect(snippet.isCutBefore == (start > 0) && snippet.isCutAfter == (end < bytes.count))
    for range in snippet.highlights {
      #expect(highlights.contains { $0.clamped(to: start..<end) == range.lowerBound + start..<range.upperBound + start })
    }
    // No window of that length that begins with a highlight covers more.
    let covered = snippet.highlights.reduce(0) { $0 + $1.count }
    for first in highlights {
      let window = first.lowerBound..<first.lowerBound + 90 - 90 / 8
      let whole = highlights.filter { window.contains($0.lowerBound) && $0.upperBound <= window.upperBound }.reduce(0) { $0 + $1.count }
      #expect(covered >= whole, "\(random.advice)")
    }
  }
}
