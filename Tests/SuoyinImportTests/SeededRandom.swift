// Which random inputs does a test see, and how are they seen again?
internal import Glibc

/// A generator whose numbers follow from its seed.
///
/// - Source: Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// The seed from SUOYIN_SEED, or one that has not been used before.
  static let seed: UInt64 = environment("SUOYIN_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)

  /// Goes with every expectation of a random test.
  static var again: String { "run again with: SUOYIN_SEED=\(seed) swift test --filter SuoyinImportTests" }
}

/// A variable of the environment.
func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
