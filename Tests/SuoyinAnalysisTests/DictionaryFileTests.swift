// Are files of words read as people have them, and written so that they read back?
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct DictionaryFileTests {
  private func parse(_ text: String) throws -> DictionaryFile { try DictionaryFile(parsing: Array(text.utf8)) }

  @Test(arguments: ["\n", "\r\n", "\r"]) func `reads lines that end in LF, CR LF or CR, with and without a byte order mark`(end: String)
    throws
  {
    for mark in ["", "\u{FEFF}"] {
      for last in ["", end] {
        let file = try parse(mark + ["碳达峰\t9", "# 注释", "", "放管服", "!中小企业"].joined(separator: end) + last)
        #expect(file.changes == [.add("碳达峰", weight: 9), .add("放管服", weight: 1), .remove("中小企业")])
        #expect(file.problems.isEmpty)
      }
    }
  }

  private static let lines: [(line: String, change: DictionaryFile.Change?)] = [
    ("", nil), ("   ", nil), ("# 互联网", nil), ("\t# 互联网", nil),
    ("互联网", .add("互联网", weight: 1)), ("  互联网\u{3000}", .add("互联网", weight: 1)), ("互联网 # 注释", .add("互联网", weight: 1)),
    ("互联网\t25", .add("互联网", weight: 25)), ("互联网\t 25 ", .add("互联网", weight: 25)), ("互联网 0.5", .add("互联网", weight: 0.5)),
    ("互联网\u{3000}3", .add("互联网", weight: 3)), ("互联网\t", .add("互联网", weight: 1)), ("互联网\t1000000000", .add("互联网", weight: 1e9)),
    ("互聯網", .add("互联网", weight: 1)), ("５Ｇ网络", .add("5g网络", weight: 1)), ("一带一路", .add("一带一路", weight: 1)),
    ("!互聯網", .remove("互联网")), ("! 互联网 # 不要", .remove("互联网")),
  ]

  @Test(arguments: lines.indices) func `reads a line`(index: Int) throws {
    let file = try parse(Self.lines[index].line)
    #expect(file.problems.isEmpty && file.changes == [Self.lines[index].change].compactMap(\.self), "\(Self.lines[index])")
  }

  private static let badLines: [(line: String, reason: String)] = [
    ("网", "'网' is one cell; a word has 2 to 20"), ("5G", "'5G' is one cell"), (String(repeating: "网", count: 21), "has 21 cells"),
    ("互联网 多", "'互联网' is followed by '多', which is no weight"), ("互联网 0", "no weight"), ("互联网 -1", "no weight"), ("互联网 1e3", "no weight"),
    ("互联网 1000000001", "no weight"), ("互联网 0.0001", "no weight"), ("互联网 .", "no weight"), ("互联网\t1\t2", "there is more on the line"),
    ("互 联 网", "there is more on the line"), ("互 联网\t1", "'互 联网' has white space inside"), ("个人、工资", "has punctuation: 、"),
    ("GB/T", "has a sign or mark"), ("C#语言", "has a sign or mark"), ("网。络", "has punctuation: 。"), ("!", "'' is empty"),
    ("!网", "'网' is one cell"),
    ("!互联网 5", "a word that is taken out has no weight"), ("网络\u{301}", "has a sign or mark"),
    (String(repeating: "a", count: 254) + "网", "255 bytes"),
  ]

  @Test(arguments: badLines.indices) func `names a bad line with its number and the reason, and reads the others`(index: Int) throws {
    let (line, reason) = Self.badLines[index]
    let file = try parse("放管服\r\n\(line)\r\n双碳")
    #expect(file.changes == [.add("放管服", weight: 1), .add("双碳", weight: 1)])
    let problem = try #require(file.problems.first)
    #expect(file.problems.count == 1 && problem.line == 2 && problem.reason.contains(reason), "\(problem)")
  }

  @Test func `names lines that are not UTF-8`() throws {
    let file = try DictionaryFile(parsing: [0xFF, 0xFE, 0x0A] + Array("放管服".utf8))
    #expect(file.problems.map(\.description) == ["1: not UTF-8"] && file.changes.count == 1)
  }

  @Test(arguments: ["双碳", "双碳\t\n", "双碳\t0\n", "双碳\tx\n", "!\n", "\t5\n"]) func `refuses what it would not write`(text: String) {
    #expect(UserDictionary(rendered: Array(text.utf8)) == nil)
  }

  @Test func `the last line about a word holds`() throws {
    var dictionary = UserDictionary()
    try dictionary.apply(parse("双碳 1\n!双碳\n放管服\n放管服 7\n!营商环境\n營商環境").changes)
    #expect(dictionary.words == ["放管服": 7, "营商环境": 1] && dictionary.removed == ["双碳"])
    try dictionary.forget("雙碳")
    #expect(dictionary.removed.isEmpty)
  }

  @Test(arguments: SeededRandom.seeds(4)) func `what is written reads back`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      var dictionary = UserDictionary()
      for _ in 0..<random.below(12) {
        let word = RandomText.make(1 + random.below(5), hostility: 10, &random)
        if random.chance(1, in: 4) {
          _ = try? dictionary.remove(word)
        } else {
          _ = try? dictionary.add(word, weight: random.element([1, 2.5, 0.001, 123_456_789, 0.3]))
        }
      }
      let bytes = DictionaryFile.render(dictionary)
      let file = try DictionaryFile(parsing: bytes)
      var again = UserDictionary()
      again.apply(file.changes)
      #expect(UserDictionary(rendered: bytes) == dictionary, "\(random.advice)")
      #expect(file.problems.isEmpty && again == dictionary && DictionaryFile.render(again) == bytes, "\(random.advice)")
      #expect(again.digest == dictionary.digest)
    }
  }

  /// 苎 and 苧 are each other's Simplified form in ICU: whoever normalises a normalised word once more has another word.
  @Test(arguments: ["苎麻", "苧麻", "薴烯"]) func `what is stored is not normalised again`(word: String) throws {
    var dictionary = UserDictionary()
    try dictionary.add(word)
    #expect(UserDictionary(rendered: DictionaryFile.render(dictionary)) == dictionary)
    let settings = AnalyzerSettings(.chinese, userDictionary: dictionary)
    #expect(try Analyzer(settings).analyze(word).words.map(\.rule) == [.userWord])
  }
}
