// Are the seeds found, quoted from the original, with the right bytes highlighted?
internal import Foundation
import SuoyinTestKit
import Testing

@Suite struct SeedSearchTests {
  /// An index of Corpus/seeds, made once for all tests here, which only read it.
  private static let workspace: Workspace? = {
    let workspace = try? Workspace()
    return (try? workspace?.suoyin("index", Workspace.seeds))?.status == 0 ? workspace : nil
  }()

  private static let originals: [String: [UInt8]] = {
    var originals: [String: [UInt8]] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: Workspace.seeds)) ?? [] {
      originals[name] = (try? Data(contentsOf: URL(filePath: "\(Workspace.seeds)/\(name)"))).map(Array.init)
    }
    return originals
  }()

  /// The hits of a query, after the checks that hold for all of them.
  private func hits(_ query: String, at location: SourceLocation = #_sourceLocation) throws -> [JSON] {
    let hits = try #require(Self.workspace).hits("--limit", "1000", query, at: location)
    #expect(!hits.isEmpty, "\(query)", sourceLocation: location)
    for hit in hits {
      let original = try #require(Self.originals[hit["file"]?.text ?? ""], sourceLocation: location)
      let text = try #require(hit["text"]?.text, sourceLocation: location)
      let source = try #require(hit["source"]?.ranges, sourceLocation: location).map { String(decoding: original[$0], as: UTF8.self) }
        .joined()
      #expect(
        source.filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace }, "not quoted from the original: \(text)",
        sourceLocation: location)
      let ranges = try #require(hit.highlights, sourceLocation: location)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }, sourceLocation: location)
      #expect(hit.highlightedTexts != nil, "highlights cut characters: \(hit)", sourceLocation: location)
    }
    return hits
  }

  /// What the highlights of all hits lie on.
  private func highlighted(_ hits: [JSON]) -> Set<String> { Set(hits.flatMap { $0.highlightedTexts ?? [] }) }

  /// Whether every place of the originals that holds a word is in the text or a heading of some hit: what a search for it may not miss.
  /// A place is the word with the letters around it. What the site of the compilation says is no text.
  private func expectFound(_ word: String, _ hits: [JSON], atLeast least: Int, at location: SourceLocation = #_sourceLocation) {
    func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let found = hits.map { hit in
      squeezed(
        (hit["label"]?.text ?? "") + (hit["text"]?.text ?? "") + "\u{0}" + (hit["title"]?.text ?? "") + "\u{0}"
          + (hit["fields"]?["heading"]?.text ?? ""))
    }
    var count = 0
    for original in Self.originals.values {
      for line in String(decoding: original, as: UTF8.self).split(whereSeparator: \.isNewline)
      where !line.contains("政策精编") && !line.contains("云展网") {
        for range in line.ranges(of: word) {
          let before = line[..<range.lowerBound].reversed().prefix { $0.isLetter }.prefix(4).reversed()
          let place = String(before) + word + line[range.upperBound...].prefix { $0.isLetter }.prefix(4)
          count += 1
          #expect(found.contains { $0.contains(place) }, "missed: \(place)", sourceLocation: location)
        }
      }
    }
    #expect(count >= least, sourceLocation: location)
  }

  @Test func `a quoted name is found whatever its brackets' width`() throws {
    let hits = try hits("\"首台(套)重大技术装备\"")
    #expect(highlighted(hits) == ["首台（套）重大技术装备", "首台(套)重大技术装备"])
    expectFound("重大技术装备", try self.hits("\"重大技术装备\""), atLeast: 5)
  }

  @Test func `an article is found by number and matter`() throws {
    let hits = try hits("第十七条 用地")
    #expect(hits[0]["label"]?.text == "第十七条" && hits[0]["text"]?.text?.contains("用地") ?? false)
    #expect(Set(hits.prefix(2).map { $0["citation"]?.text }) == ["《山东省先进制造业促进条例》（2024-09-26）第十七条", "《保定市促进先进制造业发展若干规定》（2023-11-30）第十七条"])
    #expect(highlighted([hits[0]]).contains("用地"))
  }

  @Test func `政府 is found inside 人民政府 too`() throws {
    let hits = try hits("政府")
    expectFound("政府", hits, atLeast: 100)
    let inText = hits.filter { $0["text"]?.text?.contains("政府") ?? false }
    #expect(inText.allSatisfy { $0.highlightedTexts?.contains { $0.contains("政府") } ?? false })
    // Every occurrence is highlighted, and nothing else is but what touches another match.
    for hit in inText {
      let text = hit["text"]?.text ?? ""
      let count = (hit.highlightedTexts ?? []).reduce(0) { $0 + $1.components(separatedBy: "政府").count - 1 }
      #expect(count == text.components(separatedBy: "政府").count - 1)
    }
    #expect(Set(try self.hits("\"政府\"").map { $0["key"]?.text }) == Set(hits.map { $0["key"]?.text }))
  }

  @Test func `traditional characters find simplified text`() throws {
    let hits = try hits("製造業")
    #expect(hits[0].highlightedTexts?.contains("制造业") ?? false)
    #expect(highlighted(try self.hits("\"製造業\"")) == ["制造业"])
    #expect(try self.hits("\"製造業\"").map { $0["key"] } == self.hits("\"制造业\"").map { $0["key"] })
  }

  @Test func `full-width letters and digits find the narrow ones`() throws {
    let hits = try hits("５Ｇ")
    #expect(highlighted(hits) == ["5G"])
    expectFound("5G", hits, atLeast: 3)
  }

  @Test(arguments: ["浙政发〔2023〕4号", "\"浙政发〔2023〕4号\"", "浙政发[2023]4号", "\"浙政发(2023)4号\""])
  func `a document's number is found though the file has a space in it`(_ query: String) throws {
    let hits = try hits(query)
    #expect(hits[0]["text"]?.text?.contains("浙政发〔2023〕4 号") ?? false)
    #expect(hits[0].highlightedTexts?.contains { $0.hasPrefix("浙政发〔2023〕4 号") } ?? false, "\(hits[0])")
  }

  @Test func `a single character is found inside words`() throws {
    let hits = try hits("链")
    #expect(highlighted(hits).isSuperset(of: ["链"]) && highlighted(hits).allSatisfy { $0.allSatisfy { $0 == "链" } })
    expectFound("链", hits, atLeast: 100)
  }

  @Test func `the index of the seeds is sound`() throws { try #require(Self.workspace).expectSound() }
}
