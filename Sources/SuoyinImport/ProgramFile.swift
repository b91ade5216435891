// Where is a program that was named?
internal import FoundationEssentials

/// Files that may be run.
package enum ProgramFile {
  package static func exists(_ path: String) -> Bool {
    (try? FileStatus.of(path))?.kind == .file && FileManager.default.isExecutableFile(atPath: path)
  }

  /// The path of a program named without a slash; nil when there is none.
  ///
  /// - Parameter searchPath: Folders with colons between. Relative ones are passed over: each would mean another one wherever the command line is called.
  package static func path(of name: String, in searchPath: String) -> String? {
    for folder in searchPath.split(separator: ":") where folder.hasPrefix("/") {
      let path = String((folder.hasSuffix("/") ? folder.dropLast() : folder) + "/" + name)
      if exists(path) { return path }
    }
    return nil
  }
}
