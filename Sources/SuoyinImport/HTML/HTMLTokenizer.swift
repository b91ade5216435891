// Which bytes of an HTML file are text, and which are tags?

/// A piece of HTML, with its place in the source.
enum HTMLToken: Equatable {
  /// Characters that stand for themselves.
  case text(Range<Int>)
  case reference(Range<Int>, means: [UInt8])
  case startTag(HTMLElement)
  case endTag(HTMLElement)
}

/// Cuts HTML into text and tags, in one pass and without a stack, so that nesting costs nothing.
///
/// It reads as browsers do, but for what is broken off: there, browsers take the rest of the file for the inside of a comment, an attribute or a
/// script, and it would be lost. Here a comment without an end is none, a quotation mark without another ends with the tag, an element
/// of hidden text that is not closed hides nothing, and a tag ends where another begins. Attributes are passed over; nothing outside the file
/// is ever asked for, and a document type declares nothing.
///
/// - Complexity: O(*n*) in the bytes of the source, whatever is in it, beside the source a few words of memory.
/// - Source: HTML Living Standard, section 13.2.5, "Tokenization".
struct HTMLTokenizer {
  private let bytes: [UInt8]
  private var position = 0
  /// Up to here there are no tags.
  private var charactersEnd = 0
  private var readsReferences = true
  /// How many templates are open, and how many ends of such are still to come; nil before the first.
  private var templates = 0
  private var templateEnds: Int?
  private var readsEscapedScripts = true

