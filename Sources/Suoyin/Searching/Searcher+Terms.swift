// Which terms does an index have?
internal import SuoyinAnalysis

/// A term of an index.
public struct TermFrequency: Equatable, Sendable {
  /// As it is compared, not as it is written: `gb` for GB, Simplified for Traditional. In a pair, a cell of letters or digits is set off by a blank,
  /// and a blank at the end means that nothing follows.
  public let text: String
  /// How many live passages have it.
  public let documentFrequency: Int
}

/// Which terms are meant: those of a family in a field that begin with a text.
public struct TermSelection: Sendable {
  /// A text, keyword or pinyin field; nil for the text fields that share their cells.
  public var field: String?
  /// A keyword field has words only: its values.
  public var family: TermFamily
  /// Compared as the terms are; empty for all. What asks for `extra` terms and is a number in any spelling asks for the number: 第十七条 for `第17条`.
  public var prefix: String

  public init(field: String? = nil, family: TermFamily = .word, prefix: String = "") {
    self.field = field
    self.family = family
    self.prefix = prefix
  }
}

extension Searcher {
  /// In which order terms are listed.
  public enum TermOrder: Sendable {
    /// By their bytes in UTF-8.
    case text
    /// Those in more passages first, and else by their bytes.
    case documentFrequency
  }

  /// Calls `body` with terms in the order of their bytes in UTF-8, each once, until it says false. Terms of dead passages are not listed.
  ///
  /// Text fields that share their cells (all but those apart) share their terms too: what is listed is in any of them.
  ///
  /// - Throws: `invalidArgument` when there is no such field or it has no such family; `settingsDiffer` when the text must be cut and would be cut in
  ///   another way than the index was; `deadlineExceeded` and `cancelled` as the options ask for; `corrupted`; and what `body` throws.
  /// - Complexity: O(*s* log *n*) in the number of segments and terms, and O(*s*) for each term that is listed; no term is kept.
  public func forEachTerm(
    _ selection: TermSelection, options: SearchOptions = SearchOptions(), _ body: (TermFrequency) throws -> Bool
  ) throws {
    guard let start = try start(of: selection) else { return }
    let interruption = Interruption(options)
    var count = 0
    var failure: (any Error)?
    try index.forEachTerm(beginningWith: start) { term, frequency throws(IndexError) in
      count += 1
      if count % 256 == 0 { try interruption.check() }
      do {
        return try body(TermFrequency(text: String(decoding: term.dropFirst(2), as: UTF8.self), documentFrequency: frequency))
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
  }

  /// The first terms in an order, at most `limit`.
  ///
  /// - Throws: as `forEachTerm`, and `invalidArgument` when the limit is negative.
  /// - Complexity: as `forEachTerm`; by document frequency, for each term that begins so, and O(log *k*) more for each of the best *k*. Never
  ///   more than `limit` terms are kept.
  public func terms(
    _ selection: TermSelection, limit: Int = 100, order: TermOrder = .text, options: SearchOptions = SearchOptions()
  ) throws -> [TermFrequency] {
    guard limit >= 0 else { throw IndexError(.invalidArgument, "the limit \(limit) is negative") }
    if limit == 0 { return [] }
    var found: [TermFrequency] = []
    if order == .text {
      try forEachTerm(selection, options: options) { term in
        found.append(term)
        return found.count < limit
      }
      return found
    }
    func isBetter(_ left: TermFrequency, _ right: TermFrequency) -> Bool {
      left.documentFrequency != right.documentFrequency
        ? left.documentFrequency > right.documentFrequency : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
    var best = WorstFirstHeap<TermFrequency>(capacity: min(limit, 1024))
    try forEachTerm(selection, options: options) { term in
      if best.count < limit {
        best.insert(term, isBetter)
      } else if let worst = best.worst, isBetter(term, worst) {
        best.replaceWorst(with: term, isBetter)
      }
      return true
    }
    return best.sorted(isBetter)
  }

  /// The words of a text field, the values of a keyword field or the syllables of a pinyin field that begin with a text.
  ///
  /// - Parameter limit: The most terms to give, at least 0.
  /// - Throws: as `terms(_:limit:order:options:)`.
  public func terms(
    in field: String, startingWith prefix: String = "", limit: Int = 100, order: TermOrder = .text, options: SearchOptions = SearchOptions()
  ) throws -> [TermFrequency] {
    try terms(TermSelection(field: field, prefix: prefix), limit: limit, order: order, options: options)
  }

  /// What the terms of a selection begin with; nil when there can be none.
  private func start(of selection: TermSelection) throws(IndexError) -> [UInt8]? {
    var number = 0
    var isAsItStands = schema.analyzer == .whitespace
    if let field = selection.field {
      guard let place = schema.fields.firstIndex(where: { $0.name == field }),
        let found = schema.numberings.firstIndex(where: { $0.fields.contains(place) })
      else { throw IndexError(.invalidArgument, "the index has no searchable field '\(field)'") }
      number = found
      isAsItStands = isAsItStands && schema.fields[place].isText
      if schema.numberings[found].isKeyword, selection.family != .word {
        throw IndexError(.invalidArgument, "the field '\(field)' has whole values, and no terms of the family \(selection.family)")
      }
    } else if schema.numberings[0].fields.isEmpty {
      throw IndexError(.invalidArgument, "this index has no text fields that share their terms; name a field")
    }
    let text = isAsItStands ? Array(selection.prefix.utf8) : try start(selection.prefix, selection.family, number)
    return text.map { Term(numbering: number, family: selection.family, $0).bytes }
  }

  /// What the terms of a family begin with that begin with a text; nil when there can be none.
  private func start(_ prefix: String, _ family: TermFamily, _ number: Int) throws(IndexError) -> [UInt8]? {
    let whole = Document.keywordTerm(prefix)
    if whole.isEmpty || family == .word || family == .single || schema.numberings[number].isKeyword { return whole }
    guard index.fingerprintMatches else { throw IndexError.settingsDiffer(index.directory, index.commit, index.settings) }
    let analysis = try analyzer.analyze(prefix)
    if family == .extra {
      return analysis.lastNumber.flatMap { $0.firstCell == 0 ? Array(analysis.term(of: $0)) : nil } ?? whole
    }
    // A pair is two cells side by side.
    switch analysis.cells.count {
    case 1: return Array(analysis.term(of: analysis.cells[0]))
    case 2: return analysis.successor(of: 0) == nil ? nil : analysis.pairTerm(at: 0)
    default: return nil
    }
  }
}

extension Searcher {
  /// The keys of live passages that begin with a text, in the order of their bytes, at most `limit`.
  ///
  /// - Complexity: O(*s* log *n*) to the first, then O(*k*) in each of the *s* segments.
  public func keys(startingWith prefix: String, limit: Int) throws(IndexError) -> [DocumentKey] {
    var keys: [DocumentKey] = []
    if limit <= 0 { return keys }
    for segment in index.segments {
      var count = 0
      try segment.reader.keys.forEach(beginningWith: Array(prefix.utf8)) { entry throws(IndexError) in
        if segment.isDead(DocID(entry.ordinal)) { return true }
        keys.append(DocumentKey(bytes: entry.string))
        count += 1
        return count < limit
      }
    }
    return Array(keys.sorted().prefix(limit))
  }
}
