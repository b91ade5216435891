// Are the right words of a list chosen, and is the rest cut as ICU would?
import SuoyinAnalysis
import SuoyinTestKit
import Testing

@Suite struct WordListTests {
  private func words(_ text: String, _ settings: AnalyzerSettings) throws -> [String] {
    try Analyzer(settings).analyze(text).tokens().filter { $0.family == .word }.map { "\($0.term)\($0.rule == .icu ? "" : "!")" }
  }

  private func settings(_ lines: String, policyWords: Bool = false) throws -> AnalyzerSettings {
    var dictionary = UserDictionary()
    dictionary.apply(try DictionaryFile(parsing: Array(lines.utf8)).changes)
    return AnalyzerSettings(.chinese, policyWords: policyWords, userDictionary: dictionary)
  }

  @Test func `words of the list go before ICU's, and ICU cuts what is left as if it stood alone`() throws {
    #expect(try words("推进5G网络建设", settings("5G网络")) == ["推进", "5g网络!", "建设"])
    #expect(try words("人民政府采购", settings("府采")) == ["人民", "政", "府采!", "购"])
    #expect(try words("政府采购", settings("政府")) == ["政府!", "采购"], "ICU's own word is marked too")
    #expect(try words("個人、工資，人工", settings("人工")) == ["个人", "工资", "人工!"], "nothing may stand between the cells")
    #expect(try words("人 工。人\n工人工", settings("人工")) == ["人", "工", "人", "工", "人工!"])
    #expect(try words("15G网络5G网", settings("5G网络")) == ["15g", "网络", "5g", "网"], "cells match whole")
  }

  @Test func `chooses by cells, then weight, then number of words, then place`() throws {
    #expect(try words("甲乙丙丁", settings("甲乙丙\n丙丁\n甲乙")) == ["甲乙!", "丙丁!"])
    #expect(try words("甲乙丙", settings("甲乙 2\n乙丙 3")) == ["甲", "乙丙!"])
    #expect(try words("甲乙丙丁", settings("甲乙\n丙丁\n甲乙丙丁")) == ["甲乙!", "丙丁!"], "two weigh more than one")
    #expect(try words("甲乙丙丁", settings("甲乙\n丙丁\n甲乙丙丁 2")) == ["甲乙丙丁!"], "as much weight in fewer words")
    #expect(try words("甲乙丙", settings("甲乙\n乙丙")) == ["甲乙!", "丙"])
    #expect(try words("甲乙丙丁戊", settings("甲乙\n丙丁戊\n甲乙丙\n丁戊")) == ["甲乙丙!", "丁戊!"])
  }

  @Test func `a user's word goes before built-in ones, which yield only where they overlap it`() throws {
    #expect(try words("互联网", settings("联网", policyWords: true)) == ["互", "联网!"])
    let tokens = try Analyzer(settings("联网", policyWords: true)).analyze("互联网碳达峰").tokens().filter { $0.family == .word }
    #expect(tokens.map(\.rule) == [.icu, .userWord, .policyWord])
    let both = try Analyzer(settings("互联网", policyWords: true)).analyze("互联网").tokens()
    #expect(both.first?.rule == .userWord)
  }

  @Test func `a word that is taken out is no word of the list`() throws {
    #expect(try words("互联网碳达峰", settings("!互联网", policyWords: true)) == ["互", "联", "网", "碳达峰!"])
    #expect(try words("互联网", AnalyzerSettings(.chinese)) == ["互联网!"])
    #expect(try words("互联网", AnalyzerSettings(.chinese, policyWords: false)) == ["互", "联", "网"])
    #expect(try words("互联网", AnalyzerSettings(.icu)) == ["互", "联", "网"])
  }

  @Test func `the fingerprint names every list that matters`() throws {
    let plain = AnalyzerSettings(.chinese, policyWords: false)
    let all = try [plain, AnalyzerSettings(.chinese), settings("双碳"), settings("双碳 2"), settings("!双碳"), settings("双碳", policyWords: true)]
    #expect(Set(all.map(\.fingerprint)).count == all.count)
    #expect(AnalyzerSettings(.icu).fingerprint == AnalyzerSettings(.icu, policyWords: false).fingerprint)
  }

