// Is a program that reads files asked as it should be, and held to its limits whatever it does?
internal import FoundationEssentials
internal import Glibc
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("Programs read files of other formats")
struct ExternalReaderTests {
  private let folder = TemporaryFolder()

  /// The settings of one reader for files that end in `.x`: a shell script.
  private func readers(_ script: String, timeout: Double = 30, limit: Int = 1 << 20, arguments: [String] = []) throws -> ExternalReaders {
    // The shell is the program: what a test has just written may be still open in a process that another test starts at that moment, and is
    // then too busy to be run.
    let path = folder.write("reader \(UInt64.random(in: 0...UInt64.max))", script)
    let command = (["/bin/sh", path] + arguments).map { "\"\($0)\"" }.joined(separator: ",")
    let settings =
      #"{"readers":[{"extensions":["x"],"command":[\#(command)],"timeoutSeconds":\#(timeout),"maximumOutputBytes":\#(limit)}]}"#
    return try ExternalReaders(parsing: Array(settings.utf8))
  }

  private func read(_ readers: ExternalReaders, _ bytes: [UInt8] = [], mapping: JSONMapping = JSONMapping()) -> ImportReading {
    let path = folder.write("in/a.x", bytes)
    var reading = ImportReading([InputFile(path: path, name: "in/a.x", format: .external)], mapping: mapping, readers: readers)
    for place in reading.problems.indices {
      let problem = reading.problems[place]
      reading.problems[place].path = "a.x"
      reading.problems[place].message = problem.message.replacing("the reader sh ", with: "the reader R ")
    }
    return reading
  }

  private func read(_ script: String, _ bytes: [UInt8] = [], timeout: Double = 30, limit: Int = 1 << 20) throws -> ImportReading {
    read(try readers(script, timeout: timeout, limit: limit), bytes)
  }

  /// Expects that nothing was read, and why; and that it did not take long.
  private func expectRejected(
    _ script: String, _ message: String, _ bytes: [UInt8] = [], timeout: Double = 30, limit: Int = 1 << 20, within seconds: Double = 20,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let start = ContinuousClock.now
    let reading = try read(script, bytes, timeout: timeout, limit: limit)
    #expect(reading.sources.isEmpty && reading.messages == ["a.x: the reader R \(message); file skipped"], sourceLocation: location)
    #expect(reading.problems.map(\.severity) == [.rejected], sourceLocation: location)
    #expect(ContinuousClock.now - start < .seconds(seconds), sourceLocation: location)
  }

  // MARK: Rows

