// Which decree is 中华人民共和国国务院令第591号, 国务院令（第 591 号） or 主席令第八十三号?

/// The number of a decree, by which laws and regulations were published.
struct DecreeNumber {
  /// Without 中华人民共和国: 国务院.
  var office: String
  /// In one way of writing: 国务院令第591号.
  var text: String
  /// Where it stands in the text that was read.
  var range: Range<String.Index>

  /// Reads the first one in a text.
  init?(_ text: some StringProtocol) {
    let text = String(text)
    guard let decree = text.firstRange(of: "令第") ?? text.firstRange(of: "令（第") ?? text.firstRange(of: "令(第"),
      let end = text[decree.upperBound...].prefix(10).firstIndex(of: "号")
    else { return nil }
    let digits = Array(text[decree.upperBound..<end].utf8.filter { $0 != 0x20 })
    guard let numeral = Numeral.read(digits, at: 0, end: digits.count), numeral.end == digits.count else { return nil }
    var start = text.startIndex
    for word in ["以", "由", "根据", "，", "日", "（", "(", "《", " ", "\u{3000}"] {
      if let found = text[start..<decree.lowerBound].ranges(of: word).last { start = found.upperBound }
    }
    var office = String(text[start..<decree.lowerBound])
    if office.hasPrefix("中华人民共和国") { office.removeFirst("中华人民共和国".count) }
    guard !office.isEmpty else { return nil }
    self.office = office
    self.text = "\(office)令第\(numeral.value)号"
    range = start..<text.index(after: end)
  }
}
