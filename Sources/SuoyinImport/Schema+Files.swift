// Which fields do imported documents have?
public import Suoyin
public import SuoyinAnalysis

extension Schema {
  /// The schema of an index over files: what `Importer` puts into documents, and nothing else.
  ///
  /// `title`, `label`, `heading` and `text` share one numbering. What a document says of itself, and where a passage stands in it, are
  /// fields that filter, sort and are counted; `members` holds, as a JSON object, what a row has besides.
  ///
  /// - Parameters:
  ///   - pinyin: The text fields that can be found by their pinyin, each in a field `NAME.pinyin` after the others.
  ///   - stemmed: The text fields whose English words are found by their stems.
  public static func files(
    analyzer: AnalyzerName = .chinese, policyWords: Bool = true, pinyin: Set<String> = [], stemmed: Set<String> = []
  ) -> Schema {
    let roles: [String: Field.Role] = analyzer.families.contains(.extra) ? [FieldName.title: .title, FieldName.label: .label] : [:]
    let searched = FieldName.searched.map { Field.text($0, stemming: stemmed.contains($0) ? .english : nil, role: roles[$0]) }
    let facts =
      FieldName.keywords.map { Field.keyword($0, role: $0 == FieldName.document ? .document : nil) }
      + FieldName.dates.map { Field.date($0) }
    let stored = FieldName.stored.map { Field.stored($0) }
    let read = FieldName.searched.filter(pinyin.contains).map { Field.pinyin("\($0).pinyin", of: $0) }
    return Schema(searched + facts + stored + read, analyzer: analyzer, policyWords: policyWords)
  }

  /// The fields whose passages are searched for words.
  public static let searchedFileFields = FieldName.searched
}

/// The names of the fields in `Schema.files`.
enum FieldName {
  static let title = "title"
  static let label = "label"
  /// The headings above a passage and its own, where they are no part of its text.
  static let heading = "heading"
  static let text = "text"
  static let searched = [title, label, heading, text]

  static let file = "file"
  /// What tells documents apart: the key of the first passage, or of rows the file and the title.
  static let document = "document"
  /// 发文字号; that of the notice for its attachments.
  static let number = "number"
  static let issuer = "issuer"
  static let kind = "kind"
  static let region = "region"
  static let validity = "validity"
  /// The offices that a passage makes responsible.
  static let unit = "unit"
  static let page = "page"
  /// Where a passage stands: 二、(三)8., and from each of its labels on: (三)8., 8.
  static let place = "place"
  /// header, lead, part, paragraph, closing or signature.
  static let role = "role"
  static let keywords = [file, document, number, issuer, kind, region, validity, unit, page, place, role]

  static let adopted = "adopted"
  static let approved = "approved"
  static let issued = "issued"
  static let effective = "effective"
  static let expires = "expires"
  /// The day that tells versions of one document apart.
  static let version = "version"
  static let dates = [adopted, approved, issued, effective, expires, version]

  static let members = "members"
  /// The headings above a passage, a line for each.
  static let path = "path"
  /// The byte ranges of the file: `12-45 60-90`.
  static let source = "source"
  /// The days of amendments, separated by blanks.
  static let amended = "amended"
  static let stored = [members, path, source, amended]
}
