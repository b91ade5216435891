// suoyin merge, stats and check: how is the index itself?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Merge all segments into one and drop what deleted passages take up.")

  @OptionGroup var index: IndexOption

  func run() throws {
    let searchIndex = try index.open()
    try searchIndex.merge()
    let statistics = try searchIndex.indexStatistics()
    StandardOutput.write("committed \(searchIndex.path): \(statistics.passageCount) passages, \(statistics.byteCount) bytes\n")
  }
}

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stats", abstract: "Say what an index consists of.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Write one line of JSON.") var json = false

  func run() throws {
    let statistics = try index.open().indexStatistics()
    if json {
      var line = JSONLine(type: "stats")
      line.add("index", statistics.path)
      line.add("commit", Int(statistics.commitNumber))
      line.add("analyzer", statistics.analyzer.rawValue)
      line.add("policy_words", statistics.policyWords)
      line.add("user_words", statistics.userWordCount)
      line.add("removed_words", statistics.removedWordCount)
      line.add("fingerprint", statistics.fingerprint)
      line.add("fingerprint_matches", statistics.fingerprintMatches)
      line.add("tokenizer", CutTables.areKnownFormats ? "suoyin" : "icu")
      line.add("passages", statistics.passageCount)
      line.add("deleted", statistics.deletedCount)
      line.add("sources", statistics.sourceCount)
      line.add("segments", statistics.segmentCount)
      line.add("terms", statistics.termCount)
      line.add("bytes", Int(statistics.byteCount))
      line.add("average_words", statistics.averageWordCount)
      line.add("average_cells", statistics.averageCellCount)
      line.print()
      return
    }
    let removed = statistics.removedWordCount > 0 ? ", \(statistics.removedWordCount) taken out" : ""
    var rows = [
      ("index", statistics.path), ("commit", "\(statistics.commitNumber)"),
      ("analyzer", statistics.fingerprint + (statistics.fingerprintMatches ? "" : "  (not what this program has: index again)")),
      ("words", "\(statistics.policyWords ? "policy words" : "no policy words"), \(statistics.userWordCount) of its own" + removed),
      ("passages", "\(statistics.passageCount)" + (statistics.deletedCount > 0 ? " (and \(statistics.deletedCount) deleted)" : "")),
      ("sources", "\(statistics.sourceCount)"), ("segments", "\(statistics.segmentCount)"), ("terms", "\(statistics.termCount)"),
      ("bytes", "\(statistics.byteCount)"),
    ]
    if !CutTables.areKnownFormats { rows.append(("tokenizer", "ICU's own, slower: the linked ICU's formats are not the known ones")) }
    for (name, value) in rows { StandardOutput.write(name + String(repeating: " ", count: 10 - name.count) + value + "\n") }
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read everything in an index and compare what must agree; exit 70 on damage.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Cut the stored texts anew, too, and compare what they give with the lists.") var deep = false
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let report = try SearchIndex.check(at: index.resolved, isDeep: deep)
    for problem in report.problems { StandardError.note("damage", problem) }
    if json {
      var line = JSONLine(type: "check")
      line.add("sound", report.isSound)
      line.add("segments", report.segmentCount)
      line.add("passages", report.passageCount)
      line.add("terms", report.termCount)
      line.add("postings", report.postingCount)
      line.add("problems", raw: "[" + report.problems.map(JSONLine.quoted).joined(separator: ",") + "]")
      line.print()
    } else if report.isSound {
      StandardOutput.write(
        "sound \(index.resolved): \(report.passageCount) passages, \(report.segmentCount) segments, \(report.termCount) terms, "
          + "\(report.postingCount) postings\n")
    }
    if !report.isSound { throw ExitStatus.damaged }
  }
}
