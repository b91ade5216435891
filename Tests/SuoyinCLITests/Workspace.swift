// Where does a test of the command line work, and what may an error look like?
internal import Foundation
import SuoyinTestKit
import Testing

/// A fresh folder with the program at hand, removed with everything in it. Sendable, for it only keeps the folder's owner alive.
final class Workspace: @unchecked Sendable {
  let directory: String
  private let owner: TemporaryDirectory
  private let runner: CommandRunner

  init() throws {
    owner = try TemporaryDirectory()
    directory = owner.path
    runner = CommandRunner(product: "suoyin", in: directory)
  }

  /// The five documents that come with Suoyin.
  static let seeds = repositoryRoot + "/Corpus/seeds"

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  /// Writes a file, making the folders on the way to it.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ name: String, _ text: String) throws { try write(name, text.utf8) }
  func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(name)))) }
  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }
  func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted() }

  /// Puts a copy of a file or folder in the place of another.
  func copy(_ name: String, to newName: String) throws {
    if FileManager.default.fileExists(atPath: path(newName)) { try remove(newName) }
    try FileManager.default.copyItem(atPath: path(name), toPath: path(newName))
  }

  /// Runs `suoyin` in the folder; without `--index` the index is `suoyin.index` there.
  ///
  /// - Parameter change: Gives the runner a wrapper, a variable or a timeout.
  func run(
    _ arguments: [String], input: [UInt8] = [], output: String? = nil, _ change: (inout CommandRunner) -> Void = { _ in }
  ) throws -> CommandResult {
    try start(arguments, input: input, output: output, change).wait()
  }

  func start(
    _ arguments: [String], input: [UInt8] = [], output: String? = nil, _ change: (inout CommandRunner) -> Void = { _ in }
  ) throws -> RunningCommand {
    var runner = self.runner
    change(&runner)
    return try runner.start(arguments, input: input, output: output)
  }

  func suoyin(_ arguments: String..., input: String = "") throws -> CommandResult { try run(arguments, input: Array(input.utf8)) }

  /// Runs a command that must succeed without a word on standard error.
  @discardableResult
  func succeed(_ arguments: String..., at location: SourceLocation = #_sourceLocation) throws -> CommandResult {
    let result = try run(arguments)
    #expect(result.ending == .exited(0) && result.errors == "", "\(arguments): \(result)", sourceLocation: location)
    return result
  }

  /// The hits of a search, without the summary after them.
  func hits(_ query: String..., at location: SourceLocation = #_sourceLocation) throws -> [JSON] {
    let result = try run(["search", "--json"] + query)
    let lines = result.lines.map { JSON($0) }
    #expect([0, 1].contains(result.status) && result.errors == "", "\(query): \(result)", sourceLocation: location)
    #expect(lines.allSatisfy { $0 != nil } && lines.last??["type"] == .string("summary"), "\(result.output)", sourceLocation: location)
    return lines.dropLast().compactMap(\.self)
  }

  /// The keys of the passages that a search finds.
  func keys(_ query: String..., at location: SourceLocation = #_sourceLocation) throws -> [String] {
    let result = try run(["search", "--limit", "10000", "--format", "trec"] + query)
    #expect([0, 1].contains(result.status) && result.errors == "", "\(query): \(result)", sourceLocation: location)
    return result.lines.map { String($0.split(separator: " ")[2]) }
  }

  /// Expects that `check` finds nothing wrong.
  func expectSound(_ index: String = "suoyin.index", at location: SourceLocation = #_sourceLocation) throws {
    let result = try suoyin("check", "--index", index)
    let isSound = result.ending == .exited(0) && result.output.hasPrefix("sound \(index): ") && result.errors == ""
    #expect(isSound, "\(result)", sourceLocation: location)
  }
}

/// Expects an exit status and exactly one line on standard error that begins with `suoyin: ` and says what the test wants to hear.
func expectFailure(_ result: CommandResult, _ status: Int32, _ phrase: String, at location: SourceLocation = #_sourceLocation) {
  #expect(result.ending == .exited(status), "\(result)", sourceLocation: location)
  // A query that is refused is drawn below, with carets.
  let lines = result.errors.split(separator: "\n", omittingEmptySubsequences: false)
  let isOneLine = lines.count == 2 || lines.count == 4 && lines[1...2].allSatisfy { $0.hasPrefix("  ") } && lines[2].hasSuffix("^")
  #expect(isOneLine && result.errors.hasPrefix("suoyin: error: ") && lines.last == "", "\(result)", sourceLocation: location)
  #expect(result.errors.contains(phrase), "\(result)", sourceLocation: location)
}

/// A terminal to write to, made by `script`.
enum Terminal {
  /// What a command line of `suoyin` writes to a terminal.
  static func output(of command: String, in workspace: Workspace, _ environment: [String: String]) throws -> String {
    var runner = CommandRunner(program: "script", in: workspace.directory)
    runner.environment.merge(environment) { $1 }
    let program = "\(CommandRunner.productsFolder)/suoyin"
    return try runner.run(["--quiet", "--return", "--command", "\(program) \(command)", "/dev/null"]).output
  }

  /// Why there is none, or nil.
  static let whyNone: String? = {
    let result = try? CommandRunner(program: "script", in: "/").run("--quiet", "--return", "--command", "true", "/dev/null")
    return result?.status == 0 ? nil : "the program script does not work here"
  }()
}

/// Says on standard output that a test does not run here, and why: a log must never look as if it had.
func announceSkipped(_ what: String, _ why: String) -> Bool {
  print("SKIPPED: \(what): \(why.split(whereSeparator: \.isNewline).joined(separator: " "))")
  return false
}
