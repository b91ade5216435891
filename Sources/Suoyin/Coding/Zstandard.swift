// How does stored text become small?
//
// Why the unsafe code here is sound: libzstd reads and writes only within the lengths it is given, which are the buffers' own; contexts are
// made in `init` and freed in `deinit`, and one thread uses a context at a time.
internal import CZstd
package import SuoyinStorage
internal import Synchronization

/// Compresses blocks with libzstd; for one thread.
@safe package final class Compressor {
  private let context: OpaquePointer
  private let level: Int32

  package init(level: Int32 = 3) {
    guard let context = unsafe ZSTD_createCCtx() else { fatalError("out of memory") }
    unsafe self.context = context
    self.level = level
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  package func compress(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      let written = unsafe ZSTD_compressCCtx(context, target.baseAddress, bound, bytes, bytes.count, level)
      // The only errors are wrong bounds and want of memory.
      guard ZSTD_isError(written) == 0 else { fatalError("zstd: \(unsafe String(cString: ZSTD_getErrorName(written)))") }
      count = written
    }
  }
}

package enum Decompressor {
  /// For one thread at a time: who uses a context has taken it out of `idle`.
  @safe private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
      guard let pointer = unsafe ZSTD_createDCtx() else { fatalError("out of memory") }
      unsafe self.pointer = pointer
    }

    deinit { unsafe ZSTD_freeDCtx(pointer) }
  }

  /// Contexts to be used again: making one takes half as long as a block of 16 KiB takes to expand.
  private static let idle = Mutex<[Context]>([])
  /// A context has about 100 KB.
  private static let mostIdle = 8

  /// Expands a block that must become exactly `length` bytes.
  package static func decompress(_ bytes: ByteSlice, length: Int) throws(IndexError) -> [UInt8] {
    let context = idle.withLock { $0.popLast() } ?? Context()
    defer { idle.withLock { if $0.count < mostIdle { $0.append(context) } } }
    var result = 0
    let expanded = unsafe [UInt8](unsafeUninitializedCapacity: length) { target, count in
      result = unsafe ZSTD_decompressDCtx(context.pointer, target.baseAddress, length, bytes.unsafeBytes.baseAddress, bytes.count)
      count = ZSTD_isError(result) == 0 ? result : 0
    }
    guard ZSTD_isError(result) == 0, result == length else { throw .corrupted("a compressed block does not expand", in: bytes) }
    return expanded
  }
}
