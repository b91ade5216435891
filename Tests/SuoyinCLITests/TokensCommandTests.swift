// Does `tokens` show how every analyzer cuts, with the offsets of the text as it was given?
import SuoyinTestKit
import Testing

@Suite struct TokensCommandTests {
  private static let text = "第17條 ５Ｇ网，GB/T 36073。"

  /// The tokens of a text, and their part of the line that each is of.
  private func tokens(_ analyzer: String, _ text: String) throws -> [(token: JSON, source: String)] {
    let result = try Workspace().succeed("tokens", "--json", "--analyzer", analyzer, text)
    let bytes = Array(text.utf8)
    return try result.lines.map { line in
      let token = try #require(JSON(line))
      #expect(token.names == ["line", "term", "family", "status", "cell", "cells", "start", "end", "rule"])
      let start = try #require(token["start"]?.integer)
      let end = try #require(token["end"]?.integer)
      try #require(start < end && end <= bytes.count)
      return (token, try #require(String(validating: bytes[start..<end], as: UTF8.self)))
    }
  }

  @Test func `chinese gives words, pairs and singles of the normalised text, with the bytes they came from`() throws {
    let tokens = try tokens("chinese", Self.text)
    func family(_ name: String) -> [(String, String)] {
      tokens.filter { $0.token["family"]?.text == name }.map { ($0.token["term"]?.text ?? "", $0.source) }
    }
    let words = [("第", "第"), ("17", "17"), ("条", "條"), ("5g", "５Ｇ"), ("网", "网"), ("gb", "GB"), ("t", "T"), ("36073", "36073")]
    #expect(family("word").elementsEqual(words, by: ==))
    #expect(family("single").elementsEqual(words, by: ==), "here every word is one cell")
    let pairs = [
      ("第 17", "第17"), ("17 条", "17條"), ("条 5g", "條 ５Ｇ"), ("5g 网", "５Ｇ网"), ("网 gb", "网，GB"), ("gb t", "GB/T"), ("t 36073", "T 36073"),
      ("36073 ", "36073"),
    ]
    #expect(family("pair").elementsEqual(pairs, by: ==))
    #expect(tokens.map { $0.token["family"]?.text }.prefix(3) == ["word", "pair", "single"])
  }

  @Test func `icu gives the text's own words with ICU's status, and leaves out what has status 0`() throws {
    let tokens = try tokens("icu", Self.text)
    #expect(tokens.map(\.source) == ["第", "17", "條", "５Ｇ", "网", "GB", "T", "36073"])
    #expect(tokens.allSatisfy { $0.token["term"]?.text == $0.source && $0.token["family"]?.text == "word" })
    let statuses = tokens.compactMap { $0.token["status"]?.integer }
    #expect(statuses == [400, 100, 400, 200, 400, 200, 200, 100])
    #expect(try self.tokens("icu", "，。 \u{3000}！-").isEmpty)
  }

  @Test func `bigram gives pairs and singles, whitespace what stands between blanks`() throws {
    let bigrams = try tokens("bigram", "制造业")
    #expect(bigrams.map { $0.token["term"]?.text } == ["制造", "制", "造业", "造", "业 ", "业"])
    let pieces = try tokens("whitespace", "GB/T 36073。\u{3000}制造业,\t-")
    #expect(pieces.map(\.source) == ["GB/T", "36073。", "制造业,", "-"] && pieces.map { $0.token["cell"]?.integer } == [0, 1, 2, 3])
  }

  @Test func `a word covers its cells, and sentence ends leave gaps in the numbering`() throws {
    let tokens = try tokens("chinese", "经济。政府").filter { $0.token["family"]?.text == "word" }
    #expect(tokens.map(\.source) == ["经济", "政府"])
    #expect(tokens.map { $0.token["cell"]?.integer } == [0, 3] && tokens.map { $0.token["cells"]?.integer } == [2, 2])
  }

  @Test func `with --lines every line is a text of its own, with offsets within it`() throws {
    let lines = ["政府", "", "  5G网", "。", "条例"]
    let expected = ["0 政府 0 6", "2 5G 2 4", "2 网 4 7", "4 条例 0 6"]
    let workspace = try Workspace()
    let inputs = [
      (["-"], lines.joined(separator: "\n")), (["-"], lines.joined(separator: "\r\n") + "\r\n"), ([lines.joined(separator: "\n")], ""),
    ]
    for (argument, input) in inputs {
      let result = try workspace.run(["tokens", "--lines", "--json", "--analyzer", "icu"] + argument, input: Array(input.utf8))
      #expect(result.ending == .exited(0) && result.errors == "", "\(result)")
      let tokens = result.lines.compactMap { JSON($0) }
      let shown = tokens.map { token in
        "\(token["line"]?.integer ?? -1) \(token["term"]?.text ?? "") \(token["start"]?.integer ?? -1) \(token["end"]?.integer ?? -1)"
      }
      #expect(shown == expected)
    }
  }

  @Test func `without --lines the whole input is one text`() throws {
    let input = "政府\n条例\n"
    let result = try Workspace().suoyin("tokens", "--json", "--analyzer", "icu", "-", input: input)
    let tokens = result.lines.compactMap { JSON($0) }
    #expect(tokens.map { $0["line"]?.integer } == [0, 0] && tokens.map { $0["start"]?.integer } == [0, 7])
  }

  @Test func `people get a table, with the line's number when there are several`() throws {
    let workspace = try Workspace()
    #expect(
      try workspace.succeed("tokens", "--analyzer", "icu", "5G网").output == "word\t5G\t0\t1\t0-2\t200\ticu\nword\t网\t1\t1\t2-5\t400\ticu\n")
    #expect(
      try workspace.suoyin("tokens", "--lines", "--analyzer", "icu", "-", input: "\n网\n").output == "1\tword\t网\t0\t1\t0-3\t400\ticu\n")
  }

  @Test func `what is not UTF-8 is refused with the number of its line`() throws {
    let workspace = try Workspace()
    let input = Array("政府\n".utf8) + [0xFF, 0x0A]
    expectFailure(try workspace.run(["tokens", "--lines", "-"], input: input), 2, "line 2 is not UTF-8")
    expectFailure(try workspace.run(["tokens", "-"], input: input), 2, "the text is not UTF-8")
  }
}
