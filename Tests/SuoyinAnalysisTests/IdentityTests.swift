// Does the fast tokenizer cut everything exactly as the linked ICU does, and would these tests see it if it did not?
//
// scripts/identity runs them over whole corpora, all of ICU's dictionary and a million texts made to be hard: SUOYIN_IDENTITY_FILES names
// files and folders, SUOYIN_IDENTITY_STRINGS and SUOYIN_IDENTITY_ENTRIES say how many texts and dictionary words are tried.
import Foundation
import SuoyinAnalysis
import SuoyinTestKit
import Testing

/// Compares two ways to cut, boundary for boundary and status for status, and counts.
private final class Identity: CustomStringConvertible {
  private var tokenizer: Tokenizer
  private let breaker: WordBreaker
  private let normalizer = Normalizer()
  private var got: [(end: Int, status: Int32)] = []
  private(set) var texts = 0
  private(set) var bytes = 0
  private(set) var segments = 0
  private(set) var differences = 0
  private(set) var firstDifference = ""

  init(_ tables: CutTables?) throws {
    tokenizer = try Tokenizer(try #require(tables))
    breaker = try WordBreaker()
  }

  var description: String {
    "\(texts) texts, \(bytes) bytes, \(segments) segments: \(differences) cut otherwise\(firstDifference)"
  }

  func compare(_ text: [UInt8]) throws {
    texts += 1
    bytes += text.count
    got.removeAll(keepingCapacity: true)
    try tokenizer.forEachSegment(of: text) { _, end, status in got.append((end, status)) }
    var next = 0
    var isSame = true
    try breaker.forEachSegment(of: text) { _, end, status in
      isSame = isSame && next < got.count && got[next] == (end, status)
      next += 1
    }
    segments += next
    if isSame, next == got.count { return }
    differences += 1
    if firstDifference.isEmpty {
      firstDifference = ", the first of them \(String(decoding: text.prefix(2000), as: UTF8.self).debugDescription)"
    }
  }

  func compare(_ text: String) throws { try compare(Array(text.utf8)) }

  /// Compares a text as it stands, its lines, and its normalised form.
  func compareAll(_ text: [UInt8]) throws {
    try compare(text)
    for line in text.split(separator: 0x0A) { try compare(Array(line)) }
    try compare(normalizer.normalize(text.span).bytes)
  }
}

@Suite struct IdentityTests {
  private static let hostile = HostileText()

  /// Valid texts of all files: lines of JSON Lines are texts, and so are their members named `text`.
  private static func forEachText(in paths: [String], _ body: ([UInt8]) throws -> Void) throws {
    for path in paths {
      let files: [String]
      if let names = try? FileManager.default.subpathsOfDirectory(atPath: path).sorted() {
        files = names.map { "\(path)/\($0)" }
      } else {
        files = [path]
      }
      for file in files {
        guard let data = try? Data(contentsOf: URL(filePath: file)), !data.isEmpty else { continue }
        // Ill-formed bytes become U+FFFD: some files of the pack are in another encoding.
        let text = Array(String(decoding: data, as: UTF8.self).utf8)
        try body(text)
        guard file.hasSuffix(".jsonl") else { continue }
        for line in text.split(separator: 0x0A) {
          if let row = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any], let text = row["text"] as? String {
            try body(Array(text.utf8))
          }
        }
      }
    }
  }

  private static var files: [String] {
    environment("SUOYIN_IDENTITY_FILES")?.split(separator: ":").map(String.init) ?? ["\(repositoryRoot)/Corpus/seeds"]
  }

  // MARK: Identity

  @Test func `cuts files as ICU does`() throws {
    let identity = try Identity(.icu)
    try Self.forEachText(in: Self.files) { try identity.compareAll($0) }
    print("Identity, files: \(identity)")
    #expect(identity.differences == 0 && identity.texts > 0, "\(identity)")
  }

  @Test func `cuts the words of ICU's dictionary, pairs of them and their beginnings as ICU does`() throws {
    let words = try #require(Self.hostile).words
    let count = min(words.count, setting("SUOYIN_IDENTITY_ENTRIES", default: 6000))
    let identity = try Identity(.icu)
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    for place in 0..<count {
      let units = words[place * words.count / count].units
      let word = String(decoding: units, as: UTF16.self)
      for length in 1...units.count { try identity.compare(String(decoding: units[..<length], as: UTF16.self)) }
      try identity.compare(String(decoding: units.dropFirst(), as: UTF16.self))
      let other = String(decoding: random.element(words).units, as: UTF16.self)
      try identity.compare(word + other)
      try identity.compare(other + word)
    }
    print("Identity, dictionary: \(identity); \(count) of \(words.count) words")
    #expect(identity.differences == 0 && words.count > 300_000, "\(identity); \(random.advice)")
  }

