// What decides how a text is cut?

/// An analyzer's name and the words that it cuts by: what an index keeps, so that queries are cut as its passages were.
public struct AnalyzerSettings: Equatable, Sendable {
  public var name: AnalyzerName
  /// Whether the built-in list of policy words is used. Only the analyzer `chinese` cuts by lists of words.
  public var policyWords: Bool
  public var userDictionary: UserDictionary

  public init(_ name: AnalyzerName, policyWords: Bool = true, userDictionary: UserDictionary = UserDictionary()) {
    self.name = name
    self.policyWords = policyWords
    self.userDictionary = userDictionary
  }

  /// Names the behaviour: two indexes with the same fingerprint hold the same terms for the same text.
  ///
  /// It holds the linked ICU's rules and dictionary by digest, not by version, the lists of words by digest, and a revision of our own rules.
  public var fingerprint: String {
    if name == .whitespace { return "whitespace-2" }
    func hexadecimal(_ digest: UInt64) -> String { String(digest, radix: 16) }
    let digest = ICUProperties.wordBreakDigest
    var fingerprint = "\(name.rawValue)-3 rules=\(hexadecimal(digest.rules)) dictionary=\(hexadecimal(digest.dictionary))"
    if name.usesWordLists {
      if policyWords { fingerprint += " policy=\(hexadecimal(PolicyWords.digest))" }
      if !userDictionary.isEmpty { fingerprint += " user=\(hexadecimal(userDictionary.digest))" }
    }
    return fingerprint
  }

  /// The words that are taken out of ICU's dictionary, normalised.
  package var removedWords: Set<String> { name.usesWordLists ? userDictionary.removed : [] }

  /// Where a word comes from and what it weighs; nil for a word that no list has, or that was taken out.
  package func listing(of word: String) -> (rule: TokenRule, weight: Double)? {
    guard name.usesWordLists else { return nil }
    if let weight = userDictionary.words[word] { return (.userWord, weight) }
    return policyWords && !userDictionary.removed.contains(word) && PolicyWords.all.contains(word) ? (.policyWord, 1) : nil
  }

  /// The words to cut by, compiled; nil when there are none.
  package func wordList() throws -> WordList? {
    guard name.usesWordLists, policyWords || !userDictionary.words.isEmpty else { return nil }
    if userDictionary.isEmpty { return try PolicyWords.compiled() }
    var words: [(word: DictionaryWord, weight: Double, rule: TokenRule)] = []
    if policyWords {
      for word in PolicyWords.all where !userDictionary.removed.contains(word) {
        words.append((try DictionaryWord(normalized: word), 1, .policyWord))
      }
    }
    for (word, weight) in userDictionary.words { words.append((try DictionaryWord(normalized: word), weight, .userWord)) }
    return WordList(words)
  }
}

extension AnalyzerName {
  /// Whether words of lists go before ICU's.
  public var usesWordLists: Bool { self == .chinese }
}
