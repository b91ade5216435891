// Which label is believed, rule by rule?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("Labels make the parts of a document")
struct OutlineTests {
  private func places(_ text: String, _ format: InputFile.Format = .plainText) -> [String] {
    let reading = StructureReading(text, format)
    #expect(reading.brokenRule == nil)
    return reading.places
  }

  // MARK: Articles

  @Test("An article goes on to the next article or heading, its items with it")
  func articles() {
    let reading = StructureReading("# 条例\n\n第一条 甲。\n\n（一）乙；\n\n第二条 丙。\n## 第二章 丁\n\n第三条 己。\n\n")
    #expect(reading.texts == ["甲。\n（一）乙；", "丙。", "己。"])
    #expect(reading.labels == ["第一条", "第二条", "第三条"])
    #expect(reading.headings == ["第二章", "丁"] || reading.headings == ["第二章丁"] || reading.headings.joined() == "第二章丁")
    #expect(reading.passages[2].path == ["第二章丁"])
  }

  @Test("A label on a line of its own, in bold or behind number signs is no part of the text")
  func labelAlone() {
    let reading = StructureReading("###### 第一条\n\n甲。\n\n乙。\n\n###### **第二条**\n丙。\n第三条\n\n丁。\n**第四条**　戊。\n###### 第五条\n\n")
    #expect(reading.texts == ["甲。\n乙。", "丙。", "丁。", "戊。", ""])
    #expect(reading.labels == (1...5).map { "第\(chinese($0))条" })
    #expect(reading.brokenRule == nil)
  }

  @Test(
    "What follows the label may be a blank, the end, bold marks, a colon or a bracket",
    arguments: ["第一条 甲", "第一条　甲", "第一条\t甲", "第一条\u{A0}甲", "第一条", "第一条**甲", "第一条：甲", "第一条:甲", "第一条【甲】", "第一条（甲）", "第一条(甲)"])
  func separators(line: String) {
    #expect(StructureReading(line).labels == ["第一条"])
    #expect(StructureReading("　　" + line, .plainText).labels == ["第一条"])
    #expect(StructureReading("## **" + line, .plainText).labels == ["第一条"])
  }

  @Test(
    "A reference to an article is no article, even when its number comes next",
    arguments: ["、第二条所称", "的决定》", "规定", "第二款", "和第二条", "所称", "款", "项", "，反对", "至第三条", "定", "之规定", "或者", "》"])
  func references(rest: String) {
    #expect(StructureReading("甲。\n第一条\(rest)").labels == [])
    // Nor inside a line, where it must stand behind a sentence and before a blank.
    #expect(StructureReading("第一条 甲。第二条\(rest) 乙").labels == ["第一条"])
    #expect(StructureReading("第一条 依照第二条 乙").labels == ["第一条"])
  }

  @Test("A label with text right behind it is believed when its number comes next")
  func gluedText() {
    #expect(StructureReading("第一条甲\n第三条乙\n第二条丙\n第二条之一丁\n第二条之三戊\n第三条己").labels == ["第一条", "第二条", "第二条之一", "第三条"])
    #expect(StructureReading("第二条甲").labels == [])
    #expect(StructureReading("第五条 甲\n第六条乙\n第一条丙").labels == ["第五条", "第六条"])
  }

  @Test("An article that is glued to the sentence, heading or header before it begins there")
  func gluedArticles() {
    #expect(StructureReading("第一条 甲。第二条 乙。第四条 丙。").labels == ["第一条", "第二条"])
    let reading = StructureReading("条例\n2010年7月30日某会议《决定》修正第一条 甲。第二章　乙\n\n第二条 丙。\n\n第三章 丁第三条 戊。", .plainText)
    #expect(reading.labels == ["第一条", "第二条", "第三条"])
    #expect(reading.texts == ["甲。", "丙。", "戊。"])
    #expect(reading.passages.map(\.path) == [[], ["第二章乙"], ["第三章丁"]])
    #expect(reading.header == "条例\n2010年7月30日某会议《决定》修正")
    #expect(reading.document.metadata.amended.map(\.description) == ["2010-07-30"])
  }

  @Test(
    "Numbers may be Chinese, ASCII or full-width, with insertions, spaces and traditional characters",
    arguments: ["第十七条", "第17条", "第１７条", "第一七条", "第一百零三条之一", "第 17 條", "第 17-1 條", "第七十五 条", "第　三　条", "第三条之十二"])
  func labels(label: String) {
    let reading = StructureReading("\(label) 甲")
    #expect(reading.labels == [label])
    #expect(reading.texts == ["甲"])
  }

