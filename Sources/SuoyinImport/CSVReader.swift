// Where do the records and fields of a CSV file begin and end?

/// A record of a table, which may have several lines.
package struct CSVRecord: Equatable {
  package enum Fault: Equatable {
    /// The quote that begins in this line, counted from 1, has no end: the field goes to the end of the file.
    case unclosedQuote(line: Int)
    /// Something stands between the quote that ends a field in this line and the next delimiter.
    case textBehindQuote(line: Int)
  }

  /// Without their quotes.
  package var fields: [[UInt8]] = []
  /// Counted from 1.
  package var lines: ClosedRange<Int>
  /// Where the record is in the text, without its line end.
  package var range: Range<Int>
  package var fault: Fault?

  /// Whether no field has anything: an empty line, or the delimiters of one.
  package var isEmpty: Bool { fault == nil && fields.allSatisfy(\.isEmpty) }
}

/// Reads a table record by record.
///
/// Lines end in LF, CR LF or CR, inside quotes and between records; quotes inside a field that does not begin with one are characters as others are.
///
/// - Source: RFC 4180 (Shafranovich, 2005), §2.
package struct CSVReader {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: Int
  private var line = 1

  /// - Parameters:
  ///   - bytes: UTF-8, or any encoding that has ASCII in it and nothing else below 0x80. A byte order mark is passed over.
  ///   - delimiter: A comma, semicolon or tab; nil when the first line decides: a comma if it has one outside quotes, else whichever of
  ///     semicolon and tab it has more of.
  package init(_ bytes: [UInt8], delimiter: UInt8? = nil) {
    self.bytes = bytes
    position = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    self.delimiter = delimiter ?? Self.delimiter(of: bytes)
  }

  private static func delimiter(of bytes: [UInt8]) -> UInt8 {
    var counts = [UInt8(ascii: ","): 0, UInt8(ascii: ";"): 0, UInt8(ascii: "\t"): 0]
    var isQuoted = false
    for byte in bytes.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A || byte == 0x0D { break }
      counts[byte]? += 1
    }
    if counts[UInt8(ascii: ","), default: 0] > 0 { return UInt8(ascii: ",") }
    let semicolons = counts[UInt8(ascii: ";"), default: 0]
    let tabs = counts[UInt8(ascii: "\t"), default: 0]
    return semicolons + tabs == 0 ? UInt8(ascii: ",") : semicolons >= tabs ? UInt8(ascii: ";") : UInt8(ascii: "\t")
  }

  /// The next record, an empty line too; nil at the end of the text.
  ///
  /// - Complexity: O(*n*) in the length of the record.
  package mutating func next() -> CSVRecord? {
    guard position < bytes.count else { return nil }
    var record = CSVRecord(lines: line...line, range: position..<position)
    // Terminates: every round but the last takes a delimiter.
    repeat { record.fields.append(field(&record.fault)) } while take(delimiter)
    record.lines = record.lines.lowerBound...line
    record.range = record.range.lowerBound..<position
    takeLineEnd()
    return record
  }

  private mutating func field(_ fault: inout CSVRecord.Fault?) -> [UInt8] {
    guard take(UInt8(ascii: "\"")) else { return unquoted() }
    var field: [UInt8] = []
    let firstLine = line
    // Terminates: every round takes a byte.
    while position < bytes.count {
      if take(UInt8(ascii: "\"")) {
        if take(UInt8(ascii: "\"")) {
          field.append(UInt8(ascii: "\""))
          continue
        }
        let closingLine = line
        let rest = unquoted()
        if !rest.isEmpty, fault == nil { fault = .textBehindQuote(line: closingLine) }
        return field + rest
      }
      let start = position
      if !takeLineEnd() { position += 1 }
      field += bytes[start..<position]
    }
    fault = .unclosedQuote(line: firstLine)
    return field
  }

  private mutating func unquoted() -> [UInt8] {
    let start = position
    while position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
    return Array(bytes[start..<position])
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Moves past a line end, if there is one.
  @discardableResult
  private mutating func takeLineEnd() -> Bool {
    let hasReturn = take(0x0D)
    let hasFeed = take(0x0A)
    if hasReturn || hasFeed { line += 1 }
    return hasReturn || hasFeed
  }
}
