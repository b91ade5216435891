// What happens to an index that gets another field?
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct AddedFieldTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func index(_ schema: Schema) throws -> SearchIndex { try SearchIndex.create(at: directory.path("index"), schema: schema) }

  private func code(_ body: () throws -> Void) -> IndexError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? IndexError)?.code
    }
  }

  @Test func `refuses a field that the schema cannot have, and goes on`() throws {
    var index = try index(Schema([.text("body"), .keyword("issuer")] + (0..<61).map { .stored("s\($0)") }))
    #expect(code { try index.addField(.integer("issuer")) } == .invalidArgument)
    #expect(code { try index.addField(.pinyin("reading", of: "title")) } == .invalidArgument)
    #expect(code { try index.addField(.pinyin("reading", of: "issuer")) } == .invalidArgument)
    #expect(code { try index.addField(.text("title", boost: 0)) } == .invalidArgument)
    #expect(code { try index.addField(.integer("a b")) } == .invalidArgument)
    try index.addField(.integer("year"))
    #expect(index.schema.fields.count == Schema.maximumFieldCount)
    #expect(code { try index.addField(.integer("more")) } == .invalidArgument)
    try index.update { writer in
      #expect(code { try writer.addField(.integer("more")) } == .invalidArgument)
      try writer.add(Document(key: "1", ["body": "政府", "year": 2023]))
    }
    #expect(try SearchIndex(at: index.path).schema == index.schema)
    #expect(try index.searcher().search("政府").hits.map(\.key) == ["1"])
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  @Test func `an update that is discarded adds no field`() throws {
    let index = try index(Schema([.text("body")]))
    struct Discarded: Error {}
    #expect(throws: Discarded.self) {
      try index.update { writer in
        try writer.addField(.integer("year"))
        try writer.add(Document(key: "1", ["body": "政府", "year": 2023]))
        throw Discarded()
      }
    }
    #expect(try SearchIndex(at: index.path).schema == Schema([.text("body")]))
    #expect(try index.searcher().passageCount == 0)
  }

  /// Every kind of field, added between passages of one update and of several, in segments that merge with older ones.
  @Test(arguments: [false, true]) func `older passages lack the field and newer ones have it`(merges: Bool) throws {
    var modelled = try ModelledIndex(Schema([.text("body"), .text("notes", apart: true)]), unitMemory: 3000)
    func add(_ documents: [Document]) throws {
      try modelled.index.update { writer in for document in documents { try writer.add(document) } }
      for document in documents { try modelled.model.replace(document.key, with: [document]) }
    }
    let added: [Field] = [
      .text("title", boost: 2), .keyword("issuer"), .text("summary", apart: true), .integer("year"), .date("day"), .text("remark"),
      .stored("note"),
    ]
    try add((0..<30).map { Document(key: "a\($0)", ["body": "政府条例第\($0)条", "notes": "采购"]) })
    for (number, field) in added.enumerated() {
      try modelled.index.addField(field)
      modelled.model.addField(field)
      try add(
        (0..<20).map { passage in
          var fields: [String: FieldValue] = ["body": .text("政府目录第\(passage)号")]
          for field in added[...number] where (passage + number) % 3 > 0 {
            switch field.kind {
            case .integer: fields[field.name] = .integer(Int64(passage))
            case .date: fields[field.name] = .date(CalendarDate(days: Int32(passage)))
            default: fields[field.name] = .text("政府\(field.name) \(passage % 4)")
            }
          }
          return Document(key: DocumentKey("b\(number)-\(passage)"), fields)
        })
      // Some older ones die, and one becomes a newer one.
      try modelled.index.update { writer in for key in ["a\(number)", "b0-\(number)"] { try writer.delete(DocumentKey(key)) } }
      for key in ["a\(number)", "b0-\(number)"] { modelled.model.remove(DocumentKey(key)) }
      try add([
        Document(
          key: DocumentKey("a\(number + 10)"),
          ["body": "政府", field.name: field.kind == .integer ? 7 : field.kind == .date ? .date(CalendarDate(days: 7)) : "政府七"])
      ])
      if merges { try modelled.index.merge() }
      try modelled.checkSoundness("\(field.name)")
      for query in [
        Query.text("政府"), .quoted("政府title"), .field("notes", .text("采购")), .text("目录 title remark"), .all([.text("第7"), .text("政府")]),
      ] { try modelled.compare(query, limit: 500, comment: "\(field.name)") }
      for earlier in added[...number] where earlier.isText {
        try modelled.compare(.field(earlier.name, .text("政府 3")), limit: 500, comment: "\(field.name)")
      }
    }
    let searcher = try modelled.index.searcher()
    func keys(_ sort: SortKey) throws -> [DocumentKey] {
      try searcher.search(.text("政府"), limit: 500, parameters: RankingParameters(), options: SearchOptions(sort: [sort])).hits.map(\.key)
    }
    let scores = try #require(try modelled.model.search(.text("政府")))
    for name in ["issuer", "year", "day"] {
      #expect(try keys(.ascending(name)) == modelled.model.sorted(scores, by: [.ascending(name)]))
      #expect(try keys(.descending(name)) == modelled.model.sorted(scores, by: [.descending(name)]))
      try modelled.compare(.range(name, from: nil, through: nil), limit: 500, comment: name)
    }
    #expect(try searcher.document("b6-1")?.fields == modelled.model.documents["b6-1"]?.fields)
    #expect(try searcher.document("a20")?.fields == modelled.model.documents["a20"]?.fields)
  }

  @Test func `pinyin and stems of a later field cover later passages, and older ones that are cut anew`() throws {
    var index = try index(Schema([.text("body")]))
    try index.update { writer in try writer.add(Document(key: "1", ["body": "政府网络"])) }
    try index.addField(.pinyin("reading", of: "body"))
    try index.addField(.text("notes", stemming: .english))
    try index.update { writer in try writer.add(Document(key: "2", ["body": "政府网络", "notes": "running"])) }
    #expect(try index.searcher().search("reading:zhengfu").hits.map(\.key) == ["2"])
    #expect(try index.searcher().search("notes:runs").hits.map(\.key) == ["2"])
    var dictionary = UserDictionary()
    try dictionary.add("政府网络")
    try index.update { writer in try writer.setDictionary(dictionary) }
    #expect(try index.searcher().search("reading:zhengfu").hits.map(\.key) == ["1", "2"])
    try index.merge()
    #expect(try index.searcher().search("reading:zhengfu").hits.map(\.key) == ["1", "2"])
    #expect(try SearchIndex.check(at: index.path).problems == [])
  }
}
