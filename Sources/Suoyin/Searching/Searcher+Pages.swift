// Which matches are on a page, and where does the next one begin?
//
// Why the unsafe code here is sound: indexes of candidates are below their count.
internal import SuoyinAnalysis
internal import SuoyinStorage

/// The matches of a page of results.
struct HitPage {
  var matches: [ScoredDocument] = []
  /// For each match those behind it whose text is the same; empty when they are not taken together.
  var reprints: [[ScoredDocument]] = []
  /// The match behind which the next page begins; nil when there is none.
  var last: ScoredDocument?
  /// How many passages match, where that was found by the way.
  var total: Int?
  /// Those from outside, of the first matches, which are in an order from outside.
  var scores: [Double] = []
  /// What the next page's token has for the question, where that is not the query's.
  var question: UInt32?
}

extension Searcher {
  /// A page of the matches of a query.
  func page(_ limit: Int, of weight: Weight, _ options: SearchOptions, _ interruption: Interruption) throws(IndexError) -> HitPage {
    if limit == 0 {
      // Refuses what cannot be sorted by all the same.
      if !options.sort.isEmpty { _ = try SortedHits(options.sort, limit: 1, after: nil, index) }
      return HitPage()
    }
    if let field = options.collapsedField { return try collapsedPage(limit, of: weight, field, options, interruption) }
    // One more, to see whether there is a next page.
    var page = HitPage()
    if options.countsTotal, options.sort.isEmpty, weight.isFoundAsAWhole {
      var total = 0
      page.matches = try best(limit + 1, of: weight, after: options.after, interruption) { total += $0 }
      page.total = total
    } else {
      page.matches = try first(limit + 1, of: weight, options.sort, after: options.after, interruption)
    }
    if page.matches.count > limit {
      page.matches.removeLast()
      page.last = page.matches.last
    }
    return page
  }

  /// The first matches in an order, of those behind a position.
  func first(
    _ limit: Int, of weight: Weight, _ sort: [SortKey], after: SearchPosition?, _ interruption: Interruption
  ) throws(IndexError) -> [ScoredDocument] {
    sort.isEmpty
      ? try best(limit, of: weight, after: after, interruption)
      : try SortedSearch(index, weight, interruption).first(limit, by: sort, after: after)
  }

  /// The best matches, best first.
  ///
  /// - Parameters:
  ///   - after: Only matches behind this one are given.
  ///   - count: Gets numbers whose sum is how many passages match; then none is passed over.
  package func best(
    _ limit: Int, of weight: Weight, after: SearchPosition? = nil, _ interruption: Interruption = .none, count: ((Int) -> Void)? = nil
  ) throws(IndexError) -> [ScoredDocument] {
    if limit == 0 { return [] }
    if let after, !after.values.isEmpty { throw SearchPosition.ofOtherQuery }
    let segments = index.segments
    var top = TopHits(limit: limit) { segment, document throws(IndexError) in try segments[segment].reader.key(of: document) }
    var candidates = Candidates()
    for (number, segment) in segments.enumerated() {
      guard let scorer = try weight.scorer(in: segment.reader, number: number) else { continue }
      // What so many live matches reach, the worst of the best reaches too, unless some of them come before the page.
      let reached = segment.deleted == nil && after == nil ? scorer.scoreReached(by: limit) : 0
      var minimum = max(reached, top.minimum(inSegment: number))
      let firstBehind = try after.map { after throws(IndexError) in try segment.reader.firstDocument(behind: after.key) } ?? 0
      // Terminates: every turn goes forward in the segment.
      while scorer.docID != .end {
        try interruption.check()
        try scorer.next(&candidates, below: .end, minimum: count == nil ? minimum : 0, isScored: true)
        count?(liveCount(candidates, segment))
        candidates.keep(scoring: minimum)
        for index in 0..<candidates.count {
          let match = unsafe ScoredDocument(score: candidates.scores[index], segment: number, document: candidates.documents[index])
          if match.score < minimum || segment.isDead(match.document) { continue }
          if let after, match.score > after.score || match.score == after.score && match.document < firstBehind { continue }
          try top.offer(match)
          minimum = max(minimum, top.minimum(inSegment: number))
        }
      }
    }
    return try top.sorted()
  }

  /// How many candidates are alive.
  func liveCount(_ candidates: borrowing Candidates, _ segment: LiveSegment) -> Int {
    if segment.deleted == nil { return candidates.count }
    return (0..<candidates.count).count { unsafe !segment.isDead(candidates.documents[$0]) }
  }

  // MARK: Reprints

  /// How many matches behind a page's beginning are looked at for different texts.
  private static let mostLookedAt = 10_000

