// How is a Markdown, plain text or HTML file read?
internal import Suoyin

extension Importer {
  func readText<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    let bytes: [UInt8]
    let text: ReadText
    do {
      bytes = try contents(input.path)
      text = try self.text(bytes, input)
    } catch {
      return problem(error)
    }
    text.warnings.forEach(problem)
    let documents = text.parsed(bytes, as: input.format).indexed(name: input.name)
    if documents.isEmpty { problem(ImportProblem(path: input.path, message: "no text in this file", severity: .warning)) }
    // The digest is of the file as it is; the encoding goes in where it makes a difference.
    let tag = input.format.rawValue + (text.bytes == nil ? "" : " \(text.encoding.name)")
    let source = Source(DocumentKey(input.name), digest: Digest.of(bytes, tag: tag))
    try each(
      ImportedSource(source: source, documents: documents, file: input.path, line: nil, bytes: bytes.count))
  }

  /// Parses one Markdown, plain text or HTML file.
  ///
  /// - Parameter problem: Takes what could not be read, or not without doubt.
  /// - Returns: nil when the file could not be read.
  public func parse(_ input: InputFile, problem: (ImportProblem) -> Void) -> PolicyFile? {
    do throws(ImportProblem) {
      guard !input.format.hasRows else { throw ImportProblem.rejectedFile(input.path, "rows have no structure to show") }
      let bytes = try contents(input.path)
      let text = try self.text(bytes, input)
      text.warnings.forEach(problem)
      return text.parsed(bytes, as: input.format)
    } catch {
      problem(error)
      return nil
    }
  }

  func contents(_ path: String) throws(ImportProblem) -> [UInt8] {
    let bytes: [UInt8]?
    do {
      bytes = try RegularFile(path).readAll(limit: Self.maximumTextLength)
    } catch {
      throw .rejectedFile(path, error.reason)
    }
    guard let bytes else { throw .tooLong(path) }
    return bytes
  }

  /// What a file's bytes are as UTF-8.
  struct ReadText {
    var encoding = TextEncoding.utf8
    /// nil when the file's own bytes are the text.
    var bytes: [UInt8]?
    /// From the text to the file.
    var map = OffsetMap.identity
    var warnings: [ImportProblem] = []

    /// - Parameter file: The bytes of the file.
    func parsed(_ file: [UInt8], as format: InputFile.Format) -> PolicyFile { PolicyFile(bytes ?? file, as: format, map: map) }
  }

  func text(_ bytes: [UInt8], _ input: InputFile) throws(ImportProblem) -> ReadText {
    let path = input.path
    if let encoding { return try decode(bytes, path, encoding) }
    if let (encoding, markLength) = TextEncoding.marked(bytes) { return try decode(bytes, path, encoding, from: markLength) }
    let fault = faultInUTF8(bytes)
    guard let fault else { return ReadText() }
    let finding = EncodingDetector(bytes).find()
    if input.format == .html, !finding.isSure, let declared = HTMLDeclaration.encoding(of: bytes),
      let text = try? decode(bytes, path, declared)
    {
      return text
    }
    switch finding {
    case .sure(let encoding):
      return try decode(bytes, path, encoding)
    case .guess(let encoding):
      var text = try decode(bytes, path, encoding)
      let message = "read as \(encoding.name), which is a guess; --encoding NAME says what it is"
      text.warnings.insert(ImportProblem(path: path, message: message, severity: .warning), at: 0)
      return text
    case .binary(let offset):
      throw .binary(path, bytes[offset], at: offset)
    case .unknown:
      throw .rejectedFile(
        path, "not UTF-8 at byte \(fault), and in no encoding that can be told; --encoding NAME says what it is", byteOffset: fault)
    }
  }

  /// Where the first byte is that is no text in UTF-8; nil when there is none.
  private func faultInUTF8(_ bytes: [UInt8]) -> Int? {
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      return error.byteOffsets.lowerBound
    }
    return bytes.firstIndex(of: 0)
  }

  /// Reads a text in the encoding that it has, or must have.
  ///
  /// - Parameter start: Where it begins, behind a byte order mark.
  private func decode(
    _ bytes: [UInt8], _ path: String, _ encoding: TextEncoding, from start: Int = 0
  ) throws(ImportProblem) -> ReadText {
    if encoding == .utf8, faultInUTF8(bytes) == nil { return ReadText() }
    guard let text = TextDecoder.decode(bytes, start..<bytes.count, as: encoding, limit: Self.maximumTextLength, isMapped: true)
    else {
      throw .tooLong(path)
    }
    if text.hasNUL {
      guard encoding == .utf8, let offset = bytes.firstIndex(of: 0) else {
        throw .rejectedFile(path, "a binary file: as \(encoding.name) it has the character U+0000")
      }
      throw .binary(path, 0, at: offset)
    }
    if text.isHopeless { throw .hopeless(path, text, encoding) }
    let warnings = text.illFormed > 0 ? [ImportProblem.replaced(path, text, encoding)] : []
    if text.bytes == bytes { return ReadText(encoding: encoding, warnings: warnings) }
    return ReadText(encoding: encoding, bytes: text.bytes, map: text.map, warnings: warnings)
  }
}

// Thrown inside the importer only, where a problem ends the reading of a file or row.
extension ImportProblem: Error {
  static func rejectedFile(_ path: String, _ reason: String, byteOffset: Int? = nil) -> ImportProblem {
    ImportProblem(path: path, byteOffset: byteOffset, message: "\(reason); file skipped", severity: .rejected)
  }

  static func tooLong(_ path: String) -> ImportProblem { rejectedFile(path, "longer than \(Importer.maximumTextLength >> 20) MiB") }

  fileprivate static func binary(_ path: String, _ byte: UInt8, at offset: Int) -> ImportProblem {
    rejectedFile(path, "a binary file: byte \(offset) is \(byte == 0 ? "NUL" : "a control character")", byteOffset: offset)
  }

  fileprivate static func hopeless(_ path: String, _ text: DecodedText, _ encoding: TextEncoding) -> ImportProblem {
    let extent = "\(text.illFormed) of \(text.characters) characters are ill-formed, the first at byte \(text.firstIllFormed)"
    return rejectedFile(path, "not \(encoding.name): \(extent)", byteOffset: text.firstIllFormed)
  }

  fileprivate static func replaced(_ path: String, _ text: DecodedText, _ encoding: TextEncoding) -> ImportProblem {
    let offset = text.firstIllFormed
    let what =
      text.illFormed == 1
      ? "1 sequence that is no \(encoding.name), at byte \(offset), became U+FFFD"
      : "\(text.illFormed) sequences that are no \(encoding.name), the first at byte \(offset), became U+FFFD"
    return ImportProblem(path: path, byteOffset: offset, message: what, severity: .warning)
  }
}
