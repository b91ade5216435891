// Does an index follow the files when they are indexed again, and lose what it is told to?
import SuoyinTestKit
import Testing

@Suite struct ReindexingTests {
  /// The line `committed` of an index run: passages added and removed, sources read, unchanged and rejected.
  private struct Committed: Equatable {
    var added = 0
    var removed = 0
    var sources = 0
    var unchanged = 0
    var rejected = 0
  }

  private func index(_ workspace: Workspace, _ paths: String..., status: Int32 = 0) throws -> Committed {
    let result = try workspace.run(["index", "--json"] + paths)
    #expect(result.ending == .exited(status), "\(result)")
    let line = try #require(JSON(result.output.dropLast()))
    func count(_ name: String) -> Int { line[name]?.integer ?? -1 }
    try workspace.expectSound()
    return Committed(
      added: count("added"), removed: count("removed"), sources: count("sources"), unchanged: count("unchanged"),
      rejected: count("rejected"))
  }

  @Test func `unchanged files are kept, and nothing is committed for them`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n乙的文件。\n")
    try workspace.write("docs/rows.jsonl", #"{"id":"r","text":"丙的文件"}"#)
    #expect(try index(workspace, "docs") == Committed(added: 3, sources: 2))
    let commit = try workspace.read("suoyin.index/commit")
    #expect(try index(workspace, "docs") == Committed(sources: 2, unchanged: 2))
    #expect(try workspace.read("suoyin.index/commit") == commit)
    try workspace.write("docs/a.txt", "甲的文件。\n戊的文件。\n")
    #expect(try index(workspace, "docs") == Committed(added: 2, removed: 2, sources: 2, unchanged: 1))
    #expect(try workspace.keys("\"乙的\"") == [] && workspace.keys("\"戊的\"") == ["a.txt#2"] && workspace.keys("\"丙的\"") == ["r"])
  }

  @Test func `a file that shrank leaves no stale passage`() throws {
    let workspace = try Workspace()
    let lines = (1...20).map { "第\($0)段说明文字。\n" }
    try workspace.write("docs/a.txt", lines.joined())
    #expect(try index(workspace, "docs").added == 20)
    try workspace.write("docs/a.txt", lines[..<3].joined())
    #expect(try index(workspace, "docs") == Committed(added: 3, removed: 20, sources: 1))
    #expect(Set(try workspace.keys("说明文字")) == ["a.txt#1", "a.txt#2", "a.txt#3"])
    expectFailure(try workspace.suoyin("show", "a.txt#4"), 1, "there is no passage 'a.txt#4'")
  }

