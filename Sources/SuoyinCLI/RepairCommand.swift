// suoyin repair: what is left of an index that is damaged?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Leave out what is damaged in an index, and name it; exit 65 when something is lost.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Change nothing, and say what would be lost.") var dryRun = false
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let report = try SearchIndex.repair(at: index.resolved, isDryRun: dryRun)
    for problem in report.problems { StandardError.note("damage", problem) }
    for lost in report.lost { json ? lost.printJSON() : StandardOutput.write("lost \(lost.line)\n") }
    if json {
      var line = JSONLine(type: "repair")
      line.add("sound", report.isSound)
      line.add("dry_run", dryRun)
      line.add("damaged", raw: "[" + report.damagedSegments.map(JSONLine.quoted).joined(separator: ",") + "]")
      line.add("doubtful", raw: "[" + report.doubtfulSegments.map(JSONLine.quoted).joined(separator: ",") + "]")
      line.add("kept", report.keptCount)
      line.add("lost", report.lost.count)
      line.add("passages", report.passageCount)
      line.add("problems", raw: "[" + report.problems.map(JSONLine.quoted).joined(separator: ",") + "]")
      line.print()
    } else {
      for name in report.doubtfulSegments {
        StandardOutput.write("doubtful \(name): what was deleted of it cannot be read, and may be back\n")
      }
      let passages = "\(report.passageCount) passages"
      StandardOutput.write(
        report.isSound
          ? "sound \(index.resolved): \(passages), nothing to repair\n"
          : "\(dryRun ? "would repair" : "repaired") \(index.resolved): \(passages), \(report.damagedSegments.count) segments damaged, "
            + "\(report.keptCount) of their passages indexed anew, \(report.lost.count) lost\n")
    }
    if report.hasLosses { throw ExitStatus.rejectedInput }
  }
}

extension LostPassage {
  fileprivate var line: String {
    if let key { return "key \(key)" }
    return number.map { "passage \($0) of \(segment)" } ?? "all of \(segment)"
  }

  fileprivate func printJSON() {
    var line = JSONLine(type: "lost")
    line.add("segment", segment)
    if let number { line.add("number", number) }
    if let key { line.add("key", key.description) }
    line.print()
  }
}
