// Do the columns of a segment say what its stored fields say?

/// Compares the columns of a segment with the values of its passages, given in the order of doc IDs.
final class ColumnCheck {
  private final class Watched {
    let field: Int
    let name: String
    let cursor: ColumnCursor
    /// Of a keyword field.
    let keywords: KeywordTerms?
    /// The least and greatest value of the block under way.
    var extremes: (least: Int64, greatest: Int64)?

    init(_ field: Int, _ name: String, _ cursor: ColumnCursor, _ keywords: KeywordTerms?) {
      self.field = field
      self.name = name
      self.cursor = cursor
      self.keywords = keywords
    }
  }

  private let passageCount: Int
  private var columns: [Watched] = []

  /// - Parameter comparesKeywords: False when this process may normalise values otherwise than the one that wrote the segment.
  init(_ segment: SegmentReader, comparesKeywords: Bool) throws(IndexError) {
    passageCount = segment.passageCount
    for field in segment.schema.columnFields {
      let isKeyword = segment.schema.fields[field].kind == .keyword
      guard let column = try segment.column(field), !isKeyword || comparesKeywords else { continue }
      let keywords = try segment.keywords(field)
      columns.append(Watched(field, segment.schema.fields[field].name, ColumnCursor(column), isKeyword ? keywords : nil))
    }
  }

  /// What is wrong with the values of a passage, or with a block that it ends. Call for every passage.
  func problems(_ document: DocID, _ values: [FieldValue?]) throws(IndexError) -> [String] {
    var problems: [String] = []
    for column in columns {
      let block = try column.cursor.block(document)
      let slot = Int(document) % ColumnFormat.blockLength
      let found = block.ranks(slot).map { block.value($0) }
      for value in found {
        column.extremes = (min(column.extremes?.least ?? value, value), max(column.extremes?.greatest ?? value, value))
      }
      if try !isSame(found, values[column.field], column) {
        problems.append("the column of '\(column.name)' has other values for passage \(document) than its stored fields")
      }
      guard slot == ColumnFormat.blockLength - 1 || Int(document) == passageCount - 1 else { continue }
      let (head, number) = (block.head, Int(document) / ColumnFormat.blockLength)
      let isRight = column.extremes.map { head.least == $0.least && head.greatest == $0.greatest } ?? (head.presence == .none)
      if !isRight { problems.append("block \(number) of the column of '\(column.name)' gives another least or greatest value than it has") }
      column.extremes = nil
    }
    return problems
  }

  private func isSame(_ found: [Int64], _ value: FieldValue?, _ column: Watched) throws(IndexError) -> Bool {
    guard let keywords = column.keywords else { return found == [value?.number].compactMap(\.self) }
    var terms: [[UInt8]] = []
    for ordinal in found {
      guard ordinal >= 0, ordinal < keywords.count else { return false }
      terms.append(try keywords.value(Int(ordinal)))
    }
    let stored: Set<[UInt8]>
    switch value {
    case .text(let text)?: stored = [Document.keywordTerm(text)]
    case .list(let list)?: stored = Set(list.map(Document.keywordTerm))
    default: stored = []
    }
    return terms == stored.filter { !$0.isEmpty }.sorted { ByteOrder.precedes($0, $1) }
  }
}
