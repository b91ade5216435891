// suoyin similar: which passages are like one?
internal import ArgumentParser
internal import Suoyin

struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar", abstract: "Find passages that are like one, by its most telling words.",
    discussion: "Passages of the same document are left out unless --same-document is given.")

  @OptionGroup var index: IndexOption
  @Argument(help: "The key of a passage, as hits give it.", completion: IndexCompletion.keys) var key: String
  @Option(help: "The most hits.") var limit = 10
  @Option(help: "The most words that are asked for.") var terms = SimilarityOptions().maximumTermCount
  @Flag(help: "Find passages of the same document, too.") var sameDocument = false
  @Flag(help: "Write JSON Lines.") var json = false
  @Flag(help: "Show passages one by one; they always are.") var flat = false
  @OptionGroup var time: TimeOption

  func run() throws {
    let searcher = try index.open().searcher()
    let leavingOut = sameDocument ? nil : try searcher.document(DocumentKey(key))?.sameDocument(searcher.schema)
    let found = try TimeOption.reporting(json: json) {
      try searcher.similar(
        to: DocumentKey(key), limit: limit, options: SimilarityOptions(maximumTermCount: terms, leavingOut: leavingOut),
        search: SearchOptions(deadline: time.deadline))
    }
    guard let similar = found else {
      StandardError.note("error", "there is no passage '\(key)' in the index")
      throw ExitStatus.nothingFound
    }
    if json {
      similar.json(key).print()
      for (place, hit) in similar.hits.enumerated() { try hit.json(rank: place + 1, query: nil, schema: searcher.schema).print() }
    } else {
      if !similar.terms.isEmpty { StandardOutput.write(Style.faint("by " + similar.terms.map(\.text).joined(separator: " ")) + "\n") }
      for (place, hit) in similar.hits.enumerated() { StandardOutput.write(hit.readable(rank: place + 1, schema: searcher.schema)) }
      if similar.hits.isEmpty { StandardOutput.write("nothing is like it among \(searcher.passageCount) passages\n") }
    }
    if similar.hits.isEmpty { throw ExitStatus.nothingFound }
  }
}

extension Document {
  /// What matches the passages of the same document; nil for one that is of none.
  fileprivate func sameDocument(_ schema: Schema) -> Query? {
    guard schema["document"]?.role == .document, case .text(let document)? = fields["document"] else { return nil }
    return .field("document", .text(document))
  }
}

extension SimilarPassages {
  fileprivate func json(_ key: String) -> JSONLine {
    var line = JSONLine(type: "similar")
    line.add("key", key)
    line.add("hits", hits.count)
    let terms = terms.map { term in
      var object = JSONLine()
      object.add("term", term.text)
      object.add("frequency", term.frequency)
      object.add("passages", term.documentFrequency)
      object.add("weight", term.weight)
      return object.object
    }
    line.add("terms", raw: "[" + terms.joined(separator: ",") + "]")
    return line
  }
}
