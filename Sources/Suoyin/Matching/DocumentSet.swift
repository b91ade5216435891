// Which documents of a segment match, when there is nothing else to know?
//
// Why the unsafe code here is sound: `words` has a bit for every document below `limit`, and room for the longest bitmap of a block behind
// them; who marks a document has compared it with the limit.

/// A bit for every document of a segment: how matches are counted where they are many.
@safe package struct DocumentSet: ~Copyable {
  /// Documents are below it.
  package let limit: DocID
  package let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  /// When who marks gives up: asked between lists, and now and then in a long one.
  package let interruption: Interruption

  /// An empty set.
  package init(limit: DocID, _ interruption: Interruption = .none) {
    self.limit = limit
    self.interruption = interruption
    wordCount = Int(limit) / 64 + 2 + PostingListWriter.maximumBitmapWords
    unsafe words = .allocate(capacity: wordCount)
    unsafe words.initialize(repeating: 0, count: wordCount)
  }

  deinit { unsafe words.deallocate() }

  /// Marks a document below the limit.
  @inline(__always)
  package func insert(_ document: DocID) {
    unsafe words[Int(document >> 6)] |= 1 << UInt64(truncatingIfNeeded: document & 63)
  }

  /// Adds what is in another set of the same segment.
  package func formUnion(_ other: borrowing DocumentSet) {
    for word in 0..<wordCount { unsafe words[word] |= other.words[word] }
  }

  /// Keeps what is in another set of the same segment.
  package func formIntersection(_ other: borrowing DocumentSet) {
    for word in 0..<wordCount { unsafe words[word] &= other.words[word] }
  }

  /// Keeps what is not in another set of the same segment.
  package func subtract(_ other: borrowing DocumentSet) {
    for word in 0..<wordCount { unsafe words[word] &= ~other.words[word] }
  }

  /// Keeps what is not dead.
  package func subtract(_ deleted: DeletedDocuments) {
    for word in 0...Int(limit) / 64 { unsafe words[word] &= ~deleted.word(word) }
  }

  /// How many documents are in it that are not dead.
  package func count(without deleted: DeletedDocuments?) -> Int {
    var count = 0
    for word in 0...Int(limit) / 64 {
      var bits = unsafe words[word]
      if let deleted { bits &= ~deleted.word(word) }
      count &+= bits.nonzeroBitCount
    }
    return count
  }
}
