// What must be true of the passages of any text, and what do they read like?
internal import SuoyinImport
import Testing

/// A text with its passages as a test wants to see them.
struct PassageReading {
  let document: TextDocument

  init(_ text: String, _ format: InputFile.Format = .markdown) { document = TextDocument(Array(text.utf8), as: format) }
  init(_ bytes: [UInt8], _ format: InputFile.Format) { document = TextDocument(bytes, as: format) }

  var title: String? { document.title.map(document.text) }
  var labels: [String] { document.passages.compactMap { $0.label.map(document.text) } }
  var texts: [String] { document.passages.map { document.text($0.text) } }

  /// The first rule that the passages break, or nil.
  ///
  /// Written with other means than the importer, and without its notion of lines, labels and blanks.
  var brokenRule: String? {
    let bytes = document.bytes
    var end = 0
    for passage in document.passages {
      if passage.text.isEmpty || passage.label?.isEmpty == true { return "an empty range in \(passage)" }
      let text = document.text(passage.text)
      if !Array(text.utf8).elementsEqual(bytes[passage.text]) { return "a cut character in \(passage)" }
      if isBlank(text.unicodeScalars.first!) || isBlank(text.unicodeScalars.last!) { return "blanks at an end of \(text.debugDescription)" }
      var start = passage.text.lowerBound
      if let label = passage.label {
        if label.lowerBound < start {
          guard label.upperBound <= start else { return "a label that ends inside its text" }
          if let lost = lostText(label.upperBound..<start) { return lost }
          start = label.lowerBound
        } else if label.lowerBound > start || label.upperBound > passage.text.upperBound {
          return "a label that is not at the beginning"
        }
      }
      guard start >= end else { return "passages that overlap or are not in order" }
      if let lost = lostText(end..<start) { return lost }
      end = passage.text.upperBound
    }
    if let lost = lostText(end..<bytes.count) { return lost }
    if let title = document.title, !document.passages.contains(where: { $0.label == nil && title.clamped(to: $0.text) == title }) {
      return "a title that is no passage"
    }
    return nil
  }

  /// Complains when there is more than blanks and marks between passages.
  private func lostText(_ range: Range<Int>) -> String? {
    let text = document.text(range)
    let isLost = text.unicodeScalars.contains { !isBlank($0) && $0 != "#" && $0 != "*" }
    return isLost ? "lost between passages: \(text.debugDescription)" : nil
  }
}

/// White space as the standard library knows it, and what has no width.
func isBlank(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || ["\u{200B}", "\u{2060}", "\u{FEFF}"].contains(scalar)
}
