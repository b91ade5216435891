// Does a change of the dictionary leave the index as if it had been made with the new one, and lose nothing?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct DictionaryTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let schema = Schema([.text("title"), .text("text"), .keyword("file"), .integer("year"), .text("names", apart: true)])

  private func dictionary(_ lines: String) throws -> UserDictionary {
    var dictionary = UserDictionary()
    dictionary.apply(try DictionaryFile(parsing: Array(lines.utf8)).changes)
    return dictionary
  }

  private func makeIndex(_ texts: [String: String], named name: String = "index", policyWords: Bool = true) throws -> SearchIndex {
    let index = try SearchIndex.create(at: directory.path(name), schema: Schema([.text("text")], policyWords: policyWords))
    try index.update { writer in
      for (key, text) in texts.sorted(by: { $0.key < $1.key }) { try writer.add(Document(key: key, ["text": text])) }
    }
    return index
  }

  private func words(_ index: SearchIndex) throws -> Set<String> {
    var words: Set<String> = []
    for segment in try IndexReader(index.path, in: SystemFileSystem()).segments {
      for ordinal in 0..<segment.reader.terms.count {
        let entry = try segment.reader.terms.entry(at: ordinal)
        let term = Term(bytes: entry.string)
        if term.family == .word, entry.value.count > segment.deleted?.decrease(ofTerm: ordinal) ?? 0 {
          words.insert(String(decoding: entry.string.dropFirst(2), as: UTF8.self))
        }
      }
    }
    return words
  }

  // MARK: What a change does

  @Test func `passages that a word concerns are cut anew with it, in the same commit`() throws {
    let index = try makeIndex(["a": "工业互联网", "b": "工业 互联网", "c": "农业", "d": "互联网"], policyWords: false)
    let before = try index.indexStatistics()
    let change = try index.update { try $0.setDictionary(dictionary("工业互联网\n互联网\n农业\n没有的")) }
    #expect(change.words.map(\.word) == ["互联网", "农业", "工业互联网", "没有的"])
    #expect(change.words.map(\.passageCount) == [3, 1, 1, 0] && change.words.map(\.differentCount) == [3, 0, 1, 0])
    #expect(change.words[0].keys == ["a", "b", "d"] && change.passageCount == 4 && change.differentCount == 3)
    let after = try index.indexStatistics()
    #expect(after.commitNumber == before.commitNumber + 1 && after.passageCount == 4 && after.sourceCount == 4)
    #expect(after.userWordCount == 4 && after.removedWordCount == 0 && after.fingerprint != before.fingerprint && after.fingerprintMatches)
    #expect(try words(index).isSuperset(of: ["工业互联网", "互联网", "工业", "农业"]) && words(index).isDisjoint(with: ["联", "互"]))
    #expect(try index.dictionary() == dictionary("互联网\n农业\n工业互联网\n没有的"))
    #expect(try SearchIndex.check(at: index.path).isSound)
    let names = try FileManager.default.contentsOfDirectory(atPath: index.path)
    #expect(names.filter { $0.hasPrefix("dictionary-") }.count == 1)

    let back = try index.update { try $0.setDictionary(UserDictionary()) }
    #expect(back.differentCount == 3 && back.words.count == 4)
    #expect(try index.indexStatistics().fingerprint == before.fingerprint && words(index) == ["工业", "互", "联", "网", "农业"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: index.path).allSatisfy { !$0.hasPrefix("dictionary-") })
  }

  @Test func `what is added in the same update before and after a change is cut by it`() throws {
    let index = try makeIndex(["a": "互联网"], policyWords: false)
    try index.update { writer in
      try writer.add(Document(key: "b", ["text": "互联网"]))
      let change = try writer.setDictionary(dictionary("互联网"))
      #expect(change.passageCount == 2 && change.differentCount == 2)
      try writer.add(Document(key: "c", ["text": "互联网"]))
      #expect(writer.summary.added == 2 && writer.summary.removed == 0, "cutting anew is neither adding nor removing")
    }
    #expect(try words(index) == ["互联网"] && index.searcher().search("互联网").total == 3)
  }

  @Test func `without stored text the dictionary stays as it is once there are passages`() throws {
    let index = try SearchIndex.create(at: directory.path("unstored"), schema: Schema([.text("title"), .text("text", stored: false)]))
    try index.update { _ = try $0.setDictionary(dictionary("互联网")) }
    let words = try dictionary("联网")
    try index.update { writer in
      try writer.add(Document(key: "a", ["text": "互联网"]))
      #expect(throws: IndexError.self) { try writer.setDictionary(words) }
      try writer.add(Document(key: "b", ["text": "互联网"]))
    }
    let error = #expect(throws: IndexError.self) { try index.update { _ = try $0.setDictionary(words) } }
    #expect(error?.code == .invalidArgument && error?.message.contains("'text'") == true)
    #expect(throws: IndexError.self) { try index.effect(from: dictionary("互联网"), to: words) }
    #expect(try index.dictionary() == dictionary("互联网") && index.searcher().search("互联网").total == 2)
  }

  @Test func `another weight of a word cuts anew what it decides`() throws {
    let index = try makeIndex(["a": "甲乙丙", "b": "甲乙"], policyWords: false)
    try index.update { _ = try $0.setDictionary(dictionary("甲乙 2\n乙丙")) }
    #expect(try words(index) == ["甲乙", "丙"])
    let change = try index.update { try $0.setDictionary(dictionary("甲乙 2\n乙丙 3")) }
    #expect(change.words.map(\.word) == ["乙丙"] && change.passageCount == 1 && change.differentCount == 1)
    #expect(try words(index) == ["甲", "乙丙", "甲乙"])
  }

  @Test func `the same dictionary again changes nothing, not even the commit`() throws {
    let index = try makeIndex(["a": "互联网"])
    try index.update { try $0.setDictionary(dictionary("网络\n!互联网")) }
    let number = try index.indexStatistics().commitNumber
    let again = try index.update { try $0.setDictionary(dictionary("!互联网\n网络")) }
    #expect(again.words.isEmpty)
    #expect(try index.indexStatistics().commitNumber == number)
  }

  @Test func `an update that throws leaves the dictionary as it was`() throws {
    struct Stop: Error {}
    let index = try makeIndex(["a": "互联网"])
    let before = try words(index)
    #expect(throws: Stop.self) {
      try index.update { writer in
        try writer.setDictionary(dictionary("!互联网"))
        throw Stop()
      }
    }
    #expect(try index.dictionary().isEmpty && words(index) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: index.path).allSatisfy { !$0.hasPrefix("dictionary-") })
  }

  @Test func `an analyzer without lists of words refuses a dictionary`() throws {
    for analyzer in [AnalyzerName.icu, .bigram, .whitespace] {
      let schema = Schema([.text("text")], analyzer: analyzer)
      let index = try SearchIndex.create(at: directory.path(analyzer.rawValue), schema: schema)
      #expect(!schema.policyWords)
      #expect { try index.update { try $0.setDictionary(dictionary("双碳")) } } throws: { ($0 as? IndexError)?.code == .invalidArgument }
      #expect { try index.effect(from: UserDictionary(), to: dictionary("双碳")) } throws: { ($0 as? IndexError)?.code == .invalidArgument }
    }
  }

  @Test func `whether policy words are used is decided when an index is made, and stays so`() throws {
    for policyWords in [true, false] {
      let index = try makeIndex(["a": "碳达峰"], named: "\(policyWords)", policyWords: policyWords)
      let opened = try SearchIndex(at: index.path)
      #expect(opened.schema.policyWords == policyWords && opened.schema == index.schema)
      #expect(try words(opened) == (policyWords ? ["碳达峰"] : ["碳", "达", "峰"]))
      #expect(try opened.indexStatistics().policyWords == policyWords)
    }
  }

  @Test func `a source in several segments is one source, with its digest, and is replaced and deleted as a whole`() throws {
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text"), .keyword("file")], policyWords: false))
    func passages(_ texts: [String]) -> [Document] {
      texts.enumerated().map { Document(key: DocumentKey("s#\($0.offset)"), ["text": .text($0.element), "file": "s"]) }
    }
    func change(_ lines: String) throws { try index.update { _ = try $0.setDictionary(try dictionary(lines)) } }
    func fill() throws { try index.update { try $0.replace(Source("s", digest: [7, 8]), with: passages(["互联网", "碳达峰", "农业"])) } }
    try fill()
    try change("互联网")
    try change("互联网\n碳达峰")
    #expect(try IndexReader(index.path, in: SystemFileSystem()).segments.count == 3)
    #expect(try index.indexStatistics().sourceCount == 1)
    #expect(try index.update { try $0.digest(of: "s") } == [7, 8])
    try index.merge()
    #expect(try index.indexStatistics().sourceCount == 1 && SearchIndex.check(at: index.path).isSound)
    #expect(try index.update { try $0.digest(of: "s") } == [7, 8])

    try change("")
    try index.update { try $0.replace(Source("s", digest: [9]), with: passages(["甲"])) }
    #expect(try index.searcher().passageCount == 1 && SearchIndex.check(at: index.path).isSound)
    try fill()
    try change("互联网")
    #expect(try index.update { try $0.delete(where: "file", is: "s") } == 3)
    #expect(try index.searcher().passageCount == 0 && index.indexStatistics().sourceCount == 0)
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  @Test func `a damaged, foreign or missing dictionary is noticed`() throws {
    let index = try makeIndex(["a": "互联网"])
    try index.update { try $0.setDictionary(dictionary("网络")) }
    let name = try #require(try IndexReader(index.path, in: SystemFileSystem()).commit.dictionaryName)
    let url = URL(fileURLWithPath: "\(index.path)/\(name)")
    let whole = try Data(contentsOf: url)
    for offset in whole.indices {
      var damaged = whole
      damaged[offset] ^= 1 << UInt8(offset % 8)
      try damaged.write(to: url)
      #expect(try !SearchIndex.check(at: index.path).isSound, "byte \(offset)")
      #expect { try index.searcher() } throws: { [.corrupted, .settingsDiffer].contains(($0 as? IndexError)?.code) }
    }
    try FileManager.default.removeItem(at: url)
    #expect(try !SearchIndex.check(at: index.path).isSound)
    let other = try makeIndex(["a": "互联网"], named: "other")
    try other.update { try $0.setDictionary(dictionary("网页")) }
    try FileManager.default.copyItem(atPath: "\(other.path)/\(name)", toPath: url.path)
    #expect(try !SearchIndex.check(at: index.path).isSound)
    try whole.write(to: url)
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  // MARK: The property

  private static let alphabet = [
    "互", "联", "网", "碳", "达", "峰", "工", "业", "5G", "化", "的", "人", "民", "。", "、", " ", "\n", "人民政府", "制造业", "互联网",
  ]

  private static func text(_ length: Int, _ random: inout SeededRandom) -> String {
    random.chance(1, in: 4)
      ? RandomText.make(length, hostility: 8, &random) : (0..<length).map { _ in random.element(alphabet) }.joined()
  }

  private static func document(_ key: String, _ random: inout SeededRandom) -> Document {
    var fields: [String: FieldValue] = ["text": .text(text(random.below(25), &random)), "file": .text("f")]
    if random.chance(1, in: 2) { fields["title"] = .text(text(random.below(6), &random)) }
    if random.chance(1, in: 3) { fields["names"] = .text(text(random.below(6), &random)) }
    if random.chance(1, in: 3) { fields["year"] = .integer(Int64(random.below(30))) }
    return Document(key: DocumentKey(key), fields)
  }

  private static func changed(_ dictionary: UserDictionary, _ random: inout SeededRandom) throws -> UserDictionary {
    var dictionary = dictionary
    for _ in 0..<(1 + random.below(4)) {
      let word = text(1 + random.below(3), &random)
      switch random.below(4) {
      case 0: _ = try? dictionary.remove(random.chance(1, in: 2) ? "互联网" : word)
      case 1:
        let known = random.element(dictionary.words.keys.sorted() + [word])
        if random.chance(1, in: 2) { _ = try? dictionary.forget(known) } else { _ = try? dictionary.add(known, weight: 5) }
      default: _ = try? dictionary.add(word, weight: Double(1 + random.below(3)))
      }
    }
    return dictionary
  }

  /// Terms with their document frequencies, and the lengths, of the live passages.
  private func statistics(_ path: String) throws -> (frequencies: [[UInt8]: Int], lengths: [NumberingStatistics]) {
    let reader = try IndexReader(path, in: SystemFileSystem())
    var frequencies: [[UInt8]: Int] = [:]
    for segment in reader.segments {
      for ordinal in 0..<segment.reader.terms.count {
        let entry = try segment.reader.terms.entry(at: ordinal)
        frequencies[entry.string, default: 0] += entry.value.count - (segment.deleted?.decrease(ofTerm: ordinal) ?? 0)
      }
    }
    return (frequencies.filter { $0.value > 0 }, CollectionStatistics(reader).numberings)
  }

  /// The bytes of the sections of a merged index that depend on its passages and how they are cut.
  private func bytes(_ path: String) throws -> [[UInt8]] {
    try IndexReader(path, in: SystemFileSystem()).segments.flatMap { segment in
      try [SegmentSection.keyStrings, .storedBlocks, .postings, .termBlocks, .termStrings, .lengths].map {
        try segment.reader.file.section($0.rawValue).array
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(setting("SUOYIN_DICTIONARY_SEEDS", default: 5)))
  func `no change of the dictionary loses a hit, and each leaves what a new index would have`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let schema = Schema(Self.schema.fields, policyWords: random.chance(1, in: 2))
    var index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    index.unitMemory = 2000 + random.below(20_000)
    var dictionary = UserDictionary()
    for round in 0..<setting("SUOYIN_ROUNDS", default: 6) {
      let comment: Comment = "round \(round); \(random.advice)"
      try index.update { writer in
        for _ in 0..<random.below(10) {
          if random.chance(1, in: 5) {
            try writer.delete(DocumentKey("k\(random.below(20))"))
          } else if random.chance(1, in: 3) {
            let source = "s\(random.below(3))"
            try writer.replace(
              Source(DocumentKey(source), digest: [UInt8(round)]),
              with: (0..<random.below(6)).map { Self.document("\(source)#\($0)", &random) })
          } else {
            try writer.add(Self.document("k\(random.below(20))", &random))
          }
        }
      }
      let quoted = (0..<12).map { _ in Query.quoted(Self.text(1 + random.below(3), &random)) }
      func hits(_ query: Query, _ index: SearchIndex) throws -> [DocumentKey: Double]? {
        guard let results = try? index.searcher().search(query, limit: 1000, parameters: RankingParameters()) else { return nil }
        return Dictionary(uniqueKeysWithValues: results.hits.map { ($0.key, $0.score) })
      }
      let before = try quoted.map { try hits($0, index) }

      dictionary = try Self.changed(dictionary, &random)
      let late = random.chance(1, in: 3) ? Self.document("late\(round)", &random) : nil
      try index.update { writer in
        let effect = try writer.setDictionary(dictionary)
        #expect(effect.differentCount <= effect.passageCount && effect.words.allSatisfy { $0.differentCount <= $0.passageCount })
        if let late { try writer.add(late) }
      }
      if random.chance(1, in: 4) { try index.merge() }
      #expect(try SearchIndex.check(at: index.path).problems == [], comment)
      #expect(try index.dictionary() == dictionary)

      // The same passages in a new index that had the dictionary from the beginning.
      let fresh = try SearchIndex.create(at: directory.path("fresh-\(round)"), schema: schema)
      let searcher = try index.searcher()
      try fresh.update { writer in
        try writer.setDictionary(dictionary)
        try searcher.forEachDocument { try writer.add($0) }
      }
      let (found, expected) = (try statistics(index.path), try statistics(fresh.path))
      #expect(found.frequencies == expected.frequencies && found.lengths == expected.lengths, comment)
      for (query, earlier) in zip(quoted, before) {
        let now = try hits(query, index)
        #expect(try now == hits(query, fresh), comment)
        if late == nil { #expect(now == earlier, "\(query) \(comment)") }
      }
      for _ in 0..<12 {
        let text = Self.text(1 + random.below(5), &random)
        let now = try hits(.text(text), index)
        #expect(try now == hits(.text(text), fresh), comment)
        // Whatever the words: who has a pair of the query, or a cell that stands alone in it, is found.
        let cells = try Analyzer(.bigram).analyze(text)
        for cell in cells.cells.indices where cells.successor(of: cell) != nil {
          let pair = Query.quoted(String(decoding: cells.pairTerm(at: cell), as: UTF8.self))
          for key in try hits(pair, index)?.keys.map(\.self) ?? [] { #expect(now?[key] != nil, "\(text): \(key) \(comment)") }
        }
      }
      if round % 3 == 2 {
        let copy = try SearchIndex(at: index.path)
        try copy.merge()
        try fresh.merge()
        #expect(try bytes(copy.path) == bytes(fresh.path), comment)
      }
    }
  }
}
