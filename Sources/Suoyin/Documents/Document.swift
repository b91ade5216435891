// What is stored and searched?

/// The caller's stable name of a passage. Keys compare by their UTF-8 bytes, not as text.
public struct DocumentKey: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let bytes: [UInt8]

  /// The longest key in bytes.
  public static let maximumLength = 4096

  public init(_ text: some StringProtocol) { bytes = Array(String(text).utf8) }
  public init(stringLiteral value: String) { self.init(value) }
  package init(bytes: [UInt8]) { self.bytes = bytes }

  public var description: String { String(decoding: bytes, as: UTF8.self) }

  public static func < (left: DocumentKey, right: DocumentKey) -> Bool { ByteOrder.precedes(left.bytes, right.bytes) }
}

/// A dense number for a passage inside one segment; segments order their passages by key, so a smaller ID is a smaller key.
package typealias DocID = UInt32

/// The value of one field.
public enum FieldValue: Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  /// For text, keyword and stored fields.
  case text(String)
  /// Several values of a keyword field.
  case list([String])
  /// For integer fields.
  case integer(Int64)
  /// For date fields.
  case date(CalendarDate)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// The value as text: a list's members joined by commas, a date as `2023-04-01`.
  public var description: String {
    switch self {
    case .text(let text): text
    case .list(let texts): texts.joined(separator: ",")
    case .integer(let value): String(value)
    case .date(let date): date.description
    }
  }
}

/// What is given to the index: one passage, an article, item or paragraph of a source.
public struct Document: Sendable {
  public var key: DocumentKey
  /// Values by field name; a field that is absent here is absent from the passage.
  public var fields: [String: FieldValue]

  public init(key: DocumentKey, _ fields: [String: FieldValue]) {
    self.key = key
    self.fields = fields
  }

  public init(key: some StringProtocol, _ fields: [String: String]) {
    self.init(key: DocumentKey(key), fields.mapValues { .text($0) })
  }
}

/// What passages come from and are replaced with: a file, or a row of a feed.
public struct Source: Hashable, Sendable {
  /// The source's name, unique in the index; for a row, its key. Compared by bytes.
  public var name: DocumentKey
  /// What the source held when it was read, in the importer's own digest; empty when it keeps none. At most 64 bytes.
  public var digest: [UInt8]

  public init(_ name: DocumentKey, digest: [UInt8] = []) {
    self.name = name
    self.digest = digest
  }
}
