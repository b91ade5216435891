// Where in a file do the characters of a text come from?

/// The bytes of a file that a text was made of: by decoding, by taking tags away, or by both, one after the other.
package struct OffsetMap: Equatable, Sendable {
  /// For a text that is its file's bytes.
  package static let identity = OffsetMap(layers: [])

  /// From the text to the file, each a way of its own; none for the identity.
  private var layers: [OffsetRuns]

  private init(layers: [OffsetRuns]) { self.layers = layers }

  package init(_ runs: OffsetRuns) { layers = [runs] }

  /// The least range of the file that holds all characters of a range of the text: from where the first begins to where the last ends.
  ///
  /// Characters that were put into the text and come from nowhere hold nothing; a range of such alone is empty, where the next one begins.
  ///
  /// - Parameter text: Offsets in the text, at borders of characters.
  /// - Complexity: O(log *n*) in the number of runs.
  package func file(_ text: Range<Int>) -> Range<Int> { layers.reduce(text) { range, layer in layer.file(range) } }

  /// The map from this one's text to the file of `outer`, whose text is this one's file.
  ///
  /// - Complexity: O(1); `file` then asks both.
  package func composed(with outer: OffsetMap) -> OffsetMap { OffsetMap(layers: layers + outer.layers) }

  /// How many runs there are in all.
  package var runCount: Int { layers.reduce(0) { $0 + $1.count } }
}

/// What goes on evenly is one run: so many bytes of text for so many bytes of file, so many times. Both ascend; between two runs there may be
/// bytes of the file that became no text, and text that was put in.
package struct OffsetRuns: Equatable, Sendable {
  /// 20 bytes: texts have 1 GiB at most, and much markup makes many runs.
  private struct Run: Equatable {
    var text: UInt32
    var file: UInt32
    var textStep: UInt32
    var fileStep: UInt32
    var count: UInt32

    var textEnd: UInt32 { text + textStep * count }
    var fileEnd: UInt32 { file + fileStep * count }

    /// Where the step begins in the file that holds the byte of the text at `offset`, which may be before the run.
    func fileStart(atText offset: Int) -> UInt32 {
      offset <= text ? file : file + (UInt32(offset) - text) / textStep * fileStep
    }

    /// Where the step ends in the file that holds the byte of the text before `offset`, which may be behind the run.
    func fileEnd(beforeText offset: Int) -> UInt32 {
      offset >= textEnd ? fileEnd : file + ((UInt32(offset) - 1 - text) / textStep + 1) * fileStep
    }
  }

  private var runs: [Run] = []

  package init() {}

  package var count: Int { runs.count }

  /// Adds `count` steps behind those there are; those of the same lengths become one run.
  ///
  /// - Precondition: Neither offset is before the end of the last run, and all are less than 2³².
  package mutating func append(text: Int, file: Int, textStep: Int, fileStep: Int, count: Int = 1) {
    if count == 0 { return }
    let run = Run(
      text: UInt32(text), file: UInt32(file), textStep: UInt32(textStep), fileStep: UInt32(fileStep), count: UInt32(count))
    if let last = runs.last {
      precondition(run.text >= last.textEnd && run.file >= last.fileEnd, "runs ascend")
      let isSame = (run.text, run.file, run.textStep, run.fileStep) == (last.textEnd, last.fileEnd, last.textStep, last.fileStep)
      if isSame {
        runs[runs.count - 1].count += run.count
        return
      }
    }
    runs.append(run)
  }

  /// Takes away all steps from an offset of the text on.
  ///
  /// - Complexity: O(1) for each run that goes.
  package mutating func removeText(from offset: Int) {
    while let last = runs.last, last.textEnd > offset {
      let rest = offset > last.text ? (UInt32(offset) - last.text) / last.textStep : 0
      if rest > 0 {
        runs[runs.count - 1].count = rest
        return
      }
      runs.removeLast()
    }
  }

  /// See `OffsetMap.file`.
  func file(_ text: Range<Int>) -> Range<Int> {
    let first = firstRun { $0.textEnd > text.lowerBound }
    guard first < runs.count else {
      let end = Int(runs.last?.fileEnd ?? 0)
      return end..<end
    }
    let start = Int(runs[first].fileStart(atText: text.lowerBound))
    // The last run that begins before the end.
    let last = firstRun { $0.text >= text.upperBound } - 1
    if text.isEmpty || last < first { return start..<start }
    return start..<Int(runs[last].fileEnd(beforeText: text.upperBound))
  }

  /// The first run for which `isBehind` holds; it does for all after it. `count` when there is none.
  private func firstRun(_ isBehind: (Run) -> Bool) -> Int {
    var low = 0
    var high = runs.count
    // Invariant: it is in low...high. Terminates: the range is halved.
    while low < high {
      let middle = (low + high) / 2
      if isBehind(runs[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
