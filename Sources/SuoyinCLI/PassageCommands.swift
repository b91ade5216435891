// suoyin show and delete: what becomes of one passage?
internal import ArgumentParser
internal import Suoyin

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a passage by its key, as it is stored.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The keys of passages, as hits give them.") var keys: [String]
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let searcher = try index.open().searcher()
    var isMissing = false
    for key in keys {
      guard let document = try searcher.document(DocumentKey(key)) else {
        isMissing = true
        StandardError.note("error", "there is no passage '\(key)' in the index")
        continue
      }
      if json { document.json(searcher.schema).print() } else { StandardOutput.write(document.readable(searcher.schema)) }
    }
    if isMissing { throw ExitStatus.nothingFound }
  }
}

extension Document {
  func json(_ schema: Schema) -> JSONLine {
    var line = JSONLine(type: "passage")
    line.add("key", key.description)
    for name in ["file", "title", "label", "text"] { line.add(name, fields[name]?.description) }
    line.addOtherFields(fields, schema)
    return line
  }

  func readable(_ schema: Schema) -> String {
    var lines = [Style.faint(Style.harmless(key.description))]
    for field in schema.fields {
      guard let value = fields[field.name].map({ Style.harmless($0.description) }) else { continue }
      lines.append(field.name == "text" ? value : "\(Style.bold(field.name)): \(value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete passages by key, or all passages of files.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The keys of passages; with --file, the names of files as hits give them.") var names: [String]
  @Flag(help: "Delete all passages of the files named.") var file = false

  func run() throws {
    let searchIndex = try index.open()
    if file, searchIndex.schema["file"]?.kind != .keyword { throw ValidationError("the index \(searchIndex.path) does not know files") }
    var missing: [String] = []
    let summary = try searchIndex.update { writer in
      for name in names {
        let found = file ? try writer.delete(where: "file", is: name) > 0 : try writer.delete(DocumentKey(name))
        if !found { missing.append(name) }
      }
      return writer.summary
    }
    if summary.removed > 0 { StandardOutput.write("committed \(searchIndex.path): \(summary.removed) passages removed\n") }
    for name in missing { StandardError.note("error", "there is no \(file ? "file" : "passage") '\(name)' in the index") }
    if !missing.isEmpty { throw ExitStatus.nothingFound }
  }
}
