// Which passages does each source of a segment have, and what is its digest?
internal import SuoyinStorage

/// The passages of a segment's sources, all of them checked: for those who read the whole section.
struct SourcePassages {
  private let bytes: ByteSlice
  private let passageCount: Int

  init(_ segment: SegmentReader) throws(IndexError) {
    bytes = try segment.section(.sourcePassages)
    passageCount = segment.passageCount
  }

  /// Appends the new numbers of the passages of a source that have any, in the order in which the section has them.
  ///
  /// - Parameter numbers: For every passage of the segment its new number, or `DocID.end`.
  func append(_ source: StringValue, called numbers: [DocID], to output: inout GrowingBuffer<DocID>) throws(IndexError) {
    var reader = RawReader(bytes, at: source.range.lowerBound)
    var document = 0
    for index in 0..<source.count {
      guard let delta = reader.variable(), delta < UInt64(passageCount - document), index == 0 || delta > 0 else {
        throw .corrupted("passages of a source do not ascend", in: bytes, at: reader.offset)
      }
      document += Int(delta)
      let number = numbers[document]
      if number != .end { output.append(number) }
    }
  }
}

/// The digests of a segment's sources: the length of the longest, and for each source that of its own and as many bytes, perhaps zeros at the end.
struct SourceDigests {
  let bytes: ByteSlice

  init(_ segment: SegmentReader) throws(IndexError) { bytes = try segment.section(.sourceDigests) }
  init(bytes: ByteSlice) { self.bytes = bytes }

  /// Where the digest of the source with this ordinal is.
  func range(ofSource ordinal: Int) throws(IndexError) -> Range<Int> {
    guard bytes.count > 0 else { throw .corrupted("the data end too early", in: bytes) }
    let width = Int(bytes[0])
    let start = 1 + ordinal * (width + 1)
    guard start < bytes.count, Int(bytes[start]) <= min(width, bytes.count - start - 1) else {
      throw .corrupted("the digest of a source is not there", in: bytes, at: min(start, bytes.count))
    }
    return start + 1..<start + 1 + Int(bytes[start])
  }
}
