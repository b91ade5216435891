// What is measured, over what, and where do the results go?
internal import FoundationEssentials
internal import Glibc

@main
struct SuoyinBenchmarks {
  private static let usage = """
    usage: SuoyinBenchmarks [--corpus PATH]... [--only NAME]... [--rounds N] [--json FILE]
           SuoyinBenchmarks --kernel NAME [--times N] [--corpus PATH]...

    Benchmarks: \(Benchmark.allCases.map(\.rawValue).joined(separator: ", ")); all of them unless --only names some.
    Kernels:    \(Kernel.allCases.map(\.rawValue).joined(separator: ", ")).
    The corpus is Corpus/seeds unless --corpus names files or folders, as `suoyin index` takes them.
    """

  private enum Benchmark: String, CaseIterable {
    case index, tokenizer, queries, suggestions, postings
  }

  private var corpus: [String] = []
  private var benchmarks: [Benchmark] = []
  private var rounds = 5
  private var jsonPath: String?
  private var kernel: Kernel?
  private var times = 1

  static func main() {
    do {
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.contains("--help") { return print(usage) }
      try SuoyinBenchmarks(arguments).run()
    } catch {
      _ = write(STDERR_FILENO, "SuoyinBenchmarks: \(error)\n")
      exit(1)
    }
  }

  private init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw BenchmarkFailure("'\(option)' stands alone\n\(Self.usage)") }
      switch option {
      case "--corpus": corpus.append(value)
      case "--only": benchmarks.append(try Self.choice(value))
      case "--rounds": rounds = try Self.count(value)
      case "--json": jsonPath = value
      case "--kernel": kernel = try Self.choice(value)
      case "--times": times = try Self.count(value)
      default: throw BenchmarkFailure("there is no option '\(option)'\n\(Self.usage)")
      }
    }
    if corpus.isEmpty { corpus = ["Corpus/seeds"] }
    if benchmarks.isEmpty { benchmarks = Benchmark.allCases }
  }

  private static func choice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice {
    guard let choice = Choice(rawValue: name) else { throw BenchmarkFailure("there is no '\(name)' to run\n\(usage)") }
    return choice
  }

  private static func count(_ text: String) throws -> Int {
    guard let count = Int(text), count > 0 else { throw BenchmarkFailure("'\(text)' is no number from 1 on") }
    return count
  }

  private func run() throws {
    let directory = try TemporaryDirectory()
    try withExtendedLifetime(directory) {
      if let kernel {
        let prepared = try kernel.prepared(corpus: corpus, directory: directory.path)
        let outcome = try prepared.run()  // what is done only once is done here: ICU's dictionary, checksums of pages
        guard try Self.repeatKernel(prepared, times: times, outcome: outcome) else {
          throw BenchmarkFailure("the kernel does not give the same twice")
        }
        print("\(prepared.unitCount) \(prepared.unit)")
      } else {
        try measureAll(in: directory.path)
      }
    }
  }

  /// Does a kernel so many times; false when it gives something else than `outcome`.
  ///
  /// Benchmarks/callgrind counts the instructions from the entry of this function to its end, and knows it by its name.
  @inline(never)
  private static func repeatKernel(_ kernel: PreparedKernel, times: Int, outcome: Int) throws -> Bool {
    var isSame = true
    for _ in 0..<times { isSame = try kernel.run() == outcome && isSame }
    return isSame
  }

  private func measureAll(in directory: String) throws {
    let corpus = try BenchmarkCorpus(self.corpus)
    let size = corpus.description
    var report = BenchmarkReport(corpus: size, rounds: rounds)
    let length = (Double(size.textLength) / 1e6).fixed(2)
    print("\(size.passageCount) passages, \(length) MB of text, taken \(size.copies) times; \(rounds) rounds")
    if benchmarks.contains(.index) {
      for group in try IndexBuildBenchmark(corpus: corpus, directory: directory).run(rounds: rounds) { report.add(group) }
    }
    if benchmarks.contains(.tokenizer) {
      for group in try TokenizerBenchmark(corpus).run(rounds: rounds) { report.add(group) }
    }
    if benchmarks.contains(where: { $0 != .index && $0 != .tokenizer }) {
      let path = "\(directory)/index"
      _ = try corpus.makeIndex(at: path)
      if benchmarks.contains(.queries) {
        for group in try QueryLatencyBenchmark(corpus, index: path).run(rounds: rounds) { report.add(group) }
      }
      if benchmarks.contains(.suggestions) {
        for group in try SuggestionBenchmark(corpus, index: path).run(rounds: rounds) { report.add(group) }
      }
      if benchmarks.contains(.postings) {
        for group in try PostingListBenchmark(corpus, index: path, directory: directory).run(rounds: rounds) { report.add(group) }
      }
    }
    if let jsonPath { try report.json.write(toFile: jsonPath, atomically: false, encoding: .utf8) }
  }

  /// Writes to a file descriptor: Swift's `stderr` is a global variable that no thread owns.
  private static func write(_ descriptor: Int32, _ text: String) -> Int {
    unsafe Array(text.utf8).withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
