// Which files lie in a folder and below?

/// A file that was found, before its name is compared with the others'.
struct FoundFile {
  var path: String
  var name: String
  var format: InputFile.Format
  var identity: FileIdentity
}

/// A walk through one folder that was given as an argument.
struct FolderWalk {
  private(set) var found: [FoundFile] = []
  private(set) var skipped: [String] = []
  private(set) var problems: [ImportProblem] = []

  /// A folder that is still to be walked.
  private struct Folder {
    var path: String
    /// The path relative to the argument, with a slash at its end; empty for the argument itself.
    var prefix: String
    var identity: FileIdentity
  }

  private let readers: ExternalReaders
  private var walked: Set<FileIdentity> = []
  private var folders: [Folder] = []
  /// Folders reached through links come last: what lies below the argument in its own right keeps that name, whatever links to it.
  private var linkedFolders: [Folder] = []

  init(_ readers: ExternalReaders) { self.readers = readers }

  /// Walks the folder at `path`.
  mutating func walk(_ path: String, _ identity: FileIdentity) {
    folders = [Folder(path: path, prefix: "", identity: identity)]
    // Terminates: every round takes a folder from a list, and only folders not walked before put others there.
    while let folder = folders.popLast() ?? (linkedFolders.isEmpty ? nil : linkedFolders.removeFirst()) {
      guard walked.insert(folder.identity).inserted else { continue }
      do {
        for name in try namesInFolder(folder.path) where name.first != UInt8(ascii: ".") { visit(name, in: folder) }
      } catch {
        problems.append(.unreadable(folder.path, error.reason))
      }
    }
  }

  private mutating func visit(_ nameBytes: [UInt8], in folder: Folder) {
    let slash = folder.path.hasSuffix("/") ? "" : "/"
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      problems.append(.unreadable(folder.path + slash + String(decoding: nameBytes, as: UTF8.self), "the name is not UTF-8"))
      return
    }
    let path = folder.path + slash + name
    let status: FileStatus?
    do {
      status = try FileStatus.of(path)
    } catch {
      problems.append(.unreadable(path, error.reason))
      return
    }
    if let status, status.kind == .folder {
      if isIndexFolder(path) { return }
      let below = Folder(path: path, prefix: folder.prefix + name + "/", identity: status.identity)
      if FileStatus.isLink(path) { linkedFolders.append(below) } else { folders.append(below) }
    } else if let format = readers.format(ofFileNamed: name) {
      if let status, status.kind == .file {
        found.append(FoundFile(path: path, name: folder.prefix + name, format: format, identity: status.identity))
      } else {
        problems.append(.unreadable(path, status == nil ? "a link that leads nowhere" : FileKind.refusal))
      }
    } else {
      // What is no document by its name is nothing to complain about, whatever it is.
      skipped.append(path)
    }
  }
}

/// Whether the folder is an index: its files are not documents, and it may well lie among them.
func isIndexFolder(_ path: String) -> Bool {
  // The magic with which every file of an index begins: docs/Storage.md.
  let magic: [UInt8] = Array("SUOYIN\r\n".utf8)
  var head = [UInt8](repeating: 0, count: magic.count)
  guard let file = try? RegularFile(path + "/commit"), let count = try? file.read(into: &head) else { return false }
  return count == magic.count && head == magic
}
