// What is asked?

/// A question to an index. `QueryParser` makes one from what a person types.
public indirect enum Query: Equatable, Sendable {
  /// Passages with any of the text's terms, those with more and rarer ones first. In a keyword field: the whole value.
  case text(String)
  /// Passages in which the text's cells stand one after another in one field.
  case quoted(String)
  /// As `quoted`, and a number that the text ends with is found in any spelling: 第17条 as 第十七条.
  case literal(String)
  /// Passages with a word of letters or digits that begins with the text: `manu` finds manufacturing. In a keyword field: values that begin so.
  ///
  /// Of a text of several cells the last one is open, and the others stand before it: `GB 360` finds GB 36073. A text that ends with a Han
  /// character is as `quoted`, since every sequence of cells is found whatever words it is cut into; so is every text in a pinyin field. With an
  /// analyzer that has no pairs (`icu`, `whitespace`) it is the last word that is open.
  ///
  /// All words that begin so count as one: their occurrences in a passage are added up, and their document frequency is the sum of theirs, at most all
  /// passages. So nothing is left out, however many there are. Only behind other cells there may be at most
  /// `WeightBuilder.maximumExpansionCount` (65,536) different ones; with more, a search throws `invalidArgument`.
  case prefix(String)
  /// Passages with a word of letters or digits that is at most so many edits away from the text; 1 or 2. In a keyword field: values.
  ///
  /// An edit inserts, leaves out or replaces a code point, or swaps two neighbours. Of all such words of the index, the 64 nearest are asked for: by
  /// distance, then those in more passages, then by their bytes. Each is worth 1 / (1 + distance) of what the commonest of them would be
  /// worth as a quotation, so that a rare slip of the pen does not come before the word itself.
  ///
  /// The text must be one word of letters or digits, else a search throws `invalidArgument`; a text without such a word, and every text in a pinyin
  /// field, is as `quoted`.
  case fuzzy(String, distance: Int)
  /// Passages with a word of letters or digits that looks like the text, in which `*` stands for any letters and `?` for one: `manu*ing`. In a keyword
  /// field: values that look so.
  ///
  /// All such words count as one, as those of `prefix` do. Of a text that is no such word, what stands between its signs must stand in
  /// this order, with at most 10 cells between two of them on average: 工业*发展.
  case wildcard(String)
  /// Passages in one field of which all texts stand close together: in order or not, with at most `distance` (0...10,000) cells between them that
  /// belong to none. A sentence end counts as a cell. Of a single text, its parts between white space stand for the texts, or its words.
  ///
  /// In a keyword field, and in pinyin: passages that match all.
  case near([String], distance: Int, isOrdered: Bool)
  /// Passages that match so many of the queries, at least 1. Queries that have nothing to look for are left out; and all of the others must
  /// match where they are fewer.
  case atLeast(Int, [Query])
  /// Passages that match all.
  case all([Query])
  /// Passages that match any.
  case any([Query])
  /// Passages that match the first and not the second.
  case excluding(Query, Query)
  /// Passages that match the first; those that match the second too score higher.
  case preferring(Query, Query)
  /// Passages whose value of an integer, date or keyword field lies between two values, both included; an end that is nil is open, and with both
  /// open, passages that have a value. Keywords are compared by the bytes of their normalised forms; of several values, any may lie there.
  ///
  /// It filters and adds nothing to the score. It speaks of its own field, inside `field` too.
  case range(String, from: FieldValue?, through: FieldValue?)
  /// The query, asked of one field.
  case field(String, Query)
  /// The query, its score multiplied by a weight that is at least 0 and at most 1000.
  case weighted(Query, Double)
}
