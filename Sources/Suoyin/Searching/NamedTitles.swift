// Which titles are terms that begin as was typed?
internal import SuoyinAnalysis

/// The passages whose titles have terms that begin as was typed, by term.
///
/// A passage belongs to the first and longest of its terms, which is that of its whole title unless that is too long to be a term. One passage of a group
/// says whether the title begins so, and whether all of the group have the same title.
struct NamedTitles {
  /// A term at a cell of titles that are equally long.
  struct Name: Hashable, Comparable {
    var term: [UInt8]
    var firstCell: UInt32
    var extent: UInt32

    static func < (left: Name, right: Name) -> Bool {
      left.term != right.term
        ? ByteOrder.precedes(left.term, right.term) : (left.firstCell, left.extent) < (right.firstCell, right.extent)
    }

    /// Whether it is the term of all of a title of one of its passages, and so of all of them.
    func isAll(of title: WholeTitle) -> Bool { title.isCertain && title.firstCell == Int(firstCell) && title.term == term }
  }

  private(set) var groups: [SuggestedTitles.Group] = []
  /// For each segment the groups of its passages.
  private var groupOfDocument: [[DocID: Int]] = []

  /// Whether a passage is in one of the groups.
  func contains(_ place: PassagePlace) -> Bool { groupOfDocument[place.segment][place.document] != nil }

  /// - Returns: nil where titles are no terms, or too many begin so.
  init?(_ pattern: CellPattern, _ titles: SuggestedTitles) throws(IndexError) {
    guard titles.hasTerms, let cells = pattern.cells else { return nil }
    let index = titles.index
    let beginning = NameTerm.beginning(of: cells)
    let field = TitleField(titles)
    let prefix = Term(numbering: field.numbering, family: .extra, beginning.term).bytes
    var lists: [(segment: Int, term: [UInt8], value: StringValue)] = []
    var placeCount = 0
    var isTooMuch = false
    for (number, segment) in index.segments.enumerated() where !isTooMuch {
      try titles.interruption.check()
      try segment.reader.terms.forEach(beginningWith: prefix) { entry throws(IndexError) in
        placeCount += entry.value.count
        isTooMuch = lists.count == titles.limits.names || placeCount > titles.limits.namedPlaces
        if !isTooMuch { lists.append((number, Array(entry.string.dropFirst(2)), entry.value)) }
        return !isTooMuch
      }
    }
    if isTooMuch { return nil }

    var groupOfName: [Name: Int] = [:]
    groupOfDocument = index.segments.map { _ in [:] }
    for list in lists {
      // Most passages with a term have the same title, or all.
      var last: (name: Name, group: Int)?
      try field.forEachPlace(of: list.value, inSegment: list.segment) { document, firstCell, extent in
        guard beginning.mayBegin(atCell: Int(firstCell)) else { return }
        if let known = groupOfDocument[list.segment][document], let name = groups[known].name,
          (name.firstCell, list.term.count) < (firstCell, name.term.count)
        {
          return
        }
        if last?.name.firstCell != firstCell || last?.name.extent != extent {
          let name = Name(term: list.term, firstCell: firstCell, extent: extent)
          let group = groupOfName[name] ?? groups.count
          if group == groups.count {
            groupOfName[name] = group
            groups.append(SuggestedTitles.Group(places: [], name: name))
          }
          last = (name, group)
        }
        groupOfDocument[list.segment][document] = last?.group
      }
    }
    for (segment, documents) in groupOfDocument.enumerated() {
      for document in documents.keys.sorted() {
        if let group = documents[document] { groups[group].places.append(PassagePlace(segment: segment, document: document)) }
      }
    }
    groups.removeAll { $0.places.isEmpty }
  }

  /// In how many passages a title is that no other title with its extent and its term can be; nil where that takes too long to say.
  static func count(_ title: WholeTitle, extent: UInt32, _ titles: SuggestedTitles) throws(IndexError) -> Int? {
    let field = TitleField(titles)
    let term = try TermStatistics(Term(numbering: field.numbering, family: .extra, title.term), in: titles.index)
    if term.listLength > titles.limits.namedPlaces { return nil }
    var count = 0
    for (number, value) in term.values.enumerated() {
      guard let value else { continue }
      try titles.interruption.check()
      try field.forEachPlace(of: value, inSegment: number) { _, firstCell, other in
        if Int(firstCell) == title.firstCell, other == extent { count += 1 }
      }
    }
    return count
  }
}

/// Where the terms of titles stand.
private struct TitleField {
  let index: IndexReader
  let numbering: Int
  /// Which of the numbering's fields.
  let place: Int

  init(_ titles: SuggestedTitles) {
    index = titles.index
    numbering = index.numberings.firstIndex { $0.fields.contains(titles.field) } ?? 0
    place = index.numberings[numbering].fields.firstIndex(of: titles.field) ?? 0
  }

  /// Calls `body` with each live passage of a list whose title has the term, the term's first cell in the title and the title's extent.
  func forEachPlace(
    of value: StringValue, inSegment number: Int, _ body: (DocID, UInt32, UInt32) -> Void
  ) throws(IndexError) {
    let lengths = index.segments[number].reader.lengths
    var positions: [UInt32] = []
    try index.forEachPlace(of: value, inSegment: number, limit: .max) { cursor throws(IndexError) in
      try cursor.readPositions(into: &positions)
      let start = place == 0 ? 0 : try lengths.fieldRanges(numbering: numbering, of: cursor.docID)[place].lowerBound
      let extent = try lengths.extent(numbering: numbering, field: place, of: cursor.docID)
      if let position = positions.first(where: { $0 >= start && $0 - start < extent }) { body(cursor.docID, position - start, extent) }
    }
  }
}
