// How do UTF-8 bytes become code points, and back?

/// Decodes the code point at `offset`; ill-formed bytes become U+FFFD, one byte at a time.
///
/// - Returns: The code point and its length in bytes, 1 to 4.
@inline(__always)
package func decodeCodePoint(_ bytes: borrowing Span<UInt8>, at offset: Int) -> (codePoint: UInt32, length: Int) {
  let lead = bytes[offset]
  if lead < 0x80 { return (UInt32(lead), 1) }
  let left = bytes.count - offset
  if lead >= 0xE0, lead < 0xF0, left >= 3 {
    let second = bytes[offset + 1]
    let third = bytes[offset + 2]
    if second & 0xC0 == 0x80, third & 0xC0 == 0x80 {
      let value = UInt32(lead & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F)
      if value >= 0x800, value & 0xF800 != 0xD800 { return (value, 3) }
    }
  } else if lead >= 0xC2, lead < 0xE0, left >= 2 {
    let second = bytes[offset + 1]
    if second & 0xC0 == 0x80 { return (UInt32(lead & 0x1F) << 6 | UInt32(second & 0x3F), 2) }
  } else if lead >= 0xF0, lead < 0xF5, left >= 4 {
    let second = bytes[offset + 1]
    let third = bytes[offset + 2]
    let fourth = bytes[offset + 3]
    if second & 0xC0 == 0x80, third & 0xC0 == 0x80, fourth & 0xC0 == 0x80 {
      let high = UInt32(lead & 0x07) << 18 | UInt32(second & 0x3F) << 12
      let value = high | UInt32(third & 0x3F) << 6 | UInt32(fourth & 0x3F)
      if value >= 0x10000, value <= 0x10FFFF { return (value, 4) }
    }
  }
  return (0xFFFD, 1)
}

/// Appends a code point as UTF-8.
@inline(__always)
package func appendUTF8(_ codePoint: UInt32, to bytes: inout [UInt8]) {
  if codePoint < 0x80 {
    bytes.append(UInt8(codePoint))
  } else if codePoint < 0x800 {
    bytes.append(UInt8(0xC0 | codePoint >> 6))
    bytes.append(UInt8(0x80 | codePoint & 0x3F))
  } else if codePoint < 0x10000 {
    bytes.append(UInt8(0xE0 | codePoint >> 12))
    bytes.append(UInt8(0x80 | codePoint >> 6 & 0x3F))
    bytes.append(UInt8(0x80 | codePoint & 0x3F))
  } else {
    bytes.append(UInt8(0xF0 | codePoint >> 18))
    bytes.append(UInt8(0x80 | codePoint >> 12 & 0x3F))
    bytes.append(UInt8(0x80 | codePoint >> 6 & 0x3F))
    bytes.append(UInt8(0x80 | codePoint & 0x3F))
  }
}
