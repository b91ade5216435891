// Which lines of a scanned or scraped file are pages and furniture, and where did a page break cut a sentence?

/// What each line of a paged file is: 第151页, a running title, what the site put around the pages, or text.
struct PageLayout {
  enum Role: Equatable {
    case text
    case furniture
    /// A line such as 第151页, behind which the page begins.
    case page(Int)
  }

  private(set) var roles: [Role]

  /// - Parameters:
  ///   - lines: The lines of `text`.
  ///   - isSite: Whether it is a page of a site, so that what buttons say stands at its ends.
  /// - Returns: nil for a text without pages and without the rests of a site.
  /// - Complexity: O(*n*) in the number of bytes.
  init?(_ text: [UInt8], _ lines: [Paragraph], isSite: Bool) {
    roles = [Role](repeating: .text, count: lines.count)
    var numbers: [(line: Int, number: Int)] = []
    var hasResidue = false
    for (place, line) in lines.enumerated() {
      if let number = Self.pageNumber(text, line.range) { numbers.append((place, number)) }
      if line.range.count < 200, Self.isResidue(text, line.range) { hasResidue = true }
    }
    let pages = Self.ascending(numbers)
    guard pages.count > 1 || hasResidue || isSite else { return nil }
    for (line, number) in pages { roles[line] = .page(number) }
    let runningTitle = pages.count > 1 ? markRunningTitles(text, lines, pages.map(\.line)) : nil
    markSite(text, lines, first: pages.first?.line, runningTitle)
  }

  // MARK: Pages

  /// The number of a line that says 第151页 and nothing else.
  private static func pageNumber(_ text: [UInt8], _ range: Range<Int>) -> Int? {
    guard range.count <= 24 else { return nil }
    if text.has("第", at: range.lowerBound), text.has("页", at: range.upperBound - 3) || text.has("頁", at: range.upperBound - 3) {
      let inside = text.trimBlanks(range.lowerBound + 3..<range.upperBound - 3)
      guard let numeral = Numeral.read(text, at: inside.lowerBound, end: inside.upperBound), numeral.end == inside.upperBound else {
        return nil
      }
      return numeral.value
    }
    return nil
  }

  /// The page numbers that belong to runs that count up; a lower one begins another book. A number that stands alone is a line of the text.
  private static func ascending(_ numbers: [(line: Int, number: Int)]) -> [(line: Int, number: Int)] {
    var pages: [(line: Int, number: Int)] = []
    var run: [(line: Int, number: Int)] = []
    for page in numbers {
      if let last = run.last, !(last.number + 1...last.number + 20).contains(page.number) {
        if run.count > 1 { pages += run }
        run = []
      }
      run.append(page)
    }
    return run.count > 1 ? pages + run : pages
  }

  /// Marks the lines behind page numbers that say the same on most pages, but for the printed number at their end or beginning.
  private mutating func markRunningTitles(_ text: [UInt8], _ lines: [Paragraph], _ pages: [Int]) -> [UInt8]? {
    var counts: [[UInt8]: Int] = [:]
    for page in pages where page + 1 < lines.count { counts[Self.withoutNumber(text, lines[page + 1].range), default: 0] += 1 }
    guard let (title, count) = counts.max(by: { ($0.value, $1.key.count) < ($1.value, $0.key.count) }), count * 2 > pages.count, count > 1,
      title.count < 120
    else { return nil }
    for page in pages where page + 1 < lines.count && Self.withoutNumber(text, lines[page + 1].range) == title {
      roles[page + 1] = .furniture
    }
    return title
  }

  private static func withoutNumber(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var bytes = Array(text[range.prefix(200)])
    while let last = bytes.last, last <= 0x20 || (0x30...0x39).contains(last) || last == 0x2D { bytes.removeLast() }
    return bytes
  }

  // MARK: What a site leaves

  /// Whether a line holds {{…}}, which a template should have replaced.
  private static func isResidue(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    guard let open = text[range].firstIndex(of: UInt8(ascii: "{")), text.has("{{", at: open) else { return false }
    return text[range].suffix(2).elementsEqual("}}".utf8)
  }

  /// What buttons and links of book and document sites say.
  private static let buttons: Set<Substring> = [
    "免费制作", "更多内容", "更多案例", "其他案例", "文本内容", "[展开]", "[收起]", "展开", "收起", "收藏", "转发", "下载", "分享", "点赞", "打印", "关闭", "评论", "上一页",
    "下一页", "返回", "返回顶部", "首页", "打印本页", "关闭窗口", "下载文档", "大", "中", "小", "x", "X", "×",
  ]
  private static let advertisements = ["电子书", "二维码", "一键上传", "微信"]

