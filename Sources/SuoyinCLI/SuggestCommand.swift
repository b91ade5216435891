// suoyin suggest: how may what was typed go on?
internal import ArgumentParser
internal import Suoyin

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest", abstract: "Complete what has been typed: titles, numbers and other values, and phrases of the index.",
    discussion: "The last word is completed. Behind the name of a field and a colon (文号:浙政) its values are.")

  @OptionGroup var index: IndexOption
  @Argument(help: "What has been typed; several arguments are one text.", completion: IndexCompletion.query) var text: [String]
  @Option(help: "The most suggestions.") var limit = 10
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let searcher = try index.open().searcher()
    let suggestions = try searcher.suggestions(
      for: text.joined(separator: " "), limit: limit, options: SuggestionOptions(valueFields: searcher.schema.suggestedFields))
    for suggestion in suggestions {
      if json { suggestion.json.print() } else { StandardOutput.write(suggestion.readable) }
    }
    if suggestions.isEmpty { throw ExitStatus.nothingFound }
  }
}

extension Schema {
  /// The keyword fields whose values are suggested without being asked for: not those that only say where a passage stands.
  var suggestedFields: [String] {
    let places: Set = ["file", "page", "place", "role"]
    return fields.filter { $0.kind == .keyword && !places.contains($0.name) }.map(\.name)
  }
}

extension Suggestion {
  /// The name of the kind, or of the field whose value it is.
  fileprivate var kindName: String {
    switch kind {
    case .title: "title"
    case .value(let field): field
    case .phrase: "phrase"
    }
  }

  fileprivate var json: JSONLine {
    var line = JSONLine(type: "suggestion")
    switch kind {
    case .title: line.add("kind", "title")
    case .value(let field):
      line.add("kind", "value")
      line.add("field", field)
    case .phrase: line.add("kind", "phrase")
    }
    line.add("text", text)
    line.add("passages", passageCount)
    line.add("exact", isExact)
    line.add("completed", completed)
    return line
  }

  fileprivate var readable: String {
    let text = Style.harmless(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    return "\(text)\t\(kindName)\t\(isExact ? "" : "~")\(passageCount)\n"
  }
}
