// Does a quoted query find exactly the passages that hold it, and mark exactly where, however the index is cut and the query is spelled?
//
// SUOYIN_RECALL_TEXTS names a file of rows with a member `text` to run over instead of the seeds, SUOYIN_RECALL_QUERIES how many queries are
// drawn for each way to cut.
import Foundation
import Suoyin
import SuoyinAnalysis
import SuoyinImport
import SuoyinTestKit
import Testing

/// Texts and where each cell stands in them, for a scan that knows nothing of an index: no terms, no postings, no tables.
private struct PlainScan {
  struct Text {
    var bytes: [UInt8]
    /// The cells as numbers, with 0 for each place that no cell has.
    var cells: [Int32] = []
    /// For each of `cells`: the bytes that it came from.
    var ranges: [Range<Int>] = []
  }

  private(set) var texts: [Text] = []
  private var names: [[UInt8]: Int32] = [:]
  /// The texts that hold two cells side by side.
  private var holders: [Int64: [Int32]] = [:]
  private let analyzer: Analyzer

  init(_ sources: [String]) throws {
    // Cells are the same whatever words lie over them; ICU itself finds them here.
    analyzer = try Analyzer(.bigram)
    analyzer.bytesLeftToICU = .max
    for source in sources {
      let number = Int32(texts.count)
      let text = try scan(source)
      texts.append(text)
      for place in text.cells.indices {
        let key = Self.key(text.cells, place)
        if holders[key]?.last != number { holders[key, default: []].append(number) }
        let single = Int64(text.cells[place]) << 32 | 0xFFFF_FFFF
        if holders[single]?.last != number { holders[single, default: []].append(number) }
      }
    }
  }

  private static func key(_ cells: [Int32], _ place: Int) -> Int64 {
    Int64(cells[place]) << 32 | Int64(place + 1 < cells.count ? cells[place + 1] : 0)
  }

  private mutating func scan(_ source: String) throws -> Text {
    var text = Text(bytes: Array(source.utf8))
    let analysis = try analyzer.analyze(source)
    for (index, cell) in analysis.cells.enumerated() {
      while text.cells.count < cell.number {
        text.cells.append(0)
        text.ranges.append(0..<0)
      }
      let name = Array(analysis.term(of: cell))
      let number = names[name] ?? Int32(names.count + 1)
      names[name] = number
      text.cells.append(number)
      text.ranges.append(analysis.utf8Range(ofCells: index..<index + 1))
    }
    return text
  }

  /// What a query's cells are.
  mutating func cells(of query: String) throws -> [Int32] { try scan(query).cells }

  private func begins(_ wanted: [Int32], at place: Int, of text: Text) -> Bool {
    place + wanted.count <= text.cells.count && wanted.indices.allSatisfy { text.cells[place + $0] == wanted[$0] }
  }

  /// The texts that hold all of these cells in this order, with sentence and paragraph ends where the query has them and nowhere else.
  func textsHolding(_ wanted: [Int32]) -> [Int] {
    // Of the lists of two neighbours the shortest; of those each text is looked at in full.
    let neighbours = wanted.indices.dropLast().filter { wanted[$0] > 0 && wanted[$0 + 1] > 0 }.map { holders[Self.key(wanted, $0)] ?? [] }
    let candidates = neighbours.min { $0.count < $1.count } ?? holders[Int64(wanted[0]) << 32 | 0xFFFF_FFFF] ?? []
    if wanted.count == 1 { return candidates.map(Int.init) }
    return candidates.map(Int.init).filter { number in
      texts[number].cells.indices.contains { begins(wanted, at: $0, of: texts[number]) }
    }
  }

  /// The bytes of a text that are such cells; ranges that touch are one.
  func marks(_ wanted: [Int32], in number: Int) -> [Range<Int>] {
    let text = texts[number]
    var marks: [Range<Int>] = []
    for place in text.cells.indices where begins(wanted, at: place, of: text) {
      let range = text.ranges[place].lowerBound..<text.ranges[place + wanted.count - 1].upperBound
      if let last = marks.last, range.lowerBound <= last.upperBound {
        marks[marks.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        marks.append(range)
      }
    }
    return marks
  }
}

/// Other spellings of what is found as the same: Traditional characters, full-width letters and digits.
private struct OtherSpellings {
  private var spellings: [Unicode.Scalar: [Unicode.Scalar]] = [:]

  init() {
    for value in UInt32(0x3400)..<0x9FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let form = String(decoding: Analyzer.normalizedValue(String(Character(scalar))), as: UTF8.self).unicodeScalars
      if form.count == 1, form.first != scalar { spellings[form.first!, default: []].append(scalar) }
    }
    for value in UInt32(0x30)...0x7A where (value | 0x20) &- 0x61 < 26 || value < 0x3A {
      spellings[Unicode.Scalar(value)!, default: []].append(Unicode.Scalar(value + 0xFEE0)!)
    }
  }

  /// The text with each character in another spelling, where there is one that is the same to a reader of Traditional or full-width text.
  func respelled(_ text: String, _ random: inout SeededRandom) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let form = String(decoding: Analyzer.normalizedValue(String(Character(scalar))), as: UTF8.self).unicodeScalars
      let choices = form.count == 1 ? spellings[form.first!] ?? [] : []
      result.append(choices.isEmpty ? scalar : random.element(choices))
    }
    return String(result)
  }
}

@Suite struct RecallTests {
  enum Cut: String, CaseIterable {
    case chinese, noPolicyWords, ownWords, bigram
  }

