// How long is a passage, and where do its fields begin?
//
// Why the unsafe code here is sound: a column is a slice of a mapped file, of one number for every passage of the segment; documents of
// loaded blocks of posting lists are below that count.
package import SuoyinAnalysis
package import SuoyinStorage
internal import Synchronization

/// The exact lengths of one passage in one numbering.
package struct PassageLengths: Equatable, Sendable {
  /// How many words of the primary cut.
  package var words: UInt32 = 0
  /// How many cells: the length for pairs and singles.
  package var cells: UInt32 = 0
  /// For each field of the numbering, how many numbers its cells span; 0 for an absent field.
  package var extents: [UInt32] = []

  package init() {}

  /// Between two fields: more than any gap inside a field (at most 2), so that no quoted query reaches from one into the next.
  package static let fieldGap: UInt32 = 4

  /// The positions of the cells of the `index`-th field of the numbering.
  package func positions(ofField index: Int) -> Range<UInt32> {
    let start = extents[..<index].reduce(0) { $0 + $1 + Self.fieldGap }
    return start..<start + extents[index]
  }
}

/// What the lengths of all passages of a segment, or of an index, add up to in one numbering.
package struct NumberingStatistics: Equatable, Codable, Sendable {
  package var wordTotal: UInt64 = 0
  package var wordPassages: UInt64 = 0
  package var cellTotal: UInt64 = 0
  package var cellPassages: UInt64 = 0

  package init() {}

  package static func += (left: inout NumberingStatistics, right: PassageLengths) {
    left.wordTotal += UInt64(right.words)
    left.wordPassages += right.words > 0 ? 1 : 0
    left.cellTotal += UInt64(right.cells)
    left.cellPassages += right.cells > 0 ? 1 : 0
  }

  package static func += (left: inout NumberingStatistics, right: NumberingStatistics) {
    left.wordTotal += right.wordTotal
    left.wordPassages += right.wordPassages
    left.cellTotal += right.cellTotal
    left.cellPassages += right.cellPassages
  }

  package static func - (left: NumberingStatistics, right: NumberingStatistics) -> NumberingStatistics {
    var difference = left
    difference.wordTotal &-= right.wordTotal
    difference.wordPassages &-= right.wordPassages
    difference.cellTotal &-= right.cellTotal
    difference.cellPassages &-= right.cellPassages
    return difference
  }

  /// The mean length of the passages that have any, for BM25; 1 where there are none.
  package func averageLength(of family: TermFamily) -> Double {
    switch family {
    case .word, .extra: wordPassages == 0 ? 1 : Double(wordTotal) / Double(wordPassages)
    case .pair, .single: cellPassages == 0 ? 1 : Double(cellTotal) / Double(cellPassages)
    }
  }

  package mutating func read(from reader: inout ByteReader) throws(IndexError) {
    wordTotal = try reader.variable()
    wordPassages = try reader.variable()
    cellTotal = try reader.variable()
    cellPassages = try reader.variable()
  }

  package func write(to writer: inout ByteWriter) {
    for value in [wordTotal, wordPassages, cellTotal, cellPassages] { writer.append(variable: value) }
  }
}

