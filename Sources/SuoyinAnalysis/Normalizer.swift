// How does a text become the form that is compared, without losing where it came from?
//
// Why the unsafe code here is sound: bytes are read below the number of them that is compared before each; the table of characters has a place
// for every code point of three bytes; bytes that are appended are copied at once.

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
/// Equivalent to `simplify(NFKC_Casefold(text))` but for the comma that `NormalizedText` names and beyond 128 marks upon one character; the tests
/// compare them.
package struct Normalizer: Sendable {
  private let simplified = SimplifiedCharacters.shared
  private let folded = FoldedCharacters.shared
  fileprivate static let comma: UInt32 = 0xFF0C
  fileprivate static let enumerationComma: UInt32 = 0x3001

  /// What a byte can become at most: U+FDFA has 3 bytes, and 33 in NFKC.
  package static let mostBytesOfOne = 11

  /// After how many code points without a boundary between them the rest is normalised on its own: to order marks takes ICU time in proportion
  /// to the square of their number. Unicode's stream-safe format knows 30 (UAX #15, section 13).
  private static let longestFragment = 128

  package init() {}

  /// Stops the program when the form is longer than offsets can say: for texts that `Analyzer.accepts`.
  package func normalize(_ source: borrowing Span<UInt8>) -> NormalizedText { normalize(source, limit: Int(UInt32.max))! }

  /// - Returns: nil when the form is longer than `limit`.
  package func normalize(_ source: borrowing Span<UInt8>, limit: Int) -> NormalizedText? {
    var result = NormalizedText()
    result.originalLength = source.count
    result.bytes.reserveCapacity(source.count)
    /// Whether the last piece is linear and reaches to the end of `bytes` and to `offset`.
    var isInLinearPiece = false
    /// The state before the last code point, to which a combining mark after it goes back.
    var previous = (offset: 0, byteCount: 0, pieceCount: 0)
    /// Where a fragment was cut because it was too long: a boundary all the same.
    var forcedBoundary = 0
    var offset = 0
    // Invariant: bytes[..<offset] of the source are normalised, and NFKC_Casefold has a boundary at `offset`, or one is forced, or
    // `source[offset]` combines with the last code point, which is then taken back. Terminates: every turn consumes at least the code point at `offset`.
    while offset < source.count {
      if result.bytes.count > limit { return nil }
      let run = identicalRun(source, from: offset)
      if run.end > offset {
        previous = (run.last, result.bytes.count + run.last - offset, result.pieces.count)
        if !isInLinearPiece {
          result.pieces.append(.init(normalizedStart: UInt32(result.bytes.count), originalStart: UInt32(offset), isLinear: true))
          isInLinearPiece = true
          if run.last > offset { previous.pieceCount += 1 }
        }
        unsafe source.extracting(offset..<run.end).withUnsafeBufferPointer { bytes in unsafe result.bytes.append(contentsOf: bytes) }
        offset = run.end
        continue
      }
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
      if !ICUProperties.hasBoundaryBefore(codePoint), offset > forcedBoundary {
        start = previous.offset
        result.bytes.removeSubrange(previous.byteCount...)
        result.pieces.removeSubrange(previous.pieceCount...)
      }
      var end = offset + length
      var codePoints = 1
      while end < source.count {
        let (next, nextLength) = decodeCodePoint(source, at: end)
        if ICUProperties.hasBoundaryBefore(next) { break }
        if codePoints == Self.longestFragment {
          forcedBoundary = end
          break
        }
        end += nextLength
        codePoints += 1
      }
      previous = (start, result.bytes.count, result.pieces.count)
      result.pieces.append(.init(normalizedStart: UInt32(result.bytes.count), originalStart: UInt32(start), isLinear: false))
      appendFragment(source, start..<end, to: &result.bytes)
      isInLinearPiece = false
      offset = end
    }
    return result.bytes.count > limit ? nil : result
  }

  /// How far the text from `offset` on consists of code points that stay as they are and never combine with what stands before them, and
  /// where the last of them begins.
  @inline(__always)
  private func identicalRun(_ source: borrowing Span<UInt8>, from start: Int) -> (end: Int, last: Int) {
    let count = source.count
    return unsafe source.withUnsafeBufferPointer { source in
      unsafe folded.common.withUnsafeBufferPointer { folded in
        var (offset, last) = (start, start)
        // Terminates: every turn but the last advances. A code point of three bytes is read only where three bytes are left.
        while offset < count {
          let lead = unsafe source[offset]
          if lead < 0x80 {
            if lead &- 0x41 < 26 { break }
            last = offset
            offset &+= 1
          } else if lead & 0xF0 == 0xE0, count &- offset >= 3 {
            let (second, third) = unsafe (source[offset &+ 1], source[offset &+ 2])
            let codePoint = Int(lead & 0xF) << 12 | Int(second & 0x3F) << 6 | Int(third & 0x3F)
            // What is folded to itself is written as it came: that must be well-formed.
            if unsafe Int(folded[codePoint]) != codePoint || second & 0xC0 != 0x80 || third & 0xC0 != 0x80 { break }
            last = offset
            offset &+= 3
          } else {
            break
          }
        }
        return (offset, last)
      }
    }
  }

  /// The folded form of a code point that stays one code point of the same length in UTF-8 and never combines with what stands before it.
  @inline(__always)
  private func foldFast(_ codePoint: UInt32) -> UInt32? {
    if codePoint < 0x80 { return codePoint &- 0x41 < 26 ? codePoint | 0x20 : codePoint }
    if codePoint >= 0x10000 { return nil }
    let form = folded.common[Int(codePoint)]
    return form == 0 ? nil : UInt32(form)
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

/// The normalised forms of the commonest characters, without asking ICU.
private struct FoldedCharacters: Sendable {
  static let shared = FoldedCharacters()

  /// For each code point of plane 0: the code point that it becomes, when it becomes one of three bytes as it has itself and never combines with
  /// what stands before it; else 0.
  let common: [UInt16]

  private init() {
    let simplified = SimplifiedCharacters.shared
    var common = [UInt16](repeating: 0, count: 65536)
    for codePoint in 0x3400..<0xA000 {
      let simple = simplified[UInt32(codePoint)]
      if simple >= 0x800, simple < 0x10000 { common[codePoint] = UInt16(simple) }
    }
    for mark in [0x2018, 0x2019, 0x201C, 0x201D, 0x3001, 0x3002] + [0x3008...0x300B, 0x3010...0x3011, 0x3014...0x301B].joined() {
      common[mark] = UInt16(mark)
    }
    common[Int(Normalizer.comma)] = UInt16(Normalizer.enumerationComma)
    self.common = common
  }
}
