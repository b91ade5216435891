// Which passages of a segment are gone, and what has that changed?
package import SuoyinStorage

/// The dead passages of a segment as of one commit, and what they took away from the statistics, so that BM25 never sees them.
///
///     documents = count { documentId − previous }           in variable bytes
///     terms     = count { ordinal − previous  decrease }    by how much a term's document frequency is smaller
///     totals    = the lengths that are gone, by numbering
package struct DeletedDocuments: Equatable, Sendable {
  /// A bit for every passage.
  private var bits: [UInt64]
  package private(set) var count = 0
  /// Ascending ordinals of terms, and by how much each one's document frequency has decreased.
  package private(set) var termOrdinals: [UInt32] = []
  package private(set) var decreases: [UInt32] = []
  package private(set) var statistics: [NumberingStatistics]

  package init(_ segment: SegmentReader) {
    bits = [UInt64](repeating: 0, count: (segment.passageCount + 63) / 64)
    statistics = [NumberingStatistics](repeating: NumberingStatistics(), count: segment.statistics.count)
  }

  @inline(__always)
  package func contains(_ document: DocID) -> Bool { bits[Int(document >> 6)] >> UInt64(document & 63) & 1 != 0 }

  /// A bit for each of the 64 passages from 64 · `number` on; 0 behind the last.
  package func word(_ number: Int) -> UInt64 { number < bits.count ? bits[number] : 0 }

  /// By how much the document frequency of a term is smaller than the segment says.
  ///
  /// - Complexity: O(log *n*), *n* being the terms with a decrease.
  package func decrease(ofTerm ordinal: Int) -> Int {
    var low = 0
    var high = termOrdinals.count
    while low < high {
      let middle = (low + high) / 2
      if Int(termOrdinals[middle]) < ordinal { low = middle + 1 } else { high = middle }
    }
    return low < termOrdinals.count && Int(termOrdinals[low]) == ordinal ? Int(decreases[low]) : 0
  }

  /// The same with further passages gone.
  ///
  /// The decreases are found by reading the segment's posting lists once: a forward index (passage → terms) would save that, and would
  /// take about as many bytes as the documents and frequencies themselves (docs/Architecture.md has the figures).
  ///
  /// - Complexity: O(*p*), *p* being the segment's postings; about 10 ns each.
  package func adding(_ documents: Set<DocID>, in segment: SegmentReader) throws(IndexError) -> DeletedDocuments {
    var result = self
    var isNew = [Bool](repeating: false, count: segment.passageCount)
    var ascending: [DocID] = []
    for document in documents where !contains(document) {
      isNew[Int(document)] = true
      ascending.append(document)
    }
    guard !ascending.isEmpty else { return self }
    ascending.sort()
    for document in ascending {
      result.bits[Int(document >> 6)] |= 1 << UInt64(document & 63)
      for (numbering, lengths) in try segment.lengths.lengths(of: document).enumerated() { result.statistics[numbering] += lengths }
    }
    result.count += ascending.count
    result.termOrdinals = []
    result.decreases = []
    var entry = segment.terms.count == 0 ? nil : try segment.terms.entry(at: 0)
    while var term = entry {
      let earlier = decrease(ofTerm: term.ordinal)
      let newly = try Self.count(term.value, among: ascending, isNew, in: segment)
      if earlier + newly > 0 {
        result.termOrdinals.append(UInt32(term.ordinal))
        result.decreases.append(UInt32(earlier + newly))
      }
      entry = try segment.terms.advance(&term) ? term : nil
    }
    return result
  }

  /// How many of the postings of a term are of new dead passages.
  private static func count(
    _ value: StringValue, among ascending: [DocID], _ isNew: [Bool], in segment: SegmentReader
  ) throws(IndexError) -> Int {
    let cursor = try segment.postings(value)
    var count = 0
    if value.count > ascending.count * 8 {
      // A long list and few dead: look each one up.
      for document in ascending {
        try cursor.advance(to: document)
        if cursor.docID == document { count += 1 }
        if cursor.docID == .end { break }
      }
    } else {
      while cursor.docID != .end {
        if isNew[Int(cursor.docID)] { count += 1 }
        try cursor.next()
      }
    }
    return count
  }

  // MARK: As a file

  private enum Section: UInt32 {
    case documents = 1
    case terms, totals
  }

  package func write(to path: String, in fileSystem: any FileSystem) throws(StorageError) -> FileIdentity {
    let file = try SectionFileWriter(path, kind: FileKind.deletions, in: fileSystem)
    var documents = ByteWriter()
    documents.append(variable: UInt64(count))
    var previous: UInt64 = 0
    for document in 0..<UInt64(bits.count * 64) where contains(DocID(document)) {
      documents.append(variable: document - previous)
      previous = document
    }
    var terms = ByteWriter()
    terms.append(variable: UInt64(termOrdinals.count))
    var previousOrdinal: UInt32 = 0
    for (ordinal, decrease) in zip(termOrdinals, decreases) {
      terms.append(variable: UInt64(ordinal - previousOrdinal))
      terms.append(variable: UInt64(decrease))
      previousOrdinal = ordinal
    }
    var totals = ByteWriter()
    for numbering in statistics { numbering.write(to: &totals) }
    for (section, bytes) in [(Section.documents, documents.bytes), (.terms, terms.bytes), (.totals, totals.bytes)] {
      try file.beginSection(section.rawValue)
      try file.append(bytes)
    }
    return try file.finish()
  }

  package init(_ path: String, of segment: SegmentReader, identity: FileIdentity, in fileSystem: any FileSystem) throws(IndexError) {
    self.init(segment)
    let file = try withIndexErrors { try SectionFile(path, kind: FileKind.deletions, in: fileSystem) }
    guard file.identity == identity else { throw IndexError.foreign(path) }
    func reader(_ section: Section) throws(IndexError) -> ByteReader {
      try ByteReader(withIndexErrors { try file.section(section.rawValue) })
    }
    var documents = try reader(.documents)
    var dead: [DocID] = []
    try Self.readAscending(&documents, below: segment.passageCount) { dead.append($0) }
    count = dead.count
    for document in dead { bits[Int(document >> 6)] |= 1 << UInt64(document & 63) }
    var terms = try reader(.terms)
    let termCount = try terms.variable(atMost: segment.terms.count)
    var ordinal = 0
    for index in 0..<termCount {
      let delta = try terms.variable(atMost: segment.terms.count)
      ordinal += delta
      guard ordinal < segment.terms.count, index == 0 || delta > 0 else { throw terms.corrupted("terms do not ascend") }
      termOrdinals.append(UInt32(ordinal))
      decreases.append(UInt32(try terms.variable(atMost: count)))
    }
    var totals = try reader(.totals)
    for numbering in statistics.indices { try statistics[numbering].read(from: &totals) }
  }
}

