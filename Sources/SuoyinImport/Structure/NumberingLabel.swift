// Which label stands here: 第十七条, 第二章, 一、, （三）, 8., ① or 第五个方面?

/// A kind of numbering. Labels of one kind on one level count up.
enum Numbering: Hashable {
  /// 第一编, 第三篇.
  case part
  /// 第二分编.
  case subpart
  case chapter
  case section
  /// 第十七条, 第 17 條, 第十七条之一.
  case article
  /// 第一部分.
  case portion
  /// 第三个专项行动, 第二个方面: what is counted, by its last two characters.
  case counted(String)
  /// 一、
  case ideographic
  /// （一）
  case bracketedIdeographic
  /// 1.
  case arabic
  /// （1）
  case bracketedArabic
  /// ①
  case circled
  /// A Markdown heading of level 1...6 without a label.
  case heading(Int)

  /// 编, 章, 节 and their like: they hold articles, and their line is a heading.
  var isDivision: Bool {
    switch self {
    case .part, .subpart, .chapter, .section: true
    default: false
    }
  }
}

/// The place of a label among its like: 第十七条之一 is 17, insertion 1.
struct LabelNumber: Equatable {
  var value: Int
  var insertion = 0

  static let beforeFirst = LabelNumber(value: 0)

  /// Whether this is the number that comes next after `other`.
  func follows(_ other: LabelNumber) -> Bool {
    insertion == 0 ? value == other.value + 1 : value == other.value && insertion == other.insertion + 1
  }
}

/// A label at some place of a text, whatever comes after it.
struct NumberingLabel: Equatable {
  var numbering: Numbering
  var number: LabelNumber
  /// The label with its own punctuation: 第十七条, 一、, （三）, 8.
  var range: Range<Int>

  /// Reads the label that begins at `start` and ends before `end`, if one does.
  ///
  /// - Complexity: O(1).
  init?(_ bytes: [UInt8], at start: Int, end: Int) {
    guard start < end else { return nil }
    switch bytes[start] {
    case 0x28, 0xEF: self.init(bracketed: bytes, at: start, end: end)
    case 0x30...0x39: self.init(arabic: bytes, at: start, end: end)
    case 0xE2: self.init(circled: bytes, at: start, end: end)
    case 0xE3...0xE9:
      if bytes.has(0xE7, 0xAC, 0xAC, at: start) {
        self.init(ordinal: bytes, at: start, end: end)
      } else {
        self.init(ideographic: bytes, at: start, end: end)
      }
    default: return nil
    }
  }

  // MARK: A rule for each kind

  /// 一、 but not the beginning of 一、二、三级.
  private init?(ideographic bytes: [UInt8], at start: Int, end: Int) {
    guard let numeral = Numeral.read(bytes, at: start, end: end), numeral.end < end, (1...99).contains(numeral.value),
      bytes.has("、", at: numeral.end) || bytes.has("．", at: numeral.end)
    else { return nil }
    let next = numeral.end + 3
    if let other = Numeral.read(bytes, at: next, end: end), other.end < end,
      bytes.has("、", at: other.end) || bytes.has("级", at: other.end) || bytes.has("類", at: other.end) || bytes.has("类", at: other.end)
    {
      return nil
    }
    self.init(numbering: .ideographic, number: LabelNumber(value: numeral.value), range: start..<next)
  }

  /// （一）, (一), （1）, (1); not (2022), nor (2022-2024).
  private init?(bracketed bytes: [UInt8], at start: Int, end: Int) {
    let open = bytes[start] == 0x28 ? 1 : bytes.has("（", at: start) ? 3 : 0
    if open == 0 {
      // １. with a full-width digit.
      self.init(arabic: bytes, at: start, end: end)
      return
    }
    let first = Self.skipSpaces(bytes, start + open..<end)
    guard let numeral = Numeral.read(bytes, at: first, end: end), (1...99).contains(numeral.value) else { return nil }
    let close = Self.skipSpaces(bytes, numeral.end..<end)
    guard close < end else { return nil }
    let width = bytes[close] == 0x29 ? 1 : bytes.has("）", at: close) ? 3 : 0
    guard width > 0 else { return nil }
    let isIdeographic = bytes[first] >= 0xE3 && bytes[first] < 0xEF
    var last = close + width
    // （一）、 is how some write it.
    if bytes.has("、", at: last), last + 3 <= end { last += 3 }
    self.init(
      numbering: isIdeographic ? .bracketedIdeographic : .bracketedArabic, number: LabelNumber(value: numeral.value), range: start..<last)
  }

