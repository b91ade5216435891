// Is the checksum CRC-32C, however it is computed?
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct ChecksumTests {
  @Test func `gives the check value of the standard`() {
    #expect(Checksum.crc32c(Array("123456789".utf8)[...]) == 0xE306_9283)
    #expect(Checksum.crc32c([]) == 0)
  }

  @Test(arguments: SeededRandom.seeds(4)) func `equals the portable form for every length and place`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for start in 0..<9 {
      for end in start...bytes.count {
        #expect(Checksum.crc32c(bytes[start..<end]) == Checksum.portableCRC32C(Array(bytes[start..<end])), "\(random.advice)")
      }
    }
  }
}
