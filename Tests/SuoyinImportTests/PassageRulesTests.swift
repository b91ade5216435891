// Is nothing of a text lost, whatever the text is?
internal import FoundationEssentials
internal import SuoyinImport
import SuoyinTestKit
import Testing

@Suite("Nothing of a text is lost")
struct PassageRulesTests {
  @Test("in all sequences of up to five pieces", arguments: InputFile.Format.textFormats)
  func exhaustive(format: InputFile.Format) {
    let pieces = ["第一条", "第二条", "第一章", "甲", "　", "\n", "# ", "**"]
    var texts = [""]
    for _ in 1...5 {
      texts = texts.flatMap { text in pieces.map { text + $0 } }
      // One expectation for all: each has a cost of its own.
      let broken = texts.lazy.compactMap { text in PassageReading(text, format).brokenRule.map { "\(text.debugDescription): \($0)" } }.first
      #expect(broken == nil)
    }
  }

  @Test("in random texts", arguments: InputFile.Format.textFormats)
  func random(format: InputFile.Format) {
    let pieces = [
      "第一条", "第二条", "第三条之一", "第 4-1 條", "第５条", "第一章", "第二节", "的", "、", "：", "甲", "a", "é", "𠀀", "。", "　", " ", "\t", "\u{200B}", "\u{FEFF}",
      "\u{85}", "\u{2028}", "\n", "\n\n", "\r\n", "\r", "#", "## ", "*", "**", "---", "\n---\n", "<!-- ", "- ", "> ", "|",
      String(repeating: "长", count: 61),
    ]
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    var labels = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...24, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      let reading = PassageReading(text, format)
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
      let lines = scalars.flatMap { ["甲\($0)", "\($0)", "\($0)乙"] }
      let expected = zip(lines, scalars.flatMap { [$0, $0, $0] }).map { line, scalar in
        isBlank(scalar) ? String(String.UnicodeScalarView(line.unicodeScalars.filter { $0 != scalar })) : line
      }
      #expect(PassageReading(lines.joined(separator: "\n"), .plainText).texts == expected.filter { !$0.isEmpty })
    }
  }

  @Test("in the numbers of 1,500 articles, which are read right in every notation")
  func numbers() {
    for notation in [chinese, byPlaces, { String($0) }, fullWidth] as [(Int) -> String] {
      let labels = (1...1500).map { "第\(notation($0))条" }
      // With text right behind it, a label counts only when its number is that of the last article plus one.
      #expect(PassageReading(labels.map { $0 + "甲。\n" }.joined(), .plainText).labels == labels)
    }
  }

  @Test("in a line of ten megabytes, in reasonable time", .timeLimit(.minutes(1)))
  func longLine() {
    let line = String(repeating: "为了促进先进制造业高质量发展，第三条 # ** ", count: 200_000)
    for text in [line, "# " + line, "第一条 " + line, String(repeating: "　", count: 3_000_000), String(repeating: "#", count: 10_000_000)] {
      let reading = PassageReading(text, .markdown)
      #expect(reading.texts.count == (isBlank(text.unicodeScalars.first!) ? 0 : 1))
    }
  }

  @Test("in the files of a folder of our own choice", .enabled(if: environment("SUOYIN_CORPUS") != nil))
  func corpus() throws {
    let inputs = try InputFiles([environment("SUOYIN_CORPUS")!])
    var passages = 0
    var labels = 0
    var titles = 0
    for input in inputs.files where input.format != .jsonLines {
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: input.path)))
      guard String(validating: bytes, as: UTF8.self) != nil else { continue }
      let reading = PassageReading(bytes, input.format)
      #expect(reading.brokenRule == nil, "\(input.path)")
      passages += reading.texts.count
      labels += reading.labels.count
      titles += reading.title == nil ? 0 : 1
    }
    print("\(inputs.files.count) files, \(passages) passages, \(labels) articles, \(titles) titles")
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
