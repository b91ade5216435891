// On which line is each piece of an HTML file's text?

/// Puts text together, line by line, as the tags around it say. It knows what is pending and no stack: a line ends, or a cell begins, only
/// once there is text behind it.
struct HTMLLayout {
  private let source: [UInt8]
  private(set) var bytes: [UInt8] = []
  private(set) var lines: [HTMLText.Line] = []
  /// From `bytes` to the source.
  private(set) var runs = OffsetRuns()
  private(set) var title: HTMLTitle?

  /// Where the current line begins in `bytes`, and its level if it is a heading.
  private var lineStart = 0
  private var lineLevel: Int?
  /// Of the heading that is open; and whether it has text.
  private var level: Int?
  private var headingHasText = false
  /// How many elements are open in which line ends are kept.
  private var preformatted = 0

  /// What goes before the next text: white space, with its place in the source; a border between cells; a line end.
  private var pendingBlank: Range<Int>?
  private var pendingCell = false
  private var pendingLineEnd = false

  /// The number of the line on which the row began; nil when it has no text so far, or there is no row.
  private var rowLine: Int?
  private var isRowStart = false

  /// The title that is open: its characters, and where they stand.
  private var openTitle: (text: [UInt8], range: Range<Int>?)?

  init(_ source: [UInt8]) { self.source = source }

  mutating func add(_ token: HTMLToken) {
    switch token {
    case .text(let range): openTitle == nil ? addText(range) : addToTitle(range, source[range])
    case .reference(let range, let text): openTitle == nil ? addReference(range, text) : addToTitle(range, text[...])
    case .startTag(let element): start(element.layout)
    case .endTag(let element): end(element.layout)
    }
  }

  // MARK: Tags

  private mutating func start(_ layout: HTMLElement.Layout) {
    switch layout {
    case .inline: return
    case .lineBreak: breakLine()
    case .title: openTitle = ([], nil)
    case .block: startBlock()
    case .preformatted:
      startBlock()
      preformatted += 1
    case .heading(let level):
      startBlock()
      self.level = level
      headingHasText = false
    case .table, .row:
      startBlock()
      endRow()
      isRowStart = true
    case .cell:
      // Cells stand side by side as long as the row is one line.
      if rowLine == lines.count {
        pendingCell = true
        pendingLineEnd = false
      } else {
        startBlock()
      }
    }
  }

  private mutating func end(_ layout: HTMLElement.Layout) {
    switch layout {
    case .inline: return
    case .title: endTitle()
    case .lineBreak, .block, .cell: breakLine()
    case .preformatted:
      breakLine()
      preformatted = max(preformatted - 1, 0)
    case .heading:
      breakLine()
      level = nil
    case .table, .row: endRow()
    }
  }

  /// A block inside a heading is the heading's text, or shows that the heading was not closed.
  private mutating func startBlock() {
    breakLine()
    if headingHasText { level = nil }
  }

  /// At the beginning of a cell there is no line to end.
  private mutating func breakLine() {
    if !pendingCell { pendingLineEnd = true }
  }

  private mutating func endRow() {
    pendingLineEnd = true
    pendingCell = false
    rowLine = nil
    isRowStart = false
  }

  // MARK: Text

  private mutating func addText(_ range: Range<Int>) {
    var offset = range.lowerBound
    // Terminates: every round passes over a byte.
    while offset < range.upperBound {
      let start = offset
      if source[offset].isHTMLBlank {
        var hasLineEnd = false
        while offset < range.upperBound, source[offset].isHTMLBlank {
          if source[offset] == 0x0A || source[offset] == 0x0D { hasLineEnd = true }
          offset += 1
        }
        addBlank(start..<offset, hasLineEnd: hasLineEnd)
      } else if source[offset] == 0 {
        offset += 1
      } else {
        while offset < range.upperBound, !source[offset].isHTMLBlank, source[offset] != 0 { offset += 1 }
        addWord(start..<offset)
      }
    }
  }

  private mutating func addBlank(_ range: Range<Int>, hasLineEnd: Bool) {
    if preformatted > 0, hasLineEnd { breakLine() }
    if pendingBlank == nil { pendingBlank = range }
  }

  /// Characters as they stand in the source, without white space.
  private mutating func addWord(_ range: Range<Int>) {
    let start = isAtStart ? source.skipBlanks(range) : range.lowerBound
    if start == range.upperBound { return }
    prepareForText()
    runs.append(text: bytes.count, file: start, textStep: 1, fileStep: 1, count: range.upperBound - start)
    bytes += source[start..<range.upperBound]
  }

  private mutating func addReference(_ range: Range<Int>, _ text: [UInt8]) {
    if text.allSatisfy(\.isHTMLBlank) { return addBlank(range, hasLineEnd: text.contains(0x0A) || text.contains(0x0D)) }
    if isAtStart, text.skipBlanks(0..<text.count) == text.count { return }
    prepareForText()
    runs.append(text: bytes.count, file: range.lowerBound, textStep: text.count, fileStep: range.count)
    bytes += text
  }

  /// Whether the next text begins a line or a cell, where blanks are left out.
  private var isAtStart: Bool { pendingLineEnd || pendingCell || bytes.count == lineStart }

  /// Puts what is pending before the text that comes now.
  private mutating func prepareForText() {
    if pendingLineEnd { endLine() }
    if bytes.count == lineStart {
      lineLevel = level
    } else if pendingCell {
      bytes += "\u{3000}".utf8
    } else if let blank = pendingBlank {
      runs.append(text: bytes.count, file: blank.lowerBound, textStep: 1, fileStep: blank.count)
      bytes.append(UInt8(ascii: " "))
    }
    pendingCell = false
    pendingBlank = nil
    headingHasText = level != nil
    if isRowStart {
      rowLine = lines.count
      isRowStart = false
    }
  }

  /// Ends the line that there is, without the blanks at its end.
  mutating func endLine() {
    pendingLineEnd = false
    let range = bytes.trimBlanks(lineStart..<bytes.count)
    runs.removeText(from: range.upperBound)
    bytes.removeLast(bytes.count - range.upperBound)
    if range.isEmpty { return }
    lines.append(HTMLText.Line(range, level: lineLevel))
    bytes.append(0x0A)
    lineStart = bytes.count
  }

  // MARK: Title

  private mutating func addToTitle(_ range: Range<Int>, _ text: ArraySlice<UInt8>) {
    openTitle?.text += text.lazy.filter { $0 != 0 }
    let start = openTitle?.range?.lowerBound ?? range.lowerBound
    openTitle?.range = start..<range.upperBound
  }

  private mutating func endTitle() {
    if let openTitle, let range = openTitle.range, title == nil {
      let words = Array(openTitle.text.split { $0.isHTMLBlank }.joined(separator: " ".utf8))
      let name = words[words.trimBlanks(words.indices)]
      if !name.isEmpty { title = HTMLTitle(text: String(decoding: name, as: UTF8.self), range: source.trimBlanks(range)) }
    }
    openTitle = nil
  }
}
