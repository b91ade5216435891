// Which fields does a passage have, and what is done with each?
// Exported, so that who imports Suoyin can name an analyzer and read tokens without a second import.
@_exported public import SuoyinAnalysis

/// One field of the schema.
public struct Field: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Cut into terms and searched; shares the passage's cells with the other text fields unless `isApart`.
    /// `boost` multiplies the occurrences in this field when frequencies are counted; it is more than 0 and at most 1000. With `stemming`, words are
    /// also found by their stems. A text that is not stored is only searched: a hit does not show it, and it cannot be cut anew.
    case text(boost: Double, isApart: Bool, stemming: Stemming?, isStored: Bool)
    /// Searched as whole values, compared in normalised form; one that is empty then is stored only. Filters, sorts and is counted too.
    case keyword
    /// A 64-bit integer; stored, filters, sorts and is counted.
    case integer
    /// A day; stored, filters, sorts and is counted.
    case date
    /// Stored, not searched.
    case stored
    /// How the text of another field is read in pinyin: made from it, with cells, lists and statistics of its own; takes no value.
    case pinyin(of: String)
  }

  /// What a text or a value says of its passage. A query that names a passage by its title or label finds that passage first.
  public enum Role: Equatable, Sendable {
    /// Of what document it is a part: a query may hold the whole title, in one of the forms of docs/QuerySyntax.md.
    case title
    /// Which part of the document it is: 第十七条. A query may name it in any spelling.
    case label
    /// Of a keyword field: passages with the same value are those of one document, whose size counts in the ranking.
    case document
  }

  public var name: String
  public var kind: Kind
  /// Only of text fields and keyword fields.
  public var role: Role?

  public init(name: String, kind: Kind, role: Role? = nil) {
    self.name = name
    self.kind = kind
    self.role = role
  }

  /// A text field. With `apart`, it has cells, lists and statistics of its own and is searched only when it is named.
  /// With `stemming`, an unquoted word of it is found in every inflection. A text that is not `stored` is found, but neither shown nor
  /// highlighted, and an index with passages that has such a field keeps its dictionary. With a `role`, passages are found first that a query names by it.
  public static func text(
    _ name: String, boost: Double = 1, apart: Bool = false, stemming: Stemming? = nil, stored: Bool = true, role: Role? = nil
  ) -> Field {
    Field(name: name, kind: .text(boost: boost, isApart: apart, stemming: stemming, isStored: stored), role: role)
  }
  public static func keyword(_ name: String, role: Role? = nil) -> Field { Field(name: name, kind: .keyword, role: role) }
  public static func integer(_ name: String) -> Field { Field(name: name, kind: .integer) }
  public static func date(_ name: String) -> Field { Field(name: name, kind: .date) }
  public static func stored(_ name: String) -> Field { Field(name: name, kind: .stored) }
  /// A field to find the text field `source` by its pinyin. It is searched only when it is named, and highlights are those of `source`.
  public static func pinyin(_ name: String, of source: String) -> Field { Field(name: name, kind: .pinyin(of: source)) }

  package var isText: Bool { if case .text = kind { true } else { false } }
  /// The text field that a pinyin field is made from.
  package var pinyinSource: String? { if case .pinyin(let source) = kind { source } else { nil } }
  package var boost: Double { if case .text(let boost, _, _, _) = kind { boost } else { 1 } }
  package var stemming: Stemming? { if case .text(_, _, let stemming, _) = kind { stemming } else { nil } }
  /// Whether the field's values can be read back: a pinyin field has none of its own, and a text may be searched only.
  package var isStored: Bool {
    switch kind {
    case .text(_, _, _, let isStored): isStored
    case .pinyin: false
    case .keyword, .integer, .date, .stored: true
    }
  }
}

/// The fields of an index and the analyzer of its text fields, fixed when it is made but for fields that are added later.
public struct Schema: Equatable, Sendable {
  /// In the order given; the text fields' cells lie in this order.
  public let fields: [Field]
  public let analyzer: AnalyzerName
  /// Whether texts are cut by the built-in list of policy words; false where the analyzer cuts by no list.
  public let policyWords: Bool

  public static let maximumFieldCount = 64