extension DeletedDocuments {
  /// The dead passages alone, for a segment that cannot be opened.
  static func passages(
    _ path: String, passageCount: Int, identity: FileIdentity, in fileSystem: any FileSystem
  ) throws(IndexError) -> Set<DocID> {
    let file = try withIndexErrors { try SectionFile(path, kind: FileKind.deletions, in: fileSystem) }
    guard file.identity == identity else { throw IndexError.foreign(path) }
    var documents = ByteReader(try withIndexErrors { try file.section(Section.documents.rawValue) })
    var passages: Set<DocID> = []
    try readAscending(&documents, below: passageCount) { passages.insert($0) }
    return passages
  }

  /// Reads the section of dead passages.
  private static func readAscending(_ documents: inout ByteReader, below limit: Int, _ body: (DocID) -> Void) throws(IndexError) {
    let count = try documents.variable(atMost: limit)
    var document = 0
    for index in 0..<count {
      let delta = try documents.variable(atMost: limit)
      document += delta
      guard document < limit, index == 0 || delta > 0 else { throw documents.corrupted("deleted passages do not ascend") }
      body(DocID(document))
    }
  }
}

extension IndexError {
  /// A file that is whole, but not the one that the commit names.
  package static func foreign(_ path: String) -> IndexError {
    IndexError(
      .corrupted, "\(path) is not the file that the commit names; it was replaced. Restore the index from a copy or build it again",
      path: path)
  }
}
