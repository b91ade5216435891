// How long does a suggestion take?
//
// What is measured: processor time of the ten suggestions for what a person has typed, by its length: the median and the 99th percentile over
// the texts, each text's least time in all rounds.
// On what corpus: an index of the whole corpus as `suoyin index` leaves it; 100 texts of each length from one to eight characters, half of them
// beginnings of titles, half of them what a sentence of the corpus has from a word on, drawn with a fixed seed; and the beginnings that most
// titles of laws share.
// Notes: warm, in one process, one thread.
internal import Suoyin
internal import SuoyinAnalysis

struct SuggestionBenchmark {
  private let searcher: Searcher
  /// What is typed, by the name of its class.
  private let texts: [(name: String, texts: [String])]

  private static let lengths = [1, 2, 3, 4, 6, 8]
  private static let textCount = 100
  private static let seed: UInt64 = 20_261_123
  private static let common = ["中", "中华", "中华人民共和国", "国务院", "最高人民法院", "最高人民法院关于", "浙江省", "关于", "安全", "人民", "第", "1", "规定"]

  init(_ corpus: BenchmarkCorpus, index path: String) throws {
    searcher = try SearchIndex(at: path).searcher()
    let analyzer = try Analyzer(.chinese)
    var generator = SeededGenerator(seed: Self.seed)
    var titles: Set<String> = []
    var sentences: [String] = []
    let count = searcher.passageCount
    var number = 0
    let step = max(1, count / 2000)
    try searcher.forEachDocument { document in
      number += 1
      guard number % step == 0 else { return }
      if case .text(let title)? = document.fields["title"] { titles.insert(title) }
      guard case .text(let text)? = document.fields["text"] else { return }
      let analysis = try analyzer.analyze(text)
      if let word = analysis.words.randomElement(using: &generator) {
        let start = analysis.utf8Range(ofCells: word.cellRange).lowerBound
        sentences.append(String(decoding: Array(text.utf8)[start...], as: UTF8.self))
      }
    }
    let sources = [titles.sorted(), sentences].filter { !$0.isEmpty }
    texts =
      Self.lengths.map { length in
        let typed = (0..<Self.textCount).compactMap { place in
          sources[place % sources.count].randomElement(using: &generator).map { String($0.prefix(length)) }
        }
        return ("\(length) characters", typed)
      } + [("beginnings of many titles", Self.common)]
  }

  func run(rounds: Int) throws -> [ReportGroup] {
    var latencies: [Latency] = []
    for (name, texts) in texts {
      var least = [Double](repeating: .infinity, count: texts.count)
      var found = 0
      for round in 0...rounds {
        for (place, text) in texts.enumerated() {
          var count = 0
          let time = try ProcessorTime.nanoseconds { count = try searcher.suggestions(for: text).count }
          if round == 0 { found += count } else { least[place] = min(time, least[place]) }
        }
      }
      latencies.append(Latency(name: name, nanoseconds: least, matches: found))
    }
    return [ReportGroup(benchmark: "suggestions", group: "ten suggestions", latencies: latencies)]
  }
}
