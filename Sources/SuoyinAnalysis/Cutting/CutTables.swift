// What must be known to cut Chinese without asking ICU?
//
// Why the unsafe code here is sound: all tables are parts of one block, as long as their counts together, which is filled in `init`, freed in
// `deinit` and never written in between. An identifier is below `identifierCount`, and `pairs`, `pairBases` and `longer` reach `identifierCount`
// beyond the highest slot in use, so that every base plus every identifier can be read: what `Tokenizer` relies on.
internal import Synchronization

/// ICU's rules and dictionary, laid out for speed: immutable, made once a process from the linked library, for any number of threads.
///
/// - Complexity: 402 million instructions, about 54 ms, and 6.9 MB to make.
@safe package final class CutTables: @unchecked Sendable {
  /// The tables of the linked ICU as it is; nil when its formats are not the known ones.
  package static let icu = CutTables(changing: [])

  /// Whether the linked ICU's rules and dictionary look like the known formats, so that tables can be made.
  ///
  /// - Complexity: about 1 ms; making the tables may still find a word that is not as expected.
  package static var areKnownFormats: Bool { BreakRules() != nil && HanDictionary() != nil }

  /// The same without some of its words; those asked for last are kept.
  package static func icu(without words: [String]) -> CutTables? {
    if words.isEmpty { return icu }
    return reduced.withLock { reduced in
      if let reduced, reduced.words == words { return reduced.tables }
      guard let tables = CutTables(changing: words.map { (Array($0.utf16), 0) }) else { return nil }
      reduced = (words, tables)
      return tables
    }
  }
  private static let reduced: Mutex<(words: [String], tables: CutTables)?> = Mutex(nil)

  /// Identifiers below this are of separators: 1 + status / 100. Nothing in the dictionary begins with one.
  static let firstHan = 64
  static func identifier(ofStatus status: Int32) -> UInt16 { UInt16(1 + status / 100) }
  /// The Han character that no dictionary word holds.
  static let unknownHan = 65
  /// `wordCost` where no word ends: more than any way around it can cost.
  static let noWord: UInt16 = 0xFFFF

  let rules: BreakRules
  /// The category of all plain Han characters.
  let hanCategory: Int
  /// For each code point of plane 0: an identifier of at least 64, when it is a plain Han character (in the script Han or Hiragana, cut by
  /// dictionary, left alone by NFKC, a cell); else its category.
  let classes: UnsafeMutablePointer<UInt16>
  /// For each identifier: the base of its pairs in `pairs`, times 256, plus the cost of the character alone (255 when the dictionary has none).
  let singles: UnsafeMutablePointer<UInt32>
  /// At the first's base plus the second: the first's identifier times 2¹⁷, plus in the bits 8 to 15 a filter of what may come third, plus the
  /// cost of the two as a word (0 for none).
  let pairs: UnsafeMutablePointer<UInt32>
  /// Beside `pairs`: the base of the third characters in `longer`.
  let pairBases: UnsafeMutablePointer<UInt32>
  /// At a base plus an identifier: the base it belongs to times 2⁴⁰, plus the base of the characters after it (0 for none) times 2¹⁶, plus the
  /// cost as `wordCost`.
  let longer: UnsafeMutablePointer<UInt64>
  /// At `first * 64 + second`: when a character of the category `first` is a segment of its own before one of the category `second`, the
  /// segment's identifier; else 0.
  let standsAlone: UnsafeMutablePointer<UInt8>
  /// At `state * 64 + category`: the rules' next state.
  let nextState: UnsafeMutablePointer<UInt8>
  /// For each state: the identifier of a segment that ends here; 0 when none may.
  let accepted: UnsafeMutablePointer<UInt8>
  /// For each category: 1 when a run of Han characters ends before it.
  let endsHan: UnsafeMutablePointer<UInt8>

  let identifierCount: Int
  let pairCount: Int
  let longerCount: Int

  /// The memory of the tables in bytes.
  package let byteCount: Int
  private let memory: UnsafeMutableRawPointer

  deinit {
    unsafe memory.deallocate()
  }

  /// How a word's cost is kept: times 32, plus 31 less the word's length, so that of two ways of the same cost the one with the longer last
  /// word is the lesser.
  static func wordCost(_ cost: UInt8, length: Int) -> UInt16 { cost == 0 ? noWord : UInt16(cost) << 5 | UInt16(31 - length) }

  /// The bit of a third character in the filter of the two before it: most that cannot follow are told apart without a look at `longer`.
  @inline(__always)
  static func filterBit(_ identifier: Int) -> UInt32 { 1 << UInt32(8 | identifier & 7) }

  /// - Parameter changing: Words of the dictionary, in UTF-16, that get another cost than ICU's; 0 leaves a word out.
  /// - Returns: nil when the linked ICU's rules or dictionary are not of the known format.
  package init?(changing words: [(word: [UInt16], cost: UInt8)]) {
    guard let rules = BreakRules(), let dictionary = HanDictionary(), var nodes = dictionary.nodes() else { return nil }
    hanCategory = Int(rules.categories[0x4E2D])
    // A Han character leads to an accepting state that it leads back to.
    let hanState = Int(rules.next[BreakRules.startState * rules.categoryCount + hanCategory])
    guard hanCategory >= rules.dictionaryCategoriesStart, rules.isAccepting[hanState], rules.status[hanState] == 400 else { return nil }
    let hanLoop = Int(rules.next[hanState * rules.categoryCount + hanCategory])
    guard rules.isAccepting[hanLoop], rules.status[hanLoop] == 400,
      Int(rules.next[hanLoop * rules.categoryCount + hanCategory]) == hanLoop
    else { return nil }
    self.rules = rules

    for (word, cost) in words { Self.set(cost, of: word, in: &nodes) }

    // Identifiers, the commonest characters of the dictionary first, so that what is used together lies together.
    var isPlain = [Bool](repeating: false, count: 65536)
    for range in [0x2E80..<0x3100, 0x3400..<0xA000, 0xF900..<0xFB00] {
      for codePoint in range where Int(rules.categories[codePoint]) == hanCategory {
        isPlain[codePoint] = ICUProperties.isPlainIdeograph(UInt32(codePoint)) && ICUProperties.kind(of: UInt32(codePoint)) == .cell
      }
    }
    // A cost is about −10 ln p: what a word is expected to occur counts for each of its characters. Nodes stand after their parents: backwards,
    // every node's sum is complete when it is reached.
    var occurrences = [UInt64](repeating: 1, count: 256)
    for cost in 1..<255 { occurrences[cost] += 1 << UInt64((255 - cost) / 7) }
    var sums = [UInt64](repeating: 0, count: nodes.count)
    var frequency = [UInt64](repeating: 0, count: 65536)
    for index in stride(from: nodes.count - 1, through: 0, by: -1) {
      let node = nodes[index]
      let sum = sums[index] &+ occurrences[Int(node.cost)]
      if node.parent >= 0 { sums[Int(node.parent)] &+= sum }
      if isPlain[Int(node.unit)] { frequency[Int(node.unit)] &+= sum }
    }
    let order = (0..<65536).filter { frequency[$0] > 0 }.sorted { (frequency[$0], $1) > (frequency[$1], $0) }
    guard order.count < 0x7FFF - 66 else { return nil }
    var identifiers = [UInt16](repeating: 0, count: 65536)
    for (place, codePoint) in order.enumerated() { identifiers[codePoint] = UInt16(66 + place) }
    identifierCount = 66 + order.count

    // The children of every node that can be reached by plain characters alone, in lists one after another. Node 0 is the root.
    var labels = [UInt16](repeating: 0, count: nodes.count + 1)
    var depths = [UInt8](repeating: 0, count: nodes.count + 1)
    var starts = [Int32](repeating: 0, count: nodes.count + 2)
    for (index, node) in nodes.enumerated() {
      let parent = Int(node.parent) + 1
      guard isPlain[Int(node.unit)], parent == 0 || depths[parent] > 0 else { continue }
      labels[index + 1] = identifiers[Int(node.unit)]
      depths[index + 1] = depths[parent] + 1
      starts[parent + 1] += 1
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var children = [Int32](repeating: 0, count: Int(starts[nodes.count + 1]))
    var cursor = starts
    for (index, node) in nodes.enumerated() where depths[index + 1] > 0 {
      let parent = Int(node.parent) + 1
      children[Int(cursor[parent])] = Int32(index + 1)
      cursor[parent] += 1
    }

    // Parents with the most children first: they are the hardest to place.
    var ends = [Int](repeating: 0, count: 65537)
    for node in 1..<starts.count - 1 { ends[Int(starts[node + 1] - starts[node])] += 1 }
    for size in stride(from: 65535, through: 1, by: -1) { ends[size] += ends[size + 1] }
    var parents = [Int32](repeating: 0, count: ends[1])
    for node in stride(from: starts.count - 2, to: 0, by: -1) where starts[node + 1] > starts[node] {
      let size = Int(starts[node + 1] - starts[node])
      ends[size] -= 1
      parents[ends[size]] = Int32(node)
    }
    var bases = [UInt32](repeating: 0, count: nodes.count + 1)
    var pairPlacer = DoubleArrayPlacer(hasUniqueBases: false)
    var longerPlacer = DoubleArrayPlacer(hasUniqueBases: true)
    var sorted: [UInt16] = []
    for node in parents {
      sorted.removeAll(keepingCapacity: true)
      for child in children[Int(starts[Int(node)])..<Int(starts[Int(node) + 1])] { sorted.append(labels[Int(child)]) }
      if sorted.count > 1 { sorted.sort() }
      let isFirst = depths[Int(node)] == 1
      bases[Int(node)] = unsafe sorted.withUnsafeBufferPointer { labels in
        UInt32(unsafe isFirst ? pairPlacer.place(labels) : longerPlacer.place(labels))
      }
    }
    // Any base plus any identifier can be read.
    pairCount = pairPlacer.end + identifierCount + 1
    longerCount = longerPlacer.end + identifierCount + 1
    guard pairCount < 1 << 24, longerCount < 1 << 24 else { return nil }

    byteCount = longerCount * 8 + pairCount * 8 + identifierCount * 4 + 65536 * 2 + 4096 + 64 + rules.stateCount * 65
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
    unsafe self.memory = memory
    var offset = 0
    /// The next part of the memory; the parts with the widest elements come first, so that all are aligned.
    func part<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
      defer { offset += count * MemoryLayout<Element>.stride }
      return unsafe (memory + offset).bindMemory(to: type, capacity: count)
    }
    unsafe longer = part(longerCount, of: UInt64.self)
    unsafe pairs = part(pairCount, of: UInt32.self)
    unsafe pairBases = part(pairCount, of: UInt32.self)
    unsafe singles = part(identifierCount, of: UInt32.self)
    unsafe classes = part(65536, of: UInt16.self)
    unsafe standsAlone = part(4096, of: UInt8.self)
    unsafe nextState = part(rules.stateCount * 64, of: UInt8.self)
    unsafe accepted = part(rules.stateCount, of: UInt8.self)
    unsafe endsHan = part(64, of: UInt8.self)
    for codePoint in 0..<65536 {
      let known = identifiers[codePoint]
      unsafe classes[codePoint] = isPlain[codePoint] ? (known == 0 ? UInt16(Self.unknownHan) : known) : rules.categories[codePoint]
    }
    unsafe singles.initialize(repeating: 255, count: identifierCount)
    for separator in 0..<Self.firstHan { unsafe singles[separator] = 0 }
    unsafe pairs.initialize(repeating: 0, count: pairCount)
    unsafe pairBases.initialize(repeating: 0, count: pairCount)
    unsafe longer.initialize(repeating: 0xFFFFFF << 40 | UInt64(Self.noWord), count: longerCount)
    unsafe standsAlone.initialize(repeating: 0, count: 4096)
    unsafe nextState.initialize(repeating: 0, count: rules.stateCount * 64)
    unsafe endsHan.initialize(repeating: 0, count: 64)
    for state in 0..<rules.stateCount {
      unsafe accepted[state] = rules.isAccepting[state] ? UInt8(Self.identifier(ofStatus: Int32(rules.status[state]))) : 0
      for category in 0..<rules.categoryCount {
        unsafe nextState[state << 6 | category] = rules.next[state * rules.categoryCount + category]
      }
    }
    for category in 0..<rules.categoryCount {
      unsafe endsHan[category] = nextState[hanState << 6 | category] == 0 && nextState[hanLoop << 6 | category] == 0 ? 1 : 0
      if category >= rules.dictionaryCategoriesStart { continue }
      let state = unsafe Int(nextState[BreakRules.startState << 6 | category])
      for second in 0..<rules.categoryCount where unsafe nextState[state << 6 | second] == 0 {
        unsafe standsAlone[category << 6 | second] = accepted[state]
      }
    }

    for (index, node) in nodes.enumerated() where depths[index + 1] > 0 {
      let (label, base, parent) = (Int(labels[index + 1]), bases[index + 1], Int(node.parent) + 1)
      let depth = Int(depths[index + 1])
      switch depth {
      case 1: unsafe singles[label] = base << 8 | UInt32(node.cost == 0 ? 255 : node.cost)
      case 2:
        let slot = Int(bases[parent]) + label
        let check = UInt32(labels[parent]) << 17
        unsafe pairs[slot] = pairs[slot] & 0xFF00 | check | UInt32(node.cost)
        unsafe pairBases[slot] = base
      default:
        let slot = Int(bases[parent]) + label
        if depth == 3 {
          let first = Int(bases[Int(nodes[parent - 1].parent) + 1])
          unsafe pairs[first + Int(labels[parent])] |= Self.filterBit(label)
        }
        unsafe longer[slot] = UInt64(bases[parent]) << 40 | UInt64(base) << 16 | UInt64(Self.wordCost(node.cost, length: depth))
      }
    }
  }

  /// Sets the cost in the node of a word.
  private static func set(_ cost: UInt8, of word: [UInt16], in nodes: inout [HanDictionary.Node]) {
    var parent: Int32 = -1
    var index = 0
    // Nodes stand after their parents, and a parent's descendants stand together: one pass finds the whole word.
    for unit in word {
      // Terminates: `index` ascends.
      while index < nodes.count, nodes[index].parent != parent || nodes[index].unit != unit { index += 1 }
      guard index < nodes.count else { return }
      parent = Int32(index)
      index += 1
    }
    if parent >= 0 { nodes[Int(parent)].cost = cost }
  }
}
