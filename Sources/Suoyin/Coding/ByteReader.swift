// How do bytes become numbers again, whatever the bytes are?
package import SuoyinStorage

/// Reads what `ByteWriter` wrote, from bytes that nobody vouches for: every read is checked and throws `IndexError.corrupted`.
package struct ByteReader {
  package let bytes: ByteSlice
  package private(set) var offset: Int

  package init(_ bytes: ByteSlice, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = min(max(0, offset), bytes.count)
  }

  package var isAtEnd: Bool { offset >= bytes.count }

  package func corrupted(_ what: String) -> IndexError { .corrupted(what, in: bytes, at: offset) }

  @inline(__always)
  package mutating func byte() throws(IndexError) -> UInt8 {
    guard offset < bytes.count else { throw corrupted("the data end too early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  package mutating func fixed<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(IndexError) -> T {
    guard let value = bytes.integer(at: offset, as: type) else { throw corrupted("the data end too early") }
    offset += MemoryLayout<T>.size
    return value
  }

  @inline(__always)
  package mutating func variable() throws(IndexError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    // Terminates: the shift grows by 7 and ends at 63.
    while true {
      let byte = try byte()
      if shift == 63, byte > 1 { throw corrupted("a number of more than 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { throw corrupted("a number of more than 64 bits") }
    }
  }

  /// A variable-length number that must not exceed `limit`.
  @inline(__always)
  package mutating func variable(atMost limit: Int) throws(IndexError) -> Int {
    let value = try variable()
    guard value <= UInt64(limit) else { throw corrupted("the number \(value) is too large") }
    return Int(value)
  }

  package mutating func signed() throws(IndexError) -> Int64 {
    let value = try variable()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  package mutating func slice(_ count: Int) throws(IndexError) -> ByteSlice {
    guard let slice = bytes.slice(at: offset, count: count) else { throw corrupted("the data end too early") }
    offset += count
    return slice
  }

  /// A length and that many bytes.
  package mutating func counted() throws(IndexError) -> ByteSlice {
    try slice(variable(atMost: bytes.count))
  }

  package mutating func text() throws(IndexError) -> String { try String(decoding: counted().array, as: UTF8.self) }
}