  @Test("What only looks like a label is a paragraph", arguments: ["第条 甲", "第一1条 甲", "第一", "第", "第 ", "一条 甲", "第一二三四五六七八九十百千一条 甲"])
  func noLabels(line: String) {
    #expect(StructureReading("甲。\n" + line, .plainText).labels == [])
  }

  // MARK: Divisions

  @Test(
    "A division is a heading over articles",
    arguments: ["第二章 总则", "第二章", "第一编　总则", "第一分编 通则", "第三節 附則", "第五章附则", "第四章　应急处置第一节　应对措施", "第五章 排除、限制竞争"])
  func divisions(line: String) {
    for mark in ["", "　## **"] {
      let reading = StructureReading("第一条 甲。\n\(mark)\(line)\(mark.isEmpty ? "" : "**")\n第二条 乙。", .plainText)
      #expect(reading.texts == ["甲。", "乙。"])
      #expect(reading.headings.joined().filter { !$0.isWhitespace } == line.filter { !$0.isWhitespace })
      #expect(reading.brokenRule == nil)
    }
  }

  @Test(
    "A sentence that begins with a division's name is none",
    arguments: [
      "第二章的规定适用。", "第二章 总则。", "第二章、第三章", "第二章规定", "第二章适用于甲，乙",
      "第二章 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七",
    ])
  func noDivisions(line: String) {
    #expect(StructureReading("第一条 甲。\n\(line)\n乙。", .plainText).texts == ["甲。\n\(line)\n乙。"])
  }

  @Test("Divisions nest by rank, whatever their headings' levels")
  func ranks() {
    let text = "第一篇 甲\n第一章 乙\n#### 第一节 丙\n子。\n**第二章 丁**\n##### 第一节 戊\n丑。\n# 第二篇 己\n第三章 庚\n寅。"
    #expect(places(text, .markdown) == ["第一编第一章第一节", "第一编第二章第一节", "第二编第三章"])
  }

  // MARK: 一、（一）1.

  @Test("一、 holds （一）, which holds 1.; a number goes on or begins anew")
  func levels() {
    #expect(places("一、甲\n（一）乙\n1.子。\n2.丑。\n（二）丙\n1.寅。\n二、丁\n（一）卯。") == ["一、(一)1.", "一、(一)2.", "一、(二)1.", "二、(一)"])
    // Numbers that count through, as in 一、…（三） 二、（四）….
    #expect(places("一、甲\n（一）子。\n（二）丑。\n二、乙\n（三）寅。\n（四）卯。") == ["一、(一)", "一、(二)", "二、(三)", "二、(四)"])
    #expect(places("一、甲\n1、子。\n2、丑。\n二、乙\n3、寅。") == ["一、1.", "一、2.", "二、3."])
    // Another order of levels.
    #expect(places("1.甲\n（一）子。\n（二）丑。\n2.乙\n（一）寅。") == ["1.(一)", "1.(二)", "2.(一)"])
  }

  @Test("Labels glued to the sentence before, in the order they must have")
  func gluedLabels() {
    #expect(places("一、甲\n\n子子子。二、乙\n\n（一）丑丑。寅。（二）卯卯。三、丙\n（三）辰辰。") == ["一、", "二、(一)", "二、(二)", "三、(三)"])
    #expect(places("一、甲。（一）乙乙，丙丙。1.子子。丑。2.寅寅。（二）丁。3.卯。") == ["一、(一)1.", "一、(一)2.", "一、(二)3."])
    // Behind the bracket with which a measure ends.
    #expect(places("（一）甲甲。(省商务厅)（二）乙乙。(省教育厅)") == ["(一)", "(二)"])
  }

  @Test(
    "What only looks like a label in a sentence is none",
    arguments: [
      "达到1.8 万家。", "打造3.0 版。", "增长3.4%。", "计划(2022-2024)实施。", "见《办法》(2023)。", "依照第三章。一、二、三级医院。", "为3。4.5万户。", "每年1-3个。",
      "一是甲。二是乙。", "第一个阶段的目标。", "按照(三)执行。", "本条第一款第（二）项。", "2023年。2.0版。",
    ])
  func traps(sentence: String) {
    let reading = StructureReading("一、甲\n子子。\(sentence)丑丑。\n二、乙\n寅。", .plainText)
    #expect(reading.places == ["一、", "二、"])
    #expect(reading.brokenRule == nil)
  }

  @Test("（1） and ① count items of a passage, not passages")
  func items() {
    #expect(places("一、甲\n1.乙：\n（1）子；\n（2）丑。\n①寅\n2.丙。") == ["一、1.", "一、2."])
  }

