// How do the times of several engines compare, class by class?

/// The times that drivers have written, by engine: of each query the least of all files of that engine.
struct Report {
  /// What a row is about: a mode and a class of queries.
  private struct Row: Hashable {
    let mode: String
    let name: String
  }

  private let engines: [String]
  private var rows: [Row] = []
  /// For each row and engine, the least microseconds of processor time of each query, ascending.
  private var times: [Row: [[Double]]] = [:]

  /// - Parameters:
  ///   - queries: The file of queries that all drivers were given.
  ///   - results: `ENGINE=FILE`, each a file that a driver has written; several of an engine are rounds of one measurement.
  init(queries: String, results: [String]) throws {
    var names: [String] = []
    let lines = try LineReader(queries)
    while let line = try lines.next() { names.append(String(line.prefix { $0 != "\t" })) }

    var engines: [String] = []
    var least: [[Row: [Int: Double]]] = []
    for result in results {
      guard let equals = result.firstIndex(of: "="), equals != result.startIndex else {
        throw DriverFailure("'\(result)' is not ENGINE=FILE")
      }
      let engine = String(result[..<equals])
      if !engines.contains(engine) {
        engines.append(engine)
        least.append([:])
      }
      let place = engines.firstIndex(of: engine) ?? 0
      let path = String(result[result.index(after: equals)...])
      let lines = try LineReader(path)
      while let line = try lines.next() {
        let columns = line.split(separator: "\t")
        guard columns.count == 5, let query = Int(columns[1]), names.indices.contains(query), let nanoseconds = Double(columns[3]) else {
          throw DriverFailure("\(path): '\(line)' is not mode, query, wall ns, processor ns, hits")
        }
        let row = Row(mode: String(columns[0]), name: names[query])
        if !rows.contains(row) { rows.append(row) }
        let time = nanoseconds / 1000
        least[place][row, default: [:]][query] = min(least[place][row]?[query] ?? time, time)
      }
    }
    self.engines = engines
    for row in rows { times[row] = least.map { $0[row].map { $0.values.sorted() } ?? [] } }
  }

  /// A table of median and 99th percentile for each engine, and the first engine's by the best of the others.
  var table: String {
    let width = max(16, engines.map(\.count).max() ?? 0)
    var text = padded("µs, median / p99", 22) + engines.map { padded($0, width) }.joined() + "  by the best\n"
    for row in rows {
      let percentiles = (times[row] ?? []).map { times in [Self.percentile(times, 0.5), Self.percentile(times, 0.99)] }
      text += padded("\(row.mode) \(row.name)", 22)
      for found in percentiles { text += padded(found.map { $0.map { formatted($0, "%.1f") } ?? "-" }.joined(separator: " / "), width) }
      let ratios = [0, 1].map { place in
        guard let own = percentiles.first?[place], let best = percentiles.dropFirst().compactMap({ $0[place] }).min() else { return "-" }
        return formatted(own / best, "%.2f")
      }
      text += "  " + ratios.joined(separator: " / ") + "\n"
    }
    return text
  }

  private static func percentile(_ ascending: [Double], _ part: Double) -> Double? {
    ascending.isEmpty ? nil : ascending[min(ascending.count - 1, Int(Double(ascending.count) * part))]
  }

  private func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
}
