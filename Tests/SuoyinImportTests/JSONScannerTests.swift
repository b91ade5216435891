// Is every JSON object accepted, with its members where they are, and nothing else?
internal import FoundationEssentials
internal import SuoyinImport
import Testing

@Suite("A JSON object is scanned")
struct JSONScannerTests {
  private func members(_ text: String) -> [String]? {
    let bytes = Array(text.utf8)
    guard let members = try? JSONScanner.members(of: bytes) else { return nil }
    return members.flatMap { [String(decoding: bytes[$0.name], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self)] }
  }

  private func fault(_ text: String) -> JSONSyntaxError? {
    do {
      _ = try JSONScanner.members(of: Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test("Members are where they are")
  func ranges() {
    #expect(members(" { } ") == [])
    #expect(members(#"{"a":1}"#) == ["\"a\"", "1"])
    #expect(
      members(#" { "a" : [1, {"b": "}"}, []] , "" : {"c": {}}, "\"" : "\\\"" , "d":null,"e":true,"f":false } "#) == [
        "\"a\"", #"[1, {"b": "}"}, []]"#, "\"\"", #"{"c": {}}"#, #""\"""#, #""\\\"""#, "\"d\"", "null", "\"e\"", "true", "\"f\"", "false",
      ])
  }

  @Test(
    "Values that the grammar has",
    arguments: [
      "0", "-0", "1.0", "1e3", "1E-3", "-12.50e+07", "12345678901234567890", "1e999", "\"\"", "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\"",
      "\"\\ud800\"", "\"é\u{7F}\"", "[[[]]]", "[ ]", "{ }", "{\"a\":[{}]}", "[1 , 2]",
    ])
  func valid(value: String) {
    #expect(members("{\"a\":\(value)}") == ["\"a\"", value])
    #expect(members("{\"a\":[\(value)]}") == ["\"a\"", "[\(value)]"])
  }

  @Test(
    "Values that it does not have",
    arguments: [
      "", "01", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "0x1", "NaN", "Infinity", "nul", "True", "nulll", "'a'", "\"a", "\"\\q\"",
      "\"\\u00g0\"",
      "\"\\u00\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "[1,]", "[,1]", "[1 2]", "[1}", "[", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
      "{a:1}", "{1:1}",
      "1,", "1 2", "// x\n1", "\u{A0}1", "\u{FEFF}1",
    ])
  func invalid(value: String) {
    #expect(members("{\"a\":\(value)}") == nil)
    #expect(members("{\"a\":[\(value)]}") == nil || value.isEmpty)
  }

  @Test("What is no object, or more than one", arguments: ["", " ", "1", "[]", "null", "{}{}", "{} x", "{}\u{0}", "}", "{\"a\":1"])
  func noObject(text: String) { #expect(members(text) == nil) }

  @Test("Faults say what is wrong and where")
  func faults() {
    #expect(fault(#"{"a":1 "b":2}"#) == JSONSyntaxError(byteOffset: 7, message: "a comma or } is missing"))
    #expect(fault(#"{"a":[1"#) == JSONSyntaxError(byteOffset: 7, message: "the row ends too early"))
    #expect(fault(#"{"a":"甲"#) == JSONSyntaxError(byteOffset: 9, message: "the row ends too early"))
    #expect(fault("[]") == JSONSyntaxError(byteOffset: 0, message: "not a JSON object"))
    #expect(fault("{} x") == JSONSyntaxError(byteOffset: 3, message: "something follows the JSON object"))
    #expect(fault(#"{"a":01}"#) == JSONSyntaxError(byteOffset: 6, message: "a comma or } is missing"))
  }

  @Test("A million levels of nesting need no stack")
  func nesting() {
    let count = 1_000_000
    let deep = String(repeating: "[", count: count) + String(repeating: "]", count: count)
    #expect(members("{\"a\":\(deep)}")?.count == 2)
    #expect(members("{\"a\":\(deep)]}") == nil)
  }

  @Test("All sequences of up to seven tokens are judged as by a reading of the grammar that tries everything")
  func exhaustive() {
    let tokens = ["{", "}", "[", "]", ":", ",", "\"\"", "1"].map { Array($0.utf8) }
    var wrong: [String] = []
    var objects = 0
    func extend(_ text: [UInt8], _ depth: Int) {
      let expected = NaiveGrammar.isObject(text)
      objects += expected ? 1 : 0
      if ((try? JSONScanner.members(of: text)) != nil) != expected { wrong.append(String(decoding: text, as: UTF8.self)) }
      if depth < 7 { for token in tokens { extend(text + token, depth + 1) } }
    }
    // What does not begin with a brace is no object.
    extend([UInt8(ascii: "{")], 1)
    #expect(wrong == [])
    #expect(objects > 5)
  }
}

/// JSON objects of braces, brackets, colons, commas, strings of no escapes, and 1: recursive, with all readings tried.
private enum NaiveGrammar {
  static func isObject(_ text: [UInt8]) -> Bool { object(text[...]).contains { $0.isEmpty } }

  /// What may be left of the text after one value at its beginning.
  private static func value(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] { object(text) + array(text) + string(text) + number(text) }

  private static func object(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    after("{", text).flatMap { inside in
      after("}", inside) + list(inside) { member in string(member).flatMap { after(":", $0) }.flatMap(value) }.flatMap { after("}", $0) }
    }
  }

  private static func array(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    after("[", text).flatMap { inside in after("]", inside) + list(inside, value).flatMap { after("]", $0) } }
  }

  private static func list(_ text: ArraySlice<UInt8>, _ element: (ArraySlice<UInt8>) -> [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    element(text).flatMap { rest in [rest] + after(",", rest).flatMap { list($0, element) } }
  }

  private static func string(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    after("\"", text).flatMap { inside in inside.firstIndex(of: UInt8(ascii: "\"")).map { [inside[($0 + 1)...]] } ?? [] }
  }

  private static func number(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    text.indices.prefix { text[$0] == UInt8(ascii: "1") }.map { text[($0 + 1)...] }
  }

  private static func after(_ token: Unicode.Scalar, _ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    text.first == UInt8(ascii: token) ? [text.dropFirst()] : []
  }
}
