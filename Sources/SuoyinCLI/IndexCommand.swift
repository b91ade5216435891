// suoyin index: how do files come into an index?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinImport

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Index files and folders: Markdown, plain text, HTML, JSON Lines, JSON, CSV, TSV.",
    discussion: """
      What was indexed before under the same file name is replaced; unchanged files are kept. Everything becomes visible at once, \
      when the line `committed` is printed. A folder's files are named relative to the folder. The encoding of a text file is found out: \
      by its byte order mark, else UTF-8, UTF-16, GB18030 or Big5 by what gives Chinese text.
      """)

  @OptionGroup var index: IndexOption
  @Argument(help: "Files and folders.", completion: .file()) var paths: [String]
  @Option(help: "The analyzer of a new index: chinese, icu, bigram or whitespace.") var analyzer: String?
  @Flag(help: "Make a new index without the built-in list of policy words.") var noPolicyWords = false
  @Option(help: ArgumentHelp("A field of a new index that pinyin finds too: title, label or text. May be repeated.", valueName: "field"))
  var pinyin: [String] = []
  @Option(
    help: ArgumentHelp("A field of a new index whose English words are found in every inflection. May be repeated.", valueName: "field"))
  var stem: [String] = []
  @Option(help: "The member of a row, or the column, that is its key.") var key = "id"
  @Option(help: "The member of a row, or the column, that is its title.") var title = "title"
  @Option(help: "The member of a row, or the column, that is its label, instead of label or article.") var label: String?
  @Option(help: "The member of a row, or the column, that is its text.") var text = "text"
  @Option(help: ArgumentHelp("The member that holds the rows of a JSON file that is an object.", valueName: "name")) var rows: String?
  @Option(help: "The encoding of all text files and tables, instead of finding it out. JSON is always UTF-8.") var encoding: String?
  @Option(help: ArgumentHelp("A JSON file that names programs to read files of other formats.", valueName: "file")) var readers: String?
  @OptionGroup var resources: ResourceOptions
  @Flag(help: "Write a summary as one line of JSON.") var json = false

  private struct Counts {
    var sources = 0
    var unchanged = 0
    var rejected = 0
  }

  func run() throws {
    let textEncoding = try encoding.map(TextEncoding.init(argument:))
    let externalReaders = try readers.map(ExternalReaders.init(argument:)) ?? ExternalReaders()
    let inputs = try InputFiles(paths, readers: externalReaders)
    let searchIndex = try openOrCreate()
    var counts = Counts()
    let mapping = JSONMapping(key: key, title: title, label: label, text: text, rows: rows)
    let importer = Importer(mapping: mapping, encoding: textEncoding, readers: externalReaders)
    let summary = try searchIndex.update(resources.options) { writer in
      for problem in inputs.problems { report(problem, &counts) }
      try importer.read(inputs.files) { source in
        try take(source, writer, &counts)
      } problem: { problem in
        report(problem, &counts)
      } isKept: { source in
        try writer.digest(of: source.name) == source.digest
      }
      return writer.summary
    }
    printSummary(summary, counts, inputs)
    if counts.rejected > 0 { throw ExitStatus.rejectedInput }
  }

  private func openOrCreate() throws -> SearchIndex {
    let chosen = try analyzer.map { name in
      guard let analyzer = AnalyzerName(rawValue: name) else { throw ValidationError(AnalyzerName.unknown(name)) }
      return analyzer
    }
    try checkNames(pinyin + stem)
    do {
      let existing = try index.open()
      if let chosen, chosen != existing.schema.analyzer {
        throw ValidationError(
          "the index \(existing.path) has the analyzer \(existing.schema.analyzer.rawValue); a new index may have another")
      }
      if noPolicyWords, existing.schema.policyWords {
        throw ValidationError("the index \(existing.path) was made with policy words; a new index may do without")
      }
      let madeWith = Set(existing.schema.fields.compactMap { if case .pinyin(of: let source) = $0.kind { source } else { nil } })
      let stemmed = Set(existing.schema.fields.compactMap { if case .text(_, _, .english, _) = $0.kind { $0.name } else { nil } })
      let schema = Schema.files(analyzer: existing.schema.analyzer, pinyin: madeWith, stemmed: stemmed)
      guard existing.schema.fields == schema.fields else {
        throw ValidationError(
          "the index \(existing.path) was made by a program with other fields; build it anew, or give files an index of their own")
      }
      for (option, names, having) in [("--pinyin", pinyin, madeWith), ("--stem", stem, stemmed)] {
        if let name = names.first(where: { !having.contains($0) }) {
          throw ValidationError("the index \(existing.path) was made without \(option) \(name); a new index may have it")
        }
      }
      return existing
    } catch let error as IndexError where error.code == .notFound {
      return try SearchIndex.create(
        at: index.resolved,
        schema: .files(analyzer: chosen ?? .chinese, policyWords: !noPolicyWords, pinyin: Set(pinyin), stemmed: Set(stem)))
    }
  }

  private func checkNames(_ names: [String]) throws {
    for name in names where !Schema.searchedFileFields.contains(name) {
      throw ValidationError("there is no text field '\(name)'; there are \(Schema.searchedFileFields.joined(separator: ", "))")
    }
  }

  private func take(_ source: ImportedSource, _ writer: IndexWriter, _ counts: inout Counts) throws {
    counts.sources += 1
    let place = source.file + (source.line.map { ":\($0)" } ?? "")
    if writer.hasTaken(source.source.name) {
      counts.rejected += 1
      StandardError.note("rejected", "\(place): '\(source.source.name)' was already read in this run; the first one stands")
      return
    }
    if !source.source.digest.isEmpty, try writer.digest(of: source.source.name) == source.source.digest {
      counts.unchanged += 1
      writer.keep(source.source.name)
      return
    }
    do {
      try writer.replace(source.source, with: source.documents)
    } catch {
      guard error.code == .invalidArgument else { throw error }
      counts.rejected += 1
      StandardError.note("rejected", "\(place): \(error.message)")
    }
  }

  private func report(_ problem: ImportProblem, _ counts: inout Counts) {
    switch problem.severity {
    case .warning: StandardError.note("warning", problem.description)
    case .rejected:
      counts.rejected += 1
      StandardError.note("rejected", problem.description)
    }
  }

  private func printSummary(_ summary: UpdateSummary, _ counts: Counts, _ inputs: InputFiles) {
    if json {
      var line = JSONLine(type: "committed")
      line.add("index", index.resolved)
      line.add("sources", counts.sources)
      line.add("unchanged", counts.unchanged)
      line.add("rejected", counts.rejected)
      line.add("skipped", inputs.skipped.count)
      line.add("added", summary.added)
      line.add("removed", summary.removed)
      line.print()
      return
    }
    var parts = ["\(summary.added) passages added", "\(summary.removed) removed", "\(counts.sources) sources read"]
    if counts.unchanged > 0 { parts.append("\(counts.unchanged) of them unchanged") }
    if counts.rejected > 0 { parts.append("\(counts.rejected) rejected") }
    if !inputs.skipped.isEmpty { parts.append("\(inputs.skipped.count) files of other formats skipped") }
    StandardOutput.write("committed \(index.resolved): \(parts.joined(separator: ", "))\n")
  }
}

extension AnalyzerName {
  static func unknown(_ name: String) -> String {
    "there is no analyzer '\(name)'; there are \(allCases.map(\.rawValue).joined(separator: ", "))"
  }
}

extension ExternalReaders {
  /// The readers of the file that an option names.
  fileprivate init(argument path: String) throws {
    watchChildren()
    do {
      try self.init(parsing: try readAll(of: path), searchPath: environment("PATH") ?? "")
    } catch let error as ReaderSettingsError {
      throw ValidationError("\(path): \(error)")
    }
  }
}
