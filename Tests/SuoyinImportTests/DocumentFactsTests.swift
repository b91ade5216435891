// Is what a document says of itself found, and nothing else?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("A document has a title, a number, days and issuers where its text says so")
struct DocumentFactsTests {
  // MARK: Title

  @Test("The title is the first heading of level one, else the first line when short, else the first heading")
  func order() {
    #expect(StructureReading("甲\n## 乙\n# 丙").title == "丙")
    #expect(StructureReading("甲\n## 乙").title == "甲")
    #expect(StructureReading("**政府工作报告**\n## 一、回顾").title == "政府工作报告")
    #expect(StructureReading("甲。\n## 乙").title == "乙")
    #expect(StructureReading("## 乙\n甲").title == "乙")
    #expect(StructureReading("# **乙**\n甲").title == "乙")
    #expect(StructureReading("甲。\n乙").title == nil)
    #expect(StructureReading("# 中华人民共和国民法典\n\n# 人格权编\n\n2020年5月28日 某会议通过\n第一条 甲").title == "中华人民共和国民法典 人格权编")
  }

  @Test("A first line is no title when it is long, a sentence, a label, or without letters")
  func notTitles() {
    let sixty = String(repeating: "字", count: 60)
    #expect(StructureReading("\n\n　\(sixty)\n甲", .plainText).title == sixty)
    #expect(StructureReading("\(sixty)字\n甲", .plainText).title == nil)
    for line in ["甲。", "甲！乙", "甲？", "甲；", "第一条 甲", "第一章 甲", "------", "* * *"] {
      #expect(StructureReading("\(line)\n甲", .plainText).title != line, "\(line)")
    }
    #expect(StructureReading("ISO 9001", .plainText).title == "ISO 9001")
  }

  @Test("What comes after the first article or chapter is no title")
  func afterArticles() {
    #expect(StructureReading("第一条 甲\n# 附录").title == nil)
    #expect(StructureReading("第一章 甲\n# 附录").title == nil)
    #expect(StructureReading("## 第一章 甲\n# 附录").title == nil)
  }

  @Test("Front matter is header, and comments are left out")
  func frontMatter() {
    let reading = StructureReading("---\nsidebar: auto\n# yaml\n---\n<!-- x -->\n甲\n乙乙乙乙。")
    #expect(reading.header == "---\nsidebar: auto\n# yaml\n---\n甲")
    #expect(reading.title == "甲")
    #expect(reading.furniture == ["<!-- x -->"])
    #expect(reading.brokenRule == nil)
    #expect(StructureReading("---\nsidebar: auto\n---\n# 甲").title == "甲")
  }

  @Test(
    "A title that front matter declares is the title, without its quotes",
    arguments: ["title: 乙", "title:　乙 ", "title: \"乙\"", "title: '乙'", "source: x\ntitle: 乙\ntitle: 丙"])
  func declared(lines: String) {
    let reading = StructureReading("---\n\(lines)\n---\n# 甲\n第一条 丁")
    #expect(reading.title == "乙")
    #expect(reading.brokenRule == nil)
  }

  @Test("A title of several lines, or none, is not read", arguments: ["title: |", "title: >-", "title:", "title: \"\"", "subtitle: 乙"])
  func notDeclared(line: String) {
    #expect(StructureReading("---\n\(line)\n---\n# 甲").title == "甲")
  }

  // MARK: Number and issuers

  @Test(
    "A number behind the title, on a line of its own or in brackets is the document's own",
    arguments: [
      "某省人民政府关于甲的通知浙政发〔2023〕4 号各市人民政府:现将乙。", "某省人民政府关于甲的通知\n浙政发〔2023〕4号\n各市人民政府：\n现将乙。", "某省人民政府关于甲的通知\n（浙政发[2023]4号）\n各市人民政府：\n现将乙。",
    ])
  func ownNumber(text: String) {
    let reading = StructureReading(text, .plainText)
    #expect(reading.title == "某省人民政府关于甲的通知")
    #expect(reading.document.metadata.number?.hasPrefix("浙政发") == true && reading.document.metadata.number?.hasSuffix("4号") == true)
    #expect(reading.document.metadata.kind == "通知")
    #expect(reading.texts.count == 1 && reading.texts[0].hasPrefix("各市人民政府"))
    #expect(reading.brokenRule == nil)
  }

