// Is the text of an HTML file what a reader sees, and is each part of it found in the file?
internal import Suoyin
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

@Suite("HTML is read as it is seen")
struct HTMLTextTests {
  @Test("Paragraphs, divisions, items of lists and line breaks make lines")
  func lines() {
    #expect(lines("<p>一</p><p>二<p>三<div>四</div>五<ul><li>六<li>七</ul>八<br>九<br/>十") == ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"])
    #expect(lines("<!DOCTYPE html><html><head><title>名</title></head><body>甲<hr>乙</body></html>丙") == ["甲", "乙", "丙"])
    #expect(lines("<DIV>一</DIV><Section>二</sEction><unknown>三</unknown>四") == ["一", "二", "三四"])
    #expect(lines("<p></p><p> </p><p>&nbsp;</p><p>&emsp;<br> <br></p>").isEmpty)
    #expect(lines("") == [] && lines("文") == ["文"] && lines("\u{FEFF}<p>文") == ["文"])
  }

  @Test("Emphasis, links and other parts of a line leave no trace, and blanks are one")
  func inline() {
    #expect(lines("<p><b>第<i>一</i></b>条 <a href='/x'>为<span>了</span></a></p>") == ["第一条 为了"])
    #expect(lines("<p>\n  a \t b\r\n<b> c</b> </p>\n<p>d</p>") == ["a b c", "d"])
    #expect(lines("甲<b> </b>乙 <!-- --> 丙") == ["甲 乙 丙"])
    #expect(lines("<o:p>甲</o:p>") == ["甲"])
  }

  @Test("Headings have their level; what only looks like one has none")
  func headings() {
    #expect(levels("<h1>名</h1><h6>第一条</h6>文") == [1, 6, nil])
    #expect(levels("<h2>一<br>二</h2>三") == [2, 2, nil])
    #expect(levels("<p># 甲</p>## 乙<br>- 丙<br>* 丁") == [nil, nil, nil, nil])
    #expect(levels("<h2><p>名</p></h2><p>文") == [2, nil])
    // Not closed: the next block ends it.
    #expect(levels("<h1>名<p>文<p>文") == [1, nil, nil])
    #expect(levels("<h1></h1><p>文</p><h7>文</h7>") == [nil, nil])
    #expect(lines("<h1># 甲</h1>") == ["# 甲"])
  }

  @Test("Cells of a row stand side by side, and what follows in a cell on lines of its own")
  func tables() {
    let law = "<table>\n<tr><td>第 1 條</td>\n<td>甲。<br/>一、乙。</td></tr>\n<tr><td>第 2 條</td><td>丙。</td></tr></table>丁"
    #expect(lines(law) == ["第 1 條　甲。", "一、乙。", "第 2 條　丙。", "丁"])
    #expect(lines("<table><tr><td><p>第 1 條</p></td><td><p>&nbsp;甲</p><p>乙</p></td></tr></table>") == ["第 1 條　甲", "乙"])
    #expect(lines("<table><tr><td></td><td>甲</td><td> </td><td>乙</td></tr></table>") == ["甲　乙"])
    #expect(lines("<table><td>甲<td>乙<tr><th>丙<th>丁") == ["甲　乙", "丙　丁"])
    // A cell of many lines, and a table in a table: the next cell is no part of the last line.
    #expect(lines("<table><tr><td>甲<br>乙</td><td>丙</td></tr></table>") == ["甲", "乙", "丙"])
    #expect(lines("<table><tr><td><table><tr><td>甲<td>乙</table><td>丙</table>") == ["甲　乙", "丙"])
    #expect(lines("<td>甲</td><td>乙</td>") == ["甲", "乙"])
  }

  @Test("Scripts, styles, templates, comments and what is for others is left out")
  func hidden() {
    for element in ["script", "style", "template", "noscript", "iframe", "noembed", "noframes"] {
      #expect(lines("甲<\(element) a='>'>第九百九十九条<p>不是</\(element.uppercased()) >乙") == ["甲乙"], "\(element)")
      // Never closed, or empty: nothing is hidden.
      #expect(lines("甲<\(element)>乙") == ["甲乙"] && lines("甲<\(element)/>乙") == ["甲乙"], "\(element)")
    }
    #expect(lines("甲<template>乙<template>丙</template>丁</template>戊") == ["甲戊"])
    #expect(lines("甲<template><template>乙</template>丙") == ["甲丙"])
    #expect(lines("甲<!-- <p>乙</p> -->丙<!-->丁<!--->戊<!--乙--!>己<?xml a?>庚<!ELEMENT x>辛") == ["甲丙丁戊己庚辛"])
    #expect(lines("甲<script>if (a</script/.test(b)) '</scripted>'</script>乙") == ["甲'乙"])
    #expect(lines("甲<script><!-- write('<script>x</script>') //--></script>乙") == ["甲乙"])
    #expect(lines("甲<input type=hidden value=乙><img alt=丙 src=x>") == ["甲"])
    #expect(lines("<meta name=description content='甲'><link rel=a><base>乙") == ["乙"])
  }

  @Test("The title is given apart, the first that is not empty")
  func title() {
    let source = "<title> </title><TITLE>\n 条例 &amp;\t<b>办法 </title><svg><title>图</title></svg>文"
    let text = HTMLText(Array(source.utf8))
    #expect(text.title?.text == "条例 & <b>办法" && lines(source) == ["文"])
    #expect(text.title.map { String(decoding: Array(source.utf8)[$0.range], as: UTF8.self) } == "条例 &amp;\t<b>办法")
    #expect(HTMLText(Array("<title>没有完<p>文".utf8)).title == nil && lines("<title>没有完<p>文") == ["没有完", "文"])
    #expect(HTMLText(Array("文".utf8)).title == nil)
  }

