// Is every passage of a damaged index found as before, or named as lost?
import Foundation
import Suoyin
import SuoyinAnalysis
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct RepairTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("index") }

  init() throws { directory = try TemporaryDirectory() }

  /// Two segments: one of many pages in which two passages are dead, one that has an older key anew.
  private func makeIndex() throws -> SearchIndex {
    let index = try SearchIndex.create(at: path, schema: Schema([.text("text"), .keyword("file"), .integer("year")]))
    var random = SeededRandom(seed: 7)
    let characters = Array("政府采购目录先进制造业发展条例规定施行办法企业支持资金管理工作人员部门依法")
    try index.update { writer in
      for source in 0..<40 {
        let documents = (0..<5).map { number in
          let text = String((0..<60).map { _ in characters[random.below(characters.count)] })
          return Document(
            key: DocumentKey("s\(source)#\(number)"),
            ["text": .text("\(text)第\(source * 5 + number)号"), "file": .text("s\(source)"), "year": .integer(Int64(2000 + source))])
        }
        try writer.replace(Source(DocumentKey("s\(source)"), digest: [UInt8(source), 1]), with: documents)
      }
    }
    try index.update { writer in
      _ = try writer.delete("s3#1")
      let document = Document(key: "s4#0", ["text": "第九百号", "file": "s4"])
      try writer.replace(Source("s4", digest: [4, 2]), with: [document])
    }
    return index
  }

  private func contents(at path: String) throws -> [DocumentKey: String] {
    var contents: [DocumentKey: String] = [:]
    try SearchIndex(at: path).searcher().forEachDocument { contents[$0.key] = $0.fields["text"]?.description }
    return contents
  }

  private func damage(_ name: String, at offset: Int) throws {
    let url = URL(filePath: "\(path)/\(name)")
    var bytes = try Data(contentsOf: url)
    bytes[offset] ^= 4
    try FileManager.default.removeItem(at: url)
    try bytes.write(to: url)
  }

  private func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "write.lock" {
      files[name] = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
    }
    return files
  }

  @Test func `a flipped byte costs what lies on its page, and every loss is named`() throws {
    let index = try makeIndex()
    try index.snapshot(to: directory.path("sound"))
    let before = try contents(at: path)
    let length = try Data(contentsOf: URL(filePath: "\(path)/segment-1")).count
    #expect(length > 8 * 4096)
    var (kept, lost, flips) = (0, 0, 0)
    for offset in [3, length - 1, length - 50] + stride(from: 100, to: length, by: 4096) {
      try SearchIndex.restore(from: directory.path("sound"), to: path, replacing: true, copying: true)
      let name = try #require(try files().first { $0.key.hasPrefix("segment") && $0.value.count == length }?.key)
      try damage(name, at: offset)
      let planned = try SearchIndex.repair(at: path, isDryRun: true)
      let report = try SearchIndex.repair(at: path)
      #expect(planned.lost == report.lost && planned.keptCount == report.keptCount && planned.passageCount == report.passageCount)
      #expect(report.damagedSegments == [name] && report.doubtfulSegments.isEmpty && !report.problems.isEmpty)
      let check = try SearchIndex.check(at: path, isDeep: true)
      #expect(check.isSound && check.passageCount == report.passageCount, "byte \(offset): \(check.problems)")
      let after = try contents(at: path)
      let named = Set(report.lost.compactMap(\.key))
      let unnamed = report.lost.count { $0.key == nil && $0.number != nil }
      let hasLostAll = report.lost.contains { $0.number == nil }
      let missing = before.keys.filter { after[$0] == nil }
      #expect(after.allSatisfy { before[$0.key] == $0.value }, "byte \(offset): what is there is as before")
      #expect(named.allSatisfy { before[$0] != nil && after[$0] == nil })
      #expect(hasLostAll || missing.count { !named.contains($0) } == unnamed, "byte \(offset): \(missing) \(report.lost)")
      // A source that is not whole is to be read again, the others are not.
      try SearchIndex(at: path).update { writer in
        for source in 0..<40 {
          let keys = before.keys.filter { $0.description.hasPrefix("s\(source)#") }
          guard keys.contains(where: { after[$0] != nil }) else { continue }
          let isWhole = keys.allSatisfy { after[$0] != nil }
          let digest = try writer.digest(of: DocumentKey("s\(source)"))
          #expect(isWhole || digest == [], "byte \(offset), source \(source)")
          if isWhole, report.lost.isEmpty { #expect(digest == (source == 4 ? [4, 2] : [UInt8(source), 1]) || digest == []) }
        }
      }
      kept += report.keptCount
      lost += report.lost.count
      flips += 1
    }
    #expect(kept > 1000 && lost > 10)
    print("repairs after a flipped byte: \(flips), passages kept: \(kept), lost: \(lost)")
  }

  @Test func `a sound index is left as it is, byte by byte`() throws {
    _ = try makeIndex()
    let before = try files()
    let report = try SearchIndex.repair(at: path)
    #expect(report.isSound && !report.hasLosses && report.passageCount == 195)
    #expect(try files() == before)
  }

  @Test func `a dry run changes nothing`() throws {
    _ = try makeIndex()
    try damage("segment-1", at: 5000)
    let before = try files()
    let report = try SearchIndex.repair(at: path, isDryRun: true)
    #expect(!report.isSound)
    #expect(try files() == before)
  }

  @Test func `without its deletions a segment keeps what no other has, and its sources are to be read again`() throws {
    let index = try makeIndex()
    let before = try contents(at: path)
    let name = try #require(try files().keys.first { $0.contains("deleted") })
    try damage(name, at: 20)
    let report = try SearchIndex.repair(at: path)
    #expect(report.doubtfulSegments == ["segment-1"] && report.hasLosses && report.lost.isEmpty)
    let after = try contents(at: path)
    // What took an old passage's place stays; what was deleted is back, with the source's other passages of the old time.
    #expect(after["s4#0"] == "第九百号" && before.allSatisfy { after[$0.key] == $0.value })
    #expect(Set(after.keys).subtracting(before.keys) == ["s3#1", "s4#1", "s4#2", "s4#3", "s4#4"])
    try index.update { writer in
      for source in 0..<40 {
        let digest = try writer.digest(of: DocumentKey("s\(source)"))
        #expect(digest == [])
      }
    }
    #expect(try SearchIndex.check(at: path, isDeep: true).isSound)
  }

  @Test func `a segment that is gone is named, and the others stay`() throws {
    _ = try makeIndex()
    try FileManager.default.removeItem(atPath: "\(path)/segment-1")
    let report = try SearchIndex.repair(at: path)
    let lost = try #require(report.lost.first)
    #expect(report.lost.count == 1 && lost.segment == "segment-1" && lost.number == nil && lost.key == nil && report.passageCount == 1)
    #expect(try contents(at: path) == ["s4#0": "第九百号"])
    #expect(try SearchIndex.repair(at: path).isSound)
  }

  @Test func `texts that are not stored are lost with their segment`() throws {
    let index = try SearchIndex.create(at: path, schema: Schema([.text("text", stored: false)]))
    try index.update { writer in for number in 0..<300 { try writer.add(Document(key: "k\(number)", ["text": "第\(number)条 制造业"])) } }
    try damage("segment-1", at: 30)
    let report = try SearchIndex.repair(at: path)
    #expect(report.keptCount == 0 && report.lost.count == 300 || report.lost.first?.number == nil)
    #expect(try SearchIndex.check(at: path).isSound)
  }

  @Test func `nothing is repaired without a commit or a dictionary that can be read`() throws {
    let index = try makeIndex()
    try index.update { writer in
      var dictionary = UserDictionary()
      dictionary.apply(try DictionaryFile(parsing: Array("采购目录".utf8)).changes)
      try writer.setDictionary(dictionary)
    }
    let name = try #require(try files().keys.first { $0.hasPrefix("dictionary") })
    for damaged in [name, "commit"] {
      try damage(damaged, at: 20)
      let before = try files()
      #expect {
        try SearchIndex.repair(at: path)
      } throws: {
        let error = $0 as? IndexError
        return error?.code == .corrupted && (error?.message.contains("/\(damaged) ") ?? false)
          && (error?.message.contains("restore") ?? false)
      }
      #expect(try files() == before)
    }
  }

  @Test func `a repair that fails at its n-th call has not happened, or has`() throws {
    let index = try makeIndex()
    try index.snapshot(to: directory.path("sound"))
    var failures = 0
    for call in 1...1000 {
      try SearchIndex.restore(from: directory.path("sound"), to: path, replacing: true, copying: true)
      let name = try #require(try files().first { $0.key.hasPrefix("segment") && $0.value.count > 8 * 4096 }?.key)
      try damage(name, at: 5000)
      let before = try files()
      let fileSystem = FaultyFileSystem(failingCall: call, .noSpace, isSticky: call % 2 == 0)
      do {
        let report = try SearchIndex.repair(at: path, isDryRun: false, in: fileSystem)
        #expect(report.damagedSegments == [name] && !report.lost.isEmpty)
        if fileSystem.callCount < call { break }
      } catch {
        failures += 1
        let after = try files()
        let isAsBefore = before.allSatisfy { after[$0.key] == $0.value }
        let isSound = try SearchIndex.check(at: path).isSound
        #expect(isAsBefore || isSound, "call \(call)")
      }
    }
    #expect(failures > 10)
    print("repairs that failed cleanly: \(failures)")
  }
}

