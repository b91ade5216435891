// Does a citation lead to its passage, and does parse show what was understood?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct CiteCommandTests {
  /// An index of Corpus/seeds, made once for all tests here, which only read it.
  private static let workspace: Workspace? = {
    let workspace = try? Workspace()
    return (try? workspace?.suoyin("index", Workspace.seeds))?.status == 0 ? workspace : nil
  }()

  @Test(arguments: ["浙政发〔2023〕4号 二、(三)8.", "浙政发[2023]4 号 二、（三）8", "浙江省“415X”先进制造业集群建设行动方案(2023—2027 年) 8."])
  func `a measure is found by number or title and place`(citation: String) throws {
    let lines = try #require(Self.workspace).succeed("cite", citation).output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0] == "《浙江省“415X”先进制造业集群建设行动方案(2023—2027 年)》（浙政发〔2023〕4号）二、(三)8.")
    #expect(lines[1].hasPrefix("打造世界一流企业。深入实施“雄鹰行动”") && lines[1].hasSuffix("对标评价全覆盖。"))
    #expect(lines[2].hasPrefix("manufacturing-policy-compilation.txt#") && lines[2].contains("  p. 184  bytes "))
  }

  @Test func `a paragraph of an article is found, and quoted alone`() throws {
    let lines = try #require(Self.workspace).succeed("cite", "保定市促进先进制造业发展若干规定", "第17条第二款").output.split(separator: "\n")
    #expect(lines[0] == "《保定市促进先进制造业发展若干规定》（2023-11-30）第十七条第二款")
    #expect(lines.count == 3 && lines[1].hasPrefix("自然资源和规划部门应当推进") && lines[1].hasSuffix("盘活闲置工业用地。"))
  }

  @Test func `JSON gives the whole passage and the part that is meant`() throws {
    let result = try #require(Self.workspace).succeed("cite", "--json", "山东省先进制造业促进条例第二条第二款")
    let hit = try #require(JSON(result.lines[0]))
    #expect(hit["citation"]?.text == "《山东省先进制造业促进条例》（2024-09-26）第二条")
    let (text, part) = try (#require(hit["text"]?.text), #require(hit["part"]?.text))
    #expect(part.hasPrefix("促进先进制造业发展，应当遵循") && text.hasSuffix(part) && text != part)
  }

  @Test func `a part without a text of its own shows what is in it`() throws {
    let result = try #require(Self.workspace).succeed("cite", "浙政发〔2023〕4号 三、")
    let citations = result.output.split(separator: "\n").filter { $0.hasPrefix("《") }
    #expect(citations.map { $0.suffix(5) } == (["一", "二", "三", "四", "五", "六", "七"].map { "三、(\($0))" }))
  }

  @Test(arguments: [
    ("浙政发〔2023〕5号", "there is no document 浙政发〔2023〕5号 in the index"),
    ("保定市促进先进制造业发展若干规定 第九十九条", "《保定市促进先进制造业发展若干规定》 has no 第九十九条"),
    ("保定市促进先进制造业发展若干规定 第一条第三款", "《保定市促进先进制造业发展若干规定》 第一条 has no such paragraph or item"),
    ("保定市促进先进制造业发展若干规定（2019年修正） 第一条", "《保定市促进先进制造业发展若干规定》 is in the index, but no version of 2019"),
  ])
  func `what is not there is said, with exit code 1`(citation: String, message: String) throws {
    let result = try #require(Self.workspace).suoyin("cite", citation)
    #expect(result.status == 1 && result.output == "")
    #expect(result.errors == "suoyin: error: \(message)\n")
  }

  @Test func `nothing at all is a usage error`() throws {
    #expect(try #require(Self.workspace).suoyin("cite", " ").status == 2)
  }

  @Test func `versions of one title are told apart by their days`() throws {
    let workspace = try Workspace()
    for (year, text) in [(2001, "甲。"), (2018, "乙。")] {
      try workspace.write("laws/\(year).md", "# 某市条例\n\n\(year)年6月1日 某市第九届人民代表大会常务委员会第二次会议通过\n\n第一条 \(text)\n")
    }
    try workspace.succeed("index", "laws")
    let all = try workspace.succeed("cite", "某市条例 第一条").output
    #expect(all.contains("《某市条例》（2001-06-01）第一条\n甲。") && all.contains("《某市条例》（2018-06-01）第一条\n乙。"))
    let one = try workspace.succeed("cite", "某市条例（2018年版）第一条").output
    #expect(!one.contains("甲。") && one.contains("《某市条例》（2018-06-01）第一条\n乙。"))
  }

  @Test func `show has the passages around one`() throws {
    let workspace = try #require(Self.workspace)
    let name = "baoding-advanced-manufacturing-rules.md"
    func keys(_ key: String, _ context: String) throws -> [String] {
      try workspace.succeed("show", "--json", key, "--context", context).output.split(separator: "\n").compactMap {
        JSON(String($0))?["key"]?.text
      }
    }
    // Numbers, not texts: 9 is before 10.
    #expect(try keys("\(name)#10", "2") == [8, 9, 10, 11, 12].map { "\(name)#\($0)" })
    #expect(try keys("\(name)#1", "1") == ["\(name)#1", "\(name)#2"])
    #expect(try keys("\(name)#27", "9223372036854775807").count == 27)
    #expect(try workspace.suoyin("show", "\(name)#28", "--context", "1").status == 1)
    #expect(try workspace.suoyin("show", "\(name)#1", "--context", "-1").status == 2)
  }

  // MARK: parse

  @Test func `parse shows the tree and what is left out`() throws {
    let output = try Workspace().succeed("parse", "\(Workspace.seeds)/hebei-made-in-china-2025-opinion.txt").output
    let lines = output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "《河北省人民政府关于深入推进《中国制造2025》的实施意见》  河北省人民政府")
    #expect(
      lines.contains("  一、指导思想和战略目标") && lines.contains { $0.hasPrefix("      1.  引导先进制造业持续升级。") && $0.hasSuffix("[省发展改革委, 省工业和信息化厅]") })
  }

  @Test func `parse --json is the contract`() throws {
    let output = try Workspace().succeed("parse", "--json", Workspace.seeds).output
    let lines = output.split(separator: "\n").compactMap { JSON(String($0)) }
    func count(_ type: String) -> Int { lines.count { $0["type"]?.text == type } }
    #expect(count("document") == 12 && count("passage") == 254 && count("header") == 11)
    let originals = try Dictionary(
      uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: Workspace.seeds).map {
        ($0, try Data(contentsOf: URL(filePath: "\(Workspace.seeds)/\($0)")))
      })
    for line in lines where line["type"]?.text == "passage" {
      let name = String(try #require(line["document"]?.text?.split(separator: "#").first))
      let original = try #require(originals[name])
      let source = try #require(line["source"]?.ranges).map { String(decoding: original[$0], as: UTF8.self) }.joined()
      #expect(source.filter { !$0.isWhitespace } == line["text"]?.text?.filter { !$0.isWhitespace })
    }
    let law = try #require(lines.first { $0["title"]?.text == "保定市促进先进制造业发展若干规定" })
    #expect(law["dates"]?["adopted"]?.text == "2023-08-31" && law["number"] == nil && law["pages"] == nil)
  }

  @Test func `a file that cannot be read is said, and the others are shown`() throws {
    let workspace = try Workspace()
    try workspace.write("a/binary.txt", Array("甲\0乙".utf8))
    try workspace.write("a/good.txt", "第一条 甲。\n")
    let result = try workspace.suoyin("parse", "a")
    #expect(result.status == 65 && result.errors.contains("rejected: a/binary.txt: ") && result.output.contains("第一条"), "\(result)")
    #expect(try workspace.suoyin("parse", "nowhere").status == 66)
  }
}
