// How do the words of a list change ICU's cut of a text?

/// Cuts a text by a list of words and, between them, by ICU: the plain form of it, which faster ones must equal.
package enum WordListCut {
  /// Calls `body` with every segment of a text, as `WordBreaker.forEachSegment` does.
  package typealias SegmentCut =
    (_ text: [UInt8], _ body: (_ start: Int, _ end: Int, _ status: Int32) -> Void) throws(AnalysisError) -> Void

  /// Puts the chosen words of a list in place of ICU's words, and cuts what is left of these by ICU as if it stood alone.
  ///
  /// Only runs of words without anything between them that hold a chosen word are cut anew: ICU's rules do not look back, so that no other
  /// word can change.
  ///
  /// - Parameter analysis: ICU's cut of a whole text.
  /// - Complexity: O(*n*).
  package static func apply(_ list: WordList, to analysis: inout Analysis, _ segments: SegmentCut) throws(AnalysisError) {
    let chosen = list.occurrences(in: analysis.text, cells: analysis.cells)
    if chosen.isEmpty { return }
    var words: [Analysis.Word] = []
    words.reserveCapacity(analysis.words.count)
    var next = 0
    var start = 0
    // Invariant: `words` covers the cells before those of the word at `start`, which begins a run; chosen[next] is the first place from
    // there on. Terminates: every turn takes a run.
    while start < analysis.words.count {
      var end = start + 1
      while end < analysis.words.count, analysis.words[end - 1].termEnd == analysis.words[end].termStart { end += 1 }
      let cells = analysis.words[start].cellRange.lowerBound..<analysis.words[end - 1].cellRange.upperBound
      let firstChosen = next
      while next < chosen.count, chosen[next].firstCell < cells.upperBound { next += 1 }
      if firstChosen == next {
        words += analysis.words[start..<end]
      } else {
        try cut(analysis, start..<end, cells, chosen[firstChosen..<next], segments, &words)
      }
      start = end
    }
    analysis.words = words
  }

  private static func cut(
    _ analysis: Analysis, _ run: Range<Int>, _ cells: Range<Int>, _ chosen: ArraySlice<WordList.Occurrence>, _ segments: SegmentCut,
    _ words: inout [Analysis.Word]
  ) throws(AnalysisError) {
    var offset = Int(analysis.words[run.lowerBound].termStart)
    var cell = cells.lowerBound
    var icuWord = run.lowerBound
    for place in chosen {
      let last = analysis.cells[place.cellRange.upperBound - 1]
      let start = analysis.cells[place.firstCell].termStart
      try cutAlone(analysis, offset..<Int(start), cell..<place.firstCell, segments, &words)
      while analysis.words[icuWord].cellRange.upperBound < place.cellRange.upperBound { icuWord += 1 }
      words.append(
        .init(
          termStart: start, firstCell: UInt32(place.firstCell), termLength: UInt8(last.termEnd - start), cellCount: UInt8(place.cellCount),
          status: analysis.words[icuWord].status, rule: place.rule))
      offset = Int(last.termEnd)
      cell = place.cellRange.upperBound
    }
    // With what stands behind the run: a mark there may be of the last word's segment.
    let end = run.upperBound < analysis.words.count ? Int(analysis.words[run.upperBound].termStart) : analysis.text.count
    try cutAlone(analysis, offset..<end, cell..<cells.upperBound, segments, &words)
  }

  /// Adds ICU's words of a stretch of the text, with the cells that stand in it.
  private static func cutAlone(
    _ analysis: Analysis, _ bytes: Range<Int>, _ cells: Range<Int>, _ segments: SegmentCut, _ words: inout [Analysis.Word]
  ) throws(AnalysisError) {
    if cells.isEmpty { return }
    var next = cells.lowerBound
    try segments(Array(analysis.text[bytes])) { segmentStart, segmentEnd, status in
      let start = bytes.lowerBound + segmentStart
      let end = bytes.lowerBound + segmentEnd
      let first = next
      while next < cells.upperBound, analysis.cells[next].termStart < end { next += 1 }
      if first == next { return }
      let status = UInt16(truncatingIfNeeded: max(0, status))
      if status > 0, end - start <= Analysis.maximumTermLength {
        words.append(
          .init(
            termStart: UInt32(start), firstCell: UInt32(first), termLength: UInt8(end - start), cellCount: UInt8(next - first),
            status: status))
      } else {
        for index in first..<next {
          let cell = analysis.cells[index]
          words.append(
            .init(termStart: cell.termStart, firstCell: UInt32(index), termLength: cell.termLength, cellCount: 1, status: status))
        }
      }
    }
  }
}
