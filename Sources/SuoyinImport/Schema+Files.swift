// Which fields do imported documents have?
public import Suoyin
public import SuoyinAnalysis

extension Schema {
  /// The schema of an index over files: what `Importer` puts into documents, and nothing else.
  ///
  /// `title`, `label` and `text` share one numbering; `file` names the file a passage comes from; `members` holds, as a JSON object,
  /// what a row has besides.
  public static func files(analyzer: AnalyzerName = .chinese, policyWords: Bool = true) -> Schema {
    Schema(
      [
        .text(FieldName.title), .text(FieldName.label), .text(FieldName.text), .keyword(FieldName.file), .stored(FieldName.members),
      ], analyzer: analyzer, policyWords: policyWords)
  }
}

/// The names of the fields in `Schema.files`.
enum FieldName {
  static let title = "title"
  static let label = "label"
  static let text = "text"
  static let file = "file"
  static let members = "members"
}
