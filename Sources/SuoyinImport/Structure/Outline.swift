// Which parts does a document have, and which label is believed?

/// A part of a document: what a label or heading stands over.
struct Part {
  /// nil for the document itself.
  var numbering: Numbering?
  var number = LabelNumber.beforeFirst
  /// The level of a Markdown heading.
  var level: Int?
  /// The label, without marks.
  var label: Range<Int>?
  /// A heading that stands alone: it is no part of the text.
  var heading: Range<Int>?
  /// The paragraphs of its own text, without its label.
  var paragraphs: [Range<Int>] = []
  var parent: Int?
  var hasParts = false
}

/// Reads the paragraphs of a document and builds the tree of its parts, in the order of the text.
///
/// A label is believed where its number comes next on an open level, or is the first of a new one. At the beginning of a line that is nearly
/// always so; inside a line it is asked for strictly, and only behind the end of a sentence.
struct Outline {
  let bytes: [UInt8]
  /// The document itself, and its parts in their order.
  private(set) var parts = [Part()]
  /// Marks around labels and what separates columns: no part of a text.
  private(set) var marks: [Range<Int>] = []
  /// The open parts, the document first.
  private(set) var open = [0]
  /// The last number of each kind that was believed anywhere in the document.
  private(set) var last: [Numbering: LabelNumber] = [:]
  private(set) var lastArticle = LabelNumber.beforeFirst
  /// Whether any label of a part was seen that is no heading's.
  private(set) var hasLabels = false
  /// The document is a fragment: its first label may have any number.
  let isFragment: Bool

  /// - Parameter isFragment: Whether the document may begin in its middle.
  init(_ bytes: [UInt8], _ paragraphs: some Sequence<Paragraph>, isFragment: Bool = false) {
    self.bytes = bytes
    self.isFragment = isFragment
    for paragraph in paragraphs { read(paragraph) }
    findHeadings()
  }

  /// In bytes: what is longer is text, for every passage below a heading carries it.
  private static let longestHeading = 600

  // MARK: Lines

  private mutating func read(_ paragraph: Paragraph) {
    let range = paragraph.range
    let start = range.lowerBound + bytes[range].prefix(3).prefix { $0 == UInt8(ascii: "*") }.count
    if start > range.lowerBound + 1, range.count > 4, bytes.has("**", at: range.upperBound - 2) {
      // Bold as a whole.
      if bytes.withoutBold(range) != range {
        readBold(withoutBold(range), level: paragraph.level)
        return
      }
    }
    let label = NumberingLabel(bytes, at: start, end: range.upperBound)
    if let label, isBelieved(label, atStartOf: start..<range.upperBound, isHeading: paragraph.level != nil) {
      if start > range.lowerBound { marks.append(range.lowerBound..<start) }
      begin(label, level: paragraph.level)
      readText(label.range.upperBound..<range.upperBound, isSeparated: isBlankSeparated(range), isLabelled: true)
    } else if let level = paragraph.level, range.count <= Self.longestHeading {
      begin(nil, level: level)
      parts[parts.count - 1].heading = withoutBold(range)
    } else {
      readText(range, isSeparated: isBlankSeparated(range))
    }
  }

  /// The inside of a range that is bold as a whole, its marks left out.
  private mutating func withoutBold(_ range: Range<Int>) -> Range<Int> {
    let inside = bytes.withoutBold(range)
    if inside != range { marks += [range.lowerBound..<range.lowerBound + 2, range.upperBound - 2..<range.upperBound] }
    return inside
  }

  /// Reads a line that is bold as a whole: a label's, or a heading without a label.
  private mutating func readBold(_ range: Range<Int>, level: Int?) {
    if let label = NumberingLabel(bytes, at: range.lowerBound, end: range.upperBound),
      isBelieved(label, atStartOf: range, isHeading: level != nil)
    {
      begin(label, level: level)
      readText(label.range.upperBound..<range.upperBound, isSeparated: false, isLabelled: true)
    } else if level != nil && range.count <= Self.longestHeading || (isShort(range) && !isInArticle) {
      begin(nil, level: level ?? 6)
      parts[parts.count - 1].heading = range
    } else {
      readText(range, isSeparated: false)
    }
  }

  // MARK: Labels inside a line

  /// Whether the blanks of a paragraph stand where lines ended: a page that was taken off the web as one line.
  private func isBlankSeparated(_ range: Range<Int>) -> Bool {
    guard range.count > 1000 else { return false }
    var count = 0
    var position = range.lowerBound
    while let end = bytes[position..<range.upperBound].firstIndex(of: 0x20) {
      if end > range.lowerBound, let before = bytes.lastScalar(in: range.lowerBound..<end), sentenceEnds.contains(before) { count += 1 }
      if count > 2 { return true }
      position = end + 1
    }
    return false
  }

