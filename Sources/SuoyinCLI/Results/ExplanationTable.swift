// How do people read an explanation?
internal import Suoyin

/// A line for each part of a query, in columns; the scores that it shows add up to the one that it shows for the passage.
struct ExplanationTable {
  private struct Row {
    var depth: Int
    var label: String
    var columns: [String] = []
    /// A dash for a part that is not there; nothing for what is counted in the line above.
    var score: String
  }

  /// How many terms are shown of those that are as if they were one.
  private static let maximumMemberCount = 8

  private let explanation: Explanation
  private var rows: [Row] = []
  private let total: Int

  init(_ explanation: Explanation) {
    self.explanation = explanation
    var leaves: [Int64] = []
    Self.collect(explanation.root, &leaves)
    total = Int((explanation.score * 100).rounded())
    var shares = Self.apportioned(leaves, total: total)[...]
    add(explanation.root, depth: 0, &shares)
  }

  // MARK: Rows

  private static func collect(_ part: Explanation.Part, _ shares: inout [Int64]) {
    if part.isLeaf { shares.append(part.share) } else { for part in part.parts { collect(part, &shares) } }
  }

  /// Whole hundredths that add up to `total`, each less than one from its share: of the rests, the largest are rounded up.
  private static func apportioned(_ shares: [Int64], total: Int) -> [Int] {
    let exact = shares.map { Double($0) / 0x1p20 * 100 }
    var whole = exact.map { Int($0.rounded(.down)) }
    let order = shares.indices.sorted { exact[$0] - Double(whole[$0]) > exact[$1] - Double(whole[$1]) }
    for index in order.prefix(max(0, total - whole.reduce(0, +))) { whole[index] += 1 }
    return whole
  }

  /// Adds the rows of a part, and returns what they show together.
  @discardableResult
  private mutating func add(_ part: Explanation.Part, depth: Int, _ shares: inout ArraySlice<Int>) -> Int {
    if part.isLeaf {
      let share = shares.removeFirst()
      rows.append(
        Row(depth: depth, label: part.label, columns: Self.columns(of: part), score: part.matches ? Self.decimal(share) : Self.dash))
      for sequence in part.parts {
        rows.append(
          Row(depth: depth + 1, label: sequence.text, columns: [sequence.kindName], score: sequence.matches ? "" : Self.dash))
      }
      for member in part.members.prefix(Self.maximumMemberCount) {
        rows.append(Row(depth: depth + 1, label: member.text, columns: ["", "", Self.short(member.frequency)], score: ""))
      }
      let others = part.members.count - Self.maximumMemberCount
      if others > 0 { rows.append(Row(depth: depth + 1, label: "\(others) more", score: "")) }
      return share
    }
    // The terms of a text need no line of their own, nor does a query with what its matches have besides.
    let isShown = (part.kind != .any || depth > 0) && ![.prior, .document].contains(part.parts.last?.kind)
    let place = rows.count
    if isShown { rows.append(Row(depth: depth, label: part.label, columns: [part.kindName], score: Self.dash)) }
    var sum = 0
    var blocks: [(share: Int64, matches: Bool, rows: ArraySlice<Row>)] = []
    for child in part.parts {
      let start = rows.count
      sum += add(child, depth: isShown ? depth + 1 : depth, &shares)
      blocks.append((child.share, child.matches, rows[start...]))
    }
    if part.kind == .any {
      // The best first, and what is not there last; as they are asked otherwise.
      rows.removeSubrange((isShown ? place + 1 : place)...)
      let order = blocks.indices.sorted {
        (blocks[$1].matches ? 1 : 0, blocks[$1].share, $0) < (blocks[$0].matches ? 1 : 0, blocks[$0].share, $1)
      }
      for index in order { rows += blocks[index].rows }
    }
    if isShown, part.matches { rows[place].score = Self.decimal(sum) }
    return sum
  }

  // MARK: Text

  private static let dash = "–"
  private static let widest = 22

