// Which part of a text shows best why it was found?

/// A part of a text, exactly as the text has it, with the matches in it.
public struct Snippet: Equatable, Sendable, CustomStringConvertible {
  /// The part of the text, without ellipses.
  public let text: String
  /// The matches, as UTF-8 offsets into `text`, ascending, without overlaps.
  public let highlights: [Range<Int>]
  /// Where the part begins in the whole text, in UTF-8 bytes.
  public let utf8Offset: Int
  /// Whether the whole text goes on before and after the part.
  public let isCutBefore: Bool
  public let isCutAfter: Bool

  /// The text with an ellipsis wherever it is cut.
  public var description: String { (isCutBefore ? "…" : "") + text + (isCutAfter ? "…" : "") }

  /// How long a snippet is at most, in bytes: 80 Han characters.
  public static let defaultLength = 240
  /// The lengths that a snippet may be asked to have, in bytes: 10 to 10,000 Han characters.
  public static let lengths = 30...30_000

  /// Chooses the part of at most `length` bytes whose matches are of the terms that are worth the most together, each counted once; of several such the
  /// one with the most matches, then the first. It begins and ends where sentences do, if there are such places, else where clauses do.
  ///
  /// Only a match that is longer makes a snippet longer, up to four times.
  ///
  /// - Complexity: O(*h* log *h* + `length`), *h* being the number of marks, and a copy of the text's bytes.
  package init(of text: String, marks: [Mark], length: Int = Snippet.defaultLength) {
    let bytes = Array(text.utf8)
    var window = 0..<bytes.count
    if bytes.count > length {
      // Some room for what stands around.
      let best = MarkWindow.best(marks, room: length - length / 6)
      let borders = TextBorders(bytes: bytes)
      window = borders.window(around: best ?? 0..<0, length: length)
    }
    self.text = String(decoding: bytes[window], as: UTF8.self)
    highlights = Highlighter.merged(
      marks.compactMap { mark in
        let part = mark.range.clamped(to: window)
        return part.isEmpty ? nil : part.lowerBound - window.lowerBound..<part.upperBound - window.lowerBound
      })
    utf8Offset = window.lowerBound
    isCutBefore = window.lowerBound > 0
    isCutAfter = window.upperBound < bytes.count
  }
}

/// Finds the part of a text with the best matches.
enum MarkWindow {
  /// The bytes from the first to the last match of the best part of at most `room` bytes; nil without matches.
  ///
  /// A match that is longer is a part of its own.
  ///
  /// - Complexity: O(*h* log *h*), *h* being the number of marks.
  static func best(_ marks: [Mark], room: Int) -> Range<Int>? {
    let starts = marks.indices.sorted {
      (marks[$0].range.lowerBound, marks[$0].range.upperBound) < (marks[$1].range.lowerBound, marks[$1].range.upperBound)
    }
    let ends = marks.indices.sorted { marks[$0].range.upperBound < marks[$1].range.upperBound }
    // In whole numbers, so that what is added and taken away again leaves nothing.
    let weights = marks.map { Int64(min(max($0.weight, 0), 1e9) * 1024) }
    var isInside = [Bool](repeating: false, count: marks.count)
    /// How often each term is inside.
    var counts = [Int](repeating: 0, count: marks.reduce(0) { max($0, $1.term + 1) })
    var (worth, inside) = (Int64(0), 0)
    var best: (worth: Int64, count: Int, range: Range<Int>)?
    var next = 0
    // Invariant: inside are the marks that begin at `start` or behind it and end before `end`, and those worth `worth` together.
    for mark in starts {
      let start = marks[mark].range.lowerBound
      let end = max(start + room, marks[mark].range.upperBound)
      while next < ends.count, marks[ends[next]].range.upperBound <= end {
        let added = ends[next]
        next += 1
        if marks[added].range.lowerBound < start { continue }
        isInside[added] = true
        inside += 1
        counts[marks[added].term] += 1
        if counts[marks[added].term] == 1 { worth += weights[added] }
      }
      if isInside[mark], best.map({ (worth, inside) > ($0.worth, $0.count) }) ?? true { best = (worth, inside, start..<end) }
      if isInside[mark] {
        isInside[mark] = false
        inside -= 1
        counts[marks[mark].term] -= 1
        if counts[marks[mark].term] == 0 { worth -= weights[mark] }
      }
    }
    guard let range = best?.range else { return nil }
    // All marks that begin in the range and end in it; the first begins with it.
    let last = marks.filter { range.contains($0.range.lowerBound) && $0.range.upperBound <= range.upperBound }.map(\.range.upperBound).max()
    return range.lowerBound..<(last ?? range.upperBound)
  }
}

/// Where sentences and clauses of a text begin.
struct TextBorders {
  let bytes: [UInt8]

