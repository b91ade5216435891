// Are rows of every format found, and is no program that reads files waited for longer than it may take?
import SuoyinTestKit
import Testing

@Suite struct FormatTests {
  /// Writes a shell script that reads files, and settings that name it for files that end in `.x`. The shell is the program: a script that has
  /// just been written may be still open in a process that another test starts at that moment, and is then too busy to be run.
  private func writeReader(_ script: String, in workspace: Workspace, timeout: Double = 30) throws {
    try workspace.write("reader", script)
    try workspace.write(
      "readers.json",
      #"{"readers":[{"extensions":["x"],"command":["sh","reader"],"timeoutSeconds":\#(timeout),"maximumOutputBytes":100000}]}"#
    )
  }

  private func index(_ workspace: Workspace, _ arguments: String...) throws -> CommandResult {
    try workspace.run(["index", "--readers", "readers.json"] + arguments) { $0.timeout = .seconds(30) }
  }

  @Test func `rows of JSON are the same documents as those of JSON Lines`() throws {
    let workspace = try Workspace()
    let rows = [
      #"{"id":"a","title":"政府采购办法","label":"第一条","text":"为了规范政府采购行为。","年份":2024}"#, #"{"id":2,"text":"采购人应当\n公开采购信息。"}"#,
    ]
    let object = #"{"total":2,"data":["# + rows.joined(separator: ",") + "]}"
    let files: [(folder: String, name: String, text: String)] = [
      ("lines", "rows.jsonl", rows.joined(separator: "\n")), ("array", "rows.json", "[\n" + rows.joined(separator: " ,\n") + "\n]\n"),
      ("object", "rows.json", object), ("objects", "rows.json", rows.joined(separator: "\n")),
    ]
    for (folder, name, text) in files {
      try workspace.write("\(folder)/\(name)", text)
      let options = folder == "object" ? ["--rows", "data"] : []
      let result = try workspace.run(["index", "--index", "\(folder).index"] + options + [folder])
      #expect(result.output == "committed \(folder).index: 2 passages added, 0 removed, 2 sources read\n", "\(result)")
      let hits = try workspace.hits("--index", "\(folder).index", "采购").sorted { $0["key"]?.text ?? "" < $1["key"]?.text ?? "" }
      #expect(hits.map { $0["key"]?.text } == ["2", "a"])
      #expect(hits.last?["members"] == .object([.init(name: "年份", value: .number("2024"))]))
      #expect(hits.first?["text"]?.text == "采购人应当\n公开采购信息。")
      try workspace.expectSound("\(folder).index")
    }
    #expect(try workspace.succeed("index", "--index", "array.index", "array").output.hasSuffix("2 sources read, 2 of them unchanged\n"))
  }

