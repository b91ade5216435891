// Which words does an index have of its own?

/// The words that an index is cut by besides the built-in ones, and the words that it is not cut by.
///
/// Words are kept as texts are compared: 互聯網 and 互联网 are one word. No word is both listed and removed.
public struct UserDictionary: Equatable, Sendable {
  /// The listed words with their weights.
  public private(set) var words: [String: Double] = [:]
  /// The words that are taken out: of the built-in list and of ICU's dictionary.
  public private(set) var removed: Set<String> = []

  /// A weight is more than 0 and at most this.
  public static let maximumWeight = 1e9

  public init() {}

  public var isEmpty: Bool { words.isEmpty && removed.isEmpty }

  /// Lists a word; one that was removed is no longer.
  ///
  /// - Returns: The word as it is kept.
  /// - Throws: `WordProblem` when this cannot be a word, `AnalysisError`.
  @discardableResult
  public mutating func add(_ word: String, weight: Double = 1) throws -> String {
    guard weight > 0, weight <= Self.maximumWeight else { throw WordProblem(description: "has a weight that is not in 0...10⁹") }
    let word = try Self.normalized(word)
    add(normalized: word, weight: weight)
    return word
  }

  /// Takes a word out, whoever listed it.
  @discardableResult
  public mutating func remove(_ word: String) throws -> String {
    let word = try Self.normalized(word)
    remove(normalized: word)
    return word
  }

  /// Says nothing of a word any more.
  @discardableResult
  public mutating func forget(_ word: String) throws -> String {
    let word = try Self.normalized(word)
    forget(normalized: word)
    return word
  }

  // The same with words as `normalized` gives them.

  package mutating func add(normalized word: String, weight: Double) {
    words[word] = weight
    removed.remove(word)
  }

  package mutating func remove(normalized word: String) {
    words[word] = nil
    removed.insert(word)
  }

  package mutating func forget(normalized word: String) {
    words[word] = nil
    removed.remove(word)
  }

  /// A word as dictionaries keep it.
  ///
  /// - Throws: `WordProblem` when this cannot be a word, `AnalysisError`.
  public static func normalized(_ word: String) throws -> String { String(decoding: try DictionaryWord(word).text, as: UTF8.self) }

  /// Names what is in the dictionary: equal dictionaries have equal digests.
  public var digest: UInt64 { ContentDigest.of(DictionaryFile.render(self)) }
}

/// A digest of bytes: FNV-1a of 64 bits (Fowler, Noll & Vo). It tells apart what differs by accident, not what somebody made to agree.
enum ContentDigest {
  static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
