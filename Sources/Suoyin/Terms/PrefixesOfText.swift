// Which strings of a sorted table does a text begin with?

extension SortedStrings {
  /// Calls `body` with every string that is the text up to one of some lengths, ascending.
  ///
  /// Equivalent to looking up each of them. But one step passes over all that lie before the string that is there instead.
  ///
  /// - Parameter lengths: Ascending, at most the text's.
  /// - Complexity: O((*f* + *d*) log *n*), *f* being the strings that are found, and *d* the places where others part from the text.
  package func forEachPrefix(
    of text: [UInt8], lengths: [Int], _ body: (Int, borrowing Entry) throws(IndexError) -> Void
  ) throws(IndexError) {
    // Most texts begin as no string does, and that is known without making an entry.
    guard let first = lengths.first, try contains(beginningWith: Array(text[..<first])), var entry = try lowerBound(Array(text[..<first]))
    else { return }
    var next = 0
    // Invariant: `entry` is the first string that is not before the text's first `lengths[next]` bytes; all shorter ones have been given.
    // Terminates: `next` grows.
    while true {
      let shared = Self.sharedCount(entry.string, text)
      // Then all strings that begin with those bytes are behind it: there are none.
      if shared < lengths[next] { return }
      if shared == entry.string.count {
        if let length = lengths[next...].first(where: { $0 >= shared }), length == shared { try body(length, entry) }
      } else if shared == text.count || entry.string[shared] > text[shared] {
        return
      }
      // What is the text up to a length that is not greater would be before the entry.
      guard let longer = lengths[next...].firstIndex(where: { $0 > shared }) else { return }
      next = longer
      if try !advance(&entry, to: Array(text[..<lengths[next]])) { return }
    }
  }

  private static func sharedCount(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var count = 0
    while count < min(left.count, right.count), left[count] == right[count] { count += 1 }
    return count
  }
}
