// suoyin show and delete: what becomes of one passage?
internal import ArgumentParser
internal import Suoyin

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a passage by its key, as it is stored.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The keys of passages, as hits give them.", completion: IndexCompletion.keys) var keys: [String]
  @Option(help: ArgumentHelp("Show as many passages of the same file before and behind it, too.", valueName: "n")) var context = 0
  @Flag(help: "Write JSON Lines.") var json = false

  func validate() throws {
    if context < 0 { throw ValidationError("--context is 0 or more") }
  }

  func run() throws {
    let searcher = try index.open().searcher()
    var isMissing = false
    for key in try keys.flatMap({ try withContext($0, searcher) }) {
      guard let document = try searcher.document(DocumentKey(key)) else {
        isMissing = true
        StandardError.note("error", "there is no passage '\(key)' in the index")
        continue
      }
      if json { document.json(searcher.schema).print() } else { StandardOutput.write(document.readable(searcher.schema)) }
    }
    if isMissing { throw ExitStatus.nothingFound }
  }

  /// The keys around a key `name#17` that are there; the key itself whether it is or not.
  private func withContext(_ key: String, _ searcher: Searcher) throws -> [String] {
    guard context > 0, let sign = key.lastIndex(of: "#"), let number = Int(key[key.index(after: sign)...]), number > 0 else { return [key] }
    func near(_ place: Int) -> String { "\(key[...sign])\(place)" }
    func isThere(_ place: Int) throws -> Bool { try searcher.document(DocumentKey(near(place))) != nil }
    guard try isThere(number) else { return [key] }
    var first = number
    while first > 1, number - first < context, try isThere(first - 1) { first -= 1 }
    var last = number
    while last < Int.max, last - number < context, try isThere(last + 1) { last += 1 }
    return (first...last).map { $0 == number ? key : near($0) }
  }
}

extension Document {
  func json(_ schema: Schema) -> JSONLine {
    var line = JSONLine(type: "passage")
    line.add("key", key.description)
    for name in ["file", "document", "title", "label", "text"] { line.add(name, fields[name]?.description) }
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
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete passages by key, all passages of files, or all that match a query.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The keys of passages; with --file, the names of files as hits give them.") var names: [String] = []
  @Flag(help: "Delete all passages of the files named.") var file = false

  @Option(
    help: ArgumentHelp("Delete all passages that match a query; its words are literal, as if they were quoted.", valueName: "query"))
  var query: String?
  @Flag(help: "With --query: say how many passages match, and delete none.") var dryRun = false

  func validate() throws {
    if query == nil, names.isEmpty { throw ValidationError("what is to be deleted? suoyin delete KEY, or --query QUERY") }
    if query != nil, file || !names.isEmpty { throw ValidationError("--query stands alone: give no keys and no files with it") }
    if dryRun, query == nil { throw ValidationError("--dry-run needs --query") }
  }

  func run() throws {
    let searchIndex = try index.open()
    if let query { return try delete(query, from: searchIndex) }
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

  private func delete(_ text: String, from searchIndex: SearchIndex) throws {
    // What is deleted is what was meant, or nothing.
    let query = try QueryParser.parseStrictly(text, schema: searchIndex.schema).literally
    struct Discarded: Error {}
    var count = 0
    do {
      try searchIndex.update { writer in
        count = try writer.delete(matching: query)
        if dryRun { throw Discarded() }
      }
    } catch is Discarded {}
    if count == 0 {
      StandardError.note("error", "no passage matches '\(text)'")
      throw ExitStatus.nothingFound
    }
    StandardOutput.write(dryRun ? "\(count) passages match\n" : "committed \(searchIndex.path): \(count) passages removed\n")
  }
}

extension Query {
  /// The query with all of its words as sequences: what is deleted or filtered is not what merely shares a pair of characters.
  var literally: Query {
    switch self {
    case .text(let text): .literal(text)
    case .quoted, .literal, .range, .prefix, .fuzzy, .wildcard, .near: self
    case .atLeast(let count, let queries): .atLeast(count, queries.map(\.literally))
    case .all(let queries): .all(queries.map(\.literally))
    case .any(let queries): .any(queries.map(\.literally))
    case .excluding(let wanted, let unwanted): .excluding(wanted.literally, unwanted.literally)
    case .preferring(let required, let preferred): .preferring(required.literally, preferred.literally)
    case .field(let name, let query): .field(name, query.literally)
    case .weighted(let query, let weight): .weighted(query.literally, weight)
    }
  }
}