  /// 1. and 1、, but neither 1.8 万家 nor 3.0 版.
  private init?(arabic bytes: [UInt8], at start: Int, end: Int) {
    guard let numeral = Numeral.read(bytes, at: start, end: end), numeral.end < end, (1...999).contains(numeral.value),
      bytes[start] != 0x30
    else { return nil }
    let width = bytes[numeral.end] == 0x2E ? 1 : bytes.has("．", at: numeral.end) || bytes.has("、", at: numeral.end) ? 3 : 0
    guard width > 0 else { return nil }
    let next = numeral.end + width
    if next < end, Numeral.read(bytes, at: next, end: min(end, next + 3)).map({ _ in bytes[next] < 0x80 || bytes[next] == 0xEF }) == true {
      return nil
    }
    self.init(numbering: .arabic, number: LabelNumber(value: numeral.value), range: start..<next)
  }

  /// ① to ⑳.
  private init?(circled bytes: [UInt8], at start: Int, end: Int) {
    guard start + 3 <= end, bytes[start + 1] == 0x91, (0xA0...0xB3).contains(bytes[start + 2]) else { return nil }
    self.init(numbering: .circled, number: LabelNumber(value: Int(bytes[start + 2]) - 0x9F), range: start..<start + 3)
  }

  /// 第十七条, 第 10-1 條, 第二章, 第一部分, 第三个专项行动.
  private init?(ordinal bytes: [UInt8], at start: Int, end: Int) {
    let first = Self.skipSpaces(bytes, start + 3..<end)
    guard let numeral = Numeral.read(bytes, at: first, end: end) else { return nil }
    var number = LabelNumber(value: numeral.value)
    var position = numeral.end
    // 第 10-1 條 is how Taiwan's laws write 第十條之一.
    if position < end, bytes[position] == UInt8(ascii: "-"), let insertion = Numeral.read(bytes, at: position + 1, end: end) {
      number.insertion = insertion.value
      position = insertion.end
    }
    position = Self.skipSpaces(bytes, position..<end)
    guard position + 3 <= end else { return nil }
    let numbering: Numbering
    switch bytes.scalar(at: position).value {
    case "条", "條": numbering = .article
    case "编", "編", "篇": numbering = .part
    case "章": numbering = .chapter
    case "节", "節": numbering = .section
    case "分":
      guard bytes.has("编", at: position + 3) || bytes.has("編", at: position + 3) else { return nil }
      numbering = .subpart
      position += 3
    case "部":
      guard bytes.has("分", at: position + 3) else { return nil }
      numbering = .portion
      position += 3
    case "个", "個":
      guard let (noun, last) = Self.countedNoun(bytes, position + 3..<end) else { return nil }
      numbering = .counted(noun)
      position = last - 3
    default: return nil
    }
    position += 3
    if numbering == .article, bytes.has("之", at: position), let insertion = Numeral.read(bytes, at: position + 3, end: end) {
      number.insertion = insertion.value
      position = insertion.end
    }
    guard position <= end else { return nil }
    self.init(numbering: numbering, number: number, range: start..<position)
  }

  /// What 第N个 counts: 方面, or up to four characters before 行动; with the offset behind it.
  private static func countedNoun(_ bytes: [UInt8], _ range: Range<Int>) -> (String, Int)? {
    for place in 0...4 {
      let position = range.lowerBound + 3 * place
      guard position + 6 <= range.upperBound else { return nil }
      for noun in ["方面", "行动", "行動"] where bytes.has(noun, at: position) { return (noun, position + 6) }
      // Characters of three bytes only, and no punctuation.
      guard (0xE4...0xE9).contains(bytes[position]) else { return nil }
    }
    return nil
  }

  private init(numbering: Numbering, number: LabelNumber, range: Range<Int>) {
    self.numbering = numbering
    self.number = number
    self.range = range
  }

  private static func skipSpaces(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var position = range.lowerBound
    while position < range.upperBound {
      if bytes[position] == 0x20 { position += 1 } else if bytes.has("\u{3000}", at: position) { position += 3 } else { break }
    }
    return min(position, range.upperBound)
  }
}

extension [UInt8] {
  /// Whether three bytes stand at `offset`.
  func has(_ first: UInt8, _ second: UInt8, _ third: UInt8, at offset: Int) -> Bool {
    offset + 3 <= count && self[offset] == first && self[offset + 1] == second && self[offset + 2] == third
  }
}
