// What must be true of the structure of any text, and what does it read like?
internal import SuoyinImport
import Testing

/// A text with its documents and passages as a test wants to see them.
struct StructureReading {
  let bytes: [UInt8]
  let file: PolicyFile

  init(_ text: String, _ format: InputFile.Format = .markdown) { self.init(Array(text.utf8), format) }
  init(_ bytes: [UInt8], _ format: InputFile.Format) {
    self.bytes = bytes
    file = PolicyFile(bytes, as: format)
  }

  /// The first document.
  var document: PolicyDocument { file.documents[0] }
  /// All passages but headers.
  var passages: [Passage] { file.documents.flatMap(\.passages).filter { $0.role != .header } }
  var header: String? { document.passages.first { $0.role == .header }?.text }
  var title: String? { document.title }
  var labels: [String] { passages.compactMap(\.label) }
  var texts: [String] { passages.map(\.text) }
  var headings: [String] { file.documents.flatMap(\.headings).map { ($0.label ?? "") + $0.text } }
  var places: [String] { passages.map { $0.places.first ?? "" } }
  var furniture: [String] { file.furniture.map(\.text) }

  /// The first rule that the structure breaks, or nil.
  ///
  /// Written with other means than the importer, and without its notion of lines and labels: every character but blanks is in a passage, a
  /// label, a heading or the furniture, once; sources ascend and hold what the passage says.
  var brokenRule: String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return "no UTF-8" }
    var left: [Unicode.Scalar: Int] = [:]
    for scalar in text.unicodeScalars where !isBlank(scalar) { left[scalar, default: 0] += 1 }
    func take(_ text: String) { for scalar in text.unicodeScalars where !isBlank(scalar) { left[scalar, default: 0] -= 1 } }
    for document in file.documents {
      for passage in document.passages {
        take((passage.label ?? "") + passage.text)
        if let rule = brokenRule(passage) { return rule }
      }
      for heading in document.headings { take((heading.label ?? "") + heading.text) }
    }
    for furniture in file.furniture {
      take(furniture.text)
      if squeezed(bytes[furniture.source]) != squeezed(furniture.text) { return "furniture elsewhere: \(furniture)" }
    }
    return left.first { $0.value != 0 }.map { $0.value > 0 ? "lost: \($0.key.debugDescription)" : "twice: \($0.key.debugDescription)" }
  }

  private func brokenRule(_ passage: Passage) -> String? {
    var end = 0
    for range in passage.source {
      if range.lowerBound < end || range.isEmpty || range.upperBound > bytes.count { return "sources that do not ascend in \(passage)" }
      end = range.upperBound
    }
    let source = passage.source.map { squeezed(bytes[$0]) }.joined()
    if source != squeezed(passage.text) { return "the source of \(passage) is \(source)" }
    if passage.text.isEmpty, passage.label == nil { return "a passage without a text" }
    if let first = passage.text.unicodeScalars.first, let last = passage.text.unicodeScalars.last, isBlank(first) || isBlank(last) {
      return "blanks at an end of \(passage)"
    }
    return nil
  }

  private func squeezed(_ bytes: ArraySlice<UInt8>) -> String { squeezed(String(decoding: bytes, as: UTF8.self)) }
  private func squeezed(_ text: String) -> String { String(String.UnicodeScalarView(text.unicodeScalars.filter { !isBlank($0) })) }
}

/// White space as the standard library knows it, and what has no width.
func isBlank(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || ["\u{200B}", "\u{2060}", "\u{FEFF}"].contains(scalar)
}
