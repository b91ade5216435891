// What does a document say about itself: its number, its days, who issued it?
public import Suoyin

/// What is known of a document from its own title, header and end. What the text does not say is nil or empty.
public struct DocumentMetadata: Equatable, Sendable {
  /// 发文字号 without blanks, such as 浙政发〔2023〕4号: its own, never one that it cites.
  public var number: String?
  /// Who issued it, in the order of the text.
  public var issuers: [String] = []
  /// The word for its kind that the title ends in: 条例, 规定, 办法, 意见, 通知, 方案, 解读 ….
  public var kind: String?
  public var adopted: CalendarDate?
  public var approved: CalendarDate?
  public var issued: CalendarDate?
  public var effective: CalendarDate?
  public var expires: CalendarDate?
  /// The days on which it was amended, ascending.
  public var amended: [CalendarDate] = []
  /// The province, city or county that its title or its issuer names.
  public var region: String?
  /// 废止, when the header says so.
  public var validity: String?

  /// The day that tells versions of one document apart: the last amendment, else approval, adoption or issue.
  public var version: CalendarDate? { amended.last ?? approved ?? adopted ?? issued }
}

/// What the lines are called that sites put before a document.
enum DocumentFact: String {
  case 索引号, 标题, 名称, 发文机关, 发布机构, 制定机关, 发布机关, 发文字号, 文号, 成文日期, 发布日期, 公布日期, 印发日期, 生效日期, 施行日期, 实施日期, 失效日期, 废止日期, 主题分类, 主题词, 有效性, 时效性, 效力级别,
    分类, 公文种类, 信息来源, 来源

  enum Role { case title, number, issuer, issued, effective, expires, other }

  var role: Role {
    switch self {
    case .标题, .名称: .title
    case .发文机关, .发布机构, .制定机关, .发布机关: .issuer
    case .发文字号, .文号: .number
    case .成文日期, .发布日期, .公布日期, .印发日期: .issued
    case .生效日期, .施行日期, .实施日期: .effective
    case .失效日期, .废止日期: .expires
    case .索引号, .主题分类, .主题词, .有效性, .时效性, .效力级别, .分类, .公文种类, .信息来源, .来源: .other
    }
  }
}

/// Reads the metadata of one document.
struct MetadataReader {
  let bytes: [UInt8]
  private(set) var metadata = DocumentMetadata()

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  // MARK: Title

  mutating func readTitle(_ title: String, number: Range<Int>?) {
    if let number { metadata.number = CitationReference.number(text(number)) }
    metadata.kind = Self.kind(of: title)
    let titleBytes = Array(title.utf8)
    let about = titleBytes.firstOffset(of: "关于", in: titleBytes.indices)
    let start = about == 0 ? 6 : 0
    if let end = Region.end(titleBytes, start..<titleBytes.count) {
      metadata.region = String(decoding: titleBytes[start..<end], as: UTF8.self)
    }
    if let about, about > 0 {
      let names = String(decoding: titleBytes[..<about], as: UTF8.self).split { $0 == "、" || $0.isWhitespace }
      if metadata.issuers.isEmpty, names.allSatisfy({ OfficeNames.isOffice(Array($0.utf8), 0..<$0.utf8.count) }) {
        metadata.issuers = names.flatMap { OfficeNames.split(String($0)) }
      }
    }
  }

  /// The kinds by their length, so that 实施意见 is 意见.
  private static let kinds = [
    "条例", "规定", "办法", "细则", "规则", "规程", "意见", "通知", "通告", "通报", "公告", "公报", "决定", "决议", "命令", "批复", "报告", "方案", "计划", "规划", "纲要", "要点",
    "举措",
    "措施", "解读", "解释", "章程", "准则", "标准", "指南", "目录", "修正案", "安排", "解答", "守则", "规范", "規程", "通則", "須知", "要點", "公约", "协定", "宪法", "條例", "規定",
    "辦法", "細則", "規則", "標準", "準則", "函", "法", "令",
  ]

