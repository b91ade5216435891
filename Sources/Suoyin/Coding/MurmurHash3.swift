// Which digest tells contents apart, and is the same on every machine?

/// A digest of 128 bits: contents that differ by accident have different ones; it does not withstand those who want two to be equal.
///
/// - Source: Austin Appleby, MurmurHash3_x64_128, 2011; checked with the verification value of his test suite.
package enum MurmurHash3 {
  package static func digest(of bytes: [UInt8], seed: UInt32 = 0) -> [UInt8] {
    let first: UInt64 = 0x87C3_7B91_1142_53D5
    let second: UInt64 = 0x4CF5_AD43_2745_937F
    var low = UInt64(seed)
    var high = UInt64(seed)
    let blocks = bytes.count / 16
    for block in 0..<blocks {
      low ^= rotate(load(bytes, block * 16) &* first, 31) &* second
      low = (rotate(low, 27) &+ high) &* 5 &+ 0x52DC_E729
      high ^= rotate(load(bytes, block * 16 + 8) &* second, 33) &* first
      high = (rotate(high, 31) &+ low) &* 5 &+ 0x3849_5AB5
    }
    var tail = Array(bytes[(blocks * 16)...])
    tail += [UInt8](repeating: 0, count: 16 - tail.count)
    // A zero contributes nothing, so a short tail needs no case of its own.
    high ^= rotate(load(tail, 8) &* second, 33) &* first
    low ^= rotate(load(tail, 0) &* first, 31) &* second

    low ^= UInt64(bytes.count)
    high ^= UInt64(bytes.count)
    low &+= high
    high &+= low
    low = mix(low)
    high = mix(high)
    low &+= high
    high &+= low
    return [low, high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
  }

  /// Eight bytes, the least significant first.
  @inline(__always)
  private static func load(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
    return value
  }

  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

  private static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value ^= value >> 33
    value &*= 0xFF51_AFD7_ED55_8CCD
    value ^= value >> 33
    value &*= 0xC4CE_B9FE_1A85_EC53
    return value ^ value >> 33
  }
}
