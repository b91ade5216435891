// How is a JSON or JSON Lines file read?
internal import Suoyin

extension Importer {
  func readRows<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    let file: RegularFile
    do {
      file = try RegularFile(input.path)
    } catch {
      return problem(.rejectedFile(input.path, error.reason))
    }
    if input.format == .json {
      var reader = JSONRowReader(file, rows: mapping.rows)
      try readRows(input, each, problem) { () throws(RowsFault) in try reader.next() }
    } else {
      var reader = RowReader(file)
      try readRows(input, each, problem) { () throws(RowsFault) in try nextLine(&reader) }
    }
  }

  /// Reads rows until there are no more, or the rest cannot be read.
  func readRows<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void,
    next: () throws(RowsFault) -> Row?
  ) throws(Failure) {
    let fields = RowFields(mapping)
    var hasRows = false
    while true {
      let row: Row?
      do {
        row = try next()
      } catch {
        return problem(.endOfRows(input.path, error, hasRows: hasRows))
      }
      guard let row else { break }
      if let bytes = row.bytes, bytes.trimBlanks(bytes.indices).isEmpty {
        if input.format == .json { problem(.rowWarning(input.path, row.line, "a comma with no row on one of its sides")) }
        continue
      }
      hasRows = true
      let source: ImportedSource
      do {
        source = try importedSource(row, input, fields)
      } catch {
        problem(error)
        continue
      }
      if source.documents.allSatisfy({ !$0.hasText }) { problem(.rowWarning(input.path, row.line, "no text in this row")) }
      try each(source)
    }
    if !hasRows { problem(ImportProblem(path: input.path, message: "no rows in this file", severity: .warning)) }
  }

  /// The next line, without a byte order mark.
  private func nextLine(_ reader: inout RowReader) throws(RowsFault) -> Row? {
    var row: Row?
    do {
      row = try reader.next()
    } catch {
      throw RowsFault(error)
    }
    if row?.line == 1, let bytes = row?.bytes {
      if hasUTF16Mark(bytes) { throw RowsFault("UTF-16, but JSON Lines is UTF-8", byteOffset: 0) }
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
      problem.message = error.message + (error.byteOffset.map { " (byte \($0) of the row)" } ?? "")
      if row.lastLine > row.line { problem.message += " (lines \(row.line) to \(row.lastLine))" }
      problem.message += "; row skipped"
      throw problem
    }
    document.place(inFile: input.name)
    // What decides a row's document besides its bytes: the mapping, and the file that its passage names.
    let tag = (["row"] + mapping.names + [input.name]).joined(separator: "\u{0}")
    let source = Source(document.key, digest: Digest.of(bytes, tag: tag))
    return ImportedSource(source: source, documents: [document], file: input.path, line: row.line, bytes: bytes.count)
  }
}

extension ImportProblem {
  static func rowWarning(_ path: String, _ line: Int, _ message: String) -> ImportProblem {
    ImportProblem(path: path, line: line, message: message, severity: .warning)
  }

  fileprivate static func endOfRows(_ path: String, _ fault: RowsFault, hasRows: Bool) -> ImportProblem {
    let consequence = hasRows ? "the rest of the file skipped, the rows before stay" : "file skipped"
    return ImportProblem(
      path: path, line: fault.line, byteOffset: fault.byteOffset, message: "\(fault.message); \(consequence)", severity: .rejected)
  }
}

extension Document {
  /// Says which file a row is of, and which document: rows of a file with one title are one. A row without a title is of none.
  mutating func place(inFile name: String) {
    fields[FieldName.file] = .text(name)
    guard case .text(let title)? = fields[FieldName.title], !title.allSatisfy(\.isWhitespace) else { return }
    let document = "\(name)#\(title)"
    // Values are looked up by their first bytes.
    let isShort = document.utf8.count <= Self.longestDocument
    fields[FieldName.document] = .text(isShort ? document : "#" + Digest.murmur3(Array(document.utf8)).map(hexadecimal).joined())
  }

  private static let longestDocument = 160

  private func hexadecimal(_ byte: UInt8) -> String { String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }

  /// Whether there is anything to search in the fields that passages are searched by.
  var hasText: Bool {
    [FieldName.title, FieldName.label, FieldName.text].contains { name in
      guard case .text(let text) = fields[name] else { return false }
      let bytes = Array(text.utf8)
      return !bytes.trimBlanks(bytes.indices).isEmpty
    }
  }
}
