// Which number is 一百二十三, 一二〇, 1,234, 400 亿 or 0.52?

/// A number as it stands in a text.
struct Numeral {
  /// The value is `mantissa` · 10^−`scale`.
  var mantissa: UInt64 = 0
  var scale = 0
  /// The index of the cell after the number.
  var end: Int
  /// The first byte after the number.
  var endOffset: Int
  /// Whether it is one without a unit: not 三, not 九八 (but 九八年 is a year), not 一百多.
  var standsAlone = false
  /// Whether it is written in digits and nothing else.
  var isDigits = false
  /// Whether it may stand before units other than 元: not 伍, a name and part of words.
  var takesUnits = true

  /// The value in decimal digits, without zeros that say nothing.
  var decimal: [UInt8] {
    var digits = Array(String(mantissa).utf8)
    if scale > 0 {
      while digits.count <= scale { digits.insert(UInt8(ascii: "0"), at: 0) }
      digits.insert(UInt8(ascii: "."), at: digits.count - scale)
      while digits.last == UInt8(ascii: "0") { digits.removeLast() }
      if digits.last == UInt8(ascii: ".") { digits.removeLast() }
    }
    return digits
  }

  /// A year that a document's or a standard's number may hold, or nil.
  var year: UInt64? { scale == 0 && (1900...2099).contains(mantissa) ? mantissa : nil }
}

/// Reads numbers.
///
/// Han numerals count by units (一百二十三, 壹佰贰拾叁) or by places (一二〇). By units they are strict: every unit but 十 has a digit before
/// it, units descend below 万, and a place that is skipped has its 零; so 千万, 十二五 and 三五 are none, nor is 一百二. By places they
/// have four digits, or hold a zero inside or at the end, or are the two digits of a year. A lone Han numeral does not stand alone.
struct NumeralReader {
  let text: CellText

  /// A number of more characters is none.
  static let maximumLength = 18

  enum Reading {
    case number(Numeral)
    /// Numerals that make no number; the next cell to look at.
    case none(next: Int)
  }

  /// Reads the number that begins at a cell with a Han numeral or digits.
  ///
  /// - Parameter limit: After how many characters to give up; the run's end is then unknown, and the reading is none.
  /// - Complexity: O(*n*) in the characters of the run, `limit` at most.
  func read(_ index: Int, limit: Int = .max) -> Reading {
    text.isLettersOrDigits(index) ? readDigits(index) : readHan(index, limit: limit)
  }

  /// As `read`, giving up early: for whoever asks without walking on behind the number.
  func number(_ index: Int) -> Numeral? {
    guard index < text.cells.count else { return nil }
    if case .number(let numeral) = read(index, limit: Self.maximumLength + 1) { return numeral }
    return nil
  }

  // MARK: Digits

