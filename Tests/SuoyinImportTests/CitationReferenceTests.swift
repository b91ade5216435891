// What does a citation name, in whatever way it is written?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("A citation names a document and a place")
struct CitationReferenceTests {
  @Test(
    "A number in any brackets, with or without blanks",
    arguments: [
      "浙政发〔2023〕4号", "浙政发[2023]4号", "浙政发（2023）4 号", "浙政发 ［２０２３］４号".replacing(" ", with: ""), "浙政发【2023】4號", "《关于甲的通知》（浙政发〔2023〕4号）",
    ])
  func number(text: String) throws {
    let reference = try CitationReference(text + " 二、(三)8.")
    #expect(reference.number == "浙政发〔2023〕4号")
    #expect(reference.place == "二、(三)8.")
    #expect(reference.title == (text.contains("甲") ? "关于甲的通知" : nil))
  }

  @Test(
    "Places in every spelling",
    arguments: [
      ("第十七条", "第十七条"), ("第17条", "第十七条"), ("第 17 條", "第十七条"), ("第１７条之１", "第十七条之一"), ("二、（三）8", "二、(三)8."), ("二、(三)8.", "二、(三)8."),
      ("二、（三）第8项", "二、(三)"), ("第二章第三节", "第二章第三节"), ("第二章 第十七条", "第十七条"), ("第一部分", "第一部分"), ("第三个方面", "第三个方面"),
    ])
  func places(text: String, place: String) throws {
    #expect(try CitationReference("某条例 \(text)").place == place)
    #expect(try CitationReference("某条例\(text)").title == "某条例")
  }

  @Test("Paragraphs, items and versions")
  func parts() throws {
    let reference = try CitationReference("《中华人民共和国刑法》（2018年修正）第二百三十四条第二款第（一）项")
    #expect(reference.title == "中华人民共和国刑法" && reference.version == "2018" && reference.place == "第二百三十四条")
    #expect(reference.paragraph == 2 && reference.item == 1)
    #expect(try CitationReference("某法(2018-10-26)").version == "2018-10-26")
    #expect(try CitationReference("某法（2018年10月26日）第1条").version == "2018-10-26")
    #expect(try CitationReference("行动方案(2023—2027年)").version == nil)
    let text = "甲：\n（一）子；\n（二）丑。\n乙。\n丙：\n（一）寅。"
    #expect(try CitationReference("某法第一条第一款").part(of: text) == "甲：\n（一）子；\n（二）丑。")
    #expect(try CitationReference("某法第一条第一款第（二）项").part(of: text) == "（二）丑。")
    #expect(try CitationReference("某法第一条第三款第一项").part(of: text) == "（一）寅。")
    #expect(try CitationReference("某法第一条第四款").part(of: text) == nil)
    #expect(try CitationReference("某法第一条第二款第一项").part(of: text) == nil)
    #expect(try CitationReference("某法第一条").part(of: text) == text)
  }

  @Test("A title alone, a place alone, and nothing")
  func incomplete() throws {
    #expect(try CitationReference("某省关于甲的意见").title == "某省关于甲的意见")
    #expect(try CitationReference("第十七条").title == nil)
    #expect(throws: CitationError.self) { try CitationReference(" \n") }
  }
}
