// How is a file read by a program that was named for it?
internal import FoundationEssentials
internal import Suoyin

extension Importer {
  func readExternally<Failure: Error>(
    _ input: InputFile, _ isKept: (Source) throws(Failure) -> Bool, _ each: (ImportedSource) throws(Failure) -> Void,
    _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    let reader: ExternalReader
    let bytes: [UInt8]
    do {
      (reader, bytes) = try externalReader(input)
    } catch {
      return problem(error)
    }
    // The program and its arguments decide what is made of the bytes; how long it may take does not.
    let tag = ["external", "\(reader.command.count)"] + reader.command + mapping.names.dropFirst()
    let source = Source(DocumentKey(input.name), digest: Digest.of(bytes, tag: tag.joined(separator: "\u{0}")))
    var imported = ImportedSource(source: source, documents: [], file: input.path, line: nil, bytes: bytes.count)
    if try isKept(source) { return try each(imported) }
    do {
      imported.documents = try documents(of: input, bytes, reader)
    } catch {
      return problem(error)
    }
    if imported.documents.allSatisfy({ !$0.hasText }) {
      problem(ImportProblem(path: input.path, message: "no text in this file", severity: .warning))
    }
    try each(imported)
  }

  private func externalReader(_ input: InputFile) throws(ImportProblem) -> (ExternalReader, [UInt8]) {
    guard let reader = readers.reader(ofFileNamed: input.name) else {
      throw .rejectedFile(input.path, "no reader is named for such files")
    }
    return (reader, try contents(input.path))
  }

  /// All rows that the program writes, or none: half of a file would pass for the whole.
  private func documents(of input: InputFile, _ bytes: [UInt8], _ reader: ExternalReader) throws(ImportProblem) -> [Document] {
    var environment = ProcessInfo.processInfo.environment
    let isAbsolute = input.path.hasPrefix("/")
    environment["SUOYIN_FILE"] = isAbsolute ? input.path : FileManager.default.currentDirectoryPath + "/" + input.path
    environment["SUOYIN_NAME"] = input.name
    var output: [UInt8]
    do {
      output = try ReaderProcess.run(
        reader.command, environment: environment, input: bytes, timeoutSeconds: reader.timeoutSeconds,
        maximumOutput: reader.maximumOutputBytes)
    } catch {
      throw .rejectedFile(input.path, "the reader \(reader.name) \(error.message)")
    }
    if output.starts(with: byteOrderMark) { output.removeFirst(byteOrderMark.count) }
    let fields = RowFields(mapping)
    var documents: [Document] = []
    for (line, bytes) in output.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let row = Array(bytes)
      if row.trimBlanks(row.indices).isEmpty { continue }
      do {
        var document = try fields.document(row, key: DocumentKey("\(input.name)#\(documents.count + 1)"))
        document.place(inFile: input.name)
        documents.append(document)
      } catch {
        let place = error.byteOffset.map { ", byte \($0)" } ?? ""
        throw .rejectedFile(input.path, "the reader \(reader.name) wrote a row that is none, in line \(line + 1)\(place): \(error.message)")
      }
    }
    return documents
  }
}
