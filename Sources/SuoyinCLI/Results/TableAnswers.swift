// How does an answer look to a scorer, a spreadsheet and a note?
internal import Suoyin

struct TRECAnswers: AnswerWriter {
  mutating func write(_ answer: Answer, _ searcher: Searcher) {
    var writer = TRECWriter()
    for (place, hit) in answer.results.hits.enumerated() {
      writer.write(hit, rank: answer.results.hitsBefore + place + 1, query: answer.id ?? "0")
    }
  }
}

/// Rows of a table with a header: RFC 4180.
struct CSVAnswers: AnswerWriter {
  let snippetLength: Int
  private var isBatch = false
  private static let columns = ["rank", "score", "key", "citation", "title", "label", "file", "pages", "snippet"]

  init(snippetLength: Int) { self.snippetLength = snippetLength }

  mutating func begin(_ schema: Schema, isBatch: Bool) {
    self.isBatch = isBatch
    writeRow((isBatch ? ["query"] : []) + Self.columns)
  }

  mutating func write(_ answer: Answer, _ searcher: Searcher) {
    for (place, hit) in answer.results.hits.enumerated() {
      let rank = answer.results.hitsBefore + place + 1
      let values = Self.columns.map { hit.value($0, rank: rank, schema: searcher.schema, snippetLength: snippetLength) }
      writeRow((isBatch ? [answer.id ?? ""] : []) + values)
    }
  }

  private func writeRow(_ cells: [String]) { StandardOutput.write(cells.map(Self.cell).joined(separator: ",") + "\r\n") }

  /// A cell that a spreadsheet would take for a formula gets an apostrophe before it, and is text.
  static func cell(_ value: String) -> String {
    let isFormula = value.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let text = (isFormula ? "'" : "") + value
    guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// A numbered list, the matches in bold.
struct MarkdownAnswers: AnswerWriter {
  let snippetLength: Int

  mutating func write(_ answer: Answer, _ searcher: Searcher) {
    if let id = answer.id { StandardOutput.write("## \(Self.escaped(id)): \(Self.escaped(answer.text))\n\n") }
    for (place, hit) in answer.results.hits.enumerated() {
      let rank = "\(answer.results.hitsBefore + place + 1). "
      let indent = String(repeating: " ", count: rank.utf8.count)
      var lines = [rank + "**" + Self.escaped(hit.citation ?? hit.place ?? hit.key.description) + "**"]
      if let snippet = hit.textField(searcher.schema).flatMap({ hit.snippet(of: $0, length: snippetLength) }) {
        lines.append(indent + snippet.marked(Self.escaped) { "**" + $0 + "**" })
      }
      lines.append(indent + Self.escaped(hit.position))
      StandardOutput.write(lines.joined(separator: "  \n") + "\n")
    }
    if answer.id != nil { StandardOutput.write("\n") }
  }

  /// Text in which nothing is a mark of Markdown or HTML.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in Style.harmless(text) {
      if "\\`*_{}[]<>()#+-.!|~&$".contains(character) { result += "\\" }
      result.append(character.isNewline ? " " : character)
    }
    return result
  }
}
