// Which hits does a search want, in which order, and what is counted?
internal import ArgumentParser
internal import Suoyin

struct ResultOptions: ParsableArguments {
  @Option(
    name: .customLong("filter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What hits must match besides; its words are literal, and it adds nothing to scores. May be given several times.", valueName: "query")
  )
  var filters: [String] = []
  @Option(help: ArgumentHelp("Only documents of this day or later: 2023, 2023-04 or 2023-04-01.", valueName: "date")) var since: String?
  @Option(help: ArgumentHelp("Only documents of this day or earlier.", valueName: "date")) var until: String?
  @Option(parsing: .unconditional, help: "score, date (the latest first) or fields, with commas between; -FIELD for the largest first.")
  var sort: String?
  @Option(
    name: .customLong("facet"),
    help: ArgumentHelp(
      "Count all matches by a keyword field or by year; FIELD:20 gives 20 values. May be given several times.", valueName: "field"))
  var facets: [String] = []
  @Option(help: ArgumentHelp("Begin behind the page that gave this token.", valueName: "token")) var after: String?
  @Flag(help: "Show hits with the same text once.") var collapse = false
  @Flag(help: "Do not count the matches.") var noCount = false

  /// The options of a search in an index with this schema.
  ///
  /// - Throws: `ValidationError`, `QuerySyntaxError` and `IndexError` for what cannot be.
  func searchOptions(_ schema: Schema) throws -> SearchOptions {
    var options = SearchOptions(countsTotal: !noCount)
    options.filters = try filters.map { try QueryParser.parseStrictly($0, schema: schema).literally }
    if since != nil || until != nil {
      let (first, last) = (try since.map { try Self.days($0).first }, try until.map { try Self.days($0).last })
      options.filters.append(.range(try dayField(schema), from: first.map { .date($0) }, through: last.map { .date($0) }))
    }
    options.sort = try sort.map { try sortKeys($0, schema) } ?? []
    options.facets = try facets.map { try facet($0, schema) }
    options.after = try after.map { try SearchPosition($0) }
    if collapse {
      guard let field = schema["text"] ?? schema.fields.first(where: { if case .text = $0.kind { true } else { false } }) else {
        throw ValidationError("the index has no text to compare for --collapse")
      }
      options.collapsedField = field.name
    }
    return options
  }

  /// The day that documents are sorted, counted and filtered by: that of their version.
  private func dayField(_ schema: Schema) throws -> String {
    if schema["version"]?.kind == .date { return "version" }
    guard let field = schema.fields.first(where: { $0.kind == .date }) else {
      throw ValidationError("the index has no days: no date field")
    }
    return field.name
  }

  private func sortKeys(_ text: String, _ schema: Schema) throws -> [SortKey] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let isReversed = part.hasPrefix("-")
      let name = String(isReversed ? part.dropFirst() : part)
      let sortable = schema.fields.filter { [.keyword, .integer, .date].contains($0.kind) }.map(\.name)
      if name == "score" {
        if isReversed { throw ValidationError("--sort has no -score: the best come first") }
        return .score
      }
      if name == "date", schema["date"] == nil {
        let field = try dayField(schema)
        return isReversed ? .ascending(field) : .descending(field)
      }
      guard sortable.contains(name) else {
        let why = schema[name] == nil ? "there is no field '\(name)'" : "the field '\(name)' is a text and has no order"
        throw ValidationError("--sort: \(why); it can be \((["score", "date"] + sortable).joined(separator: ", "))")
      }
      return isReversed ? .descending(name) : .ascending(name)
    }
  }

  private func facet(_ text: String, _ schema: Schema) throws -> FacetRequest {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let limit = parts.count == 1 ? 10 : Int(parts[1]), limit > 0 else {
      throw ValidationError("--facet: '\(text)' is no field with a number of values; write \(name):20")
    }
    if name == "year", schema["year"]?.kind != .keyword { return .years(of: try dayField(schema), limit: limit) }
    if schema[name]?.kind == .date { return .years(of: name, limit: limit) }
    guard schema[name]?.kind == .keyword else {
      let names = schema.fields.filter { $0.kind == .keyword || $0.kind == .date }.map(\.name)
      throw ValidationError("--facet: '\(name)' is no keyword field and no day; it can be \((["year"] + names).joined(separator: ", "))")
    }
    return .values(of: name, limit: limit)
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
