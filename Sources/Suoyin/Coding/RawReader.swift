// How are numbers read where every nanosecond counts?
//
// Why the unsafe code here is sound: every read is compared with the end of the bytes, which a slice of a mapped file vouches for; who holds
// the reader keeps the slice.
internal import SuoyinStorage

/// Reads what `ByteWriter` wrote, as `ByteReader` does, but says nil in the place of an error: for the innermost loops.
@safe struct RawReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  init(_ slice: ByteSlice, at offset: Int = 0) {
    unsafe bytes = slice.unsafeBytes
    self.offset = min(max(0, offset), slice.count)
  }

  /// - Parameter bytes: Outlive the reader.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = bytes
    offset = 0
  }

  /// A number in variable bytes; nil when it ends behind the data or has more than 56 bits.
  @inline(__always)
  mutating func variable() -> UInt64? {
    guard offset < (unsafe bytes.count) else { return nil }
    let first = unsafe bytes[offset]
    offset &+= 1
    if first < 0x80 { return UInt64(first) }
    var value = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    // Terminates: the shift grows.
    while shift < 56, offset < (unsafe bytes.count) {
      let byte = unsafe bytes[offset]
      offset &+= 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    return nil
  }

  /// A length and that many bytes.
  @unsafe
  @inline(__always)
  mutating func counted() -> UnsafeRawBufferPointer? {
    guard let count = variable(), count <= UInt64(unsafe bytes.count &- offset) else { return nil }
    let start = offset
    offset &+= Int(count)
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }
}
