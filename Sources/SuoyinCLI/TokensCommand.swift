// suoyin tokens: how is a text cut?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis

struct TokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "Show how an analyzer cuts a text.",
    discussion: "The analyzer icu leaves out what ICU gives status 0: white space, punctuation, symbols.")

  @Option(help: "chinese (default), icu, bigram or whitespace.") var analyzer: String?
  @Option(help: ArgumentHelp("Cut as this index does, with its own words.", valueName: "path")) var index: String?
  @Option(help: ArgumentHelp("Cut by the words of this file too.", valueName: "file")) var dictionary: String?
  @Flag(help: "Cut without the built-in list of policy words.") var noPolicyWords = false
  @Flag(help: "Take every line as a text of its own.") var lines = false
  @Flag(help: "Write JSON Lines.") var json = false
  @Argument(help: "The text, or - for standard input.") var text: String

  func run() throws {
    let (settings, rejected) = try settings()
    try showAll(try Analyzer(settings))
    if rejected > 0 { throw ExitStatus.rejectedInput }
  }

  /// How to cut, and how many lines of the dictionary are no words.
  private func settings() throws -> (AnalyzerSettings, Int) {
    if let index {
      guard analyzer == nil, dictionary == nil, !noPolicyWords else {
        throw ValidationError("--index says how to cut; leave out --analyzer, --dictionary and --no-policy-words")
      }
      return (try SearchIndex(at: index).settings(), 0)
    }
    let name = analyzer ?? AnalyzerName.chinese.rawValue
    guard let known = AnalyzerName(rawValue: name) else { throw ValidationError(AnalyzerName.unknown(name)) }
    var words = UserDictionary()
    var rejected = 0
    if let dictionary {
      guard known.usesWordLists else { throw ValidationError("the analyzer \(name) cuts by no list of words; only chinese does") }
      let file = try DictionaryFile(parsing: readAll(of: dictionary))
      words.apply(file.changes)
      for problem in file.problems { StandardError.note("rejected", "\(dictionary):\(problem); line skipped") }
      rejected = file.problems.count
    }
    return (AnalyzerSettings(known, policyWords: !noPolicyWords, userDictionary: words), rejected)
  }

  private func showAll(_ analyzer: Analyzer) throws {
    guard lines else { return try show(text == "-" ? readAll(of: text) : Array(text.utf8), 0, analyzer) }
    var number = 0
    func showLine(_ line: [UInt8]) throws {
      try show(line, number, analyzer)
      number += 1
    }
    if text == "-" {
      try forEachLine(of: text, showLine)
    } else {
      for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) { try showLine(Array(line)) }
    }
  }

  private func show(_ bytes: [UInt8], _ number: Int, _ analyzer: Analyzer) throws {
    guard bytes.count <= Analyzer.maximumTextLength else { throw ValidationError("a text has at most 768 MiB") }
    guard let valid = String(validating: bytes, as: UTF8.self) else {
      throw ValidationError(lines ? "line \(number + 1) is not UTF-8" : "the text is not UTF-8")
    }
    for token in try analyzer.analyze(valid).tokens() {
      if json {
        var line = JSONLine()
        line.add("line", number)
        line.add("term", token.term)
        line.add("family", token.family.description)
        line.add("status", token.status)
        line.add("cell", token.cell)
        line.add("cells", token.cells)
        line.add("start", token.utf8Range.lowerBound)
        line.add("end", token.utf8Range.upperBound)
        line.add("rule", token.rule.description)
        line.print()
      } else {
        let place = "\(token.cell)\t\(token.cells)\t\(token.utf8Range.lowerBound)-\(token.utf8Range.upperBound)"
        StandardOutput.write("\(lines ? "\(number)\t" : "")\(token.family)\t\(token.term)\t\(place)\t\(token.status)\t\(token.rule)\n")
      }
    }
  }
}
