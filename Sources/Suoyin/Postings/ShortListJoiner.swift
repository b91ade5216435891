// How do short posting lists of a term that stand one behind the other become one, without being taken apart?
//
// Why the unsafe code here is sound: a list lies in its section with sixteen bytes behind it, which has been compared; the kernel looks at every
// number before it goes on, and there is room for all that it writes; `sections` keep the bytes of the segments.
internal import CKernels
package import SuoyinStorage

/// Joins lists of one term that have no blocks, so that all but their first documents can stay as they are: a list says of a document how far behind
/// the one before it is.
///
/// Equivalent to reading the lists with `PostingListMerger` and writing them with `PostingListWriter`, for lists of fewer documents than a block
/// has, from segments whose documents all have got the same shift, and each behind the one before.
@safe package struct ShortListJoiner: ~Copyable {
  private var sections: [ByteSlice] = []
  private var segments = GrowingBuffer<Segment>()
  private var lists = unsafe GrowingBuffer<suoyin_tail>()
  private var byteCount = 0
  private var count = 0

  @safe struct Segment {
    let bytes: UnsafeRawBufferPointer
    /// How many documents it has; 0 where these have not got the same shift.
    let documentCount: Int
    let shift: DocID
  }

  package init() {}

  /// Adds a segment, whose number is how many there are already.
  ///
  /// - Parameters:
  ///   - lists: The section of its posting lists, all of it checked.
  ///   - newNumbers: For every document of the segment its new number, ascending, or `DocID.end`.
  package mutating func addSegment(_ lists: ByteSlice, numbers newNumbers: [DocID]) {
    sections.append(lists)
    let shift = PostingListMerger.shift(of: newNumbers)
    unsafe segments.append(Segment(bytes: lists.unsafeBytes, documentCount: shift == nil ? 0 : newNumbers.count, shift: shift ?? 0))
  }

  /// Adds a list of the term; false when it cannot be joined with the others.
  @inline(__always)
  package mutating func add(_ value: StringValue, ofSegment number: Int) -> Bool {
    let segment = segments[number]
    count += value.count
    guard count < BitPacking.blockLength, value.count > 0, value.count <= segment.documentCount,
      value.range.upperBound <= (unsafe segment.bytes.count) - Self.padding, let start = unsafe segment.bytes.baseAddress
    else { return false }
    unsafe lists.append(
      suoyin_tail(
        bytes: (start + value.range.lowerBound).assumingMemoryBound(to: UInt8.self), length: value.range.count, position_count: 0,
        count: UInt32(truncatingIfNeeded: value.count), limit: UInt32(truncatingIfNeeded: segment.documentCount), shift: segment.shift))
    byteCount += value.range.count
    return true
  }

  /// Appends the lists as one to `output`, and says how many documents it has; nil when they do not stand in order, or one is damaged.
  package mutating func join(hasPositions: Bool, into output: inout ByteWriter) -> Int? {
    guard let first = unsafe lists.elements.baseAddress else { return nil }
    var length = 0
    unsafe output.append(atMost: byteCount + 4 * lists.count + Self.padding) {
      length = unsafe suoyin_join_tails(first, lists.count, hasPositions ? 1 : 0, $0)
      return max(0, length)
    }
    return length < 0 ? nil : count
  }

  /// Forgets the lists.
  package mutating func removeAll() {
    unsafe lists.removeAll()
    (byteCount, count) = (0, 0)
  }

  /// How many bytes may be read behind a list, and written.
  private static let padding = 16
}
