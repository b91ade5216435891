// Is what a person has begun to type completed by what the index really holds, and counted as it is?
import Suoyin
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct SuggestionTests {
  private static let schema = Schema([
    .text("title"), .text("body"), .keyword("number"), .keyword("issuer"), .stored("note"), .pinyin("title.pinyin", of: "title"),
    .pinyin("body.pinyin", of: "body"),
  ])

  private static let documents = [
    Document(key: "a1", ["title": "先进制造业促进条例", "body": "发展先进制造业集群。", "number": "浙政发〔2023〕4号", "issuer": "浙江省人民政府"]),
    Document(key: "a2", ["title": "先进制造业促进条例", "body": "培育先进制造业集群，打造先进制造业基地。", "number": "浙政发〔2023〕4号", "issuer": "浙江省人民政府"]),
    Document(key: "a3", ["title": "先進製造業規劃", "body": "支持先进制造业", "number": "浙政办发〔2022〕1号", "issuer": "浙江省发展改革委"]),
    Document(key: "b1", ["title": "关于先进制造业的通知", "body": "GB/T 36073-2018 and manufacturing", "issuer": "保定市"]),
    Document(key: "b2", ["title": "Made in China", "body": "GB/T 36073-2018", "issuer": "Baoding City"]),
  ]

  private func searcher(
    _ documents: [Document] = documents, schema: Schema = schema
  ) throws -> (searcher: Searcher, directory: TemporaryDirectory) {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    try index.update { writer in for document in documents { try writer.add(document) } }
    #expect(try SearchIndex.check(at: index.path).isSound)
    return (try index.searcher(), directory)
  }

  private static func shown(_ suggestions: [Suggestion]) -> [String] {
    suggestions.map { suggestion in
      let kind =
        switch suggestion.kind {
        case .title: "title"
        case .value(let field): field
        case .phrase: "phrase"
        }
      return "\(kind) \(suggestion.text) \(suggestion.isExact ? "" : "~")\(suggestion.passageCount)"
    }
  }

  @Test(arguments: [
    ("先进制", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1", "phrase 先进制造业 4", "phrase 先进制造业集群 2"]),
    ("先進製", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1", "phrase 先进制造业 4", "phrase 先进制造业集群 2"]),
    ("浙政", ["number 浙政发〔2023〕4号 2", "number 浙政办发〔2022〕1号 1"]),
    ("浙", ["number 浙政发〔2023〕4号 2", "issuer 浙江省人民政府 2", "number 浙政办发〔2022〕1号 1", "issuer 浙江省发展改革委 1"]),
    ("issuer:浙", ["issuer 浙江省人民政府 2", "issuer 浙江省发展改革委 1"]),
    ("文号：浙政办", ["number 浙政办发〔2022〕1号 1"]),
    ("标题:先进", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1"]),
    ("made in", ["title Made in China 1"]),
    ("ＢＡＯ", ["issuer Baoding City 1"]),
    ("36", ["phrase 36073 2", "phrase 36073-2018 2"]),
    ("没有的", []), ("，。", []), ("", []), (" ", []),
  ])
  func `titles, values and phrases go on as was typed`(typed: String, expected: [String]) throws {
    let (searcher, directory) = try searcher()
    let shown = Self.shown(try searcher.suggestions(for: typed))
    #expect(shown == expected, "\(shown)")
    withExtendedLifetime(directory) {}
  }

  @Test(arguments: [
    ("xianjin", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1", "phrase 先进制造业 4"]),
    ("xianjinzh", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1"]),
    ("xjz", ["title 先进制造业促进条例 2", "title 先進製造業規劃 1"]),
  ])
  func `letters are read as pinyin where there are pinyin fields`(typed: String, expected: [String]) throws {
    let (searcher, directory) = try searcher()
    let shown = Self.shown(try searcher.suggestions(for: typed))
    #expect(shown.filter { $0.hasPrefix("title") } == expected.filter { $0.hasPrefix("title") })
    #expect(Set(expected).isSubset(of: shown) || expected.filter { $0.hasPrefix("phrase") }.isEmpty, "\(shown)")
    let (plain, other) = try self.searcher(
      schema: Schema([.text("title"), .text("body"), .keyword("number"), .keyword("issuer"), .stored("note")]))
    #expect(try plain.suggestions(for: typed).isEmpty)
    withExtendedLifetime((directory, other)) {}
  }

  @Test(arguments: [
    ("安全生产 先进制", "安全生产 先进制造业促进条例"), ("+先进制", "+先进制造业促进条例"), ("\"先进制", "\"先进制造业促进条例"), ("(甲 OR 先进制", "(甲 OR 先进制造业促进条例"),
    ("issuer:bao", "issuer:\"Baoding City\""), ("number:\"浙政办", "number:\"浙政办发〔2022〕1号"), ("title:先进制", "title:先进制造业促进条例"),
    ("Made in", "\"Made in China\""),
  ])
  func `the last word is completed, and what stands before it is kept`(typed: String, completed: String) throws {
    let (searcher, directory) = try searcher()
    let first = try searcher.suggestions(for: typed).first?.completed
    #expect(first == completed, "\(first ?? "")")
    withExtendedLifetime(directory) {}
  }

  @Test func `kinds take turns, and deleted passages are not counted`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Self.schema)
    try index.update { writer in for document in Self.documents { try writer.add(document) } }
    #expect(Self.shown(try index.searcher().suggestions(for: "先进", limit: 2)) == ["title 先进制造业促进条例 2", "phrase 先进制造业 4"])
    try index.update { _ = try $0.delete("a1") }
    let left = Self.shown(try index.searcher().suggestions(for: "先进制"))
    #expect(left == ["title 先进制造业促进条例 1", "title 先進製造業規劃 1", "phrase 先进制造业 3"])
    #expect(try index.searcher().suggestions(for: "先进", limit: 0).isEmpty)
    #expect(throws: IndexError.self) { try index.searcher().suggestions(for: "先进", limit: -1) }
    #expect(throws: IndexError.self) {
      try index.searcher().suggestions(for: "先进", options: SuggestionOptions(valueFields: ["nothing"]))
    }
    let cancelled = SearchOptions(isCancelled: { true })
    #expect(throws: IndexError.self) { try index.searcher().suggestions(for: "先进", search: cancelled) }
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  // MARK: Against going through all passages

  /// Everything is looked at.
  private static var all: SuggestionLimits {
    var limits = SuggestionLimits()
    (limits.lists, limits.titles, limits.passages, limits.counted) = (10_000, 10_000, 100_000_000, 10_000)
    return limits
  }

  /// Cells with what the naive way needs of them.
  private struct Cell {
    var text: String
    var number: Int
    var isWord: Bool
    /// Whether a mark stands before it.
    var isMarked: Bool
  }

  private struct Text {
    var cells: [Cell]
    /// Where words end, and which.
    var words: [Int: String]

    init(_ text: String, _ analyzer: Analyzer) throws {
      let analysis = try analyzer.analyze(text)
      var end = 0
      cells = analysis.cells.map { cell in
        let between = analysis.text[min(end, Int(cell.termStart))..<Int(cell.termStart)]
        end = Int(cell.termEnd)
        return Cell(
          text: String(decoding: analysis.term(of: cell), as: UTF8.self), number: Int(cell.number), isWord: cell.isLettersOrDigits,
          isMarked: between.contains { $0 > 0x20 })
      }
      words = [:]
      for word in analysis.words { words[word.cellRange.upperBound] = String(decoding: analysis.term(of: word), as: UTF8.self) }
    }

    func stands(_ typed: [Cell], isOpen: Bool, at place: Int) -> Bool {
      guard place + typed.count <= cells.count else { return false }
      return typed.indices.allSatisfy { offset in
        let cell = cells[place + offset]
        let isSame =
          isOpen && offset == typed.count - 1
          ? cell.isWord && cell.text.utf8.starts(with: typed[offset].text.utf8) : cell.text == typed[offset].text
        return isSame && cell.number == cells[place].number + offset
      }
    }
  }

  private static func key(_ cells: ArraySlice<Cell>) -> String { cells.map(\.text).joined(separator: " ") }

  private static let emptyWords: Set = ["的", "和", "与", "及", "在", "等", "之"]

  @Test(arguments: SeededRandom.seeds(6)) func `random indexes give what going through all passages gives`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let analyzer = try Analyzer(.chinese)
    let schema = Schema([.keyword("tag"), .text("head"), .text("title"), .text("body")])
    let titles = (0..<6).map { _ in RandomText.make(1 + random.below(6), hostility: 0, &random) }
    let bodies = (0..<30).map { _ in RandomText.make(random.below(40), hostility: random.below(4), &random) }
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    var documents: [[String: String]] = []
    for number in bodies.indices {
      let fields = ["head": random.chance(1, in: 2) ? "制造" : "", "title": random.element(titles), "body": bodies[number]]
      documents.append(fields)
      // Several segments.
      try index.update { try $0.add(Document(key: "\(number)", fields)) }
    }
    let dead = random.below(bodies.count)
    try index.update { _ = try $0.delete(DocumentKey("\(dead)")) }
    documents.remove(at: dead)
    #expect(try SearchIndex.check(at: index.path).isSound)
    let searcher = try index.searcher()
    let texts = try documents.map { document in
      try ["head", "title", "body"].map { try Text(document[$0] ?? "", analyzer) }
    }
    for _ in 0..<60 {
      let source = Array(random.element(documents)[random.element(["title", "body"])] ?? "")
      guard !source.isEmpty else { continue }
      let start = random.below(source.count)
      let typed = String(source[start..<min(source.count, start + 1 + random.below(4))])
      // What is completed is the last word: only texts that are one.
      if typed.contains(where: { $0.isWhitespace || "()（）\"“”「」『』《》|｜+-!＋－！:：".contains($0) }) { continue }
      let normalized = try analyzer.analyze(typed)
      let cells = try Text(typed, analyzer).cells
      guard let last = cells.last, let first = normalized.cells.first else { continue }
      let isOpen = last.isWord && Int(normalized.cells[cells.count - 1].termEnd) == normalized.text.count
      if zip(cells, cells.dropFirst()).contains(where: { $1.number != $0.number + 1 }) { continue }

      // Titles.
      var expectedTitles: [String: Int] = [:]
      for text in texts where text[1].stands(cells, isOpen: isOpen, at: 0) { expectedTitles[Self.key(text[1].cells[...]), default: 0] += 1 }
      let foundTitles = try searcher.suggestions(
        for: typed, limit: 10_000, SuggestionOptions(valueFields: [], phrases: false), Self.all)
      #expect(foundTitles.map(\.passageCount) == foundTitles.map(\.passageCount).sorted(by: >))
      let titleCounts = try foundTitles.map { (Self.key(try Text($0.text, analyzer).cells[...]), $0.passageCount) }
      #expect(Dictionary(titleCounts, uniquingKeysWith: +) == expectedTitles, "'\(typed)' \(random.advice)")

      // Phrases.
      let text = String(decoding: normalized.text[Int(first.termStart)..<Int(normalized.cells[cells.count - 1].termEnd)], as: UTF8.self)
      let expected = try Self.phrases(cells, isOpen: isOpen, text, texts, analyzer)
      let found = try searcher.suggestions(for: typed, limit: 10_000, SuggestionOptions(titleField: nil, valueFields: []), Self.all)
      #expect(found.map(\.passageCount) == found.map(\.passageCount).sorted(by: >))
      let counts = try found.map { (Self.key(try Text($0.text, analyzer).cells[...]), $0.passageCount) }
      #expect(Dictionary(counts, uniquingKeysWith: +) == expected, "'\(typed)' \(random.advice)")
    }
  }

  /// What titles are made of: what their terms leave out or may do without, letters, ends of sentences.
  private static let pieces = [
    "中华人民共和国", "中华人民共和国", "中华", "中国", "人民", "刑", "法", "办法", "关于", "关于", "审理案件", "（试行）", "（2023年修订）", "A1", "b", "。", " 规定", "·",
    String(repeating: "长", count: 90),
  ]

  @Test(arguments: SeededRandom.seeds(3)) func `titles that are terms are found and counted as going through all passages does`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let analyzer = try Analyzer(.chinese)
    let schema = Schema([.text("head"), .text("title", role: .title), .text("body"), .text("label", role: .label)])
    let titles = (0..<40).map { _ in (0..<1 + random.below(5)).map { _ in random.element(Self.pieces) }.joined() }
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    var texts: [Int: String] = [:]
    for part in 0..<3 {
      try index.update { writer in
        for number in part * 40..<part * 40 + 40 {
          texts[number] = random.element(titles)
          let head = random.chance(1, in: 3) ? random.element(titles) : ""
          try writer.add(Document(key: "\(number)", ["head": head, "title": texts[number] ?? "", "body": random.element(titles)]))
        }
      }
    }
    for _ in 0..<10 {
      let dead = random.below(120)
      try index.update { _ = try $0.delete(DocumentKey("\(dead)")) }
      texts[dead] = nil
    }
    #expect(try SearchIndex.check(at: index.path).isSound)
    let searcher = try index.searcher()
    let cut = try texts.values.map { try Text($0, analyzer) }
    var checked = 0
    for _ in 0..<40 {
      let typed = String(random.element(titles).prefix(1 + random.below(10)))
      if typed.contains(where: { $0.isWhitespace || "（）".contains($0) }) { continue }
      let normalized = try analyzer.analyze(typed)
      let cells = try Text(typed, analyzer).cells
      guard let last = cells.last, !zip(cells, cells.dropFirst()).contains(where: { $1.number != $0.number + 1 }) else { continue }
      let isOpen = last.isWord && Int(normalized.cells[cells.count - 1].termEnd) == normalized.text.count
      var expected: [String: Int] = [:]
      for text in cut where text.stands(cells, isOpen: isOpen, at: 0) { expected[Self.key(text.cells[...]), default: 0] += 1 }
      let found = try searcher.suggestions(for: typed, limit: 10_000, SuggestionOptions(valueFields: [], phrases: false), Self.all)
      let counts = try found.map { (Self.key(try Text($0.text, analyzer).cells[...]), $0.passageCount) }
      #expect(Dictionary(counts, uniquingKeysWith: +) == expected, "'\(typed)' \(random.advice)")
      // The best of them, whichever of equal ones.
      let best = try searcher.suggestions(for: typed, limit: 3, SuggestionOptions(valueFields: [], phrases: false), Self.all)
      #expect(best.map(\.passageCount) == Array(expected.values.sorted(by: >).prefix(3)), "'\(typed)' \(random.advice)")
      checked += expected.isEmpty ? 0 : 1
    }
    #expect(checked > 10)
  }

  @Test func `of hundreds of titles that begin alike none is missed, and the best are those of most passages`() throws {
    let documents = (0..<300).flatMap { number in
      (0..<(number % 50 == 7 ? 5 : 2)).map { passage in
        Document(key: "\(number)#\(passage)", ["title": "关于印发第\(number)号方案的通知", "body": "推进发展"])
      }
    }
    let (searcher, directory) = try searcher(documents, schema: Schema([.text("title", role: .title), .text("body")]))
    let titles = try searcher.suggestions(for: "关于印发", limit: 1000).filter { $0.kind == .title }
    #expect(Set(titles.map(\.text)) == Set((0..<300).map { "关于印发第\($0)号方案的通知" }))
    #expect(
      titles.allSatisfy {
        $0.isExact
          && $0.passageCount == ($0.text.hasSuffix("07号方案的通知") || $0.text.hasSuffix("57号方案的通知") || $0.text == "关于印发第7号方案的通知" ? 5 : 2)
      })
    let best = try searcher.suggestions(for: "关于", limit: 6, options: SuggestionOptions(phrases: false))
    #expect(Set(best.map(\.text)) == Set([7, 57, 107, 157, 207, 257].map { "关于印发第\($0)号方案的通知" }))
    withExtendedLifetime(directory) {}
  }

  /// The phrases that begin so, by their cells, and in how many passages they stand.
  private static func phrases(
    _ typed: [Cell], isOpen: Bool, _ text: String, _ texts: [[Text]], _ analyzer: Analyzer
  ) throws -> [String: Int] {
    /// For each run the passages, and those of each longer run; and whether its last word is empty.
    var passages: [String: Set<Int>] = [:]
    var longer: [String: [String: Set<Int>]] = [:]
    var lengths: [String: Int] = [:]
    var lastWords: [String: String] = [:]
    for (number, fields) in texts.enumerated() {
      for field in fields {
        for place in field.cells.indices where field.stands(typed, isOpen: isOpen, at: place) {
          var before: String?
          for end in (place + 1)...field.cells.count {
            if end - 1 > place {
              let (one, other) = (field.cells[end - 2], field.cells[end - 1])
              if other.number != one.number + 1 || other.isMarked && !(one.isWord && other.isWord) { break }
            }
            guard end - place >= typed.count, let word = field.words[end] else { continue }
            let run = key(field.cells[place..<end])
            passages[run, default: []].insert(number)
            lengths[run] = end - place
            if lastWords[run] == nil { lastWords[run] = word }
            if let before { longer[before, default: [:]][run, default: []].insert(number) }
            before = run
            if end - place > typed.count + 12 { break }
          }
        }
      }
    }
    var candidates: Set<String> = []
    for (run, where_) in passages {
      let length = lengths[run] ?? 0
      let most = longer[run]?.values.map(\.count).max() ?? 0
      if where_.count >= 2, most * 3 <= where_.count * 2, length <= typed.count + 12, length > typed.count || isOpen,
        !emptyWords.contains(lastWords[run] ?? "")
      {
        candidates.insert(run)
      }
    }
    for word in Set(texts.joined().flatMap(\.words.values)) where word.utf8.starts(with: text.utf8) {
      candidates.insert(key(try Text(word, analyzer).cells[...]))
    }
    candidates.remove(key(typed[...]))
    var counts: [String: Int] = [:]
    for candidate in candidates {
      let count = texts.count { fields in
        fields.contains { field in
          field.cells.indices.contains { place in
            (place + 1...max(place + 1, min(field.cells.count, place + 40))).contains { end in
              end <= field.cells.count && field.cells[end - 1].number - field.cells[place].number == end - 1 - place
                && key(field.cells[place..<end]) == candidate
            }
          }
        }
      }
      if count > 0 { counts[candidate] = count }
    }
    return counts
  }

  @Test func `a large index is looked at in part, and what is found is there`() throws {
    var random = SeededRandom(seed: 11)
    let documents = (0..<6000).map { number in
      Document(
        key: "\(number / 100)#\(number % 100)",
        ["title": "关于\(["甲", "乙", "丙"][number / 100 % 3])方案", "body": "推进\(random.element(["工业", "农业", "服务业"]))发展"])
    }
    let (searcher, directory) = try searcher(documents, schema: Schema([.text("title"), .text("body")]))
    let titles = try searcher.suggestions(for: "关于").filter { $0.kind == .title }
    #expect(Set(titles.map(\.text)) == ["关于甲方案", "关于乙方案", "关于丙方案"])
    for title in titles { #expect(!title.isExact || title.passageCount == 2000, "\(title)") }
    let phrases = try searcher.suggestions(for: "推进").filter { $0.kind == .phrase }
    #expect(!phrases.isEmpty)
    for phrase in phrases {
      let total = try #require(try searcher.search(.quoted(phrase.text), limit: 0, parameters: RankingParameters()).total)
      #expect(phrase.isExact ? phrase.passageCount == total : abs(phrase.passageCount - total) < 1500, "\(phrase) \(total)")
    }
    withExtendedLifetime(directory) {}
  }
}
