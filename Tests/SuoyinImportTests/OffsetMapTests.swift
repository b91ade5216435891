// Is every character of a text found again in its file?
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

@Suite("A text's characters are found in its file")
struct OffsetMapTests {
  /// Marks, digits and letters in two widths between Chinese.
  private static let text = """
    # 示例条例\r\n第一条　为了促进“先进制造业”发展——ＧＢ/T 36073-2018，制定本条例。\n第17条之一 (a) 2023年；\t浙政发〔2023〕4号\n\n
    """
  private static let encodings: [(name: String, extra: String)] = [
    ("UTF-16LE", "𠮷é€ß😀"), ("UTF-16BE", "𠮷é€ß😀"), ("UTF-32LE", "𠮷é€ß😀"), ("UTF-32BE", "𠮷é€ß😀"), ("GB18030", "𠮷é€ß"), ("GBK", "條"),
    ("BIG5-HKSCS", ""), ("SHIFT_JIS", "カナ"), ("EUC-JP", "カナ"), ("EUC-KR", "한글"),
  ]

  @Test("In every encoding each character's bytes are that character", arguments: encodings)
  func characters(encoding: String, extra: String) throws {
    // Long enough that the decoder's pieces end inside characters and runs.
    let letters = Self.text.unicodeScalars.filter { encoded(String($0), encoding) != nil }
    let text = String(repeatElement(String(String.UnicodeScalarView(letters)) + extra, count: 700).joined())
    let bytes = try #require(encoded(text, encoding))
    let decoded = try #require(decode(bytes, encoding))
    #expect(decoded.text == Array(text.utf8))
    try expectCharacters(decoded, of: bytes, encoding)
    // Behind something else, such as a byte order mark.
    let later = try #require(decode([1, 2, 3] + bytes, from: 3, encoding))
    #expect(later.map.file(0..<text.utf8.count) == 3..<3 + bytes.count && later.map.file(0..<1).lowerBound == 3)
    if encoding.hasPrefix("UTF-16") { #expect(decoded.map.runCount < letters.count * 700 / 2) }
  }

  @Test("Random characters are found in every encoding", arguments: SeededRandom.seeds(3))
  func randomCharacters(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for (encoding, extra) in Self.encodings {
      let pool = (Self.text + extra + "abc").unicodeScalars.filter { encoded(String($0), encoding) != nil }
      for _ in 0..<20 {
        let text = String(String.UnicodeScalarView((0..<random.below(60)).map { _ in random.element(Array(pool)) }))
        let bytes = try #require(encoded(text, encoding))
        let decoded = try #require(decode(bytes, encoding))
        #expect(decoded.text == Array(text.utf8), "\(random.advice)")
        try expectCharacters(decoded, of: bytes, encoding)
      }
    }
  }

  @Test("All 256 bytes of the encodings of one byte")
  func singleBytes() throws {
    for name in ["windows-1252", "ISO-8859-1", "KOI8-R", "windows-1251", "ibm-37"] {
      let bytes = (0...255).map { UInt8($0) }
      let decoded = try #require(decode(bytes, name))
      var offset = 0
      for index in 0..<256 {
        let end = decoded.text.nextCharacter(offset)
        #expect(decoded.map.file(offset..<end) == index..<index + 1, "\(name)")
        offset = end
      }
      #expect(offset == decoded.text.count)
    }
  }

  @Test(
    "A character that the decoder has in two halves is where it stands",
    arguments: ["UTF-16LE", "UTF-16BE", "UTF-32LE", "GB18030", "UTF-8"])
  func borders(encoding: String) throws {
    let character = try #require(encoded("𠮷", encoding))
    let letter = try #require(encoded("a", encoding))
    // The decoder has 16,384 units at a time.
    for letters in (1 << 14) - 3...(1 << 14) + 1 {
      let start = letters * letter.count
      let bytes = Array(repeatElement(letter, count: letters).joined()) + character + letter
      let decoded = try #require(decode(bytes, encoding))
      #expect(decoded.text.count == letters + 5)
      #expect(decoded.map.file(letters - 1..<letters) == start - letter.count..<start, "\(letters)")
      #expect(decoded.map.file(letters..<letters + 4) == start..<start + character.count, "\(letters)")
      #expect(decoded.map.file(letters + 4..<letters + 5) == bytes.count - letter.count..<bytes.count, "\(letters)")
    }
  }

  @Test("What became U+FFFD is where it stood")
  func illFormed() throws {
    let cases: [(String, [UInt8], [Range<Int>])] = [
      ("UTF-8", [0x61, 0xFF, 0x62], [0..<1, 1..<2, 2..<3]),
      ("UTF-8", [0xE6, 0x94, 0xBF, 0xE5, 0xBA], [0..<3, 3..<5]),
      ("UTF-16LE", [0x61, 0, 0, 0xD8, 0x62, 0], [0..<2, 2..<4, 4..<6]),
      ("UTF-16LE", [0x61, 0, 0, 0xDC, 0x62, 0, 0x63], [0..<2, 2..<4, 4..<6, 6..<7]),
      ("GB18030", [0xD5, 0xFE, 0xFF, 0xB8, 0xAE], [0..<2, 2..<3, 3..<5]),
      ("GB18030", [0xD5, 0xFE, 0x81], [0..<2, 2..<3]),
      ("GB18030", [0x61, 0x82, 0x30, 0x81], [0..<1, 1..<4]),
      ("Big5", [0xA4, 0xA4, 0xFF, 0x61], [0..<2, 2..<3, 3..<4]),
    ]
    for (encoding, bytes, expected) in cases {
      let decoded = try #require(decode(bytes, encoding))
      var ranges: [Range<Int>] = []
      var offset = 0
      while offset < decoded.text.count {
        let end = decoded.text.nextCharacter(offset)
        ranges.append(decoded.map.file(offset..<end))
        offset = end
      }
      #expect(ranges == expected, "\(encoding) \(bytes)")
    }
  }

  @Test("Random bytes: what they became covers the file in order, to its end", arguments: SeededRandom.seeds(3))
  func randomBytes(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for encoding in [
      "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32BE", "GB18030", "Big5", "EUC-KR", "Shift_JIS", "UTF-7", "HZ", "ISO-2022-CN", "SCSU",
    ] {
      for _ in 0..<300 {
        let range: ClosedRange<UInt8> = random.chance(1, in: 2) ? 0...255 : 0x80...0xFF
        let bytes = (0..<random.below(40)).map { _ in UInt8.random(in: range, using: &random) }
        let decoded = try #require(decode(bytes, encoding))
        var offset = 0
        var last = 0..<0
        while offset < decoded.text.count {
          let end = decoded.text.nextCharacter(offset)
          let file = decoded.map.file(offset..<end)
          // The same bytes as the character before, when they gave both, or those that follow.
          #expect(file == last || file.lowerBound >= last.upperBound, "\(encoding) \(bytes), \(random.advice)")
          #expect(!file.isEmpty && file.upperBound <= bytes.count)
          last = file
          offset = end
        }
        if offset > 0 { #expect(last.upperBound == bytes.count, "\(encoding) \(bytes), \(random.advice)") }
      }
    }
  }

  @Test("A map that is wrong by one byte is noticed")
  func wrongMap() throws {
    let text = "第一条 甲。\n"
    let bytes = try #require(encoded(text, "GB18030"))
    let right = try #require(decode(bytes, "GB18030"))
    #expect(firstWrong(right, of: bytes, "GB18030") == nil)
    for wrong in 0..<3 {
      var runs = OffsetRuns()
      runs.append(text: 0, file: 0, textStep: 3, fileStep: 2, count: wrong == 0 ? 2 : 3)
      runs.append(text: 9, file: wrong == 1 ? 7 : 6, textStep: 1, fileStep: 1)
      runs.append(text: 10, file: 7 + (wrong == 1 ? 1 : 0), textStep: 3, fileStep: wrong == 2 ? 1 : 2, count: 1)
      #expect(firstWrong((right.text, OffsetMap(runs)), of: bytes, "GB18030") != nil)
    }
  }

  @Test("Runs agree with a list of every step", arguments: SeededRandom.seeds(5))
  func naive(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      var runs = OffsetRuns()
      var steps: [(text: Range<Int>, file: Range<Int>)] = []
      var text = 0
      var file = 0
      for _ in 0..<random.below(12) {
        // Gaps in the text, in the file, in both, or none.
        text += random.chance(1, in: 3) ? random.below(3) : 0
        file += random.chance(1, in: 3) ? random.below(4) : 0
        let (textStep, fileStep, count) = (1 + random.below(4), 1 + random.below(4), 1 + random.below(4))
        runs.append(text: text, file: file, textStep: textStep, fileStep: fileStep, count: count)
        for _ in 0..<count {
          steps.append((text..<text + textStep, file..<file + fileStep))
          text += textStep
          file += fileStep
        }
      }
      if random.chance(1, in: 3) {
        let cut = random.below(text + 1)
        runs.removeText(from: cut)
        steps.removeAll { $0.text.upperBound > cut }
      }
      let map = OffsetMap(runs)
      for start in 0...text {
        for end in start...text {
          let held = steps.filter { $0.text.upperBound > start && $0.text.lowerBound < end && start < end }
          let found = map.file(start..<end)
          if let first = held.first, let last = held.last {
            #expect(found == first.file.lowerBound..<last.file.upperBound, "\(random.advice)")
          } else {
            #expect(found.isEmpty, "\(random.advice)")
          }
        }
      }
    }
  }

  @Test("Two maps one after the other are one, and the identity is none")
  func composed() {
    // &lt;甲 without the reference, in GB18030.
    var inner = OffsetRuns()
    inner.append(text: 0, file: 0, textStep: 1, fileStep: 4)
    inner.append(text: 1, file: 4, textStep: 1, fileStep: 1, count: 3)
    var outer = OffsetRuns()
    outer.append(text: 0, file: 0, textStep: 1, fileStep: 1, count: 4)
    outer.append(text: 4, file: 4, textStep: 3, fileStep: 2)
    let map = OffsetMap(inner).composed(with: OffsetMap(outer))
    #expect(map.file(0..<1) == 0..<4 && map.file(1..<4) == 4..<6 && map.file(0..<4) == 0..<6)
    #expect(OffsetMap.identity.file(3..<9) == 3..<9 && OffsetMap.identity.runCount == 0)
    #expect(OffsetMap(inner).composed(with: .identity) == OffsetMap(inner) && OffsetMap.identity.composed(with: map) == map)
    #expect(OffsetMap(OffsetRuns()).file(0..<0) == 0..<0)
  }

  private typealias Decoded = (text: [UInt8], map: OffsetMap)

  private func decode(_ bytes: [UInt8], from start: Int = 0, _ encoding: String) -> Decoded? {
    TextEncoding(named: encoding).flatMap { TextDecoder.decode(bytes, start..<bytes.count, as: $0, isMapped: true) }.map {
      ($0.bytes, $0.map)
    }
  }

  /// Where the first character is whose bytes in the file are not it, or do not follow on those before.
  private func firstWrong(_ decoded: Decoded, of bytes: [UInt8], _ encoding: String) -> Int? {
    // A converter for each of a hundred thousand characters takes its time.
    var known: [ArraySlice<UInt8>: [UInt8]?] = [:]
    func expected(_ character: ArraySlice<UInt8>) -> [UInt8]? {
      if let bytes = known[character] { return bytes }
      let bytes = encoded(String(decoding: character, as: UTF8.self), encoding)
      known[character] = .some(bytes)
      return bytes
    }
    var offset = 0
    var file = 0
    while offset < decoded.text.count {
      let end = decoded.text.nextCharacter(offset)
      let range = decoded.map.file(offset..<end)
      guard range.lowerBound == file, range.upperBound <= bytes.count,
        expected(decoded.text[offset..<end]) == Array(bytes[range])
      else { return offset }
      (offset, file) = (end, range.upperBound)
    }
    return file == bytes.count ? nil : offset
  }

  private func expectCharacters(
    _ decoded: Decoded, of bytes: [UInt8], _ encoding: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(firstWrong(decoded, of: bytes, encoding) == nil, "\(encoding)", sourceLocation: location)
  }
}

extension [UInt8] {
  /// Where the character at `offset` ends.
  fileprivate func nextCharacter(_ offset: Int) -> Int {
    self[(offset + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? count
  }
}
