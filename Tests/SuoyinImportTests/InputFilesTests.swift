// Are the right files found, under the right names, before anything is read?
internal import FoundationEssentials
internal import Glibc
internal import SuoyinImport
import Testing

@Suite("Input files are found")
struct InputFilesTests {
  let folder = TemporaryFolder()

  private func names(_ arguments: String...) throws -> [String] { try InputFiles(arguments.map(folder.at)).files.map(\.name) }

  /// Problems without the path of the folder.
  private func problems(_ files: InputFiles) -> [String] {
    files.problems.map { $0.description.split(separator: folder.path + "/").joined() }
  }

  @Test("A folder is walked to its depths, in byte order, without hidden names")
  func walk() throws {
    for name in ["b.txt", "a/z.md", "a.txt", "a-b.txt", "a/b/c/d.jsonl", "é.txt", "中/文.txt", ".hidden.txt", ".git/x.txt", "a/.x/y.txt"] {
      folder.write(name, "x")
    }
    let files = try InputFiles([folder.path])
    #expect(files.files.map(\.name) == ["a-b.txt", "a.txt", "a/b/c/d.jsonl", "a/z.md", "b.txt", "é.txt", "中/文.txt"])
    #expect(files.files.map(\.path) == files.files.map { folder.at($0.name) })
    #expect(files.skipped == [] && files.problems == [])
    #expect(try InputFiles([folder.path + "/"]).files == files.files)
  }

