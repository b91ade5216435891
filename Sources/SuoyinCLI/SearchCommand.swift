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

  @OptionGroup var index: IndexOption
  // A word to exclude begins with a hyphen, so that what is no option of ours is part of the query.
  @Argument(parsing: .allUnrecognized, help: "The query; several arguments are one query.", completion: IndexCompletion.query) var query:
    [String] = []
  @Option(help: "The most hits.") var limit = 10
  @Flag(help: "Write JSON Lines; the same as --format json.") var json = false
  @Option(
    help: ArgumentHelp(
      "How to write hits: text, json, trec, csv, markdown, or a template such as '{citation}\\t{snippet}'.", valueName: "format"),
    completion: .list(["text", "json", "trec", "csv", "markdown"]), transform: { try OutputFormat($0) })
  var format: OutputFormat?
  @OptionGroup(title: "Results") var results: ResultOptions
  @Flag(help: "Show hits one by one, not by documents.") var flat = false
  @Flag(help: "Show hits by documents in JSON, too.") var group = false
  @Option(help: "The most passages under a document.") var passages = 3
  @Option(help: "About how long a snippet is, in Han characters; a letter is a third of one.") var snippetLength = 80
  @Flag(name: .customLong("files"), help: "Only the names of the files, each once; -l for short.") var listsFiles = false
  @Flag(name: .customLong("count"), help: "Only how many passages match; -c for short.") var countsOnly = false
  @Flag(help: "Write nothing; the exit code says whether anything was found. -q for short.") var quiet = false
  @Option(
    help: ArgumentHelp("Run the queries of a JSON Lines file ({\"id\":…,\"text\":…}), or of standard input for -.", valueName: "file"),
    completion: .file())
  var queries: String?
  @Flag(help: "Show what is looked for, part by part and term by term, before the hits.") var why = false
  @OptionGroup(title: "Ranking") var ranking: RankingOptions
  @OptionGroup(title: "Ranking by others") var reranking: RerankingOptions
  @OptionGroup var time: TimeOption

  func run() throws {
    if json, let format, format != .json { throw ValidationError("--json and another --format contradict each other") }
    let (query, flags) = try words()
    if (queries != nil) == !query.isEmpty {
      throw ValidationError(queries == nil ? "what is to be found? suoyin search QUERY" : "give a query or --queries, not both")
    }
    if queries != nil, results.after != nil { throw ValidationError("--after is for one query, not for --queries") }
    let searcher = try index.open().searcher()
    let presentation = try presentation(flags, searcher.schema)
    var options = try results.searchOptions(searcher.schema)
    try ranking.complete(&options)
    var run = SearchRun(
      searcher: searcher, presentation: presentation, limit: limit, parameters: try ranking.parameters(searcher.schema), options: options)
    run.reranking = try reranking.program()
    run.timeLimit = time
    try run.begin(isBatch: queries != nil)
    if let queries {
      try runBatch(queries, &run)
    } else {
      let found = try run.answer(query.joined(separator: " "), id: nil)
      if found == 0 { throw ExitStatus.nothingFound }
    }
  }

  private func presentation(_ flags: Set<String>, _ schema: Schema) throws -> Presentation {
    let listings: [(Bool, Presentation.Listing)] = [
      (quiet || flags.contains("-q"), .nothing), (countsOnly || flags.contains("-c"), .count), (listsFiles || flags.contains("-l"), .files),
    ]
    let wanted = listings.filter(\.0).map(\.1)
    if wanted.count > 1 { throw ValidationError("-l, -c and -q contradict each other") }
    if !wanted.isEmpty, json || self.format != nil {
      throw ValidationError("-l, -c and -q have a form of their own; leave --json and --format out")
    }
    let format = json ? .json : self.format ?? .text
    guard (0...Searcher.maximumLimit).contains(limit) else {
      throw ValidationError("the limit \(limit) is not in 0...\(Searcher.maximumLimit)")
    }
    guard (10...10_000).contains(snippetLength) else { throw ValidationError("--snippet-length is 10 to 10000") }
    guard passages > 0 else { throw ValidationError("--passages is 1 or more") }
    let isOfFiles = schema["file"]?.kind == .keyword
    if wanted == [.files], !isOfFiles { throw ValidationError("the index \(index.resolved) does not know files") }
    if group, flat { throw ValidationError("--group and --flat contradict each other") }
    if group, format != .json, format != .text { throw ValidationError("--group is for text and JSON") }
    if group, !isOfFiles { throw ValidationError("the index \(index.resolved) does not know documents: it has no field 'file'") }
    let isGrouped = isOfFiles && (group || format == .text && !flat && results.sort == nil && !results.collapse && reranking.command == nil)
    if reranking.command != nil {
      if results.sort != nil { throw ValidationError("--rerank and --sort contradict each other") }
      if group { throw ValidationError("--rerank gives an order of hits; --group shows documents") }
    }
    if why, format != .json, format != .text { throw ValidationError("--why is for text and JSON") }
    return Presentation(
      format: format, isGrouped: isGrouped, passages: passages, snippetLength: snippetLength * 3, explainsQuery: why,
      listing: wanted.first ?? .hits)
  }

  /// The words of the query: what is no option, and all that follows `--`; and the short flags among them.
  ///
  /// The flags are looked for here, since the parser would find them in words to exclude: -sql.
  private func words() throws -> (words: [String], flags: Set<String>) {
    let end = query.firstIndex(of: "--") ?? query.endIndex
    if let typo = query[..<end].first(where: { $0.hasPrefix("--") }) { throw ValidationError("unknown option '\(typo)'") }
    func isFlags(_ word: String) -> Bool {
      (2...3).contains(word.utf8.count) && word.first == "-" && word.dropFirst().allSatisfy { "lcq".contains($0) }
    }
    let flags = Set(query[..<end].filter(isFlags).flatMap { $0.dropFirst().map { "-\($0)" } })
    return (query[..<end].filter { !isFlags($0) } + query[end...].dropFirst(), flags)
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

  private func runBatch(_ path: String, _ run: inout SearchRun) throws {
    var number = 0
    var total = 0
    var rejected = 0
    /// Those that were not done, and why the last was not.
    var failure: ExitStatus?
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
        total += try run.answer(query.text, id: query.id)
      } catch let error as QuerySyntaxError {
        rejected += 1
        StandardError.note("rejected", "\(path):\(number): \(error.message)")
      } catch let error as IndexError where error.code == .invalidArgument {
        // Too many words that begin so, for example.
        rejected += 1
        StandardError.note("rejected", "\(path):\(number): \(error.message)")
      } catch let error as IndexError where error.code == .deadlineExceeded {
        failure = .late
        StandardError.note("error", "\(path):\(number): \(error.message)")
      } catch let error as RerankingFailure {
        failure = .unavailable
        StandardError.note("error", "\(path):\(number): \(error.description)")
      }
    }
    if rejected > 0 { throw ExitStatus.rejectedInput }
    if let failure { throw failure }
    if total == 0 { throw ExitStatus.nothingFound }
  }
}
