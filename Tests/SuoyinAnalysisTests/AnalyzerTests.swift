// Are cells, words and pairs what the cell model says?
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct AnalyzerTests {
  private func words(_ text: String, _ name: AnalyzerName = .chinese) throws -> [String] {
    try Analyzer(name).analyze(text).tokens().filter { $0.family == .word }.map(\.term)
  }

  @Test func `cuts words as ICU does, after normalising`() throws {
    #expect(try words("人民政府支持製造業") == ["人民政府", "支持", "制造业"])
    #expect(try words("ＧＢ/T 36073-2018") == ["gb", "t", "36073", "2018"])
    #expect(try words("0.52吨，5Ｇ") == ["0.52", "吨", "5g"])
  }

  @Test func `leaves the text as it stands in the analyzer icu, with ICU's status`() throws {
    let tokens = try Analyzer(.icu).analyze("製造業 ５Ｇ 2023 。").tokens()
    #expect(tokens.map(\.term) == ["製造業", "５Ｇ", "2023"])
    #expect(tokens.map(\.status) == [400, 200, 100])
    #expect(tokens.map(\.cells) == [3, 1, 1])
    #expect(tokens.allSatisfy { $0.family == .word })
  }

  @Test func `counts cells as the map says`() throws {
    func cells(_ text: String) throws -> [String] {
      try Analyzer(.chinese).analyze(text).tokens().filter { $0.family == .single }.map { "\($0.term)@\($0.cell)" }
    }
    #expect(try cells("第17条") == ["第@0", "17@1", "条@2"])
    #expect(try cells("カタカナ한국") == ["カ@0", "タ@1", "カ@2", "ナ@3", "한@4", "국@5"])
    #expect(try cells("ไทย") == ["ไ@0", "ท@1", "ย@2"])
    #expect(try cells("。甲。乙！！丙，丁\n戊。\r\n\r\n己；") == ["甲@0", "乙@2", "丙@4", "丁@5", "戊@7", "己@10"])
    #expect(try cells("ア_abc") == ["ア@0", "abc@1"])
    #expect(try cells("a_b") == ["a_b@0"])
    #expect(try cells("甲\u{E000}\u{FE0F}乙") == ["甲@0", "\u{E000}@1", "乙@2"])
  }

  @Test func `pairs every cell with its neighbour or the end mark`() throws {
    let pairs = try Analyzer(.chinese).analyze("政府5G。链").tokens().filter { $0.family == .pair }.map { "\($0.term)|" }
    #expect(pairs == ["政府|", "府 5g|", "5g |", "链 |"])
    let ends = try Analyzer(.chinese).analyze("作。\n对\n作。对").tokens().filter { $0.family == .pair }.map { "\($0.term)|" }
    #expect(ends == ["作  |", "对 |", "作 |", "对 |"])
  }

  @Test func `reads every pair back`() {
    for (first, firstIsWord) in [("政", false), ("5g", true), ("𠮷", false), ("a", true)] {
      for (second, secondIsWord) in [("府", false), ("t", true), (nil, false), (nil, true)] {
        let cell = Array(first.utf8)[...]
        let pair =
          second.map { PairTerm.bytes(cell, isWord: firstIsWord, Array($0.utf8)[...], isWord: secondIsWord) }
          ?? PairTerm.bytes(cell, endMarks: secondIsWord ? 2 : 1)
        #expect(PairTerm.firstCell(of: pair[...]).elementsEqual(first.utf8))
        #expect(pair.starts(with: PairTerm.prefix(Array(first.utf8)[...], isWord: firstIsWord)))
      }
    }
  }

  @Test func `cuts a word that is too long for a term into cells, at borders of code points`() throws {
    for text in [String(repeating: "a", count: 1000), String(repeating: "é", count: 400), String(repeating: "ａ", count: 600)] {
      let analysis = try Analyzer(.chinese).analyze(text)
      #expect(analysis.cells.count > 1)
      #expect(analysis.cells.allSatisfy { $0.termLength > 0 })
      #expect(analysis.words.count == analysis.cells.count)
      #expect(
        analysis.cells.map { String(decoding: analysis.term(of: $0), as: UTF8.self) }.joined()
          == String(decoding: analysis.text, as: UTF8.self))
    }
    let pieces = try Analyzer(.whitespace).analyze(String(repeating: "长", count: 300)).tokens()
    #expect(pieces.map(\.term).joined() == String(repeating: "长", count: 300))
  }

  @Test func `cuts at white space only in the analyzer whitespace`() throws {
    let tokens = try Analyzer(.whitespace).analyze(" ＡＢ，c\u{3000}製造業。\n").tokens()
    #expect(tokens.map(\.term) == ["ＡＢ，c", "製造業。"])
    #expect(tokens.map(\.cell) == [0, 1])
  }

  @Test(arguments: SeededRandom.seeds(8)) func `keeps its invariants on hostile texts`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for name in AnalyzerName.allCases {
      let analyzer = try Analyzer(name)
      for _ in 0..<60 {
        let text = RandomText.make(random.below(60), hostility: 30, &random)
        let analysis = try analyzer.analyze(text)
        var lastEnd: UInt32 = 0
        for (index, cell) in analysis.cells.enumerated() {
          #expect(cell.termStart < cell.termEnd, "\(text.debugDescription); \(random.advice)")
          let range = analysis.utf8Range(ofCells: index..<index + 1)
          #expect(!range.isEmpty && range.upperBound <= text.utf8.count)
          #expect(cell.termStart >= lastEnd)
          if index > 0 { #expect((1...3).contains(cell.number - analysis.cells[index - 1].number)) } else { #expect(cell.number == 0) }
          lastEnd = cell.termEnd
        }
        // Words partition the cells.
        if name.families.contains(.word) {
          var next = 0
          for word in analysis.words {
            #expect(Int(word.firstCell) == next && word.cellCount > 0, "\(text.debugDescription); \(random.advice)")
            next += Int(word.cellCount)
          }
          #expect(next == analysis.cells.count)
        } else {
          #expect(analysis.words.isEmpty)
        }
      }
    }
  }

  @Test(arguments: SeededRandom.seeds(8)) func `gives offsets that lead back to each term`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let analyzer = try Analyzer(.chinese)
    for _ in 0..<100 {
      let text = RandomText.make(random.below(60), hostility: 25, &random)
      let original = Array(text.utf8)
      for token in try analyzer.analyze(text).tokens() where token.family == .word || token.family == .single {
        let piece = String(decoding: original[token.utf8Range], as: UTF8.self)
        let folded = String(decoding: Normalizer().normalize(piece.utf8.span).bytes, as: UTF8.self)
        #expect(folded.unicodeScalars.contains(token.term.unicodeScalars), "\(piece.debugDescription) → \(token); \(random.advice)")
      }
    }
  }

  @Test func `analyses the same text in the same way again`() throws {
    let analyzer = try Analyzer(.chinese)
    let first = try analyzer.analyze("人民政府ー制造業").tokens()
    _ = try analyzer.analyze("ไทย한국")
    #expect(try analyzer.analyze("人民政府ー制造業").tokens() == first)
    #expect(try analyzer.analyze("").tokens().isEmpty)
  }
}