  // MARK: The rule against its definition

  /// The best set by the words of `WordList`'s documentation: all sets are tried.
  private static func best(_ places: [(range: Range<Int>, weight: Double)]) -> [Range<Int>] {
    var best: [(range: Range<Int>, weight: Double)] = []
    func isBetter(_ set: [(range: Range<Int>, weight: Double)]) -> Bool {
      let cells = (set.reduce(0) { $0 + $1.range.count }, best.reduce(0) { $0 + $1.range.count })
      if cells.0 != cells.1 { return cells.0 > cells.1 }
      let weights = (set.reduce(0) { $0 + $1.weight }, best.reduce(0) { $0 + $1.weight })
      if weights.0 != weights.1 { return weights.0 > weights.1 }
      if set.count != best.count { return set.count < best.count }
      guard let (new, old) = zip(set, best).first(where: { $0.range != $1.range }) else { return false }
      return new.range.lowerBound != old.range.lowerBound
        ? new.range.lowerBound < old.range.lowerBound : new.range.count > old.range.count
    }
    func extend(_ set: [(range: Range<Int>, weight: Double)], from index: Int) {
      if index == places.count {
        if isBetter(set) { best = set }
        return
      }
      extend(set, from: index + 1)
      if set.last.map({ $0.range.upperBound <= places[index].range.lowerBound }) ?? true { extend(set + [places[index]], from: index + 1) }
    }
    extend([], from: 0)
    return best.map(\.range)
  }

