// How does a hit look to people, to programs and to scorers?
internal import Suoyin
internal import SuoyinImport

extension Hit {
  /// The numbers of the pages that the passage is on.
  var pages: [String] { if case .list(let pages)? = fields["page"] { pages } else { [] } }

  /// The byte ranges of the file that the passage came from.
  var source: [Range<Int>] {
    (self["source"] ?? "").split(separator: " ").compactMap { range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
    }
  }

  /// The field that is quoted: `text`, or the first text field of an index with another schema.
  func textField(_ schema: Schema) -> String? {
    if schema["text"] != nil { return "text" }
    return schema.fields.first { if case .text = $0.kind { fields[$0.name] != nil } else { false } }?.name
  }

  func json(rank: Int, query: String?, schema: Schema, snippetLength: Int = Snippet.defaultLength) throws -> JSONLine {
    var line = JSONLine(type: "hit")
    line.add("query", query)
    line.add("rank", rank)
    line.add("score", score)
    if let rerankingScore { line.add("reranked", rerankingScore) }
    line.add("key", key.description)
    line.add("file", self["file"])
    line.add("document", self["document"])
    line.add("title", self["title"])
    line.add("label", self["label"])
    line.add("citation", citation)
    if !pages.isEmpty { line.add("pages", raw: "[" + pages.joined(separator: ",") + "]") }
    let source = self.source
    if !source.isEmpty { line.add("source", source) }
    if let field = textField(schema), let text = self[field], let marked = try marked(field, length: snippetLength) {
      line.add("text", text)
      line.add("snippet", marked.snippet.description)
      line.add("highlights", marked.highlights)
    }
    if !reprints.isEmpty { line.add("reprints", raw: "[" + reprints.map { JSONLine.quoted($0.description) }.joined(separator: ",") + "]") }
    line.addOtherFields(fields, schema)
    return line
  }

  /// Title and label, the snippet, and where it is.
  func readable(rank: Int, schema: Schema, snippetLength: Int = Snippet.defaultLength) -> String {
    let field = textField(schema)
    var lines = ["\(rank). " + Style.bold(Style.harmless(citation ?? place ?? key.description))]
    if let snippet = field.flatMap({ self.snippet(of: $0, length: snippetLength) }) { lines.append("   " + snippet.readable) }
    lines.append("   " + Style.faint(Style.harmless(trail)))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The key, the pages and where in the file: `notice.txt#12  p. 183  bytes 5120–5602`.
  var position: String {
    var parts = [key.description]
    if !pages.isEmpty { parts.append("p. " + pages.joined(separator: ", ")) }
    if !source.isEmpty { parts.append("bytes " + source.map { "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")) }
    return parts.joined(separator: "  ")
  }

  /// The last line of a hit: position, score, and the passages with the same text.
  var trail: String {
    var trail = "\(position)  \(Self.rounded(score))"
    if let rerankingScore { trail += "  re-ranked \((rerankingScore * 10_000).rounded() / 10_000)" }
    if !reprints.isEmpty {
      trail += "  the same: " + reprints.prefix(3).map(\.description).joined(separator: ", ")
      if reprints.count > 3 { trail += " and \(reprints.count - 3) more" }
    }
    return trail
  }

  private static func rounded(_ score: Double) -> String {
    let hundredths = Int((score * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}

extension JSONLine {
  /// Adds `members` as the JSON it is, and under `fields` what a schema of one's own has besides.
  mutating func addOtherFields(_ fields: [String: FieldValue], _ schema: Schema) {
    if case .text(let members)? = fields["members"] { add("members", raw: members) }
    var others = JSONLine()
    for field in schema.fields where !Self.ownMembers.contains(field.name) {
      switch fields[field.name] {
      case .text(let text)?: others.add(field.name, text)
      case .list(let texts)?: others.add(field.name, raw: "[" + texts.map(JSONLine.quoted).joined(separator: ",") + "]")
      case .integer(let value)?: others.add(field.name, Int(value))
      case .date(let date)?: others.add(field.name, date.description)
      case nil: break
      }
    }
    add("fields", others)
  }

  /// The fields that are members of a hit or a passage themselves.
  private static let ownMembers = ["title", "label", "text", "file", "document", "members", "page", "source"]
}

extension Snippet {
  /// On one line, the matches in colour where there is any.
  var readable: String { marked(Style.harmless, Style.match) }

  /// On one line: line ends side by side become one space.
  ///
  /// - Parameters:
  ///   - plain: Makes a part of the text harmless.
  ///   - match: Marks a match that is harmless already.
  func marked(_ plain: (String) -> String, _ match: (String) -> String) -> String {
    let bytes = Array(text.utf8)
    func part(_ range: Range<Int>) -> String {
      let text = String(decoding: bytes[range], as: UTF8.self)
      let characters = Array(text)
      return plain(
        String(
          characters.indices.compactMap { index -> Character? in
            if !characters[index].isNewline { return characters[index] }
            return index > 0 && characters[index - 1].isNewline ? nil : " "
          }))
    }
    var result = isCutBefore ? "…" : ""
    var offset = 0
    for range in highlights {
      result += part(offset..<range.lowerBound) + match(part(range))
      offset = range.upperBound
    }
    return result + part(offset..<bytes.count) + (isCutAfter ? "…" : "")
  }
}

/// Colours, where the output has any.
enum Style {
  static func bold(_ text: String) -> String { paint(text, "1") }
  static func faint(_ text: String) -> String { paint(text, "2") }
  static func match(_ text: String) -> String { paint(text, "1;31") }

  /// Text of a document as a terminal may get it: control characters, which could change its title or clear it, become signs for them.
  static func harmless(_ text: String) -> String {
    guard StandardOutput.isTerminal else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0x09, 0x0A: scalar
          case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "?"
          case 0x7F..<0xA0: "\u{2421}"
          default: scalar
          }
        }))
  }

  private static func paint(_ text: String, _ code: String) -> String {
    StandardOutput.usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Writes a ranking in the format of TREC's scorers.
struct TRECWriter {
  private var last: Float?

  /// Scores strictly decrease as 32-bit numbers, so that no scorer breaks a tie in its own way; white space in names becomes %20.
  mutating func write(_ hit: Hit, rank: Int, query: String) {
    var score = Float(hit.score)
    if let last, score >= last { score = last.nextDown }
    last = score
    StandardOutput.write("\(Self.word(query)) Q0 \(Self.word(hit.key.description)) \(rank) \(score) suoyin\n")
  }

  private static func word(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace).joined(separator: "%20")
  }
}
