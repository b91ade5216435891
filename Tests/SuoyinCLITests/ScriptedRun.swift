// In which states may an index be when a script of commands that change it is cut short somewhere?
internal import Foundation
import SuoyinTestKit
import Testing

/// A script of commands that was run once undisturbed: what the index holds before and after each, and the system calls made for it.
struct ScriptedRun {
  /// A system call of a command that touches the index or answers to the user.
  struct Call: CustomStringConvertible {
    var command: Int
    var name: String
    /// The number among all calls of this name in the command, from 1.
    var ordinal: Int
    /// Whether the new contents can be visible when the call fails: it comes after the renaming of the commit.
    var isAfterRenaming: Bool
    /// As strace shows it.
    var text: String

    /// Whether the call changes what is on the disk or in the user's hands, or makes it durable.
    var isChange: Bool {
      switch name {
      case "open", "openat": text.contains("O_CREAT")
      case "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "mkdir", "mkdirat": true
      default: name.hasPrefix("rename")
      }
    }

    var description: String { "command \(command), \(name) number \(ordinal): \(text)" }
  }

  /// What is found and shown of an index; nil where there is none.
  typealias Contents = String?

  let workspace: Workspace
  private(set) var calls: [Call] = []
  /// What the index holds before each command, and after the last.
  private var contents: [Contents] = []
  /// The files of the index, likewise.
  private var files: [[String]] = []
  /// How long each command took.
  private var durations: [Duration] = []
  /// What an index without passages holds.
  private var emptyContents: Contents = nil

  /// Makes and replaces, shrinks and empties, adds and deletes; adds segments until the merge policy is at work; merges all.
  private static let commands: [[String]] =
    [
      ["index", "first"], ["index", "second"], ["delete", "law.md#2", "row-1"], ["delete", "--file", "notes.txt"],
      ["dict", "add", "共同的话", "各级政府"],
      ["index", "first"], ["dict", "remove", "共同的话"],
    ]
    + (1...13).map { ["index", "more/\($0)"] } + [["delete", "more-3.txt#1"], ["merge"], ["index", "second"]]

  var commandCount: Int { Self.commands.count }

