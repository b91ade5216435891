// How is a JSON Lines file read?
internal import Suoyin

extension Importer {
  func readRows<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    var reader: RowReader
    do {
      reader = RowReader(try RegularFile(input.path))
    } catch {
      return problem(.rejectedFile(input.path, error.reason))
    }
    let fields = RowFields(mapping)
    var hasRows = false
    while true {
      let source: ImportedSource
      do {
        guard let row = try nextRow(&reader, input) else { break }
        if let bytes = row.bytes, bytes.trimBlanks(bytes.indices).isEmpty { continue }
        hasRows = true
        source = try importedSource(row, input, fields)
      } catch {
        problem(error)
        if error.line == nil { return }
        continue
      }
      if source.documents.allSatisfy({ !$0.hasText }) {
        problem(ImportProblem(path: input.path, line: source.line, message: "no text in this row", severity: .warning))
      }
      try each(source)
    }
    if !hasRows { problem(ImportProblem(path: input.path, message: "no rows in this file", severity: .warning)) }
  }

  /// - Throws: A problem without a line when the rest of the file cannot be read.
  private func nextRow(_ reader: inout RowReader, _ input: InputFile) throws(ImportProblem) -> Row? {
    var row: Row?
    do {
      row = try reader.next()
    } catch {
      throw .rejectedFile(input.path, error.reason)
    }
    if row?.line == 1, let bytes = row?.bytes {
      if hasUTF16Mark(bytes) { throw .rejectedFile(input.path, "UTF-16, but JSON Lines is UTF-8", byteOffset: 0) }
      if bytes.starts(with: byteOrderMark) {
        row?.bytes = Array(bytes.dropFirst(byteOrderMark.count))
        row?.byteOffset = byteOrderMark.count
      }
    }
    return row
  }

  /// - Throws: A problem with the row's line.
  private func importedSource(_ row: Row, _ input: InputFile, _ fields: RowFields) throws(ImportProblem) -> ImportedSource {
    var problem = ImportProblem(path: input.path, line: row.line, message: "", severity: .rejected)
    guard let bytes = row.bytes else {
      problem.message = "longer than \(RowReader.maximumLength >> 20) MiB; row skipped"
      throw problem
    }
    var document: Document
    do {
      document = try fields.document(bytes)
    } catch {
      problem.byteOffset = error.byteOffset.map { row.byteOffset + $0 }
      problem.message = error.message + (error.byteOffset.map { " (byte \($0) of the row)" } ?? "") + "; row skipped"
      throw problem
    }
    document.fields[FieldName.file] = .text(input.name)
    // What decides a row's document besides its bytes: the mapping, and the file that its passage names.
    let tag = ["row", mapping.key, mapping.title, mapping.label ?? "", mapping.text, input.name].joined(separator: "\u{0}")
    let source = Source(document.key, digest: Digest.of(bytes, tag: tag))
    return ImportedSource(source: source, documents: [document], file: input.path, line: row.line, bytes: bytes.count)
  }
}

extension Document {
  /// Whether there is anything to search in the fields that passages are searched by.
  fileprivate var hasText: Bool {
    [FieldName.title, FieldName.label, FieldName.text].contains { name in
      guard case .text(let text) = fields[name] else { return false }
      let bytes = Array(text.utf8)
      return !bytes.trimBlanks(bytes.indices).isEmpty
    }
  }
}
