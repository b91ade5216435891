// Which days or numbers does `2023-01..2023-06`, `>=2023` or `2023年5月` mean?

/// A range of an integer or date field, as a query writes it.
///
///     2023  2023-05  2023-05-01  2023/5/1  2023.5.1  2023年5月1日  20230501
///     2023-01..2023-06   2023..   ..2023   >=2023   >2023   <=2023   <2023   *
///
/// A year or a month is all of its days: `>2023` begins with 2024-01-01. `*` is any value.
struct ValueRange: Equatable {
  var lower: FieldValue?
  var upper: FieldValue?

  /// - Parameter text: With its full-width signs and digits replaced.
  /// - Returns: nil when it is none.
  init?(_ text: some StringProtocol, isDate: Bool) {
    func ends(_ text: some StringProtocol) -> (lower: FieldValue, upper: FieldValue)? {
      if isDate { return Self.days(text).map { (.date($0.0), .date($0.1)) } }
      return Int64(text).map { (.integer($0), .integer($0)) }
    }
    if text == "*" { return }
    for (sign, length) in [(">=", 2), ("<=", 2), (">", 1), ("<", 1), ("=", 1)] where text.hasPrefix(sign) {
      guard let value = ends(text.dropFirst(length)) else { return nil }
      switch sign {
      case ">=": lower = value.lower
      case "<=": upper = value.upper
      case ">":
        guard let next = Self.neighbour(value.upper, 1) else { return nil }
        lower = next
      case "<":
        guard let previous = Self.neighbour(value.lower, -1) else { return nil }
        upper = previous
      default: (lower, upper) = value
      }
      return
    }
    if let (first, second) = Self.split(text) {
      if first.isEmpty, second.isEmpty { return nil }
      if !first.isEmpty {
        guard let value = ends(first) else { return nil }
        lower = value.lower
      }
      if !second.isEmpty {
        guard let value = ends(second) else { return nil }
        upper = value.upper
      }
      return
    }
    guard let value = ends(text) else { return nil }
    (lower, upper) = value
  }

  private static func split<Text: StringProtocol>(_ text: Text) -> (Text.SubSequence, Text.SubSequence)? {
    for sign in ["..", "…", "~", "至"] {
      let pieces = text.split(separator: Character(sign.count == 1 ? sign : "\u{0}"), omittingEmptySubsequences: false)
      if sign.count == 1, pieces.count == 2 { return (pieces[0], pieces[1]) }
      if sign.count == 2, let dots = text.indices.first(where: { text[$0...].hasPrefix(sign) }) {
        return (text[..<dots], text[text.index(dots, offsetBy: 2)...])
      }
    }
    return nil
  }

  private static func neighbour(_ value: FieldValue, _ step: Int) -> FieldValue? {
    switch value {
    case .integer(let number):
      let (sum, overflows) = number.addingReportingOverflow(Int64(step))
      return overflows ? nil : .integer(sum)
    case .date(let date): return .date(CalendarDate(days: date.days + Int32(step)))
    case .text, .list: return nil
    }
  }

  /// The first and the last day of a year, a month or a day.
  private static func days(_ text: some StringProtocol) -> (CalendarDate, CalendarDate)? {
    var parts: [Int] = []
    var digits = ""
    func isUnit(_ character: Character) -> Bool { "-/.年月日".contains(character) }
    if text.utf8.count == 8, let number = Int(text), number > 0 {
      parts = [number / 10_000, number / 100 % 100, number % 100]
    } else {
      for (place, character) in text.enumerated() {
        if character.isASCII, character.isNumber {
          digits.append(character)
          if digits.count > 4 { return nil }
          continue
        }
        // What closes may be 年, 月 or 日 only.
        let isLast = place == text.count - 1
        guard isUnit(character), let number = Int(digits), !isLast || "年月日".contains(character), parts.count < 3 else { return nil }
        parts.append(number)
        digits = ""
      }
      if let number = Int(digits) { parts.append(number) }
    }
    guard (1...3).contains(parts.count), (1000...9999).contains(parts[0]) else { return nil }
    let year = parts[0]
    if parts.count == 3 { return CalendarDate(year: year, month: parts[1], day: parts[2]).map { ($0, $0) } }
    let month = parts.count == 2 ? parts[1] : nil
    guard let first = CalendarDate(year: year, month: month ?? 1, day: 1) else { return nil }
    let last = (28...31).reversed().lazy.compactMap { CalendarDate(year: year, month: month ?? 12, day: $0) }.first
    return last.map { (first, $0) }
  }
}
