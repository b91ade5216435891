// How do programs read an answer? docs/JSON.md is the contract.
internal import Suoyin

struct JSONAnswers: AnswerWriter {
  let snippetLength: Int

  mutating func write(_ answer: Answer, _ searcher: Searcher) throws {
    let results = answer.results
    for (place, hit) in results.hits.enumerated() {
      try hit.json(rank: results.hitsBefore + place + 1, query: answer.id, schema: searcher.schema, snippetLength: snippetLength).print()
    }
    writeSummary(of: answer, hits: results.hits.count, next: results.next)
  }

  /// A line for each document, its hits in it.
  mutating func write(_ groups: DocumentGroups, _ answer: Answer, _ searcher: Searcher) throws {
    for (place, group) in groups.groups.enumerated() {
      guard let first = group.hits.first else { continue }
      var line = JSONLine(type: "group")
      line.add("query", answer.id)
      line.add("rank", place + 1)
      line.add("file", first["file"])
      line.add("title", first["title"])
      line.add("citation", first.documentCitation)
      line.add("passages", group.total)
      let hits = try group.hits.enumerated().map { place, hit in
        try hit.json(rank: place + 1, query: nil, schema: searcher.schema, snippetLength: snippetLength).object
      }
      line.add("hits", raw: "[" + hits.joined(separator: ",") + "]")
      line.print()
    }
    writeSummary(of: answer, hits: groups.groups.reduce(0) { $0 + $1.hits.count }, next: groups.next)
  }

  private func writeSummary(of answer: Answer, hits: Int, next: SearchPosition?) {
    var summary = JSONLine(type: "summary")
    summary.add("query", answer.id)
    summary.add("hits", hits)
    summary.add("total", answer.total)
    summary.add("exact", answer.isExact)
    if !answer.results.facets.isEmpty {
      summary.add("facets", raw: "[" + answer.results.facets.map(\.json).joined(separator: ",") + "]")
    }
    summary.add("next", next?.description)
    if answer.results.hasIndexChanged { summary.add("changed", true) }
    summary.add("microseconds", answer.microseconds)
    let warnings = answer.results.warnings
    if !warnings.isEmpty { summary.add("warnings", raw: "[" + warnings.map(JSONLine.warning).joined(separator: ",") + "]") }
    summary.print()
  }
}

extension Facet {
  fileprivate var json: String {
    var line = JSONLine()
    line.add("field", field)
    let values = values.map { value in
      var line = JSONLine()
      line.add("value", value.value)
      line.add("count", value.count)
      return line.object
    }
    line.add("values", raw: "[" + values.joined(separator: ",") + "]")
    line.add("distinct", distinctCount)
    line.add("missing", missingCount)
    return line.object
  }
}
