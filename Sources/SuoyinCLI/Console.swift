// How does the command line talk to its terminal and environment?
//
// Why the unsafe code here is sound: `write` and `read` get an array's own storage with its own length; `getenv` gives a terminated string
// that is copied at once, in a process of one thread.
internal import Glibc

/// A failure to write to standard output, a full disk for example.
struct OutputError: Error, CustomStringConvertible {
  var description: String
}

/// A file or standard input that cannot be read.
struct InputError: Error, CustomStringConvertible {
  var path: String
  var code: Int32

  var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  var description: String { "cannot read \(path): \(unsafe String(cString: strerror(code)))" }
}

/// Standard output, buffered. Used by the main thread only.
enum StandardOutput {
  nonisolated(unsafe) private static var buffer: [UInt8] = []
  nonisolated(unsafe) private static var failure: OutputError?

  static func write(_ text: String) {
    unsafe buffer.append(contentsOf: text.utf8)
    if unsafe buffer.count > 1 << 16 { try? flush() }
  }

  static func write(_ bytes: [UInt8]) {
    unsafe buffer.append(contentsOf: bytes)
    if unsafe buffer.count > 1 << 16 { try? flush() }
  }

  static func flush() throws(OutputError) {
    if let failure = unsafe failure { throw failure }
    defer { unsafe buffer.removeAll(keepingCapacity: true) }
    do {
      try unsafe writeAll(STDOUT_FILENO, buffer)
    } catch {
      unsafe failure = error
      throw error
    }
  }

  static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// Colour goes to terminals only, and to none when `NO_COLOR` is set (no-color.org) or the terminal is dumb.
  static let usesColor = isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
}

enum StandardError {
  /// Writes one line: `suoyin: kind: message`.
  static func note(_ kind: String, _ message: String) {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    try? writeAll(STDERR_FILENO, Array("suoyin: \(kind): \(line)\n".utf8))
  }

  /// Writes lines that show where something is wrong, indented.
  static func draw(_ lines: String) {
    let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
    try? writeAll(STDERR_FILENO, Array(indented.utf8))
  }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(OutputError) {
  var offset = 0
  while offset < bytes.count {
    let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + offset, $0.count - offset) }
    if written > 0 {
      offset += written
    } else if written == 0 || errno != EINTR {
      throw OutputError(description: "cannot write the output: \(unsafe String(cString: strerror(errno)))")
    }
  }
}

func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

/// Opens /dev/null for each of the three standard descriptors that is closed, as it is for some daemons: the next file that is opened would get
/// its number, and messages would be written into the index. It is opened the wrong way round, so that what needs the descriptor still fails.
func occupyStandardDescriptors() {
  for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
    _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
  }
}

/// Makes the ends of programs that are started known, whatever this process was started with: where they are ignored, no status is kept.
func watchChildren() { _ = signal(SIGCHLD, SIG_DFL) }

func exitProcess(_ status: ExitStatus) -> Never { exit(status.rawValue) }

/// Calls `body` with every line of a file, or of standard input for `-`, without its line end (LF or CR LF).
func forEachLine(of path: String, _ body: ([UInt8]) throws -> Void) throws {
  var line: [UInt8] = []
  func end() throws {
    if line.last == 0x0D { line.removeLast() }
    try body(line)
    line.removeAll(keepingCapacity: true)
  }
  try forEachChunk(of: path) { chunk in
    for byte in chunk {
      if byte == 0x0A { try end() } else { line.append(byte) }
    }
  }
  if !line.isEmpty { try end() }
}

/// All bytes of a file, or of standard input for `-`.
func readAll(of path: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try forEachChunk(of: path) { bytes += $0 }
  return bytes
}

private func forEachChunk(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
  let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw InputError(path: path, code: errno) }
  defer { if path != "-" { close(descriptor) } }
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw InputError(path: path, code: errno) }
    if count == 0 { return }
    try body(chunk[..<count])
  }
}
