// Which of the passages, or sources, under way has this name?
//
// Why the unsafe code here is sound: a name's bytes lie between two ends, which ascend up to the number of bytes.

/// Numbers by the hashes of names; the names themselves are the caller's, who compares them. Open addressing, at most half of the slots in use.
struct KeyTable {
  private struct Slot {
    var hash: UInt32 = 0
    /// The number plus one; 0 for an empty slot.
    var number: UInt32 = 0
  }

  /// A power of two.
  private var slots = [Slot](repeating: Slot(), count: 1 << 8)
  private var count = 0

  /// The first number that was inserted with this hash and is accepted.
  func first(_ hash: UInt64, where isWanted: (Int) -> Bool) -> Int? {
    let (mask, wanted) = (slots.count - 1, UInt32(truncatingIfNeeded: hash))
    var place = Int(wanted) & mask
    // Terminates: at least half of the slots are empty.
    while slots[place].number != 0 {
      if slots[place].hash == wanted, isWanted(Int(slots[place].number) - 1) { return Int(slots[place].number) - 1 }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Whether anything was inserted with this hash, or with one that looks like it.
  func mayHold(_ hash: UInt64) -> Bool { first(hash) { _ in true } != nil }

  mutating func insert(_ hash: UInt64, _ number: Int) {
    count += 1
    if count * 2 > slots.count {
      let old = slots
      slots = [Slot](repeating: Slot(), count: old.count * 2)
      for slot in old where slot.number != 0 { place(slot) }
    }
    place(Slot(hash: UInt32(truncatingIfNeeded: hash), number: UInt32(number + 1)))
  }

  private mutating func place(_ slot: Slot) {
    let mask = slots.count - 1
    var place = Int(slot.hash) & mask
    while slots[place].number != 0 { place = (place + 1) & mask }
    slots[place] = slot
  }
}

/// A set of names, their bytes one after another: a million of them take their own length and about 40 bytes each.
struct NameSet: ~Copyable {
  private var bytes = GrowingBuffer<UInt8>()
  /// For each name where it ends.
  private var ends = GrowingBuffer<Int>()
  private var numbers = KeyTable()

  func contains(_ name: DocumentKey) -> Bool {
    numbers.first(name.stableHash) { number in
      let start = number == 0 ? 0 : ends[number - 1]
      return unsafe bytes.elements[start..<ends[number]].elementsEqual(name.bytes)
    } != nil
  }

  mutating func insert(_ name: DocumentKey) {
    if contains(name) { return }
    numbers.insert(name.stableHash, ends.count)
    bytes.append(contentsOf: name.bytes)
    ends.append(bytes.count)
  }
}

extension DocumentKey {
  /// The same in every run.
  var stableHash: UInt64 { ByteOrder.hash(bytes) }
}
