// What does each part of a query count, and which words stand for others?
internal import ArgumentParser
internal import Glibc
internal import Suoyin

/// What passages have by a field's value: `cited=2`, `cited=2:50`, `version=0.5:365@2024-06-30`.
struct PriorArgument: ExpressibleByArgument {
  let field: String
  let weight: Double
  /// What half of the weight is given for; of dates, days.
  let half: Double?
  let day: CalendarDate?

  init?(argument: String) {
    guard let sign = argument.lastIndex(of: "=") else { return nil }
    field = String(argument[..<sign])
    let ends = argument[argument.index(after: sign)...].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = ends[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { Double($0) }
    guard !field.isEmpty, let weight = numbers[0] else { return nil }
    self.weight = weight
    if numbers.count > 1, numbers[1] == nil { return nil }
    half = numbers.count > 1 ? numbers[1] : nil
    day = ends.count > 1 ? CalendarDate(String(ends[1])) : nil
    if ends.count > 1, day == nil { return nil }
  }

  /// - Throws: `ValidationError` when the field has neither integers nor days.
  func prior(_ schema: Schema) throws -> Prior {
    switch schema[field]?.kind {
    case .integer?:
      if day != nil { throw ValidationError("--prior: '\(field)' has integers, and no day to count from") }
      return .number(field, weight: weight, pivot: half ?? Prior.usualPivot)
    case .date?: return .date(field, weight: weight, days: half ?? Prior.usualDays, before: day ?? Self.today)
    default:
      let names = schema.fields.filter { [.integer, .date].contains($0.kind) }.map(\.name).joined(separator: ", ")
      throw ValidationError(
        "--prior: '\(field)' is no field of integers or days; \(names.isEmpty ? "the index has none" : "it can be \(names)")")
    }
  }

  /// By UTC: the same everywhere.
  private static var today: CalendarDate { CalendarDate(days: Int32(truncatingIfNeeded: time(nil) / 86_400)) }
}

/// What search and explain are told alike.
struct RankingOptions: ParsableArguments {
  @Option(name: .customLong("k1"), help: "BM25's k1.") var k1 = RankingParameters().k1
  @Option(name: .customLong("b"), help: "BM25's b.") var b = RankingParameters().b
  @Option(help: "The weight of words.") var wordWeight = RankingParameters().wordWeight
  @Option(help: "The weight of pairs of characters.") var pairWeight = RankingParameters().pairWeight
  @Option(help: "The weight of characters that stand alone in the query.") var singleWeight = RankingParameters().singleWeight
  @Option(help: "The weight of the other characters.") var cellWeight = RankingParameters().cellWeight
  @Option(help: "The weight of numbers in any spelling.") var extraWeight = RankingParameters().extraWeight

  @Option(help: "The weight of a title, or a label, that the query names.") var titleWeight = RankingParameters().titleWeight
  @Option(help: "The weight of a title and a label together, besides.") var citationWeight = RankingParameters().citationWeight

  @Option(help: "How much more a passage of a very large document scores, as a part of its score.")
  var documentWeight = RankingParameters().documentWeight

  @Option(
    name: .customLong("prior"),
    help: ArgumentHelp(
      "What hits have besides, by a field's value, at most WEIGHT: half of it at the number HALF, or so many days before DAY, which is today. May be repeated.",
      valueName: "field=weight[:half][@day]"))
  var priors: [PriorArgument] = []

  @Option(
    help: ArgumentHelp("Words that may stand for one another: a group on a line, with commas between.", valueName: "file"),
    completion: .file())
  var synonyms: String?
  @Option(help: "The weight of synonyms.") var synonymWeight = RankingParameters().synonymWeight
  @Option(help: ArgumentHelp("Words of a query that are not asked for.", valueName: "file"), completion: .file()) var stopWords: String?
  @Flag(help: "Refuse a query that has a sign which cannot be meant as one, instead of searching it as text.") var strict = false

  /// What the weights are.
  ///
  /// - Throws: `ValidationError` for a prior by a field that the schema does not have.
  func parameters(_ schema: Schema) throws -> RankingParameters {
    var parameters = RankingParameters()
    parameters.k1 = k1
    parameters.b = b
    parameters.wordWeight = wordWeight
    parameters.pairWeight = pairWeight
    parameters.singleWeight = singleWeight
    parameters.cellWeight = cellWeight
    parameters.extraWeight = extraWeight
    parameters.synonymWeight = synonymWeight
    parameters.titleWeight = titleWeight
    parameters.citationWeight = citationWeight
    parameters.documentWeight = documentWeight
    parameters.priors = try priors.map { try $0.prior(schema) }
    return parameters
  }

  /// Reads the word lists.
  ///
  /// - Throws: `ValidationError` and `InputError` for files that cannot be used.
  func complete(_ options: inout SearchOptions) throws {
    options.synonyms = try synonyms.map { try readWordList($0) { try Synonyms(parsing: $0) } }
    options.stopWords = try stopWords.map { try readWordList($0) { try StopWords(parsing: $0) } }
    options.isStrict = strict
  }

  private func readWordList<List>(_ path: String, _ parse: (String) throws -> List) throws -> List {
    guard let text = String(validating: try readAll(of: path), as: UTF8.self) else { throw ValidationError("\(path): not UTF-8") }
    do {
      return try parse(text)
    } catch let error as WordListError {
      throw ValidationError("\(path): \(error)")
    }
  }
}
