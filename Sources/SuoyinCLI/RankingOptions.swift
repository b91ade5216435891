// What does each part of a query count, and which words stand for others?
internal import ArgumentParser
internal import Suoyin

/// What search and explain are told alike.
struct RankingOptions: ParsableArguments {
  @Option(name: .customLong("k1"), help: "BM25's k1.") var k1 = RankingParameters().k1
  @Option(name: .customLong("b"), help: "BM25's b.") var b = RankingParameters().b
  @Option(help: "The weight of words.") var wordWeight = RankingParameters().wordWeight
  @Option(help: "The weight of pairs of characters.") var pairWeight = RankingParameters().pairWeight
  @Option(help: "The weight of characters that stand alone in the query.") var singleWeight = RankingParameters().singleWeight
  @Option(help: "The weight of the other characters.") var cellWeight = RankingParameters().cellWeight
  @Option(help: "The weight of numbers in any spelling.") var extraWeight = RankingParameters().extraWeight

  @Option(help: "The weight of a title, or a label, that the query names.") var titleWeight = RankingParameters().titleWeight
  @Option(help: "The weight of a title and a label together, besides.") var citationWeight = RankingParameters().citationWeight

  @Option(
    help: ArgumentHelp("Words that may stand for one another: a group on a line, with commas between.", valueName: "file"),
    completion: .file())
  var synonyms: String?
  @Option(help: "The weight of synonyms.") var synonymWeight = RankingParameters().synonymWeight
  @Option(help: ArgumentHelp("Words of a query that are not asked for.", valueName: "file"), completion: .file()) var stopWords: String?
  @Flag(help: "Refuse a query that has a sign which cannot be meant as one, instead of searching it as text.") var strict = false

  /// What the weights are.
  var parameters: RankingParameters {
    var parameters = RankingParameters()
    parameters.k1 = k1
    parameters.b = b
    parameters.wordWeight = wordWeight
    parameters.pairWeight = pairWeight
    parameters.singleWeight = singleWeight
    parameters.cellWeight = cellWeight
    parameters.extraWeight = extraWeight
    parameters.synonymWeight = synonymWeight
    parameters.titleWeight = titleWeight
    parameters.citationWeight = citationWeight
    return parameters
  }

  /// Reads the word lists.
  ///
  /// - Throws: `ValidationError` and `InputError` for files that cannot be used.
  func complete(_ options: inout SearchOptions) throws {
    options.synonyms = try synonyms.map { try readWordList($0) { try Synonyms(parsing: $0) } }
    options.stopWords = try stopWords.map { try readWordList($0) { try StopWords(parsing: $0) } }
    options.isStrict = strict
  }

  private func readWordList<List>(_ path: String, _ parse: (String) throws -> List) throws -> List {
    guard let text = String(validating: try readAll(of: path), as: UTF8.self) else { throw ValidationError("\(path): not UTF-8") }
    do {
      return try parse(text)
    } catch let error as WordListError {
      throw ValidationError("\(path): \(error)")
    }
  }
}