  private static let texts: [String] = {
    do {
      var texts: [String] = []
      if let file = environment("SUOYIN_RECALL_TEXTS") {
        for line in try Data(contentsOf: URL(filePath: file)).split(separator: 0x0A) {
          if let row = try JSONSerialization.jsonObject(with: line) as? [String: Any], let text = row["text"] as? String {
            texts.append(text)
          }
        }
      } else {
        Importer().read(try InputFiles(["\(repositoryRoot)/Corpus/seeds"]).files) { source in
          for document in source.documents { if case .text(let text)? = document.fields["text"] { texts.append(text) } }
        } problem: { _ in
        }
      }
      return texts
    } catch {
      return []
    }
  }()

  /// Words drawn from the texts, as a user might list and remove them: any few characters, and words that ICU has.
  private static func ownWords(_ random: inout SeededRandom) throws -> UserDictionary {
    var dictionary = UserDictionary()
    let analyzer = try Analyzer(.icu)
    for _ in 0..<200 {
      let scalars = Array(random.element(texts).unicodeScalars)
      let start = random.below(scalars.count)
      let word = String(String.UnicodeScalarView(scalars[start..<min(scalars.count, start + 2 + random.below(5))]))
      _ = try? dictionary.add(word, weight: Double(1 + random.below(3)))
      let analysis = try analyzer.analyze(random.element(texts))
      let long = analysis.words.filter { $0.cellCount > 1 }
      guard !long.isEmpty else { continue }
      _ = try? dictionary.remove(String(decoding: analysis.term(of: random.element(long)), as: UTF8.self))
    }
    return dictionary
  }

  @Test(arguments: Cut.allCases) func `quoted queries find exactly what a plain scan finds, and mark it to the byte`(_ cut: Cut) throws {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    let directory = try TemporaryDirectory()
    let schema = Schema([.text("text")], analyzer: cut == .bigram ? .bigram : .chinese, policyWords: cut != .noPolicyWords)
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    let ownWords = try cut == .ownWords ? Self.ownWords(&random) : UserDictionary()
    try index.update { writer in
      if cut == .ownWords { try writer.setDictionary(ownWords) }
      for (number, text) in Self.texts.enumerated() { try writer.add(Document(key: "\(number)", ["text": text])) }
    }
    #expect(cut != .ownWords || ownWords.words.count > 50 && ownWords.removed.count > 50)
    let searcher = try index.searcher()
    var scan = try PlainScan(Self.texts)
    let spellings = OtherSpellings()

    let count = setting("SUOYIN_RECALL_QUERIES", default: 120)
    var figures = (found: 0, missed: 0, false: 0, marked: 0, mismarked: 0, respelled: 0)
    for _ in 0..<count {
      let origin = random.below(scan.texts.count)
      let text = scan.texts[origin]
      let start = random.below(max(1, text.cells.count))
      let end = min(text.cells.count, start + 1 + random.below(12))
      guard start < end, text.cells[start] > 0, text.cells[end - 1] > 0 else { continue }
      let source = String(decoding: text.bytes[text.ranges[start].lowerBound..<text.ranges[end - 1].upperBound], as: UTF8.self)
      var query = source
      if random.chance(1, in: 2) {
        query = spellings.respelled(source, &random)
        if query != source { figures.respelled += 1 }
      }
      let wanted = Array(text.cells[start..<end])
      #expect(try scan.cells(of: query) == wanted, "\(query) for \(source)")
      let expected = scan.textsHolding(wanted)
      let limit = 500
      let results = try searcher.search(.quoted(query), limit: limit, parameters: RankingParameters(), loadsFields: false)
      let got = Set(results.hits.compactMap { Int($0.key.description) })
      let total = try #require(results.total)
      let isCutOff = total > limit
      // The total is exact; of a longer list the best are looked at.
      let missed = isCutOff ? max(0, expected.count - total) : Set(expected).subtracting(got).count
      let wrong = got.subtracting(expected).count + (isCutOff ? max(0, total - expected.count) : 0)
      figures.found += expected.count - missed
      figures.missed += missed
      figures.false += wrong
      if missed > 0 || wrong > 0 || !expected.contains(origin) {
        Issue.record("\(query) from \(origin): \(missed) missed, \(wrong) false; \(random.advice)")
      }
      for hit in try searcher.search(.quoted(query), limit: 4, parameters: RankingParameters()).hits {
        guard let number = Int(hit.key.description) else { continue }
        figures.marked += 1
        let marks = try hit.highlights(in: "text")
        if hit["text"].map({ Array($0.utf8) }) != scan.texts[number].bytes || marks != scan.marks(wanted, in: number) || marks.isEmpty {
          figures.mismarked += 1
          Issue.record("\(query) in \(number): marked \(marks), not \(scan.marks(wanted, in: number)); \(random.advice)")
        }
        // What is marked, looked at alone, holds the query: one occurrence, or several that touch.
        for mark in marks {
          let cells = try scan.cells(of: String(decoding: scan.texts[number].bytes[mark], as: UTF8.self))
          #expect(cells == wanted || cells.count > wanted.count && cells.starts(with: wanted), "\(query) in \(number)")
        }
      }
    }
    print(
      "Recall, \(cut): \(count) quoted queries, \(figures.respelled) respelled, over \(Self.texts.count) texts: \(figures.found) found, "
        + "\(figures.missed) missed, \(figures.false) false; \(figures.marked) hits marked, \(figures.mismarked) of them wrongly")
    #expect(figures.found >= count / 2)
    #expect(try SearchIndex.check(at: index.path).isSound)
  }
}
