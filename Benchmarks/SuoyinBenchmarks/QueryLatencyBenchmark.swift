// How long does a query take?
//
// What is measured: processor time of a search for the ten best, from the text that a person typed to hits, by class of query: the median
// and the 99th percentile over the queries, each query's least time in all rounds. Once with the hits' stored fields, once with keys only.
// On what corpus: an index of the whole corpus as `suoyin index` leaves it, with its several segments; 200 queries a class, drawn from the
// corpus itself with a fixed seed. Words are of two cells and more and in at least 0.1 % of passages (one frequent term: 2 %), words of one
// query come from one passage; questions are sentences; quoted texts are runs of cells. So every query matches.
// Notes: warm, in one process, one thread. A word joined by AND or OR is meant literally: its cells must stand one after another. Reading
// the clock takes about a quarter of a microsecond. The time of snippets and of printing is not in it.
internal import Suoyin

/// Processor time of the queries of one class.
struct Latency: Encodable {
  let name: String
  /// For each query, the least of all rounds.
  let nanoseconds: [Double]
  let median: Double
  let percentile99: Double
  /// How many passages match a query, on average.
  let meanMatches: Double

  init(name: String, nanoseconds: [Double], matches: Int) {
    self.name = name
    self.nanoseconds = nanoseconds
    median = nanoseconds.median
    percentile99 = nanoseconds.percentile(99)
    meanMatches = Double(matches) / Double(max(1, nanoseconds.count))
  }
}

struct QueryLatencyBenchmark {
  private let searcher: Searcher
  private let queries: [(queryClass: QueryClass, queries: [String])]

  private static let queryCount = 200
  private static let seed: UInt64 = 20_261_122

  init(_ corpus: BenchmarkCorpus, index path: String) throws {
    searcher = try SearchIndex(at: path).searcher()
    var sampler = try QuerySampler(corpus.sample(length: 4 << 20), index: searcher.index, seed: Self.seed)
    queries = try QueryClass.allCases.map { ($0, try sampler.queries($0, count: Self.queryCount)) }
  }

  func run(rounds: Int) throws -> [ReportGroup] {
    var least = [[[Double]]](
      repeating: [[Double]](repeating: [Double](repeating: .infinity, count: Self.queryCount), count: queries.count), count: 2)
    var matches = [Int](repeating: 0, count: queries.count)
    // The first round warms up: pages are checked and ICU's dictionary is loaded.
    for round in 0...rounds {
      for (number, (_, texts)) in queries.enumerated() {
        for (place, text) in texts.enumerated() {
          for loadsFields in [false, true] {
            var total = 0
            let time = try ProcessorTime.nanoseconds { total = try searcher.search(text, limit: 10, loadsFields: loadsFields).total ?? 0 }
            if round == 0 {
              matches[number] += loadsFields ? total : 0
            } else {
              least[loadsFields ? 1 : 0][number][place] = min(time, least[loadsFields ? 1 : 0][number][place])
            }
          }
        }
      }
    }
    return ["ten best, keys only", "ten best, with stored fields"].enumerated().map { variant, name in
      let latencies = queries.enumerated().map { number, group in
        Latency(name: group.queryClass.rawValue, nanoseconds: least[variant][number], matches: matches[number])
      }
      return ReportGroup(benchmark: "queries", group: name, latencies: latencies)
    }
  }
}
