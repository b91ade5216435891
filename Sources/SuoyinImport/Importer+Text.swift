// How is a Markdown or plain text file read?
internal import Suoyin

extension Importer {
  func readText<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    let bytes: [UInt8]
    do {
      bytes = try validText(input.path)
    } catch {
      return problem(error)
    }
    let document = TextDocument(bytes, as: input.format)
    if document.passages.isEmpty { problem(ImportProblem(path: input.path, message: "no text in this file", severity: .warning)) }
    let source = Source(DocumentKey(input.name), digest: Digest.of(bytes, tag: input.format.rawValue))
    try each(
      ImportedSource(source: source, documents: document.documents(name: input.name), file: input.path, line: nil, bytes: bytes.count))
  }

  /// The bytes of a file that is UTF-8 text.
  private func validText(_ path: String) throws(ImportProblem) -> [UInt8] {
    let bytes: [UInt8]?
    do {
      bytes = try RegularFile(path).readAll(limit: Self.maximumTextLength)
    } catch {
      throw .rejectedFile(path, error.reason)
    }
    guard let bytes else { throw .rejectedFile(path, "longer than \(Self.maximumTextLength >> 20) MiB") }
    if hasUTF16Mark(bytes) { throw .utf16(path) }
    if let offset = bytes.firstIndex(of: 0) { throw .rejectedFile(path, "a binary file: byte \(offset) is NUL", byteOffset: offset) }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      let offset = error.byteOffsets.lowerBound
      let advice = "if it is GB18030, convert it with: iconv -f GB18030 -t UTF-8"
      throw .rejectedFile(path, "not UTF-8 at byte \(offset) (\(advice))", byteOffset: offset)
    }
    return bytes
  }
}

/// U+FEFF in UTF-8, which some programs put before a text.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

func hasUTF16Mark(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) }

// Thrown inside the importer only, where a problem ends the reading of a file or row.
extension ImportProblem: Error {
  static func rejectedFile(_ path: String, _ reason: String, byteOffset: Int? = nil) -> ImportProblem {
    ImportProblem(path: path, byteOffset: byteOffset, message: "\(reason); file skipped", severity: .rejected)
  }

  static func utf16(_ path: String) -> ImportProblem {
    rejectedFile(path, "UTF-16, not UTF-8 (convert it with: iconv -f UTF-16 -t UTF-8)", byteOffset: 0)
  }
}
