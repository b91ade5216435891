// Does an update give the same index, whatever its threads do first?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct UpdateThreadsTests {
  /// Adds, replaces and deletes passages at random, also some that were added just before.
  private static func change(_ writer: IndexWriter, _ random: inout SeededRandom) throws {
    for _ in 0..<150 {
      switch random.below(10) {
      case 0: _ = try writer.delete(DocumentKey("k\(random.below(200))"))
      case 1:
        let source = DocumentKey("s\(random.below(20))")
        let documents = (0..<random.below(4)).map {
          Document(key: "\(source)#\($0)", ["body": RandomText.make(10, hostility: 5, &random)])
        }
        try writer.replace(Source(source), with: documents)
      case 2: _ = try writer.delete(where: "issuer", is: "甲\(random.below(30))")
      default:
        let text = RandomText.make(random.below(30), hostility: 5, &random)
        try writer.add(Document(key: "k\(random.below(200))", ["body": text, "issuer": "甲\(random.below(30))"]))
      }
    }
  }

  private static func files(_ path: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "write.lock" }
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)"))) })
  }

  @Test(arguments: SeededRandom.seeds(3)) func `gives the same bytes with one thread and with many`(seed: UInt64) throws {
    let directory = try TemporaryDirectory()
    var expected: [[String: Data]] = []
    for threads in [1, 2, 5] {
      var random = SeededRandom(seed: seed)
      let schema = Schema([.text("body"), .keyword("issuer")])
      let fileSystem = DawdlingFileSystem(seed: seed, longest: threads == 1 ? 1 : 20_000)
      var index = try SearchIndex.create(at: directory.path("\(threads)"), schema: schema, in: fileSystem)
      index.unitMemory = 2500 + random.below(3000)
      var options = UpdateOptions()
      options.threads = threads
      for round in 0..<4 {
        try index.update(options) { try Self.change($0, &random) }
        let found = try Self.files(index.path)
        if threads == 1 {
          expected.append(found)
          #expect(found.count > 2, "\(random.advice)")
          #expect(try SearchIndex.check(at: index.path).isSound, "\(random.advice)")
        } else {
          #expect(found == expected[round], "\(threads) threads, round \(round); \(random.advice)")
        }
      }
    }
  }

  @Test func `an error on another thread discards the update`() throws {
    let directory = try TemporaryDirectory()
    var random = SeededRandom(seed: 9)
    let path = directory.path("index")
    _ = try SearchIndex.create(at: path, schema: Schema([.text("body"), .keyword("issuer")]))
    let before = try Self.files(path)
    for call in stride(from: 8, to: 60, by: 4) {
      var index = try SearchIndex(at: path, in: FaultyFileSystem(failingCall: call, .noSpace, isSticky: false))
      index.unitMemory = 2500
      var options = UpdateOptions()
      options.threads = 3
      #expect(throws: IndexError.self, "call \(call)") { try index.update(options) { try Self.change($0, &random) } }
      #expect(try Self.files(path) == before, "call \(call)")
    }
  }

  @Test func `refuses no threads and no memory`() throws {
    let directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("body")]))
    var options = UpdateOptions()
    options.threads = 0
    #expect { try index.update(options) { _ in } } throws: { ($0 as? IndexError)?.code == .invalidArgument }
    options = UpdateOptions()
    options.memory = 0
    #expect { try index.update(options) { _ in } } throws: { ($0 as? IndexError)?.code == .invalidArgument }
  }
}
