// Which document and which place in it does 浙政发〔2023〕4号 二、(三)8. name?
public import Suoyin

/// A citation as people write it: a document by its title or number, perhaps a day or year of its version, and a place in it.
///
///     保定市促进先进制造业发展若干规定 第十七条第二款
///     《公司法》（2018年修正）第17条之一
///     浙政发[2023]4 号 二、（三）8
///     中华人民共和国刑法 第二百三十四条第二款第（一）项
public struct CitationReference: Equatable, Sendable {
  /// 发文字号 in one way of writing: 浙政发〔2023〕4号.
  public private(set) var number: String?
  /// Without title marks.
  public private(set) var title: String?
  /// The day or, as `2018`, the year of the version.
  public private(set) var version: String?
  /// The labels in one way of writing, as in `Passage.places`; nil for a whole document.
  public private(set) var place: String?
  /// 第二款: which paragraph of the passage, counted from 1.
  public private(set) var paragraph: Int?
  /// 第（三）项: which item of the paragraph.
  public private(set) var item: Int?

  /// The ways to read a text, the likelier first: 某修正案（十一）第三条 may be 第三条 of 某修正案（十一）, or （十一） of 某修正案.
  ///
  /// - Throws: `CitationError` when the text names no document and no place.
  public static func readings(_ text: String) throws(CitationError) -> [CitationReference] {
    let whole = try CitationReference(text, keepsBracket: true)
    let other = try CitationReference(text)
    return whole == other ? [other] : [whole, other]
  }

  /// - Throws: `CitationError` when the text names no document and no place.
  public init(_ text: String) throws(CitationError) { try self.init(text, keepsBracket: false) }

  /// - Parameter keepsBracket: Whether a numeral in brackets that is glued to the title belongs to it.
  private init(_ text: String, keepsBracket: Bool) throws(CitationError) {
    let bytes = Array(text.utf8)
    let whole = bytes.trimBlanks(bytes.indices)
    var end = whole.upperBound
    var start = whole.lowerBound
    while start < whole.upperBound {
      let isGlued =
        start > whole.lowerBound && bytes[start - 1] >= 0x80 && !bytes.has("》", at: start - 3) && bytes.blankLength(at: start - 3) == 0
      let isBracket = bytes[start] == 0x28 || bytes.has("（", at: start)
      if !(keepsBracket && isGlued && isBracket), let place = PlaceReader(bytes, start..<whole.upperBound) {
        self.place = place.place
        (paragraph, item) = (place.paragraph, place.item)
        end = start
        break
      }
      start += bytes.scalar(at: start).length
    }
    readDocument(bytes, bytes.trimBlanks(whole.lowerBound..<end))
    if number == nil, title == nil, place == nil { throw CitationError(text: text) }
  }

