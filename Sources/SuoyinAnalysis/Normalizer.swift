// How does a text become the form that is compared, without losing where it came from?

/// A text in the form that terms are made of, and the way back to the original bytes.
///
/// The form is NFKC with case folding (ICU's NFKC_Casefold: width, compatibility and case variants become one), then
/// Traditional to Simplified by code point. One mark is kept from joining what it separates: ，becomes 、 because to ICU's rules either comma is
/// a thousands separator ("2023，2024" would be one number: 849 places in the 5,789 files of the corpus pack).
package struct NormalizedText: Sendable {
  /// A stretch of `bytes` up to the next piece.
  package struct Piece: Sendable {
    package var normalizedStart: UInt32
    package var originalStart: UInt32
    /// Whether every byte came from the byte as far into the original stretch; else the whole stretch came from the whole original.
    package var isLinear: Bool
  }

  package var bytes: [UInt8] = []
  /// Sorted by `normalizedStart`; of several with the same start all but the last are empty.
  package var pieces: [Piece] = []
  package var originalLength = 0

  /// The bytes of the original that a non-empty range of `bytes` came from.
  ///
  /// - Complexity: O(log *p*), *p* being the number of pieces.
  package func originalRange(_ range: Range<Int>) -> Range<Int> {
    let first = pieces[piece(at: range.lowerBound)]
    let start = first.isLinear ? Int(first.originalStart) + range.lowerBound - Int(first.normalizedStart) : Int(first.originalStart)
    let number = piece(at: range.upperBound - 1)
    let last = pieces[number]
    if last.isLinear { return start..<Int(last.originalStart) + range.upperBound - Int(last.normalizedStart) }
    return start..<(number + 1 < pieces.count ? Int(pieces[number + 1].originalStart) : originalLength)
  }

  /// The last piece that begins at or before `offset`.
  private func piece(at offset: Int) -> Int {
    var low = 0
    var high = pieces.count
    // Invariant: pieces[low] begins at or before the offset, pieces[high] after it. Terminates: high - low shrinks.
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(pieces[middle].normalizedStart) <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// Turns text into the form that is compared.
///
/// Equivalent to `simplify(NFKC_Casefold(text))` but for the comma that `NormalizedText` names; the tests compare them.
package struct Normalizer: Sendable {
  private let simplified = SimplifiedCharacters.shared
  private static let comma: UInt32 = 0xFF0C
  private static let enumerationComma: UInt32 = 0x3001

  package init() {}

  package func normalize(_ source: borrowing Span<UInt8>) -> NormalizedText {
    var result = NormalizedText()
    result.originalLength = source.count
    result.bytes.reserveCapacity(source.count)
    /// Whether the last piece is linear and reaches to the end of `bytes` and to `offset`.
    var isInLinearPiece = false
    /// The state before the last code point, to which a combining mark after it goes back.
    var previous = (offset: 0, byteCount: 0, pieceCount: 0)
    var offset = 0
    // Invariant: bytes[..<offset] of the source are normalised, and NFKC_Casefold has a boundary at `offset`, or `source[offset]` combines
    // with the last code point, which is then taken back. Terminates: every turn consumes at least the code point at `offset`.
    while offset < source.count {
      let (codePoint, length) = decodeCodePoint(source, at: offset)
      if let folded = foldFast(codePoint) {
        previous = (offset, result.bytes.count, result.pieces.count)
        if !isInLinearPiece {
          result.pieces.append(.init(normalizedStart: UInt32(result.bytes.count), originalStart: UInt32(offset), isLinear: true))
          isInLinearPiece = true
        }
        appendUTF8(folded, to: &result.bytes)
        offset += length
        continue
      }
      var start = offset
      if !ICUProperties.hasBoundaryBefore(codePoint), offset > 0 {
        start = previous.offset
        result.bytes.removeSubrange(previous.byteCount...)
        result.pieces.removeSubrange(previous.pieceCount...)
      }
      var end = offset + length
      while end < source.count {
        let (next, nextLength) = decodeCodePoint(source, at: end)
        if ICUProperties.hasBoundaryBefore(next) { break }
        end += nextLength
      }
      previous = (start, result.bytes.count, result.pieces.count)
      result.pieces.append(.init(normalizedStart: UInt32(result.bytes.count), originalStart: UInt32(start), isLinear: false))
      appendFragment(source, start..<end, to: &result.bytes)
      isInLinearPiece = false
      offset = end
    }
    return result
  }

  /// The folded form of a code point that stays one code point of the same length in UTF-8 and never combines with what stands before it.
  @inline(__always)
  private func foldFast(_ codePoint: UInt32) -> UInt32? {
    if codePoint < 0x80 { return codePoint &- 0x41 < 26 ? codePoint | 0x20 : codePoint }
    if codePoint >= 0x3400, codePoint < 0xA000 {
      let simple = simplified[codePoint]
      return simple < 0x10000 ? simple : nil
    }
    switch codePoint {
    case 0x2018, 0x2019, 0x201C, 0x201D, 0x3001, 0x3002, 0x3008...0x300B, 0x3010, 0x3011, 0x3014...0x301B: return codePoint
    case Self.comma: return Self.enumerationComma
    default: return nil
    }
  }

  /// Appends the normalised form of a range that begins and ends at boundaries of NFKC_Casefold.
  private func appendFragment(_ source: borrowing Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) {
    var units: [UInt16] = []
    var offset = range.lowerBound
    while offset < range.upperBound {
      let (codePoint, length) = decodeCodePoint(source, at: offset)
      if codePoint < 0x10000 {
        units.append(UInt16(codePoint == Self.comma ? Self.enumerationComma : codePoint))
      } else {
        units.append(UInt16(0xD7C0 + (codePoint >> 10)))
        units.append(UInt16(0xDC00 | codePoint & 0x3FF))
      }
      offset += length
    }
    var highSurrogate: UInt32 = 0
    for unit in ICUProperties.nfkcCasefold(units) {
      if unit & 0xFC00 == 0xD800 {
        highSurrogate = UInt32(unit)
      } else {
        let codePoint = unit & 0xFC00 == 0xDC00 ? (highSurrogate &- 0xD7C0) << 10 | UInt32(unit & 0x3FF) : UInt32(unit)
        appendUTF8(simplified[codePoint], to: &bytes)
      }
    }
  }
}
