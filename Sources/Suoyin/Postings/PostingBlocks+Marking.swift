// Which documents does a list hold, as a set?
//
// Why the unsafe code here is sound: documents of a loaded block are below the list's limit, which is the set's; a bitmap is compared with the list
// before it is read, and begins below the set's limit, behind which there is room for the longest.
internal import CKernels
internal import SuoyinStorage

extension PostingBlocks {
  /// Marks all documents of the list, from the loaded block on.
  package mutating func mark(in set: borrowing DocumentSet) throws(IndexError) {
    while true {
      fillDocuments()
      unsafe suoyin_mark(documents, UInt32(truncatingIfNeeded: length), set.words)
      if block % 64 == 0 { try set.interruption.check() }
      // Bitmaps are taken as they are, and only what is packed is unpacked.
      while block < blockCount, try markBitmap(block + 1, in: set) { block += 1 }
      if block >= blockCount { return }
      try load(block + 1)
    }
  }

  /// Marks the documents of a block that is a bitmap, without loading it; false when it is none.
  private func markBitmap(_ number: Int, in set: borrowing DocumentSet) throws(IndexError) -> Bool {
    let bytes = unsafe list.unsafeBytes
    let start = bodyStart + entry(number).offset
    guard number < blockCount, start + 4 <= bytes.count else { return false }
    // In bounds: just compared, here and below.
    let words = unsafe Int(bytes[start]) - PostingListWriter.bitmapCode
    guard words > 0 else { return false }
    let wordsStart = unsafe start + 4 + Int(bytes[start + 3]) * Frontier.entryLength
    let first = lastDocument(of: number - 1) &+ 1
    guard words <= PostingListWriter.maximumBitmapWords, wordsStart + words * 8 <= bytes.count, first < set.limit else {
      throw damaged("a block outside the posting list", start)
    }
    let (word, shift) = (Int(first >> 6), UInt64(first & 63))
    var carry: UInt64 = 0
    var count = 0
    var last: UInt64 = 0
    for index in 0..<words {
      let bits = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: wordsStart &+ index &* 8, as: UInt64.self))
      count &+= bits.nonzeroBitCount
      if bits != 0 { last = UInt64(first) &+ UInt64(index &* 64 &+ 63 &- bits.leadingZeroBitCount) }
      // The set has room for the longest bitmap behind its last document.
      unsafe set.words[word &+ index] |= bits << shift | carry
      carry = shift == 0 ? 0 : bits >> (64 &- shift)
    }
    unsafe set.words[word &+ words] |= carry
    guard count == BitPacking.blockLength, last == UInt64(lastDocument(of: number)), last < UInt64(set.limit) else {
      throw damaged("a block of other documents than its list says", start)
    }
    return true
  }
}
