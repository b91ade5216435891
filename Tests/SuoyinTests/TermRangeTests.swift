// Are prefixes, ranges and words with errors found in a sorted table as a scan of all its strings finds them?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct TermRangeTests {
  private static func table(_ strings: [String]) throws -> (table: SortedStrings, directory: TemporaryDirectory) {
    let directory = try TemporaryDirectory()
    var writer = SortedStringsWriter(hasValues: false)
    for string in strings { writer.append(Array(string.utf8)) }
    let file = try SectionFileWriter(directory.path("table"), kind: 9, in: SystemFileSystem())
    let sections = writer.sections
    for (section, bytes) in [(UInt32(1), sections.blocks), (2, sections.strings)] {
      try file.beginSection(section)
      try file.append(bytes)
    }
    _ = try file.finish()
    let opened = try SectionFile(directory.path("table"), kind: 9, in: SystemFileSystem())
    return (try SortedStrings(opened, blocks: 1, strings: 2, count: strings.count, hasValues: false), directory)
  }

  private static func sorted(_ strings: some Sequence<String>) -> [String] {
    Set(strings).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Words of few letters, so that many are near one another; of one, two, three and four bytes.
  private static func word(_ random: inout SeededRandom, _ alphabet: [String]) -> String {
    (0..<random.below(random.chance(1, in: 20) ? 30 : 8)).map { _ in random.element(alphabet) }.joined()
  }
  private static let alphabets = [["a", "b"], ["a", "b", "c", "d", "e"], ["a", "é", "政", "𠮷", "\u{D7FF}", "\u{E000}", "\u{10FFFF}"]]

  /// Calls `body` with tables of a few strings, and of up to `most`.
  private static func forEachTable(
    seed: UInt64, most: Int, _ body: (SortedStrings, [String], [String], inout SeededRandom) throws -> Void
  ) throws {
    var random = SeededRandom(seed: seed)
    for round in 0..<12 {
      let alphabet = random.element(alphabets)
      let strings = sorted((0..<random.below(round < 5 ? 3 : most)).map { _ in word(&random, alphabet) })
      let (table, directory) = try table(strings)
      try withExtendedLifetime(directory) { try body(table, strings, alphabet, &random) }
    }
  }

  @Test(arguments: SeededRandom.seeds(4)) func `finds the strings that begin with a prefix`(seed: UInt64) throws {
    try Self.forEachTable(seed: seed, most: 600) { table, strings, alphabet, random in
      for _ in 0..<40 {
        let prefix = Self.word(&random, alphabet)
        var found: [String] = []
        try table.forEach(beginningWith: Array(prefix.utf8)) { entry throws(IndexError) in
          found.append(String(decoding: entry.string, as: UTF8.self))
          return true
        }
        #expect(found == strings.filter { $0.utf8.starts(with: prefix.utf8) }, "'\(prefix)' \(random.advice)")
      }
      guard !strings.isEmpty else { return }
      // Jumps forward, short and long, end where a search from the beginning does.
      var entry = try table.entry(at: random.below(strings.count))
      while true {
        let target =
          random.chance(1, in: 3) ? Self.word(&random, alphabet) : strings[min(strings.count - 1, entry.ordinal + random.below(90))] + "a"
        guard strings[entry.ordinal].utf8.lexicographicallyPrecedes(target.utf8) else { break }
        let expected = strings.firstIndex { !$0.utf8.lexicographicallyPrecedes(target.utf8) }
        let isFound = try table.advance(&entry, to: Array(target.utf8))
        #expect(isFound == (expected != nil), "\(random.advice)")
        guard isFound else { break }
        #expect(entry.ordinal == expected, "'\(target)' \(random.advice)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(6)) func `finds the strings that are near a word`(seed: UInt64) throws {
    try Self.forEachTable(seed: seed, most: 800) { table, strings, alphabet, random in
      for _ in 0..<10 {
        let word = strings.isEmpty || random.chance(1, in: 3) ? Self.word(&random, alphabet) : random.element(strings)
        for distance in 0...2 {
          var found: [String: Int] = [:]
          try table.forEach(beginningWith: [], near: LevenshteinAutomaton(Array(word.utf8), distance: distance)) {
            entry, distance throws(IndexError) in
            found[String(decoding: entry.string, as: UTF8.self)] = distance
          }
          var expected: [String: Int] = [:]
          for string in strings {
            let naive = naiveDistance(word, string)
            if naive <= distance { expected[string] = naive }
          }
          #expect(found == expected, "'\(word)' \(distance) \(random.advice)")
        }
      }
    }
  }

  /// Every word of up to four letters of two, against all such words.
  @Test func `knows every short word's distance from every other`() {
    func words(_ length: Int) -> [String] { length == 0 ? [""] : words(length - 1).flatMap { [$0 + "a", $0 + "b"] } }
    let all = (0...4).flatMap(words).sorted()
    for word in all {
      for distance in 0...2 {
        var automaton = LevenshteinAutomaton(Array(word.utf8), distance: distance)
        for other in all {
          let naive = naiveDistance(word, other)
          let outcome = automaton.read(Array(other.utf8)[...])
          #expect((outcome == .near(naive)) == (naive <= distance), "\(word) \(other) \(distance): \(outcome)")
        }
      }
    }
  }

  @Test func `reads a small part of a large table`() throws {
    var random = SeededRandom(seed: 5)
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789".map(String.init)
    let strings = Self.sorted(
      (0..<setting("SUOYIN_TERMS", default: 50_000)).map { _ in (0..<8).map { _ in random.element(letters) }.joined() })
    let (table, directory) = try Self.table(strings)
    try withExtendedLifetime(directory) {
      for (distance, most) in [(1, 60), (2, 4)] {
        var automaton = LevenshteinAutomaton(Array(strings[strings.count / 2].utf8), distance: distance)
        // As `forEach` does it, counting the strings that are looked at.
        var (looked, found) = (0, 0)
        var entry = try #require(try table.lowerBound([]))
        var isOver = false
        while !isOver {
          looked += 1
          switch automaton.read(entry.string[...]) {
          case .dead: isOver = try automaton.successor().map { try !table.advance(&entry, to: $0) } ?? true
          case .near(_):
            found += 1
            isOver = try !table.advance(&entry)
          case .far: isOver = try !table.advance(&entry)
          }
        }
        print("Near \(distance): \(looked) of \(strings.count) strings looked at, \(found) near")
        #expect(found > 0 && looked < strings.count / most, "\(looked) of \(strings.count)")
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(3)) func `the strings that a text begins with are those that a look-up finds`(seed: UInt64) throws {
    try Self.forEachTable(seed: seed, most: 200) { table, strings, alphabet, random in
      for _ in 0..<30 {
        let text = Array((random.chance(1, in: 2) ? random.element(strings + [""]) : "").utf8) + Array(Self.word(&random, alphabet).utf8)
        let lengths = (0...text.count).dropFirst().filter { _ in random.chance(2, in: 3) }
        var found: [Int] = []
        try table.forEachPrefix(of: text, lengths: lengths) { length, entry throws(IndexError) in
          if entry.string != Array(text[..<length]) { throw IndexError(.corrupted, "another string") }
          found.append(length)
        }
        #expect(try found == lengths.filter { try table.find(Array(text[..<$0])) != nil }, "\(random.advice)")
        for length in lengths {
          let prefix = Array(text[..<length])
          let isThere = strings.contains { Array($0.utf8).starts(with: prefix) }
          #expect(try table.contains(beginningWith: prefix) == isThere, "\(random.advice)")
        }
      }
    }
  }
}
