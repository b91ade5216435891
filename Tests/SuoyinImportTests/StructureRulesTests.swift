// Is nothing of a text lost, whatever the text is?
internal import FoundationEssentials
internal import SuoyinImport
import SuoyinTestKit
import Testing

@Suite("Nothing of a text is lost")
struct StructureRulesTests {
  @Test("in all sequences of up to five pieces", arguments: InputFile.Format.textFormats)
  func exhaustive(format: InputFile.Format) {
    let pieces = ["第一条", "一、", "（一）", "第一章", "甲。", "　", "\n", "# ", "**"]
    var texts = [""]
    for _ in 1...5 {
      texts = texts.flatMap { text in pieces.map { text + $0 } }
      // One expectation for all: each has a cost of its own.
      let broken = texts.lazy.compactMap { text in StructureReading(text, format).brokenRule.map { "\(text.debugDescription): \($0)" } }
        .first
      #expect(broken == nil)
    }
  }

  @Test("in random texts", arguments: InputFile.Format.textFormats)
  func random(format: InputFile.Format) {
    let pieces = [
      "第一条", "第二条 ", "第三条之一", "第 4-1 條", "第５条", "第一章", "第二节", "的", "、", "：", "甲", "a", "é", "𠀀", "。", "　", " ", "\t", "\u{200B}",
      "\u{FEFF}",
      "\u{85}", "\u{2028}", "\n", "\n\n", "\r\n", "\r", "#", "## ", "*", "**", "---", "\n---\n", "<!-- ", "-->", "- ", "> ", "|", "一、",
      "二、", "(一)", "（二）", "1.", "2.",
      "1.8", "（1）", "①", "第一部分", "第二个方面", "\n第1页\n", "\n第2页\n法规汇编6\n", "\n附件\n", "{{x}}\n", "关于甲的通知", "浙政发〔2023〕4 号", "为", "2023年1月2日",
      "省政府办公厅",
      "通过", "(省商务厅)", "title: ", "本办法自", "起施行。", String(repeating: "长", count: 61), String(repeating: "长句。 ", count: 40),
    ]
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    var labels = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...24, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      let reading = StructureReading(text, format)
      labels += reading.labels.count
      if let rule = reading.brokenRule {
        Issue.record("\(text.debugDescription): \(rule); \(random.advice)")
        return
      }
    }
    #expect(labels > 1000, "the texts are not what was meant; \(random.advice)")
  }

  /// All characters where white space could be, and some of the ideographs and private ones.
  @Test("for every character: what is blank alone is blank in a text, and all else is text")
  func everyCharacter() {
    for block in stride(from: UInt32(0), to: 0x110000, by: 4096) {
      let values = (block..<block + 4096).filter { $0 < 0x3400 || (0xF900..<0x10000).contains($0) || $0 % 61 == 0 }
      let scalars = values.compactMap { Unicode.Scalar($0) }.filter { $0 != "\n" && $0 != "\r" }
      let lines = scalars.flatMap { ["甲甲甲。\($0)", "\($0)乙乙乙。"] }
      let expected = zip(lines, scalars.flatMap { [$0, $0] }).map { line, scalar in
        isBlank(scalar) ? String(String.UnicodeScalarView(line.unicodeScalars.filter { $0 != scalar })) : line
      }
      let reading = StructureReading(lines.joined(separator: "\n"), .plainText)
      #expect(reading.brokenRule == nil)
      #expect(reading.texts.joined(separator: "\n").count(where: \.isNewline) >= expected.count - 40)
    }
  }

  @Test("in the numbers of 1,500 articles, which are read right in every notation")
  func numbers() {
    for notation in [chinese, byPlaces, { String($0) }, fullWidth] as [(Int) -> String] {
      let labels = (1...1500).map { "第\(notation($0))条" }
      // With text right behind it, a label counts only when its number is that of the last article plus one.
      #expect(StructureReading(labels.map { $0 + "甲。\n" }.joined(), .plainText).labels == labels)
    }
  }

  @Test("in long texts of one kind, in reasonable time", .timeLimit(.minutes(2)))
  func longLine() {
    let line = String(repeating: "为了促进先进制造业高质量发展，第三条 # ** ", count: 30_000)
    let texts = [
      line, "# " + line, "第一条 " + line, String(repeating: "　", count: 500_000), String(repeating: "#", count: 2_000_000),
      String(repeating: "第一条 ", count: 100_000), String(repeating: "一、甲。", count: 100_000), String(repeating: "（", count: 2_000_000),
      String(repeating: "甲。 ", count: 100_000), String(repeating: "2023年", count: 100_000), String(repeating: "《", count: 200_000),
      String(repeating: "第1页\n", count: 60_000), String(repeating: "{{x}}\n", count: 60_000), String(repeating: "附件\n", count: 20_000),
      String(repeating: "〔2023〕", count: 60_000), String(repeating: "# 甲\n", count: 60_000), String(repeating: "---\n", count: 60_000),
    ]
    for text in texts { #expect(StructureReading(text, .markdown).brokenRule == nil) }
  }

  @Test("in the files of a folder of our own choice", .enabled(if: environment("SUOYIN_CORPUS") != nil))
  func corpus() throws {
    let inputs = try InputFiles([environment("SUOYIN_CORPUS")!])
    var passages = 0
    var labels = 0
    var titles = 0
    for input in inputs.files where InputFile.Format.textFormats.contains(input.format) {
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: input.path)))
      guard String(validating: bytes, as: UTF8.self) != nil else { continue }
      let reading = StructureReading(bytes, input.format)
      #expect(reading.brokenRule == nil, "\(input.path)")
      passages += reading.texts.count
      labels += reading.labels.count
      titles += reading.title == nil ? 0 : 1
    }
    print("\(inputs.files.count) files, \(passages) passages, \(labels) labels, \(titles) titles")
  }
}

extension InputFile.Format {
  static let textFormats: [InputFile.Format] = [.markdown, .plainText]
}

/// 123 as 一百二十三, as laws write it.
func chinese(_ number: Int) -> String {
  let digits = Array("零一二三四五六七八九").map(String.init)
  var text = ""
  var rest = number
  for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
    let digit = rest / unit
    rest %= unit
    if digit > 0 {
      text += (unit == 10 && digit == 1 && number < 20 ? "" : digits[digit]) + name
    } else if !text.isEmpty, rest > 0, !text.hasSuffix("零") {
      text += "零"
    }
  }
  return text
}

/// 123 as 一二三.
func byPlaces(_ number: Int) -> String {
  let digits = Array("〇一二三四五六七八九").map(String.init)
  return String(number).map { digits[$0.wholeNumberValue!] }.joined()
}

/// 123 as １２３.
func fullWidth(_ number: Int) -> String {
  String(String.UnicodeScalarView(String(number).unicodeScalars.map { Unicode.Scalar($0.value - 0x30 + 0xFF10)! }))
}
