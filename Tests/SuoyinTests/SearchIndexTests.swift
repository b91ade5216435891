// Does an index behave as its users are promised?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct SearchIndexTests {
  private let directory: TemporaryDirectory
  private let index: SearchIndex

  init() throws {
    directory = try TemporaryDirectory()
    index = try SearchIndex.create(
      at: directory.path("index"), schema: Schema([.text("title", boost: 2), .text("body"), .keyword("issuer")]))
  }

  private func add(_ documents: [Document]) throws {
    try index.update { writer in for document in documents { try writer.add(document) } }
  }

  private func keys(_ query: String) throws -> [String] { try index.searcher().search(query, limit: 100).hits.map(\.key.description) }

  @Test func `finds a word inside a longer word, in other scripts and widths`() throws {
    try add([
      Document(key: "1", ["body": "各级人民政府应当支持先进制造业"]), Document(key: "2", ["body": "推广應用５Ｇ技術，發展製造業"]),
      Document(key: "3", ["body": "浙政发〔2023〕4 号"]),
    ])
    #expect(try keys("政府") == ["1"])
    #expect(try Set(keys("製造業")) == ["1", "2"])
    #expect(try keys("5g应用") == ["2"])
    #expect(try keys("\"浙政发[2023]4号\"") == ["3"])
    #expect(try keys("\"府应\"") == ["1"])
    #expect(try keys("\"制造业\" -\"5G\"") == ["1"])
    #expect(try keys("号") == ["3"])
  }

  @Test func `lets nothing stand between the end of a sentence and the next paragraph`() throws {
    try add([Document(key: "1", ["body": "合作。\n对外"]), Document(key: "2", ["body": "合作。乙对外"]), Document(key: "3", ["body": "合作。对外"])])
    #expect(try keys("\"合作。\n对外\"") == ["1"])
    #expect(try keys("\"作。\n对\"") == ["1"])
    #expect(try keys("\"合作。对外\"") == ["3"])
  }

  @Test func `gives the field, the key and the source back as they were`() throws {
    let text = "首台（套）重大技術裝備\r\n第二段"
    try add([Document(key: "键 1#2", ["title": "办法", "body": text, "issuer": "河北省"])])
    let hit = try #require(try index.searcher().search("\"首台套\"").hits.first)
    #expect(hit["body"] == text && hit["title"] == "办法" && hit["issuer"] == "河北省" && hit["nothing"] == nil)
    let range = try #require(try hit.highlights(in: "body").first)
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == "首台（套")
    #expect(try index.searcher().document("键 1#2")?.fields["body"] == .text(text))
    #expect(try index.searcher().document("键 1") == nil)
  }

  @Test func `finds a text that is not stored, and shows the rest`() throws {
    let schema = Schema([.text("title"), .text("body", stored: false), .text("notes", apart: true, stemming: .english, stored: false)])
    let index = try SearchIndex.create(at: directory.path("unstored"), schema: schema)
    let documents = (0..<300).map { Document(key: "k\($0)", ["title": "办法\($0)", "body": "先进制造业 第\($0)条", "notes": "running"]) }
    var modelled = try ModelledIndex(schema)
    for index in [index, modelled.index] { try index.update { writer in for document in documents { try writer.add(document) } } }
    for document in documents { try modelled.model.replace(document.key, with: [document]) }
    try modelled.compare(.text("先进制造业 第17条"), comment: "not stored")
    try index.merge()
    #expect(try SearchIndex(at: index.path).schema == schema && SearchIndex.check(at: index.path).isSound)
    let results = try index.searcher().search("\"制造业第17条\"")
    let hit = try #require(results.hits.first)
    #expect(results.total == 1 && hit.key == "k17" && hit["title"] == "办法17" && hit["body"] == nil && hit["notes"] == nil)
    #expect(try hit.highlights(in: "body").isEmpty && hit.snippet(of: "body") == nil)
    #expect(try index.searcher().search("notes:runs").total == 300)
  }

  @Test(arguments: SeededRandom.seeds(3)) func `a merge of segments is what one segment would have been`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    // Of more than 16 KiB, so that stored blocks are copied, and with lists of more than 128 passages.
    let documents = (0..<600).map { number in
      Document(
        key: "k\(1000 + number)",
        ["title": "第\(number)条", "body": String(repeating: "先进制造业", count: 1 + random.below(20)), "issuer": "省\(random.below(5))"])
    }
    func segment(_ name: String, _ parts: [[Document]], without others: [Document] = [], stored: Bool = false) throws -> Data {
      let schema = Schema([.text("title", boost: 2, stored: stored), .text("body", stored: stored), .keyword("issuer")])
      let index = try SearchIndex.create(at: directory.path("\(name)-\(seed)"), schema: schema)
      for part in parts { try index.update { writer in for document in part { try writer.add(document) } } }
      if !others.isEmpty { try index.update { writer in for document in others { try writer.delete(document.key) } } }
      try index.merge()
      #expect(try SearchIndex.check(at: index.path).isSound, "\(random.advice)")
      let names = try FileManager.default.contentsOfDirectory(atPath: index.path).filter { $0.hasPrefix("segment-") }
      #expect(names.count == 1, "\(random.advice)")
      let searcher = try index.searcher()
      for document in documents where stored {
        #expect(try searcher.document(document.key)?.fields == document.fields, "\(random.advice)")
      }
      return try Data(contentsOf: URL(fileURLWithPath: "\(index.path)/\(names[0])"))
    }
    let whole = try segment("whole", [documents])
    let inRuns = [documents[..<200], documents[200..<330], documents[330...]].map(Array.init)
    #expect(try segment("runs", inRuns) == whole, "\(random.advice)")
    let mixed = (0..<3).map { part in documents.filter { $0.key.description.utf8.last.map { Int($0) % 3 == part } ?? false } }
    #expect(try segment("mixed", mixed) == whole, "\(random.advice)")
    let dead = (0..<150).map { Document(key: "k\(1000 + 4 * $0)x", ["body": "先进的第\($0)条"]) }
    #expect(try segment("dead", [inRuns[0] + dead[..<70], inRuns[1] + dead[70...], inRuns[2]], without: dead) == whole, "\(random.advice)")

    // Blocks of stored text that are copied as they are end elsewhere, where there are enough of them.
    let wholeStored = try segment("stored", [documents], stored: true)
    #expect(try segment("stored mixed", mixed, stored: true) == wholeStored, "\(random.advice)")
    #expect(try segment("stored runs", inRuns, stored: true).count < wholeStored.count * 21 / 20, "\(random.advice)")
    let runsWithout = try segment(
      "stored dead", [inRuns[0] + dead[..<70], inRuns[1] + dead[70...], inRuns[2]], without: dead, stored: true)
    #expect(runsWithout.count < wholeStored.count * 21 / 20, "\(random.advice)")
  }

  @Test func `never lets one source take another's passage`() throws {
    let passages = [Document(key: "file#1", ["body": "甲"]), Document(key: "file#2", ["body": "乙"])]
    try index.update { try $0.replace(Source("file"), with: passages) }
    func refused(_ writer: IndexWriter) -> Bool {
      do {
        try writer.add(Document(key: "file#1", ["body": "丙"]))
        return false
      } catch { return error.code == .invalidArgument }
    }
    try index.update { writer in
      #expect(refused(writer))
      try writer.replace(Source("file"), with: [Document(key: "file#1", ["body": "丁"])])
      #expect(refused(writer))
      try writer.delete("file#1")
      #expect(!refused(writer))
    }
    #expect(try keys("丙") == ["file#1"])
    #expect(try index.searcher().passageCount == 1)
  }

  @Test func `compares keys by bytes`() throws {
    try add([Document(key: "e\u{301}", ["body": "甲"]), Document(key: "\u{E9}", ["body": "乙"])])
    #expect(try index.searcher().passageCount == 2)
  }

  @Test func `gives a searcher that later commits do not change`() throws {
    try add([Document(key: "1", ["body": "甲乙"])])
    let before = try index.searcher()
    try add([Document(key: "1", ["body": "丙丁"]), Document(key: "2", ["body": "甲乙"])])
    try index.merge()
    #expect(try before.search("甲乙").hits.map(\.key) == ["1"])
    #expect(try before.search("丙丁").total == 0)
    #expect(try index.searcher().search("甲乙").hits.map(\.key) == ["2"])
  }

  @Test func `counts all matches whatever the limit, and orders ties by key`() throws {
    try add((10..<60).map { Document(key: "k\($0)", ["body": "制造业"]) }.shuffled())
    let results = try index.searcher().search("制造业", limit: 7)
    #expect(results.total == 50 && results.hits.map(\.key.description) == (10..<17).map { "k\($0)" })
    #expect(try index.searcher().search("制造业", limit: 0).total == 50)
  }

  @Test func `refuses what cannot be asked`() throws {
    try add([Document(key: "1", ["body": "甲"])])
    let searcher = try index.searcher()
    for query in ["", "。", "\"，\"", "body:，"] { #expect(throws: QuerySyntaxError.self, "\(query)") { try searcher.search(query) } }
    func code(_ query: Query, limit: Int = 1, _ parameters: RankingParameters = .init()) -> IndexError.Code? {
      do {
        _ = try searcher.search(query, limit: limit, parameters: parameters)
        return nil
      } catch { return (error as? IndexError)?.code }
    }
    var parameters = RankingParameters()
    parameters.b = 1.5
    #expect(code(.text("甲"), limit: -1) == .invalidArgument)
    #expect(code(.text("甲"), limit: 10_001) == .invalidArgument)
    #expect(code(.text("甲"), parameters) == .invalidArgument)
    #expect(code(.field("nowhere", .text("甲"))) == .invalidArgument)
    #expect(code(.weighted(.text("甲"), .nan)) == .invalidArgument)
    #expect(code(.text("甲")) == nil)
    // Part of a query without cells is left out.
    #expect(try searcher.search(.all([.quoted("甲"), .quoted("。")]), limit: 1, parameters: .init()).total == 1)
  }

  @Test func `is made once, in an empty place`() throws {
    #expect { try SearchIndex.create(at: index.path, schema: Schema([.text("a")])) } throws: { ($0 as? IndexError)?.code == .cannotCreate }
    try FileManager.default.createDirectory(atPath: directory.path("full"), withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: directory.path("full/mine.txt")))
    #expect { try SearchIndex.create(at: directory.path("full"), schema: Schema([.text("a")])) } throws: {
      ($0 as? IndexError)?.code == .cannotCreate
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("full")) == ["mine.txt"])
    #expect { try SearchIndex.create(at: directory.path("no/where"), schema: Schema([.text("a")])) } throws: {
      ($0 as? IndexError)?.code == .cannotCreate
    }
    #expect { try SearchIndex(at: directory.path("none")) } throws: { ($0 as? IndexError)?.code == .notFound }
    for fields in [[], [Field.text("a"), .text("a")], [.text("a b")], [.text("a", boost: 0)]] {
      #expect { try SearchIndex.create(at: directory.path("x"), schema: Schema(fields)) } throws: {
        ($0 as? IndexError)?.code == .invalidArgument
      }
    }
  }

  @Test func `lets one write at a time`() throws {
    try index.update { _ in
      #expect { try index.update { _ in } } throws: { ($0 as? IndexError)?.code == .locked }
      #expect { try index.merge() } throws: { error in
        (error as? IndexError)?.code == .locked && (error as? IndexError)?.message.contains("process \(getpid())") ?? false
      }
    }
    try index.update { try $0.add(Document(key: "1", ["body": "甲"])) }
    #expect(try keys("甲") == ["1"])
  }

  @Test func `builds the same bytes from the same input`() throws {
    var files: [[String: Data]] = []
    for name in ["one", "two"] {
      var other = try SearchIndex.create(at: directory.path(name), schema: index.schema)
      other.unitMemory = 5000
      var random = SeededRandom(seed: 3)
      try other.update { writer in
        for number in 0..<300 { try writer.add(Document(key: "k\(number % 250)", ["body": RandomText.make(20, hostility: 5, &random)])) }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: other.path).filter { $0 != "write.lock" }
      files.append(
        Dictionary(uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(other.path)/\($0)"))) }))
    }
    #expect(files[0] == files[1] && files[0].count > 2)
  }

  @Test func `answers many threads at once`() async throws {
    try add((0..<200).map { Document(key: "k\($0)", ["body": "制造业 第\($0)条 企业"]) })
    let searcher = try index.searcher()
    let expected = try searcher.search("制造业 企业").hits.map(\.key)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<20 { #expect((try? searcher.search("制造业 企业").hits.map(\.key)) == expected) }
        }
      }
    }
  }

  @Test func `keeps its promise to readers while a writer commits, merges and cleans up`() async throws {
    try add([Document(key: "v", ["body": "版本0"])])
    let index = self.index
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for version in 1...60 {
          try? index.update { try $0.add(Document(key: "v", ["body": "版本\(version)"])) }
          if version % 9 == 0 { try? index.merge() }
        }
      }
      for _ in 0..<3 {
        group.addTask {
          var last = 0
          while last < 60 {
            do {
              let searcher = try index.searcher()
              let text = try #require(try searcher.document("v")?.fields["body"]?.description)
              let version = try #require(Int(text.dropFirst(2)))
              #expect(version >= last)
              #expect(try searcher.search("\"\(text)\"").total == 1)
              last = version
            } catch {
              Issue.record("\(error)")
              return
            }
          }
        }
      }
    }
  }

  @Test func `works with another version's terms only where terms do not matter`() throws {
    try add([Document(key: "1", ["body": "甲"])])
    // The same index as if another ICU had made it.
    var commit = try IndexCommit(readingFrom: index.path, in: SystemFileSystem())
    commit.fingerprint = "chinese-2 rules=0 dictionary=0"
    try FileManager.default.removeItem(atPath: "\(index.path)/commit")
    try commit.write(to: "\(index.path)/commit", in: SystemFileSystem())
    let searcher = try index.searcher()
    #expect(try searcher.document("1") != nil)
    #expect(try SearchIndex.check(at: index.path).isSound)
    #expect(try !index.indexStatistics().fingerprintMatches)
    #expect { try searcher.search("甲") } throws: { ($0 as? IndexError)?.code == .settingsDiffer }
    #expect { try index.update { _ in } } throws: { ($0 as? IndexError)?.code == .settingsDiffer }
  }
}

