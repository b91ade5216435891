// Are English words reduced as the published algorithm says?
import SuoyinAnalysis
import Testing

@Suite struct EnglishStemmerTests {
  /// Words by the rule that they show, with the stems that the algorithm's description gives or implies.
  static let words: [(rule: String, stems: String)] = [
    ("short words", "by:by to:to a:a is:is"),
    ("apostrophes", "dog's:dog dogs':dog 'tis:tis children's:children"),
    ("plurals", "caresses:caress ponies:poni ties:tie cries:cri gas:gas this:this gaps:gap kiwis:kiwi us:us grass:grass policies:polici"),
    (
      "past and gerund",
      "agreed:agre feed:feed plastered:plaster bled:bled motoring:motor sing:sing luxuriated:luxuri troubled:troubl sized:size"
    ),
    (
      "doubled letters",
      "hopping:hop hoped:hope falling:fall hissing:hiss fizzed:fizz added:add ebbing:ebb odd:odd running:run controlled:control"
    ),
    ("y", "cry:cri by:by say:say happy:happi enjoy:enjoy yielded:yield youth:youth saying:say syzygy:syzygi"),
    (
      "step 2",
      "relational:relat conditional:condit valenci:valenc hesitanci:hesit digitizer:digit radically:radic differently:differ analogously:analog"
        + " predication:predic operator:oper feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous formality:formal"
        + " sensitivity:sensit sensibility:sensibl apology:apolog knightly:knight hopelessly:hopeless"
    ),
    ("step 3", "triplicate:triplic formative:format formalize:formal electricity:electr electrical:electr hopeful:hope goodness:good"),
    (
      "step 4",
      "revival:reviv allowance:allow inference:infer airliner:airlin adjustable:adjust defensible:defens irritant:irrit replacement:replac"
        + " adjustment:adjust dependent:depend adoption:adopt communism:communism activate:activ homologous:homolog effective:effect"
    ),
    ("step 5", "probate:probat rate:rate cease:ceas roll:roll generate:generat paste:paste pasting:paste past:past"),
    (
      "special words",
      "skis:ski skies:sky dying:die lying:lie news:news early:earli only:onli andes:andes atlas:atlas evening:evening innings:inning"
    ),
    (
      "prefixes",
      "generation:generat general:general communication:communic arsenal:arsenal university:universiti universe:univers international:internat"
    ),
    ("consist", "consign:consign consigned:consign consignment:consign consisted:consist consistency:consist consistently:consist"),
    ("knack", "knack:knack knackeries:knackeri knacks:knack knag:knag knave:knave knaves:knave knavish:knavish kneaded:knead kneel:kneel"),
    (
      "terms of policy",
      "regulation:regul regulations:regul regulatory:regulatori enterprises:enterpris enterprise:enterpris development:develop developing:develop"
    ),
  ]

  private func stem(_ word: String) throws -> String? {
    var analysis = try Analyzer(.chinese).analyze(word)
    analysis.addStems(.english)
    return analysis.tokens().first { $0.rule == .stem }.map { String($0.term.dropFirst()) }
  }

  @Test(arguments: words) func `words become their stems`(rule: String, stems: String) throws {
    for pair in stems.split(separator: " ") {
      let sides = pair.split(separator: ":").map(String.init)
      // An apostrophe at a word's edge is punctuation to the analyzer.
      let word = sides[0].hasPrefix("'") ? String(sides[0].dropFirst()) : sides[0]
      #expect(try stem(word) == sides[1], "\(rule): \(word)")
    }
  }

  @Test func `only words of ASCII letters have stems, beside the other terms and in their order`() throws {
    for text in ["运行", "5g", "café", "2023", "。"] { #expect(try stem(text) == nil, "\(text)") }
    var analysis = try Analyzer(.chinese).analyze("Running 第17条 policies 5G")
    let before = analysis.tokens()
    analysis.addStems(.english)
    let after = analysis.tokens()
    #expect(after.filter { $0.rule != .stem } == before)
    #expect(
      after.filter { $0.rule == .stem }.map { "\($0.term) \($0.family) \($0.cell) \($0.utf8Range)" } == [
        "~run extra 0 0..<7", "~polici extra 4 17..<25",
      ])
    #expect(after.map(\.cell) == after.map(\.cell).sorted())
  }
}
