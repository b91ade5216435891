// Does the engine find and score what the definitions say, after any history of changes?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

/// An index in a fresh directory beside the oracle.
struct ModelledIndex {
  let directory: TemporaryDirectory
  var index: SearchIndex
  var model: NaiveIndex

  init(_ schema: Schema, unitMemory: Int = 20_000) throws {
    directory = try TemporaryDirectory()
    index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    index.unitMemory = unitMemory
    model = try NaiveIndex(schema)
  }

  /// Compares a query's results with the oracle's.
  func compare(_ query: Query, _ parameters: RankingParameters = RankingParameters(), limit: Int = 10, comment: String) throws {
    let searcher = try index.searcher()
    guard let expected = try model.search(query, parameters) else {
      #expect(throws: (any Error).self, "\(comment)") { try searcher.search(query, limit: limit, parameters: parameters) }
      return
    }
    let results = try searcher.search(query, limit: limit, parameters: parameters)
    #expect(results.total == expected.count, "\(query) \(comment)")
    #expect(results.hits.count == min(limit, expected.count))
    var previous: (score: Double, key: DocumentKey)?
    for hit in results.hits {
      guard let score = expected[hit.key] else {
        Issue.record("\(hit.key) is no match of \(query); \(comment)")
        continue
      }
      #expect(abs(hit.score - score) < 1e-5, "\(hit.key) of \(query); \(comment)")
      if let previous {
        #expect(previous.score > hit.score || previous.score == hit.score && previous.key < hit.key, "\(query); \(comment)")
      }
      previous = (hit.score, hit.key)
    }
    if let worst = results.hits.last, results.hits.count == limit {
      let found = Set(results.hits.map(\.key))
      for (key, score) in expected where !found.contains(key) { #expect(score <= worst.score + 1e-5, "\(key) of \(query); \(comment)") }
    }
  }

  func checkSoundness(_ comment: String) throws {
    let report = try SearchIndex.check(at: index.path)
    #expect(report.problems.isEmpty, "\(comment)")
    #expect(report.passageCount == model.documents.count, "\(comment)")
  }
}

@Suite struct EngineModelTests {
  static let schema = Schema([
    .text("title"), .text("text"), .keyword("issuer", role: .document), .integer("year"), .date("date"), .stored("note"),
    .text("names", apart: true),
  ])
  static let boosted = Schema([.text("title", boost: 2.5), .text("text"), .keyword("issuer")])

  static func document(_ key: String, _ schema: Schema, _ random: inout SeededRandom) -> Document {
    var fields: [String: FieldValue] = [:]
    if random.chance(9, in: 10) { fields["text"] = .text(RandomText.make(random.below(40), hostility: 5, &random)) }
    if random.chance(1, in: 2) { fields["title"] = .text(RandomText.make(random.below(8), hostility: 5, &random)) }
    if random.chance(1, in: 2) {
      fields["issuer"] = random.chance(1, in: 3) ? .list(["河北省", "浙江省"]) : .text(random.element(["河北省", "Ｈebei", "浙江省 "]))
    }
    if schema["year"] != nil, random.chance(1, in: 2) { fields["year"] = .integer(Int64(random.below(3000)) - 100) }
    if schema["date"] != nil, random.chance(1, in: 2) { fields["date"] = .date(CalendarDate(days: Int32(random.below(40_000)))) }
    if schema["note"] != nil, random.chance(1, in: 2) { fields["note"] = .text(RandomText.make(3, hostility: 90, &random)) }
    if schema["names"] != nil, random.chance(1, in: 2) { fields["names"] = .text(RandomText.make(random.below(5), hostility: 0, &random)) }
    return Document(key: DocumentKey(key), fields)
  }

