// Who puts the first hits of a search into another order?
internal import ArgumentParser
internal import FoundationEssentials
internal import Suoyin
internal import SuoyinImport

struct RerankingOptions: ParsableArguments {
  @Option(
    name: .customLong("rerank"),
    help: ArgumentHelp(
      "A program, and its arguments with blanks between, that puts the first hits into another order; docs/JSON.md says what it reads and writes.",
      valueName: "command"))
  var command: String?
  @Option(name: .customLong("rerank-depth"), help: "How many hits it is given, 1 to 1000.") var depth = Reranking.usualDepth

  func validate() throws {
    if !Reranking.depths.contains(depth) {
      throw ValidationError("--rerank-depth is \(Reranking.depths.lowerBound) to \(Reranking.depths.upperBound)")
    }
  }

  /// - Throws: `ValidationError` when there is no such program.
  func program() throws -> RerankingProgram? {
    guard let command else { return nil }
    let words = command.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let name = words.first else { throw ValidationError("--rerank needs the name of a program") }
    let path = name.contains("/") ? name : ProgramFile.path(of: name, in: environment("PATH") ?? "")
    guard let path, ProgramFile.exists(path) else { throw ValidationError("--rerank: there is no program '\(name)' that may be run") }
    return RerankingProgram(command: [path] + words.dropFirst(), name: name, depth: depth)
  }
}

/// Why a program has given no order.
struct RerankingFailure: Error, CustomStringConvertible {
  var description: String
}

/// A program that is given a query with its first hits, and writes a score for each.
struct RerankingProgram: Sendable {
  /// Its path, and its arguments.
  let command: [String]
  /// What messages call it.
  let name: String
  let depth: Int

  /// How long it may take where no other limit is given.
  private static let seconds = 60.0
  /// A thousand numbers are less by far.
  private static let maximumOutput = 1 << 20

  private struct Answer: Decodable {
    var scores: [Double]
  }

  /// - Parameters:
  ///   - text: The query.
  ///   - deadline: When it is no use any more; a minute from its start where there is none.
  func reranking(of text: String, in schema: Schema, deadline: ContinuousClock.Instant?) -> Reranking {
    Reranking(depth: depth) { candidates in
      let request = try Self.request(text, candidates, schema)
      let seconds = deadline.map { max(0, ($0 - .now) / .seconds(1)) } ?? Self.seconds
      return try scores(for: request, count: candidates.count, seconds: seconds)
    }
  }

  private func scores(for request: String, count: Int, seconds: Double) throws -> [Double] {
    let output: [UInt8]
    watchChildren()
    do {
      output = try ReaderProcess.run(
        command, environment: ProcessInfo.processInfo.environment, input: Array(request.utf8), timeoutSeconds: seconds,
        maximumOutput: Self.maximumOutput)
    } catch {
      throw failure(error.message)
    }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output)) else {
      throw failure("wrote something else than one line such as {\"scores\":[1.5,0]}")
    }
    guard answer.scores.count == count else { throw failure("wrote \(answer.scores.count) scores for \(count) hits") }
    return answer.scores
  }

  private func failure(_ message: String) -> RerankingFailure {
    RerankingFailure(description: "the program \(name) for --rerank \(message)")
  }

  private static func request(_ text: String, _ candidates: [RerankingCandidate], _ schema: Schema) throws -> String {
    var request = JSONLine(type: "rerank")
    request.add("query", text)
    request.add("candidates", raw: "[" + (try candidates.map { try $0.json(schema).object }).joined(separator: ",") + "]")
    return request.object + "\n"
  }
}

extension RerankingCandidate {
  /// The hit as `search --json` writes it, without what is marked in it, and what is known of it besides.
  fileprivate func json(_ schema: Schema) throws -> JSONLine {
    let fields = try fields()
    var line = JSONLine()
    line.add("rank", rank)
    line.add("score", score)
    line.add("key", key.description)
    var shares = JSONLine()
    for kind in Explanation.Part.Kind.allCases { if let share = self.shares[kind] { shares.add(kind.rawValue, share) } }
    line.add("shares", raw: shares.object)
    line.add("parts", partCount)
    line.add("matched", matchedPartCount)
    line.add("named", namedTitle)
    line.add("length", length)
    for name in ["file", "title", "label", "text"] { line.add(name, fields[name]?.description) }
    line.addOtherFields(fields, schema)
    return line
  }
}
