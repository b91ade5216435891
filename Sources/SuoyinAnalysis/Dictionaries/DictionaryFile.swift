// What does a file of words say?

/// The text form of dictionaries: a word on a line, with a weight if it has one.
///
///     # a comment
///     新质生产力
///     放管服<TAB>5
///     !中小企业          takes the word out
///
/// Files that people have: UTF-8, with or without a byte order mark; lines end in LF, CR LF or CR alone; the weight is set off by a tab, or by
/// blanks in a line without tabs. `#` begins a comment at the beginning of a line or after white space. Of lines that speak of the same
/// word the last one holds.
public struct DictionaryFile: Sendable {
  /// What a line asks for; words are as `UserDictionary.normalized` gives them.
  public enum Change: Equatable, Sendable {
    case add(String, weight: Double)
    case remove(String)
  }

  /// A line that cannot be used.
  public struct Problem: Equatable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var line: Int
    public var reason: String

    public var description: String { "\(line): \(reason)" }
  }

  /// What the good lines say, in order, the words normalised.
  public private(set) var changes: [Change] = []
  public private(set) var problems: [Problem] = []

  /// Reads a file; bad lines become problems, and the others count.
  ///
  /// - Throws: `AnalysisError` when ICU cannot be opened.
  /// - Complexity: O(*n*).
  public init(parsing bytes: [UInt8]) throws(AnalysisError) {
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var number = 1
    // Invariant: bytes[..<start] are read, and `start` begins the line `number`. Terminates: every turn consumes a line end or the rest.
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      do {
        if let change = try Self.change(bytes[start..<end]) { changes.append(change) }
      } catch {
        guard let problem = error as? WordProblem else { throw error as? AnalysisError ?? AnalysisError("\(error)") }
        problems.append(Problem(line: number, reason: problem.description))
      }
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
      number += 1
    }
  }

  private static func change(_ line: ArraySlice<UInt8>) throws -> Change? {
    guard let line = String(validating: line, as: UTF8.self) else { throw WordProblem(description: "not UTF-8") }
    var content = line.unicodeScalars[...]
    var previous: Unicode.Scalar = " "
    for index in content.indices {
      if content[index] == "#", previous.properties.isWhitespace {
        content = content[..<index]
        break
      }
      previous = content[index]
    }
    content = trimmed(content)
    if content.isEmpty { return nil }
    let isRemoval = content.first == "!"
    if isRemoval { content = trimmed(content.dropFirst()) }
    let hasTab = content.contains("\t")
    var parts: [Substring.UnicodeScalarView] = []
    for part in content.split(whereSeparator: { hasTab ? $0 == "\t" : $0.properties.isWhitespace }) {
      let part = trimmed(part)
      if !part.isEmpty { parts.append(part) }
    }
    let word = String(parts.first ?? content)
    if isRemoval, parts.count > 1 {
      throw WordProblem(description: "'\(word)': a word that is taken out has no weight, and no blanks inside")
    }
    if parts.count > 2 { throw WordProblem(description: "'\(word)': there is more on the line than a word and a weight") }
    do {
      let weight = try parts.count == 2 ? weight(String(parts[1])) : 1
      let normalized = try UserDictionary.normalized(word)
      return isRemoval ? .remove(normalized) : .add(normalized, weight: weight)
    } catch {
      guard let problem = error as? WordProblem else { throw error }
      throw WordProblem(description: "'\(word)' \(problem)")
    }
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    let head = text.drop { $0.properties.isWhitespace }
    let last = head.lastIndex { !$0.properties.isWhitespace }
    return last.map { head[...$0] } ?? head[head.endIndex...]
  }

  private static func weight(_ text: String) throws(WordProblem) -> Double {
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } && text.utf8.count <= 20
    guard isDecimal, let weight = Double(text), weight >= 0.001, weight <= UserDictionary.maximumWeight else {
      throw WordProblem(description: "is followed by '\(text)', which is no weight: a number from 0.001 to 1000000000, such as 5 or 0.5")
    }
    return weight
  }

  /// The bytes of a dictionary: words in order of their bytes, then the removed ones. Reading them gives the same dictionary.
  public static func render(_ dictionary: UserDictionary) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in dictionary.words.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      bytes += word.utf8
      let weight = dictionary.words[word] ?? 1
      if weight != 1 {
        bytes.append(0x09)
        bytes += (weight == weight.rounded() ? "\(Int64(weight))" : "\(weight)").utf8
      }
      bytes.append(0x0A)
    }
    for word in dictionary.removed.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      bytes.append(UInt8(ascii: "!"))
      bytes += word.utf8
      bytes.append(0x0A)
    }
    return bytes
  }
}

extension UserDictionary {
  /// Reads what `DictionaryFile.render` wrote, the words as they are; nil when these bytes are something else.
  ///
  /// What could not be a word is noticed when the words are compiled.
  package init?(rendered bytes: [UInt8]) {
    self.init()
    guard bytes.last ?? 0x0A == 0x0A else { return nil }
    for line in bytes.split(separator: 0x0A) {
      let tab = line.firstIndex(of: 0x09) ?? line.endIndex
      let isRemoval = line.first == UInt8(ascii: "!")
      guard let word = String(validating: isRemoval ? line.dropFirst() : line[..<tab], as: UTF8.self), !word.isEmpty else { return nil }
      if isRemoval {
        remove(normalized: word)
      } else {
        let weight = tab == line.endIndex ? 1 : Double(String(decoding: line[(tab + 1)...], as: UTF8.self))
        guard let weight, weight > 0, weight <= Self.maximumWeight else { return nil }
        add(normalized: word, weight: weight)
      }
    }
  }

  /// Does what the lines of a file ask for, in order.
  public mutating func apply(_ changes: [DictionaryFile.Change]) {
    for change in changes {
      switch change {
      case .add(let word, let weight): add(normalized: word, weight: weight)
      case .remove(let word): remove(normalized: word)
      }
    }
  }
}