  @Test func `a file that became empty loses all its passages, with a warning`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n")
    try workspace.write("docs/b.txt", "乙的文件。\n")
    _ = try index(workspace, "docs")
    try workspace.write("docs/a.txt", "")
    let result = try workspace.suoyin("index", "docs")
    #expect(result.status == 0 && result.errors == "suoyin: warning: docs/a.txt: no text in this file\n")
    #expect(result.output == "committed suoyin.index: 0 passages added, 1 removed, 2 sources read, 1 of them unchanged\n")
    #expect(try workspace.keys("的文件") == ["b.txt#1"])
  }

  @Test func `a file that became unreadable keeps its passages`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n")
    _ = try index(workspace, "docs")
    try workspace.write("docs/a.txt", [0xFF, 0x00])
    try workspace.write("docs/b.txt", "乙的文件。\n")
    #expect(try index(workspace, "docs", status: 65) == Committed(added: 1, sources: 1, rejected: 1))
    #expect(try Set(workspace.keys("的文件")) == ["a.txt#1", "b.txt#1"])
  }

  @Test func `a file that is gone stays until its name is deleted`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n又一段。\n")
    try workspace.write("docs/b.txt", "乙的文件。\n")
    _ = try index(workspace, "docs")
    try workspace.remove("docs/a.txt")
    #expect(try index(workspace, "docs") == Committed(sources: 1, unchanged: 1))
    #expect(try Set(workspace.keys("的文件")) == ["a.txt#1", "b.txt#1"])
    #expect(try workspace.succeed("delete", "--file", "a.txt").output == "committed suoyin.index: 2 passages removed\n")
    #expect(try workspace.keys("的文件") == ["b.txt#1"] && workspace.keys("又一段") == [])
    try workspace.expectSound()
  }

  @Test func `passages are deleted by key, those that are there though others are not`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n乙的文件。\n丙的文件。\n")
    _ = try index(workspace, "docs")
    let result = try workspace.suoyin("delete", "a.txt#1", "a.txt#9", "a.txt#3")
    #expect(result.output == "committed suoyin.index: 2 passages removed\n")
    expectFailure(result, 1, "there is no passage 'a.txt#9'")
    #expect(try workspace.keys("的文件") == ["a.txt#2"])
    try workspace.expectSound()
    #expect(try workspace.succeed("delete", "--file", "a.txt").output == "committed suoyin.index: 1 passages removed\n")
    #expect(try workspace.suoyin("search", "文件").status == 1)
  }

  @Test func `a file can come back after it was deleted`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n")
    _ = try index(workspace, "docs")
    try workspace.succeed("delete", "--file", "a.txt")
    #expect(try index(workspace, "docs") == Committed(added: 1, sources: 1))
    #expect(try workspace.keys("文件") == ["a.txt#1"])
  }

  @Test func `merge drops what deleted passages take up, and changes no answer`() throws {
    let workspace = try Workspace()
    for number in 0..<5 {
      try workspace.write("docs/\(number).txt", "第\(number)份说明文件。\n政府采购。\n")
      _ = try index(workspace, "docs")
    }
    try workspace.succeed("delete", "--file", "2.txt")
    let queries = ["说明文件", "政府 采购", "\"第3份\""]
    let before = try queries.map { try workspace.hits($0) }
    func stats() throws -> JSON { try #require(JSON(try workspace.succeed("stats", "--json").output.dropLast())) }
    let old = try stats()
    #expect(old["segments"]?.integer ?? 0 > 1 && old["passages"]?.integer == 8)
    #expect(try workspace.succeed("merge").output.hasPrefix("committed suoyin.index: 8 passages, "))
    let new = try stats()
    #expect(new["segments"]?.integer == 1 && new["deleted"]?.integer == 0 && new["passages"]?.integer == 8)
    #expect(new["bytes"]?.integer ?? .max < old["bytes"]?.integer ?? 0)
    #expect(try queries.map { try workspace.hits($0) } == before && before.allSatisfy { !$0.isEmpty })
    #expect(try workspace.names(in: "suoyin.index").count == 3, "commit, lock and one segment")
    try workspace.expectSound()
    let commit = try workspace.read("suoyin.index/commit")
    try workspace.succeed("merge")
    #expect(try workspace.read("suoyin.index/commit") == commit, "a merged index is left as it is")
  }

  @Test func `one passage stands for a key, whichever file a row comes from`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.jsonl", #"{"id":"x","text":"甲版"}"# + "\n" + #"{"id":"x","text":"乙版"}"# + "\n" + #"{"id":"y","text":"丙版"}"#)
    try workspace.write("docs/b.jsonl", #"{"id":"y","text":"丁版"}"#)
    let first = try workspace.suoyin("index", "docs")
    #expect(first.status == 65, "\(first)")
    #expect(first.output == "committed suoyin.index: 2 passages added, 0 removed, 4 sources read, 2 rejected\n")
    #expect(
      first.errors == """
        suoyin: rejected: docs/a.jsonl:2: 'x' was already read in this run; the first one stands
        suoyin: rejected: docs/b.jsonl:1: 'y' was already read in this run; the first one stands

        """)
    #expect(try workspace.keys("甲版 乙版").count == 2 && workspace.keys("\"甲版\"") == ["x"] && workspace.keys("\"丁版\"") == [])
    #expect(try index(workspace, "docs/b.jsonl") == Committed(added: 1, removed: 1, sources: 1))
    #expect(try workspace.keys("\"丁版\"") == ["y"] && workspace.keys("\"丙版\"") == [])
  }

  @Test func `a row does not silently take the passage of a file`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "甲的文件。\n乙的文件。\n")
    try workspace.write("docs/rows.jsonl", #"{"id":"a.txt#1","text":"丙的行"}"#)
    let result = try workspace.suoyin("index", "docs")
    #expect(result.status == 65 && result.errorLines.count == 1, "\(result)")
    #expect(result.errors.hasPrefix("suoyin: rejected: docs/rows.jsonl:1: "), "\(result)")
    #expect(try workspace.keys("\"甲的\"") == ["a.txt#1"] && workspace.keys("\"丙的行\"") == [])
    try workspace.expectSound()
  }

  @Test func `two folders whose files have the same names are refused, and one that holds both is not`() throws {
    let workspace = try Workspace()
    try workspace.write("all/2023/通知.txt", "去年的通知。\n")
    try workspace.write("all/2024/通知.txt", "今年的通知。\n")
    let result = try workspace.suoyin("index", "all/2023", "all/2024")
    expectFailure(result, 2, "two files would both be named 通知.txt: all/2023/通知.txt and all/2024/通知.txt")
    #expect(try workspace.names(in: "") == ["all"], "nothing was made")
    #expect(try index(workspace, "all") == Committed(added: 2, sources: 2))
    #expect(try Set(workspace.keys("通知")) == ["2023/通知.txt#1", "2024/通知.txt#1"])
    #expect(try index(workspace, "all", "all") == Committed(sources: 2, unchanged: 2), "the same folder twice is harmless")
  }

  @Test func `other names for the members of rows are options`() throws {
    let workspace = try Workspace()
    try workspace.write("rows.jsonl", #"{"no":7,"name":"标题","part":"第一节","body":"正文","id":"other","text":"别的"}"#)
    try workspace.succeed("index", "--key", "no", "--title", "name", "--label", "part", "--text", "body", "rows.jsonl")
    let passage = try #require(JSON(try workspace.succeed("show", "--json", "7").output.dropLast()))
    #expect(["title", "label", "text"].map { passage[$0]?.text } == ["标题", "第一节", "正文"])
    #expect(passage["members"] == .object([.init(name: "id", value: .string("other")), .init(name: "text", value: .string("别的"))]))
  }
}