  static func kind(of title: String) -> String? {
    var title = title[...]
    while let last = title.last, last == ")" || last == "）", let open = title.lastIndex(where: { $0 == "(" || $0 == "（" }) {
      title = title[..<open]
    }
    // 民法典 is published in books of their own: 民法典合同编.
    return kinds.first { title.hasSuffix($0) } ?? (title.contains("法典") ? "法" : nil)
  }

  // MARK: Header

  /// Reads a line that a site puts before a document: 成文日期：2021年3月1日.
  mutating func readFact(_ fact: DocumentFact, _ value: Range<Int>) {
    if value.isEmpty { return }
    let day = TextDate.all(in: value, bytes).first?.date ?? CalendarDate(text(value).trimmed)
    switch fact.role {
    case .number: if DocumentNumber.find(bytes, value) == value { metadata.number = CitationReference.number(text(value)) }
    case .issuer: metadata.issuers = OfficeNames.split(text(value))
    case .issued: metadata.issued = metadata.issued ?? day
    case .effective: metadata.effective = metadata.effective ?? day
    case .expires: metadata.expires = metadata.expires ?? day
    case .title, .other: break
    }
  }

  /// Reads a line of the header: 2023年8月31日…通过, （国发〔2015〕28号）, 2010年7月30日…修正.
  mutating func readHeader(_ line: Range<Int>) {
    if metadata.number == nil, let number = ownNumber(line) { metadata.number = number }
    let dates = TextDate.all(in: line, bytes)
    for (place, date) in dates.enumerated() {
      let end = place + 1 < dates.count ? dates[place + 1].range.lowerBound : line.upperBound
      read(date, date.range.upperBound..<end)
    }
  }

  /// - Parameter event: What is said of the day.
  private mutating func read(_ date: TextDate, _ event: Range<Int>) {
    func says(_ word: String) -> Bool { bytes.contains(word, in: event) }
    let isAmendment = ["修正", "修订", "修改", "修訂"].contains(where: says)
    if isAmendment {
      metadata.amended.append(date.date)
      if says("通过") { metadata.adopted = metadata.adopted ?? date.date }
    } else if says("废止") {
      metadata.validity = "废止"
    } else if says("批准") {
      metadata.approved = metadata.approved ?? date.date
    } else if says("通过") {
      // Who adopts a document again has changed it.
      if let adopted = metadata.adopted, adopted < date.date { metadata.amended.append(date.date) }
      metadata.adopted = metadata.adopted ?? date.date
      if metadata.issuers.isEmpty, let issuer = Self.assembly(text(event)) { metadata.issuers = [issuer] }
    } else if ["公布", "发布", "印发", "颁布"].contains(where: says) {
      metadata.issued = metadata.issued ?? date.date
    }
    if ["施行", "生效", "实施"].contains(where: says), !isAmendment {
      metadata.effective = metadata.effective ?? date.date
    }
    if ["公布", "发布", "颁布"].contains(where: says), !isAmendment, metadata.number == nil, let decree = DecreeNumber(text(event)) {
      metadata.number = decree.text
      if metadata.issuers.isEmpty { metadata.issuers = [decree.office] }
    }
  }

  /// A number that a header line consists of, perhaps in brackets.
  private func ownNumber(_ line: Range<Int>) -> String? {
    guard bytes.hasAtMost(40, charactersIn: line) else { return nil }
    for open in ["〔", "[", "［", "（", "(", "【", "﹝"] {
      guard let bracket = bytes.firstOffset(of: open, in: line), let number = DocumentNumber(bytes, bracket: bracket, in: line) else {
        continue
      }
      let start =
        bytes[line.lowerBound] == 0x28 ? line.lowerBound + 1 : bytes.has("（", at: line.lowerBound) ? line.lowerBound + 3 : line.lowerBound
      if number.isBehind(start, bytes) { return CitationReference.number(text(start..<number.end)) }
    }
    return nil
  }

