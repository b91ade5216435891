// Does every spelling of a number become one term, and what is no number become none?
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct NumberTermTests {
  /// The further terms of a text, each with the part of the text that its cells cover.
  private func extras(_ text: String, _ rule: TokenRule = .number) throws -> [String] {
    let bytes = Array(text.utf8)
    return try Analyzer(.chinese).analyze(text).tokens().filter { $0.family == .extra && $0.rule == rule }.map {
      "\($0.term) ← \(String(decoding: bytes[$0.utf8Range], as: UTF8.self))"
    }
  }

  private func terms(_ text: String, _ rule: TokenRule = .number) throws -> Set<String> {
    Set(try Analyzer(.chinese).analyze(text).tokens().filter { $0.family == .extra && $0.rule == rule }.map(\.term))
  }

  @Test(arguments: [
    ("第17条", ["第十七条", "第17条", "第１７条", "第 17 条", "第十七條", "第　十七　条", "第拾柒条", "第一七〇条不是第17条"]),
    ("第17条之1", ["第十七条之一", "第17条之一", "第１７条之１", "第十七条之1第二款"]),
    ("第120条之3", ["第一百二十条之三", "第120条之三", "第一二〇条之三"]), ("第2款", ["第二款", "第2款", "第十七条第二款第三项"]),
    ("第3项", ["第三项", "第（三）项", "第(3)项", "第（３）项", "第十七条第二款第（三）项"]), ("第1章", ["第一章", "第 一 章 总则", "第1章", "第一章"]),
    ("第2节", ["第二节", "第2节"]), ("5000米", ["5千米", "5000米", "五千米"]), ("20千瓦", ["20千瓦", "20 千瓦"]),
    ("第101条", ["第一百零一条", "第一〇一条", "第101条", "第一百〇一条", "第一○一条"]),
    ("2023", ["二〇二三年", "二○二三年", "二零二三", "2023年", "２０２３年", "二0二三年", "二〇二三"]),
    ("2023年", ["二〇二三年", "2023 年", "２０２３年", "二〇二三年度"]), ("2020年", ["二〇二〇年", "二○二○年", "2020年"]), ("98年", ["九八年", "98年"]),
    ("12月", ["十二月", "12月", "１２月份"]), ("1月", ["一月", "01月", "1月"]), ("31日", ["三十一日", "31日", "卅一日"]), ("10日", ["十日", "10日内"]),
    ("3年", ["三年", "3年", "3 年以上"]), ("40000000000", ["四百亿", "400亿", "400 亿", "40,000,000,000", "肆佰亿"]),
    ("40000000000元", ["四百亿元", "400亿元", "肆佰亿圆"]), ("1234", ["1,234", "一千二百三十四", "壹仟贰佰叁拾肆", "一二三四"]), ("200", ["两百", "二百", "200"]),
    ("23", ["二十三", "廿三", "23", "23 "]), ("50%", ["百分之五十", "50%", "50％", "５０％", "百分之50"]), ("3.6%", ["百分之三点六", "3.6%", "３．６％", "3.60%"]),
    ("3‰", ["千分之三", "3‰"]), ("1500000000000元", ["1.5万亿元", "一万五千亿元", "15000亿元", "1.5 万亿元"]),
    ("350000000元", ["3亿5000万元", "三亿五千万元", "3.5亿元"]),
    ("5000000元", ["500万元", "五百万元", "500 万元", "伍佰万元"]), ("50000元", ["伍万元整", "5万元", "50,000元"]), ("3个月", ["三个月", "3个月", "3 个月"]),
    ("10个工作日", ["十个工作日", "10个工作日", "10 个工作日", "10工作日"]), ("18周岁", ["十八周岁", "18周岁", "１８周岁"]), ("3倍", ["三倍", "3倍"]),
    ("48小时", ["四十八小时", "48小时", "48 小时"]), ("3人", ["三人", "3人以上"]), ("20", ["二十大", "20大"]), ("100000000", ["一亿", "1亿", "10000万"]),
    ("〔2023〕4号", ["〔2023〕4 号", "[2023]4号", "（2023）4号", "【2023】4号", "［2023］４号", "浙政发〔2023〕4 号", "浙政发[2023]4号", "〔二〇二三〕四号", "(二○二三)第4号"]),
    ("gb/t36073", ["GB/T 36073-2018", "GB/T36073—2018", "GB/T 36073", "GBT36073-2018", "ＧＢ／Ｔ　３６０７３", "GBT 36073", "gb/t 36073"]),
    ("gb/t36073-2018", ["GB/T 36073-2018", "GB/T36073—2018", "GB/T 36073 - 2018", "GBT36073-2018", "GB/T 36073－2018", "GB/T 36073——2018"]),
    ("db33/t2350", ["DB33/T 2350—2021", "DB33/T 2350", "DB33T2350-2021"]), ("db33/t2350-2021", ["DB33/T 2350—2021", "DB33/T2350-2021"]),
    ("hj2.1", ["HJ 2.1-2016", "HJ2.1-2016", "HJ 2.1"]), ("hj2.1-2016", ["HJ 2.1-2016", "HJ2.1—2016"]),
    ("iso9001-2015", ["ISO 9001:2015", "ISO9001：2015"]),
    ("iso9001", ["ISO 9001", "ISO 9001:2015", "ISO9001"]), ("iso/iec27001", ["ISO/IEC 27001", "ISO/IEC 27001:2013", "ISO/IEC27001"]),
    ("gb50016", ["GB 50016", "GB50016-2014"]), ("t/cas123-2020", ["T/CAS 123-2020", "T/CAS 123—2020"]),
    ("gb/t1.1-1993", ["GB/T 1.1-93", "GB/T 1.1—1993"]),
  ])
  func `every spelling gives the same term`(term: String, spellings: [String]) throws {
    for spelling in spellings {
      let given = try extras(spelling)
      #expect(try terms(spelling).contains(term), "\(spelling) gives \(given)")
    }
  }

  @Test(arguments: [
    "一带一路", "万一", "十分", "三明市", "一般", "一致", "一定", "千万不要", "百万", "万亿", "亿万", "成千上万", "十", "一", "三", "十二五", "十四五", "三五年", "二三年", "几十年", "数十亿元",
    "一百多人",
    "二十余家", "一百二", "一万五", "三二", "三五", "二两", "二十几", "零部件", "零", "三级", "三年级", "一次性", "二元结构", "一元化", "三日常", "一人民", "一天然气", "大陆人", "队伍", "伍",
    "陆万", "钱○○",
    "第一时间", "第三方", "第三者", "第一项目", "第一条件", "第二款项", "第三节能", "第一章程", "第二条例", "第三编制", "第一目标", "第三号召", "第一期间", "第三年", "第一人", "上一年", "一个", "四个全面",
    "三十三十",
    "四川", "五金", "六安市", "九江", "七里河", "百度", "千岛湖", "亿元", "万元以上", "两化融合", "两高一剩", "三农", "唯一", "之一", "一一对应",
  ])
  func `what only looks like a number gives no term`(text: String) throws {
    #expect(try extras(text).isEmpty)
  }

  @Test func `a term covers exactly the cells that it is made of`() throws {
    #expect(
      try extras("依第 十七 条之一第（三）项，二〇二三年４００ 亿元") == [
        "第17条之1 ← 第 十七 条之一", "17 ← 十七", "第3项 ← 第（三）项", "2023 ← 二〇二三", "2023年 ← 二〇二三年", "400 ← ４００", "40000000000 ← ４００ 亿",
        "40000000000元 ← ４００ 亿元",
      ])
    #expect(try extras("浙政发〔２０２３〕4 号") == ["2023 ← ２０２３", "〔2023〕4号 ← ２０２３〕4 号", "4 ← 4"])
    #expect(
      try extras("按GB/T 36073—2018执行") == [
        "gb/t36073 ← GB/T 36073", "gb/t36073-2018 ← GB/T 36073—2018", "36073 ← 36073", "2018 ← 2018",
      ])
    #expect(try extras("第十七条之一般规定") == ["第17条 ← 第十七条", "17 ← 十七"])
    #expect(try extras("二○二○年") == ["2020 ← 二○二", "2020年 ← 二○二○年"])
  }

  @Test func `numbers do not reach over sentences, paragraphs and fields of blanks`() throws {
    for text in ["第。17条", "第\n17条", "第十七\n条", "二〇二三。年", "第17" + String(repeating: " ", count: 9) + "条", "三，年"] {
      #expect(try terms(text).isDisjoint(with: ["第17条", "2023年", "3年"]), "\(text)")
    }
  }

  @Test(arguments: [
    ("5G", ["5", "g"]), ("C2M", ["c", "2", "m"]), ("DCMM", []), ("415X", ["415", "x"]), ("４１５Ｘ", ["415", "x"]), ("2023", []),
    ("t36073", ["t", "36073"]),
    ("x1x1", ["x", "1"]), ("3d5d", ["3", "d", "5"]), ("can't", []), ("0.52", []), ("2023,2024", ["2023", "2024"]), ("v1.5", ["v", "1.5"]),
    ("a1b2c3d4e5f6", []),
  ])
  func `a mixed word gives its runs of letters and digits`(word: String, parts: [String]) throws {
    #expect(try terms(word, .part) == Set(parts))
  }

  @Test func `a query asks for its numbers and its words, not for its words' parts`() throws {
    func asked(_ text: String) throws -> [String] {
      try Analyzer(.chinese).analyze(text).askedExtras.map { String(decoding: $0.term, as: UTF8.self) }
    }
    #expect(try asked("415X") == ["415x"])
    #expect(try asked("415 X") == ["415", "x"])
    #expect(try asked("二〇二三年政府") == ["2023", "2023年"])
    #expect(try Analyzer(.bigram).analyze("415 第十七条").askedExtras.isEmpty)
  }

  @Test(arguments: SeededRandom.seeds(8)) func `terms are in order, never twice in one place, and shorter than a term may be`(seed: UInt64)
    throws
  {
    var random = SeededRandom(seed: seed)
    let analyzer = try Analyzer(.chinese)
    for _ in 0..<200 {
      let text = RandomText.make(random.below(60), hostility: 20, &random)
      let analysis = try analyzer.analyze(text)
      var seen: Set<String> = []
      for (previous, extra) in zip(analysis.extras, analysis.extras.dropFirst()) { #expect(previous.firstCell <= extra.firstCell) }
      for extra in analysis.extras {
        #expect(!extra.cellRange.isEmpty && extra.cellRange.upperBound <= analysis.cells.count)
        let place = "\(extra.firstCell) \(String(decoding: analysis.term(of: extra), as: UTF8.self))"
        #expect(seen.insert(place).inserted, "\(text.debugDescription); \(random.advice)")
      }
    }
  }

  /// Twice the text takes about twice the time; quadratic code would take four times as long on each doubling.
  @Test(arguments: [
    "一", "1", "第", "第一", "第一条之", "十", "万", "亿", "二○", "○", "第（", "〔2023〕", "〔2023〕4", "百分之", "1万", "1亿", "1,", "gb/", "a1", "t/t/t/", "二〇",
    "0一", "第 ", "1 ", "-1", "一点",
  ])
  func `takes time in proportion to hostile texts`(piece: String) throws {
    let analyzer = try Analyzer(.chinese)
    func duration(_ count: Int) throws -> Duration {
      let analysis = try analyzer.analyze(String(repeating: piece, count: count))
      var best = Duration.seconds(1000)
      for _ in 0..<7 {
        var copy = analysis
        copy.extras = []
        copy.extraText = []
        best = min(best, ContinuousClock().measure { copy.addNumberTerms() })
      }
      return best
    }
    let small = try duration(4_000)
    let large = try duration(32_000)
    // Eight times the text; quadratic would be 64 times.
    #expect(large < small * 40 + .milliseconds(40), "\(piece): \(small), \(large)")
  }
}
