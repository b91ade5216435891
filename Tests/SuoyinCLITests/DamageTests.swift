// Is every damage to an index's files noticed, or harmless?
import SuoyinTestKit
import Testing

@Suite struct DamageTests {
  /// A small index of two segments, one of them with deleted passages, and what it answers.
  private struct Sample {
    let workspace: Workspace
    let names: [String]
    let answer: [UInt8]
    private static let query = ["search", "--format", "trec", "--limit", "100", "政府 企业 条例 采购"]

    /// - Parameter word: A word of the documents: samples with words of the same length have files of the same shape.
    init(_ word: String = "采购") throws {
      workspace = try Workspace()
      let articles = (1...30).map { "第\($0)条 \(word)第\($0 * 7)号文件，政府应当支持企业。\n" }
      try workspace.write("docs/a.md", "# \(word)条例\n" + articles.joined())
      try workspace.succeed("index", "docs")
      try workspace.write("docs/b.txt", "关于\(word)的说明。\n政府\(word)目录。\n企业名单。\n")
      try workspace.succeed("index", "docs")
      try workspace.succeed("delete", "a.md#3", "b.txt#3")
      names = try workspace.names(in: "suoyin.index").filter { $0 != "write.lock" }
      try #require(names.count == 5, "commit, two segments and their deletions: \(names)")
      answer = try workspace.run(Self.query).outputBytes
      try #require(!answer.isEmpty)
      try workspace.copy("suoyin.index", to: "sound")
    }

    func restore() throws { try workspace.copy("sound", to: "suoyin.index") }
    func bytes(_ name: String) throws -> [UInt8] { try workspace.read("sound/\(name)") }
    func replace(_ name: String, with bytes: [UInt8]) throws { try workspace.write("suoyin.index/\(name)", bytes) }

    /// Expects that `check` names the damage, or that there is none to be seen anywhere.
    ///
    /// - Returns: Whether it was noticed.
    func expectDetectedOrHarmless(_ what: String) throws -> Bool {
      let check = try workspace.suoyin("check")
      let search = try workspace.run(Self.query)
      switch check.ending {
      case .exited(70):
        #expect(check.errorLines.allSatisfy { $0.hasPrefix("suoyin: damage: ") } && !check.errors.isEmpty, "\(what): \(check)")
        #expect(check.output == "", "\(what): \(check)")
        // A search need not touch the damage; what it gives must be right all the same.
        #expect(search.ending == .exited(70) || search.ending == .exited(0) && search.outputBytes == answer, "\(what): \(search)")
        if search.status == 70 { expectFailure(search, 70, "suoyin.index/") }
        return true
      case .exited(0):
        #expect(search.ending == .exited(0) && search.outputBytes == answer, "\(what): \(search)")
        return false
      default:
        Issue.record("\(what): \(check)")
        return false
      }
    }
  }

  @Test func `a flipped byte is noticed`() throws {
    let sample = try Sample()
    let step = setting("SUOYIN_FLIP_STEP", default: 97)
    var flips = 0
    var noticed = 0
    var first = 0
    for name in sample.names {
      let original = try sample.bytes(name)
      let count = original.count
      // Magic, kind and version at the beginning, footer at the end, and a stride that goes on from file to file.
      let offsets = Set([0, 7, 8, 12, 15, count - 48, count - 12, count - 4, count - 1] + stride(from: first, to: count, by: step))
      first = (first + step - count % step) % step
      for offset in offsets.sorted() {
        var bytes = original
        bytes[offset] ^= 1 << UInt8(flips % 8)
        try sample.replace(name, with: bytes)
        flips += 1
        if try sample.expectDetectedOrHarmless("\(name), byte \(offset)") { noticed += 1 }
      }
      try sample.replace(name, with: original)
    }
    print("P7: \(flips) bytes flipped through the command line, \(noticed) noticed, \(flips - noticed) harmless")
    #expect(noticed == flips, "every byte of these files is covered by a checksum")
    #expect(flips > 50)
    try sample.workspace.expectSound()
  }