  /// 保定市人民代表大会常务委员会 of 保定市第十六届人民代表大会常务委员会第十七次会议通过.
  private static func assembly(_ event: String) -> String? {
    guard let end = event.ranges(of: "第").last(where: { event[$0.upperBound...].contains("会议") })?.lowerBound else { return nil }
    var name = String(event[..<end]).filter { !$0.isWhitespace }
    if let last = name.firstIndex(of: "届") {
      // 第十六届, or 十四届 without 第.
      let start = name[..<last].lastIndex { !"零〇一二三四五六七八九十百".contains($0) } ?? name.startIndex
      name.removeSubrange((name[start] == "第" || start == name.startIndex ? start : name.index(after: start))...last)
    }
    if name.hasPrefix("经") { name.removeFirst() }
    // The committee of a court that adopted it does not issue it.
    for committee in ["审判委员会", "检察委员会"] where name.hasSuffix(committee) { name.removeLast(committee.count) }
    return ["委员会", "大会", "法院", "检察院"].contains(where: name.hasSuffix) ? name : nil
  }

  // MARK: Text

  /// Reads a sentence that says since when and until when the document is in force.
  mutating func readForce(_ paragraph: Range<Int>) {
    guard
      bytes.contains("施行", in: paragraph) || bytes.contains("实施", in: paragraph) || bytes.contains("有效期", in: paragraph)
        || bytes.contains("执行", in: paragraph) || bytes.contains("试行", in: paragraph) || bytes.contains("生效", in: paragraph)
    else { return }
    for date in TextDate.all(in: paragraph, bytes) {
      let before = text(bytes.tail(of: paragraph.lowerBound..<date.range.lowerBound, 60))
      let after = text(date.range.upperBound..<min(paragraph.upperBound, date.range.upperBound + 30).clampedToCharacter(bytes))
      if ["起施行", "起实施", "起执行", "起生效", "起试行", "施行", "试行", "生效"].contains(where: after.trimmed.hasPrefix),
        before.trimmed.hasSuffix("自") || before.trimmed.hasSuffix("于")
      {
        metadata.effective = metadata.effective ?? date.date
      } else if before.contains("有效期"), before.trimmed.hasSuffix("至") || before.trimmed.hasSuffix("到") || before.trimmed.hasSuffix("为") {
        metadata.expires = metadata.expires ?? date.date
      }
    }
  }

  mutating func readSignature(_ offices: [Range<Int>], _ date: TextDate) {
    metadata.issued = metadata.issued ?? date.date
    if metadata.issuers.isEmpty { metadata.issuers = offices.flatMap { OfficeNames.split(text($0)) } }
  }

  /// Reads the lead of an interpretation: 2022年9月17日,市政府办公室印发了《…》,现将主要内容解读如下.
  mutating func readLead(_ paragraph: Range<Int>) {
    let lead = text(bytes.prefix(of: paragraph, 900))
    guard lead.contains("解读如下") else { return }
    metadata.kind = "解读"
    guard let date = TextDate(bytes, at: paragraph.lowerBound, end: paragraph.upperBound), lead.contains("印发") || lead.contains("发布") else {
      return
    }
    metadata.issued = metadata.issued ?? date.date
  }

  mutating func finish() {
    metadata.amended.sort()
    if metadata.region == nil, let issuer = metadata.issuers.first {
      let bytes = Array(issuer.utf8)
      metadata.region = Region.end(bytes, bytes.indices).map { String(decoding: bytes[..<$0], as: UTF8.self) }
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension Int {
  /// The offset, or the next one before it where a character begins.
  fileprivate func clampedToCharacter(_ bytes: [UInt8]) -> Int {
    var offset = self
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }
}

extension [UInt8] {
  /// The first bytes of a range, whole characters.
  func prefix(of range: Range<Int>, _ length: Int) -> Range<Int> {
    var end = Swift.min(range.upperBound, range.lowerBound + length)
    while end > range.lowerBound, end < count, end < range.upperBound, self[end] & 0xC0 == 0x80 { end -= 1 }
    return range.lowerBound..<end
  }
}
