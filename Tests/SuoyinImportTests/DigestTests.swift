// Is the digest the one that its author published?
internal import SuoyinImport
import Testing

@Suite("A digest is computed")
struct DigestTests {
  /// The digests of all lengths below 256 in one: `VerificationTest` of SMHasher.
  @Test("It is that of MurmurHash3_x64_128")
  func verification() {
    let digests = (0..<256).flatMap { length in Digest.murmur3((0..<length).map { UInt8($0) }, seed: UInt32(256 - length)) }
    #expect(Digest.murmur3(digests).prefix(4) == [0x69, 0xBA, 0x84, 0x63])
    #expect(Digest.murmur3([]).count == 16)
  }
}
