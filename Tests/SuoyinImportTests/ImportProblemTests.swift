// Is a problem one line of a log?
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinImport
import Testing

@Suite("Problems are described")
struct ImportProblemTests {
  @Test("With path, line and message")
  func description() {
    #expect(ImportProblem(path: "a.txt", message: "no text in this file", severity: .warning).description == "a.txt: no text in this file")
    #expect(ImportProblem(path: "b.jsonl", line: 5, byteOffset: 9, message: "x", severity: .rejected).description == "b.jsonl:5: x")
  }

  @Test("On one line, whatever a file is called")
  func oneLine() {
    let problem = ImportProblem(path: "a\n\u{1B}[2J\u{2028}中.txt", message: "x\ry", severity: .warning)
    #expect(problem.description == "a\\u{a}\\u{1b}[2J\\u{2028}中.txt: x\\u{d}y")
  }
}

@Suite("The schema of files")
struct FilesSchemaTests {
  @Test("Its fields are those of the documents")
  func fields() {
    let schema = Schema.files()
    let texts = [Field.text("title", role: .title), .text("label", role: .label), .text("heading"), .text("text")]
    let facts = ["number", "issuer", "kind", "region", "validity", "unit", "page", "place", "role"].map { Field.keyword($0) }
    let keywords = [Field.keyword("file"), .keyword("document", role: .document)] + facts
    let dates = ["adopted", "approved", "issued", "effective", "expires", "version"].map { Field.date($0) }
    #expect(schema.fields == texts + keywords + dates + ["members", "path", "source", "amended"].map { .stored($0) })
    #expect(schema.analyzer == .chinese && Schema.files(analyzer: .bigram).analyzer == .bigram)
  }
}
