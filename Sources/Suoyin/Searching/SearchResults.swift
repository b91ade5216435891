// What did a search find?

/// The best passages for a query and how many there are.
public struct SearchResults: Sendable {
  /// The best first, by score descending, then by key ascending.
  public let hits: [Hit]
  /// How many passages match, exactly.
  public let total: Int
}

/// A passage that was found.
public struct Hit: Sendable {
  public let key: DocumentKey
  /// A multiple of 2⁻²⁰; equal for equal input, whatever the order of summation, segments or threads.
  public let score: Double
  /// The stored values by field name; empty when the search was told not to load them.
  public let fields: [String: FieldValue]
  package let highlighter: Highlighter

  /// The text of a text, keyword or stored field, or another field's value as text; nil when the passage does not have it.
  public subscript(field: String) -> String? { fields[field]?.description }

  /// The bytes of a text field that match the query, as UTF-8 offsets, ascending; empty when it does not match there.
  public func highlights(in field: String) throws(IndexError) -> [Range<Int>] {
    guard case .text(let text)? = fields[field] else { return [] }
    return try highlighter.ranges(in: text, field: field)
  }

  /// The part of a text field that shows best why the passage was found; nil when the passage does not have the field.
  ///
  /// Analyses the field's text: O(*n*). An error of ICU, which means want of memory, gives a snippet without highlights.
  public func snippet(of field: String) -> Snippet? {
    guard case .text(let text)? = fields[field] else { return nil }
    return Snippet(of: text, highlights: (try? highlights(in: field)) ?? [])
  }
}