  @Test("The rows that it writes are the documents of the file, with the file's name and a number for a key")
  func rows() throws {
    let script = #"""
      printf '\357\273\277{"id":"k","title":"%s","text":"%s"}\r\n\n' "$SUOYIN_NAME" "$(cat)"
      printf '{"text":"%s","label":"第一条"}' "$SUOYIN_FILE"
      """#
    let reading = try read(script, Array("政府".utf8))
    #expect(reading.messages == [] && reading.sources.count == 1 && reading.sources[0].source.name == "in/a.x")
    #expect(reading.keys == ["in/a.x#1", "in/a.x#2"])
    #expect(
      reading.documents.map(\.fields) == [
        ["title": "in/a.x", "text": "政府", "file": "in/a.x", "document": "in/a.x#in/a.x", "members": #"{"id":"k"}"#],
        ["text": .text(folder.at("in/a.x")), "label": "第一条", "file": "in/a.x"],
      ])
    #expect(reading.sources[0].line == nil && reading.sources[0].bytes == 6)
  }

  @Test("A path that is relative is made absolute for it, and arguments come as they are")
  func arguments() throws {
    let readers = try readers(#"printf '{"title":"%s","text":"%s|%s"}' "$SUOYIN_FILE" "$1" "$2""#, arguments: ["a b; $(x) *", ""])
    let path = folder.write("a.x", "")
    let here = FileManager.default.currentDirectoryPath
    let relative = String(repeating: "../", count: here.split(separator: "/").count) + path.dropFirst()
    let reading = ImportReading([InputFile(path: relative, name: "a.x", format: .external)], readers: readers)
    #expect(
      reading.documents.map { $0.fields.filter { $0.key != "document" } } == [
        ["title": .text(here + "/" + relative), "text": "a b; $(x) *|", "file": "a.x"]
      ])
  }

  @Test("One row that is none rejects the file: half of it would pass for the whole")
  func wrongRow() throws {
    try expectRejected(
      #"echo '{"text":"甲"}'; echo; echo '{"text":1,}'"#,
      "wrote a row that is none, in line 3, byte 10: not JSON: a member's name in quotes is missing")
    try expectRejected(
      #"echo '{"id":1}'"#, #"wrote a row that is none, in line 1: none of "title", "label" and "text" in this row"#)
    try expectRejected(#"printf '{"text":"\377"}'"#, "wrote a row that is none, in line 1, byte 9: not UTF-8")
  }

  @Test("A file without rows is a source without documents, with a warning")
  func noRows() throws {
    let reading = try read("cat > /dev/null")
    #expect(reading.messages == ["a.x: no text in this file"] && reading.sources.map(\.documents.count) == [0])
    #expect(reading.problems.map(\.severity) == [.warning])
  }

  @Test("The digest stands for the bytes, the command and the mapping; what is kept is not read again")
  func digests() throws {
    func digest(_ readers: ExternalReaders, _ text: String = "a", _ mapping: JSONMapping = JSONMapping()) -> [UInt8]? {
      read(readers, Array(text.utf8), mapping: mapping).sources.first?.source.digest
    }
    let first = try readers("echo '{\"text\":\"x\",\"t\":\"y\"}'")
    let command = first.readers[0].command.map { "\"\($0)\"" }.joined(separator: ",")
    func same(_ more: String, _ rest: String = "") throws -> ExternalReaders {
      try ExternalReaders(parsing: Array(#"{"readers":[{"extensions":["x"],"command":[\#(command)\#(more)]\#(rest)}]}"#.utf8))
    }
    let all = [
      digest(first), digest(first, "b"), try digest(same(#","v2""#)), try digest(same(#","v3""#)), try digest(same(#","v","2""#)),
      digest(first, "a", JSONMapping(title: "t")),
    ]
    #expect(!all.contains(nil) && Set(all).count == all.count)
    #expect(try digest(first) == digest(same("", #","timeoutSeconds":9,"maximumOutputBytes":99"#)))

    let marker = folder.at("ran")
    let marking = try readers("echo >> '\(marker)'; echo '{\"text\":\"x\"}'")
    let input = InputFile(path: folder.write("in/a.x", "a"), name: "in/a.x", format: .external)
    for isKept in [false, true] {
      var documents: [Int] = []
      Importer(readers: marking).read([input], each: { documents.append($0.documents.count) }, problem: { _ in }, isKept: { _ in isKept })
      #expect(documents == [isKept ? 0 : 1])
      #expect(try Data(contentsOf: URL(filePath: marker)).count == 1)
    }
  }

  // MARK: Programs that do what they like

  @Test("Megabytes go in and come out at once")
  func large() throws {
    let text = String(repeating: "政府采购", count: 500_000)
    let reading = try read(#"printf '{"text":"'; cat; printf '"}'; head -c 1000000 /dev/zero >&2"#, Array(text.utf8), limit: 1 << 24)
    #expect(reading.messages == [])
    #expect(reading.documents.first?.fields["text"] == .text(text))
  }

  @Test("One that does not read its input is none the worse for it")
  func noInput() throws {
    let bytes = [UInt8](repeating: 0x61, count: 1 << 20)
    #expect(try read(#"echo '{"text":"甲"}'"#, bytes).keys == ["in/a.x#1"])
    #expect(try read(#"exec <&-; sleep 0.1; echo '{"text":"甲"}'"#, bytes).keys == ["in/a.x#1"])
  }

  @Test("A status other than 0 or a signal rejects the file, with the last line of standard error")
  func statuses() throws {
    try expectRejected("echo '{\"text\":\"x\"}'; printf 'one\\n no such sheet \\n\\n' >&2; exit 3", "ended with status 3: no such sheet")
    try expectRejected("exit 1", "ended with status 1")
    try expectRejected("echo '{\"text\":\"x\"}'; kill -9 $$", "was ended by signal 9")
    try expectRejected(
      "printf 'a\\033[1m%0300d' 1 >&2; exit 2", "ended with status 2: a\\u{1b}[1m" + String(repeating: "0", count: 195) + "…")
  }

  @Test("One that hangs is ended, however it hangs")
  func hanging() throws {
    for script in [
      "sleep 100", "trap '' TERM; sleep 100; sleep 100", "exec >&- 2>&-; sleep 100", "while :; do :; done", "cat; sleep 100",
      "kill -STOP $$",
      "sleep 100 & wait",
    ] {
      let pid = folder.at("pid")
      try expectRejected(
        "echo $$ > '\(pid)'; echo '{\"text\":\"x\"}'\n" + script, "did not end within 0.3 s", timeout: 0.3, within: 10)
      #expect(try !isRunning(process(in: pid)), "\(script)")
    }
    try expectRejected("sleep 100", "did not end within 0.3 s", [UInt8](repeating: 0, count: 1 << 20), timeout: 0.3, within: 10)
  }

  @Test("One that writes for ever is ended, on either side")
  func flooding() throws {
    try expectRejected("exec yes", "wrote more than 100000 bytes", limit: 100_000, within: 10)
    try expectRejected("exec yes >&2", "did not end within 0.5 s", timeout: 0.5, within: 10)
    try expectRejected("trap '' PIPE TERM; while :; do echo x; done 2>/dev/null", "wrote more than 1000 bytes", limit: 1000, within: 10)
    #expect(try read(#"printf '{"text":"12345678"}'"#, limit: 19).keys == ["in/a.x#1"])
    try expectRejected(#"printf '{"text":"123456789"}'"#, "wrote more than 19 bytes", limit: 19)
  }

  @Test("What it leaves behind is killed with its group, and its pipes are not waited for")
  func leftovers() throws {
    let start = ContinuousClock.now
    let pid = folder.at("pid")
    let reading = try read("sleep 100 & echo $! > '\(pid)'; echo '{\"text\":\"x\"}'")
    #expect(reading.keys == ["in/a.x#1"])
    usleep(100_000)
    #expect(try !isRunning(process(in: pid)))
    // One that has left the group is out of reach, but not waited for.
    #expect(try read("setsid sleep 3 & echo '{\"text\":\"x\"}'").keys == ["in/a.x#1"])
    #expect(ContinuousClock.now - start < .seconds(2.5))
  }

  /// The process whose number a script has written.
  private func process(in path: String) throws -> Int32 {
    try #require(Int32(String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self).split(separator: "\n")[0]))
  }

  /// Whether a process is there and no zombie that nobody has reaped yet.
  private func isRunning(_ process: Int32) -> Bool {
    guard let status = try? Data(contentsOf: URL(filePath: "/proc/\(process)/stat")) else { return false }
    return !String(decoding: status, as: UTF8.self).contains(") Z ")
  }

  @Test("Neither descriptors nor processes are left over")
  func nothingLeft() throws {
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    let good = try readers("echo '{\"text\":\"x\"}'")
    let bad = try readers("exit 1")
    let hanging = try readers("sleep 100", timeout: 0.05)
    _ = read(good)
    let before = try descriptors()
    for _ in 0..<20 { for readers in [good, bad, hanging] { _ = read(readers) } }
    // Other tests open files at the same time.
    #expect(try descriptors() < before + 40)
  }

  @Test("A program that cannot be started is said to be one")
  func notStarted() throws {
    let path = folder.write("program", "\u{7F}ELF")
    folder.setMode("program", 0o700)
    let readers = try ExternalReaders(parsing: Array(#"{"readers":[{"extensions":["x"],"command":["\#(path)"]}]}"#.utf8))
    let reading = read(readers)
    #expect(
      reading.messages.count == 1 && reading.messages[0].hasPrefix("a.x: the reader program could not be started: "), "\(reading.messages)")
    #expect(
      ImportReading([InputFile(path: folder.at("in/a.x"), name: "in/a.x", format: .external)]).problems.map(\.message) == [
        "no reader is named for such files; file skipped"
      ])
  }

  // MARK: Settings

  @Test("Settings name the files that are found")
  func found() throws {
    let settings =
      #" {"readers":[{"extensions":["DOCX","doc"],"command":["sh","-c"]},{"command":["/bin/sh"],"extensions":["txt"],"timeoutSeconds":1.5e1}]}"#
    let readers = try ExternalReaders(parsing: Array(settings.utf8), searchPath: ":relative:/nowhere:/bin/:/usr/bin")
    #expect(
      readers.readers == [
        ExternalReader(extensions: ["docx", "doc"], command: ["/bin/sh", "-c"]),
        ExternalReader(extensions: ["txt"], command: ["/bin/sh"], timeoutSeconds: 15),
      ])
    for name in ["d/1.DocX", "d/2.doc", "d/3.txt", "d/4.text", "d/5.pdf"] { folder.write(name, "x") }
    let files = try InputFiles([folder.at("d")], readers: readers)
    #expect(files.files.map(\.format) == [.external, .external, .external, .plainText] && files.skipped == [folder.at("d/5.pdf")])
    #expect(try InputFiles([folder.at("d/1.DocX")], readers: readers).files.map(\.format) == [.external])
  }

  @Test(
    "Settings that are wrong are refused, with the place",
    arguments: [
      ("", "the list of readers: the row ends too early (byte 0)"), ("[]", "the list of readers: not a JSON object (byte 0)"),
      ("{}", #"the list of readers: "readers" is missing"#), (#"{"readers":[]}"#, #""readers" is empty"#),
      (#"{"readers":{}}"#, #"the list of readers: "readers" is no array"#), (#"{"readers":[1]}"#, "reader 1: not a JSON object (byte 0)"),
      (#"{"readers":[],"x":1}"#, #"the list of readers: there is no setting "x"; there are readers"#),
      (#"{"readers":[],"readers":[]}"#, #"the list of readers: "readers" comes twice"#),
      (#"{"readers":[{"command":["/bin/sh"]}]}"#, #"reader 1: "extensions" is missing"#),
      (#"{"readers":[{"extensions":["a"]}]}"#, #"reader 1: "command" is missing"#),
      (#"{"readers":[{"extensions":[],"command":["/bin/sh"]}]}"#, #"reader 1: "extensions" is empty"#),
      (#"{"readers":[{"extensions":["a"],"command":[]}]}"#, #"reader 1: "command" is empty"#),
      (#"{"readers":[{"extensions":"a","command":["/bin/sh"]}]}"#, #"reader 1: "extensions" is no array"#),
      (#"{"readers":[{"extensions":[1],"command":["/bin/sh"]}]}"#, #"reader 1: "extensions": something is no string"#),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh","\u0000"]}]}"#, #"reader 1: "command": a string has the character U+0000"#),
      (
        #"{"readers":[{"extensions":[".a"],"command":["/bin/sh"]}]}"#,
        #"reader 1: the extension ".a" is no letters behind a last dot; write it as "docx""#
      ),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"timeout":1}]}"#, nil),
      (#"{"readers":[{"extensions":["a","A"],"command":["/bin/sh"]}]}"#, #"reader 1: the extension "a" comes twice"#),
      (
        #"{"readers":[{"extensions":["a"],"command":["/bin/sh"]},{"extensions":["a"],"command":["/bin/sh"]}]}"#,
        #"reader 2: the extension "a" comes twice"#
      ),
      (
        #"{"readers":[{"extensions":["a"],"command":["./sh"]}]}"#,
        #"reader 1: the command "./sh" is neither an absolute path nor a name to be looked for in PATH"#
      ),
      (#"{"readers":[{"extensions":["a"],"command":["no-such"]}]}"#, #"reader 1: there is no program "no-such" in PATH"#),
      (#"{"readers":[{"extensions":["a"],"command":["/no-such"]}]}"#, "reader 1: /no-such is no program that may be run"),
      (#"{"readers":[{"extensions":["a"],"command":["/bin"]}]}"#, "reader 1: /bin is no program that may be run"),
      (
        #"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"timeoutSeconds":0}]}"#,
        #"reader 1: "timeoutSeconds" is no number above 0 and at most 86400"#
      ),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"timeoutSeconds":1e9}]}"#, nil),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"timeoutSeconds":"1"}]}"#, nil),
      (
        #"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"maximumOutputBytes":1.5}]}"#,
        #"reader 1: "maximumOutputBytes" is no integer"#
      ),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"maximumOutputBytes":1e99}]}"#, nil),
      (#"{"readers":[{"extensions":["a"],"command":["/bin/sh"],"maximumOutputBytes":-1}]}"#, nil),
    ] as [(String, String?)])
  func wrongSettings(settings: String, message: String?) {
    do {
      let readers = try ExternalReaders(parsing: Array(settings.utf8), searchPath: "/bin")
      Issue.record("\(readers)")
    } catch {
      if let message { #expect(error.description == message) }
    }
  }

  @Test("Settings that are no text are refused")
  func binarySettings() {
    #expect(throws: ReaderSettingsError.self) { try ExternalReaders(parsing: [0x7B, 0xFF]) }
    #expect(throws: ReaderSettingsError.self) { try ExternalReaders(parsing: [UInt8](repeating: 0x20, count: 1 << 20 + 1)) }
  }
}
