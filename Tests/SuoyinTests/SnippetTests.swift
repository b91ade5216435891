// Does a snippet show the best part of a text, exactly?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct SnippetTests {
  private func marks(_ ranges: [Range<Int>]) -> [Mark] { ranges.enumerated().map { Mark(range: $1, term: $0, weight: 1) } }

  /// The marks of some words, each a term that is worth its length.
  private func marks(_ text: String, _ words: String...) -> [Mark] {
    words.enumerated().flatMap { term, word in
      text.ranges(of: word).map { range in
        let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        return Mark(range: start..<start + word.utf8.count, term: term, weight: Double(word.utf8.count))
      }
    }
  }

  @Test func `is the whole of a short text`() {
    let snippet = Snippet(of: "促进先进制造业", marks: marks([6..<12]))
    #expect(snippet.text == "促进先进制造业" && snippet.highlights == [6..<12] && !snippet.isCutBefore && !snippet.isCutAfter)
  }

  @Test func `prefers different terms to one that comes often`() {
    let filler = String(repeating: "无关的文字很多，", count: 20)
    let text = "政府、政府、政府、政府、政府。" + filler + "企业向政府申请。" + filler
    let snippet = Snippet(of: text, marks: marks(text, "政府", "企业", "申请"), length: 60)
    #expect(snippet.text.contains("企业向政府申请") && snippet.highlights.count == 2)
  }

  @Test func `begins and ends with sentences where they fit, else with clauses`() {
    let filler = String(repeating: "其他的内容在这里。", count: 30)
    let text = filler + "甲市应当支持企业。乙市也是（见附件）。" + filler
    let sentence = Snippet(of: text, marks: marks(text, "支持企业"), length: 90)
    #expect(sentence.text.hasSuffix("。") && text.contains("。" + sentence.text) && sentence.text.contains("支持企业"))
    #expect(sentence.text.utf8.count > 60 && sentence.isCutBefore && sentence.isCutAfter)
    let long = String(repeating: "没有句号的一段话，", count: 40) + "其中支持企业的部分，" + String(repeating: "后面还有很多话，", count: 40)
    let clause = Snippet(of: long, marks: marks(long, "支持企业"), length: 90)
    #expect(clause.text.hasPrefix("没有") || clause.text.hasPrefix("其中"), "\(clause)")
    #expect(clause.text.hasSuffix("，"), "\(clause)")
    let quoted = filler + "他说：“支持企业。”" + filler
    #expect(!Snippet(of: quoted, marks: marks(quoted, "支持企业"), length: 60).text.hasPrefix("”"))
    let numbers = String(repeating: "value 3.1415 and words, ", count: 60)
    let number = Snippet(of: numbers + "needle" + numbers, marks: marks(numbers + "needle" + numbers, "needle"), length: 120)
    #expect(!number.text.hasPrefix("1415") && number.text.contains("needle") && number.text.utf8.count <= 120)
  }

  @Test func `a text without a match begins at its beginning, and one at the end fills its length`() {
    let text = String(repeating: "第一句话在这里。", count: 50) + "最后有企业。"
    #expect(Snippet(of: text, marks: []).utf8Offset == 0)
    let last = Snippet(of: text, marks: marks(text, "企业"), length: 120)
    #expect(last.text.hasSuffix("最后有企业。") && last.text.hasPrefix("第一句") && last.text.utf8.count > 80 && !last.isCutAfter)
  }

  @Test(arguments: SeededRandom.seeds(40)) func `no window of its room has better matches`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let text = RandomText.make(50 + random.below(200), hostility: 10, &random)
    let bytes = Array(text.utf8)
    let borders = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
    let termCount = 1 + random.below(6)
    let weights = (0..<termCount).map { _ in Double(random.below(20)) / 4 }
    let marks = (0..<random.below(60)).map { _ in
      let first = random.below(borders.count - 1)
      let last = min(borders.count - 1, first + 1 + random.below(3))
      let term = random.below(termCount)
      return Mark(range: borders[first]..<borders[last], term: term, weight: weights[term])
    }
    let length = random.element([30, 90, 240])
    let snippet = Snippet(of: text, marks: marks, length: length)
    let window = snippet.utf8Offset..<snippet.utf8Offset + snippet.text.utf8.count
    #expect(Array(snippet.text.utf8) == Array(bytes[window]), "\(random.advice)")
    #expect(window.count <= max(length + 3, 4 * length) && snippet.isCutBefore == (window.lowerBound > 0))
    #expect(snippet.isCutAfter == (window.upperBound < bytes.count))
    // Exactly the bytes that are marked are highlighted.
    var isMarked = [Bool](repeating: false, count: bytes.count)
    for mark in marks { for place in mark.range { isMarked[place] = true } }
    var isHighlighted = [Bool](repeating: false, count: bytes.count)
    for range in snippet.highlights { for place in range { isHighlighted[window.lowerBound + place] = true } }
    #expect(window.allSatisfy { isMarked[$0] == isHighlighted[$0] }, "\(random.advice)")
    #expect(zip(snippet.highlights, snippet.highlights.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    // By going through all windows.
    func worth(_ range: Range<Int>) -> Double {
      let inside = marks.filter { range.lowerBound <= $0.range.lowerBound && $0.range.upperBound <= range.upperBound }
      return Set(inside.map(\.term)).reduce(0) { $0 + weights[$1] }
    }
    let room = length - length / 6
    let best = marks.map { worth($0.range.lowerBound..<max($0.range.lowerBound + room, $0.range.upperBound)) }.max() ?? 0
    #expect(worth(window) >= best - 0.001, "\(worth(window)) of \(best); \(random.advice)")
  }

  @Test(arguments: [nil, Field.Role.document]) func `shows the rare word of a question, whatever else the ranking goes by`(
    role: Field.Role?
  ) throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("body"), .keyword("law", role: role)]))
    let filler = String(repeating: "其他内容。", count: 60)
    try index.update { writer in
      for number in 0..<20 { try writer.add(Document(key: DocumentKey("k\(number)"), ["body": "制造业。", "law": "甲"])) }
      try writer.add(Document(key: "both", ["body": .text("制造业。" + filler + "渔船。"), "law": "甲"]))
    }
    let hit = try #require(try index.searcher().search("制造业 渔船", limit: 1).hits.first)
    #expect(hit.key == "both" && hit.snippet(of: "body", length: 60)?.description.contains("渔船") ?? false)
  }

  @Test func `a long text is looked through where its best part is`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("body")]))
    let filler = String(repeating: "无关内容在此，政府文件很多。", count: 25_000)
    let text = filler + "第十七条规定：促進先進製造業集羣，由縣級以上政府負責，各部門配合。" + filler
    try index.update { writer in
      try writer.add(Document(key: "long", ["body": text]))
      try writer.add(Document(key: "short", ["body": "先进制造业"]))
    }
    #expect(text.utf8.count > 2_000_000)
    let searcher = try index.searcher()
    for query in ["先进制造业集群 政府", "\"先进制造业集群\"", "+先进制造业 集群", "\"政府负责各部门配合\" 先进制造业"] {
      let results = try searcher.search(query, limit: 10)
      let hit = try #require(results.hits.first { $0.key == "long" })
      let clock = ContinuousClock()
      let start = clock.now
      let snippet = try #require(hit.snippet(of: "body"))
      print("snippet of 2 MB: \(clock.now - start)")
      #expect(snippet.text.contains("促進先進製造業集羣") && snippet.highlights.count >= 1, "\(query): \(snippet)")
      let bytes = Array(text.utf8)
      #expect(Array(snippet.text.utf8) == Array(bytes[snippet.utf8Offset..<snippet.utf8Offset + snippet.text.utf8.count]))
      #expect(snippet.highlights.contains { String(decoding: Array(snippet.text.utf8)[$0], as: UTF8.self).contains("先進製造業") })
    }
    // 政府 is everywhere; what is asked for stands once.
    let sequence = try #require(try searcher.search("\"政府负责各部门\"", limit: 10).hits.first?.snippet(of: "body"))
    #expect(sequence.text.contains("政府負責，各部門") && sequence.highlights.count == 1, "\(sequence)")
    let rest = try #require(try searcher.search("文件 不在", limit: 10).hits.first?.snippet(of: "body", length: 60))
    #expect(rest.text.contains("文件") && rest.text.utf8.count <= 60)
  }
}
