// What does a person see of a search, and what does the surroundings' language change? Nothing.
import SuoyinTestKit
import Testing

@Suite struct SearchCommandTests {
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("docs/条例.md", "# 促进条例\n第一条 政府应当支持企业。\n")
    try workspace.write("docs/notes.txt", "企业的笔记。\n\n关于政府与市场的一段话，没有标题。\n")
    try workspace.succeed("index", "docs")
    return workspace
  }

  @Test func `a hit shows its title and label, the snippet and the key`() throws {
    let workspace = try Self.workspace()
    #expect(try workspace.succeed("search", "支持").output.hasPrefix("1. 《促进条例》第一条\n   政府应当支持企业。\n   条例.md#2  bytes 25–52  "))
    let result = try workspace.succeed("search", "--limit", "1", "政府", "企业")
    #expect(result.lines.count == 5 && result.lines[3].wholeMatch(of: /1 of [0-9]+ passages/) != nil, "\(result)")
    #expect(result.lines.last?.hasPrefix("more: --after ") ?? false)
    #expect(try workspace.suoyin("search", "鲲鹏").output == "nothing found among 4 passages\nin no passage: 鲲鹏\n")
  }

  @Test func `a long passage is cut to the part that was found`() throws {
    let workspace = try Workspace()
    let filler = String(repeating: "其他内容在这里，", count: 100)
    try workspace.write("docs/long.jsonl", #"{"id":"x","text":"\#(filler)链长制\#(filler)"}"#)
    try workspace.succeed("index", "docs")
    let lines = try workspace.succeed("search", "\"链长制\"").lines
    #expect(lines[1].hasPrefix("   …") && lines[1].hasSuffix("…") && lines[1].contains("链长制") && lines[1].count < 120)
    let hit = try #require(try workspace.hits("\"链长制\"").first)
    #expect(hit["text"]?.text == filler + "链长制" + filler && hit.highlightedTexts == ["链长制"])
  }

  @Test func `a batch shows each query before its hits`() throws {
    let queries = #"{"id":"a","text":"支持"}"# + "\n" + #"{"id":"b","text":"鲲鹏"}"#
    let result = try Self.workspace().suoyin("search", "--queries", "-", input: queries)
    #expect(result.status == 0 && result.lines[0] == "# a: 支持" && result.lines[1] == "1. 《促进条例》第一条")
    #expect(result.output.hasSuffix("# b: 鲲鹏\nnothing found among 4 passages\n"))
  }

  @Test func `weights, k1 and b change scores`() throws {
    let workspace = try Self.workspace()
    func score(_ options: String...) throws -> Double? {
      let result = try workspace.run(["search", "--json", "政府"] + options)
      return result.lines.first.flatMap { JSON($0)?["score"]?.real }
    }
    let base = try #require(try score())
    let scores = try [
      score("--k1", "0.5"), score("--b", "0"), score("--word-weight", "2"), score("--pair-weight", "0.25"), score("--pair-weight", "0"),
    ]
    #expect(!scores.contains(nil) && Set(scores + [base]).count == 6)
    #expect(try score("--k1", "0.6") == base)
  }

  @Test func `synonyms and stop words come from files, whose faults are usage errors`() throws {
    let workspace = try Self.workspace()
    try workspace.write("synonyms.txt", "扶持, 支持\n")
    try workspace.write("stop.txt", "没有\n的\n")
    try workspace.write("wrong.txt", "扶持, 支持\n单词\n")
    #expect(try workspace.suoyin("search", "扶持").status == 1)
    #expect(try workspace.succeed("search", "扶持", "--synonyms", "synonyms.txt").output.hasPrefix("1. 《促进条例》第一条\n"))
    let half = try workspace.hits("扶持", "--synonyms", "synonyms.txt").first?["score"]?.real
    let whole = try workspace.hits("扶持", "--synonyms", "synonyms.txt", "--synonym-weight", "1").first?["score"]?.real
    #expect(abs(try #require(half) * 2 - #require(whole)) < 1e-5)
    #expect(try workspace.hits("没有 鲲鹏").count == 1 && workspace.suoyin("search", "没有 的 鲲鹏", "--stop-words", "stop.txt").status == 1)
    let refused = try workspace.suoyin("search", "扶持", "--synonyms", "wrong.txt")
    #expect(refused.status == 2 && refused.errors.contains("wrong.txt: line 2: a group needs two words"), "\(refused)")
    #expect(try workspace.suoyin("search", "扶持", "--stop-words", "none.txt").status == 66)
  }

  @Test func `pinyin finds titles in an index that was made with it, and only there`() throws {
    let workspace = try Self.workspace()
    let refused = try workspace.suoyin("index", "--pinyin", "title", "docs")
    #expect(refused.status == 2 && refused.errors.contains("without --pinyin title"), "\(refused)")
    #expect(try workspace.suoyin("index", "--index", "p", "--pinyin", "titel", "docs").status == 2)
    try workspace.succeed("index", "--index", "p", "--pinyin", "title", "docs")
    try workspace.succeed("index", "--index", "p", "docs")
    #expect(try workspace.suoyin("search", "--index", "p", "pinyin:cujin").output.hasPrefix("1. 《促进条例》"))
    #expect(try workspace.suoyin("search", "--index", "p", "title.pinyin:\"cu jin tiao li\"").status == 0)
    #expect(try workspace.suoyin("search", "--index", "p", "cujin").status == 1)
    #expect(try workspace.suoyin("search", "pinyin:cujin").status == 1)
  }

  @Test func `English words are found in every inflection in an index that was made with --stem`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "Small enterprises were developing.\n")
    try workspace.succeed("index", "--stem", "text", "docs")
    #expect(try workspace.hits("enterprise develops").count == 1)
    #expect(try workspace.hits("\"enterprise\"").isEmpty)
    #expect(try workspace.suoyin("index", "--stem", "title", "docs").status == 2)
    try workspace.succeed("index", "--index", "plain", "docs")
    #expect(try workspace.suoyin("search", "--index", "plain", "develops").status == 1)
  }

  // MARK: The surroundings

  @Test func `the index is --index, else SUOYIN_INDEX, else suoyin.index here`() throws {
    let workspace = try Workspace()
    for name in ["甲", "乙", "丙"] { try workspace.write("\(name)/\(name).txt", "\(name)文件\n") }
    try workspace.succeed("index", "--index", "a.index", "甲")
    let inEnvironment = try workspace.run(["index", "乙"]) { $0.environment["SUOYIN_INDEX"] = "b.index" }
    #expect(inEnvironment.output.hasPrefix("committed b.index: "))
    try workspace.succeed("index", "丙")
    #expect(try workspace.names(in: "") == ["a.index", "b.index", "suoyin.index", "丙", "乙", "甲"])
    func found(_ options: [String], _ variable: String?) throws -> String {
      try workspace.run(["search", "--format", "trec", "文件"] + options) { $0.environment["SUOYIN_INDEX"] = variable }.output
    }
    #expect(try found(["--index", "a.index"], "b.index").contains("甲.txt#1"))
    #expect(try found([], "b.index").contains("乙.txt#1"))
    #expect(try found([], nil).contains("丙.txt#1"))
    #expect(try found([], "").contains("丙.txt#1"))
  }

  @Test(arguments: ["C", "POSIX", "C.UTF-8", "zh_CN.GB18030", "tr_TR.UTF-8", "no_SUCH.locale"])
  func `output does not depend on the locale`(_ locale: String) throws {
    let workspace = try Self.workspace()
    try workspace.write("bad/坏.txt", [0x00])
    let commands = [
      ["search", "政府 IİıI"], ["search", "--format", "trec", "政府"], ["show", "条例.md#2"], ["stats"], ["tokens", "政府 TITLE İstanbul １．５"],
      ["search", "--index", "没有", "政府"], ["index", "bad"],
    ]
    for command in commands {
      let plain = try workspace.run(command)
      let localised = try workspace.run(command) { runner in
        for name in ["LC_ALL", "LANG", "LC_CTYPE", "LC_NUMERIC", "LANGUAGE"] { runner.environment[name] = locale }
      }
      #expect(plain.outputBytes == localised.outputBytes && plain.errorBytes == localised.errorBytes && plain.ending == localised.ending)
    }
    #expect(try workspace.suoyin("search", "政府").output.contains("政府应当"), "what is compared must not be empty")
  }

  // MARK: Colour

  @Test func `there is no colour when the output is no terminal`() throws {
    let result = try Self.workspace().run(["search", "政府"]) { $0.environment["TERM"] = "xterm-256color" }
    #expect(result.status == 0 && !result.outputBytes.contains(0x1B))
  }

  @Test(.enabled(if: Terminal.whyNone == nil || announceSkipped("colour on a terminal", Terminal.whyNone ?? "")))
  func `matches are coloured on a terminal, unless NO_COLOR or TERM=dumb says otherwise`() throws {
    let workspace = try Self.workspace()
    func output(_ environment: [String: String]) throws -> String { try Terminal.output(of: "search 政府", in: workspace, environment) }
    #expect(try output(["TERM": "xterm"]).contains("\u{1B}[1;31m政府\u{1B}[0m"))
    #expect(try output(["TERM": "xterm", "NO_COLOR": ""]).contains("\u{1B}[1;31m政府\u{1B}[0m"), "empty counts as not set: no-color.org")
    for environment in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
      let plain = try output(environment)
      #expect(plain.contains("政府") && !plain.contains("\u{1B}"))
    }
  }
}
