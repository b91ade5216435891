// Does a line begin with 第十七条 or 第二章, or does it only speak of it?

/// The place of an article in its document: 第十七条之一 is article 17, insertion 1.
struct ArticleNumber: Equatable {
  var article: Int
  var insertion: Int

  static let beforeFirst = ArticleNumber(article: 0, insertion: 0)

  /// Whether this is the number that comes next after `other`.
  func follows(_ other: ArticleNumber) -> Bool {
    insertion == 0 ? article == other.article + 1 : article == other.article && insertion == other.insertion + 1
  }
}

/// A label such as 第十七条, 第 3 條之一 or 第二章 at the beginning of a line.
struct SectionLabel {
  enum Unit {
    case article
    /// 编, 章, 节 and their like, which hold articles.
    case division
  }

  var unit: Unit
  /// The label itself, without marks.
  var range: Range<Int>
  var number: ArticleNumber

  /// Reads the label that begins at `start`, if one does, whatever comes after it.
  init?(_ bytes: [UInt8], at start: Int, end: Int) {
    guard start < end, bytes.has("第", at: start) else { return nil }
    let first = Self.skipSpaces(bytes, start + 3..<end)
    guard let numeral = Numeral.read(bytes, at: first, end: end) else { return nil }
    number = ArticleNumber(article: numeral.value, insertion: 0)
    var position = numeral.end
    // 第 10-1 條 is how Taiwan's laws write 第十條之一.
    if position < end, bytes[position] == UInt8(ascii: "-"), let insertion = Numeral.read(bytes, at: position + 1, end: end) {
      number.insertion = insertion.value
      position = insertion.end
    }
    position = Self.skipSpaces(bytes, position..<end)
    guard position < end else { return nil }
    var (character, width) = bytes.scalar(at: position)
    if character == "分", position + width < end {
      position += width
      (character, width) = bytes.scalar(at: position)
      guard character == "编" || character == "編" else { return nil }
    }
    switch character {
    case "条", "條": unit = .article
    case "编", "編", "章", "节", "節", "篇": unit = .division
    default: return nil
    }
    position += width
    if unit == .article, bytes.has("之", at: position), let insertion = Numeral.read(bytes, at: position + 3, end: end) {
      number.insertion = insertion.value
      position = insertion.end
    }
    range = start..<position
  }

  /// Whether what follows makes this the label of what follows, and not a reference such as 第三条、第四条所称.
  ///
  /// - Parameters:
  ///   - line: The line from the label on, without blanks at its end.
  ///   - last: The article before: when text follows with nothing between, only the number that comes next is believed.
  func isLabel(of line: Range<Int>, in bytes: [UInt8], after last: ArticleNumber) -> Bool {
    let end = range.upperBound
    if unit == .division {
      // A heading is short and no sentence.
      guard bytes.hasAtMost(40, charactersIn: line), !bytes.contains(sentenceEnds, in: line) else { return false }
    }
    if end == line.upperBound || bytes.blankLength(at: end) > 0 { return true }
    let next = bytes.scalar(at: end).value
    if Self.separators.contains(next) { return true }
    if Self.continuations.contains(next) { return false }
    switch unit {
    case .article: return number.follows(last)
    case .division: return !bytes.contains(["，", "、", ","], in: line)
    }
  }

  private static let separators: Set<Unicode.Scalar> = ["*", "：", ":", "【", "（", "("]

  /// What follows a reference, not a label: 第五条的, 第五条规定, 第五条和, 第五条第二款, 第三十一条》.
  private static let continuations: Set<Unicode.Scalar> = [
    "的", "规", "規", "定", "所", "第", "、", "和", "至", "款", "项", "項", "，", "之", "及", "与", "與", "或",
    "》", "〉", "”", "’", "」", "』", "）", ")", "。", "；", ";", ",", "-", "—", "～", "~", "…",
  ]

  private static func skipSpaces(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var position = range.lowerBound
    while position < range.upperBound {
      if bytes[position] == 0x20 { position += 1 } else if bytes.has("\u{3000}", at: position) { position += 3 } else { break }
    }
    return position
  }
}

/// What ends a sentence: a line that has one is neither a title nor a heading.
let sentenceEnds: Set<Unicode.Scalar> = ["。", "！", "？", "；"]
