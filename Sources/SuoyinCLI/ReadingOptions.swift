// Which files are read how, for what index, and what became of them?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinImport

/// The options that decide which passages come of files, and how a new index holds them.
struct ReadingOptions: ParsableArguments {
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

  /// - Throws: what is wrong with the options.
  func importer() throws -> Importer {
    Importer(
      mapping: JSONMapping(key: key, title: title, label: label, text: text, rows: rows),
      encoding: try encoding.map(TextEncoding.init(argument:)),
      readers: try readers.map(ExternalReaders.init(argument:)) ?? ExternalReaders())
  }

  /// The analyzer that was asked for; the names of fields are checked, too.
  func chosenAnalyzer() throws -> AnalyzerName? {
    let chosen = try analyzer.map { name in
      guard let analyzer = AnalyzerName(rawValue: name) else { throw ValidationError(AnalyzerName.unknown(name)) }
      return analyzer
    }
    for name in pinyin + stem where !Schema.searchedFileFields.contains(name) {
      throw ValidationError("there is no text field '\(name)'; there are \(Schema.searchedFileFields.joined(separator: ", "))")
    }
    return chosen
  }

  /// The schema of a new index.
  func schema() throws -> Schema {
    .files(analyzer: try chosenAnalyzer() ?? .chinese, policyWords: !noPolicyWords, pinyin: Set(pinyin), stemmed: Set(stem))
  }
}

/// What became of what was read; what was rejected is named on standard error.
struct ReadingCounts {
  var sources = 0
  var unchanged = 0
  var rejected = 0

  /// Gives a source to the index, unless the index has it as it is, or had it in this run.
  mutating func take(_ source: ImportedSource, _ writer: IndexWriter) throws {
    sources += 1
    let place = source.file + (source.line.map { ":\($0)" } ?? "")
    if writer.hasTaken(source.source.name) {
      rejected += 1
      StandardError.note("rejected", "\(place): '\(source.source.name)' was already read in this run; the first one stands")
      return
    }
    if !source.source.digest.isEmpty, try writer.digest(of: source.source.name) == source.source.digest {
      unchanged += 1
      writer.keep(source.source.name)
      return
    }
    do {
      try writer.replace(source.source, with: source.documents)
    } catch {
      guard error.code == .invalidArgument else { throw error }
      rejected += 1
      StandardError.note("rejected", "\(place): \(error.message)")
    }
  }

  /// Says what could not be read, or not without doubt.
  mutating func report(_ problem: ImportProblem) {
    switch problem.severity {
    case .warning: StandardError.note("warning", problem.description)
    case .rejected:
      rejected += 1
      StandardError.note("rejected", problem.description)
    }
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
