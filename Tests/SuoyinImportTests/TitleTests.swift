// Is the title what a reader would take for it?
internal import SuoyinImport
import Testing

@Suite("A text has a title")
struct TitleTests {
  @Test("The title is the first heading of level one, else the first line when short, else the first heading")
  func order() {
    #expect(PassageReading("甲\n## 乙\n# 丙").title == "丙")
    #expect(PassageReading("甲\n## 乙").title == "甲")
    #expect(PassageReading("**政府工作报告**\n## 一、回顾").title == "政府工作报告")
    #expect(PassageReading("甲。\n## 乙").title == "乙")
    #expect(PassageReading("## 乙\n甲").title == "乙")
    #expect(PassageReading("# **乙**\n甲").title == "乙")
    #expect(PassageReading("甲。\n乙").title == nil)
  }

  @Test("A first line is no title when it is long, a sentence, a label, or without letters")
  func notTitles() {
    let sixty = String(repeating: "字", count: 60)
    #expect(PassageReading("\n\n　\(sixty)\n甲", .plainText).title == sixty)
    #expect(PassageReading("\(sixty)字\n甲", .plainText).title == nil)
    let wide = String(repeating: "𠀀", count: 60)
    #expect(PassageReading("\(wide)\n甲", .plainText).title == wide)
    for line in ["甲。", "甲！乙", "甲？", "甲；", "第一条 甲", "第一章 甲", "------", "* * *"] {
      #expect(PassageReading("\(line)\n甲", .plainText).title == nil, "\(line)")
    }
    #expect(PassageReading("ISO 9001", .plainText).title == "ISO 9001")
  }

  @Test("What comes after the first article or chapter is no title")
  func afterArticles() {
    #expect(PassageReading("第一条 甲\n# 附件").title == nil)
    #expect(PassageReading("第一章 甲\n# 附件").title == nil)
    #expect(PassageReading("## 第一章 甲\n# 附件").title == nil)
  }

  @Test("Front matter and comments are passages, but not the title")
  func frontMatter() {
    let reading = PassageReading("---\nsidebar: auto\n# yaml\n---\n<!-- x -->\n甲\n乙")
    #expect(reading.texts == ["---", "sidebar: auto", "yaml", "---", "<!-- x -->", "甲", "乙"])
    #expect(reading.title == "甲")
    #expect(PassageReading("---\nsidebar: auto\n---\n# 甲").title == "甲")
  }

  @Test(
    "A title that front matter declares is the title, without its quotes",
    arguments: ["title: 乙", "title:　乙 ", "title: \"乙\"", "title: '乙'", "source: x\ntitle: 乙\ntitle: 丙"])
  func declared(lines: String) {
    let reading = PassageReading("---\n\(lines)\n---\n# 甲\n第一条 丁")
    #expect(reading.title == "乙")
    #expect(reading.brokenRule == nil)
    #expect(reading.texts.contains { $0.hasPrefix("title:") })
  }

  @Test("A title of several lines, or none, is not read", arguments: ["title: |", "title: >-", "title:", "title: \"\"", "subtitle: 乙"])
  func notDeclared(line: String) {
    #expect(PassageReading("---\n\(line)\n---\n# 甲").title == "甲")
  }
}
