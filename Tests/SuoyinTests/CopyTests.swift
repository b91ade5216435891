// Is a copy of an index the index, whenever it is made and wherever it stops?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct CopyTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("index") }
  private var copy: String { directory.path("copy") }

  init() throws { directory = try TemporaryDirectory() }

  /// An index of two segments, one of them with dead passages, and a dictionary.
  private func makeIndex() throws -> SearchIndex {
    let index = try SearchIndex.create(at: path, schema: Schema([.text("text"), .keyword("file")]))
    try index.update { writer in
      for number in 0..<40 { try writer.add(Document(key: "k\(number)", ["text": "第\(number)条 先进制造业发展", "file": "f"])) }
    }
    try index.update { writer in
      var dictionary = UserDictionary()
      dictionary.apply(try DictionaryFile(parsing: Array("政府采购目录".utf8)).changes)
      try writer.setDictionary(dictionary)
      try writer.add(Document(key: "new", ["text": "政府采购目录", "file": "g"]))
      _ = try writer.delete("k7")
    }
    return index
  }

  private func contents(_ path: String) throws -> [String: String] {
    let report = try SearchIndex.check(at: path)
    #expect(report.isSound, "\(report.problems)")
    var contents: [String: String] = [:]
    try SearchIndex(at: path).searcher().forEachDocument { contents[$0.key.description] = $0.fields["text"]?.description }
    return contents
  }

  private func bytes(_ path: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "write.lock" {
      files[name] = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
    }
    return files
  }

  private func fileNumber(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
  }

  @Test(arguments: [false, true]) func `a snapshot has the bytes of the index, linked or copied`(isCopying: Bool) throws {
    let index = try makeIndex()
    let summary = try index.snapshot(to: copy + "/", copying: isCopying, checking: true)
    #expect(try bytes(copy) == bytes(path))
    #expect(summary.path == copy && summary.fileCount == 4 && summary.passageCount == 40, "\(summary)")
    #expect(summary.linkedCount == (isCopying ? 0 : 4))
    #expect(try (fileNumber("\(copy)/segment-1") == fileNumber("\(path)/segment-1")) == !isCopying)
    // The index goes on, the snapshot stays.
    let before = try contents(copy)
    try index.update { _ = try $0.delete("k1") }
    try index.merge()
    #expect(try contents(copy) == before && contents(path) != before)
    // A snapshot is an index of its own.
    try SearchIndex(at: copy).update { _ = try $0.delete("k2") }
    #expect(try contents(path)["k2"] != nil && contents(copy)["k2"] == nil)
  }

  @Test func `a snapshot needs a directory that is empty`() throws {
    let index = try makeIndex()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    try index.snapshot(to: copy)
    #expect { try index.snapshot(to: copy) } throws: { ($0 as? IndexError)?.code == .cannotCreate }
    #expect { try index.snapshot(to: directory.path("no/where")) } throws: { ($0 as? IndexError)?.code == .cannotCreate }
  }

  @Test func `damage is not copied where every byte is read`() throws {
    let index = try makeIndex()
    var damaged = try Data(contentsOf: URL(filePath: "\(path)/segment-1"))
    damaged[100] ^= 1
    try damaged.write(to: URL(filePath: "\(path)/segment-1"))
    for (isCopying, isChecking) in [(true, false), (false, true)] {
      #expect { try index.snapshot(to: copy, copying: isCopying, checking: isChecking) } throws: { ($0 as? IndexError)?.code == .corrupted }
      #expect(try FileManager.default.contentsOfDirectory(atPath: copy).isEmpty)
    }
    #expect { try SearchIndex.restore(from: path, to: directory.path("restored")) } throws: { ($0 as? IndexError)?.code == .corrupted }
    #expect { try SearchIndex(at: directory.path("restored")) } throws: { ($0 as? IndexError)?.code == .notFound }
  }

  @Test func `snapshots during updates are each the index of one commit`() async throws {
    let index = try SearchIndex.create(at: path, schema: Schema([.text("text")]))
    let path = path
    let writing = Task.detached { () throws -> Void in
      // Every commit has as many passages as its number, all of the same version; merges and clean-ups are among them.
      for number in 1...60 {
        try SearchIndex(at: path).update { writer in
          for key in 1...number { try writer.add(Document(key: DocumentKey("k\(key)"), ["text": .text("第\(number)版")])) }
        }
      }
    }
    var seen: Set<Int> = []
    for number in 0..<40 {
      let copy = directory.path("copy-\(number)")
      try index.snapshot(to: copy, copying: number % 3 == 0, checking: true)
      let contents = try contents(copy)
      #expect(Set(contents.values) == (contents.isEmpty ? [] : ["第\(contents.count)版"]), "\(contents)")
      seen.insert(contents.count)
      await Task.yield()
    }
    try await writing.value
    #expect(try contents(path).count == 60 && seen.count > 1)
    print("snapshots during 60 commits: 40, of \(seen.count) different commits")
  }

  @Test func `a restored index is the snapshot, and goes on from it`() throws {
    let index = try makeIndex()
    try index.snapshot(to: copy)
    let restored = directory.path("restored")
    let summary = try SearchIndex.restore(from: copy, to: restored)
    #expect(try bytes(restored) == bytes(copy) && summary.passageCount == 40)
    try SearchIndex(at: restored).update { try $0.add(Document(key: "later", ["text": "后来", "file": "h"])) }
    #expect(try contents(restored).count == 41 && contents(copy).count == 40)
  }

  @Test func `an index is replaced only when that is said, and open searchers go on`() throws {
    let index = try makeIndex()
    try index.snapshot(to: copy)
    let before = try contents(copy)
    try index.update { writer in
      for number in 0..<40 { _ = try writer.delete(DocumentKey("k\(number)")) }
      try writer.add(Document(key: "wrong", ["text": "错误的更新", "file": "f"]))
    }
    let commit = try index.indexStatistics().commitNumber
    let searcher = try index.searcher()
    #expect { try SearchIndex.restore(from: copy, to: path) } throws: { ($0 as? IndexError)?.code == .cannotCreate }
    #expect(try contents(path)["wrong"] != nil)
    try SearchIndex.restore(from: copy, to: path, replacing: true)
    #expect(try contents(path) == before && index.indexStatistics().commitNumber == commit + 1)
    #expect(try searcher.search("错误的更新").hits.first?.key == "wrong")
    #expect(try index.searcher().search("\"错误的更新\"").total == 0)
    // Again, and from itself.
    try SearchIndex.restore(from: copy, to: path, replacing: true, copying: true)
    try SearchIndex.restore(from: path, to: path, replacing: true)
    #expect(try contents(path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 6)
  }

  @Test func `an index whose commit is damaged can be replaced, a folder of something else cannot`() throws {
    let index = try makeIndex()
    try index.snapshot(to: copy)
    try Data("damaged".utf8).write(to: URL(filePath: "\(path)/commit"))
    try SearchIndex.restore(from: copy, to: path, replacing: true)
    #expect(try contents(path) == contents(copy))
    let other = directory.path("other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
    try Data().write(to: URL(filePath: "\(other)/notes.txt"))
    #expect { try SearchIndex.restore(from: copy, to: other, replacing: true) } throws: { ($0 as? IndexError)?.code == .cannotCreate }
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["notes.txt"])
    #expect { try SearchIndex.restore(from: other, to: directory.path("none")) } throws: { ($0 as? IndexError)?.code == .notFound }
  }

  @Test func `an index that is being written to is not replaced`() throws {
    let index = try makeIndex()
    try index.snapshot(to: copy)
    try index.update { _ in
      #expect { try SearchIndex.restore(from: copy, to: path, replacing: true) } throws: { ($0 as? IndexError)?.code == .locked }
    }
  }

  @Test(arguments: [false, true]) func `a copy that fails at its n-th call is no index, and harms none`(isCopying: Bool) throws {
    try makeIndex().snapshot(to: directory.path("good"))
    let good = try contents(directory.path("good"))
    var failures = 0
    // Terminates: the run without a failure is the last.
    for call in 1...1000 {
      let fileSystem = FaultyFileSystem(failingCall: call, .noSpace, isSticky: call % 2 == 0)
      try? FileManager.default.removeItem(atPath: copy)
      do {
        try SearchIndex(at: path, in: fileSystem).snapshot(to: copy, copying: isCopying)
        if fileSystem.callCount < call { break }
      } catch { failures += 1 }
      if FileManager.default.fileExists(atPath: "\(copy)/commit") { #expect(try contents(copy) == good, "call \(call)") }
    }
    #expect(try contents(path) == good && failures > 15)
    print("snapshots that failed cleanly: \(failures)")
  }

  @Test(arguments: [false, true]) func `a replacement that fails at its n-th call leaves the old index or the new one`(isCopying: Bool)
    throws
  {
    try makeIndex().snapshot(to: directory.path("good"))
    let new = try contents(directory.path("good"))
    try SearchIndex(at: path).update { try $0.add(Document(key: "old", ["text": "旧的", "file": "f"])) }
    try SearchIndex(at: path).snapshot(to: directory.path("old"))
    let old = try contents(directory.path("old"))
    var failures = 0
    for call in 1...1000 {
      let fileSystem = FaultyFileSystem(failingCall: call, .inputOutput, isSticky: call % 2 == 0)
      try SearchIndex.restore(from: directory.path("old"), to: path, replacing: true)
      do {
        _ = try SearchIndex.restore(from: directory.path("good"), to: path, replacing: true, copying: isCopying, in: fileSystem)
        #expect(try contents(path) == new, "call \(call)")
        if fileSystem.callCount < call { break }
      } catch { failures += 1 }
      let found = try contents(path)
      #expect(found == new || found == old, "call \(call)")
    }
    #expect(failures > 15)
    print("replacements that failed cleanly: \(failures)")
  }

  @Test func `a replacement is durable, or has not happened, in every state after a power cut`() throws {
    let recorder = RecordingFileSystem()
    let index = try SearchIndex.create(at: path, schema: Schema([.text("text")]), in: recorder)
    try index.update { try $0.add(Document(key: "a", ["text": "旧的"])) }
    let other = try SearchIndex.create(at: directory.path("other"), schema: Schema([.text("text")]), in: recorder)
    try other.update { try $0.add(Document(key: "b", ["text": "新的"])) }
    try other.update { try $0.add(Document(key: "c", ["text": "新的"])) }
    try other.update { _ = try $0.delete("b") }
    let start = recorder.events.count
    for isCopying in [false, true] {
      _ = try SearchIndex.restore(from: other.path, to: path, replacing: true, copying: isCopying, in: recorder)
      recorder.acknowledge(1)
    }
    let events = recorder.events
    var states = 0
    let crashed = directory.path("crashed")
    for end in start...events.count {
      let disk = CrashedDisk(after: events[..<end])
      for number in 0..<min(200, disk.stateCount) {
        try CrashedDisk.layOut(disk.state(number), of: path, in: crashed)
        let found = try Set(contents(crashed).keys)
        #expect(found == ["c"] || disk.acknowledged == 0 && found == ["a"], "event \(end), state \(number): \(found)")
        states += 1
      }
    }
    #expect(states > 100)
    print("crash states of a replacement: \(states)")
  }
}
