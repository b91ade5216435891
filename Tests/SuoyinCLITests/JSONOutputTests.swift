// Does the JSON of `search`, `show`, `index`, `stats` and `check` keep the contract of docs/JSON.md?
import SuoyinTestKit
import Testing

@Suite struct JSONOutputTests {
  /// An index of an article with all facts and of rows, one with members of its own and one with hardly any facts.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("docs/条例.md", "# 促进条例\n第一条 政府应当支持企业。\n政府应当每年报告。\n")
    let rows = [
      #"{"id":"r1","title":"通知","article":"第三条","text":"政府\u0001 \"引\" \\ 号\n二行\t末","year":2020,"n":1.50,"list":[1, {"a":null}]}"#,
      #"{"id":"r2","text":"政府政府"}"#,
    ]
    try workspace.write("docs/rows.jsonl", rows.joined(separator: "\n"))
    try workspace.succeed("index", "docs")
    return workspace
  }

  @Test func `a hit has its members in order and leaves out absent facts`() throws {
    let hits = try Self.workspace().hits("政府")
    let named = Dictionary(uniqueKeysWithValues: hits.map { ($0["key"]?.text ?? "", $0) })
    #expect(hits.map { $0["rank"]?.integer } == [1, 2, 3] && hits.allSatisfy { $0["type"]?.text == "hit" })

    let article = try #require(named["条例.md#2"])
    let all = ["type", "rank", "score", "key", "file", "document", "title", "label", "citation", "text", "snippet", "highlights"]
    let expected = all.flatMap { $0 == "citation" ? [$0, "source"] : [$0] } + ["fields"]
    #expect(article.names == expected)
    #expect(article["source"]?.ranges == [25..<80] && article["fields"]?.names == ["kind", "place", "role"])
    #expect(article["file"]?.text == "条例.md" && article["title"]?.text == "促进条例" && article["label"]?.text == "第一条")
    #expect(article["citation"]?.text == "《促进条例》第一条")
    #expect(article["text"]?.text == "政府应当支持企业。\n政府应当每年报告。")
    #expect(article["snippet"] == article["text"])
    #expect(article.highlights == [0..<6, 28..<34] && article.highlightedTexts == ["政府", "政府"])

    let row = try #require(named["r1"])
    #expect(row.names == all + ["members"])
    #expect(row["text"]?.text == "政府\u{1} \"引\" \\ 号\n二行\t末")
    #expect(row["members"]?.names == ["year", "n", "list"] && row["members"]?["n"] == .number("1.50"))
    #expect(row["members"]?["list"] == .array([.number("1"), .object([.init(name: "a", value: .null)])]))

    let bare = try #require(named["r2"])
    #expect(bare.names == ["type", "rank", "score", "key", "file", "text", "snippet", "highlights"])
    #expect(bare.highlightedTexts == ["政府政府"], "ranges that touch are one")
  }

  @Test func `the summary has its members in order, and counts what the limit hides`() throws {
    let workspace = try Self.workspace()
    for (limit, hits) in [(0, 0), (2, 2), (10, 3)] {
      let result = try workspace.suoyin("search", "--json", "--limit", "\(limit)", "政府")
      let summary = try #require(result.lines.last.flatMap { JSON($0) })
      #expect(result.status == 0 && result.lines.count == hits + 1)
      let next = limit == 2 ? ["next"] : []
      #expect(summary.names == ["type", "hits", "total", "exact"] + next + ["microseconds"] && summary["type"]?.text == "summary")
      #expect(summary["hits"]?.integer == hits && summary["total"]?.integer == 3 && summary["exact"] == .bool(true))
      #expect(summary["microseconds"]?.integer ?? -1 >= 0)
    }
    let nothing = try workspace.suoyin("search", "--json", "鲲鹏")
    #expect(nothing.status == 1 && nothing.lines.count == 1 && JSON(nothing.lines[0])?["total"] == .number("0"))
  }

  @Test func `scores have the digits to be read back exactly, and descend`() throws {
    let workspace = try Workspace()
    try workspace.succeed("index", Workspace.seeds)
    let hits = try workspace.hits("--limit", "1000", "政府 制造业 用地 研发")
    let scores = hits.compactMap { $0["score"]?.real }
    #expect(scores.count == hits.count && hits.count > 150)
    #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
    for hit in hits {
      let score = try #require(hit["score"]?.real)
      // A score is a whole number of 2⁻²⁰: a digit too few would show.
      #expect((score * 1_048_576).rounded() == score * 1_048_576 && score > 0, "\(hit["score"]?.digits ?? "")")
    }
  }

  @Test func `a batch names the query in every line, in the order asked`() throws {
    let workspace = try Self.workspace()
    let queries = [#"{"id":"甲 1","text":"政府"}"#, "", #"{"id":7,"text":"鲲鹏","more":[]}"#, "\t", #"{"text":"\"每年报告\"","id":"c"}"#]
    let expected: [(query: String, types: [String])] = [
      ("甲 1", ["hit", "hit", "summary"]), ("7", ["summary"]), ("c", ["hit", "summary"]),
    ]
    try workspace.write("queries.jsonl", queries.joined(separator: "\r\n"))
    for source in ["queries.jsonl", "-"] {
      let input = source == "-" ? queries.joined(separator: "\n") : ""
      let result = try workspace.suoyin("search", "--json", "--limit", "2", "--queries", source, input: input)
      #expect(result.ending == .exited(0) && result.errors == "", "\(result)")
      let lines = try result.lines.map { try #require(JSON($0)) }
      #expect(lines.map { $0["query"]?.text ?? "" } == expected.flatMap { item in item.types.map { _ in item.query } })
      #expect(lines.map { $0["type"]?.text ?? "" } == expected.flatMap(\.types))
      #expect(lines.allSatisfy { Array($0.names.prefix(2)) == ["type", "query"] })
      let alone = try workspace.hits("--limit", "2", "政府")
      #expect(zip(lines, alone).allSatisfy { $0["key"] == $1["key"] && $0["score"] == $1["score"] && $0["highlights"] == $1["highlights"] })
    }
  }

  @Test func `--json and --format json are the same`() throws {
    let workspace = try Self.workspace()
    let first = try workspace.suoyin("search", "--json", "政府")
    let second = try workspace.suoyin("search", "--format", "json", "政府")
    #expect(first.lines.dropLast() == second.lines.dropLast() && first.lines.count == 4)
  }

  @Test func `show gives the stored values of passages in the order asked`() throws {
    let result = try Self.workspace().succeed("show", "--json", "r1", "条例.md#1", "r2")
    let lines = try result.lines.map { try #require(JSON($0)) }
    #expect(lines.map { $0["key"]?.text } == ["r1", "条例.md#1", "r2"])
    #expect(
      lines[0].names == ["type", "key", "file", "document", "title", "label", "text", "members"] && lines[0]["type"]?.text == "passage")
    #expect(lines[0]["text"]?.text == "政府\u{1} \"引\" \\ 号\n二行\t末")
    #expect(lines[2].names == ["type", "key", "file", "text"])
  }

  @Test func `index, stats and check report in one line each`() throws {
    let workspace = try Self.workspace()
    try workspace.write("more/a.txt", "第一段。\n第二段。\n")
    try workspace.write("more/b.pdf", "%PDF")
    try workspace.write("more/c.txt", [0xFF, 0x41])
    let index = try workspace.suoyin("index", "--json", "more", "docs")
    let committed = try #require(JSON(index.output.dropLast()))
    #expect(committed.names == ["type", "index", "sources", "unchanged", "rejected", "skipped", "added", "removed"])
    #expect(committed["type"]?.text == "committed" && committed["index"]?.text == "suoyin.index")
    let counts = ["sources", "unchanged", "rejected", "skipped", "added", "removed"].map { committed[$0]?.integer }
    #expect(counts == [4, 3, 1, 1, 2, 0] && index.status == 65)

    try workspace.succeed("delete", "r2")
    let stats = try #require(JSON(try workspace.succeed("stats", "--json").output.dropLast()))
    #expect(
      stats.names == [
        "type", "index", "commit", "analyzer", "policy_words", "user_words", "removed_words", "fingerprint", "fingerprint_matches",
        "tokenizer", "passages", "deleted", "sources", "segments", "terms", "bytes", "average_words", "average_cells",
      ])
    #expect(stats["passages"]?.integer == 5 && stats["fingerprint_matches"] == .bool(true) && stats["analyzer"]?.text == "chinese")

    let check = try #require(JSON(try workspace.succeed("check", "--json").output.dropLast()))
    #expect(check.names == ["type", "sound", "segments", "passages", "terms", "postings", "problems"])
    #expect(check["sound"] == .bool(true) && check["passages"]?.integer == 5 && check["problems"]?.elements == [])
  }
}
