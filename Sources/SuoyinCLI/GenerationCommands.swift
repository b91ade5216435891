// suoyin generations and rollback: what was the index, and how does it become that again?
internal import ArgumentParser
internal import Suoyin

struct GenerationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generations", abstract: "List the index as it is and what is kept of it, the newest first.",
    discussion: "suoyin index --keep N keeps N generations before the new one; suoyin rollback goes back to one.")

  @OptionGroup var index: IndexOption
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    for generation in try index.open().generations() {
      if json {
        var line = JSONLine(type: "generation")
        line.add("generation", Int(generation.number))
        line.add("current", generation.isCurrent)
        line.add("passages", generation.passageCount)
        line.add("bytes", Int(generation.byteCount))
        line.print()
      } else {
        let mark = generation.isCurrent ? "*" : " "
        StandardOutput.write("\(mark) \(generation.number): \(generation.passageCount) passages, \(generation.byteCount) bytes\n")
      }
    }
  }
}

struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Make a generation that is kept the index again, in one commit.",
    discussion: "What the index is now is kept, so that it can be gone back to in turn.")

  @OptionGroup var index: IndexOption
  @Argument(help: ArgumentHelp("The generation; by default the newest before this one.", valueName: "number")) var generation: UInt64?

  func run() throws {
    let searchIndex = try index.open()
    let number = try searchIndex.rollBack(to: generation)
    let passageCount = try searchIndex.searcher().passageCount
    StandardOutput.write("rolled back \(searchIndex.path) to generation \(number): \(passageCount) passages\n")
  }
}
