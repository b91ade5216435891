// Are the rows of a JSON file found wherever they are, and whatever is wrong with their neighbours?
internal import SuoyinImport
import SuoyinTestKit
import Testing

@Suite("A JSON file is read row by row")
struct JSONRowReaderTests {
  private struct Reading: Equatable {
    /// nil for a row beyond the limit.
    var rows: [String?] = []
    var lines: [Int] = []
    var offsets: [Int] = []
    var fault: RowsFault?
  }

  private func read(_ text: String, member: String? = nil, limit: Int = 1 << 20, chunkLength: Int = 1 << 10) -> Reading {
    read(Array(text.utf8), member: member, limit: limit, chunkLength: chunkLength)
  }

  private func read(_ text: [UInt8], member: String? = nil, limit: Int = 1 << 20, chunkLength: Int = 1 << 10) -> Reading {
    var position = 0
    var reader = JSONRowReader(rows: member, limit: limit, chunkLength: chunkLength) { chunk in
      let count = min(chunkLength, text.count - position)
      for index in 0..<count { chunk[index] = text[position + index] }
      position += count
      return count
    }
    var reading = Reading()
    do {
      while let row = try reader.next() {
        reading.rows.append(row.bytes.map { String(decoding: $0, as: UTF8.self) })
        reading.lines.append(row.line)
        reading.offsets.append(row.byteOffset)
      }
    } catch {
      reading.fault = error
    }
    return reading
  }

  @Test("The rows of an array, with their places")
  func array() {
    let reading = read("\u{FEFF} [{\"a\":1} ,\n\n {\"b\":[{}, \"]}\\\"\"]\n}\n, 3,[4]]\n")
    #expect(reading.rows == ["{\"a\":1}", "{\"b\":[{}, \"]}\\\"\"]\n}", "3", "[4]"])
    #expect(reading.lines == [1, 3, 5, 5])
    #expect(reading.offsets == [5, 17, 39, 41])
    #expect(reading.fault == nil)
  }

  @Test("An object is a row, and so is each of several", arguments: [1, 2, 3, 1 << 10])
  func objects(chunkLength: Int) {
    #expect(read(#" {"a":{"b":[]}} "#, chunkLength: chunkLength).rows == [#"{"a":{"b":[]}}"#])
    let several = read("{\"a\":1}\n{\"b\":2}{\"c\":3}\n", chunkLength: chunkLength)
    #expect(several.rows == ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"] && several.lines == [1, 2, 2] && several.fault == nil)
  }