  @Test("第一部分, 第N个行动 and 第N个方面")
  func counted() {
    // Long enough for a page on one line, whose blanks are where its lines ended.
    let text =
      "一、甲 " + String(repeating: "子子子子子。 ", count: 60) + "第一部分是乙。丑。第二部分是丙 第一个专项行动是丁,包括: 1.寅。2.卯。 第二个专项行动戊。 1.辰。第三部分是己 第一个方面是庚。巳。 第二个方面是辛。午。"
    #expect(
      places(text) == [
        "一、", "一、第一部分", "一、第二部分第一个行动1.", "一、第二部分第一个行动2.", "一、第二部分第二个行动1.", "一、第三部分第一个方面", "一、第三部分第二个方面",
      ])
  }

  @Test("Headings of articles that stand between them, as in interpretations: 一、管辖, 二、回避")
  func headingsOverArticles() {
    let reading = StructureReading("一、管辖\n第一条 甲：\n一、子；\n二、丑。\n第二条 乙。\n二、回避\n第三条 丙。", .plainText)
    #expect(reading.labels == ["第一条", "第二条", "第三条"])
    #expect(reading.passages.map(\.path) == [["一、管辖"], ["一、管辖"], ["二、回避"]])
  }

  // MARK: Headings

  @Test("A heading that stands alone is no text; one that runs into its sentence is")
  func headings() {
    let reading = StructureReading("一、总体要求\n坚持。\n（一）指导思想。坚持甲。\n（二）实施行动,优化空间。\n1.整治。乙。", .plainText)
    #expect(reading.texts == ["坚持。", "指导思想。坚持甲。", "整治。乙。"])
    #expect(reading.passages.map(\.heading) == ["总体要求", "指导思想", "整治"])
    #expect(reading.passages[2].path == ["一、总体要求", "(二)实施行动,优化空间。"] || reading.passages[2].path == ["一、总体要求", "（二）实施行动,优化空间。"])
  }

  @Test("Markdown headings hold paragraphs; a heading over nothing is a passage")
  func markdownHeadings() {
    let reading = StructureReading("# 甲\n## 乙\n子。\n### 丙\n丑。\n## 丁\n")
    #expect(reading.texts == ["子。", "丑。", "丁"])
    #expect(reading.passages.map(\.path) == [[], ["乙"], []])
    #expect(reading.passages.map(\.heading) == ["乙", "丙", nil])
  }

  @Test("In plain text, number signs make headings only when the first line begins with one")
  func headingsInPlainText() {
    #expect(StructureReading("第一条 甲\n# 乙\n丙", .plainText).texts == ["甲\n# 乙\n丙"])
    #expect(StructureReading("第一条 甲\n# 乙\n丙", .markdown).texts == ["甲", "丙"])
    #expect(StructureReading("\n# 丁\n第一条 甲\n# 乙\n丙", .plainText).texts == ["甲", "丙"])
    #expect(StructureReading("# 甲\n子。\n#标题\n乙\n#话题#\n####### 甲\n#\n#abc").headings == ["标题"])
  }

  @Test("A part of more than 6,000 bytes has a passage for each paragraph; an article never")
  func longParts() {
    let paragraph = String(repeating: "字", count: 1000) + "。"
    let text = "一、甲\n" + Array(repeating: paragraph, count: 3).joined(separator: "\n")
    let reading = StructureReading(text, .plainText)
    #expect(reading.texts.count == 3)
    #expect(reading.places == ["一、", "一、", "一、"])
    #expect(reading.labels == ["一、"])
    #expect(reading.brokenRule == nil)
    #expect(StructureReading("第一条 " + text.dropFirst(4), .plainText).texts.count == 1)
  }

  // MARK: Lines

  @Test(
    "Lines end at LF, CRLF, CR and CR CR LF, and a byte order mark is no text",
    arguments: ["\n", "\r\n", "\r", "\r\r\n", "\n\n", "\r\n\r\n"])
  func lineEnds(end: String) {
    let text = ["# 甲", "第一条 丙", "丁", ""].joined(separator: end)
    for start in ["", "\u{FEFF}", end, "\u{FEFF}" + end] {
      #expect(StructureReading(start + text).texts == ["丙\n丁"])
      #expect(StructureReading(start + text).title == "甲")
    }
  }

  @Test("A text without text has no passages", arguments: ["", "\n", " \t　\r\n", "\u{FEFF}", "\u{FEFF}\u{200B}\n", "#\n## \n"])
  func empty(text: String) {
    #expect(StructureReading(text).file.documents.allSatisfy { $0.passages.isEmpty })
    #expect(StructureReading(text).title == nil)
  }
}