  /// Adds a text to the open part, but for the labels in it, which begin parts of their own.
  private mutating func readText(_ range: Range<Int>, isSeparated: Bool, isLabelled: Bool = false) {
    var start = range.lowerBound
    var position = start
    var isCandidate = false
    let isHeadingOpen = !isSeparated && (parts[parts.count - 1].numbering?.isDivision ?? true)
    // Up to here no punctuation was seen, so that it may be a heading glued to its article: 公路保护第三十九条 县级….
    var plainEnd = isSeparated || isLabelled ? start : start + 36
    while position < range.upperBound {
      let byte = bytes[position]
      if isCandidate, Self.labelBytes[Int(byte)], let label = NumberingLabel(bytes, at: position, end: range.upperBound),
        isBelieved(label, inside: start..<range.upperBound, isSeparated)
      {
        add(start..<position, isSeparated)
        begin(label, level: nil)
        start = label.range.upperBound
        position = start
        isCandidate = false
        continue
      }
      switch byte {
      case 0x20:
        isCandidate = isSeparated || isCandidate
        position += 1
      case 0..<0x80:
        isCandidate = byte == 0x3A || byte == 0x3B || byte == 0x29
        position += 1
      case 0xE3:
        plainEnd = start
        // 。 」 』 and the ideographic space, which leaves things as they are.
        let isSpace = bytes.has(0xE3, 0x80, 0x80, at: position)
        isCandidate = isSpace && isCandidate || bytes.has(0xE3, 0x80, 0x82, at: position)
        position += 3
      case 0xEF:
        plainEnd = start
        // ！ ） ： ； ？
        isCandidate = bytes[position + 1] == 0xBC && [0x81, 0x89, 0x9A, 0x9B, 0x9F].contains(bytes[position + 2])
        position += 3
      case 0xE2:
        // ”
        isCandidate = isCandidate && bytes.has(0xE2, 0x80, 0x9D, at: position)
        position += 3
      case 0xC0..<0xE0: (isCandidate, position) = (false, position + 2)
      case 0xF0...: (isCandidate, position) = (false, position + 4)
      default:
        // An article may be glued to the heading or header before it: 修正第一条 为….
        position += 3
        isCandidate = (isHeadingOpen || position <= plainEnd) && bytes.has(0xE7, 0xAC, 0xAC, at: position)
      }
    }
    add(start..<range.upperBound, isSeparated)
  }

