// Which files do the arguments of an import mean?
internal import Suoyin

/// The files behind a list of paths, found and checked before any is read.
public struct InputFiles: Sendable {
  /// What is to be imported, sorted by name in byte order; all names differ.
  public private(set) var files: [InputFile] = []
  /// Paths of the files in folders whose format is not read, in byte order.
  public private(set) var skipped: [String] = []
  /// What is neither: unreadable folders, pipes, names that are not UTF-8.
  public private(set) var problems: [ImportProblem] = []

  /// Finds the files: a folder means what is in it and below, a file itself, as plain text when its name promises no other format.
  ///
  /// In folders, hidden names are left out, links are followed, and no folder is walked twice for one argument.
  ///
  /// - Parameter readers: Whose files are found too.
  /// - Throws: `missing` when an argument leads nowhere, `sameName` when two different files would have the same name.
  /// - Complexity: One or two system calls for each name in the folders.
  public init(_ arguments: [String], readers: ExternalReaders = ExternalReaders()) throws(ImportError) {
    var found: [FoundFile] = []
    for argument in arguments {
      let status: FileStatus?
      do {
        status = try FileStatus.of(argument)
      } catch {
        problems.append(.unreadable(argument, error.reason))
        continue
      }
      guard let status else { throw ImportError.missing(argument) }
      switch status.kind {
      case .folder:
        if isIndexFolder(argument) {
          let message = "this is an index, not a folder of documents; skipped"
          problems.append(ImportProblem(path: argument, message: message, severity: .warning))
        } else {
          var walk = FolderWalk(readers)
          walk.walk(argument, status.identity)
          found += walk.found
          skipped += walk.skipped
          problems += walk.problems
        }
      case .file:
        let name = String(argument.split(separator: "/").last ?? "")
        let format = readers.format(ofFileNamed: name) ?? .plainText
        found.append(FoundFile(path: argument, name: name, format: format, identity: status.identity))
      case .special:
        problems.append(.unreadable(argument, FileKind.refusal))
      }
    }
    skipped.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    try keep(found)
  }

  /// Sorts what was found by name and keeps each file once.
  ///
  /// Names are compared by their bytes, as in the index: to Swift, strings that differ only in how accents are composed are equal.
  private mutating func keep(_ found: [FoundFile]) throws(ImportError) {
    var last: FoundFile?
    for file in found.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      if let last, last.name.utf8.elementsEqual(file.name.utf8) {
        // The same file given twice is harmless.
        if last.identity == file.identity { continue }
        throw ImportError.sameName(file.name, last.path, file.path)
      }
      last = file
      // A passage's key is the name, a number sign and the passage's number.
      if file.name.utf8.count + 20 > DocumentKey.maximumLength {
        problems.append(.unreadable(file.path, "the name is too long for a key"))
      } else {
        files.append(InputFile(path: file.path, name: file.name, format: file.format))
      }
    }
  }
}

extension ImportProblem {
  static func unreadable(_ path: String, _ reason: String) -> ImportProblem {
    ImportProblem(path: path, message: "\(reason); skipped", severity: .rejected)
  }
}
