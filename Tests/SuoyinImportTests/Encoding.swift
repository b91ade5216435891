// What are a text's bytes in another encoding?
//
// Why the unsafe code here is sound: the converter is given buffers with their own lengths for the call only, and is closed by the function that
// opened it.
internal import Glibc

/// The text in an encoding of the C library; nil when a character is missing there.
func encoded(_ text: String, _ encoding: String) -> [UInt8]? {
  let converter = unsafe iconv_open(encoding, "UTF-8")
  defer { unsafe iconv_close(converter) }
  var source = text.utf8.map { CChar(bitPattern: $0) }
  var target = [CChar](repeating: 0, count: source.count * 4 + 16)
  var left = target.count
  let result = unsafe source.withUnsafeMutableBufferPointer { source in
    unsafe target.withUnsafeMutableBufferPointer { target in
      var from = source.baseAddress
      var length = source.count
      var to = target.baseAddress
      return unsafe iconv(converter, &from, &length, &to, &left)
    }
  }
  return result == 0 ? target.dropLast(left).map { UInt8(bitPattern: $0) } : nil
}
