// Which texts are the hardest to cut as ICU does?
internal import SuoyinAnalysis

/// Random texts of everything that word break rules and dictionaries tell apart: all categories of the rules, all planes, all scripts that a
/// dictionary cuts, and what joins, combines, expands or ends nowhere.
package struct HostileText {
  /// Up to 64 code points of each category of ICU's rules, spread over all planes.
  private let categories: [[Unicode.Scalar]]
  /// Words of ICU's dictionary, so that Han and kana meet as words do.
  package let words: [(units: [UInt16], cost: UInt8)]
  /// Those of Han characters alone: one katakana hands the whole run to ICU, and then nothing is compared.
  package let hanWords: [[UInt16]]

  /// nil when ICU's formats are not the known ones.
  package init?() {
    guard let rules = BreakRules(), let nodes = HanDictionary()?.nodes() else { return nil }
    var categories = [[Unicode.Scalar]](repeating: [], count: rules.categoryCount)
    var seen = [Int](repeating: 0, count: rules.categoryCount)
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let category = rules.category(of: value)
      seen[category] += 1
      // Each in turn takes the place of an earlier one, so that the 64 are not the first of their block.
      if categories[category].count < 64 {
        categories[category].append(scalar)
      } else if seen[category] % 61 == 0 {
        categories[category][seen[category] / 61 % 64] = scalar
      }
    }
    self.categories = categories.filter { !$0.isEmpty }
    words = Self.words(of: nodes)
    hanWords = words.map(\.units).filter { $0.allSatisfy { (0x4E00..<0x9FA6).contains($0) } }
  }

  private static func words(of nodes: [HanDictionary.Node]) -> [(units: [UInt16], cost: UInt8)] {
    var words: [(units: [UInt16], cost: UInt8)] = []
    var paths: [(node: Int32, unit: UInt16)] = []  // from the root to the node at hand: nodes stand after their parents, depth first
    for (index, node) in nodes.enumerated() {
      while let last = paths.last, last.node != node.parent { paths.removeLast() }
      paths.append((Int32(index), node.unit))
      if node.cost > 0 { words.append((paths.map(\.unit), node.cost)) }
    }
    return words
  }

  // MARK: Pieces

  private static let marks = [
    "\u{301}", "\u{200D}", "\u{FE0F}", "\u{FE00}", "\u{E0100}", "\u{3099}", "\u{309A}", "\u{20DD}", "\u{AD}", "\u{200B}", "\u{2060}",
    "\u{200F}", "\u{202E}",
  ]
  private static let numbers = [
    "1", "23", "１", "4.5", "1,234", "1，234", "6'7", "8.", ".9", "3_4", "٣", "²", "½", "①", "1:2", "5%", "12a", "a1", "0x1F", "10-20", "1e9",
    "7．8", "9；",
  ]
  private static let letters = [
    "a", "B", "é", "e\u{301}", "ß", "ﬁ", "can't", "a.b", "a:b", "a@b", "x_y", "Ω", "я", "א", "א\"ב", "ש'", "ا", "A\u{301}\u{200D}", "İ",
    "Ⅳ", "㎏",
  ]
  private static let glue = ["_", "\u{203F}", "\u{FF3F}", "\u{2040}", "\u{FE33}", "\u{202F}"]
  private static let ends = ["\r\n", "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}", " ", "  ", "\t", "\u{A0}", "\u{3000}"]
  private static let emoji = [
    "👍🏽", "👩‍👩‍👧‍👦", "🇨🇳", "🇨", "🇨🇳🇩", "❤️", "1️⃣", "🏴\u{E0067}\u{E0062}\u{E007F}", "☝🏿", "👁️‍🗨️", "©", "\u{200D}🌈", "🏻",
  ]
  private static let other = [
    "한국어", "한", "각", "ㄱㅏ", "ｱｲ", "ｶﾞ", "ﾊﾟ", "ｰ", "ﾞ", "〱", "〳", "〵", "゛", "゜", "゠", "〸", "〹", "〺", "〆", "々", "〇", "ヿ", "ゟ", "㍿", "㋐", "㈱",
    "𛀀", "𛀁", "🈁", "⼀", "⿕", "⺀",
    "ไทยภาษา", "ไ", "ລາວ", "ខ្មែរ", "មន", "မြန်မာ", "က", "ᩅ", "ꪀ", "𠮷", "𪚥", "\u{2F800}", "豈", "\u{FA0E}", "\u{F900}", "\u{FDFA}", "\u{E000}",
    "\u{F0000}", "\u{378}", "\u{FFFF}", "\u{FFFE}",
    "\u{10FFFF}", "\u{FFFD}", "\u{0}", "ー", "・", "･", "、", "。", "“", "”", "（", "〔", "①", "\u{31F0}", "\u{1B001}", "\u{16FF0}", "\u{3006}",
    "\u{FE45}", "\u{9FFF}", "\u{4DBF}",
  ]

  private static func scalar(_ values: ClosedRange<UInt32>, _ random: inout SeededRandom) -> String {
    let value = values.lowerBound + UInt32(random.below(Int(values.upperBound - values.lowerBound) + 1))
    return String(Character(Unicode.Scalar(value) ?? "\u{FFFD}"))
  }

  private func word(_ random: inout SeededRandom) -> String {
    let units = random.element(words).units
    return String(decoding: random.chance(1, in: 3) ? units[..<(1 + random.below(units.count))] : units[...], as: UTF16.self)
  }

  private func piece(_ random: inout SeededRandom) -> String {
    switch random.below(20) {
    case 0...2: return String(Character(random.element(random.element(categories))))
    case 3...7: return word(&random)
    case 8: return Self.scalar(0x4E00...0x9FFF, &random) + (random.chance(1, in: 4) ? random.element(Self.marks) : "")
    case 9: return random.element(Self.marks)
    case 10: return random.element(Self.numbers)
    case 11: return random.element(Self.letters)
    case 12: return random.element(Self.glue)
    case 13: return random.element(Self.ends)
    case 14: return random.element(Self.emoji)
    case 15: return random.element(Self.other)
    case 16: return (0...random.below(24)).map { _ in random.chance(1, in: 6) ? "ー" : Self.scalar(0x30A0...0x30FF, &random) }.joined()
    case 17: return (0...random.below(6)).map { _ in random.chance(1, in: 6) ? "ー" : Self.scalar(0x3040...0x309F, &random) }.joined()
    case 18:
      switch random.below(4) {
      case 0: return Self.scalar(0xFF61...0xFF9F, &random) + Self.scalar(0xFF61...0xFF9F, &random)
      case 1: return Self.scalar(0x2E80...0x2FDF, &random)
      case 2: return Self.scalar(0xF900...0xFAFF, &random)
      default: return Self.scalar(0x20000...0x323AF, &random)
      }
    default:
      switch random.below(3) {
      case 0: return Self.scalar(0...0xFFFF, &random)
      case 1: return Self.scalar(0x10000...0x1FFFF, &random)
      default: return Self.scalar(0...0x10FFFF, &random)
      }
    }
  }

  // MARK: Texts

  /// A short text: mostly pieces of any kind, sometimes pieces of two kinds only, over and over.
  package func make(_ random: inout SeededRandom) -> String {
    let length = 1 + random.below(24)
    if random.chance(1, in: 4) {
      let few = (0...1 + random.below(2)).map { _ in piece(&random) }
      return (0..<length).map { _ in random.element(few) }.joined()
    }
    return (0..<length).map { _ in piece(&random) }.joined()
  }

  /// A text with hundreds to 100,000 characters between two separators, more than are cut together at once.
  package func makeLong(_ random: inout SeededRandom) -> String {
    let length = random.chance(1, in: 3) ? 2048 - 8 + random.below(16) : random.chance(1, in: 8) ? 100_000 : 500 + random.below(20_000)
    var text = random.chance(1, in: 2) ? piece(&random) : ""
    var characters = 0
    switch random.below(8) {
    case 0: return text + String(repeating: piece(&random), count: length / 8)
    case 1: return text + String(repeating: Self.scalar(0x61...0x7A, &random), count: length)
    default:
      let separators = random.below(3) == 0 ? 1 + random.below(2000) : 0
      let isHan = random.chance(4, in: 5)
      while characters < length {
        let next = isHan ? String(decoding: random.element(hanWords), as: UTF16.self) : word(&random)
        characters += next.unicodeScalars.count
        text += next
        if separators > 0, random.chance(1, in: separators) { text += piece(&random) }
      }
      return text
    }
  }
}
