// What stops an import before anything is read?

/// The arguments of an import contradict what is there; nothing has been read yet.
public enum ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing at this path.
  case missing(String)
  /// Two files would be sources of the same name, so that each would replace the passages of the other.
  case sameName(String, String, String)

  public var description: String {
    switch self {
    case .missing(let path):
      "there is no file or folder \(onOneLine(path))"
    case .sameName(let name, let first, let second):
      "two files would both be named \(onOneLine(name)): \(onOneLine(first)) and \(onOneLine(second)); "
        + "give one folder that holds both, so that their names in the index differ"
    }
  }
}