  @Test("A number that the text cites is not the document's")
  func citedNumber() {
    let reading = StructureReading("关于甲的解读\n\n按照《通知》(冀政办字〔2022〕99号)要求，制定本方案，内容很多，说得很长，以便它是一个段落。\n一、乙。", .plainText)
    #expect(reading.document.metadata.number == nil)
  }

  @Test("Days of adoption, approval, issue and amendment from the header, of effect and expiry from the text")
  func dates() {
    let text = """
      # 某市条例

      - 2001年6月29日 某市第九届人民代表大会常务委员会第二十七次会议通过

      - ２００１年７月１日某省第九届人民代表大会常务委员会第三次会议批准

      - 二〇一一年十一月二十五日 某会议修订

      第一条 甲，依照2015年1月1日施行的办法。

      第二条 本条例自2012年1月1日起施行，有效期至2022年12月31日。
      """
    let metadata = StructureReading(text).document.metadata
    #expect(metadata.adopted?.description == "2001-06-29" && metadata.approved?.description == "2001-07-01")
    #expect(metadata.amended.map(\.description) == ["2011-11-25"] && metadata.version?.description == "2011-11-25")
    #expect(metadata.effective?.description == "2012-01-01" && metadata.expires?.description == "2022-12-31")
    #expect(metadata.validity == nil && metadata.issuers == ["某市人民代表大会常务委员会"])
  }

  @Test("A day that is none, or of which nothing is said, is not guessed")
  func noDates() {
    let metadata = StructureReading("某市条例\n\n（2001年13月1日通过）\n\n第一条 自2012年1月1日起，甲。\n第二条 本条例自公布之日起施行。", .plainText).document.metadata
    #expect([metadata.adopted, metadata.approved, metadata.issued, metadata.effective, metadata.expires].allSatisfy { $0 == nil })
    #expect(metadata.kind == "条例" && metadata.amended.isEmpty && metadata.validity == nil && metadata.issuers.isEmpty)
  }

  @Test("The signature tells who and when; it is a passage of its own")
  func signature() {
    let reading = StructureReading("关于甲的意见\n各市：\n为了乙，提出意见，内容很多，说得很长，以便它是一个段落。\n一、丙\n丁丁丁。工业和信息化部 国家发展和改革委员会教育部商务部2020 年6月30日", .plainText)
    #expect(reading.passages.map(\.role) == [.lead, .part, .signature])
    #expect(reading.document.metadata.issuers == ["工业和信息化部", "国家发展和改革委员会", "教育部", "商务部"])
    #expect(reading.document.metadata.issued?.description == "2020-06-30")
    #expect(reading.brokenRule == nil)
  }

  @Test(
    "Units are those of the bracket that a measure ends with",
    arguments: [
      ("甲。(责任单位:省商务厅、省教育厅)", ["省商务厅", "省教育厅"]), ("甲。（牵头单位：市发改委；配合单位：市财政局，各县区政府）", ["市发改委", "市财政局", "各县区政府"]),
      ("甲。(省经信厅)", ["省经信厅"]), ("甲甲(中小企业)", []), ("甲。(此件公开发布)", []), ("甲(2023—2027年)", []), ("甲60家(个)", []),
    ])
  func units(text: String, units: [String]) {
    #expect(StructureReading("一、甲\n1.\(text)\n2.乙。", .plainText).passages[0].units == units)
  }

  @Test("A signature on lines of its own: offices, then the day, perhaps a bracket")
  func signatureLines() {
    let reading = StructureReading("关于甲的意见\n各市：\n为了乙，提出意见，内容很多，说得很长，以便它是一个段落。\n一、丙\n丁丁丁。\n某市人民政府\n某市财政局\n2024年5月6日\n（此件公开发布）", .plainText)
    #expect(reading.passages.map(\.role) == [.lead, .part, .signature])
    #expect(reading.texts.last == "某市人民政府\n某市财政局\n2024年5月6日\n（此件公开发布）")
    #expect(reading.document.metadata.issuers == ["某市人民政府", "某市财政局"] && reading.document.metadata.issued?.description == "2024-05-06")
    #expect(reading.brokenRule == nil)
  }

