// What do the benchmarks run over?
internal import FoundationEssentials
internal import Glibc
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinImport
internal import SuoyinStorage

/// The documents of some files, read anew whenever they are needed, so that they take no memory.
///
/// A small corpus is taken several times over, its keys numbered by copy: lists then have blocks, and an index has segments to merge. That
/// makes lists longer than natural and the dictionary smaller; the report says how many copies there are.
struct BenchmarkCorpus {
  struct Description: Encodable {
    fileprivate(set) var fileCount = 0
    /// Of one copy.
    fileprivate(set) var passageCount = 0
    /// The searched text of one copy, in bytes of UTF-8.
    fileprivate(set) var textLength = 0
    /// The fields as they are stored, of one copy, in bytes.
    fileprivate(set) var fieldLength = 0
    fileprivate(set) var copies = 1
    /// CRC-32C over all searched texts: the same texts were measured when it is the same.
    fileprivate(set) var checksum: UInt32 = 0
  }

  private let files: [InputFile]
  private let textFields: [String]
  private(set) var description = Description()

  /// The searched text that a corpus is brought to by copies, in bytes.
  private static let usefulLength = 4 << 20

  /// - Parameter paths: Files and folders, as `suoyin index` takes them.
  init(_ paths: [String]) throws {
    files = try InputFiles(paths).files
    textFields = Schema.files().fields.filter(\.isText).map(\.name)
    var counted = Description()
    counted.fileCount = files.count
    try forEachSource { source, documents in
      counted.passageCount += documents.count
      for document in documents {
        counted.fieldLength += document.fields.values.reduce(0) { $0 + $1.description.utf8.count }
        for text in texts(of: document) {
          counted.textLength += text.utf8.count
          counted.checksum = Checksum.crc32c(Array(text.utf8)[...], seed: counted.checksum)
        }
      }
    }
    if counted.textLength == 0 { throw BenchmarkFailure("the corpus has no text; name files or folders with --corpus") }
    counted.copies = max(1, Self.usefulLength / counted.textLength)
    description = counted
  }

  /// Gives out every source of every copy.
  func forEachSource(_ body: (Source, [Document]) throws -> Void) throws {
    var rejected: ImportProblem?
    for copy in 0..<description.copies {
      try Importer().read(files) { (imported: ImportedSource) throws -> Void in
        if description.copies == 1 { return try body(imported.source, imported.documents) }
        let documents = imported.documents.map { document in
          var renamed = document
          renamed.key = DocumentKey("\(copy)/\(document.key)")
          return renamed
        }
        try body(Source(DocumentKey("\(copy)/\(imported.source.name)"), digest: imported.source.digest), documents)
      } problem: { problem in
        if problem.severity == .rejected { rejected = rejected ?? problem }
      }
    }
    if let rejected { throw BenchmarkFailure(rejected.description) }
  }

  /// Searched texts of the first copy, drawn evenly from the whole: about `length` bytes, or all there are.
  func sample(length: Int) throws -> [String] {
    let stride = max(1, description.textLength / length)
    var sample: [String] = []
    var number = 0
    try forEachSource { _, documents in
      for document in documents where number < description.passageCount {
        if number % stride == 0 { sample += texts(of: document) }
        number += 1
      }
    }
    return sample
  }

  private func texts(of document: Document) -> [String] {
    textFields.compactMap { field in if case .text(let text)? = document.fields[field] { text } else { nil } }
  }

  /// Indexes the corpus into a new directory.
  func makeIndex(at path: String) throws -> SearchIndex {
    let index = try SearchIndex.create(at: path, schema: .files())
    try index.update { writer in
      try forEachSource { source, documents in try writer.replace(source, with: documents) }
    }
    return index
  }
}

/// A directory for the indexes of one run, which goes with it.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "suoyin-benchmarks-\(getpid())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
