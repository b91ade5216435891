// What may have been meant by a query whose words hardly occur?
internal import SuoyinAnalysis

extension Searcher {
  /// Other spellings of a text under which much more would be found, the likeliest first; none where nothing seems mistyped.
  ///
  /// A Han character is doubted when it forms hardly any pair of this index with either neighbour. In its place are tried the characters that sound or look
  /// like it, then leaving it out, and swapping it with its neighbour. A spelling is offered when its pairs are in thirty times as many passages. A word of letters that no passage has is replaced by the nearest one.
  ///
  /// - Parameter limit: The most spellings.
  /// - Throws: `IndexError`: `settingsDiffer`, `corrupted`.
  /// - Complexity: O(*n*) look-ups of terms, *n* being the characters (the first 64 count), and some hundreds for each that is doubted.
  public func corrections(of text: String, limit: Int = 3) throws(IndexError) -> [String] {
    guard index.fingerprintMatches else { throw IndexError.settingsDiffer(index.directory, index.commit, index.settings) }
    guard schema.analyzer.families.contains(.pair), limit > 0 else { return [] }
    var best = text
    // Every round mends one place; what it has mended is not doubted again.
    for _ in 0..<4 {
      var correction = try SpellingCorrection(index, analysis: analyzer.analyze(best))
      guard let mended = try correction.best() else { break }
      best = mended.replacing(in: best)
    }
    return best == text ? [] : [best]
  }
}

/// A place of a text and what is to stand there.
private struct Mending {
  var utf8Range: Range<Int>
  var replacement: String
  /// How much more often its pairs occur, weighed by how likely the slip is.
  var gain: Double

  func replacing(in text: String) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: bytes[..<utf8Range.lowerBound] + Array(replacement.utf8) + bytes[utf8Range.upperBound...], as: UTF8.self)
  }
}

/// Looks for the one change that gains most.
private struct SpellingCorrection {
  /// How many times as many passages a spelling must be in.
  private static let leastGain = 30.0
  /// The most cells that are looked at.
  private static let maximumCellCount = 64

  private let index: IndexReader
  private let analysis: Analysis
  private let count: Int
  private var frequencies: [[UInt8]: Int] = [:]

  init(_ index: IndexReader, analysis: Analysis) {
    self.index = index
    self.analysis = analysis
    count = min(Self.maximumCellCount, analysis.cells.count)
  }

  mutating func best() throws(IndexError) -> Mending? {
    var best: Mending?
    func offer(_ mending: Mending) { if mending.gain > best?.gain ?? Self.leastGain { best = mending } }
    for cell in 0..<count {
      if analysis.cells[cell].isLettersOrDigits {
        if let mending = try nearestWord(cell) { offer(mending) }
        continue
      }
      if let mending = try repetition(cell) { offer(mending) }
      guard let doubt = try doubt(cell) else { continue }
      for mending in try alternatives(cell, doubt) { offer(mending) }
    }
    return best
  }

  // MARK: Han characters

  private func term(_ cell: Int) -> ArraySlice<UInt8> { analysis.term(of: analysis.cells[cell]) }
  private func neighbour(before cell: Int) -> Int? { cell > 0 && analysis.successor(of: cell - 1) == cell ? cell - 1 : nil }
  private func neighbour(behind cell: Int) -> Int? { analysis.successor(of: cell).flatMap { $0 < count ? $0 : nil } }

  /// In how many passages the pair of two cells is.
  private mutating func frequency(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) throws(IndexError) -> Int {
    let pair = Array(first) + Array(second)
    if let known = frequencies[pair] { return known }
    let frequency = try TermStatistics(Term(numbering: 0, family: .pair, pair), in: index).documentFrequency
    frequencies[pair] = frequency
    return frequency
  }

  private func isHan(_ cell: Int?) -> Bool { cell.map { !analysis.cells[$0].isLettersOrDigits } ?? false }

  /// In how many passages the better of a cell's pairs is; nil where it has no neighbour of Han.
  private mutating func doubt(_ cell: Int) throws(IndexError) -> Int? {
    let (before, behind) = (neighbour(before: cell), neighbour(behind: cell))
    guard isHan(before) || isHan(behind) else { return nil }
    var most = 0
    if let before, isHan(before) { most = max(most, try frequency(term(before), term(cell))) }
    if let behind, isHan(behind) { most = max(most, try frequency(term(cell), term(behind))) }
    return most
  }