  @Test func `a file that is cut short, too long or gone is noticed`() throws {
    let sample = try Sample()
    for name in sample.names {
      let original = try sample.bytes(name)
      let count = original.count
      let lengths: Set = [0, 1, 8, 15, 16, 47, 48, 63, 64, count / 2, count - 49, count - 48, count - 8, count - 1]
      for length in lengths.sorted() where length < count {
        try sample.replace(name, with: Array(original[..<max(0, length)]))
        #expect(try sample.expectDetectedOrHarmless("\(name), cut to \(length) bytes"))
      }
      for more in [[0], original] as [[UInt8]] {
        try sample.replace(name, with: original + more)
        #expect(try sample.expectDetectedOrHarmless("\(name), with \(more.count) bytes more"))
      }
      try sample.workspace.remove("suoyin.index/\(name)")
      if name == "commit" {
        expectFailure(try sample.workspace.suoyin("check"), 66, "there is no index at suoyin.index")
      } else {
        #expect(try sample.expectDetectedOrHarmless("\(name), gone"))
      }
      try sample.restore()
    }
    try sample.workspace.expectSound()
  }

  @Test func `files of another index in the place of an index's own are noticed`() throws {
    let sample = try Sample("采购")
    let other = try Sample("征收")
    #expect(try sample.names.filter { try sample.bytes($0) != other.bytes($0) }.count > 3)
    for name in sample.names {
      let foreign = try other.bytes(name)
      if try foreign == sample.bytes(name) { continue }
      try sample.replace(name, with: foreign)
      #expect(try sample.expectDetectedOrHarmless("\(name) of another index"))
      try sample.restore()
    }
    // Sound files of the same index under one another's names.
    let segments = sample.names.filter { $0 != "commit" }
    for (first, second) in zip(segments, segments.dropFirst() + segments.prefix(1)) {
      try sample.replace(first, with: sample.bytes(second))
      #expect(try sample.expectDetectedOrHarmless("\(second) in the place of \(first)"))
      try sample.restore()
    }
    try sample.workspace.expectSound()
  }

  @Test func `an older commit of the same index is noticed when its files are gone`() throws {
    let workspace = try Workspace()
    try workspace.write("docs/a.txt", "政府文件。\n")
    try workspace.succeed("index", "docs")
    let old = try workspace.read("suoyin.index/commit")
    try workspace.write("docs/a.txt", "企业文件。\n")
    try workspace.succeed("index", "docs")
    try workspace.write("suoyin.index/commit", old)
    expectFailure(try workspace.suoyin("search", "文件"), 70, "is missing")
    #expect(try workspace.suoyin("check").status == 70)
  }

  @Test func `a damaged index is not written to, and files that are no index's are left alone`() throws {
    let sample = try Sample()
    let name = try #require(sample.names.last)
    var bytes = try sample.bytes(name)
    bytes[bytes.count - 20] ^= 1
    try sample.replace(name, with: bytes)
    for command in [["index", "docs"], ["delete", "a.md#1"], ["merge"]] {
      expectFailure(try sample.workspace.run(command), 70, name)
    }
    #expect(try sample.names.allSatisfy { try $0 == name || sample.workspace.read("suoyin.index/\($0)") == sample.bytes($0) })
    try sample.restore()
    for junk in ["notes.txt", "segment-x", "commit.old"] { try sample.workspace.write("suoyin.index/\(junk)", "我的笔记。\n") }
    try sample.workspace.write("suoyin.index/segment-77", "剩下的。\n")
    try sample.workspace.succeed("delete", "a.md#1")
    let names = try sample.workspace.names(in: "suoyin.index")
    #expect(["notes.txt", "segment-x", "commit.old"].allSatisfy(names.contains) && !names.contains("segment-77"))
    try sample.workspace.expectSound()
  }
}
