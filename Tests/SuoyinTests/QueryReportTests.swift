// Does a search say what it looked for, and what may have been meant?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct QueryReportTests {
  private let directory: TemporaryDirectory
  private let searcher: Searcher

  init() throws {
    directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text"), .keyword("kind")]))
    try index.update { writer in
      for number in 0..<200 {
        let text = number % 2 == 0 ? "企业应当履行安全生产主体责任，manufacturing 企业也是。" : "地方各级人民政府加强消防工作。"
        try writer.add(Document(key: DocumentKey("k\(number)"), ["text": .text(text), "kind": .text(number % 2 == 0 ? "条例" : "办法")]))
      }
    }
    searcher = try index.searcher()
  }

  private func report(_ text: String) throws -> QueryReport {
    try searcher.report(on: QueryParser.parse(text, schema: searcher.schema).query)
  }

  @Test func `names every part, how it is looked for, and how many passages it matches`() throws {
    let parts = try report("kind:条例 安全 鲲鹏 -消防").parts
    #expect(parts.map(\.text) == ["条例", "安全 鲲鹏", "消防"])
    #expect(parts.map(\.role) == [.required, .required, .excluded])
    #expect(parts.map(\.way) == [.value, .any, .sequence])
    #expect(parts.map(\.passageCount) == [100, 100, 100])
    #expect(parts[0].field == "kind" && parts[1].field == nil)
    let terms = parts[1].terms
    #expect(terms.contains { $0.text == "安全" && $0.family == .word && $0.passageCount == 100 })
    #expect(terms.contains { $0.text == "鲲鹏" && $0.passageCount == 0 })
    #expect(try report("manu* 责仼~1 企业 NEAR 责任").parts.map(\.way) == [.expansion, .any, .near])
  }

  @Test func `says which words are in no passage, and what would be found without a part`() throws {
    #expect(try report("安全 鲲鹏").unknown == ["鲲鹏"])
    #expect(try report("安全 AND 鲲鹏").unknown == ["鲲鹏"])
    let without = try report("安全 AND 消防").withoutPart
    #expect(without.map(\.text) == ["安全", "消防"] && without.map(\.passageCount) == [100, 100])
    #expect(try report("安全 AND 责任").withoutPart.isEmpty)
  }

  @Test(arguments: [
    ("按全生产", "安全生产"),  // sounds alike
    ("安全生铲责任", "安全生产责任"), ("人民正府", "人民政府"), ("消防公作", "消防工作"), ("安全生鏟責任", "安全生产責任"),
    ("主休责任", "主体责任"),  // looks alike
    ("人政民府", "人民政府"),  // swapped
    ("安全生生产", "安全生产"),  // one too many
    ("manufactring 企业", "manufacturing 企业"),
  ]) func `corrects what seems mistyped`(typed: String, meant: String) throws {
    #expect(try searcher.corrections(of: typed) == [meant])
  }

  @Test(arguments: ["安全生产", "人民政府", "鲲鹏", "manufacturing", "企业 消防", "的", "", "a", "安", "条例 NOT 办法", "2023", "鲲 鹏"])
  func `leaves alone what does not`(typed: String) throws {
    #expect(try searcher.corrections(of: typed) == [])
  }

  @Test(arguments: SeededRandom.seeds(3)) func `never crashes, whatever is typed`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let text = RandomText.make(random.below(30), hostility: 40, &random)
      for correction in try searcher.corrections(of: text) { #expect(correction != text) }
      if let query = try? QueryParser.parse(text, schema: searcher.schema).query { _ = try? searcher.report(on: query) }
    }
  }
}
