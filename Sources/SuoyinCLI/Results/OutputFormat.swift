// In which form are hits written?
internal import ArgumentParser
internal import Suoyin

/// What `--format` says.
enum OutputFormat: Equatable {
  case text, json, trec, csv, markdown
  case template(String)
}

extension OutputFormat {
  /// - Throws: `ValidationError` for what is neither a name nor a template.
  init(_ argument: String) throws {
    switch argument {
    case "text": self = .text
    case "json": self = .json
    case "trec": self = .trec
    case "csv": self = .csv
    case "markdown": self = .markdown
    default:
      guard argument.contains("{") else {
        throw ValidationError("--format: there is no '\(argument)'; it is text, json, trec, csv, markdown, or a template such as '{key}'")
      }
      self = .template(argument)
    }
  }
}

/// How results are shown, whatever the query.
struct Presentation {
  var format = OutputFormat.text
  /// Whether hits stand under their documents, and how many at most.
  var isGrouped = false
  var passages = 3
  /// About how long snippets are, in bytes.
  var snippetLength = Snippet.defaultLength
  /// Whether what is looked for is shown before the hits.
  var explainsQuery = false
  /// What is shown in place of hits.
  var listing = Listing.hits

  enum Listing { case hits, files, count, nothing }
}

/// The answer to one query.
struct Answer {
  /// The query's id in a batch.
  var id: String?
  var text: String
  var results: SearchResults
  var microseconds: Int

  /// How many passages match; without counting, how many have been seen.
  var total: Int { results.total ?? results.hitsBefore + results.hits.count }
  var isExact: Bool { results.total != nil }
}

/// Writes answers in one form.
protocol AnswerWriter {
  /// Writes what stands before all answers.
  mutating func begin(_ schema: Schema, isBatch: Bool)
  mutating func write(_ answer: Answer, _ searcher: Searcher) throws
}

extension AnswerWriter {
  mutating func begin(_ schema: Schema, isBatch: Bool) {}
}

extension Presentation {
  func writer(_ schema: Schema) throws -> any AnswerWriter {
    switch format {
    case .text: TextAnswers(snippetLength: snippetLength)
    case .json: JSONAnswers(snippetLength: snippetLength)
    case .trec: TRECAnswers()
    case .csv: CSVAnswers(snippetLength: snippetLength)
    case .markdown: MarkdownAnswers(snippetLength: snippetLength)
    case .template(let text): TemplateAnswers(template: try HitTemplate(text, schema), snippetLength: snippetLength)
    }
  }
}
