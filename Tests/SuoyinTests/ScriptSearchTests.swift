// Is a Traditional text found by a Simplified query, and the reverse, and is it shown as it was written?
import Suoyin
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct ScriptSearchTests {
  /// All Han characters that have another form in Simplified, with it: ICU's and the supplement's.
  static let pairs: [(traditional: String, simplified: String)] = (0x3400...0x323AF as ClosedRange<UInt32>).compactMap { value in
    let form = SimplifiedCharacters.shared[value]
    guard form != value, let from = Unicode.Scalar(value), let to = Unicode.Scalar(form) else { return nil }
    return (String(from), String(to))
  }

  private func index(_ texts: [String]) throws -> (directory: TemporaryDirectory, searcher: Searcher) {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
    try index.update { writer in
      for (number, text) in texts.enumerated() { try writer.add(Document(key: "\(number)", ["text": text])) }
    }
    #expect(try SearchIndex.check(at: index.path).isSound)
    return (directory, try index.searcher())
  }

  @Test func `every pair gives the same tokens, at places of their own`() throws {
    #expect(Self.pairs.count > 3000)
    let analyzer = try Analyzer(.chinese)
    func terms(_ text: String) throws -> [String] {
      try analyzer.analyze(text).tokens().map { "\($0.family) \($0.term) \($0.cell) \($0.cells)" }
    }
    for (traditional, simplified) in Self.pairs {
      for frame in [("", ""), ("依", "法"), ("第", "條"), ("一", "日x")] {
        let (left, right) = frame
        if try terms(left + traditional + right) != terms(left + simplified + right) { Issue.record("\(traditional) \(simplified)") }
      }
    }
  }

  @Test func `every pair is found both ways, in words and quoted, with equal scores, and highlighted to the byte`() throws {
    // Documents of 24 pairs in both scripts, so that every query has two matches, and any difference changes a score.
    let groups = stride(from: 0, to: Self.pairs.count, by: 24).map { Self.pairs[$0..<min($0 + 24, Self.pairs.count)] }
    let traditional = groups.map { $0.map(\.traditional).joined() }
    let simplified = groups.map { $0.map(\.simplified).joined() }
    let (directory, searcher) = try index(traditional + simplified)
    for number in groups.indices {
      for (left, right) in [(traditional[number], simplified[number]), ("\"\(traditional[number])\"", "\"\(simplified[number])\"")] {
        let (byTraditional, bySimplified) = (try searcher.search(left, limit: 2), try searcher.search(right, limit: 2))
        #expect(byTraditional.hits.map(\.key) == bySimplified.hits.map(\.key))
        #expect(byTraditional.hits.map(\.score) == bySimplified.hits.map(\.score))
        #expect(byTraditional.total == bySimplified.total)
        #expect(Set(bySimplified.hits.map { "\($0.key)" }) == ["\(number)", "\(number + groups.count)"])
        for hit in byTraditional.hits + bySimplified.hits {
          let text = hit.key == DocumentKey("\(number)") ? traditional[number] : simplified[number]
          #expect(hit["text"]?.utf8.elementsEqual(text.utf8) == true)
          #expect(try hit.highlights(in: "text") == [0..<text.utf8.count], "\(text)")
        }
      }
    }
    withExtendedLifetime(directory) {}
  }

  /// One Simplified character for several Traditional ones, in words.
  @Test(arguments: [
    ("皇后與后土、後臺", "皇后与后土、后台", ["后土", "後臺"]), ("發展、理髮、发现", "发展、理发、发现", ["發展", "理髮"]),
    ("乾燥、幹部、干涉", "干燥、干部、干涉", ["乾燥", "幹部", "干涉"]), ("里程、裏面、心裡", "里程、里面、心里", ["裏面", "心裡"]),
    ("臺灣、檯燈、颱風、天台", "台湾、台灯、台风、天台", ["臺灣", "檯燈", "颱風"]), ("麵粉、麪包、方面", "面粉、面包、方面", ["麵粉", "麪包", "方面"]),
    ("松樹、鬆弛", "松树、松弛", ["松樹", "鬆弛"]), ("只有、一隻、衹是", "只有、一只、只是", ["只有", "一隻", "衹是"]), ("山谷、穀物", "山谷、谷物", ["山谷", "穀物"]),
    ("雲計算、人云", "云计算、人云", ["雲計算", "人云"]), ("歷史、日曆", "历史、日历", ["歷史", "日曆"]), ("鐘點、鍾情", "钟点、钟情", ["鐘點", "鍾情"]),
    ("徵收、征途", "征收、征途", ["徵收", "征途"]), ("並且、合併、并州", "并且、合并、并州", ["並且", "合併"]), ("著作、沿着", "着作、沿着", ["著作", "沿着"]),
    ("於是、于家", "于是、于家", ["於是"]), ("什麼、甚麽", "什么、甚么", ["什麼", "甚麽"]), ("恢復、重複、複製", "恢复、重复、复制", ["恢復", "重複", "複製"]),
    ("批准、標準", "批准、标准", ["批准", "標準"]), ("製造、制度", "制造、制度", ["製造", "制度"]), ("系統、關係、聯繫", "系统、关系、联系", ["系統", "關係", "聯繫"]),
    ("幾個、茶几", "几个、茶几", ["幾個", "茶几"]), ("丑時、醜陋", "丑时、丑陋", ["丑時", "醜陋"]), ("鬥爭、鬪爭、斗量", "斗争、斗争、斗量", ["鬥爭", "鬪爭"]),
    ("冲擊、衝突、沖洗", "冲击、冲突、冲洗", ["衝突", "沖洗"]), ("昇華、提升、陞任", "升华、提升、升任", ["昇華", "提升"]), ("旅遊、游泳", "旅游、游泳", ["旅遊", "游泳"]),
    ("強姦罪、汚染、諮詢、鉅額、衞生、逕行", "强奸罪、污染、咨询、巨额、卫生、径行", ["強姦罪", "汚染", "諮詢", "鉅額", "衞生", "逕行"]), ("錢鍾書、錢锺書", "钱钟书、钱锺书", ["錢鍾書"]),
  ])
  func `several Traditional characters with one Simplified form are found by it, and the reverse`(
    traditional: String, simplified: String, shown: [String]
  ) throws {
    let (directory, searcher) = try index([traditional, simplified, "無關"])
    let parts = (traditional.split(separator: "、").map(String.init), simplified.split(separator: "、").map(String.init))
    for (left, right) in zip(parts.0, parts.1) {
      for query in [left, right, "\"\(left)\"", "\"\(right)\"", "\(left) AND \(right)"] {
        #expect(Set(try searcher.search(query).hits.map { "\($0.key)" }) == ["0", "1"], "\(query)")
      }
      #expect(try searcher.search("無關 NOT \(right)").hits.map(\.key) == ["2"])
    }
    for word in shown {
      let part = try #require(parts.0.firstIndex { $0.contains(word) })
      let hit = try #require(try searcher.search("\"\(parts.1[part])\"").hits.first { $0.key == "0" })
      let snippet = try #require(hit.snippet(of: "text"))
      let bytes = Array(snippet.text.utf8)
      let highlighted = snippet.highlights.map { String(decoding: bytes[$0], as: UTF8.self) }
      #expect(highlighted.contains { $0.contains(word) }, "\(word): \(highlighted)")
    }
    withExtendedLifetime(directory) {}
  }
}
