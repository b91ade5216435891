// Which fields does a name in a query mean?
internal import SuoyinAnalysis

/// The names by which a query speaks of fields: those of the schema, and Chinese and English names for what policies and laws have.
///
/// A name of the table counts only where the schema has a field that it stands for and none of that name itself.
struct FieldNames {
  /// Several fields for one name: any of them.
  fileprivate static let others: [(names: [String], fields: [String])] = [
    (["标题", "题名"], ["title"]),
    (["正文", "body"], ["text"]),
    (["条号"], ["label"]),
    (["小标题"], ["heading"]),
    (["文号", "发文字号"], ["number"]),
    (["发布机关", "发文机关", "制定机关"], ["issuer"]),
    (["责任单位"], ["unit"]),
    (["类型", "文种", "type"], ["kind"]),
    (["地区"], ["region"]),
    (["效力", "时效性"], ["validity"]),
    (["页码"], ["page"]),
    (["文件"], ["file"]),
    (["日期", "date"], ["issued", "adopted", "approved"]),
    (["发布日期", "公布日期", "印发日期", "成文日期"], ["issued"]),
    (["通过日期"], ["adopted"]),
    (["批准日期"], ["approved"]),
    (["施行日期", "生效日期", "实施日期"], ["effective"]),
    (["失效日期", "废止日期"], ["expires"]),
    (["版本"], ["version"]),
    (["拼音", "pinyin"], []),
  ]

  /// Lower-case names and the fields of the schema that each means.
  private var fields: [[UInt8]: [Field]] = [:]
  /// The most bytes of a name.
  private var longest = 0

  init(_ schema: Schema) {
    for (names, targets) in Self.others {
      // Pinyin is all fields of that kind.
      let found = targets.isEmpty ? schema.fields.filter { $0.pinyinSource != nil } : targets.compactMap { schema[$0] }.filter(\.isAsked)
      if !found.isEmpty { for name in names { fields[Array(name.utf8)] = found } }
    }
    for field in schema.fields where field.isAsked { fields[Array(field.name.lowercased().utf8)] = [field] }
    // Two names may differ in capitals only.
    for field in schema.fields where field.isAsked { fields[Array(field.name.utf8)] = [field] }
    longest = fields.keys.reduce(0) { max($0, $1.count) }
  }

  /// The fields of a name; nil when it is none.
  func fields(_ name: some Sequence<UInt8>) -> [Field]? {
    let name = Array(name)
    if name.isEmpty || name.count > longest { return nil }
    // In capitals, full width or Traditional characters it is the same name.
    return fields[name] ?? fields[Analyzer.normalizedValue(String(decoding: name, as: UTF8.self))]
  }

  /// The name that a mistyped one may have meant: one edit away, of three characters or more.
  func nearest(to name: String) -> String? {
    guard name.utf8.count <= longest + 4, name.count >= 3 else { return nil }
    var automaton = LevenshteinAutomaton(Array(name.lowercased().utf8), distance: 1)
    let near = fields.keys.filter { if case .near = automaton.read($0[...]) { true } else { false } }
    return near.map { String(decoding: $0, as: UTF8.self) }.min()
  }
}

extension Schema {
  /// The names by which a query can speak of fields, each once: those of the schema in its order, then the others.
  package var queryNames: [String] {
    let own = fields.filter(\.isAsked).map(\.name)
    let others = FieldNames.others.flatMap { names, targets in
      let isKnown = targets.isEmpty ? fields.contains { $0.pinyinSource != nil } : targets.contains { self[$0]?.isAsked ?? false }
      return isKnown ? names : []
    }
    return own + others.filter { !own.contains($0) }
  }
}

extension Field {
  /// Whether a query can speak of the field.
  fileprivate var isAsked: Bool { isText || hasColumn || pinyinSource != nil }
}
