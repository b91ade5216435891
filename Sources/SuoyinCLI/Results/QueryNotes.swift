// What was looked for, why was nothing found, and what may have been meant?
internal import Suoyin

/// What a person or a program is told of a query besides its hits.
struct QueryNotes {
  let searcher: Searcher
  let options: SearchOptions

  /// The whole report, on lines for people.
  func writeReport(on text: String) throws {
    let query = try QueryParser.parse(text, schema: searcher.schema).query
    for part in try searcher.report(on: query, options: options).parts { StandardOutput.write(part.readable) }
    try writeCorrections(of: text)
  }

  /// The report as a line for programs.
  func printReport(on text: String, id: String?) throws {
    let query = try QueryParser.parse(text, schema: searcher.schema).query
    let report = try searcher.report(on: query, options: options)
    var line = JSONLine(type: "report")
    line.add("query", id)
    line.add("parts", raw: "[" + report.parts.map(\.json).joined(separator: ",") + "]")
    line.add("unknown", raw: "[" + report.unknown.map(JSONLine.quoted).joined(separator: ",") + "]")
    let without = report.withoutPart.map { part in
      var line = JSONLine()
      line.add("text", part.text)
      line.add("passages", part.passageCount)
      return line.object
    }
    line.add("without", raw: "[" + without.joined(separator: ",") + "]")
    line.add("corrections", raw: "[" + (try searcher.corrections(of: text)).map(JSONLine.quoted).joined(separator: ",") + "]")
    line.print()
  }

  /// Why nothing was found, as far as the parts of the query tell.
  func writeReasons(for text: String) throws {
    let query = try QueryParser.parse(text, schema: searcher.schema).query
    let report = try searcher.report(on: query, options: options)
    if !report.unknown.isEmpty {
      StandardOutput.write("in no passage: \(Style.harmless(report.unknown.prefix(10).joined(separator: ", ")))\n")
    }
    for (part, count) in report.withoutPart.prefix(3) { StandardOutput.write("without \(Style.harmless(part)): \(count) passages\n") }
  }

  func writeCorrections(of text: String) throws {
    for correction in try searcher.corrections(of: text) {
      StandardOutput.write("did you mean \(Style.bold(Style.harmless(correction)))?\n")
    }
  }
}

extension QueryReport.Part {
  /// `any of 安全生产: 19098 passages`, and below it the terms by kinds: `words 安全 19098, 生产 30000`.
  fileprivate var readable: String {
    let role = role == .excluded ? "not " : role == .required ? "must " : ""
    let way =
      switch way {
      case .any: "any of"
      case .sequence: "in this order"
      case .expansion: "words like"
      case .near: "near one another"
      case .value: "value"
      }
    let place = field.map { " in \($0)" } ?? ""
    let count = passageCount.map { ": \($0) passages" } ?? ": nothing to look for"
    var lines = [Style.faint("# ") + role + way + place + " " + Style.bold(Style.harmless(text)) + count]
    for (name, family) in [("words", TermFamily.word), ("pairs", .pair), ("characters", .single), ("numbers", .extra)] {
      let found = terms.filter { $0.family == family }
      if found.isEmpty { continue }
      lines.append("#   \(name): " + found.map { "\(Style.harmless($0.text)) \($0.passageCount)" }.joined(separator: ", "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate var json: String {
    var line = JSONLine()
    line.add("role", role.rawValue)
    line.add("way", way.rawValue)
    line.add("text", text)
    line.add("field", field)
    line.add("passages", passageCount)
    if !terms.isEmpty {
      let terms = terms.map { term in
        var line = JSONLine()
        line.add("text", term.text)
        line.add("family", "\(term.family)")
        line.add("passages", term.passageCount)
        return line.object
      }
      line.add("terms", raw: "[" + terms.joined(separator: ",") + "]")
    }
    return line.object
  }
}
