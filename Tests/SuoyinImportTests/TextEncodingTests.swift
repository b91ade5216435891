// Is a text read in the encoding it has, and is nothing lost in silence?
internal import Suoyin
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

@Suite("Texts in other encodings are read")
struct TextEncodingTests {
  private static let law = "# 示例条例\n\n第一条 为了促进经济社会发展，制定本条例。\n第二条 本条例自公布之日起施行。\n"
  private static let traditional = "第一條 為維護國家安全，制定本法。\n第二條 本法自公布日施行。\n"
  private static let marks: [(String, [UInt8])] = [
    ("UTF-8", [0xEF, 0xBB, 0xBF]), ("UTF-16LE", [0xFF, 0xFE]), ("UTF-16BE", [0xFE, 0xFF]), ("UTF-32LE", [0xFF, 0xFE, 0, 0]),
    ("UTF-32BE", [0, 0, 0xFE, 0xFF]), ("GB18030", [0x84, 0x31, 0x95, 0x33]),
  ]

  @Test("A text without a mark gives the same passages in every encoding")
  func encodings() throws {
    for encoding in ["GB18030", "GBK", "GB2312", "UTF-16LE", "UTF-16BE"] { try expectSame(Self.law, encoding) }
    for encoding in ["BIG5", "GB18030", "GBK", "UTF-16LE", "UTF-16BE"] { try expectSame(Self.traditional, encoding) }
    for text in ["Plain letters only.\nTwo lines.\n", "Zażółć gęślą jaźń.\n", "Съешь ещё этих булок\n"] {
      for encoding in ["UTF-16LE", "UTF-16BE"] { try expectSame(text, encoding) }
    }
  }

  @Test("A byte order mark decides", arguments: marks)
  func marked(encoding: String, mark: [UInt8]) throws {
    try expectSame(Self.law, encoding, mark: mark)
    try expectSame("€A", encoding, mark: mark)
    // A mark and nothing else.
    #expect(ImportReading("a.txt", mark).messages == ["a.txt: no text in this file"])
  }