  private mutating func readDocument(_ bytes: [UInt8], _ range: Range<Int>) {
    var rest = range
    if let number = DocumentNumber.find(bytes, range) {
      self.number = Self.number(String(decoding: bytes[number], as: UTF8.self))
      // The number may stand before the title, behind it or in brackets.
      let before = bytes.trimBlanks(range.lowerBound..<number.lowerBound)
      let after = bytes.trimBlanks(number.upperBound..<range.upperBound)
      rest = after.count > before.count ? after : before
    }
    var title = String(decoding: bytes[rest], as: UTF8.self).trimmed
    if number == nil, let decree = DecreeNumber(title) {
      number = decree.text
      let (before, after) = (String(title[..<decree.range.lowerBound]).trimmed, String(title[decree.range.upperBound...]).trimmed)
      title = after.count > before.count ? after : before
    }
    while let last = title.last, "（(，,、的".contains(last) { title.removeLast() }
    while let first = title.first, "）)，,".contains(first) { title.removeFirst() }
    title = title.trimmed
    if let last = title.last, last == ")" || last == "）", let open = title.lastIndex(where: { $0 == "(" || $0 == "（" }),
      let version = Self.version(title[title.index(after: open)...])
    {
      self.version = version
      title = String(title[..<open]).trimmed
    }
    if title.first == "《", title.last == "》", title.dropFirst().dropLast().firstIndex(of: "《") == nil {
      title = String(title.dropFirst().dropLast())
    }
    // What has no letter names nothing.
    if title.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) { self.title = title }
  }

  /// 2018-10-26, 2018年10月26日 or 2018年修正 in brackets.
  private static func version(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    if let date = TextDate(bytes, at: 0, end: bytes.count) { return date.date.description }
    if bytes.count >= 10, let date = CalendarDate(String(decoding: bytes.prefix(10), as: UTF8.self)) { return date.description }
    guard let year = Numeral.read(bytes, at: 0, end: bytes.count), (1900...2199).contains(year.value) else { return nil }
    let rest = String(decoding: bytes[year.end...], as: UTF8.self)
    let isVersion = rest == ")" || rest == "）" || ["年修正", "年修订", "年)", "年）", "修正", "修订", "年版"].contains(where: rest.hasPrefix)
    return isVersion ? String(year.value) : nil
  }

  /// A document's number in one way of writing: brackets 〔〕, no blanks, ASCII digits.
  public static func number(_ text: String) -> String {
    var number = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
      switch scalar {
      case "[", "［", "(", "（", "【", "﹝": number.append("〔")
      case "]", "］", ")", "）", "】", "﹞": number.append("〕")
      case "０"..."９": number.append(Unicode.Scalar(scalar.value - 0xFF10 + 0x30) ?? scalar)
      case "號": number.append("号")
      default: number.append(scalar)
      }
    }
    return String(number).replacing("〕第", with: "〕")
  }

  /// The passages that may be meant: those of documents with this number, or with the title in theirs, at this place.
  ///
  public var query: Query {
    var parts: [Query] = []
    if let number { parts.append(.field(FieldName.number, .text(number))) }
    if let title { parts.append(.field(FieldName.title, .literal(title))) }
    if let place { parts.append(.field(FieldName.place, .text(place))) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// The part of a passage's text that is meant: the text itself without a paragraph or item.
  ///
  /// - Returns: nil when the passage has no such paragraph or item.
  public func part(of text: String) -> String? {
    guard paragraph != nil || item != nil else { return text }
    let paragraphs = Self.paragraphs(of: text)
    let place = (paragraph ?? 1) - 1
    guard paragraphs.indices.contains(place) else { return nil }
    guard let item else { return paragraphs[place].joined(separator: "\n") }
    for line in paragraphs[place] {
      let bytes = Array(line.utf8)
      if let label = NumberingLabel(bytes, at: 0, end: bytes.count), label.number.value == item, label.numbering != .article { return line }
    }
    return nil
  }

  /// The lines of each paragraph (款): a line that begins with the label of an item belongs to the paragraph before it.
  private static func paragraphs(of text: String) -> [[String]] {
    var paragraphs: [[String]] = []
    for line in text.split(whereSeparator: \.isNewline).map(String.init) {
      let bytes = Array(line.utf8)
      if NumberingLabel(bytes, at: 0, end: bytes.count) != nil, !paragraphs.isEmpty {
        paragraphs[paragraphs.count - 1].append(line)
      } else {
        paragraphs.append([line])
      }
    }
    return paragraphs
  }
}

/// A text that is no citation.
public struct CitationError: Error, CustomStringConvertible {
  public var text: String
  public var description: String { "'\(text)' names no document and no place; for example: 浙政发〔2023〕4号 二、(三)8." }
}

/// Reads labels one after another to the end of a citation.
private struct PlaceReader {
  private(set) var place: String?
  private(set) var paragraph: Int?
  private(set) var item: Int?

  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    var labels: [(Numbering, LabelNumber)] = []
    var position = range.lowerBound
    while true {
      position = bytes.skipBlanks(position..<range.upperBound)
      if position < range.upperBound, bytes.has("的", at: position) || bytes.has("，", at: position) { position += 3 }
      if position >= range.upperBound { break }
      if let (number, end) = Self.counted("款", bytes, position, range.upperBound) {
        paragraph = number
        position = end
      } else if let (number, end) = Self.counted("项", bytes, position, range.upperBound)
        ?? Self.counted("項", bytes, position, range.upperBound)
      {
        item = number
        position = end
      } else if let label = NumberingLabel(bytes, at: position, end: range.upperBound) {
        labels.append((label.numbering, label.number))
        position = label.range.upperBound
      } else if let number = Numeral.read(bytes, at: position, end: range.upperBound), bytes[position] >= 0xE3,
        bytes.has("（", at: number.end) || bytes.has("(", at: number.end), number.end < range.upperBound
      {
        // 二（三） without its mark.
        labels.append((.ideographic, LabelNumber(value: number.value)))
        position = number.end
      } else if !labels.isEmpty, let number = Numeral.read(bytes, at: position, end: range.upperBound), number.end == range.upperBound {
        // 二、（三）8 without its point.
        labels.append((.arabic, LabelNumber(value: number.value)))
        position = number.end
      } else {
        return nil
      }
    }
    if labels.isEmpty, paragraph == nil, item == nil { return nil }
    place = Citation.places(labels).first
  }

  /// 第二款, 第（三）项.
  private static func counted(_ unit: String, _ bytes: [UInt8], _ start: Int, _ end: Int) -> (Int, Int)? {
    guard bytes.has("第", at: start) else { return nil }
    var position = bytes.skipBlanks(start + 3..<end)
    if position < end, bytes[position] == 0x28 { position += 1 } else if bytes.has("（", at: position) { position += 3 }
    guard let number = Numeral.read(bytes, at: position, end: end) else { return nil }
    position = number.end
    if position < end, bytes[position] == 0x29 { position += 1 } else if bytes.has("）", at: position) { position += 3 }
    position = bytes.skipBlanks(position..<end)
    return bytes.has(unit, at: position) ? (number.value, position + 3) : nil
  }
}

extension DocumentNumber {
  /// The first number in a range, from the word for the office to 号.
  static func find(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    var position = range.lowerBound
    while position < range.upperBound {
      let (scalar, width) = bytes.scalar(at: position)
      if ["〔", "[", "［", "(", "（", "【"].contains(scalar), let number = DocumentNumber(bytes, bracket: position, in: range) {
        // The word for the office: up to a blank, a quotation mark or the bracket around the whole number.
        var start = position
        while start > range.lowerBound, let before = bytes.lastScalar(in: range.lowerBound..<start),
          !["》", "(", "（", "，", ",", "“", "”"].contains(before), !before.properties.isWhitespace || start == position
        { start -= before.utf8Width }
        return start..<number.end
      }
      position += width
    }
    return nil
  }
}