  @Test func `a JSON file that is cut keeps its rows, and says where it ends`() throws {
    let workspace = try Workspace()
    try workspace.write(
      "a.json", "[{\"id\":1,\"text\":\"甲一\"},\n{\"id\":2,\"text\":},\n{\"id\":3,\"text\":\"甲三\"},\n{\"id\":4,\n\"text\":\"甲")
    let result = try workspace.suoyin("index", "a.json")
    #expect(result.status == 65 && result.output == "committed suoyin.index: 2 passages added, 0 removed, 2 sources read, 2 rejected\n")
    #expect(
      result.errors == """
        suoyin: rejected: a.json:2: not JSON: a value is missing (byte 15 of the row); row skipped
        suoyin: rejected: a.json:4: the file ends inside what begins here (byte 71); the rest of the file skipped, the rows before stay

        """)
    #expect(try Set(workspace.keys("甲")) == ["1", "3"])
    try workspace.expectSound()
  }

  @Test(arguments: ["UTF-8", "GB18030", "UTF-16"])
  func `a table is found in the encoding that a spreadsheet wrote it in`(_ encoding: String) throws {
    let workspace = try Workspace()
    try workspace.write(
      "plain", "编号,名称,正文,文号\r\nzc-1,政府采购办法,\"为了规范政府采购行为,\r\n制定本\"\"办法\"\"。\",财政部令第87号\r\nzc-2,通知,\"请各单位遵照执行。\",\r\n,,,\r\n3,少\r\n")
    let shell = CommandRunner(program: "sh", in: workspace.directory)
    #expect(try shell.run("-c", "mkdir docs && iconv -f UTF-8 -t \(encoding) plain > docs/t.csv").status == 0)
    let options = ["--key", "编号", "--title", "名称", "--text", "正文"]
    let result = try workspace.run(["index", "docs"] + options)
    #expect(
      result.status == 65 && result.errors == "suoyin: rejected: docs/t.csv:6: 2 fields, but the header has 4; row skipped\n", "\(result)")
    #expect(try workspace.keys("采购") == ["zc-1"] && workspace.keys("\"遵照执行\"") == ["zc-2"])
    let passage = try #require(JSON(try workspace.succeed("show", "--json", "zc-1").output.dropLast()))
    #expect(passage["text"]?.text == "为了规范政府采购行为,\r\n制定本\"办法\"。" && passage["title"]?.text == "政府采购办法")
    #expect(passage["members"] == .object([.init(name: "文号", value: .string("财政部令第87号"))]))
    #expect(try workspace.run(["index", "docs"] + options).output.hasSuffix("2 sources read, 2 of them unchanged, 1 rejected\n"))
    try workspace.expectSound()
  }

  @Test func `a program reads files of its format, once as long as they are the same`() throws {
    let workspace = try Workspace()
    try writeReader(#"echo >> ran; sed 's|.*|{"title":"'"$SUOYIN_NAME"'","text":"&"}|'"#, in: workspace)
    try workspace.write("docs/sub/a.x", "甲的文件\n乙的文件\n")
    try workspace.write("docs/b.y", "丙的文件\n")
    #expect(
      try index(workspace, "docs").output
        == "committed suoyin.index: 2 passages added, 0 removed, 1 sources read, 1 files of other formats skipped\n")
    #expect(
      try workspace.hits("\"乙的\"").map { [$0["key"]?.text, $0["title"]?.text, $0["file"]?.text] } == [["sub/a.x#2", "sub/a.x", "sub/a.x"]])
    #expect(try index(workspace, "docs").output.contains("1 of them unchanged"))
    #expect(try workspace.read("ran").count == 1, "an unchanged file is not read again")
    try workspace.write("docs/sub/a.x", "丁的文件\n")
    #expect(try index(workspace, "docs").output.hasPrefix("committed suoyin.index: 1 passages added, 2 removed"))
    #expect(try workspace.keys("的文件") == ["sub/a.x#1"])
    #expect(
      try workspace.succeed("index", "docs").output.contains("2 files of other formats skipped"), "without its reader it stays as it was")
    #expect(try workspace.keys("的文件") == ["sub/a.x#1"])
    try workspace.expectSound()
  }

  @Test(arguments: [
    ("exit 7", "ended with status 7"), ("echo '{\"text\":\"新\"}'; echo broken >&2; exit 7", "ended with status 7: broken"),
    ("echo '{\"text\":\"新\"}'; kill -SEGV $$", "was ended by signal 11"),
    ("echo '{\"text\":\"新\"}'; sleep 100", "did not end within 0.5 s"),
    ("trap '' TERM; exec >&- 2>&-; while :; do sleep 1; done", "did not end within 0.5 s"), ("exec yes", "wrote more than 100000 bytes"),
    ("exec yes >&2", "did not end within 0.5 s"), ("sleep 100 & wait", "did not end within 0.5 s"),
    ("echo '{\"text\":\"新\"}'; echo x", "wrote a row that is none, in line 2, byte 0: not JSON: not a JSON object"),
  ])
  func `what a file had stays when its reader fails, and other files are read`(_ script: String, _ message: String) throws {
    let workspace = try Workspace()
    try writeReader("echo '{\"text\":\"旧的\"}'", in: workspace)
    try workspace.write("docs/a.x", "1")
    try workspace.write("docs/b.txt", "别的\n")
    #expect(try index(workspace, "docs").status == 0)
    try workspace.write("docs/a.x", [UInt8](repeating: 0x32, count: 200_000))
    try workspace.write("docs/c.txt", "新来的\n")
    try writeReader(script, in: workspace, timeout: 0.5)
    let result = try index(workspace, "docs")
    #expect(
      result.ending == .exited(65) && result.errors == "suoyin: rejected: docs/a.x: the reader sh \(message); file skipped\n",
      "\(result)")
    #expect(result.output == "committed suoyin.index: 1 passages added, 0 removed, 2 sources read, 1 of them unchanged, 1 rejected\n")
    #expect(try Set(workspace.keys("\"旧\" OR \"别\" OR \"新\"")) == ["a.x#1", "b.txt#1", "c.txt#1"])
    try workspace.expectSound()
  }

  @Test func `a program's end is noticed though the signal of it was ignored by who started us`() throws {
    let workspace = try Workspace()
    try writeReader("echo '{\"text\":\"甲的\"}'", in: workspace)
    try workspace.write("a.x", "1")
    let result = try workspace.run(["index", "--readers", "readers.json", "a.x"]) { $0.wrapper = ["env", "--ignore-signal=CHLD"] }
    #expect(result.ending == .exited(0) && result.errors == "", "\(result)")
  }

  @Test func `readers that are named wrongly are refused before anything is done`() throws {
    let workspace = try Workspace()
    try workspace.write("a.x", "1")
    for (settings, message) in [
      ("{}", "readers.json: the list of readers: \"readers\" is missing"),
      (#"{"readers":[{"extensions":["x"],"command":["no-such-program-here"]}]}"#, "there is no program \"no-such-program-here\" in PATH"),
      (#"{"readers":[{"extensions":["x"],"command":["sh"],"shell":true}]}"#, "reader 1: there is no setting \"shell\""),
    ] {
      try workspace.write("readers.json", settings)
      expectFailure(try index(workspace, "a.x"), 2, message)
    }
    try workspace.remove("readers.json")
    expectFailure(try index(workspace, "a.x"), 66, "cannot read readers.json: No such file or directory")
    #expect(try workspace.names(in: "") == ["a.x"])
  }
}
