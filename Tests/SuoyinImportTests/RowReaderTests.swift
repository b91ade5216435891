// Is a file cut into rows wherever its chunks end?
internal import SuoyinImport
import Testing

@Suite("A file is read row by row")
struct RowReaderTests {
  private func rows(_ bytes: [UInt8], limit: Int, chunkLength: Int) throws -> [[UInt8]?] {
    let folder = TemporaryFolder()
    var reader = RowReader(try RegularFile(folder.write("rows", bytes)), limit: limit, chunkLength: chunkLength)
    var rows: [[UInt8]?] = []
    var offset = 0
    while let row = try reader.next() {
      rows.append(row.bytes)
      #expect(row.line == rows.count)
      #expect(row.byteOffset == offset)
      offset = (bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count) + 1
    }
    return rows
  }

  @Test("All files of up to six bytes, in chunks of any length, with limits of any length")
  func exhaustive() throws {
    for length in 0...6 {
      for bits in 0..<(1 << length) {
        let bytes = (0..<length).map { bits >> $0 & 1 == 0 ? UInt8(ascii: "a") : 0x0A }
        var expected = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        if expected.last == [] { expected.removeLast() }
        for chunkLength in 1...3 {
          for limit in [0, 1, 2, 6] {
            #expect(try rows(bytes, limit: limit, chunkLength: chunkLength) == expected.map { $0.count <= limit ? $0 : nil })
          }
        }
      }
    }
  }
}
