// Where in a text do the words of a list stand, and which of them count?

/// The words that texts are cut by before ICU is asked: those of the user dictionary and the built-in ones, compiled. Immutable.
///
/// A word stands where its cells stand side by side with nothing between them; so 人工 is not in 个人、工资. Of the places that overlap,
/// those of the user's words are chosen first, as if there were no others; then those of built-in words that do not overlap a chosen one.
/// Either time the choice is the set without overlaps that covers the most cells; of such sets, one with the greatest sum of weights; of
/// those, one with the fewest words; of those, the one whose first word that differs begins first, or is longer.
package struct WordList: Sendable {
  /// A place where a word was chosen.
  package struct Occurrence: Equatable, Sendable {
    /// The index (not the number) of the first cell.
    package var firstCell: Int
    package var cellCount: Int
    /// `userWord` or `policyWord`.
    package var rule: TokenRule

    package var cellRange: Range<Int> { firstCell..<firstCell + cellCount }

    package init(firstCell: Int, cellCount: Int, rule: TokenRule) {
      self.firstCell = firstCell
      self.cellCount = cellCount
      self.rule = rule
    }
  }

  /// A cell of letters or digits that words of the list have.
  private struct LetterCell {
    var hash: UInt64
    var bytes: [UInt8]
  }

  /// By hash; the place in it is part of the code.
  private var letterCells: [LetterCell] = []
  /// Whether every word begins with two characters of three bytes.
  private var isHanOnly = true
  /// A bit for a hash of the two codes that a word begins with.
  private var starters = [UInt64](repeating: 0, count: 1 << 10)
  // The words as a tree: an edge leads from a node by the code of a cell to another; a hash table with linear probing holds the edges.
  private var edges: [UInt64] = []
  private var targets: [UInt32] = []
  private var mask = 0
  /// By node: the weight of the word that ends there; 0 for none.
  private var weights: [Double] = [0]
  private var isUserWord: [Bool] = [false]

  private static let noEdge = UInt64.max
  private static let letterCode: UInt32 = 0x8000_0000

  /// - Parameter words: In any order; of equal ones the last counts.
  /// - Complexity: O(*n* log *n*), *n* being the cells of all words.
  package init(_ words: [(word: DictionaryWord, weight: Double, rule: TokenRule)]) {
    var letters: Set<[UInt8]> = []
    for entry in words {
      for cell in entry.word.cells where cell.isLettersOrDigits { letters.insert(Array(Self.bytes(of: cell, in: entry.word.text))) }
    }
    letterCells = letters.map { LetterCell(hash: Self.hash($0[...]), bytes: $0) }
      .sorted { $0.hash == $1.hash ? $0.bytes.lexicographicallyPrecedes($1.bytes) : $0.hash < $1.hash }
    let edgeLimit = words.reduce(0) { $0 + $1.word.cells.count }
    var capacity = 16
    while capacity < edgeLimit * 2 { capacity *= 2 }
    edges = [UInt64](repeating: Self.noEdge, count: capacity)
    targets = [UInt32](repeating: 0, count: capacity)
    mask = capacity - 1
    for entry in words { insert(entry.word, entry.weight, isUser: entry.rule == .userWord) }
  }

  private mutating func insert(_ word: DictionaryWord, _ weight: Double, isUser: Bool) {
    let codes = word.cells.compactMap { code(of: $0, in: word.text) }
    guard codes.count == word.cells.count, codes.count >= 2 else { return }
    isHanOnly = isHanOnly && codes[...1].allSatisfy { $0 >= 0x800 && $0 < 0x10000 }
    let hash = Self.hash(codes[0], codes[1])
    starters[hash >> 6] |= 1 << UInt64(hash & 63)
    var node: UInt32 = 0
    for code in codes {
      let slot = slot(of: node, code)
      if edges[slot] == Self.noEdge {
        edges[slot] = UInt64(node) << 32 | UInt64(code)
        targets[slot] = UInt32(weights.count)
        weights.append(0)
        isUserWord.append(false)
      }
      node = targets[slot]
    }
    weights[Int(node)] = weight
    isUserWord[Int(node)] = isUser
  }

  // MARK: Search

  private static func bytes(of cell: Analysis.Cell, in text: [UInt8]) -> ArraySlice<UInt8> { text[Int(cell.termStart)..<Int(cell.termEnd)] }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 { ContentDigest.of(bytes) }

  private static func hash(_ first: UInt32, _ second: UInt32) -> Int {
    Int(truncatingIfNeeded: (first &* 0x9E37_79B1 ^ second &* 0x85EB_CA6B) >> 16)
  }

  /// The slot of an edge, or the empty one where it belongs. Terminates: at most half of the slots are taken.
  private func slot(of node: UInt32, _ code: UInt32) -> Int {
    let edge = UInt64(node) << 32 | UInt64(code)
    var slot = Int(truncatingIfNeeded: (edge &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while edges[slot] != edge, edges[slot] != Self.noEdge { slot = (slot + 1) & mask }
    return slot
  }

  /// A number for the cell's term: its code point, or which of the list's cells of letters and digits it is; nil when it is none of them.
  private func code(of cell: Analysis.Cell, in text: [UInt8]) -> UInt32? {
    if cell.character != 0 { return UInt32(cell.character) }
    if !cell.isLettersOrDigits { return decodeCodePoint(text.span, at: Int(cell.termStart)).codePoint }
    if letterCells.isEmpty { return nil }
    let bytes = Self.bytes(of: cell, in: text)
    let hash = Self.hash(bytes)
    var low = 0
    var high = letterCells.count
    while low < high {
      let middle = (low + high) / 2
      if letterCells[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    while low < letterCells.count, letterCells[low].hash == hash {
      if letterCells[low].bytes.elementsEqual(bytes) { return Self.letterCode | UInt32(low) }
      low += 1
    }
    return nil
  }

  /// A place where a word stands.
  private struct Candidate {
    var first: Int
    var count: Int
    var weight: Double
    var isUser: Bool

    var end: Int { first + count }
  }

  /// The chosen places in a text, ascending, without overlaps.
  ///
  /// - Parameter cells: The cells of `text`, in order.
  /// - Complexity: O(*n*) whatever the words are: at most 19 end at a cell. Allocates only where something is found.
  package func occurrences(in text: [UInt8], cells: [Analysis.Cell]) -> [Occurrence] {
    var result: [Occurrence] = []
    var cluster: [Candidate] = []
    var clusterEnd = 0
    var index = firstCandidate(from: 0, text, cells)
    // Invariant: `cluster` holds places that overlap in a chain, up to `clusterEnd`; what stands before the cluster is in `result`.
    while index < cells.count {
      if index >= clusterEnd, !cluster.isEmpty {
        Self.choose(from: cluster, into: &result)
        cluster.removeAll(keepingCapacity: true)
      }
      walk(from: index, in: text, cells) { end, node in
        cluster.append(Candidate(first: index, count: end - index, weight: weights[node], isUser: isUserWord[node]))
        clusterEnd = max(clusterEnd, end)
      }
      index = firstCandidate(from: index + 1, text, cells)
    }
    if !cluster.isEmpty { Self.choose(from: cluster, into: &result) }
    return result
  }

  /// The first cell from `start` on that a word may begin with, by the hash of its own code and the next one's.
  private func firstCandidate(from start: Int, _ text: [UInt8], _ cells: [Analysis.Cell]) -> Int {
    let (spans, starters) = (cells.span, self.starters.span)
    var index = start
    var next = index < spans.count ? UInt32(spans[index].character) : 0
    while index &+ 1 < spans.count {
      let first = next
      next = UInt32(spans[index &+ 1].character)
      if first != 0, next != 0 {
        let hash = Self.hash(first, next)
        if starters[hash >> 6] >> UInt64(hash & 63) & 1 != 0, spans[index].termEnd == spans[index &+ 1].termStart { return index }
      } else if !isHanOnly, spans[index].termEnd == spans[index &+ 1].termStart, mayBegin(at: index, text, cells) {
        return index
      }
      index &+= 1
    }
    return spans.count
  }

  private func mayBegin(at index: Int, _ text: [UInt8], _ cells: [Analysis.Cell]) -> Bool {
    guard let first = code(of: cells[index], in: text), let second = code(of: cells[index + 1], in: text)
    else { return false }
    let hash = Self.hash(first, second)
    return starters[hash >> 6] >> UInt64(hash & 63) & 1 != 0
  }

  /// Calls `found` with the end and the node of every word that begins at a cell.
  private func walk(from start: Int, in text: [UInt8], _ cells: [Analysis.Cell], _ found: (_ end: Int, _ node: Int) -> Void) {
    var node: UInt32 = 0
    var index = start
    while index < cells.count, index == start || cells[index - 1].termEnd == cells[index].termStart {
      guard let code = code(of: cells[index], in: text) else { return }
      let slot = slot(of: node, code)
      if edges[slot] == Self.noEdge { return }
      node = targets[slot]
      index += 1
      if weights[Int(node)] > 0 { found(index, Int(node)) }
    }
  }

  // MARK: Choice

  /// Chooses among the places of a cluster, which are sorted by their first cells.
  private static func choose(from cluster: [Candidate], into result: inout [Occurrence]) {
    if cluster.count == 1 {
      result.append(occurrence(cluster[0]))
      return
    }
    let users = cluster.filter(\.isUser)
    if users.isEmpty || users.count == cluster.count {
      for place in best(of: cluster) { result.append(occurrence(place)) }
      return
    }
    var chosen = best(of: users)
    var next = 0
    let others = cluster.filter { place in
      if place.isUser { return false }
      while next < chosen.count, chosen[next].end <= place.first { next += 1 }
      return next == chosen.count || chosen[next].first >= place.end
    }
    chosen += best(of: others)
    for place in chosen.sorted(by: { $0.first < $1.first }) { result.append(occurrence(place)) }
  }

  private static func occurrence(_ place: Candidate) -> Occurrence {
    Occurrence(firstCell: place.first, cellCount: place.count, rule: place.isUser ? .userWord : .policyWord)
  }

  /// What a set of places is worth.
  private struct Value {
    var cells = 0
    var weight = 0.0
    var words = 0

    static func < (left: Value, right: Value) -> Bool {
      if left.cells != right.cells { return left.cells < right.cells }
      if left.weight != right.weight { return left.weight < right.weight }
      return left.words > right.words
    }
  }

  /// The best set without overlaps, by the order that `WordList` gives: a dynamic programme from the last cell to the first.
  ///
  /// - Parameter places: Sorted by their first cells.
  private static func best(of places: [Candidate]) -> [Candidate] {
    guard let start = places.first?.first else { return [] }
    let end = places.reduce(0) { max($0, $1.end) }
    /// By cell: what the best set from there on is worth, and the place that it begins with there, or -1.
    var values = [Value](repeating: Value(), count: end - start + 1)
    var choices = [Int](repeating: -1, count: end - start + 1)
    var last = places.count
    for cell in stride(from: end - 1, through: start, by: -1) {
      var value = values[cell + 1 - start]
      var choice = -1
      while last > 0, places[last - 1].first == cell {
        last -= 1
        let place = places[last]
        let rest = values[place.end - start]
        let with = Value(cells: rest.cells + place.count, weight: rest.weight + place.weight, words: rest.words + 1)
        // A word that begins here stands before all that begin later, and of two that begin here the longer comes first.
        if value < with || !(with < value) && (choice < 0 || places[choice].count < place.count) {
          value = with
          choice = last
        }
      }
      values[cell - start] = value
      choices[cell - start] = choice
    }
    var result: [Candidate] = []
    var cell = start
    while cell < end {
      let choice = choices[cell - start]
      if choice >= 0 {
        result.append(places[choice])
        cell = places[choice].end
      } else {
        cell += 1
      }
    }
    return result
  }
}
