// Which further terms do a text's numbers, citations and mixed words make?

/// Adds canonical terms to a text, so that a number is found however it is written.
///
/// | text | term |
/// | --- | --- |
/// | 二〇二三, 二十三, 400 亿, 1,234 | the number in decimal digits: `2023`, `23`, `40000000000`, `1234` |
/// | 二〇二三年, 三个月, 百分之五十, 50% | the number and its unit: `2023年`, `3个月`, `50%` |
/// | 第十七条, 第１７条之一, 第（三）项 | `第17条`, `第17条之1`, `第3项` |
/// | 〔2023〕4 号, (二〇二三)第4号 | `〔2023〕4号` |
/// | GB/T 36073—2018, GBT36073-2018 | `gb/t36073` and `gb/t36073-2018` |
/// | 415X, 5G | its runs of letters and of digits: `415`, `x` |
///
/// No term means two things: only a bare number and a run of digits inside a mixed word share theirs, so that 415 finds 415X. A number that
/// stands before a unit also gives the bare number, unless it is a lone Han numeral. docs/Architecture.md says why these forms.
struct NumberTerms {
  let text: CellText
  let numerals: NumeralReader

  private init(_ text: CellText) {
    self.text = text
    numerals = NumeralReader(text: text)
  }

  /// Adds the terms, by first cell. The analysis must have no extras yet.
  ///
  /// - Complexity: O(*n*), *n* being the bytes of the text: a number, a unit and a standard's name have bounded lengths.
  static func add(to analysis: inout Analysis) {
    let finder = NumberTerms(CellText(bytes: analysis.text, cells: analysis.cells))
    let count = analysis.cells.count
    var index = finder.text.firstCandidate(from: 0)
    // Invariant: all terms that begin before `index` have been added. Terminates: every turn advances.
    while index < count {
      if finder.text.isLettersOrDigits(index) {
        index = finder.addWord(at: index, to: &analysis)
      } else if finder.text.character(index) == CellText.ordinal {
        finder.addCitation(at: index, to: &analysis)
        index += 1
      } else {
        index = finder.addHanNumber(at: index, to: &analysis)
      }
      index = finder.text.firstCandidate(from: index)
    }
  }

  // MARK: Words of letters and digits

  /// Adds what begins at a word of letters or digits; returns the next cell to look at.
  private func addWord(at index: Int, to analysis: inout Analysis) -> Int {
    let kind = WordKind(text.term(index))
    if kind == .letters || kind == .mixed { addStandard(at: index, to: &analysis) }
    if kind == .mixed { addParts(at: index, to: &analysis) }
    if kind != .digits { return index + 1 }
    guard case .number(let numeral) = numerals.read(index) else {
      addParts(at: index, to: &analysis)
      return index + 1
    }
    addPlainNumber(at: index, to: &analysis)
    if isContinued(before: index) { return index + 1 }
    if !numeral.isDigits { analysis.addExtra(numeral.decimal, cells: index..<numeral.end, rule: .number) }
    addNumber(numeral, at: index, to: &analysis)
    return numeral.isDigits ? index + 1 : numeral.end
  }

  /// Digits as they stand, without the commas between thousands.
  private func addPlainNumber(at index: Int, to analysis: inout Analysis) {
    let bytes = text.term(index)
    if bytes.contains(UInt8(ascii: ",")) {
      analysis.addExtra(bytes.filter { $0 != UInt8(ascii: ",") }, cells: index..<index + 1, rule: .number)
    } else {
      analysis.addExtra(bytes, cells: index..<index + 1, rule: .number)
    }
  }

  // MARK: Numbers

  /// Adds what begins at a Han numeral; returns the next cell to look at.
  private func addHanNumber(at index: Int, to analysis: inout Analysis) -> Int {
    if addFraction(at: index, to: &analysis) { return index + 1 }
    let numeral: Numeral
    switch numerals.read(index) {
    case .none(let next): return next
    case .number(let found): numeral = found
    }
    if isContinued(before: index) { return numeral.end }
    if numeral.standsAlone { analysis.addExtra(numeral.decimal, cells: index..<numeral.end, rule: .number) }
    addNumber(numeral, at: index, to: &analysis)
    return numeral.end
  }

