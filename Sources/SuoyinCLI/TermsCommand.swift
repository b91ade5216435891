// suoyin terms: which terms does an index have, and in how many passages?
internal import ArgumentParser
internal import Suoyin

struct TermsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terms", abstract: "List terms of the index, or values of a field, with the number of passages that have them.")

  enum Order: String, ExpressibleByArgument, CaseIterable { case term, count }
  enum Family: String, ExpressibleByArgument, CaseIterable {
    case word, pair, single, extra

    var family: TermFamily {
      switch self {
      case .word: .word
      case .pair: .pair
      case .single: .single
      case .extra: .extra
      }
    }
  }

  @OptionGroup var index: IndexOption
  @Argument(help: "What the terms begin with, in any script, width or case; all without it.") var prefix = ""
  @Option(
    help: ArgumentHelp(
      "The values of this keyword field, the syllables of this pinyin field, or the terms of this field apart; else the terms of all other text fields.",
      valueName: "name"), completion: IndexCompletion.termFields)
  var field: String?
  @Option(help: ArgumentHelp("Which terms of texts: word, pair, single or extra.", valueName: "family")) var family = Family.word
  @Option(help: "The most terms; 0 for all in the order of terms.") var limit = 100
  @Option(help: ArgumentHelp("term: by their bytes; count: those in more passages first.", valueName: "order")) var sort = Order.term
  @Flag(help: "Write JSON Lines.") var json = false
  @OptionGroup var time: TimeOption

  /// By count, the best are kept in memory.
  private static let mostByCount = 1_000_000

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit is 0 or more") }
    if sort == .count, limit == 0 || limit > Self.mostByCount {
      throw ValidationError("with --sort count, --limit is 1 to \(Self.mostByCount)")
    }
  }

  func run() throws {
    let searcher = try index.open().searcher()
    let selection = TermSelection(field: field, family: family.family, prefix: prefix)
    var count = 0
    func write(_ term: TermFrequency) {
      count += 1
      guard json else { return StandardOutput.write("\(Style.harmless(term.text))\t\(term.documentFrequency)\n") }
      var line = JSONLine(type: "term")
      if let field { line.add("field", field) }
      line.add("family", family.rawValue)
      line.add("term", term.text)
      line.add("passages", term.documentFrequency)
      line.print()
    }
    let options = SearchOptions(deadline: time.deadline)
    try TimeOption.reporting(json: json) {
      switch sort {
      case .term:
        try searcher.forEachTerm(selection, options: options) { term in
          write(term)
          return count != limit
        }
      case .count: for term in try searcher.terms(selection, limit: limit, order: .documentFrequency, options: options) { write(term) }
      }
    }
    if count == 0 {
      StandardError.note("error", prefix.isEmpty ? "there are no such terms" : "no term begins with '\(prefix)'")
      throw ExitStatus.nothingFound
    }
  }
}
