// Is every character read as people read it, and is what they type understood?
import SuoyinAnalysis
import Testing

@Suite struct PinyinTests {
  private func readings(_ character: Character) -> [String] {
    PinyinReadings.shared[character.unicodeScalars.first!.value].map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("浙", ["zhe"]), ("江", ["jiang"]), ("长", ["zhang", "chang"]), ("行", ["xing", "hang", "heng"]), ("重", ["zhong", "chong"]),
    ("乐", ["le", "yue", "lao"]),
    ("会", ["hui", "kuai"]), ("率", ["lv", "shuai"]), ("单", ["dan", "chan", "shan"]), ("曾", ["ceng", "zeng"]), ("仇", ["chou", "qiu"]),
    ("区", ["qu", "ou"]),
    ("绿", ["lv", "lu"]), ("女", ["nv", "ru"]), ("解", ["jie", "xie"]), ("查", ["cha", "zha"]), ("盖", ["gai", "ge"]), ("干", ["gan", "qian"]),
    ("着", ["zhe", "zhao", "zhuo", "zhu"]), ("略", ["lve"]), ("㐀", ["qiu"]), ("x", []), ("。", []),
  ])
  func `a character has all its common readings`(character: String, expected: [String]) {
    #expect(Set(readings(Character(character))) == Set(expected))
  }

  @Test func `every common character can be read, in syllables that can be typed`() {
    var missing = 0
    for value in 0x4E00...0x9FA5 as ClosedRange<UInt32> {
      let readings = PinyinReadings.shared[value]
      if readings.isEmpty { missing += 1 }
      #expect(Set(readings).count == readings.count)
      for reading in readings {
        #expect(reading.count <= PinyinReadings.maximumSyllableLength && reading.allSatisfy { (0x61...0x7A).contains($0) })
      }
    }
    #expect(missing <= 10)
    #expect(PinyinReadings.shared.syllables.count > 400 && PinyinReadings.shared.syllables.count < 420)
  }

  /// The sequences as text: syllables joined by blanks, an initial as `z-`.
  private func sequences(_ text: String) -> Set<String> {
    Set(
      PinyinQuery(text).sequences.map { sequence in
        sequence.map { element in
          switch element {
          case .names(let names): names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
          case .initial(let initial): String(decoding: [initial], as: UTF8.self) + "-"
          }
        }.joined(separator: " ")
      })
  }

  @Test(arguments: [
    ("zhe jiang", ["zhe jiang", "zhe ji ang"]), ("zhejiang", ["zhe jiang", "zhe ji ang", "zhejiang"]), ("xian", ["xian", "xi an"]),
    ("xi'an", ["xi an"]), ("Xī’ān", ["xi an"]),
    ("zhè jiāng", ["zhe jiang", "zhe ji ang"]), ("zhe4jiang1", ["zhe jiang", "zhe ji ang"]), ("ＺＨＥ４", ["zhe"]), ("lü4", ["lv"]),
    ("lv", ["lv"]), ("lǜ", ["lv"]),
    ("lu\u{308}\u{300}", ["lv"]), ("zjs", ["z- j- s-", "zjs"]), ("5g wang", ["5g wang"]), ("gdp", ["g- d- p-", "gdp"]),
    ("浙江", ["zhe jiang"]), ("長", ["zhang/chang"]),
    ("fangan", ["fang an", "fan gan", "fangan"]), ("z", ["z"]), ("", [""]), ("。", [""]),
  ])
  func `what is typed means these sequences`(typed: String, expected: [String]) {
    #expect(sequences(typed) == Set(expected), "\(sequences(typed))")
  }

  @Test func `meanings are bounded, however long the text`() {
    for text in [
      String(repeating: "xian", count: 16), String(repeating: "xian", count: 5000), String(repeating: "xian ", count: 500),
      String(repeating: "'", count: 9),
    ] {
      let query = PinyinQuery(text)
      #expect(query.sequences.count <= 16 && query.words.allSatisfy { $0.count <= 17 })
    }
    #expect(PinyinQuery("' -").words.isEmpty)
    #expect(!PinyinQuery(String(repeating: "xian ", count: 64)).isTooLong && PinyinQuery(String(repeating: "xian ", count: 65)).isTooLong)
    #expect(PinyinQuery(String(repeating: "长", count: 65)).isTooLong && PinyinQuery(String(repeating: "x", count: 256)).isTooLong)
  }
}
