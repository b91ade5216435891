// How do a segment's columns come about while it is written?
//
// Why the unsafe code here is sound: documents of a posting list are read while nothing is appended to it.

/// Makes the columns of a segment from what is written anyway: values of integer and date fields from the passages' records or from the columns
/// of merged segments, those of keyword fields from the posting lists of their terms.
package struct ColumnsWriter: ~Copyable {
  private let schema: Schema
  private let numberings: [Numbering]
  /// By field index; nil for fields without a column.
  private var encoders: [ColumnEncoder?]
  /// The fields whose values are numbers.
  private let numberFields: [Int]
  private var passageCount = 0
  /// Scratch: the numbers of a passage, by field.
  private var numbers: [Int64?]
  /// The keyword field whose terms are being written.
  private var keywordField: Int?
  /// The documents of its terms, one list after another, and where each ends.
  private var documents = GrowingBuffer<DocID>()
  private var ends: [Int] = []

  package init(_ schema: Schema) {
    self.schema = schema
    numberings = schema.numberings
    numbers = [Int64?](repeating: nil, count: schema.fields.count)
    encoders = schema.fields.map { $0.hasColumn ? ColumnEncoder() : nil }
    numberFields = schema.columnFields.filter { schema.fields[$0].kind != .keyword }
  }

  /// Adds the integers and dates of a passage.
  package mutating func append(record: [UInt8]) {
    passageCount += 1
    if numberFields.isEmpty { return }
    for field in numberFields { numbers[field] = nil }
    StoredRecord.forEachNumber(in: record) { field, value in numbers[field] = value }
    for field in numberFields { encoders[field]?.append(numbers[field]) }
  }

  /// Adds the integers and dates of passages of several segments, which may have been written with fewer fields.
  package mutating func append(_ runs: [PassageRun], of segments: [SegmentReader]) throws(IndexError) {
    for run in runs { passageCount += run.documents.count }
    for field in numberFields {
      var columns: [Column?] = []
      for segment in segments { columns.append(try segment.column(field)) }
      try encoders[field]?.append(runs, of: columns)
    }
  }

  /// Notes the documents of a keyword. Call for all terms of the segment, in their order; others are passed over.
  package mutating func append(term: UnsafeBufferPointer<UInt8>, _ list: UnsafeBufferPointer<DocID>) {
    let numbering = unsafe Int(term[0])
    guard numberings[numbering].isKeyword else { return }
    let field = numberings[numbering].fields[0]
    if keywordField != field {
      encodeKeywords()
      keywordField = field
    }
    unsafe documents.append(contentsOf: list)
    ends.append(documents.count)
  }

  /// Turns the lists of a field's terms into a column, by counting.
  private mutating func encodeKeywords() {
    guard let field = keywordField, var encoder = encoders[field] else { return }
    encoders[field] = nil
    // For each passage where its ordinals begin, and once they are in place, where they end.
    var places = [UInt32](repeating: 0, count: passageCount + 1)
    for index in 0..<documents.count { places[Int(documents[index]) + 1] += 1 }
    for passage in 0..<passageCount { places[passage + 1] += places[passage] }
    var ordinals = [UInt32](repeating: 0, count: documents.count)
    var next = 0
    for (ordinal, end) in ends.enumerated() {
      for index in next..<end {
        let passage = Int(documents[index])
        ordinals[Int(places[passage])] = UInt32(ordinal)
        places[passage] += 1
      }
      next = end
    }
    var start = 0
    for passage in 0..<passageCount {
      let end = Int(places[passage])
      if end - start > 1 {
        encoder.append(ordinals[start..<end].lazy.map { Int64($0) })
      } else {
        encoder.append(end > start ? Int64(ordinals[start]) : nil)
      }
      start = end
    }
    encoders[field] = encoder
    documents.removeAll()
    ends.removeAll(keepingCapacity: true)
  }

  /// The heads of all columns, and their values.
  package mutating func finish() -> (heads: [UInt8], values: [UInt8]) {
    encodeKeywords()
    var heads = ByteWriter()
    var values = ByteWriter()
    for field in encoders.indices {
      guard var encoder = encoders[field] else { continue }
      encoders[field] = nil
      // A keyword field without terms.
      if encoder.isEmpty { for _ in 0..<passageCount { encoder.append(nil) } }
      encoder.finish()
      for head in encoder.heads {
        heads.append(fixed: UInt64(bitPattern: head.least))
        heads.append(fixed: head.span)
        heads.append(fixed: UInt64(head.offset + values.count) | UInt64(head.presence.rawValue) << 56)
      }
      values.append(encoder.body)
    }
    if heads.count > 0 { values.append([UInt8](repeating: 0, count: ColumnFormat.padding)) }
    return (heads.bytes, values.bytes)
  }
}
