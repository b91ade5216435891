// suoyin cite: what does the place say that a citation names?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinImport

struct CiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cite", abstract: "Show what a citation names: suoyin cite '浙政发〔2023〕4号 二、(三)8.'",
    discussion: """
      A document is named by its title, whole or in part, or by its number, in any brackets; 第17条 is 第十七条. \
      第二款 and 第（三）项 show that paragraph or item. A version is named behind the title: （2018年修正） or （2018-10-26）; without it, \
      all versions are shown.
      """)

  @OptionGroup var index: IndexOption
  @Argument(help: "The citation; several arguments are one citation.") var citation: [String]
  @Option(help: "The most passages.") var limit = 100
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let readings = try CitationReference.readings(citation.joined(separator: " "))
    let searcher = try index.open().searcher()
    guard searcher.schema["place"] != nil else {
      throw ValidationError("the index \(index.resolved) has no places; suoyin index makes one that has")
    }
    var (reference, hits) = (readings[0], [Hit]())
    var candidates = 0
    for reading in readings where hits.isEmpty {
      // All that may be meant, so that the best can be chosen.
      let found = try searcher.search(
        reading.query, limit: 10_000, parameters: RankingParameters(), options: SearchOptions(countsTotal: false)
      ).hits
      (reference, candidates) = (reading, found.count)
      hits = best(found, reading)
      if reading.paragraph != nil || reading.item != nil { hits = hits.filter { reading.part(of: $0["text"] ?? "") != nil } }
    }
    if hits.isEmpty {
      StandardError.note("error", try reason(reference, searcher, candidates))
      throw ExitStatus.nothingFound
    }
    for (rank, hit) in hits.prefix(limit).enumerated() {
      let text = reference.part(of: hit["text"] ?? "") ?? ""
      if json {
        var line = try hit.json(rank: rank + 1, query: nil, schema: searcher.schema)
        if reference.paragraph != nil || reference.item != nil { line.add("part", text) }
        line.print()
      } else {
        let suffix =
          (reference.paragraph.map { "第\(Citation.numeral($0))款" } ?? "") + (reference.item.map { "第(\(Citation.numeral($0)))项" } ?? "")
        let lines = [
          Style.bold(Style.harmless((hit.citation ?? hit.key.description) + suffix)), Style.harmless(text),
          Style.faint(Style.harmless(hit.position)),
        ]
        StandardOutput.write(lines.joined(separator: "\n") + "\n")
      }
    }
    if hits.count > limit { StandardError.note("warning", "\(hits.count - limit) more; --limit shows them") }
  }

  /// The hits of the documents that fit best, in the order of their text: those with exactly the title, the version and the whole place.
  private func best(_ hits: [Hit], _ reference: CitationReference) -> [Hit] {
    var hits = hits
    func prefer(_ isBetter: (Hit) -> Bool) {
      let better = hits.filter(isBetter)
      if !better.isEmpty { hits = better }
    }
    if let title = reference.title {
      prefer { Self.squeezed($0["title"]) == Self.squeezed(title) }
      prefer { Self.squeezed($0["title"]) == "中华人民共和国" + Self.squeezed(title) }
    }
    if let version = reference.version {
      // The day that tells versions apart; or the one from which on that version is in force.
      prefer { $0.fields["version"]?.description.hasPrefix(version) ?? false }
      hits = hits.filter { hit in
        ["version", "effective"].contains { hit.fields[$0]?.description.hasPrefix(version) ?? false } && Self.isOf(version, hit)
      }
    }
    if let place = reference.place {
      prefer { $0.places.first == place }
    } else if reference.paragraph == nil {
      prefer { $0["role"] != "header" }
    }
    return hits.sorted { ($0["file"] ?? "", $0.ordinal) < ($1["file"] ?? "", $1.ordinal) }
  }

  /// Whether a version is the one of a day or year: what came into force then may have been changed since.
  private static func isOf(_ version: String, _ hit: Hit) -> Bool {
    guard let own = hit.fields["version"]?.description else { return true }
    return own.hasPrefix(version) || own < (hit.fields["effective"]?.description ?? "")
  }

  private static func squeezed(_ title: String?) -> String { (title ?? "").filter { !$0.isWhitespace } }

  /// Why nothing was found: no such document, or no such place in it.
  private func reason(_ reference: CitationReference, _ searcher: Searcher, _ candidates: Int) throws -> String {
    let document = [reference.title.map { "《\($0)》" }, reference.number].compactMap { $0 }.joined(separator: " ")
    if candidates > 0 {
      if let version = reference.version { return "\(document) is in the index, but no version of \(version)" }
      return "\(document) \(reference.place ?? "") has no such paragraph or item"
    }
    guard !document.isEmpty else { return "there is no \(reference.place ?? "") in the index" }
    guard let place = reference.place else { return "there is no document \(document) in the index" }
    var parts: [Query] = []
    if let number = reference.number { parts.append(.field("number", .text(number))) }
    if let title = reference.title { parts.append(.field("title", .literal(title))) }
    let isThere = try !searcher.search(.all(parts), limit: 1, parameters: RankingParameters(), options: SearchOptions(countsTotal: false))
      .hits.isEmpty
    return isThere ? "\(document) has no \(place)" : "there is no document \(document) in the index"
  }
}

extension Hit {
  /// The number of the passage in its file.
  var ordinal: Int { key.description.split(separator: "#").last.flatMap { Int($0) } ?? 0 }
}