  private var tagEnds = ForwardSearch(">")
  private var commentEnds = [ForwardSearch("-->"), ForwardSearch("--!>")]
  private var declarationEnds = ForwardSearch("]>")
  private var sectionEnds = ForwardSearch("]]>")
  private var quotes = [ForwardSearch("\""), ForwardSearch("'")]
  private var endTags: [String: ForwardSearch] = [:]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: byteOrderMark) { position = byteOrderMark.count }
  }

  /// The next token; nil at the end.
  mutating func next() -> HTMLToken? {
    // Terminates: every round passes over some bytes.
    while position < bytes.count {
      let start = position
      let token = bytes[start] == UInt8(ascii: "<") && start >= charactersEnd ? markup() : characters()
      let isHidden = templates > 0
      if case .endTag(let element)? = token, element.content == .template {
        templateEnds = templateEnds.map { $0 - 1 }
        templates = max(templates - 1, 0)
      }
      if let token, !isHidden { return token }
    }
    return nil
  }

  /// Text, or a reference.
  private mutating func characters() -> HTMLToken {
    let start = position
    let isLiteral = start < charactersEnd
    if bytes[start] == UInt8(ascii: "&"), !isLiteral || readsReferences, let reference = bytes.characterReference(at: start) {
      position += reference.length
      return .reference(start..<position, means: reference.text)
    }
    let limit = isLiteral ? charactersEnd : bytes.count
    position += 1
    while position < limit, bytes[position] != UInt8(ascii: "&"), isLiteral || bytes[position] != UInt8(ascii: "<") { position += 1 }
    return .text(start..<position)
  }

  /// What begins with the less-than sign here; nil when it gives nothing.
  private mutating func markup() -> HTMLToken? {
    let start = position
    guard start + 1 < bytes.count else { return characters() }
    switch bytes[start + 1] {
    case UInt8(ascii: "!"):
      return declaration()
    case UInt8(ascii: "?"):
      position = afterBogusComment
      return nil
    case UInt8(ascii: "/"):
      guard start + 2 < bytes.count else { return characters() }
      if !bytes[start + 2].isASCIILetter {
        position = afterBogusComment
        return nil
      }
      let (_, element, _) = tag(at: start + 2)
      return .endTag(element)
    case let letter where letter.isASCIILetter:
      let (name, element, isEmpty) = tag(at: start + 1)
      // In HTML a slash changes nothing, but what should be empty must not swallow what follows.
      return isEmpty && element.content != .markup ? nil : open(name, element)
    default:
      return characters()
    }
  }

  /// Where a comment ends that was not meant as one, such as a processing instruction.
  private var afterBogusComment: Int {
    mutating get { tagEnds.next(in: bytes, from: position).map { $0 + 1 } ?? position + 2 }
  }

  /// Passes over a comment or a document type; a CDATA section is text, as in XHTML.
  private mutating func declaration() -> HTMLToken? {
    let start = position
    if bytes.has("<!--", at: start) {
      // <!--> and <!---> are comments.
      let plain = commentEnds[0].next(in: bytes, from: start + 2).map { $0 + 3 }
      let other = commentEnds[1].next(in: bytes, from: start + 4).map { $0 + 4 }
      position = [plain, other].compactMap(\.self).min() ?? start + 4
    } else if bytes.has("<![CDATA[", at: start), let end = sectionEnds.next(in: bytes, from: start) {
      position = end + 3
      return start + 9 < end ? .text(start + 9..<end) : nil
    } else {
      position = afterBogusComment
      // Declarations in a document type have greater-than signs, too.
      if bytes[start..<position].contains(UInt8(ascii: "[")), isDocumentType(start), let end = declarationEnds.next(in: bytes, from: start)
      {
        position = end + 2
      }
    }
    return nil
  }

  private func isDocumentType(_ start: Int) -> Bool {
    String(decoding: bytes[start...].prefix(9), as: UTF8.self).lowercased() == "<!doctype"
  }

  /// Reads a tag whose name begins at `start`, to its end.
  private mutating func tag(at start: Int) -> (name: String, element: HTMLElement, isEmpty: Bool) {
    let end = bytes[start...].firstIndex { $0.endsHTMLName || $0 == UInt8(ascii: "<") } ?? bytes.count
    position = end
    let isEmpty = passAttributes()
    guard end - start <= HTMLElement.longestName else { return ("", .inline, isEmpty) }
    let name = String(decoding: bytes[start..<end].map { $0.isASCIILetter ? $0 | 0x20 : $0 }, as: UTF8.self)
    return (name, HTMLElement.all[name] ?? .inline, isEmpty)
  }

  /// Passes over attributes and the end of their tag; returns whether it ends with a slash.
  private mutating func passAttributes() -> Bool {
    var isEmpty = false
    // Terminates: every round passes over a byte or returns.
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ">"):
        position += 1
        return isEmpty
      case UInt8(ascii: "<") where beginsMarkup(position):
        return false
      case let byte where byte.endsHTMLName:
        isEmpty = byte == UInt8(ascii: "/")
        position += 1
      default:
        isEmpty = false
        passAttribute()
      }
    }
    return false
  }

  private mutating func passAttribute() {
    // An equals sign may begin a name.
    position += 1
    pass { !$0.endsHTMLName && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "<") }
    pass { $0.isHTMLBlank }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return }
    position += 1
    pass { $0.isHTMLBlank }
    guard position < bytes.count else { return }
    if let quote = [UInt8(ascii: "\""), UInt8(ascii: "'")].firstIndex(of: bytes[position]) {
      if let end = quotes[quote].next(in: bytes, from: position + 1) {
        position = end + 1
      } else {
        position = tagEnds.next(in: bytes, from: position) ?? bytes.count
      }
    } else {
      pass { !$0.isHTMLBlank && $0 != UInt8(ascii: ">") }
    }
  }

  private mutating func pass(_ isPassed: (UInt8) -> Bool) {
    while position < bytes.count, isPassed(bytes[position]) { position += 1 }
  }

  /// Whether a tag, or a comment, begins with the less-than sign at `offset`.
  private func beginsMarkup(_ offset: Int) -> Bool {
    guard offset + 1 < bytes.count else { return false }
    return bytes[offset + 1].isASCIILetter || bytes[offset + 1] == UInt8(ascii: "/") || bytes[offset + 1] == UInt8(ascii: "!")
  }

  /// Goes to where the content of the element is read, behind its start tag.
  private mutating func open(_ name: String, _ element: HTMLElement) -> HTMLToken? {
    if element.content == .markup { return .startTag(element) }
    guard let end = endTags[name, default: ForwardSearch("</" + name, isName: true)].next(in: bytes, from: position) else {
      // Never closed: its content is text like any other.
      return element.layout == .title ? nil : .startTag(HTMLElement(layout: element.layout))
    }
    switch element.content {
    case .markup: break
    case .characters, .literal:
      charactersEnd = end
      readsReferences = element.content == .characters
    case .hidden:
      position = name == "script" ? endOfScript ?? end : end
    case .template:
      let ends = templateEnds ?? countTemplateEnds()
      templateEnds = ends
      if templates < ends { templates += 1 }
      return nil
    }
    return .startTag(element)
  }

  private func countTemplateEnds() -> Int {
    (position..<bytes.count).count { bytes[$0] == UInt8(ascii: "<") && ForwardSearch.templateEnd.stands(in: bytes, at: $0) }
  }

  /// Where the end tag is of the script that begins here: in a comment inside, a script may be begun and ended. nil when that leads nowhere.
  private var endOfScript: Int? {
    mutating get {
      guard readsEscapedScripts else { return nil }
      var isComment = false
      var isInner = false
      var offset = position
      while offset < bytes.count {
        if bytes[offset] == UInt8(ascii: "<") {
          if !isComment, bytes.has("<!--", at: offset) {
            isComment = true
            offset += 1
          } else if isComment, !isInner, ForwardSearch.script.stands(in: bytes, at: offset) {
            isInner = true
          } else if ForwardSearch.scriptEnd.stands(in: bytes, at: offset) {
            if !isInner { return offset }
            isInner = false
          }
        } else if isComment, bytes.has("-->", at: offset) {
          (isComment, isInner) = (false, false)
        }
        offset += 1
      }
      // Not again: each attempt may look at the whole rest.
      readsEscapedScripts = false
      return nil
    }
  }
}

extension ForwardSearch {
  fileprivate static let script = ForwardSearch("<script", isName: true)
  fileprivate static let templateEnd = ForwardSearch("</template", isName: true)
  fileprivate static let scriptEnd = ForwardSearch("</script", isName: true)
}
