// Which passages have a word that begins so, or one that is nearly so? The oracle.
internal import Suoyin
internal import SuoyinAnalysis

/// How many code points have to be inserted, left out, replaced or swapped with their neighbours: the whole table of the dynamic programming.
package func naiveDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
  var table = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
  for row in 0...left.count {
    for column in 0...right.count {
      if row == 0 || column == 0 {
        table[row][column] = row + column
        continue
      }
      table[row][column] = min(
        table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
        table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
      }
    }
  }
  return table[left.count][right.count]
}

extension NaiveIndex {
  /// For each of some terms in how many passages it is.
  func frequencies(_ boosts: [String: Double], _ terms: (Text) -> [String]) -> [String: Int] {
    var frequencies: [String: Int] = [:]
    for fields in texts.values {
      for term in Set(boosts.keys.flatMap { fields[$0].map(terms) ?? [] }) { frequencies[term, default: 0] += 1 }
    }
    return frequencies
  }

  func sum(_ frequencies: [String: Int]) -> Int { min(documents.count, frequencies.values.reduce(0, +)) }

  static func isWord(_ text: String) -> Bool {
    text.unicodeScalars.first.map { ICUProperties.kind(of: $0.value) == .letterOrDigit } ?? false
  }

  /// A cell and what it is followed by: the next cell, or how many numbers are left out.
  private static func pair(_ text: Text, _ index: Int) -> String {
    if let next = neighbour(text, index, 1) { return "\(text.cells[index].text) \(next)" }
    return "\(text.cells[index].text)  \(index + 1 < text.cells.count ? text.cells[index + 1].number - text.cells[index].number - 1 : 1)"
  }

  /// Cells (words, where there are no pairs) one after another, the last of which goes on.
  func openSequence(_ query: Text, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters) -> Scores {
    let items = hasPairs ? query.cells : query.numberedWords
    guard let last = items.last, !hasPairs || Self.isWord(last.text) else { return sequence(query, boosts, factor, parameters) }
    let place = items.count - 1
    var weight = 0.0
    func starting(_ text: Text) -> [String] {
      (hasPairs ? text.cells : text.numberedWords).map(\.text).filter { $0.utf8.starts(with: last.text.utf8) }
    }
    if place == 0 || !hasPairs {
      for index in 0..<place {
        weight += idf(documentFrequency(boosts) { text in text.numberedWords.count { $0.text == items[index].text } })
      }
      weight += idf(sum(frequencies(boosts, starting)))
    } else {
      for index in 0..<place {
        if let next = Self.neighbour(query, index, 1) {
          let cells = [(0, items[index].text), (1, next)]
          if index + 1 < place { weight += idf(documentFrequency(boosts) { Self.count(cells, in: $0) }) }
        } else {
          weight += idf(frequencyBeforeGap(query, index, boosts))
        }
      }
      if Self.neighbour(query, place, -1) == nil {
        weight += idf(
          sum(
            frequencies(boosts) { text in
              text.cells.indices.filter { text.cells[$0].text.utf8.starts(with: last.text.utf8) }.map { Self.pair(text, $0) }
            }))
      } else {
        let before = items[place - 1].text
        weight += idf(
          sum(
            frequencies(boosts) { text in
              text.cells.indices.compactMap { index in
                text.cells[index].text == before
                  ? Self.neighbour(text, index, 1).flatMap { $0.utf8.starts(with: last.text.utf8) ? $0 : nil } : nil
              }
            }))
      }
    }
    return score(weight * factor, boosts, parameters, lengthInWords: !hasPairs) { text in
      let candidates = hasPairs ? text.cells : text.numberedWords
      guard candidates.count >= items.count else { return 0 }
      return (0...candidates.count - items.count).count { start in
        items.indices.allSatisfy { index in
          let cell = candidates[start + index]
          let isSame = index == place ? cell.text.utf8.starts(with: last.text.utf8) : cell.text == items[index].text
          return isSame && cell.number - candidates[start].number == items[index].number - items[0].number
        }
      }
    }
  }

  /// The 64 nearest of some terms, each with its distance, and the frequency of the commonest.
  private func nearest(_ word: String, _ distance: Int, _ frequencies: [String: Int]) -> (terms: [(String, Int)], frequency: Int) {
    let near = frequencies.map { (term: $0.key, distance: naiveDistance(word, $0.key), frequency: $0.value) }
      .filter { $0.distance <= distance }
      .sorted {
        if $0.distance != $1.distance { return $0.distance < $1.distance }
        return $0.frequency != $1.frequency ? $0.frequency > $1.frequency : $0.term.utf8.lexicographicallyPrecedes($1.term.utf8)
      }
      .prefix(64)
    return (near.map { ($0.term, $0.distance) }, near.map(\.frequency).max() ?? 0)
  }

  func nearWords(
    _ query: Text, _ distance: Int, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters
  ) -> Scores {
    guard query.cells.count == 1, schema.analyzer == .whitespace || Self.isWord(query.cells[0].text) else {
      return sequence(query, boosts, factor, parameters)
    }
    func words(_ text: Text) -> [String] {
      (hasPairs ? text.cells.map(\.text) : text.words).filter { schema.analyzer == .whitespace || Self.isWord($0) }
    }
    let (terms, frequency) = nearest(query.cells[0].text, distance, frequencies(boosts, words))
    var total: Scores = [:]
    for (term, distance) in terms {
      let weight = factor * idf(frequency) / Double(1 + distance)
      let scores = score(weight, boosts, parameters, lengthInWords: !hasPairs) { text in words(text).count { $0 == term } }
      total.merge(scores, uniquingKeysWith: +)
    }
    return total
  }

  /// Passages by the values of a keyword field for which `share` is not nil.
  func keywords(
    _ field: String, _ factor: Double, _ parameters: RankingParameters, _ share: ([UInt8]) -> Double?
  ) -> Scores {
    var matches: [DocumentKey: Int] = [:]
    for (key, document) in documents {
      let count = Set(values(document, field)).count { share($0) != nil }
      if count > 0 { matches[key] = count }
    }
    let weight = factor * idf(min(documents.count, matches.values.reduce(0, +)))
    return matches.mapValues { weight * Double($0) / (Double($0) + parameters.k1) }
  }

  func nearKeywords(_ value: [UInt8], _ distance: Int, _ field: String, _ factor: Double, _ parameters: RankingParameters) -> Scores {
    var frequencies: [String: Int] = [:]
    for document in documents.values {
      for value in Set(values(document, field)) { frequencies[String(decoding: value, as: UTF8.self), default: 0] += 1 }
    }
    let (terms, frequency) = nearest(String(decoding: value, as: UTF8.self), distance, frequencies)
    var total: Scores = [:]
    for (term, distance) in terms {
      let score = factor * idf(frequency) / Double(1 + distance) / (1 + parameters.k1)
      for (key, document) in documents where values(document, field).contains(Array(term.utf8)) { total[key, default: 0] += score }
    }
    return total
  }
}