  private static func isSite(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    if range.count > 600 { return false }
    if isResidue(text, range) { return true }
    let line = String(decoding: text[range], as: UTF8.self)
    if advertisements.count(where: line.contains) > 1 || line.contains("杂志分类:") || line.contains("杂志分类：") { return true }
    let words = line.split(whereSeparator: { $0.isWhitespace || "|｜>》»/·".contains($0) })
    // Where one is: 首页 > 政策文件.
    if let first = words.first, ["首页", "首頁", "您的位置:", "您的位置：", "当前位置:", "当前位置："].contains(first), words.count > 1, line.count < 60 {
      return true
    }
    return !words.isEmpty && words.allSatisfy { word in buttons.contains(word) || invitations.contains(where: word.hasPrefix) }
  }

  private static let invitations = ["扫一扫", "分享到", "字体：", "字体:", "浏览次数", "访问次数", "网站地图", "版权所有", "主办单位", "承办单位", "网站标识码", "ICP备案", "备案号"]

  /// Marks what a site put before the first page and behind the last.
  private mutating func markSite(_ text: [UInt8], _ lines: [Paragraph], first: Int?, _ runningTitle: [UInt8]?) {
    if let first, let body = (first..<lines.count).first(where: { roles[$0] == .text }) {
      for place in 0..<first {
        let range = lines[place].range
        let isTitle = runningTitle.map { text[range].elementsEqual($0) } ?? false
        if isTitle || Self.isSite(text, range) || isBlurb(text, range, of: lines[body].range) { roles[place] = .furniture }
      }
    } else {
      for place in lines.indices.prefix(while: { Self.isSite(text, lines[$0].range) }) { roles[place] = .furniture }
    }
    for place in lines.indices.reversed() {
      guard Self.isSite(text, lines[place].range) else { break }
      roles[place] = .furniture
    }
    for place in lines.indices where roles[place] == .text && Self.isResidue(text, lines[place].range) { roles[place] = .furniture }
  }

  /// Whether a line repeats how the text begins, as the teaser of a book does.
  private func isBlurb(_ text: [UInt8], _ range: Range<Int>, of body: Range<Int>) -> Bool {
    let beginning = text[body].prefix(60)
    guard beginning.count == 60, range.count > 60 else { return false }
    var offset = range.lowerBound
    // The teaser may open with the running title.
    while offset + 60 <= range.upperBound, offset < range.lowerBound + 300 {
      if text[offset..<offset + 60].elementsEqual(beginning) { return true }
      offset += 1
    }
    return false
  }

  // MARK: Sentences

  /// Whether a page break cut the paragraph that ends the page before: it ends in no sentence, and the next line begins nothing new.
  func isCut(_ clean: [UInt8], _ last: Range<Int>, _ text: [UInt8], _ next: Range<Int>) -> Bool {
    // No signature is longer, and what ends a sentence stands at the end.
    let end = clean.tail(of: last, 1200)
    if Self.endsSentence(clean, end) || Signature(clean, end) != nil { return false }
    if NumberingLabel(text, at: next.lowerBound, end: next.upperBound) != nil { return false }
    return DocumentTitle(text, next) == nil
  }

  /// Whether a paragraph ends in a sentence, perhaps with brackets or quotation marks behind it: …。（责任单位：…）
  private static func endsSentence(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var end = range.upperBound
    // Terminates: every round takes characters away.
    while let last = bytes.lastScalar(in: range.lowerBound..<end) {
      switch last {
      case "。", "！", "？", "；", "：", "!", "?", ";", ":", ".": return true
      case "”", "’", "」", "』", "》", "】": end -= last.utf8Width
      case "）", ")":
        let open = bytes[range.lowerBound..<end].lastIndex { $0 == 0x28 || $0 == 0xEF }
        // What stands before the whole bracket decides, or what stands in it.
        let inside = end - last.utf8Width
        if let before = bytes.lastScalar(in: range.lowerBound..<inside), before == "。" { return true }
        guard var open else { return false }
        while open > range.lowerBound, bytes[open] == 0xEF, !bytes.has("（", at: open) {
          guard let earlier = bytes[range.lowerBound..<open].lastIndex(where: { $0 == 0x28 || $0 == 0xEF }) else { return false }
          open = earlier
        }
        guard open < end, open > range.lowerBound else { return false }
        end = open
        // A bracket inside a sentence: 60 家(个) 以上.
        return bytes.lastScalar(in: range.lowerBound..<end) == "。"
      default: return false
      }
    }
    return false
  }
}

extension Range<Int> {
  fileprivate func prefix(_ length: Int) -> Range<Int> { lowerBound..<Swift.min(upperBound, lowerBound + length) }
}

extension Unicode.Scalar {
  /// How many bytes it has in UTF-8.
  var utf8Width: Int { UTF8.width(self) }
}

extension [UInt8] {
  /// The range without its last character.
  func withoutLastScalar(_ range: Range<Int>) -> Range<Int> {
    range.lowerBound..<range.upperBound - (lastScalar(in: range)?.utf8Width ?? 0)
  }

  /// The last character of a range; nil when it is empty.
  func lastScalar(in range: Range<Int>) -> Unicode.Scalar? {
    guard !range.isEmpty else { return nil }
    var start = range.upperBound - 1
    while start > range.lowerBound, self[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start).value
  }
}
