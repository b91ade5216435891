// Which number belongs to a key of a few bytes?

/// Numbers by integer keys: open addressing with linear probing, at most half of the slots in use.
struct NumberMap<Key: FixedWidthInteger & UnsignedInteger> {
  struct Slot {
    var key: Key = 0
    /// The number plus one; 0 for an empty slot.
    var number: UInt32 = 0
  }

  /// A power of two.
  private(set) var slots = [Slot](repeating: Slot(), count: 1 << 10)
  private var count = 0

  /// The memory in use, in bytes.
  var byteCount: Int { slots.count * MemoryLayout<Slot>.stride }

  /// The number of a key, if it has one.
  func number(of key: Key) -> UInt32? {
    let slot = slots[place(of: key)]
    return slot.number == 0 ? nil : slot.number - 1
  }

  /// Gives a new key its number.
  mutating func insert(_ key: Key, _ number: UInt32) {
    count += 1
    if count * 2 > slots.count {
      let old = slots
      slots = [Slot](repeating: Slot(), count: old.count * 2)
      for slot in old where slot.number != 0 { slots[place(of: slot.key)] = slot }
    }
    slots[place(of: key)] = Slot(key: key, number: number + 1)
  }

  /// The first slot that a key may be in.
  @inline(__always)
  static func home(of key: Key, mask: Int) -> Int {
    let mixed = UInt64(truncatingIfNeeded: key) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed ^ mixed >> 32) & mask
  }

  /// The slot of a key, or the empty one where it belongs. Terminates: at least half of the slots are empty.
  private func place(of key: Key) -> Int {
    let mask = slots.count - 1
    var place = Self.home(of: key, mask: mask)
    while slots[place].number != 0, slots[place].key != key { place = (place + 1) & mask }
    return place
  }
}
