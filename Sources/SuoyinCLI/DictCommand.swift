// suoyin dict: which words is an index cut by, and what does it mean to its passages?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinAnalysis

struct DictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dict",
    abstract: "Give an index words of its own, take words out, and see what that means to its passages.",
    discussion: """
      A change takes effect together with the passages that it cuts differently, in one commit. It changes how hits are ranked, and never which passages a \
      quoted query finds. docs/CommandLine.md describes the format of files of words.
      """,
    subcommands: [DictAddCommand.self, DictRemoveCommand.self, DictCheckCommand.self, DictListCommand.self])
}

/// Words on the command line and in files.
struct WordArguments: ParsableArguments {
  @Argument(help: "Words of 2 to 20 characters.") var words: [String] = []
  @Option(help: ArgumentHelp("A file of words, one on a line; - for standard input. May be given several times.", valueName: "file"))
  var file: [String] = []
  @Option(help: "The most keys to name for each word.") var limit = 10
  @Flag(help: "Write JSON Lines.") var json = false

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit is at least 0") }
  }

  /// What is asked for, in order; what cannot be a word is named on standard error and counted.
  func changes(weight: Double = 1, allowsNone: Bool = false) throws -> (changes: [DictionaryFile.Change], rejected: Int) {
    if words.isEmpty, file.isEmpty, !allowsNone { throw ValidationError("name words, or a file of words with --file") }
    var changes: [DictionaryFile.Change] = []
    var rejected = 0
    func reject(_ message: String) {
      rejected += 1
      StandardError.note("rejected", message)
    }
    for word in words {
      do {
        let isRemoval = word.hasPrefix("!")
        let normalized = try UserDictionary.normalized(isRemoval ? String(word.dropFirst()) : word)
        changes.append(isRemoval ? .remove(normalized) : .add(normalized, weight: weight))
      } catch let problem as WordProblem {
        reject("'\(word)' \(problem)")
      }
    }
    for path in file {
      let file = try DictionaryFile(parsing: readAll(of: path))
      changes += file.changes
      for problem in file.problems { reject("\(path):\(problem); line skipped") }
    }
    return (changes, rejected)
  }

  /// Writes what a change means, and throws the status for rejected input.
  func report(_ change: DictionaryChange, rejected: Int, index: String) throws {
    if json {
      for effect in change.words { effect.json(state: nil).print() }
      var line = JSONLine(type: "dictionary")
      line.add("index", index)
      line.add("changed", change.words.count)
      line.add("rejected", rejected)
      line.add("passages", change.passageCount)
      line.add("different", change.differentCount)
      line.print()
    } else {
      var parts = ["\(change.words.count) words changed", "\(change.passageCount) passages hold them", "\(change.differentCount) cut anew"]
      if rejected > 0 { parts.append("\(rejected) rejected") }
      StandardOutput.write("committed \(index): \(parts.joined(separator: ", "))\n")
      for effect in change.words where effect.passageCount > 0 { StandardOutput.write("\(effect.word): \(effect.readable)\n") }
    }
    if rejected > 0 { throw ExitStatus.rejectedInput }
  }
}

extension WordEffect {
  var readable: String {
    let names = keys.map(\.description) + (keys.count < differentCount && !keys.isEmpty ? ["…"] : [])
    let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    return "in \(passageCount) passages, \(differentCount) cut differently\(list)"
  }

  func json(state: String?) -> JSONLine {
    var line = JSONLine(type: "word")
    line.add("word", word)
    line.add("state", state)
    line.add("passages", passageCount)
    line.add("different", differentCount)
    line.add("keys", raw: "[" + keys.map { JSONLine.quoted($0.description) }.joined(separator: ",") + "]")
    return line
  }
}

struct DictAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Add words; a line !WORD of a file takes a word out.")

  @OptionGroup var index: IndexOption
  @OptionGroup var words: WordArguments
  @Option(help: "The weight of the words named here; where words overlap, it decides between those that cover as much.") var weight = 1.0

  func run() throws {
    guard weight >= 0.001, weight <= UserDictionary.maximumWeight else { throw ValidationError("--weight is 0.001 to 1000000000") }
    let (changes, rejected) = try words.changes(weight: weight)
    let searchIndex = try index.open()
    let change = try searchIndex.update { writer in
      var dictionary = writer.dictionary
      dictionary.apply(changes)
      return try writer.setDictionary(dictionary, limit: words.limit)
    }
    try words.report(change, rejected: rejected, index: searchIndex.path)
  }
}

/// Which lists have a word?
struct WordOrigins {
  private let settings: AnalyzerSettings
  private let icu: Analyzer

  init(_ settings: AnalyzerSettings) throws {
    self.settings = settings
    icu = try Analyzer(.icu)
  }

