// What is wrong with a query, and where?

/// A query that is refused.
public struct QuerySyntaxError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What is wrong and what to do, in one line.
  public let message: String
  /// The query as it was given.
  public let query: String
  /// The bytes of the query that are meant.
  public let utf8Range: Range<Int>

  package init(_ message: String, in query: String, at utf8Range: Range<Int>) {
    self.message = message
    self.query = query
    self.utf8Range = utf8Range
  }

  public var description: String { message }

  /// The columns that `drawing` takes at most.
  private static let drawnColumns = 72

  /// The query, or the part of it around what is meant, with a line of carets under the bytes that are meant; a wide character takes two columns.
  ///
  /// White space and control characters are drawn as blanks. At most 72 columns wide.
  public var drawing: String {
    /// What stands before the part that is meant, and the part: characters with their columns.
    var before: [(character: Character, width: Int)] = []
    var marked: [(character: Character, width: Int)] = []
    var behind: [(character: Character, width: Int)] = []
    var offset = 0
    for scalar in query.unicodeScalars {
      let width = scalar.value < 0x1100 ? 1 : 2
      let isBlank = scalar.properties.isWhitespace || scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      let drawn: (Character, Int) = isBlank ? (" ", 1) : (Character(scalar), width)
      if offset < utf8Range.lowerBound {
        before.append(drawn)
        if before.count > Self.drawnColumns { before.removeFirst() }
      } else if offset < utf8Range.upperBound {
        if marked.count < Self.drawnColumns { marked.append(drawn) }
      } else if behind.count < Self.drawnColumns {
        behind.append(drawn)
      } else {
        break
      }
      offset += UTF8.width(scalar)
    }
    func columns(_ part: [(character: Character, width: Int)]) -> Int { part.reduce(0) { $0 + $1.width } }
    while columns(before) > Self.drawnColumns / 3 { before.removeFirst() }
    while columns(marked) > Self.drawnColumns / 3 { marked.removeLast() }
    while columns(before) + columns(marked) + columns(behind) > Self.drawnColumns { behind.removeLast() }
    let text = String((before + marked + behind).map(\.character))
    return "\(text)\n\(String(repeating: " ", count: columns(before)))\(String(repeating: "^", count: max(1, columns(marked))))"
  }
}
