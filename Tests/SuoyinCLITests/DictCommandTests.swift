// Do the commands about words say what they do, and do it?
import SuoyinTestKit
import Testing

@Suite struct DictCommandTests {
  private func workspace(_ options: String...) throws -> Workspace {
    let workspace = try Workspace()
    let rows = [("a", "工业互联网标准"), ("b", "互联网法院。工业"), ("c", "农业")].map { #"{"id":"\#($0)","text":"\#($1)"}"# }
    try workspace.write("rows.jsonl", rows.joined(separator: "\n"))
    let result = try workspace.run(["index", "rows.jsonl"] + options)
    #expect(result.status == 0, "\(result)")
    return workspace
  }

  @Test func `add says which passages hold a word and are cut anew, and list gives the words back`() throws {
    let workspace = try workspace()
    let added = try workspace.succeed("dict", "add", "工業互聯網", "农业", "没有的")
    #expect(
      added.output == """
        committed suoyin.index: 3 words changed, 2 passages hold them, 1 cut anew
        农业: in 1 passages, 0 cut differently
        工业互联网: in 1 passages, 1 cut differently: a

        """)
    #expect(try workspace.succeed("dict", "list").output == "农业\n工业互联网\n没有的\n")
    #expect(try workspace.succeed("dict", "show").output == "农业\n工业互联网\n没有的\n")
    try workspace.expectSound()
    let words = try workspace.succeed("tokens", "--index", "suoyin.index", "工业互联网标准").lines.filter { $0.hasPrefix("word") }
    #expect(words.map { $0.split(separator: "\t")[1] } == ["工业互联网", "标准"])
    #expect(try workspace.keys("\"互联网\"").sorted() == ["a", "b"] && workspace.keys("互联网").sorted() == ["a", "b"])
    let again = try workspace.succeed("dict", "add", "农业")
    #expect(again.output == "committed suoyin.index: 0 words changed, 0 passages hold them, 0 cut anew\n")
  }

