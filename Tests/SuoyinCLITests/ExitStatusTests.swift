// Does every command end with the status that the table promises, and say in one line why?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct ExitStatusTests {
  /// A workspace with an index of one document, a folder with one file that is no text, and a damaged index.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("docs/条例.md", "# 促进条例\n第一条 政府应当支持企业。\n")
    try workspace.write("other/条例.md", "另一份文件。\n")
    try workspace.write("bad/a.txt", "好的。\n")
    try workspace.write("bad/b.txt", [0x61, 0x00, 0x62])
    try workspace.write("queries.jsonl", #"{"id":"a","text":"政府"}"#)
    try workspace.write("queries-bad.jsonl", #"{"id":"a","text":"政府"}"# + "\n" + #"{"id":"b"}"#)
    try workspace.write("queries-none.jsonl", #"{"id":"a","text":"鲲鹏"}"#)
    try workspace.write("full/notes.txt", "这里已经有东西了。\n")
    try workspace.write("damaged/commit", Array("SUOYIN\r\n".utf8) + [UInt8](repeating: 0, count: 100))
    try workspace.succeed("index", "docs")
    return workspace
  }

  @Test(
    arguments: [
      ["index", "docs"], ["index", "docs", "docs"], ["index", "docs/条例.md"], ["index", "--index", "new", "docs", "--json"],
      ["index", "--index", "new", "--analyzer", "bigram", "docs"], ["index", "--analyzer", "chinese", "docs"], ["search", "政府"],
      ["search", "--json", "政府"], ["search", "--format", "trec", "政府", "企业"], ["search", "--queries", "queries.jsonl"],
      ["search", "--limit", "0", "政府"], ["show", "条例.md#1"], ["show", "--json", "条例.md#1", "条例.md#2"], ["delete", "条例.md#1"],
      ["delete", "--file", "条例.md"], ["delete", "--query", "政府"], ["index", "--threads", "2", "--memory", "512M", "docs"], ["merge"],
      ["tokens", "政府"], ["tokens", "--analyzer", "icu", ""], ["stats"], ["stats", "--json"],
      ["check"], ["check", "--json"], ["--version"], ["--help"], ["help", "search"], ["index", "--help"], [],
    ])
  func `0 when all is done`(_ arguments: [String]) throws {
    let result = try Self.workspace().run(arguments)
    #expect(result.ending == .exited(0) && result.errors == "", "\(result)")
    #expect(result.output.isEmpty == arguments.contains(""), "only a text without words has nothing to show: \(result)")
  }

  @Test(arguments: [["search", "鲲鹏"], ["search", "--json", "鲲鹏"], ["search", "--queries", "queries-none.jsonl"]])
  func `1 and no error when a search finds nothing`(_ arguments: [String]) throws {
    let result = try Self.workspace().run(arguments)
    #expect(result.ending == .exited(1) && result.errors == "" && result.lines.last != nil, "\(result)")
  }

  @Test(
    arguments: [
      (["show", "条例.md#9"], "there is no passage '条例.md#9'"), (["delete", "条例.md#9"], "there is no passage '条例.md#9'"),
      (["delete", "--file", "旧.md"], "there is no file '旧.md'"), (["show", "条例.md#1", "条例.md#9"], "there is no passage '条例.md#9'"),
    ])
  func `1 and the name of what is not there to be shown or deleted`(_ arguments: [String], _ phrase: String) throws {
    expectFailure(try Self.workspace().run(arguments), 1, phrase)
  }

  @Test(
    arguments: [
      (["find", "政府"], "unexpected arguments: 'find'"), (["index"], "Missing expected argument"), (["show"], "Missing expected argument"),
      (["delete"], "what is to be deleted"), (["delete", "--query", "甲", "a"], "--query stands alone"),
      (["delete", "--dry-run", "a"], "--dry-run needs --query"),
      (["delete", "--query", "，"], "no word, number or character"), (["index", "--threads", "0", "docs"], "--threads needs a number"),
      (["index", "--memory", "12Q", "docs"], "12Q"), (["tokens"], "Missing expected argument"), (["search"], "what is to be found"),
      (["search", "--colour", "政府"], "unknown option '--colour'"), (["search", "--limit", "ten", "政府"], "'ten'"),
      (["search", "--limit=-1", "政府"], "the limit -1"), (["search", "--limit", "10001", "政府"], "the limit 10001"),
      (["search", "--k1", "nan", "政府"], "k1"), (["search", "--b", "2", "政府"], "b is not in"),
      (["search", "--format", "xml", "政府"], "'xml'"),
      (["search", "--pair-weight=-1", "政府"], "weight"), (["search", "--json", "--format", "trec", "政府"], "contradict"),
      (["search", "--queries", "queries.jsonl", "政府"], "not both"), (["search", ""], "the query is empty"),
      (["search", "  "], "the query is empty"), (["search", "，。"], "punctuation alone"), (["search", "\"（）\""], "punctuation alone"),
      (["search", "-政府"], "only says what not to find"),
      (["search", "--", "-政府"], "only says what not to find"),
      (["search", String(repeating: "政", count: 40_000)], "bytes"), (["tokens", "--analyzer", "jieba", "政府"], "'jieba'"),
      (["index", "--analyzer", "jieba", "docs"], "'jieba'"),
      (["search", "--index", "", "政府"], "--index needs a path"), (["index", "--analyzer", "icu", "docs"], "has the analyzer chinese"),
      (["index", "docs", "other"], "two files would both be named 条例.md"),
    ])
  func `2 for a command or a query that means nothing`(_ arguments: [String], _ phrase: String) throws {
    let workspace = try Self.workspace()
    let before = try workspace.read("suoyin.index/commit")
    let result = try workspace.run(arguments)
    expectFailure(result, 2, phrase)
    #expect(result.output == "")
    #expect(try workspace.read("suoyin.index/commit") == before)
  }

  @Test func `65 when input was rejected, and the rest is committed`() throws {
    let workspace = try Self.workspace()
    let result = try workspace.suoyin("index", "bad")
    #expect(result.ending == .exited(65) && result.output.hasPrefix("committed suoyin.index: 1 passages added"), "\(result)")
    #expect(result.errors == "suoyin: rejected: bad/b.txt: a binary file: byte 1 is NUL; file skipped\n")
    #expect(try workspace.keys("\"好的\"") == ["a.txt#1"])
  }

  @Test func `65 when queries of a batch were rejected, and the others are answered`() throws {
    let result = try Self.workspace().suoyin("search", "--format", "trec", "--queries", "queries-bad.jsonl")
    #expect(result.ending == .exited(65) && result.lines.allSatisfy { $0.hasPrefix("a Q0 ") } && result.lines.count == 1, "\(result)")
    #expect(result.errors == "suoyin: rejected: queries-bad.jsonl:2: no object with \"id\" and \"text\"\n")
  }

  @Test(
    arguments: [
      (["index", "gone"], "there is no file or folder gone"), (["index", "docs", "gone"], "there is no file or folder gone"),
      (["search", "--index", "gone", "政府"], "there is no index at gone"), (["show", "--index", "gone", "a"], "there is no index at gone"),
      (["delete", "--index", "gone", "a"], "there is no index at gone"), (["merge", "--index", "gone"], "there is no index at gone"),
      (["stats", "--index", "gone"], "there is no index at gone"), (["check", "--index", "gone"], "there is no index at gone"),
      (["search", "--index", "docs", "政府"], "there is no index at docs"), (["search", "--queries", "gone"], "cannot read gone"),
    ])
  func `66 for input or an index that is not there`(_ arguments: [String], _ phrase: String) throws {
    let workspace = try Self.workspace()
    let names = try workspace.names(in: "")
    expectFailure(try workspace.run(arguments), 66, phrase)
    #expect(try workspace.names(in: "") == names && workspace.names(in: "docs") == ["条例.md"], "nothing may be left behind")
  }

  @Test(
    arguments: [
      ["search", "政府"], ["show", "条例.md#1"], ["stats"], ["merge"], ["index", "docs"], ["delete", "条例.md#1"],
    ])
  func `70 for a damaged index`(_ arguments: [String]) throws {
    let workspace = try Self.workspace()
    expectFailure(try workspace.run(arguments + ["--index", "damaged"]), 70, "damaged/commit is damaged at byte")
  }

  @Test func `70 from check, with a line for each damage`() throws {
    let result = try Self.workspace().suoyin("check", "--json", "--index", "damaged")
    #expect(result.ending == .exited(70) && result.errors.hasPrefix("suoyin: damage: damaged/commit is damaged at byte "), "\(result)")
    let report = try #require(JSON(result.lines.joined()))
    #expect(report["sound"] == .bool(false) && report["problems"]?.elements?.count == result.errorLines.count)
  }

  @Test(
    arguments: [
      ("gone/suoyin.index", "No such file or directory"), ("full", "the directory is not empty (it holds 'notes.txt')"),
      ("docs/条例.md", "cannot create an index at docs/条例.md"), ("/dev/null/index", "cannot create an index at /dev/null/index"),
    ])
  func `73 where no index can be made`(_ path: String, _ phrase: String) throws {
    let workspace = try Self.workspace()
    expectFailure(try workspace.suoyin("index", "--index", path, "docs"), 73, phrase)
    #expect(try workspace.names(in: "full") == ["notes.txt"])
  }

  @Test(
    arguments: [
      ["search", "政府"], ["search", "--json", "政府"], ["search", "鲲鹏"], ["show", "条例.md#1"], ["stats"], ["check"], ["merge"],
      ["tokens", "政府"], ["index", "other"], ["delete", "条例.md#1"], ["--help"], ["--version"],
    ])
  func `74 when the output cannot be written`(_ arguments: [String]) throws {
    let result = try Self.workspace().run(arguments, output: "/dev/full")
    expectFailure(result, 74, "cannot write the output: No space left on device")
  }

  @Test func `74 when the output is written long before the end`() throws {
    let workspace = try Self.workspace()
    let result = try workspace.run(["tokens", String(repeating: "政府", count: 10_000)], output: "/dev/full")
    expectFailure(result, 74, "cannot write the output: No space left on device")
  }
}
