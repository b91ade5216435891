// Which file is read, under which name, and in which format?

/// A file to import.
public struct InputFile: Equatable, Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case markdown
    case plainText
    case html
    case jsonLines

    /// The format that the end of a file's name promises, whatever its case; nil when it promises none of ours.
    public init?(fileName: some StringProtocol) {
      guard let dot = fileName.lastIndex(of: ".") else { return nil }
      switch fileName[fileName.index(after: dot)...].lowercased() {
      case "md", "markdown": self = .markdown
      case "txt", "text": self = .plainText
      case "html", "htm", "xhtml": self = .html
      case "jsonl", "ndjson": self = .jsonLines
      default: return nil
      }
    }
  }

  /// The path to open.
  public var path: String
  /// The name of the source: the path relative to the folder that was given, or the last component of the file that was given.
  public var name: String
  public var format: Format

  public init(path: String, name: String, format: Format) {
    self.path = path
    self.name = name
    self.format = format
  }
}
