// What is a passage of a text, before it is a document of the index?

/// A passage of a text: an article, a heading, or a paragraph that belongs to no article.
public struct Passage: Equatable, Sendable {
  /// The article's label without marks, such as 第十七条: bytes of the source, not empty.
  public let label: Range<Int>?
  /// The passage's text: bytes of the source, not empty, without blanks at both ends.
  ///
  /// An inline label is its beginning; a label on a line of its own stands before it, or is all the text there is.
  public let text: Range<Int>
}
