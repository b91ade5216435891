// Are the records and fields of a table where RFC 4180 says?
internal import SuoyinImport
import SuoyinTestKit
import Testing

@Suite("A table is read record by record")
struct CSVReaderTests {
  private func records(_ bytes: [UInt8], delimiter: UInt8? = UInt8(ascii: ",")) -> [CSVRecord] {
    var reader = CSVReader(bytes, delimiter: delimiter)
    var records: [CSVRecord] = []
    while let record = reader.next() { records.append(record) }
    return records
  }

  private func fields(_ text: String, delimiter: UInt8? = nil) -> [[String]] {
    records(Array(text.utf8), delimiter: delimiter).map { $0.fields.map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test("Fields with and without quotes")
  func examples() {
    #expect(fields("a,b\n1,2") == [["a", "b"], ["1", "2"]])
    #expect(fields("\u{FEFF}\"a\",\"\"\r\n\"x\"\"y\",\"1,\r\n2\"\r\n") == [["a", ""], ["x\"y", "1,\r\n2"]])
    #expect(fields("a,\r,b\r") == [["a", ""], ["", "b"]])
    #expect(fields("甲,5\" 管\n") == [["甲", "5\" 管"]])
    #expect(fields("") == [])
    #expect(fields("\n\n") == [[""], [""]])
  }

  @Test("Where records are")
  func places() {
    let text = Array("a,b\r\n\"1\n2\r\n3\",4\rx,\"y".utf8)
    let read = records(text)
    #expect(read.map(\.lines) == [1...1, 2...4, 5...5])
    #expect(read.map { String(decoding: text[$0.range], as: UTF8.self) } == ["a,b", "\"1\n2\r\n3\",4", "x,\"y"])
    #expect(read.map(\.fault) == [nil, nil, .unclosedQuote(line: 5)])
    #expect(records(Array("\"a\n\" b,c\n".utf8)).map(\.fault) == [.textBehindQuote(line: 2)])
    #expect(records(Array("a,\"b\n\nc".utf8)).map(\.fault) == [.unclosedQuote(line: 1)])
  }

  @Test("The first line says what stands between fields")
  func delimiters() {
    #expect(fields("a;b\n1,2;3") == [["a", "b"], ["1,2", "3"]])
    #expect(fields("a\tb;c\td\n") == [["a", "b;c", "d"]])
    #expect(fields("a;b,c\n") == [["a;b", "c"]])
    #expect(fields("\"a,b\";c\n") == [["a,b", "c"]])
    #expect(fields("\n\na;b\n") == [[""], [""], ["a", "b"]])
    #expect(fields("a\n1,2") == [["a"], ["1", "2"]])
    #expect(fields("a,b\tc\n", delimiter: UInt8(ascii: "\t")) == [["a,b", "c"]])
  }

  @Test("All texts of up to seven characters are read as by an automaton that knows nothing of positions")
  func exhaustive() {
    let characters = Array("a,\"\n\r".utf8)
    var wrong: [String] = []
    func extend(_ text: [UInt8], _ depth: Int) {
      let read = records(text)
      let expected = NaiveTable(text)
      if read.map(\.fields) != expected.records || read.map({ $0.fault == nil }) != expected.isSound || !areLaidOut(read, text) {
        wrong.append(String(decoding: text, as: UTF8.self).debugDescription)
      }
      if depth < 7 { for character in characters { extend(text + [character], depth + 1) } }
    }
    extend([], 0)
    #expect(wrong == [])
  }

  /// Whether the records and the line ends between them are the whole text, and their lines follow one another.
  private func areLaidOut(_ records: [CSVRecord], _ text: [UInt8]) -> Bool {
    var end = 0
    var line = 0
    for record in records {
      let between = text[end..<record.range.lowerBound]
      if record.lines.lowerBound != line + 1 || between.count > 2 || between.contains(where: { $0 != 0x0A && $0 != 0x0D }) { return false }
      end = record.range.upperBound
      line = record.lines.upperBound
    }
    return text[end...].count <= 2 && text[end...].allSatisfy { $0 == 0x0A || $0 == 0x0D }
  }

  @Test("Random tables are read as they were written, however they were written", arguments: SeededRandom.seeds(20))
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = ["甲", "a", " ", ",", ";", "\t", "\"", "\n", "\r", "\r\n", "'", "\\"]
    let width = 1 + random.below(4)
    let delimiter = random.element([",", ";", "\t"])
    let rows = (0..<random.below(20)).map { _ in (0..<width).map { _ in (0..<random.below(6)).map { _ in random.element(pieces) }.joined() }
    }
    var text = random.chance(1, in: 3) ? "\u{FEFF}" : ""
    for (index, row) in rows.enumerated() {
      let fields = row.map { field in
        let mustQuote = field.contains { "\"\n\r\r\n".contains($0) } || field.contains(delimiter) || (width == 1 && field.isEmpty)
        return mustQuote || random.chance(1, in: 3) ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
      }
      text += fields.joined(separator: delimiter)
      if index < rows.count - 1 || random.chance(1, in: 2) { text += random.element(["\n", "\r\n", "\r"]) }
    }
    let read = fields(text, delimiter: Array(delimiter.utf8)[0])
    // By bytes: to Swift, CR LF is one character, but a CR and an LF that meet are two here as well.
    #expect(read.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } }, "\(random.advice)")
  }
}

/// The records of a text, by an automaton of four states over its characters.
private struct NaiveTable {
  private enum State { case fieldStart, plain, quoted, behindQuote }

  var records: [[[UInt8]]] = []
  var isSound: [Bool] = []

  init(_ text: [UInt8]) {
    // CR LF as one character outside quotes; a negative number, for no byte has it.
    let lineEnd = -1
    var characters: [Int] = []
    for byte in text {
      if byte == 0x0A, characters.last == 0x0D { characters[characters.count - 1] = lineEnd } else { characters.append(Int(byte)) }
    }
    var state = State.fieldStart
    var record: [[UInt8]] = []
    var field: [UInt8] = []
    var sound = true
    var isOpen = false
    func isEnd(_ character: Int) -> Bool { character == lineEnd || character == 0x0A || character == 0x0D }
    func bytes(_ character: Int) -> [UInt8] { character == lineEnd ? [0x0D, 0x0A] : [UInt8(character)] }
    for character in characters {
      isOpen = true
      switch (state, character) {
      case (.quoted, 0x22): state = .behindQuote
      case (.quoted, _): field += bytes(character)
      case (.behindQuote, 0x22):
        field.append(0x22)
        state = .quoted
      case (.fieldStart, 0x22): state = .quoted
      case (_, 0x2C):
        record.append(field)
        field = []
        state = .fieldStart
      case (_, _) where isEnd(character):
        records.append(record + [field])
        isSound.append(sound)
        (record, field, state, sound, isOpen) = ([], [], .fieldStart, true, false)
      case (.behindQuote, _):
        sound = false
        field += bytes(character)
        state = .plain
      default:
        field += bytes(character)
        state = .plain
      }
    }
    if isOpen {
      records.append(record + [field])
      isSound.append(sound && state != .quoted)
    }
  }
}
