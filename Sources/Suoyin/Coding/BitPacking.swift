// How do 128 small numbers fit into few bits?
//
// Why the unsafe code here is sound: `unpack` reads whole words only where 8 bytes are left of the buffer it was given, which its caller
// has checked to hold `packedLength` bytes; the rest is read byte by byte.

/// Numbers of equal width side by side, lowest bit first.
///
/// - Source: Lemire & Boytsov, "Decoding billions of integers per second through vectorization", 2015, §2.4 (binary packing).
package enum BitPacking {
  /// How many numbers a block holds.
  package static let blockLength = 128

  /// The bits that the largest of the numbers needs, 0 to 32.
  package static func width(of values: ArraySlice<UInt32>) -> Int {
    32 - values.reduce(0, |).leadingZeroBitCount
  }

  /// The bytes that a block of numbers of this width takes: exactly, since 128 × width is a multiple of 8.
  package static func packedLength(width: Int) -> Int { blockLength * width / 8 }

  /// Appends 128 numbers, each below 2^width.
  package static func pack(_ values: ArraySlice<UInt32>, width: Int, into writer: inout ByteWriter) {
    assert(values.count == blockLength)
    var pending: UInt64 = 0
    var pendingBits = 0
    for value in values {
      pending |= UInt64(value) << UInt64(pendingBits)
      pendingBits += width
      while pendingBits >= 8 {
        writer.append(byte: UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        pendingBits -= 8
      }
    }
    assert(pendingBits == 0)
  }

  /// Reads 128 numbers of `width` bits (at most 32) from the start of `bytes`, which holds at least `packedLength(width:)` bytes.
  package static func unpack(_ bytes: UnsafeRawBufferPointer, width: Int, into values: inout [UInt32]) {
    precondition(width <= 32 && bytes.count >= packedLength(width: width) && values.count >= blockLength)
    let mask: UInt64 = (1 << UInt64(width)) - 1
    for index in 0..<blockLength {
      let bit = index * width
      let byte = bit >> 3
      var word: UInt64 = 0
      if byte + 8 <= bytes.count {
        word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
      } else {
        for offset in 0..<(bytes.count - byte) { word |= unsafe UInt64(bytes[byte + offset]) << UInt64(8 * offset) }
      }
      values[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
    }
  }
}
