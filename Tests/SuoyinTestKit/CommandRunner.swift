// How does a test run a program, and what came of it?
//
// Why the unsafe code here is sound: arguments and environment are terminated copies that live until `posix_spawn` has returned, in arrays
// that end with nil; buffers are read into with their own lengths; every descriptor and every process has one owner, which closes or reaps
// it once.
internal import Glibc

/// Runs a program in a folder, with an environment of its own.
///
/// A program inherits nothing by accident: of the test's own environment it gets PATH and where libraries are. Output goes to files without
/// a name, so that no program ever waits for its reader. May be used from any thread; `run` blocks.
package struct CommandRunner: Sendable {
  package var program: String
  /// The folder that the program starts in.
  package var directory: String
  package var environment: [String: String]
  /// The command that runs the program and is given it with its arguments: strace, setpriv.
  package var wrapper: [String] = []
  /// After this long the program and all that it started are killed.
  package var timeout: Duration = .seconds(120)

  package init(program: String, in directory: String) {
    self.program = program
    self.directory = directory
    environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE": "enable=no"]
    for name in ["PATH", "LD_LIBRARY_PATH"] {
      if let value = unsafe getenv(name) { environment[name] = unsafe String(cString: value) }
    }
  }

  /// Runs what this package builds: the program lies beside the test that is running.
  package init(product: String, in directory: String) { self.init(program: Self.productsFolder + "/" + product, in: directory) }

  /// The folder of built products.
  package static let productsFolder: String = {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
    precondition(count > 0 && count < bytes.count, "cannot find the test's own program")
    let path = String(decoding: bytes[..<count], as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }()

  /// Runs the program to its end, or to the timeout.
  ///
  /// - Parameter output: A file to write standard output to instead of keeping it, such as `/dev/full`.
  package func run(_ arguments: [String], input: [UInt8] = [], output: String? = nil) throws(CommandFailure) -> CommandResult {
    try start(arguments, input: input, output: output).wait()
  }

  package func run(_ arguments: String..., input: String = "") throws(CommandFailure) -> CommandResult {
    try run(arguments, input: Array(input.utf8))
  }

  /// Starts the program and does not wait for it.
  package func start(_ arguments: [String], input: [UInt8] = [], output: String? = nil) throws(CommandFailure) -> RunningCommand {
    let standardInput = try NamelessFile()
    let standardOutput = try NamelessFile(output)
    let standardError = try NamelessFile()
    try standardInput.fill(input)

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in [standardInput, standardOutput, standardError].enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, file.descriptor, Int32(number))
    }
    // A group of its own, so that a timeout reaches what a wrapper has started too.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // No signal is blocked or ignored, though it may be on the thread of this test.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    // env goes to the folder, which posix_spawn cannot do everywhere, and becomes the program.
    let words = ["env", "-C", directory] + wrapper + [program] + arguments
    var process: pid_t = 0
    let code = unsafe withTerminatedStrings(words) { words in
      unsafe withTerminatedStrings(environment.map { "\($0)=\($1)" }.sorted()) { environment in
        unsafe posix_spawnp(&process, "env", &actions, &attributes, words, environment)
      }
    }
    guard code == 0 else { throw CommandFailure("start \(program)", code) }
    return RunningCommand(process, output: standardOutput, errors: standardError, timeout: timeout)
  }
}

// MARK: Wrappers

extension CommandRunner {
  /// Runs the program under strace: `-e inject=fsync:error=EIO:when=2` lets the second fsync fail. See `whyNotTraced`.
  package func traced(_ arguments: [String]) -> CommandRunner {
    var runner = self
    runner.wrapper = ["strace", "-f", "-qq"] + arguments + ["--"] + wrapper
    return runner
  }

  /// Why strace cannot be used here, or nil when it can.
  package static let whyNotTraced: String? = {
    let folder = CommandRunner(program: "true", in: "/")
    do {
      let result = try folder.traced(["-o", "/dev/null", "-e", "inject=exit_group:delay_enter=1"]).run()
      return result.status == 0 ? nil : "strace does not work here: \(result.errors)"
    } catch {
      return "there is no strace: \(error)"
    }
  }()

