// Which passages have texts close together, or words that look like a pattern? The oracle.
internal import Suoyin
internal import SuoyinAnalysis

extension NaiveIndex {
  /// Texts near one another; a single one is its parts between white space, or its words.
  func near(
    _ texts: [String], _ distance: Int, isOrdered: Bool, _ field: String?, _ factor: Double, _ parameters: RankingParameters
  ) throws -> Scores? {
    if let field, let found = schema[field], found.kind == .keyword || found.pinyinSource != nil {
      return try evaluate(.all(texts.map { .quoted($0) }), field, factor, parameters)
    }
    var parts = texts
    if texts.count == 1 {
      parts = texts[0].split(whereSeparator: \.isWhitespace).map(String.init)
      if parts.count < 2 { parts = try analyzed(texts[0]).words }
    }
    let queries = try parts.map { try analyzed($0) }.filter { !$0.cells.isEmpty }
    guard queries.count > 1 else { return try evaluate(.quoted(texts.joined(separator: " ")), field, factor, parameters) }
    return try leaf(parts.joined(separator: " "), field, factor, parameters) { _, boosts, factor, parameters in
      let weight = queries.reduce(0) { $0 + sequenceWeight($1, boosts) }
      return score(weight * factor, boosts, parameters, lengthInWords: !hasPairs) {
        windows(queries, distance, isOrdered: isOrdered, in: $0)
      }
    }
  }

  /// How many windows of a field hold all texts: from each position on, by trying.
  private func windows(_ queries: [Text], _ distance: Int, isOrdered: Bool, in text: Text) -> Int {
    func items(_ text: Text) -> [(text: String, number: Int)] { hasPairs ? text.cells : text.numberedWords }
    let spans = queries.map { $0.cells[$0.cells.count - 1].number - $0.cells[0].number + 1 }
    let numbers = Dictionary(items(text).map { ($0.number, $0.text) }) { $1 }
    let starts = queries.map { query in
      let first = items(query)[0].number
      return items(text).map(\.number).filter { start in
        items(query).allSatisfy { numbers[start + $0.number - first] == $0.text }
          && (hasPairs ? Self.count(items(query).map { ($0.number - first, $0.text) }, in: text, at: start) : true)
      }
    }
    var count = 0
    var low = 0
    // Terminates: `low` grows.
    while true {
      var window: [Int] = []
      var reached = low
      for place in queries.indices {
        guard let start = starts[place].first(where: { $0 >= reached }) else { return count }
        window.append(start)
        if isOrdered { reached = start + spans[place] }
      }
      let begin = window.min() ?? 0
      let stop = zip(window, spans).map(+).max() ?? 0
      if stop - begin - spans.reduce(0, +) <= distance {
        count += 1
        low = stop
      } else {
        low = begin + 1
      }
    }
  }

  /// Whether cells stand at a place with nothing in the gaps between them.
  private static func count(_ sequence: [(offset: Int, text: String)], in text: Text, at start: Int) -> Bool {
    guard let first = text.cells.firstIndex(where: { $0.number == start }), first + sequence.count <= text.cells.count else { return false }
    return sequence.indices.allSatisfy { text.cells[first + $0].number == start + sequence[$0].offset }
  }

  /// Words of letters or digits that look like a pattern; else the pieces between its signs, in this order.
  func wildcard(_ text: String, _ field: String?, _ factor: Double, _ parameters: RankingParameters) throws -> Scores? {
    if let field, schema[field]?.kind == .keyword {
      let pattern = Array(String(decoding: Analyzer.normalizedValue(text), as: UTF8.self))
      return pattern.isEmpty
        ? nil : keywords(field, factor, parameters) { Self.matches(pattern, Array(String(decoding: $0, as: UTF8.self))) ? 1 : nil }
    }
    let letters = text.filter { $0 != "*" && $0 != "?" }
    let word = try analyzed(letters)
    guard word.cells.count == 1, schema.analyzer == .whitespace || Self.isWord(word.cells[0].text),
      word.cells[0].text.count == letters.count
    else {
      let pieces = text.split { $0 == "*" || $0 == "?" }.map(String.init)
      if pieces.count < 2 { return try evaluate(.quoted(pieces.first ?? ""), field, factor, parameters) }
      return try near(pieces, 10 * (pieces.count - 1), isOrdered: true, field, factor, parameters)
    }
    let pattern = Array(schema.analyzer == .whitespace ? text : text.lowercased())
    func found(_ text: Text) -> [String] {
      (hasPairs ? text.cells.map(\.text) : text.words).filter { Self.matches(pattern, Array($0)) }
    }
    return try leaf(letters, field, factor, parameters) { _, boosts, factor, parameters in
      let weight = idf(sum(frequencies(boosts, found))) * factor
      return score(weight, boosts, parameters, lengthInWords: !hasPairs) { found($0).count }
    }
  }

  /// Whether a string is what a pattern means: every way to share it out is tried.
  private static func matches(_ pattern: [Character], _ text: [Character]) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "*" { return (0...text.count).contains { matches(rest, Array(text.dropFirst($0))) } }
    guard let head = text.first, first == "?" || first == head else { return false }
    return matches(rest, Array(text.dropFirst()))
  }
}
