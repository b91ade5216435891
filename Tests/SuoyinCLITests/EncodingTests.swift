// Does a search find the same in a document whatever encoding its file has?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct EncodingTests {
  private static let seed = "shandong-advanced-manufacturing-regulation.txt"

  /// The text in another encoding, by the C library's program for it.
  private func convert(_ name: String, from source: String = "UTF-8", to encoding: String, in workspace: Workspace) throws -> [UInt8] {
    // Without a mark, UTF-16 is what this machine writes.
    let command = "iconv -f \(source == "UTF-16" ? "UTF-16LE" : source) -t \(encoding) \(name) > converted"
    let result = try CommandRunner(program: "sh", in: workspace.directory).run("-c", command)
    #expect(result.status == 0, "\(result)")
    return try workspace.read("converted")
  }

  @Test(arguments: ["GB18030", "GBK", "UTF-16", "UTF-16LE", "UTF-16BE"])
  func `a file in another encoding gives the same hits`(_ encoding: String) throws {
    let workspace = try Workspace()
    try workspace.write("plain/a.txt", [UInt8](try Data(contentsOf: URL(filePath: "\(Workspace.seeds)/\(Self.seed)"))))
    let original = try convert("plain/a.txt", to: encoding, in: workspace)
    try workspace.write("other/a.txt", original)
    try workspace.succeed("index", "--index", "plain.index", "plain")
    try workspace.succeed("index", "--index", "other.index", "other")
    for query in ["先进制造业", "\"产业集群\"", "第十七条", "融资 OR 人才", "知识产权 -专利"] {
      let hits = try workspace.hits("--index", "plain.index", query)
      #expect(!hits.isEmpty)
      let others = try workspace.hits("--index", "other.index", query)
      #expect(others.map(\.withoutSource) == hits.map(\.withoutSource), "\(encoding): \(query)")
      for hit in others {
        // The bytes of the file are the text, in the file's encoding.
        let bytes = try #require(hit["source"]?.ranges).flatMap { original[$0] }
        try workspace.write("source", bytes)
        let text = String(decoding: try convert("source", from: encoding, to: "UTF-8", in: workspace), as: UTF8.self)
        #expect(text.filter { !$0.isWhitespace } == hit["text"]?.text?.filter { !$0.isWhitespace })
      }
    }
    #expect(try workspace.succeed("index", "--index", "other.index", "other").output.hasSuffix("1 sources read, 1 of them unchanged\n"))
    try workspace.expectSound("other.index")
  }

  @Test func `--encoding goes before what is found, and indexes again what it changes`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", [0xD5, 0xFE, 0xB8, 0xAE])
    try workspace.write("docs/b.jsonl", "{\"id\":1,\"text\":\"人民\"}\n")
    try workspace.succeed("index", "docs")
    #expect(try workspace.keys("政府") == ["a.txt#1"])
    let forced = try workspace.succeed("index", "--encoding", "latin1", "docs")
    #expect(forced.output == "committed suoyin.index: 1 passages added, 1 removed, 2 sources read, 1 of them unchanged\n")
    #expect(try workspace.keys("政府") == [] && workspace.keys("人民") == ["1"])
    try workspace.succeed("index", "--encoding", "gb2312", "docs")
    #expect(try workspace.keys("政府") == ["a.txt#1"])
    expectFailure(try workspace.suoyin("index", "--encoding", "klingon", "docs"), 2, "there is no encoding 'klingon'")
  }

  @Test func `what was replaced is a warning, and the status is 0`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", [0xD5, 0xFE, 0xB8, 0xAE, 0xCE, 0xC4, 0xBC, 0xFE, 0x81])
    let result = try workspace.suoyin("index", "docs")
    #expect(result.ending == .exited(0) && result.output.hasPrefix("committed suoyin.index: 1 passages added"), "\(result)")
    #expect(result.errors == "suoyin: warning: docs/a.txt: 1 sequence that is no GB18030, at byte 8, became U+FFFD\n")
    #expect(try workspace.keys("政府文件") == ["a.txt#1"])
  }
}
