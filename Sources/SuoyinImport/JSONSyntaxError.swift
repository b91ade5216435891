// Why is a row no JSON object?

/// The first place where a row breaks the grammar of JSON.
package struct JSONSyntaxError: Error, Equatable {
  /// The offset in the row.
  package var byteOffset: Int
  /// Such as "a comma or } is missing".
  package var message: String

  package init(byteOffset: Int, message: String) {
    self.byteOffset = byteOffset
    self.message = message
  }
}
