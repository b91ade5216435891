// How does one column become bytes?
//

/// Collects a field's values passage by passage, and writes each block when it is full.
///
///     block  = [bits:u64 × 4 | total:u32 ends] values          bits for `some`, total and ends for `lists`
///     ends   = for each passage the number of values up to its last, packed
///     values = { value − least }, packed
///
/// Packed numbers take as many bits each as the largest needs, lowest bit first, up to a whole byte at the end.
package struct ColumnEncoder {
  private var values: [Int64] = []
  /// For each passage of the block under way how many values it has.
  private var counts: [UInt32] = []
  private(set) var heads: [ColumnHead] = []
  /// The bytes of all blocks; the heads count from where these begin.
  private(set) var body: [UInt8] = []

  package init() {}

  /// Whether no passage has been added.
  var isEmpty: Bool { heads.isEmpty && counts.isEmpty }

  /// Adds a passage with one value or none.
  package mutating func append(_ value: Int64?) {
    if let value { values.append(value) }
    counts.append(value == nil ? 0 : 1)
    if counts.count == ColumnFormat.blockLength { flush() }
  }

  /// Adds a passage with several values, or none, ascending.
  package mutating func append(_ list: some Sequence<Int64>) {
    let before = values.count
    values.append(contentsOf: list)
    counts.append(UInt32(values.count - before))
    if counts.count == ColumnFormat.blockLength { flush() }
  }

  /// Writes the last block. Nothing may be appended afterwards.
  package mutating func finish() { if !counts.isEmpty { flush() } }

  private mutating func flush() {
    defer {
      values.removeAll(keepingCapacity: true)
      counts.removeAll(keepingCapacity: true)
    }
    let offset = body.count
    guard let least = values.min(), let greatest = values.max() else {
      heads.append(ColumnHead(least: 0, span: 0, presence: .none, offset: offset))
      return
    }
    let span = UInt64(bitPattern: greatest) &- UInt64(bitPattern: least)
    let presence: ColumnPresence = counts.contains { $0 > 1 } ? .lists : counts.contains(0) ? .some : .all
    heads.append(ColumnHead(least: least, span: span, presence: presence, offset: offset))
    var block = ByteWriter()
    switch presence {
    case .none, .all: break
    case .some:
      var bits = [UInt64](repeating: 0, count: ColumnFormat.blockWords)
      for (slot, count) in counts.enumerated() { bits[slot >> 6] |= UInt64(count) << UInt64(slot & 63) }
      for word in bits { block.append(fixed: word) }
    case .lists:
      let total = UInt64(values.count)
      block.append(fixed: UInt32(total))
      var end: UInt64 = 0
      Self.pack(counts, width: ColumnFormat.width(ofSpan: total), into: &block) { count in
        end += UInt64(count)
        return end
      }
    }
    Self.pack(values, width: ColumnFormat.width(ofSpan: span), into: &block) { UInt64(bitPattern: $0) &- UInt64(bitPattern: least) }
    body += block.bytes
  }

  @inline(__always)
  private static func pack<Element>(_ elements: [Element], width: Int, into block: inout ByteWriter, _ number: (Element) -> UInt64) {
    if width == 0 { return }
    var pending: UInt64 = 0
    var pendingBits = 0
    // Invariant: fewer than 64 bits are pending.
    for element in elements {
      let value = number(element)
      pending |= value << UInt64(pendingBits)
      pendingBits += width
      if pendingBits >= 64 {
        block.append(fixed: pending)
        pendingBits -= 64
        // The upper bits of the number, of which `pendingBits` have not been written.
        pending = pendingBits == 0 ? 0 : value >> UInt64(width - pendingBits)
      }
    }
    while pendingBits > 0 {
      block.append(byte: UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }
}
