// What does an import of some files give, as a test wants to see it?
internal import Suoyin
internal import SuoyinImport

/// Everything that an import gave out.
struct ImportReading {
  var sources: [ImportedSource] = []
  var problems: [ImportProblem] = []

  init(
    _ inputs: [InputFile], mapping: JSONMapping = JSONMapping(), encoding: TextEncoding? = nil, readers: ExternalReaders = ExternalReaders()
  ) {
    Importer(mapping: mapping, encoding: encoding, readers: readers).read(
      inputs, each: { sources.append($0) }, problem: { problems.append($0) })
  }

  /// Imports one file with these bytes.
  init(_ name: String, _ bytes: [UInt8], mapping: JSONMapping = JSONMapping(), encoding: TextEncoding? = nil) {
    let folder = TemporaryFolder()
    let path = folder.write(name, bytes)
    let input = InputFile(path: path, name: name, format: InputFile.Format(fileName: name) ?? .plainText)
    self.init([input], mapping: mapping, encoding: encoding)
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