  /// A part of at most `length` bytes around a range of the text, which begins and ends at borders if possible; of a longer range the beginning.
  func window(around range: Range<Int>, length: Int) -> Range<Int> {
    let range = range.lowerBound..<min(range.upperBound, range.lowerBound + 4 * length)
    let room = max(0, length - range.count)
    // Most of the room may stand before, if a sentence begins there; else all, if a clause does.
    var start =
      first(sentence, from: range.lowerBound, downTo: range.lowerBound - room * 2 / 3)
      ?? first(clause, from: range.lowerBound, downTo: range.lowerBound - room)
      ?? wordBorder(range.lowerBound - min(room, length / 8), atMost: range.lowerBound)
    let limit = max(start + length, range.upperBound)
    var end = bytes.count
    if limit < bytes.count {
      let least = max(range.upperBound, start + length / 2)
      end =
        first(sentence, from: limit, downTo: least) ?? first(clause, from: limit, downTo: least)
        ?? max(range.upperBound, wordBorder(limit, atMost: limit))
    }
    end = withoutSpace(before: end, atLeast: max(start, range.upperBound))
    // Terminates: the start goes back.
    while start > 0, let earlier = first(sentence, from: start - 1, downTo: end - length) { start = earlier }
    if start > 0, end == bytes.count, end - start < length / 2 { start = wordBorder(end - length, atMost: start) }
    return characterBorder(start)..<max(end, start)
  }

  /// The nearest border at or before a place and not before another; the text's beginning is one.
  private func first(_ isBorder: (Int) -> Bool, from start: Int, downTo end: Int) -> Int? {
    var place = start
    while place >= max(0, end) {
      if isBorder(place) { return place }
      place -= 1
    }
    return nil
  }

  /// Whether a sentence, a line or the text begins at a place.
  private func sentence(_ place: Int) -> Bool { isBehind(place, Self.sentenceEnds) }

  /// Whether a clause begins at a place.
  private func clause(_ place: Int) -> Bool { isBehind(place, Self.clauseEnds) }

  private static let sentenceEnds = ["。", "！", "？", "；", "!", "?", "…"].map { Array($0.utf8) }
  private static let clauseEnds = ["，", "、", "：", ",", ";", ":", "）", ")"].map { Array($0.utf8) }
  private static let closers = ["”", "’", "」", "』", "）", "》", "\"", ")"].map { Array($0.utf8) }

  private func isBehind(_ place: Int, _ marks: [[UInt8]]) -> Bool {
    if place == 0 { return true }
    guard place < bytes.count, bytes[place] & 0xC0 != 0x80, !isSpace(place), length(of: Self.closers, at: place) == 0 else { return false }
    var end = place
    while end > 0, isSpaceEnd(end) {
      if bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { return true }
      end -= bytes[end - 1] < 0x80 ? 1 : 3
    }
    // A full stop ends a sentence where white space follows: not in 3.5.
    if end < place, end > 0, bytes[end - 1] == UInt8(ascii: "."), marks == Self.sentenceEnds { return true }
    var closersLeft = 4
    while closersLeft > 0, let closer = Self.closers.first(where: { ends(with: $0, at: end) }), marks == Self.sentenceEnds {
      end -= closer.count
      closersLeft -= 1
    }
    return marks.contains { ends(with: $0, at: end) }
  }

  private func ends(with mark: [UInt8], at end: Int) -> Bool { end >= mark.count && bytes[(end - mark.count)..<end].elementsEqual(mark) }

  private func length(of marks: [[UInt8]], at place: Int) -> Int { marks.first { bytes[place...].starts(with: $0) }?.count ?? 0 }

  private func isSpace(_ place: Int) -> Bool {
    bytes[place] == 0x20 || bytes[place] >= 0x09 && bytes[place] <= 0x0D || bytes[place...].starts(with: Self.ideographicSpace)
  }

  private static let ideographicSpace: [UInt8] = [0xE3, 0x80, 0x80]

  private func isSpaceEnd(_ end: Int) -> Bool {
    bytes[end - 1] == 0x20 || bytes[end - 1] >= 0x09 && bytes[end - 1] <= 0x0D || ends(with: Self.ideographicSpace, at: end)
  }

  private func withoutSpace(before end: Int, atLeast least: Int) -> Int {
    var end = end
    while end > least, isSpaceEnd(end) { end -= bytes[end - 1] < 0x80 ? 1 : 3 }
    return max(end, least)
  }

  /// The beginning of the character that the byte at a place is of.
  private func characterBorder(_ place: Int) -> Int {
    var place = min(max(0, place), bytes.count)
    while place > 0, place < bytes.count, bytes[place] & 0xC0 == 0x80 { place -= 1 }
    return place
  }

  /// A place near, not inside a character, nor inside a word of ASCII letters and digits unless it is very long.
  private func wordBorder(_ place: Int, atMost most: Int) -> Int {
    var border = characterBorder(place)
    var steps = 0
    while border > 0, border < bytes.count, steps < 32, isWordByte(bytes[border]), isWordByte(bytes[border - 1]) {
      border -= 1
      steps += 1
    }
    return min(border, most)
  }

  private func isWordByte(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte &- 0x30 < 10 }
}
