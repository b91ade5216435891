// Is HTML that nobody would write read in full, in time that grows with its length only?
internal import Suoyin
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

@Suite("Hostile HTML is read in linear time, and nothing behind it is lost")
struct HTMLHostileTests {
  /// Files of about so many bytes; each is followed by a paragraph that must be read.
  private static let kinds: [(name: String, make: @Sendable (Int) -> String)] = [
    ("nested divisions", { repeated("<div>", $0) }),
    ("bold never closed", { repeated("<b>", $0) }),
    ("ends of what is not open", { repeated("<div>", $0 / 2) + repeated("</p></x>", $0 / 2) }),
    ("nested tables", { repeated("<table><tr><td>a", $0) }),
    ("nested tables closed", { repeated("<table><tr><td>", $0 / 2) + "a" + repeated("</td></tr></table>", $0 / 2) }),
    ("attributes", { "<p " + (0..<$0 / 9).map { "a\($0) " }.joined() + ">" }),
    ("one attribute", { "<p title=\"" + repeated("<p>a", $0) + "\">" }),
    ("one attribute not closed", { "<p title=\"" + repeated("<p>a", $0) }),
    ("attributes not closed", { repeated("<p a=\"><p b='>", $0) + "\"'" }),
    ("attributes that close others", { repeated("<a x=\">\"", $0) }),
    ("tags never ended", { repeated("<a ", $0) }),
    ("equals signs", { "<p " + repeated("= ", $0) + ">" }),
    ("comments never ended", { repeated("<!--", $0) }),
    ("comment never ended", { "<!--" + repeated("a-", $0) }),
    ("comments", { repeated("<!-->", $0 / 2) + repeated("<!--->", $0 / 2) }),
    ("document types", { repeated("<!DOCTYPE a [", $0) }),
    ("sections", { repeated("<![CDATA[", $0) }),
    ("scripts never ended", { repeated("<script>", $0) }),
    ("scripts in comments", { repeated("<script><!--<script></script>", $0) }),
    ("scripts in comments, not closed", { repeated("<script><!--<script></script>", $0) + "<script>" }),
    ("templates", { repeated("<template>", $0 / 2) + repeated("</template>", $0 / 2) }),
    ("titles", { repeated("<title>a</title>", $0) }),
    ("titles never ended", { repeated("<title>", $0) }),
    ("text areas", { repeated("<textarea>", $0) + "</textarea>" }),
    ("preformatted", { repeated("<pre>\n", $0) + repeated("</pre>", $0) }),
    ("ampersands", { repeated("&", $0) }),
    ("names that are none", { repeated("&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", $0) }),
    ("a long number", { "&#" + repeated("9", $0) }),
    ("less-than signs", { repeated("<", $0) }),
    ("ends of nothing", { repeated("</", $0) }),
    ("processing instructions", { repeated("<?", $0) }),
    ("blanks", { "a" + repeated(" ", $0) }),
    ("wide blanks", { repeated("a　　　　", $0) }),
    ("wide blanks alone", { repeated("　", $0) }),
    ("a long name", { "<" + repeated("a", $0) + ">" }),
    ("U+0000", { repeated("\0", $0) }),
    ("paragraphs", { repeated("<p>a", $0) }),
  ]

  @Test("The end is read, and four times as much takes about four times as long", arguments: kinds.indices)
  func linear(kind: Int) {
    let (name, make) = Self.kinds[kind]
    let size = setting("SUOYIN_HTML_BYTES", default: 1 << 15)
    var times: [Duration] = []
    for length in [size, size * 4] {
      let source = Array((make(length) + "<p>甲</p>\n<p>乙</p>").utf8)
      var text = HTMLText([])
      times.append(ContinuousClock().measure { text = HTMLText(source) })
      let last = text.lines.last.map { String(decoding: text.bytes[$0.range], as: UTF8.self) }
      #expect(last == "乙", "\(name)")
      #expect(text.lines.count < 2 || String(decoding: text.bytes[text.lines[text.lines.count - 2].range], as: UTF8.self).hasSuffix("甲"))
    }
    if environment("SUOYIN_HTML_BYTES") != nil { print("\(name), \(size) bytes: \(times)") }
    // Squares would make it sixteen; the milliseconds are for a machine that does other things, too.
    #expect(times[1] < times[0] * 10 + .milliseconds(200), "\(name): \(times)")
  }

  @Test("A bomb of entities stays as it is written")
  func entityBomb() {
    var source = "<?xml version=\"1.0\"?><!DOCTYPE html [<!ENTITY a0 \"lol\">"
    for level in 1...9 { source += "<!ENTITY a\(level) \"" + String(repeating: "&a\(level - 1);", count: 10) + "\">" }
    source += "<!ENTITY x SYSTEM \"file:///etc/passwd\">]><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>&a9;&x;</p></body></html>"
    let text = HTMLText(Array(source.utf8))
    #expect(text.bytes == Array("&a9;&x;\n".utf8))
  }

  @Test(
    "Random pieces of markup: each character is where the map says, and no letter outside of markup is lost",
    arguments: SeededRandom.seeds(4))
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces =
      ("<p> </p> <br> <h1> </h1> <table> </table> <tr> <td> </td> <pre> </pre> <b> </b> <title> </title> <script> </script> <textarea> <template> "
      + "</template> <!-- --> <a_x=\"y\"> <a_\" > < / \" ' = & ; &amp; &emsp; &#12288; &#x &lt <![CDATA[ ]]> <!DOCTYPE [ ]> <?a ?> 第一条 甲 a \u{FEFF} 　")
      .split(separator: " ").map { $0.replacing("_", with: " ") } + [" ", "\n", "\r\n", "\0"]
    for _ in 0..<1500 {
      let source = Array((0..<random.below(24)).map { _ in random.element(pieces) }.joined().utf8)
      let text = HTMLText(source)
      expectSound(text, of: source)
      if let title = text.title { #expect(!title.text.isEmpty && !title.range.isEmpty) }
    }
  }

  @Test("The import reads a hostile file, and the limits of text files hold for it")
  func imported() {
    let reading = ImportReading("a.html", Array((Self.repeated("<div><b>", 200_000) + "第一条 甲。<!--").utf8))
    #expect(reading.messages == [] && reading.documents.map { $0.fields["text"] } == [.text("甲。")])
    #expect(ImportReading("a.html", Array("<p>a\0</p>".utf8)).problems.map(\.severity) == [.rejected])
  }

  private static func repeated(_ piece: String, _ length: Int) -> String {
    String(repeating: piece, count: max(length / piece.utf8.count, 1))
  }
}
