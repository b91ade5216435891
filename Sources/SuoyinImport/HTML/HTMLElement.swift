// What does an element of HTML do to the text?

/// How the text of an element is read, and how it lies among other text.
struct HTMLElement: Equatable {
  enum Content {
    /// Elements, characters and references.
    case markup
    /// Up to the end tag there are characters and references only.
    case characters
    /// Up to the end tag there are characters only.
    case literal
    /// What stands up to the end tag is no text of the document.
    case hidden
    /// The same, with elements in it, such as others of this name.
    case template
  }

  enum Layout: Equatable {
    case inline
    /// Begins and ends a line.
    case block
    case lineBreak
    /// A block whose lines are headings of a level from 1 to 6.
    case heading(Int)
    case table
    case row
    /// A block that stands in a row beside others.
    case cell
    /// A block in which line ends are kept.
    case preformatted
    /// Names the document and is not shown in it.
    case title
  }

  var content = Content.markup
  var layout = Layout.inline

  /// What has no effect but for its content, and what nobody knows.
  static let inline = HTMLElement()

  /// The elements that have an effect, by their names in lower case.
  ///
  /// - Source: HTML Living Standard, section 15.3, for what is a block; section 13.2.6 for contents.
  static let all: [String: HTMLElement] = {
    var all: [String: HTMLElement] = [:]
    let blocks =
      "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset header "
      + "hgroup hr html legend li main menu nav ol optgroup option p search section select summary tbody tfoot thead ul"
    for name in blocks.split(separator: " ") { all[String(name)] = HTMLElement(layout: .block) }
    for name in ["script", "style", "noscript", "iframe", "noembed", "noframes"] { all[name] = HTMLElement(content: .hidden) }
    for level in 1...6 { all["h\(level)"] = HTMLElement(layout: .heading(level)) }
    all["br"] = HTMLElement(layout: .lineBreak)
    all["table"] = HTMLElement(layout: .table)
    all["tr"] = HTMLElement(layout: .row)
    all["td"] = HTMLElement(layout: .cell)
    all["th"] = HTMLElement(layout: .cell)
    all["pre"] = HTMLElement(layout: .preformatted)
    all["listing"] = HTMLElement(layout: .preformatted)
    all["textarea"] = HTMLElement(content: .characters, layout: .preformatted)
    all["xmp"] = HTMLElement(content: .literal, layout: .preformatted)
    all["template"] = HTMLElement(content: .template)
    all["title"] = HTMLElement(content: .characters, layout: .title)
    return all
  }()

  static let longestName = 10
}
