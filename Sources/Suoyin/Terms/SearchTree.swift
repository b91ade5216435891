// Which strings does every binary search look at?
//
// Why the unsafe code here is sound: `keys` has `count` places, made in `init` and freed in `deinit`; a node is compared with `count` before each access.
internal import Synchronization

/// The beginnings of the strings in the upper levels of a binary search, noted when they are first read: a step there then costs eight bytes of a
/// small table instead of two places of a file. For any number of threads.
///
/// Nodes are numbered from the root, 1; those below node *n* are 2*n* and 2*n* + 1.
@safe final class SearchTree: @unchecked Sendable {
  private let keys: UnsafeMutablePointer<Atomic<UInt64>>
  private let count: Int
  /// Twelve levels: 32 KiB.
  private static let mostNodes = 1 << 12

  /// - Parameter stringCount: How many strings the search is among.
  init(stringCount: Int) {
    var count = 1
    while count <= stringCount, count < Self.mostNodes { count *= 2 }
    self.count = count
    unsafe keys = .allocate(capacity: count)
    for node in 0..<count { unsafe (keys + node).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe keys.deinitialize(count: count)
    unsafe keys.deallocate()
  }

  /// The key of a node's string; 0 where it is not known.
  @inline(__always)
  subscript(node: Int) -> UInt64 {
    get { node < count ? unsafe keys[node].load(ordering: .relaxed) : 0 }
    // Nothing else is published with a key, and whoever writes one writes the same.
    set { if node < count { unsafe keys[node].store(newValue, ordering: .relaxed) } }
  }

  /// The first eight bytes of a string as a number, zeros behind a shorter one: of two strings with different keys the one with the lesser comes first.
  static func key(_ string: some Sequence<UInt8>) -> UInt64 {
    var (key, count) = (UInt64(0), 0)
    for byte in string {
      (key, count) = (key << 8 | UInt64(byte), count + 1)
      if count == 8 { return key }
    }
    return key << UInt64(8 * (8 - count))
  }
}