  @Test(arguments: SeededRandom.seeds(6)) func `chooses what trying all sets would choose`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let alphabet = ["甲", "乙", "丙", "5g", "、", "。"]
    for _ in 0..<60 {
      var list: [String: (word: DictionaryWord, weight: Double, rule: TokenRule)] = [:]
      for _ in 0..<(1 + random.below(7)) {
        let text = (0..<(2 + random.below(3))).map { _ in random.element(Array(alphabet.prefix(4))) }.joined()
        guard let word = try? DictionaryWord(text) else { continue }
        list[text] = (word, Double(1 + random.below(3)), random.chance(1, in: 2) ? .userWord : .policyWord)
      }
      let text = (0..<random.below(9)).map { _ in random.element(alphabet) }.joined()
      let analysis = try Analyzer(.bigram).analyze(text)
      var places: [(range: Range<Int>, weight: Double, rule: TokenRule)] = []
      for first in analysis.cells.indices {
        for end in first + 2..<max(first + 2, analysis.cells.count + 1) {
          let bytes = analysis.text[Int(analysis.cells[first].termStart)..<Int(analysis.cells[end - 1].termEnd)]
          let isGapless = (first..<end - 1).allSatisfy { analysis.cells[$0].termEnd == analysis.cells[$0 + 1].termStart }
          for entry in list.values where isGapless && bytes.elementsEqual(entry.word.text) && entry.word.cells.count == end - first {
            places.append((first..<end, entry.weight, entry.rule))
          }
        }
      }
      let users = Self.best(places.filter { $0.rule == .userWord }.map { ($0.range, $0.weight) })
      let others = Self.best(
        places.filter { place in place.rule == .policyWord && users.allSatisfy { !$0.overlaps(place.range) } }.map { ($0.range, $0.weight) }
      )
      let expected = (users.map { ($0, TokenRule.userWord) } + others.map { ($0, TokenRule.policyWord) })
        .map { WordList.Occurrence(firstCell: $0.0.lowerBound, cellCount: $0.0.count, rule: $0.1) }.sorted { $0.firstCell < $1.firstCell }
      let found = WordList(Array(list.values)).occurrences(in: analysis.text, cells: analysis.cells)
      #expect(found == expected, "\(text) by \(list.mapValues { "\($0.weight) \($0.rule)" }); \(random.advice)")
    }
  }

  @Test(arguments: SeededRandom.seeds(6)) func `words partition the cells, keep the chosen, and are ICU's between them`(seed: UInt64) throws
  {
    var random = SeededRandom(seed: seed)
    let plain = try Analyzer(AnalyzerSettings(.chinese, policyWords: false))
    for _ in 0..<30 {
      var dictionary = UserDictionary()
      for _ in 0..<random.below(20) { _ = try? dictionary.add(RandomText.make(1 + random.below(4), hostility: 10, &random)) }
      let analyzer = try Analyzer(AnalyzerSettings(.chinese, userDictionary: dictionary))
      for _ in 0..<10 {
        let text = RandomText.make(random.below(50), hostility: 20, &random)
        let cut = try analyzer.analyze(text)
        let icu = try plain.analyze(text)
        #expect(cut.cells.map(\.termStart) == icu.cells.map(\.termStart) && cut.text == icu.text)
        var next = 0
        for word in cut.words {
          #expect(Int(word.firstCell) == next && word.cellCount > 0, "\(text.debugDescription); \(random.advice)")
          next += Int(word.cellCount)
          #expect(word.termStart <= cut.cells[Int(word.firstCell)].termStart && word.termEnd >= cut.cells[next - 1].termEnd)
          if word.rule != .icu {
            let term = String(decoding: cut.term(of: word), as: UTF8.self)
            #expect(word.rule == .userWord ? dictionary.words[term] != nil : PolicyWords.all.contains(term), "\(term)")
          }
        }
        #expect(next == cut.cells.count)
        if !cut.words.contains(where: { $0.rule != .icu }) { #expect(cut.words.map(\.termStart) == icu.words.map(\.termStart)) }
      }
    }
  }

  @Test func `takes time in proportion to a hostile text`() throws {
    var dictionary = UserDictionary()
    for count in 2...20 { try dictionary.add(String(repeating: "甲", count: count), weight: Double(count)) }
    let analyzer = try Analyzer(AnalyzerSettings(.bigram))
    let list = try #require(try AnalyzerSettings(.chinese, policyWords: false, userDictionary: dictionary).wordList())
    func time(_ count: Int) throws -> Duration {
      let analysis = try analyzer.analyze(String(repeating: "甲", count: count))
      return ContinuousClock().measure { #expect(list.occurrences(in: analysis.text, cells: analysis.cells).count >= count / 20) }
    }
    _ = try time(2_000)
    let (short, long) = (try time(4_000), try time(32_000))
    #expect(long < short * 40, "eight times the text took \(long) instead of \(short)")
  }
}

@Suite struct PolicyWordsTests {
  @Test func `every built-in word is a word, normalised, listed once, and none that ICU has`() throws {
    #expect(PolicyWords.all.count == PolicyWords.ordered.count && PolicyWords.all.count > 500)
    let icu = try Analyzer(.icu)
    for word in PolicyWords.ordered {
      #expect(try PolicyWords.all.contains(UserDictionary.normalized(word)))
      #expect(try icu.analyze(word).words.count > 1, "\(word) is ICU's already")
    }
  }

  @Test func `words that everybody uses today are whole`() throws {
    let analyzer = try Analyzer(.chinese)
    for word in ["互联网", "碳达峰", "新质生产力", "专精特新", "公积金", "营商环境", "放管服", "领跑者", "雄安新区", "双随机一公开", "长三角", "未成年人"] {
      #expect(try analyzer.analyze(word).words.map(\.rule) == [.policyWord], "\(word)")
    }
  }

  /// Where other words meet, as in 推动|产业, no built-in word may appear.
  @Test func `no built-in word is seen where other words meet`() throws {
    let analyzer = try Analyzer(.chinese)
    for text in [
      "推动产业发展", "提高企业效益", "财政部门负责", "创新区域合作", "中国企业", "农民企业家", "提高管理水平", "监察委员会", "仲裁委员会", "市县级人民政府", "集中试点", "不能效仿", "计划拨付", "个人社会保险",
      "预防控制", "执行人员", "驾驶人员", "第三人民医院", "收集采用", "提高标准", "监控规定", "街道办事处", "业务人员", "保证人民安全", "申请人民法院", "其中水泥",
    ] {
      let cut = try analyzer.analyze(text)
      let accidental = cut.words.filter { $0.rule == .policyWord }.map { String(decoding: cut.term(of: $0), as: UTF8.self) }
      #expect(Set(accidental).isSubset(of: ["委员会", "街道办事处", "试点"]), "\(text): \(accidental)")
    }
  }
}
