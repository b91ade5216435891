// How are many passages deleted at once?
internal import SuoyinAnalysis

extension IndexWriter {
  /// Removes all passages whose keyword field has the value; returns how many.
  ///
  /// - Throws: `invalidArgument` when the schema has no such keyword field.
  @discardableResult
  public func delete(where field: String, is value: String) throws(IndexError) -> Int {
    let numberings = commit.schema.numberings
    guard let numbering = numberings.firstIndex(where: { $0.isKeyword && commit.schema.fields[$0.fields[0]].name == field }) else {
      throw IndexError(.invalidArgument, "the schema has no keyword field '\(field)'")
    }
    let field = numberings[numbering].fields[0]
    let value = KeywordValue(value)
    return try change { () throws in
      let before = summary.removed
      for key in batch.keys(where: { value.isIn($0[field]) }) { note(removed: batch.delete(key: key) ? 1 : 0) }
      for segment in try segments.present(where: { _ in true }) {
        guard let reader = segment.live?.reader,
          let entry = try reader.terms.find(Term(numbering: numbering, family: .word, value.term).bytes)
        else { continue }
        let cursor = try reader.postings(entry.value)
        while cursor.docID != .end {
          // Long values that begin alike have one term.
          if try value.isWhole || value.isIn(reader.values(of: cursor.docID)[field]) {
            kill(cursor.docID, in: segment)
          }
          try cursor.next()
        }
      }
      return summary.removed - before
    }
  }

  /// Removes all passages that match a query; returns how many.
  ///
  /// A text (`Query.text`) matches wherever a search finds any of its terms: to remove only what has all of its characters in a row, ask with
  /// `Query.quoted`.
  ///
  /// - Throws: `invalidArgument` for a field or weight that cannot be, for a query with nothing to look for, and for a keyword value of more than 255
  ///   bytes, which a query looks up by its beginning only (`delete(where:is:)` compares all of it); nothing has changed then, and the writer stays
  ///   usable. `cancelled` in a task that is cancelled.
  /// - Complexity: that of a search. What was added before becomes a segment first, so that it is found too.
  @discardableResult
  public func delete(matching query: Query) throws(IndexError) -> Int {
    if let value = query.cutKeyword(commit.schema) {
      throw IndexError(
        .invalidArgument,
        "a query finds a keyword value of more than \(Analysis.maximumTermLength) bytes by its beginning, and would delete others that begin like "
          + "'\(value.prefix(40))…'; delete by the field and the whole value", path: directory)
    }
    try change { () throws in
      try flush()
      try segments.resolve()
    }
    let searcher = Searcher(IndexReader(directory, commit, segments.segments.compactMap(\.live), settings))
    let weight: Weight
    do {
      weight = try searcher.weight(of: query, parameters: RankingParameters(), options: SearchOptions())
    } catch let error as IndexError {
      throw error
    } catch {
      throw IndexError(
        .invalidArgument, "the query that says what to delete holds no word, number or character to look for, or too long a text in pinyin")
    }
    return try change { () throws in
      let before = summary.removed
      try searcher.forEachMatch(of: weight) { number, document in kill(document, in: segments.segments[number]) }
      return summary.removed - before
    }
  }
}

extension Query {
  /// A value of a keyword field that is too long to be looked up as a whole.
  fileprivate func cutKeyword(_ schema: Schema, field: String? = nil) -> String? {
    func cut(_ text: String?, _ field: String?) -> String? {
      guard let text, let field, schema[field]?.kind == .keyword, !KeywordValue(text).isWhole else { return nil }
      return text
    }
    switch self {
    case .text(let text), .quoted(let text), .literal(let text), .prefix(let text), .fuzzy(let text, _), .wildcard(let text):
      return cut(text, field)
    case .near(let texts, _, _): return texts.lazy.compactMap { cut($0, field) }.first
    case .range(let name, let lower, let upper):
      return [lower, upper].lazy.compactMap { end in if case .text(let text)? = end { cut(text, name) } else { nil } }.first
    case .all(let queries), .any(let queries), .atLeast(_, let queries):
      return queries.lazy.compactMap { $0.cutKeyword(schema, field: field) }.first
    case .excluding(let first, let second), .preferring(let first, let second):
      return first.cutKeyword(schema, field: field) ?? second.cutKeyword(schema, field: field)
    case .field(let name, let query): return query.cutKeyword(schema, field: name)
    case .weighted(let query, _): return query.cutKeyword(schema, field: field)
    }
  }
}
