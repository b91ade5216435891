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

  /// The query with a line of carets under the bytes that are meant; a wide character takes two columns.
  public var drawing: String {
    var columns = (before: 0, marked: 0)
    var offset = 0
    for scalar in query.unicodeScalars {
      let width = scalar.value < 0x1100 ? 1 : 2
      if offset < utf8Range.lowerBound { columns.before += width } else if offset < utf8Range.upperBound { columns.marked += width }
      offset += String(scalar).utf8.count
    }
    return "\(query)\n\(String(repeating: " ", count: columns.before))\(String(repeating: "^", count: max(1, columns.marked)))"
  }
}
