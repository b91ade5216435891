// How is a CSV or TSV file read?
//
// A record becomes a row of JSON, with the names of the header and strings as values, and is from there on what a row of JSON Lines is.
internal import Suoyin

extension Importer {
  func readTable<Failure: Error>(
    _ input: InputFile, _ each: (ImportedSource) throws(Failure) -> Void, _ problem: (ImportProblem) -> Void
  ) throws(Failure) {
    var reader: CSVReader
    let header: TableHeader?
    do {
      let bytes = try contents(input.path)
      let text = try self.text(bytes, input)
      text.warnings.forEach(problem)
      reader = CSVReader(text.bytes ?? bytes, delimiter: input.format == .tsv ? UInt8(ascii: "\t") : nil)
      header = try nextRecord(&reader).map { record throws(ImportProblem) in try TableHeader(record, mapping, input.path) }
    } catch {
      return problem(error)
    }
    try readRows(input, each, problem) { () throws(RowsFault) -> Row? in
      // Terminates: every round takes a record.
      while let header, let record = nextRecord(&reader) {
        if case .unclosedQuote(let line) = record.fault {
          let last = record.lines.upperBound
          throw RowsFault("the quote that begins here has no end, up to line \(last)", line: line, byteOffset: nil)
        }
        if let reason = header.reason(against: record) {
          let place = record.lines.count > 1 ? " (lines \(record.lines.lowerBound) to \(record.lines.upperBound))" : ""
          problem(
            ImportProblem(path: input.path, line: record.lines.lowerBound, message: "\(reason)\(place); row skipped", severity: .rejected))
          continue
        }
        let lines = record.lines
        return Row(bytes: header.row(record), line: lines.lowerBound, lastLine: lines.upperBound, byteOffset: record.range.lowerBound)
      }
      return nil
    }
  }

  /// The next record that has anything: spreadsheets write empty lines, and lines of nothing but delimiters.
  private func nextRecord(_ reader: inout CSVReader) -> CSVRecord? {
    while let record = reader.next() { if !record.isEmpty { return record } }
    return nil
  }
}

/// The first record of a table: what its columns are called.
private struct TableHeader {
  /// As JSON strings, with their quotes; nil for columns without a name.
  private let names: [[UInt8]?]
  /// The columns of searched fields: an empty cell there is no value.
  private let searched: Set<Int>

  /// - Throws: A problem that rejects the file, for no row of it could be read.
  init(_ record: CSVRecord, _ mapping: JSONMapping, _ path: String) throws(ImportProblem) {
    func fault(_ reason: String) -> ImportProblem {
      ImportProblem(path: path, line: record.lines.lowerBound, message: "\(reason); file skipped", severity: .rejected)
    }
    switch record.fault {
    case .unclosedQuote(let line): throw fault("the header has a quote without an end, which begins in line \(line)")
    case .textBehindQuote: throw fault("the header has text between a quote and the next delimiter")
    case nil: break
    }
    let columns = record.fields.map { String(decoding: $0, as: UTF8.self) }
    var places: [[UInt8]: Int] = [:]
    for (place, name) in record.fields.enumerated() where !name.isEmpty {
      if places.updateValue(place, forKey: name) != nil { throw fault("two columns named \"\(columns[place])\"") }
    }
    func place(_ name: String) -> Int? { places[Array(name.utf8)] }
    let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let key = place(mapping.key) else {
      throw fault("no column \"\(mapping.key)\" for the key; --key names one of \(list)")
    }
    let label = place(mapping.label ?? "label") ?? (mapping.label == nil ? place("article") : nil)
    let searched = [place(mapping.title), label, place(mapping.text)].compactMap { $0 }
    if searched.isEmpty { throw fault("no column for title, label or text; --title, --label and --text name them among \(list)") }
    self.searched = Set(searched).subtracting([key])
    names = record.fields.map { $0.isEmpty ? nil : jsonString($0) }
  }

  /// Why a record is no row of this table; nil when it is one.
  func reason(against record: CSVRecord) -> String? {
    if case .textBehindQuote(let line) = record.fault { return "text between a quote and the next delimiter in line \(line)" }
    if record.fields.count != names.count { return "\(record.fields.count) fields, but the header has \(names.count)" }
    let stray = names.indices.first { names[$0] == nil && !record.fields[$0].isEmpty }
    return stray.map { "field \($0 + 1) is in a column without a name" }
  }

  /// The record as a JSON object.
  func row(_ record: CSVRecord) -> [UInt8] {
    var row = [UInt8(ascii: "{")]
    for (place, name) in names.enumerated() {
      guard let name else { continue }
      if row.count > 1 { row.append(UInt8(ascii: ",")) }
      row += name
      row.append(UInt8(ascii: ":"))
      let field = record.fields[place]
      row += field.isEmpty && searched.contains(place) ? Array("null".utf8) : jsonString(field)
    }
    row.append(UInt8(ascii: "}"))
    return row
  }
}

/// A text as a JSON string.
func jsonString(_ text: [UInt8]) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  var literal = [UInt8(ascii: "\"")]
  literal.reserveCapacity(text.count + 2)
  for byte in text {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): literal += [UInt8(ascii: "\\"), byte]
    case 0x0A: literal += Array("\\n".utf8)
    case 0x0D: literal += Array("\\r".utf8)
    case 0x09: literal += Array("\\t".utf8)
    case 0..<0x20: literal += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: literal.append(byte)
    }
  }
  literal.append(UInt8(ascii: "\""))
  return literal
}
