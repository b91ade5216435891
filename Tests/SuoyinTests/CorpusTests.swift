// Is every run of cells and of characters of the seeds found again?
import Foundation
import Suoyin
import SuoyinAnalysis
import SuoyinImport
import SuoyinTestKit
import Testing

@Suite struct CorpusTests {
  private let directory: TemporaryDirectory
  private let searcher: Searcher
  private let documents: [Document]
  private let seeds = "\(repositoryRoot)/Corpus/seeds"

  init() throws {
    directory = try TemporaryDirectory()
    let index = try SearchIndex.create(at: directory.path("index"), schema: .files())
    var all: [Document] = []
    let files = try InputFiles([seeds]).files
    try index.update { writer in
      try Importer().read(files) { source in
        try writer.replace(source.source, with: source.documents)
        all += source.documents
      } problem: {
        Issue.record("\($0)")
      }
    }
    documents = all
    searcher = try index.searcher()
    #expect(try SearchIndex.check(at: index.path).isSound)
  }

  /// Quoted queries that begin and end at borders of cells inside one passage, against a scan of all passages' cells.
  @Test func `finds 1 to 12 cells from anywhere in exactly the passages that hold them`() throws {
    var random = SeededRandom(seed: 31)
    let analyzer = try Analyzer(.chinese)
    /// The cells of every field, as numbers, with 0 for each number that no cell has.
    var names: [[UInt8]: Int] = [:]
    func cells(_ analysis: Analysis) -> [Int] {
      var result: [Int] = []
      for cell in analysis.cells {
        while result.count < cell.number { result.append(0) }
        let name = Array(analysis.term(of: cell))
        names[name] = names[name] ?? names.count + 1
        result.append(names[name]!)
      }
      return result
    }
    let fields = try documents.flatMap { document in
      try ["title", "label", "heading", "text"].compactMap { name -> (key: DocumentKey, text: String, analysis: Analysis, cells: [Int])? in
        guard case .text(let text)? = document.fields[name] else { return nil }
        let analysis = try analyzer.analyze(text)
        return (document.key, text, analysis, cells(analysis))
      }
    }
    let long = fields.filter { $0.analysis.cells.count > 3 }
    for _ in 0..<setting("SUOYIN_QUOTES", default: 400) {
      let field = random.element(long)
      let start = random.below(field.analysis.cells.count)
      let end = min(field.analysis.cells.count, start + 1 + random.below(12))
      let range = field.analysis.utf8Range(ofCells: start..<end)
      let query = String(decoding: Array(field.text.utf8)[range], as: UTF8.self)
      let wanted = cells(try analyzer.analyze(query))
      let first = wanted[0]
      let expected = Set(
        fields.filter { candidate in
          guard candidate.cells.count >= wanted.count else { return false }
          return (0...(candidate.cells.count - wanted.count)).contains {
            candidate.cells[$0] == first && candidate.cells[$0..<$0 + wanted.count].elementsEqual(wanted)
          }
        }.map(\.key))
      let results = try searcher.search(.quoted(query), limit: 1000, parameters: RankingParameters(), loadsFields: false)
      #expect(expected.contains(field.key))
      #expect(Set(results.hits.map(\.key)) == expected, "\(query)")
    }
  }

  /// Runs of Han characters, taken from the texts; that these are what the files hold is what SuoyinImportTests prove.
  @Test func `misses no run of Han characters that a scan of the texts finds`() throws {
    var random = SeededRandom(seed: 32)
    let fields = ["title", "label", "heading", "text"]
    for (name, documents) in Dictionary(grouping: documents, by: { $0.fields["file"]?.description ?? "" }).sorted(by: { $0.key < $1.key }) {
      let texts = documents.flatMap { document in fields.compactMap { document.fields[$0]?.description } }
      let scalars = Array(texts.joined(separator: "\n").unicodeScalars)
      for _ in 0..<setting("SUOYIN_RUNS", default: 100) {
        var start = random.below(scalars.count)
        while !(0x4E00...0x9FFF).contains(scalars[start].value) { start = (start + 1) % scalars.count }
        var end = start + 1
        let length = 1 + random.below(10)
        while end < scalars.count, end - start < length, (0x4E00...0x9FFF).contains(scalars[end].value) { end += 1 }
        let run = String(String.UnicodeScalarView(scalars[start..<end]))
        let results = try searcher.search(.quoted(run), limit: 1000, parameters: RankingParameters())
        #expect(results.hits.contains { $0["file"] == name }, "\(run) of \(name)")
        for hit in results.hits {
          // Every hit quotes the source, and its highlights are the run, up to script and width.
          let marked = try fields.flatMap { field in
            try hit.highlights(in: field).map { String(decoding: Array((hit[field] ?? "").utf8)[$0], as: UTF8.self) }
          }
          #expect(!marked.isEmpty, "\(run) in \(hit.key)")
          for text in marked { #expect(Self.cells(text).contains(Self.cells(run)), "\(text) for \(run)") }
        }
      }
    }
  }

  private static func cells(_ text: String) -> String {
    String(decoding: Analyzer.normalizedValue(text), as: UTF8.self).filter { !$0.isWhitespace && !$0.isPunctuation && !$0.isSymbol }
  }
}
