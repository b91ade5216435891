// Which member of a row is which field?

/// Names the members of a row, or the columns of a table, that are its key and its searched fields; all others are stored as they are.
public struct JSONMapping: Equatable, Sendable {
  /// A string or an integer, unique in the index.
  public var key: String
  public var title: String
  /// nil stands for `label`, and for `article` in rows without it.
  public var label: String?
  public var text: String
  /// The member that holds the rows of a JSON file that is an object; nil when the object is a row itself.
  public var rows: String?

  public init(key: String = "id", title: String = "title", label: String? = nil, text: String = "text", rows: String? = nil) {
    self.key = key
    self.title = title
    self.label = label
    self.text = text
    self.rows = rows
  }

  /// What decides, of this mapping, what a row is made into.
  var names: [String] { [key, title, label ?? "", text] }
}
