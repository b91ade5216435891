// Who signed a document, and when? And who is responsible for a measure?

/// The offices and the day that a document ends with.
struct Signature {
  /// From the first office to the end of the paragraph.
  var range: Range<Int>
  /// The names of the offices side by side.
  var offices: Range<Int>
  var date: TextDate

  /// Reads the signature at the end of a paragraph: behind its last sentence nothing but offices and a day, perhaps with a bracket.
  init?(_ bytes: [UInt8], _ paragraph: Range<Int>) {
    guard let date = TextDate.all(in: bytes.tail(of: paragraph, 400), bytes).last else { return nil }
    let rest = bytes.trimBlanks(date.range.upperBound..<paragraph.upperBound)
    guard rest.isEmpty || bytes.isBracket(rest) else { return nil }
    var start = date.range.lowerBound
    // Terminates: `start` goes down.
    while start > paragraph.lowerBound, let before = bytes.lastScalar(in: paragraph.lowerBound..<start) {
      if ["。", "；", "！", "？", ")", "）", "，", "、", "：", ",", ":", "》"].contains(before) {
        guard ["。", "；", "！", "？", ")", "）"].contains(before) else { return nil }
        break
      }
      start -= before.utf8Width
    }
    let offices = bytes.trimBlanks(start..<date.range.lowerBound)
    guard offices.count >= 6, OfficeNames.isOffice(bytes, offices) else { return nil }
    self.date = date
    self.offices = offices
    range = offices.lowerBound..<paragraph.upperBound
  }
}

extension Signature {
  /// Reads a signature on lines of its own at the end of some paragraphs: offices on a line each, the day on another, perhaps a bracket.
  ///
  /// - Returns: How many of the paragraphs it takes up, with the offices' ranges.
  static func lines(_ bytes: [UInt8], _ paragraphs: some BidirectionalCollection<Range<Int>>) -> (
    count: Int, offices: [Range<Int>], date: TextDate
  )? {
    var rest = Array(paragraphs.suffix(16))
    var count = 0
    if let last = rest.last, rest.count > 2, bytes.isBracket(last) {
      rest.removeLast()
      count += 1
    }
    guard let day = rest.popLast(), let date = TextDate(bytes, at: day.lowerBound, end: day.upperBound),
      date.range.upperBound == day.upperBound
    else { return nil }
    count += 1
    var offices: [Range<Int>] = []
    while let line = rest.last, bytes.hasAtMost(40, charactersIn: line), OfficeNames.isOffice(bytes, line) {
      offices.insert(line, at: 0)
      rest.removeLast()
      count += 1
    }
    return offices.isEmpty ? nil : (count, offices, date)
  }
}

/// The names of offices: ministries, governments, bureaus.
enum OfficeNames {
  private static let endings: Set<Unicode.Scalar> = ["部", "局", "厅", "廳", "委", "会", "會", "院", "府", "室", "行", "办", "署", "社", "处", "處"]

  /// Whether a text ends as offices do and has nothing in it that names of offices lack.
  static func isOffice(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let last = bytes.lastScalar(in: range), endings.contains(last) else { return false }
    return !bytes.contains(["，", "。", "；", "：", "、", ",", "《", "》", "“", "”", "(", "（"], in: range)
  }

  /// Cuts offices that stand side by side with or without blanks: 工业和信息化部 国家发展和改革委员会教育部.
  static func split(_ text: String) -> [String] {
    text.split(whereSeparator: { $0.isWhitespace || $0 == "、" || $0 == "，" || $0 == "," }).flatMap { cut(Array($0)) }
  }

  private static func cut(_ characters: [Character]) -> [String] {
    var names: [String] = []
    var start = 0
    for place in characters.indices where place >= start + 2 && isEnd(characters, place, from: start) {
      names.append(String(characters[start...place]))
      start = place + 1
    }
    if start < characters.count {
      // What is left belongs to the last name: 浙江监管局 of 中国证券监督管理委员会.
      if names.isEmpty || characters.count - start > 3 {
        names.append(String(characters[start...]))
      } else {
        names[names.count - 1] += String(characters[start...])
      }
    }
    return names
  }

  /// Whether a name ends at `place` and another begins behind it.
  private static func isEnd(_ characters: [Character], _ place: Int, from start: Int) -> Bool {
    let next = place + 1
    if next == characters.count { return true }
    switch characters[place] {
    case "部", "厅", "局", "署":
      // 中央宣传部办公厅; 财政部门.
      return !"门分长办".contains(characters[next])
    case "会", "行", "府", "院", "办", "委", "室":
      if characters[place] == "委", characters[next] == "员" { return false }
      if characters[place] == "会", place > start, characters[place - 1] == "员" || characters[place - 1] == "监",
        !beginsName(characters, next)
      {
        // A branch of a commission: 中国银保监会浙江监管局.
        return isMinistry(characters, next)
      }
      return beginsName(characters, next)
    default: return false
    }
  }

  private static let beginnings = ["国家", "中国", "中央", "中共", "国务院", "最高", "全国"]

  /// Whether a name begins at `place`: with 国家, 中国 or a province's or city's whole name.
  private static func beginsName(_ characters: [Character], _ place: Int) -> Bool {
    let rest = String(characters[place..<min(characters.count, place + 8)])
    if beginnings.contains(where: rest.hasPrefix) { return true }
    let bytes = Array(rest.utf8)
    return Region.end(bytes, bytes.indices) != nil
  }

