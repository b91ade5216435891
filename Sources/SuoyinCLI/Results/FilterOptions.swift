// What must a passage match besides the query?
internal import ArgumentParser
internal import Suoyin

struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("filter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What hits must match besides; its words are literal, and it adds nothing to scores. May be given several times.", valueName: "query"),
    completion: IndexCompletion.query)
  var filters: [String] = []
  @Option(help: ArgumentHelp("Only documents of this day or later: 2023, 2023-04 or 2023-04-01.", valueName: "date")) var since: String?
  @Option(help: ArgumentHelp("Only documents of this day or earlier.", valueName: "date")) var until: String?

  /// The conditions as queries.
  ///
  /// - Throws: `ValidationError` and `QuerySyntaxError` for what cannot be.
  func filters(_ schema: Schema) throws -> [Query] {
    var queries = try filters.map { try QueryParser.parseStrictly($0, schema: schema).literally }
    if since != nil || until != nil {
      let (first, last) = (try since.map { try Self.days($0).first }, try until.map { try Self.days($0).last })
      queries.append(.range(try schema.dayField(), from: first.map { .date($0) }, through: last.map { .date($0) }))
    }
    return queries
  }

  /// The days of a year, a month or a day.
  private static func days(_ text: String) throws -> (first: CalendarDate, last: CalendarDate) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    if (1...3).contains(parts.count), zip(parts, [4, 2, 2]).allSatisfy({ $0.utf8.count == $1 }) {
      let firsts = ["", "-01-01", "-01", ""]
      if let first = CalendarDate(text + firsts[parts.count]) {
        if parts.count == 3 { return (first, first) }
        let lasts = parts.count == 1 ? ["-12-31"] : ["-31", "-30", "-29", "-28"]
        if let last = lasts.lazy.compactMap({ CalendarDate(text + $0) }).first { return (first, last) }
      }
    }
    throw ValidationError("'\(text)' is no day; write 2023, 2023-04 or 2023-04-01")
  }
}

extension Schema {
  /// The day that documents are sorted, counted and filtered by: that of their version.
  func dayField() throws -> String {
    if self["version"]?.kind == .date { return "version" }
    guard let field = fields.first(where: { $0.kind == .date }) else {
      throw ValidationError("the index has no days: no date field")
    }
    return field.name
  }
}
