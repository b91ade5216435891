// How long may a command take?
internal import ArgumentParser
internal import Suoyin

/// A time, written as seconds or as milliseconds: `2s`, `0.5`, `500ms`.
struct TimeLimit: ExpressibleByArgument {
  let duration: Duration

  /// A day.
  private static let mostSeconds = 86_400.0

  init?(argument: String) {
    let isMilliseconds = argument.hasSuffix("ms")
    let digits = isMilliseconds ? argument.dropLast(2) : argument.hasSuffix("s") ? argument.dropLast() : argument[...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let number = Double(digits) else { return nil }
    let seconds = isMilliseconds ? number / 1000 : number
    guard seconds > 0, seconds <= Self.mostSeconds else { return nil }
    duration = .seconds(seconds)
  }
}

/// The limit of commands that search.
struct TimeOption: ParsableArguments {
  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp("Give up after so long, each query by itself: 2s, 0.5 or 500ms. The exit code is then 124.", valueName: "time"))
  var limit: TimeLimit?

  /// The deadline of what begins now.
  var deadline: ContinuousClock.Instant? { limit.map { .now + $0.duration } }

  /// Does something that may be late; then, where answers are JSON, a line says so.
  static func reporting<Result>(json: Bool, query: String? = nil, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as IndexError where error.code == .deadlineExceeded {
      if json {
        var line = JSONLine(type: "error")
        line.add("query", query)
        line.add("error", "deadline")
        line.add("message", error.message)
        line.print()
      }
      throw error
    }
  }
}
