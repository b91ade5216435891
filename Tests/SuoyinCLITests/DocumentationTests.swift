// Do the documents show what the programs do?
//
// The blocks that are looked at, in README.md, README.zh-CN.md and docs/*.md:
//
//   ```console      lines that begin with "$ " are run by bash, the lines after each must be what it prints, errors among it
//   ```hex NAME     must be the bytes of NAME: a file that the commands before it have left, or one of `namedBytes`
//   ```swift        in the READMEs: the source of Examples/Embedding
//
// The blocks of a document are run in their order, in one fresh folder that holds nothing but a link to Corpus; `$?` is the status of the
// command before. SUOYIN_RECORD=1 writes what the programs print into the documents, and then fails, so that nothing records itself green.
internal import Foundation
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinStorage
internal import SuoyinTestKit
internal import Testing

@Suite("The documents show what the programs do")
struct DocumentationTests {
  static let readmes = ["README.md", "README.zh-CN.md"]
  static let documents: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: repositoryRoot + "/docs")) ?? []
    return readmes + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
  }()
  private static let isRecording = ProcessInfo.processInfo.environment["SUOYIN_RECORD"] == "1"

  @Test("What documents show is what programs print", arguments: documents)
  func outputs(_ name: String) throws {
    var document = try MarkdownDocument(name)
    let shell = try DocumentShell()
    var changed = 0
    // Commands build on one another, and line numbers must stay until all have run: what is to be recorded waits until the end.
    var replacements: [(lines: Range<Int>, with: [String])] = []
    for block in document.blocks {
      let actual: [String]
      switch block.kind {
      case "console": actual = try shell.run(document.lines[block.lines], place: "\(name):\(block.lines.lowerBound)")
      case "hex": actual = hexLines(try Self.namedBytes[block.name] ?? shell.contents(of: block.name))
      default: continue
      }
      let shown = Array(document.lines[block.lines])
      if shown.map(masked) == actual.map(masked) { continue }
      changed += 1
      replacements.append((block.lines, actual))
      if !Self.isRecording {
        Issue.record("\(name):\(block.lines.lowerBound): the block differs. \(difference(shown, actual))\nSUOYIN_RECORD=1 rewrites it.")
      }
    }
    if Self.isRecording {
      for (lines, with) in replacements.reversed() { document.lines.replaceSubrange(lines, with: with) }
      if changed > 0 { try document.write() }
      Issue.record("\(name): \(changed) blocks rewritten; read them, and run again without SUOYIN_RECORD")
    }
  }

  @Test("There are documents, and they show outputs")
  func hasBlocks() throws {
    let shown = try Self.documents.filter { name in try MarkdownDocument(name).blocks.contains { $0.kind == "console" } }
    #expect(shown.contains("README.md") && shown.contains("README.zh-CN.md"))
    for name in ["CommandLine", "JSON", "QuerySyntax", "Storage"] { #expect(shown.contains("docs/\(name).md")) }
  }

  @Test("Both READMEs show the same commands")
  func languages() throws {
    let commands = try Self.readmes.map { name in
      let document = try MarkdownDocument(name)
      return document.blocks.filter { $0.kind == "console" }.map { document.lines[$0.lines].filter { $0.hasPrefix("$ ") } }
    }
    #expect(commands[0] == commands[1])
  }

  @Test("The example of the README is the source of Examples/Embedding", arguments: readmes)
  func embedding(_ name: String) throws {
    let source = try String(contentsOfFile: repositoryRoot + "/Examples/Embedding/EmbeddingExample.swift", encoding: .utf8)
    let document = try MarkdownDocument(name)
    let blocks = document.blocks.filter { $0.kind == "swift" }.map { document.lines[$0.lines].joined(separator: "\n") + "\n" }
    #expect(blocks == [source])
  }

  // MARK: The bytes in docs/Storage.md

  /// What docs/Storage.md takes apart besides files, as it is written: posting lists, of the word 政府 of the example and of 130 documents in a row, and a column.
  static let namedBytes: [String: [UInt8]] = [
    "list-of-one-document": written { $0.append(0, frequency: 3, positions: [4, 14, 18]) },
    "list-of-130-documents": written { list in for document in 0..<130 { list.append(DocID(document), frequency: 1, positions: []) } },
    "heads-of-years": years.heads, "values-of-years": years.values,
  ]

  /// The column that docs/Storage.md takes apart.
  private static var years: (heads: [UInt8], values: [UInt8]) {
    var columns = ColumnsWriter(Schema([.integer("year")]))
    for year: FieldValue? in [2021, nil, 2023, 2020] { columns.append(record: StoredRecord.encode([year])) }
    return columns.finish()
  }

  private static func written(_ append: (inout PostingListWriter) -> Void) -> [UInt8] {
    var list = PostingListWriter()
    append(&list)
    var bytes = ByteWriter()
    list.finish(into: &bytes)
    return bytes.bytes
  }

  @Test("The bytes shown are read as the text says")
  func storage() throws {
    let document = try MarkdownDocument("docs/Storage.md")
    let folder = try TemporaryDirectory()
    func save(_ name: String) throws {
      let block = try #require(document.blocks.first { $0.kind == "hex" && $0.name == name }, "no bytes of \(name)")
      let bytes = try bytes(ofHexLines: document.lines[block.lines])
      try Data(bytes).write(to: URL(fileURLWithPath: folder.path(String(name.split(separator: "/").last ?? ""))))
    }
    let files = SystemFileSystem()
    for name in ["commit", "segment-1", "segment-1.deleted-2"] { try save("suoyin.index/\(name)") }

    // Opening the reader compares the segment's identity with the commit's.
    let index = try IndexReader(folder.path, in: files)
    #expect(index.commit.number == 1 && index.commit.nextFileNumber == 2 && index.commit.segments.map(\.fileName) == ["segment-1"])
    #expect(
      index.commit.schema.fields.count == 25
        && index.commit.schema.fields.prefix(6).map(\.name) == ["title", "label", "heading", "text", "file", "document"])
    let segment = try #require(index.segments.first).reader
    #expect(try (0..<2).map { DocumentKey(bytes: try segment.key(of: $0)).description } == ["a1", "a2"])
    #expect(try segment.values(of: 0)[3] == "政府AI。政府")
    #expect(try SearchIndex.check(at: folder.path).problems == [])

    let word = try #require(try segment.terms.find(Term(numbering: 0, family: .word, "政府".utf8).bytes))
    #expect(try read(segment.postings(word.value)) == [Posting(document: 0, positions: [4, 14, 18])])
    let list = try files.map(folder.path("segment-1")).bytes.array
    #expect(list.indices.contains { list[$0...].starts(with: Self.namedBytes["list-of-one-document"] ?? [0xFF, 0xFF]) })

    let deletions = folder.path("segment-1.deleted-2")
    let identity = try SectionFile(deletions, kind: FileKind.deletions, in: files).identity
    let deleted = try DeletedDocuments(deletions, of: segment, identity: identity, in: files)
    #expect(deleted.count == 1 && !deleted.contains(0) && deleted.contains(1))

    // The lists alone: a file of nothing else is as good a slice as a section.
    for (name, count) in [("list-of-one-document", 1), ("list-of-130-documents", 130)] {
      try save(name)
      let cursor = try PostingCursor(PostingBlocks.open(files.map(folder.path(name)).bytes, count: count, limit: 1000))
      #expect(try read(cursor, hasPositions: count == 1).map(\.document) == (0..<DocID(count)).map(\.self))
    }
  }

  private struct Posting: Equatable {
    var document: DocID
    var positions: [UInt32]
  }

  private func read(_ cursor: PostingCursor, hasPositions: Bool = true) throws -> [Posting] {
    var postings: [Posting] = []
    while cursor.docID != .end {
      var positions: [UInt32] = []
      if hasPositions { try cursor.readPositions(into: &positions) }
      postings.append(Posting(document: cursor.docID, positions: positions))
      try cursor.next()
    }
    return postings
  }

  @Test("The tables of offsets name the bytes that the block before them has")
  func tables() throws {
    let document = try MarkdownDocument("docs/Storage.md")
    var checked = 0
    let ends = document.blocks.dropFirst().map(\.lines.lowerBound) + [document.lines.count]
    for (block, end) in zip(document.blocks, ends) where block.kind == "hex" {
      let shown = try bytes(ofHexLines: document.lines[block.lines])
      for line in document.lines[block.lines.upperBound..<end] {
        // | 16 | 1 | `01` | …: offset, size, bytes; an ellipsis stands for bytes that are left out.
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count > 4, let offset = Int(cells[1]), let size = Int(cells[2]) else { continue }
        let parts = cells[3].split(separator: "…", omittingEmptySubsequences: false).map { String($0) }
        let sides = try parts.map { try bytes(ofHex: $0.replacingOccurrences(of: "`", with: "")) }
        let actual = Array(shown[min(offset, shown.count)..<min(offset + size, shown.count)])
        #expect(actual.count == size, "\(line)")
        #expect(actual.starts(with: sides[0]) && actual.reversed().starts(with: sides[sides.count - 1].reversed()), "\(line)")
        if sides.count == 1 { #expect(actual == sides[0], "\(line)") }
        checked += 1
      }
    }
    #expect(checked > 20)
  }
}

