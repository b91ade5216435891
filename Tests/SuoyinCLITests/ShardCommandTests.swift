// Can a large index be built in parts on the command line, and published as one?
import SuoyinTestKit
import Testing

@Suite struct ShardCommandTests {
  /// Files, rows and tables, with a file and a row that cannot be read when `isFlawed`.
  private func makeDocuments(_ workspace: Workspace, isFlawed: Bool = false) throws {
    for number in 0..<12 {
      try workspace.write("docs/\(number).md", "# 第\(number)号办法\n\n第一条 为了规范采购，制定本办法。\n\n第二条 本办法自公布之日起施行。\n")
    }
    let rows = (0..<20).map { #"{"id":"r\#($0)","title":"通知","text":"请各单位遵照执行第\#($0)号办法。","issuer":"办公室"}"# }
    try workspace.write("docs/rows.jsonl", rows.joined(separator: "\n") + (isFlawed ? "\nno JSON\n" : "\n"))
    try workspace.write("docs/table.csv", "id,title,text\nt1,采购,规范采购行为\nt2,施行,公布之日\n")
    if isFlawed { try workspace.write("docs/broken.txt", [0x47, 0xFF, 0xFF]) }
  }

  private func build(_ workspace: Workspace, _ count: Int, _ options: String..., status: Int32 = 0) throws -> [JSON] {
    try (1...count).map { number in
      let result = try workspace.run(["shard", "build", "--shard", "\(number)/\(count)", "--out", "shards", "--json", "docs"] + options)
      #expect(result.status == status, "\(result)")
      return try #require(JSON(result.output.dropLast()))
    }
  }

  @Test(arguments: [1, 2, 4]) func `an index of shards answers as one of the same files, and follows them afterwards`(count: Int) throws {
    let workspace = try Workspace()
    try makeDocuments(workspace)
    try workspace.succeed("index", "docs")
    try workspace.succeed("merge")
    let built = try build(workspace, count)
    #expect(built.allSatisfy { $0["new"] == .bool(true) && $0["of"]?.integer == count })
    #expect(built.reduce(0) { $0 + ($1["sources"]?.integer ?? 0) } == 34)
    #expect(try build(workspace, count).map { $0["path"] } == built.map { $0["path"] }, "the same names again")
    #expect(try workspace.names(in: "shards").count == count + 1, "the shards and the lock")
    let published = try workspace.succeed("shard", "commit", "--index", "set.index", "shards", "--json")
    let line = try #require(JSON(published.output.dropLast()))
    #expect(line["changed"] == .bool(true) && line["shards"]?.integer == count && line["removed"]?.integer == 0)
    try workspace.expectSound("set.index")
    for query in ["采购办法", "施行", "\"本办法自公布\"", "第3号办法", "title:通知 执行", "通知 OR 采购"] {
      let one = try workspace.suoyin("search", "--json", "--limit", "100", query)
      let set = try workspace.suoyin("search", "--index", "set.index", "--json", "--limit", "100", query)
      func masked(_ result: CommandResult) -> [String] { result.lines.filter { !$0.contains(#""type":"summary""#) }.map(String.init) }
      #expect(masked(one) == masked(set) && masked(one).count > 1, "\(query)")
    }
    let again = try workspace.succeed("shard", "commit", "--index", "set.index", "shards")
    #expect(again.output == "unchanged set.index: it consists of these \(count) shards\n")

    let unchanged = try workspace.succeed("index", "--index", "set.index", "docs")
    #expect(unchanged.output == "committed set.index: 0 passages added, 0 removed, 34 sources read, 34 of them unchanged\n")
    try workspace.write("docs/3.md", "# 第3号办法\n\n第一条 改过的办法。\n")
    let changed = try workspace.succeed("index", "--index", "set.index", "docs")
    #expect(changed.output == "committed set.index: 2 passages added, 3 removed, 34 sources read, 33 of them unchanged\n")
    try workspace.succeed("delete", "--index", "set.index", "--file", "5.md")
    try workspace.succeed("merge", "--index", "set.index")
    try workspace.expectSound("set.index")
  }

  @Test func `what cannot be read is named, and the rest is a shard`() throws {
    let workspace = try Workspace()
    try makeDocuments(workspace, isFlawed: true)
    let results = try (1...2).map { try workspace.suoyin("shard", "build", "--shard", "\($0)/2", "--out", "shards", "docs") }
    #expect(results.allSatisfy { $0.status == 65 && $0.errors.contains("docs/rows.jsonl:21: not JSON") }, "\(results)")
    #expect(results.count { $0.errors.contains("docs/broken.txt") } == 1, "a file is read by its shard alone")
    #expect(try workspace.succeed("shard", "commit", "shards").output == "committed suoyin.index: 58 passages added, 0 removed, 2 shards\n")
    try workspace.expectSound()
  }

  @Test func `mistakes are refused with what to do`() throws {
    let workspace = try Workspace()
    try makeDocuments(workspace)
    expectFailure(try workspace.suoyin("shard", "build", "--shard", "3/2", "--out", "shards", "docs"), 2, "3/2")
    let pinyin = try workspace.suoyin("shard", "build", "--shard", "1/2", "--out", "shards", "--pinyin", "x", "docs")
    expectFailure(pinyin, 2, "no text field 'x'")
    expectFailure(try workspace.suoyin("shard", "build", "--shard", "1/2", "--out", "shards", "gone"), 66, "gone")
    expectFailure(try workspace.suoyin("shard", "build", "--shard", "1/2", "--out", "none/shards", "docs"), 73, "none/shards")
    #expect(try workspace.names(in: "") == ["docs"], "nothing was made")
    try workspace.succeed("shard", "build", "--shard", "1/2", "--out", "shards", "docs")
    expectFailure(try workspace.suoyin("shard", "commit", "shards"), 2, "of 2 shards 2 is missing")
    expectFailure(try workspace.suoyin("shard", "commit", "docs"), 66, "there is no shard in docs")
    expectFailure(try workspace.suoyin("shard", "commit", "gone"), 66, "there is no directory gone")
    try workspace.succeed("shard", "build", "--shard", "2/2", "--out", "other", "--label", "issuer", "docs")
    expectFailure(try workspace.suoyin("shard", "commit", "shards", "other"), 2, "different options for reading files")
    #expect(try workspace.names(in: "").contains("suoyin.index") == false)
  }
}