  /// `user`, `policy`, `removed`, `icu` for a word that only ICU's dictionary has, or `new`.
  func state(_ word: String) throws -> String {
    let dictionary = settings.userDictionary
    if dictionary.words[word] != nil { return "user" }
    if dictionary.removed.contains(word) { return "removed" }
    if settings.policyWords, PolicyWords.all.contains(word) { return "policy" }
    return try icu.analyze(word).words.count == 1 ? "icu" : "new"
  }

  /// Takes a word out of a dictionary: deletes it, and removes it from the built-in list and ICU's dictionary where these have it.
  ///
  /// - Returns: false when nobody has it.
  func takeOut(_ word: String, of dictionary: inout UserDictionary) throws -> Bool {
    if dictionary.removed.contains(word) { return true }
    let wasThere = dictionary.words[word] != nil
    let isPolicyWord = settings.policyWords && PolicyWords.all.contains(word)
    if try isPolicyWord || icu.analyze(word).words.count == 1 {
      dictionary.remove(normalized: word)
      return true
    }
    dictionary.forget(normalized: word)
    return wasThere
  }
}

struct DictRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take words out: of the index's own, of the built-in list and of ICU's dictionary.")

  @OptionGroup var index: IndexOption
  @OptionGroup var words: WordArguments

  func run() throws {
    let (changes, rejected) = try words.changes()
    let searchIndex = try index.open()
    var missing: [String] = []
    let change = try searchIndex.update { writer in
      var dictionary = writer.dictionary
      let origins = try WordOrigins(writer.settings)
      for change in changes {
        switch change {
        case .add(let word, _), .remove(let word): if try !origins.takeOut(word, of: &dictionary) { missing.append(word) }
        }
      }
      return try writer.setDictionary(dictionary, limit: words.limit)
    }
    for word in missing { StandardError.note("error", "no list has the word '\(word)'") }
    try words.report(change, rejected: rejected, index: searchIndex.path)
    if !missing.isEmpty { throw ExitStatus.nothingFound }
  }
}

struct DictCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what words mean to the passages there are, and change nothing.",
    discussion: """
      A word that is listed is compared with its being taken out, any other word with its being added, !WORD with its being taken out. The words of either kind \
      are taken together. Without words, all of the index's own are checked.
      """)

  @OptionGroup var index: IndexOption
  @OptionGroup var words: WordArguments

  func run() throws {
    var (changes, rejected) = try words.changes(allowsNone: true)
    let searchIndex = try index.open()
    let settings = try searchIndex.settings()
    let current = settings.userDictionary
    if words.words.isEmpty, words.file.isEmpty {
      changes = current.words.map { .add($0.key, weight: $0.value) } + current.removed.map { .remove($0) }
    }
    let origins = try WordOrigins(settings)
    var asked: Set<String> = []
    var with = current
    var without = current
    for change in changes {
      switch change {
      case .add(let word, let weight):
        asked.insert(word)
        if try ["user", "policy"].contains(origins.state(word)) {
          _ = try origins.takeOut(word, of: &without)
        } else {
          with.add(normalized: word, weight: weight)
        }
      case .remove(let word):
        asked.insert(word)
        // A word that is taken out already is compared with its being listed.
        if current.removed.contains(word) { with.add(normalized: word, weight: 1) } else { without.remove(normalized: word) }
      }
    }
    let effects =
      try searchIndex.effect(from: current, to: with, limit: words.limit).words
      + searchIndex.effect(from: current, to: without, limit: words.limit).words
    for effect in effects.sorted(by: { $0.word.utf8.lexicographicallyPrecedes($1.word.utf8) }) {
      let state = try origins.state(effect.word)
      if words.json {
        effect.json(state: state).print()
      } else {
        StandardOutput.write("\(effect.word) (\(state)): \(effect.readable)\n")
      }
    }
    if rejected > 0 { throw ExitStatus.rejectedInput }
  }
}

struct DictListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Write the index's own words in the form that --file reads.", aliases: ["show"])

  @OptionGroup var index: IndexOption
  @Flag(help: "Write JSON Lines.") var json = false

  func run() throws {
    let dictionary = try index.open().settings().userDictionary
    guard json else { return StandardOutput.write(String(decoding: DictionaryFile.render(dictionary), as: UTF8.self)) }
    func sorted(_ words: some Sequence<String>) -> [String] { words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    for word in sorted(dictionary.words.keys) {
      var line = JSONLine(type: "entry")
      line.add("word", word)
      line.add("weight", dictionary.words[word] ?? 1)
      line.print()
    }
    for word in sorted(dictionary.removed) {
      var line = JSONLine(type: "entry")
      line.add("word", word)
      line.add("removed", true)
      line.print()
    }
  }
}
