// Where do the members of a JSON object begin and end?
//
// Foundation's decoder cannot tell, since it gives values and no bytes; and it is no judge of what it was not asked to decode: it takes
// `{"n": 01.2.3}`, `{"n": "\q"}` and `{"n": [1,]}`, which must not be stored as JSON. So the grammar is checked here, and whole.

/// The names and values of a JSON object, as ranges of its bytes.
package struct JSONMember: Equatable {
  /// With the quotes.
  package var name: Range<Int>
  package var value: Range<Int>
}

/// Reads one JSON text.
///
/// - Source: RFC 8259 (Bray, 2017), §2–7, without additions.
package struct JSONScanner {
  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The members of the object that `bytes` holds, in their order.
  ///
  /// - Parameter bytes: Valid UTF-8.
  /// - Complexity: O(*n*); nesting costs a byte a level and no stack.
  package static func members(of bytes: [UInt8]) throws(JSONSyntaxError) -> [JSONMember] {
    var scanner = JSONScanner(bytes)
    var members: [JSONMember] = []
    scanner.skipSpace()
    if scanner.current != UInt8(ascii: "{") { throw scanner.error("not a JSON object") }
    scanner.position += 1
    scanner.skipSpace()
    if scanner.current == UInt8(ascii: "}") {
      scanner.position += 1
    } else {
      repeat {
        let name = try scanner.name()
        let start = scanner.position
        try scanner.skipValue()
        members.append(JSONMember(name: name, value: start..<scanner.position))
      } while try scanner.goesOn(until: UInt8(ascii: "}"))
    }
    scanner.skipSpace()
    if scanner.position < bytes.count { throw scanner.error("something follows the JSON object") }
    return members
  }

  /// The elements of the array that `bytes` holds, in their order.
  ///
  /// - Parameter bytes: Valid UTF-8.
  /// - Complexity: O(*n*); nesting costs a byte a level and no stack.
  package static func elements(of bytes: [UInt8]) throws(JSONSyntaxError) -> [Range<Int>] {
    var scanner = JSONScanner(bytes)
    var elements: [Range<Int>] = []
    scanner.skipSpace()
    if scanner.current != UInt8(ascii: "[") { throw scanner.error("not a JSON array") }
    scanner.position += 1
    scanner.skipSpace()
    if scanner.current == UInt8(ascii: "]") {
      scanner.position += 1
    } else {
      repeat {
        scanner.skipSpace()
        let start = scanner.position
        try scanner.skipValue()
        elements.append(start..<scanner.position)
      } while try scanner.goesOn(until: UInt8(ascii: "]"))
    }
    scanner.skipSpace()
    if scanner.position < bytes.count { throw scanner.error("something follows the JSON array") }
    return elements
  }

  /// The byte at the position; 0, which begins nothing in JSON, at the end.
  private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(byteOffset: position, message: position < bytes.count ? message : "the row ends too early")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  /// After a value: whether a comma says that another follows, or the container ends here.
  private mutating func goesOn(until bracket: UInt8) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    let goesOn = current == UInt8(ascii: ",")
    if !goesOn, current != bracket { throw error("a comma or \(bracket == UInt8(ascii: "}") ? "}" : "]") is missing") }
    position += 1
    return goesOn
  }

  /// A member's name, the colon, and the spaces around them.
  private mutating func name() throws(JSONSyntaxError) -> Range<Int> {
    skipSpace()
    if current != UInt8(ascii: "\"") { throw error("a member's name in quotes is missing") }
    let start = position
    try skipString()
    let end = position
    skipSpace()
    if current != UInt8(ascii: ":") { throw error("a colon is missing") }
    position += 1
    skipSpace()
    return start..<end
  }

  /// Moves past the value that begins here, however deep it is.
  private mutating func skipValue() throws(JSONSyntaxError) {
    // The closing brackets that are still to come, the next one last.
    var open: [UInt8] = []
    // Invariant: a value, and perhaps space before it, comes next.
    values: while true {
      skipSpace()
      if current == UInt8(ascii: "{") || current == UInt8(ascii: "[") {
        let bracket = current + 2  // "}" and "]" come two after "{" and "["
        position += 1
        skipSpace()
        if current != bracket {
          open.append(bracket)
          if bracket == UInt8(ascii: "}") { _ = try name() }
          continue
        }
        position += 1
      } else {
        try skipScalar()
      }
      // A value is complete; so is the container around it, unless a comma follows.
      while let bracket = open.last {
        if try goesOn(until: bracket) {
          if bracket == UInt8(ascii: "}") { _ = try name() }
          continue values
        }
        open.removeLast()
      }
      return
    }
  }

  private mutating func skipScalar() throws(JSONSyntaxError) {
    switch current {
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: throw error("a value is missing")
    }
  }

  private mutating func skipWord(_ word: String) throws(JSONSyntaxError) {
    if !bytes.has(word, at: position) { throw error("a value is missing") }
    position += word.utf8.count
  }

  private mutating func skipString() throws(JSONSyntaxError) {
    position += 1
    // Terminates: every round moves on, or throws.
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] < 0x20 { throw error("a control character in a string is not escaped") }
      if bytes[position] == UInt8(ascii: "\\") {
        position += 1
        switch current {
        case UInt8(ascii: "u"):
          for _ in 0..<4 {
            position += 1
            if !isHexDigit(current) { throw error("four hexadecimal digits must follow \\u") }
          }
        case let escape where "\"\\/bfnrt".utf8.contains(escape): break
        default: throw error("no such escape in a string")
        }
      }
      position += 1
    }
    if position >= bytes.count { throw error("") }
    position += 1
  }

  private mutating func skipNumber() throws(JSONSyntaxError) {
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if current | 0x20 == UInt8(ascii: "e") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = position
    while (0x30...0x39).contains(current) { position += 1 }
    if position == start { throw error("a digit is missing in a number") }
  }

  private func isHexDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20) }
}
