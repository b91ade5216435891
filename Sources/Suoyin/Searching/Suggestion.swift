// What may a person have begun to type?

/// A text of the index that goes on as a person has begun to type.
public struct Suggestion: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// The title of passages.
    case title
    /// A value of a keyword field: a document's number, an issuer.
    case value(field: String)
    /// A word or a longer run of cells that stands in passages.
    case phrase
  }

  public let kind: Kind
  /// As it is written in a passage of the index.
  public let text: String
  /// In how many live passages it is: as their title, as their value, or in their texts as if it were in quotes.
  public let passageCount: Int
  /// Whether the count is exact; else it is estimated from a part of the passages.
  public let isExact: Bool
  /// What was typed, its last word completed.
  public let completed: String
}

/// What is suggested.
public struct SuggestionOptions: Sendable {
  /// The text field whose whole texts are suggested; nil for none. It must be stored.
  public var titleField: String?
  /// The keyword fields whose values are suggested; nil for all.
  public var valueFields: [String]?
  /// Whether words and longer runs of the texts are suggested.
  public var phrases: Bool

  public init(titleField: String? = "title", valueFields: [String]? = nil, phrases: Bool = true) {
    self.titleField = titleField
    self.valueFields = valueFields
    self.phrases = phrases
  }
}

/// How much is looked at for suggestions: these bound the time that they take, and say up to where they are complete.
package struct SuggestionLimits {
  /// How many terms of one kind that begin as was typed are gone through.
  package var terms = 4096
  /// How many of the most frequent lists are followed where what was typed is less than a pair.
  package var lists = 8
  /// How many places of lists are looked at for titles.
  package var places = 2048
  /// Up to how many places a list is counted one by one.
  package var exact = 1024
  /// Up to how many lists of terms of titles that begin as was typed are all gone through, and up to how many places of these.
  package var names = 512
  package var namedPlaces = 4096
  /// How many passages are read for titles that have no terms or are more, and how many for runs.
  package var titles = 16
  package var passages = 24
  /// How many places of a longer list are looked at to estimate how often a run stands.
  package var probes = 64
  /// How many words and how many runs are counted.
  package var counted = 10
  /// How many cells a run has at most behind what was typed.
  package var cells = 12

  package init() {}
}
