// How does a hit look in a form of one's own?
internal import ArgumentParser
internal import Suoyin

/// Text with the names of values in braces: `{citation}\t{snippet}`.
struct HitTemplate {
  private enum Part {
    case text(String)
    case value(String)
  }
  private var parts: [Part] = []

  /// What can be named besides the fields of a schema.
  static let names = ["rank", "score", "key", "citation", "snippet", "pages", "query"]

  /// - Throws: `ValidationError` for a name that there is not, and a brace that is not closed.
  init(_ template: String, _ schema: Schema) throws {
    let known = Self.names + schema.fields.filter { if case .pinyin = $0.kind { false } else { true } }.map(\.name)
    var text = ""
    var rest = Substring(template)
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        let escapes: [Character: Character] = ["t": "\t", "n": "\n", "r": "\r", "\\": "\\"]
        if let next = rest.first, let escaped = escapes[next] {
          rest.removeFirst()
          text.append(escaped)
        } else {
          text.append(character)
        }
      case "{" where rest.first == "{", "}" where rest.first == "}": text.append(rest.removeFirst())
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw ValidationError("--format: a brace is not closed in '{\(rest)'; write {{ for a brace that is text")
        }
        let name = String(rest[..<end])
        guard known.contains(name) else {
          let nearest = known.min { Self.distance(name, $0) < Self.distance(name, $1) } ?? "key"
          throw ValidationError("--format: there is no '{\(name)}'; did you mean {\(nearest)}? There are \(known.joined(separator: ", "))")
        }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(.value(name))
        rest = rest[rest.index(after: end)...]
      default: text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
  }

  /// The template with values in the place of names; line ends and tabs inside values become blanks, so that a hit stays on its line.
  func filled(_ value: (String) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .value(let name): String(value(name).map { $0.isNewline || $0 == "\t" ? " " : $0 })
      }
    }.joined()
  }

  /// How many letters must be inserted, left out or replaced.
  ///
  /// - Source: Wagner & Fischer, "The String-to-String Correction Problem", 1974.
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (number, letter) in left.prefix(64).enumerated() {
      var diagonal = row[0]
      row[0] = number + 1
      for place in right.indices {
        (diagonal, row[place + 1]) = (row[place + 1], min(row[place], row[place + 1], diagonal - (letter == right[place] ? 1 : 0)) + 1)
      }
    }
    return row[right.count]
  }
}

struct TemplateAnswers: AnswerWriter {
  let template: HitTemplate
  let snippetLength: Int

  mutating func write(_ answer: Answer, _ searcher: Searcher) {
    for (place, hit) in answer.results.hits.enumerated() {
      let rank = answer.results.hitsBefore + place + 1
      let line = template.filled { name in
        name == "query" && searcher.schema[name] == nil
          ? answer.id ?? answer.text : hit.value(name, rank: rank, schema: searcher.schema, snippetLength: snippetLength)
      }
      StandardOutput.write(Style.harmless(line) + "\n")
    }
  }
}

extension Hit {
  /// What a column or a template calls by a name; empty when the hit does not have it.
  func value(_ name: String, rank: Int, schema: Schema, snippetLength: Int) -> String {
    switch name {
    case "rank": return "\(rank)"
    case "score": return "\(score)"
    case "key": return key.description
    case "citation": return citation ?? ""
    case "pages": return pages.joined(separator: " ")
    case "snippet": return textField(schema).flatMap { snippet(of: $0, length: snippetLength) }?.description ?? ""
    default: return self[name] ?? ""
    }
  }
}
