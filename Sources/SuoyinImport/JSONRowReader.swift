// Where does a row of a JSON file begin and end?
internal import FoundationEssentials

/// Why the rest of a file has no rows that could be read.
package struct RowsFault: Error, Equatable {
  /// Without the place, and without what is done about it.
  package var message: String
  /// Where it is, counted from 1; nil where a place would say nothing.
  package var line: Int?
  package var byteOffset: Int?

  init(_ message: String, line: Int? = nil, byteOffset: Int? = nil) {
    self.message = message
    self.line = line
    self.byteOffset = byteOffset
  }

  init(_ fault: FileFault) { self.init(fault.reason) }
}

/// Reads the rows of a JSON file one by one, holding one row and one chunk. For one thread at a time.
///
/// The rows are the elements of the array that the file is; or the array that is a member of the object that the file is, when that member is
/// named; or the objects that stand in the file one after another, one as a rule. A row is found by brackets and quotes alone, so that one
/// that breaks the grammar does not hide the next: whoever reads the row judges it.
package struct JSONRowReader {
  private enum Place {
    case start, array, objects, members, end
  }

  private var input: ByteInput
  private let rows: [UInt8]?
  private let limit: Int
  private var place = Place.start
  /// Whether a comma has been read that another element must follow.
  private var isBehindComma = false
  /// Whether the array that the object names has been read.
  private var hasReadRows = false

  /// - Parameters:
  ///   - rows: The name of the member that holds the rows when the file is an object; nil when an object is a row.
  ///   - limit: The longest row in bytes.
  ///   - chunkLength: How many bytes are read at a time.
  package init(_ file: RegularFile, rows: String? = nil, limit: Int = RowReader.maximumLength, chunkLength: Int = 1 << 20) {
    self.init(rows: rows, limit: limit, chunkLength: chunkLength) { (chunk) throws(FileFault) in try file.read(into: &chunk) }
  }

  /// - Parameter read: Puts the next bytes at the beginning of the chunk and says how many they are; 0 at the end.
  package init(rows: String?, limit: Int, chunkLength: Int, read: @escaping (inout [UInt8]) throws(FileFault) -> Int) {
    input = ByteInput(chunkLength: chunkLength, read)
    self.rows = rows.map { Array($0.utf8) }
    self.limit = limit
  }

  /// The next row, without the white space around it; nil at the end of the file. Empty where a comma has no element on one of its sides.
  ///
  /// - Throws: What makes that the rest cannot be read; the rows before it were sound.
  /// - Complexity: O(*n*) in the length of the row; nesting costs a byte a level and no stack.
  package mutating func next() throws(RowsFault) -> Row? {
    // Terminates: every round reads some of the file, or moves to a later place.
    while true {
      switch place {
      case .start: try open()
      case .array: if let row = try element() { return row }
      case .objects: if let row = try object() { return row }
      case .members: try findRows()
      case .end: return nil
      }
    }
  }

  // MARK: The file

  private mutating func open() throws(RowsFault) {
    let first = try input.peek()
    if first == 0xFF || first == 0xFE { throw RowsFault("UTF-16, but JSON is UTF-8", byteOffset: 0) }
    if first == byteOrderMark[0] {
      for byte in byteOrderMark {
        if try input.peek() != byte { throw fault("neither a JSON array nor an object") }
        input.skip()
      }
    }
    switch try input.peekBehindSpace() {
    case nil: place = .end
    case UInt8(ascii: "["):
      input.skip()
      place = .array
    case UInt8(ascii: "{"):
      if rows != nil { input.skip() }
      place = rows == nil ? .objects : .members
    default: throw fault("neither a JSON array nor an object")
    }
  }

  /// The next of the objects that no array holds.
  private mutating func object() throws(RowsFault) -> Row? {
    guard let byte = try input.peekBehindSpace() else {
      place = .end
      return nil
    }
    if byte != UInt8(ascii: "{") { throw fault("something that is no object follows an object") }
    return try value(in: nil)
  }

  /// The next element of the array; nil at its end.
  private mutating func element() throws(RowsFault) -> Row? {
    guard let byte = try input.peekBehindSpace() else { throw fault("the file ends before the array does") }
    if byte == UInt8(ascii: "]"), !isBehindComma {
      input.skip()
      place = hasReadRows ? .members : .end
      if place == .end { try expectEnd(of: "the array") }
      return nil
    }
    isBehindComma = false
    let row = try value(in: UInt8(ascii: "]"))
    if try input.peekBehindSpace() == UInt8(ascii: ",") {
      input.skip()
      isBehindComma = true
    }
    return row
  }

  /// Moves behind the bracket of the array that the object calls its rows, or to the object's end.
  private mutating func findRows() throws(RowsFault) {
    let wanted = rows ?? []
    // Terminates: every round reads some of the file.
    while let byte = try input.peekBehindSpace() {
      switch byte {
      case UInt8(ascii: ","): input.skip()
      case UInt8(ascii: "}"):
        input.skip()
        place = .end
        if !hasReadRows { throw RowsFault("the object has no member \(quoted(wanted)) that could hold the rows") }
        return try expectEnd(of: "the object")
      case UInt8(ascii: "\""):
        let isWanted = try name() == wanted
        let next = try input.peekBehindSpace()
        if !isWanted {
          _ = try value(in: UInt8(ascii: "}"), isKept: false)
          continue
        }
        if hasReadRows { throw fault("a second member \(quoted(wanted))") }
        guard next == UInt8(ascii: "[") else { throw fault("\(quoted(wanted)) is no array") }
        input.skip()
        hasReadRows = true
        place = .array
        return
      default: throw fault("not JSON: a member's name in quotes is missing")
      }
    }
    throw fault("the file ends before the object does")
  }

  /// A member's name, the colon, and the spaces around them; nil for a name that is ill-formed.
  private mutating func name() throws(RowsFault) -> [UInt8]? {
    var literal: [UInt8]? = []
    let start = (input.line, input.offset)
    try string(&literal, start)
    guard try input.peekBehindSpace() == UInt8(ascii: ":") else { throw fault("not JSON: a colon is missing") }
    input.skip()
    guard let literal, let name = try? JSONDecoder().decode(String.self, from: Data(literal)) else { return nil }
    return Array(name.utf8)
  }

  private mutating func expectEnd(of what: String) throws(RowsFault) {
    if try input.peekBehindSpace() != nil { throw fault("something follows \(what), which is not read") }
  }

  private func fault(_ message: String) -> RowsFault {
    RowsFault("\(message) (byte \(input.offset))", line: input.line, byteOffset: input.offset)
  }

  private func quoted(_ name: [UInt8]) -> String { "\"\(String(decoding: name, as: UTF8.self))\"" }

  // MARK: A value

  /// Reads a value, as its brackets and quotes say.
  ///
  /// A closing bracket closes the innermost that it fits, whatever stands open inside, and nothing when it fits none. An object directly
  /// behind a comma of an object cannot be a member of it, so that a row that was never closed ends there.
  ///
  /// - Parameters:
  ///   - container: The bracket that closes the array or object that the value stands in. The value ends before it, or before a comma; without
  ///     a container it ends with the bracket that closes it.
  ///   - isKept: Whether the bytes are wanted.
  private mutating func value(in container: UInt8?, isKept: Bool = true) throws(RowsFault) -> Row {
    let (line, start) = (input.line, input.offset)
    var bytes: [UInt8]? = isKept ? [] : nil
    // The closing brackets that are still to come, the next one last, and how many of each kind they are.
    var open: [UInt8] = []
    var missing = (brackets: 0, braces: 0)
    var last: UInt8 = 0
    // Terminates: every round reads some of the file.
    while let byte = try input.peek() {
      if open.isEmpty, let container, byte == container || byte == UInt8(ascii: ",") { break }
      switch byte {
      case UInt8(ascii: "\""):
        try string(&bytes, (line, start))
        last = byte
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if container != nil, byte == UInt8(ascii: "{"), last == UInt8(ascii: ","), open.last == UInt8(ascii: "}") {
          isBehindComma = true
          return row(bytes, line, start)
        }
        if open.count == limit { throw fault("nested deeper than \(limit)") }
        open.append(byte + 2)  // "}" and "]" come two after "{" and "["
        if byte == UInt8(ascii: "{") { missing.braces += 1 } else { missing.brackets += 1 }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if byte == UInt8(ascii: "}") ? missing.braces > 0 : missing.brackets > 0 {
          while let closed = open.popLast() {
            if closed == UInt8(ascii: "}") { missing.braces -= 1 } else { missing.brackets -= 1 }
            if closed == byte { break }
          }
        }
      default: break
      }
      keep(byte, &bytes)
      input.skip()
      if !isJSONSpace(byte) { last = byte }
      if container == nil, open.isEmpty { return row(bytes, line, start) }
    }
    if try input.peek() == nil, !open.isEmpty { throw unended(line, start) }
    return row(bytes, line, start)
  }

  /// Reads a string with its quotes. A line end does not end it, though JSON forbids one: texts have them oftener than a quote is missing.
  private mutating func string(_ bytes: inout [UInt8]?, _ start: (line: Int, byteOffset: Int)) throws(RowsFault) {
    keep(UInt8(ascii: "\""), &bytes)
    input.skip()
    var isEscaped = false
    while let byte = try input.peek() {
      keep(byte, &bytes)
      input.skip()
      if !isEscaped, byte == UInt8(ascii: "\"") { return }
      isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
    }
    throw unended(start.line, start.byteOffset)
  }

  private func unended(_ line: Int, _ start: Int) -> RowsFault {
    RowsFault("the file ends inside what begins here (byte \(start))", line: line, byteOffset: start)
  }

  private func keep(_ byte: UInt8, _ bytes: inout [UInt8]?) {
    if let count = bytes?.count { if count < limit { bytes?.append(byte) } else { bytes = nil } }
  }

  /// The white space behind a row is not its own: where a row stands among others makes no difference to it.
  private func row(_ bytes: [UInt8]?, _ line: Int, _ start: Int) -> Row {
    var bytes = bytes
    var lastLine = input.line
    while let last = bytes?.last, isJSONSpace(last) {
      bytes?.removeLast()
      if last == 0x0A { lastLine -= 1 }
    }
    return Row(bytes: bytes, line: line, lastLine: lastLine, byteOffset: start)
  }
}

