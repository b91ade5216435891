// Where in a long text is it worth to look for matches?
internal import SuoyinAnalysis

extension Highlighter {
  /// Texts up to so many bytes are looked through as a whole: that takes about 2 ms.
  private static let wholeLength = 48 << 10
  /// Of longer ones, so many bytes are weighed together, and so many such parts looked through.
  private static let partLength = 1 << 10
  private static let partCount = 6

  /// The marks of a text, of a long one only those in the parts that hold most of what the query asks for.
  ///
  /// - Complexity: O(*n*) comparisons of bytes; what is analysed is bounded.
  package func bestMarks(in text: String, field: String) throws(IndexError) -> [Mark] {
    if text.utf8.count <= Self.wholeLength { return try marks(in: text, field: field) }
    var marks: [Mark] = []
    let bytes = Array(text.utf8)
    for part in promisingParts(of: text, field) {
      // Parts begin and end between characters.
      var (start, end) = (part.lowerBound, part.upperBound)
      while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      for mark in try self.marks(in: String(decoding: bytes[start..<end], as: UTF8.self), field: field) {
        marks.append(Mark(range: mark.range.lowerBound + start..<mark.range.upperBound + start, term: mark.term, weight: mark.weight))
      }
    }
    return marks
  }

  /// Ranges of bytes of the text, without overlaps.
  private func promisingParts(of text: String, _ field: String) -> [Range<Int>] {
    let isNormalized = schema.analyzer.families.contains(.pair)
    let normalized = isNormalized ? Normalizer().normalize(text.utf8.span) : nil
    let bytes = normalized?.bytes ?? Array(text.utf8)
    var worth = [Double](repeating: 0, count: bytes.count / Self.partLength + 1)
    let patterns = patterns(field)
    var lastSeen = [Int](repeating: -1, count: patterns.count)
    patterns.forEachOccurrence(in: bytes) { offset, pattern, weight in
      let part = offset / Self.partLength
      if lastSeen[pattern] != part { worth[part] += weight }
      lastSeen[pattern] = part
    }
    // What two neighbours hold together is worth more than either.
    let sums = worth.indices.map { worth[$0] + 0.5 * ($0 + 1 < worth.count ? worth[$0 + 1] : 0) }
    let best = sums.indices.sorted { sums[$0] != sums[$1] ? sums[$0] > sums[$1] : $0 < $1 }.prefix(Self.partCount)
      .filter { sums[$0] > 0 }.sorted()
    if best.isEmpty { return [0..<min(Self.wholeLength, text.utf8.count)] }
    var parts: [Range<Int>] = []
    for number in best {
      var part = max(0, number * Self.partLength - 256)..<min(bytes.count, (number + 2) * Self.partLength + 256)
      if let normalized { part = normalized.originalRange(part) }
      if let last = parts.last, part.lowerBound <= last.upperBound {
        parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
      } else {
        parts.append(part)
      }
    }
    return parts
  }

  /// What of the query is found by comparing bytes of the normalised text: words, and any two cells side by side.
  private func patterns(_ field: String) -> BytePatterns {
    var patterns = BytePatterns()
    for part in parts where part.field == nil || part.field == field {
      switch part.sought {
      case .terms(let terms):
        for (text, number) in terms.all {
          // A blank sets off words in pairs.
          patterns.add(text.last == 0x20 ? Array(text.dropLast()) : text, weights[number])
        }
      case .sequence(let cells), .openSequence(let cells), .number(let cells, _, _): patterns.add(cells, weights[part.ordinal])
      case .windows(let sequences, _): for cells in sequences { patterns.add(cells, weights[part.ordinal]) }
      case .nearWord, .pattern, .pinyin: break
      }
    }
    return patterns
  }
}

/// Short strings of bytes that are looked for together, each with what it is worth.
private struct BytePatterns {
  private var patterns: [(bytes: [UInt8], weight: Double)] = []
  /// For each hash of three bytes the patterns that may begin with them.
  private var places: [[Int]] = [[Int]](repeating: [], count: 1 << 12)

  var count: Int { patterns.count }

  @inline(__always)
  private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    (Int(first & 0xF) << 8 ^ Int(second & 0x3F) << 6 ^ Int(third)) & 0xFFF
  }

  /// Patterns of less than three bytes are left out.
  mutating func add(_ bytes: [UInt8], _ weight: Double) {
    guard bytes.count >= 3 else { return }
    places[Self.hash(bytes[0], bytes[1], bytes[2])].append(patterns.count)
    patterns.append((bytes, weight + 0.001))
  }

  /// The cells of a sequence in a row, and for much less any two side by side, between which something may stand.
  mutating func add(_ cells: Highlighter.Cells, _ weight: Double) {
    add(Array(cells.map(\.cell).joined()), weight)
    if cells.count < 3 { return }
    let share = weight / Double(4 * cells.count)
    for (left, right) in zip(cells, cells.dropFirst()) { add(left.cell + right.cell, share) }
  }

  /// Calls `body` with the offset, the number and the weight of every occurrence.
  func forEachOccurrence(in text: [UInt8], _ body: (Int, Int, Double) -> Void) {
    if patterns.isEmpty || text.count < 3 { return }
    let isFirst = places.map { !$0.isEmpty }
    let (bytes, firsts) = (text.span, isFirst.span)
    for offset in 0..<bytes.count - 2 {
      // No pattern begins inside a character.
      if bytes[offset] & 0xC0 == 0x80 { continue }
      let hash = Self.hash(bytes[offset], bytes[offset + 1], bytes[offset + 2])
      guard firsts[hash] else { continue }
      for place in places[hash] {
        let (pattern, weight) = patterns[place]
        guard pattern.count <= bytes.count - offset else { continue }
        var matched = 0
        while matched < pattern.count, pattern[matched] == bytes[offset + matched] { matched += 1 }
        if matched == pattern.count { body(offset, place, weight) }
      }
    }
  }
}
