// Which fields do imported documents have?
public import Suoyin
public import SuoyinAnalysis

extension Schema {
  /// The schema of an index over files: what `Importer` puts into documents, and nothing else.
  ///
  /// `title`, `label` and `text` share one numbering; `file` names the file a passage comes from; `members` holds, as a JSON object,
  /// what a row has besides.
  ///
  /// - Parameters:
  ///   - pinyin: The text fields that can be found by their pinyin, each in a field `NAME.pinyin` after the others.
  ///   - stemmed: The text fields whose English words are found by their stems.
  public static func files(
    analyzer: AnalyzerName = .chinese, policyWords: Bool = true, pinyin: Set<String> = [], stemmed: Set<String> = []
  ) -> Schema {
    Schema(
      FieldName.searched.map { .text($0, stemming: stemmed.contains($0) ? .english : nil) } + [
        .keyword(FieldName.file), .stored(FieldName.members),
      ]
        + FieldName.searched.filter(pinyin.contains).map { .pinyin("\($0).pinyin", of: $0) }, analyzer: analyzer, policyWords: policyWords)
  }

  /// The fields whose passages are searched for words.
  public static let searchedFileFields = FieldName.searched
}

/// The names of the fields in `Schema.files`.
enum FieldName {
  static let title = "title"
  static let label = "label"
  static let text = "text"
  static let file = "file"
  static let members = "members"
  static let searched = [title, label, text]
}
