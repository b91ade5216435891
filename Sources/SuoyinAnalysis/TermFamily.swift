// In which of several ways was a piece of text cut?

/// The way of cutting text that a term comes from.
///
/// A term is told apart by its family: 政府 the word and 政府 the pair of cells are two terms, with statistics of their own.
public enum TermFamily: UInt8, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// A word of the primary cut (ICU's); words partition the cells of a text.
  case word = 0
  /// Two consecutively numbered cells, or the last cell of a sentence with the end mark.
  case pair = 1
  /// One cell; documents and frequencies only, since the pairs hold the positions.
  case single = 2
  /// A further term over cells that the primary cut has words for: canonical numbers, parts of mixed words, stems.
  case extra = 3

  public var description: String {
    switch self {
    case .word: "word"
    case .pair: "pair"
    case .single: "single"
    case .extra: "extra"
    }
  }

  public static func < (left: TermFamily, right: TermFamily) -> Bool { left.rawValue < right.rawValue }
}
