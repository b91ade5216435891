// Which passages does a text have, and what is its title?
public import Suoyin

/// A Markdown or plain text file, cut into passages. Nothing of its text is in no passage: what lies between passages are blanks, line ends
/// and the marks of headings and bold labels.
public struct TextDocument: Sendable {
  /// The text as it was given; all ranges are offsets into it.
  public let bytes: [UInt8]
  /// The title: the text of a passage without a label, or a part of it.
  public let title: Range<Int>?
  /// In the order of the file; they do not overlap.
  public let passages: [Passage]

  /// Cuts a text into passages: the paragraphs of an article make one, every other line one of its own.
  ///
  /// A line ends at LF, CR or any run of them, and a line is a paragraph.
  ///
  /// - Parameters:
  ///   - bytes: Valid UTF-8, perhaps with a byte order mark.
  ///   - format: How number signs are read: in plain text they make headings only when the first line begins with one.
  /// - Complexity: O(*n*) in the number of bytes.
  public init(_ bytes: [UInt8], as format: InputFile.Format) {
    var cutter = PassageCutter(bytes, readsHeadings: format == .markdown)
    cutter.cut()
    self.bytes = bytes
    passages = cutter.passages
    title = cutter.title
  }

  /// The bytes of a passage's text or label as text.
  public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The documents for the index, one for each passage: `name#1`, `name#2` and so on.
  public func documents(name: String) -> [Document] {
    let title = title.map { FieldValue.text(text($0)) }
    return passages.enumerated().map { index, passage in
      var fields: [String: FieldValue] = [FieldName.text: .text(text(passage.text)), FieldName.file: .text(name)]
      fields[FieldName.title] = title
      fields[FieldName.label] = passage.label.map { .text(text($0)) }
      return Document(key: DocumentKey("\(name)#\(index + 1)"), fields)
    }
  }
}