  /// The bytes that labels begin with.
  private static let labelBytes: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in [0x28, 0xEF, 0xE7, 0xE4, 0xE5] + Array(0x31...0x39) { table[byte] = true }
    return table
  }()

  // MARK: Parts

  /// Opens a part under the nearest one that may hold it.
  private mutating func begin(_ label: NumberingLabel?, level: Int?) {
    let numbering = label?.numbering ?? .heading(level ?? 1)
    if let label, let place = open.lastIndex(where: { parts[$0].numbering == label.numbering }) {
      open.removeSubrange(place...)
    } else {
      while open.count > 1, isClosed(parts[open[open.count - 1]], by: numbering, level: level) { open.removeLast() }
    }
    parts[open[open.count - 1]].hasParts = true
    var part = Part(numbering: numbering, level: level, parent: open[open.count - 1])
    if let label {
      part.number = label.number
      part.label = label.range
      last[label.numbering] = label.number
      hasLabels = true
      if label.numbering == .article { lastArticle = label.number }
    }
    open.append(parts.count)
    parts.append(part)
  }

  /// Whether an open part cannot hold a new one: divisions and articles by their rank, the rest by the level of headings.
  private func isClosed(_ part: Part, by numbering: Numbering, level: Int?) -> Bool {
    if let rank = Self.rank(numbering) {
      if let other = part.numbering.flatMap(Self.rank) { return other >= rank }
      if part.level == nil { return numbering.isDivision }
    }
    return level.map { (part.level ?? 7) >= $0 } ?? false
  }

  private static func rank(_ numbering: Numbering) -> Int? {
    switch numbering {
    case .part: 0
    case .subpart: 1
    case .chapter: 2
    case .section: 3
    case .article: 4
    default: nil
    }
  }

  private mutating func add(_ range: Range<Int>, _ isSeparated: Bool) {
    var text = bytes.trimBlanks(range)
    // The marks of a bold label: **第一条**　….
    if parts[parts.count - 1].label?.upperBound == range.lowerBound, bytes.has("**", at: range.lowerBound), text.count >= 2 {
      marks.append(range.lowerBound..<range.lowerBound + 2)
      text = bytes.trimBlanks(range.lowerBound + 2..<text.upperBound)
    }
    // What is left of a separator behind a page on one line: |.
    if isSeparated, text.count > 1, bytes[text.upperBound - 1] == UInt8(ascii: "|"), bytes[text.upperBound - 2] == 0x20 {
      marks.append(text.upperBound - 1..<text.upperBound)
      text = bytes.trimBlanks(text.lowerBound..<text.upperBound - 1)
    }
    if text.isEmpty { return }
    guard isSeparated else {
      parts[parts.count - 1].paragraphs.append(text)
      return
    }
    // A blank behind the end of a sentence is where a line ended.
    var start = text.lowerBound
    var position = start
    while let blank = bytes[position..<text.upperBound].firstIndex(of: 0x20) {
      position = blank + 1
      let isHeading = start == text.lowerBound && parts[parts.count - 1].paragraphs.isEmpty && isHeadingBefore(blank, from: start)
      guard isHeading || bytes.lastScalar(in: start..<blank).map(sentenceEnds.contains) == true else { continue }
      if blank > start { parts[parts.count - 1].paragraphs.append(start..<blank) }
      start = bytes.skipBlanks(blank..<text.upperBound)
      position = max(position, start)
    }
    if start < text.upperBound { parts[parts.count - 1].paragraphs.append(start..<text.upperBound) }
  }

  /// Whether what stands between a label and a blank is a heading: short, without punctuation.
  private func isHeadingBefore(_ blank: Int, from start: Int) -> Bool {
    guard let part = parts.last, part.label != nil, part.numbering != .article else { return false }
    return bytes.hasAtMost(30, charactersIn: start..<blank) && !bytes.contains(["，", "。", "；", "：", ",", ":", "？", "！"], in: start..<blank)
  }

  /// Takes the first paragraphs before the first part away as long as they are what is asked for.
  mutating func takeLead(while isWanted: (Range<Int>) -> Bool) -> [Range<Int>] {
    let taken = Array(parts[0].paragraphs.prefix(while: isWanted))
    parts[0].paragraphs.removeFirst(taken.count)
    return taken
  }

  /// Puts others in the place of the last part's paragraphs.
  mutating func replaceLastParagraphs(with paragraphs: [Range<Int>]) { parts[parts.count - 1].paragraphs = paragraphs }

  /// The last of the first parts that are a table of contents: divisions without a text, behind which the first of them comes again. 0 without one.
  var lastOfContents: Int {
    guard parts.count > 3, let first = parts[1].numbering, first.isDivision, parts[1].number.value == 1 else { return 0 }
    let empty = parts.dropFirst().prefix { $0.numbering?.isDivision == true && $0.paragraphs.isEmpty }.count
    guard
      let again = parts.indices.dropFirst(2).prefix(while: { $0 <= empty + 1 }).last(where: {
        parts[$0].numbering == first && parts[$0].number.value == 1
      })
    else { return 0 }
    return again - 1
  }

  // MARK: Headings

  /// Takes the first line of a part for its heading where it reads like one.
  private mutating func findHeadings() {
    for index in parts.indices.dropFirst() where parts[index].heading == nil {
      let part = parts[index]
      guard let first = part.paragraphs.first, let numbering = part.numbering, numbering != .article else { continue }
      let isFollowed = part.paragraphs.count > 1 || part.hasParts
      let isAlone: Bool
      if numbering.isDivision {
        isAlone = true
      } else if !bytes.contains(sentenceEnds, in: bytes.withoutLastScalar(first)) {
        // 总体要求; or one sentence right before the first part below it: 实施空间腾换行动,优化制造业发展空间。
        let isSentence = bytes.lastScalar(in: first).map { $0 == "。" || $0 == "：" || $0 == ":" } ?? false
        isAlone = isSentence ? part.paragraphs.count == 1 && part.hasParts && bytes.hasAtMost(60, charactersIn: first) : isFollowed
      } else {
        isAlone = false
      }
      if isAlone, bytes.hasAtMost(100, charactersIn: first) {
        parts[index].heading = withoutBold(first)
        parts[index].paragraphs.removeFirst()
      }
    }
  }
}

/// What ends a sentence: a line that has one is neither a title nor a heading.
let sentenceEnds: Set<Unicode.Scalar> = ["。", "！", "？", "；"]

extension [UInt8] {
  /// The inside of a range that is bold as a whole; else the range itself.
  func withoutBold(_ range: Range<Int>) -> Range<Int> {
    guard range.count > 4, has("**", at: range.lowerBound), has("**", at: range.upperBound - 2) else { return range }
    let inside = trimBlanks(range.lowerBound + 2..<range.upperBound - 2)
    return inside.isEmpty || self[inside].contains(UInt8(ascii: "*")) ? range : inside
  }
}
