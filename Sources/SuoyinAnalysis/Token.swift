// What does an analyzer put out?

/// What made a token.
public enum TokenRule: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  /// ICU's rules and dictionary; in the analyzer `whitespace`, white space.
  case icu = 0
  /// A word of the index's user dictionary.
  case userWord = 1
  /// A word of the built-in list of policy words.
  case policyWord = 2
  /// Two neighbouring cells, or one and the end mark.
  case pair = 3
  /// A cell.
  case single = 4
  /// The canonical form of a number, a date, an article's number or the number of a document or standard.
  case number = 5
  /// A part of a word that mixes letters and digits.
  case part = 6
  /// The stem of a word of letters, in a field that asks for stems.
  case stem = 7
  /// A title as it is named, in a field that is the title.
  case title = 8
  /// The number that a label is, in a field that is the label.
  case label = 9

  public var description: String {
    switch self {
    case .icu: "icu"
    case .userWord: "user-word"
    case .policyWord: "policy-word"
    case .pair: "pair"
    case .single: "single"
    case .number: "number"
    case .part: "part"
    case .stem: "stem"
    case .title: "title"
    case .label: "label"
    }
  }
}

/// One term at one place of a text.
///
/// B follows A when `B.cell == A.cell + A.cells`, whatever families they are of.
public struct Token: Equatable, Sendable {
  /// The term's text after analysis. In a pair, a cell of letters or digits is set off by a space, and a trailing space is the end mark.
  public var term: String
  public var family: TermFamily
  public var rule: TokenRule
  /// ICU's rule status: 100–199 number, 200–299 letters, 300–399 kana, 400–499 Han; 0 where no rule speaks (pairs, singles, private use).
  public var status: Int
  /// The number of the token's first cell.
  public var cell: Int
  /// How many cells the token covers, at least 1.
  public var cells: Int
  /// The bytes of the original text that the token came from, as UTF-8 offsets.
  public var utf8Range: Range<Int>

  public init(term: String, family: TermFamily, rule: TokenRule, status: Int, cell: Int, cells: Int, utf8Range: Range<Int>) {
    self.term = term
    self.family = family
    self.rule = rule
    self.status = status
    self.cell = cell
    self.cells = cells
    self.utf8Range = utf8Range
  }
}
