// Does input that nobody expected end in a clear message and the right status, with the rest indexed?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct HostileInputTests {
  @Test func `a line of ten megabytes is one passage, and is found`() throws {
    let workspace = try Workspace()
    let line = String(repeating: "政府采购需求标准一二三四五六七八九十，", count: 180_000) + "鲲鹏在此"
    #expect(line.utf8.count > 10_000_000)
    try workspace.write("docs/long.txt", line)
    try workspace.write("docs/short.txt", "短文。\n")
    #expect(try workspace.succeed("index", "docs").output == "committed suoyin.index: 2 passages added, 0 removed, 2 sources read\n")
    let result = try workspace.succeed("search", "\"鲲鹏在此\"")
    #expect(result.lines[1].hasPrefix("   …") && result.lines[1].hasSuffix("鲲鹏在此"), "\(result)")
    #expect(result.lines[2].hasPrefix("   long.txt#1  "), "\(result)")
    #expect(try workspace.succeed("show", "--json", "long.txt#1").output.contains("\"text\":\"\(line)\""))
    try workspace.expectSound()
  }

  @Test func `an empty file gives a warning and no failure`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/empty.txt", "")
    try workspace.write("docs/blank.md", "\u{FEFF}\r\n \u{3000}\n")
    try workspace.write("docs/none.jsonl", "\n")
    let result = try workspace.suoyin("index", "docs")
    #expect(result.ending == .exited(0), "\(result)")
    #expect(result.output == "committed suoyin.index: 0 passages added, 0 removed, 2 sources read\n")
    #expect(
      result.errors == """
        suoyin: warning: docs/blank.md: no text in this file
        suoyin: warning: docs/empty.txt: no text in this file
        suoyin: warning: docs/none.jsonl: no rows in this file

        """)
    try workspace.expectSound()
  }

  @Test(
    arguments: [
      ("binary", [0x7F, 0x45, 0x4C, 0x46, 0x00, 0x01], "a binary file: byte 4 is NUL"),
      ("of no encoding", [0x47, 0x42, 0xFF, 0xFF], "not UTF-8 at byte 2, and in no encoding that can be told; --encoding NAME"),
      ("no UTF-16", [0xFF, 0xFE, 0x3F, 0xDC, 0x3F, 0xDC], "not UTF-16LE: 2 of 2 characters are ill-formed, the first at byte 2"),
    ] as [(String, [UInt8], String)])
  func `a file that is no text is rejected, and the rest is indexed`(_ name: String, _ bytes: [UInt8], _ phrase: String) throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "先读的文件。\n")
    try workspace.write("docs/b.txt", bytes)
    try workspace.write("docs/c.txt", "后读的文件。\n")
    let result = try workspace.suoyin("index", "docs")
    #expect(result.ending == .exited(65) && result.output.hasPrefix("committed suoyin.index: 2 passages added"), "\(name): \(result)")
    #expect(result.errorLines.count == 1 && result.errors.hasPrefix("suoyin: rejected: docs/b.txt: \(phrase)"), "\(name): \(result)")
    #expect(try workspace.keys("文件").count == 2)
    try workspace.expectSound()
  }

  @Test func `what is no file is rejected without waiting for it, and links are followed`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "文件一。\n")
    let make = "cd docs && mkfifo pipe.txt && ln -s /dev/zero zero.txt && ln -s nowhere gone.txt && ln -s . loop && ln -s a.txt b.txt"
    #expect(try CommandRunner(program: "sh", in: workspace.directory).run("-c", make).status == 0)
    let result = try workspace.run(["index", "docs"]) { $0.timeout = .seconds(20) }
    #expect(result.ending == .exited(65) && result.output.hasPrefix("committed suoyin.index: 2 passages added"), "\(result)")
    #expect(
      result.errors == """
        suoyin: rejected: docs/gone.txt: a link that leads nowhere; skipped
        suoyin: rejected: docs/pipe.txt: no regular file; skipped
        suoyin: rejected: docs/zero.txt: no regular file; skipped

        """)
  }

  @Test func `rows that are no documents are rejected one by one`() throws {
    let workspace = try Workspace()
    let rows: [[UInt8]] = [
      Array(#"{"id":"a","text":"好的行"}"#.utf8), Array("{\"id\":\"b\",\"text\":\"".utf8) + [0xFF] + Array("\"}".utf8), Array("null".utf8),
      Array(#"{"id":"c","text":"好的行""#.utf8), Array(#"{"text":"没有编号"}"#.utf8), Array(#"{"id":{},"text":"x"}"#.utf8),
      Array(#"{"id":"d","text":["x"]}"#.utf8), Array(String(repeating: "[", count: 100_000).utf8),
      Array(#"{"id":"\#(String(repeating: "长", count: 2000))","text":"x"}"#.utf8), Array(#"{"id":"e","text":"\ud800"}"#.utf8),
      Array(#"{"id":"z","text":"好的行"}"#.utf8),
    ]
    try workspace.write("rows.jsonl", rows.joined(separator: [0x0A]))
    let result = try workspace.suoyin("index", "rows.jsonl")
    #expect(result.ending == .exited(65), "\(result)")
    #expect(result.output == "committed suoyin.index: 2 passages added, 0 removed, 2 sources read, 9 rejected\n")
    #expect(result.errorLines.enumerated().allSatisfy { $1.hasPrefix("suoyin: rejected: rows.jsonl:\($0 + 2): ") && $1.utf8.count < 400 })
    #expect(try workspace.keys("好的行") == ["a", "z"])
  }

  @Test func `names with line ends and control characters stay on one line`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/坏\n名\u{1B}[31m.txt", [0x00])
    let result = try workspace.suoyin("index", "docs")
    #expect(result.status == 65 && result.errorLines.count == 1 && !result.errors.contains("\u{1B}"), "\(result)")
    expectFailure(try workspace.suoyin("show", "没有\n这个"), 1, "there is no passage")
    expectFailure(try workspace.suoyin("search", "--index", "没有\n这个", "政府"), 66, "there is no index")
  }

  @Test(.enabled(if: Terminal.whyNone == nil || announceSkipped("control characters on a terminal", Terminal.whyNone ?? "")))
  func `a document's control characters do not reach a terminal`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/rows.jsonl", #"{"id":"a\u001b[0m","title":"标题\u001b]0;x\u0007","text":"政府\u001b[2J采购\u009b2J"}"#)
    try workspace.succeed("index", "docs")
    let commands = ["search 政府", "show $(printf 'a\\033[0m')"]
    for command in commands {
      let output = try Terminal.output(of: command, in: workspace, ["TERM": "dumb"])
      #expect(output.contains("政府␛[2J采购") && !output.contains { "\u{1B}\u{07}\u{9B}".contains($0) }, "\(command): \(output)")
    }
    #expect(try workspace.succeed("search", "政府").output.contains("政府\u{1B}[2J采购"), "a pipe gets the text as it is")
  }

  @Test(arguments: [("2>&-", 65), (">&-", 74), ("<&-", 65), ("<&- >&- 2>&-", 74)] as [(String, Int32)])
  func `messages never go into the index, though the standard descriptors are closed`(_ redirection: String, _ status: Int32) throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "好的文件。\n")
    try workspace.write("docs/b.txt", [0xFF])
    let program = "\(CommandRunner.productsFolder)/suoyin"
    let result = try CommandRunner(program: "sh", in: workspace.directory).run("-c", "\(program) index docs \(redirection)")
    #expect(result.ending == .exited(status), "\(result)")
    let lock = String(decoding: try workspace.read("suoyin.index/write.lock"), as: UTF8.self)
    #expect(lock.wholeMatch(of: /process [0-9]+/) != nil, "\(lock)")
    #expect(try workspace.keys("文件") == ["a.txt#1"])
    try workspace.expectSound()
  }

  @Test(
    arguments: [
      ("search 文件 >&-", 74, "cannot write the output"), ("search 没有 --json >&-", 74, "cannot write the output"),
      ("show a.txt#1 >&-", 74, "cannot write the output"), ("--help >&-", 74, "cannot write the output"),
      ("tokens - <&-", 74, "cannot read -"), ("search 文件 2>&-", 0, ""), ("search 文件 <&-", 0, ""), ("search --limit ten 文件 2>&-", 2, ""),
    ] as [(String, Int32, String)])
  func `what needs a standard descriptor that is closed says so`(_ command: String, _ status: Int32, _ phrase: String) throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "好的文件。\n")
    try workspace.succeed("index", "docs")
    let program = "\(CommandRunner.productsFolder)/suoyin"
    let result = try CommandRunner(program: "sh", in: workspace.directory).run("-c", "\(program) \(command)")
    #expect(result.ending == .exited(status), "\(result)")
    #expect(phrase.isEmpty ? result.errors.isEmpty : result.errors.contains(phrase), "\(result)")
  }

  @Test func `texts for tokens that are no UTF-8 are refused`() throws {
    let workspace = try Workspace()
    for bytes in [[0xFF], Array("政府".utf8.dropLast()), [0xED, 0xA0, 0x80], [0x61, 0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]] {
      expectFailure(try workspace.run(["tokens", "-"], input: bytes), 2, "the text is not UTF-8")
      let result = try workspace.run(["tokens", "--lines", "-"], input: Array("好\n".utf8) + bytes + [0x0A])
      #expect(result.status == 2 && result.errors.contains("line 2 is not UTF-8") && result.output.contains("好"), "\(result)")
    }
    let odd = "\u{202E}政\u{200F}府\u{E000}\u{FDFA}\u{378}\u{FFFF}\u{10FFFF}\u{0}\u{301}"
    #expect(try workspace.run(["tokens", "-"], input: Array(odd.utf8)).ending == .exited(0))
  }

  @Test func `words of thousands of characters of any kind are indexed and found`() throws {
    let length = setting("SUOYIN_WORD_LENGTH", default: 1 << 15)
    let workspace = try Workspace()
    for (name, character) in HostileWords.characters {
      let word = String(repeating: character, count: length / character.utf8.count)
      try workspace.write("docs/\(name).txt", "\(word) 鲲鹏在此\n")
    }
    let result = try workspace.succeed("index", "docs")
    #expect(result.output.hasPrefix("committed suoyin.index: \(HostileWords.characters.count) passages added"), "\(result)")
    #expect(try workspace.keys("\"鲲鹏在此\"").count == HostileWords.characters.count)
    try workspace.expectSound()
  }

  @Test(.enabled(if: ordinaryUser == nil || announceSkipped("files without permission", ordinaryUser ?? "")))
  func `what an ordinary user may not read or write is said`() throws {
    let workspace = try Workspace()
    for name in ["docs/a.txt", "docs/secret.txt", "docs/locked/b.txt"] { try workspace.write(name, "\(name)的文件。\n") }
    try workspace.succeed("index", "--index", "closed.index", "docs/a.txt")
    try workspace.succeed("index", "--index", "read-only.index", "docs/a.txt")
    let shell = CommandRunner(program: "sh", in: workspace.directory)
    let modes = "chmod 755 . && mkdir -m 777 open && chmod 000 docs/secret.txt docs/locked closed.index && chmod 555 read-only.index"
    #expect(try shell.run("-c", modes).status == 0)
    defer { _ = try? shell.run("-c", "chmod -R 755 .") }
    func suoyin(_ arguments: String...) throws -> CommandResult { try workspace.run(arguments) { $0 = $0.asOrdinaryUser() } }

    let result = try suoyin("index", "--index", "open/i", "docs")
    #expect(result.ending == .exited(65) && result.output.hasPrefix("committed open/i: 1 passages added"), "\(result)")
    #expect(
      result.errors == """
        suoyin: rejected: docs/locked: Permission denied; skipped
        suoyin: rejected: docs/secret.txt: Permission denied; file skipped

        """)
    #expect(try suoyin("search", "--index", "open/i", "文件").status == 0)
    expectFailure(try suoyin("index", "--index", "here", "docs/a.txt"), 73, "cannot create the directory here: Permission denied")
    expectFailure(try suoyin("search", "--index", "closed.index", "文件"), 74, "Permission denied")
    expectFailure(try suoyin("check", "--index", "closed.index"), 74, "Permission denied")
    // What may be read can be searched, though nothing can be written there.
    #expect(try suoyin("search", "--index", "read-only.index", "文件").status == 0)
    #expect(try suoyin("check", "--index", "read-only.index").status == 0)
    try workspace.write("docs/a.txt", "改了。\n")
    expectFailure(try suoyin("index", "--index", "read-only.index", "docs/a.txt"), 74, "Permission denied")
    expectFailure(try suoyin("delete", "--index", "read-only.index", "a.txt#1"), 74, "Permission denied")
    #expect(try suoyin("search", "--index", "read-only.index", "\"docs a.txt的文件\"").status == 0, "the old text is still there")
  }

  /// Why the program cannot be run as an ordinary user here, or nil.
  private static let ordinaryUser: String? = CommandRunner(product: "suoyin", in: "/").whyNoOrdinaryUser(trying: "--version")
}
