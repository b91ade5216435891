// Which units stand behind a number, and when is such a character no unit?

/// A unit of a count (3年, 500元) or of a citation (第17条).
struct NumberUnit {
  /// The unit's characters after the first.
  var rest: [UInt32] = []
  /// How the unit is written in a term.
  var name: [UInt8]
  /// What the unit's character is part of another word with: 第一条件, 三年级.
  var refused: [UInt32] = []

  private init(_ written: String, _ refused: String, as name: String? = nil) {
    rest = written.unicodeScalars.dropFirst().map(\.value)
    self.name = Array((name ?? written).utf8)
    self.refused = refused.unicodeScalars.map(\.value)
  }

  private static func table(_ entries: [(String, String, String?)]) -> [UInt32: [NumberUnit]] {
    var table: [UInt32: [NumberUnit]] = [:]
    for (written, refused, name) in entries {
      table[written.unicodeScalars.first!.value, default: []].append(NumberUnit(written, refused, as: name))
    }
    // The longer unit first: 周岁 before 周.
    return table.mapValues { $0.sorted { $0.rest.count > $1.rest.count } }
  }

  /// Units of counts. Only those that law counts by and that rarely are part of another word: 十分, 一般, 一级, 一次 are no numbers here.
  static let counts = table([
    ("年", "级代龄轮画华糕货", nil), ("月", "亮球台票饼薪嫂", nil), ("日", "元常本报均益用程语", nil), ("天", "然津气空地文下体平使花性赋才涯", nil),
    ("周", "期边围转密到末游", nil), ("周年", "", nil), ("周岁", "", nil), ("岁", "月", nil), ("小时", "", nil), ("分钟", "", nil),
    ("个月", "", nil), ("个工作日", "", nil), ("工作日", "", "个工作日"), ("个百分点", "", nil), ("个交易日", "", nil), ("季度", "", nil),
    ("元", "化素件旦首老月宵宇帅论气结", nil), ("圆", "满形周桌圈", "元"), ("美元", "", nil), ("欧元", "", nil), ("日元", "", nil), ("港元", "", nil),
    ("倍", "数率", nil), ("人", "民员类体才均工权大事格口身行次道间家物生造", nil), ("人次", "", nil), ("家", "庭长属具里务电畜禽乡人门训规", nil),
    ("户", "口籍外主型", nil), ("吨", "", nil), ("千克", "", nil), ("公斤", "", nil), ("米", "饭面粉兰", nil), ("公里", "", nil), ("平方米", "", nil),
    ("立方米", "", nil), ("平方公里", "", nil), ("亩", "", nil), ("公顷", "", nil), ("千瓦", "", nil), ("千瓦时", "", nil),
  ])

  /// Units of citations: what 第 and a number stand before.
  static let citations = table([
    ("条", "件例文约目理纹码形", nil), ("款", "项式待额", nil), ("项", "目", nil), ("章", "程鱼", nil), ("节", "能约日假水点省气制奏余育肢", nil),
    ("编", "制号辑码写委队外纂者", nil), ("目", "标的录前击光次", nil), ("号", "召码角称", nil), ("次", "数序要级", nil), ("届", "时满", nil),
    ("期", "间限货望待满", nil), ("批", "准发复评判示", nil), ("页", "面岩", nil),
  ])

  /// The unit at a cell and the index of the cell after it; nil when none stands there or it is part of another word.
  static func read(_ table: [UInt32: [NumberUnit]], _ text: CellText, at index: Int) -> (unit: NumberUnit, end: Int)? {
    guard let units = table[text.character(index)] else { return nil }
    for unit in units {
      var end = index + 1
      for character in unit.rest {
        guard text.touches(end, from: text.end(end - 1)), text.character(end) == character else { break }
        end += 1
      }
      guard end - index == 1 + unit.rest.count else { continue }
      let next = text.touches(end, from: text.end(end - 1)) ? text.character(end) : 0
      return next != 0 && unit.refused.contains(next) ? nil : (unit, end)
    }
    return nil
  }
}
