// What do ICU's compiled word break rules say?
//
// Why the unsafe code here is sound: the map of categories is opened in `init`, closed in `deinit`, and never leaves this class; ICU copies
// into buffers of the length that it asked for.
internal import CICU

/// The state machine behind ICU's word boundaries, read from the linked library, for the tokenizer to run by itself.
///
/// From a boundary on, `state = next(state, category)` for every code point until the state is 0; the boundary is after the last code point
/// that led to an accepting state. Source: ICU's rbbidata.h, format version 6.
@safe package final class BreakRules: @unchecked Sendable {  // immutable after `init`; ICU's map is only read
  static let startState = 1
  static let endOfText = 1

  package let categoryCount: Int
  /// Categories from here on are of characters that a dictionary cuts.
  let dictionaryCategoriesStart: Int
  let stateCount: Int
  /// `next[state * categoryCount + category]`.
  let next: [UInt8]
  let isAccepting: [Bool]
  /// The rule status of an accepting state.
  let status: [UInt16]
  /// The categories of U+0000 to U+FFFF.
  let categories: [UInt16]
  private let map: OpaquePointer

  /// nil when the linked ICU's rules are not of the known format; ICU itself must cut then.
  package init?() {
    let length = Int(suoyin_word_break_rules(nil, 0))
    guard length > 80, length < 1 << 24 else { return nil }
    var bytes = [UInt8](repeating: 0, count: length)
    guard unsafe Int(suoyin_word_break_rules(&bytes, Int32(length))) == length else { return nil }
    func word(_ offset: Int) -> Int {
      guard offset >= 0, offset <= length - 4 else { return -1 }
      return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let magic = 0xB1A0
    guard word(0) == magic, bytes[4] == 6, word(8) == length else { return nil }
    let (table, tableLength) = (word(16), word(20))
    let (trie, trieLength) = (word(32), word(36))
    let (statuses, statusesLength) = (word(48), word(52))
    guard table > 0, tableLength > 20, table + tableLength <= length, trie > 0, trieLength > 0, trie + trieLength <= length,
      statuses > 0, statusesLength >= 0, statuses + statusesLength <= length
    else { return nil }

    let categoryCount = word(12)
    let stateCount = word(table)
    let rowLength = word(table + 4)
    let flags = word(table + 16)
    // Bit 1: the text's beginning is a category of its own. Bit 2: rows of bytes, else of 16-bit words.
    let width = flags & 4 != 0 ? 1 : 2
    guard flags & 2 == 0, (2...64).contains(categoryCount), (2...255).contains(stateCount), rowLength >= (3 + categoryCount) * width,
      20 + stateCount * rowLength <= tableLength
    else { return nil }
    func cell(_ state: Int, _ column: Int) -> Int {
      let offset = table + 20 + state * rowLength + column * width
      return width == 1 ? Int(bytes[offset]) : Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }
    var next: [UInt8] = []
    var isAccepting: [Bool] = []
    var status: [UInt16] = []
    for state in 0..<stateCount {
      // Accepting is 0 or 1; more would be a rule that looks ahead, which the word rules have none of.
      guard cell(state, 0) <= 1, cell(state, 1) == 0 else { return nil }
      isAccepting.append(cell(state, 0) == 1)
      // A state's statuses are a counted list, ascending; the last one is the rule status.
      let list = statuses + 4 * cell(state, 2)
      let largest = word(list + 4 * word(list))
      guard largest >= 0, largest <= 500, largest % 100 == 0 else { return nil }
      status.append(UInt16(largest))
      for category in 0..<categoryCount {
        guard cell(state, 3 + category) < stateCount else { return nil }
        next.append(UInt8(cell(state, 3 + category)))
      }
    }
    let opened = unsafe bytes.withUnsafeBufferPointer { unsafe suoyin_category_map_open($0.baseAddress! + trie, Int32(trieLength)) }
    guard let map = unsafe opened else { return nil }
    var categories = [UInt16](repeating: 0, count: 65536)
    unsafe suoyin_categories_of_plane_0(map, &categories)
    guard categories.allSatisfy({ $0 < categoryCount }) else {
      unsafe suoyin_category_map_close(map)
      return nil
    }
    unsafe self.map = map
    self.categoryCount = categoryCount
    self.stateCount = stateCount
    dictionaryCategoriesStart = word(table + 8)
    self.next = next
    self.isAccepting = isAccepting
    self.status = status
    self.categories = categories
  }

  deinit { unsafe suoyin_category_map_close(map) }

  /// The category of any code point; 0 for one that ICU's map has a category for that the rules do not know.
  package func category(of codePoint: UInt32) -> Int {
    if codePoint < 0x10000 { return Int(categories[Int(codePoint)]) }
    let category = unsafe Int(suoyin_category(map, Int32(codePoint)))
    return category < categoryCount ? category : 0
  }
}
