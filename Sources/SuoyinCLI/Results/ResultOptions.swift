// Which hits does a search want, in which order, and what is counted?
internal import ArgumentParser
internal import Suoyin

struct ResultOptions: ParsableArguments {
  @OptionGroup var conditions: FilterOptions
  @Option(
    parsing: .unconditional, help: "score, date (the latest first) or fields, with commas between; -FIELD for the largest first.",
    completion: IndexCompletion.sortKeys)
  var sort: String?
  @Option(
    name: .customLong("facet"),
    help: ArgumentHelp(
      "Count all matches by a keyword field or by year; FIELD:20 gives 20 values. May be given several times.", valueName: "field"),
    completion: IndexCompletion.facets)
  var facets: [String] = []
  @Option(help: ArgumentHelp("Begin behind the page that gave this token.", valueName: "token")) var after: String?
  @Flag(help: "Show hits with the same text once.") var collapse = false
  @Flag(help: "Do not count the matches.") var noCount = false

  /// The options of a search in an index with this schema.
  ///
  /// - Throws: `ValidationError`, `QuerySyntaxError` and `IndexError` for what cannot be.
  func searchOptions(_ schema: Schema) throws -> SearchOptions {
    var options = SearchOptions(countsTotal: !noCount)
    options.filters = try conditions.filters(schema)
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
        let field = try schema.dayField()
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
    if name == "year", schema["year"]?.kind != .keyword { return .years(of: try schema.dayField(), limit: limit) }
    if schema[name]?.kind == .date { return .years(of: name, limit: limit) }
    guard schema[name]?.kind == .keyword else {
      let names = schema.fields.filter { $0.kind == .keyword || $0.kind == .date }.map(\.name)
      throw ValidationError("--facet: '\(name)' is no keyword field and no day; it can be \((["year"] + names).joined(separator: ", "))")
    }
    return .values(of: name, limit: limit)
  }
}
