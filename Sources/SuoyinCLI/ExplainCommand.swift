// suoyin explain: why does a passage score what it scores, and why is it not found?
internal import ArgumentParser
internal import Suoyin

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show what each part of a query gives to the score of a passage, or why it is not found.",
    discussion: "Exits with 1 when the passage does not match, or does not exist.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The query.") var query: String
  @Argument(help: "The key of the passage, as hits give it.") var key: String
  @Flag(help: "Write JSON.") var json = false
  @OptionGroup(title: "Conditions") var conditions: FilterOptions
  @OptionGroup(title: "Ranking") var ranking: RankingOptions
  @OptionGroup var time: TimeOption

  func run() throws {
    let searcher = try index.open().searcher()
    var options = SearchOptions()
    options.filters = try conditions.filters(searcher.schema)
    try ranking.complete(&options)
    options.deadline = time.deadline
    let key = DocumentKey(key)
    let parameters = try ranking.parameters(searcher.schema)
    let (found, warnings) = try TimeOption.reporting(json: json) {
      try searcher.explain(query, key: key, parameters: parameters, options: options)
    }
    for warning in warnings { StandardError.note("warning", warning.message) }
    guard let explanation = found, let document = try searcher.document(key) else {
      StandardError.note("error", "there is no passage '\(key)' in the index")
      throw ExitStatus.nothingFound
    }
    if json {
      explanation.json(document).print()
    } else {
      StandardOutput.write(ExplanationTable(explanation).readable(document))
    }
    if !explanation.matches { throw ExitStatus.nothingFound }
  }
}