  @Test("Lines end in LF, CR, CR LF or CR CR LF in every encoding", arguments: ["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "UTF-32BE"])
  func lineEnds(encoding: String) throws {
    let forced = try #require(TextEncoding(named: encoding))
    for end in ["\n", "\r", "\r\n", "\r\r\n"] {
      let bytes = try #require(encoded(Self.law.split(separator: "\n").joined(separator: end), encoding))
      for chosen in [forced, nil] where chosen != nil || encoding != "UTF-32BE" {
        let reading = ImportReading("a.md", bytes, encoding: chosen)
        #expect(reading.texts == ["示例条例", "为了促进经济社会发展，制定本条例。", "本条例自公布之日起施行。"], "\(encoding) \(end.utf8.map(\.self))")
        #expect(reading.messages == [])
      }
    }
  }

  @Test("What was replaced is counted, with the place of the first")
  func replacements() throws {
    let bytes = try #require(encoded(Self.law, "GB18030"))
    let one = ImportReading("a.txt", bytes + [0x81])
    #expect(one.messages == ["a.txt: 1 sequence that is no GB18030, at byte \(bytes.count), became U+FFFD"])
    #expect(one.problems.map(\.severity) == [.warning] && one.problems[0].byteOffset == bytes.count && one.sources.count == 1)
    let three = ImportReading("a.txt", Array(bytes[..<16]) + [0xFF] + bytes[16...] + [0xFF, 0x0A, 0xFF])
    #expect(three.messages == ["a.txt: 3 sequences that are no GB18030, the first at byte 16, became U+FFFD"])
    // A sequence of four bytes that was cut off.
    for length in 1...3 {
      let cut = ImportReading("a.txt", bytes + [0x82, 0x30, 0x81, 0x30].prefix(length))
      #expect(cut.problems.map(\.byteOffset) == [bytes.count] && cut.sources.count == 1)
    }
    // U+FFFD that was there before is text.
    #expect(ImportReading("a.txt", Array("甲\u{FFFD}乙".utf8)).messages == [])
  }

  @Test("A text that is nearly UTF-8 is read as UTF-8")
  func nearlyUTF8() throws {
    let whole = Array(Self.law.utf8)
    for cut in [1, 2] {
      // The last character is a line end, the one before it has three bytes.
      let bytes = Array(whole.dropLast(1 + cut))
      let reading = ImportReading("a.txt", bytes)
      #expect(reading.messages == ["a.txt: 1 sequence that is no UTF-8, at byte \(bytes.count - (3 - cut)), became U+FFFD"])
      #expect(reading.documents.last?.fields["text"] == .text("本条例自公布之日起施行\u{FFFD}"))
    }
    for broken in [0xFF, 0xC0, 0xED, 0x80] as [UInt8] {
      var bytes = whole
      bytes.insert(broken, at: 2)
      #expect(ImportReading("a.txt", bytes).messages == ["a.txt: 1 sequence that is no UTF-8, at byte 2, became U+FFFD"])
    }
    #expect(ImportReading("a.txt", [0xE6, 0x94, 0xBF, 0xE5, 0xBA]).texts == ["政\u{FFFD}"])
    // Longer than the sample, and broken behind it.
    let long = Array(repeatElement(whole, count: 1000).joined())
    #expect(ImportReading("a.txt", long + [0xFF]).messages == ["a.txt: 1 sequence that is no UTF-8, at byte \(long.count), became U+FFFD"])
  }

  @Test("What claims an encoding and is none of it is refused")
  func hopeless() throws {
    let gb18030 = try #require(encoded(Self.law, "GB18030"))
    let marked = ImportReading("a.txt", [0xEF, 0xBB, 0xBF] + gb18030)
    #expect(marked.sources.isEmpty && marked.problems.map(\.severity) == [.rejected])
    #expect(marked.messages[0].hasPrefix("a.txt: not UTF-8: ") && marked.messages[0].hasSuffix(", the first at byte 7; file skipped"))
    let forced = ImportReading("a.txt", gb18030, encoding: TextEncoding(named: "utf8"))
    #expect(forced.sources.isEmpty && forced.problems.map(\.byteOffset) == [4])
    #expect(ImportReading("a.txt", [0xFF], encoding: TextEncoding(named: "GBK")).sources.isEmpty)
    #expect(
      ImportReading("a.txt", [0xFF, 0xFE, 0x41]).messages
        == ["a.txt: not UTF-16LE: 1 of 1 characters are ill-formed, the first at byte 2; file skipped"])
  }

  @Test("Half surrogates and half units of UTF-16 are replaced")
  func surrogates() throws {
    let bytes = try #require(encoded(Self.law, "UTF-16LE"))
    let odd = ImportReading("a.txt", [0xFF, 0xFE] + bytes + [0x2D])
    #expect(odd.messages == ["a.txt: 1 sequence that is no UTF-16LE, at byte \(bytes.count + 2), became U+FFFD"])
    for lone in [[0x00, 0xD8], [0x00, 0xDC]] as [[UInt8]] {
      let reading = ImportReading("a.txt", [0xFF, 0xFE] + bytes[..<8] + lone + bytes[8...])
      #expect(reading.messages == ["a.txt: 1 sequence that is no UTF-16LE, at byte 10, became U+FFFD"])
      // Without a mark it looks as Chinese as before.
      #expect(ImportReading("a.txt", bytes[..<8] + lone + bytes[8...]).problems.map(\.byteOffset) == [8])
    }
    let pair = try #require(encoded("甲𠮷乙", "UTF-16BE"))
    #expect(ImportReading("a.txt", [0xFE, 0xFF] + pair).texts == ["甲𠮷乙"])
  }

  @Test("An encoding that is given goes before what is found, and JSON Lines is UTF-8 whatever is given")
  func forced() throws {
    let bytes = try #require(encoded("政府", "GB18030"))
    #expect(ImportReading("a.txt", bytes, encoding: TextEncoding(named: "latin1")).texts == ["Õþ¸®"])
    #expect(ImportReading("a.txt", bytes, encoding: TextEncoding(named: "gb2312")).texts == ["政府"])
    #expect(ImportReading("a.txt", Array("caf".utf8) + [0xE9], encoding: TextEncoding(named: "windows-1252")).texts == ["café"])
    #expect(ImportReading("a.jsonl", Array(#"{"id":"a","text":"政府"}"#.utf8), encoding: TextEncoding(named: "GBK")).texts == ["政府"])
    for name in ["", "no such", "GB18030\0", "ＧＢＫ", "936"] { #expect(TextEncoding(named: name) == nil, "\(name)") }
    #expect(TextEncoding(named: "euc-cn")?.name == "GB18030" && TextEncoding(named: "big5-HKSCS")?.name == "Big5")
  }

  @Test("The digest stands for the encoding where it makes a difference")
  func digests() throws {
    func digest(_ bytes: [UInt8], _ name: String? = nil) -> [UInt8]? {
      ImportReading("a.txt", bytes, encoding: name.flatMap { TextEncoding(named: $0) }).sources.first?.source.digest
    }
    let bytes = try #require(encoded("政府文件", "GB18030"))
    let all = [digest(bytes), digest(bytes, "Big5"), digest(bytes, "latin1"), digest(Array("政府文件".utf8))]
    #expect(!all.contains(nil) && Set(all).count == all.count)
    #expect(digest(bytes) == digest(bytes, "GBK"))
    let letters = Array("letters".utf8)
    #expect(digest(letters) == digest(letters, "GBK") && digest(letters) == digest(letters, "utf-8"))
  }

  @Test("What is no Chinese is a guess that is said, or is refused")
  func guesses() throws {
    let french = String(repeating: "Le décret a été publié à Paris, où l'on était déjà prêt à l'été. ", count: 5)
    let reading = ImportReading("a.txt", try #require(encoded(french, "ISO-8859-1")))
    #expect(reading.messages == ["a.txt: read as ISO-8859-1, which is a guess; --encoding NAME says what it is"])
    #expect(reading.texts == [String(french.dropLast())])
    let foreign = [
      ("EUC-KR", "대한민국은 민주공화국이다. 대한민국의 주권은 국민에게 있고, 모든 권력은 국민으로부터 나온다. 모든 국민은 법 앞에 평등하다."),
      ("SHIFT_JIS", "日本国民は、正当に選挙された国会における代表者を通じて行動し、われらとわれらの子孫のために、この憲法を確定する。"),
      ("KOI8-R", "Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью."),
    ]
    for (encoding, text) in foreign {
      let reading = ImportReading("a.txt", try #require(encoded(text, encoding)))
      #expect(reading.problems.count == 1 && reading.problems[0].message.contains("which is a guess"), "\(encoding)")
      #expect(reading.texts == [text], "\(encoding): \(reading.messages)")
    }
    #expect(
      ImportReading("a.txt", Array("GB".utf8) + [0xFF, 0xFF]).messages
        == ["a.txt: not UTF-8 at byte 2, and in no encoding that can be told; --encoding NAME says what it is; file skipped"])
  }

  @Test("The border of the sample in the middle of a character changes nothing", arguments: ["GB18030", "BIG5", "UTF-16LE", "UTF-16BE"])
  func sampleBorder(encoding: String) throws {
    let line = try #require(encoded("中文字的第一行。", encoding))
    let unit = encoding.hasPrefix("UTF") ? 2 : 1
    for letters in 0..<4 {
      // No byte below 0x30 from the border back to the beginning, but for UTF-16's.
      let start = try #require(encoded(String(repeating: "A", count: letters), encoding))
      #expect(start.count == letters * unit)
      let bytes = start + Array(repeatElement(line, count: EncodingDetector.sampleLength / line.count + 10).joined())
      let reading = ImportReading("a.txt", bytes)
      #expect(reading.messages == [] && reading.texts.first?.hasSuffix("中文字的第一行。") == true)
    }
    // Letters up to the border: the sample begins where they end.
    let letters = try #require(encoded(String(repeating: "plain letters\n", count: 8000), encoding))
    let reading = ImportReading("a.txt", letters + line)
    #expect(reading.messages == [] && reading.texts.last == "中文字的第一行。")
  }

  @Test("Random bytes are read with a warning or refused, and never end the program", arguments: SeededRandom.seeds(1))
  func randomBytes(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for round in 0..<300 {
      let range: ClosedRange<UInt8> = round % 3 == 0 ? 0...255 : round % 3 == 1 ? 1...255 : 0x80...0xFF
      let count = Int.random(in: 0...(round % 50 == 0 ? 5000 : 40), using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: range, using: &random) }
      let reading = ImportReading("a.txt", bytes)
      #expect(reading.sources.count == 1 || reading.problems.count == 1, "\(random.advice)")
      let texts = reading.texts.joined()
      if texts.unicodeScalars.contains("\u{FFFD}") { #expect(!reading.problems.isEmpty, "\(bytes), \(random.advice)") }
      for name in ["UTF-8", "UTF-16LE", "UTF-32BE", "GB18030", "Big5", "UTF-7", "HZ", "ISO-2022-CN", "Shift_JIS", "SCSU", "ibm-37"] {
        let forced = ImportReading("a.txt", bytes, encoding: TextEncoding(named: name))
        #expect(forced.sources.count == 1 || forced.problems.count == 1)
      }
    }
  }

  @Test("Long random bytes are refused", arguments: SeededRandom.seeds(1))
  func longRandomBytes(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for range: ClosedRange<UInt8> in [0...255, 1...255] {
      for _ in 0..<20 {
        let bytes = (0..<1000).map { _ in UInt8.random(in: range, using: &random) }
        #expect(ImportReading("a.txt", bytes).problems.map(\.severity) == [.rejected])
      }
    }
  }

  private func expectSame(_ text: String, _ encoding: String, mark: [UInt8] = [], at location: SourceLocation = #_sourceLocation) throws {
    let bytes = mark + (try #require(encoded(text, encoding), sourceLocation: location))
    let reading = ImportReading("a.md", bytes)
    #expect(reading.messages == [], "\(encoding)", sourceLocation: location)
    let plain = ImportReading("a.md", Array(text.utf8))
    #expect(!plain.keys.isEmpty && reading.keys == plain.keys, "\(encoding)", sourceLocation: location)
    // All but where it stands in the file.
    func fields(_ reading: ImportReading) -> [[String: FieldValue]] { reading.documents.map { $0.fields.filter { $0.key != "source" } } }
    #expect(fields(reading) == fields(plain), "\(encoding)", sourceLocation: location)
    #expect(reading.sources.map(\.bytes) == [bytes.count], sourceLocation: location)
  }
}

extension ImportReading {
  fileprivate var texts: [String] { documents.compactMap { $0.fields["text"]?.description } }
}
