// Where in the order of its hits did a page of results end?
internal import SuoyinStorage

/// A hit as a place in the order of all hits of a search: the next page begins behind it (`SearchOptions.after`).
///
/// It names the hit by what it is sorted by and by its key, so that it needs no state anywhere. Inside one snapshot, a `Searcher`, pages have neither
/// repeats nor gaps. When the index has been changed in between, the next page has what comes behind that place in the order of now; the search
/// says so (`SearchResults.hasIndexChanged`).
///
/// As text it is opaque, printable ASCII without white space, and guarded by a checksum.
public struct SearchPosition: Equatable, Sendable, CustomStringConvertible {
  /// The value of a sort key by a field.
  enum Value: Equatable {
    case missing
    case number(Int64)
    /// As it is compared: normalised.
    case keyword([UInt8])
  }

  /// The snapshot that the hit is of: its number, and a digest of its files.
  let commit: UInt64
  let files: UInt32
  /// A digest of the query and all that the order depends on, and one of the index's path.
  let question: UInt32
  let index: UInt32
  /// How many hits there are up to this one.
  let rank: Int
  let score: Int64
  /// One for each key of the order; for the score's, `missing`.
  let values: [Value]
  let key: [UInt8]

  static let version: UInt8 = 1
}

extension SearchPosition {
  public var description: String {
    var writer = ByteWriter()
    writer.append(byte: Self.version)
    writer.append(variable: commit)
    for digest in [files, question, index] { writer.append(fixed: digest) }
    writer.append(variable: UInt64(rank))
    writer.append(signed: score)
    writer.append(variable: UInt64(values.count))
    for value in values {
      switch value {
      case .missing: writer.append(byte: 0)
      case .number(let number):
        writer.append(byte: 1)
        writer.append(signed: number)
      case .keyword(let bytes):
        writer.append(byte: 2)
        writer.append(counted: bytes)
      }
    }
    writer.append(counted: key)
    writer.append(fixed: Checksum.crc32c(writer.bytes[...]))
    return Base64.text(writer.bytes)
  }

  /// Reads what `description` wrote.
  ///
  /// - Throws: `invalidArgument` for anything else.
  public init(_ text: String) throws(IndexError) {
    let refusal = IndexError(
      .invalidArgument, "'\(text.prefix(24))\(text.count > 24 ? "…" : "")' is no token of a page; take it as a search gave it")
    guard let bytes = Base64.bytes(text), bytes.count > 5 else { throw refusal }
    guard bytes[0] == Self.version else {
      throw IndexError(.invalidArgument, "the token of the page is of another version of this program; begin with the first page again")
    }
    let end = bytes.count - 4
    let checksum = bytes[end...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard Checksum.crc32c(bytes[..<end]) == checksum else { throw refusal }
    var reader = PositionReader(bytes: bytes[1..<end])
    guard let position = SearchPosition(&reader), reader.bytes.isEmpty else { throw refusal }
    self = position
  }

  private init?(_ reader: inout PositionReader) {
    guard let commit = reader.variable(), let files = reader.digest(), let question = reader.digest(), let index = reader.digest(),
      let rank = reader.variable().flatMap(Int.init(exactly:)), let score = reader.signed(), let count = reader.variable()
    else { return nil }
    var values: [Value] = []
    // Terminates: each value takes a byte at least.
    while values.count < count {
      switch reader.byte() {
      case 0?: values.append(.missing)
      case 1?:
        guard let number = reader.signed() else { return nil }
        values.append(.number(number))
      case 2?:
        guard let bytes = reader.counted() else { return nil }
        values.append(.keyword(bytes))
      default: return nil
      }
    }
    guard let key = reader.counted() else { return nil }
    (self.commit, self.files, self.question, self.index) = (commit, files, question, index)
    (self.rank, self.score, self.values, self.key) = (rank, score, values, key)
  }
}

/// Reads the parts of a position from bytes that anybody may have written; nil where they end too early.
private struct PositionReader {
  var bytes: ArraySlice<UInt8>

  mutating func byte() -> UInt8? { bytes.popFirst() }

  mutating func variable() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard let byte = byte(), shift < 63 || byte <= 1 else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  mutating func signed() -> Int64? { variable().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) } }

  mutating func digest() -> UInt32? {
    guard bytes.count >= 4 else { return nil }
    defer { bytes = bytes.dropFirst(4) }
    return bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func counted() -> [UInt8]? {
    guard let count = variable(), count <= UInt64(bytes.count) else { return nil }
    defer { bytes = bytes.dropFirst(Int(count)) }
    return Array(bytes.prefix(Int(count)))
  }
}

/// Bytes as letters, digits, `-` and `_`, six bits each, without padding.
///
/// - Source: RFC 4648, section 5.
private enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    var (pending, count) = (UInt32(0), 0)
    for byte in bytes {
      (pending, count) = (pending << 8 | UInt32(byte), count + 8)
      while count >= 6 {
        count -= 6
        result.append(letters[Int(pending >> UInt32(count) & 63)])
      }
    }
    if count > 0 { result.append(letters[Int(pending << UInt32(6 - count) & 63)]) }
    return String(decoding: result, as: UTF8.self)
  }

  /// nil for what `text` does not give.
  static func bytes(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var (pending, count) = (UInt32(0), 0)
    for letter in text.utf8 {
      guard let value = letters.firstIndex(of: letter) else { return nil }
      (pending, count) = (pending << 6 | UInt32(value), count + 6)
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: pending >> UInt32(count)))
      }
    }
    return self.text(result) == text ? result : nil
  }
}
