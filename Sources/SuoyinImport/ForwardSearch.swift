// Where is the next occurrence of some bytes, asked again and again on the way through a text?

/// Remembers the last answer, so that all questions together look at each byte once as long as their offsets ascend: a file may begin a
/// hundred thousand comments and end none.
struct ForwardSearch {
  /// ASCII letters, in lower case, stand for both cases.
  private let pattern: [UInt8]
  /// Whether a name must end behind the pattern.
  private let isName: Bool
  private var from = 0
  private var found: Int?
  private var isKnown = false

  init(_ pattern: String, isName: Bool = false) {
    self.pattern = Array(pattern.utf8)
    self.isName = isName
  }

  /// The least offset from `offset` on at which the pattern stands; nil when there is none.
  mutating func next(in bytes: [UInt8], from offset: Int) -> Int? {
    if isKnown, offset >= from {
      guard let found else { return nil }
      if offset <= found { return found }
    }
    isKnown = true
    from = offset
    found = search(bytes, offset)
    return found
  }

  private func search(_ bytes: [UInt8], _ start: Int) -> Int? {
    let first = pattern[0]
    let other = first.isASCIILetter ? first & ~0x20 : first
    var offset = start
    while offset <= bytes.count - pattern.count {
      if bytes[offset] == first || bytes[offset] == other, stands(in: bytes, at: offset) { return offset }
      offset += 1
    }
    return nil
  }

  /// Whether the pattern stands at `offset`.
  func stands(in bytes: [UInt8], at offset: Int) -> Bool {
    if bytes.count - offset < pattern.count { return false }
    for index in pattern.indices {
      let byte = bytes[offset + index]
      if byte != pattern[index], !(byte.isASCIILetter && byte | 0x20 == pattern[index]) { return false }
    }
    let end = offset + pattern.count
    return !isName || end == bytes.count || bytes[end].endsHTMLName
  }
}

extension UInt8 {
  var endsHTMLName: Bool { isHTMLBlank || self == UInt8(ascii: "/") || self == UInt8(ascii: ">") }
}
