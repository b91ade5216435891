// Which document is a row?
internal import FoundationEssentials
internal import Suoyin

/// Why a row is no document.
struct RowFault: Error, Equatable {
  /// Without the row's place and without what is done about it.
  var message: String
  /// The offset in the row, when there is one.
  var byteOffset: Int?

  init(_ message: String, byteOffset: Int? = nil) {
    self.message = message
    self.byteOffset = byteOffset
  }
}

/// Reads rows as a mapping says.
struct RowFields {
  private let mapping: JSONMapping
  private let decoder = JSONDecoder()

  init(_ mapping: JSONMapping) { self.mapping = mapping }

  /// The document of a row; its field `file` is left to the caller.
  ///
  /// - Parameter key: The key, when it is not the row that says it: the member of that name is then stored as any other.
  /// - Complexity: O(*n*) in the length of the row.
  func document(_ row: [UInt8], key givenKey: DocumentKey? = nil) throws(RowFault) -> Document {
    do {
      _ = try UTF8Span(validating: row.span)
    } catch {
      throw RowFault("not UTF-8", byteOffset: error.byteOffsets.lowerBound)
    }
    let (members, places) = try members(of: row)
    let label = mapping.label ?? (places[Array("label".utf8)] == nil ? "article" : "label")
    var key = givenKey ?? ""
    if givenKey == nil { key = try self.key(places[Array(mapping.key.utf8)].map { members[$0].value }, row) }

    var fields: [String: FieldValue] = [:]
    var mapped = givenKey == nil ? [mapping.key] : []
    for (field, name) in [(FieldName.title, mapping.title), (FieldName.label, label), (FieldName.text, mapping.text)] {
      mapped.append(name)
      guard let place = places[Array(name.utf8)] else { continue }
      fields[field] = try text(members[place].value, name, row).map { .text($0) }
    }
    if fields.isEmpty {
      throw RowFault("none of \(quoted(mapping.title)), \(quoted(mapping.label ?? "label")) and \(quoted(mapping.text)) in this row")
    }

    let mappedPlaces = Set(mapped.compactMap { places[Array($0.utf8)] })
    fields[FieldName.members] = object(of: members.indices.filter { !mappedPlaces.contains($0) }.map { members[$0] }, row).map { .text($0) }
    return Document(key: key, fields)
  }

  /// A JSON object of these members, with the names and values as the row has them: a number keeps all its digits. nil without members.
  private func object(of members: [JSONMember], _ row: [UInt8]) -> String? {
    var bytes = [UInt8(ascii: "{")]
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += row[member.name]
      bytes.append(UInt8(ascii: ":"))
      bytes += row[member.value]
    }
    bytes.append(UInt8(ascii: "}"))
    return members.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The members of the row, and the index of each by the bytes of its name: names that only look the same are different names.
  private func members(of row: [UInt8]) throws(RowFault) -> ([JSONMember], [[UInt8]: Int]) {
    let members: [JSONMember]
    do {
      members = try JSONScanner.members(of: row)
    } catch {
      throw RowFault("not JSON: \(error.message)", byteOffset: error.byteOffset)
    }
    var places: [[UInt8]: Int] = [:]
    for (index, member) in members.enumerated() {
      let name = try string(member.name, "a member's name", row)
      if places.updateValue(index, forKey: Array(name.utf8)) != nil { throw RowFault("two members named \(quoted(name))") }
    }
    return (members, places)
  }

  private func key(_ value: Range<Int>?, _ row: [UInt8]) throws(RowFault) -> DocumentKey {
    guard let value else { throw RowFault("no \(quoted(mapping.key)) in this row") }
    let isString = row[value.lowerBound] == UInt8(ascii: "\"")
    guard isString || isNumber(value, row) && !row[value].contains(where: { ".eE".utf8.contains($0) }) else {
      throw RowFault("\(quoted(mapping.key)) is neither a string nor an integer")
    }
    let key = DocumentKey(isString ? try string(value, quoted(mapping.key), row) : String(decoding: row[value], as: UTF8.self))
    if key == "" { throw RowFault("\(quoted(mapping.key)) is empty") }
    // The description has the key's bytes.
    if key.description.utf8.count > DocumentKey.maximumLength {
      throw RowFault("\(quoted(mapping.key)) is longer than \(DocumentKey.maximumLength) bytes")
    }
    return key
  }

  /// A searched field: a string, the digits of a number as they stand, or nothing for null.
  private func text(_ value: Range<Int>, _ name: String, _ row: [UInt8]) throws(RowFault) -> String? {
    switch row[value.lowerBound] {
    case UInt8(ascii: "\""): return try string(value, quoted(name), row)
    case UInt8(ascii: "n"): return nil
    case _ where isNumber(value, row): return String(decoding: row[value], as: UTF8.self)
    case UInt8(ascii: "["): throw RowFault("\(quoted(name)) is an array, not a string")
    case UInt8(ascii: "{"): throw RowFault("\(quoted(name)) is an object, not a string")
    default: throw RowFault("\(quoted(name)) is a boolean, not a string")
    }
  }

  private func isNumber(_ value: Range<Int>, _ row: [UInt8]) -> Bool {
    row[value.lowerBound] == UInt8(ascii: "-") || (0x30...0x39).contains(row[value.lowerBound])
  }

  /// What a JSON string with its quotes stands for.
  private func string(_ range: Range<Int>, _ what: String, _ row: [UInt8]) throws(RowFault) -> String {
    let inside = range.lowerBound + 1..<range.upperBound - 1
    if !row[inside].contains(UInt8(ascii: "\\")) { return String(decoding: row[inside], as: UTF8.self) }
    do {
      return try decoder.decode(String.self, from: Data(row[range]))
    } catch {
      // The scanner has checked the grammar; what is left to go wrong is \ud800 without its other half.
      throw RowFault("\(what) has half a surrogate pair", byteOffset: range.lowerBound)
    }
  }

  /// A member's name for a message.
  private func quoted(_ name: String) -> String { "\"" + (name.unicodeScalars.count > 60 ? name.prefix(60) + "…" : name) + "\"" }
}
