import CKernels
// Do numbers survive as bytes, and do bad bytes throw?
import Foundation
import Suoyin
import SuoyinStorage
import SuoyinTestKit
import Testing

/// Bytes as a reader sees them: in a mapped file.
func slice(_ bytes: [UInt8], in directory: TemporaryDirectory) throws -> ByteSlice {
  let path = directory.path("bytes-\(UUID().uuidString)")
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return try MappedFile(path).bytes
}

@Suite struct CodingTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test func `gives back variable-length numbers around every power of two`() throws {
    var writer = ByteWriter()
    let powers = (0..<64).map { UInt64(1) << UInt64($0) }
    let values: [UInt64] = powers.flatMap { [$0 - 1, $0, $0 + 1] } + [.max]
    for value in values { writer.append(variable: value) }
    for value in values { writer.append(signed: Int64(bitPattern: value)) }
    var reader = ByteReader(try slice(writer.bytes, in: directory))
    for value in values { #expect(try reader.variable() == value) }
    for value in values { #expect(try reader.signed() == Int64(bitPattern: value)) }
    #expect(reader.isAtEnd)
  }

  @Test func `refuses numbers that end too early or are too long`() throws {
    for bytes in [[0x80], [0xFF, 0xFF], [UInt8](repeating: 0xFF, count: 11), [UInt8](repeating: 0x80, count: 9) + [0x02]] as [[UInt8]] {
      var reader = ByteReader(try slice(bytes, in: directory))
      #expect { try reader.variable() } throws: { ($0 as? IndexError)?.code == .corrupted }
    }
    var reader = ByteReader(try slice([5, 1, 2], in: directory))
    #expect(throws: IndexError.self) { try reader.counted() }
  }

  @Test func `packs and unpacks blocks of every width`() throws {
    var random = SeededRandom(seed: 5)
    for width in 0...32 {
      var values = (0..<128).map { _ in UInt32(truncatingIfNeeded: random.next() & ((1 << UInt64(width)) - 1)) }
      var writer = ByteWriter()
      unsafe values.withUnsafeMutableBufferPointer { unsafe BitPacking.append($0.baseAddress!, width: width, to: &writer) }
      #expect(writer.count == BitPacking.packedLength(width: width))
      let bytes = try slice(writer.bytes + [0], in: directory)
      var unpacked = [UInt32](repeating: 0, count: 128)
      unsafe suoyin_unpack128(bytes.unsafeBytes.baseAddress!, UInt32(width), 7, &unpacked)
      #expect(unpacked == values.map { $0 &+ 7 })
      // The plain loop is the oracle.
      var plain = [UInt32](repeating: 0, count: 128)
      unsafe suoyin_unpack128_portable(bytes.unsafeBytes.baseAddress!, UInt32(width), &plain)
      #expect(plain == values)
      var ascending = [UInt32](repeating: 0, count: 128)
      unsafe suoyin_unpack_ascending128(bytes.unsafeBytes.baseAddress!, UInt32(width), 41, &ascending)
      var sum: UInt32 = 41
      #expect(
        ascending
          == values.map { value in
            sum = sum &+ value &+ 1
            return sum
          })
    }
  }

  @Test(arguments: SeededRandom.seeds(5)) func `packs a few wide numbers as exceptions`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let width = random.below(25)
      let wide = random.below(20)
      let original = (0..<128).map { index in
        UInt32(random.below(1 << (random.chance(wide, in: 128) ? width + random.below(8) : width)))
      }
      var values = original
      var best = (width: 0, exceptions: 0)
      var writer = ByteWriter()
      unsafe values.withUnsafeMutableBufferPointer {
        best = unsafe BitPacking.bestWidth(of: $0.baseAddress!)
        unsafe BitPacking.append($0.baseAddress!, width: best.width, to: &writer)
      }
      #expect(best.exceptions <= BitPacking.maximumExceptions)
      #expect(writer.count == BitPacking.packedLength(width: best.width) + 2 * best.exceptions)
      let bytes = try slice(writer.bytes + [0], in: directory)
      var unpacked = [UInt32](repeating: 0, count: 128)
      unsafe BitPacking.unpack(bytes.unsafeBytes.baseAddress!, width: best.width, exceptions: best.exceptions, into: &unpacked)
      #expect(unpacked == original)
      unsafe BitPacking.unpackAscending(
        bytes.unsafeBytes.baseAddress!, width: best.width, exceptions: best.exceptions, base: .max, into: &unpacked)
      var sum = UInt32.max
      #expect(
        unpacked
          == original.map { value in
            sum = sum &+ value &+ 1
            return sum
          })
    }
  }

  @Test func `gives back stored records of every kind of value`() {
    let values: [FieldValue?] = [.text("制造业"), nil, .list(["a", "", "条"]), .integer(.min), .date(CalendarDate("2023-04-01")!), .text("")]
    let record = StoredRecord.encode(values)
    #expect(StoredRecord.decode(record[...], fieldCount: 6) == values)
    for length in 1..<record.count where StoredRecord.decode(record[..<length], fieldCount: 6) != nil {
      // Only a cut between two values leaves a record.
      #expect(StoredRecord.decode(record[..<length], fieldCount: 6)?.compactMap(\.self).count ?? 0 < values.compactMap(\.self).count)
    }
    #expect(StoredRecord.decode(record[...], fieldCount: 3) == nil)
  }
}

