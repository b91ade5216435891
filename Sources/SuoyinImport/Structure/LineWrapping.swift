// Does a text have its lines cut at some width, and which lines go on in the next?

/// The lines of a hard-wrapped text that go on in the line behind them.
struct LineWrapping {
  /// For each line, whether it continues the one before.
  private(set) var continues: [Bool]

  /// - Parameter lines: The lines of `text`.
  /// - Returns: nil for a text that is not hard-wrapped: one in which hardly any line is wider than a width that many lines have, most of them
  ///   without the end of a sentence.
  /// - Complexity: O(*n*) in the number of bytes.
  init?(_ text: [UInt8], _ lines: [Paragraph]) {
    guard lines.count >= Self.fewestLines else { return nil }
    var counts = [Int](repeating: 0, count: Self.widths.upperBound + 2)
    var widths: [Int] = []
    widths.reserveCapacity(lines.count)
    for line in lines {
      let width = line.level == nil ? text.width(ofLineWith: line.range, atMost: counts.count - 1) : 0
      widths.append(width)
      counts[width] += 1
    }
    guard let full = Self.widths.max(by: { counts[$0] + counts[$0 - 1] < counts[$1] + counts[$1 - 1] }) else { return nil }
    let wider = counts[(full + 1)...].reduce(0, +)
    guard counts[full] + counts[full - 1] >= max(Self.fewestLines, lines.count / 5), wider * 50 <= lines.count else { return nil }
    var continues = [Bool](repeating: false, count: lines.count)
    var cut = 0
    for place in lines.indices where (full - 1...full).contains(widths[place]) {
      if text.lastScalar(in: lines[place].range).map(Self.ends.contains) ?? true { continue }
      cut += 1
      guard place + 1 < lines.count, lines[place + 1].level == nil else { continue }
      continues[place + 1] = Self.goesOn(text, lines[place].range, lines[place + 1].range)
    }
    guard cut * 5 >= (counts[full] + counts[full - 1]) * 3 else { return nil }
    self.continues = continues
  }

  private static let fewestLines = 8
  /// Of lines, in columns: an ideograph has two.
  private static let widths = 40...160
  private static let ends: Set<Unicode.Scalar> = ["。", "！", "？", "；", "：", "”", "」", "）", "."]

  /// Whether the next line has no label, no indentation of a paragraph and no blank line before it.
  private static func goesOn(_ text: [UInt8], _ line: Range<Int>, _ next: Range<Int>) -> Bool {
    let between = text[line.upperBound..<next.lowerBound]
    let feeds = between.count { $0 == 0x0A }
    guard feeds == 1 || (feeds == 0 && between.count { $0 == 0x0D } == 1) else { return false }
    if text.has("\u{3000}\u{3000}", at: next.lowerBound - 6), next.lowerBound - 6 >= line.upperBound { return false }
    return NumberingLabel(text, at: next.lowerBound, end: next.upperBound) == nil
  }
}

extension [UInt8] {
  /// How many columns the line takes that holds a range, its indentation included: one for a byte of ASCII, two for any other character.
  fileprivate func width(ofLineWith range: Range<Int>, atMost limit: Int) -> Int {
    var width = 0
    var start = range.lowerBound
    while start > 0, self[start - 1] != 0x0A, self[start - 1] != 0x0D { start -= 1 }
    for byte in self[start..<range.upperBound] where byte & 0xC0 != 0x80 {
      width += byte < 0x80 ? 1 : 2
      if width >= limit { return limit }
    }
    return width
  }
}
