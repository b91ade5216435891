// suoyin parse: what is understood of a file, and what is left out?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinImport

struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse", abstract: "Show which documents and passages a file has, and what is left out as furniture.",
    discussion: "No index is read or written. Byte ranges in JSON are those of the file, whatever its encoding.")

  @Argument(help: "Files and folders: Markdown, plain text, HTML.", completion: .file()) var paths: [String]
  @Option(help: "The encoding of all text files, instead of finding it out.") var encoding: String?
  @Flag(help: "Write JSON Lines: documents, headings, passages, furniture.") var json = false

  func run() throws {
    let importer = Importer(encoding: try encoding.map(TextEncoding.init(argument:)))
    let inputs = try InputFiles(paths)
    var rejected = 0
    func report(_ problem: ImportProblem) {
      if problem.severity == .rejected { rejected += 1 }
      StandardError.note(problem.severity == .rejected ? "rejected" : "warning", problem.description)
    }
    inputs.problems.forEach(report)
    for input in inputs.files {
      guard let file = importer.parse(input, problem: report) else { continue }
      if json {
        for line in jsonLines(file, input.name) { line.print() }
      } else {
        if inputs.files.count > 1 { StandardOutput.write(Style.bold(Style.harmless(input.name)) + "\n") }
        StandardOutput.write(outline(file))
      }
    }
    if rejected > 0 { throw ExitStatus.rejectedInput }
  }

  // MARK: For people

  /// The tree: a line for each document, heading and passage, indented by depth.
  private func outline(_ file: PolicyFile) -> String {
    var text = ""
    for document in file.documents {
      let indent = document.parent == nil ? "" : "  "
      let facts =
        ["《\(document.title ?? "…")》"] + document.metadata.facts
        + (document.pages.isEmpty ? [] : ["pages \(document.pages[0])–\(document.pages[1])"])
      text += indent + Style.bold(Style.harmless(facts.joined(separator: "  "))) + "\n"
      var path: [String] = []
      for passage in document.passages {
        for (depth, heading) in passage.path.enumerated() where depth >= path.count || path[depth] != heading {
          text += indent + String(repeating: "  ", count: depth + 1) + Style.harmless(heading) + "\n"
          path = Array(passage.path.prefix(depth + 1))
        }
        text += indent + line(passage)
        path = passage.path + [(passage.label ?? "") + (passage.heading ?? "")]
      }
    }
    if !file.furniture.isEmpty {
      text += "left out:\n"
      for furniture in file.furniture where !furniture.isMark { text += "  " + shortened(furniture.text) + "\n" }
    }
    return text
  }

  private func line(_ passage: Passage) -> String {
    let indent = String(repeating: "  ", count: passage.path.count + 1)
    var name = passage.label ?? (passage.role == .part || passage.role == .paragraph ? "" : passage.role.rawValue)
    if let heading = passage.heading, !passage.text.hasPrefix(heading) { name += heading }
    let characters = passage.text.unicodeScalars.count { !$0.properties.isWhitespace }
    let pages = passage.pages.isEmpty ? "" : "  p. " + passage.pages.map(String.init).joined(separator: ", ")
    let units = passage.units.isEmpty ? "" : "  [" + passage.units.joined(separator: ", ") + "]"
    return indent + Style.bold(Style.harmless(name)) + (name.isEmpty ? "" : "  ") + shortened(passage.text)
      + Style.faint("  \(characters) characters\(pages)\(units)") + "\n"
  }

  private func shortened(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return Style.harmless(line.count > 24 ? line.prefix(24) + "…" : line)
  }

  // MARK: For programs

  private func jsonLines(_ file: PolicyFile, _ name: String) -> [JSONLine] {
    var lines: [JSONLine] = []
    func id(_ index: Int) -> String { "\(name)#d\(index + 1)" }
    for document in file.documents {
      lines.append(json(document, name, id))
      for heading in document.headings {
        var line = JSONLine(type: "heading")
        line.add("document", id(document.index))
        line.add("label", heading.label)
        line.add("text", heading.text)
        line.add("source", heading.source)
        lines.append(line)
      }
      for passage in document.passages { lines.append(json(passage, file, document, id(document.index))) }
    }
    for furniture in file.furniture {
      var line = JSONLine(type: "furniture")
      line.add("text", furniture.text)
      line.add("source", [furniture.source])
      lines.append(line)
    }
    return lines
  }

  private func json(_ document: PolicyDocument, _ name: String, _ id: (Int) -> String) -> JSONLine {
    let metadata = document.metadata
    var line = JSONLine(type: "document")
    line.add("id", id(document.index))
    line.add("file", name)
    line.add("parent", document.parent.map(id))
    line.add("title", document.title)
    line.add("number", metadata.number)
    line.add("issuers", metadata.issuers)
    line.add("kind", metadata.kind)
    var dates = JSONLine()
    dates.add("adopted", metadata.adopted?.description)
    dates.add("approved", metadata.approved?.description)
    dates.add("issued", metadata.issued?.description)
    dates.add("effective", metadata.effective?.description)
    dates.add("expires", metadata.expires?.description)
    line.add("dates", raw: dates.object)
    line.add("amended", metadata.amended.map(\.description))
    line.add("region", metadata.region)
    line.add("validity", metadata.validity)
    if !document.pages.isEmpty { line.add("pages", raw: "[\(document.pages[0]),\(document.pages[1])]") }
    return line
  }

  private func json(_ passage: Passage, _ file: PolicyFile, _ document: PolicyDocument, _ id: String) -> JSONLine {
    var line = JSONLine(type: passage.role == .header ? "header" : "passage")
    line.add("document", id)
    if passage.role != .header { line.add("role", passage.role.rawValue) }
    line.add("label", passage.label)
    line.add("path", passage.path)
    line.add("heading", passage.heading)
    line.add("citation", file.citation(of: passage, in: document))
    if !passage.pages.isEmpty { line.add("pages", raw: "[" + passage.pages.map(String.init).joined(separator: ",") + "]") }
    line.add("units", passage.units)
    line.add("text", passage.text)
    line.add("source", passage.source)
    return line
  }
}

extension JSONLine {
  /// A list of texts; nothing when it is empty.
  mutating func add(_ name: String, _ values: [String]) {
    if !values.isEmpty { add(name, raw: "[" + values.map(Self.quoted).joined(separator: ",") + "]") }
  }
}

extension DocumentMetadata {
  /// What is known, for a line to read.
  fileprivate var facts: [String] {
    var facts = [number].compactMap { $0 } + issuers
    let dates = [("adopted", adopted), ("approved", approved), ("issued", issued), ("effective", effective), ("expires", expires)]
    facts += dates.compactMap { name, date in date.map { "\(name) \($0)" } }
    return facts + amended.map { "amended \($0)" } + [validity].compactMap { $0 }
  }
}

extension Furniture {
  /// Whether it is only a mark, such as the number signs of a heading.
  fileprivate var isMark: Bool { text.allSatisfy { "#*-_=|: ".contains($0) } }
}

extension TextEncoding {
  /// The encoding that an option names.
  init(argument name: String) throws {
    guard let encoding = TextEncoding(named: name) else {
      throw ValidationError("there is no encoding '\(name)'; some are UTF-8, UTF-16LE, GB18030, Big5, windows-1252")
    }
    self = encoding
  }
}
