// suoyin search: what did the user look for?
internal import ArgumentParser
internal import FoundationEssentials
internal import Suoyin

struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search an index.",
    discussion: """
      Words are any of which the best passages hold many; "…" is found literally; AND, OR, NOT (与 或 非), + and -, brackets, 标题:… 日期:2023.., 工业*, ^2. \
      docs/QuerySyntax.md has the whole language, docs/JSON.md the output of --json.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, trec }

  @OptionGroup var index: IndexOption
  // A word to exclude begins with a hyphen, so that what is no option of ours is part of the query.
  @Argument(parsing: .allUnrecognized, help: "The query; several arguments are one query.", completion: IndexCompletion.query) var query:
    [String] = []
  @Option(help: "The most hits.") var limit = 10
  @Flag(help: "Write JSON Lines; the same as --format json.") var json = false
  @Option(help: "How to write hits: text, json or trec.") var format: Format?
  @Option(
    help: ArgumentHelp("Run the queries of a JSON Lines file ({\"id\":…,\"text\":…}), or of standard input for -.", valueName: "file"))
  var queries: String?
  @Option(name: .customLong("k1"), help: "BM25's k1.") var k1 = RankingParameters().k1
  @Option(name: .customLong("b"), help: "BM25's b.") var b = RankingParameters().b
  @Option(help: "The weight of words.") var wordWeight = RankingParameters().wordWeight
  @Option(help: "The weight of pairs of characters.") var pairWeight = RankingParameters().pairWeight
  @Option(help: "The weight of characters that stand alone in the query.") var singleWeight = RankingParameters().singleWeight
  @Option(help: "The weight of numbers in any spelling.") var extraWeight = RankingParameters().extraWeight

  @Option(help: ArgumentHelp("Words that may stand for one another: a group on a line, with commas between.", valueName: "file"))
  var synonyms: String?
  @Option(help: "The weight of synonyms.") var synonymWeight = RankingParameters().synonymWeight
  @Option(help: ArgumentHelp("Words of a query that are not asked for.", valueName: "file")) var stopWords: String?
  @Flag(help: "Refuse a query that has a sign which cannot be meant as one, instead of searching it as text.") var strict = false

  private var parameters: RankingParameters {
    var parameters = RankingParameters()
    parameters.k1 = k1
    parameters.b = b
    parameters.wordWeight = wordWeight
    parameters.pairWeight = pairWeight
    parameters.singleWeight = singleWeight
    parameters.extraWeight = extraWeight
    parameters.synonymWeight = synonymWeight
    return parameters
  }

  func run() throws {
    if json, let format, format != .json { throw ValidationError("--json and --format \(format.rawValue) contradict each other") }
    let query = try words()
    if (queries != nil) == !query.isEmpty {
      throw ValidationError(queries == nil ? "what is to be found? suoyin search QUERY" : "give a query or --queries, not both")
    }
    let format = json ? .json : self.format ?? .text
    let options = SearchOptions(
      synonyms: try synonyms.map { try readWordList($0) { try Synonyms(parsing: $0) } },
      stopWords: try stopWords.map { try readWordList($0) { try StopWords(parsing: $0) } }, isStrict: strict)
    let searcher = try index.open().searcher()
    if let queries {
      try runBatch(queries, searcher, options, format)
    } else {
      let found = try run(query.joined(separator: " "), id: nil, searcher, options, format)
      if found == 0 { throw ExitStatus.nothingFound }
    }
  }

  private func readWordList<List>(_ path: String, _ parse: (String) throws -> List) throws -> List {
    guard let text = String(validating: try readAll(of: path), as: UTF8.self) else { throw ValidationError("\(path): not UTF-8") }
    do {
      return try parse(text)
    } catch let error as WordListError {
      throw ValidationError("\(path): \(error)")
    }
  }

  /// The words of the query: what is no option, and all that follows `--`.
  private func words() throws -> [String] {
    let end = query.firstIndex(of: "--") ?? query.endIndex
    if let typo = query[..<end].first(where: { $0.hasPrefix("--") }) { throw ValidationError("unknown option '\(typo)'") }
    return Array(query[..<end] + query[end...].dropFirst())
  }

  /// Searches and prints; returns how many passages match.
  private func run(_ text: String, id: String?, _ searcher: Searcher, _ options: SearchOptions, _ format: Format) throws -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    let results = try searcher.search(text, limit: limit, parameters: parameters, options: options, loadsFields: format != .trec)
    for warning in results.warnings { StandardError.note("warning", warning.message) }
    let total = results.total ?? results.hits.count
    let elapsed = (clock.now - start).components
    let microseconds = Int(elapsed.seconds) * 1_000_000 + Int(elapsed.attoseconds / 1_000_000_000_000)
    switch format {
    case .json:
      for (rank, hit) in results.hits.enumerated() { try hit.json(rank: rank + 1, query: id, schema: searcher.schema).print() }
      var summary = JSONLine(type: "summary")
      summary.add("query", id)
      summary.add("hits", results.hits.count)
      summary.add("total", total)
      summary.add("exact", true)
      summary.add("microseconds", microseconds)
      if !results.warnings.isEmpty {
        summary.add("warnings", raw: "[" + results.warnings.map(JSONLine.warning).joined(separator: ",") + "]")
      }
      summary.print()
    case .trec:
      var writer = TRECWriter()
      for (rank, hit) in results.hits.enumerated() { writer.write(hit, rank: rank + 1, query: id ?? "0") }
    case .text:
      if let id { StandardOutput.write("# \(id): \(text)\n") }
      for (rank, hit) in results.hits.enumerated() { StandardOutput.write(hit.readable(rank: rank + 1, schema: searcher.schema)) }
      if total == 0 {
        StandardOutput.write("nothing found among \(searcher.passageCount) passages\n")
      } else if total > results.hits.count {
        StandardOutput.write("\(results.hits.count) of \(total) passages\n")
      }
    }
    return total
  }

  // MARK: Batches

  private struct BatchQuery: Decodable {
    var id: String
    var text: String

    enum CodingKeys: CodingKey { case id, text }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      text = try members.decode(String.self, forKey: .text)
      id = try (try? members.decode(String.self, forKey: .id)) ?? String(members.decode(Int.self, forKey: .id))
    }
  }

  private func runBatch(_ path: String, _ searcher: Searcher, _ options: SearchOptions, _ format: Format) throws {
    var number = 0
    var total = 0
    var rejected = 0
    let decoder = JSONDecoder()
    try forEachLine(of: path) { line in
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
      guard let query = try? decoder.decode(BatchQuery.self, from: Data(line)) else {
        rejected += 1
        StandardError.note("rejected", "\(path):\(number): no object with \"id\" and \"text\"")
        return
      }
      do {
        total += try run(query.text, id: query.id, searcher, options, format)
      } catch let error as QuerySyntaxError {
        rejected += 1
        StandardError.note("rejected", "\(path):\(number): \(error.message)")
      }
    }
    if rejected > 0 { throw ExitStatus.rejectedInput }
    if total == 0 { throw ExitStatus.nothingFound }
  }
}
