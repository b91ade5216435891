// What does an import of some files give, as a test wants to see it?
internal import Suoyin
internal import SuoyinImport

/// Everything that an import gave out.
struct ImportReading {
  var sources: [ImportedSource] = []
  var problems: [ImportProblem] = []

  init(_ inputs: [InputFile], mapping: JSONMapping = JSONMapping()) {
    Importer(mapping: mapping).read(inputs, each: { sources.append($0) }, problem: { problems.append($0) })
  }

  /// Imports one file with these bytes.
  init(_ name: String, _ bytes: [UInt8], mapping: JSONMapping = JSONMapping()) {
    let folder = TemporaryFolder()
    let path = folder.write(name, bytes)
    self.init([InputFile(path: path, name: name, format: InputFile.Format(fileName: name) ?? .plainText)], mapping: mapping)
    // Messages begin with the path, which no expectation can know.
    problems = problems.map { problem in
      var problem = problem
      if problem.path == path { problem.path = name }
      return problem
    }
  }

  init(rows: String, mapping: JSONMapping = JSONMapping()) { self.init("feed.jsonl", Array(rows.utf8), mapping: mapping) }

  var documents: [Document] { sources.flatMap(\.documents) }
  var keys: [String] { documents.map(\.key.description) }
  var messages: [String] { problems.map(\.description) }
}
