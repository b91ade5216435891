// Can the indexes of every released format still be read, and do they answer as they did?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

/// An index with everything that the format has, made once for each version of it and kept in `Golden/version-N`: never made again, or what
/// users have would not be tested any more.
///
/// For a new version: `SUOYIN_RECORD=1 swift test --filter GoldenIndexTests` makes what is not there.
private enum Golden {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  static var versions: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }
  static let current = "version-\(SectionFileFormat.version)"

  static let questions = [
    "人民政府", "\"制造业\"", "第17条", "title:企业 OR 政府", "政府 NOT 制造", "+制造 企业^2", "\"5G\"", "names:产业", "title.pinyin:zhizao", "issuer:浙江省",
    "制造业企业链条", "2023", "条", "later:制造", "\"不存在的\" OR 业",
  ]

  /// Several segments with passages of several fields, long lists and short ones, dead passages, a dictionary, and a field that was added.
  static func make(at path: String) throws {
    var random = SeededRandom(seed: 2026)
    var index = try SearchIndex.create(
      at: path,
      schema: Schema([
        .text("title", boost: 2), .text("text"), .text("hidden", stored: false), .keyword("issuer"), .integer("year"), .date("date"),
        .stored("note"), .text("names", apart: true), .pinyin("title.pinyin", of: "title"), .text("english", stemming: .english),
      ]))
    index.unitMemory = 150_000
    func document(_ number: Int) -> Document {
      var fields: [String: FieldValue] = [
        "title": .text(RandomText.make(3, hostility: 0, &random)), "text": .text(RandomText.make(random.below(30), hostility: 4, &random)),
      ]
      if number % 2 == 0 { fields["issuer"] = number % 6 == 0 ? .list(["河北省", "浙江省"]) : .text(random.element(["河北省", "浙江省"])) }
      if number % 3 == 0 { fields["year"] = .integer(Int64(random.below(5000)) - 500) }
      if number % 4 == 0 { fields["date"] = .date(CalendarDate(days: Int32(random.below(30_000)))) }
      if number % 5 == 0 { fields["note"] = .text("备注 \(number)") }
      if number % 7 == 0 { fields["names"] = .text(RandomText.make(4, hostility: 0, &random)) }
      if number % 8 == 0 { fields["hidden"] = .text(RandomText.make(4, hostility: 0, &random)) }
      if number % 9 == 0 { fields["english"] = .text("Developing policies \(number)") }
      return Document(key: DocumentKey("k\(number)"), fields)
    }
    try index.update { writer in for number in 0..<700 { try writer.add(document(number)) } }
    try index.addField(.text("later"))
    try index.update { writer in
      for number in 650..<720 {
        var document = document(number)
        document.fields["later"] = .text("后来的制造业 \(number)")
        try writer.add(document)
      }
      for number in stride(from: 3, to: 300, by: 17) { _ = try writer.delete(DocumentKey("k\(number)")) }
    }
  }

  /// What the index answers: for each question the number of matches and the best keys with their scores.
  static func answers(_ index: SearchIndex) throws -> String {
    let searcher = try index.searcher()
    // The ranking that was the usual one when they were recorded.
    var parameters = RankingParameters()
    (parameters.k1, parameters.cellWeight) = (1.2, 0)
    return try questions.map { question in
      let results = try searcher.search(question, limit: 12, parameters: parameters)
      return "\(question)\t\(results.total ?? -1)" + results.hits.map { "\t\($0.key) \($0.score)" }.joined() + "\n"
    }.joined()
  }

  /// What is stored, in a form that depends on no dictionary's order.
  static func stored(_ index: SearchIndex) throws -> String {
    var lines: [String] = []
    try index.searcher().forEachDocument { document in
      let fields = document.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.description)" }
      lines.append("\(document.key)\t" + fields.joined(separator: "\t").replacing("\n", with: "\\n").replacing("\r", with: "\\r"))
    }
    return lines.sorted().joined(separator: "\n") + "\n"
  }
}

@Suite struct GoldenIndexTests {
  @Test func `there is an index of this version`() throws {
    let place = Golden.folder.appendingPathComponent(Golden.current)
    if !FileManager.default.fileExists(atPath: place.path), environment("SUOYIN_RECORD") == "1" {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let path = place.appendingPathComponent("golden.index").path
      try Golden.make(at: path)
      let index = try SearchIndex(at: path)
      try Golden.answers(index).write(to: place.appendingPathComponent("answers.txt"), atomically: true, encoding: .utf8)
      try Golden.stored(index).write(to: place.appendingPathComponent("stored.txt"), atomically: true, encoding: .utf8)
    }
    #expect(Golden.versions.contains(Golden.current))
  }

  @Test(arguments: Golden.versions) func `is read as it was written, and answers as it did`(version: String) throws {
    let place = Golden.folder.appendingPathComponent(version)
    let directory = try TemporaryDirectory()
    let path = directory.path("golden.index")
    // The copy may be written to; the original is as it was released.
    try FileManager.default.copyItem(atPath: place.appendingPathComponent("golden.index").path, toPath: path)
    var index = try SearchIndex(at: path)
    #expect(try SearchIndex.check(at: path).problems == [])
    #expect(try Golden.stored(index) == String(contentsOf: place.appendingPathComponent("stored.txt"), encoding: .utf8))
    let answers = try String(contentsOf: place.appendingPathComponent("answers.txt"), encoding: .utf8)
    guard try index.searcher().index.fingerprintMatches else {
      print("SKIPPED: the questions to the index of \(version): this ICU cuts otherwise than the one that it was made with")
      return
    }
    #expect(try Golden.answers(index) == answers)
    // And it can be written to: merging changes no answer.
    try index.merge()
    #expect(try Golden.answers(index) == answers)
    try index.addField(.keyword("another"))
    try index.update { try $0.add(Document(key: "new", ["another": "新", "text": "新的一条"])) }
    #expect(try index.searcher().search("another:新").hits.map(\.key) == ["new"])
    #expect(try SearchIndex.check(at: path).problems == [])
  }
}