/// Collects the lengths of a segment's passages, a column for each kind of length.
///
///     lengths = { width:u8 } × columns  { column } × columns
///     column  = one little-endian number of its width, 1, 2 or 4 bytes, for every passage
package struct FieldLengthsWriter {
  /// For each text numbering: words, cells, and an extent for each field.
  private var columns: [[[UInt32]]]

  package init(_ schema: Schema) {
    columns = schema.numberings.map { $0.isKeyword ? [] : [[UInt32]](repeating: [], count: 2 + $0.fields.count) }
  }

  /// Appends the lengths of a passage: of each text numbering the words, the cells, and an extent for each field.
  package mutating func append(_ lengths: borrowing Span<UInt32>) {
    var next = 0
    for numbering in columns.indices {
      for column in columns[numbering].indices {
        columns[numbering][column].append(lengths[next])
        next += 1
      }
    }
  }

  /// Appends the lengths of passages of several segments, which may have been written with fewer fields.
  package mutating func append(_ runs: [PassageRun], of segments: [FieldLengths]) throws(IndexError) {
    for numbering in columns.indices {
      for column in columns[numbering].indices {
        var sources: [LengthColumn?] = []
        for segment in segments { sources.append(try segment.column(numbering, column)) }
        for run in runs {
          if let source = sources[run.segment] {
            source.append(run.documents, to: &columns[numbering][column])
          } else {
            columns[numbering][column].append(contentsOf: repeatElement(0, count: run.documents.count))
          }
        }
      }
    }
  }

  /// What the lengths add up to, by numbering.
  package var statistics: [NumberingStatistics] {
    columns.map { columns in
      var statistics = NumberingStatistics()
      if columns.isEmpty { return statistics }
      for length in columns[0] {
        statistics.wordTotal += UInt64(length)
        statistics.wordPassages += length > 0 ? 1 : 0
      }
      for length in columns[1] {
        statistics.cellTotal += UInt64(length)
        statistics.cellPassages += length > 0 ? 1 : 0
      }
      return statistics
    }
  }

  /// The lengths that a family's terms are ranked by; empty for a keyword numbering.
  package func column(numbering: Int, family: TermFamily) -> [UInt32] {
    guard !columns[numbering].isEmpty else { return [] }
    return switch family {
    case .word, .extra: columns[numbering][0]
    case .pair, .single: columns[numbering][1]
    }
  }

  package var section: [UInt8] {
    var writer = ByteWriter()
    let widths = columns.joined().map { column in
      let largest = column.max() ?? 0
      return largest < 1 << 8 ? 1 : largest < 1 << 16 ? 2 : 4
    }
    for width in widths { writer.append(byte: UInt8(width)) }
    for (column, width) in zip(columns.joined(), widths) {
      for value in column {
        switch width {
        case 1: writer.append(byte: UInt8(value))
        case 2: writer.append(fixed: UInt16(value))
        default: writer.append(fixed: value)
        }
      }
    }
    return writer.bytes
  }
}