  /// Runs the program without a superuser's rights. See `whyNoOrdinaryUser`.
  package func asOrdinaryUser() -> CommandRunner {
    var runner = self
    if geteuid() == 0 { runner.wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] + wrapper }
    return runner
  }

  /// Why this program cannot be run as an ordinary user, or nil when it can.
  package func whyNoOrdinaryUser(trying arguments: String) -> String? {
    do {
      let result = try asOrdinaryUser().run(arguments)
      return result.status == 0 ? nil : "\(program) cannot be run as an ordinary user: \(result.errors)"
    } catch {
      return "there is no setpriv: \(error)"
    }
  }
}

// MARK: Results

/// A program that could not be started or followed.
package struct CommandFailure: Error, CustomStringConvertible {
  package var description: String

  init(_ operation: String, _ code: Int32) { description = "cannot \(operation): \(unsafe String(cString: strerror(code)))" }
}

/// What a program did.
package struct CommandResult: Sendable, CustomStringConvertible {
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
  }

  package var ending: Ending
  package var outputBytes: [UInt8]
  package var errorBytes: [UInt8]

  /// The exit status, or nil when there is none.
  package var status: Int32? { if case .exited(let status) = ending { status } else { nil } }
  package var output: String { String(decoding: outputBytes, as: UTF8.self) }
  package var errors: String { String(decoding: errorBytes, as: UTF8.self) }
  package var lines: [Substring] { output.split(separator: "\n") }
  package var errorLines: [Substring] { errors.split(separator: "\n") }

  package var description: String { "\(ending)\n--- output\n\(output.prefix(2000))\n--- errors\n\(errors.prefix(2000))" }
}

/// A program under way. For one thread; when the object goes, what is left of the program is killed.
package final class RunningCommand {
  /// The process, which is the program itself unless a wrapper runs it.
  package let process: Int32
  private let output: NamelessFile
  private let errors: NamelessFile
  private let timeout: Duration
  private var ending: CommandResult.Ending?

  fileprivate init(_ process: Int32, output: NamelessFile, errors: NamelessFile, timeout: Duration) {
    self.process = process
    self.output = output
    self.errors = errors
    self.timeout = timeout
  }

  deinit {
    if ending != nil { return }
    send(SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Sends a signal to the program and all that it started.
  package func send(_ signal: Int32) { kill(-process, signal) }

  /// Waits for the end, or kills the program when it takes too long.
  package func wait() throws(CommandFailure) -> CommandResult {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while ending == nil {
      var status: Int32 = 0
      let answer = unsafe waitpid(process, &status, WNOHANG)
      if answer == process {
        ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
      } else if answer < 0, errno != EINTR {
        throw CommandFailure("wait for a program", errno)
      } else if clock.now > deadline {
        send(SIGKILL)
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        ending = .timedOut
      } else {
        usleep(500)
      }
    }
    return CommandResult(ending: ending ?? .timedOut, outputBytes: try output.contents(), errorBytes: try errors.contents())
  }
}

// MARK: System calls

/// A file that only its descriptor leads to, or one at a path that is written to and not read again.
private final class NamelessFile {
  let descriptor: Int32
  private let isKept: Bool

  init(_ path: String? = nil) throws(CommandFailure) {
    isKept = path == nil
    if let path {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let path = "/tmp/suoyin-test-\(UInt64.random(in: 0...UInt64.max))"
      descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 { unsafe unlink(path) }
    }
    guard descriptor >= 0 else { throw CommandFailure("open \(path ?? "a file in /tmp")", errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes what a program will read from the beginning.
  func fill(_ bytes: [UInt8]) throws(CommandFailure) {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress! + offset, $0.count - offset, off_t(offset)) }
      guard count > 0 else { throw CommandFailure("write a program's input", errno) }
      offset += count
    }
  }

  /// What a program has written.
  func contents() throws(CommandFailure) -> [UInt8] {
    if !isKept { return [] }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(bytes.count)) }
      guard count >= 0 else { throw CommandFailure("read a program's output", errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// Calls `body` with terminated copies of the strings, in an array that ends with nil.
private func withTerminatedStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
  let copies = unsafe strings.map { unsafe strdup($0) }
  defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
  return unsafe body(copies + [nil])
}