// MARK: Documents

/// A Markdown file, and where its fenced blocks are.
private struct MarkdownDocument {
  struct Block {
    /// The first word behind the fence, and the rest.
    var kind: String
    var name: String
    /// Without the fences.
    var lines: Range<Int>
  }

  private let path: String
  var lines: [String]

  init(_ name: String) throws {
    path = repositoryRoot + "/" + name
    lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    var open: (info: String, start: Int)?
    for (number, line) in lines.enumerated() where line.hasPrefix("```") {
      if let (info, start) = open {
        let words = info.split(separator: " ", maxSplits: 1).map { String($0) }
        blocks.append(Block(kind: words.first ?? "", name: words.count > 1 ? words[1] : "", lines: start..<number))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), number + 1)
      }
    }
    return blocks
  }

  func write() throws { try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8) }
}

/// Runs the commands of a document.
private final class DocumentShell {
  private let folder: TemporaryDirectory
  private var bash: CommandRunner
  private var status: Int32 = 0
  /// What a document may run: what is built here, and what only writes to the folder that the test throws away.
  private static let allowed: Set<String> = ["suoyin", "EmbeddingExample", "printf", "echo", "cat", "ls", "cp", "dd"]

  init() throws {
    folder = try TemporaryDirectory()
    try FileManager.default.createSymbolicLink(atPath: folder.path("Corpus"), withDestinationPath: repositoryRoot + "/Corpus")
    bash = CommandRunner(program: "/bin/bash", in: folder.path)
    bash.environment["PATH"] = CommandRunner.productsFolder + ":/usr/bin:/bin"
    bash.environment["LC_ALL"] = "C.UTF-8"
  }

