// Does every scorer of TREC runs keep our order?
import SuoyinTestKit
import Testing

@Suite struct TRECOutputTests {
  private struct Line {
    var query: String
    var key: String
    var rank: Int
    var score: Float

    init(_ line: Substring) throws {
      let columns = line.split(separator: " ", omittingEmptySubsequences: false)
      try #require(columns.count == 6 && columns[1] == "Q0" && columns[5] == "suoyin", "\(line)")
      query = String(columns[0])
      key = String(columns[2])
      rank = try #require(Int(columns[3]))
      score = try #require(Float(columns[4]))
    }
  }

  @Test func `scores strictly decrease as 32-bit numbers, though many passages have the same`() throws {
    let workspace = try Workspace()
    for number in 0..<60 { try workspace.write("docs/\(number).txt", number % 3 == 0 ? "政府采购。\n" : "政府采购政府采购目录。\n") }
    try workspace.succeed("index", "docs")
    let result = try workspace.succeed("search", "--format", "trec", "--limit", "100", "采购 政府")
    let lines = try result.lines.map { try Line($0) }
    let hits = try workspace.hits("--limit", "100", "采购 政府")
    #expect(lines.count == 60 && Set(hits.map { $0["score"]?.digits }).count == 2, "this test needs ties")
    #expect(lines.map(\.rank) == Array(1...60) && lines.allSatisfy { $0.query == "0" })
    #expect(lines.map(\.key) == hits.map { $0["key"]?.text ?? "" })
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.score > $1.score })
    for (line, hit) in zip(lines, hits) { #expect(abs(Double(line.score) - (hit["score"]?.real ?? 0)) < 1e-4) }
  }

  @Test func `a batch numbers the ranks of each query anew, and blanks in names become %20`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/附件 一.txt", "政府采购。\n")
    try workspace.write("docs/b.txt", "政府。\n")
    try workspace.succeed("index", "docs")
    let queries = #"{"id":"q 1","text":"政府"}"# + "\n" + #"{"id":"q2","text":"鲲鹏"}"# + "\n" + #"{"id":"q3","text":"采购"}"#
    let result = try workspace.suoyin("search", "--format", "trec", "--queries", "-", input: queries)
    #expect(result.ending == .exited(0) && result.errors == "")
    let lines = try result.lines.map { try Line($0) }
    #expect(lines.map(\.query) == ["q%201", "q%201", "q3"] && lines.map(\.rank) == [1, 2, 1])
    #expect(Set(lines.map(\.key)) == ["附件%20一.txt#1", "b.txt#1"])
  }
}
