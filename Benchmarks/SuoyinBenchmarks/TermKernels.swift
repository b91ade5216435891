// How many instructions does a look-up in a table of 200,000 words take?
//
// What is measured: a word with one or with two errors, and a prefix of four letters, each looked up in the mapped table.
// On what corpus: 200,000 words of two to six syllables from a fixed seed, and 20 of them, each with a letter replaced.
// Notes: the table stands in the page cache; its pages have been checked by the first repetition, which is not counted.
internal import Suoyin
internal import SuoyinStorage

/// Look-ups in a large table of sorted strings.
struct TermKernels {
  static let wordCount = 200_000
  static let queryCount = 20

  private let table: SortedStrings
  /// Words of the table with a letter replaced.
  private let queries: [[UInt8]]

  init(_ directory: String) throws {
    var generator = SeededGenerator(seed: 7)
    var words: Set<[UInt8]> = []
    while words.count < Self.wordCount { words.insert(Self.word(&generator)) }
    let sorted = words.sorted { ByteOrder.precedes($0, $1) }
    var writer = SortedStringsWriter(hasValues: false)
    for word in sorted { writer.append(word) }
    let path = "\(directory)/terms"
    let file = try SectionFileWriter(path, kind: 9, in: SystemFileSystem())
    let sections = writer.sections
    for (section, bytes) in [(UInt32(1), sections.blocks), (2, sections.strings)] {
      try file.beginSection(section)
      try file.append(bytes)
    }
    _ = try file.finish()
    table = try SortedStrings(
      SectionFile(path, kind: 9, in: SystemFileSystem()), blocks: 1, strings: 2, count: sorted.count, hasValues: false)
    queries = (0..<Self.queryCount).map { _ in
      var word = sorted[Int.random(in: 0..<sorted.count, using: &generator)]
      word[Int.random(in: 0..<word.count, using: &generator)] = UInt8(ascii: "x")
      return word
    }
  }

  private static func word(_ generator: inout SeededGenerator) -> [UInt8] {
    let (consonants, vowels, ends) = (Array("bcdfghklmnprstvw".utf8), Array("aeiou".utf8), Array("nrst".utf8))
    var word: [UInt8] = []
    for _ in 0..<Int.random(in: 2...6, using: &generator) {
      word.append(consonants[Int.random(in: 0..<consonants.count, using: &generator)])
      word.append(vowels[Int.random(in: 0..<vowels.count, using: &generator)])
      if Int.random(in: 0..<4, using: &generator) == 0 { word.append(ends[Int.random(in: 0..<ends.count, using: &generator)]) }
    }
    return word
  }

  func near(_ distance: Int) -> PreparedKernel {
    PreparedKernel(unit: "word", unitCount: queries.count) {
      var count = 0
      for query in queries {
        try table.forEach(beginningWith: [], near: LevenshteinAutomaton(query, distance: distance)) { _, _ throws(IndexError) in count += 1
        }
      }
      return count
    }
  }

  func beginning() -> PreparedKernel {
    PreparedKernel(unit: "prefix", unitCount: queries.count) {
      var count = 0
      for query in queries {
        try table.forEach(beginningWith: Array(query.prefix(4))) { _ throws(IndexError) in
          count += 1
          return true
        }
      }
      return count
    }
  }
}