  @Test func `a file's good lines are taken, its bad ones named, and the exit code is 65`() throws {
    let workspace = try workspace()
    try workspace.write("words.txt", "\u{FEFF}工业互联网\t12\r互 联网\t3\r# 注释\r网\r!农业\r")
    let result = try workspace.suoyin("dict", "add", "--file", "words.txt", "坏。词")
    #expect(result.status == 65)
    #expect(
      result.errors == """
        suoyin: rejected: '坏。词' has punctuation: 。
        suoyin: rejected: words.txt:2: '互 联网' has white space inside; line skipped
        suoyin: rejected: words.txt:4: '网' is one cell; a word has 2 to 20; line skipped

        """)
    #expect(result.lines.first == "committed suoyin.index: 2 words changed, 2 passages hold them, 2 cut anew, 3 rejected")
    #expect(try workspace.succeed("dict", "list").output == "工业互联网\t12\n!农业\n")
    try workspace.write("copy.txt", try workspace.succeed("dict", "list").output)
    let same = try workspace.succeed("dict", "add", "--file", "copy.txt")
    #expect(same.output.hasPrefix("committed suoyin.index: 0 words changed"))
  }

  @Test func `remove deletes the index's own words and takes out built-in ones`() throws {
    let workspace = try workspace()
    try workspace.succeed("dict", "add", "法院标准")
    let result = try workspace.suoyin("dict", "remove", "法院标准", "互联网", "不存在的词语")
    #expect(result.status == 1 && result.errors == "suoyin: error: no list has the word '不存在的词语'\n")
    #expect(result.lines.first == "committed suoyin.index: 2 words changed, 2 passages hold them, 2 cut anew")
    #expect(try workspace.succeed("dict", "list").output == "!互联网\n")
    #expect(try workspace.keys("\"互联网\"").sorted() == ["a", "b"], "nothing is lost")
    try workspace.expectSound()
  }

  @Test func `check tells what words mean and changes nothing`() throws {
    let workspace = try workspace()
    try workspace.succeed("dict", "add", "互联网法院")
    let commit = try workspace.read("suoyin.index/commit")
    let result = try workspace.succeed("dict", "check", "工业互联网", "互联网", "农业", "互联网法院", "没有的东西", "--limit", "1")
    #expect(
      result.output == """
        互联网 (policy): in 2 passages, 2 cut differently: a, …
        互联网法院 (user): in 1 passages, 1 cut differently: b
        农业 (icu): in 1 passages, 0 cut differently
        工业互联网 (new): in 1 passages, 1 cut differently: a
        没有的东西 (new): in 0 passages, 0 cut differently

        """)
    #expect(try workspace.read("suoyin.index/commit") == commit)
    #expect(try workspace.succeed("dict", "check").output == "互联网法院 (user): in 1 passages, 1 cut differently: b\n")
  }

  @Test func `the JSON output has the documented members`() throws {
    let workspace = try workspace()
    let added = try workspace.succeed("dict", "add", "--json", "工业互联网", "--weight", "2.5").lines.compactMap { JSON($0) }
    #expect(
      added.map(\.names) == [
        ["type", "word", "passages", "different", "keys"], ["type", "index", "changed", "rejected", "passages", "different"],
      ])
    #expect(added[0]["word"]?.text == "工业互联网" && added[0]["keys"]?.elements?.map(\.text) == ["a"] && added[1]["different"]?.integer == 1)
    let checked = try workspace.succeed("dict", "check", "--json", "工业互联网").lines.compactMap { JSON($0) }
    #expect(checked.map(\.names) == [["type", "word", "state", "passages", "different", "keys"]] && checked[0]["state"]?.text == "user")
    try workspace.succeed("dict", "remove", "农业")
    let list = try workspace.succeed("dict", "list", "--json").lines
    #expect(list == [#"{"type":"entry","word":"工业互联网","weight":2.5}"#, #"{"type":"entry","word":"农业","removed":true}"#])
  }

  @Test func `a new index may do without policy words, and an old one keeps what it was made with`() throws {
    let workspace = try workspace("--no-policy-words")
    let stats = try #require(JSON(try workspace.succeed("stats", "--json").output.dropLast()))
    #expect(stats["policy_words"] == .bool(false) && stats["user_words"]?.integer == 0)
    let words = try workspace.succeed("tokens", "--index", "suoyin.index", "互联网").lines.filter { $0.hasPrefix("word") }
    #expect(words.count == 3)
    try workspace.succeed("index", "rows.jsonl")
    try workspace.succeed("index", "--index", "other", "rows.jsonl")
    expectFailure(try workspace.suoyin("index", "--no-policy-words", "--index", "other", "rows.jsonl"), 2, "made with policy words")
  }

  @Test func `tokens cuts by a dictionary or an index that is named`() throws {
    let workspace = try workspace()
    try workspace.write("words.txt", "工业互联网\n网\n")
    let result = try workspace.suoyin("tokens", "--dictionary", "words.txt", "--no-policy-words", "工业互联网互联网")
    #expect(result.status == 65 && result.errorLines.count == 1)
    #expect(result.lines.filter { $0.hasPrefix("word") }.map { $0.split(separator: "\t")[1] } == ["工业互联网", "互", "联", "网"])
    #expect(result.lines.first?.hasSuffix("user-word") == true)
    expectFailure(try workspace.suoyin("tokens", "--index", "suoyin.index", "--analyzer", "icu", "字"), 2, "--index says how to cut")
    expectFailure(try workspace.suoyin("tokens", "--dictionary", "words.txt", "--analyzer", "icu", "字"), 2, "by no list of words")
  }

  @Test func `mistakes end with the right exit code`() throws {
    let workspace = try workspace()
    expectFailure(try workspace.suoyin("dict", "add"), 2, "name words")
    expectFailure(try workspace.suoyin("dict", "add", "双碳", "--weight", "0"), 2, "--weight")
    expectFailure(try workspace.suoyin("dict", "add", "--file", "none.txt"), 66, "none.txt")
    expectFailure(try workspace.suoyin("dict", "add", "--index", "none", "双碳"), 66, "there is no index")
    try workspace.succeed("index", "--index", "icu", "--analyzer", "icu", "rows.jsonl")
    for command in ["add", "remove", "check"] {
      expectFailure(try workspace.suoyin("dict", command, "--index", "icu", "双碳"), 2, "which cuts by no list of words")
    }
  }
}
