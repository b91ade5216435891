// Is a row of JSON Lines read as it says, and refused for what is wrong with it?
internal import FoundationEssentials
internal import Suoyin
internal import SuoyinImport
import SuoyinTestKit
import Testing

@Suite("Rows of JSON Lines are read")
struct RowTests {
  private func fields(_ row: String, _ mapping: JSONMapping = JSONMapping()) -> [String: FieldValue]? {
    let reading = ImportReading(rows: row, mapping: mapping)
    #expect(reading.messages == [])
    var fields = reading.documents.first?.fields
    #expect(fields?.removeValue(forKey: "file") == "feed.jsonl")
    fields?["document"] = nil
    return fields
  }

  private func fault(_ row: String) -> String? {
    let reading = ImportReading(rows: row + "\n" + #"{"id":"next","text":"x"}"#)
    #expect(reading.keys == ["next"])
    #expect(reading.problems.map(\.severity) == [.rejected])
    #expect(reading.problems.map(\.line) == [1])
    return reading.messages.first
  }

  @Test("A row is a source and a document with its key")
  func row() throws {
    let reading = ImportReading(rows: #"{"id":"a","title":"甲","label":"第一条","text":"乙\n丙"}"# + "\n")
    let source = try #require(reading.sources.first)
    #expect(reading.sources.count == 1 && reading.messages == [])
    #expect(source.source.name == "a" && source.source.digest.count == 16)
    #expect(source.line == 1 && source.bytes == 62)
    #expect(source.documents.map(\.key) == ["a"])
    #expect(source.documents[0].fields == ["title": "甲", "label": "第一条", "text": "乙\n丙", "file": "feed.jsonl", "document": "feed.jsonl#甲"])
  }

  @Test(
    "Keys are strings or integers as they stand",
    arguments: [("\"a\"", "a"), ("17", "17"), ("-0", "-0"), ("12345678901234567890", "12345678901234567890"), (#""\u7532/\"""#, "甲/\"")])
  func keys(literal: String, key: String) {
    #expect(ImportReading(rows: "{\"id\":\(literal),\"text\":\"x\"}").keys == [key])
  }

  @Test("Other members are kept byte for byte, in their order")
  func members() {
    #expect(
      fields(
        #" { "n" : 1.0, "e":1e3 ,"id":"a","big":12345678901234567890,"text":"x", "o": { "b" : [ 1 ] } ,"\u0061":"\u7532", "title":null }"#)
        == [
          "text": "x", "members": .text(#"{"n":1.0,"e":1e3,"big":12345678901234567890,"o":{ "b" : [ 1 ] },"\u0061":"\u7532"}"#),
        ])
  }

  @Test("Numbers are read as they stand, null is nothing, and article stands in for label")
  func texts() {
    #expect(fields(#"{"id":1,"title":2.50,"text":1e3,"article":17}"#) == ["title": "2.50", "text": "1e3", "label": "17"])
    #expect(fields(#"{"id":1,"title":null,"text":"x"}"#) == ["text": "x"])
    #expect(fields(#"{"id":1,"text":"x","label":"a","article":"b"}"#) == ["text": "x", "label": "a", "members": #"{"article":"b"}"#])
    #expect(fields(#"{"\u0069d":1,"t\u0065xt":"x"}"#) == ["text": "x"])
  }

  @Test("A mapping names other members")
  func mapping() {
    let mapping = JSONMapping(key: "url", title: "url", label: "no", text: "body")
    #expect(
      fields(#"{"url":"u","no":"第一条","body":"x","id":1,"text":"y","article":"z"}"#, mapping) == [
        "title": "u", "label": "第一条", "text": "x", "members": #"{"id":1,"text":"y","article":"z"}"#,
      ])
  }

  @Test(
    "A row that is no document is refused, and the next is read",
    arguments: [
      (#"{"text":"x"}"#, #"no "id" in this row"#),
      (#"{"id":"","text":"x"}"#, #""id" is empty"#),
      (#"{"id":null,"text":"x"}"#, #""id" is neither a string nor an integer"#),
      (#"{"id":1.0,"text":"x"}"#, #""id" is neither a string nor an integer"#),
      (#"{"id":1e3,"text":"x"}"#, #""id" is neither a string nor an integer"#),
      (#"{"id":1E3,"text":"x"}"#, #""id" is neither a string nor an integer"#),
      (#"{"id":[1],"text":"x"}"#, #""id" is neither a string nor an integer"#),
      (#"{"id":1}"#, #"none of "title", "label" and "text" in this row"#),
      (#"{"id":1,"text":null,"x":1}"#, #"none of "title", "label" and "text" in this row"#),
      (#"{"id":1,"text":["x"]}"#, #""text" is an array, not a string"#),
      (#"{"id":1,"title":{},"text":"x"}"#, #""title" is an object, not a string"#),
      (#"{"id":1,"label":true}"#, #""label" is a boolean, not a string"#),
      (#"{"id":1,"text":"x","id":2}"#, #"two members named "id""#),
      (#"{"id":1,"text":"x","a":1,"\u0061":2}"#, #"two members named "a""#),
      (#"{"id":1,"text":"\ud800"}"#, #""text" has half a surrogate pair (byte 15 of the row)"#),
      (#"{"id":1,"text":"x",}"#, #"not JSON: a member's name in quotes is missing (byte 19 of the row)"#),
      (#"["id"]"#, "not JSON: not a JSON object (byte 0 of the row)"),
      ("x", "not JSON: not a JSON object (byte 0 of the row)"),
      ("{\"id\":\"\(String(repeating: "a", count: 4097))\",\"text\":\"x\"}", #""id" is longer than 4096 bytes"#),
    ])
  func faults(row: String, message: String) {
    #expect(fault(row) == "feed.jsonl:1: \(message); row skipped")
  }

  @Test("Rows of a file with one title are one document, and a row without a title is of none")
  func documents() throws {
    func document(_ title: String?) throws -> FieldValue? {
      let row = title.map { #"{"id":1,"title":"\#($0)","text":"x"}"# } ?? #"{"id":1,"text":"x"}"#
      return try #require(ImportReading(rows: row).documents.first).fields["document"]
    }
    #expect(try document("甲") == "feed.jsonl#甲" && document(nil) == nil && document("") == nil && document(" 　") == nil)
    // Two that are longer than what is looked up of a value, and differ only behind that.
    let long = String(repeating: "某", count: 200)
    let values = try [document(long + "甲"), document(long + "乙"), document(long + "甲")]
    #expect(values[0] == values[2] && values[0] != values[1])
    for case .text(let value)? in values { #expect(value.utf8.count == 33 && value.hasPrefix("#")) }
  }

  @Test("The longest key is a key")
  func longestKey() {
    #expect(ImportReading(rows: "{\"id\":\"\(String(repeating: "a", count: 4096))\",\"text\":\"x\"}").keys.map(\.count) == [4096])
  }

  @Test("Names that only look the same are different names")
  func canonicalEquivalence() {
    #expect(fields("{\"id\":1,\"text\":\"x\",\"\u{E9}\":1,\"e\u{301}\":2}")?["members"] == .text("{\"\u{E9}\":1,\"e\u{301}\":2}"))
  }

  @Test("A row without text to search is read with a warning")
  func noText() {
    let reading = ImportReading(rows: #"{"id":1,"title":"　","text":""}"#)
    #expect(reading.keys == ["1"])
    #expect(reading.problems == [ImportProblem(path: "feed.jsonl", line: 1, message: "no text in this row", severity: .warning)])
  }

  @Test("Strings mean what Foundation says they mean, in random rows")
  func random() throws {
    struct Row: Codable, Equatable { var id, title, label, text: String }
    let pieces = [
      "甲", "é", "e\u{301}", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{8}", "\u{1F}", "\u{7F}", "\u{2028}", "😀", "\u{FEFF}", "}", "{",
      ",", ":",
    ]
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    func text() -> String { "x" + (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined() }
    let rows = (0..<2000).map { Row(id: "\($0)" + text(), title: text(), label: text(), text: text()) }
    let encoder = JSONEncoder()
    let lines = try rows.map { row in
      let line = String(decoding: try encoder.encode(row), as: UTF8.self)
      // Half of the rows spell what is not ASCII as escapes.
      return Bool.random(using: &random)
        ? line : line.utf16.map { $0 < 0x80 ? String(Unicode.Scalar($0)!) : "\\u" + hexadecimal($0) }.joined()
    }
    let reading = ImportReading(rows: lines.joined(separator: "\n"))
    #expect(reading.messages == [], "\(random.advice)")
    let read = reading.documents.map {
      Row(
        id: $0.key.description, title: $0.fields["title"]!.description, label: $0.fields["label"]!.description,
        text: $0.fields["text"]!.description)
    }
    #expect(
      zip(read, rows).allSatisfy { Array($0.text.utf8) == Array($1.text.utf8) && Array($0.id.utf8) == Array($1.id.utf8) },
      "\(random.advice)")
    #expect(read == rows, "\(random.advice)")
  }
}

/// Four digits.
private func hexadecimal(_ value: UInt16) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 4 - digits.count) + digits
}
