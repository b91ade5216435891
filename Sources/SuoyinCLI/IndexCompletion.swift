// What can a shell offer that only the index knows?
internal import ArgumentParser
internal import Suoyin

/// Completions that ask the index; without an index, or with one that cannot be read, there are none.
enum IndexCompletion {
  /// How many values or passages are offered.
  private static let most = 100

  /// A query: the names of fields, and behind a name and a colon the values of the field; else what the index suggests.
  static let query = CompletionKind.custom { words, _, prefix in
    (try? searcher(words).map { try completions(of: prefix, $0) }) ?? []
  }

  /// The name of a field that has terms.
  static let termFields = names { schema in schema.fields.filter { $0.hasTerms }.map(\.name) }

  /// The key of a passage.
  static let keys = CompletionKind.custom { words, _, prefix in
    (try? searcher(words).map { try $0.keys(startingWith: prefix, limit: most).map(\.description) }) ?? []
  }

  private static func names(_ list: @escaping @Sendable (Schema) -> [String]) -> CompletionKind {
    .custom { words, _, prefix in ((try? searcher(words).map { list($0.schema) }) ?? []).filter { $0.hasPrefix(prefix) } }
  }

  /// The index that the command line names, else that of the environment or the folder.
  private static func searcher(_ words: [String]) throws -> Searcher? {
    var path: String?
    for (place, word) in words.enumerated() {
      if word == "--index", place + 1 < words.count { path = words[place + 1] }
      if word.hasPrefix("--index=") { path = String(word.dropFirst("--index=".count)) }
    }
    var option = IndexOption()
    option.path = path
    return try option.open().searcher()
  }

  private static func completions(of prefix: String, _ searcher: Searcher) throws -> [String] {
    let named = searcher.schema.fields.filter(\.isNamed).map { $0.name + ":" }.filter { !prefix.isEmpty && $0.hasPrefix(prefix) }
    let found = try searcher.suggestions(for: prefix, limit: most, options: SuggestionOptions(valueFields: searcher.schema.suggestedFields))
    var seen: Set<String> = []
    return named + found.map(\.completed).filter { seen.insert($0).inserted }
  }
}

extension Field {
  /// Whether a query can name the field.
  fileprivate var isNamed: Bool { kind != .stored }

  fileprivate var hasTerms: Bool {
    switch kind {
    case .text, .keyword, .pinyin: true
    case .integer, .date, .stored: false
    }
  }
}
