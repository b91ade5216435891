// Are the five documents the project began with understood as a reader would understand them?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("The seeds are documents with passages that can be cited")
struct SeedTests {
  private func reading(_ name: String) throws -> StructureReading {
    let reading = StructureReading(try seed(name), try #require(InputFile.Format(fileName: name)))
    #expect(reading.brokenRule == nil)
    return reading
  }

  @Test("A Markdown law with labels on heading lines")
  func markdownLaw() throws {
    let reading = try reading("baoding-advanced-manufacturing-rules.md")
    #expect(reading.title == "保定市促进先进制造业发展若干规定")
    #expect(reading.labels == (1...26).map { "第\(chinese($0))条" })
    #expect(reading.places == reading.labels)
    #expect(reading.texts[0] == "为了促进保定市先进制造业高质量发展，建设京津冀世界级城市群中的制造强市，根据有关法律、法规，结合本市实际，制定本规定。")
    #expect(reading.texts.last == "本规定自2023年12月12日起施行。")
    let metadata = reading.document.metadata
    #expect(metadata.kind == "规定" && metadata.number == nil && metadata.region == "保定市")
    #expect(metadata.issuers == ["保定市人民代表大会常务委员会"])
    #expect(
      [metadata.adopted, metadata.approved, metadata.effective].map { $0?.description } == ["2023-08-31", "2023-11-30", "2023-12-12"])
    #expect(reading.file.citation(of: reading.passages[16], in: reading.document) == "《保定市促进先进制造业发展若干规定》（2023-11-30）第十七条")
    #expect(reading.furniture.contains("<!-- INFO END -->"))
  }

  @Test("A law as plain text with inline labels and further paragraphs")
  func plainLaw() throws {
    let reading = try reading("shandong-advanced-manufacturing-regulation.txt")
    #expect(reading.title == "山东省先进制造业促进条例")
    #expect(reading.labels == (1...20).map { "第\(chinese($0))条" })
    #expect(reading.header == "山东省先进制造业促进条例\n（2024年9月26日山东省第十四届人民代表大会常务委员会第十一次会议通过）")
    #expect(reading.texts.last == "本条例自2024年12月1日起施行。")
    #expect(reading.texts.reduce(0) { $0 + $1.split(whereSeparator: \.isNewline).count } == 45)
    let metadata = reading.document.metadata
    #expect([metadata.adopted, metadata.approved, metadata.effective].map { $0?.description } == ["2024-09-26", nil, "2024-12-01"])
    #expect(metadata.kind == "条例" && metadata.issuers == ["山东省人民代表大会常务委员会"])
  }

  @Test("An opinion: lead, eight parts and 24 numbered measures, 29 with the units that are responsible")
  func opinion() throws {
    let reading = try reading("hebei-made-in-china-2025-opinion.txt")
    #expect(reading.title == "河北省人民政府关于深入推进《中国制造2025》的实施意见")
    #expect(reading.passages.count == 33)
    #expect(reading.passages.count { $0.label?.hasPrefix("(") ?? false } == 8)
    #expect(reading.passages.count { $0.label?.hasSuffix(".") ?? false } == 24)
    #expect(reading.passages.count { !$0.units.isEmpty } == 29)
    let lead = reading.passages[0]
    #expect(lead.role == .lead && lead.text.hasPrefix("各市(含定州") && lead.text.hasSuffix("提出如下实施意见:"))
    let principles = try #require(reading.passages.first { $0.places.first == "一、(二)" })
    #expect(principles.heading == "基本原则" && principles.text.split(separator: "\n").count == 5 && principles.text.hasPrefix("结构优化"))
    let measure = try #require(reading.passages.first { $0.places.first == "二、(三)1." })
    #expect(measure.path == ["二、主要任务和重大工程", "(三)加快发展智能制造,大力推进信息化与工业化深度融合"])
    #expect(measure.text.hasPrefix("大力发展智能制造装备和产品。实施"))
    #expect(measure.units == ["省工业和信息化厅", "省发展改革委", "省科技厅"])
    let metadata = reading.document.metadata
    #expect(metadata.kind == "意见" && metadata.issuers == ["河北省人民政府"] && metadata.number == nil && metadata.version == nil)
  }

