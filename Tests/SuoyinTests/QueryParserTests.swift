// Does the parser understand what people type, and survive what they should not?
import Suoyin
import SuoyinTestKit
import Testing

@Suite struct QueryParserTests {
  private let schema = Schema([.text("title"), .text("text"), .keyword("issuer"), .date("date")])

  private func parse(_ query: String) throws -> Query { try QueryParser.parse(query, schema: schema) }

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
    #expect(try parse("date:2023") == .text("date:2023"))  // stored, not searched
  }

  @Test func `takes what cannot be an operator as text`() throws {
    #expect(try parse("(政府") == .text("政府"))
    #expect(try parse("政府)") == .text("政府)"))
    #expect(try parse("\"政府") == .text("\"政府"))
    #expect(try parse("a AND") == .literal("a"))
    #expect(try parse("AND a") == .text("a"))
    #expect(try parse("a^b ^2") == .text("a^b ^2"))
    #expect(try parse("- a") == .text("- a"))
    #expect(try parse("title: a") == .text("title: a"))
  }

  @Test func `refuses with a message and a place`() {
    for query in ["", "   ", "()", "AND", "-a", "NOT a", "-a -b"] {
      #expect(throws: QuerySyntaxError.self, "\(query)") { try parse(query) }
    }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "(", count: 100) + "a" + String(repeating: ")", count: 100)) }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "a", count: QueryParser.maximumLength + 1)) }
    #expect(throws: QuerySyntaxError.self) { try parse(String(repeating: "\"a\" ", count: QueryParser.maximumClauseCount + 1)) }
    let error = QuerySyntaxError("wrong", in: "甲a乙", at: 3..<4)
    #expect(error.drawing == "甲a乙\n  ^")
  }

  @Test(arguments: SeededRandom.seeds(10)) func `never crashes, whatever is typed`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = [
      "(", ")", "\"", "“", "”", "+", "-", "AND", "OR", "NOT", " ", "a", "政府", "title:", "issuer：", "^2", "^", "^9999999999", ":",
      "\u{3000}", "\\",
    ]
    for _ in 0..<2000 {
      let query = (0..<random.below(14)).map { _ in random.element(pieces) }.joined()
      _ = try? parse(query)
    }
  }

  @Test func `is linear in hostile queries`() {
    for piece in ["(a ", "a AND ", "\"", "“", "title:", "((", "a\"b", "-(", "a OR (b "] {
      _ = try? parse(String(repeating: piece, count: 60_000 / piece.utf8.count))
    }
  }
}
