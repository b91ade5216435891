// Is a character found that stands alone in a query, and so has its positions in the lists of hundreds of pairs?
import SuoyinTestKit
import Testing

@testable import Suoyin

@Suite struct LoneCellTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// Passages of 200 characters, two of which are in every third passage only or in few, in two segments with dead passages.
  @Test(arguments: [1.0, 2.5]) func `equals a scan`(boost: Double) throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let schema = Schema([.text("title", boost: boost), .text("body")])
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    let alphabet = (0..<60).compactMap { Unicode.Scalar(0x4E00 + $0 * 7).map(Character.init) }
    let (common, rare) = (alphabet[0], alphabet[59])
    func text(_ most: Int, _ random: inout SeededRandom) -> String {
      var text = ""
      for _ in 0..<random.below(most) {
        let isRare = random.chance(1, in: 900)
        text.append(isRare ? rare : random.chance(1, in: 4) ? common : alphabet[random.below(59)])
        if random.chance(1, in: 6) { text.append("。") }
      }
      return text
    }
    var texts: [String: (title: String, body: String)] = [:]
    for part in 0..<2 {
      try index.update { writer in
        for number in 0..<250 {
          let key = "k\(number * 2 + part)"
          let (title, body) = (text(12, &random), text(200, &random))
          texts[key] = (title, body)
          try writer.add(Document(key: key, ["title": title, "body": body]))
        }
      }
    }
    try index.update { writer in
      for key in texts.keys.sorted() where random.chance(1, in: 9) {
        texts[key] = nil
        _ = try writer.delete(DocumentKey(key))
      }
    }
    let searcher = try index.searcher()
    let (other, third) = (alphabet[1], alphabet[2])
    let asked: [(Query, (String) -> Bool)] = [
      (.quoted(String(common)), { $0.contains(common) }),
      (.quoted("\(other)。\(common)"), { $0.contains("\(other)。\(common)") }),
      (.quoted("\(common)。\(other)"), { $0.contains("\(common)。\(other)") }),
      // The rare one leads, so that lists are gone through side by side.
      (.quoted("\(rare)。\(common)"), { $0.contains("\(rare)。\(common)") }),
      (.quoted("\(rare)\(common)。\(other)"), { $0.contains("\(rare)\(common)。\(other)") }),
      (.near([String(common), String(other)], distance: 1, isOrdered: true), { Self.hasNear($0, [common, other], distance: 1) }),
      (.near([String(rare), String(common)], distance: 3, isOrdered: true), { Self.hasNear($0, [rare, common], distance: 3) }),
      (
        .near([String(third), String(common), String(other)], distance: 2, isOrdered: true),
        { Self.hasNear($0, [third, common, other], distance: 2) }
      ),
    ]
    for (query, isIn) in asked {
      for (query, expected) in [
        (query, texts.filter { isIn($1.title) || isIn($1.body) }), (.field("title", query), texts.filter { isIn($1.title) }),
        (.field("body", query), texts.filter { isIn($1.body) }),
      ] {
        let results = try searcher.search(query, limit: 600, parameters: RankingParameters(), loadsFields: false)
        #expect(Set(results.hits.map(\.key.description)) == Set(expected.keys), "\(query) \(random.advice)")
        // The total of a page is found by the way, or by counting.
        let page = try searcher.search(query, limit: 3, parameters: RankingParameters(), loadsFields: false)
        let counted = try searcher.search(query, limit: 0, parameters: RankingParameters())
        #expect(page.total == expected.count && counted.total == expected.count, "\(query) \(random.advice)")
        #expect(page.hits.map(\.key) == results.hits.prefix(3).map(\.key) && page.hits.map(\.score) == results.hits.prefix(3).map(\.score))
      }
    }
  }

  /// Whether characters stand one behind another with at most so many cells between all of them; a sentence's end takes a number as a cell does.
  private static func hasNear(_ text: String, _ wanted: [Character], distance: Int) -> Bool {
    let cells = Array(text)
    func reaches(_ place: Int, _ next: Int, _ left: Int) -> Bool {
      if next == wanted.count { return true }
      return (0...left).contains { skipped in
        let place = place + 1 + skipped
        return place < cells.count && cells[place] == wanted[next] && reaches(place, next + 1, left - skipped)
      }
    }
    return cells.indices.contains { cells[$0] == wanted[0] && reaches($0, 1, distance) }
  }
}
