// Which of two strings of bytes comes first?
//
// Why the unsafe code here is sound: the bytes that are compared, at most the lesser length, lie in both buffers.
internal import Glibc

package enum ByteOrder {
  /// Equivalent to `left.lexicographicallyPrecedes(right)`.
  @inline(__always)
  package static func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    unsafe order(left, right) < 0
  }

  /// Negative when `left` comes first, positive when `right` does.
  @inline(__always)
  package static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    guard let first = left.baseAddress, let second = right.baseAddress else { return left.count - right.count }
    let order = unsafe memcmp(first, second, min(left.count, right.count))
    return order == 0 ? left.count - right.count : Int(order)
  }

  /// The same of arrays.
  package static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.withUnsafeBytes { left in unsafe right.withUnsafeBytes { unsafe precedes(left, $0) } }
  }

  /// How many bytes both begin with.
  package static func sharedCount(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let most = min(left.count, right.count)
    var shared = 0
    // In bounds: eight bytes are left of both.
    while shared &+ 8 <= most {
      let (first, second) = unsafe (
        left.loadUnaligned(fromByteOffset: shared, as: UInt64.self), right.loadUnaligned(fromByteOffset: shared, as: UInt64.self)
      )
      if first != second { return shared + (UInt64(littleEndian: first) ^ UInt64(littleEndian: second)).trailingZeroBitCount / 8 }
      shared &+= 8
    }
    while shared < most, unsafe left[shared] == right[shared] { shared &+= 1 }
    return shared
  }

  package static func hash(_ bytes: [UInt8]) -> UInt64 { unsafe bytes.withUnsafeBytes { unsafe hash($0) } }

  /// A hash of bytes, eight at a time, the last eight overlapping those before.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    var hash = UInt64(truncatingIfNeeded: count)
    if count >= 8 {
      var offset = 0
      while offset < count &- 8 {
        hash = unsafe mixed(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset &+= 8
      }
      return unsafe mixed(hash ^ bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
    }
    var last: UInt64 = 0
    for index in 0..<count { last = unsafe last << 8 | UInt64(bytes[index]) }
    return mixed(hash ^ last)
  }

  @inline(__always)
  private static func mixed(_ bits: UInt64) -> UInt64 {
    let product = bits &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
  }
}
