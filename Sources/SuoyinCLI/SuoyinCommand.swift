// Where does the command line begin, and how does it end?
internal import ArgumentParser
internal import Suoyin

@main
struct SuoyinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suoyin",
    abstract: "Index Chinese documents and search them.",
    discussion: """
      The index is --index PATH, else $SUOYIN_INDEX, else ./suoyin.index.
      Exit codes: 0 done or found, 1 nothing found, 2 usage or query error, 65 some input rejected (the rest is committed), \
      66 missing input, 69 a program for --rerank failed, 70 damaged index, 73 cannot create, 74 I/O, 75 locked, 124 not done in --timeout.
      """,
    version: SearchIndex.engineVersion,
    subcommands: [
      IndexCommand.self, SearchCommand.self, ExplainCommand.self, CiteCommand.self, SuggestCommand.self, SimilarCommand.self,
      TermsCommand.self, ShowCommand.self, DeleteCommand.self, MergeCommand.self, ShardCommand.self, DictCommand.self, ParseCommand.self,
      TokensCommand.self, StatsCommand.self, CheckCommand.self,
      GenerationsCommand.self, RollbackCommand.self, SnapshotCommand.self, RestoreCommand.self, RepairCommand.self,
    ])

  /// Parses and runs; every failure is one line on standard error and an exit code of `ExitStatus`.
  static func main() {
    occupyStandardDescriptors()
    let status: ExitStatus
    do {
      var command = try parseAsRoot()
      try command.run()
      try StandardOutput.flush()
      status = .done
    } catch {
      status = finish(error)
    }
    exitProcess(status)
  }

  private static func finish(_ error: any Error) -> ExitStatus {
    if exitCode(for: error) == .success {
      // --help, --version and --generate-completion-script
      let message = fullMessage(for: error)
      StandardOutput.write(message + "\n" + (message.hasPrefix("#!/bin/bash\n") ? BashCompletion.script : ""))
    }
    do {
      // What was found before the failure is shown all the same.
      try StandardOutput.flush()
    } catch let failure {
      StandardError.note("error", failure.description)
      return .io
    }
    if exitCode(for: error) == .success { return .done }
    if let status = error as? ExitStatus { return status }
    let (status, message) = ExitStatus.of(error)
    StandardError.note("error", message ?? "\(self.message(for: error)); suoyin --help tells more")
    if let error = error as? QuerySyntaxError, error.query.contains(where: { !$0.isWhitespace }) { StandardError.draw(error.drawing) }
    return status
  }
}

/// Where the index is, for every command that needs one.
struct IndexOption: ParsableArguments {
  @Option(name: .customLong("index"), help: ArgumentHelp("The index directory.", valueName: "path"), completion: .directory)
  var path: String?

  func validate() throws {
    if path?.isEmpty ?? false { throw ValidationError("--index needs a path") }
  }

  var resolved: String { path ?? environment("SUOYIN_INDEX").flatMap { $0.isEmpty ? nil : $0 } ?? "suoyin.index" }

  func open() throws -> SearchIndex { try SearchIndex(at: resolved) }
}
