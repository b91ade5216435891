// Are results grouped, sorted, filtered, counted, paged and written as docs/CommandLine.md says?
import SuoyinTestKit
import Testing

@Suite struct SearchResultTests {
  /// Two laws with versions, a file of two documents, a file without a title, and rows, some of which are reprints.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    func law(_ name: String, _ year: Int, _ articles: Int) -> String {
      "\(name)\n（\(year)年6月1日某市第九届人民代表大会常务委员会第二次会议通过）\n"
        + (1...articles).map { "第\(["一", "二", "三", "四", "五", "六"][$0 - 1])条 政府应当支持企业发展，第\($0)项措施另行规定。\n" }.joined()
    }
    try workspace.write("docs/a.txt", law("某市企业促进条例", 2021, 6))
    try workspace.write("docs/b.txt", law("某市企业发展条例", 2023, 4))
    try workspace.write("docs/notes.txt", "企业的笔记。\n\n关于政府与企业的一段话，没有标题。\n")
    let rows = [
      #"{"id":"r1","title":"企业办法","label":"第一条","text":"企业依法经营。"}"#,
      #"{"id":"r2","title":"企业办法汇编","label":"第一条","text":"企业，依法经营"}"#,
      #"{"id":"r3","title":"企业办法（转载）","text":"企业 依法\n经营！"}"#, #"{"id":"r4","text":"=企业,\"公式\""}"#, #"{"id":"r5","text":"企业与市场"}"#,
    ]
    try workspace.write("docs/rows.jsonl", rows.joined(separator: "\n"))
    try workspace.succeed("index", "docs")
    return workspace
  }

  private static func lines(_ workspace: Workspace, _ arguments: String...) throws -> [String] {
    let result = try workspace.run(["search"] + arguments)
    #expect(result.ending == .exited(0) && result.errors == "", "\(arguments): \(result)")
    return result.lines.map(String.init)
  }

  private static func summary(_ workspace: Workspace, _ arguments: String...) throws -> JSON {
    let last = try workspace.run(["search", "--json"] + arguments).lines.last
    return try #require(last.flatMap { JSON($0) })
  }

  // MARK: Documents

  @Test func `passages stand under their document, the best first, and how many more there are`() throws {
    let workspace = try Self.workspace()
    let lines = try Self.lines(workspace, "支持企业", "--passages", "2")
    let headings = lines.filter { $0.contains(#/^[0-9]+\. /#) }
    #expect(headings.count == Set(headings).count && headings.contains { $0.hasSuffix("《某市企业促进条例》（2021-06-01）") })
    let place = try #require(lines.firstIndex { $0.hasSuffix("《某市企业促进条例》（2021-06-01）") })
    #expect(lines[place + 1].hasPrefix("   第") && lines[place + 2].hasPrefix("   a.txt#") && lines[place + 4].hasPrefix("   a.txt#"))
    // A header, too, which has the title.
    #expect(lines[place + 5] == "   5 more")
    #expect(headings.contains { $0.hasSuffix(" notes.txt") }, "a document without a title has its file's name")
    #expect(lines.contains { $0.hasPrefix("   notes.txt#1") } && lines.contains { $0.contains("《企业办法》第一条") })
    let flat = try Self.lines(workspace, "支持企业", "--flat", "--limit", "3")
    #expect(flat.filter { $0.contains(#/^[123]\. 《某市企业.*条例》（20..-06-01）第.条$/#) }.count == 3)
  }

  @Test func `counts and order of documents are those of all hits`() throws {
    let workspace = try Self.workspace()
    let hits = try workspace.hits("企业", "--limit", "100")
    func document(_ hit: JSON) -> String {
      let isRow = hit["file"]?.text == "rows.jsonl"
      return isRow && hit["title"] == nil ? hit["key"]?.text ?? "" : "\(hit["file"]?.text ?? "") \(hit["title"]?.text ?? "")"
    }
    var order: [String] = []
    for hit in hits where !order.contains(document(hit)) { order.append(document(hit)) }
    #expect(order.count == 8)
    for limit in [1, 2, 3, 20] {
      var found: [JSON] = []
      var arguments = ["search", "--json", "--group", "--limit", "\(limit)", "--passages", "2", "企业"]
      var pages = 0
      while true {
        let result = try workspace.run(arguments)
        let lines = try result.lines.map { try #require(JSON($0)) }
        found += lines.dropLast()
        pages += 1
        #expect(lines.last?["type"]?.text == "summary" && lines.last?["total"]?.integer == hits.count)
        guard let next = lines.last?["next"]?.text, pages < 20 else { break }
        arguments = arguments.filter { !$0.hasPrefix("--after") } + ["--after=\(next)"]
      }
      #expect(pages == (order.count + limit - 1) / limit)
      #expect(found.map { document($0["hits"]!.elements![0]) } == order, "\(limit)")
      for group in found {
        let own = hits.filter { document($0) == document(group["hits"]!.elements![0]) }
        #expect(group["type"]?.text == "group" && group["passages"]?.integer == own.count)
        #expect(group["hits"]?.elements?.map { $0["key"] } == own.prefix(2).map { $0["key"] })
      }
    }
  }

  // MARK: Which, and in which order

  @Test func `filters and days narrow, and do not change scores`() throws {
    let workspace = try Self.workspace()
    let all = try workspace.hits("企业", "--limit", "100")
    let filtered = try workspace.hits("企业", "--limit", "100", "--filter", "title:促进")
    #expect(filtered.count == 7 && filtered.allSatisfy { hit in all.contains { $0["key"] == hit["key"] && $0["score"] == hit["score"] } })
    #expect(try workspace.hits("企业", "--limit", "100", "--filter", "kind:条例", "--filter", "file:b.txt").count == 5)
    #expect(try workspace.hits("企业", "--limit", "100", "--since", "2022").count == 5)
    #expect(try workspace.hits("企业", "--limit", "100", "--until", "2021-06").count == 7)
    #expect(try workspace.hits("企业", "--limit", "100", "--since", "2021-06-01", "--until", "2021-06-01").count == 7)
    #expect(try workspace.suoyin("search", "企业", "--since", "2021-06-02", "--until", "2022").status == 1)
    expectFailure(try workspace.suoyin("search", "企业", "--since", "2021-13"), 2, "'2021-13' is no day; write 2023, 2023-04 or 2023-04-01")
    expectFailure(try workspace.suoyin("search", "企业", "--filter", "，"), 2, "a filter holds no word")
    #expect(try workspace.suoyin("search", "企业", "--filter", "-政府").status == 2)
  }

  @Test func `hits are sorted by days and fields`() throws {
    let workspace = try Self.workspace()
    func files(_ sort: String) throws -> [String] {
      var files: [String] = []
      for hit in try workspace.hits("企业", "--limit", "100", "--sort", sort) {
        if let file = hit["file"]?.text, files.last != file { files.append(file) }
      }
      return files
    }
    #expect(try files("date").prefix(2) == ["b.txt", "a.txt"] && files("-date").prefix(2) == ["a.txt", "b.txt"])
    #expect(try files("file") == ["a.txt", "b.txt", "notes.txt", "rows.jsonl"])
    #expect(try files("-file,score") == ["rows.jsonl", "notes.txt", "b.txt", "a.txt"])
    #expect(try workspace.hits("企业", "--sort", "score").map { $0["key"] } == workspace.hits("企业").map { $0["key"] })
    expectFailure(
      try workspace.suoyin("search", "企业", "--sort", "title"), 2, "the field 'title' is a text and has no order; it can be score, date")
    expectFailure(try workspace.suoyin("search", "企业", "--sort", "size"), 2, "there is no field 'size'")
    expectFailure(try workspace.suoyin("search", "企业", "--sort", "-score"), 2, "the best come first")
  }

  @Test func `facets count all matches`() throws {
    let workspace = try Self.workspace()
    let lines = try Self.lines(workspace, "企业", "--facet", "kind", "--facet", "year", "--facet", "file:2", "--limit", "1")
    #expect(lines.contains("kind: 条例 12; without 7") && lines.contains("year of version: 2023 5, 2021 7; without 7"), "\(lines)")
    #expect(lines.contains("file: a.txt 7, b.txt 5, 2 others"))
    let facets = try #require(try Self.summary(workspace, "企业", "--facet", "file:1")["facets"]?.elements)
    #expect(facets.count == 1 && facets[0]["distinct"]?.integer == 4 && facets[0]["missing"]?.integer == 0)
    #expect(facets[0]["values"]?.elements?.first?["count"]?.integer == 7)
    expectFailure(try workspace.suoyin("search", "企业", "--facet", "title"), 2, "it can be year, file, document, number")
    expectFailure(try workspace.suoyin("search", "企业", "--facet", "kind:x"), 2, "write kind:20")
  }

  @Test func `reprints are shown once`() throws {
    let workspace = try Self.workspace()
    let hits = try workspace.hits("依法经营", "--limit", "100", "--collapse")
    #expect(hits.count == 1)
    let keys = [hits[0]["key"]?.text].compactMap(\.self) + (hits[0]["reprints"]?.elements ?? []).compactMap(\.text)
    #expect(keys.sorted() == ["r1", "r2", "r3"])
    #expect(try Self.lines(workspace, "依法经营", "--collapse")[2].contains("  the same: "))
  }

  // MARK: Pages

  @Test func `a token leads through all hits, and says when the index has changed`() throws {
    let workspace = try Self.workspace()
    for options in [[], ["--sort", "-file,score"], ["--no-count"], ["--collapse"]] {
      let all = try workspace.run(["search", "--json", "企业", "--limit", "100"] + options).lines.dropLast().map { JSON($0)?["key"]?.text }
      var keys: [String?] = []
      var ranks: [Int?] = []
      var next: String? = ""
      while let token = next, keys.count < 100 {
        let page = try workspace.run(["search", "--json", "企业", "--limit", "4"] + options + (token.isEmpty ? [] : ["--after", token]))
        let lines = page.lines.map { JSON($0) }
        keys += lines.dropLast().map { $0?["key"]?.text }
        ranks += lines.dropLast().map { $0?["rank"]?.integer }
        #expect(lines.last??["changed"] == nil)
        next = lines.last??["next"]?.text
      }
      #expect(keys == all && ranks == (1...keys.count).map { $0 }, "\(options)")
    }
    let token = try #require(try Self.summary(workspace, "企业", "--limit", "4")["next"]?.text)
    expectFailure(try workspace.suoyin("search", "政府", "--after", token), 2, "is of another query")
    expectFailure(try workspace.suoyin("search", "企业", "--after", token + "x"), 2, "is no token of a page")
    expectFailure(try workspace.suoyin("search", "企业", "--k1", "0.3", "--after", token), 2, "is of another query")
    try workspace.succeed("index", "--index", "other.index", "docs")
    expectFailure(try workspace.suoyin("search", "--index", "other.index", "企业", "--after", token), 2, "is of another index")
    try workspace.write("queries.jsonl", #"{"id":1,"text":"企业"}"#)
    expectFailure(try workspace.suoyin("search", "--queries", "queries.jsonl", "--after", token), 2, "--after is for one query")
    try workspace.succeed("delete", "r5")
    #expect(try Self.summary(workspace, "企业", "--limit", "4", "--after", token)["changed"] == .bool(true))
    #expect(try Self.lines(workspace, "企业", "--flat", "--limit", "4", "--after", token).contains { $0.hasPrefix("the index has changed") })
    let text = try Self.lines(workspace, "企业", "--limit", "2")
    #expect(text.last?.hasPrefix("more: --after ") ?? false)
  }

  @Test func `totals that are not counted are said to be no totals`() throws {
    let workspace = try Self.workspace()
    let summary = try Self.summary(workspace, "企业", "--limit", "4", "--no-count")
    #expect(summary["total"]?.integer == 4 && summary["exact"] == .bool(false))
    #expect(try Self.summary(workspace, "企业", "--limit", "100", "--no-count")["exact"] == .bool(true))
    #expect(try Self.lines(workspace, "企业", "--flat", "--limit", "4", "--no-count").contains("more than 4 passages"))
  }

  // MARK: Forms

  @Test func `only files, counts or nothing`() throws {
    let workspace = try Self.workspace()
    let files = try Self.lines(workspace, "-l", "企业")
    #expect(files.sorted() == ["a.txt", "b.txt", "notes.txt", "rows.jsonl"])
    #expect(try Self.lines(workspace, "企业", "--files", "--limit", "2") == Array(files.prefix(2)))
    #expect(try Self.lines(workspace, "企业", "-c") == ["19"] && Self.lines(workspace, "--count", "企业") == ["19"])
    let quiet = try workspace.suoyin("search", "-q", "企业")
    #expect(quiet.status == 0 && quiet.output == "" && quiet.errors == "")
    #expect(try workspace.suoyin("search", "-q", "鲲鹏").status == 1 && workspace.suoyin("search", "-c", "鲲鹏").output == "0\n")
    expectFailure(try workspace.suoyin("search", "-q", "-c", "企业"), 2, "contradict each other")
    // A word to exclude that has the letters of flags is a word.
    #expect(try Self.lines(workspace, "企业", "-clq", "-count", "-quality", "-c") == ["19"])
    #expect(try workspace.suoyin("search", "企业", "--", "-c").output.contains("《"))
    try workspace.write("queries.jsonl", #"{"id":"a","text":"企业"}"# + "\n" + #"{"id":"b","text":"鲲鹏"}"#)
    #expect(try Self.lines(workspace, "-c", "--queries", "queries.jsonl") == ["a\t19", "b\t0"])
  }

  @Test func `templates show what they name`() throws {
    let workspace = try Self.workspace()
    let lines = try Self.lines(workspace, "依法经营", "--format", #"{rank}\t{key}\t{citation}\t{{{file}}}\t{label}"#)
    #expect(lines.contains("1\tr1\t《企业办法》第一条\t{rows.jsonl}\t第一条") || lines.contains("2\tr1\t《企业办法》第一条\t{rows.jsonl}\t第一条"))
    #expect(lines.count == 3 && lines.contains { $0.hasSuffix("\tr3\t《企业办法（转载）》\t{rows.jsonl}\t") })
    #expect(try Self.lines(workspace, "依法经营", "--format", "{text}").contains("企业 依法 经营！"), "a hit stays on its line")
    #expect(try Self.lines(workspace, "公式", "--format", #"{snippet}\\{query}"#, "--limit", "1") == [#"=企业,"公式"\公式"#])
    expectFailure(try workspace.suoyin("search", "企业", "--format", "{citatoin}"), 2, "did you mean {citation}?")
    expectFailure(try workspace.suoyin("search", "企业", "--format", "{key"), 2, "a brace is not closed")
    expectFailure(try workspace.suoyin("search", "企业", "--format", "xml"), 2, "it is text, json, trec, csv, markdown, or a template")
  }

  @Test func `CSV is quoted, has a header, and holds no formulas`() throws {
    let workspace = try Self.workspace()
    let output = try workspace.succeed("search", "公式 依法", "--format", "csv", "--limit", "100").output
    let rows = output.split(separator: "\r\n").map(String.init)
    #expect(rows[0] == "rank,score,key,citation,title,label,file,pages,snippet" && output.hasSuffix("\r\n"))
    #expect(rows.contains { $0.hasSuffix(",r4,,,,rows.jsonl,,\"'=企业,\"\"公式\"\"\"") }, "\(rows)")
    #expect(rows.contains { $0.hasSuffix(",r3,《企业办法（转载）》,企业办法（转载）,,rows.jsonl,,\"企业 依法\n经营！\"") }, "\(rows)")
    try workspace.write("queries.jsonl", #"{"id":"=a","text":"公式"}"#)
    let batch = try workspace.succeed("search", "--queries", "queries.jsonl", "--format", "csv").output
    #expect(batch.hasPrefix("query,rank,") && batch.contains("\r\n'=a,1,"))
  }

  @Test func `Markdown marks matches and escapes the rest`() throws {
    let workspace = try Self.workspace()
    try workspace.write("more.jsonl", #"{"id":"m*1","title":"[标题]","text":"**粗** <b>鲲鹏</b>"}"#)
    try workspace.succeed("index", "more.jsonl")
    let lines = try Self.lines(workspace, "鲲鹏", "--format", "markdown")
    #expect(lines[0] == #"1. **《\[标题\]》**  "# && lines[1] == #"   \*\*粗\*\* \<b\>**鲲鹏**\</b\>  "#)
    #expect(lines[2].hasPrefix(#"   m\*1"#))
  }

  @Test func `snippets have the length that is asked for`() throws {
    let workspace = try Workspace()
    try workspace.write("a.txt", String(repeating: "这里是一句话。", count: 100) + "链长制在这里。" + String(repeating: "还有一句话。", count: 100) + "\n")
    try workspace.succeed("index", "a.txt")
    for length in [10, 40, 200] {
      let snippet = try #require(try workspace.hits("链长制", "--snippet-length", "\(length)").first?["snippet"]?.text)
      #expect(snippet.contains("链长制在这里。") && snippet.count <= length + 2 && snippet.count > length / 2, "\(snippet)")
    }
    expectFailure(try workspace.suoyin("search", "链长制", "--snippet-length", "9"), 2, "--snippet-length is 10 to 10000")
    expectFailure(try workspace.suoyin("search", "链长制", "--passages", "0"), 2, "--passages is 1 or more")
    expectFailure(try workspace.suoyin("search", "链长制", "--group", "--flat"), 2, "contradict")
  }
}
