// How much of the machine may a command take?
internal import ArgumentParser
internal import Suoyin

/// A number of bytes, written as a number, or one of KiB, MiB or GiB: `65536`, `512M`, `2g`.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let unit = ["k": 10, "m": 20, "g": 30][argument.suffix(1).lowercased()]
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), number > 0, number <= Int.max >> (unit ?? 0)
    else {
      return nil
    }
    bytes = number << (unit ?? 0)
  }
}

/// The options of commands that build segments.
struct ResourceOptions: ParsableArguments {
  @Option(help: "How many segments to build or merge at a time; by default one for each processor.") var threads: Int?
  @Option(help: ArgumentHelp("About how much memory what is being indexed may take, such as 512M or 4G; default 1G.", valueName: "size"))
  var memory: ByteSize?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs a number from 1 to 1024") }
  }

  var options: UpdateOptions {
    var options = UpdateOptions()
    if let threads { options.threads = threads }
    if let memory { options.memory = memory.bytes }
    return options
  }
}
