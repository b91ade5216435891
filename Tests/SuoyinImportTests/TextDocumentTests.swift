// Are passages cut where a reader would cut them?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("A text is cut into passages")
struct TextDocumentTests {
  @Test("An article goes on to the next article or heading")
  func articles() {
    let reading = PassageReading("# 条例\n\n第一条 甲。\n\n（一）乙；\n\n第二条 丙。\n## 第二章 丁\n戊。\n\n第三条 己。\n\n")
    #expect(reading.texts == ["条例", "第一条 甲。\n\n（一）乙；", "第二条 丙。", "第二章 丁", "戊。", "第三条 己。"])
    #expect(reading.labels == ["第一条", "第二条", "第三条"])
    #expect(reading.title == "条例")
  }

  @Test("A label on a line of its own is not part of the text")
  func labelAlone() {
    let reading = PassageReading("###### 第一条\n\n甲。\n\n乙。\n\n###### **第二条**\n丙。\n第三条\n\n丁。\n###### 第四条\n\n")
    #expect(reading.texts == ["甲。\n\n乙。", "丙。", "丁。", "第四条"])
    #expect(reading.labels == ["第一条", "第二条", "第三条", "第四条"])
  }

  @Test("A bold label stays as it is but for the marks before it")
  func boldLabel() {
    let reading = PassageReading("**第一条**　甲。\n**第二条 乙**\n丙。\n### 第三条（丁）\n戊。")
    #expect(reading.texts == ["第一条**　甲。", "第二条 乙**\n丙。", "第三条（丁）\n戊。"])
    #expect(reading.labels == ["第一条", "第二条", "第三条"])
  }

  @Test(
    "What follows the label may be a blank, the end, bold marks, a colon or a bracket",
    arguments: ["第一条 甲", "第一条　甲", "第一条\t甲", "第一条\u{A0}甲", "第一条", "第一条**甲", "第一条：甲", "第一条:甲", "第一条【甲】", "第一条（甲）", "第一条(甲)"])
  func separators(line: String) {
    #expect(PassageReading(line).labels == ["第一条"])
    #expect(PassageReading("　　" + line, .plainText).labels == ["第一条"])
    #expect(PassageReading("## **" + line, .plainText).labels == ["第一条"])
  }

  @Test(
    "A reference to an article is no article, even when its number comes next",
    arguments: ["、第二条所称", "的决定》", "规定", "第二款", "和第二条", "所称", "款", "项", "，反对", "至第三条", "定", "之规定", "或者", "》"])
  func references(rest: String) {
    #expect(PassageReading("甲。\n第一条\(rest)").texts == ["甲。", "第一条\(rest)"])
    #expect(PassageReading("甲。\n第一条\(rest)").labels == [])
  }

  @Test("A label with text right behind it is believed when its number comes next")
  func gluedLabels() {
    #expect(PassageReading("第一条甲\n第三条乙\n第二条丙\n第二条之一丁\n第二条之三戊\n第三条己").labels == ["第一条", "第二条", "第二条之一", "第三条"])
    #expect(PassageReading("第二条甲").labels == [])
    #expect(PassageReading("第五条 甲\n第六条乙\n第一条丙").labels == ["第五条", "第六条"])
  }

  @Test(
    "Numbers may be Chinese, ASCII or full-width, with insertions, spaces and traditional characters",
    arguments: ["第十七条", "第17条", "第１７条", "第一七条", "第一百零三条之一", "第 17 條", "第 17-1 條", "第七十五 条", "第　三　条", "第三条之十二"])
  func labels(label: String) {
    let reading = PassageReading("\(label) 甲")
    #expect(reading.labels == [label])
    #expect(reading.texts == ["\(label) 甲"])
  }

  @Test(
    "What only looks like a label is a paragraph",
    arguments: ["第条 甲", "第一1条 甲", "第一", "第", "第一条", "第 ", "一条 甲", "第一二三四五六七八九十百千一条 甲"].filter { $0 != "第一条" })
  func noLabels(line: String) {
    #expect(PassageReading(line, .plainText).labels == [])
    #expect(PassageReading(line, .plainText).texts.count == 1)
  }