  @Test(
    "The number of a decree in one way of writing",
    arguments: [
      "2001年6月1日中华人民共和国国务院令第331号公布", "2001年6月1日 国务院令（第331号）发布", "2001年6月1日 国务院令第三百三十一号公布", "（2001年6月1日以国务院令第 331 号公布）",
    ])
  func decree(line: String) throws {
    let metadata = StructureReading("某某条例\n\(line)\n第一条 甲。", .plainText).document.metadata
    #expect(metadata.number == "国务院令第331号" && metadata.issuers == ["国务院"] && metadata.issued?.description == "2001-06-01")
    #expect(try CitationReference("《某某条例》（中华人民共和国国务院令第331号）第一条").number == "国务院令第331号")
    #expect(try CitationReference("国务院令第331号 第一条").title == nil)
  }

  @Test("What a notice brings is a document of its own, attached to it")
  func announced() {
    let text = "某市人民政府关于印发某市甲办法的通知\n各区：\n现将《某市甲办法》印发给你们，请认真执行。\n某市人民政府\n2024年5月6日\n某市甲办法\n第一章 总则\n第一条 乙。"
    let reading = StructureReading(text, .plainText)
    #expect(reading.file.documents.map(\.title) == ["某市人民政府关于印发某市甲办法的通知", "某市甲办法"] && reading.file.documents[1].parent == 0)
    #expect(reading.file.documents[0].passages.map(\.role) == [.header, .lead, .signature])
    #expect(reading.brokenRule == nil)
  }

  @Test("A table of contents is no text")
  func contents() {
    let reading = StructureReading("某某条例\n目　录\n第一章　总则\n第二章　附则\n第一章　总则\n第一条　甲。\n第二章　附则\n第二条　乙。", .plainText)
    #expect(reading.texts == ["甲。", "乙。"] && reading.passages[1].path == ["第二章附则"])
    #expect(reading.brokenRule == nil)
  }

  @Test("Lines that a site puts before a document are facts")
  func facts() {
    let text =
      "索引号：000014349/2021-00012\n发文机关：国务院\n成文日期：2021年3月1日\n标　题：国务院关于甲事的通知\n发文字号：国发〔2021〕18号\n发布日期：2021-03-05\n\n国务院关于甲事的通知\n国发〔2021〕18号\n各省：\n现就乙事通知如下，内容很多，说得很长，以便它是一个段落。"
    let reading = StructureReading(text, .plainText)
    let metadata = reading.document.metadata
    #expect(reading.title == "国务院关于甲事的通知" && metadata.number == "国发〔2021〕18号" && metadata.issuers == ["国务院"])
    #expect(metadata.issued?.description == "2021-03-01" && reading.passages.map(\.role) == [.lead])
    #expect(reading.brokenRule == nil)
  }

  @Test("A law that begins with a page has its title; the end of a document that does has none")
  func pagedTitles() {
    let law = "第1页\n汇编1\n某某促进法\n（2021年3月1日某会议通过）\n第一条 甲。\n第2页\n汇编2\n第二条 乙。"
    #expect(StructureReading(law, .plainText).title == "某某促进法")
    #expect(StructureReading(law, .plainText).document.metadata.adopted?.description == "2021-03-01")
    #expect(StructureReading("第1页\n汇编1\n某某等工作\n（二）甲。\n第2页\n汇编2\n（三）乙。", .plainText).title == nil)
  }

  // MARK: Pages

  @Test("Page numbers and running titles are left out, and a sentence that a page cut is whole again")
  func pages() {
    let text = "第11页\n\n法规汇编6\n\n某市某业促进条例\n\n第一条 甲甲甲\n\n第12页\n\n法规汇编7\n\n乙乙乙。\n\n第13页\n\n法规汇编8\n\n第二条 丙。\n"
    let reading = StructureReading(text, .plainText)
    #expect(reading.texts == ["甲甲甲乙乙乙。", "丙。"])
    #expect(reading.passages.map(\.pages) == [[11, 12], [13]])
    #expect(reading.passages[0].source.count == 2)
    #expect(reading.document.pages == [11, 13])
    #expect(reading.furniture == ["第11页", "法规汇编6", "第12页", "法规汇编7", "第13页", "法规汇编8"])
    #expect(reading.brokenRule == nil)
  }

