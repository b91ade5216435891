// How much may a passage hold, and what of it is searched?
internal import SuoyinAnalysis

/// The limits of one passage; docs/Limits.md has all of them.
package struct PassageLimits: Sendable {
  /// The bytes of all values together: offsets and lengths in stored records, and those of terms while a segment is built, are 32 bits wide.
  package var byteCount = 256 << 20
  /// The bytes of all searched values together in the form that is compared. No text spans more numbers of cells than it has bytes, so that positions
  /// stay below 2³¹.
  package var normalizedByteCount = 384 << 20
  /// The values of one keyword field.
  package var keywordCount = 1 << 16

  package init() {}
}

/// A value of a keyword field as it is compared.
package struct KeywordValue {
  /// All of it, normalised.
  private let normalized: [UInt8]
  /// What is looked up: of a long value the first bytes, at most `Analysis.maximumTermLength`, cut between code points.
  package let term: ArraySlice<UInt8>

  package init(_ value: String) {
    normalized = Analyzer.normalizedValue(value)
    term = normalized[..<cellEnd(from: 0, to: normalized.count, in: normalized)]
  }

  /// Whether the term is the whole value: else others have the same.
  package var isWhole: Bool { term.count == normalized.count }

  /// Whether it is among what a passage has stored in its field.
  package func isIn(_ value: FieldValue?) -> Bool {
    switch value {
    case .text(let text): Analyzer.normalizedValue(text) == normalized
    case .list(let texts): texts.contains { Analyzer.normalizedValue($0) == normalized }
    default: false
    }
  }
}

extension Document {
  /// How a keyword field's value is looked up: normalised, and a long one by its first bytes.
  package static func keywordTerm(_ value: String) -> [UInt8] { Array(KeywordValue(value).term) }

  /// The values in the order of the schema, checked.
  package func values(for schema: Schema, limits: PassageLimits = PassageLimits()) throws(IndexError) -> [FieldValue?] {
    func refuse(_ why: String) -> IndexError { IndexError(.invalidArgument, "document '\(key)' cannot be indexed: \(why)") }
    guard !key.bytes.isEmpty, key.bytes.count <= DocumentKey.maximumLength else {
      throw refuse("its key has \(key.bytes.count) bytes, and 1 to \(DocumentKey.maximumLength) are allowed")
    }
    var values = [FieldValue?](repeating: nil, count: schema.fields.count)
    var byteCount = 0
    var searched: [String] = []
    for (name, value) in fields {
      guard let index = schema.fields.firstIndex(where: { $0.name == name }) else {
        throw refuse("the schema has no field '\(name)'; it has \(schema.fields.map(\.name).joined(separator: ", "))")
      }
      let kind = schema.fields[index].kind
      switch (kind, value) {
      case (.text, .text(let text)), (.stored, .text(let text)), (.keyword, .text(let text)):
        byteCount += text.utf8.count
        if kind != .stored { searched.append(text) }
      case (.keyword, .list(let texts)):
        guard texts.count <= limits.keywordCount else {
          throw refuse("the field '\(name)' has \(texts.count) values, and at most \(limits.keywordCount) are allowed")
        }
        for text in texts { byteCount += text.utf8.count }
        searched += texts
      case (.integer, .integer), (.date, .date): break
      case (.pinyin(of: let source), _): throw refuse("the field '\(name)' is made from '\(source)' and takes no value")
      default: throw refuse("the field '\(name)' takes another kind of value")
      }
      values[index] = value
    }
    guard byteCount <= limits.byteCount else {
      throw refuse("its fields have \(byteCount) bytes together, and at most \(limits.byteCount) are allowed; cut it into smaller passages")
    }
    guard Analyzer.accepts(searched, limit: limits.normalizedByteCount) else {
      throw refuse(
        "its fields have more than \(limits.normalizedByteCount) bytes in the form that is compared (NFKC); cut it into smaller passages")
    }
    return values
  }
}
