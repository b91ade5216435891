// What is the stem of an English word?
//
// Why the unsafe code here is sound: the bytes of a suffix are read while its buffer is given.

/// The rules by which words of a language become stems.
public enum Stemming: UInt8, Sendable, CaseIterable {
  /// Porter's second stemmer for English.
  case english = 1
}

/// Takes the endings off English words: running, runs → run; policies, policy → polici.
///
/// - Source: Porter, "The English (Porter2) stemming algorithm", snowballstem.org, 2001, in the form that Snowball 3 has.
struct EnglishStemmer {
  /// The word, then its stem: lower-case letters and apostrophes; a y that is a consonant stands as Y while the rules run.
  private var word: [UInt8]
  /// Where the regions R1 and R2 begin.
  private var r1 = 0
  private var r2 = 0

  /// The stem of a word of lower-case ASCII letters and apostrophes (`'`); nil for any other word.
  ///
  /// - Complexity: O(*n*) in the length of the word.
  static func stem(of word: some Collection<UInt8>) -> [UInt8]? {
    guard word.allSatisfy({ (0x61...0x7A).contains($0) || $0 == apostrophe }) else { return nil }
    if word.count <= 2 { return Array(word) }
    if let stem = exceptions[Array(word)] { return stem }
    var stemmer = EnglishStemmer(word: Array(word))
    stemmer.run()
    return stemmer.word
  }

  private init(word: [UInt8]) { self.word = word }

  private static let apostrophe = UInt8(ascii: "'")
  private static let consonantY = UInt8(ascii: "Y")

  // MARK: Words that the rules would treat wrongly

  private static func table(_ text: StaticString) -> [[UInt8]: [UInt8]] {
    var table: [[UInt8]: [UInt8]] = [:]
    for pair in "\(text)".split(separator: " ") {
      let sides = pair.utf8.split(separator: UInt8(ascii: ":"))
      table[Array(sides[0])] = Array(sides[sides.count - 1])
    }
    return table
  }

  private static let exceptions = table(
    """
    skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl \
    sky:sky news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes
    """)

  /// What is final when step 1a has left it.
  private static let finalAfterPlural: Set<[UInt8]> = Set(
    ["inning", "outing", "canning", "herring", "earring", "evening", "proceed", "exceed", "succeed"].map { Array($0.utf8) })

  // MARK: Letters and regions

  private func isVowel(_ index: Int) -> Bool { "aeiouy".utf8.contains(word[index]) }

  private mutating func run() {
    if word[0] == Self.apostrophe { word.removeFirst() }
    markConsonantYs()
    findRegions()
    removeApostrophe()
    removePlural()
    if Self.finalAfterPlural.contains(word) { return }
    removePastAndGerund()
    replaceFinalY()
    replaceDerivation()
    removeDerivation()
    removeLastSuffix()
    removeFinalLetter()
    for index in word.indices where word[index] == Self.consonantY { word[index] = UInt8(ascii: "y") }
  }

  /// A y at the beginning or after a vowel is a consonant.
  private mutating func markConsonantYs() {
    for index in word.indices where word[index] == UInt8(ascii: "y") && (index == 0 || isVowel(index - 1)) { word[index] = Self.consonantY }
  }

  /// R1 is what follows the first consonant after a vowel, R2 the same inside R1.
  private mutating func findRegions() {
    func region(from start: Int) -> Int {
      var index = start
      while index < word.count, !isVowel(index) { index += 1 }
      while index < word.count, isVowel(index) { index += 1 }
      return min(index + 1, word.count)
    }
    // After these the rules would go too far: university is not universe, nor international intern.
    let prefixes = ["gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter"]
    let prefix = prefixes.first { word.starts(with: $0.utf8) }
    r1 = prefix?.utf8.count ?? region(from: 0)
    r2 = region(from: r1)
  }

  private func ends(_ suffix: StaticString) -> Bool { endsBefore(word.count, suffix) }

  /// Whether `word[..<end]` ends so.
  private func endsBefore(_ end: Int, _ suffix: StaticString) -> Bool {
    let count = suffix.utf8CodeUnitCount
    guard end >= count else { return false }
    return suffix.withUTF8Buffer { bytes in unsafe word[(end - count)..<end].elementsEqual(bytes) }
  }

  private mutating func replaceLast(_ count: Int, with suffix: StaticString = "") {
    word.removeLast(count)
    suffix.withUTF8Buffer { bytes in unsafe word.append(contentsOf: bytes) }
  }

  /// Whether `word[..<end]` ends in a short syllable: a vowel between consonants, the last none of w, x, Y; or a vowel that begins the word; so
  /// is past, for paste.
  private func endsInShortSyllable(_ end: Int) -> Bool {
    if endsBefore(end, "past") { return true }
    if end == 2 { return isVowel(0) && !isVowel(1) }
    guard end > 2 else { return false }
    return !isVowel(end - 3) && isVowel(end - 2) && !isVowel(end - 1) && !"wxY".utf8.contains(word[end - 1])
  }

  // MARK: Steps

