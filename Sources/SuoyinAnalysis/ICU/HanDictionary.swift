// Which words does ICU's Chinese dictionary hold, and what does each cost?
//
// Why the unsafe code here is sound: the units lie in ICU's own memory, which stays mapped; every read is at an offset that `unit(_:)` has
// checked against their count.
internal import CICU

/// ICU's dictionary of Han and kana words, as the linked library has it: a trie of UTF-16 units.
///
/// Source: ICU's ucharstrie.h.
@safe package struct HanDictionary {
  private let units: UnsafePointer<UInt16>
  private let count: Int

  /// nil when the linked ICU has no dictionary of the known format.
  package init?() {
    var units: UnsafePointer<UInt16>?
    var count: Int32 = 0
    guard unsafe suoyin_han_dictionary(&units, &count) != 0, let units = unsafe units, count > 0 else { return nil }
    unsafe self.units = units
    self.count = Int(count)
  }

  /// A node of the trie: the unit that leads to it from its parent, and the cost of the word that ends there.
  package struct Node {
    package var parent: Int32
    package var unit: UInt16
    /// 0 when no word ends here; no word costs 0.
    package var cost: UInt8
  }

  private struct Malformed: Error {}

  /// All nodes but the root, each after its parent, children in ascending order; the children of the root have the parent -1.
  ///
  /// - Returns: nil when the trie is not as expected (a value out of 1...254, a word of more than 20 units).
  /// - Complexity: O(*n*), 440,000 nodes in about 10 ms.
  package func nodes() -> [Node]? {
    var nodes: [Node] = []
    nodes.reserveCapacity(460_000)
    do {
      try walk(0, parent: -1, depth: 0, &nodes)
    } catch {
      return nil
    }
    return nodes
  }

  @inline(__always)
  private func unit(_ offset: Int) throws(Malformed) -> Int {
    guard offset >= 0, offset < count else { throw Malformed() }
    return unsafe Int(units[offset])
  }

  /// Walks what follows the node `parent`. Terminates: `depth` grows with every unit matched and is bounded; a malformed trie throws.
  private func walk(_ start: Int, parent: Int32, depth: Int, _ nodes: inout [Node]) throws(Malformed) {
    guard depth <= 20 else { throw Malformed() }
    var offset = start
    var parent = parent
    var depth = depth
    while true {
      let lead = try unit(offset)
      offset += 1
      var kind = lead
      if lead >= 0x40 {
        // A value stands here: of the word that ends at the parent.
        guard parent >= 0 else { throw Malformed() }
        let isFinal = lead & 0x8000 != 0
        let value = isFinal ? try finalValue(lead & 0x7FFF, &offset) : try innerValue(lead, &offset)
        guard value > 0, value < 255 else { throw Malformed() }
        nodes[Int(parent)].cost = UInt8(value)
        if isFinal { return }
        kind = lead & 0x3F
      }
      if kind < 0x30 {
        let length = (kind == 0 ? try unit(offset) : kind) + 1
        if kind == 0 { offset += 1 }
        return try branch(offset, length, parent, depth, &nodes)
      }
      // A run of units without choice.
      for _ in 0..<(kind - 0x2F) {
        guard depth < 20 else { throw Malformed() }
        nodes.append(Node(parent: parent, unit: UInt16(try unit(offset)), cost: 0))
        parent = Int32(nodes.count - 1)
        depth += 1
        offset += 1
      }
    }
  }

  private func branch(_ start: Int, _ length: Int, _ parent: Int32, _ depth: Int, _ nodes: inout [Node]) throws(Malformed) {
    var offset = start
    var length = length
    guard depth < 20, nodes.count < 1 << 22 else { throw Malformed() }
    // Large branches are split in halves: below the unit that stands first, by a jump; from it on, after the jump.
    while length > 5 {
      offset += 1
      let jump = try delta(&offset)
      try branch(offset + jump, length / 2, parent, depth, &nodes)
      length -= length / 2
    }
    for _ in 0..<(length - 1) {
      nodes.append(Node(parent: parent, unit: UInt16(try unit(offset)), cost: 0))
      let node = Int32(nodes.count - 1)
      let lead = try unit(offset + 1)
      offset += 2
      if lead & 0x8000 != 0 {
        let value = try finalValue(lead & 0x7FFF, &offset)
        guard value > 0, value < 255 else { throw Malformed() }
        nodes[Int(node)].cost = UInt8(value)
      } else {
        let jump = try finalValue(lead, &offset)
        try walk(offset + jump, parent: node, depth: depth + 1, &nodes)
      }
    }
    nodes.append(Node(parent: parent, unit: UInt16(try unit(offset)), cost: 0))
    try walk(offset + 1, parent: Int32(nodes.count - 1), depth: depth + 1, &nodes)
  }

  /// A value whose first 15 bits are given.
  private func finalValue(_ lead: Int, _ offset: inout Int) throws(Malformed) -> Int {
    if lead < 0x4000 { return lead }
    if lead < 0x7FFF {
      let low = try unit(offset)
      offset += 1
      return (lead - 0x4000) << 16 | low
    }
    let (high, low) = (try unit(offset), try unit(offset + 1))
    offset += 2
    return high << 16 | low
  }

  /// A value that shares its lead unit with the kind of the node after it.
  private func innerValue(_ lead: Int, _ offset: inout Int) throws(Malformed) -> Int {
    if lead < 0x4040 { return (lead >> 6) - 1 }
    if lead < 0x7FC0 {
      let low = try unit(offset)
      offset += 1
      return ((lead & 0x7FC0) - 0x4040) << 10 | low
    }
    let (high, low) = (try unit(offset), try unit(offset + 1))
    offset += 2
    return high << 16 | low
  }

  private func delta(_ offset: inout Int) throws(Malformed) -> Int {
    let lead = try unit(offset)
    offset += 1
    if lead < 0xFC00 { return lead }
    if lead == 0xFFFF {
      let (high, low) = (try unit(offset), try unit(offset + 1))
      offset += 2
      return high << 16 | low
    }
    let low = try unit(offset)
    offset += 1
    return (lead - 0xFC00) << 16 | low
  }
}