@Suite struct DamageTests {
  /// Searches and reads everything; errors are fine, crashes are not.
  private func use(_ path: String) -> Bool {
    do {
      let searcher = try SearchIndex(at: path).searcher()
      for query in ["制造业", "\"先进制造\"", "条 -政府", "issuer:河北省"] { _ = try searcher.search(query) }
      try searcher.forEachDocument { _ in }
      return true
    } catch { return false }
  }

  @Test func `detects every flipped byte of every file, or is as before`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("index")
    var index = try SearchIndex.create(at: path, schema: Schema([.text("body"), .keyword("issuer")]))
    index.unitMemory = 3000
    try index.update { writer in
      for number in 0..<12 { try writer.add(Document(key: "k\(number)", ["body": "第\(number)条 先进制造业", "issuer": "河北省"])) }
    }
    try index.update { _ = try $0.delete("k3") }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "write.lock" }.sorted()
    #expect(names.contains { $0.contains("deleted") })
    #expect(use(path))
    var flips = 0
    for name in names {
      let url = URL(fileURLWithPath: "\(path)/\(name)")
      let whole = try Data(contentsOf: url)
      for offset in stride(from: 0, to: whole.count, by: setting("SUOYIN_FLIP_STEP", default: 3)) {
        var damaged = whole
        damaged[offset] ^= 1 << UInt8(offset % 8)
        try damaged.write(to: url)
        flips += 1
        let report = try SearchIndex.check(at: path)
        #expect(!report.isSound, "\(name), byte \(offset)")
        _ = use(path)
      }
      // Cut short, and another file in its place.
      for length in [0, 1, 15, 40, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: url)
        #expect(try !SearchIndex.check(at: path).isSound, "\(name), \(length) bytes")
        _ = use(path)
      }
      if let other = names.first(where: { $0 != name && $0.hasPrefix("segment") && $0.contains("deleted") == name.contains("deleted") }) {
        try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(other)")).write(to: url)
        #expect(try !SearchIndex.check(at: path).isSound, "\(name) is \(other)")
      }
      try FileManager.default.removeItem(at: url)
      if name != "commit" { #expect(try !SearchIndex.check(at: path).isSound, "without \(name)") }
      try whole.write(to: url)
    }
    #expect(try SearchIndex.check(at: path).isSound)
    print("bytes flipped: \(flips)")
  }
}
