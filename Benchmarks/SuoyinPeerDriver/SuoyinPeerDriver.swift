// What do an index and its queries cost, in the protocol that a harness compares search engines by?
//
// `index` builds an index of one segment from lines `id TAB text`. `query` times lines `class TAB operation TAB parts` and writes
// `mode TAB query number TAB least wall ns TAB least processor ns TAB hits`. `open` times opening and a first query. `report` compares such files.
// Analysis `seg`: the text is words with single spaces between them, and a part is a word; `chinese`: raw text, and a part is a sequence.
// Notes: a query is made and bound to the index inside the timing; keys and fields of hits are not read there. Queries are `Query` values and
// not parsed. `--threads` is for `index`. Texts are searched and not stored.
internal import Glibc
internal import Suoyin

@main
struct SuoyinPeerDriver {
  private static let usage = """
    usage: SuoyinPeerDriver index --data FILE.tsv --index DIR [--analysis seg|chinese] [--threads 1] [--memory MIB]
           SuoyinPeerDriver query --index DIR [--analysis seg|chinese] --queries FILE.tsv --out OUT.tsv [--dump TOP.tsv [--dump-step 20]]
                            [--modes top10,top100,count] [--reps 3] [--budget SECONDS]
           SuoyinPeerDriver open --index DIR [--analysis seg|chinese]
           SuoyinPeerDriver report --queries FILE.tsv ENGINE=OUT.tsv...
    """
  private static let optionNames: Set = [
    "data", "index", "analysis", "threads", "memory", "queries", "out", "dump", "dump-step", "modes", "reps", "budget",
  ]

  private let command: String
  /// What is no option, and no value of one.
  private var results: [String] = []
  private var options: [String: String] = [:]

  static func main() {
    do {
      let driver = try SuoyinPeerDriver(CommandLine.arguments.dropFirst())
      switch driver.command {
      case "index": try driver.index()
      case "query": try driver.query()
      case "open": try driver.open()
      case "report": print(try Report(queries: driver.value(of: "queries"), results: driver.results).table, terminator: "")
      default: throw DriverFailure("there is no command '\(driver.command)'\n\(usage)")
      }
    } catch {
      reportFailure("SuoyinPeerDriver: \(error)\n")
      exit(1)
    }
  }

  private init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    command = rest.popFirst() ?? ""
    while let option = rest.popFirst() {
      if command == "report", !option.hasPrefix("-") {
        results.append(option)
        continue
      }
      guard option.hasPrefix("--"), Self.optionNames.contains(String(option.dropFirst(2))), let value = rest.popFirst() else {
        throw DriverFailure("'\(option)' is no option, or stands alone\n\(Self.usage)")
      }
      options[String(option.dropFirst(2))] = value
    }
  }

  private func value(of option: String) throws -> String {
    guard let value = options[option] else { throw DriverFailure("\(command) needs --\(option)\n\(Self.usage)") }
    return value
  }

  private func number<Number: LosslessStringConvertible>(of option: String, else standard: Number) throws -> Number {
    guard let text = options[option] else { return standard }
    guard let number = Number(text) else { throw DriverFailure("--\(option): '\(text)' is no number") }
    return number
  }

  private var isSegmented: Bool { options["analysis", default: "seg"] == "seg" }

  // MARK: Commands

  private func index() throws {
    let lines = try LineReader(value(of: "data"))
    let cpuBefore = ProcessUsage.now.seconds
    let start = Clock.wall.nanoseconds
    var added = start
    var count = 0
    let schema = Schema([.text("body", stored: false)], analyzer: isSegmented ? .whitespace : .chinese)
    var options = UpdateOptions()
    options.threads = try number(of: "threads", else: 1)
    options.memory = try number(of: "memory", else: 512) << 20
    try SearchIndex.create(at: value(of: "index"), schema: schema).update(options) { writer in
      while let line = try lines.next() {
        guard let tab = line.utf8.firstIndex(of: UInt8(ascii: "\t")) else { throw DriverFailure("document \(count) has no tab") }
        try writer.add(Document(key: DocumentKey(line[..<tab]), ["body": .text(String(line[line.utf8.index(after: tab)...]))]))
        count += 1
      }
      added = Clock.wall.nanoseconds
      try writer.mergeAll()
    }
    let end = Clock.wall.nanoseconds
    let usage = ProcessUsage.now
    print(
      "{\"version\":\"suoyin \(SearchIndex.engineVersion)\",\"docs\":\(count),\"add_s\":\(seconds(added - start)),"
        + "\"commit_s\":\(seconds(end - added)),\"total_s\":\(seconds(end - start)),"
        + "\"cpu_s\":\(formatted(usage.seconds - cpuBefore, "%.3f")),\"peak_mb\":\(formatted(usage.peakMemory, "%.1f"))}")
  }

  private func query() throws {
    let queries = try PeerQuery.read(value(of: "queries"), isSegmented: isSegmented)
    let searcher = try SearchIndex(at: value(of: "index")).searcher()
    if let path = options["dump"] {
      let step: Int = try number(of: "dump-step", else: 20)
      guard step > 0 else { throw DriverFailure("--dump-step: \(step) is no step") }
      try dump(queries, every: step, searcher, to: path)
    }
    let out = try LineWriter(value(of: "out"))
    let timing = QueryTiming(
      searcher: searcher, repetitions: try number(of: "reps", else: 3), budget: try number(of: "budget", else: 6))
    for mode in options["modes", default: "top10,top100,count"].split(separator: ",") {
      guard let limit = mode == "count" ? 0 : Int(mode.dropFirst("top".count)) else { throw DriverFailure("there is no mode '\(mode)'") }
      var start = 0
      while start < queries.count {
        let end = queries[start...].firstIndex { $0.name != queries[start].name } ?? queries.count
        for (offset, time) in try timing.times(of: queries[start..<end], limit: limit).enumerated() {
          try out.write("\(mode)\t\(start + offset)\t\(time.wall)\t\(time.cpu)\t\(time.hits)\n")
        }
        start = end
      }
    }
    try out.close()
  }

  /// Writes the ten best keys of some queries, with their scores.
  private func dump(_ queries: [PeerQuery], every step: Int, _ searcher: Searcher, to path: String) throws {
    let out = try LineWriter(path)
    for number in stride(from: 0, to: queries.count, by: step) {
      let results = try searcher.search(queries[number].query, limit: 10, parameters: RankingParameters(), loadsFields: false)
      for (rank, hit) in results.hits.enumerated() { try out.write("\(number)\t\(rank)\t\(hit.key)\t\(formatted(hit.score, "%.9g"))\n") }
    }
    try out.close()
  }

  private func open() throws {
    let path = try value(of: "index")
    let start = Clock.wall.nanoseconds
    let searcher = try SearchIndex(at: path).searcher()
    let opened = Clock.wall.nanoseconds
    _ = try searcher.hitCount(PeerQuery(name: "", operation: .term, parts: ["管理"], isSegmented: isSegmented).query, limit: 10)
    let end = Clock.wall.nanoseconds
    print("{\"open_ms\":\(milliseconds(opened - start)),\"first_query_ms\":\(milliseconds(end - opened))}")
  }

  private func seconds(_ nanoseconds: Int64) -> String { formatted(Double(nanoseconds) / 1e9, "%.3f") }
  private func milliseconds(_ nanoseconds: Int64) -> String { formatted(Double(nanoseconds) / 1e6, "%.3f") }
}