  /// Whether a ministry without a region's name follows, such as 教育部 behind 国家发展和改革委员会.
  private static func isMinistry(_ characters: [Character], _ place: Int) -> Bool {
    guard let end = characters[place...].firstIndex(where: { "部局厅署".contains($0) }), end - place >= 2 else { return false }
    return characters[end] == "部"
  }

  // MARK: Responsible units

  /// The offices in the bracket that a measure ends with: (责任单位:省发展改革委、省商务厅), (省经信厅、省科技厅).
  static func responsible(_ text: Substring) -> [String] {
    // Most texts end in no bracket: the last byte of ) or ） would be among these.
    guard text.utf8.suffix(8).contains(where: { $0 == 0x29 || $0 == 0x89 }) else { return [] }
    var text = text
    while let last = text.last, last.isWhitespace || last == "。" || last == "；" { text.removeLast() }
    guard text.last == ")" || text.last == "）" else { return [] }
    // The bracket that closes last, brackets inside it counted: （责任单位：省委网信办（省互联网办）、省公安厅）.
    var depth = 0
    guard
      let open = text.lastIndex(where: { character in
        if character == ")" || character == "）" { depth += 1 }
        if character == "(" || character == "（" { depth -= 1 }
        return depth == 0
      })
    else { return [] }
    var inside = text[text.index(after: open)...].dropLast()
    var isNamed = false
    for name in ["责任单位", "牵头单位", "责任部门", "牵头部门", "负责单位", "配合单位", "参加单位", "責任單位"] where inside.hasPrefix(name) {
      isNamed = true
      inside = inside.dropFirst(name.count)
      while let first = inside.first, ":： ".contains(first) { inside.removeFirst() }
    }
    let names = inside.split(whereSeparator: { "、，,；;".contains($0) }).map { name in
      // 牵头单位：省发展改革委，配合单位：省商务厅.
      let parts = name.split(whereSeparator: { $0 == ":" || $0 == "：" })
      var office = String(parts.last ?? "").trimmed
      for words in ["按职责分工负责", "分工负责", "负责", "牵头", "配合", "等"] where office.hasSuffix(words) { office.removeLast(words.count) }
      return office
    }.filter { !$0.isEmpty }
    if isNamed { return names }
    let areOffices = names.allSatisfy { name in
      name.count >= 3 && name.count <= 24 && !name.hasPrefix("以下") && (name.unicodeScalars.last.map(endings.contains) ?? false)
    }
    let first = names.first ?? ""
    let isLocal = ["省", "市", "县", "区", "州", "各", "国家", "中国", "人行", "自治"].contains { first.hasPrefix($0) } || first.hasSuffix("部")
    return areOffices && isLocal ? names : []
  }
}

/// The names of provinces, cities and counties.
enum Region {
  private static let provinces = [
    "北京市", "天津市", "上海市", "重庆市", "河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省",
    "广东省", "海南省", "四川省", "贵州省", "云南省", "陕西省", "甘肃省", "青海省", "台湾省", "内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区", "香港特别行政区",
    "澳门特别行政区",
  ]
  /// What a region's name ends in, the longest first.
  private static let endings = ["自治州", "自治县", "自治旗", "地区", "新区", "市", "县", "区", "州", "盟", "旗"]
  /// What stands in no region's name, but in what follows one or in an office's.
  private static let strangers = [
    "人", "关", "于", "印", "的", "和", "部", "局", "厅", "委", "会", "府", "院", "办", "室", "行", "省", "第", "各", "促", "条", "开",
  ]

  /// Where the name of a region ends that a text begins with: 浙江省, 保定市, 河北省保定市.
  static func end(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    var end: Int?
    var start = range.lowerBound
    if let province = provinces.first(where: { bytes.has($0, at: start) }), start + province.utf8.count <= range.upperBound {
      start += province.utf8.count
      end = start
    }
    // A city or county has two to eight characters and its ending.
    var position = start
    for place in 0..<11 where position + 3 <= range.upperBound && (0xE4...0xE9).contains(bytes[position]) {
      if strangers.contains(where: { bytes.has($0, at: position) }) { break }
      if place >= 2 || (place == 1 && end != nil),
        let ending = endings.first(where: { bytes.has($0, at: position) }), position + ending.utf8.count <= range.upperBound,
        !bytes.has("场", at: position + 3), !bytes.has("级", at: position + 3), !bytes.has("域", at: position + 3)
      {
        return position + ending.utf8.count
      }
      position += 3
    }
    return end
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    let bytes = Array(utf8)
    return String(decoding: bytes[bytes.trimBlanks(bytes.indices)], as: UTF8.self)
  }
}

extension [UInt8] {
  /// The last bytes of a range, from the beginning of a character on.
  func tail(of range: Range<Int>, _ length: Int) -> Range<Int> {
    var start = Swift.max(range.lowerBound, range.upperBound - length)
    while start < range.upperBound, self[start] & 0xC0 == 0x80 { start += 1 }
    return start..<range.upperBound
  }

  /// Whether a range is one bracket, such as （此件公开发布）.
  func isBracket(_ range: Range<Int>) -> Bool {
    guard let last = lastScalar(in: range), last == ")" || last == "）" else { return false }
    return (self[range.lowerBound] == 0x28 || has("（", at: range.lowerBound)) && hasAtMost(40, charactersIn: range)
  }
}
