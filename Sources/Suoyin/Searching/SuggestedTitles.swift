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
    var segment: Int
    var documents: [DocID]
    var extent: UInt32
    /// How many passages each of them stands for.
    var weight: Int

    var count: Int { documents.count * weight }

    /// The first half and the rest.
    var halves: (Group, Group) {
      var (first, second) = (self, self)
      first.documents = Array(documents.prefix(documents.count / 2))
      second.documents = Array(documents.dropFirst(documents.count / 2))
      return (first, second)
    }
  }

  /// The titles that begin with a pattern, those of more passages first, then by their bytes.
  ///
  /// - Parameters:
  ///   - sequences: One of these stands at the beginning of every title that matches.
  ///   - limit: At most how many.
  func find(_ pattern: CellPattern, _ sequences: [SequenceWeight], limit: Int) throws -> [Title] {
    var groups: [Group] = []
    for sequence in sequences { try addGroups(sequence, places: max(1, limits.places / sequences.count), &groups) }
    var titles: [Title] = []
    func note(_ title: Title?, _ count: Int) {
      guard var title else { return }
      title.count = count
      if let place = titles.firstIndex(where: { $0.key == title.key }) { titles[place].count += count } else { titles.append(title) }
    }
    func isLater(_ left: Group, _ right: Group) -> Bool {
      left.count != right.count
        ? left.count < right.count : (left.segment, left.documents[0]) > (right.segment, right.documents[0])
    }
    groups.sort(by: isLater)
    // The first passage of the largest group is read, and the rest is halved, as long as passages may be read: equally long titles may be several.
    // Terminates: a group is taken away, or halved.
    var known: [PassagePlace: Title?] = [:]
    while let group = groups.popLast() {
      let place = PassagePlace(segment: group.segment, document: group.documents[0])
      let title: Title?
      if let read = known[place] {
        title = read
      } else if known.count < limits.titles {
        try interruption.check()
        title = try self.title(place, pattern)
        known[place] = .some(title)
      } else {
        continue
      }
      if group.documents.count > 1, known.count < limits.titles {
        let (one, other) = group.halves
        for half in [one, other] { groups.insert(half, at: groups.firstIndex { isLater(half, $0) } ?? groups.count) }
      } else {
        note(title, group.count)
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

  /// The title of a passage, if it begins with a pattern.
  private func title(_ place: PassagePlace, _ pattern: CellPattern) throws -> Title? {
    let values = try index.segments[place.segment].reader.values(of: place.document)
    guard field < values.count, case .text(let text)? = values[field] else { return nil }
    let analysis = try searcher.analyzer.analyze(text)
    guard pattern.stands(at: 0, in: analysis) else { return nil }
    let key = Array(analysis.cells.map { Array(analysis.term(of: $0)) }.joined(separator: [PairTerm.separator]))
    return Title(text: text, key: key, count: 0, isExact: false)
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
            first?.documents.append(cursor.docID)
          } else {
            if let first { groups.append(first) }
            first = Group(segment: number, documents: [cursor.docID], extent: extent, weight: weight)
          }
        }
        if let first { groups.append(first) }
      }
    }
  }

  /// How many passages have a title; nil where that takes too long to say.
  private func count(_ title: String) throws -> Int? {
    let numbering = index.numberings.firstIndex { $0.fields.contains(field) } ?? 0
    let own = index.numberings[numbering].fields.firstIndex(of: field) ?? 0
    let analysis = try searcher.analyzer.analyze(title)
    guard let sequence = try index.sequence(of: analysis, numbering: numbering, interruption) else {
      return try countQuoted(title, numbering, own, analysis.extent)
    }
    if sequence.rarest.terms.reduce(0, { $0 + $1.listLength }) > limits.exact { return nil }
    var count = 0
    var starts: [UInt32] = []
    for (number, segment) in index.segments.enumerated() {
      guard let match = try PhraseMatch(sequence, in: segment.reader, number: number),
        let value = sequence.rarest.terms.first?.values[number]
      else { continue }
      let lengths = segment.reader.lengths
      try index.forEachPlace(of: value, inSegment: number, limit: .max) { cursor throws(IndexError) in
        // In the field, and as long as all of it.
        guard try lengths.extent(numbering: numbering, field: own, of: cursor.docID) == analysis.extent,
          try match.readStarts(in: cursor.docID, into: &starts)
        else { return }
        let start = own == 0 ? 0 : try lengths.fieldRanges(numbering: numbering, of: cursor.docID)[own].lowerBound
        if starts.contains(start) { count += 1 }
      }
    }
    return count
  }

  /// The same for a title that is no sequence of pairs.
  private func countQuoted(_ title: String, _ numbering: Int, _ own: Int, _ extent: UInt32) throws -> Int {
    let query = Query.field(searcher.schema.fields[field].name, .quoted(title))
    let weight = try searcher.weight(of: query, parameters: RankingParameters(), options: SearchOptions())
    var count = 0
    try searcher.forEachMatch(of: weight) { segment, document in
      if try index.segments[segment].reader.lengths.extent(numbering: numbering, field: own, of: document) == extent { count += 1 }
    }
    return count
  }
}
