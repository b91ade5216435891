// In which states may a disk be after a power cut?
internal import Foundation
package import SuoyinStorage
internal import Synchronization

/// A file system that records every change, so that the states after a crash at any point can be laid out again.
package final class RecordingFileSystem: FileSystem {
  /// A change, or a promise to the caller.
  package enum Event: Sendable, Equatable {
    case createDirectory(String)
    case create(String, file: Int)
    case write(file: Int, [UInt8])
    case sync(file: Int)
    case rename(String, to: String)
    case remove(String)
    case link(String, as: String)
    case syncDirectory(String)
    /// The caller was told that the commit with this number is safe.
    case acknowledge(Int)

    package var isSync: Bool {
      switch self {
      case .sync, .syncDirectory: true
      default: false
      }
    }
  }

  private let base = SystemFileSystem()
  private let log = Mutex<[Event]>([])
  private let nextFile = Atomic(0)

  package init() {}

  package var events: [Event] { log.withLock { $0 } }
  package func acknowledge(_ commit: Int) { note(.acknowledge(commit)) }
  private func note(_ event: Event) { log.withLock { $0.append(event) } }

  package func createDirectory(_ path: String) throws(StorageError) {
    try base.createDirectory(path)
    note(.createDirectory(path))
  }
  package func list(_ directory: String) throws(StorageError) -> [String] { try base.list(directory) }
  package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
    let file = try base.createFile(path)
    let number = nextFile.add(1, ordering: .relaxed).newValue
    note(.create(path, file: number))
    return RecordedFile(file, number, self)
  }
  package func map(_ path: String) throws(StorageError) -> MappedFile { try base.map(path) }
  package func rename(_ path: String, to newPath: String) throws(StorageError) {
    try base.rename(path, to: newPath)
    note(.rename(path, to: newPath))
  }
  package func remove(_ path: String) throws(StorageError) {
    try base.remove(path)
    note(.remove(path))
  }
  package func link(_ path: String, as newPath: String) throws(StorageError) {
    try base.link(path, as: newPath)
    note(.link(path, as: newPath))
  }
  package func syncDirectory(_ path: String) throws(StorageError) {
    try base.syncDirectory(path)
    note(.syncDirectory(path))
  }
  package func lock(_ path: String, holder: String) throws(StorageError) -> FileLock { try base.lock(path, holder: holder) }

  private final class RecordedFile: WritableFile {
    private let base: any WritableFile
    private let number: Int
    private let owner: RecordingFileSystem

    init(_ base: any WritableFile, _ number: Int, _ owner: RecordingFileSystem) {
      self.base = base
      self.number = number
      self.owner = owner
    }
    func write(_ bytes: [UInt8]) throws(StorageError) {
      try base.write(bytes)
      owner.note(.write(file: number, bytes))
    }
    func sync() throws(StorageError) {
      try base.sync()
      owner.note(.sync(file: number))
    }
    func close() throws(StorageError) { try base.close() }
  }
}

/// A disk after a crash: what POSIX guarantees of it, and all that it does not.
///
/// A file's bytes are sure up to its last sync; those written later may be there, be gone, or be there in part. Names made, changed and removed
/// since the last sync of their directory may each be so or not, independently.
package struct CrashedDisk {
  /// A change of names: one is gone, one leads to a file, or both in one step.
  private struct Change {
    var removed: String?
    var added: String?
    var file = 0

    var directory: Substring {
      let path = added ?? removed ?? ""
      return path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
    }

    func apply(to names: inout [String: Int]) {
      if let removed { names[removed] = nil }
      if let added { names[added] = file }
    }
  }

  private var sureNames: [String: Int] = [:]
  private var sureBytes: [Int: [UInt8]] = [:]
  private var laterBytes: [Int: [UInt8]] = [:]
  /// Changes of names that are not sure yet, in order.
  private var pending: [Change] = []
  package private(set) var acknowledged = 0

  /// The disk after the given events.
  package init(after events: ArraySlice<RecordingFileSystem.Event>) {
    /// The names as the running program sees them: a renaming leads to the file that had the name then.
    var names: [String: Int] = [:]
    func note(_ change: Change) {
      change.apply(to: &names)
      pending.append(change)
    }
    for event in events {
      switch event {
      case .createDirectory: break  // only files are laid out; a directory is made for them
      case .create(let path, let file):
        sureBytes[file] = []
        note(Change(added: path, file: file))
      case .write(let file, let bytes): laterBytes[file, default: []] += bytes
      case .sync(let file): sureBytes[file, default: []] += laterBytes.removeValue(forKey: file) ?? []
      case .rename(let path, let newPath): note(Change(removed: path, added: newPath, file: names[path] ?? 0))
      case .remove(let path): note(Change(removed: path))
      case .link(let path, let newPath): note(Change(added: newPath, file: names[path] ?? 0))
      case .syncDirectory(let directory):
        for change in pending where change.directory == directory { change.apply(to: &sureNames) }
        pending.removeAll { $0.directory == directory }
      case .acknowledge(let commit): acknowledged = commit
      }
    }
  }

  /// The forms that bytes which are not sure may have: gone, there, in part, or there as zeros (the length reached the disk, the data not).
  private static let formCount = 6

  private static func form(_ number: Int, of later: [UInt8]) -> [UInt8] {
    switch number {
    case 0: []
    case 1: later
    case 2: Array(later[..<(later.count / 2)])
    case 3: Array(later.dropLast())
    case 4: [UInt8](repeating: 0, count: later.count)
    default: Array(later[..<(later.count / 2)]) + [UInt8](repeating: 0, count: later.count - later.count / 2)
    }
  }

  /// How many states there are, if the bytes that are not sure have the same form in all files.
  package var stateCount: Int { (pending.count < 20 ? 1 << pending.count : Int.max / 8) * (laterBytes.isEmpty ? 1 : Self.formCount) }

  /// The files of one state.
  package func state(_ number: Int) -> [String: [UInt8]] {
    let form = laterBytes.isEmpty ? 0 : number % Self.formCount
    let chosen = laterBytes.isEmpty ? number : number / Self.formCount
    var names = sureNames
    for (index, change) in pending.enumerated() where chosen >> index & 1 == 1 { change.apply(to: &names) }
    return names.mapValues { file in
      (sureBytes[file] ?? []) + Self.form(form, of: laterBytes[file] ?? [])
    }
  }

  /// Lays out a state in a directory, which takes the place of `original` in the paths.
  package static func layOut(_ files: [String: [UInt8]], of original: String, in directory: String) throws {
    try? FileManager.default.removeItem(atPath: directory)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for (path, bytes) in files where path.hasPrefix(original + "/") {
      try Data(bytes).write(to: URL(fileURLWithPath: directory + path.dropFirst(original.count)))
    }
  }
}
