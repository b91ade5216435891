// What did a search find?

/// The best passages for a query and how many there are.
public struct SearchResults: Sendable {
  /// The best first, by score descending, then by key ascending; or as `SearchOptions.sort` says.
  public let hits: [Hit]
  /// How many passages match, exactly, on this page or not, and reprints among them. nil when the search was told not to count them
  /// (`SearchOptions.countsTotal`) and has not learnt it in another way.
  public let total: Int?
  /// One for each of `SearchOptions.facets`, in their order.
  public let facets: [Facet]
  /// Where the next page begins (`SearchOptions.after`); nil when there is none.
  public let next: SearchPosition?
  /// How many hits the pages before have.
  public let hitsBefore: Int
  /// Whether the index is no longer the one that the page before is of, so that hits may be missing or come again.
  public let hasIndexChanged: Bool
  /// What of a query that a person typed was searched as text though it looks like an operator.
  public internal(set) var warnings: [QuerySyntaxError] = []
}

/// What was counted of a field over all matches.
public struct Facet: Equatable, Sendable {
  public let field: String
  /// The most frequent values of a keyword field, by count descending, then by the bytes of their normalised forms; or the latest years of a date
  /// field, with four digits each.
  public internal(set) var values: [FacetValue] = []
  /// How many different values of a keyword field, or years of a date field, the matches have.
  public internal(set) var distinctCount = 0
  /// For each range that was asked for, how many matches have a value in it.
  public internal(set) var rangeCounts: [Int] = []
  /// How many matches have no value.
  public internal(set) var missingCount = 0

  init(field: String) { self.field = field }
}

/// A value of a keyword field and how many matches have it.
public struct FacetValue: Equatable, Sendable {
  /// As it is stored: of several spellings that are one when compared, that of the passage with the smallest key.
  public let value: String
  public let count: Int

  package init(value: String, count: Int) {
    self.value = value
    self.count = count
  }
}

/// A passage that was found.
public struct Hit: Sendable {
  public let key: DocumentKey
  /// A multiple of 2⁻²⁰; equal for equal input, whatever the order of summation, segments or threads.
  public let score: Double
  /// The stored values by field name; empty when the search was told not to load them.
  public let fields: [String: FieldValue]
  /// The keys of the hits behind this one whose text is the same (`SearchOptions.collapsedField`), as far as they come before the next page.
  public internal(set) var reprints: [DocumentKey] = []
  /// The score from outside that the hit has its place by (`SearchOptions.reranking`); nil for a hit behind those that have one.
  public internal(set) var rerankingScore: Double?
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
  /// Analyses the field's text: O(*n*); of a text of more than 48 KiB only where it seems to match best. An error of ICU, which means want of
  /// memory, gives a snippet without highlights.
  ///
  /// - Parameter length: The most bytes, in `Snippet.lengths`; what is outside is brought into it.
  public func snippet(of field: String, length: Int = Snippet.defaultLength) -> Snippet? {
    guard case .text(let text)? = fields[field] else { return nil }
    let marks = (try? highlighter.bestMarks(in: text, field: field)) ?? []
    return Snippet(of: text, marks: marks, length: min(max(length, Snippet.lengths.lowerBound), Snippet.lengths.upperBound))
  }

  /// The highlights and the snippet of a text field together, for the price of one; nil when the passage does not have the field.
  package func marked(
    _ field: String, length: Int = Snippet.defaultLength
  ) throws(IndexError) -> (highlights: [Range<Int>], snippet: Snippet)? {
    guard case .text(let text)? = fields[field] else { return nil }
    let marks = try highlighter.marks(in: text, field: field)
    let length = min(max(length, Snippet.lengths.lowerBound), Snippet.lengths.upperBound)
    return (Highlighter.merged(marks.map(\.range)), Snippet(of: text, marks: marks, length: length))
  }
}
