// Does the parser understand what people type, and survive what they should not?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct QueryParserTests {
  private let schema = Schema([.text("title"), .text("text"), .keyword("issuer"), .date("date")])

  private func parse(_ query: String) throws -> Query { try QueryParser.parse(query, schema: schema).query }

  @Test func `takes words side by side as one text`() throws {
    #expect(try parse("第十七条 用地") == .text("第十七条 用地"))
    #expect(try parse("  首台(套)重大技术装备　保险补偿 ") == .text("首台(套)重大技术装备　保险补偿"))
    #expect(try parse("GB/T 36073-2018") == .text("GB/T 36073-2018"))
    #expect(try parse("注意：时间:2023") == .text("注意：时间:2023"))
    #expect(try parse("and or not") == .text("and or not"))
  }

  @Test func `takes quoted text literally, in every kind of quotes`() throws {
    for query in ["\"先进 制造\"", "“先进 制造”", "「先进 制造」", "『先进 制造』"] { #expect(try parse(query) == .quoted("先进 制造")) }
    #expect(try parse("a\"b c\"") == .any([.text("a"), .quoted("b c")]))
    #expect(try parse("\"a\" b c \"d\"") == .any([.quoted("a"), .text("b c"), .quoted("d")]))
  }

  @Test func `means the words of an operator literally`() throws {
    #expect(try parse("a AND b") == .all([.literal("a"), .literal("b")]))
    #expect(try parse("a AND b AND c") == .all([.literal("a"), .literal("b"), .literal("c")]))
    #expect(try parse("a OR b") == .any([.literal("a"), .literal("b")]))
    #expect(try parse("安全生产 -煤矿") == .excluding(.text("安全生产"), .literal("煤矿")))
    #expect(try parse("a NOT b") == .excluding(.literal("a"), .literal("b")))
    #expect(try parse("a AND NOT b") == .excluding(.literal("a"), .literal("b")))
    #expect(try parse("+a b") == .preferring(.literal("a"), .text("b")))
    #expect(try parse("+a +b") == .all([.literal("a"), .literal("b")]))
    #expect(try parse("x y a AND b") == .any([.text("x y"), .all([.literal("a"), .literal("b")])]))
  }

  @Test func `understands brackets, fields and weights`() throws {
    #expect(try parse("(a OR b) AND c") == .all([.any([.literal("a"), .literal("b")]), .literal("c")]))
    #expect(try parse("(a b) AND c") == .all([.any([.literal("a"), .literal("b")]), .literal("c")]))
    #expect(try parse("title:规定") == .field("title", .text("规定")))
    #expect(try parse("title：\"a b\" c") == .any([.field("title", .quoted("a b")), .text("c")]))
    #expect(try parse("title:(a b)") == .field("title", .text("a b")))
    #expect(try parse("issuer:河北省 AND a") == .all([.field("issuer", .literal("河北省")), .literal("a")]))
    #expect(try parse("a^2 b") == .any([.weighted(.text("a"), 2), .text("b")]))
    #expect(try parse("\"a\"^0.5") == .weighted(.quoted("a"), 0.5))
    #expect(try parse("(a b)^3") == .weighted(.text("a b"), 3))
  }

  @Test func `takes what cannot be an operator as text`() throws {
    #expect(try parse("(政府") == .text("政府"))
    #expect(try parse("政府)") == .text("政府)"))
    #expect(try parse("\"政府") == .text("\"政府"))
    #expect(try parse("a AND") == .text("a"))
    #expect(try parse("AND") == .text("AND"))
    #expect(try parse("首台（套） （2023）4号") == .text("首台（套） （2023）4号"))
    #expect(try parse("(2023 年)4号") == .text("(2023 年)4号"))
    #expect(try parse("什么是安全? 5?") == .text("什么是安全? 5?"))
    #expect(try parse("* **") == .text("* **"))
    #expect(try parse("a~3 ~1 工业~b") == .text("a~3 ~1 工业~b"))
    #expect(try parse("nearby NEAR/x a") == .text("nearby NEAR/x a"))
    #expect(try parse("AND a") == .text("a"))
    #expect(try parse("a^b ^2") == .text("a^b ^2"))
    #expect(try parse("- a") == .text("- a"))
    #expect(try parse("title: a") == .text("title: a"))
  }

  @Test func `takes signs in either width and operators in either script`() throws {
    let all = Query.all([.literal("安全"), .literal("责任")])
    for query in ["安全 AND 责任", "安全 与 责任", "安全 && 责任", "安全　ＡＮＤ　责任"] { #expect(try parse(query) == all, "\(query)") }
    for query in ["安全 OR 责任", "安全 或 责任", "安全 || 责任"] { #expect(try parse(query) == .any([.literal("安全"), .literal("责任")])) }
    for query in ["安全 -煤矿", "安全 －煤矿", "安全 NOT 煤矿", "安全 非 煤矿"] {
      #expect([.excluding(.text("安全"), .literal("煤矿")), .excluding(.literal("安全"), .literal("煤矿"))].contains(try parse(query)))
    }
    #expect(try parse("＋a b") == .preferring(.literal("a"), .text("b")))
    for query in ["（煤矿 或 消防） 与 责任", "（煤矿 或 消防）与 责任", "(煤矿 或 消防） AND 责任"] {
      #expect(try parse(query) == .all([.any([.literal("煤矿"), .literal("消防")]), .literal("责任")]))
    }
    #expect(try parse("＂a b＂＾２") == .weighted(.quoted("a b"), 2))
    #expect(try parse("标题：规定 ｔ") == .any([.field("title", .text("规定")), .text("ｔ")]))
    #expect(try parse("TITLE:规定") == .field("title", .text("规定")))
  }

  @Test func `understands prefixes, patterns, errors and distances`() throws {
    #expect(try parse("manu*") == .prefix("manu"))
    #expect(try parse("工业＊ b") == .any([.prefix("工业"), .text("b")]))
    #expect(try parse("m*al") == .wildcard("m*al"))
    #expect(try parse("organi?ation") == .wildcard("organi?ation"))
    #expect(try parse("工业*发展 AND a") == .all([.wildcard("工业*发展"), .literal("a")]))
    #expect(try parse("manufactring~ polcy~") == .any([.fuzzy("manufactring", distance: 2), .fuzzy("polcy", distance: 1)]))
    #expect(try parse("polcy~2 policies～１") == .any([.fuzzy("polcy", distance: 2), .fuzzy("policies", distance: 1)]))
    #expect(try parse("gb/t~1 5G网络~ 工业~") == .any([.text("gb/t"), .text("5G网络"), .text("工业")]))
    #expect(try parse("\"安全 责任\"~5") == .near(["安全 责任"], distance: 5, isOrdered: true))
    #expect(try parse("“安全 责任”～５^2") == .weighted(.near(["安全 责任"], distance: 5, isOrdered: true), 2))
    #expect(try parse("a NEAR b") == .near(["a", "b"], distance: 10, isOrdered: false))
    #expect(try parse("a NEAR/3 \"b c\" NEAR/3 d") == .near(["a", "b c", "d"], distance: 3, isOrdered: false))
    #expect(try parse("title:a NEAR title:b") == .field("title", .near(["a", "b"], distance: 10, isOrdered: false)))
    #expect(try parse("(a b) NEAR c") == .all([.any([.literal("a"), .literal("b")]), .literal("c")]))
    #expect(try parse("(a b c)@2") == .atLeast(2, [.literal("a"), .literal("b"), .literal("c")]))
    #expect(try parse("(a b c)@100%^2") == .weighted(.all([.literal("a"), .literal("b"), .literal("c")]), 2))
    #expect(try parse("title:(a b c)@50%") == .field("title", .atLeast(2, [.literal("a"), .literal("b"), .literal("c")])))
    #expect(try parse("issuer:*省 issuer:浙?省") == .any([.field("issuer", .wildcard("*省")), .field("issuer", .wildcard("浙?省"))]))
    #expect(try parse("issuer:(浙江省 河北省)") == .field("issuer", .any([.text("浙江省"), .text("河北省")])))
    #expect(try parse("issuer:浙政发[2023]4号") == .field("issuer", .any([.text("浙政发[2023]4号"), .text("浙政发〔2023〕4号")])))
  }

  @Test func `understands days and numbers`() throws {
    let schema = Schema([.text("text"), .date("issued"), .date("adopted"), .date("effective"), .integer("pages")])
    func parse(_ query: String) throws -> Query { try QueryParser.parse(query, schema: schema).query }
    func day(_ text: String) -> FieldValue? { CalendarDate(text).map { .date($0) } }
    func effective(_ from: String?, _ through: String?) -> Query {
      .range("effective", from: from.flatMap(day), through: through.flatMap(day))
    }
    for (query, from, through) in [
      ("2023", "2023-01-01", "2023-12-31"), ("2024-02", "2024-02-01", "2024-02-29"), ("2023-5-1", "2023-05-01", "2023-05-01"),
      ("2023年5月", "2023-05-01", "2023-05-31"), ("20230501", "2023-05-01", "2023-05-01"), ("２０２３.５.１", "2023-05-01", "2023-05-01"),
      ("2023-01..2023-06", "2023-01-01", "2023-06-30"), (">=2023", "2023-01-01", nil), (">2023", "2024-01-01", nil),
      ("<2023-02", nil, "2023-01-31"), ("<=2023-02", nil, "2023-02-28"), ("2023..", "2023-01-01", nil), ("..2023", nil, "2023-12-31"),
      ("*", nil, nil), ("2022年至2023年6月", "2022-01-01", "2023-06-30"), ("\"2023\"", "2023-01-01", "2023-12-31"),
    ] as [(String, String?, String?)] {
      #expect(try parse("施行日期:\(query)") == effective(from, through), "\(query)")
    }
    #expect(try parse("日期:2023") == .any(["issued", "adopted"].map { .range($0, from: day("2023-01-01"), through: day("2023-12-31")) }))
    #expect(try parse("-effective:2023 a") == .excluding(.text("a"), effective("2023-01-01", "2023-12-31")))
    #expect(try parse("pages:3..7") == .range("pages", from: .integer(3), through: .integer(7)))
    #expect(try parse("pages:>-3") == .range("pages", from: .integer(-2), through: nil))
    for query in ["effective:2023-13", "effective:soon", "pages:..", "pages:1.5", "effective:2023-02-30"] {
      let result = try QueryParser.parse(query, schema: schema)
      #expect(result.warnings.count == 1 && result.query == .literal(String(query.drop { $0 != ":" }.dropFirst())), "\(query)")
    }
  }

  @Test func `takes what is asked of a field of values for a condition`() throws {
    let kind = Query.field("issuer", .text("浙江省"))
    let other = Query.field("issuer", .text("河北省"))
    let days = Query.range("date", from: nil, through: nil)
    #expect(try parse("issuer:浙江省 安全") == .all([.weighted(kind, 0), .text("安全")]))
    #expect(try parse("安全 issuer:浙江省 生产") == .all([.weighted(kind, 0), .any([.text("安全"), .text("生产")])]))
    #expect(try parse("issuer:浙江省 issuer:河北省 安全 date:*") == .all([.weighted(.any([kind, other]), 0), days, .text("安全")]))
    #expect(try parse("issuer:浙江省 +a b") == .preferring(.all([.weighted(kind, 0), .literal("a")]), .text("b")))
    #expect(try parse("issuer:浙江省 date:*") == .all([kind, days]))
    #expect(try parse("issuer:浙江省 -a") == .excluding(kind, .literal("a")))
    #expect(try parse("issuer:浙江省^2 a") == .any([.field("issuer", .weighted(.text("浙江省"), 2)), .text("a")]))
    #expect(try parse("date:* OR a") == .any([days, .literal("a")]))
    #expect(try parse("title:a b") == .any([.field("title", .text("a")), .text("b")]))
    #expect(
      try parse("(issuer:浙江省 a) OR b")
        == .any([.all([.weighted(.field("issuer", .literal("浙江省")), 0), .literal("a")]), .literal("b")]))
  }

  @Test func `says what it searches as text, and refuses it when it is to be strict`() throws {
    for (query, message) in [
      ("\"政府", "quotation mark"), ("(政府", "bracket"), ("a AND", "'AND'"), ("OR a", "'OR'"), ("AND", "operator"),
      ("tilte:a", "did you mean title"),
      ("date:never", "no day"), ("a AND OR b", "'OR'"),
    ] {
      let result = try QueryParser.parse(query, schema: schema)
      #expect(result.warnings.contains { $0.message.contains(message) }, "\(query): \(result.warnings)")
      #expect(throws: QuerySyntaxError.self, "\(query)") { try QueryParser.parseStrictly(query, schema: schema) }
    }
    for query in ["安全 责任", "首台(套)", "a AND NOT b", "http://a.b/c", "时间:2023", "5\" 屏", "(a OR b) AND c", "-a b", "政府)"] {
      #expect(try QueryParser.parse(query, schema: schema).warnings == [], "\(query)")
    }
  }

  @Test func `refuses with a message and a place`() {
    for query in ["", "   ", "()", "-a", "NOT a", "-a -b"] {
      #expect(throws: QuerySyntaxError.self, "\(query)") { try parse(query) }
    }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "(", count: 100) + "a" + String(repeating: ")", count: 100)) }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "a", count: QueryParser.maximumLength + 1)) }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "\"a\" ", count: QueryParser.maximumClauseCount + 1)) }
    for piece in ["a* ", "*a ", "a~ ", "\"a b\"~2 ", "a NEAR b ", "(a b c)@2 "] {
      #expect(throws: Never.self) { try parse(String(repeating: piece, count: QueryParser.maximumCostlyClauseCount)) }
      #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: piece, count: QueryParser.maximumCostlyClauseCount + 1)) }
    }
    let error = QuerySyntaxError("wrong", in: "甲a乙", at: 3..<4)
    #expect(error.drawing == "甲a乙\n  ^")
  }

  @Test(arguments: SeededRandom.seeds(10)) func `never crashes, whatever is typed`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = [
      "(", ")", "\"", "“", "”", "+", "-", "AND", "OR", "NOT", " ", "a", "政府", "title:", "issuer：", "^2", "^", "^9999999999", ":",
      "\u{3000}", "\\", "（", "）", "）@2", "@50%", "*", "?", "＊", "~", "~2", "NEAR", "NEAR/3", "与", "或", "非", "标题：", "date:", "2023", "..",
      ">=",
      "＂", "～", "－", "＋", "＾",
    ]
    for _ in 0..<2000 {
      let query = (0..<random.below(14)).map { _ in random.element(pieces) }.joined()
      _ = try? parse(query)
    }
  }

  @Test func `is linear in hostile queries`() {
    for piece in [
      "a* ", "a~ ", "\"a\"~3 ", "(a)b ", "(((a)b", "a NEAR b ", "(a)@2 ", "title:", "date:2023 ", "*", "a?b", "＂", "(a ", "a AND ", "\"",
      "“", "title:", "((", "a\"b", "-(", "a OR (b ",
    ] {
      _ = try? parse(String(repeating: piece, count: 60_000 / piece.utf8.count))
    }
  }
}
