// What does ICU say of a code point or a short string?
//
// Why the unsafe code here is sound: every call hands ICU a pointer that is valid for the call only, with its length; the batch result
// is read only up to the length ICU returned, which is checked against the capacity that was given.
internal import CICU

package enum ICUProperties {
  /// What a code point is to the cell model.
  package enum CodePointKind: Int32 {
    /// White space, punctuation, a symbol: no cell.
    case none = 0
    /// Part of a word of letters or digits.
    case letterOrDigit = 1
    /// A cell of its own: Han, kana, Hangul syllables, the scripts cut by dictionary, private use.
    case cell = 2
    /// A mark: part of the word it stands in, else nothing.
    case mark = 3
  }

  @inline(__always)
  package static func kind(of codePoint: UInt32) -> CodePointKind {
    if codePoint < 0x80 {
      return codePoint &- 0x30 < 10 || (codePoint | 0x20) &- 0x61 < 26 ? .letterOrDigit : .none
    }
    if codePoint >= 0x4E00, codePoint < 0x9FA6 { return .cell }
    return CodePointKind(rawValue: suoyin_code_point_kind(Int32(codePoint))) ?? .none
  }

  /// Whether a code point is of the scripts Han or Hiragana and NFKC leaves it alone.
  package static func isPlainIdeograph(_ codePoint: UInt32) -> Bool { suoyin_is_plain_ideograph(Int32(codePoint)) != 0 }

  /// Whether NFKC_Casefold always has a boundary before the code point.
  @inline(__always)
  package static func hasBoundaryBefore(_ codePoint: UInt32) -> Bool {
    if codePoint < 0x80 || codePoint >= 0x4E00 && codePoint < 0x9FA6 { return true }
    return suoyin_nfkc_casefold_has_boundary_before(Int32(codePoint)) != 0
  }

  /// NFKC_Casefold of UTF-16 text.
  package static func nfkcCasefold(_ units: [UInt16]) -> [UInt16] {
    var capacity = units.count * 2 + 20
    while true {
      var needed: Int32 = 0
      let result = unsafe [UInt16](unsafeUninitializedCapacity: capacity) { target, count in
        needed = unsafe suoyin_nfkc_casefold(units, Int32(units.count), target.baseAddress, Int32(capacity))
        count = max(0, min(Int(needed), capacity))
      }
      // Terminates: the second turn has the capacity that ICU asked for.
      if Int(needed) <= capacity { return needed < 0 ? units : result }
      capacity = Int(needed)
    }
  }

  /// ICU's own Traditional-to-Simplified form of one code point: what the committed table is generated from and tested against.
  package static func simplified(_ codePoint: UInt32) -> [UInt32] {
    unsafe [UInt32](unsafeUninitializedCapacity: 32) { target, count in
      count = unsafe target.withMemoryRebound(to: Int32.self) { unsafe Int(max(0, suoyin_simplify(Int32(codePoint), $0.baseAddress, 32))) }
    }
  }

  /// Names how the linked ICU cuts text: digests of its word break rules and its Chinese dictionary.
  ///
  /// - Complexity: reads 2 MB of the library's data, about 0.5 ms.
  package static let wordBreakDigest: (rules: UInt64, dictionary: UInt64) = {
    var rules: UInt64 = 0
    var dictionary: UInt64 = 0
    unsafe suoyin_word_break_digest(&rules, &dictionary)
    return (rules, dictionary)
  }()

  /// The linked ICU's version, such as "72.1".
  package static let version: String = {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 20) { buffer in
      unsafe suoyin_icu_version(buffer.baseAddress)
      return unsafe String(cString: buffer.baseAddress!)
    }
  }()
}
