// Do the lists of a segment hold exactly what its texts give?
internal import SuoyinAnalysis

/// Cuts the stored texts of a segment anew and compares their terms, at their positions, with the posting lists.
///
/// The occurrences of each passage are added up as hashes, once from its texts and once from the lists, so that these are read once, in the order in
/// which they lie. Two passages that differ have the same sum with a probability of 2⁻⁶⁴.
enum DeepCheck {
  /// After about so many occurrences the terms seen so far are forgotten, so that memory stays bounded.
  private static let occurrencesAtOnce = 4 << 20

  /// What is wrong, each in one line. The segment must be sound otherwise.
  static func problems(_ segment: SegmentReader, _ settings: AnalyzerSettings) throws(IndexError) -> [String] {
    let isCompared = isCompared(segment.schema)
    let fromTexts = try sumsOfTexts(segment, settings, isCompared)
    let fromLists = try sumsOfLists(segment, isCompared)
    var problems: [String] = []
    for (document, sums) in zip(fromTexts, fromLists).enumerated() where sums.0 != sums.1 {
      let key = DocumentKey(bytes: try segment.key(of: DocID(document)))
      problems.append("passage \(document) ('\(key)') has other terms in the lists than its texts give")
    }
    return problems
  }

  /// For each numbering, whether the texts that it is made of are stored.
  private static func isCompared(_ schema: Schema) -> [Bool] {
    schema.numberings.map { numbering in
      (numbering.pinyinSource.map { [$0] } ?? numbering.fields).allSatisfy { !schema.fields[$0].isText || schema.fields[$0].isStored }
    }
  }

  private static func sumsOfTexts(
    _ segment: SegmentReader, _ settings: AnalyzerSettings, _ isCompared: [Bool]
  ) throws(IndexError) -> [UInt64] {
    let numberings = segment.schema.numberings
    let analyzer = try withIndexErrors { try Analyzer(settings) }
    analyzer.bytesLeftToICU = 0
    var builder = SegmentBuilder(segment.schema, analyzer)
    /// For each term of the builder its hash, or nil when it is not compared.
    var hashes: [UInt64?] = []
    var passage = 0
    var sums = [UInt64](repeating: 0, count: segment.passageCount)
    for document in 0..<DocID(segment.passageCount) {
      if builder.words.terms.count + builder.pairs.terms.count > occurrencesAtOnce {
        builder = SegmentBuilder(segment.schema, analyzer)
        hashes = []
        passage = 0
      }
      let values = try segment.values(of: document)
      do { try builder.add(values) } catch { throw error as? IndexError ?? IndexError(.io, "\(error)", cause: error) }
      // A passage that was indexed before the pinyin field was added has none, which is no damage.
      let lengths = try segment.lengths.lengths(of: document)
      let isWithout = numberings.indices.map { numberings[$0].pinyinSource != nil && lengths[$0].cells == 0 }
      for number in hashes.count..<builder.terms.count {
        let bytes = Array(builder.terms.bytes(of: UInt32(number)))
        hashes.append(isCompared[Int(bytes[0])] ? ByteOrder.hash(bytes) : nil)
      }
      var sum: UInt64 = 0
      func add(_ stream: borrowing OccurrenceStream, hasPositions: Bool = true) {
        for occurrence in stream.range(of: passage) {
          let term = stream.terms[occurrence]
          guard let hash = hashes[Int(term)] else { continue }
          if isWithout.contains(true), isWithout[Int(builder.terms.bytes(of: term).first ?? 0)] { continue }
          sum &+= value(hash, hasPositions ? stream.positions[occurrence] : 0)
        }
      }
      add(builder.words)
      add(builder.extras)
      add(builder.pairs)
      add(builder.singles, hasPositions: false)
      sums[Int(document)] = sum
      passage += 1
    }
    return sums
  }

  private static func sumsOfLists(_ segment: SegmentReader, _ isCompared: [Bool]) throws(IndexError) -> [UInt64] {
    let numberings = segment.schema.numberings
    var sums = [UInt64](repeating: 0, count: segment.passageCount)
    var positions: [UInt32] = []
    var entry = segment.terms.count == 0 ? nil : try segment.terms.entry(at: 0)
    while var term = entry {
      let name = Term(bytes: term.string)
      if isCompared[name.numbering] {
        let hash = ByteOrder.hash(term.string)
        let cursor = try segment.postings(term.value)
        while cursor.docID != .end {
          if numberings.hasPositions(name) {
            try cursor.readPositions(into: &positions)
            for position in positions { sums[Int(cursor.docID)] &+= value(hash, position) }
          } else {
            sums[Int(cursor.docID)] &+= value(hash, 0) &* UInt64(cursor.frequency)
          }
          try cursor.next()
        }
      }
      entry = try segment.terms.advance(&term) ? term : nil
    }
    return sums
  }

  /// The finishing step of MurmurHash3.
  ///
  /// - Source: Appleby, MurmurHash3 (`fmix64`), 2011.
  private static func value(_ hash: UInt64, _ position: UInt32) -> UInt64 {
    var value = hash ^ (UInt64(position) &* 0x9E37_79B9_7F4A_7C15)
    value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
    value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return value ^ value >> 33
  }
}