  @Test func `cuts texts made to be hard as ICU does`() throws {
    let hostile = try #require(Self.hostile)
    let identity = try Identity(.icu)
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let count = setting("SUOYIN_IDENTITY_STRINGS", default: 6000)
    for number in 0..<count {
      try identity.compare(number % 2000 == 0 ? hostile.makeLong(&random) : hostile.make(&random))
    }
    print("Identity, hostile texts: \(identity)")
    #expect(identity.differences == 0, "\(identity); \(random.advice)")
  }

  @Test func `cuts runs of Han of every length around a block as ICU does`() throws {
    let hostile = try #require(Self.hostile)
    let identity = try Identity(.icu)
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    for before in ["", "，", "第1条", "甲1乙"] {
      var run: [UInt16] = []
      while run.count < 2100 { run += random.element(hostile.hanWords) }
      for length in 2036...2064 {
        let text = before + String(decoding: run[..<length], as: UTF16.self)
        for after in ["", "。", "\u{301}。", "ア"] { try identity.compare(text + after) }
      }
    }
    for _ in 0..<setting("SUOYIN_IDENTITY_LONG", default: 6) { try identity.compare(hostile.makeLong(&random)) }
    print("Identity, long runs: \(identity)")
    #expect(identity.differences == 0, "\(identity); \(random.advice)")
  }

  // MARK: Sensitivity

  @Test func `one word less in the dictionary, or one cost, would be seen`() throws {
    let words = try #require(Self.hostile).words
    func cost(_ word: String) throws -> UInt8 { try #require(words.first { $0.units == Array(word.utf16) }).cost }
    let changes = [("规定", UInt8(0)), ("的", try cost("的") + 40), ("新", try cost("新") - 20)]
    for (word, change) in changes {
      let name = "\(word) for \(change) instead of \(try cost(word))"
      let identity = try Identity(CutTables(changing: [(Array(word.utf16), change)]))
      try Self.forEachText(in: Self.files) { try identity.compareAll($0) }
      print("Identity, \(name): \(identity.differences) of \(identity.texts) texts cut otherwise")
      #expect(identity.differences > 0, "\(name)")
    }
    // As it is: nothing.
    let identity = try Identity(CutTables(changing: [(Array("规定".utf16), cost("规定"))]))
    try Self.forEachText(in: ["\(repositoryRoot)/Corpus/seeds"]) { try identity.compareAll($0) }
    #expect(identity.differences == 0, "\(identity)")
  }

  /// The shortest path written down plainly, over the words themselves: it must agree, and with the ties broken the other way it must not.
  @Test func `of two ways of the same cost the one with the longer last word is taken, and the other would be seen`() throws {
    let hostile = try #require(Self.hostile)
    let costs = Dictionary(hostile.words.map { ($0.units, Int($0.cost)) }) { first, _ in first }
    var texts: [[UInt16]] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(repositoryRoot)/Corpus/seeds").sorted() {
      let text = try String(contentsOfFile: "\(repositoryRoot)/Corpus/seeds/\(file)", encoding: .utf8)
      texts += text.utf16.split { !(0x4E00..<0x9FA6).contains($0) }.map(Array.init)
    }
    let breaker = try WordBreaker()
    var differences = (longer: 0, shorter: 0)
    for text in texts {
      var wanted: [Int] = []
      try breaker.forEachSegment(of: Array(String(decoding: text, as: UTF16.self).utf8)) { _, end, _ in wanted.append(end / 3) }
      if Self.plainCut(text, costs, prefersLonger: true) != wanted { differences.longer += 1 }
      if Self.plainCut(text, costs, prefersLonger: false) != wanted { differences.shorter += 1 }
    }
    print("Identity, ties: \(texts.count) runs of Han; \(differences.shorter) cut otherwise when the shorter last word wins")
    #expect(texts.count > 1000 && differences.longer == 0 && differences.shorter > 0, "\(differences)")
  }

  /// Where the words of a run of Han end.
  private static func plainCut(_ run: [UInt16], _ costs: [[UInt16]: Int], prefersLonger: Bool) -> [Int] {
    var best = [(cost: Int, length: Int)](repeating: (.max, 0), count: run.count + 1)
    best[0].cost = 0
    for end in 1...run.count {
      for length in 1...min(20, end) {
        guard let cost = costs[Array(run[end - length..<end])] ?? (length == 1 ? 255 : nil) else { continue }
        let sum = best[end - length].cost + cost
        if prefersLonger ? sum <= best[end].cost : sum < best[end].cost { best[end] = (sum, length) }
      }
    }
    var ends: [Int] = []
    var end = run.count
    while end > 0 {
      ends.append(end)
      end -= best[end].length
    }
    return ends.reversed()
  }
}
