// What happens when two processes want to write?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct LockTests {
  /// A writer that was stopped with the lock in its hands.
  private struct Holder {
    let process: Int32
    let command: RunningCommand
  }

  /// Starts to index what takes long, and stops the process when it has the lock.
  private func startHolder(_ workspace: Workspace) throws -> Holder {
    try workspace.write("long/long.txt", String(repeating: "政府采购需求标准一二三四五六七八九十。\n", count: 60_000))
    let command = try workspace.start(["index", "long"])
    let expected = "process \(command.process)"
    let deadline = Date.now + 60
    while try String(decoding: workspace.read("suoyin.index/write.lock"), as: UTF8.self) != expected {
      try #require(Date.now < deadline, "the writer never took the lock")
      usleep(1000)
    }
    command.send(SIGSTOP)
    return Holder(process: command.process, command: command)
  }

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "政府文件。\n企业文件。\n")
    try workspace.succeed("index", "docs")
    return workspace
  }

  @Test func `a second writer is told who writes, readers read on, and when the writer is killed the next one writes at once`() throws {
    let workspace = try workspace()
    let holder = try startHolder(workspace)
    let before = try workspace.keys("文件")
    try workspace.write("docs/b.txt", "新的文件。\n")
    let writers = [["index", "docs"], ["delete", "a.txt#1"], ["delete", "--file", "a.txt"], ["merge"]]
    for command in writers {
      let result = try workspace.run(command) { $0.timeout = .seconds(30) }
      expectFailure(result, 75, "the index is being written by process \(holder.process); try again when it is done")
      #expect(result.output == "")
    }
    #expect(try workspace.keys("文件") == before && before.count == 2)
    #expect(try workspace.suoyin("show", "a.txt#1").status == 0 && workspace.suoyin("stats").status == 0)
    try workspace.expectSound()

    holder.command.send(SIGKILL)
    #expect(try holder.command.wait().ending == .signalled(SIGKILL))
    let start = ContinuousClock.now
    #expect(try workspace.succeed("index", "docs").output.hasPrefix("committed suoyin.index: 1 passages added"))
    #expect(ContinuousClock.now - start < .seconds(20), "nothing waits for a lock")
    #expect(try workspace.keys("文件").count == 3)
    try workspace.expectSound()
    #expect(try workspace.names(in: "suoyin.index").filter { $0.hasPrefix("segment-") }.count == 2, "the killed writer's files are gone")
  }

  @Test(arguments: [SIGINT, SIGTERM]) func `a writer that is told to end leaves the index as it was, and the next one writes`(
    _ signal: Int32
  ) throws {
    let workspace = try workspace()
    let holder = try startHolder(workspace)
    let before = try workspace.keys("文件")
    holder.command.send(signal)
    holder.command.send(SIGCONT)
    #expect(try [.signalled(signal), .exited(128 + signal)].contains(holder.command.wait().ending))
    #expect(try workspace.keys("文件") == before && before.count == 2)
    try workspace.expectSound()
    try workspace.write("docs/b.txt", "新的文件。\n")
    #expect(try workspace.succeed("index", "docs").output.hasPrefix("committed suoyin.index: 1 passages added"))
    #expect(try workspace.keys("文件").count == 3)
    try workspace.expectSound()
    #expect(try workspace.names(in: "suoyin.index").filter { $0.hasPrefix("segment-") }.count == 2, "the ended writer's files are gone")
  }

  @Test func `a writer that was only stopped goes on and commits`() throws {
    let workspace = try workspace()
    let holder = try startHolder(workspace)
    #expect(try workspace.suoyin("merge").status == 75)
    holder.command.send(SIGCONT)
    let result = try holder.command.wait()
    #expect(result.ending == .exited(0) && result.output.hasPrefix("committed suoyin.index: 60000 passages added"), "\(result)")
    #expect(try workspace.keys("--limit", "1", "需求").count == 1)
  }

  @Test func `of writers that race one after another wins, and nothing is lost`() async throws {
    let workspace = try workspace()
    let count = 6
    for number in 0..<count { try workspace.write("in/\(number)/\(number).txt", "第\(number)份材料。\n") }
    let commands = try (0..<count).map { try workspace.start(["index", "in/\($0)"]) }
    let results = try commands.map { try $0.wait() }
    var winners: Set<String> = []
    for (number, result) in results.enumerated() {
      if result.status == 0 {
        winners.insert("\(number).txt#1")
      } else {
        expectFailure(result, 75, "the index is being written by ")
      }
    }
    #expect(!winners.isEmpty)
    #expect(try Set(workspace.keys("材料")) == winners)
    try workspace.expectSound()
  }

  @Test func `of processes that make the same index one after another wins, and nothing is lost`() throws {
    let workspace = try Workspace()
    let count = 6
    for number in 0..<count { try workspace.write("in/\(number)/\(number).txt", "第\(number)份材料。\n") }
    let commands = try (0..<count).map { try workspace.start(["index", "in/\($0)"]) }
    let results = try commands.map { try $0.wait() }
    let winners = results.indices.filter { results[$0].status == 0 }
    #expect(!winners.isEmpty && results.allSatisfy { [0, 73, 75].contains($0.status) && $0.errorLines.count <= 1 }, "\(results)")
    #expect(try Set(workspace.keys("材料")) == Set(winners.map { "\($0).txt#1" }))
    try workspace.expectSound()
  }

  @Test func `searches beside a writer see one commit whole`() throws {
    let workspace = try Workspace()
    // Versions of a file that share no passage: a mixture would show.
    let versions = [(name: "甲", count: 4), (name: "乙", count: 7)]
    for (name, count) in versions {
      try workspace.write("\(name)/a.txt", (1...count).map { "\(name)版第\($0)段。\n" }.joined())
    }
    try workspace.succeed("index", "甲")
    let program = "\(CommandRunner.productsFolder)/suoyin"
    let script = "for i in 1 2 3 4 5 6 7 8 9 10; do \(program) index 乙 && \(program) index 甲 || exit; done; touch done"
    let writer = try CommandRunner(program: "sh", in: workspace.directory).start(["-c", script])
    var seen: Set<String> = []
    var searches = 0
    while try !workspace.names(in: "").contains("done"), searches < 2000 {
      searches += 1
      let texts = try workspace.hits("--limit", "20", "\"版第\"").compactMap { $0["text"]?.text }
      let version = try #require(versions.first { texts.first?.hasPrefix($0.name) ?? false }, "\(texts)")
      #expect(texts.count == version.count && texts.allSatisfy { $0.hasPrefix(version.name) })
      seen.insert(version.name)
    }
    #expect(try writer.wait().ending == .exited(0))
    #expect(seen.count == 2 && searches > 5, "this test needs searches between commits: \(searches)")
  }

  @Test(.enabled(if: CommandRunner.whyNotTraced == nil || announceSkipped("a slow reader", CommandRunner.whyNotTraced ?? "")))
  func `a reader whose files are replaced while it opens them reads the newest commit`() throws {
    let workspace = try workspace()
    let segment = workspace.path("suoyin.index/segment-1")
    let reader = try workspace.start(["search", "--index", workspace.path("suoyin.index"), "--format", "trec", "文件"]) { runner in
      runner = runner.traced(["-o", "trace", "-P", segment, "-e", "trace=openat", "-e", "inject=openat:delay_enter=3s"])
    }
    let deadline = Date.now + 60
    // The line of a call that is held up is begun when it enters.
    while (try? workspace.read("trace").isEmpty) ?? true {
      try #require(Date.now < deadline, "the reader never opened \(segment)")
      usleep(1000)
    }
    try workspace.write("docs/a.txt", "新的文件。\n")
    try workspace.succeed("index", "docs")
    #expect(try workspace.names(in: "suoyin.index") == ["commit", "segment-2", "write.lock"])
    let result = try reader.wait()
    #expect(result.ending == .exited(0) && result.lines.count == 1 && result.errors == "", "\(result)")
  }
}
