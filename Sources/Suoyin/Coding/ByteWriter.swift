// How do numbers become bytes?

/// Appends numbers to a buffer: little-endian, or in groups of seven bits, lowest first, the high bit marking that more follow.
///
/// The unsafe code here is sound: a body gets exactly the bytes that were appended for it.
///
/// - Source of the variable-length form: Salomon, "Variable-length Codes for Data Compression", 2007, §2 ("variable byte").
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var count: Int { bytes.count }

  package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }
  package mutating func append(byte: UInt8) { bytes.append(byte) }

  package mutating func append<T: FixedWidthInteger & UnsignedInteger>(fixed value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> T(shift))) }
  }

  @inline(__always)
  package mutating func append(variable value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends bytes that `body` writes, all of them.
  package mutating func append(count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    unsafe bytes.withUnsafeMutableBytes { unsafe body(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
  }

  /// A signed number, small in either direction: 0, -1, 1, -2 … as 0, 1, 2, 3 …
  package mutating func append(signed value: Int64) { append(variable: UInt64(bitPattern: value << 1 ^ value >> 63)) }

  /// A length and the bytes themselves.
  package mutating func append(counted more: some Collection<UInt8>) {
    append(variable: UInt64(more.count))
    bytes.append(contentsOf: more)
  }

  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}
