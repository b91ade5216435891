// Which provision does 第十七条之一 cite?

extension NumberTerms {
  /// 第十七条, 第17条之一, 第（三）项, 第 一 章: adds `第17条` and so on for what begins at 第.
  func addCitation(at index: Int, to analysis: inout Analysis) {
    var offset = text.end(index)
    let opening = text.bracketLength(at: offset, isOpening: true)
    offset += opening
    guard text.isBlank(to: index + 1, from: offset), let numeral = numerals.number(index + 1), numeral.scale == 0, numeral.takesUnits else {
      return
    }
    offset = numeral.endOffset
    if opening > 0 {
      let closing = text.bracketLength(at: offset, isOpening: false)
      if closing == 0 { return }
      offset += closing
    }
    guard text.isBlank(to: numeral.end, from: offset), let (unit, end) = NumberUnit.read(NumberUnit.citations, text, at: numeral.end) else {
      return
    }
    var term = Array("第".utf8) + numeral.decimal + unit.name
    var last = end
    // An inserted article is one of its own: 第十七条之一 is not 第十七条.
    if unit.name == Self.article, let (number, insertedEnd) = insertion(at: end) {
      term += Array("之".utf8) + number.decimal
      last = insertedEnd
    }
    analysis.addExtra(term, cells: index..<last, rule: .number)
  }

  private static let article = Array("条".utf8)

  /// What 之 and 一 are part of another word with: 第十七条之一般规定.
  private static let refused = "般切样定致律旦时些点种类部个".unicodeScalars.map(\.value)

  private func insertion(at index: Int) -> (number: Numeral, end: Int)? {
    guard text.character(index) == 0x4E4B, text.isBlank(to: index, from: text.end(index - 1)),
      text.isBlank(to: index + 1, from: text.end(index)), let number = numerals.number(index + 1), number.scale == 0,
      (1...99).contains(number.mantissa)
    else { return nil }
    let next = text.touches(number.end, from: number.endOffset) ? text.character(number.end) : 0
    return next != 0 && Self.refused.contains(next) ? nil : (number, number.end)
  }
}