  @Test("A page on one line: 36 passages; a number that it cites is not its own")
  func oneLine() throws {
    let reading = try reading("baoding-frontrunner-enterprises-interpretation.txt")
    #expect(reading.title == "保定市人民政府办公室关于印发保定市县域特色产业集群“领跑者”企业培育实施方案的通知")
    #expect(reading.passages.count == 36)
    #expect(reading.passages.count { $0.label?.hasSuffix(".") ?? false } == 25)
    #expect(reading.labels.filter { $0.hasSuffix("方面") } == ["第一个方面", "第二个方面", "第三个方面", "第四个方面", "第五个方面"])
    let background = reading.passages[1]
    #expect(background.heading == "方案制定背景" && background.text.hasPrefix("为深入贯彻") && background.text.hasSuffix("必然选择。"))
    #expect(reading.places.contains("三、第二部分第七个行动2."))
    #expect(reading.texts.last?.hasSuffix("执法检查和服务指导。") == true)
    #expect(reading.furniture == ["|"])
    let metadata = reading.document.metadata
    #expect(metadata.number == nil && metadata.kind == "解读" && metadata.issued?.description == "2022-09-17")
  }

  @Test("Six documents on fifty pages, two of them notices with what they bring")
  func compilation() throws {
    let reading = try reading("manufacturing-policy-compilation.txt")
    let documents = reading.file.documents
    #expect(documents.count { $0.parent == nil } == 6)
    #expect(documents.map(\.parent) == [nil, nil, nil, nil, nil, 4, nil, 6])
    #expect(
      documents.filter { $0.parent == nil }.map(\.pages) == [[151, 155], [156, 161], [162, 170], [171, 178], [179, 191], [192, 200]])
    #expect(documents.map(\.metadata.number) == [nil, "工信部信发〔2020〕67号", nil, "浙政办发〔2023〕12号", "浙政发〔2023〕4号", nil, "浙经信服务〔2022〕213号", nil])
    #expect(
      documents.map { $0.metadata.issued?.description } == [
        "2020-06-30", "2020-04-28", nil, "2023-02-12", "2023-01-17", nil, "2022-10-31", nil,
      ])
    #expect(documents.map { $0.metadata.effective?.description } == [nil, nil, "2023-06-11", "2023-03-15", nil, nil, nil, nil])
    #expect(documents[0].title == nil && documents[2].title == "关于浙江省进一步做好以制造业为重点利用外资工作的若干举措")
    #expect(documents[0].metadata.issuers.count == 15 && documents[0].metadata.issuers[5] == "人力资源和社会保障部")
    #expect(documents[6].metadata.issuers.count == 14 && documents[6].metadata.issuers.last == "中国证券监督管理委员会浙江监管局")
    #expect(reading.passages.count == 139)
    #expect(documents.map { $0.passages.count { $0.role != .header } } == [12, 24, 24, 24, 2, 33, 2, 18])
    let cut = try #require(documents[3].passages.first { $0.places.first == "二、(一)" })
    #expect(cut.pages == [171, 172] && cut.source.count == 2 && cut.text.contains("促进工业空间结构优化"))
    #expect(documents[2].headings.map { ($0.label ?? "") + $0.text }.contains("二、围绕改革攻坚,优化营商环境,稳定制造业利用外资存量"))
    #expect(documents[7].passages.first { $0.places.first == "三、(一)" }?.units == ["省经信厅", "省发展改革委"])
    for scrap in ["第151页", "国省市制造业相关政策精编146", "粉丝: {{bookData.followerCount}}", "收藏", "浙江省级"] {
      #expect(reading.furniture.contains(scrap), "\(scrap)")
    }
    for text in reading.texts {
      #expect(!text.contains("政策精编") && !text.contains("{{") && !text.contains("云展网"))
    }
  }
}
