// Why does a passage score what it scores?

/// What each part of a query gives to the score of one passage: from `Searcher.explain`.
///
/// The shares are the numbers that a search adds up, in fixed point, so that they sum exactly to the score of the hit.
public struct Explanation: Equatable, Sendable {
  public let key: DocumentKey
  /// The query, as it is bound to the index.
  public let root: Part
  /// How many passages there are.
  public let passageCount: Int
  /// BM25's parameters.
  public let (k1, b): (Double, Double)

  /// Whether a search finds the passage.
  public var matches: Bool { root.matches }
  /// The score of the passage as a hit; 0 when it is none.
  public var score: Double { root.score }

  /// A part of a query: what is looked for by itself, or parts joined.
  public struct Part: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
      /// A word of the text.
      case word
      /// Two characters side by side.
      case pair
      /// One character.
      case single
      /// A number in canonical form, a part of a mixed word, or a stem.
      case extra
      /// A value of a keyword field.
      case value
      /// A whole title.
      case title
      /// A label, such as 第17条.
      case label
      /// Cells one after another.
      case sequence
      /// Sequences close together: its parts.
      case near
      /// All terms that begin so, look so, or begin with one character, as if they were one.
      case union
      /// Values of a field; adds nothing.
      case range
      /// What the passage has by a field's value, whatever is asked for (`Prior`); the text is the value.
      case prior
      /// What the size of the document adds: `count` is how many passages it has.
      case document
      /// What no passage has.
      case absent
      /// A title and a label together.
      case citation
      /// All parts must match.
      case all
      /// Any part must match.
      case any
      /// `count` of the parts must match.
      case atLeast
      /// The first part must match and the second, an exclusion, must not.
      case excluding
      /// The first part must match; the second, a preference, adds to the score.
      case preferring
    }

    /// What a part is for in the one that it belongs to.
    public enum Role: String, Sendable {
      case plain
      /// Finds nothing, and adds to what is found.
      case addition
      case preference
      case exclusion
      /// A condition from the search's options: it adds nothing.
      case filter
    }

    /// A field that is looked in, and what an occurrence there counts.
    public struct Scope: Equatable, Sendable {
      public let field: String
      public let boost: Double
    }

    /// A term of a union.
    public struct Member: Equatable, Sendable {
      public let text: String
      /// What its occurrences in the passage count.
      public let frequency: Double
    }

    /// What BM25 was given: `weight` · `frequency` / (`frequency` + k1 · (1 − b + b · `length` / `averageLength`)).
    public struct Statistics: Equatable, Sendable {
      /// In how many passages it is; nil for sequences and windows, which are not counted.
      public let documentFrequency: Int?
      /// How often it is in the passage; occurrences in a field with a boost count more or less.
      public let frequency: Double
      /// The length of the passage in words or in characters, as the part is ranked by; nil for values and names, where lengths do not matter.
      public let length: Int?
      /// The same on average.
      public let averageLength: Double?
      /// That of the term, or the sum of its parts'.
      public let idf: Double
      /// idf times the weights of the query and the ranking.
      public let weight: Double
    }

    public let kind: Kind
    public let role: Role
    /// What is looked for, as it is compared: folded and normalised; empty for parts that are joined.
    public let text: String
    /// Where it is looked for; empty for all shared text fields with equal boosts, and for parts that are joined.
    public let scope: [Scope]
    /// Whether the passage has it.
    public let matches: Bool
    /// What it adds to the score in units of 2⁻²⁰: 0 for what is there in vain, in a part that does not match.
    public internal(set) var share: Int64
    /// Of a part that BM25 scores.
    public let statistics: Statistics?
    /// Of `atLeast`, how many parts must match; of a union, how many terms the passage's segment has for it.
    public let count: Int?
    /// Of a union, its terms in the passage.
    public let members: [Member]
    public internal(set) var parts: [Part]

    /// What it adds to the score.
    public var score: Double { Double(share) / BM25.one }
  }

  /// Why a passage is not found.
  public enum Obstacle: Equatable, Sendable {
    /// It must be there, and is not; of joined parts, none is, or too few.
    case missing(Part)
    /// It must not be there, and is.
    case excluded(Part)
  }

  /// Why the passage is not found; empty when it is.
  public var obstacles: [Obstacle] { root.obstacles }
}

extension Explanation.Part {
  fileprivate var obstacles: [Explanation.Obstacle] {
    if matches { return [] }
    switch kind {
    case .all, .citation: return parts.flatMap(\.obstacles)
    case .preferring: return parts[0].obstacles
    case .excluding: return parts[0].obstacles + (parts[1].matches ? [.excluded(parts[1])] : [])
    default: return [.missing(self)]
    }
  }

  /// The part with the shares of those parts that count, and 0 for all others.
  func settled(counts: Bool = true) -> Explanation.Part {
    let counts = counts && matches && role != .exclusion
    var settled = self
    settled.parts = parts.map { $0.settled(counts: counts) }
    if !counts { settled.share = 0 } else if !parts.isEmpty, kind != .near { settled.share = settled.parts.reduce(0) { $0 &+ $1.share } }
    return settled
  }
}