@Suite struct DeepCheckTests {
  @Test func `lists that are not what the texts give are found, though all else agrees`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("index")
    let index = try SearchIndex.create(
      at: path, schema: Schema([.text("text"), .text("name", apart: true), .pinyin("sound", of: "name"), .keyword("file")]))
    try index.update { writer in
      var dictionary = UserDictionary()
      dictionary.apply(try DictionaryFile(parsing: Array("府采".utf8)).changes)
      try writer.setDictionary(dictionary)
      try writer.add(Document(key: "a", ["text": "政府采购目录 GB/T 36073-2018，第十七条", "name": "重庆行长", "file": "f"]))
      try writer.add(Document(key: "b", ["text": "制造业", "name": "乐山"]))
    }
    try index.update { try $0.add(Document(key: "c", ["text": "政府采购", "file": "g"])) }
    try index.update { _ = try $0.delete("b") }
    #expect(try SearchIndex.check(at: path, isDeep: true).problems == [])
    try index.merge()
    #expect(try SearchIndex.check(at: path, isDeep: true).problems == [])
    // The same lists under a commit that knows nothing of the word.
    let system = SystemFileSystem()
    var commit = try IndexCommit(readingFrom: path, in: system)
    commit.dictionary = nil
    commit.fingerprint = commit.schema.settings().fingerprint
    try commit.write(to: "\(path)/commit.new", in: system)
    try system.rename("\(path)/commit.new", to: "\(path)/commit")
    #expect(try SearchIndex.check(at: path).isSound)
    let problems = try SearchIndex.check(at: path, isDeep: true).problems
    #expect(problems.count == 2 && problems.allSatisfy { $0.contains("other terms in the lists") }, "\(problems)")
  }

  @Test func `pinyin that was added later is no damage where it is missing`() throws {
    let directory = try TemporaryDirectory()
    var index = try SearchIndex.create(at: directory.path("index"), schema: Schema([.text("name")]))
    try index.update { try $0.add(Document(key: "a", ["name": "重庆"])) }
    try index.addField(.pinyin("sound", of: "name"))
    try index.update { try $0.add(Document(key: "b", ["name": "行长"])) }
    try index.merge()
    #expect(try SearchIndex.check(at: index.path, isDeep: true).problems == [])
  }
}