  /// The block with what its commands really print.
  func run(_ lines: ArraySlice<String>, place: String) throws -> [String] {
    #expect(lines.first?.hasPrefix("$ ") ?? false, "\(place): a console block begins with a command")
    var result: [String] = []
    for line in lines where line.hasPrefix("$ ") {
      let command = String(line.dropFirst(2))
      let program = command.split(separator: " ").first { !$0.contains("=") }.map { String($0) } ?? ""
      let isAllowed = Self.allowed.contains(program) && !command.contains("`") && !command.contains("$(")
      try #require(isAllowed, "\(place): \(program) is not run by tests")
      let outcome = try bash.run("-c", "exec 2>&1; (exit \(status)); \(command)")
      status = try #require(outcome.status, "\(place): \(command): \(outcome)")
      result.append(line)
      let output = outcome.output.hasSuffix("\n") ? outcome.output.dropLast() : outcome.output[...]
      if !output.isEmpty { result += output.components(separatedBy: "\n") }
    }
    return result
  }

  func contents(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))) }
}

// MARK: Lines

/// A line without what differs from run to run: the time that a search took, and the numbers of processes.
private func masked(_ line: String) -> String {
  var line = line
  for pattern in [#""microseconds":[0-9]+"#, #"process [0-9]+"#] {
    while let range = line.range(of: pattern, options: .regularExpression) { line.replaceSubrange(range, with: "…") }
  }
  return line
}

private func difference(_ shown: [String], _ actual: [String]) -> String {
  let index = zip(shown, actual).prefix { masked($0) == masked($1) }.count
  func line(_ lines: [String]) -> String { index < lines.count ? lines[index] : "(nothing)" }
  return "Its line \(index + 1) is\n  \(line(shown))\nand should be\n  \(line(actual))"
}

/// Sixteen bytes a line, behind the offset of the first.
private func hexLines(_ bytes: [UInt8]) -> [String] {
  func padded(_ number: Int, _ radix: Int, _ width: Int) -> String {
    let digits = String(number, radix: radix)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  return stride(from: 0, to: bytes.count, by: 16).map { start in
    padded(start, 10, 4) + "  " + bytes[start..<min(start + 16, bytes.count)].map { padded(Int($0), 16, 2) }.joined(separator: " ")
  }
}

private func bytes(ofHexLines lines: ArraySlice<String>) throws -> [UInt8] {
  try lines.flatMap { line in try bytes(ofHex: String(line.split(separator: " ", maxSplits: 1).last ?? "")) }
}

private func bytes(ofHex text: String) throws -> [UInt8] {
  try text.split(separator: " ").map { try #require(UInt8($0, radix: 16), "\($0) is no byte") }
}
