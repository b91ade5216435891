// In which encoding is a text that does not say it?

/// Finds the encoding of a text that is not UTF-8.
///
/// Every encoding that Chinese texts have is tried on a sample, and the reading that looks most like Chinese is taken if it does so well enough:
/// a detector that knows bytes only takes short Chinese texts for Korean, Japanese or European ones. What does not look Chinese is left to ICU's
/// detector, and is a guess.
package struct EncodingDetector {
  package enum Finding: Equatable {
    case sure(TextEncoding)
    case guess(TextEncoding)
    /// Has bytes that no text has.
    case binary(byteOffset: Int)
    case unknown

    /// Whether there is nothing left to ask: neither what a file says of itself, nor a person.
    var isSure: Bool {
      switch self {
      case .sure, .binary: true
      case .guess, .unknown: false
      }
    }
  }

  /// How much of a text is looked at.
  package static let sampleLength = 1 << 16
  /// The share of common characters from which a reading is believed. Right readings have 0.6 and more, wrong ones up to 0.2; short ones
  /// lie further apart than long ones.
  static let plausibleShare = 0.4
  /// The share from which a reading is better than ICU's guess, if no other has half as much: a guess still, and none with U+0000.
  static let possibleShare = 0.2
  /// The confidence from which ICU's guess is taken. For bytes that are like no language it answers with 10 to 15.
  static let minimumConfidence = 20
  /// The bytes from which it is asked: it counts sequences of three, and is confident of two.
  static let minimumGuessLength = 16

  private let bytes: [UInt8]
  /// Where the sample of an encoding that has ASCII in it is: ASCII tells nothing, so it begins with the first other byte when not all fits.
  private let sample: Range<Int>

  /// - Parameter bytes: Without a byte order mark, and not valid UTF-8 without U+0000.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.count > Self.sampleLength else {
      sample = bytes.indices
      return
    }
    let start = bytes.firstIndex { $0 >= 0x80 } ?? 0
    var end = min(start + Self.sampleLength, bytes.count)
    // No byte below 0x30 is a part of a longer character in any of these encodings; without one the last character is cut, one of many.
    if end < bytes.count, let last = bytes[start..<end].lastIndex(where: { $0 < 0x30 }), last > start { end = last }
    sample = start..<end
  }

  package func find() -> Finding {
    let nul = bytes.firstIndex(of: 0)
    if nul == nil, isNearlyUTF8 { return .sure(.utf8) }
    var candidates: [(encoding: TextEncoding, share: Double)] = []
    if bytes.count >= 4, bytes.count.isMultiple(of: 2) {
      candidates += [TextEncoding.utf16LE, .utf16BE].map { ($0, shareAsUTF16($0)) }
    }
    if nul == nil { candidates += [TextEncoding.gb18030, .big5].map { ($0, share($0)) } }
    candidates.sort { $0.share > $1.share }
    if let best = candidates.first {
      if best.share >= Self.plausibleShare { return .sure(best.encoding) }
      let isAhead = candidates.dropFirst().allSatisfy { $0.share * 2 <= best.share }
      if nul == nil, best.share >= Self.possibleShare, isAhead { return .guess(best.encoding) }
    }
    if let nul { return .binary(byteOffset: nul) }
    return guess()
  }

  /// Whether nearly all that is not ASCII is well-formed UTF-8: a broken text, or one that was cut off in its last character.
  private var isNearlyUTF8: Bool {
    // The sample first, so that a long text of another encoding is not decoded as a whole.
    isNearlyUTF8(sample) && (sample == bytes.indices || isNearlyUTF8(bytes.indices))
  }

  private func isNearlyUTF8(_ range: Range<Int>) -> Bool {
    guard let text = TextDecoder.decode(bytes, range, as: .utf8) else { return false }
    let short = text.bytes.count { (0xC2...0xDF).contains($0) }
    // What was replaced has become a character of three bytes.
    let long = text.bytes.count { $0 >= 0xE0 } - text.illFormed
    // Characters of three bytes hardly occur by accident, so one of them stands for one mistake; of two bytes it takes more.
    return (long > 0 && text.illFormed <= 1 + long / 10) || text.illFormed * 10 <= long + short
  }

  /// The share of common characters and marks among all that is not ASCII.
  private func share(_ encoding: TextEncoding) -> Double {
    guard let text = TextDecoder.decode(bytes, sample, as: encoding) else { return 0 }
    var common = 0
    var others = 0
    text.forEachScalar { scalar in
      if scalar.isASCII { return }
      if CommonCharacters.contains(scalar) || CommonCharacters.isMark(scalar) { common += 1 } else { others += 1 }
    }
    return common == 0 ? 0 : Double(common) / Double(common + others + text.illFormed)
  }

  /// The share of common characters, marks, and letters of the alphabets among all; 0 when there are control characters. Here ASCII counts: half
  /// its bytes are zero, which tells much. The percent sign does not, for the lines of tables look like it from the wrong side.
  private func shareAsUTF16(_ encoding: TextEncoding) -> Double {
    let range = 0..<min(bytes.count, Self.sampleLength)
    guard let text = TextDecoder.decode(bytes, range, as: encoding) else { return 0 }
    var common = 0
    var controls = 0
    text.forEachScalar { scalar in
      switch scalar.value {
      case 0x25: break
      case 0x09, 0x0A, 0x0C, 0x0D, 0x20...0x7E, 0xA0...0x17F, 0x370...0x45F: common += 1
      case 0...0x9F: controls += 1
      default: if CommonCharacters.contains(scalar) || CommonCharacters.isMark(scalar) { common += 1 }
      }
    }
    return controls > 0 || common == 0 ? 0 : Double(common) / Double(text.characters + text.illFormed)
  }

  private func guess() -> Finding {
    if let control = bytes[sample].firstIndex(where: { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B }) {
      return .binary(byteOffset: control)
    }
    guard sample.count >= Self.minimumGuessLength, let guess = TextDecoder.guess(bytes, sample) else { return .unknown }
    if guess.confidence < Self.minimumConfidence { return .unknown }
    // Unicode was tried, and EBCDIC would have been seen by its control characters.
    if guess.name.hasPrefix("UTF-") || guess.name.hasPrefix("IBM") { return .unknown }
    return TextEncoding(named: guess.name).map { .guess($0) } ?? .unknown
  }
}

extension DecodedText {
  fileprivate func forEachScalar(_ body: (Unicode.Scalar) -> Void) {
    var offset = 0
    while offset < bytes.count {
      let (value, length) = bytes.scalar(at: offset)
      body(value)
      offset += length
    }
  }
}
