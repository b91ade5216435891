// How do a passage's field values become bytes?

/// The values of one passage, by field index, as bytes and back.
package enum StoredRecord {
  private enum Kind: UInt8 {
    case text = 0
    case list = 1
    case integer = 2
    case date = 3
  }

  /// Writes the values in the order of the schema.
  package static func encode(_ values: [FieldValue?]) -> [UInt8] {
    var writer = ByteWriter()
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      writer.append(variable: UInt64(index))
      switch value {
      case .text(let text):
        writer.append(byte: Kind.text.rawValue)
        writer.append(counted: text.utf8)
      case .list(let texts):
        writer.append(byte: Kind.list.rawValue)
        writer.append(variable: UInt64(texts.count))
        for text in texts { writer.append(counted: text.utf8) }
      case .integer(let integer):
        writer.append(byte: Kind.integer.rawValue)
        writer.append(signed: integer)
      case .date(let date):
        writer.append(byte: Kind.date.rawValue)
        writer.append(signed: Int64(date.days))
      }
    }
    return writer.bytes
  }

  /// Calls `body` with the index and the value of each integer or date field, a date as days since 1970-01-01, and passes over the others.
  package static func forEachNumber(in record: [UInt8], _ body: (Int, Int64) -> Void) {
    let bytes = record.span
    var offset = 0
    func variable() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      // Terminates: the offset grows.
      while offset < bytes.count {
        let byte = bytes[offset]
        offset += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      return value
    }
    while offset < bytes.count {
      let index = Int(variable())
      switch Kind(rawValue: UInt8(truncatingIfNeeded: variable())) {
      case .text: offset += Int(variable())
      case .list: for _ in 0..<variable() { offset += Int(variable()) }
      case .integer, .date:
        let value = variable()
        body(index, Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
      case nil: preconditionFailure("a record that `encode` has not made")
      }
    }
  }

  /// - Returns: nil when the bytes are no record of a schema with `fieldCount` fields.
  package static func decode(_ bytes: ArraySlice<UInt8>, fieldCount: Int) -> [FieldValue?]? {
    var values = [FieldValue?](repeating: nil, count: fieldCount)
    var rest = bytes
    func variable() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      return nil
    }
    func text() -> String? {
      guard let count = variable(), count <= UInt64(rest.count) else { return nil }
      defer { rest = rest.dropFirst(Int(count)) }
      return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
    }
    func signed() -> Int64? { variable().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) } }
    while !rest.isEmpty {
      guard let index = variable(), index < UInt64(fieldCount), let kind = rest.popFirst().flatMap(Kind.init) else { return nil }
      var value: FieldValue?
      switch kind {
      case .text: value = text().map { .text($0) }
      case .list:
        guard let count = variable(), count <= UInt64(rest.count) else { return nil }
        let texts = (0..<count).compactMap { _ in text() }
        if texts.count == Int(count) { value = .list(texts) }
      case .integer: value = signed().map { .integer($0) }
      case .date: value = signed().flatMap { Int32(exactly: $0) }.map { .date(CalendarDate(days: $0)) }
      }
      guard let value else { return nil }
      values[Int(index)] = value
    }
    return values
  }
}
