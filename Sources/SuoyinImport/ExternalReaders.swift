// Which program reads files of a format that is not read here?
internal import FoundationEssentials
internal import Suoyin

/// A program that gets a file's bytes on its standard input and writes JSON Lines, a row for each passage.
///
/// The environment has the file's path as `SUOYIN_FILE` and its name in the index as `SUOYIN_NAME`, beside what this process has. No shell
/// is asked.
public struct ExternalReader: Equatable, Sendable {
  /// What follows the last dot of the files' names, in lower case.
  public var extensions: [String]
  /// The program's absolute path, and its arguments.
  public var command: [String]
  /// After so long the program and what it has started are ended.
  public var timeoutSeconds: Double
  /// The most that the program may write.
  public var maximumOutputBytes: Int

  public static let defaultTimeoutSeconds = 60.0
  /// A day.
  public static let longestTimeoutSeconds = 86_400.0
  public static let defaultMaximumOutputBytes = 256 << 20
  /// The output is held in memory.
  public static let largestMaximumOutputBytes = 1 << 30

  /// - Parameter command: Begins with an absolute path.
  public init(
    extensions: [String], command: [String], timeoutSeconds: Double = defaultTimeoutSeconds,
    maximumOutputBytes: Int = defaultMaximumOutputBytes
  ) {
    self.extensions = extensions
    self.command = command
    self.timeoutSeconds = timeoutSeconds
    self.maximumOutputBytes = maximumOutputBytes
  }

  /// What messages call it.
  var name: String { command.first?.split(separator: "/").last.map(String.init) ?? "" }
}

/// Why a list of readers is refused.
public struct ReaderSettingsError: Error, Equatable, CustomStringConvertible {
  public var description: String
}

/// The readers that were named for an import. A format that is read here too is left to the reader that is named for it.
public struct ExternalReaders: Equatable, Sendable {
  public private(set) var readers: [ExternalReader] = []
  private var places: [String: Int] = [:]

  /// The longest list of readers in bytes.
  public static let maximumLength = 1 << 20

  /// No readers.
  public init() {}

  /// Reads a list such as `{"readers":[{"extensions":["docx"],"command":["/usr/bin/docx-rows"],"timeoutSeconds":60}]}`.
  ///
  /// Members: `extensions` and `command`, neither empty; `timeoutSeconds`, at most a day, 60 when absent; `maximumOutputBytes`, at most 1 GiB,
  /// 256 MiB when absent. A command is an absolute path, or a name without a slash, which is looked for once.
  ///
  /// - Parameters:
  ///   - bytes: JSON, at most 1 MiB.
  ///   - searchPath: Where a command without a slash is looked for: absolute folders with colons between.
  /// - Throws: What is wrong and in which reader: other members, wrong types, an extension that comes twice, a command that is no program.
  public init(parsing bytes: [UInt8], searchPath: String = "") throws(ReaderSettingsError) {
    if bytes.count > Self.maximumLength { throw ReaderSettingsError(description: "longer than \(Self.maximumLength >> 20) MiB") }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw ReaderSettingsError(description: "not UTF-8 at byte \(error.byteOffsets.lowerBound)")
    }
    let settings = try ReaderSettings(object: bytes, "the list of readers", allowed: ["readers"])
    let list = try settings.list("readers")
    if list.isEmpty { throw ReaderSettingsError(description: "\"readers\" is empty") }
    for (place, bytes) in list.enumerated() {
      let reader = try ExternalReader(bytes, "reader \(place + 1)", searchPath)
      for name in reader.extensions where places.updateValue(place, forKey: name) != nil {
        throw ReaderSettingsError(description: "reader \(place + 1): the extension \"\(name)\" comes twice")
      }
      readers.append(reader)
    }
  }

  func reader(ofFileNamed name: String) -> ExternalReader? {
    fileExtension(of: name).flatMap { places[$0] }.map { readers[$0] }
  }

  /// The format of a file by its name; nil when neither a reader nor the importer itself reads such files.
  func format(ofFileNamed name: String) -> InputFile.Format? {
    reader(ofFileNamed: name) == nil ? InputFile.Format(fileName: name) : .external
  }
}

