// suoyin snapshot and restore: how is an index copied while it is in use, and put back?
internal import ArgumentParser
internal import Suoyin

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Copy an index as of its newest commit, while it may be written to.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Copy the files even where they could be linked.") var copy = false
  @Flag(help: "Check everything in the copy before it becomes an index.") var check = false
  @Argument(help: ArgumentHelp("A new directory, or an empty one.", valueName: "directory"), completion: .directory)
  var destination: String

  func run() throws {
    let searchIndex = try index.open()
    let summary = try searchIndex.snapshot(to: destination, copying: copy, checking: check)
    StandardOutput.write("copied \(searchIndex.path) to \(summary.line)\n")
  }
}

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make an index from a snapshot, after everything in it has been checked.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Put the snapshot in the place of an index that is there.") var replace = false
  @Flag(help: "Copy the files even where they could be linked.") var copy = false
  @Argument(help: ArgumentHelp("The directory of the snapshot.", valueName: "directory"), completion: .directory)
  var snapshot: String

  func run() throws {
    let summary = try SearchIndex.restore(from: snapshot, to: index.resolved, replacing: replace, copying: copy)
    StandardOutput.write("restored \(summary.line), from \(snapshot)\n")
  }
}

extension CopySummary {
  fileprivate var line: String {
    "\(path): \(passageCount) passages, \(fileCount) files (\(linkedCount) linked), \(byteCount) bytes"
  }
}
