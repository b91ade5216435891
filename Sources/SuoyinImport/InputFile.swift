// Which file is read, under which name, and in which format?

/// A file to import.
public struct InputFile: Equatable, Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case markdown
    case plainText
    case html
    case jsonLines
    case json
    case csv
    case tsv
    /// What a program reads that is named for it: `ExternalReaders`.
    case external

    /// Whether the file has rows or records, which make documents of their own, instead of a text.
    var hasRows: Bool {
      switch self {
      case .jsonLines, .json, .csv, .tsv, .external: true
      case .markdown, .plainText, .html: false
      }
    }

    /// The format that the end of a file's name promises, whatever its case; nil when it promises none of ours.
    public init?(fileName: some StringProtocol) {
      switch fileExtension(of: fileName) {
      case "md", "markdown": self = .markdown
      case "txt", "text": self = .plainText
      case "html", "htm", "xhtml": self = .html
      case "jsonl", "ndjson": self = .jsonLines
      case "json": self = .json
      case "csv": self = .csv
      case "tsv": self = .tsv
      default: return nil
      }
    }
  }

  /// The path to open.
  public var path: String
  /// The name of the source: the path relative to the folder that was given, or the last component of the file that was given.
  public var name: String
  public var format: Format

  /// Whether the file is one source, which has its name, instead of rows that are sources of their own.
  package var isSource: Bool { !format.hasRows || format == .external }

  public init(path: String, name: String, format: Format) {
    self.path = path
    self.name = name
    self.format = format
  }
}

/// What follows the last dot of a file's name, in lower case; nil when there is no dot.
func fileExtension(of name: some StringProtocol) -> String? {
  name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
}
