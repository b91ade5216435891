// Are these the bytes that were written?
//
// Why the unsafe code here is sound: the C function reads exactly the length it is given, of a buffer that outlives the call.
internal import CKernels

/// CRC-32C (Castagnoli 1993), in hardware where there is any.
package enum Checksum {
  package static func crc32c(_ bytes: ArraySlice<UInt8>, seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe suoyin_crc32c(seed, $0.baseAddress, $0.count) }
  }

  package static func crc32c(_ bytes: ByteSlice) -> UInt32 {
    unsafe suoyin_crc32c(0, bytes.unsafeBytes.baseAddress, bytes.count)
  }

  /// The same value without the processor's help: the oracle.
  package static func portableCRC32C(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe suoyin_crc32c_portable(0, $0.baseAddress, $0.count) }
  }
}
