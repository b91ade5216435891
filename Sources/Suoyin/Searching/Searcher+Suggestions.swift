// How may what a person has begun to type go on?
internal import SuoyinAnalysis

extension Searcher {
  /// Completions of what a person has begun to type: titles, values of keyword fields, and phrases that begin so.
  ///
  /// The last word of the text is completed; titles and values are also looked for that begin as all of the text does. Behind the name of a field
  /// and a colon (`文号:浙政`) only what is in that field is suggested. A text in other characters of the same meaning (Traditional,
  /// another width, another case) is the same text. Where the schema has pinyin fields, letters are also read as pinyin.
  ///
  /// Of each kind, the best are those in most passages. Kinds take turns until there are `limit` suggestions; then titles come first, values next
  /// and phrases last. A *phrase* is a word of the shared text fields that begins so, or a run of cells without marks that ends where a word does, stands in two of
  /// the passages read at least, and is followed by the same word in no more than two thirds of them: 先进制 goes on to 先进制造业, and not to 先进制造.
  /// Words such as 的 and 等 end none.
  ///
  /// Where the title's field has the role of a title and up to 512 terms of titles, of up to 4,096 passages together, begin as was typed, no title is
  /// missed and their counts are exact. Of other titles all are found where what was typed stands in few passages: up to 16 are read for titles, and
  /// up to 24 for runs. Else the passages that are looked at are chosen evenly, and what has a list of more than 1,024 places is counted at even
  /// places only: `isExact` says where. Nothing is prepared or kept for it.
  ///
  /// - Parameter limit: The most suggestions, 0 to `maximumLimit`.
  /// - Throws: `IndexError`: `invalidArgument` for a limit or a field that cannot be, `settingsDiffer`, `deadlineExceeded`, `cancelled`, `corrupted`.
  /// - Complexity: bounded: up to 4,096 terms for each field and 6,144 places for titles, 40 passages read and one for each title that is
  ///   found, and 20 runs counted.
  public func suggestions(
    for typed: String, limit: Int = 10, options: SuggestionOptions = SuggestionOptions(), search: SearchOptions = SearchOptions()
  ) throws -> [Suggestion] {
    try suggestions(for: typed, limit: limit, options, SuggestionLimits(), Interruption(search))
  }

  /// The same within other limits.
  package func suggestions(
    for typed: String, limit: Int, _ options: SuggestionOptions, _ limits: SuggestionLimits, _ interruption: Interruption = .none
  ) throws -> [Suggestion] {
    guard limit >= 0, limit <= Self.maximumLimit else {
      throw IndexError(.invalidArgument, "the limit \(limit) is not in 0...\(Self.maximumLimit)")
    }
    guard index.fingerprintMatches else { throw IndexError.settingsDiffer(index.directory, index.commit, index.settings) }
    if limit == 0 || typed.utf8.count > SuggestionFinder.mostTyped { return [] }
    let text = TypedText(typed, schema)
    let finder = try SuggestionFinder(self, options, limits, interruption, limit: limit)
    return try finder.find(text)
  }
}

/// Finds suggestions of all kinds for one text.
private struct SuggestionFinder {
  let searcher: Searcher
  let limits: SuggestionLimits
  let interruption: Interruption
  let limit: Int
  /// The title's index in the schema.
  let title: Int?
  /// The indexes of keyword fields.
  let values: [Int]
  let hasPhrases: Bool

  /// Who has typed more bytes looks for nothing that could be suggested.
  static let mostTyped = 1024

  private var schema: Schema { searcher.schema }

  init(
    _ searcher: Searcher, _ options: SuggestionOptions, _ limits: SuggestionLimits, _ interruption: Interruption, limit: Int
  ) throws(IndexError) {
    let schema = searcher.schema
    self.searcher = searcher
    self.limits = limits
    self.interruption = interruption
    self.limit = limit
    title = schema.fields.firstIndex { $0.name == options.titleField && $0.isText && $0.isStored }
    if let names = options.valueFields {
      var fields: [Int] = []
      for name in names {
        guard let field = schema.fields.firstIndex(where: { $0.name == name && $0.kind == .keyword }) else {
          throw IndexError(.invalidArgument, "the index has no keyword field '\(name)' whose values could be suggested")
        }
        fields.append(field)
      }
      values = fields
    } else {
      values = schema.fields.indices.filter { schema.fields[$0].kind == .keyword }
    }
    hasPhrases = options.phrases && !schema.numberings[0].fields.isEmpty
  }

