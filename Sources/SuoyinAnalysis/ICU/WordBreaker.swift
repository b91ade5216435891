// Where does ICU see word boundaries?
//
// Why the unsafe code here is sound: the handle is opened in `init`, closed in `deinit`, and never leaves this class. The text's pointer
// is valid inside `withUnsafeBufferPointer`, and no call to ICU is made after it; ICU writes at most `batch` entries into each buffer.
internal import CICU

/// An error of the linked ICU.
public struct AnalysisError: Error, CustomStringConvertible, Sendable {
  public var description: String
  package init(_ description: String) { self.description = description }
}

/// ICU's word break iterator: the reference for every faster tokenizer, and their fallback. For one thread at a time.
@safe package final class WordBreaker {
  private let handle: OpaquePointer
  private static let batch = 1024
  private var ends: [Int32]
  private var statuses: [Int32]
  private var isWarm = false

  package init() throws(AnalysisError) {
    var error: Int32 = 0
    guard let handle = unsafe suoyin_word_breaker_open(&error) else {
      throw AnalysisError("ICU cannot open a word break iterator (ICU error \(error)); is its data installed?")
    }
    unsafe self.handle = handle
    ends = [Int32](repeating: 0, count: Self.batch)
    statuses = [Int32](repeating: 0, count: Self.batch)
  }

  deinit { unsafe suoyin_word_breaker_close(handle) }

  /// Calls `body` with the byte range and rule status of every segment of the text, words and what lies between them alike.
  ///
  /// - Complexity: O(*n*) with ICU's constant, 15 to 18 MB/s on Chinese law.
  package func forEachSegment(of text: [UInt8], _ body: (_ start: Int, _ end: Int, _ status: Int32) -> Void) throws(AnalysisError) {
    try forEachSegment(of: text, in: 0..<text.count, body)
  }

  /// The same for a part of a text, as if it stood alone; the ranges are of the whole text.
  func forEachSegment(
    of text: [UInt8], in range: Range<Int>, _ body: (_ start: Int, _ end: Int, _ status: Int32) -> Void
  ) throws(AnalysisError) {
    let failure: Int32 = unsafe text.withUnsafeBufferPointer { buffer in
      let part = unsafe buffer[range]
      if !isWarm, unsafe part.contains(where: { $0 >= 0xE3 }) { warmUp() }
      let code = unsafe suoyin_word_breaker_set_text(handle, UnsafeBufferPointer(rebasing: part).baseAddress, Int64(part.count))
      guard code <= 0 else { return code }
      var start = range.lowerBound
      while true {
        let count = unsafe Int(suoyin_word_breaker_next(handle, &ends, &statuses, Int32(Self.batch)))
        for index in 0..<count {
          let end = range.lowerBound + Int(ends[index])
          body(start, end, statuses[index])
          start = end
        }
        // Terminates: fewer than a whole batch means the end of the text.
        if count < Self.batch { return 0 }
      }
    }
    if failure > 0 { throw AnalysisError("ICU cannot cut the text (ICU error \(failure))") }
  }

  /// Lets ICU meet a Han character. Until a process has met one, ICU has no dictionary for U+30FC, and the same text would be cut otherwise.
  private func warmUp() {
    isWarm = true
    let han: [UInt8] = [0xE4, 0xB8, 0xAD]
    _ = unsafe han.withUnsafeBufferPointer { unsafe suoyin_word_breaker_set_text(handle, $0.baseAddress, 3) }
    _ = unsafe suoyin_word_breaker_next(handle, &ends, &statuses, Int32(Self.batch))
  }
}
