// Is an HTML file imported in the encoding it has, and found again in it?
internal import Suoyin
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

@Suite("HTML files are imported")
struct HTMLImportTests {
  private static let law = """
    <html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>示例条例</title>
    <script>var a="第九百九十九条 不是正文";</script></head><body><h1>示例条例</h1>
    <p>&emsp;&emsp;<strong>第一条</strong>&nbsp;&nbsp;为了促进经济社会发展&mdash;&mdash;制定本条例。</p>\r\n<p>第二条　修改&lt;某法&gt;，镕。</p></body></html>
    """

  @Test("Names say what is HTML")
  func names() {
    for name in ["a.html", "a.HTM", "a.b.xhtml"] { #expect(InputFile.Format(fileName: name) == .html) }
    #expect(InputFile.Format(fileName: "html") == nil && InputFile.Format(fileName: "a.shtml") == nil)
  }

  @Test(
    "An HTML file in any encoding gives the same articles, whatever it claims", arguments: ["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"])
  func encodings(encoding: String) throws {
    let reading = ImportReading("a.html", try #require(encoded(Self.law, encoding)))
    #expect(reading.messages == [])
    #expect(reading.documents.map { $0.fields["label"] } == [nil, .text("第一条"), .text("第二条")])
    #expect(reading.documents.last?.fields["text"] == .text("修改<某法>，镕。"))
  }

  @Test("Both maps together lead to the bytes of the file")
  func composed() throws {
    let bytes = try #require(encoded(Self.law, "GB18030"))
    let encoding = try #require(TextEncoding(named: "gb2312"))
    let decoded = try #require(TextDecoder.decode(bytes, 0..<bytes.count, as: encoding, isMapped: true))
    let text = HTMLText(decoded.bytes)
    let map = text.map.composed(with: decoded.map)
    let origins = try text.lines.map { line in
      try #require(TextDecoder.decode(bytes, map.file(line.range), as: encoding)).bytes
    }
    #expect(
      origins.map { String(decoding: $0, as: UTF8.self) } == [
        "示例条例", "第一条</strong>&nbsp;&nbsp;为了促进经济社会发展&mdash;&mdash;制定本条例。", "第二条　修改&lt;某法&gt;，镕。",
      ])
  }

  @Test("What a file says its encoding is decides only where it would be a guess")
  func declared() throws {
    let polish = "<meta charset=\"windows-1250\"><p>Zażółć gęślą jaźń.</p>"
    let bytes = try #require(encoded(polish, "CP1250"))
    #expect(ImportReading("a.html", bytes).texts == ["Zażółć gęślą jaźń."] && ImportReading("a.html", bytes).messages == [])
    #expect(!ImportReading("a.txt", bytes).messages.isEmpty)
    for meta in [
      "<META CHARSET='windows-1250' />", "<meta charset=windows-1250/>", "<?xml version='1.0' encoding='windows-1250'?>",
      "<meta name=a><meta http-equiv=content-type content='text/html;charset = windows-1250; x'>",
    ] {
      let reading = ImportReading("a.html", try #require(encoded(meta + "<p>Zażółć gęślą jaźń.</p>", "CP1250")))
      #expect(reading.texts == ["Zażółć gęślą jaźń."] && reading.messages == [], "\(meta)")
    }
    // Not believed: what is not known, what cannot be, what is no declaration.
    for meta in ["<meta charset=nothing>", "<meta charset=utf-8>", "<metal charset=windows-1250>", "<meta name=charset>"] {
      let reading = ImportReading("a.html", try #require(encoded(meta + "<p>Zażółć gęślą jaźń.</p>", "CP1250")))
      #expect(reading.problems.count == 1, "\(meta)")
    }
    #expect(ImportReading("a.html", Array("<meta charset=gbk><p>政府文件</p>".utf8)).texts == ["政府文件"])
    let latin = ImportReading("a.html", Array("<meta charset=iso-8859-1><p>caf".utf8) + [0xE9, 0x93])
    #expect(latin.texts == ["café“"] && latin.messages == [])
  }
}

extension ImportReading {
  fileprivate var texts: [String] { documents.compactMap { $0.fields["text"]?.description } }
}
