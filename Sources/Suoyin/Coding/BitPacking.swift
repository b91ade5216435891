// How do 128 small numbers fit into few bits?
//
// Why the unsafe code here is sound: who calls it has room for `blockLength` numbers and for `packedLength` bytes; `PostingBlocks` and
// `PostingListWriter` say where they see to that.
internal import CKernels

/// Numbers of equal width in four lanes, which come out four at a time; those few that are wider leave their upper bits in exceptions.
///
/// - Source: Lemire & Boytsov, "Decoding billions of integers per second through vectorization", 2015; the exceptions: Zukowski, Héman,
///   Nes & Boncz, "Super-scalar RAM-CPU cache compression", 2006.
package enum BitPacking {
  /// How many numbers a block holds.
  package static let blockLength = 128
  /// The most exceptions of a block.
  package static let maximumExceptions = SUOYIN_MOST_EXCEPTIONS

  /// The bits that a number needs, 0 to 32.
  @inline(__always)
  package static func width(of value: UInt32) -> Int { 32 - value.leadingZeroBitCount }

  /// The bytes that a block of numbers of this width takes.
  @inline(__always)
  package static func packedLength(width: Int) -> Int { width * 16 }

  /// The width at which a block takes the fewest bytes, an exception taking two, and how many exceptions there are then.
  ///
  /// - Parameter leastGain: There are none unless they save more than so many bytes: a block without any comes out twice as fast.
  @inline(__always)
  package static func bestWidth(of values: UnsafePointer<UInt32>, leastGain: Int = 0) -> (width: Int, exceptions: Int) {
    var exceptions: UInt32 = 0
    let width = unsafe suoyin_best_width128(values, UInt32(truncatingIfNeeded: leastGain), &exceptions)
    return (Int(width), Int(exceptions))
  }

  /// Appends a block: the packed numbers, then for each exception its place and its upper bits, a byte each.
  ///
  /// - Parameter hasExceptions: Whether any number may need more bits.
  package static func append(
    _ values: UnsafeMutablePointer<UInt32>, width: Int, hasExceptions: Bool = true, to writer: inout ByteWriter
  ) {
    let length = packedLength(width: width)
    unsafe writer.append(atMost: length + 2 * blockLength) { bytes in
      var exceptions: UInt32 = 0
      if hasExceptions, width < 32 {
        exceptions = unsafe suoyin_split_exceptions128(values, UInt32(width), bytes + length)
      }
      unsafe suoyin_pack128(values, UInt32(width), bytes)
      return length + 2 * Int(exceptions)
    }
  }

  /// Reads a block that `append` wrote, and adds a number to each.
  @inline(__always)
  package static func unpack(
    _ bytes: UnsafeRawPointer, width: Int, exceptions: Int, adding addend: UInt32 = 0, into values: UnsafeMutablePointer<UInt32>
  ) {
    unsafe suoyin_unpack128(bytes, UInt32(truncatingIfNeeded: width), addend, values)
    if exceptions > 0 { unsafe patch(bytes + packedLength(width: width), width: width, exceptions: exceptions, values) }
  }

  /// Reads a block of gaps less one behind `base`, as ascending numbers.
  @inline(__always)
  package static func unpackAscending(
    _ bytes: UnsafeRawPointer, width: Int, exceptions: Int, base: UInt32, into values: UnsafeMutablePointer<UInt32>
  ) {
    if exceptions == 0 { return unsafe suoyin_unpack_ascending128(bytes, UInt32(truncatingIfNeeded: width), base, values) }
    unsafe unpack(bytes, width: width, exceptions: exceptions, into: values)
    unsafe suoyin_ascend128(base, values)
  }

  private static func patch(_ bytes: UnsafeRawPointer, width: Int, exceptions: Int, _ values: UnsafeMutablePointer<UInt32>) {
    for exception in 0..<exceptions {
      let place = unsafe Int(bytes.load(fromByteOffset: 2 * exception, as: UInt8.self)) & (blockLength - 1)
      let upper = unsafe UInt32(bytes.load(fromByteOffset: 2 * exception + 1, as: UInt8.self))
      // The lower bits may have had a number added.
      unsafe values[place] &+= upper << UInt32(truncatingIfNeeded: width)
    }
  }
}
