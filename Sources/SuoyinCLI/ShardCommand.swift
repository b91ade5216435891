// suoyin shard: how is a large index built in parts?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinImport

struct ShardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shard",
    abstract: "Build a large index in parts, by several processes or machines, and publish them as one.",
    discussion: """
      Every part may be built again, anywhere and at any time: the same files give the same bytes under the same name. Nothing is seen of them in an index \
      before all are published at once.
      """,
    subcommands: [ShardBuildCommand.self, ShardCommitCommand.self])
}

struct ShardBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Index those of the files and rows that are of one shard.",
    discussion: """
      Which shard a file or a row is of is decided by its name. All shards are built of the same paths with the same options. Files of other shards are not \
      read, but rows are of several: what is wrong with their file is reported by every shard.
      """)

  @Option(help: ArgumentHelp("Which shard of how many, such as 3/8.", valueName: "i/n"), transform: ShardNumber.init(argument:))
  var shard: ShardNumber
  @Option(help: ArgumentHelp("The directory that the shard is put into.", valueName: "dir"), completion: .directory) var out: String
  @Argument(help: "Files and folders.", completion: .file()) var paths: [String]
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var resources: ResourceOptions
  @Flag(help: "Write a summary as one line of JSON.") var json = false

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out needs a path") }
  }

  func run() throws {
    let importer = try reading.importer()
    let schema = try reading.schema()
    let inputs = try InputFiles(paths, readers: importer.readers)
    var counts = ReadingCounts()
    let (built, _) = try SearchIndex.buildShard(
      shard, in: out, schema: schema, settings: importer.settingsDigest, resources.options
    ) { writer in
      for problem in inputs.problems { counts.report(problem) }
      let files = inputs.files.filter { !$0.isSource || shard.holds(DocumentKey($0.name)) }
      try importer.read(files) { source in
        if shard.holds(source.source.name) { try counts.take(source, writer) }
      } problem: { problem in
        counts.report(problem)
      }
    }
    printSummary(built, counts, inputs)
    if counts.rejected > 0 { throw ExitStatus.rejectedInput }
  }

  private func printSummary(_ built: BuiltShard, _ counts: ReadingCounts, _ inputs: InputFiles) {
    if json {
      var line = JSONLine(type: "shard")
      line.add("path", built.path)
      line.add("shard", shard.number)
      line.add("of", shard.count)
      line.add("new", built.isNew)
      line.add("passages", built.passageCount)
      line.add("sources", counts.sources)
      line.add("rejected", counts.rejected)
      line.add("skipped", inputs.skipped.count)
      line.print()
      return
    }
    var parts = ["\(built.passageCount) passages", "\(counts.sources) sources read"]
    if counts.rejected > 0 { parts.append("\(counts.rejected) rejected") }
    if !inputs.skipped.isEmpty { parts.append("\(inputs.skipped.count) files of other formats skipped") }
    StandardOutput.write("\(built.isNew ? "built" : "unchanged") \(built.path): \(parts.joined(separator: ", "))\n")
  }
}

struct ShardCommitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: "Publish a whole set of shards at once, as a new index or in the place of all that an index has.")

  @OptionGroup var index: IndexOption
  @Argument(help: "Shards, or directories that they are in.", completion: .directory) var shards: [String]
  @Flag(help: "Do not read and check every byte of the shards before.") var noCheck = false
  @Flag(help: "Write a summary as one line of JSON.") var json = false

  func run() throws {
    let summary = try SearchIndex.publish(shards: shards, at: index.resolved, isChecked: !noCheck)
    if json {
      var line = JSONLine(type: "published")
      line.add("index", index.resolved)
      line.add("shards", summary.shards)
      line.add("changed", summary.hasChanged)
      line.add("added", summary.added)
      line.add("removed", summary.removed)
      line.print()
    } else if summary.hasChanged {
      StandardOutput.write(
        "committed \(index.resolved): \(summary.added) passages added, \(summary.removed) removed, \(summary.shards) shards\n")
    } else {
      StandardOutput.write("unchanged \(index.resolved): it consists of these \(summary.shards) shards\n")
    }
  }
}

extension ShardNumber {
  /// The shard that an option names.
  fileprivate init(argument: String) throws {
    guard let shard = ShardNumber(argument) else {
      throw ValidationError("'\(argument)' is no shard; it is written i/n, with i from 1 to n and n at most \(Self.maximumCount)")
    }
    self = shard
  }
}
