// How are results shown, and kept so that a claim can be checked again?
internal import FoundationEssentials
internal import Suoyin
internal import SuoyinAnalysis

/// Cases that were timed together, or facts that were counted.
struct ReportGroup: Encodable {
  let benchmark: String
  let group: String
  var measurements: [Measurement] = []
  var latencies: [Latency] = []
  /// Sizes and counts that belong to the group.
  var facts: [String: Double] = [:]
}

/// Everything that one run of this program has measured.
struct BenchmarkReport: Encodable {
  private let date: String
  private let processor: String
  private let cores: Int
  private let icu = ICUProperties.version
  private let corpus: BenchmarkCorpus.Description
  private let rounds: Int
  private var groups: [ReportGroup] = []

  init(corpus: BenchmarkCorpus.Description, rounds: Int) {
    date = CalendarDate(days: Int32(Date().timeIntervalSince1970 / 86_400)).description
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
    let model = lines?.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    processor = model.map { String($0.drop { $0 == " " }) } ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    self.corpus = corpus
    self.rounds = rounds
  }

  /// Takes a group in and prints it.
  mutating func add(_ group: ReportGroup) {
    groups.append(group)
    print("\n\(group.benchmark): \(group.group)")
    for measurement in group.measurements {
      let each = measurement.median / Double(max(1, measurement.unitCount))
      let speed = measurement.unit == "byte" ? "\((1000 / each).fixed(1)) MB/s" : "\(each.fixed(2)) ns a \(measurement.unit)"
      print(
        "  " + measurement.name.padded(36) + "median \(Self.time(measurement.median).padded(11))"
          + "min \(Self.time(measurement.minimum).padded(11))" + speed.padded(24) + "× \(measurement.ratioToFirst.fixed(3))")
    }
    for latency in group.latencies {
      print(
        "  " + latency.name.padded(36) + "median \(Self.time(latency.median).padded(11))p99 \(Self.time(latency.percentile99).padded(11))"
          + "\(latency.meanMatches.fixed(0)) matches")
    }
    for (name, value) in group.facts.sorted(by: { $0.key < $1.key }) { print("  " + name.padded(36) + value.fixed(value < 1000 ? 3 : 0)) }
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  private static func time(_ nanoseconds: Double) -> String {
    if nanoseconds < 1e6 { return "\((nanoseconds / 1e3).fixed(1)) µs" }
    return nanoseconds < 1e9 ? "\((nanoseconds / 1e6).fixed(1)) ms" : "\((nanoseconds / 1e9).fixed(2)) s"
  }
}

extension Double {
  /// The number with so many digits after the point.
  func fixed(_ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (magnitude * scale).rounded()
    let whole = (scaled / scale).rounded(.down)
    let fraction = String(Int(scaled - whole * scale))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    return sign + String(Int(whole)) + (digits == 0 ? "" : "." + String(repeating: "0", count: digits - fraction.count) + fraction)
  }
}

extension String {
  /// The text with blanks after it, up to a width in characters, and at least one.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
}