/// One kind of length of every passage of a segment.
package struct LengthColumn: Sendable {
  private let values: ByteSlice
  /// The bytes of a number: 1, 2 or 4.
  package let width: Int
  /// Which of the segment's columns it is.
  fileprivate let number: Int

  fileprivate init(_ values: ByteSlice, width: Int, number: Int) {
    self.values = values
    self.width = width
    self.number = number
  }

  /// Where the column lies in its file.
  fileprivate var fileRange: Range<Int> { values.fileOffset..<values.fileOffset + values.count }

  /// The length of a passage, whose ID must be below the segment's number of passages.
  @inline(__always)
  package subscript(document: DocID) -> UInt32 {
    let offset = Int(document) * width
    precondition(offset + width <= values.count, "a document that the segment does not have")
    return unsafe Self.length(values.unsafeBytes, offset, width: width)
  }

  // In bounds: who calls it has compared the document with the number of passages.
  @inline(__always)
  private static func length(_ bytes: UnsafeRawBufferPointer, _ offset: Int, width: Int) -> UInt32 {
    switch width {
    case 1: unsafe UInt32(bytes[offset])
    case 2: unsafe UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    default: unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
  }

  /// Appends the lengths of neighbouring passages, all of which the segment must have.
  fileprivate func append(_ documents: Range<DocID>, to lengths: inout [UInt32]) {
    precondition(Int(documents.upperBound) * width <= values.count, "a document that the segment does not have")
    let bytes = unsafe values.unsafeBytes
    switch width {
    case 1: for document in documents { lengths.append(unsafe Self.length(bytes, Int(document), width: 1)) }
    case 2: for document in documents { lengths.append(unsafe Self.length(bytes, Int(document) &* 2, width: 2)) }
    default: for document in documents { lengths.append(unsafe Self.length(bytes, Int(document) &* 4, width: 4)) }
    }
  }

  /// The numbers themselves, for a kernel; valid as long as the column is.
  @unsafe package var unsafeBytes: UnsafeRawBufferPointer { unsafe values.unsafeBytes }
}

/// The exact lengths of a segment's passages. A column's pages are checked when it is first asked for.
package final class FieldLengths: Sendable {
  private let file: SectionFile
  private let columns: [[LengthColumn]]
  /// For each column whether its pages have been found whole; they never change.
  private let checks: [PageCheck]

  private final class PageCheck: Sendable {
    let isDone = Atomic(false)
  }

  package init(_ file: SectionFile, section: UInt32, schema: Schema, count: Int) throws(IndexError) {
    self.file = file
    let numberings = schema.numberings
    let groups = numberings.map { $0.isKeyword ? 0 : 2 + $0.fields.count }
    let columnCount = groups.reduce(0, +)
    let (bytes, _) = try withIndexErrors { try file.uncheckedSection(section) }
    let widths = try withIndexErrors { try file.bytes(of: section, at: 0, count: columnCount) }
    var (offset, number) = (columnCount, 0)
    var columns: [[LengthColumn]] = []
    for group in groups {
      var ofNumbering: [LengthColumn] = []
      for _ in 0..<group {
        let width = Int(widths[number])
        guard width == 1 || width == 2 || width == 4 else {
          throw .corrupted("a column of lengths of \(width) bytes", in: widths, at: number)
        }
        guard let values = bytes.slice(at: offset, count: count * width) else {
          throw .corrupted("a column of lengths is too short", in: bytes)
        }
        ofNumbering.append(LengthColumn(values, width: width, number: number))
        offset += values.count
        number += 1
      }
      columns.append(ofNumbering)
    }
    self.columns = columns
    checks = (0..<columnCount).map { _ in PageCheck() }
  }

  /// The column that BM25 uses for a family; nil for a keyword numbering, which has no lengths, and for one that the segment was written without.
  package func column(numbering: Int, family: TermFamily) throws(IndexError) -> LengthColumn? {
    switch family {
    case .word, .extra: try column(numbering, 0)
    case .pair, .single: try column(numbering, 1)
    }
  }

  /// nil for a keyword numbering, and for a field that the segment was written without.
  fileprivate func column(_ numbering: Int, _ number: Int) throws(IndexError) -> LengthColumn? {
    guard numbering < columns.count, number < columns[numbering].count else { return nil }
    return try checked(columns[numbering][number])
  }

  private func checked(_ column: LengthColumn) throws(IndexError) -> LengthColumn {
    if checks[column.number].isDone.load(ordering: .relaxed) { return column }
    try withIndexErrors { try file.checkPages(column.fileRange) }
    checks[column.number].isDone.store(true, ordering: .relaxed)
    return column
  }

  /// All lengths of one passage, by numbering.
  package func lengths(of document: DocID) throws(IndexError) -> [PassageLengths] {
    var all: [PassageLengths] = []
    for group in columns {
      var values: [UInt32] = []
      for column in group { values.append(try checked(column)[document]) }
      var lengths = PassageLengths()
      if values.count > 1 {
        lengths.words = values[0]
        lengths.cells = values[1]
        lengths.extents = Array(values[2...])
      }
      all.append(lengths)
    }
    return all
  }

  /// The extents of a numbering's fields, a column for each that the segment was written with.
  package func extents(numbering: Int) throws(IndexError) -> [LengthColumn] {
    guard numbering < columns.count else { return [] }
    var extents: [LengthColumn] = []
    for column in columns[numbering].dropFirst(2) { extents.append(try checked(column)) }
    return extents
  }

  /// How many numbers the cells of a field span in one passage; 0 for an absent field, and for one that the segment was written without.
  ///
  /// - Parameter field: Which of the numbering's fields.
  package func extent(numbering: Int, field: Int, of document: DocID) throws(IndexError) -> UInt32 {
    try column(numbering, 2 + field)?[document] ?? 0
  }

  /// Where the fields of a numbering lie in one passage.
  package func fieldRanges(numbering: Int, of document: DocID) throws(IndexError) -> [Range<UInt32>] {
    guard numbering < columns.count else { return [] }
    var start: UInt32 = 0
    var ranges: [Range<UInt32>] = []
    for column in columns[numbering].dropFirst(2) {
      let extent = try checked(column)[document]
      ranges.append(start..<max(start, start &+ extent))
      start &+= extent &+ PassageLengths.fieldGap
    }
    return ranges
  }
}
