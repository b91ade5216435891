// Which titles begin as was typed?
internal import SuoyinAnalysis

/// Finds titles: the whole texts of a field.
///
/// A title is found by the cells that it begins with: where they stand in a passage says whether its title begins there. Passages of one document
/// are neighbours in the order of keys, so that one of them is read for all.
struct SuggestedTitles {
  let searcher: Searcher
  let limits: SuggestionLimits
  let interruption: Interruption
  /// The title's index in the schema.
  let field: Int
  private var index: IndexReader { searcher.index }

  /// A title and how many passages have it.
  struct Title {
    var text: String
    /// Its cells: what is the same title has the same.
    var key: [UInt8]
    var count: Int
    var isExact: Bool
  }

  /// Neighbouring passages whose titles begin as was typed and are equally long.
  private struct Group {
    var place: PassagePlace
    var extent: UInt32
    var count: Int
  }

  /// The titles that begin with a pattern, those of more passages first, then by their bytes.
  ///
  /// - Parameters:
  ///   - sequences: One of these stands at the beginning of every title that matches.
  ///   - limit: At most how many.
  func find(_ pattern: CellPattern, _ sequences: [SequenceWeight], limit: Int) throws -> [Title] {
    var groups: [Group] = []
    for sequence in sequences { try addGroups(sequence, places: max(1, limits.places / sequences.count), &groups) }
    groups.sort { left, right in
      left.count != right.count
        ? left.count > right.count
        : (left.place.segment, left.place.document) < (right.place.segment, right.place.document)
    }
    var titles: [Title] = []
    for group in groups.prefix(limits.titles) {
      try interruption.check()
      let values = try index.segments[group.place.segment].reader.values(of: group.place.document)
      guard field < values.count, case .text(let text)? = values[field] else { continue }
      let analysis = try searcher.analyzer.analyze(text)
      guard pattern.stands(at: 0, in: analysis) else { continue }
      let key = Array(analysis.cells.map { Array(analysis.term(of: $0)) }.joined(separator: [PairTerm.separator]))
      if let place = titles.firstIndex(where: { $0.key == key }) {
        titles[place].count += group.count
      } else {
        titles.append(Title(text: text, key: key, count: group.count, isExact: false))
      }
    }
    func isBetter(_ left: Title, _ right: Title) -> Bool {
      left.count != right.count ? left.count > right.count : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
    titles = Array(titles.sorted(by: isBetter).prefix(limit))
    for place in titles.indices {
      try interruption.check()
      if let count = try count(titles[place].text) { (titles[place].count, titles[place].isExact) = (count, true) }
    }
    return titles.filter { $0.count > 0 }.sorted(by: isBetter)
  }

  /// Finds passages whose field begins with a sequence.
  private func addGroups(_ sequence: SequenceWeight, places: Int, _ groups: inout [Group]) throws(IndexError) {
    guard !sequence.elements.isEmpty else { return }
    let rarest = sequence.rarest
    let length = rarest.terms.reduce(0) { $0 + $1.listLength }
    var positions: [UInt32] = []
    for term in rarest.terms {
      for (number, segment) in index.segments.enumerated() {
        try interruption.check()
        guard let value = term.values[number] else { continue }
        let numbering = index.numberings[sequence.numbering]
        let own = numbering.pinyinSource == nil ? numbering.fields.firstIndex(of: field) ?? 0 : 0
        var first: Group?
        // How many passages each place stands for.
        let share = IndexReader.share(places, of: value, length)
        let weight = max(1, value.count / share)
        try index.forEachPlace(of: value, inSegment: number, limit: share) { cursor throws(IndexError) in
          try cursor.readPositions(into: &positions)
          let start =
            own == 0 ? 0 : try segment.reader.lengths.fieldRanges(numbering: sequence.numbering, of: cursor.docID)[own].lowerBound
          guard positions.contains(start + rarest.offset) else { return }
          let extent = try segment.reader.lengths.extent(numbering: sequence.numbering, field: own, of: cursor.docID)
          if let last = first, last.extent == extent {
            first?.count += weight
          } else {
            if let first { groups.append(first) }
            first = Group(place: PassagePlace(segment: number, document: cursor.docID), extent: extent, count: weight)
          }
        }
        if let first { groups.append(first) }
      }
    }
  }

  /// How many passages have a title; nil where that takes too long to say.
  private func count(_ title: String) throws -> Int? {
    let name = searcher.schema.fields[field].name
    let numbering = index.numberings.firstIndex { $0.fields.contains(field) } ?? 0
    let own = index.numberings[numbering].fields.firstIndex(of: field) ?? 0
    let weight = try searcher.weight(of: .field(name, .quoted(title)), parameters: RankingParameters(), options: SearchOptions())
    if case .sequence(let sequence) = weight, sequence.rarest.terms.reduce(0, { $0 + $1.listLength }) > limits.places { return nil }
    let extent = try searcher.analyzer.analyze(title).extent
    var count = 0
    try searcher.forEachMatch(of: weight) { segment, document in
      // In the field, and as long as all of it.
      if try index.segments[segment].reader.lengths.extent(numbering: numbering, field: own, of: document) == extent { count += 1 }
    }
    return count
  }
}
