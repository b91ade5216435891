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
      #expect(Data(original).range(of: Data(text.utf8)) != nil, "not quoted from the original: \(text)", sourceLocation: location)
      let ranges = try #require(hit.highlights, sourceLocation: location)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }, sourceLocation: location)
      #expect(hit.highlightedTexts != nil, "highlights cut characters: \(hit)", sourceLocation: location)
    }
    return hits
  }

  /// What the highlights of all hits lie on.
  private func highlighted(_ hits: [JSON]) -> Set<String> { Set(hits.flatMap { $0.highlightedTexts ?? [] }) }

  /// How many lines of the originals hold one of these strings: what a search for it may not miss.
  private func originalLines(with parts: [String]) -> [String] {
    Self.originals.values.flatMap { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isNewline) }.map(String.init)
      .filter { line in parts.contains { line.contains($0) } }
  }

  @Test func `a quoted name is found whatever its brackets' width`() throws {
    let hits = try hits("\"首台(套)重大技术装备\"")
    #expect(highlighted(hits) == ["首台（套）重大技术装备", "首台(套)重大技术装备"])
    let lines = originalLines(with: ["首台（套）重大技术装备", "首台(套)重大技术装备"])
    #expect(lines.allSatisfy { line in hits.contains { $0["text"]?.text?.contains(line.trimmingCharacters(in: .whitespaces)) ?? false } })
  }

  @Test func `an article is found by number and matter`() throws {
    let hits = try hits("第十七条 用地")
    #expect(hits[0]["label"]?.text == "第十七条" && hits[0]["text"]?.text?.contains("用地") ?? false)
    #expect(hits[0]["citation"]?.text == "《山东省先进制造业促进条例》第十七条")
    #expect(hits[0].highlightedTexts?.first == "第十七条" && highlighted([hits[0]]).contains("用地"))
  }

  @Test func `政府 is found inside 人民政府 too`() throws {
    let hits = try hits("政府")
    let lines = originalLines(with: ["政府"])
    #expect(lines.count > 80 && lines.contains { $0.contains("人民政府") })
    for line in lines {
      let found = hits.filter { hit in
        // A title or an article's label is not part of each passage's text; a line is found when its passage is.
        line.contains(hit["text"]?.text ?? line) || hit["text"]?.text?.contains(line.trimmingCharacters(in: .whitespaces)) ?? false
      }
      #expect(!found.isEmpty, "missed: \(line)")
    }
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
    let lines = originalLines(with: ["5G"])
    #expect(!lines.isEmpty && lines.allSatisfy { line in hits.contains { $0["text"]?.text == line.trimmingCharacters(in: .whitespaces) } })
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
    let lines = originalLines(with: ["链"])
    #expect(lines.count > 20)
    for line in lines {
      #expect(hits.contains { $0["text"]?.text?.contains(line.trimmingCharacters(in: .whitespaces)) ?? false }, "missed: \(line)")
    }
  }

  @Test func `the index of the seeds is sound`() throws { try #require(Self.workspace).expectSound() }
}