  /// In how few passages the rarest of the pairs of characters in a row is.
  private mutating func rarest(_ characters: [ArraySlice<UInt8>]) throws(IndexError) -> Int {
    var least = Int.max
    for place in characters.indices.dropLast() {
      least = min(least, try frequency(characters[place], characters[place + 1]))
      if least == 0 { return 0 }
    }
    return least == .max ? 0 : least
  }

  /// In how many passages two characters are a word.
  private func word(_ characters: [ArraySlice<UInt8>]) throws(IndexError) -> Int {
    guard characters.count == 2 else { return 0 }
    // Or a part of a longer word.
    var most = 0
    for family in [TermFamily.word, .extra] {
      most = max(most, try TermStatistics(Term(numbering: 0, family: family, characters.joined()), in: index).documentFrequency)
    }
    return most
  }

  /// A character that stands twice where it should once: 生生产.
  private mutating func repetition(_ cell: Int) throws(IndexError) -> Mending? {
    guard let behind = neighbour(behind: cell), isHan(behind), term(cell).elementsEqual(term(behind)),
      let next = neighbour(behind: behind), isHan(next)
    else { return nil }
    let known = try frequency(term(cell), term(behind))
    let found = try frequency(term(behind), term(next))
    return Mending(
      utf8Range: analysis.utf8Range(ofCells: cell..<behind), replacement: "", gain: Double(found) * 0.5 / Double(known + 1))
  }

  private mutating func alternatives(_ cell: Int, _ doubt: Int) throws(IndexError) -> [Mending] {
    let before = neighbour(before: cell).flatMap { isHan($0) ? $0 : nil }
    let behind = neighbour(behind: cell).flatMap { isHan($0) ? $0 : nil }
    let left = before.map { [term($0)] } ?? []
    let right = behind.map { [term($0)] } ?? []
    let known = Double(doubt + 1)
    var mendings: [Mending] = []
    func range(_ cells: Range<Int>) -> Range<Int> { analysis.utf8Range(ofCells: cells) }
    func text(_ characters: [ArraySlice<UInt8>]) -> String { String(decoding: Array(characters.joined()), as: UTF8.self) }
    // Another character.
    for (codePoint, likeness) in SoundAlikes.shared.alternatives(to: decodeCodePoint(Array(term(cell)).span, at: 0).codePoint) {
      guard let scalar = Unicode.Scalar(codePoint) else { continue }
      let other = Array(String(Character(scalar)).utf8)[...]
      var found = Double(try rarest(left + [other] + right))
      // Where a word ends, two characters may never have met before: a whole word on one side will do.
      if found == 0, likeness == .sameSound { found = try Double(max(word(left + [other]), word([other] + right))) * 0.5 }
      if found > 0 {
        mendings.append(Mending(utf8Range: range(cell..<cell + 1), replacement: text([other]), gain: found * likeness.rawValue / known))
      }
    }
    // Without it.
    if let before, let behind {
      let found = try rarest([term(before), term(behind)])
      mendings.append(Mending(utf8Range: range(cell..<cell + 1), replacement: "", gain: Double(found) * 0.1 / known))
    }
    // Swapped with the next.
    if let behind {
      let next = neighbour(behind: behind).flatMap { isHan($0) ? [term($0)] : nil } ?? []
      let found = try rarest(left + [term(behind), term(cell)] + next)
      mendings.append(
        Mending(utf8Range: range(cell..<behind + 1), replacement: text([term(behind), term(cell)]), gain: Double(found) * 0.5 / known))
    }
    return mendings
  }

  // MARK: Words of letters

  private func nearestWord(_ cell: Int) throws(IndexError) -> Mending? {
    let word = Term(numbering: 0, family: .single, term(cell))
    guard word.text.count >= 4, word.text.allSatisfy({ (0x61...0x7A).contains($0) }) else { return nil }
    if try TermStatistics(word, in: index).documentFrequency > 0 { return nil }
    let source = StatisticsSource(index, CollectionStatistics(index))
    let nearest = try source.nearest(word, distance: word.text.count < 6 ? 1 : 2, limit: 1) { $0.first.map { $0 < 0x80 } ?? false }
    guard let near = nearest.first else { return nil }
    return Mending(
      utf8Range: analysis.utf8Range(ofCells: cell..<cell + 1), replacement: String(decoding: near.term.text, as: UTF8.self),
      gain: Self.leastGain * Double(1 + near.documentFrequency))
  }
}
