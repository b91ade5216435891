// Which titles begin as was typed?
internal import SuoyinAnalysis

/// Finds titles: the whole texts of a field.
///
/// Titles of a field with the role of a title have terms of their own, side by side in the table of terms: as long as not too many begin as was typed,
/// each is found by its term (`NamedTitles`). All others are found by the cells that they begin with: where these stand in a passage says whether
/// its title begins there. Passages of one document are neighbours in the order of keys, so that one of them is read for all.
struct SuggestedTitles {
  let searcher: Searcher
  let limits: SuggestionLimits
  let interruption: Interruption
  /// The title's index in the schema.
  let field: Int
  var index: IndexReader { searcher.index }

  /// Whether whole titles are terms.
  var hasTerms: Bool { searcher.schema.fields[field].role == .title }

  /// A title and how many passages have it.
  struct Title {
    var text: String
    /// Its cells: what is the same title has the same.
    var key: [UInt8]
    /// The term of all of it, where it has one.
    var whole: WholeTitle?
    var count: Int
    var isExact: Bool
  }

  /// Passages whose titles begin as was typed, as far as that is known, and are equally long: neighbours, or those that have a term in common.
  struct Group {
    var places: [PassagePlace]
    /// How many passages each of them stands for.
    var weight = 1
    /// The term that they have in common.
    var name: NamedTitles.Name?

    var count: Int { places.count * weight }

    /// The first half and the rest, when they may have several titles.
    var halves: (Group, Group) {
      let half = places.count / 2
      return (Group(places: Array(places.prefix(half)), weight: weight), Group(places: Array(places.dropFirst(half)), weight: weight))
    }
  }

  /// The titles that begin with a pattern, those of more passages first, then by their bytes. Where there are more than `limit`, those of as many
  /// passages as the last are chosen by their terms.
  ///
  /// - Parameters:
  ///   - sequences: One of these stands at the beginning of every title that matches.
  ///   - limit: At most how many.
  func find(_ pattern: CellPattern, _ sequences: [SequenceWeight], limit: Int) throws -> [Title] {
    let named = try NamedTitles(pattern, self)
    var groups = named?.groups ?? []
    for sequence in sequences { try addGroups(sequence, places: max(1, limits.places / sequences.count), but: named, &groups) }
    var titles: [Title] = []
    func note(_ title: Title, _ count: Int, isExact: Bool) {
      if let place = titles.firstIndex(where: { $0.key == title.key }) {
        if !titles[place].isExact { titles[place].count += count }
      } else {
        titles.append(Title(text: title.text, key: title.key, whole: title.whole, count: count, isExact: isExact))
      }
    }
    func isLater(_ left: Group, _ right: Group) -> Bool {
      if left.count != right.count { return left.count < right.count }
      if left.name == right.name { return right.places[0] < left.places[0] }
      guard let one = left.name, let other = right.name else { return left.name == nil }
      return other < one
    }
    groups.sort(by: isLater)
    // The first passage of the largest group is read. Where others of the group may have other titles, the rest is halved, as long as passages may be
    // read. Terminates: a group is taken away, or halved.
    var known: [PassagePlace: Title?] = [:]
    while let group = groups.popLast() {
      let title: Title?
      if let read = known[group.places[0]] {
        title = read
      } else if group.name == nil ? known.count < limits.titles : titles.count < limit {
        try interruption.check()
        title = try self.title(group.places[0], pattern)
        known[group.places[0]] = .some(title)
      } else {
        continue
      }
      if let name = group.name, let whole = title?.whole, name.isAll(of: whole) {
        if let title { note(title, group.count, isExact: true) }
      } else if group.places.count > 1, known.count < limits.titles {
        let (one, other) = group.halves
        for half in [one, other] { groups.insert(half, at: groups.firstIndex { isLater(half, $0) } ?? groups.count) }
      } else if let title {
        note(title, group.count, isExact: false)
      }
    }
    func isBetter(_ left: Title, _ right: Title) -> Bool {
      left.count != right.count ? left.count > right.count : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
    titles = Array(titles.sorted(by: isBetter).prefix(limit))
    for place in titles.indices where !titles[place].isExact {
      try interruption.check()
      if let count = try count(titles[place]) { (titles[place].count, titles[place].isExact) = (count, true) }
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
    return Title(text: text, key: key, whole: hasTerms ? analysis.wholeTitle : nil, count: 0, isExact: false)
  }

  /// Finds passages whose field begins with a sequence, but for those whose titles are known by their terms.
  private func addGroups(
    _ sequence: SequenceWeight, places: Int, but named: NamedTitles?, _ groups: inout [Group]
  ) throws(IndexError) {
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
        var neighbours: (group: Group, extent: UInt32)?
        // How many passages each place stands for.
        let share = IndexReader.share(places, of: value, length)
        let weight = max(1, value.count / share)
        try index.forEachPlace(of: value, inSegment: number, limit: share) { cursor throws(IndexError) in
          try cursor.readPositions(into: &positions)
          let start =
            own == 0 ? 0 : try segment.reader.lengths.fieldRanges(numbering: sequence.numbering, of: cursor.docID)[own].lowerBound
          guard positions.contains(start + rarest.offset) else { return }
          let place = PassagePlace(segment: number, document: cursor.docID)
          if named?.contains(place) ?? false { return }
          let extent = try segment.reader.lengths.extent(numbering: sequence.numbering, field: own, of: cursor.docID)
          if neighbours?.extent == extent {
            neighbours?.group.places.append(place)
          } else {
            if let neighbours { groups.append(neighbours.group) }
            neighbours = (Group(places: [place], weight: weight), extent)
          }
        }
        if let neighbours { groups.append(neighbours.group) }
      }
    }
  }

  /// How many passages have a title; nil where that takes too long to say.
  private func count(_ found: Title) throws -> Int? {
    let title = found.text
    let numbering = index.numberings.firstIndex { $0.fields.contains(field) } ?? 0
    let own = index.numberings[numbering].fields.firstIndex(of: field) ?? 0
    let analysis = try searcher.analyzer.analyze(title)
    if let whole = found.whole, whole.isCertain {
      return try NamedTitles.count(whole, extent: analysis.extent, self)
    }
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
