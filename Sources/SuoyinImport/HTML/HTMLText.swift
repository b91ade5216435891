// Which text does an HTML file show, line by line, and where in the file does it stand?

/// The text of an HTML file: a line for each paragraph, heading, item of a list or row of a table, as a browser would show it.
///
/// What is no text of the document is left out: scripts, styles, templates, what is there for browsers without scripts, comments, attributes.
/// ASCII white space is one blank as in browsers; lines have no blanks at their ends, and none is empty.
package struct HTMLText: Sendable {
  /// A line, and what it is.
  package struct Line: Equatable, Sendable {
    private var start: UInt32
    private var end: UInt32
    private var headingLevel: UInt8

    init(_ range: Range<Int>, level: Int?) {
      start = UInt32(range.lowerBound)
      end = UInt32(range.upperBound)
      headingLevel = UInt8(level ?? 0)
    }

    /// In `bytes`, without its line end.
    package var range: Range<Int> { Int(start)..<Int(end) }
    /// From 1 to 6 for a heading; nil for everything else, whatever it begins with.
    package var level: Int? { headingLevel == 0 ? nil : Int(headingLevel) }
  }

  /// UTF-8; an LF ends each line. At most a fifth longer than the source.
  package private(set) var bytes: [UInt8] = []
  package private(set) var lines: [Line] = []
  /// From `bytes` to the source. What was put in comes from nowhere: line ends, and the U+3000 between the cells of a row.
  package private(set) var map = OffsetMap.identity
  /// The first `title` that is not empty. It is not among the lines.
  package private(set) var title: HTMLTitle?

  /// Reads the text of a file.
  ///
  /// - Parameter source: Valid UTF-8 of at most 3 GiB, whatever it says its encoding is, perhaps with a byte order mark; U+0000 is left out.
  /// - Complexity: O(*n*); `<p>a` all over takes about 12 bytes of memory for each byte of the source, a common page less than one.
  package init(_ source: [UInt8]) {
    var tokenizer = HTMLTokenizer(source)
    var layout = HTMLLayout(source)
    // Terminates: each token is a part of the source behind the one before.
    while let token = tokenizer.next() { layout.add(token) }
    layout.endLine()
    bytes = layout.bytes
    lines = layout.lines
    map = OffsetMap(layout.runs)
    title = layout.title
  }
}

/// What a file calls itself.
package struct HTMLTitle: Equatable, Sendable {
  package var text: String
  /// Where it stands in the source.
  package var range: Range<Int>
}
