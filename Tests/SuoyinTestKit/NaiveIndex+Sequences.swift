// Which passages have cells one after another? The oracle.
import Suoyin

extension NaiveIndex {
  /// The cells before the number that a text ends with, then that number. Its weight is what its parts are worth.
  func numberSequence(_ query: Text, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters) -> Scores {
    let numbers = query.extras.filter { $0.isNumber && $0.cell + $0.cells == query.cells.count }
    guard let last = numbers.max(by: { ($0.cells, $0.text.utf8.count) < ($1.cells, $1.text.utf8.count) }) else { return [:] }
    let prefix = query.cells[..<last.cell]
    var weight = parameters.extraWeight * idf(documentFrequency(boosts) { text in text.extras.count { $0.text == last.text } })
    for index in prefix.indices {
      let cell = prefix[index].text
      if let next = Self.neighbour(query, index, 1) {
        if index + 1 < prefix.count {
          weight += idf(documentFrequency(boosts) { Self.count([(0, cell), (1, next)], in: $0) })
        } else if Self.neighbour(query, index, -1) == nil {
          weight += idf(documentFrequency(boosts) { Self.count([(0, cell)], in: $0) })
        }
      } else {
        weight += idf(frequencyBeforeGap(query, index, boosts))
      }
    }
    return score(weight * factor, boosts, parameters, lengthInWords: false) { text in
      text.extras.count { extra in
        extra.text == last.text && extra.cell >= prefix.count
          && prefix.indices.allSatisfy { index in
            let cell = text.cells[extra.cell - prefix.count + index]
            return cell.text == prefix[index].text && extra.number - cell.number == last.number - prefix[index].number
          }
      }
    }
  }

  /// The cell numbered one more or one less than the one at `index`.
  static func neighbour(_ text: Text, _ index: Int, _ step: Int) -> String? {
    let other = index + step
    guard text.cells.indices.contains(other), text.cells[other].number == text.cells[index].number + step else { return nil }
    return text.cells[other].text
  }

  /// How many passages have a cell of the query before a gap as long as there: that of a sentence's end, or of a paragraph's too.
  func frequencyBeforeGap(_ query: Text, _ index: Int, _ boosts: [String: Double]) -> Int {
    let gap = Self.gap(query, index)
    return documentFrequency(boosts) { text in
      text.cells.indices.count { text.cells[$0].text == query.cells[index].text && Self.gap(text, $0) == gap }
    }
  }

  /// How many numbers are left out behind a cell; behind the last one there is an end like that of a sentence.
  private static func gap(_ text: Text, _ index: Int) -> Int {
    index + 1 < text.cells.count ? Int(text.cells[index + 1].number) - Int(text.cells[index].number) - 1 : 1
  }

  /// How often cells stand at the given distances, with nothing in the gaps between them.
  static func count(_ sequence: [(offset: Int, text: String)], in text: Text) -> Int {
    count(sequence, among: text.cells)
  }

  private static func count(_ sequence: [(offset: Int, text: String)], among items: [(text: String, number: Int)]) -> Int {
    guard items.count >= sequence.count else { return 0 }
    return (0...(items.count - sequence.count)).count { start in
      sequence.indices.allSatisfy { place in
        let item = items[start + place]
        return item.text == sequence[place].text && item.number - items[start].number == sequence[place].offset
      }
    }
  }

  /// The cells of a text (its words, where the analyzer has no pairs) one after another in one field. Its weight is what its parts are worth.
  func sequence(_ query: Text, _ boosts: [String: Double], _ factor: Double, _ parameters: RankingParameters) -> Scores {
    let items = hasPairs ? query.cells : query.numberedWords
    let wanted = items.map { (offset: $0.number - items[0].number, text: $0.text) }
    let weight = sequenceWeight(query, boosts)
    return score(weight * factor, boosts, parameters, lengthInWords: !hasPairs) {
      Self.count(wanted, among: hasPairs ? $0.cells : $0.numberedWords)
    }
  }

  /// What the parts of a sequence are worth together.
  func sequenceWeight(_ query: Text, _ boosts: [String: Double]) -> Double {
    var weight = 0.0
    if hasPairs {
      for index in query.cells.indices {
        let cell = query.cells[index].text
        if let next = Self.neighbour(query, index, 1) {
          weight += idf(documentFrequency(boosts) { Self.count([(0, cell), (1, next)], in: $0) })
        } else if index + 1 < query.cells.count {
          weight += idf(frequencyBeforeGap(query, index, boosts))
        } else if Self.neighbour(query, index, -1) == nil {
          weight += idf(documentFrequency(boosts) { Self.count([(0, cell)], in: $0) })
        }
      }
    } else {
      for word in query.words { weight += idf(documentFrequency(boosts) { text in text.words.count { $0 == word } }) }
    }
    return weight
  }
}
