// Which day is 2023年8月31日, ２０２３年８月３１日, 二〇二三年六月十一日 or 2020 年6月30日?
internal import Suoyin

/// A day that a text names.
struct TextDate {
  /// As a column keeps it, and ISO outside.
  var date: CalendarDate
  var range: Range<Int>

  /// Reads the day that begins at `start`, if one does.
  init?(_ bytes: [UInt8], at start: Int, end: Int) {
    guard let year = Numeral.read(bytes, at: start, end: end), (1900...2199).contains(year.value) else { return nil }
    guard let (month, monthEnd) = Self.unit("年", behind: year.end, bytes, end).flatMap({ Self.number($0, bytes, end) }),
      let (day, dayEnd) = Self.unit("月", behind: monthEnd, bytes, end).flatMap({ Self.number($0, bytes, end) }),
      let last = Self.unit("日", behind: dayEnd, bytes, end), let date = CalendarDate(year: year.value, month: month, day: day)
    else { return nil }
    self.date = date
    range = start..<last
  }

  /// All days that a range names.
  ///
  /// - Complexity: O(*n*) in its length.
  static func all(in range: Range<Int>, _ bytes: [UInt8]) -> [TextDate] {
    var dates: [TextDate] = []
    var position = range.lowerBound
    // A day is found by its 年: what stands before it is the year.
    while let year = bytes.firstOffset(of: "年", in: position..<range.upperBound) {
      var start = bytes.trimBlanks(position..<year).upperBound
      var digits = 0
      while start > position, digits < 4, let (_, width) = bytes.digit(before: start, from: position) {
        start -= width
        digits += 1
      }
      position = year + 3
      guard digits == 4, let date = TextDate(bytes, at: start, end: range.upperBound) else { continue }
      dates.append(date)
      position = date.range.upperBound
    }
    return dates
  }

  private static func unit(_ unit: String, behind position: Int, _ bytes: [UInt8], _ end: Int) -> Int? {
    let next = bytes.skipBlanks(position..<end)
    return bytes.has(unit, at: next) && next + 3 <= end ? bytes.skipBlanks(next + 3..<end) : nil
  }

  private static func number(_ position: Int, _ bytes: [UInt8], _ end: Int) -> (Int, Int)? {
    Numeral.read(bytes, at: position, end: end).map { ($0.value, $0.end) }
  }
}

extension [UInt8] {
  /// The character before `end` when it is a digit of any kind.
  fileprivate func digit(before end: Int, from start: Int) -> (Unicode.Scalar, Int)? {
    guard let scalar = lastScalar(in: start..<end) else { return nil }
    let isDigit = ("0"..."9").contains(scalar) || ("０"..."９").contains(scalar) || "零〇○一二三四五六七八九".unicodeScalars.contains(scalar)
    return isDigit ? (scalar, scalar.utf8Width) : nil
  }
}