@Suite struct CalendarDateTests {
  @Test func `counts days without a gap from year 1 to 9999`() {
    var expected = CalendarDate(year: 1, month: 1, day: 1)!.days
    for year in 1...9999 {
      for month in 1...12 {
        for day in 1...31 {
          guard let date = CalendarDate(year: year, month: month, day: day) else { continue }
          if date.days != expected || date.components != (year, month, day) { Issue.record("\(year)-\(month)-\(day)") }
          expected += 1
        }
      }
    }
    #expect(CalendarDate(days: 0).description == "1970-01-01")
    #expect(CalendarDate("2024-02-29")?.description == "2024-02-29")
    for wrong in ["2023-02-29", "2023-4-1", "2023-04-31", "", "2023-04", "+023-04-01", "２０２３-04-01"] { #expect(CalendarDate(wrong) == nil) }
  }
}

@Suite struct SortedStringsTests {
  @Test(arguments: SeededRandom.seeds(4)) func `finds every string, its value and its neighbours`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let directory = try TemporaryDirectory()
    let fileSystem = SystemFileSystem()
    for count in [0, 1, 15, 16, 17, 32, 200] {
      var set: Set<[UInt8]> = []
      while set.count < count { set.insert((0..<random.below(6)).map { _ in UInt8(random.below(3)) }) }
      let strings = set.sorted { $0.lexicographicallyPrecedes($1) }
      let lengths = strings.map { _ in random.below(300) }
      var writer = SortedStringsWriter(hasValues: true)
      for (string, length) in zip(strings, lengths) { writer.append(string, count: length * 2, length: length) }
      let path = directory.path("strings-\(count)")
      let file = try SectionFileWriter(path, kind: 1, in: fileSystem)
      try file.beginSection(1)
      try file.append(writer.sections.blocks)
      try file.beginSection(2)
      try file.append(writer.sections.strings)
      _ = try file.finish()
      let table = try SortedStrings(SectionFile(path, kind: 1, in: fileSystem), blocks: 1, strings: 2, count: count, hasValues: true)
      var start = 0
      for (ordinal, string) in strings.enumerated() {
        let entry = try #require(try table.find(string), "\(random.advice)")
        #expect(
          entry.ordinal == ordinal && entry.value == StringValue(count: lengths[ordinal] * 2, range: start..<start + lengths[ordinal]))
        #expect(try table.entry(at: ordinal).string == string)
        start += lengths[ordinal]
      }
      // Every string of up to three small bytes, there or not.
      for number in 0..<85 {
        var probe: [UInt8] = []
        var rest = number
        while rest > 0 {
          probe.append(UInt8((rest - 1) % 4))
          rest = (rest - 1) / 4
        }
        #expect(try table.lowerBound(probe)?.string == strings.first { !$0.lexicographicallyPrecedes(probe) }, "\(random.advice)")
        #expect(try (table.find(probe) != nil) == set.contains(probe))
      }
    }
  }

  @Test func `finds strings below the levels that a search notes, and before and behind each`() throws {
    let directory = try TemporaryDirectory()
    let fileSystem = SystemFileSystem()
    // Keys of eight bytes are alike for many, differ for others, and end within a key.
    let strings = (0..<140_000).map { number in
      (number % 2 == 0 ? [] : Array("prefixes".utf8)) + Array(String(number / 2 * 2, radix: 36).utf8)
    }.sorted { $0.lexicographicallyPrecedes($1) }
    var writer = SortedStringsWriter(hasValues: false)
    for string in strings { writer.append(string) }
    let path = directory.path("strings")
    let file = try SectionFileWriter(path, kind: 1, in: fileSystem)
    try file.beginSection(1)
    try file.append(writer.sections.blocks)
    try file.beginSection(2)
    try file.append(writer.sections.strings)
    _ = try file.finish()
    let table = try SortedStrings(
      SectionFile(path, kind: 1, in: fileSystem), blocks: 1, strings: 2, count: strings.count, hasValues: false)
    // The second time the first strings of blocks are known.
    for _ in 0..<2 {
      for ordinal in stride(from: 0, to: strings.count, by: 13) {
        let string = strings[ordinal]
        let next = ordinal + 1 < strings.count ? strings[ordinal + 1] : nil
        guard try table.find(string)?.ordinal == ordinal, try table.find(string + [0]) == nil,
          try table.lowerBound(string + [0])?.string == next
        else {
          Issue.record("\(string)")
          return
        }
      }
    }
  }
}