  /// A page of matches with different texts: of those with the same, the first in the whole order.
  ///
  /// Reprints are known up to the match that would begin the next page.
  private func collapsedPage(
    _ limit: Int, of weight: Weight, _ field: String, _ options: SearchOptions, _ interruption: Interruption
  ) throws(IndexError) -> HitPage {
    guard let place = schema.fields.firstIndex(where: { $0.name == field && $0.isText && $0.isStored }) else {
      throw IndexError(.invalidArgument, "the index has no stored text field '\(field)' to compare hits by")
    }
    var boundary: ScoredDocument?
    if let after = options.after {
      boundary = try first(1, of: weight, options.sort, after: after, interruption).first
      if boundary == nil { return HitPage() }
    }
    var page = HitPage()
    /// For each text the place of the hit that stands for it; nil for those of pages before.
    var standing: [TextDigest: Int?] = [:]
    var count = 0
    var position: SearchPosition?
    let stretch = min(Self.maximumLimit, max(64, 2 * limit))
    // Terminates: each turn but the last goes on by a stretch in the order of all matches.
    while true {
      let matches = try first(stretch, of: weight, options.sort, after: position, interruption)
      for match in matches {
        try interruption.check()
        if match == boundary { boundary = nil }
        if boundary == nil { count += 1 }
        let digest = try digest(of: match, place)
        if let digest, let known = standing[digest] {
          if let known { page.reprints[known].append(match) }
          continue
        }
        if boundary == nil {
          if page.matches.count == limit { return page }
          page.matches.append(match)
          page.reprints.append([])
          page.last = match
        }
        if let digest { standing[digest] = boundary == nil ? page.matches.count - 1 : .some(nil) }
        if count == Self.mostLookedAt { return page }
      }
      guard matches.count == stretch, let last = matches.last else {
        page.last = nil
        return page
      }
      position = try self.position(of: last, rank: 0, question: 0, options.sort)
    }
  }

  private func digest(of match: ScoredDocument, _ field: Int) throws(IndexError) -> TextDigest? {
    guard case .text(let text)? = try index.segments[match.segment].reader.values(of: match.document)[field] else { return nil }
    return TextDigest(text)
  }

  // MARK: Positions

  /// - Parameter question: The digest of the query and what the order depends on.
  func position(of match: ScoredDocument, rank: Int, question: UInt32, _ sort: [SortKey]) throws(IndexError) -> SearchPosition {
    var values: [SearchPosition.Value] = []
    if !sort.isEmpty {
      var hits = try SortedHits(sort, limit: 1, after: nil, index)
      values = try hits.positionValues(of: match)
    }
    return SearchPosition(
      commit: index.commit.number, files: index.digest, question: question, index: index.pathDigest, rank: rank, score: match.score,
      values: values, key: try index.segments[match.segment].reader.key(of: match.document))
  }

  /// Checks that a position is one of this index.
  ///
  /// - Returns: whether the index has been changed since.
  func check(_ position: SearchPosition) throws(IndexError) -> Bool {
    guard position.index == index.pathDigest, position.commit <= index.commit.number,
      position.commit < index.commit.number || position.files == index.digest
    else { throw IndexError(.invalidArgument, "the token of the page is of another index; begin with the first page again") }
    return position.commit < index.commit.number
  }
}

extension SearchPosition {
  static let ofOtherQuery = IndexError(
    .invalidArgument,
    "the token of the page is of another query, order, filter or ranking; give the same, or begin with the first page again")
}

extension IndexReader {
  /// A digest of the snapshot's files.
  var digest: UInt32 {
    var writer = ByteWriter()
    for file in commit.files {
      writer.append(variable: file.number)
      writer.append(fixed: file.identity.length)
      writer.append(fixed: file.identity.footerChecksum)
    }
    return Checksum.crc32c(writer.bytes[...])
  }

  var pathDigest: UInt32 { Checksum.crc32c(Array(directory.utf8)[...]) }
}

/// What texts have in common that differ only in white space, punctuation, width, case and script.
struct TextDigest: Hashable {
  private let length: Int
  private let hash: UInt64

  /// - Returns: nil for a text without letters and digits.
  /// - Complexity: O(*n*).
  init?(_ text: String) {
    var bytes = Analyzer.normalizedValue(text)
    var kept = 0
    var offset = 0
    let whole = String(decoding: bytes, as: UTF8.self)
    for scalar in whole.unicodeScalars {
      let count = UTF8.width(scalar)
      if scalar.isPartOfWord {
        for place in 0..<count { bytes[kept + place] = bytes[offset + place] }
        kept += count
      }
      offset += count
    }
    if kept == 0 { return nil }
    bytes.removeSubrange(kept...)
    length = kept
    hash = ByteOrder.hash(bytes)
  }
}

extension Unicode.Scalar {
  /// A letter, mark or number.
  fileprivate var isPartOfWord: Bool {
    // Nearly all: Han characters, and then ASCII.
    if value >= 0x4E00, value < 0xA000 { return true }
    if value < 0x80 { return properties.isAlphabetic || value &- 0x30 < 10 }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}
