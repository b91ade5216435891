// How do numbers become bytes?
//
// Why the unsafe code here is sound: whoever writes through a pointer writes at most the bytes that the buffer was asked to make room for.

/// Appends numbers to a buffer: little-endian, or in groups of seven bits, lowest first, the high bit marking that more follow.
///
/// - Source of the variable-length form: Salomon, "Variable-length Codes for Data Compression", 2007, §2 ("variable byte").
package struct ByteWriter: ~Copyable {
  private var buffer = GrowingBuffer<UInt8>(capacity: 64)

  package init() {}

  package var count: Int { buffer.count }

  /// A copy of the bytes.
  package var bytes: [UInt8] { unsafe [UInt8](unsafeBytes) }

  /// The bytes themselves, valid until the next change.
  @unsafe
  @inline(__always)
  package var unsafeBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(buffer.elements) }

  package mutating func append(_ more: some Sequence<UInt8>) {
    let isDone: Void? = more.withContiguousStorageIfAvailable { unsafe buffer.append(contentsOf: $0) }
    if isDone == nil { for byte in more { buffer.append(byte) } }
  }

  package mutating func append(_ other: borrowing ByteWriter) {
    unsafe buffer.append(contentsOf: UnsafeBufferPointer(other.buffer.elements))
  }

  @inline(__always)
  package mutating func append(byte: UInt8) { buffer.append(byte) }

  @inline(__always)
  package mutating func append<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(fixed value: T) {
    unsafe buffer.append(atMost: MemoryLayout<T>.size) { bytes in
      unsafe UnsafeMutableRawPointer(bytes).storeBytes(of: value.littleEndian, as: T.self)
      return MemoryLayout<T>.size
    }
  }

  /// The most bytes of a number of 64 bits in groups of seven.
  private static let longestVariable = 10

  @inline(__always)
  package mutating func append(variable value: UInt64) {
    unsafe buffer.append(atMost: Self.longestVariable) { bytes in
      var value = value
      var length = 0
      while value >= 0x80 {
        unsafe bytes[length] = UInt8(truncatingIfNeeded: value) | 0x80
        value >>= 7
        length &+= 1
      }
      unsafe bytes[length] = UInt8(truncatingIfNeeded: value)
      return length &+ 1
    }
  }

  /// Appends as many bytes as `body` says that it has written, at most `most`.
  @unsafe
  @inline(__always)
  package mutating func append(atMost most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    unsafe buffer.append(atMost: most, body)
  }

  /// Appends bytes that are 0 and then `body` writes in part.
  package mutating func append(count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    unsafe buffer.append(atMost: count) { bytes in
      unsafe bytes.initialize(repeating: 0, count: count)
      unsafe body(UnsafeMutableRawBufferPointer(start: bytes, count: count))
      return count
    }
  }

  /// A signed number, small in either direction: 0, -1, 1, -2 … as 0, 1, 2, 3 …
  package mutating func append(signed value: Int64) { append(variable: UInt64(bitPattern: value << 1 ^ value >> 63)) }

  /// A length and the bytes themselves.
  package mutating func append(counted more: some Collection<UInt8>) {
    append(variable: UInt64(more.count))
    append(more)
  }

  package mutating func removeAll() { buffer.removeAll() }
}