  /// Whether what stands before makes it another number or none: 亿5000, 36一, 几十年, 数十亿.
  private func isContinued(before index: Int) -> Bool {
    guard index > 0, text.touches(index, from: text.end(index - 1)) else { return false }
    if text.isLettersOrDigits(index - 1) { return (0x30...0x39).contains(text.bytes[text.end(index - 1) - 1]) }
    let previous = text.character(index - 1)
    if previous == 0x51E0 || previous == 0x6570 { return text.character(index) == 0x5341 }  // 几十, 数十; but 人数三人
    return NumeralSymbol(previous) != nil
  }

  /// The number with its unit or percent sign, and the document's number that it is the year of.
  private func addNumber(_ numeral: Numeral, at index: Int, to analysis: inout Analysis) {
    if let sign = percentSign(at: numeral.endOffset) {
      analysis.addExtra(numeral.decimal + sign, cells: index..<numeral.end, rule: .number)
    } else if let (unit, end) = unit(after: numeral, at: index) {
      analysis.addExtra(numeral.decimal + unit.name, cells: index..<end, rule: .number)
    }
    addDocumentNumber(numeral, at: index, to: &analysis)
  }

  private func unit(after numeral: Numeral, at index: Int) -> (unit: NumberUnit, end: Int)? {
    // 第三年 is not 三年, nor 上一周 a 一周.
    if index > 0, text.isBlank(to: index, from: text.end(index - 1)) {
      let previous = text.character(index - 1)
      if previous == CellText.ordinal { return nil }
      if !numeral.standsAlone, [0x4E0A, 0x4E0B, 0x540C, 0x552F].contains(previous) { return nil }  // 上 下 同 唯
      if previous == 0x4E4B, index > 1, text.character(index - 2) == 0x5206 { return nil }  // 分之: a fraction
    }
    guard text.isBlank(to: numeral.end, from: numeral.endOffset), let found = NumberUnit.read(NumberUnit.counts, text, at: numeral.end)
    else { return nil }
    return numeral.takesUnits || found.unit.name == NumberUnit.yuan ? found : nil
  }

  private func percentSign(at offset: Int) -> [UInt8]? {
    guard offset < text.bytes.count else { return nil }
    if text.bytes[offset] == UInt8(ascii: "%") { return [UInt8(ascii: "%")] }
    return text.bytes[offset...].starts(with: "‰".utf8) ? Array("‰".utf8) : nil
  }

  /// 百分之五十, 千分之三, 百分之三点六: true when the cell begins one.
  private func addFraction(at index: Int, to analysis: inout Analysis) -> Bool {
    let sign: String
    switch text.character(index) {
    case 0x767E: sign = "%"
    case 0x5343: sign = "‰"
    case 0x4E07: sign = "‱"
    default: return false
    }
    guard text.character(index + 1) == 0x5206, text.character(index + 2) == 0x4E4B, text.touches(index + 1, from: text.end(index)),
      text.touches(index + 2, from: text.end(index + 1)), !isContinued(before: index),
      text.isBlank(to: index + 3, from: text.end(index + 2)),
      var numeral = numerals.number(index + 3)
    else { return false }
    addDecimals(to: &numeral)
    analysis.addExtra(numeral.decimal + Array(sign.utf8), cells: index..<numeral.end, rule: .number)
    return true
  }

  /// The digits behind 点.
  private func addDecimals(to numeral: inout Numeral) {
    guard numeral.scale == 0, numeral.mantissa < 1_000_000, text.character(numeral.end) == 0x70B9 else { return }
    var result = numeral
    var end = numeral.end + 1
    while end < text.cells.count, result.scale < 9, text.touches(end, from: text.end(end - 1)),
      let symbol = NumeralSymbol(text.character(end)),
      symbol.isDigit
    {
      result.mantissa = result.mantissa * 10 + symbol.digit
      result.scale += 1
      end += 1
    }
    guard result.scale > 0 else { return }
    result.end = end
    result.endOffset = text.end(end - 1)
    numeral = result
  }
}

extension NumberUnit {
  static let yuan = Array("元".utf8)
}

extension Analysis {
  /// Adds canonical numbers, citations, documents' and standards' numbers, and the parts of mixed words.
  package mutating func addNumberTerms() {
    hasExtras = true
    NumberTerms.add(to: &self)
  }
}
