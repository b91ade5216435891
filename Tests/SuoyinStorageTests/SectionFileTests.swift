// Does a file of sections give back what was written, and notice when it cannot?
import Foundation
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct SectionFileTests {
  private let directory: TemporaryDirectory
  private let fileSystem = SystemFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  private func write(_ sections: [(id: UInt32, bytes: [UInt8])], to name: String) throws -> FileIdentity {
    let writer = try SectionFileWriter(directory.path(name), kind: 9, in: fileSystem)
    for section in sections {
      try writer.beginSection(section.id)
      try writer.append(section.bytes)
      #expect(writer.sectionLength == section.bytes.count)
    }
    return try writer.finish()
  }

  @Test func `gives back sections of every length around a page`() throws {
    let page = SectionFileFormat.pageLength
    for (number, length) in [0, 1, 7, 8, 9, page - 17, page - 16, page - 15, page, 3 * page + 1, 300 * page].enumerated() {
      let first = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let identity = try write([(1, first), (2, [42]), (3, [])], to: "file-\(number)")
      let file = try SectionFile(directory.path("file-\(number)"), kind: 9, in: fileSystem)
      #expect(file.identity == identity)
      #expect(try file.section(1).array == first)
      #expect(try file.section(2).array == [42])
      #expect(try file.section(3).array == [])
      #expect(file.length(of: 4) == nil)
      #expect(throws: StorageError.self) { try file.section(4) }
      #expect(throws: StorageError.self) { try file.bytes(of: 1, at: length, count: 1) }
      #expect(throws: StorageError.self) { try file.bytes(of: 1, at: -1, count: 1) }
      try file.checkAllPages()
    }
  }

  @Test func `detects every flipped byte, at opening or when the page is read`() throws {
    let length = 5000
    _ = try write([(1, [UInt8](repeating: 7, count: length)), (2, [1, 2, 3])], to: "whole")
    let whole = try Data(contentsOf: URL(fileURLWithPath: directory.path("whole")))
    for offset in whole.indices {
      var damaged = whole
      damaged[offset] ^= 1 << UInt8(offset % 8)
      try damaged.write(to: URL(fileURLWithPath: directory.path("damaged")))
      #expect(throws: StorageError.self, "byte \(offset)") {
        try SectionFile(directory.path("damaged"), kind: 9, in: fileSystem).checkAllPages()
      }
    }
  }

  @Test func `refuses every shorter file`() throws {
    _ = try write([(1, [UInt8](repeating: 7, count: 100))], to: "whole")
    let whole = try Data(contentsOf: URL(fileURLWithPath: directory.path("whole")))
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: directory.path("short")))
      #expect(throws: StorageError.self, "\(length) bytes") { try SectionFile(directory.path("short"), kind: 9, in: fileSystem) }
    }
  }

  @Test func `refuses a file of another kind, and says where`() throws {
    _ = try write([(1, [1])], to: "file")
    #expect {
      try SectionFile(directory.path("file"), kind: 8, in: fileSystem)
    } throws: { error in
      guard case .corrupted(_, byteOffset: 8)? = (error as? StorageError)?.reason else { return false }
      return true
    }
  }

  @Test func `never writes over a file`() throws {
    _ = try write([(1, [1])], to: "file")
    #expect { try SectionFileWriter(directory.path("file"), kind: 9, in: fileSystem) } throws: {
      ($0 as? StorageError)?.isAlreadyThere ?? false
    }
  }
}
