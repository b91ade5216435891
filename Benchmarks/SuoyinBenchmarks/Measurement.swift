// How much processor time does something take, beside its alternatives?
//
// Why the unsafe code here is sound: the system calls fill structs that live across the call.
internal import Glibc

/// What can be timed.
struct BenchmarkCase {
  let name: String
  /// What the work is counted in, in the singular: byte, posting, query.
  let unit: String
  /// How many units one run works through.
  let unitCount: Int
  /// Does the work once and gives back what came out of it, so that no work is optimised away and cases can be compared.
  let run: () throws -> Int
}

/// Processor time of one case: the rounds as they were taken.
struct Measurement: Encodable {
  let name: String
  let unit: String
  let unitCount: Int
  /// Of one run, a value for each round.
  let nanoseconds: [Double]
  /// The median over the rounds of this case's time by that of the group's first case, both of the same round.
  let ratioToFirst: Double
  /// What a run gave back.
  let outcome: Int

  var minimum: Double { nanoseconds.min() ?? 0 }
  var median: Double { nanoseconds.median }
}

enum ProcessorTime {
  /// The processor time of the whole process so far, in nanoseconds.
  static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = now
    try body()
    return Double(now - start)
  }
}

/// The most memory that the process has held so far, in bytes.
var peakMemory: Int {
  var usage = rusage()
  unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// Times cases in rounds: every round runs each case, so that a busy machine slows all of them alike.
///
/// - Parameters:
///   - rounds: How many rounds are kept; a run or two before them warm up and are not.
///   - agree: Whether all cases must give back the same, being different ways to one result.
func measure(_ cases: [BenchmarkCase], rounds: Int, agree: Bool = false) throws -> [Measurement] {
  /// A run of less would be lost in the clock's own time.
  let shortest = 10_000_000.0
  var repetitions: [Int] = []
  var outcomes: [Int] = []
  for benchmarkCase in cases {
    var outcome = 0
    var time = try ProcessorTime.nanoseconds { outcome = try benchmarkCase.run() }
    // The first run of a short case pays for cold caches.
    if time < 100 * shortest { time = try ProcessorTime.nanoseconds { outcome = try benchmarkCase.run() } }
    outcomes.append(outcome)
    repetitions.append(max(1, Int(shortest / max(time, 1))))
  }
  if agree, let differing = outcomes.indices.first(where: { outcomes[$0] != outcomes[0] }) {
    throw BenchmarkFailure("'\(cases[differing].name)' gives \(outcomes[differing]), and '\(cases[0].name)' gives \(outcomes[0])")
  }
  var times = [[Double]](repeating: [], count: cases.count)
  for _ in 0..<rounds {
    for (index, benchmarkCase) in cases.enumerated() {
      let time = try ProcessorTime.nanoseconds {
        for _ in 0..<repetitions[index] where try benchmarkCase.run() != outcomes[index] {
          throw BenchmarkFailure("'\(benchmarkCase.name)' does not give the same twice")
        }
      }
      times[index].append(time / Double(repetitions[index]))
    }
  }
  return cases.indices.map { index in
    Measurement(
      name: cases[index].name, unit: cases[index].unit, unitCount: cases[index].unitCount, nanoseconds: times[index],
      ratioToFirst: zip(times[index], times[0]).map { $0 / $1 }.median, outcome: outcomes[index])
  }
}

/// Why a benchmark cannot go on.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension [Double] {
  /// The middle value, the greater of two; 0 of none.
  var median: Double { percentile(50) }

  /// The value that `percent` of all do not exceed, by nearest rank; 0 of none.
  func percentile(_ percent: Int) -> Double {
    if isEmpty { return 0 }
    return sorted()[Swift.min(count - 1, count * percent / 100)]
  }
}
