// Which queries does a corpus suggest?
internal import Suoyin
internal import SuoyinAnalysis

/// The kinds of queries that are timed apart.
enum QueryClass: String, CaseIterable {
  case frequentTerm = "one frequent term"
  case allOfTwo = "AND of 2"
  case allOfThree = "AND of 3"
  case anyOfTwo = "OR of 2"
  case anyOfSeveral = "OR of 3 to 5"
  case question = "a whole question"
  case quotedPair = "quoted, 2 cells"
  case quotedSequence = "quoted, 3 to 8 cells"
}

/// Draws queries from the texts of a corpus, so that every query matches and any corpus will do.
struct QuerySampler {
  private let texts: [String]
  private let index: IndexReader
  private let analyzer: Analyzer
  private var generator: SeededGenerator

  init(_ texts: [String], index: IndexReader, seed: UInt64) throws {
    self.texts = texts
    self.index = index
    analyzer = try Analyzer(index.settings)
    generator = SeededGenerator(seed: seed)
  }

  /// So many queries of a class, as a person would type them.
  mutating func queries(_ queryClass: QueryClass, count: Int) throws -> [String] {
    var queries: [String] = []
    var attempts = 0
    while queries.count < count {
      attempts += 1
      if attempts > 1000 * count { throw BenchmarkFailure("the corpus suggests too few queries of the class '\(queryClass.rawValue)'") }
      if let query = try draw(queryClass) { queries.append(query) }
    }
    return queries
  }

  private mutating func draw(_ queryClass: QueryClass) throws -> String? {
    let text = texts[Int.random(in: texts.indices, using: &generator)]
    switch queryClass {
    case .frequentTerm: return try words(of: text, count: 1, leastShare: 0.02)?.first
    case .allOfTwo: return try words(of: text, count: 2)?.joined(separator: " AND ")
    case .allOfThree: return try words(of: text, count: 3)?.joined(separator: " AND ")
    case .anyOfTwo: return try words(of: text, count: 2)?.joined(separator: " OR ")
    case .anyOfSeveral: return try words(of: text, count: Int.random(in: 3...5, using: &generator))?.joined(separator: " OR ")
    case .question: return question(from: text)
    case .quotedPair: return try quoted(from: text, length: 2)
    case .quotedSequence: return try quoted(from: text, length: Int.random(in: 3...8, using: &generator))
    }
  }

  /// Different words of two cells and more from one text, each in at least the given share of all passages; nil when it has too few.
  private mutating func words(of text: String, count: Int, leastShare: Double = 0.001) throws -> [String]? {
    let analysis = try analyzer.analyze(text)
    var words: [[UInt8]] = []
    for word in analysis.words.shuffled(using: &generator) where word.cellCount > 1 && word.status >= 400 {
      let term = Array(analysis.term(of: word))
      let found = try TermStatistics(Term(numbering: 0, family: .word, term), in: index).documentFrequency
      if Double(found) >= leastShare * Double(index.passageCount), !words.contains(term) { words.append(term) }
      if words.count == count { return words.map { String(decoding: $0, as: UTF8.self) } }
    }
    return nil
  }

  /// A sentence of 8 to 40 characters that holds no operator.
  private mutating func question(from text: String) -> String? {
    let sentences = text.split { "。！？；\n".contains($0) }.filter { sentence in
      (8...40).contains(sentence.count) && !sentence.contains { "\"“”「」『』()^:：+- ".contains($0) }
    }
    return sentences.randomElement(using: &generator).map { String($0) }
  }

  /// Cells that stand side by side in the text, between quotation marks.
  private mutating func quoted(from text: String, length: Int) throws -> String? {
    let analysis = try analyzer.analyze(text)
    guard analysis.cells.count >= length else { return nil }
    let start = Int.random(in: 0...(analysis.cells.count - length), using: &generator)
    let run = analysis.cells[start..<start + length]
    guard zip(run, run.dropFirst()).allSatisfy({ $0.termEnd == $1.termStart }) else { return nil }
    return "\"" + String(decoding: Array(text.utf8)[analysis.utf8Range(ofCells: start..<start + length)], as: UTF8.self) + "\""
  }
}
