// Which terms does an index have?
internal import SuoyinAnalysis

/// A term of an index.
public struct TermFrequency: Equatable, Sendable {
  /// As it is compared, not as it is written: `gb` for GB, Simplified for Traditional.
  public let text: String
  /// How many live passages have it.
  public let documentFrequency: Int
}

extension Searcher {
  /// In which order terms are listed.
  public enum TermOrder: Sendable {
    /// By their bytes in UTF-8.
    case text
    /// Those in more passages first, and else by their bytes.
    case documentFrequency
  }

  /// The words of a text field, the values of a keyword field or the syllables of a pinyin field that begin with a text.
  ///
  /// Text fields that share their cells (all but those apart) share their words too: what is listed is in any of them. Terms of dead passages are not
  /// listed.
  ///
  /// - Parameters:
  ///   - prefix: Compared as the terms are; empty for all.
  ///   - limit: The most terms to give, at least 0.
  /// - Throws: `invalidArgument` when there is no such field or the limit is negative; `deadlineExceeded` and `cancelled` as the options ask for;
  ///   `corrupted`.
  /// - Complexity: O(*s* log *n*) in the number of segments and terms, and O(*s*) for each term that is listed; by document frequency, for each
  ///   that begins so.
  public func terms(
    in field: String, startingWith prefix: String = "", limit: Int = 100, order: TermOrder = .text, options: SearchOptions = SearchOptions()
  ) throws(IndexError) -> [TermFrequency] {
    guard limit >= 0 else { throw IndexError(.invalidArgument, "the limit \(limit) is negative") }
    guard let place = schema.fields.firstIndex(where: { $0.name == field }),
      let number = schema.numberings.firstIndex(where: { $0.fields.contains(place) })
    else { throw IndexError(.invalidArgument, "the index has no searchable field '\(field)'") }
    let isAsItStands = schema.analyzer == .whitespace && schema.fields[place].isText
    let start = isAsItStands ? Array(prefix.utf8) : Document.keywordTerm(prefix)
    let interruption = Interruption(options)
    var found: [TermFrequency] = []
    var count = 0
    func precedes(_ left: TermFrequency, _ right: TermFrequency) -> Bool {
      left.documentFrequency != right.documentFrequency
        ? left.documentFrequency > right.documentFrequency : ByteOrder.precedes(Array(left.text.utf8), Array(right.text.utf8))
    }
    if limit == 0 { return [] }
    try index.forEachTerm(beginningWith: Term(numbering: number, family: .word, start).bytes) { term, frequency throws(IndexError) in
      count += 1
      if count % 256 == 0 { try interruption.check() }
      found.append(TermFrequency(text: String(decoding: term.dropFirst(2), as: UTF8.self), documentFrequency: frequency))
      if order == .text { return found.count < limit }
      if found.count - 1024 > limit, found.count - 1024 - limit > limit {
        found.sort(by: precedes)
        found.removeSubrange(limit...)
      }
      return true
    }
    if order == .documentFrequency { found.sort(by: precedes) }
    return Array(found.prefix(limit))
  }
}
