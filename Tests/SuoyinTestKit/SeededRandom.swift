// Which random numbers does a test use, and how can it be run again with the same?
internal import Glibc

/// A small generator with a known seed (SplitMix64; Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014).
package struct SeededRandom: RandomNumberGenerator {
  package let seed: UInt64
  private var state: UInt64

  package init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
  package mutating func element<T>(_ list: [T]) -> T { list[below(list.count)] }
  package mutating func chance(_ numerator: Int, in denominator: Int) -> Bool { below(denominator) < numerator }

  /// The seeds that a random test runs with: a fixed list, or the one in `SUOYIN_SEED`, to run a failure again:
  /// `SUOYIN_SEED=… swift test --filter TEST`.
  package static func seeds(_ count: Int) -> [UInt64] {
    if let seed = environment("SUOYIN_SEED").flatMap({ UInt64($0) }) { return [seed] }
    return (1...UInt64(count)).map { $0 &* 0x2545_F491_4F6C_DD1D }
  }

  /// How to run a failed case again.
  package var advice: String { "run again with SUOYIN_SEED=\(seed)" }
}

/// A variable of the environment.
package func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

/// A number from the environment, to make a test longer than it is by default.
package func setting(_ name: String, default value: Int) -> Int { environment(name).flatMap { Int($0) } ?? value }
