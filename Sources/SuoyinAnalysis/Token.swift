// What does an analyzer put out?

/// One term at one place of a text.
///
/// B follows A when `B.cell == A.cell + A.cells`, whatever families they are of.
public struct Token: Equatable, Sendable {
  /// The term's text after analysis. In a pair, a cell of letters or digits is set off by a space, and a trailing space is the end mark.
  public var term: String
  public var family: TermFamily
  /// ICU's rule status: 100–199 number, 200–299 letters, 300–399 kana, 400–499 Han; 0 where no rule speaks (pairs, singles, private use).
  public var status: Int
  /// The number of the token's first cell.
  public var cell: Int
  /// How many cells the token covers, at least 1.
  public var cells: Int
  /// The bytes of the original text that the token came from, as UTF-8 offsets.
  public var utf8Range: Range<Int>

  public init(term: String, family: TermFamily, status: Int, cell: Int, cells: Int, utf8Range: Range<Int>) {
    self.term = term
    self.family = family
    self.status = status
    self.cell = cell
    self.cells = cells
    self.utf8Range = utf8Range
  }
}