  static func query(_ schema: Schema, _ depth: Int, _ random: inout SeededRandom) -> Query {
    switch random.below(depth > 0 ? 18 : 8) {
    case 0, 1: .text(RandomText.make(1 + random.below(5), hostility: 3, &random))
    case 2, 3, 4: .quoted(RandomText.make(1 + random.below(4), hostility: 3, &random))
    case 5: .literal(RandomText.make(1 + random.below(4), hostility: 3, &random))
    case 6: .prefix(Self.start(&random))
    case 7: .fuzzy(random.element(["gbt", "gb", "c2m", "2023", "36073", "dcm", "0.25", "41x", "政", "制造"]), distance: 1 + random.below(2))
    case 8, 9: .any((0..<(1 + random.below(3))).map { _ in query(schema, depth - 1, &random) })
    case 10: .all((0..<(1 + random.below(3))).map { _ in query(schema, depth - 1, &random) })
    case 11: .excluding(query(schema, depth - 1, &random), query(schema, depth - 1, &random))
    case 12: .preferring(query(schema, depth - 1, &random), query(schema, depth - 1, &random))
    case 14:
      .near(
        (0...random.below(3)).map { _ in RandomText.make(1 + random.below(2), hostility: 3, &random) }, distance: random.below(12),
        isOrdered: random.chance(1, in: 2))
    case 15: .wildcard(random.element(["c*m", "*2*", "3?0*", "d?m", "gb*t", "政*制", "2*年", "*a*", "人民*府"]))
    case 16: .atLeast(1 + random.below(3), (0...random.below(4)).map { _ in query(schema, depth - 1, &random) })
    case 13: .weighted(query(schema, depth - 1, &random), Double(random.below(5)) / 2)
    default:
      random.chance(1, in: 3)
        ? .field(
          "issuer",
          random.element([
            .text(random.element(["河北省", "hebei", "浙江省", "无"])), .prefix(random.element(["H", "河", "", "x"])),
            .fuzzy(random.element(["湖北省", "heebi"]), distance: 1 + random.below(2)),
            .wildcard(random.element(["*北*", "?ebei", "*江?", "h*i"])),
          ]))
        : .field(
          random.element(schema.fields.filter { if case .text = $0.kind { true } else { false } }.map(\.name)), query(schema, 0, &random))
    }
  }

  /// Priors by the fields of `schema`.
  static func priors(_ random: inout SeededRandom) -> [Prior] {
    var priors: [Prior] = []
    if random.chance(2, in: 3) {
      priors.append(.number("year", weight: Double(random.below(40)) / 4, pivot: random.element([0.5, 10, 1000, 1e9])))
    }
    if random.chance(2, in: 3) {
      let day = CalendarDate(days: Int32(random.below(50_000)))
      priors.append(.date("date", weight: Double(random.below(40)) / 4, days: random.element([1, 365, 1e6]), before: day))
    }
    return priors
  }

  /// Texts of which the last word is not whole.
  private static func start(_ random: inout SeededRandom) -> String {
    let before = random.chance(1, in: 2) ? RandomText.make(random.below(3), hostility: 0, &random) : ""
    return before + random.element(["", "", " ", "。"]) + random.element(["G", "3", "C2", "2", "20", "2023", "41", "D", "0.5", "第", "人民"])
  }

  @Test(arguments: SeededRandom.seeds(6)) func `equals the model after random changes, commits and merges`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let schema = random.chance(1, in: 3) ? Self.boosted : Self.schema
    var modelled = try ModelledIndex(schema, unitMemory: 2000 + random.below(40_000))
    for round in 0..<setting("SUOYIN_ROUNDS", default: 8) {
      let comment = "round \(round); \(random.advice)"
      var changed = modelled.model
      let discards = random.chance(1, in: 6)
      struct Discarded: Error {}
      do {
        var options = UpdateOptions()
        options.threads = 1 + random.below(3)
        try modelled.index.update(options) { writer in
          for _ in 0..<random.below(12) {
            let key = "k\(random.below(25))"
            switch random.below(9) {
            case 8:
              let query = Query.quoted(RandomText.make(2, hostility: 0, &random))
              let matches = try changed.search(query).map { Array($0.keys) }
              if let matches {
                #expect(try writer.delete(matching: query) == matches.count, "\(query); \(comment)")
              } else {
                #expect(throws: IndexError.self) { try writer.delete(matching: query) }
              }
              for key in matches ?? [] { changed.remove(key) }
            case 0:
              let wasThere = changed.documents[DocumentKey(key)] != nil
              #expect(try writer.delete(DocumentKey(key)) == wasThere, "\(comment)")
              changed.remove(DocumentKey(key))
            case 1:
              let before = changed.documents.count
              changed.remove(where: "issuer", is: "浙江省")
              #expect(try writer.delete(where: "issuer", is: "浙江省") == before - changed.documents.count, "\(comment)")
            case 2, 3:
              let source = DocumentKey("s\(random.below(4))")
              let documents = (0..<random.below(5)).map { Self.document("\(source)#\($0)", schema, &random) }
              try writer.replace(Source(source, digest: [UInt8(round)]), with: documents)
              try changed.replace(source, with: documents)
              let digest = try writer.digest(of: source)
              #expect(writer.hasTaken(source) && digest == (documents.isEmpty ? nil : [UInt8(round)]), "\(comment)")
            default:
              let document = Self.document(key, schema, &random)
              try writer.add(document)
              try changed.replace(document.key, with: [document])
            }
          }
          if discards { throw Discarded() }
        }
        modelled.model = changed
      } catch is Discarded {}
      if random.chance(1, in: 5) { try modelled.index.merge() }
      try modelled.checkSoundness(comment)
      let searcher = try modelled.index.searcher()
      var stored: [DocumentKey: [String: FieldValue]] = [:]
      try searcher.forEachDocument { stored[$0.key] = $0.fields }
      #expect(stored == modelled.model.documents.mapValues(\.fields), "\(comment)")
      var parameters = RankingParameters()
      if random.chance(1, in: 2) {
        parameters.k1 = Double(random.below(20)) / 10
        parameters.b = Double(random.below(11)) / 10
        parameters.pairWeight = Double(random.below(3)) / 2
        parameters.singleWeight = Double(random.below(5)) / 4
        parameters.extraWeight = Double(random.below(3)) / 2
      }
      if schema["year"] != nil, random.chance(1, in: 2) { parameters.priors = Self.priors(&random) }
      for _ in 0..<12 { try modelled.compare(Self.query(schema, 2, &random), parameters, limit: 1 + random.below(20), comment: comment) }
    }
  }

