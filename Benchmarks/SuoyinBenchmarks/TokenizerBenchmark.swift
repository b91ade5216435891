// How fast does text become words, cells and terms?
//
// What is measured: the processor time of cutting text, in MB/s of its UTF-8: ICU's word boundaries alone, the normaliser alone, and every
// analyzer from text to `Analysis`.
// On what corpus: searched texts drawn evenly from the corpus, at most 4 MB, one call a text.
// Notes: the ratios are to ICU's words alone, the floor for any analyzer that asks ICU. An analyzer makes its cells and words, and no terms:
// those are numbered while indexing. Case and width are as in the corpus; text in Traditional characters, or full of full-width letters,
// takes the normaliser longer.
internal import Dispatch
internal import Suoyin
internal import SuoyinAnalysis

struct TokenizerBenchmark {
  private let texts: [String]
  private let byteCount: Int

  init(_ corpus: BenchmarkCorpus) throws {
    texts = try corpus.sample(length: 4 << 20)
    byteCount = texts.reduce(0) { $0 + $1.utf8.count }
  }

  func run(rounds: Int) throws -> [ReportGroup] {
    let breaker = try WordBreaker()
    guard let tables = CutTables.icu else { throw AnalysisError("the linked ICU's formats are not the known ones") }
    var tokenizer = try Tokenizer(tables)
    let normalizer = Normalizer()
    let arrays = texts.map { Array($0.utf8) }
    var cases = [
      timed("ICU words") {
        var segments = 0
        for bytes in arrays { try breaker.forEachSegment(of: bytes) { _, _, _ in segments += 1 } }
        return segments
      },
      timed("our words") {
        var segments = 0
        for bytes in arrays { try tokenizer.forEachSegment(of: bytes) { _, _, _ in segments += 1 } }
        return segments
      },
      timed("normaliser") { texts.reduce(0) { $0 + normalizer.normalize($1.utf8.span).bytes.count } },
    ]
    for name in AnalyzerName.allCases {
      let analyzer = try Analyzer(name)
      analyzer.bytesLeftToICU = 0
      cases.append(timed("analyzer \(name.rawValue)") { try texts.reduce(0) { try $0 + analyzer.analyze($1).cells.count } })
    }
    let analyzer = try Analyzer(.chinese)
    analyzer.bytesLeftToICU = 0
    var table = TermTable()
    var numbers = TermTable.Numbers()
    cases.append(
      timed("chinese, terms numbered") {
        for text in texts { table.number(try analyzer.analyze(text), numbering: 0, into: &numbers) }
        return table.count
      })
    let halves = [Array(texts[..<(texts.count / 2)]), Array(texts[(texts.count / 2)...])]
    cases.append(
      timed("chinese, in two threads at once") {
        // An analyzer for each thread, as an index build has; the tables are shared.
        DispatchQueue.concurrentPerform(iterations: 2) { half in
          guard let analyzer = try? Analyzer(.chinese) else { return }
          analyzer.bytesLeftToICU = 0
          for text in halves[half] { _ = try? analyzer.analyze(text) }
        }
        return texts.count
      })
    let group = ReportGroup(
      benchmark: "tokenizer", group: "text to words and cells", measurements: try measure(cases, rounds: rounds),
      facts: ["texts": Double(texts.count), "bytes": Double(byteCount)])
    return [group]
  }

  private func timed(_ name: String, _ run: @escaping () throws -> Int) -> BenchmarkCase {
    BenchmarkCase(name: name, unit: "byte", unitCount: byteCount, run: run)
  }
}