extension ExternalReader {
  fileprivate init(_ bytes: [UInt8], _ what: String, _ searchPath: String) throws(ReaderSettingsError) {
    let names = ["extensions", "command", "timeoutSeconds", "maximumOutputBytes"]
    let settings = try ReaderSettings(object: bytes, what, allowed: names)
    extensions = try settings.strings("extensions").map { $0.lowercased() }
    if let wrong = extensions.first(where: { $0.isEmpty || $0.contains(where: { $0 == "." || $0 == "/" }) }) {
      throw settings.error("the extension \"\(wrong)\" is no letters behind a last dot; write it as \"docx\"")
    }
    command = try settings.strings("command")
    command[0] = try settings.program(command[0], searchPath)
    timeoutSeconds = try settings.number("timeoutSeconds", upTo: Self.longestTimeoutSeconds) ?? Self.defaultTimeoutSeconds
    let limit = try settings.number("maximumOutputBytes", upTo: Double(Self.largestMaximumOutputBytes))
    if let limit, limit != limit.rounded() { throw settings.error("\"maximumOutputBytes\" is no integer") }
    maximumOutputBytes = limit.map { Int($0) } ?? Self.defaultMaximumOutputBytes
  }
}

/// A JSON object of settings, read strictly.
private struct ReaderSettings {
  /// As messages call it.
  private let what: String
  private var values: [String: [UInt8]] = [:]

  init(object bytes: [UInt8], _ what: String, allowed: [String]) throws(ReaderSettingsError) {
    self.what = what
    let members: [JSONMember]
    do {
      members = try JSONScanner.members(of: bytes)
    } catch {
      throw ReaderSettingsError(description: "\(what): \(error.message) (byte \(error.byteOffset))")
    }
    for member in members {
      let name = try Self.string(Array(bytes[member.name]), what)
      if !allowed.contains(name) { throw error("there is no setting \"\(name)\"; there are \(allowed.joined(separator: ", "))") }
      if values.updateValue(Array(bytes[member.value]), forKey: name) != nil { throw error("\"\(name)\" comes twice") }
    }
  }

  func error(_ message: String) -> ReaderSettingsError { ReaderSettingsError(description: "\(what): \(message)") }

  /// The elements of an array that must be there.
  func list(_ name: String) throws(ReaderSettingsError) -> [[UInt8]] {
    guard let value = values[name] else { throw error("\"\(name)\" is missing") }
    guard let elements = try? JSONScanner.elements(of: value) else { throw error("\"\(name)\" is no array") }
    return elements.map { Array(value[$0]) }
  }

  func strings(_ name: String) throws(ReaderSettingsError) -> [String] {
    var strings: [String] = []
    for element in try list(name) { strings.append(try Self.string(element, "\(what): \"\(name)\"")) }
    if strings.isEmpty { throw error("\"\(name)\" is empty") }
    return strings
  }

  /// A number above 0; nil when it is absent.
  func number(_ name: String, upTo limit: Double) throws(ReaderSettingsError) -> Double? {
    guard let value = values[name] else { return nil }
    guard let number = Double(String(decoding: value, as: UTF8.self)), number > 0, number <= limit else {
      throw error("\"\(name)\" is no number above 0 and at most \(Int(limit))")
    }
    return number
  }

  /// The absolute path of a program.
  func program(_ name: String, _ searchPath: String) throws(ReaderSettingsError) -> String {
    if name.hasPrefix("/") {
      if ProgramFile.exists(name) { return name }
      throw error("\(name) is no program that may be run")
    }
    if name.isEmpty || name.contains("/") {
      throw error("the command \"\(name)\" is neither an absolute path nor a name to be looked for in PATH")
    }
    if let path = ProgramFile.path(of: name, in: searchPath) { return path }
    throw error("there is no program \"\(name)\" in PATH")
  }

  private static func string(_ literal: [UInt8], _ what: String) throws(ReaderSettingsError) -> String {
    guard literal.first == UInt8(ascii: "\""), let text = try? JSONDecoder().decode(String.self, from: Data(literal)) else {
      throw ReaderSettingsError(description: "\(what): something is no string")
    }
    if text.utf8.contains(0) { throw ReaderSettingsError(description: "\(what): a string has the character U+0000") }
    return text
  }
}
