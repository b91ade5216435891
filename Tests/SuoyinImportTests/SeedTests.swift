// Are the five documents the project began with cut as a reader would cut them?
internal import SuoyinImport
import Testing

@Suite("The seeds are cut into passages")
struct SeedTests {
  private func reading(_ name: String) throws -> PassageReading {
    let reading = PassageReading(try seed(name), try #require(InputFile.Format(fileName: name)))
    #expect(reading.brokenRule == nil)
    return reading
  }

  @Test("A Markdown law with labels on heading lines")
  func markdownLaw() throws {
    let reading = try reading("baoding-advanced-manufacturing-rules.md")
    #expect(reading.title == "保定市促进先进制造业发展若干规定")
    #expect(reading.labels == (1...26).map { "第\(chinese($0))条" })
    #expect(
      Array(reading.texts.prefix(5)) == [
        "保定市促进先进制造业发展若干规定",
        "- 2023年8月31日保定市第十六届人民代表大会常务委员会第十七次会议通过",
        "- 2023年11月30日河北省第十四届人民代表大会常务委员会第六次会议批准",
        "<!-- INFO END -->",
        "为了促进保定市先进制造业高质量发展，建设京津冀世界级城市群中的制造强市，根据有关法律、法规，结合本市实际，制定本规定。",
      ])
    #expect(reading.texts.count == 4 + 26)
    #expect(reading.texts.last == "本规定自2023年12月12日起施行。")
  }

  @Test("A law as plain text with inline labels and further paragraphs")
  func plainLaw() throws {
    let reading = try reading("shandong-advanced-manufacturing-regulation.txt")
    #expect(reading.title == "山东省先进制造业促进条例")
    #expect(reading.labels == (1...20).map { "第\(chinese($0))条" })
    #expect(reading.texts.count == 2 + 20)
    #expect(reading.texts[1] == "（2024年9月26日山东省第十四届人民代表大会常务委员会第十一次会议通过）")
    #expect(reading.texts.last == "第二十条　本条例自2024年12月1日起施行。")
    let paragraphs = reading.texts.dropFirst(2).reduce(0) { $0 + $1.split(whereSeparator: \.isNewline).count }
    #expect(paragraphs == 45)
  }

  @Test("An opinion without articles: a passage a line")
  func opinion() throws {
    let reading = try reading("hebei-made-in-china-2025-opinion.txt")
    #expect(reading.title == "河北省人民政府关于深入推进《中国制造2025》的实施意见")
    #expect(reading.labels == [])
    let lines = String(decoding: reading.document.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).count
    #expect(reading.texts.count == lines)
  }

  @Test("A document on one line is one passage without a title")
  func oneLine() throws {
    let reading = try reading("baoding-frontrunner-enterprises-interpretation.txt")
    #expect(reading.title == nil)
    #expect(reading.labels == [])
    #expect(reading.texts.map(\.unicodeScalars.count) == [3247])
  }

  @Test("A compilation with site furniture: a passage a line")
  func compilation() throws {
    let reading = try reading("manufacturing-policy-compilation.txt")
    #expect(reading.title == "国省市制造业相关政策精编")
    #expect(reading.labels == [])
    let lines = String(decoding: reading.document.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).count {
      !$0.allSatisfy(\.isWhitespace)
    }
    #expect(reading.texts.count == lines)
    #expect(reading.texts.contains("粉丝: {{bookData.followerCount}}"))
  }
}