  func find(_ text: TypedText) throws -> [Suggestion] {
    var titles: [Suggestion] = []
    var found: [Suggestion] = []
    var phrases: [Suggestion] = []
    if let several = text.several {
      titles = try self.titles(several, text)
      found = try values(several, values, text)
    }
    let fields = text.fields.map { $0.compactMap { field in schema.fields.firstIndex { $0.name == field.name } } }
    if !text.word.isEmpty || fields != nil {
      if fields.map({ fields in title.map(fields.contains) ?? false }) ?? true { titles += try self.titles(text.word, text) }
      found += try values(text.word, fields?.filter { schema.fields[$0].kind == .keyword } ?? values, text)
      let isOfText = fields.map { $0.contains { schema.numberings[0].fields.contains($0) && $0 != title } } ?? true
      if hasPhrases, isOfText { phrases = try self.phrases(text.word, text) }
    }
    let known = Set(titles.map { Document.keywordTerm($0.text) } + found.map { Document.keywordTerm($0.text) })
    phrases.removeAll { known.contains(Document.keywordTerm($0.text)) }
    return turns([titles, found, phrases])
  }

  /// The kinds one after another, each with so many as it gets when they take turns.
  private func turns(_ kinds: [[Suggestion]]) -> [Suggestion] {
    var counts = kinds.map { _ in 0 }
    var left = limit
    // Terminates: every turn takes one, or there is none left.
    while left > 0, kinds.indices.contains(where: { counts[$0] < kinds[$0].count }) {
      for kind in kinds.indices where left > 0 && counts[kind] < kinds[kind].count {
        counts[kind] += 1
        left -= 1
      }
    }
    return zip(kinds, counts).flatMap { $0.prefix($1) }
  }

  // MARK: Kinds

  private func titles(_ typed: Substring, _ text: TypedText) throws -> [Suggestion] {
    guard let title else { return [] }
    let finder = SuggestedTitles(searcher: searcher, limits: limits, interruption: interruption, field: title)
    let numbering = schema.numberings.firstIndex { $0.fields.contains(title) } ?? 0
    var found: [SuggestedTitles.Title] = []
    for typing in try typings(typed, numbering, pinyinOf: [title], mayEnd: true) {
      for title in try finder.find(typing.pattern, typing.sequences, limit: limit) where !found.contains(where: { $0.key == title.key }) {
        found.append(title)
      }
    }
    return found.map { title in
      Suggestion(
        kind: .title, text: title.text, passageCount: title.count, isExact: title.isExact,
        completed: text.completed(from: typed.startIndex, with: title.text))
    }
  }

  private func values(_ typed: Substring, _ fields: [Int], _ text: TypedText) throws -> [Suggestion] {
    let start = Document.keywordTerm(String(typed))
    if start.isEmpty, text.fields == nil { return [] }
    var found: [(field: Int, value: [UInt8], count: Int)] = []
    for field in fields {
      guard let numbering = schema.keywordNumbering(ofField: field) else { continue }
      let terms = try searcher.index.mostFrequent(
        limit, beginningWith: Term(numbering: numbering, family: .word, start).bytes, looked: limits.terms, interruption)
      found += terms.map { (field, Array($0.term.dropFirst(2)), $0.frequency) }
    }
    found.sort { left, right in
      if left.count != right.count { return left.count > right.count }
      return left.value == right.value ? left.field < right.field : ByteOrder.precedes(left.value, right.value)
    }
    return try found.prefix(limit).map { field, value, count throws(IndexError) in
      let spelling = try searcher.index.spelling(of: value, field)
      return Suggestion(
        kind: .value(field: schema.fields[field].name), text: spelling, passageCount: count, isExact: true,
        completed: text.completed(from: typed.startIndex, with: spelling))
    }
  }

  private func phrases(_ typed: Substring, _ text: TypedText) throws -> [Suggestion] {
    let finder = SuggestedPhrases(searcher: searcher, limits: limits, interruption: interruption)
    let fields = schema.numberings[0].fields.filter { schema.fields[$0].isStored }
    var found: [SuggestedPhrases.Phrase] = []
    for typing in try typings(typed, 0, pinyinOf: fields) {
      let phrases = try finder.find(
        typing.pattern, typed: typing.text, typing.sequences, in: typing.source.map { [$0] } ?? fields)
      for phrase in phrases where !found.contains(where: { $0.text == phrase.text }) { found.append(phrase) }
    }
    return found.map { phrase in
      Suggestion(
        kind: .phrase, text: phrase.text, passageCount: phrase.count, isExact: phrase.isExact,
        completed: text.completed(from: typed.startIndex, with: phrase.text))
    }
  }

  // MARK: What was typed, as cells