  @Test("The rows in a member of the object", arguments: [1, 3, 1 << 10])
  func member(chunkLength: Int) {
    func rows(_ text: String) -> Reading { read(text, member: "数", chunkLength: chunkLength) }
    let text = #"{"n":{"数":[{"x":0}],"]":"}"},"e":[1,{}],"s":"a\"","数":[{"x":1}, {"x":2}],"after":[{"x":3}]} "#
    #expect(rows(text).rows == ["{\"x\":1}", "{\"x\":2}"])
    #expect(rows(text).fault == nil)
    #expect(rows(#"{"\u6570":[{"x":1}]}"#).rows == ["{\"x\":1}"])
    #expect(rows(#"[{"x":1}]"#).rows == ["{\"x\":1}"], "an array needs no name")
    for (text, message) in [
      (#"{"a":1,"b":[{}]}"#, "the object has no member \"数\" that could hold the rows"),
      ("{}", "the object has no member \"数\" that could hold the rows"),
      (#"{"数":{}}"#, "\"数\" is no array (byte 7)"), (#"{"数":1}"#, "\"数\" is no array (byte 7)"),
      (#"{"a":1"#, "the file ends before the object does (byte 6)"), (#"{"a":[1"#, "the file ends inside what begins here (byte 5)"),
      (#"{"a" 1}"#, "not JSON: a colon is missing (byte 5)"), (#"{1}"#, "not JSON: a member's name in quotes is missing (byte 1)"),
    ] {
      let reading = rows(text)
      #expect(reading.fault?.message == message, "\(text)")
      #expect(reading.rows == [])
    }
    let second = rows(#"{"数":[{"x":1}],"数":[{"x":2}]}"#)
    #expect(second.rows == ["{\"x\":1}"] && second.fault?.message == "a second member \"数\" (byte 23)")
    #expect(rows(#"{"数":[{"x":1}]} x"#).fault?.message == "something follows the object, which is not read (byte 18)")
    #expect(rows(#"{"数":[{"x":1}]"#).fault?.message == "the file ends before the object does (byte 16)")
  }

  @Test(
    "A row that is wrong hides no other",
    arguments: [
      (#"[{"a":1],"c":3},{"b":2}]"#, [#"{"a":1],"c":3}"#, #"{"b":2}"#]), (#"[{"a":[1},{"b":2}]"#, [#"{"a":[1}"#, #"{"b":2}"#]),
      (#"[{"a":1]},{"b":2}]"#, [#"{"a":1]}"#, #"{"b":2}"#]),
      (#"[{"a":{"c":1},{"b":2}]"#, [#"{"a":{"c":1},"#, #"{"b":2}"#]), (#"[{"a":[{"c":1]},{"b":2}]"#, [#"{"a":[{"c":1]}"#, #"{"b":2}"#]),
      (#"[{"a" 1},{"b":2}]"#, [#"{"a" 1}"#, #"{"b":2}"#]), (#"[x, {"b":2}]"#, ["x", #"{"b":2}"#]), (#"[},{"b":2}]"#, ["}", #"{"b":2}"#]),
      ("[{\"a\":\"1\n2, ]\"},{\"b\":2}]", ["{\"a\":\"1\n2, ]\"}", #"{"b":2}"#]),
      (#"[{"a":1} {"b":2},{"c":3}]"#, [#"{"a":1} {"b":2}"#, #"{"c":3}"#]),
      (#"[,{"b":2}]"#, ["", #"{"b":2}"#]), (#"[{"b":2},]"#, [#"{"b":2}"#, ""]), (#"[{"b":2},,{}]"#, [#"{"b":2}"#, "", "{}"]),
    ] as [(String, [String])])
  func recovery(text: String, rows: [String]) {
    for chunkLength in [1, 2, 1 << 10] {
      let reading = read(text, chunkLength: chunkLength)
      #expect(reading.rows == rows && reading.fault == nil)
    }
  }

  @Test(
    "What cannot be read is said",
    arguments: [
      ("1", "neither a JSON array nor an object (byte 0)"), ("\u{FEFF}x", "neither a JSON array nor an object (byte 3)"),
      ("[{}] x", "something follows the array, which is not read (byte 5)"),
      ("{} []", "something that is no object follows an object (byte 3)"),
      ("{},{}", "something that is no object follows an object (byte 2)"), ("[", "the file ends before the array does (byte 1)"),
      ("[{},", "the file ends before the array does (byte 4)"), ("[{}", "the file ends before the array does (byte 3)"),
      ("[\n{\"a\":[1,", "the file ends inside what begins here (byte 2)"), ("[{\"a", "the file ends inside what begins here (byte 1)"),
      ("{\"a\":{}", "the file ends inside what begins here (byte 0)"),
    ])
  func faults(text: String, message: String) {
    #expect(read(text).fault?.message == message)
    #expect(read(text, chunkLength: 1) == read(text))
  }

  @Test("A file cut at any byte gives the rows before the cut, and says that it is cut")
  func truncation() {
    let rows = [#"{"a":"甲]"}"#, #"{"b":[1,{"c":"\""}]}"#, "{}"]
    let text = Array("[\(rows.joined(separator: " ,\n"))]".utf8)
    for length in 1..<text.count {
      let reading = read(Array(text[..<length]))
      #expect(reading.fault != nil)
      let complete = rows.indices.prefix { text.prefix(length).count > rows[...$0].map(\.utf8.count).reduce(0, +) + 3 * $0 }
      #expect(reading.rows == complete.map { rows[$0] }, "cut at \(length)")
    }
  }

  @Test("A row beyond the limit has no bytes, and the next is read; so is one that is deep")
  func limits() {
    #expect(read(#"[{"a":12345},{"b":2},{"c":12345}]"#, limit: 7).rows == [nil, #"{"b":2}"#, nil])
    let depth = 200_000
    let deep = "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    #expect(read("[\(deep),{}]").rows == [deep, "{}"])
    #expect(read("[\(String(repeating: "[", count: 9))", limit: 8).fault?.message == "nested deeper than 8 (byte 9)")
  }

  @Test("All sequences of up to seven tokens: arrays have their elements, and nothing depends on the chunks")
  func exhaustive() {
    let tokens = ["[", "]", "{", "}", ",", "\"\":", "1", "\n"].map { Array($0.utf8) }
    var wrong: [String] = []
    var arrays = 0
    func extend(_ text: [UInt8], _ depth: Int) {
      let reading = read(text)
      if read(text, chunkLength: 1) != reading { wrong.append(String(decoding: text, as: UTF8.self)) }
      if !isLaidOut(reading, text) { wrong.append(String(decoding: text, as: UTF8.self)) }
      if let elements = try? JSONScanner.elements(of: text) {
        arrays += 1
        let expected = elements.map { String(decoding: text[$0], as: UTF8.self) }
        if reading.rows != expected || reading.fault != nil { wrong.append(String(decoding: text, as: UTF8.self)) }
      }
      if depth < 7 { for token in tokens { extend(text + token, depth + 1) } }
    }
    extend([UInt8(ascii: "[")], 1)
    #expect(wrong == [])
    #expect(arrays > 20)
  }

  /// Whether every row stands where it says, behind the one before, and nothing but brackets, commas and space is left out: to the end, or
  /// to what could not be read.
  private func isLaidOut(_ reading: Reading, _ text: [UInt8]) -> Bool {
    func isFree(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { "[], \n".utf8.contains($0) } }
    var end = 0
    for (row, (offset, line)) in zip(reading.rows, zip(reading.offsets, reading.lines)) {
      let bytes = Array((row ?? "").utf8)
      guard offset >= end, text.dropFirst(offset).starts(with: bytes), isFree(text[end..<offset]) else { return false }
      if line != 1 + text[..<offset].count(where: { $0 == 0x0A }) { return false }
      end = offset + bytes.count
    }
    return isFree(text[end..<max(reading.fault?.byteOffset ?? text.count, end)])
  }

  @Test("One damaged row of many: the rows before it stand, and nothing is left out")
  func randomDamage() {
    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    for _ in 0..<500 {
      let rows = (0..<6).map { number in
        #"{"id":\#(number),"t":"\#(random.element(["", "]", "}", "\\\"", "a,{", "\\\\"]))","m":\#(random.element(["[]", "{}", "[1,{\"x\":[2]}]"]))}"#
      }
      let damaged = random.below(6)
      var bytes = Array(rows[damaged].utf8)
      let place = random.below(bytes.count)
      switch random.below(3) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(random.element(Array("[]{},\"\\:".utf8)), at: place)
      default: bytes[place] = random.element(Array("[]{},\"\\:".utf8))
      }
      var text = Array("[".utf8)
      for number in 0..<6 { text += (number > 0 ? Array(",".utf8) : []) + (number == damaged ? bytes : Array(rows[number].utf8)) }
      text.append(UInt8(ascii: "]"))
      let reading = read(text)
      #expect(reading.rows.prefix(damaged) == rows[..<damaged].map { $0 }[...], "\(random.advice)")
      #expect(isLaidOut(reading, text), "\(String(decoding: text, as: UTF8.self)); \(random.advice)")
    }
  }
}