  @Test("References become their characters, and what is none stays")
  func references() {
    #expect(lines("&lt;p&gt;&amp;&quot;&apos;&#x3000;&#12288;a&emsp;b&nbsp;c") == ["<p>&\"'　　a\u{2003}b\u{A0}c"])
    #expect(lines("&#31532;&#x4E00;&#X6761&#0;&#x110000;&#xD800;&#99999999999999999999;") == ["第一条\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"])
    #expect(lines("&#147;x&#148;&#128;") == ["“x”€"])
    #expect(lines("&copy2024 &notit; &notin; &ampx &unknown; &; & &# &#x; &#; A&B") == ["©2024 ¬it; ∉ &x &unknown; &; & &# &#x; &#; A&B"])
    #expect(lines("&hellip;&mdash;&ldquo;&middot;&lpar;&CounterClockwiseContourIntegral;") == ["…—“·(∳"])
    #expect(lines("a&#32;&#10;&Tab;b&#13;<b>&NewLine;</b>") == ["a b"])
    #expect(lines("&") == ["&"] && lines("a&lt") == ["a<"] && lines("<a href='?a=1&lt=2'>x</a>") == ["x"])
  }

  @Test("White space and references are as long as in the file")
  func extents() {
    let map = HTMLText(Array("<p> a \n\t b&emsp;<i>&amp;</i></p><td>c".utf8)).map
    // a, blank, b, U+2003, &, LF, c
    let places = [(0..<1, 4..<5), (1..<2, 5..<9), (2..<3, 9..<10), (3..<6, 10..<16), (6..<7, 19..<24), (7..<8, 36..<36), (8..<9, 36..<37)]
    for (text, file) in places { #expect(map.file(text) == file, "\(text)") }
    #expect(map.file(0..<9) == 4..<37)
  }

  @Test("Preformatted text keeps its lines")
  func preformatted() {
    #expect(lines("<pre>第一条\n  甲\r\n\r\n乙</pre>丙\n丁") == ["第一条", "甲", "乙", "丙 丁"])
    #expect(lines("<textarea>a<b>\n&lt;</textarea>c") == ["a<b>", "<", "c"])
    #expect(lines("<xmp>a<b>&lt;</xmp>c<![CDATA[<b>&lt;]]>d") == ["a<b>&lt;", "c<b>&lt;d"])
  }

  @Test("Nothing is lost behind broken markup")
  func broken() {
    #expect(lines("<p>甲<!-- 乙<p>丙") == ["甲 乙", "丙"])
    #expect(lines("<p>甲<a href=\"x>乙</a>丙") == ["甲乙丙"])
    #expect(lines("<p title='甲>乙'>丙</p>") == ["丙"])
    #expect(lines("<div <p>甲</p") == ["甲"])
    #expect(lines("甲<b <i>乙</i</b>丙</") == ["甲乙丙</"])
    #expect(lines("甲 < 乙 <3 <") == ["甲 < 乙 <3 <"])
    #expect(lines("《关于修改<建筑法>的决定》") == ["《关于修改<建筑法>的决定》"])
    #expect(lines("甲</>乙</3>丙<!>丁<![if !x]>戊") == ["甲乙丙丁戊"])
    #expect(lines("甲<![CDATA[乙") == ["甲[CDATA[乙"] && lines("甲<!doctype a [ <!ENTITY b 'c'> ]>&b;乙") == ["甲&b;乙"])
    #expect(lines("</p></table></td></tr></pre></h1>甲<p =a = b='c'd>乙") == ["甲", "乙"])
    #expect(lines("甲\u{0}乙<p\u{0}>丙") == ["甲乙丙"])
  }

  /// The lines of some HTML, after checking what always holds.
  private func lines(_ html: String, at location: SourceLocation = #_sourceLocation) -> [String] {
    let text = HTMLText(Array(html.utf8))
    expectSound(text, of: Array(html.utf8), at: location)
    return text.lines.map { String(decoding: text.bytes[$0.range], as: UTF8.self) }
  }

  private func levels(_ html: String) -> [Int?] { HTMLText(Array(html.utf8)).lines.map(\.level) }
}

/// Expects that the lines are the text, and that each character is where the map says: itself, a reference to it, or white space.
func expectSound(_ text: HTMLText, of source: [UInt8], at location: SourceLocation = #_sourceLocation) {
  var start = 0
  for line in text.lines {
    #expect(line.range.lowerBound == start && !line.range.isEmpty && text.bytes[line.range.upperBound] == 0x0A, sourceLocation: location)
    start = line.range.upperBound + 1
  }
  #expect(start == text.bytes.count && text.bytes.count <= source.count * 6 / 5 + 1, sourceLocation: location)
  var wrong: [Int] = []
  var offset = 0
  while offset < text.bytes.count {
    let end = text.bytes[(offset + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? text.bytes.count
    let origin = source[text.map.file(offset..<end)]
    let character = text.bytes[offset..<end]
    let isBlank = origin.allSatisfy { [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
    if !(origin.elementsEqual(character) || origin.first == UInt8(ascii: "&") || (character.elementsEqual([0x20]) && isBlank)
      || (origin.isEmpty && (character.elementsEqual([0x0A]) || character.elementsEqual("\u{3000}".utf8))))
    {
      wrong.append(offset)
    }
    offset = end
  }
  #expect(wrong == [], sourceLocation: location)
}
