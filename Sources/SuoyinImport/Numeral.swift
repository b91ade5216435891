// Which number is 一百二十三, 一二三, 123 or １２３?

enum Numeral {
  /// More characters than the numeral of any article has.
  static let maximumLength = 12

  /// Reads the numeral at `offset` as far as it goes, and no further than `end`.
  ///
  /// Chinese numerals count by units (一百二十三) or by places (一二三); digits are ASCII or full-width. Kinds do not mix.
  ///
  /// - Returns: The number and where the numeral ends, or nil when there is none.
  static func read(_ bytes: [UInt8], at offset: Int, end: Int) -> (value: Int, end: Int)? {
    var kind: Kind?
    var sum = 0
    var places = 0
    var hasUnits = false
    var position = offset
    var length = 0
    while position < end {
      let (character, width) = bytes.scalar(at: position)
      guard let symbol = symbol(character), kind == nil || kind == symbol.kind else { break }
      length += 1
      if length > maximumLength { return nil }
      kind = symbol.kind
      switch symbol {
      case .digit(let value, _):
        places = places * 10 + value
      case .unit(let unit):
        // 十 alone is ten; 百 and 千 need a digit before them, but nothing is gained by being strict.
        sum += max(places, 1) * unit
        places = 0
        hasUnits = true
      }
      position += width
    }
    // 一百零五: the zero is a place that must not shift the five.
    return length == 0 ? nil : (hasUnits ? sum + places : places, position)
  }

  private enum Kind { case chinese, ascii, fullWidth }

  private enum Symbol {
    case digit(Int, Kind)
    case unit(Int)

    var kind: Kind { if case .digit(_, let kind) = self { kind } else { .chinese } }
  }

  private static func symbol(_ character: Unicode.Scalar) -> Symbol? {
    switch character {
    case "0"..."9": .digit(Int(character.value - 0x30), .ascii)
    case "０"..."９": .digit(Int(character.value - 0xFF10), .fullWidth)
    case "零", "〇", "○": .digit(0, .chinese)
    case "一": .digit(1, .chinese)
    case "二", "两", "兩": .digit(2, .chinese)
    case "三": .digit(3, .chinese)
    case "四": .digit(4, .chinese)
    case "五": .digit(5, .chinese)
    case "六": .digit(6, .chinese)
    case "七": .digit(7, .chinese)
    case "八": .digit(8, .chinese)
    case "九": .digit(9, .chinese)
    case "十": .unit(10)
    case "百": .unit(100)
    case "千": .unit(1000)
    default: nil
    }
  }
}
