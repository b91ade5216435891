// What do snapshot, restore and repair say, and how do they end?
import SuoyinTestKit
import Testing

@Suite struct RescueCommandTests {
  private func sample() throws -> Workspace {
    let workspace = try Workspace()
    let articles = (1...60).map { "第\($0)条 采购第\($0 * 7)号文件，政府应当支持企业。\n" }
    try workspace.write("docs/a.md", "# 采购条例\n" + articles.joined())
    try workspace.write("docs/b.txt", "关于采购的说明。\n")
    try workspace.succeed("index", "docs")
    return workspace
  }

  @Test func `a snapshot is an index, and is put back only where that is said`() throws {
    let workspace = try sample()
    let copied = try workspace.succeed("snapshot", "kept", "--check")
    #expect(copied.output.hasPrefix("copied suoyin.index to kept: ") && copied.output.contains("1 files (1 linked)"), "\(copied)")
    #expect(try workspace.succeed("snapshot", "copied", "--copy").output.contains("(0 linked)"))
    expectFailure(try workspace.suoyin("snapshot", "kept"), 73, "the directory is not empty")
    expectFailure(try workspace.suoyin("snapshot", "kept2", "--index", "nowhere"), 66, "there is no index at nowhere")
    let keys = try workspace.keys("采购")
    try workspace.succeed("delete", "b.txt#1")
    #expect(try workspace.keys("采购") != keys && workspace.keys("采购", "--index", "kept") == keys)
    expectFailure(try workspace.suoyin("restore", "kept"), 73, "--replace")
    expectFailure(try workspace.suoyin("restore", "nowhere"), 66, "there is no snapshot at nowhere")
    expectFailure(try workspace.suoyin("restore", "kept", "--index", "docs", "--replace"), 73, "not empty")
    let restored = try workspace.succeed("restore", "kept", "--replace")
    #expect(restored.output.hasPrefix("restored suoyin.index: ") && restored.output.hasSuffix("from kept\n"), "\(restored)")
    #expect(try workspace.keys("采购") == keys)
    try workspace.succeed("restore", "kept", "--index", "new")
    try workspace.expectSound()
    try workspace.expectSound("new")
    try workspace.succeed("check", "--deep")
  }

  @Test func `a repair names what is lost, and the next run finds it again`() throws {
    let workspace = try sample()
    #expect(try workspace.succeed("repair").output.contains("nothing to repair"))
    var bytes = try workspace.read("suoyin.index/segment-1")
    bytes[40] ^= 1
    try workspace.write("suoyin.index/segment-1", bytes)
    for dryRun in [true, false] {
      let result = try workspace.run(["repair"] + (dryRun ? ["--dry-run"] : []))
      #expect(result.ending == .exited(65) && result.errors.hasPrefix("suoyin: damage: suoyin.index/segment-1"), "\(result)")
      #expect(result.output.hasPrefix("lost "), "\(result)")
      #expect(result.lines.last?.hasPrefix(dryRun ? "would repair suoyin.index: " : "repaired suoyin.index: ") ?? false, "\(result)")
    }
    try workspace.expectSound()
    try workspace.succeed("index", "docs")
    #expect(try workspace.keys("\"第420号\"").count == 1)
    let json = try workspace.succeed("repair", "--json")
    #expect(json.output.hasPrefix(#"{"type":"repair","sound":true,"dry_run":false,"damaged":[],"#), "\(json)")
  }

  @Test func `what cannot be repaired is said with what helps`() throws {
    let workspace = try sample()
    try workspace.succeed("snapshot", "kept")
    try workspace.write("suoyin.index/commit", "nothing")
    expectFailure(try workspace.suoyin("repair"), 70, "suoyin restore")
    try workspace.succeed("restore", "kept", "--replace")
    try workspace.expectSound()
  }
}
