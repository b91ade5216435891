// Where do tests put files?
internal import FoundationEssentials
internal import Glibc

/// A folder of its own for one test, deleted with the object.
final class TemporaryFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/suoyin-import-\(UInt64.random(in: 0...UInt64.max))"
    makeFolder("")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a folder below, with those on the way to it.
  func makeFolder(_ name: String) {
    try! FileManager.default.createDirectory(atPath: at(name), withIntermediateDirectories: true)
  }

  /// Writes a file, making the folders on the way to it, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    if let slash = name.lastIndex(of: "/") { makeFolder(String(name[..<slash])) }
    precondition(FileManager.default.createFile(atPath: at(name), contents: Data(bytes)))
    return at(name)
  }

  @discardableResult
  func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

  func at(_ name: String) -> String { name.isEmpty ? path : path + "/" + name }

  func link(_ name: String, to target: String) { precondition(unsafe symlink(target, at(name)) == 0) }
  func makePipe(_ name: String) { precondition(unsafe mkfifo(at(name), 0o600) == 0) }
  func setMode(_ name: String, _ mode: mode_t) { precondition(unsafe chmod(at(name), mode) == 0) }
}

/// The files of Corpus/seeds.
func seed(_ name: String) throws -> [UInt8] {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return try [UInt8](Data(contentsOf: URL(filePath: "/\(root)/Corpus/seeds/\(name)")))
}
