// What is in a posting list before it is laid down, or after all of it has been read?

/// Postings side by side: `documents` ascend, each has a frequency, and `deltas` holds as many positions as the frequencies add up to, or none.
struct PostingColumns: ~Copyable {
  var documents = GrowingBuffer<UInt32>()
  var frequencies = GrowingBuffer<UInt32>()
  /// The positions of each document one after another, each less the one before it in the same document.
  var deltas = GrowingBuffer<UInt32>()

  mutating func removeAll() {
    documents.removeAll()
    frequencies.removeAll()
    deltas.removeAll()
  }
}
