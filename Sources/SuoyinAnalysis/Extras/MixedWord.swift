// Which parts does 415X have?

/// What a word of letters or digits is made of.
enum WordKind {
  /// ASCII digits, with points and commas between them.
  case digits
  case letters
  /// Both letters and digits: 5g, c2m.
  case mixed

  @inline(__always)
  init(_ word: ArraySlice<UInt8>) {
    var hasDigit = false
    var hasLetter = false
    for byte in word {
      switch byte {
      case 0x30...0x39: hasDigit = true
      case 0x61...0x7A, 0x80...: hasLetter = true
      default: break
      }
    }
    self = hasDigit ? hasLetter ? .mixed : .digits : .letters
  }
}

extension NumberTerms {
  /// A word of more parts (a checksum, say) is found as a whole only.
  private static let maximumPartCount = 8

  /// Adds every run of letters and every run of digits in a word: 415 and x of 415x, 2023 and 2024 of 2023,2024. A point between digits is one.
  func addParts(at index: Int, to analysis: inout Analysis) {
    let word = text.term(index)
    var parts: [ArraySlice<UInt8>] = []
    var start = word.startIndex
    // Terminates: every turn takes at least a byte.
    while start < word.endIndex {
      let isDigits = Self.isDigit(word[start])
      var end = start + 1
      if isDigits || Self.isLetter(word[start]) {
        while end < word.endIndex, isDigits ? Self.isDigit(word[end]) || Self.isPoint(word, end) : Self.isLetter(word[end]) { end += 1 }
        if !parts.contains(where: { $0.elementsEqual(word[start..<end]) }) { parts.append(word[start..<end]) }
        if parts.count > Self.maximumPartCount { return }
      }
      start = end
    }
    for part in parts where part.count < word.count { analysis.addExtra(part, cells: index..<index + 1, rule: .part) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || byte >= 0x80 }

  private static func isPoint(_ word: ArraySlice<UInt8>, _ index: Int) -> Bool {
    word[index] == UInt8(ascii: ".") && index + 1 < word.endIndex && isDigit(word[index + 1])
  }
}
