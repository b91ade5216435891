// Does `suoyin explain` show what each part of a query gives?
import SuoyinTestKit
import Testing

@Suite struct ExplainCommandTests {
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    let rows = [
      #"{"id":"a","title":"煤矿安全条例","label":"第四条","text":"煤矿企业应当履行安全生产主体责任。"}"#, #"{"id":"b","text":"安全第一，预防为主。GB/T 36073-2018"}"#,
      #"{"id":"c","text":"市场与企业"}"#,
    ]
    try workspace.write("rows.jsonl", rows.joined(separator: "\n"))
    try workspace.write("synonyms.txt", "企业, 公司\n")
    try workspace.succeed("index", "rows.jsonl")
    return workspace
  }

  /// The hundredths of a line's first column.
  private static func hundredths(_ line: Substring) -> Int? {
    let digits = line.drop { $0 == " " }.prefix { $0 != " " }
    guard digits.contains(".") else { return nil }
    return Int(digits.filter { $0 != "." })
  }

  @Test(arguments: ["安全", "煤矿安全条例第4条 企业", "\"安全生产\" 责任", "+安全 +企业", "安全*", "36073~1", "安全 OR 公司", "title:煤矿^3 企业"])
  func `what is printed adds up to the score, which is that of the search`(query: String) throws {
    let workspace = try Self.workspace()
    for hit in try workspace.hits(query, "--synonyms", "synonyms.txt") {
      let key = hit["key"]?.text ?? ""
      let lines = try workspace.succeed("explain", query, key, "--synonyms", "synonyms.txt").lines
      let total = try #require(lines[0].split(separator: " ").last.flatMap { Self.hundredths($0) })
      #expect(Double(total) == ((hit["score"]?.real ?? 0) * 100).rounded())
      // Lines of joined parts repeat what is below them.
      let sum = lines.dropFirst(3).filter { line in !["all of", "any of", "title and label", "preferring"].contains { line.hasSuffix($0) } }
        .compactMap(Self.hundredths).reduce(0, +)
      #expect(sum == total, "\(query) \(key)\n\(lines.joined(separator: "\n"))")
      let json = try #require(JSON(try workspace.succeed("explain", query, key, "--synonyms", "synonyms.txt", "--json").lines[0]))
      #expect(json["score"] == hit["score"] && json["part"]?["score"] == hit["score"] && json["matches"] == .bool(true))
      #expect(json["citation"] == hit["citation"])
    }
  }

  @Test func `the exit code says whether the passage matches`() throws {
    let workspace = try Self.workspace()
    let missing = try workspace.suoyin("explain", "+安全 +企业", "b")
    #expect(missing.status == 1 && missing.output.contains("\nmissing: ") && missing.output.contains("企业") && missing.errors == "")
    let excluded = try workspace.suoyin("explain", "企业 NOT 市场", "c")
    #expect(excluded.status == 1 && excluded.output.contains("\nexcluded, and there: ") && excluded.output.contains("市场"))
    let filtered = try workspace.suoyin("explain", "企业", "c", "--filter", "安全")
    #expect(filtered.status == 1 && filtered.output.contains("\nmissing: \"安全\"\n"))
    let nobody = try workspace.suoyin("explain", "企业", "nobody")
    #expect(nobody.status == 1 && nobody.errors == "suoyin: error: there is no passage 'nobody' in the index\n" && nobody.output == "")
    for arguments in [["。", "a"], ["企业"], ["企业 AND", "a", "--strict"], ["企业", "a", "--k1", "-1"]] {
      #expect(try workspace.run(["explain"] + arguments).status == 2, "\(arguments)")
    }
    #expect(try workspace.suoyin("explain", "企业", "a", "--index", "nowhere").status == 66)
  }

  @Test func `weights and filters are those of the search`() throws {
    let workspace = try Self.workspace()
    let options = ["--k1", "1.2", "--b", "0.3", "--word-weight", "2", "--cell-weight", "0", "--filter", "安全"]
    for hit in try workspace.hits("安全企业", "--k1", "1.2", "--b", "0.3", "--word-weight", "2", "--cell-weight", "0", "--filter", "安全") {
      let result = try workspace.run(["explain", "安全企业", hit["key"]?.text ?? "", "--json"] + options)
      let json = try #require(JSON(result.lines[0]))
      #expect(json["score"] == hit["score"] && json["k1"]?.real == 1.2 && json["b"]?.real == 0.3)
    }
  }
}
