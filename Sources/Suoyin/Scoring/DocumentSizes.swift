// How many passages does the document of a passage have?
//
// Why the unsafe code here is sound: `counts` has `count` numbers, made in `init` and freed in `deinit`, and is read below `count`.
internal import Synchronization

/// How many live passages the documents of an index have, each counted when it is first asked for. Usable from any thread.
package final class DocumentSizes: Sendable {
  private let index: IndexReader
  /// The keyword field whose values are documents, as an index in the schema.
  package let field: Int
  private let segments: Mutex<[SegmentSizes?]>

  /// - Returns: nil where no field says which document a passage is of.
  package init?(_ index: IndexReader) {
    guard let field = index.commit.schema.fields.firstIndex(where: { $0.role == .document }) else { return nil }
    self.index = index
    self.field = field
    segments = Mutex([SegmentSizes?](repeating: nil, count: index.segments.count))
  }

  /// The sizes of a segment's documents; nil when no passage of it has one.
  ///
  /// - Complexity: O(log *n*), *n* being the segment's terms.
  func cursor(segment number: Int) throws(IndexError) -> DocumentSizeCursor? {
    guard let column = try index.segments[number].reader.column(field) else { return nil }
    let sizes: SegmentSizes?
    if let known = segments.withLock({ $0[number] }) {
      sizes = known
    } else {
      sizes = try SegmentSizes(index, segment: number, field: field)
      // Another thread may have been faster: then there are two, and both are right.
      segments.withLock { $0[number] = sizes }
    }
    return sizes.map { DocumentSizeCursor(column: ColumnCursor(column), sizes: $0) }
  }
}

/// Looks up passages of one segment. For one thread.
struct DocumentSizeCursor {
  fileprivate let column: ColumnCursor
  fileprivate let sizes: SegmentSizes

  /// Of the passage's document; 0 when it belongs to none.
  func passageCount(_ document: DocID) throws(IndexError) -> Int {
    guard let ordinal = try column.first(document) else { return 0 }
    return try sizes.passageCount(ordinal)
  }
}

@safe private final class SegmentSizes: Sendable {
  private let index: IndexReader
  private let documents: KeywordTerms
  /// By the document's ordinal: one more than its passages; 0 where they have not been counted.
  nonisolated(unsafe) private let counts: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int
  /// Whether a document's list has all its passages, and no dead ones.
  private let isAlone: Bool

  /// - Returns: nil when no passage of the segment has a document.
  init?(_ index: IndexReader, segment number: Int, field: Int) throws(IndexError) {
    let segment = index.segments[number]
    guard let documents = try segment.reader.keywords(field), documents.count > 0 else { return nil }
    self.index = index
    self.documents = documents
    count = documents.count
    unsafe counts = .allocate(capacity: documents.count)
    for ordinal in 0..<documents.count { unsafe (counts + ordinal).initialize(to: Atomic(0)) }
    isAlone = index.segments.count == 1 && segment.deleted == nil
  }

  deinit {
    unsafe counts.deinitialize(count: count)
    unsafe counts.deallocate()
  }

  func passageCount(_ ordinal: Int64) throws(IndexError) -> Int {
    guard ordinal >= 0, ordinal < count else {
      throw IndexError(.corrupted, "\(index.directory) is damaged: a passage has a keyword that is not there", path: index.directory)
    }
    let known = unsafe counts[Int(ordinal)].load(ordering: .relaxed)
    if known > 0 { return known - 1 }
    let entry = try documents.entry(Int(ordinal))
    let found = try isAlone ? entry.value.count : TermStatistics(Term(bytes: entry.string), in: index).passageCount
    unsafe counts[Int(ordinal)].store(found + 1, ordering: .relaxed)
    return found
  }
}
