// Which standard is GB/T 36073-2018?

extension NumberTerms {
  /// Adds `gb/t36073`, and with a year `gb/t36073-2018`, for the standard whose name begins at a word.
  ///
  /// A standard is a known code (GB, HJ, DB33, ISO …), perhaps with `/T` or another suffix, and a number, joined, spaced or not. Whatever else
  /// has letters, a slash and a number with a year behind a dash is taken for one too: T/CAS 123-2020.
  func addStandard(at index: Int, to analysis: inout Analysis) {
    guard let name = StandardName(text, at: index) else { return }
    let year = standardYear(after: name.end)
    guard name.isKnown || name.hasSuffix && year != nil else { return }
    let term = name.code + name.number
    analysis.addExtra(term, cells: index..<name.end, rule: .number)
    if let year { analysis.addExtra(term + Array("-\(year)".utf8), cells: index..<name.end + 1, rule: .number) }
  }

  /// The year in `-2018`, `—2018`, `:2015`, `-93` behind a standard's number.
  private func standardYear(after index: Int) -> UInt64? {
    guard index < text.cells.count, text.cells[index].isLettersOrDigits else { return nil }
    var offset = text.blankEnd(from: text.end(index - 1))
    let start = offset
    // Terminates: at most two dashes.
    while offset < text.bytes.count, offset - start < 6, let length = dashLength(at: offset) { offset += length }
    guard offset > start, text.isBlank(to: index, from: offset), let numeral = numerals.plainNumber(index), numeral.scale == 0 else {
      return nil
    }
    switch (text.cells[index].termLength, numeral.mantissa) {
    case (4, 1900...2099): return numeral.mantissa
    case (2, 80...99): return 1900 + numeral.mantissa
    default: return nil
    }
  }

  private func dashLength(at offset: Int) -> Int? {
    if text.bytes[offset] == UInt8(ascii: "-") || text.bytes[offset] == UInt8(ascii: ":") { return 1 }
    guard offset + 2 < text.bytes.count, text.bytes[offset] == 0xE2 else { return nil }
    switch (text.bytes[offset + 1], text.bytes[offset + 2]) {
    case (0x80, 0x90...0x95), (0x88, 0x92): return 3  // ‐ ‑ ‒ – — ― −
    default: return nil
    }
  }
}

/// A standard's code and number: GB/T 36073.
private struct StandardName {
  /// `gb/t`, `iso/iec`, `db33/t`.
  var code: [UInt8]
  /// `36073`, `2.1`.
  var number: [UInt8] = []
  /// The index of the cell after the number.
  var end: Int
  /// Whether the code is one that is always a standard's.
  var isKnown = false
  var hasSuffix = false

  init?(_ text: CellText, at index: Int) {
    let first = text.term(index)
    guard first.count <= 16 else { return nil }
    let letters = first.prefix(while: Self.isLetter)
    guard (1...5).contains(letters.count) else { return nil }
    code = Array(letters)
    end = index + 1
    var rest = first.dropFirst(letters.count)
    let isRegional = letters.elementsEqual("db".utf8) || letters.elementsEqual("dbt".utf8)
    if letters.elementsEqual("db".utf8) {
      // DB33, DB3301: the region's digits belong to the code.
      let region = rest.prefix { (0x30...0x39).contains($0) }
      guard region.count == 2 || region.count == 4 else { return nil }
      code += region
      rest = rest.dropFirst(region.count)
      if let suffix = rest.first, suffix == UInt8(ascii: "t") {
        code += [UInt8(ascii: "/"), suffix]
        rest = rest.dropFirst()
        hasSuffix = true
      }
    }
    // A suffix after a slash: /T, /Z, /IEC. Its number may be joined to it: /T36073.
    while rest.isEmpty, end < text.cells.count, text.cells[end].isLettersOrDigits, code.count <= 12,
      let slash = Self.slash(text, from: text.end(end - 1)), text.isBlank(to: end, from: slash)
    {
      let next = text.term(end)
      let suffix = next.prefix(while: Self.isLetter)
      guard (1...5).contains(suffix.count) else { return nil }
      code += [UInt8(ascii: "/")] + suffix
      rest = next.dropFirst(suffix.count)
      end += 1
      hasSuffix = true
    }
    if rest.isEmpty {
      guard end < text.cells.count, text.cells[end].isLettersOrDigits, text.isBlank(to: end, from: text.end(end - 1)) else { return nil }
      rest = text.term(end)
      end += 1
    }
    guard rest.count <= 12, let lead = rest.first, (0x30...0x39).contains(lead),
      rest.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    number = Array(rest)
    let head = Array(code.prefix { $0 != UInt8(ascii: "/") })
    isKnown = isRegional || Self.known.contains(head)
    // GBT 36073, HJT 2.1.
    if !isKnown, !hasSuffix, head.count >= 3, let suffix = head.last, suffix == UInt8(ascii: "t") || suffix == UInt8(ascii: "z"),
      Self.known.contains(Array(head.dropLast()))
    {
      code = Array(head.dropLast()) + [UInt8(ascii: "/"), suffix]
      isKnown = true
      hasSuffix = true
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  /// The byte after a slash with a little white space before it; nil when there is none.
  private static func slash(_ text: CellText, from offset: Int) -> Int? {
    let slash = text.blankEnd(from: offset)
    return slash < text.bytes.count && text.bytes[slash] == UInt8(ascii: "/") ? slash + 1 : nil
  }

  /// National, industry and international codes (the industry codes as registered for China's trades, without those that are common words).
  private static let known: Set<[UInt8]> = Set(
    """
    gb gbj gsb iso iec ieee ansi astm jis din itu oiml jjf jjg \
    bb cb ch cj cjj cy da dl dz ej fz ga gd gm gy hb hg hj hs hy jb jc jg jgj jr jt jtg jtj jy ly lb ld mh mt mz nb ny \
    qb qc qj qx sb sc sf sh sj sl sn sy tb tsg ty wb wh wj wm ws xb xf yb yc yd ys yy yz zy
    """.split(separator: " ").map { Array($0.utf8) })
}
