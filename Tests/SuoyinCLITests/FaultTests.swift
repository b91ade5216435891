// Does an error of the operating system ever damage an index, hang the program or go unsaid?
//
// Promise P4. SUOYIN_FAULTS sets how many faults are tried; scripts/torture tries thousands.
import SuoyinTestKit
import Testing

@Suite(.enabled(if: CommandRunner.whyNotTraced == nil || announceSkipped("P4, faults of system calls", CommandRunner.whyNotTraced ?? "")))
struct FaultTests {
  private struct Fault {
    var call: ScriptedRun.Call
    var error: String
    /// Whether all later calls of the name fail too.
    var isSticky: Bool

    /// Whether data may be missing from the disk then: whatever the command does, it must not call it done.
    var mustBeFatal: Bool {
      switch call.name {
      case "write": error != "EINTR" && !call.text.contains("write.lock")
      case "fsync", "fdatasync", "rename", "renameat", "renameat2", "mkdir", "mkdirat": true
      default: false
      }
    }
  }

  @Test func `a failed call leaves the old contents or the new ones, says what failed and ends`() throws {
    let run = try ScriptedRun()
    // Neighbours get different errors, so that a small sample has some of each. An EINTR that never ends is no system's.
    let kinds = [("ENOSPC", false), ("EIO", true), ("EMFILE", false), ("EIO", false), ("ENOSPC", true), ("EINTR", false), ("EROFS", true)]
    // From there on, files to be indexed could not be opened either: another test does that. And a call that fails here is not made at all,
    // but Linux closes a file whatever `close` says: a lock that stayed would be no fault of ours.
    let single = ["open", "openat", "fstat", "newfstatat", "close"]
    let calls = run.calls.filter { $0.name != "close" || !$0.text.contains("write.lock") }
    let all = kinds.indices.flatMap { shift in
      calls.enumerated().map { index, call in
        let (error, isSticky) = kinds[(index + shift) % kinds.count]
        return Fault(call: call, error: error, isSticky: isSticky && !single.contains(call.name))
      }
    }
    let faults = ScriptedRun.spread(setting("SUOYIN_FAULTS", default: 60), over: all, \.call)
    var figures = Figures()
    var endings: [Int32: Int] = [:]
    for fault in faults {
      var outcome = try run.disturb(fault.call, "error=\(fault.error)", sticky: fault.isSticky)
      check(fault, &outcome)
      endings[outcome.result.status ?? -1, default: 0] += 1
      figures.count(outcome, "\(fault.error)\(fault.isSticky ? " from there on" : "") at \(fault.call)")
    }
    let statuses = endings.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }.joined(separator: ", ")
    print("P4: \(faults.count) faults of \(all.count): \(figures); ended \(statuses)")
  }

  /// What the user sees of a fault, and whether the index may have changed.
  private func check(_ fault: Fault, _ outcome: inout ScriptedRun.Outcome) {
    let result = outcome.result
    guard let status = result.status else { return outcome.note("it did not end by itself") }
    let errors = result.errorLines.filter { !$0.hasPrefix("suoyin: warning: ") }
    if status == 0 {
      if !errors.isEmpty { outcome.note("done, with an error") }
      if fault.mustBeFatal { outcome.note("done, though data may not be on the disk") }
      return
    }
    if status != 74, !(status == 73 && fault.call.command == 0) { outcome.note("the status must be 74, or 73 where the index is made") }
    // When nothing can be written any more, the error cannot be either.
    let count = fault.call.name == "write" && fault.isSticky ? 0 : 1
    if errors.count != count || !errors.allSatisfy({ $0.hasPrefix("suoyin: error: ") }) { outcome.note("not one line of error") }
    if outcome.isNew, !fault.call.isAfterRenaming { outcome.note("the new contents are there, though the commit cannot have been renamed") }
  }

  @Test(arguments: ["EIO", "EMFILE"])
  func `a file that cannot be read keeps its old passages, and the others are indexed`(_ error: String) throws {
    let workspace = try Workspace()
    try workspace.write("old/a.txt", "甲的旧文件。\n")
    try workspace.write("old/b.txt", "乙的旧文件。\n")
    try workspace.write("new/a.txt", "甲的新文件。\n")
    try workspace.write("new/b.txt", "乙的新文件。\n")
    try workspace.succeed("index", "old")
    let path = workspace.path("new/a.txt")
    let result = try workspace.run(["index", workspace.path("new")]) { runner in
      runner = runner.traced(["-o", "/dev/null", "-P", path, "-e", "inject=\(error == "EIO" ? "read" : "openat"):error=\(error):when=1"])
    }
    #expect(result.ending == .exited(65) && result.output.contains(": 1 passages added, 1 removed"), "\(result)")
    #expect(result.errorLines.count == 1 && result.errors.hasPrefix("suoyin: rejected: \(path): "), "\(result)")
    #expect(try workspace.keys("\"甲的旧\"") == ["a.txt#1"] && workspace.keys("\"乙的新\"") == ["b.txt#1"])
  }

  @Test(arguments: ["openat", "mmap"])
  func `a search that cannot read the index says so`(_ call: String) throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n")
    try workspace.succeed("index", "docs")
    for (file, command) in [("commit", "search"), ("segment-1", "search"), ("segment-1", "check"), ("segment-1", "show")] {
      let path = workspace.path("suoyin.index/\(file)")
      let arguments = [command, "--index", workspace.path("suoyin.index")] + (command == "check" ? [] : ["a.txt#1"])
      let result = try workspace.run(arguments) { runner in
        runner = runner.traced(["-o", "/dev/null", "-P", path, "-e", "trace=\(call)", "-e", "inject=\(call):error=EIO:when=1"])
      }
      expectFailure(result, 74, "\(path): Input/output error")
    }
  }
}
