// Does the manual page know what the program knows?
//
// docs/man/suoyin.1 is written by hand but for what stands between two comments, which is made from what the program says of its commands
// (`suoyin --experimental-dump-help`). SUOYIN_RECORD=1 writes that part anew, and then fails, so that nothing records itself green.
internal import Foundation
internal import SuoyinTestKit
internal import Testing

@Suite("The manual page") struct ManualTests {
  private static let path = repositoryRoot + "/docs/man/suoyin.1"
  private static let groff = "/usr/bin/groff"
  private static let (first, last) = (
    #".\" Made from the program: SUOYIN_RECORD=1 scripts/test --filter ManualTests"#, #".\" End of what is made from the program"#
  )

  // MARK: What the program says

  private struct Help: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [Command]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var defaultValue: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  /// A text as roff reads it, in ASCII: so that it is the same under every locale.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += #"\e"#
      case "-": escaped += #"\-"#
      case "'": escaped += #"\(aq"#
      case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
      default: escaped += "\\[u" + String(format: "%04X", scalar.value) + "]"
      }
    }
    return escaped
  }

  /// Lines of text, none of which is a request.
  private func paragraph(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in
      let line = escaped(line.trimmingCharacters(in: .whitespaces))
      return line.hasPrefix(".") ? #"\&"# + line : line
    }
  }

  private func lines(_ command: Command, _ path: String) -> [String] {
    let shown = (command.arguments ?? []).filter { argument in
      argument.shouldDisplay && !(argument.names ?? []).contains { ["index", "help", "version"].contains($0.name) }
    }
    var synopsis = #".B "# + escaped(path)
    let options = shown.filter { $0.kind != "positional" }
    var operands = options.isEmpty ? [] : [#"[\fIoptions\fR]"#]
    for operand in shown where operand.kind == "positional" {
      let name = #"\fI"# + escaped(operand.valueName ?? "") + #"\fR"# + (operand.isRepeating ? " ..." : "")
      operands.append(operand.isOptional ? "[" + name + "]" : name)
    }
    if !operands.isEmpty { synopsis += "\n" + operands.joined(separator: " ") }
    var lines = [".SS " + escaped(path), synopsis, ".PP"] + paragraph(command.abstract ?? "")
    if let discussion = command.discussion { lines += [".PP"] + paragraph(discussion) }
    for argument in shown {
      var head: String
      if argument.kind == "positional" {
        head = #"\fI"# + escaped(argument.valueName ?? "") + #"\fR"#
      } else {
        let names = (argument.names ?? []).map { #"\fB"# + escaped(($0.kind == "long" ? "--" : "-") + $0.name) + #"\fR"# }
        head = names.joined(separator: ", ")
        if argument.kind == "option" { head += #" \fI"# + escaped(argument.valueName ?? "") + #"\fR"# }
      }
      lines += [".TP", head] + paragraph(argument.abstract ?? "")
      if let value = argument.defaultValue, !value.isEmpty { lines.append("Default: " + escaped(value) + ".") }
    }
    for subcommand in command.subcommands ?? [] where subcommand.commandName != "help" {
      lines += self.lines(subcommand, path + " " + subcommand.commandName)
    }
    return lines
  }

  // MARK: Tests

  @Test func `it lists the commands and options that the program has`() throws {
    let output = try CommandRunner(product: "suoyin", in: repositoryRoot).run("--experimental-dump-help").output
    let help = try JSONDecoder().decode(Help.self, from: Data(output.utf8))
    let made = (help.command.subcommands ?? []).filter { $0.commandName != "help" }.flatMap { lines($0, $0.commandName) }
    #expect(made.count { $0.hasPrefix(".SS ") } > 10 && made.contains(#"\fB\-\-limit\fR \fIlimit\fR"#))
    var page = try String(contentsOfFile: Self.path, encoding: .utf8).components(separatedBy: "\n")
    let start = try #require(page.firstIndex(of: Self.first), "the comment before the part is missing")
    let end = try #require(page.firstIndex(of: Self.last), "the comment behind the part is missing")
    let shown = Array(page[(start + 1)..<end])
    let expected = made.flatMap { $0.components(separatedBy: "\n") }
    guard ProcessInfo.processInfo.environment["SUOYIN_RECORD"] == "1" else {
      let place = zip(shown, expected).prefix { $0 == $1 }.count
      #expect(shown == expected, "line \(start + 2 + place) is not what the program says; SUOYIN_RECORD=1 writes it anew")
      return
    }
    page.replaceSubrange((start + 1)..<end, with: expected)
    try page.joined(separator: "\n").write(toFile: Self.path, atomically: true, encoding: .utf8)
    Issue.record("the part was written; read it, and run again without SUOYIN_RECORD")
  }

  @Test func `it has the sections of a manual page, the version and every exit code, in ASCII`() throws {
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    let lines = page.components(separatedBy: "\n")
    let sections = lines.filter { $0.hasPrefix(".SH ") }.map { $0.dropFirst(4).replacingOccurrences(of: "\"", with: "") }
    let expected = [
      "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
    ]
    #expect(sections == expected)
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
    let version = try CommandRunner(product: "suoyin", in: repositoryRoot).run("--version").output.trimmingCharacters(
      in: .whitespacesAndNewlines)
    #expect(lines.contains { $0.hasPrefix(".TH SUOYIN 1 ") && $0.contains("Suoyin \(version)") })
    // | 65 | some input … |
    let table = try String(contentsOfFile: repositoryRoot + "/docs/CommandLine.md", encoding: .utf8)
    let codes = try #require(table.components(separatedBy: "## Exit codes\n").last?.components(separatedBy: "\n## ").first)
      .components(separatedBy: "\n").compactMap { Int($0.dropFirst().prefix { $0 != "|" }.trimmingCharacters(in: .whitespaces)) }
    #expect(codes.count > 5)
    let status = page.components(separatedBy: ".SH \"EXIT STATUS\"\n").last?.components(separatedBy: "\n.SH ").first ?? ""
    #expect(status.components(separatedBy: "\n").compactMap { $0.hasPrefix(".B ") ? Int($0.dropFirst(3)) : nil } == codes)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: groff))) func `groff has nothing to warn of`() throws {
    let result = try CommandRunner(program: Self.groff, in: repositoryRoot).run("-man", "-Tutf8", "-ww", "-z", Self.path)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
  }
}
