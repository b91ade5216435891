// What is the index, as of one moment?
internal import SuoyinAnalysis
package import SuoyinStorage

/// The list of live segments with all that is needed to read them: the contents of the file `commit`, which is replaced atomically.
package struct IndexCommit: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    /// Files are numbered by a counter and never overwritten.
    package var number: UInt64
    package var identity: FileIdentity
  }

  package struct Segment: Equatable, Sendable {
    package var file: File
    /// The file of its dead passages, if it has any.
    package var deletions: File?

    package var fileName: String { IndexCommit.segmentName(file.number) }
    package var deletionsName: String? { deletions.map { "\(fileName).deleted-\($0.number)" } }
  }

  /// A counter, never a time.
  package var number: UInt64 = 0
  package var nextFileNumber: UInt64 = 1
  package var schema: Schema
  /// The analyzer's behaviour that the index was made with.
  package var fingerprint: String
  package var segments: [Segment] = []
  /// The file of the user dictionary, if there is one.
  package var dictionary: File?

  package static let fileName = "commit"
  package static let newFileName = "commit.new"
  package static let lockName = "write.lock"
  /// The name under which a commit is kept when another takes its place.
  package static func keptName(_ number: UInt64) -> String { "commit-\(number)" }
  /// The number of a kept commit; nil for another name.
  package static func keptNumber(_ name: String) -> UInt64? {
    guard name.hasPrefix("commit-"), name.dropFirst(7).utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt64(name.dropFirst(7))
  }
  package static func dictionaryName(_ number: UInt64) -> String { "dictionary-\(number)" }
  package static func segmentName(_ number: UInt64) -> String { "segment-\(number)" }

  package init(schema: Schema, fingerprint: String) {
    self.schema = schema
    self.fingerprint = fingerprint
  }

  /// The names of all files that the commit refers to, and its own.
  package var fileNames: Set<String> {
    let segmentNames = segments.flatMap { [$0.fileName, $0.deletionsName].compactMap(\.self) }
    return Set([Self.fileName, Self.lockName] + segmentNames + [dictionaryName].compactMap(\.self))
  }

  package var dictionaryName: String? { dictionary.map { Self.dictionaryName($0.number) } }

  /// All files but the commit's own.
  package var files: [File] { segments.flatMap { [$0.file, $0.deletions].compactMap(\.self) } + [dictionary].compactMap(\.self) }

  /// Whether a name is one that only an index gives: what may be cleaned up.
  package static func isOwnName(_ name: String) -> Bool {
    name == newFileName || keptNumber(name) != nil
      || name.hasPrefix("dictionary-") && name.dropFirst(11).utf8.allSatisfy { (0x30...0x39).contains($0) }
      || name.hasPrefix("segment-") && name.dropFirst(8).utf8.allSatisfy { (0x30...0x39).contains($0) || "deleted-.".utf8.contains($0) }
  }

  /// Removes the index's files that neither this commit nor a generation before it refers to; for the holder of the lock. What cannot be removed now is
  /// removed by a later writer.
  ///
  /// - Parameter count: How many generations are to be left; those before them are removed.
  package func removeOtherFiles(in directory: String, _ fileSystem: any FileSystem, keeping count: Int = .max) {
    guard let names = try? fileSystem.list(directory) else { return }
    // One that is no older than the commit was left by an update that was cut short.
    let generations = names.compactMap(Self.keptNumber).filter { $0 < number }.sorted(by: >)
    var referenced = fileNames
    for generation in generations.prefix(count) {
      // What a commit that cannot be read refers to is not known: nothing is removed.
      guard let commit = try? IndexCommit(readingFrom: directory, keptAs: generation, in: fileSystem) else { return }
      referenced.formUnion(commit.fileNames)
      referenced.insert(Self.keptName(generation))
    }
    for name in names.sorted() where Self.isOwnName(name) && !referenced.contains(name) { try? fileSystem.remove("\(directory)/\(name)") }
  }

  // MARK: As a file

  private static let section: UInt32 = 1
  /// Added to the kind of a text field that is not stored.
  private static let notStored: UInt8 = 16
  /// Added to the kind of a text field that is the title, or the label.
  private static let title: UInt8 = 32
  private static let label: UInt8 = 64

  package func write(to path: String, in fileSystem: any FileSystem) throws(StorageError) {
    var writer = ByteWriter()
    writer.append(variable: number)
    writer.append(variable: nextFileNumber)
    writer.append(counted: fingerprint.utf8)
    writer.append(counted: schema.analyzer.rawValue.utf8)
    writer.append(byte: schema.policyWords ? 1 : 0)
    writer.append(variable: UInt64(schema.fields.count))
    for field in schema.fields {
      writer.append(counted: field.name.utf8)
      let (code, boost): (UInt8, Double) =
        switch field.kind {
        case .text(let boost, let isApart, stemming: nil, let isStored): ((isApart ? 1 : 0) + (isStored ? 0 : Self.notStored), boost)
        case .text(let boost, let isApart, stemming: .english, let isStored): ((isApart ? 8 : 7) + (isStored ? 0 : Self.notStored), boost)
        case .keyword: (field.role == .document ? 9 : 2, 1)
        case .integer: (3, 1)
        case .date: (4, 1)
        case .stored: (5, 1)
        case .pinyin: (6, 1)
        }
      writer.append(byte: code + (field.role == .title ? Self.title : field.role == .label ? Self.label : 0))
      writer.append(fixed: boost.bitPattern)
      if let source = field.pinyinSource { writer.append(counted: source.utf8) }
    }
    writer.append(variable: UInt64(segments.count))
    for file in segments.flatMap({ [$0.file, $0.deletions] }) + [dictionary] {
      let file = file ?? File(number: 0, identity: FileIdentity(length: 0, footerChecksum: 0))
      writer.append(variable: file.number)
      writer.append(fixed: file.identity.length)
      writer.append(fixed: file.identity.footerChecksum)
    }
    let file = try SectionFileWriter(path, kind: FileKind.commit, in: fileSystem)
    try file.beginSection(Self.section)
    try file.append(writer.bytes)
    _ = try file.finish()
  }

  /// Reads the commit of the index in a directory, or one that is kept there.
  package init(readingFrom directory: String, keptAs kept: UInt64? = nil, in fileSystem: any FileSystem) throws(IndexError) {
    let path = "\(directory)/\(kept.map(Self.keptName) ?? Self.fileName)"
    let file: SectionFile
    do {
      file = try SectionFile(path, kind: FileKind.commit, in: fileSystem)
    } catch  where error.isNotFound && kept != nil {
      throw IndexError(.notFound, "the index \(directory) has no generation \(kept ?? 0)", path: directory, cause: error)
    } catch  where error.isNotFound {
      throw IndexError(
        .notFound, "there is no index at \(directory); make one with `suoyin index` or name another with --index", path: directory,
        cause: error)
    } catch {
      throw IndexError(error)
    }
    var reader = try ByteReader(withIndexErrors { try file.section(Self.section) })
    number = try reader.variable()
    nextFileNumber = try reader.variable()
    fingerprint = try reader.text()
    let analyzerName = try reader.text()
    guard let analyzer = AnalyzerName(rawValue: analyzerName) else {
      throw IndexError(.settingsDiffer, "the index uses the analyzer '\(analyzerName)', which this program does not have", path: path)
    }
    let flags = try reader.byte()
    guard flags <= 1 else { throw reader.corrupted("the settings \(flags), of which only the first bit has a meaning") }
    var fields: [Field] = []
    for _ in 0..<(try reader.variable(atMost: Schema.maximumFieldCount)) {
      let name = try reader.text()
      let byte = try reader.byte()
      let role: Field.Role? = byte & Self.title > 0 ? .title : byte & Self.label > 0 ? .label : byte == 9 ? .document : nil
      let code = byte - (role == .title ? Self.title : role == .label ? Self.label : 0)
      let boost = Double(bitPattern: try reader.fixed(UInt64.self))
      let kind: Field.Kind
      switch code {
      case 0, 1, 16, 17: kind = .text(boost: boost, isApart: code & 1 == 1, stemming: nil, isStored: code < Self.notStored)
      case 7, 8, 23, 24: kind = .text(boost: boost, isApart: code & 1 == 0, stemming: .english, isStored: code < Self.notStored)
      case 2, 9: kind = .keyword
      case 3: kind = .integer
      case 4: kind = .date
      case 5: kind = .stored
      case 6: kind = .pinyin(of: try reader.text())
      default: throw reader.corrupted("a field of the unknown kind \(byte)")
      }
      fields.append(Field(name: name, kind: kind, role: role))
    }
    schema = Schema(fields, analyzer: analyzer, policyWords: flags == 1)
    if let problem = schema.problem { throw reader.corrupted(problem) }
    for _ in 0..<(try reader.variable(atMost: 1 << 20)) {
      let segment = try Self.readFile(&reader)
      let deletions = try Self.readFile(&reader)
      segments.append(Segment(file: segment, deletions: deletions.number == 0 ? nil : deletions))
    }
    let dictionary = try Self.readFile(&reader)
    self.dictionary = dictionary.number == 0 ? nil : dictionary
  }

  private static func readFile(_ reader: inout ByteReader) throws(IndexError) -> File {
    let number = try reader.variable()
    let length = try reader.fixed(UInt64.self)
    let checksum = try reader.fixed(UInt32.self)
    return File(number: number, identity: FileIdentity(length: length, footerChecksum: checksum))
  }
}
