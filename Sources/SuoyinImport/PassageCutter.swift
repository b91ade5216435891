// Where does a passage begin and end?

/// One walk over the lines of a text.
struct PassageCutter {
  private let bytes: [UInt8]
  private var readsHeadings: Bool
  private(set) var passages: [Passage] = []
  private var titleFinder = TitleFinder()
  private var last = ArticleNumber.beforeFirst

  /// The article that the next paragraph belongs to; its text is missing as long as only its label was seen.
  private struct OpenArticle {
    var label: Range<Int>
    var text: Range<Int>?
  }
  private var article: OpenArticle?

  init(_ bytes: [UInt8], readsHeadings: Bool) {
    self.bytes = bytes
    self.readsHeadings = readsHeadings
  }

  /// The title, once the text is cut.
  var title: Range<Int>? { titleFinder.declaredTitle ?? titleFinder.titlePassage.map { passages[$0].text } }

  mutating func cut() {
    var start = 0
    var isFirst = true
    // CR LF, CR CR LF and the like are several line ends with blank lines between, which change nothing; a byte order mark is a blank.
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      let range = bytes.trimBlanks(start..<end)
      if isFirst, !range.isEmpty {
        isFirst = false
        // A text that opens with a heading is Markdown, whatever its file is called.
        if bytes[range.lowerBound] == UInt8(ascii: "#") { readsHeadings = true }
      }
      add(Line(bytes, range, readsHeadings: readsHeadings, after: last))
      start = end + 1
    }
    closeArticle()
    if let index = titleFinder.titlePassage { passages[index] = Passage(label: nil, text: bytes.withoutBold(passages[index].text)) }
  }

  private mutating func add(_ line: Line) {
    switch line {
    case .blank:
      break
    case .heading(let range, let level):
      closeArticle()
      titleFinder.see(.heading(level: level), bytes, range, passage: passages.count)
      passages.append(Passage(label: nil, text: range))
    case .division(let range):
      closeArticle()
      titleFinder.see(.section, bytes, range, passage: passages.count)
      passages.append(Passage(label: nil, text: range))
    case .article(let range, let label, let isAlone):
      closeArticle()
      titleFinder.see(.section, bytes, range, passage: passages.count)
      last = label.number
      article = OpenArticle(label: label.range, text: isAlone ? nil : range)
    case .paragraph(let range):
      if let open = article {
        article?.text = (open.text?.lowerBound ?? range.lowerBound)..<range.upperBound
      } else {
        titleFinder.see(.paragraph, bytes, range, passage: passages.count)
        passages.append(Passage(label: nil, text: range))
      }
    }
  }

  private mutating func closeArticle() {
    if let article { passages.append(Passage(label: article.label, text: article.text ?? article.label)) }
    article = nil
  }
}
