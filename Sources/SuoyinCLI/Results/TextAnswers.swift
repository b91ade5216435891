// How do people read an answer?
internal import Suoyin

struct TextAnswers: AnswerWriter {
  let snippetLength: Int

  mutating func write(_ answer: Answer, _ searcher: Searcher) {
    let results = answer.results
    if let id = answer.id { StandardOutput.write("# \(id): \(answer.text)\n") }
    for (place, hit) in results.hits.enumerated() {
      StandardOutput.write(hit.readable(rank: results.hitsBefore + place + 1, schema: searcher.schema, snippetLength: snippetLength))
    }
    Self.writeEnd(of: answer, shown: results.hitsBefore + results.hits.count, next: results.next, searcher)
  }

  /// A document, and the best of its passages under it; one that is alone as a hit.
  mutating func write(_ groups: DocumentGroups, _ answer: Answer, _ searcher: Searcher) {
    if let id = answer.id { StandardOutput.write("# \(id): \(answer.text)\n") }
    var shown = 0
    for (place, group) in groups.groups.enumerated() {
      shown += group.hits.count
      StandardOutput.write(group.readable(rank: place + 1, schema: searcher.schema, snippetLength: snippetLength))
    }
    Self.writeEnd(
      of: answer, shown: groups.next == nil && answer.results.hitsBefore == 0 && !groups.groups.isEmpty ? answer.total : shown,
      next: groups.next, searcher)
  }

  private static func writeEnd(of answer: Answer, shown: Int, next: SearchPosition?, _ searcher: Searcher) {
    for facet in answer.results.facets { StandardOutput.write(facet.readable(searcher.schema)) }
    if answer.total == 0 {
      StandardOutput.write("nothing found among \(searcher.passageCount) passages\n")
    } else if !answer.isExact {
      StandardOutput.write("more than \(answer.total) passages\n")
    } else if answer.total > shown {
      StandardOutput.write("\(shown) of \(answer.total) passages\n")
    }
    if answer.results.hasIndexChanged {
      StandardOutput.write("the index has changed since the page before: hits may be missing or come again\n")
    }
    if let next { StandardOutput.write(Style.faint("more: --after \(next)") + "\n") }
  }
}

extension DocumentGroup {
  func readable(rank: Int, schema: Schema, snippetLength: Int) -> String {
    guard hits.count > 1 || total > 1, let first = hits.first else {
      return hits.map { $0.readable(rank: rank, schema: schema, snippetLength: snippetLength) }.joined()
    }
    var lines = ["\(rank). " + Style.bold(Style.harmless(first.documentCitation ?? first["file"] ?? first.key.description))]
    for hit in hits {
      let place = hit.place.map { Style.bold(Style.harmless($0)) + "  " } ?? ""
      let snippet = hit.textField(schema).flatMap { hit.snippet(of: $0, length: snippetLength) }?.readable ?? ""
      if !(place + snippet).isEmpty { lines.append("   " + place + snippet) }
      lines.append("   " + Style.faint(Style.harmless(hit.trail)))
    }
    if total > hits.count { lines.append("   " + Style.faint("\(total - hits.count) more")) }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Facet {
  /// On a line: `kind: 条例 12, 办法 3, 2 others; without 4`. Days are counted by years.
  fileprivate func readable(_ schema: Schema) -> String {
    let name = schema[field]?.kind == .date ? "year of \(field)" : field
    var parts = values.map { "\(Style.harmless($0.value)) \($0.count)" }
    if distinctCount > values.count { parts.append("\(distinctCount - values.count) others") }
    let list = parts.isEmpty ? "none" : parts.joined(separator: ", ")
    return "\(Style.bold(name)): \(list)\(missingCount > 0 ? "; without \(missingCount)" : "")\n"
  }
}