  @Test func `a cell is rarer before one kind of end than before all of them`() throws {
    var modelled = try ModelledIndex(Self.schema)
    let texts = ["第三条；府", "第三条。\n府", "第四条。\n府", "一条", "政府"]
    let field = try #require(Self.schema.fields.first { if case .text = $0.kind { true } else { false } }).name
    let documents = texts.indices.map { Document(key: DocumentKey("k\($0)"), [field: .text(texts[$0])]) }
    try modelled.index.update { writer in for document in documents { try writer.add(document) } }
    for document in documents { try modelled.model.replace(document.key, with: [document]) }
    for query in [Query.quoted("条；府"), .quoted("条。\n府"), .prefix("条；"), .prefix("条。\n府")] {
      try modelled.compare(query, comment: "\(query)")
    }
  }

  @Test(arguments: [AnalyzerName.icu, .bigram, .whitespace]) func `equals the model with every analyzer`(analyzer: AnalyzerName) throws {
    var random = SeededRandom(seed: 21)
    let schema = Schema([.text("title"), .text("text"), .keyword("issuer")], analyzer: analyzer)
    var modelled = try ModelledIndex(schema)
    let documents = (0..<60).map { Self.document("k\($0)", schema, &random) }
    try modelled.index.update { writer in for document in documents { try writer.add(document) } }
    for document in documents { try modelled.model.replace(document.key, with: [document]) }
    try modelled.checkSoundness("\(analyzer)")
    for _ in 0..<80 { try modelled.compare(Self.query(schema, 2, &random), comment: "\(analyzer)") }
  }

  /// All texts of up to five of three cells, with sentence ends, against all quoted queries of up to four.
  @Test func `finds every short sequence of cells and no other`() throws {
    func texts(_ alphabet: [String], _ length: Int) -> [String] {
      length == 0 ? [""] : texts(alphabet, length - 1).flatMap { text in alphabet.map { text + $0 } }
    }
    var modelled = try ModelledIndex(Schema([.text("title"), .text("text")]), unitMemory: 40_000)
    let documents = (1...5).flatMap { texts(["甲", "a ", "。"], $0) }.enumerated().map {
      Document(key: "k\($0)", ["title": "甲", "text": $1])
    }
    try modelled.index.update { writer in for document in documents { try writer.add(document) } }
    for document in documents { try modelled.model.replace(document.key, with: [document]) }
    for query in (1...4).flatMap({ texts(["甲", "a ", "。"], $0) }) {
      try modelled.compare(.quoted(query), limit: 500, comment: "'\(query)'")
      try modelled.compare(.field("text", .quoted(query)), limit: 500, comment: "text:'\(query)'")
    }
  }
}
