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
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var resources: ResourceOptions
  @Option(help: ArgumentHelp("How many generations before this one to keep, for suoyin rollback; 0 drops them.", valueName: "count"))
  var keep: Int?
  @Flag(help: "Write a summary as one line of JSON.") var json = false

  func run() throws {
    if let keep, keep < 0 { throw ValidationError("--keep needs a number that is not negative") }
    let importer = try reading.importer()
    let inputs = try InputFiles(paths, readers: importer.readers)
    let searchIndex = try openOrCreate()
    var counts = ReadingCounts()
    var options = resources.options
    options.keptGenerations = keep
    let summary = try searchIndex.update(options) { writer in
      for problem in inputs.problems { counts.report(problem) }
      try importer.read(inputs.files) { source in
        try counts.take(source, writer)
      } problem: { problem in
        counts.report(problem)
      } isKept: { source in
        try writer.digest(of: source.name) == source.digest
      }
      return writer.summary
    }
    printSummary(summary, counts, inputs)
    if counts.rejected > 0 { throw ExitStatus.rejectedInput }
  }

  private func openOrCreate() throws -> SearchIndex {
    let chosen = try reading.chosenAnalyzer()
    do {
      let existing = try index.open()
      if let chosen, chosen != existing.schema.analyzer {
        throw ValidationError(
          "the index \(existing.path) has the analyzer \(existing.schema.analyzer.rawValue); a new index may have another")
      }
      if reading.noPolicyWords, existing.schema.policyWords {
        throw ValidationError("the index \(existing.path) was made with policy words; a new index may do without")
      }
      let madeWith = Set(existing.schema.fields.compactMap { if case .pinyin(of: let source) = $0.kind { source } else { nil } })
      let stemmed = Set(existing.schema.fields.compactMap { if case .text(_, _, .english, _) = $0.kind { $0.name } else { nil } })
      let schema = Schema.files(analyzer: existing.schema.analyzer, pinyin: madeWith, stemmed: stemmed)
      guard existing.schema.fields == schema.fields else {
        throw ValidationError(
          "the index \(existing.path) was made by a program with other fields; build it anew, or give files an index of their own")
      }
      for (option, names, having) in [("--pinyin", reading.pinyin, madeWith), ("--stem", reading.stem, stemmed)] {
        if let name = names.first(where: { !having.contains($0) }) {
          throw ValidationError("the index \(existing.path) was made without \(option) \(name); a new index may have it")
        }
      }
      return existing
    } catch let error as IndexError where error.code == .notFound {
      return try SearchIndex.create(at: index.resolved, schema: reading.schema())
    }
  }

  private func printSummary(_ summary: UpdateSummary, _ counts: ReadingCounts, _ inputs: InputFiles) {
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
