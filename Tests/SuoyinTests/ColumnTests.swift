// Do ranges, orders and counts give what the definitions say, after any history of changes?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct ColumnTests {
  private static let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, 255, 256, 1 << 56, .max - 1, .max]
  private static let words = ["a", "b", "c", "d", "e"]
  /// Some are one value when compared.
  private static let names = ["甲", "乙", "丙", "Ａ", "a", "A ", "浙江省", "河北", "河北省", "z", "", " "] + (0..<40).map { "n\($0)" }

  /// Fields of every kind with columns, and a text.
  private static func schema(_ random: inout SeededRandom) -> Schema {
    var fields: [Field] = []
    for number in 0..<1 + random.below(2) { fields.append(.integer("i\(number)")) }
    for number in 0..<1 + random.below(2) { fields.append(.keyword("k\(number)")) }
    if random.chance(2, in: 3) { fields.append(.date("d0")) }
    fields.append(.text("body"))
    return Schema(fields.shuffled(using: &random), analyzer: .whitespace)
  }

  /// How the values of a field are spread: so that blocks differ, in which some fields are missing, single, narrow or wide.
  private static func value(_ field: Field, _ number: Int, _ style: Int, _ random: inout SeededRandom) -> FieldValue? {
    // In some stretches of keys no passage has the field, or each has it.
    if style == 1, number / 300 % 2 == 0 { return nil }
    if style != 2, random.chance(1, in: style == 3 ? 2 : 12) { return nil }
    switch field.kind {
    case .integer:
      switch style {
      case 0: return .integer(Int64(number * 10 + random.below(7)))
      case 1: return .integer(7)
      case 2: return .integer(Int64(random.below(50)) - 25)
      case 3: return .integer(random.element(extremes))
      default: return .integer(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
      }
    case .date: return .date(CalendarDate(days: style == 0 ? Int32(20_000 - number) : Int32(random.below(60_000)) - 30_000))
    case .keyword:
      if style == 0 { return .text("n\(number / 90)") }
      if style == 4 || random.chance(1, in: 5) { return .list((0..<random.below(5)).map { _ in random.element(names) }) }
      return .text(random.element(names))
    default: return .text((0..<random.below(12)).map { _ in words[min(random.below(5), random.below(5))] }.joined(separator: " "))
    }
  }

  private static func document(_ number: Int, _ schema: Schema, _ styles: [String: Int], _ random: inout SeededRandom) -> Document {
    var fields: [String: FieldValue] = [:]
    for field in schema.fields { fields[field.name] = value(field, number, styles[field.name] ?? 0, &random) }
    return Document(key: DocumentKey("k\(10_000 + number)"), fields)
  }

  private static func range(_ schema: Schema, _ random: inout SeededRandom) -> Query {
    let field = random.element(schema.fields.filter { [.integer, .date, .keyword].contains($0.kind) })
    func end() -> FieldValue? {
      if random.chance(1, in: 4) { return nil }
      return switch field.kind {
      case .integer: .integer(random.chance(1, in: 3) ? random.element(extremes) : Int64(random.below(16_000)) - 100)
      case .date: .date(CalendarDate(days: Int32(random.below(60_000)) - 30_000))
      default: .text(random.element(names + ["n3x", "中", "a0"]))
      }
    }
    let lower = end()
    return .range(field.name, from: lower, through: random.chance(1, in: 5) ? lower : end())
  }

  private static func query(_ schema: Schema, _ depth: Int, _ random: inout SeededRandom) -> Query {
    func part() -> Query { query(schema, depth - 1, &random) }
    switch random.below(depth == 0 ? 3 : 9) {
    case 0, 1: return range(schema, &random)
    case 2: return .text(random.element(words))
    case 3, 4: return .all([part(), part()])
    case 5: return .any([part(), part()])
    case 6: return .excluding(part(), part())
    case 7: return .preferring(part(), part())
    default: return .field("body", .weighted(part(), 0.5))
    }
  }

  private static func sort(_ schema: Schema, _ random: inout SeededRandom) -> [SortKey] {
    (0..<1 + random.below(3)).map { _ in
      let field = random.element(schema.fields.filter { [.integer, .date, .keyword].contains($0.kind) }).name
      return random.element([.ascending(field), .descending(field), .ascending(field), .descending(field), .score])
    }
  }

  /// Compares one search with the oracle: its hits in every order, its total and its facets.
  private static func compare(_ modelled: ModelledIndex, _ query: Query, _ random: inout SeededRandom, _ comment: String) throws {
    let (model, schema) = (modelled.model, modelled.model.schema)
    let searcher = try modelled.index.searcher()
    let expected = try #require(try model.search(query))
    let everything = try searcher.search(query, limit: 10_000, parameters: RankingParameters())
    #expect(Set(everything.hits.map(\.key)) == Set(expected.keys), "\(query) \(comment)")
    // Scores are the engine's own, once they are seen to be right, so that equal ones are equal.
    var scores: [DocumentKey: Double] = [:]
    for hit in everything.hits {
      #expect(abs(hit.score - (expected[hit.key] ?? -1)) < 1e-5, "\(hit.key) of \(query) \(comment)")
      scores[hit.key] = hit.score
    }
    var options = SearchOptions()
    for _ in 0..<3 {
      let limit = random.element([1, 3, 10, 10, 300])
      options.sort = random.chance(1, in: 6) ? [] : sort(schema, &random)
      options.countsTotal = random.chance(1, in: 2)
      options.facets = []
      if random.chance(1, in: 2) {
        for field in schema.fields where random.chance(2, in: 3) {
          switch field.kind {
          case .keyword: options.facets.append(.values(of: field.name, limit: random.below(12)))
          case .integer, .date:
            let ranges = (0..<random.below(4)).compactMap { _ in
              if case .range(field.name, let lower, let upper) = range(Schema([field]), &random) {
                FacetRange(from: lower, through: upper)
              } else {
                nil
              }
            }
            options.facets.append(.ranges(of: field.name, ranges))
          default: break
          }
        }
      }
      let results = try searcher.search(query, limit: limit, parameters: RankingParameters(), options: options, loadsFields: false)
      let sorted = model.sorted(scores, by: options.sort.isEmpty ? [.score] : options.sort)
      #expect(results.hits.map(\.key) == Array(sorted.prefix(limit)), "\(limit) of \(query) by \(options.sort); \(comment)")
      #expect(results.hits.map(\.score) == sorted.prefix(limit).map { scores[$0] ?? -1 }, "\(query) by \(options.sort); \(comment)")
      let isKnown = options.countsTotal || !options.facets.isEmpty || scores.count < limit
      #expect(results.total == (isKnown ? scores.count : nil), "\(query) \(comment)")
      #expect(results.facets.map(\.field) == options.facets.map(\.field))
      for (facet, request) in zip(results.facets, options.facets) { check(facet, request, model, scores.keys, "\(query) \(comment)") }
    }
  }

  private static func check(
    _ facet: Facet, _ request: FacetRequest, _ model: NaiveIndex, _ keys: some Collection<DocumentKey>, _ comment: String
  ) {
    let expected = model.facet(facet.field, of: keys)
    #expect(facet.missingCount == expected.missing, "\(facet.field) of \(comment)")
    if let limit = request.valueLimit {
      #expect(facet.distinctCount == expected.values.count, "\(facet.field) of \(comment)")
      let values = expected.values.prefix(limit)
      #expect(
        facet.values.map(\.value) == values.map(\.value) && facet.values.map(\.count) == values.map(\.count), "\(facet.field) of \(comment)"
      )
    } else {
      #expect(facet.rangeCounts == request.ranges.map { model.count(facet.field, $0, of: keys) }, "\(facet.field) of \(comment)")
    }
  }

  @Test(arguments: SeededRandom.seeds(6)) func `ranges, orders and facets equal the definitions`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var schema = Self.schema(&random)
    var modelled = try ModelledIndex(schema, unitMemory: 1 << 20)
    var styles: [String: Int] = [:]
    for field in schema.fields { styles[field.name] = random.below(5) }
    for round in 0..<setting("SUOYIN_ROUNDS", default: 3) {
      let comment = "round \(round); \(random.advice)"
      var changed = modelled.model
      try modelled.index.update { writer in
        for number in 0..<random.element([1, 40, 256, 700, 1300]) {
          // Keys of the rounds interleave, and some passages take another's place.
          let document = Self.document(random.chance(1, in: 20) ? random.below(900) : number * 3 + round, schema, styles, &random)
          try writer.add(document)
          try changed.replace(document.key, with: [document])
        }
        for key in changed.documents.keys.sorted() where random.chance(1, in: 15) {
          #expect(try writer.delete(key))
          changed.remove(key)
        }
      }
      modelled.model = changed
      if random.chance(1, in: 3) {
        let field = random.element([Field.integer("x\(round)"), .keyword("x\(round)"), .date("x\(round)")])
        try modelled.index.addField(field)
        modelled.model.addField(field)
        schema = modelled.model.schema
        #expect(modelled.index.schema == schema)
        styles[field.name] = random.below(5)
      }
      if random.chance(1, in: 4) { try modelled.index.merge() }
      try modelled.checkSoundness(comment)
      for _ in 0..<12 { try Self.compare(modelled, Self.query(schema, random.below(3), &random), &random, comment) }
    }
  }
}

extension FacetRequest {
  fileprivate var valueLimit: Int? { if case .values(let limit) = kind { limit } else { nil } }
  fileprivate var ranges: [FacetRange] { if case .ranges(let ranges) = kind { ranges } else { [] } }
}
