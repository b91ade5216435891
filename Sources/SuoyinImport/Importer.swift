// How do files become sources and documents?
public import Suoyin

/// A file or row that was read, ready for the index: its documents replace all that the source had before.
public struct ImportedSource: Sendable {
  /// The file's name, or the row's key; the digest covers the bytes and all that decides what is made of them.
  public var source: Source
  public var documents: [Document]
  /// The file as it can be opened.
  public var file: String
  /// The line where the row begins, counted from 1; nil when the file is the source.
  public var line: Int?
  /// How many bytes of the file this is.
  public var bytes: Int
}

/// Reads files and gives out what the index needs.
public struct Importer: Sendable {
  public var mapping: JSONMapping
  /// In which all text files are read; nil when it is found out for each. Tables are text files; JSON is always UTF-8.
  public var encoding: TextEncoding?
  /// The programs that read files of other formats.
  public var readers: ExternalReaders

  /// The longest text file in bytes, as it is and in UTF-8: it is read as a whole.
  static let maximumTextLength = 1 << 30

  public init(mapping: JSONMapping = JSONMapping(), encoding: TextEncoding? = nil, readers: ExternalReaders = ExternalReaders()) {
    self.mapping = mapping
    self.encoding = encoding
    self.readers = readers
  }

  /// Reads the files in their order, and goes on after every problem.
  ///
  /// One text file is one source, with a document for each passage; so is a file that a program reads, with a document for each row that it
  /// writes. Any other row is one source with one document. One file or row is in memory at a time. Two rows
  /// may have the same key, and a row may be named like a file: what to do then is for the caller to decide.
  ///
  /// - Parameters:
  ///   - each: Takes what was read; what it throws ends the import and is thrown on.
  ///   - problem: Takes what could not be read, or not without doubt.
  ///   - isKept: Whether the caller has the documents of a source with this digest. It is asked for what a program would have to read;
  ///     the program is not run then, and the source is given out without documents.
  /// - Complexity: O(*n*) in the number of bytes.
  public func read<Failure: Error>(
    _ inputs: [InputFile], each: (ImportedSource) throws(Failure) -> Void, problem: (ImportProblem) -> Void,
    isKept: (Source) throws(Failure) -> Bool
  ) throws(Failure) {
    for input in inputs {
      switch input.format {
      case .jsonLines, .json: try readRows(input, each, problem)
      case .csv, .tsv: try readTable(input, each, problem)
      case .external: try readExternally(input, isKept, each, problem)
      case .markdown, .plainText, .html: try readText(input, each, problem)
      }
    }
  }

  /// Reads the files in their order, all of them anew.
  public func read<Failure: Error>(
    _ inputs: [InputFile], each: (ImportedSource) throws(Failure) -> Void, problem: (ImportProblem) -> Void
  ) throws(Failure) {
    // A default argument would be shorter, and ends Swift 6.3.1 with signal 11 where the failure is Never.
    try read(inputs, each: each, problem: problem) { (_) throws(Failure) in false }
  }
}

extension Importer {
  /// A digest of all that decides what is made of files, beside their bytes.
  package var settingsDigest: [UInt8] {
    let commands = readers.readers.flatMap { ["\($0.extensions.count)"] + $0.extensions + ["\($0.command.count)"] + $0.command }
    let parts = mapping.names + [mapping.rows ?? "", mapping.rows == nil ? "" : "rows", encoding?.name ?? ""] + commands
    return Digest.of([], tag: parts.joined(separator: "\u{0}"))
  }
}
