// What may a text look like, at its worst?

/// Random texts, of few different characters so that terms meet again, and with everything that makes analysis hard.
package struct RandomText {
  private static let common = ["政", "府", "人", "民", "制", "造", "业", "企", "链", "条"]
  private static let words = [
    "人民政府", "制造业", "第十七条", "5G", "GB/T 36073-2018", "DCMM", "0.52", "２０２３年", "製造業", "〔2023〕4 号", "C2M", "產業",
    "第17条", "第１７条之一", "第十七条之一", "第（三）项", "二〇二三年", "二○二三", "2023年", "(2023)第4号", "GBT36073", "415X", "百分之五", "5%", "三十", "四百亿", "400 亿元",
  ]
  private static let numerals = ["一", "二", "三", "十", "百", "万", "亿", "〇", "年", "第", "条", "17", "2023", "%", "人"]
  private static let marks = ["。", "，", "；", "！", "、", "“", "”", " ", "\n", "\u{3000}", "(", ")", "？"]
  private static let hostile = [
    "\u{200B}", "e\u{301}", "㈱", "①", "ｶﾞ", "か\u{3099}", "한국", "한", "ไทย", "\u{FE0F}", "👍🏽", "\u{E000}", "𠮷", "ß", "İ", "ﬁ", "½", "\u{FDFA}",
    "a_b", "ア_b", "々", "〇", "ー", "\u{0}", "\r\n", "㎡", "…", "３．６％", "can't", "\u{AD}", "\u{301}",
  ]

  /// A text of about `length` pieces; `hostility` of 100 pieces are unusual ones.
  package static func make(_ length: Int, hostility: Int, _ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<length {
      switch random.below(100) {
      case ..<hostility: text += random.element(hostile)
      case ..<(hostility + 12): text += random.element(words)
      case ..<(hostility + 24): text += random.element(marks)
      case ..<(hostility + 36): text += random.element(numerals)
      default: text += random.element(common)
      }
    }
    return text
  }
}
