// suoyin tokens: how is a text cut?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis

struct TokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "Show how an analyzer cuts a text.",
    discussion: "The analyzer icu leaves out what ICU gives status 0: white space, punctuation, symbols.")

  @Option(help: "chinese, icu, bigram or whitespace.") var analyzer = AnalyzerName.chinese.rawValue
  @Flag(help: "Take every line as a text of its own.") var lines = false
  @Flag(help: "Write JSON Lines.") var json = false
  @Argument(help: "The text, or - for standard input.") var text: String

  func run() throws {
    guard let name = AnalyzerName(rawValue: analyzer) else { throw ValidationError(AnalyzerName.unknown(analyzer)) }
    let analyzer = try Analyzer(name)
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
    guard bytes.count <= 1 << 30 else { throw ValidationError("a text has at most 1 GiB") }
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
