// Which titles and labels does a query name, by definition?
internal import Suoyin
internal import SuoyinAnalysis

extension NaiveIndex {
  /// What passages get whose title or label a query names.
  func names(_ query: Text, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters) -> Scores {
    func asked(_ role: Field.Role) -> [String: Double] { boosts.filter { schema[$0.key]?.role == role && $0.value > 0 } }
    /// For each passage with the term, its part of the score for a weight of 1.
    func scores(_ term: String, _ role: Field.Role) -> Scores {
      func count(_ text: Text) -> Int { text.extras.count { $0.text == term } }
      let frequency = documentFrequency(boosts, count)
      var scores: Scores = [:]
      for key in documents.keys {
        let occurrences = asked(role).reduce(0.0) { sum, boost in sum + boost.value * Double(texts[key]?[boost.key].map(count) ?? 0) }
        if occurrences > 0 { scores[key] = factor * idf(frequency) * occurrences / (occurrences + parameters.k1) }
      }
      return scores
    }
    var total: Scores = [:]
    var titles: [(cell: Int, scores: Scores)] = []
    if !asked(.title).isEmpty {
      titles = self.titles(query).map { ($0.cell, scores($0.term, .title)) }
      for title in titles { total.merge(title.scores.mapValues { $0 * parameters.titleWeight }, uniquingKeysWith: +) }
    }
    guard !asked(.label).isEmpty else { return total.filter { $0.value > 0 } }
    var seen: Set<String> = []
    for extra in query.extras where extra.isNumber && extra.text.hasPrefix("第") && seen.insert(extra.text).inserted {
      let labels = scores("§" + extra.text, .label)
      total.merge(labels.mapValues { $0 * parameters.titleWeight }, uniquingKeysWith: +)
      guard let title = titles.last(where: { $0.cell < extra.cell }) else { continue }
      for (key, score) in labels {
        if let other = title.scores[key] { total[key, default: 0] += (score + other) * parameters.citationWeight }
      }
    }
    return total.filter { $0.value > 0 }
  }

  /// Of the titles that begin at each cell the longest, but for what lies in one that begins before; by the index of the first cell.
  private func titles(_ query: Text) -> [(cell: Int, term: String)] {
    let all = Set(texts.values.flatMap { $0.values.flatMap { $0.extras.map(\.text) } }.filter { $0.hasPrefix("《") })
    let cells = query.cells.map(\.text)
    var kept: [Int] = []
    var index = 0
    while index < cells.count {
      if cells[index...].starts(with: ["中", "华", "人", "民", "共", "和", "国"]) {
        index += 7
      } else {
        kept.append(index)
        index += 1
      }
    }
    var found: [(cell: Int, term: String)] = []
    var covered = 0
    for start in kept.indices {
      var term = "《"
      var longest: (end: Int, term: String)?
      for end in kept.indices where end >= start {
        if end > start, Self.isWord(cells[kept[end]]), Self.isWord(cells[kept[end - 1]]) { term += " " }
        term += cells[kept[end]]
        if end > start, all.contains(term) { longest = (end, term) }
      }
      guard let longest, longest.end >= covered else { continue }
      covered = longest.end + 1
      found.append((kept[start], longest.term))
    }
    return found
  }
}