  public init(_ fields: [Field], analyzer: AnalyzerName = .chinese, policyWords: Bool = true) {
    self.fields = fields
    self.analyzer = analyzer
    self.policyWords = policyWords && analyzer.usesWordLists
  }

  /// How texts are cut, with an index's own words.
  package func settings(userDictionary: UserDictionary = UserDictionary()) -> AnalyzerSettings {
    AnalyzerSettings(analyzer, policyWords: policyWords, userDictionary: userDictionary)
  }

  /// The schema with a field behind the others.
  package func adding(_ field: Field) -> Schema { Schema(fields + [field], analyzer: analyzer, policyWords: policyWords) }

  /// The schema as it was before fields were added to it.
  package func prefix(_ count: Int) -> Schema { Schema(Array(fields.prefix(count)), analyzer: analyzer, policyWords: policyWords) }

  public subscript(name: String) -> Field? { fields.first { $0.name == name } }

  /// Why this schema cannot be used, or nil.
  package var problem: String? {
    if fields.isEmpty { return "a schema needs at least one field" }
    if fields.count > Self.maximumFieldCount { return "a schema has at most \(Self.maximumFieldCount) fields" }
    if Set(fields.map(\.name)).count < fields.count { return "two fields have the same name" }
    for field in fields {
      let isName = !field.name.isEmpty && field.name.utf8.count <= 64 && !field.name.contains { $0.isWhitespace || ":：\"()".contains($0) }
      if !isName { return "'\(field.name)' is no field name: 1 to 64 bytes without white space, colons, quotes and brackets" }
      if case .text(let boost, _, _, _) = field.kind, !(boost > 0 && boost <= 1000) {
        return "the boost of '\(field.name)' is not in 0...1000"
      }
      if field.stemming != nil, !analyzer.families.contains(.extra) { return "the analyzer \(analyzer.rawValue) has no stems; chinese has" }
      if field.role == .document {
        if field.kind != .keyword { return "'\(field.name)' says which document it is, and is no keyword field" }
        if fields.count(where: { $0.role == .document }) > 1 { return "more than one field says which document it is" }
      } else if field.role != nil {
        if !field.isText { return "'\(field.name)' has a role, and is no text field" }
        if !analyzer.families.contains(.extra) { return "the analyzer \(analyzer.rawValue) has no titles and labels; chinese has" }
      }
      if let source = field.pinyinSource {
        if !(self[source]?.isText ?? false) { return "'\(field.name)' is the pinyin of '\(source)', which is no text field" }
        if analyzer == .whitespace { return "the analyzer whitespace has no Han cells, and so no pinyin" }
      }
    }
    return nil
  }
}

/// A position space with its own cells, lists and statistics: the text fields that share one, a text field apart, a keyword field,
/// or a pinyin field.
package struct Numbering: Equatable, Sendable {
  /// Indexes into `Schema.fields`, in order.
  package var fields: [Int]
  package var isKeyword: Bool
  /// The index of the text field whose pinyin this is.
  package var pinyinSource: Int?
}

extension Schema {
  /// How an unquoted text is stemmed that is asked of a field, or of all shared ones: as one of them is.
  package func stemming(_ name: String?) -> Stemming? {
    if let name { return self[name]?.stemming }
    return fields.lazy.compactMap { if case .text(_, isApart: false, let stemming, _) = $0.kind { stemming } else { nil } }.first
  }

  /// The numberings of a schema: number 0 is that of the shared text fields (perhaps empty), then one for each field apart, keyword
  /// field or pinyin field.
  package var numberings: [Numbering] {
    var numberings = [Numbering(fields: [], isKeyword: false)]
    for (index, field) in fields.enumerated() {
      switch field.kind {
      case .text(_, isApart: false, _, _): numberings[0].fields.append(index)
      case .text(_, isApart: true, _, _): numberings.append(Numbering(fields: [index], isKeyword: false))
      case .keyword: numberings.append(Numbering(fields: [index], isKeyword: true))
      case .pinyin(of: let source):
        numberings.append(Numbering(fields: [index], isKeyword: false, pinyinSource: fields.firstIndex { $0.name == source }))
      case .integer, .date, .stored: break
      }
    }
    return numberings
  }
}