  @Test("Formats follow from names; other files in folders are skipped, those named are plain text")
  func formats() throws {
    for name in [
      "1.md", "2.MarkDown", "3.txt", "4.TEXT", "5.jsonl", "6.NDJSON", "7.pdf", "8", "x/9.json", "a.md.bak", "md", "b.CSV", "c.tsv",
    ] {
      folder.write(name, "x")
    }
    let files = try InputFiles([folder.path])
    #expect(files.files.map(\.format) == [.markdown, .markdown, .plainText, .plainText, .jsonLines, .jsonLines, .csv, .tsv, .json])
    #expect(files.skipped == ["7.pdf", "8", "a.md.bak", "md"].map(folder.at))
    #expect(
      try InputFiles([folder.at("7.pdf"), folder.at("x/9.json"), folder.at("1.md")]).files.map(\.format) == [
        .markdown, .plainText, .json,
      ])
  }

  @Test("A file is named by its last component, also when it is hidden")
  func fileArguments() throws {
    for name in ["x/a.txt", "x/.b.txt"] { folder.write(name, "x") }
    #expect(try names("x/a.txt", "x//.b.txt") == [".b.txt", "a.txt"])
  }

  @Test("A path that leads nowhere is refused before anything else", arguments: ["gone", "a.txt/", "a.txt/b", "broken.txt", "a.txt\u{0}"])
  func missing(name: String) {
    folder.write("a.txt", "x")
    folder.link("broken.txt", to: "gone")
    #expect(throws: ImportError.missing(folder.at(name))) { try InputFiles([folder.at("a.txt"), folder.at(name)]) }
    #expect(ImportError.missing("x").description == "there is no file or folder x")
  }

  @Test("Two files of the same name are refused, the same file given twice is not")
  func sameName() throws {
    for name in ["x/a.txt", "y/a.txt", "z/x/a.txt"] { folder.write(name, "x") }
    let error = ImportError.sameName("a.txt", folder.at("x/a.txt"), folder.at("y/a.txt"))
    #expect(throws: error) { try InputFiles([folder.at("x"), folder.at("y")]) }
    #expect(throws: error) { try InputFiles([folder.at("x/a.txt"), folder.at("y/a.txt")]) }
    #expect(throws: ImportError.self) { try InputFiles([folder.path, folder.at("z")]) }
    #expect(try names("x", "x/a.txt", "x/", "./x") == ["a.txt"])
    #expect(
      ImportError.sameName("a", "x/a", "y/a").description
        == "two files would both be named a: x/a and y/a; give one folder that holds both, so that their names in the index differ")
  }

  @Test("Names are compared by bytes, not as Swift compares text")
  func equivalentNames() throws {
    for name in ["\u{E9}.txt", "e\u{301}.txt", "f.txt"] { folder.write(name, "x") }
    #expect(
      try InputFiles([folder.path]).files.map { Array($0.name.utf8) } == ["e\u{301}.txt", "f.txt", "\u{E9}.txt"].map { Array($0.utf8) })
  }

  @Test("Links are followed, loops end, and what lies in the folder keeps its own name")
  func links() throws {
    folder.write("in/z/a.txt", "x")
    folder.write("out/b.txt", "x")
    folder.link("in/file.txt", to: "../out/b.txt")
    folder.link("in/0", to: "z")
    folder.link("in/zz", to: "z")
    folder.link("in/out", to: "../out")
    folder.link("out/up", to: "../in")
    folder.link("in/z/self", to: ".")
    #expect(try names("in") == ["file.txt", "out/b.txt", "z/a.txt"])
  }

  @Test("Pipes, broken links and names that are not UTF-8 are problems; the rest is found")
  func specialFiles() throws {
    folder.write("a.txt", "x")
    folder.makePipe("pipe.txt")
    folder.makePipe("pipe")
    folder.link("broken.md", to: "gone")
    folder.link("broken", to: "gone")
    #expect(unsafe mkdir([UInt8](folder.at("bad").utf8).map { CChar(bitPattern: $0) } + [-1, 0], 0o700) == 0)
    let files = try InputFiles([folder.path])
    #expect(files.files.map(\.name) == ["a.txt"])
    #expect(files.skipped == ["broken", "pipe"].map(folder.at))
    #expect(
      problems(files) == [
        "bad\u{FFFD}: the name is not UTF-8; skipped", "broken.md: a link that leads nowhere; skipped",
        "pipe.txt: no regular file; skipped",
      ])
    #expect(files.problems.allSatisfy { $0.severity == .rejected })
    #expect(try problems(InputFiles([folder.at("pipe")])) == ["pipe: no regular file; skipped"])
    #expect(try problems(InputFiles(["/dev/null"])) == ["/dev/null: no regular file; skipped"])
  }

  @Test("An unreadable folder is a problem; the rest is found", .enabled(if: geteuid() != 0))
  func unreadableFolder() throws {
    folder.write("a.txt", "x")
    folder.write("closed/b.txt", "x")
    folder.setMode("closed", 0)
    defer { folder.setMode("closed", 0o700) }
    let files = try InputFiles([folder.path])
    #expect(files.files.map(\.name) == ["a.txt"])
    #expect(problems(files) == ["closed: Permission denied; skipped"])
    #expect(try problems(InputFiles([folder.at("closed/b.txt")])) == ["closed/b.txt: Permission denied; skipped"])
  }

  @Test("An index among the documents is left alone")
  func indexes() throws {
    folder.write("docs/a.txt", "x")
    folder.write("docs/policies.index/commit", "SUOYIN\r\nrest")
    folder.write("docs/policies.index/notes.txt", "x")
    folder.write("docs/other/commit", "SUOYIN\n")
    folder.write("docs/other/b.txt", "x")
    #expect(try names("docs") == ["a.txt", "other/b.txt"])
    let files = try InputFiles([folder.at("docs/policies.index")])
    #expect(files.files == [])
    #expect(problems(files) == ["docs/policies.index: this is an index, not a folder of documents; skipped"])
    #expect(files.problems.map(\.severity) == [.warning])
  }

  @Test("A name that is too long for a key is a problem")
  func longNames() throws {
    // The system takes paths of 4095 bytes; through a short link, a name of 4076 is possible, and one that is too long as well.
    let link = "/tmp/\(UInt32.random(in: 0...UInt32.max))"
    #expect(unsafe symlink(folder.path, link) == 0)
    let parts = Array(repeating: String(repeating: "a", count: 250), count: 16).joined(separator: "/")
    let fits = parts + "/" + String(repeating: "b", count: 4076 - parts.utf8.count - 1 - 4) + ".txt"
    let isTooLong = parts + "/c" + fits.dropFirst(parts.utf8.count + 1)
    defer {
      // From the file up: no path may be longer than the system takes.
      for name in [fits, isTooLong] { unsafe unlink(link + "/" + name) }
      for count in (1...16).reversed() { unsafe rmdir(link + "/" + parts.split(separator: "/").prefix(count).joined(separator: "/")) }
      unsafe unlink(link)
    }
    try FileManager.default.createDirectory(atPath: link + "/" + parts, withIntermediateDirectories: true)
    for name in [fits, isTooLong] { #expect(FileManager.default.createFile(atPath: link + "/" + name, contents: Data())) }
    let files = try InputFiles([link])
    #expect(files.files.map(\.name) == [fits])
    #expect(files.problems.map(\.description) == ["\(link)/\(isTooLong): the name is too long for a key; skipped"])
  }
}