/// A line of the file of queries.
private struct PeerQuery {
  enum Operation: String {
    case term = "TERM"
    case all = "AND"
    case any = "OR"
    case phrase = "PHRASE"
    /// A whole sentence, any of whose terms may match.
    case sentence = "NL"
  }

  let name: String
  let operation: Operation
  let parts: [String]
  let isSegmented: Bool

  static func read(_ path: String, isSegmented: Bool) throws -> [PeerQuery] {
    let lines = try LineReader(path)
    var queries: [PeerQuery] = []
    while let line = try lines.next() {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard columns.count == 3, let operation = Operation(rawValue: String(columns[1])) else {
        throw DriverFailure("query \(queries.count) is not three columns, the second an operation")
      }
      let parts = operation == .sentence ? [columns[2]] : columns[2].split(separator: " ")
      if parts.isEmpty { throw DriverFailure("query \(queries.count) has no parts") }
      queries.append(PeerQuery(name: String(columns[0]), operation: operation, parts: parts.map(String.init), isSegmented: isSegmented))
    }
    return queries
  }

  /// The query as the engine takes it.
  var query: Query {
    switch operation {
    case .term: part(parts[0])
    case .all: .all(parts.map(part))
    case .any: .any(parts.map(part))
    case .phrase: .quoted(parts.joined(separator: isSegmented ? " " : ""))
    case .sentence: .text(parts[0])
    }
  }

  private func part(_ text: String) -> Query { isSegmented ? .text(text) : .quoted(text) }
}

extension Searcher {
  /// How many hits a search finds; with a limit of 0, how many passages match. No key or field is read.
  fileprivate func hitCount(_ query: Query, limit: Int) throws -> Int {
    let weight = try weight(of: query, parameters: RankingParameters(), options: SearchOptions())
    return limit == 0 ? try count(weight) : try best(limit, of: weight).count
  }
}

/// How the queries of a class are timed: a pass that warms up and is cut when a budget is used up, and then passes whose least times count.
private struct QueryTiming {
  let searcher: Searcher
  let repetitions: Int
  /// Seconds of processor time for the first pass.
  let budget: Double

  /// So many queries are timed whatever the budget.
  private static let leastCount = 30

  /// - Parameter limit: How many hits to find; 0 only counts the matches.
  /// - Returns: The least nanoseconds of the first queries, and the hits found, or the matches.
  func times(of queries: ArraySlice<PeerQuery>, limit: Int) throws -> [(wall: Int64, cpu: Int64, hits: Int)] {
    var times: [(wall: Int64, cpu: Int64, hits: Int)] = []
    let start = Clock.thread.nanoseconds
    for query in queries {
      let used = Double(Clock.thread.nanoseconds - start) / 1e9
      if used >= budget, times.count >= Self.leastCount { break }
      times.append((.max, .max, try searcher.hitCount(query.query, limit: limit)))
    }
    for _ in 0..<repetitions {
      for (place, query) in zip(times.indices, queries) {
        let wallBefore = Clock.wall.nanoseconds
        let cpuBefore = Clock.thread.nanoseconds
        _ = try searcher.hitCount(query.query, limit: limit)
        let cpu = Clock.thread.nanoseconds - cpuBefore
        let wall = Clock.wall.nanoseconds - wallBefore
        times[place].wall = min(times[place].wall, wall)
        times[place].cpu = min(times[place].cpu, cpu)
      }
    }
    return times
  }
}
