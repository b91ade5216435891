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
      // Few have the best values, so that blocks differ, and many have equal ones.
      case 5: return .integer(Int64(random.next().trailingZeroBitCount))
      default: return .integer(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
      }
    case .date: return .date(CalendarDate(days: style == 0 ? Int32(20_000 - number) : Int32(random.below(60_000)) - 30_000))
    case .keyword:
      if style == 0 { return .text("n\(number / 90)") }
      if style == 5 { return .text("n\(random.next().trailingZeroBitCount)") }
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
          case .date where random.chance(1, in: 2): options.facets.append(.years(of: field.name, limit: random.below(200)))
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
      let isKnown = options.countsTotal || !options.facets.isEmpty || scores.count <= limit
      #expect(results.total == (isKnown ? scores.count : nil), "\(query) \(comment)")
      #expect(results.facets.map(\.field) == options.facets.map(\.field))
      for (facet, request) in zip(results.facets, options.facets) { check(facet, request, model, scores.keys, "\(query) \(comment)") }
      // Page by page, from some place on.
      options.facets = []
      var place = limit
      var next = results.next
      #expect((next == nil) == (sorted.count <= limit))
      for _ in 0..<6 {
        guard let position = next else { break }
        options.after = try SearchPosition(position.description)
        #expect(options.after == position)
        let size = random.element([1, 2, 7, 100, 2000])
        let page = try searcher.search(query, limit: size, parameters: RankingParameters(), options: options, loadsFields: false)
        let rest = sorted.dropFirst(place)
        #expect(page.hits.map(\.key) == Array(rest.prefix(size)), "\(size) behind \(place) of \(query) by \(options.sort); \(comment)")
        #expect(page.hitsBefore == place && !page.hasIndexChanged && (page.next == nil) == (rest.count <= size))
        place += size
        next = page.next
      }
      options.after = nil
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
    } else if case .years(let limit) = request.kind {
      var years: [String: Int] = [:]
      for key in keys {
        if case .date(let date)? = model.documents[key]?.fields[facet.field] { years[String(date.description.prefix(4)), default: 0] += 1 }
      }
      #expect(facet.distinctCount == years.count, "\(comment)")
      #expect(
        facet.values == years.sorted { $0.key > $1.key }.prefix(limit).map { FacetValue(value: $0.key, count: $0.value) }, "\(comment)")
    } else {
      #expect(facet.rangeCounts == request.ranges.map { model.count(facet.field, $0, of: keys) }, "\(facet.field) of \(comment)")
    }
  }

  @Test(arguments: SeededRandom.seeds(6)) func `ranges, orders and facets equal the definitions`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var schema = Self.schema(&random)
    var modelled = try ModelledIndex(schema, unitMemory: 1 << 20)
    var styles: [String: Int] = [:]
    for field in schema.fields { styles[field.name] = random.below(6) }
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
        styles[field.name] = random.below(6)
      }
      if random.chance(1, in: 4) { try modelled.index.merge() }
      try modelled.checkSoundness(comment)
      for _ in 0..<12 { try Self.compare(modelled, Self.query(schema, random.below(3), &random), &random, comment) }
    }
  }

  // MARK: Single cases

  /// Twelve passages in two segments, with values that differ in spelling, and with one passage without any.
  private static func small() throws -> ModelledIndex {
    let schema = Schema([.text("body"), .keyword("issuer"), .integer("year"), .date("day"), .stored("note")])
    var modelled = try ModelledIndex(schema)
    let issuers: [FieldValue] = ["河北省", "浙江省", "Ｈebei", .list(["hebei", "浙江省"]), "", .list([]), " HEBEI "]
    for part in 0..<2 {
      let documents = (0..<6).map { number in
        var fields: [String: FieldValue] = ["body": .text("政府 \(number)"), "issuer": issuers[(number * 2 + part) % issuers.count]]
        if number > 0 { fields["year"] = .integer(Int64(2020 + number)) }
        if number > 1 { fields["day"] = .date(CalendarDate(days: Int32(number * 100 * (1 - 2 * part)))) }
        return Document(key: DocumentKey("\(number)\(part)"), fields)
      }
      try modelled.index.update { writer in for document in documents { try writer.add(document) } }
      for document in documents { try modelled.model.replace(document.key, with: [document]) }
    }
    return modelled
  }

  @Test func `shows what was counted as it was stored`() throws {
    let modelled = try Self.small()
    try modelled.checkSoundness("small")
    let request = [
      FacetRequest.values(of: "issuer"), .ranges(of: "year", [FacetRange(from: 2022, through: 2023), FacetRange(from: nil, through: nil)]),
    ]
    let results = try modelled.index.searcher().search("政府", limit: 3, options: SearchOptions(facets: request))
    #expect(results.total == 12 && results.hits.count == 3)
    let issuer = results.facets[0]
    let expected = modelled.model.facet("issuer", of: modelled.model.documents.keys)
    #expect(issuer.values.map(\.value) == expected.values.map(\.value) && issuer.values.map(\.count) == expected.values.map(\.count))
    #expect(issuer.values.contains { $0.value == "Ｈebei" && $0.count > 1 })
    #expect(issuer.distinctCount == expected.values.count && issuer.missingCount == expected.missing && issuer.missingCount > 0)
    #expect(results.facets[1].rangeCounts == [4, 10] && results.facets[1].missingCount == 2)
    // A merge changes nothing of this, empty keywords or not.
    try modelled.index.merge()
    try modelled.checkSoundness("merged")
    #expect(try modelled.index.searcher().search("政府", limit: 0, options: SearchOptions(facets: request)).facets == results.facets)
  }

  @Test func `a filter adds nothing to a score`() throws {
    let modelled = try Self.small()
    let searcher = try modelled.index.searcher()
    func hits(_ query: Query) throws -> [Hit] { try searcher.search(query, limit: 100, parameters: RankingParameters()).hits }
    let filter = Query.range("year", from: 2023, through: nil)
    #expect(try hits(filter).map(\.score) == [0, 0, 0, 0, 0, 0] && hits(filter).map(\.key) == ["30", "31", "40", "41", "50", "51"])
    let plain = Dictionary(uniqueKeysWithValues: try hits(.text("政府")).map { ($0.key, $0.score) })
    let filtered = try hits(.all([filter, .text("政府")]))
    #expect(filtered.count == 6 && filtered.allSatisfy { $0.score == plain[$0.key] && $0.score > 0 })
    #expect(try hits(.range("year", from: 2021, through: 2021)).map(\.key) == ["10", "11"])
    #expect(try hits(.range("year", from: 2025, through: 2021)).isEmpty)
    #expect(try hits(.range("issuer", from: "ＨEBEI", through: "hebei")).count == hits(.weighted(.field("issuer", .text("hebei")), 0)).count)
    #expect(try hits(.range("day", from: .date(CalendarDate(days: 300)), through: nil)).map(\.key) == ["30", "40", "50"])
    #expect(try filtered[0].highlights(in: "body").count == 1)
  }

  @Test func `counts only when it is told to`() throws {
    let modelled = try Self.small()
    let searcher = try modelled.index.searcher()
    func total(_ limit: Int, _ options: SearchOptions) throws -> Int? { try searcher.search("政府", limit: limit, options: options).total }
    #expect(try total(3, SearchOptions()) == 12 && total(3, SearchOptions(countsTotal: false)) == nil)
    #expect(try total(0, SearchOptions(countsTotal: false)) == nil && total(0, SearchOptions()) == 12)
    #expect(try total(11, SearchOptions(countsTotal: false)) == nil && total(12, SearchOptions(countsTotal: false)) == 12)
    #expect(try total(3, SearchOptions(facets: [.values(of: "issuer")], countsTotal: false)) == 12)
  }

  @Test func `refuses what a field cannot be asked`() throws {
    let modelled = try Self.small()
    let searcher = try modelled.index.searcher()
    func code(_ query: Query, _ options: SearchOptions = SearchOptions()) -> IndexError.Code? {
      do {
        _ = try searcher.search(query, limit: 0, parameters: RankingParameters(), options: options)
        return nil
      } catch {
        return (error as? IndexError)?.code
      }
    }
    let day = FieldValue.date(CalendarDate(days: 0))
    #expect(code(.range("year", from: 1, through: 2)) == nil)
    for query in [
      Query.range("nothing", from: nil, through: nil), .range("body", from: "a", through: nil), .range("note", from: nil, through: nil),
      .range("year", from: "2020", through: nil), .range("year", from: nil, through: day), .range("day", from: 1, through: nil),
      .range("issuer", from: 1, through: nil), .range("issuer", from: .list(["a"]), through: nil),
    ] { #expect(code(query) == .invalidArgument, "\(query)") }
    for key in [SortKey.ascending("nothing"), .descending("body"), .ascending("note")] {
      #expect(code(.text("政府"), SearchOptions(sort: [.score, key])) == .invalidArgument, "\(key)")
    }
    for facet in [
      FacetRequest.values(of: "year"), .values(of: "body"), .values(of: "nothing"), .values(of: "issuer", limit: -1),
      .values(of: "issuer", limit: 10_001), .ranges(of: "issuer", []), .ranges(of: "year", [FacetRange(from: day, through: nil)]),
    ] { #expect(code(.text("政府"), SearchOptions(facets: [facet])) == .invalidArgument, "\(facet)") }
  }

  /// Few passages have the best values and many have equal ones, or none; the blocks that are searched first are not the first ones.
  @Test(arguments: SeededRandom.seeds(4)) func `equal values stand by key, whichever block was searched first`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let modelled = try ModelledIndex(Schema([.integer("n"), .keyword("k"), .text("body")], analyzer: .whitespace), unitMemory: 1 << 24)
    /// For each field the passages' values; the segments have no keyword in common.
    var values: [String: [(key: DocumentKey, value: Int64?)]] = [:]
    for part in 0..<2 {
      try modelled.index.update { writer in
        for number in 0..<[2000, 900][part] {
          let key = DocumentKey("k\(10_000 + number * 2 + part)")
          let value = random.chance(1, in: 9) ? nil : Int64(random.next().trailingZeroBitCount)
          values["n", default: []].append((key, value))
          values["k", default: []].append((key, value.map { $0 * 2 + Int64(part) }))
          var fields: [String: FieldValue] = ["body": random.chance(1, in: 2) ? "a b" : "b"]
          if let value { (fields["n"], fields["k"]) = (.integer(value), .text("n\(100 + value * 2 + Int64(part))")) }
          try writer.add(Document(key: key, fields))
        }
      }
    }
    let searcher = try modelled.index.searcher()
    for (field, isDescending) in [("n", false), ("n", true), ("k", false), ("k", true)] {
      let expected = values[field, default: []].sorted { left, right in
        if left.value == right.value { return left.key < right.key }
        guard let one = left.value, let other = right.value else { return right.value == nil }
        return (one < other) != isDescending
      }.map(\.key)
      let options = SearchOptions(sort: [isDescending ? .descending(field) : .ascending(field)], countsTotal: false)
      for limit in [1, 2, 3, 5, 8, 13, 21, 34, 55, 500, 1200, 1800, 2900] {
        let hits = try searcher.search("b", limit: limit, options: options, loadsFields: false).hits
        #expect(hits.map(\.key) == Array(expected.prefix(limit)), "\(limit) by \(field) \(random.advice)")
      }
    }
  }

  /// Values that rise with the keys, so that most blocks can be left out: not one value of theirs may be read.
  @Test func `blocks are left out by their least and greatest values`() throws {
    let modelled = try ModelledIndex(Schema([.integer("n"), .text("body")], analyzer: .whitespace), unitMemory: 1 << 24)
    let index = modelled.index
    try index.update { writer in
      for number in 0..<2560 {
        try writer.add(Document(key: DocumentKey("k\(10_000 + number)"), ["n": .integer(Int64(number)), "body": "a"]))
      }
    }
    let segment = try #require(try IndexReader(index.path, in: SystemFileSystem()).segments.first).reader
    let column = try #require(try segment.column(0))
    #expect(column.blockCount == 10)
    for (range, cost) in [(Int64(300)...Int64(310), 256), (255...256, 512), (-5 ... -1, 0), (2559...9999, 256), (0...9999, 2560)] {
      #expect(RangeScorer(column, range).cost == cost)
    }
    #expect((0..<10).allSatisfy { column.head($0).comparison(with: Int64($0 * 256)...Int64($0 * 256 + 255)) == .inside })
    #expect((0..<10).allSatisfy { column.head($0).span == 255 && column.head($0).presence == .all })
    // One byte a value, 24 a block, and the padding at the end.
    #expect(try segment.section(.columnValues).count == 2560 + 8 && segment.section(.columnHeads).count == 240)
  }
}

extension FacetRequest {
  fileprivate var valueLimit: Int? { if case .values(let limit) = kind { limit } else { nil } }
  fileprivate var ranges: [FacetRange] { if case .ranges(let ranges) = kind { ranges } else { [] } }
}
