// What exactly is looked up in an index?
package import SuoyinAnalysis

/// A term as the dictionary orders it: the numbering, the family, then the UTF-8 bytes.
package struct Term: Hashable, Comparable, Sendable {
  /// Numbering, family and text in one string of bytes.
  package let bytes: [UInt8]

  package init(numbering: Int, family: TermFamily, _ text: some Sequence<UInt8>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 + text.underestimatedCount)
    bytes.append(UInt8(numbering))
    bytes.append(family.rawValue)
    bytes.append(contentsOf: text)
    self.bytes = bytes
  }

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package var numbering: Int { bytes.isEmpty ? 0 : Int(bytes[0]) }
  package var family: TermFamily { bytes.count < 2 ? .word : TermFamily(rawValue: bytes[1]) ?? .word }
  package var text: ArraySlice<UInt8> { bytes.dropFirst(2) }

  package static func < (left: Term, right: Term) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
