// Where does a row of a JSON Lines file begin and end?

/// One row of a file, a line or more.
package struct Row {
  /// The bytes without the line end; nil when they are more than the limit.
  package var bytes: [UInt8]?
  /// The line where it begins, counted from 1.
  package var line: Int
  package var lastLine: Int
  /// Where the row begins in the file.
  package var byteOffset: Int
}

/// Reads a file line by line, holding one row and one chunk. For one thread at a time.
package struct RowReader {
  private let file: RegularFile
  private let limit: Int
  private var chunk: [UInt8]
  /// The part of the chunk that has not been given out.
  private var unread: Range<Int> = 0..<0
  private var line = 0
  /// The offset in the file of the first unread byte.
  private var byteOffset = 0

  /// The longest row in bytes: it is held in memory.
  package static let maximumLength = 256 << 20

  /// - Parameters:
  ///   - limit: The longest row in bytes.
  ///   - chunkLength: How many bytes are read at a time.
  package init(_ file: RegularFile, limit: Int = maximumLength, chunkLength: Int = 1 << 20) {
    self.file = file
    self.limit = limit
    chunk = [UInt8](repeating: 0, count: chunkLength)
  }

  /// The next row, blank ones included; nil at the end of the file.
  ///
  /// - Complexity: O(*n*) in the length of the row.
  package mutating func next() throws(FileFault) -> Row? {
    var bytes: [UInt8]? = []
    let start = byteOffset
    // Terminates: every round but the last takes a chunk of the file.
    while true {
      if unread.isEmpty {
        unread = 0..<(try file.read(into: &chunk))
        if unread.isEmpty {
          if byteOffset == start { return nil }
          break
        }
      }
      let end = chunk[unread].firstIndex(of: 0x0A)
      let part = unread.lowerBound..<(end ?? unread.upperBound)
      if let length = bytes?.count, length + part.count <= limit { bytes?.append(contentsOf: chunk[part]) } else { bytes = nil }
      let next = end.map { $0 + 1 } ?? unread.upperBound
      byteOffset += next - unread.lowerBound
      unread = next..<unread.upperBound
      if end != nil { break }
    }
    line += 1
    return Row(bytes: bytes, line: line, lastLine: line, byteOffset: start)
  }
}