  /// The plain number that a cell is: `17`, `1,234`, `0.52`.
  func plainNumber(_ index: Int) -> Numeral? {
    let bytes = text.term(index)
    var numeral = Numeral(end: index + 1, endOffset: text.end(index), standsAlone: true, isDigits: true)
    var commaDistance: Int?
    var hasPoint = false
    var count = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39:
        count += 1
        guard count <= Self.maximumLength else { return nil }
        numeral.mantissa = numeral.mantissa * 10 + UInt64(byte - 0x30)
        if hasPoint { numeral.scale += 1 }
        if commaDistance != nil, !hasPoint { commaDistance! += 1 }
      case UInt8(ascii: ","):
        guard !hasPoint, count > 0, commaDistance ?? 3 == 3, commaDistance != nil || count <= 3 else { return nil }
        commaDistance = 0
      case UInt8(ascii: "."):
        guard !hasPoint, commaDistance ?? 3 == 3 else { return nil }
        hasPoint = true
      default: return nil
      }
    }
    return count > 0 && commaDistance ?? 3 == 3 && (!hasPoint || numeral.scale > 0) ? numeral : nil
  }

  /// Digits and the Han units behind them: 400亿, 1.5 万亿, 3亿5000万.
  private func readDigits(_ index: Int) -> Reading {
    guard var sum = plainNumber(index) else { return .none(next: index + 1) }
    var last = UInt64.max
    var part = sum
    var isFirst = true
    // Terminates: every turn takes a cell of digits. At most three turns: the units descend.
    while let multiplier = multiplier(after: &part), multiplier < last {
      guard let value = scaled(part, by: multiplier) else { return .number(plainNumber(index)!) }
      if isFirst {
        sum = value
      } else {
        guard sum.scale == 0, value.scale == 0 else { return .number(plainNumber(index)!) }
        sum.mantissa += value.mantissa
        sum.end = value.end
        sum.endOffset = value.endOffset
      }
      sum.isDigits = false
      isFirst = false
      last = multiplier
      guard text.touches(sum.end, from: sum.endOffset), text.isLettersOrDigits(sum.end), let next = plainNumber(sum.end) else { break }
      part = next
    }
    // 1万2, 3亿五千: not understood.
    if !isFirst, text.touches(sum.end, from: sum.endOffset), continuesNumber(sum.end) { return .number(plainNumber(index)!) }
    return .number(sum)
  }

  private func continuesNumber(_ index: Int) -> Bool {
    if text.isLettersOrDigits(index) { return true }
    return NumeralSymbol(text.character(index)) != nil || Self.approximations.contains(text.character(index))
  }

  /// 几 多 余: a number that is not exact.
  private static let approximations: [UInt32] = [0x51E0, 0x591A, 0x4F59]

  /// The product of the units behind `numeral`, past which it is moved: 万, 百万, 万亿. nil when there is none.
  private func multiplier(after numeral: inout Numeral) -> UInt64? {
    var product: UInt64 = 1
    var last: UInt64 = 1
    // Terminates: units ascend.
    while text.isBlank(to: numeral.end, from: numeral.endOffset), let symbol = NumeralSymbol(text.character(numeral.end)), !symbol.isDigit,
      symbol.style != .formal, symbol.digit == 1, symbol.multiplier > last
    {
      // 100 and 1000 go together with 万 and 亿 only; nobody counts 2023 by hundreds.
      if symbol.multiplier < 10_000, product > 1 || numeral.mantissa >= 1000 { return nil }
      if symbol.multiplier == 1000, Self.afterKilo.contains(text.character(numeral.end + 1)) { return nil }
      product *= symbol.multiplier
      last = symbol.multiplier
      numeral.endOffset = text.end(numeral.end)
      numeral.end += 1
    }
    return product > 1 ? product : nil
  }

  /// 瓦 克 伏 赫 帕 焦 卡 字: 千 before them belongs to the unit.
  private static let afterKilo: [UInt32] = [0x74E6, 0x514B, 0x4F0F, 0x8D6B, 0x5E15, 0x7126, 0x5361, 0x5B57]

  private func scaled(_ numeral: Numeral, by multiplier: UInt64) -> Numeral? {
    var result = numeral
    var multiplier = multiplier
    while multiplier > 1, result.scale > 0 {
      multiplier /= 10
      result.scale -= 1
    }
    let (product, overflow) = result.mantissa.multipliedReportingOverflow(by: multiplier)
    guard !overflow, product < 1_000_000_000_000_000_000 else { return nil }
    result.mantissa = product
    return result
  }

  // MARK: Han numerals

  /// What is known of a run of Han numerals, from left to right.
  private struct Run {
    var count = 0
    var hasPlain = false
    var hasFormal = false
    var hasFormalUnit = false
    var hasUnit = false
    var hasPair = false  // 两
    var zeros = 0
    var firstDigit: UInt64 = 0
    var lastDigit: UInt64 = 0
    /// By places.
    var places: UInt64 = 0
    /// By units: what is complete, below 亿, below 万, and the digit that waits for its unit.
    var high: UInt64 = 0
    var middle: UInt64 = 0
    var section: UInt64 = 0
    var pending: UInt64?
    /// The last unit of the section; 10⁴ before there is one.
    var limit: UInt64 = 10_000
    var sawHigh = false
    var sawMiddle = false
    /// Whether a 零 stands before the pending digit.
    var sawZero = false
    var isWellFormed = true

    mutating func add(_ symbol: NumeralSymbol) {
      count += 1
      hasPlain = hasPlain || symbol.style == .plain
      hasFormal = hasFormal || symbol.style == .formal
      if symbol.isDigit {
        if count == 1 { firstDigit = symbol.digit }
        lastDigit = symbol.digit
        places = places &* 10 &+ symbol.digit
        if pending != nil { isWellFormed = false }
        if symbol.digit == 0 {
          zeros += 1
          sawZero = true
        } else {
          pending = symbol.digit
        }
        return
      }
      hasUnit = true
      if symbol.multiplier < 10_000 {
        if symbol.style == .formal { hasFormalUnit = true }
        if symbol.multiplier >= limit { isWellFormed = false }
        if pending == nil, symbol.multiplier > 10 || section > 0 && !sawZero { isWellFormed = false }
        if pending != nil, symbol.digit > 1 { isWellFormed = false }
        section += (pending ?? 1) * symbol.digit * symbol.multiplier
        limit = symbol.multiplier
        pending = nil
        sawZero = false
        return
      }
      let below = closeSection()
      if symbol.multiplier == 10_000 {
        if sawMiddle || below == 0 { isWellFormed = false }
        sawMiddle = true
        middle = below * 10_000
      } else {
        if sawHigh || middle + below == 0 { isWellFormed = false }
        sawHigh = true
        sawMiddle = false
        high = (middle + below) &* 100_000_000
        middle = 0
      }
    }

    /// The value below 万 that has been read; a pending digit stands for ones.
    mutating func closeSection() -> UInt64 {
      if let pending {
        // 一百二 and 一万五 are spoken language: the digit's place is not said.
        if section > 0 ? limit != 10 && !sawZero : (sawMiddle || sawHigh) && !sawZero { isWellFormed = false }
        section += pending
      } else if sawZero {
        isWellFormed = false
      }
      defer {
        section = 0
        limit = 10_000
        pending = nil
        sawZero = false
      }
      return section
    }
  }

  private func readHan(_ start: Int, limit: Int) -> Reading {
    var run = Run()
    var index = start
    var offset = text.start(start)
    // Terminates: every turn takes a cell or ends the loop.
    while index < text.cells.count {
      // ○ stands for 〇 and is no cell: only between and behind numerals.
      let beforeCircles = offset
      var circles = 0
      while run.count > 0, circles < 4, offset + 2 < text.bytes.count, text.bytes[offset] == 0xE2, text.bytes[offset + 1] == 0x97,
        text.bytes[offset + 2] == 0x8B
      {
        circles += 1
        offset += 3
      }
      var symbol: NumeralSymbol?
      if text.touches(index, from: offset) { symbol = self.symbol(index, isInside: run.count > 0) }
      if symbol == nil, circles > 0, !text.touches(index, from: offset) || text.character(index) != CellText.year {
        // 钱○○ is a name.
        offset = beforeCircles
        break
      }
      for _ in 0..<circles { if run.count <= Self.maximumLength { run.add(NumeralSymbol(0x3007)!) } }
      guard let symbol else { break }
      if run.count > limit { return .none(next: index) }
      // Beyond the longest number the run is walked over, and nothing is counted any more.
      if text.character(index) == 0x4E24 { run.hasPair = true }
      if run.count <= Self.maximumLength { run.add(symbol) }
      offset = text.end(index)
      index += 1
    }
    guard run.count <= Self.maximumLength else { return .none(next: index) }
    return numeral(of: run, end: index, endOffset: offset)
  }

  /// The numeral that a cell is; inside a number the digit 0 and the letter o stand for 〇: 二0二三.
  private func symbol(_ index: Int, isInside: Bool) -> NumeralSymbol? {
    guard text.isLettersOrDigits(index) else { return NumeralSymbol(text.character(index)) }
    guard isInside, text.cells[index].termLength == 1, text.touches(index + 1, from: text.end(index)) else { return nil }
    let byte = text.bytes[text.start(index)]
    let next = text.character(index + 1)
    guard next == CellText.year || NumeralSymbol(next)?.isDigit ?? false else { return nil }
    return byte == UInt8(ascii: "0") || byte == UInt8(ascii: "o") ? NumeralSymbol(0x3007) : nil
  }

  private func numeral(of run: Run, end: Int, endOffset: Int) -> Reading {
    var run = run
    var result = Numeral(end: end, endOffset: endOffset)
    guard !(run.hasPlain && run.hasFormal) else { return .none(next: end) }
    let next = text.touches(end, from: endOffset) ? text.character(end) : 0
    // 1 after 二〇 is part of something else.
    if text.touches(end, from: endOffset), text.isLettersOrDigits(end) { return .none(next: end) }
    if Self.approximations.contains(next) { return .none(next: end) }
    if run.hasUnit {
      let below = run.closeSection()
      result.mantissa = run.high + run.middle + below
      guard run.isWellFormed else { return .none(next: end) }
      // 陆万 may be a name; 陆万元 and 陆拾 are not.
      result.standsAlone = run.count > 1 && (!run.hasFormal || run.hasFormalUnit)
      result.takesUnits = result.standsAlone || !run.hasFormal
      return .number(result)
    }
    result.mantissa = run.places
    if run.count == 1 {
      result.takesUnits = !run.hasFormal
      return .number(result)
    }
    guard run.firstDigit > 0, !run.hasPair else { return .none(next: end) }
    if run.count == 4 || run.zeros > 0 {
      result.standsAlone = true
      return .number(result)
    }
    // 九八年 is a year; 二三年 and 三五年 are about two, and about four, years.
    if run.count == 2, next == CellText.year, run.lastDigit != run.firstDigit + 1, !(run.firstDigit == 3 && run.lastDigit == 5) {
      return .number(result)
    }
    return .none(next: end)
  }
}
