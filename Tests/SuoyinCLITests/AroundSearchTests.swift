// Do suggest, similar, terms and the shell's completion say what the index holds?
import SuoyinTestKit
import Testing

@Suite struct AroundSearchTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(
      "a.md", "# 某省先进制造业促进条例\n\n第一条 为了促进先进制造业集群发展，制定本条例。\n\n第二条 先进制造业集群由省人民政府确定。\n\n第三条 本条例自公布之日起施行。\n")
    try workspace.write("b.md", "# 某市工业办法\n\n第一条 先进制造业集群的企业享受优惠。\n\n第二条 本办法自公布之日起施行。\n")
    try workspace.succeed("index", "a.md", "b.md")
    return workspace
  }

  @Test func `suggest completes the last word, as text and as JSON`() throws {
    let workspace = try workspace()
    #expect(try workspace.succeed("suggest", "先進製").output == "先进制造业促进条例\tphrase\t4\n先进制造业集群\tphrase\t3\n")
    #expect(try workspace.succeed("suggest", "某省", "--limit", "1").output == "某省先进制造业促进条例\ttitle\t4\n")
    let lines = try workspace.succeed("suggest", "--json", "施行", "某省").lines.compactMap { JSON($0) }
    let first = try #require(lines.first)
    #expect(first.names == ["type", "kind", "text", "passages", "exact", "completed"])
    #expect(first["type"]?.text == "suggestion" && first["kind"]?.text == "title" && first["completed"]?.text == "施行 某省先进制造业促进条例")
    #expect(try workspace.suoyin("suggest", "没有").ending == .exited(1))
    expectFailure(try workspace.suoyin("suggest", "先进", "--limit", "-1"), 2, "limit")
    expectFailure(try workspace.suoyin("suggest"), 2, "text")
    expectFailure(try workspace.suoyin("suggest", "先进", "--index", "nowhere"), 66, "nowhere")
  }

  @Test func `similar leaves out the document unless it is told not to`() throws {
    let workspace = try workspace()
    let lines = try workspace.succeed("similar", "a.md#2", "--json").lines.compactMap { JSON($0) }
    #expect(lines.first?.names == ["type", "key", "hits", "terms"] && lines.first?["type"]?.text == "similar")
    let keys = lines.dropFirst().compactMap { $0["key"]?.text }
    #expect(keys.first == "b.md#2" && keys.allSatisfy { $0.hasPrefix("b.md") })
    let same = try workspace.succeed("similar", "a.md#2", "--json", "--same-document").lines.compactMap { JSON($0)?["key"]?.text }
      .dropFirst()
    #expect(same.contains { $0.hasPrefix("a.md") } && !same.contains("a.md#2"))
    #expect(try workspace.succeed("similar", "a.md#2", "--limit", "1", "--flat").output.contains("1. "))
    expectFailure(try workspace.suoyin("similar", "nobody"), 1, "there is no passage 'nobody'")
    expectFailure(try workspace.suoyin("similar", "a.md#2", "--limit", "10000"), 2, "limit")
    expectFailure(try workspace.suoyin("similar", "a.md#2", "--terms", "0"), 2, "number of terms")
  }

  @Test func `terms lists words, other families, and values of fields`() throws {
    let workspace = try workspace()
    #expect(try workspace.succeed("terms", "製造").output == "制造业\t5\n")
    #expect(try workspace.succeed("terms", "--family", "pair", "制造").output == "制造\t5\n")
    #expect(try workspace.succeed("terms", "--family", "single", "製").output == "制\t5\n")
    #expect(try workspace.succeed("terms", "--field", "file").output == "a.md\t4\nb.md\t3\n")
    let counted = try workspace.succeed("terms", "--sort", "count", "--limit", "3").lines.compactMap { Int($0.split(separator: "\t")[1]) }
    #expect(counted.count == 3 && counted == counted.sorted(by: >))
    let all = try workspace.succeed("terms", "--limit", "0").lines.count
    let byCount = try workspace.succeed("terms", "--limit", "1000", "--sort", "count").lines.count
    #expect(all > 10 && all == byCount)
    let line = try #require(JSON(try workspace.succeed("terms", "--json", "--field", "file", "a").lines[0]))
    #expect(line.names == ["type", "field", "family", "term", "passages"] && line["passages"]?.integer == 4)
    expectFailure(try workspace.suoyin("terms", "没有的"), 1, "no term begins with '没有的'")
    expectFailure(try workspace.suoyin("terms", "--field", "nothing"), 2, "no searchable field 'nothing'")
    expectFailure(try workspace.suoyin("terms", "--field", "file", "--family", "pair"), 2, "whole values")
    expectFailure(try workspace.suoyin("terms", "--sort", "count", "--limit", "0"), 2, "--limit")
    expectFailure(try workspace.suoyin("terms", "--family", "words"), 2, "words")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `a completion script is made for every shell`(shell: String) throws {
    let script = try Workspace().succeed("--generate-completion-script", shell).output
    #expect(script.contains("---completion") && script.contains("suggest") && script.contains("similar"))
  }

  /// What bash puts in the place of what it takes for the last word, when the cursor is at the end of a line.
  private func bash(_ workspace: Workspace, _ line: String, words: [String]) throws -> [String] {
    var bash = CommandRunner(program: "/bin/bash", in: workspace.directory)
    bash.environment["PATH"] = CommandRunner.productsFolder + ":/usr/bin:/bin"
    bash.environment["LC_ALL"] = "C.UTF-8"
    let script = #"""
      source <(suoyin --generate-completion-script bash)
      compopt() { :; }
      COMP_LINE=$1; COMP_POINT=${#1}; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      "$(complete -p suoyin | grep -o '_suoyin[a-z_]*')" suoyin "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      for reply in "${COMPREPLY[@]}"; do echo "$reply"; done
      """#
    let result = try bash.run(["-c", script, "bash", line] + words)
    #expect(result.errors == "", "\(result)")
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test func `bash completes what it takes apart: names and values with a colon, quotation marks, options' values`() throws {
    let workspace = try workspace()
    #expect(try bash(workspace, "suoyin sug", words: ["suoyin", "sug"]) == ["suggest"])
    #expect(try bash(workspace, "suoyin search 标", words: ["suoyin", "search", "标"]).contains("标题:"))
    #expect(try bash(workspace, "suoyin search file:a", words: ["suoyin", "search", "file", ":", "a"]) == ["a.md"])
    #expect(try bash(workspace, "suoyin search 标题:某", words: ["suoyin", "search", "标题", ":", "某"]).first == "某省先进制造业促进条例")
    #expect(try bash(workspace, "suoyin search 标题：某", words: ["suoyin", "search", "标题：某"]).first == "标题：某省先进制造业促进条例")
    #expect(try bash(workspace, "suoyin search '标题:某", words: ["suoyin", "search", "'标题:某"]).first == "标题:某省先进制造业促进条例")
    #expect(try bash(workspace, "suoyin search 标题:\"某", words: ["suoyin", "search", "标题", ":", "\"某"]).first == "某省先进制造业促进条例")
    #expect(try bash(workspace, "suoyin search --facet fi", words: ["suoyin", "search", "--facet", "fi"]) == ["file"])
    #expect(try bash(workspace, "suoyin search --sort fi", words: ["suoyin", "search", "--sort", "fi"]) == ["file"])
    #expect(try bash(workspace, "suoyin search --sort score,-fi", words: ["suoyin", "search", "--sort", "score,-fi"]) == ["score,-file"])
    #expect(try bash(workspace, "suoyin search --format m", words: ["suoyin", "search", "--format", "m"]) == ["markdown"])
    #expect(try bash(workspace, "suoyin search --index=nowhere 某", words: ["suoyin", "search", "--index", "=", "nowhere", "某"]).isEmpty)
  }

  @Test func `a shell is offered fields, values and keys of the index, and nothing without one`() throws {
    let workspace = try workspace()
    func offered(_ command: String, _ argument: String, _ words: [String], _ prefix: String) throws -> [String] {
      let line = ["suoyin", command] + words
      let result = try workspace.run(["---completion", command, "--", argument, "\(line.count - 1)", "\(prefix.utf8.count)"] + line)
      #expect(result.ending == .exited(0) && result.errors == "", "\(result)")
      return result.lines.map(String.init)
    }
    #expect(try offered("search", "positional@0", ["fi"], "fi").contains("file:"))
    #expect(try offered("search", "positional@0", ["file:a"], "file:a") == ["file:a.md"])
    #expect(try offered("search", "positional@0", ["某省"], "某省").first == "某省先进制造业促进条例")
    #expect(try offered("show", "positional@0", ["b.md"], "b.md") == ["b.md#1", "b.md#2", "b.md#3"])
    #expect(try offered("terms", "--field", ["--field", "fi"], "fi") == ["file"])
    #expect(try offered("show", "positional@0", ["--index", "nowhere", "b"], "b").isEmpty)
  }
}