  @Test(
    "A page that ends a sentence, or before a label, joins nothing",
    arguments: ["甲。", "甲。”", "甲。(省商务厅)", "甲："])
  func wholePages(end: String) {
    let reading = StructureReading("第1页\n汇编1\n一、子\n\(end)\n第2页\n汇编2\n乙乙。\n第3页\n汇编3\n二、丙。", .plainText)
    #expect(reading.texts == ["\(end)\n乙乙。", "丙。"])
  }

  @Test("A page number in a text that has no pages is text")
  func noPages() {
    let reading = StructureReading("第一条 甲\n第5页\n乙。", .plainText)
    #expect(reading.texts == ["甲\n第5页\n乙。"])
  }

  /// A text whose lines are cut after 32 ideographs; continuation lines of items are indented, as in Taiwan's laws.
  @Test("A text with its lines cut at a width has whole paragraphs", arguments: ["\n", "\r\n"])
  func wrapped(end: String) {
    let long = String(repeating: "甲乙丙丁戊己庚辛壬癸", count: 12)
    func wrap(_ text: String, indent: String = "") -> [String] {
      var lines: [String] = []
      var rest = text[...]
      while !rest.isEmpty {
        let width = 32 - (lines.isEmpty ? 0 : indent.count / 2)
        lines.append((lines.isEmpty ? "" : indent) + rest.prefix(width))
        rest = rest.dropFirst(width)
      }
      return lines
    }
    let lines =
      ["某某某某辦法", "第 1 條"] + wrap(long + "。") + ["第 2 條", "下列："] + wrap("一、" + long + "；", indent: "    ")
      + wrap("二、" + long + "。", indent: "    ")
    let reading = StructureReading(lines.joined(separator: end), .plainText)
    #expect(reading.texts == [long + "。", "下列：\n一、\(long)；\n二、\(long)。"])
    #expect(reading.passages[0].source.count == 1)
    #expect(reading.brokenRule == nil)
    // Blank lines between them, or lines of any width: paragraphs.
    let apart = StructureReading(lines.joined(separator: end + end), .plainText)
    #expect(apart.texts[0].split(separator: "\n").count == 4)
    let words = (["A title"] + Array(repeating: "one two three four five six seven eight nine ten eleven", count: 12)).joined(
      separator: end)
    #expect(StructureReading(words, .plainText).texts.first?.contains("eleven one") == true)
  }

  @Test("附件 begins a document that is attached to the one before")
  func attachment() {
    let reading = StructureReading("关于甲的通知\n各市：\n现将乙印发给你们，内容很多，说得很长，以便它是一个段落。\n附件1\n丙方案\n一、丁\n戊。", .plainText)
    #expect(reading.file.documents.map(\.parent) == [nil, 0])
    #expect(reading.brokenRule == nil)
  }

  // MARK: Index

  @Test("Documents of the index carry place, facts and sources, and keys count from one")
  func documents() {
    let file = PolicyFile(Array("# 某市条例\n\n2001年6月29日 某会议通过\n\n## 第一章 甲\n\n第一条 乙。".utf8), as: .markdown)
    let documents = file.indexed(name: "法规/条例.md")
    #expect(documents.map(\.key.description) == ["法规/条例.md#1", "法规/条例.md#2"])
    #expect(documents[0].fields["role"] == "header" && documents[0].fields["text"] == "某市条例\n2001年6月29日 某会议通过")
    let fields = documents[1].fields
    #expect(fields["title"] == "某市条例" && fields["label"] == "第一条" && fields["text"] == "乙。" && fields["file"] == "法规/条例.md")
    #expect(fields["place"] == .list(["第一条", "第一章"]) && fields["heading"] == "第一章甲" && fields["kind"] == "条例")
    #expect(fields["adopted"]?.description == "2001-06-29")
    #expect(fields["source"]?.description == "78-84")
  }
}