  private static func writeInput(_ workspace: Workspace) throws {
    func passages(_ name: String, _ count: Int) -> String { (1...count).map { "共同的话，\(name)第\($0)段，政府与企业。\n" }.joined() }
    let articles = (1...6).map { "第\($0)条 共同的话，各级政府应当支持企业第\($0)号项目。\n" }
    try workspace.write("first/law.md", "# 共同条例\n" + articles.joined())
    try workspace.write("first/notes.txt", passages("笔记", 5))
    try workspace.write("first/old.txt", passages("旧文", 3))
    try workspace.write("first/rows.jsonl", (1...4).map { #"{"id":"row-\#($0)","text":"共同的话，第\#($0)行"}"# }.joined(separator: "\n"))
    try workspace.write("second/law.md", "# 共同条例\n" + articles[..<2].joined())
    try workspace.write("second/notes.txt", passages("笔记", 5))
    try workspace.write("second/old.txt", "")
    try workspace.write("second/new.md", "# 共同的新文件\n" + passages("新文", 4))
    try workspace.write("second/rows.jsonl", (2...6).map { #"{"id":"row-\#($0)","text":"共同的话，第\#($0)行改了"}"# }.joined(separator: "\n"))
    for number in 1...13 { try workspace.write("more/\(number)/more-\(number).txt", passages("增补\(number)", 2)) }
  }

  /// Every key that is in the index at some time.
  private static let keys =
    (1...7).map { "law.md#\($0)" } + (1...5).map { "notes.txt#\($0)" } + (1...3).map { "old.txt#\($0)" } + (1...5).map { "new.md#\($0)" }
    + (1...6).map { "row-\($0)" } + (1...13).flatMap { ["more-\($0).txt#1", "more-\($0).txt#2"] }

  init() throws {
    workspace = try Workspace()
    try Self.writeInput(workspace)
    try workspace.write("empty/nothing.txt", "")
    _ = try workspace.suoyin("index", "empty")
    emptyContents = try currentContents()
    try workspace.remove("suoyin.index")

    for command in Self.commands.indices {
      try saveState(before: command)
      let start = ContinuousClock.now
      let result = try workspace.run(Self.commands[command]) { $0 = $0.traced(["-y", "-e", "trace=%file,%desc", "-o", "trace"]) }
      durations.append(ContinuousClock.now - start)
      try #require(result.status == 0 && result.output.hasPrefix("committed "), "\(Self.commands[command]): \(result)")
      calls += Self.calls(of: command, in: String(decoding: try workspace.read("trace"), as: UTF8.self))
    }
    try saveState(before: Self.commands.count)
    for command in Self.commands.indices where Self.commands[command] != ["merge"] {
      try #require(contents[command] != contents[command + 1], "each command must change something")
    }
  }

  private mutating func saveState(before command: Int) throws {
    contents.append(try currentContents())
    files.append(contents.last! == nil ? [] : try workspace.names(in: "suoyin.index"))
    if contents.last! != nil { try workspace.copy("suoyin.index", to: "states/\(command)") } else { try workspace.write("states/none", "") }
  }

  private static func calls(of command: Int, in trace: String) -> [Call] {
    var counts: [String: Int] = [:]
    var calls: [Call] = []
    let lines = trace.split(separator: "\n")
    let renaming = lines.lastIndex { $0.contains("suoyin.index/commit.new") && $0.contains("rename") } ?? lines.endIndex
    for (index, line) in lines.enumerated() {
      // 4711  fsync(4</tmp/…/suoyin.index>) = 0
      guard let match = line.firstMatch(of: /^[0-9]+ +([a-z0-9_]+)\(/) else { continue }
      let name = String(match.1)
      counts[name, default: 0] += 1
      guard name != "execve", line.contains("suoyin.index") || line.contains("write(1<") else { continue }
      let text = String(line[match.range.upperBound...].prefix(120))
      calls.append(Call(command: command, name: name, ordinal: counts[name] ?? 0, isAfterRenaming: index > renaming, text: text))
    }
    return calls
  }

  /// About `count` of the elements, spread over all of them.
  ///
  /// Most are calls that change something on the disk, if there are enough: between two of those, one place is as good as another.
  static func spread<T>(_ count: Int, over all: [T], _ call: (T) -> Call) -> [T] {
    if count >= all.count { return all }
    func pick(_ count: Int, _ list: [T]) -> [T] { (0..<min(count, list.count)).map { list[$0 * list.count / min(count, list.count)] } }
    let changing = pick(count * 3 / 4, all.filter { call($0).isChange })
    return changing + pick(count - changing.count, all.filter { !call($0).isChange })
  }

  // MARK: Looking at the index

  /// What the index holds now: the answer to a query that every passage matches, with scores, and every passage by its key.
  private func currentContents() throws -> Contents {
    let search = try workspace.suoyin("search", "--json", "--limit", "1000", "共同")
    if search.status == 66 { return nil }
    let show = try workspace.run(["show", "--json"] + Self.keys)
    try #require([0, 1].contains(search.status) && search.errors == "" && [0, 1].contains(show.status), "\(search)\n\(show)")
    // The summary ends in the time that the search took.
    return search.output.replacing(/"microseconds":[0-9]+/, with: "") + show.output
  }

  // MARK: Disturbing

  /// What became of a command that was disturbed.
  struct Outcome {
    var result: CommandResult
    /// What is wrong, each in a sentence.
    var problems: [String] = []
    var isUnopenable = false
    var isLost = false
    /// Whether the index holds what it should after the command, and did not before.
    var isNew = false

    mutating func note(_ problem: String) { problems.append(problem) }
  }

  private func restore(_ command: Int) throws {
    if contents[command] != nil {
      try workspace.copy("states/\(command)", to: "suoyin.index")
    } else if try workspace.names(in: "").contains("suoyin.index") {
      try workspace.remove("suoyin.index")
    }
  }

  /// Runs the command of a call from the state before it, with a disturbance at that call.
  ///
  /// - Parameter injection: What strace does there: `signal=KILL:when=`, `error=EIO:when=`.
  func disturb(_ call: Call, _ injection: String, sticky: Bool = false) throws -> Outcome {
    try restore(call.command)
    let when = "\(call.ordinal)\(sticky ? "+" : "")"
    let result = try workspace.run(Self.commands[call.command]) { runner in
      runner = runner.traced(["-o", "/dev/null", "-e", "trace=\(call.name)", "-e", "inject=\(call.name):\(injection):when=\(when)"])
      runner.timeout = .seconds(60)
    }
    return try verify(call.command, result)
  }

  /// Runs a command from the state before it and ends it by a signal after a part of the time that it takes.
  func kill(_ command: Int, by signal: Int32 = SIGKILL, after part: Double) throws -> Outcome {
    try restore(command)
    let running = try workspace.start(Self.commands[command])
    usleep(UInt32(durations[command] * part / .microseconds(1)))
    running.send(signal)
    return try verify(command, running.wait())
  }

  /// Checks what a disturbed command has left: one of two states whole, the new one when that was acknowledged; and that the command can be
  /// run again.
  private func verify(_ command: Int, _ result: CommandResult) throws -> Outcome {
    var outcome = Outcome(result: result)
    let old = contents[command]
    let new = contents[command + 1]
    let isAcknowledged = result.output.contains("committed") || result.status == 0
    let found: Contents
    do {
      found = try currentContents()
      let check = try workspace.suoyin("check")
      if check.status != (found == nil ? 66 : 0) { outcome.note("check: \(check)") }
    } catch {
      outcome.isUnopenable = true
      outcome.note("the index cannot be read: \(error)")
      return outcome
    }
    if isAcknowledged, found != new {
      outcome.isLost = true
      outcome.note("what was acknowledged is not there")
    } else if found != old, found != new, !(old == nil && found == emptyContents) {
      outcome.isLost = true
      outcome.note("the index holds neither what it held before nor what it should hold after")
    }
    outcome.isNew = found == new && old != new

    let again = try workspace.run(Self.commands[command])
    // To delete what is deleted finds nothing.
    let deletes = Self.commands[command][0] == "delete" || Self.commands[command].starts(with: ["dict", "remove"])
    let status: Int32 = deletes && found == new ? 1 : 0
    if again.status != status { outcome.note("run again: \(again)") }
    if try currentContents() != new { outcome.note("run again, it does not give what it should") }
    if try workspace.suoyin("check").status != 0 { outcome.note("run again, it leaves a damaged index") }
    let files = try workspace.names(in: "suoyin.index")
    if files != self.files[command + 1] { outcome.note("run again, it leaves \(files) and not \(self.files[command + 1])") }
    return outcome
  }
}
