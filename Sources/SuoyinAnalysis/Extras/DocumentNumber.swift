// Which document is 浙政发〔2023〕4 号?

extension NumberTerms {
  /// Adds `〔2023〕4号` for the year in a document's number, whatever its brackets are: 〔2023〕4 号, [2023]4号, （二〇二三）第4号.
  ///
  /// Who issued it is not part of the term: where its name begins cannot be seen in 根据浙政发〔2023〕4号.
  func addDocumentNumber(_ year: Numeral, at index: Int, to analysis: inout Analysis) {
    guard let value = year.year, text.followsOpeningBracket(index) else { return }
    let closing = text.bracketLength(at: year.endOffset, isOpening: false)
    guard closing > 0 else { return }
    var next = year.end
    var offset = year.endOffset + closing
    if text.character(next) == CellText.ordinal, text.isBlank(to: next, from: offset) {
      offset = text.end(next)
      next += 1
    }
    guard text.isBlank(to: next, from: offset), let number = numerals.number(next), number.scale == 0,
      text.isBlank(to: number.end, from: number.endOffset), text.character(number.end) == 0x53F7  // 号
    else { return }
    let term = Array("〔\(value)〕".utf8) + number.decimal + Array("号".utf8)
    analysis.addExtra(term, cells: index..<number.end + 1, rule: .number)
  }
}