  /// One way to read what was typed.
  private struct Typing {
    var pattern: CellPattern
    /// The text itself, normalised; nil where it is read as pinyin.
    var text: [UInt8]?
    /// One of these stands wherever the pattern does, as far as lists are followed.
    var sequences: [SequenceWeight]
    /// The text field whose pinyin it is.
    var source: Int?
  }

  /// What was typed as cells, and as the pinyin of some fields.
  ///
  /// - Parameter mayEnd: Whether a text that ends with what was typed is of interest.
  private func typings(
    _ typed: Substring, _ numbering: Int, pinyinOf sources: [Int], mayEnd: Bool = false
  ) throws(IndexError) -> [Typing] {
    let analysis = try searcher.analyzer.analyze(String(typed))
    var typings: [Typing] = []
    if let pattern = CellPattern(analysis), let first = analysis.cells.first, let last = analysis.cells.last {
      typings.append(
        Typing(
          pattern: pattern, text: Array(analysis.text[Int(first.termStart)..<Int(last.termEnd)]),
          sequences: analysis.hasPairs ? try sequences(pattern, numbering, mayEnd: mayEnd) : []))
    }
    for (number, own) in schema.numberings.enumerated() {
      guard let source = own.pinyinSource, sources.contains(source) else { continue }
      for elements in TypedPinyin.sequences(of: String(typed)) {
        let pattern = CellPattern(elements: elements.map { .reading($0) }, isOpen: true)
        if let sequence = try sequence(elements, number) {
          typings.append(Typing(pattern: pattern, text: nil, sequences: [sequence], source: source))
        }
      }
    }
    return typings
  }

  /// The sequences of pairs, or words, one of which stands wherever a pattern does; where they are more than `limits.lists`, the most frequent.
  private func sequences(_ pattern: CellPattern, _ numbering: Int, mayEnd: Bool) throws(IndexError) -> [SequenceWeight] {
    func term(_ family: TermFamily, _ text: [UInt8]) -> Term { Term(numbering: numbering, family: family, text) }
    var elements: [SequenceWeight.Element] = []
    var before: (text: [UInt8], isWord: Bool)?
    var open: Term?
    for (place, element) in pattern.elements.enumerated() {
      switch element {
      case .cell(let text, let isWord):
        if let before {
          let pair = PairTerm.bytes(before.text[...], isWord: before.isWord, text[...], isWord: isWord)
          elements.append(.init(offset: UInt32(place - 1), terms: [try TermStatistics(term(.pair, pair), in: searcher.index)]))
        } else if pattern.elements.count == 1 {
          open = term(.pair, PairTerm.prefix(text[...], isWord: isWord))
        }
        before = (text, isWord)
      case .open(let text):
        open = before.map { term(.pair, PairTerm.bytes($0.text[...], isWord: $0.isWord, text[...], isWord: true)) } ?? term(.word, text)
      case .reading: break
      }
    }
    if elements.contains(where: { $0.terms[0].passageCount == 0 }) { return [] }
    guard let open else { return [SequenceWeight(elements, numbering: numbering, interruption)] }
    let isPair = open.family == .pair
    let offset = UInt32(max(0, pattern.elements.count - (isPair ? 2 : 1)))
    // The pair with the end mark leads nowhere.
    let lists = try searcher.index.mostFrequent(
      limits.lists, beginningWith: open.bytes, looked: limits.terms, interruption,
      where: { mayEnd || pattern.isOpen || !isPair || $0.last != PairTerm.separator })
    var sequences: [SequenceWeight] = []
    for list in lists {
      let last = SequenceWeight.Element(
        offset: pattern.elements.count == 1 ? 0 : offset, terms: [try TermStatistics(Term(bytes: list.term), in: searcher.index)])
      sequences.append(SequenceWeight(elements + [last], numbering: numbering, interruption))
    }
    return sequences
  }

  /// Readings one after another in a pinyin field; nil where one of them is in no passage.
  private func sequence(_ readings: [PinyinQuery.Element], _ numbering: Int) throws(IndexError) -> SequenceWeight? {
    var elements: [SequenceWeight.Element] = []
    for (place, reading) in readings.enumerated() {
      var terms: [TermStatistics] = []
      switch reading {
      case .names(let names):
        for name in names { terms.append(try TermStatistics(Term(numbering: numbering, family: .word, name), in: searcher.index)) }
      case .initial(let initial):
        terms.append(try TermStatistics(Term(numbering: numbering, family: .extra, [initial]), in: searcher.index))
      }
      terms.removeAll { $0.passageCount == 0 }
      if terms.isEmpty { return nil }
      elements.append(.init(offset: UInt32(place), terms: terms))
    }
    return elements.isEmpty ? nil : SequenceWeight(elements, numbering: numbering, interruption)
  }
}
