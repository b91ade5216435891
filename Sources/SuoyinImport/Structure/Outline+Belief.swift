// Is a label the label of a part, or does the text only look like one?

/// The rules by which labels are believed. They know of no file: only of the numbers that came before, and of what stands around a label.
extension Outline {
  var isInArticle: Bool { open.contains { parts[$0].numbering == .article } }

  func isOpen(_ numbering: Numbering) -> Bool { open.contains { parts[$0].numbering == numbering } }

  /// Whether the number comes next among the labels of its kind, or begins a new row of them.
  private func comesNext(_ label: NumberingLabel) -> Bool {
    if label.number.value == 1, label.number.insertion == 0 { return !isOpen(label.numbering) || label.numbering != .article }
    return label.number.follows(last[label.numbering] ?? .beforeFirst)
  }

  /// - Parameter line: From the label to the end of the line.
  func isBelieved(_ label: NumberingLabel, atStartOf line: Range<Int>, isHeading: Bool) -> Bool {
    switch label.numbering {
    case .article:
      // Under 一、 an article that is not the first is quoted: 将第五条修改为….
      if lastArticle == .beforeFirst, label.number.value != 1, isOpen(.ideographic) { return false }
      return isLabel(label, of: line)
    case .part, .subpart, .chapter, .section:
      let heading = headingLine(line)
      return isShort(heading) && isLabel(label, of: heading)
    case .bracketedArabic, .circled:
      return isHeading
    case .heading:
      return false
    case .portion, .counted:
      return comesNext(label) && !isInArticle
    case .ideographic, .bracketedIdeographic, .arabic:
      if isHeading { return true }
      if isInArticle {
        // The next heading above articles, such as 二、回避 between articles 12 and 13.
        return isOpen(label.numbering) && comesNext(label) && isShort(line)
      }
      return comesNext(label) || isOpen(label.numbering) || (isFragment && !hasLabels)
    }
  }

  /// Whether what follows an article's or division's label makes it one, and not a reference such as 第三条、第四条所称.
  private func isLabel(_ label: NumberingLabel, of line: Range<Int>) -> Bool {
    let end = label.range.upperBound
    if end == line.upperBound || bytes.blankLength(at: end) > 0 { return true }
    let next = bytes.scalar(at: end).value
    if Self.separators.contains(next) { return true }
    if Self.continuations.contains(next) { return false }
    return label.numbering == .article ? label.number.follows(lastArticle) : !bytes.contains(["，", "、", ","], in: line)
  }

  private static let separators: Set<Unicode.Scalar> = ["*", "：", ":", "【", "（", "("]

  /// What follows a reference, not a label: 第五条的, 第五条规定, 第五条和, 第五条第二款, 第三十一条》.
  private static let continuations: Set<Unicode.Scalar> = [
    "的", "规", "規", "定", "所", "第", "、", "和", "至", "款", "项", "項", "，", "之", "及", "与", "與", "或",
    "》", "〉", "”", "’", "」", "』", "）", ")", "。", "；", ";", ",", "-", "—", "～", "~", "…",
  ]

  /// A division's line up to the article that may be glued to it: 第五章 体育教师第十七条 体育教师应当….
  private func headingLine(_ line: Range<Int>) -> Range<Int> {
    var start = line.lowerBound
    let beginning = bytes.prefix(of: line, 160)
    while let place = bytes.firstOffset(of: "第", in: start..<beginning.upperBound) {
      if place > line.lowerBound, let article = NumberingLabel(bytes, at: place, end: line.upperBound), article.numbering == .article,
        article.number.follows(lastArticle), article.range.upperBound < line.upperBound, bytes.blankLength(at: article.range.upperBound) > 0
      {
        return line.lowerBound..<place
      }
      start = place + 3
    }
    return line
  }

  /// A heading is short and no sentence.
  func isShort(_ line: Range<Int>) -> Bool { bytes.hasAtMost(40, charactersIn: line) && !bytes.contains(sentenceEnds, in: line) }

  func isBelieved(_ label: NumberingLabel, inside range: Range<Int>, _ isSeparated: Bool) -> Bool {
    let isBehindBlank = bytes[label.range.lowerBound - 1] == 0x20
    let isBeforeBlank = label.range.upperBound == range.upperBound || bytes.blankLength(at: label.range.upperBound) > 0
    switch label.numbering {
    case .article:
      return isBeforeBlank && (label.number.follows(lastArticle) || isSeparated && isBehindBlank && lastArticle == .beforeFirst)
    case .part, .subpart, .chapter, .section:
      // 第一章 总则 第一条 …; or the rest of a line that is no sentence: …奖励。第二章　禁毒宣传教育.
      guard isBeforeBlank, label.number.value == 1 || label.number.value > (last[label.numbering]?.value ?? 0) else { return false }
      return isSeparated ? isBehindBlank : isShort(headingLine(label.range.lowerBound..<range.upperBound))
    case .bracketedArabic, .circled, .heading:
      return false
    case .portion, .counted:
      return comesNext(label) && !isInArticle
    case .ideographic, .bracketedIdeographic, .arabic:
      if isInArticle { return false }
      return label.number.follows(last[label.numbering] ?? .beforeFirst) || (label.number.value == 1 && !isOpen(label.numbering))
        || (isFragment && !hasLabels)
    }
  }
}
