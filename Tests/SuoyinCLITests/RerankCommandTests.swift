// What do programs that re-rank get, and what happens when they fail?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct RerankCommandTests {
  /// Five rows, of which the first matches best; and programs: one that keeps what it was asked, one that turns the order around, and some that fail.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    let rows = (1...5).map { #"{"id":"k\#($0)","title":"第\#($0)号","text":"\#(String(repeating: "企业政府", count: 6 - $0))其他","n":\#($0)}"# }
    try workspace.write("rows.jsonl", rows.joined(separator: "\n"))
    try workspace.write("queries.jsonl", #"{"id":"a","text":"企业"}"# + "\n" + #"{"id":"b","text":"政府"}"#)
    try workspace.succeed("index", "rows.jsonl")
    for (name, script) in [
      ("turn", #"cat > asked; printf '{"scores":[1,2,3,4,5]}\n'"#), ("few", #"cat > asked; echo '{"scores":[1,2]}'"#),
      ("fail", "echo no >&2; exit 3"),
      ("chatter", "echo hello"), ("wrong", #"echo '{"scores":[1,2,3,4,null]}'"#), ("deaf", #"printf '{"scores":[1,2,3,4,5]}'"#),
      ("turned-once", #"test -e once && exit 3; echo > once; printf '{"scores":[1,2,3,4,5]}'"#),
      ("arguments", #"cat > asked; echo "{\"scores\":[$1,$2,0,0,0]}""#),
    ] {
      try workspace.write(name, "#!/bin/sh\n\(script)\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path(name))
    }
    return workspace
  }

  private static func keys(_ result: CommandResult) -> [String] {
    result.lines.compactMap { JSON($0) }.filter { $0["type"]?.text == "hit" }.compactMap { $0["key"]?.text }
  }

  @Test func `a program is told of the first hits, and its order is shown`() throws {
    let workspace = try Self.workspace()
    let plain = try workspace.succeed("search", "--json", "企业 的")
    #expect(Self.keys(plain) == ["k1", "k2", "k3", "k4", "k5"])
    let result = try workspace.succeed("search", "--json", "企业 的", "--rerank", "./turn")
    #expect(Self.keys(result) == ["k5", "k4", "k3", "k2", "k1"])
    let hits = result.lines.compactMap { JSON($0) }.dropLast()
    let before = plain.lines.compactMap { JSON($0) }.dropLast()
    #expect(hits.map { $0["rank"]?.integer } == [1, 2, 3, 4, 5] && hits.map { $0["reranked"]?.real } == [5, 4, 3, 2, 1])
    #expect(hits.map { $0["score"] } == before.reversed().map { $0["score"] })
    let request = try #require(JSON(String(decoding: workspace.read("asked"), as: UTF8.self).trimmingCharacters(in: .newlines)))
    #expect(request.names == ["type", "query", "candidates"] && request["type"]?.text == "rerank" && request["query"]?.text == "企业 的")
    let candidates = try #require(request["candidates"]?.elements)
    #expect(candidates.count == 5 && candidates.map { $0["key"]?.text } == ["k1", "k2", "k3", "k4", "k5"])
    let first = try #require(candidates.first)
    #expect(
      first.names == ["rank", "score", "key", "shares", "parts", "matched", "length", "file", "title", "text", "members"], "\(first.names)")
    #expect(first["rank"]?.integer == 1 && first["score"] == before.first?["score"] && first["title"]?.text == "第1号")
    let shares = try #require(first["shares"])
    #expect(shares.names.contains("word") && shares.names.reduce(0) { $0 + (shares[$1]?.real ?? 0) } == first["score"]?.real)
  }

  @Test func `arguments, PATH and the depth`() throws {
    let workspace = try Self.workspace()
    let result = try workspace.run(["search", "--json", "企业", "--rerank", "  arguments 7  8 "]) {
      $0.environment["PATH"] = "\(workspace.directory):/usr/bin:/bin"
    }
    #expect(Self.keys(result) == ["k2", "k1", "k3", "k4", "k5"] && result.errors == "")
    try workspace.write("two", "#!/bin/sh\necho '{\"scores\":[0,1]}'\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path("two"))
    #expect(
      Self.keys(try workspace.succeed("search", "--json", "企业", "--rerank", "./two", "--rerank-depth", "2")) == [
        "k2", "k1", "k3", "k4", "k5",
      ])
  }

  @Test func `pages have every hit once`() throws {
    let workspace = try Self.workspace()
    var keys: [String] = []
    var next: [String] = []
    repeat {
      let page = try workspace.run(["search", "--json", "企业", "--rerank", "./turn", "--limit", "2"] + next)
      keys += Self.keys(page)
      next = page.lines.last.flatMap { JSON($0)?["next"]?.text }.map { ["--after", $0] } ?? []
      #expect(page.ending == .exited(0) && keys.count <= 5, "\(page)")
    } while !next.isEmpty && keys.count <= 5
    #expect(keys == ["k5", "k4", "k3", "k2", "k1"])
    // A page of an order that cannot be had again is an error.
    let page = try workspace.succeed("search", "--json", "企业", "--rerank", "./turned-once", "--limit", "2")
    let token = try #require(page.lines.last.flatMap { JSON($0)?["next"]?.text })
    expectFailure(
      try workspace.suoyin("search", "企业", "--rerank", "./turned-once", "--limit", "2", "--after", token), 69, "ended with status 3")
  }

  @Test(
    arguments: [
      ("./few", "wrote 2 scores for 5 hits"), ("./fail", "ended with status 3: no"),
      ("./chatter", "wrote something else than one line such as"),
      ("./wrong", "wrote something else than one line such as"),
    ])
  func `a program that fails leaves the hits as they are, or is an error`(_ program: String, _ phrase: String) throws {
    let workspace = try Self.workspace()
    let result = try workspace.suoyin("search", "--json", "企业", "--rerank", program)
    #expect(result.ending == .exited(0) && Self.keys(result) == ["k1", "k2", "k3", "k4", "k5"] && !result.output.contains("reranked"))
    #expect(
      result.errors.hasPrefix("suoyin: warning: the program \(program) for --rerank \(phrase)") && result.errors.count { $0 == "\n" } == 1)
    expectFailure(try workspace.suoyin("search", "企业", "--rerank", program, "--strict"), 69, phrase)
    // The files of the hits come in the order of the search.
    let files = try workspace.suoyin("search", "-l", "企业", "--rerank", program)
    #expect(files.ending == .exited(0) && files.lines == ["rows.jsonl"], "\(files)")
    // In a batch, the others go on.
    let batch = try workspace.suoyin("search", "--format", "trec", "--queries", "queries.jsonl", "--rerank", program, "--strict")
    #expect(
      batch.ending == .exited(69) && batch.errors.contains("queries.jsonl:1: the program")
        && batch.errors.contains("queries.jsonl:2: the program"))
  }

  @Test func `a program need not read, and is not asked where there is nothing to order`() throws {
    let workspace = try Self.workspace()
    #expect(Self.keys(try workspace.succeed("search", "--json", "企业", "--rerank", "./deaf")).first == "k5")
    for arguments in [["-c", "企业"], ["-q", "企业"], ["--limit", "0", "企业"]] {
      let result = try workspace.run(["search"] + arguments + ["--rerank", "./fail"])
      #expect(result.ending == .exited(0) && result.errors == "", "\(arguments): \(result)")
    }
    let none = try workspace.suoyin("search", "没有", "--rerank", "./fail")
    #expect(none.ending == .exited(1) && none.errors == "")
  }

  @Test(
    arguments: [
      (["--rerank", "./turn", "--sort", "file"], "--rerank and --sort contradict"),
      (["--rerank", "./turn", "--group", "--json"], "--group shows documents"),
      (["--rerank", "./missing"], "there is no program './missing'"),
      (["--rerank", "missing-program"], "there is no program 'missing-program'"),
      (["--rerank", " "], "needs the name of a program"), (["--rerank", "./rows.jsonl"], "no program"),
      (["--rerank-depth", "0"], "1 to 1000"),
      (["--rerank-depth", "1001"], "1 to 1000"),
    ])
  func `what cannot be asked together is refused`(_ arguments: [String], _ phrase: String) throws {
    expectFailure(try Self.workspace().run(["search", "企业"] + arguments), 2, phrase)
  }

  @Test func `the example prefers titles`() throws {
    let workspace = try Self.workspace()
    let example = "\(CommandRunner.productsFolder)/RerankingExample"
    #expect(Self.keys(try workspace.succeed("search", "--json", "企业 第4号", "--title-weight", "0", "--rerank", example)).first == "k4")
    #expect(Self.keys(try workspace.succeed("search", "--json", "企业", "--rerank", example)).first == "k1")
  }

  // MARK: Limits of time

  /// A limit that is over before anything can be done, whatever the machine.
  private static let none = "0.000001ms"

  @Test func `what is not done in time ends with 124, and in JSON a line says so`() throws {
    let workspace = try Self.workspace()
    for arguments in [["search", "企业"], ["explain", "企业", "k1"], ["similar", "k1"]] {
      expectFailure(try workspace.run(arguments + ["--timeout", Self.none]), 124, "not done by its deadline")
      let result = try workspace.run(arguments + ["--json", "--timeout", Self.none])
      expectFailure(result, 124, "not done by its deadline")
      let line = try #require(JSON(result.lines.first ?? ""))
      #expect(result.lines.count == 1 && line.names == ["type", "error", "message"] && line["type"]?.text == "error", "\(result)")
      #expect(line["error"]?.text == "deadline" && result.errors.contains(line["message"]?.text ?? "?"))
      try #expect(workspace.run(arguments + ["--timeout", "1000s"]).ending == .exited(0))
    }
    try workspace.succeed("terms", "--timeout", "1000")
  }

  @Test func `the time of a program counts`() throws {
    let workspace = try Self.workspace()
    try workspace.write("slow", "#!/bin/sh\nexec sleep 1000\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path("slow"))
    let slow = try workspace.suoyin("search", "企业", "--rerank", "./slow", "--timeout", "200ms", "--strict")
    expectFailure(slow, 124, "not done by its deadline")
  }

  @Test func `in a batch each query has its own time, and the others go on`() throws {
    let workspace = try Self.workspace()
    let result = try workspace.suoyin("search", "--json", "--queries", "queries.jsonl", "--timeout", Self.none)
    #expect(result.ending == .exited(124) && result.lines.compactMap { JSON($0)?["query"]?.text } == ["a", "b"], "\(result)")
    #expect(result.errors.contains("queries.jsonl:1: ") && result.errors.contains("queries.jsonl:2: "))
  }

  @Test(arguments: ["0", "0s", "-1", "1h", "ms", "", "1e3", "inf", "86401", "1.2.3"]) func `a time that is none is refused`(_ time: String)
    throws
  {
    expectFailure(try Self.workspace().run(["search", "企业", "--timeout=\(time)"]), 2, "--timeout")
  }

  // MARK: Priors

  @Test func `a prior lifts what is recent, and is explained`() throws {
    let workspace = try Workspace()
    try workspace.write("a.md", "# 旧条例\n2001年1月1日公布\n第一条 企业应当登记。\n")
    try workspace.write("b.md", "# 新的一部条例\n2021年1月1日公布\n第一条 企业应当依照规定向政府登记。\n")
    try workspace.succeed("index", "a.md", "b.md")
    let plain = try workspace.hits("企业", "--since", "1900").map { $0["file"]?.text }
    let prior = ["--prior", "version=5:365@2021-02-01"]
    let lifted = try workspace.hits("企业", "--since", "1900", prior[0], prior[1])
    #expect(plain.first == "a.md" && lifted.first?["file"]?.text == "b.md", "\(plain) \(lifted)")
    let table = try workspace.run(["explain", "企业", try #require(lifted.first?["key"]?.text)] + prior)
    #expect(table.ending == .exited(0) && table.output.contains("version:2021-01-01") && table.output.contains("5.00"), "\(table)")
    let json = try workspace.run(["explain", "--json", "企业", try #require(lifted.first?["key"]?.text)] + prior)
    #expect(JSON(json.lines.first ?? "")?["score"]?.real == lifted.first?["score"]?.real && json.output.contains(#""kind":"prior""#))
    for (argument, phrase) in [
      ("title=1", "no field of integers or days"), ("nothing=1", "it can be"), ("version", "--prior"), ("version=x", "--prior"),
      ("version=1:y", "--prior"), ("version=1@2021", "--prior"), ("version=-1", "not in 0...1000"), ("version=1:0", "not above 0"),
      ("=1", "--prior"),
    ] {
      expectFailure(try workspace.suoyin("search", "企业", "--prior=\(argument)"), 2, phrase)
    }
  }
}