private func isJSONSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

/// The bytes of a file one after another, and where the next one is.
private struct ByteInput {
  private let read: (inout [UInt8]) throws(FileFault) -> Int
  private var chunk: [UInt8]
  private var unread = 0..<0
  private(set) var offset = 0
  /// Counted from 1.
  private(set) var line = 1

  init(chunkLength: Int, _ read: @escaping (inout [UInt8]) throws(FileFault) -> Int) {
    self.read = read
    chunk = [UInt8](repeating: 0, count: chunkLength)
  }

  /// The next byte; nil at the end of the file.
  mutating func peek() throws(RowsFault) -> UInt8? {
    if unread.isEmpty {
      do {
        unread = 0..<(try read(&chunk))
      } catch {
        throw RowsFault(error)
      }
      if unread.isEmpty { return nil }
    }
    return chunk[unread.lowerBound]
  }

  /// Moves past the byte that `peek` has given.
  mutating func skip() {
    if chunk[unread.lowerBound] == 0x0A { line += 1 }
    unread = unread.lowerBound + 1..<unread.upperBound
    offset += 1
  }

  mutating func peekBehindSpace() throws(RowsFault) -> UInt8? {
    while let byte = try peek() {
      if !isJSONSpace(byte) { return byte }
      skip()
    }
    return nil
  }
}
