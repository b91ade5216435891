// What could not be read, or only in part, and where?

/// Something in the input that the reader of the log should know; the import goes on.
public struct ImportProblem: Equatable, Sendable, CustomStringConvertible {
  public enum Severity: Sendable {
    /// Everything was read, but perhaps not what was meant.
    case warning
    /// The file, folder or row named here is not in the index.
    case rejected
  }

  /// The file or folder as it can be opened.
  public var path: String
  /// The line of a file of rows, counted from 1: where the row begins, or where the problem is.
  public var line: Int?
  /// Where in the file the problem is, in bytes from its beginning.
  public var byteOffset: Int?
  /// What is wrong and what was done about it; complete without `byteOffset`, which it repeats.
  public var message: String
  public var severity: Severity

  public init(path: String, line: Int? = nil, byteOffset: Int? = nil, message: String, severity: Severity) {
    self.path = path
    self.line = line
    self.byteOffset = byteOffset
    self.message = message
    self.severity = severity
  }

  /// One line, such as `feed.jsonl:5: no "id" in this row; row skipped`.
  public var description: String { onOneLine(path + (line.map { ":\($0)" } ?? "") + ": " + message) }
}

/// The text with control characters and line separators escaped: names of files and members may hold any, and a log has one line each.
func onOneLine(_ text: String) -> String {
  let mustEscape = { (scalar: Unicode.Scalar) in
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
  }
  guard text.unicodeScalars.contains(where: mustEscape) else { return text }
  var line = ""
  for scalar in text.unicodeScalars {
    if mustEscape(scalar) { line += "\\u{\(String(scalar.value, radix: 16))}" } else { line.unicodeScalars.append(scalar) }
  }
  return line
}
