// How do bytes of any encoding become UTF-8, and how many of them could not?
//
// Why the unsafe code here is sound: the decoder reads the bytes between its opening and its closing only, both inside the closure that has
// them; it writes at most SUOYIN_DECODED_CAPACITY bytes, which is the length of the piece it is given; names are written with their capacity
// and end with a zero. A decoder is closed exactly once, and does not leave the function that opened it.
internal import CICU

/// A text that was turned into UTF-8.
package struct DecodedText: Equatable {
  package var bytes: [UInt8] = []
  /// How many sequences of the original were ill-formed and became U+FFFD each.
  var illFormed = 0
  /// Where in the original the first of them is; 0 without one.
  var firstIllFormed = 0
  /// The scalars of the text, U+FFFD among them.
  var characters = 0
  var hasNUL = false
  /// Where the text comes from, if that was asked for.
  package var map = OffsetMap.identity

  /// Whether so much was replaced that this is no text of the encoding: all of it, or more than a tenth of the characters. One sequence does not
  /// count: a file may have been cut off in its last character.
  var isHopeless: Bool { illFormed > 0 && (illFormed == characters || (illFormed - 1) * 10 > characters) }
}

package enum TextDecoder {
  /// Whether ICU has a converter of this name.
  static func exists(_ name: String) -> Bool {
    // A zero would end the name too early.
    guard !name.utf8.contains(0), let decoder = unsafe suoyin_decoder_open(name, nil, 0) else { return false }
    unsafe suoyin_decoder_close(decoder)
    return true
  }

  /// Decodes a range of bytes.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that the result may have.
  ///   - isMapped: Whether to remember where each character comes from: its offsets are those in `bytes`.
  /// - Returns: nil when it would be longer, or ICU has no such converter.
  /// - Complexity: O(*n*); beside the input and the result it takes a piece of 48 KiB, and of 512 KiB with a map.
  package static func decode(
    _ bytes: [UInt8], _ range: Range<Int>, as encoding: TextEncoding, limit: Int = .max, isMapped: Bool = false
  ) -> DecodedText? {
    var text = DecodedText()
    if range.isEmpty { return text }
    var steps = DecodedSteps(isWanted: isMapped, start: range.lowerBound)
    var piece = [UInt8](repeating: 0, count: Int(SUOYIN_DECODED_CAPACITY))
    return unsafe bytes.withUnsafeBufferPointer { bytes -> DecodedText? in
      let part = unsafe UnsafeBufferPointer(rebasing: bytes[range])
      guard let decoder = unsafe suoyin_decoder_open(encoding.converter, part.baseAddress, Int64(part.count)) else { return nil }
      defer { unsafe suoyin_decoder_close(decoder) }
      // Terminates: every round takes some of the input.
      while true {
        let count = Int(unsafe steps.read { steps, count in unsafe suoyin_decoder_next(decoder, &piece, steps, count) })
        if count < 0 || text.bytes.count + count > limit { return nil }
        if count == 0 { break }
        for byte in piece[..<count] {
          if byte & 0xC0 != 0x80 { text.characters += 1 }
          if byte == 0 { text.hasNUL = true }
        }
        text.bytes += piece[..<count]
      }
      var first: Int64 = 0
      text.illFormed = Int(unsafe suoyin_decoder_ill_formed(decoder, &first))
      text.firstIllFormed = range.lowerBound + Int(first)
      if text.illFormed == 0 { text.firstIllFormed = 0 }
      if isMapped { text.map = OffsetMap(steps.runs) }
      return text
    }
  }

  /// ICU's guess at the encoding of a range of bytes, and its confidence from 0 to 100.
  static func guess(_ bytes: [UInt8], _ range: Range<Int>) -> (name: String, confidence: Int)? {
    if range.isEmpty { return nil }
    var name = [UInt8](repeating: 0, count: 64)
    let confidence = unsafe bytes.withUnsafeBufferPointer { bytes in
      let part = unsafe UnsafeBufferPointer(rebasing: bytes[range])
      return unsafe name.withUnsafeMutableBytes { name in
        unsafe name.withMemoryRebound(to: CChar.self) { name in
          unsafe suoyin_detect_encoding(part.baseAddress, Int32(part.count), name.baseAddress, Int32(name.count))
        }
      }
    }
    guard confidence >= 0 else { return nil }
    return (String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), Int(confidence))
  }
}

/// Gathers where the characters come from.
private struct DecodedSteps {
  private(set) var runs = OffsetRuns()
  private let start: Int
  private var text = 0
  /// Empty when nobody wants to know.
  private var steps: [suoyin_decoded_step]

  init(isWanted: Bool, start: Int) {
    self.start = start
    steps = Array(repeating: suoyin_decoded_step(), count: isWanted ? Int(SUOYIN_STEP_CAPACITY) : 0)
  }

  /// Takes what `next` writes, and returns what it returns.
  mutating func read(_ next: (UnsafeMutablePointer<suoyin_decoded_step>?, UnsafeMutablePointer<Int32>?) -> Int32) -> Int32 {
    if steps.isEmpty { return next(nil, nil) }
    var count: Int32 = 0
    let result = unsafe next(&steps, &count)
    for step in steps[..<Int(count)] {
      let length = Int(step.text_length)
      let file = start + Int(step.file)
      if step.is_same_length == 1 {
        // Bytes for bytes, so that characters of different lengths are one run.
        runs.append(text: text, file: file, textStep: 1, fileStep: 1, count: length)
      } else {
        runs.append(text: text, file: file, textStep: length, fileStep: Int(step.file_length))
      }
      text += length
    }
    return result
  }
}
