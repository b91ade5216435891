// What is asked?

/// A question to an index. `QueryParser` makes one from what a person types.
public indirect enum Query: Equatable, Sendable {
  /// Passages with any of the text's terms, those with more and rarer ones first. In a keyword field: the whole value.
  case text(String)
  /// Passages in which the text's cells stand one after another in one field.
  case quoted(String)
  /// As `quoted`, and a number that the text ends with is found in any spelling: 第17条 as 第十七条.
  case literal(String)
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
