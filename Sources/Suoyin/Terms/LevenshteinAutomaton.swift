// Which strings are at most one or two edits from a word?
internal import SuoyinAnalysis

/// Reads strings in ascending order and says of each how far it is from a word, and where the next one that may be near begins.
///
/// An edit inserts, leaves out or replaces a code point, or swaps two neighbours; what has been swapped is not edited again (the optimal string
/// alignment). A state is the part of a column of the dynamic programming table that can still be within the distance: 2 *d* + 1 numbers. States
/// of the code points that a string shares with the one before it are kept, and a string that has left the word behind gives the least
/// one after it that has not: so ranges of a sorted table that cannot match are passed over.
///
/// - Source: Schulz & Mihov, "Fast string correction with Levenshtein automata", IJDAR 2002; the band: Ukkonen, "Algorithms for approximate string
///   matching", 1985.
package struct LevenshteinAutomaton: Sendable {
  /// The greatest distance.
  package static let maximumDistance = 2

  /// How a string ended.
  package enum Outcome: Equatable {
    /// So many edits away.
    case near(Int)
    /// Further away, but a longer string that begins with it may be near.
    case far
    /// Neither it nor any string that begins like it, up to where it was read, is near.
    case dead
  }

  private let word: [UInt32]
  private let distance: Int
  /// How many numbers a state has.
  private let width: Int
  /// The states after 0, 1, 2 … of the code points; in each, place *o* is the distance to the first *k* − *d* + *o* of the word's, or more than *d*.
  private var states: [UInt8] = []
  private var codePoints: [UInt32] = []
  /// Where each of them ends in `string`.
  private var ends: [Int] = []
  private var string: [UInt8] = []
  /// What killed the last string.
  private var last: UInt32 = 0

  /// - Parameters:
  ///   - word: UTF-8.
  ///   - distance: 0 to `maximumDistance`.
  package init(_ word: [UInt8], distance: Int) {
    precondition(distance >= 0 && distance <= Self.maximumDistance, "a distance that is not provided for")
    self.word = Self.codePoints(of: word)
    self.distance = distance
    width = 2 * distance + 1
    for place in 0..<width {
      let prefix = place - distance
      states.append(prefix >= 0 && prefix <= self.word.count ? UInt8(prefix) : UInt8(distance + 1))
    }
  }

  /// Reads a string.
  ///
  /// - Complexity: O(*d* · *n*), *n* being the code points that it does not share with the string before.
  package mutating func read(_ next: ArraySlice<UInt8>) -> Outcome {
    var shared = 0
    let most = min(string.count, next.count)
    while shared < most, string[shared] == next[next.startIndex + shared] { shared += 1 }
    while let end = ends.last, end > shared { removeLast() }
    var offset = ends.last ?? 0
    string.removeSubrange(offset...)
    string += next.dropFirst(offset)
    while offset < string.count {
      let (codePoint, length) = Self.codePoint(string, at: offset)
      offset += length
      guard step(codePoint) else {
        removeLast()
        last = codePoint
        return .dead
      }
      ends[ends.count - 1] = offset
    }
    let place = word.count - codePoints.count + distance
    guard place >= 0, place < width, state(codePoints.count, place) <= distance else { return .far }
    return .near(state(codePoints.count, place))
  }

  /// After a `dead` string, the least string behind all that die with it; nil when no other can be near.
  package mutating func successor() -> [UInt8]? {
    var last = last
    // Terminates: every turn forgets a code point.
    while true {
      if let next = leastLiving(above: last) { return Array(string[..<(ends.last ?? 0)]) + Array(next.utf8) }
      guard let before = codePoints.last else { return nil }
      last = before
      removeLast()
    }
  }

  /// The least code point above another that may follow those that have been read.
  private mutating func leastLiving(above last: UInt32) -> Unicode.Scalar? {
    let depth = codePoints.count
    if (0..<width).contains(where: { state(depth, $0) < distance }) {
      // An edit is left: any may.
      return last >= 0x10FFFF ? nil : Unicode.Scalar(last + 1) ?? Unicode.Scalar(0xE000)
    }
    var least: UInt32?
    for place in max(0, depth - distance - 1)..<max(0, depth - distance - 1, min(word.count, depth + distance + 1)) {
      let candidate = word[place]
      guard candidate > last, candidate < least ?? .max else { continue }
      if step(candidate) { least = candidate }
      removeLast()
    }
    return least.flatMap(Unicode.Scalar.init)
  }

  private func state(_ depth: Int, _ place: Int) -> Int { Int(states[depth * width + place]) }

  private mutating func removeLast() {
    codePoints.removeLast()
    ends.removeLast()
    states.removeLast(width)
  }

  /// Appends a code point and its state; false when no string that begins so is near.
  private mutating func step(_ codePoint: UInt32) -> Bool {
    let depth = codePoints.count + 1
    let tooFar = distance + 1
    var isAlive = false
    for place in 0..<width {
      let prefix = depth - distance + place
      var best = tooFar
      if prefix == 0 {
        best = min(best, depth)
      } else if prefix > 0, prefix <= word.count {
        best = min(best, state(depth - 1, place) + (word[prefix - 1] == codePoint ? 0 : 1))
        if place + 1 < width { best = min(best, state(depth - 1, place + 1) + 1) }
        if place > 0 { best = min(best, state(depth, place - 1) + 1) }
        if depth > 1, prefix > 1, word[prefix - 1] == codePoints[depth - 2], word[prefix - 2] == codePoint {
          best = min(best, state(depth - 2, place) + 1)
        }
      }
      states.append(UInt8(best))
      isAlive = isAlive || best < tooFar
    }
    codePoints.append(codePoint)
    ends.append(ends.last ?? 0)
    return isAlive
  }

  private static func codePoints(of bytes: [UInt8]) -> [UInt32] {
    var codePoints: [UInt32] = []
    var offset = 0
    while offset < bytes.count {
      let (codePoint, length) = codePoint(bytes, at: offset)
      codePoints.append(codePoint)
      offset += length
    }
    return codePoints
  }

  /// The code point at an offset and its length. Of bytes that are no UTF-8 each is one above all code points.
  static func codePoint(_ bytes: [UInt8], at offset: Int) -> (codePoint: UInt32, length: Int) {
    let lead = bytes[offset]
    let length = utf8Length(lead: lead)
    if length == 1 && lead < 0x80 { return (UInt32(lead), 1) }
    guard lead >= 0xC0, length > 1, offset + length <= bytes.count else { return (0x110000 + UInt32(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for next in offset + 1..<offset + length { value = value << 6 | UInt32(bytes[next] & 0x3F) }
    return (value, length)
  }
}

extension SortedStrings {
  /// Calls `body` with every string that is `prefix` and something near, ascending, and with its distance.
  package func forEach(
    beginningWith prefix: [UInt8], near automaton: LevenshteinAutomaton, _ interruption: Interruption = .none,
    _ body: (borrowing Entry, Int) throws(IndexError) -> Void
  ) throws(IndexError) {
    var automaton = automaton
    var count = 0
    guard var entry = try lowerBound(prefix) else { return }
    // Terminates: every turn goes forward in the table.
    while entry.string.starts(with: prefix) {
      count += 1
      if count % 128 == 0 { try interruption.check() }
      switch automaton.read(entry.string.dropFirst(prefix.count)) {
      case .near(let distance): try body(entry, distance)
      case .far: break
      case .dead:
        guard let successor = automaton.successor() else { return }
        let target = prefix + successor
        // Always so, but in a damaged table.
        if ByteOrder.precedes(entry.string, target) {
          if try !advance(&entry, to: target) { return }
          continue
        }
      }
      if try !advance(&entry) { return }
    }
  }
}
