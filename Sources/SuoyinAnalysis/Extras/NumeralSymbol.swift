// What does a Han character say in a number?

/// A Han character as part of a number: 三, 十, 佰, 亿.
struct NumeralSymbol: Equatable {
  enum Style: UInt8 {
    /// Of either style: 零, 〇, 万, 亿.
    case neutral
    case plain
    /// 壹, 拾: as sums are written out in full.
    case formal
  }
  /// 0 to 9 of a digit, else 1 (2 of 廿, 3 of 卅).
  var digit: UInt64
  /// 1 of a digit, else 10, 100, 1000, 10⁴ or 10⁸.
  var multiplier: UInt64 = 1
  var style: Style = .plain

  var isDigit: Bool { multiplier == 1 }

  /// - Parameter codePoint: After normalisation: 貳 has become 贰, and 萬 万.
  init?(_ codePoint: UInt32) {
    switch codePoint {
    case 0x3007, 0x96F6: self.init(digit: 0, style: .neutral)  // 〇 零
    case 0x4E00: self.init(digit: 1)
    case 0x4E8C: self.init(digit: 2)
    case 0x4E24: self.init(digit: 2)  // 两
    case 0x4E09: self.init(digit: 3)
    case 0x56DB: self.init(digit: 4)
    case 0x4E94: self.init(digit: 5)
    case 0x516D: self.init(digit: 6)
    case 0x4E03: self.init(digit: 7)
    case 0x516B: self.init(digit: 8)
    case 0x4E5D: self.init(digit: 9)
    case 0x5341: self.init(digit: 1, multiplier: 10)
    case 0x5EFF: self.init(digit: 2, multiplier: 10)  // 廿
    case 0x5345: self.init(digit: 3, multiplier: 10)  // 卅
    case 0x767E: self.init(digit: 1, multiplier: 100)
    case 0x5343: self.init(digit: 1, multiplier: 1000)
    case 0x4E07: self.init(digit: 1, multiplier: 10_000, style: .neutral)
    case 0x4EBF: self.init(digit: 1, multiplier: 100_000_000, style: .neutral)
    case 0x58F9: self.init(digit: 1, style: .formal)  // 壹
    case 0x8D30, 0x5F0D: self.init(digit: 2, style: .formal)  // 贰 弍
    case 0x53C1: self.init(digit: 3, style: .formal)  // 叁
    case 0x8086: self.init(digit: 4, style: .formal)  // 肆
    case 0x4F0D: self.init(digit: 5, style: .formal)  // 伍
    case 0x9646: self.init(digit: 6, style: .formal)  // 陆
    case 0x67D2: self.init(digit: 7, style: .formal)  // 柒
    case 0x634C: self.init(digit: 8, style: .formal)  // 捌
    case 0x7396: self.init(digit: 9, style: .formal)  // 玖
    case 0x62FE: self.init(digit: 1, multiplier: 10, style: .formal)  // 拾
    case 0x4F70: self.init(digit: 1, multiplier: 100, style: .formal)  // 佰
    case 0x4EDF: self.init(digit: 1, multiplier: 1000, style: .formal)  // 仟
    default: return nil
    }
  }

  private init(digit: UInt64, multiplier: UInt64 = 1, style: Style = .plain) {
    self.digit = digit
    self.multiplier = multiplier
    self.style = style
  }
}

/// Han characters, a bit each: what can be asked of every cell of every text at the price of a look-up.
struct CharacterSet: Sendable {
  /// U+3000 to U+9FFF.
  private var bits = [UInt64](repeating: 0, count: 0x7000 / 64)

  @inline(__always)
  func contains(_ codePoint: UInt32) -> Bool {
    let place = Int(codePoint) - 0x3000
    return place >= 0 && place < 0x7000 && bits[place >> 6] >> UInt64(place & 63) & 1 != 0
  }

  /// The characters that a further term may begin with: numerals, 第, and the units that 分之 may follow.
  static let beginningNumberTerms: CharacterSet = {
    var set = CharacterSet()
    for codePoint in UInt32(0x3000)..<0xA000 where codePoint == CellText.ordinal || NumeralSymbol(codePoint) != nil {
      set.bits[Int(codePoint - 0x3000) >> 6] |= 1 << UInt64(codePoint & 63)
    }
    return set
  }()
}
