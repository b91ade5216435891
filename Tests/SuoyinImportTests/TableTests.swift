// Does a table become rows as its header says, and is what is wrong with it said?
internal import Suoyin
internal import SuoyinImport
import Testing

@Suite("Tables are imported")
struct TableTests {
  private func read(_ text: String, name: String = "t.csv", _ mapping: JSONMapping = JSONMapping()) -> ImportReading {
    ImportReading(name, Array(text.utf8), mapping: mapping)
  }

  @Test("A record is a source and a document; columns without a field become members")
  func record() throws {
    let reading = read("id,title,label,text,年份,\"a\"\"b\"\r\n7,甲,第一条,\"乙,\n\"\"丙\"\"\",2024,\"\t\\\"\r\n")
    #expect(reading.messages == [])
    let source = try #require(reading.sources.first)
    #expect(reading.sources.count == 1 && source.source.name == "7" && source.line == 2 && source.source.digest.count == 16)
    #expect(
      source.documents[0].fields == [
        "title": "甲", "label": "第一条", "text": "乙,\n\"丙\"", "file": "t.csv", "document": "t.csv#甲",
        "members": .text(#"{"年份":"2024","a\"b":"\t\\"}"#),
      ])
  }

  @Test("Other columns are named by the mapping, and an empty cell of a field is no value")
  func mapping() {
    let reading = read("no;名称;article;正文;id\n1;甲;第二条;;x\n2;;;乙;\n", JSONMapping(key: "no", title: "名称", text: "正文"))
    #expect(reading.messages == [])
    #expect(
      reading.documents.map(\.fields) == [
        ["title": "甲", "label": "第二条", "file": "t.csv", "document": "t.csv#甲", "members": #"{"id":"x"}"#],
        ["text": "乙", "file": "t.csv", "members": #"{"id":""}"#],
      ])
    #expect(
      read("id\ttitle\n1\t甲,乙\n", name: "t.tsv").documents.map(\.fields) == [["title": "甲,乙", "file": "t.tsv", "document": "t.tsv#甲,乙"]])
    #expect(
      read("u,text\na,b\n", JSONMapping(key: "u", title: "u")).documents.map(\.fields) == [
        ["title": "a", "text": "b", "file": "t.csv", "document": "t.csv#a"]
      ])
  }

  @Test("Lines of nothing but delimiters are passed over, and columns without a name may be empty")
  func empty() {
    let reading = read("\r\nid,text,,\r\n,,,\r\n1,甲,,\r\n\r\n2,乙,,x\r\n")
    #expect(reading.keys == ["1"])
    #expect(reading.messages == ["t.csv:6: field 4 is in a column without a name; row skipped"])
  }

  @Test("A record that is no row is refused with its line, and the rest is read")
  func records() {
    let reading = read("id,text\n1,甲\n2\n3,乙,丙\n\"4\n5\",丁,\"\"\n,戊\n6,\"己\"庚\n7,\n8,辛\n")
    #expect(reading.keys == ["1", "8"])
    #expect(
      reading.messages == [
        "t.csv:3: 1 fields, but the header has 2; row skipped", "t.csv:4: 3 fields, but the header has 2; row skipped",
        "t.csv:5: 3 fields, but the header has 2 (lines 5 to 6); row skipped", "t.csv:7: \"id\" is empty; row skipped",
        "t.csv:8: text between a quote and the next delimiter in line 8; row skipped",
        "t.csv:9: none of \"title\", \"label\" and \"text\" in this row; row skipped",
      ])
    #expect(reading.problems.allSatisfy { $0.severity == .rejected })
  }

  @Test("A quote without an end is named by its line, and what comes after it is not passed over in silence")
  func unclosedQuote() {
    let reading = read("id,text\n1,甲\n\"2\n\",\"乙\n3,丙\n4,丁\n")
    #expect(reading.keys == ["1"])
    #expect(
      reading.messages == [
        "t.csv:4: the quote that begins here has no end, up to line 7; the rest of the file skipped, the rows before stay"
      ])
    #expect(read("id,\"text\n1,2\n").messages == ["t.csv:1: the header has a quote without an end, which begins in line 1; file skipped"])
  }

  @Test(
    "A header that no row could be read by is refused",
    arguments: [
      ("id,text,a,a\n1,x,y,z\n", "two columns named \"a\""),
      ("a,text\n1,x\n", "no column \"id\" for the key; --key names one of \"a\", \"text\""),
      ("id,a\n1,x\n", "no column for title, label or text; --title, --label and --text name them among \"id\", \"a\""),
      ("\"id\"x,text\n", "the header has text between a quote and the next delimiter"),
    ])
  func headers(text: String, message: String) {
    let reading = read(text)
    #expect(reading.messages == ["t.csv:1: \(message); file skipped"] && reading.sources.isEmpty)
  }

  @Test("A table without rows gives a warning", arguments: ["", "\n", "id,text\n", "\u{FEFF}id,text\r\n,\r\n"])
  func noRows(text: String) {
    #expect(read(text).problems == [ImportProblem(path: "t.csv", message: "no rows in this file", severity: .warning)])
  }

  @Test("Tables are read in the encodings that texts have", arguments: ["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "BIG5"])
  func encodings(name: String) throws {
    let text = "id,標題,text\r\n1,政府採購辦法,\"為了規範政府採購行為,提高政府採購資金的使用效益,制定本辦法。\"\r\n"
    let bytes = try #require(encoded(text, name))
    let mapping = JSONMapping(title: "標題")
    let expected = read(text, mapping)
    #expect(expected.documents.count == 1)
    for reading in [
      ImportReading("t.csv", bytes, mapping: mapping), ImportReading("t.csv", bytes, mapping: mapping, encoding: TextEncoding(named: name)),
    ] {
      #expect(reading.messages == [])
      #expect(reading.documents.map(\.fields) == expected.documents.map(\.fields))
      #expect(reading.sources.map(\.source) == expected.sources.map(\.source), "the same rows are the same sources, in whatever encoding")
    }
    #expect(ImportReading("t.csv", [0x69, 0x64, 0, 0x0A, 0x31]).messages == ["t.csv: a binary file: byte 2 is NUL; file skipped"])
  }

  @Test("Any bytes at all are rows, or are spoken of")
  func control() {
    let reading = read("id,text\n1,\u{1}\u{1F}\u{7F}\u{2028}\u{FFFF}\n")
    #expect(reading.messages == [])
    #expect(reading.documents[0].fields["text"] == "\u{1}\u{1F}\u{7F}\u{2028}\u{FFFF}")
  }
}
