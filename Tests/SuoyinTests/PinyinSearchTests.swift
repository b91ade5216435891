// Is a title found by its pinyin where that is asked for, and nowhere else?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct PinyinSearchTests {
  private static let schema = Schema([.text("title"), .text("text"), .keyword("issuer"), .pinyin("title.pinyin", of: "title")])

  static let titles = [
    "浙江省人民政府", "西安市", "长江", "行长", "银行", "单田芳", "曾国藩", "仇英", "欧区", "重庆", "音乐与快乐", "绿色", "錢鍾書", "5G网络", "这。姜", "着作", "方案", "反感",
  ]

  private func index(_ titles: [String] = titles, schema: Schema = schema) throws -> (TemporaryDirectory, SearchIndex) {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    try index.update { writer in for title in titles { try writer.add(Document(key: title, ["title": title, "text": "zhe jiang 正文"])) } }
    #expect(try SearchIndex.check(at: index.path).isSound)
    return (directory, index)
  }

  @Test(arguments: [
    ("pinyin:zhejiang", ["浙江省人民政府"]), ("title.pinyin:\"zhe jiang sheng\"", ["浙江省人民政府"]), ("pinyin:zhè'jiāng", ["浙江省人民政府"]),
    ("pinyin:zhe4jiang1", ["浙江省人民政府"]),
    ("pinyin:zjs", ["浙江省人民政府"]), ("pinyin:xian", ["西安市"]), ("pinyin:\"xi an\"", ["西安市"]), ("pinyin:changjiang", ["长江"]),
    ("pinyin:zhangjiang", ["长江"]),
    ("pinyin:hangzhang", ["行长"]), ("pinyin:yinhang", ["银行"]), ("pinyin:shantianfang", ["单田芳"]), ("pinyin:zengguofan", ["曾国藩"]),
    ("pinyin:qiuying", ["仇英"]),
    ("pinyin:ouou", ["欧区"]), ("pinyin:chongqing", ["重庆"]), ("pinyin:yinyue", ["音乐与快乐"]), ("pinyin:lvse", ["绿色"]), ("pinyin:lüse", ["绿色"]),
    ("pinyin:qianzhongshu", ["錢鍾書"]), ("pinyin:\"5g wang\"", ["5G网络"]), ("pinyin:zhuzuo", ["着作"]), ("pinyin:fangan", ["方案", "反感"]),
    ("pinyin:仇影", ["仇英"]),
    ("pinyin:\"zhe jiang\" AND 正文", ["浙江省人民政府"]), ("text:正文 AND pinyin:长江", ["长江"]), ("pinyin:nothing", []), ("title:zhejiang", []),
    ("zhejiang", []),
  ])
  func `a title is found by its readings, asked for by name`(query: String, expected: [String]) throws {
    let (directory, index) = try index()
    #expect(Set(try index.searcher().search(query, limit: 100).hits.map { "\($0.key)" }) == Set(expected))
    withExtendedLifetime(directory) {}
  }

  @Test func `several words are any of them, and all in a row are best`() throws {
    let (directory, index) = try index()
    let hits = try index.searcher().search("pinyin:(zhang chang jiang)", limit: 100).hits
    #expect(Set(hits.map { "\($0.key)" }) == ["浙江省人民政府", "长江", "行长", "这。姜"])
    #expect(try index.searcher().search("pinyin:(zhe jiang)").hits.first?.key == "浙江省人民政府")
    withExtendedLifetime(directory) {}
  }

  @Test func `a text that is too long is refused`() throws {
    let (directory, index) = try index()
    #expect(throws: QuerySyntaxError.self) { try index.searcher().search("pinyin:\"\(String(repeating: "shi ", count: 65))\"") }
    #expect(throws: Never.self) { try index.searcher().search("pinyin:\"\(String(repeating: "xian ", count: 64))\"") }
    withExtendedLifetime(directory) {}
  }

  @Test func `highlights are the Han text of the source field`() throws {
    let (directory, index) = try index(["關於浙江省的通知"])
    for query in ["pinyin:zhejiang", "title.pinyin:\"zhe jiang\"", "pinyin:zj", "pinyin:浙江 AND 正文"] {
      let hit = try #require(try index.searcher().search(query).hits.first)
      #expect(try hit.highlights(in: "title") == [6..<12], "\(query)")
      #expect(hit["title"] == "關於浙江省的通知" && hit["title.pinyin"] == nil)
    }
    withExtendedLifetime(directory) {}
  }

  @Test(arguments: SeededRandom.seeds(3)) func `equals a scan of the titles, after any changes`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var modelled = try ModelledIndex(Self.schema)
    let characters = Array("浙江省长行重乐会率单曾仇区西安先生方案。，x5gＧ發髮")
    let queries = [
      "zhejiang", "xian", "zhe jiang", "changsheng", "zjs", "x", "hang zhang", "le", "fa", "xing", "重庆", "fangan xian", "ang", "shan5",
      "lv'le", "5g", "kuai hui", "xiansheng",
    ]
    for _ in 0..<12 {
      for _ in 0..<20 {
        let key = "d\(random.below(40))"
        if random.below(4) == 0 {
          try modelled.index.update { writer in _ = try writer.delete(DocumentKey(key)) }
          modelled.model.remove(DocumentKey(key))
          continue
        }
        let title = String((0..<random.below(9)).map { _ in characters[random.below(characters.count)] })
        let document = Document(key: key, ["title": title, "text": "正文\(key)"])
        try modelled.index.update { writer in try writer.add(document) }
        try modelled.model.replace(document.key, with: [document])
      }
      for query in queries {
        for asked in [Query.text(query), .quoted(query), .literal(query)] {
          try modelled.compare(.field("title.pinyin", asked), comment: random.advice)
        }
        try modelled.compare(.all([.field("title.pinyin", .quoted(query)), .text("正文")]), limit: 5, comment: random.advice)
      }
    }
    try modelled.checkSoundness(random.advice)
    try modelled.index.merge()
    try modelled.checkSoundness(random.advice)
    for query in queries { try modelled.compare(.field("title.pinyin", .text(query)), comment: random.advice) }
  }

  @Test func `a pinyin field needs a text field, takes no value, and is kept by the commit`() throws {
    for schema in [
      Schema([.text("title"), .pinyin("p", of: "titel")]), Schema([.text("title"), .keyword("k"), .pinyin("p", of: "k")]),
      Schema([.text("title"), .pinyin("p", of: "title")], analyzer: .whitespace),
      Schema([.text("t"), .pinyin("p", of: "t"), .pinyin("q", of: "p")]),
    ] {
      #expect(throws: IndexError.self) { try SearchIndex.create(at: TemporaryDirectory().path("index"), schema: schema) }
    }
    let (directory, index) = try index()
    #expect(try SearchIndex(at: index.path).schema == Self.schema)
    #expect(throws: IndexError.self) { try index.update { try $0.add(Document(key: "x", ["title.pinyin": "zhe"])) } }
    // A field of that name of one's own is meant by pinyin:.
    let own = Schema([.text("title"), .text("pinyin"), .pinyin("p", of: "title")])
    #expect(try QueryParser.parse("pinyin:zhe", schema: own).query == .field("pinyin", .text("zhe")))
    let two = Schema([.text("a"), .text("b"), .pinyin("p", of: "a"), .pinyin("q", of: "b")])
    #expect(try QueryParser.parse("pinyin:zhe", schema: two).query == .any([.field("p", .text("zhe")), .field("q", .text("zhe"))]))
    for analyzer in [AnalyzerName.icu, .bigram] {
      let other = Schema([.text("title"), .text("text"), .pinyin("p", of: "title")], analyzer: analyzer)
      let (place, made) = try self.index(schema: other)
      #expect(try made.searcher().search("p:zhejiang").hits.map(\.key) == ["浙江省人民政府"])
      withExtendedLifetime(place) {}
    }
    withExtendedLifetime(directory) {}
  }
}
