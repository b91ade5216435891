// Which sources belong to a shard?

/// One of the equal parts that the sources of a large index are divided into, written `3/8`: the third of eight.
public struct ShardNumber: Hashable, Sendable, CustomStringConvertible {
  /// From 1 to `count`.
  public let number: Int
  /// How many shards there are in all.
  public let count: Int

  /// The most shards that an index may be built of.
  public static let maximumCount = 4096

  /// - Returns: nil unless 1 ≤ `number` ≤ `count` ≤ `maximumCount`.
  public init?(_ number: Int, of count: Int) {
    guard number >= 1, number <= count, count <= Self.maximumCount else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads what `description` writes.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let areDigits = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    guard parts.count == 2, areDigits, let number = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(number, of: count)
  }

  public var description: String { "\(number)/\(count)" }

  /// Whether a source is of this shard: by its name alone, so that every machine gives the same answer, and each source is of exactly one shard.
  public func holds(_ source: DocumentKey) -> Bool {
    let hash = MurmurHash3.digest(of: source.bytes).prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return hash % UInt64(count) == UInt64(number - 1)
  }
}
