// Is a number found in every spelling, by every way of asking but a quoted one, and highlighted where it stands?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct NumberSearchTests {
  private let directory: TemporaryDirectory
  private let index: SearchIndex

  init() throws {
    directory = try TemporaryDirectory()
    index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
  }

  private func add(_ texts: [String]) throws {
    try index.update { writer in for text in texts { try writer.add(Document(key: DocumentKey(text), ["text": .text(text)])) } }
  }

  private func found(_ query: String) throws -> [String] {
    try index.searcher().search(query, limit: 100).hits.map { "\($0.key)" }
  }

  /// Ways to write the same thing.
  static let spellings: [[String]] = [
    ["第十七条", "第17条", "第１７条", "第 17 条"], ["第十七条之一", "第17条之1", "第１７条之一"], ["第二款", "第2款"], ["第（三）项", "第三项", "第(3)项"], ["第一章", "第1章"],
    ["第二节", "第２节"], ["二〇二三年", "2023年", "２０２３年", "二○二三年"], ["四百亿", "400亿", "400 亿"], ["百分之五十", "50%", "50％"], ["1,234", "1234"],
    ["十二月", "12月"],
    ["〔2023〕4号", "[2023]4号", "（2023）4 号", "【2023】4号", "〔二〇二三〕四号"], ["浙政发〔2023〕4 号", "浙政发[2023]4号"],
    ["GB/T 36073-2018", "GB/T36073—2018", "GBT36073-2018"], ["DB33/T 2350—2021", "DB33/T2350-2021"], ["HJ 2.1-2016", "HJ2.1-2016"],
    ["ISO 9001:2015", "ISO9001：2015"],
  ]

  @Test(arguments: spellings) func `every spelling finds every other`(spellings: [String]) throws {
    try add(spellings + ["别的文本", "第二百零九条", "3 年", "HJ"])
    for query in spellings { #expect(Set(spellings).isSubset(of: try found(query)), "\(query) finds \(try! found(query))") }
    let searcher = try index.searcher()
    for query in spellings {
      // What an operator speaks of is literal but for the number's spelling.
      let results = try searcher.search(.literal(query), limit: 100, parameters: RankingParameters())
      #expect(Set(results.hits.map { "\($0.key)" }).isSuperset(of: spellings), "\(query)")
      #expect(!results.hits.contains { $0.key == "别的文本" })
      // And each hit is highlighted, with the bytes of its own spelling.
      for hit in results.hits where spellings.contains("\(hit.key)") {
        let snippet = hit.snippet(of: "text")
        #expect(!(snippet?.highlights.isEmpty ?? true), "\(query) in \(hit.key)")
      }
    }
  }

  @Test func `an operator's word finds its number in another spelling, a quoted one does not`() throws {
    try add(["依照第十七条处罚", "依照第17条处罚", "依照第十八条处罚", "刑法第十七条", "民法第十七条"])
    #expect(Set(try found("第17条 AND 处罚")) == ["依照第十七条处罚", "依照第17条处罚"])
    #expect(Set(try found("处罚 NOT 第17条")) == ["依照第十八条处罚"])
    #expect(Set(try found("处罚 -第十七条")) == ["依照第十八条处罚"])
    #expect(Set(try found("+刑法第17条")) == ["刑法第十七条"])
    #expect(try found("\"第17条\"") == ["依照第17条处罚"])
    #expect(Set(try found("\"第17条\" OR \"第十八条\"")) == ["依照第17条处罚", "依照第十八条处罚"])
    #expect(Set(try found("text:第17条 AND 处罚")) == ["依照第十七条处罚", "依照第17条处罚"])
  }

  @Test func `a number is found as part of a word or with its unit, and not the other way round`() throws {
    try add(["415X集群", "二〇二三年", "GB/T 36073-2018标准", "5G网络", "GB/T 19001"])
    #expect(try found("415") == ["415X集群"])
    #expect(try found("x") == ["415X集群"])
    #expect(try found("2023") == ["二〇二三年"])
    #expect(try found("GB/T 36073").first == "GB/T 36073-2018标准")
    #expect(try found("GBT36073") == ["GB/T 36073-2018标准"])
    #expect(try found("415X") == ["415X集群"])
    #expect(try found("5Ｇ") == ["5G网络"])
  }

  @Test func `an inserted article is another article`() throws {
    try add(["甲第十七条之一", "乙第十七条"])
    #expect(try found("+第17条") == ["乙第十七条"])
    #expect(try found("+第17条之1") == ["甲第十七条之一"])
  }

  @Test(arguments: [
    ("第17条", "依照《刑法》第 十七 条的规定", ["第 十七 条"]), ("2023年", "于二○二三年和２０２３年", ["二○二三年", "２０２３年"]), ("[2023]4号", "见浙政发〔2023〕4 号文", ["2023〕4 号"]),
    ("四百亿", "共400 亿元", ["400 亿"]), ("GBT36073", "按GB/T　36073—2018执行", ["GB/T　36073"]), ("415", "在４１５Ｘ里", ["４１５Ｘ"]),
    ("50%", "百分之五十以上", ["百分之五十"]),
    ("第3项", "第二款第（三）项", ["第（三）项"]), ("text:2023 AND 通知", "二〇二三年通知", ["二〇二三", "通知"]), ("刑法第17条 AND 规定", "按刑法第十七条规定", ["刑法第十七条规定"]),
  ])
  func `highlights are the bytes of the spelling found`(query: String, text: String, expected: [String]) throws {
    try add([text])
    let hit = try #require(try index.searcher().search(query, limit: 1).hits.first)
    let snippet = try #require(hit.snippet(of: "text"))
    let bytes = Array(snippet.text.utf8)
    let highlighted = snippet.highlights.map { String(decoding: bytes[$0], as: UTF8.self) }
    for part in expected { #expect(highlighted.contains(part), "\(highlighted)") }
  }

  @Test func `numbers survive merging, and the dead ones do not count`() throws {
    for round in 0..<12 {
      try index.update { writer in
        try writer.replace(
          Source(DocumentKey("s\(round)")), with: [Document(key: DocumentKey("k\(round)"), ["text": .text("第\(round + 1)条")])])
      }
    }
    try index.update { writer in _ = try writer.delete("k4") }
    try index.merge()
    #expect(try found("第六条").first == "k5")
    #expect(try found("+第五条") == [])
    #expect(try SearchIndex.check(at: index.path).isSound)
  }
}
