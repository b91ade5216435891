// Where in an array do the children of a node go?
//
// Why the unsafe code here is sound: the labels are only read, below their count, while the caller holds them.

/// Places sets of labels in one array so that no two share a slot: the first fit, 64 bases at a time.
///
/// Source: Aoe, "An efficient digital search algorithm by using a double-array structure", 1989; the search by bit masks is our own.
struct DoubleArrayPlacer {
  /// One bit a slot, set while it is free.
  private var free: [UInt64] = []
  /// One bit a base, set while no node has it; stays empty when nodes may share a base.
  private var freeBases: [UInt64] = []
  private let hasUniqueBases: Bool
  /// For sets of each size, the word of 64 bases where the search begins.
  private var hints = [Int](repeating: 0, count: 65)
  /// One more than the highest slot in use.
  private(set) var end = 0

  init(hasUniqueBases: Bool) { self.hasUniqueBases = hasUniqueBases }

  /// Takes the slots `base + label` for all labels and returns the base, at least 1. Labels are not empty and ascend.
  mutating func place(_ labels: UnsafeBufferPointer<UInt16>) -> Int {
    let size = min(labels.count, 64)
    let highest = unsafe Int(labels[labels.count - 1])
    var word = hints[size]
    var tries = 0
    // Terminates: beyond the slots in use every base fits.
    while true {
      grow(toHold: word * 64 + 64 + highest)
      var mask: UInt64 = hasUniqueBases ? freeBases[word] : ~0
      if word == 0 { mask &= ~1 }  // a base of 0 means "no children"
      for place in 0..<labels.count {
        let slot = unsafe word * 64 + Int(labels[place])
        let shift = UInt64(slot & 63)
        mask &= free[slot >> 6] >> shift | (free[slot >> 6 + 1] << 1) << (63 - shift)
        if mask == 0 { break }
      }
      if mask != 0 {
        if tries > 24 { hints[size] = word }
        return unsafe take(word * 64 + mask.trailingZeroBitCount, labels)
      }
      word += 1
      tries += 1
    }
  }

  private mutating func take(_ base: Int, _ labels: UnsafeBufferPointer<UInt16>) -> Int {
    if hasUniqueBases { freeBases[base >> 6] &= ~(1 << UInt64(base & 63)) }
    for place in 0..<labels.count {
      let slot = unsafe base + Int(labels[place])
      free[slot >> 6] &= ~(1 << UInt64(slot & 63))
      end = max(end, slot + 1)
    }
    return base
  }

  private mutating func grow(toHold slot: Int) {
    while free.count < slot / 64 + 3 {
      free.append(~0)
      freeBases.append(~0)
    }
  }
}