  @Test(
    "A division ends an article and is a passage",
    arguments: ["第二章 总则", "第二章", "第一编　总则", "第一分编 通则", "第三節 附則", "第五章附则", "第四章　应急处置第一节　应对措施", "第五章 排除、限制竞争"])
  func divisions(line: String) {
    #expect(PassageReading("第一条 甲。\n\(line)\n乙。", .plainText).texts == ["第一条 甲。", line, "乙。"])
    #expect(PassageReading("第一条 甲。\n　## **\(line)**\n乙。", .plainText).texts == ["第一条 甲。", line, "乙。"])
  }

  @Test(
    "A sentence that begins with a division's name is none",
    arguments: [
      "第二章的规定适用。", "第二章 总则。", "第二章、第三章", "第二章规定", "第二章适用于甲，乙",
      "第二章 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七",
    ])
  func noDivisions(line: String) {
    #expect(PassageReading("第一条 甲。\n\(line)\n乙。", .plainText).texts == ["第一条 甲。\n\(line)\n乙。"])
  }

  @Test("In plain text, number signs make headings only when the first line begins with one")
  func headingsInPlainText() {
    #expect(PassageReading("第一条 甲\n# 乙\n丙", .plainText).texts == ["第一条 甲\n# 乙\n丙"])
    #expect(PassageReading("第一条 甲\n# 乙\n丙", .markdown).texts == ["第一条 甲", "乙", "丙"])
    #expect(PassageReading("\n# 丁\n第一条 甲\n# 乙\n丙", .plainText).texts == ["丁", "第一条 甲", "乙", "丙"])
    #expect(PassageReading("#标题\n#话题#\n####### 甲\n#\n#abc").texts == ["标题", "#话题#", "####### 甲", "#abc"])
  }

  @Test(
    "Lines end at LF, CRLF, CR and CR CR LF, and a byte order mark is no text",
    arguments: ["\n", "\r\n", "\r", "\r\r\n", "\n\n", "\r\n\r\n"])
  func lineEnds(end: String) {
    let text = ["# 甲", "乙", "第一条 丙", "丁", ""].joined(separator: end)
    for start in ["", "\u{FEFF}", end, "\u{FEFF}" + end] {
      #expect(PassageReading(start + text).texts == ["甲", "乙", "第一条 丙\(end)丁"])
      #expect(PassageReading(start + text).title == "甲")
    }
  }

  @Test("U+0085, U+2028 and U+2029 end no line")
  func otherLineEnds() {
    #expect(PassageReading("甲\u{85}乙\u{2028}丙\u{2029}丁").texts == ["甲\u{85}乙\u{2028}丙\u{2029}丁"])
  }

  @Test("A text without text has no passages", arguments: ["", "\n", " \t　\r\n", "\u{FEFF}", "\u{FEFF}\u{200B}\n", "#\n## \n"])
  func empty(text: String) {
    #expect(PassageReading(text).texts == [])
    #expect(PassageReading(text).title == nil)
  }

  @Test("Documents carry title, label, text and file, and keys count from one")
  func documents() {
    let documents = TextDocument(Array("# 条例\n第一条 甲。".utf8), as: .markdown).documents(name: "法规/条例.md")
    #expect(documents.map(\.key.description) == ["法规/条例.md#1", "法规/条例.md#2"])
    #expect(documents[0].fields == ["title": "条例", "text": "条例", "file": "法规/条例.md"])
    #expect(documents[1].fields == ["title": "条例", "label": "第一条", "text": "第一条 甲。", "file": "法规/条例.md"])
    let many = TextDocument(Array(String(repeating: "甲。\n", count: 120).utf8), as: .plainText).documents(name: "a")
    #expect(many.map(\.key.description) == (1...120).map { "a#\($0)" })
    #expect(many[0].fields["title"] == nil)
  }
}
