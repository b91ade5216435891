// Is every file read or accounted for?
internal import FoundationEssentials
internal import Glibc
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("Files are imported")
struct ImporterTests {
  @Test("A text file is one source with its passages")
  func textFile() throws {
    let reading = ImportReading("条例.md", Array("# 条例\n第一条 甲。\n".utf8))
    let source = try #require(reading.sources.first)
    #expect(reading.messages == [])
    #expect(source.source.name == "条例.md" && source.source.digest.count == 16)
    #expect(source.line == nil && source.bytes == 26)
    #expect(reading.keys == ["条例.md#1", "条例.md#2"])
  }

  @Test("A file without text is a source without passages, and a warning", arguments: ["", " \n", "\u{FEFF}"])
  func emptyText(text: String) {
    let reading = ImportReading("a.txt", Array(text.utf8))
    #expect(reading.sources.map(\.source.name) == ["a.txt"])
    #expect(reading.documents.isEmpty)
    #expect(reading.problems == [ImportProblem(path: "a.txt", message: "no text in this file", severity: .warning)])
  }

  @Test("A file that is no text is refused, with the place")
  func noText() {
    func problem(_ bytes: [UInt8]) -> ImportProblem? {
      let reading = ImportReading("a.txt", bytes)
      #expect(reading.sources.isEmpty && reading.problems.map(\.severity) == [.rejected])
      return reading.problems.first
    }
    #expect(problem([0x61, 0, 0x62])?.description == "a.txt: a binary file: byte 1 is NUL; file skipped")
    #expect(problem([0xEF, 0xBB, 0xBF, 0x61, 0])?.byteOffset == 4)
    #expect(problem([0x61, 0x01, 0xFF])?.description == "a.txt: a binary file: byte 1 is a control character; file skipped")
    #expect(
      problem([0xFF, 0xFE, 0x61, 0, 0, 0])?.description == "a.txt: a binary file: as UTF-16LE it has the character U+0000; file skipped")
  }

  @Test("A file that is gone, unreadable, too long or no file is refused, and the next is read")
  func noFile() {
    let folder = TemporaryFolder()
    folder.makeFolder("folder.txt")
    folder.makePipe("pipe.txt")
    folder.write("long.txt", "")
    #expect(unsafe truncate(folder.at("long.txt"), 1 << 30 + 1) == 0)
    folder.write("last.txt", "甲")
    for format in InputFile.Format.allCases where format != .external {
      let names = ["gone.txt", "folder.txt", "pipe.txt"] + ([.jsonLines, .json].contains(format) ? [] : ["long.txt"])
      var inputs = names.map { InputFile(path: folder.at($0), name: $0, format: format) }
      inputs.append(InputFile(path: folder.at("last.txt"), name: "last.txt", format: .plainText))
      let reading = ImportReading(inputs)
      #expect(reading.keys == ["last.txt#1"])
      let reasons = ["No such file or directory", "no regular file", "no regular file", "longer than 1024 MiB"].prefix(names.count)
      #expect(reading.problems.map(\.message) == reasons.map { $0 + "; file skipped" })
    }
  }

  @Test("A JSON Lines file is read past blank rows, a byte order mark and rows that are refused")
  func rows() {
    let rows = "\u{FEFF}{\"id\":\"a\",\"text\":\"1\"}\r\n\r\n  \n{\"id\":\"b\"}\n{\"id\":\"c\",\"text\":\"3\"}"
    let reading = ImportReading(rows: rows)
    #expect(reading.keys == ["a", "c"])
    #expect(reading.sources.map(\.line) == [1, 5])
    #expect(reading.messages == [#"feed.jsonl:4: none of "title", "label" and "text" in this row; row skipped"#])
  }

  @Test("A row that is not UTF-8 is refused, with its place in the file")
  func invalidRow() {
    let good = Array("{\"id\":\"a\",\"text\":\"x\"}\n".utf8)
    let reading = ImportReading("feed.jsonl", [0xEF, 0xBB, 0xBF] + good + [0x7B, 0xFF, 0x7D, 0x0A] + good)
    #expect(reading.keys == ["a", "a"])
    #expect(reading.messages == ["feed.jsonl:2: not UTF-8 (byte 1 of the row); row skipped"])
    #expect(reading.problems.map(\.byteOffset) == [3 + good.count + 1])
    #expect(ImportReading("feed.jsonl", [0xFF, 0x0A]).problems.map(\.byteOffset) == [0])
    #expect(ImportReading("feed.jsonl", [0xEF, 0xBB, 0xBF, 0xFF, 0x0A]).problems.map(\.byteOffset) == [3])
    let utf16 = ImportReading("feed.jsonl", [0xFF, 0xFE, 0x7B, 0, 0x0A, 0, 0x0A, 0])
    #expect(utf16.messages == ["feed.jsonl: UTF-16, but JSON Lines is UTF-8; file skipped"])
  }

  @Test("A JSON Lines file without rows gives a warning", arguments: ["", "\n\n", "\u{FEFF} \n"])
  func noRows(text: String) {
    let reading = ImportReading(rows: text)
    #expect(reading.sources.isEmpty)
    #expect(reading.messages == ["feed.jsonl: no rows in this file"])
  }

  @Test("A row of ten megabytes is read")
  func longRow() {
    let text = String(repeating: "为了促进\\n", count: 750_000)
    let reading = ImportReading(rows: "{\"id\":1,\"text\":\"\(text)\"}\n{\"id\":2,\"text\":\"x\"}")
    #expect(reading.keys == ["1", "2"] && reading.messages == [])
    #expect(reading.documents[0].fields["text"]?.description.utf8.count == 750_000 * 13)
  }

  @Test("What the caller throws ends the import and comes out as it is")
  func callersError() {
    struct Stop: Error, Equatable { var key: String }
    let folder = TemporaryFolder()
    let inputs = [
      InputFile(path: folder.write("a.txt", "甲"), name: "a.txt", format: .plainText),
      InputFile(path: folder.write("b.jsonl", #"{"id":"b","text":"x"}"#), name: "b.jsonl", format: .jsonLines),
    ]
    for (index, input) in inputs.enumerated() {
      var count = 0
      #expect(throws: Stop(key: input.name)) {
        try Importer().read(inputs) { (source) throws(Stop) in
          count += 1
          if source.file == input.path { throw Stop(key: input.name) }
        } problem: { _ in
        }
      }
      #expect(count == index + 1)
    }
  }

  @Test("A digest stands for the bytes and for all that decides what is made of them")
  func digests() {
    func digest(_ name: String, _ text: String, _ mapping: JSONMapping = JSONMapping()) -> [UInt8]? {
      ImportReading(name, Array(text.utf8), mapping: mapping).sources.first?.source.digest
    }
    let row = #"{"id":"a","text":"x","body":"y"}"#
    let all = [
      digest("a.txt", "甲"), digest("a.txt", "乙"), digest("a.txt", "甲\n"), digest("a.md", "甲"), digest("a.txt", ""), digest("a.txt", row),
      digest("a.jsonl", row), digest("b.jsonl", row), digest("a.jsonl", row + " "), digest("a.jsonl", row, JSONMapping(text: "body")),
      digest("a.jsonl", row, JSONMapping(title: "body")), digest("a.jsonl", row, JSONMapping(label: "body")),
    ]
    #expect(!all.contains(nil) && Set(all).count == all.count)
    #expect(digest("a.txt", "甲") == digest("b.txt", "甲"))
    #expect(digest("a.jsonl", row) == digest("a.jsonl", "\n" + row + "\n"))
  }
}
