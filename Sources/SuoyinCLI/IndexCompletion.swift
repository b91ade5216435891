// What can a shell offer that only the index knows?
internal import ArgumentParser
internal import Suoyin

/// Completions that ask the index; without an index, or with one that cannot be read, there are none.
enum IndexCompletion {
  /// How many values or passages are offered.
  private static let most = 100

  /// A query: the names of fields, and behind a name and a colon the values of the field; else what the index suggests.
  static let query = asking { prefix, searcher in
    let start = prefix.lastIndex { " 　(（+-!|\"".contains($0) }.map { prefix.index(after: $0) } ?? prefix.startIndex
    let word = prefix[start...]
    let names = word.isEmpty ? [] : searcher.schema.queryNames.filter { $0.hasPrefix(word) }
    let named = names.map { String(prefix[..<start]) + $0 + ":" }
    let found = try searcher.suggestions(for: prefix, limit: most, options: SuggestionOptions(valueFields: searcher.schema.suggestedFields))
    var seen: Set<String> = []
    return (named + found.map(\.completed)).filter { seen.insert($0).inserted }
  }

  /// The name of a field that has terms.
  static let termFields = asking { _, searcher in searcher.schema.fields.filter(\.hasTerms).map(\.name) }

  /// What matches can be counted by.
  static let facets = asking { _, searcher in
    let fields = searcher.schema.fields
    let days = fields.filter { $0.kind == .date }
    return (days.isEmpty ? [] : ["year"]) + fields.filter { $0.kind == .keyword }.map(\.name) + days.map(\.name)
  }

  /// What hits can be sorted by: several, with commas between.
  static let sortKeys = asking { prefix, searcher in
    let fields = searcher.schema.fields
    let days = fields.contains { $0.kind == .date } ? ["date"] : []
    let ordered = days + fields.filter { [.keyword, .integer, .date].contains($0.kind) && !days.contains($0.name) }.map(\.name)
    let before = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
    return (["score"] + ordered + ordered.map { "-" + $0 }).map { before + $0 }
  }

  /// The key of a passage.
  static let keys = asking { prefix, searcher in try searcher.keys(startingWith: prefix, limit: most).map(\.description) }

  /// What begins with the word that is completed, of what an index gives for it.
  private static func asking(_ list: @escaping @Sendable (String, Searcher) throws -> [String]) -> CompletionKind {
    .custom { words, _, prefix in
      let prefix = ShellWord.text(prefix)
      guard let offered = try? searcher(words.map(ShellWord.text)).map({ try list(prefix, $0) }) else { return [] }
      // A shell cannot put another spelling in the place of what was typed.
      return offered.filter { $0.hasPrefix(prefix) }.map(ShellWord.offered)
    }
  }

  /// The index that the command line names, else that of the environment or the folder.
  private static func searcher(_ words: [String]) throws -> Searcher? {
    var path: String?
    for (place, word) in words.enumerated() {
      if word == "--index", place + 1 < words.count { path = words[place + 1] }
      if word.hasPrefix("--index=") { path = String(word.dropFirst("--index=".count)) }
    }
    var option = IndexOption()
    option.path = path.map { $0.hasPrefix("~/") ? (environment("HOME") ?? "~") + $0.dropFirst() : $0 }
    return try option.open().searcher()
  }
}

/// Words as shells hand them over, and as they take them back.
enum ShellWord {
  /// A word without the shell's quoting; a quotation mark may be open.
  static func text(_ word: String) -> String {
    var text = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
      if isEscaped {
        // Within double quotes a backslash stands for itself before all but these.
        if quote != nil, !"\"\\$`".contains(character) { text.append("\\") }
        text.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else {
        text.append(character)
      }
    }
    return text
  }

  /// A completion as the shell that asks for it reads it: zsh takes what follows a colon for a description.
  static func offered(_ text: String) -> String {
    guard CompletionShell.requesting == .zsh else { return text }
    return text.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
  }
}

extension Field {
  fileprivate var hasTerms: Bool {
    switch kind {
    case .text, .keyword, .pinyin: true
    case .integer, .date, .stored: false
    }
  }
}
