// Where does the title of a document end that a paragraph begins with?

/// The title at the beginning of a paragraph, perhaps with the document's number and its addressees glued to it.
struct DocumentTitle {
  var title: Range<Int>
  /// 发文字号, such as 浙政发〔2023〕4 号.
  var number: Range<Int>?
  /// Behind title and number.
  var end: Int

  /// A title that is known.
  init(title: Range<Int>) {
    self.title = title
    end = title.upperBound
  }

  /// Reads the title that a paragraph begins with: up to its number, or up to a word for a kind of document with nothing but a bracket or
  /// the beginning of a lead behind it.
  ///
  /// - Complexity: O(*n*) in the length of the title.
  init?(_ bytes: [UInt8], _ paragraph: Range<Int>) {
    guard NumberingLabel(bytes, at: paragraph.lowerBound, end: paragraph.upperBound) == nil else { return nil }
    var ends: [Int] = []
    var quoted = 0
    var position = paragraph.lowerBound
    var characters = 0
    while position < paragraph.upperBound, characters < Self.maximumLength {
      let (scalar, width) = bytes.scalar(at: position)
      if quoted == 0 {
        if sentenceEnds.contains(scalar) || scalar == "," || scalar == "：" || scalar == ":" { break }
        if scalar == "，" { break }
        if scalar == "〔" || scalar == "[" || scalar == "［", let number = DocumentNumber(bytes, bracket: position, in: paragraph),
          let last = ends.last,
          number.isBehind(last, bytes)
        {
          title = paragraph.lowerBound..<bytes.trimBlanks(paragraph.lowerBound..<last).upperBound
          self.number = bytes.trimBlanks(last..<number.end)
          end = number.end
          return
        }
      }
      if scalar == "《" || scalar == "〈" || scalar == "“" { quoted += 1 }
      if scalar == "》" || scalar == "〉" || scalar == "”" { quoted = max(0, quoted - 1) }
      position += width
      characters += 1
      if quoted == 0, width == 3, let last = Self.kindEnd(bytes, before: position, from: paragraph.lowerBound) { ends.append(last) }
    }
    for end in ends where end - paragraph.lowerBound >= Self.minimumLength {
      guard let last = Self.titleEnd(bytes, end, paragraph) else { continue }
      title = paragraph.lowerBound..<last
      self.end = last
      return
    }
    return nil
  }

  private static let maximumLength = 160
  /// In bytes: six characters.
  private static let minimumLength = 18

  /// The end of a word for a kind that ends at `end`.
  private static func kindEnd(_ bytes: [UInt8], before end: Int, from start: Int) -> Int? {
    for kind in kinds where end - kind.utf8.count > start && bytes.has(kind, at: end - kind.utf8.count) { return end }
    return nil
  }

  /// The words that titles of policies end in.
  private static let kinds = [
    "意见", "通知", "通告", "通报", "公告", "决定", "方案", "计划", "规划", "纲要", "要点", "举措", "措施", "办法", "规定", "条例", "细则", "批复", "报告", "指南", "解读", "政策",
  ]

  /// What a lead begins with, behind a title that is glued to it.
  private static let leads = ["为", "根据", "按照", "依据", "各省", "各市", "各区", "各县", "各有关", "现将", "你"]

  /// The end of a title whose kind ends at `end`, the bracket behind it included; nil where the text goes on.
  private static func titleEnd(_ bytes: [UInt8], _ end: Int, _ paragraph: Range<Int>) -> Int? {
    var last = end
    if last < paragraph.upperBound, bytes[last] == 0x28 || bytes.has("（", at: last) {
      guard
        let close = bytes[last..<min(paragraph.upperBound, last + 60)].indices.first(where: { bytes[$0] == 0x29 || bytes.has("）", at: $0) })
      else { return nil }
      last = close + (bytes[close] == 0x29 ? 1 : 3)
    }
    let next = bytes.skipBlanks(last..<paragraph.upperBound)
    if next == paragraph.upperBound || next > last { return last }
    return leads.contains { bytes.has($0, at: next) } && hasTitleForm(bytes, paragraph.lowerBound..<last) ? last : nil
  }

  /// Whether a text reads like a title: of an office, about something, or with a region before it.
  private static func hasTitleForm(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes.has("关于", at: range.lowerBound) || Region.end(bytes, range) != nil || bytes.contains("关于", in: range)
  }
}

/// A 发文字号: a word for the office, a year in brackets and a number.
struct DocumentNumber {
  /// Where its bracket stands.
  var bracket: Int
  var end: Int

  /// - Parameter bracket: Where 〔, [ or another opening bracket stands.
  init?(_ bytes: [UInt8], bracket: Int, in range: Range<Int>) {
    let width = bytes.scalar(at: bracket).length
    var position = bytes.skipBlanks(bracket + width..<range.upperBound)
    guard let year = Numeral.read(bytes, at: position, end: range.upperBound), (1900...2199).contains(year.value) else { return nil }
    position = bytes.skipBlanks(year.end..<range.upperBound)
    guard position < range.upperBound, ["〕", "]", "］", ")", "）", "】", "﹞"].contains(bytes.scalar(at: position).value) else { return nil }
    position = bytes.skipBlanks(position + bytes.scalar(at: position).length..<range.upperBound)
    if bytes.has("第", at: position) { position += 3 }
    guard let number = Numeral.read(bytes, at: position, end: range.upperBound) else { return nil }
    position = bytes.skipBlanks(number.end..<range.upperBound)
    guard bytes.has("号", at: position) || bytes.has("號", at: position) else { return nil }
    self.bracket = bracket
    end = position + 3
  }

  /// Whether only the word for an office stands between `start` and the bracket.
  func isBehind(_ start: Int, _ bytes: [UInt8]) -> Bool {
    start <= bracket && bytes.hasAtMost(16, charactersIn: start..<bracket)
      && !bytes.contains(["，", "。", "、", "《", "(", "（", "：", ":"], in: start..<bracket)
  }
}

extension [UInt8] {
  /// Whether `text` stands somewhere in a short range.
  func contains(_ text: String, in range: Range<Int>) -> Bool { firstOffset(of: text, in: range) != nil }

  /// Where `text` stands first in a range.
  func firstOffset(of text: String, in range: Range<Int>) -> Int? {
    let length = text.utf8.count
    guard let first = text.utf8.first, range.count >= length else { return nil }
    var offset = range.lowerBound
    while offset + length <= range.upperBound {
      if self[offset] == first, has(text, at: offset) { return offset }
      offset += 1
    }
    return nil
  }
}
