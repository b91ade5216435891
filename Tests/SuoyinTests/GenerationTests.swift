// Does an index go back to what it was, and keep no more than it was told to?
import Foundation
import SuoyinStorage
import SuoyinTestKit
import Testing

@testable import Suoyin

@Suite struct GenerationTests {
  private let directory: TemporaryDirectory
  private let index: SearchIndex

  init() throws {
    directory = try TemporaryDirectory()
    index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("text")]))
  }

  private func keeping(_ count: Int?) -> UpdateOptions {
    var options = UpdateOptions()
    options.keptGenerations = count
    return options
  }

  private func texts(_ searcher: Searcher) throws -> [String] {
    var texts: [String] = []
    try searcher.forEachDocument { texts.append("\($0.key) \($0.fields["text"]?.description ?? "")") }
    return texts.sorted()
  }

  private func set(_ key: DocumentKey, _ text: String, keep: Int?) throws {
    try index.update(keeping(keep)) { try $0.add(Document(key: key, ["text": .text(text)])) }
  }

  private func names() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: index.path)) }

  @Test func `every generation is what the index was, and each can be gone back to`() throws {
    try set("a", "甲", keep: nil)
    try set("b", "乙", keep: 3)
    try set("a", "丙", keep: 3)
    try index.update(keeping(3)) { _ = try $0.delete("b") }
    let generations = try index.generations()
    #expect(generations.map(\.isCurrent) == [true, false, false, false])
    #expect(generations.map(\.passageCount) == [1, 2, 2, 1])
    let numbers = generations.map(\.number)
    #expect(numbers == numbers.sorted(by: >))
    let expected = [["a 丙"], ["a 丙", "b 乙"], ["a 甲", "b 乙"], ["a 甲"]]
    for (generation, texts) in zip(generations, expected) {
      #expect(try self.texts(index.searcher(ofGeneration: generation.number)) == texts)
    }

    let open = try index.searcher()
    #expect(try index.rollBack() == numbers[1] && texts(index.searcher()) == expected[1])
    #expect(try index.rollBack(to: numbers[3]) == numbers[3] && texts(index.searcher()) == expected[3])
    #expect(try texts(open) == expected[0], "an open searcher keeps its snapshot")
    // What was gone back from is kept, too.
    #expect(try index.rollBack(to: numbers[0]) == numbers[0] && texts(index.searcher()) == expected[0])
    #expect(try index.searcher().search("丙").total == 1 && SearchIndex.check(at: index.path).problems == [])
    let error = #expect(throws: IndexError.self) { try index.rollBack(to: 999) }
    #expect(error?.code == .notFound && error?.message.contains("999") ?? false)
    // The next update goes on from there.
    try set("c", "丁", keep: nil)
    #expect(try texts(index.searcher()) == ["a 丙", "c 丁"])
  }

  @Test func `keeps as many as it is told, and the files of these alone`() throws {
    for number in 0..<6 { try set("a", "第\(number)版", keep: 2) }
    #expect(try index.generations().count == 3)
    // An update that is not told leaves them as they are, and a merge too.
    try set("b", "乙", keep: nil)
    try index.merge()
    #expect(try index.generations().map(\.passageCount) == [2, 1, 1])
    #expect(try texts(index.searcher(ofGeneration: index.generations()[1].number)) == ["a 第4版"])
    try set("b", "丙", keep: 0)
    #expect(try index.generations().count == 1)
    let named = try IndexCommit(readingFrom: index.path, in: SystemFileSystem()).fileNames
    #expect(try names() == named)
    let error = #expect(throws: IndexError.self) { try index.rollBack() }
    #expect(error?.code == .notFound)
    #expect(throws: IndexError.self) { try set("b", "丁", keep: -1) }
  }

  @Test func `an update that is not verified is discarded`() throws {
    struct Refusal: Error {}
    try set("a", "甲", keep: 2)
    let before = try names()
    var options = keeping(2)
    options.verification = { searcher in
      #expect(searcher.passageCount == 2)
      #expect(try searcher.search("乙").hits.map(\.key) == ["b"])
      throw Refusal()
    }
    #expect(throws: (any Error).self) { try index.update(options) { try $0.add(Document(key: "b", ["text": "乙"])) } }
    #expect(try texts(index.searcher()) == ["a 甲"] && names() == before)
    options.verification = { #expect($0.passageCount == 2) }
    try index.update(options) { try $0.add(Document(key: "b", ["text": "乙"])) }
    #expect(try texts(index.searcher()) == ["a 甲", "b 乙"])
  }

  @Test func `a damaged generation is reported, never cleaned up with what it may need, and not gone back to`() throws {
    try set("a", "甲", keep: 5)
    try set("a", "乙", keep: 5)
    let number = try index.generations()[1].number
    let kept = "\(index.path)/\(IndexCommit.keptName(number))"
    try Data("damaged".utf8).write(to: URL(fileURLWithPath: kept))
    let files = try names()
    #expect(try !SearchIndex.check(at: index.path).problems.isEmpty)
    try set("b", "丙", keep: nil)
    #expect(try names().isSuperset(of: files))
    let error = #expect(throws: IndexError.self) { try index.rollBack(to: number) }
    #expect(error?.code == .corrupted)
    #expect(try texts(index.searcher()) == ["a 乙", "b 丙"])
  }
}