  /// Step 0.
  private mutating func removeApostrophe() {
    if ends("'s'") { replaceLast(3) } else if ends("'s") { replaceLast(2) } else if ends("'") { replaceLast(1) }
  }

  /// Step 1a.
  private mutating func removePlural() {
    if ends("sses") {
      replaceLast(2)
    } else if ends("ied") || ends("ies") {
      replaceLast(word.count > 4 ? 2 : 1)
    } else if ends("us") || ends("ss") {
      return
    } else if ends("s"), word.count > 2, word.indices.dropLast(2).contains(where: isVowel) {
      replaceLast(1)
    }
  }

  /// Step 1b.
  private mutating func removePastAndGerund() {
    if ends("eedly") {
      if word.count - 5 >= r1 { replaceLast(3) }
    } else if ends("eed") {
      if word.count - 3 >= r1 { replaceLast(1) }
    } else {
      let count = ends("ingly") ? 5 : ends("edly") ? 4 : ends("ing") ? 3 : ends("ed") ? 2 : 0
      guard count > 0, word.indices.dropLast(count).contains(where: isVowel) else { return }
      replaceLast(count)
      if ends("at") || ends("bl") || ends("iz") {
        word.append(UInt8(ascii: "e"))
      } else if word.count >= 2, word[word.count - 1] == word[word.count - 2], "bdfgmnprt".utf8.contains(word[word.count - 1]) {
        // But add, ebb and odd keep their two letters.
        if word.count > 3 || !"aeo".utf8.contains(word[0]) { replaceLast(1) }
      } else if r1 >= word.count, endsInShortSyllable(word.count) {
        word.append(UInt8(ascii: "e"))
      }
    }
  }

  /// Step 1c.
  private mutating func replaceFinalY() {
    if word.count > 2, ends("y") || ends("Y"), !isVowel(word.count - 2) { word[word.count - 1] = UInt8(ascii: "i") }
  }

  /// Longest first.
  private static let derivations: [(StaticString, StaticString)] = [
    ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"), ("biliti", "ble"),
    ("lessli", "less"),
    ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"), ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"),
    ("ousli", "ous"), ("abli", "able"), ("alli", "al"), ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"),
    ("bli", "ble"),
  ]

  /// Step 2.
  private mutating func replaceDerivation() {
    for (suffix, replacement) in Self.derivations where ends(suffix) {
      if word.count - suffix.utf8CodeUnitCount >= r1 { replaceLast(suffix.utf8CodeUnitCount, with: replacement) }
      return
    }
    if ends("ogi") {
      if word.count - 3 >= r1, word.count > 3, word[word.count - 4] == UInt8(ascii: "l") { replaceLast(1) }
    } else if ends("li"), word.count - 2 >= r1, word.count > 2, "cdeghkmnrt".utf8.contains(word[word.count - 3]) {
      replaceLast(2)
    }
  }

  /// Step 3.
  private mutating func removeDerivation() {
    let suffixes: [(StaticString, StaticString)] = [
      ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""), ("ical", "ic"),
      ("ness", ""),
      ("ful", ""),
    ]
    for (suffix, replacement) in suffixes where ends(suffix) {
      // Only -ative must lie in R2.
      let start = word.count - suffix.utf8CodeUnitCount
      if start >= (ends("ative") ? r2 : r1) { replaceLast(suffix.utf8CodeUnitCount, with: replacement) }
      return
    }
  }

  /// Step 4.
  private mutating func removeLastSuffix() {
    let suffixes: [StaticString] = [
      "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic",
    ]
    for suffix in suffixes where ends(suffix) {
      let start = word.count - suffix.utf8CodeUnitCount
      guard start >= r2 else { return }
      if ends("ion"), !(endsBefore(start, "s") || endsBefore(start, "t")) { return }
      return replaceLast(suffix.utf8CodeUnitCount)
    }
  }

  /// Step 5.
  private mutating func removeFinalLetter() {
    let last = word.count - 1
    if ends("e") {
      if last >= r2 || last >= r1 && !endsInShortSyllable(last) { replaceLast(1) }
    } else if ends("l"), last >= r2, endsBefore(last, "l") {
      replaceLast(1)
    }
  }
}

extension Analysis {
  /// What every stem's term begins with, so that it is no other term.
  package static let stemMark = UInt8(ascii: "~")

  /// Adds the stem of every word of ASCII letters, `~run` for running and run alike.
  package mutating func addStems(_ stemming: Stemming) {
    var stemmed = self
    stemmed.extras = []
    stemmed.extraText = []
    var next = 0
    func copyExtras(upTo cell: Int) {
      while next < extras.count, Int(extras[next].firstCell) <= cell {
        stemmed.addExtra(term(of: extras[next]), cells: extras[next].cellRange, rule: extras[next].rule)
        next += 1
      }
    }
    for (index, cell) in cells.enumerated() where cell.isLettersOrDigits {
      copyExtras(upTo: index)
      if let stem = EnglishStemmer.stem(of: term(of: cell)) {
        stemmed.addExtra([Self.stemMark] + stem, cells: index..<index + 1, rule: .stem)
      }
    }
    copyExtras(upTo: cells.count)
    self = stemmed
  }
}
