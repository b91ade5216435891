// How do programs read an explanation?
internal import Suoyin

extension Explanation {
  func json(_ document: Document) -> JSONLine {
    var line = JSONLine(type: "explanation")
    line.add("key", key.description)
    line.add("citation", document.citation)
    line.add("matches", matches)
    line.add("score", score)
    line.add("passages", passageCount)
    line.add("k1", k1)
    line.add("b", b)
    let obstacles = self.obstacles
    let missing = obstacles.compactMap { if case .missing(let part) = $0 { JSONLine.quoted(part.wording) } else { nil } }
    let excluded = obstacles.compactMap { if case .excluded(let part) = $0 { JSONLine.quoted(part.wording) } else { nil } }
    if !missing.isEmpty { line.add("missing", raw: "[" + missing.joined(separator: ",") + "]") }
    if !excluded.isEmpty { line.add("excluded", raw: "[" + excluded.joined(separator: ",") + "]") }
    line.add("part", raw: root.json.object)
    return line
  }
}

extension Explanation.Part {
  fileprivate var json: JSONLine {
    var line = JSONLine()
    line.add("kind", kind.rawValue)
    if role != .plain { line.add("role", role.rawValue) }
    if !text.isEmpty { line.add("text", text) }
    if !scope.isEmpty {
      var fields = JSONLine()
      for place in scope { fields.add(place.field, place.boost) }
      line.add("fields", raw: fields.object)
    }
    line.add("matches", matches)
    line.add("score", score)
    if let statistics {
      line.add("passages", statistics.documentFrequency)
      line.add("frequency", statistics.frequency)
      line.add("length", statistics.length)
      if let average = statistics.averageLength { line.add("averageLength", average) }
      line.add("idf", statistics.idf)
      line.add("weight", statistics.weight)
    }
    line.add("count", count)
    if !members.isEmpty {
      var terms = JSONLine()
      for member in members { terms.add(member.text, member.frequency) }
      line.add("terms", raw: terms.object)
    }
    if !parts.isEmpty { line.add("parts", raw: "[" + parts.map(\.json.object).joined(separator: ",") + "]") }
    return line
  }
}
