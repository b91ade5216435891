// Is this still the content that was imported before?
internal import Suoyin

/// A 128-bit digest that tells apart contents that differ by accident; it does not withstand those who want two to be equal.
package enum Digest {
  /// What the importer makes of the same bytes changes with this number.
  static let version = 2

  /// The digest of a content and of all that decides what is made of it.
  static func of(_ bytes: [UInt8], tag: String) -> [UInt8] {
    let content = murmur3(bytes)
    // The content's digest goes in with the tag, so that the content is not copied to be joined with it.
    return murmur3(content + Array("\(version) \(tag)".utf8))
  }

  package static func murmur3(_ bytes: [UInt8], seed: UInt32 = 0) -> [UInt8] { MurmurHash3.digest(of: bytes, seed: seed) }
}
