// Which member of a row is which field?

/// Names the members of a JSON row that are its key and its searched fields; all others are stored as they are.
public struct JSONMapping: Equatable, Sendable {
  /// A string or an integer, unique in the index.
  public var key: String
  public var title: String
  /// nil stands for `label`, and for `article` in rows without it.
  public var label: String?
  public var text: String

  public init(key: String = "id", title: String = "title", label: String? = nil, text: String = "text") {
    self.key = key
    self.title = title
    self.label = label
    self.text = text
  }
}