  func readable(_ document: Document) -> String {
    let name = document.citation ?? document.place
    let heading = (name.map { [Style.bold(Style.harmless($0))] } ?? []) + [Style.faint(Style.harmless(explanation.key.description))]
    var lines = [
      (heading + [explanation.matches ? "score \(Self.decimal(total))" : "does not match"]).joined(separator: "  "),
      Style.faint("\(Self.grouped(explanation.passageCount)) passages, k1 \(Self.short(explanation.k1)), b \(Self.short(explanation.b))"),
    ]
    let terms = rows.map { String(repeating: "  ", count: $0.depth) + Self.cut(Style.harmless($0.label)) }
    let width = terms.map(Self.width).reduce(4, max)
    let header = ["kind", "passages", "here", "length", "idf", "weight"]
    lines.append(Style.faint(Self.line("score", "term", width, header)))
    for (row, term) in zip(rows, terms) {
      lines.append(Self.line(row.score, term, width, row.columns))
    }
    for obstacle in explanation.obstacles {
      switch obstacle {
      case .missing(let part): lines.append("missing: \(Style.harmless(part.wording))")
      case .excluded(let part): lines.append("excluded, and there: \(Style.harmless(part.wording))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func columns(of part: Explanation.Part) -> [String] {
    let kind = part.kindName
    // What it gives at most.
    if part.kind == .prior { return [kind, "", "", "", "", decimal(Int(((part.scope.first?.boost ?? 0) * 100).rounded()))] }
    guard let statistics = part.statistics else { return part.kind == .absent ? [kind, "0", "0"] : [kind] }
    let length = statistics.length.map { "\($0)/\(tenths(statistics.averageLength ?? 0))" } ?? ""
    return [
      kind, statistics.documentFrequency.map(grouped) ?? "", short(statistics.frequency), length,
      decimal(Int((statistics.idf * 100).rounded())), decimal(Int((statistics.weight * 100).rounded())),
    ]
  }

  /// - Parameter columns: The kind, then numbers; those at the end may be missing.
  private static func line(_ score: String, _ term: String, _ width: Int, _ columns: [String]) -> String {
    var line = padded(score, 6, isNumber: true) + "  " + padded(term, width) + "  " + padded(columns.first ?? "", 8)
    for (column, width) in zip(columns.dropFirst(), [9, 5, 10, 6, 7]) { line += " " + padded(column, width, isNumber: true) }
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func padded(_ text: String, _ width: Int, isNumber: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - Self.width(text)))
    return isNumber ? blanks + text : text + blanks
  }

  /// How many columns a text takes: two for most characters of East Asia.
  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }

  private static func cut(_ text: String) -> String {
    if width(text) <= widest { return text }
    var cut = ""
    for character in text {
      if width(cut) + width(String(character)) >= widest { break }
      cut.append(character)
    }
    return cut + "…"
  }

  private static func decimal(_ hundredths: Int) -> String {
    "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Without a point that says nothing, and with two digits at most.
  private static func short(_ value: Double) -> String {
    var text = decimal(Int((value * 100).rounded()))
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// With commas between thousands.
  private static func grouped(_ value: Int) -> String {
    var text = ""
    for (place, digit) in String(value).enumerated() {
      if place > 0, (String(value).count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

extension Explanation.Part {
  /// Whether it is scored as a whole.
  fileprivate var isLeaf: Bool {
    switch kind {
    case .citation, .all, .any, .atLeast, .excluding, .preferring: false
    default: true
    }
  }

  /// The text with the fields that it is looked for in.
  fileprivate var label: String {
    if !isLeaf {
      switch kind {
      case .citation: return "title and label"
      case .all: return "all of"
      case .any: return "any of"
      case .atLeast: return "\(count ?? 0) of"
      case .excluding: return "without"
      default: return "preferring"
      }
    }
    let fields = scope.map(\.field).joined(separator: ",")
    if kind == .prior, text.isEmpty { return "\(fields), none" }
    if kind == .document { return count == 1 ? "1 passage" : "\(count ?? 0) passages" }
    return fields.isEmpty ? text : "\(fields):\(text)"
  }

  fileprivate var kindName: String {
    switch role {
    case .filter: "filter"
    case .exclusion: "not"
    default:
      switch kind {
      case .union: "terms"
      case .all, .any, .atLeast, .excluding, .preferring, .citation: ""
      default: kind.rawValue
      }
    }
  }

  /// What is asked for, in words; of an exclusion what of it is there.
  var wording: String {
    switch kind {
    case .any, .atLeast:
      let wanted = parts.filter { $0.role != .addition && (role != .exclusion || $0.matches) }
      var seen: Set<String> = []
      let texts = wanted.map(\.wording).filter { seen.insert($0).inserted }
      return kind == .any ? texts.joined(separator: " or ") : "\(count ?? 0) of " + texts.joined(separator: ", ")
    case .all, .citation: return parts.map(\.wording).joined(separator: " and ")
    case .excluding: return parts.map(\.wording).joined(separator: " without ")
    case .preferring: return parts[0].wording
    default: return label
    }
  }
}
