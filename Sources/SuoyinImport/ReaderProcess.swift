// How is a program run that may hang, flood, or leave children behind?
//
// Why the unsafe code here is sound: arguments and environment are terminated copies that live until `posix_spawn` has returned, in arrays
// that end with nil; sets of signals and the like are passed by reference for the call only, and initialised before; bytes are read and
// written within an array's own storage and length. A descriptor has one owner, a `PipeEnd`, and is closed once. The process is reaped once, after the
// last signal to its group: until then its number is its own.
internal import Glibc

/// Why a program gave no output that could be used.
package struct ReaderFailure: Error, Equatable {
  /// What follows the program's name: "ended with status 1: no such sheet".
  package var message: String
}

/// A program under way, in a process group of its own. For one thread.
package struct ReaderProcess: ~Copyable {
  private let process: pid_t
  private var input: PipeEnd
  private var output: PipeEnd
  private var errors: PipeEnd
  /// The end of what the program has written to standard error.
  private var errorTail: [UInt8] = []

  /// How long a program may take to end when it is asked to.
  private static let grace = Duration.seconds(2)
  /// How long to wait for one that was killed: the system cannot end a process that waits for a device.
  private static let patience = Duration.seconds(5)
  private static let chunkLength = 1 << 16
  private static let errorTailLength = 1 << 12

  /// Runs a program to its end.
  ///
  /// It is over when the program itself has ended: what it has started and left in its group is killed then.
  ///
  /// - Parameters:
  ///   - command: The program's path and its arguments.
  ///   - input: What the program may read; it need not.
  /// - Returns: What the program has written to standard output.
  /// - Throws: When it could not be started, did not end in time, wrote too much, or ended with a status other than 0; it and its group are ended.
  package static func run(
    _ command: [String], environment: [String: String], input: [UInt8], timeoutSeconds: Double, maximumOutput: Int
  ) throws(ReaderFailure) -> [UInt8] {
    var process = try ReaderProcess(command, environment: environment)
    let signal = BrokenPipeSignal()
    defer { signal.restore() }
    let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
    let output: [UInt8]?
    do {
      output = try process.exchange(input, deadline, maximumOutput)
    } catch {
      process.stop()
      throw error
    }
    if let output {
      try process.finish()
      return output
    }
    process.stop()
    throw ReaderFailure(message: "did not end within \(inWords(timeoutSeconds)) s")
  }

  private static func inWords(_ seconds: Double) -> String { seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)" }

  // MARK: Its beginning

  private init(_ command: [String], environment: [String: String]) throws(ReaderFailure) {
    let (childInput, input) = try PipeEnd.pair()
    let (output, childOutput) = try PipeEnd.pair()
    let (errors, childErrors) = try PipeEnd.pair()

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, childInput.descriptor, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, childOutput.descriptor, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, childErrors.descriptor, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // No signal is blocked or ignored, whatever holds for this thread.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var process: pid_t = 0
    let code = unsafe withTerminatedStrings(command) { words in
      unsafe withTerminatedStrings(environment.map { "\($0)=\($1)" }.sorted()) { environment in
        unsafe posix_spawn(&process, command[0], &actions, &attributes, words, environment)
      }
    }
    guard code == 0 else { throw ReaderFailure(message: "could not be started: \(FileFault(code: code).reason)") }
    input.neverWait()
    output.neverWait()
    errors.neverWait()
    self.process = process
    self.input = input
    self.output = output
    self.errors = errors
  }

  // MARK: Its course

  /// Gives the program its input and takes what it writes, until it has ended.
  ///
  /// - Returns: nil when the deadline has come first.
  private mutating func exchange(
    _ bytes: [UInt8], _ deadline: ContinuousClock.Instant, _ maximumOutput: Int
  ) throws(ReaderFailure) -> [UInt8]? {
    var given = 0
    var taken: [UInt8] = []
    // Milliseconds between two looks at a program that says nothing.
    var pause: Int32 = 1
    // Terminates: at the deadline, if not before; no call waits longer than 50 ms.
    while ContinuousClock.now < deadline {
      if given == bytes.count { input.close() }
      let hasEnded = try hasEnded()
      // What has left the group may go on writing: of that no more is taken than is there.
      if hasEnded { kill(-process, SIGKILL) }
      var chunks = 0
      while let chunk = output.read(upTo: Self.chunkLength), !chunk.isEmpty {
        taken += chunk
        if taken.count > maximumOutput { throw ReaderFailure(message: "wrote more than \(maximumOutput) bytes") }
        chunks += 1
        if !hasEnded, chunks == 16 { break }
      }
      for _ in 0..<16 {
        guard let chunk = errors.read(upTo: Self.chunkLength), !chunk.isEmpty else { break }
        errorTail = (errorTail + chunk).suffix(Self.errorTailLength)
        chunks += 1
      }
      if hasEnded { return taken }
      let count = input.write(bytes, from: given, upTo: Self.chunkLength)
      given += count
      pause = chunks + count > 0 ? 1 : min(pause * 2, 50)
      let left = (deadline - ContinuousClock.now) / Duration.milliseconds(1)
      PipeEnd.wait(milliseconds: min(pause, Int32(max(left, 0)) + 1), input, output, errors)
    }
    return nil
  }

  /// Whether the program has ended. It stays to be reaped, so that nobody else gets its number.
  private func hasEnded() throws(ReaderFailure) -> Bool {
    var status = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(process), &status, WEXITED | WNOHANG | WNOWAIT) != 0 {
      if errno != EINTR { throw ReaderFailure(message: "ended with a status that is lost: \(FileFault(code: errno).reason)") }
    }
    return unsafe status.si_signo != 0
  }

  // MARK: Its end

  /// Reaps a program that has ended, and looks at its status.
  private mutating func finish() throws(ReaderFailure) {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    if status == 0 { return }
    let signal = status & 0x7F
    let last = lastErrorLine.map { ": " + $0 } ?? ""
    throw ReaderFailure(message: (signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)") + last)
  }

  /// Ends the program and its group: asks first, then does not.
  private mutating func stop() {
    input.close()
    output.close()
    errors.close()
    // Without a status there is no process that could be ours.
    guard (try? hasEnded()) != nil else { return }
    kill(-process, SIGTERM)
    waitForEnd(Self.grace)
    kill(-process, SIGKILL)
    waitForEnd(Self.patience)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, WNOHANG) < 0, errno == EINTR {}
  }

  private func waitForEnd(_ time: Duration) {
    let deadline = ContinuousClock.now + time
    var pause: UInt32 = 500
    // Terminates: at the deadline, if not before.
    while (try? hasEnded()) == false, ContinuousClock.now < deadline {
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }

  /// The last line that the program has written to standard error, cut to 200 characters.
  private var lastErrorLine: String? {
    let lines = errorTail.split { $0 == 0x0A || $0 == 0x0D }.map { Array($0) }
    guard let line = lines.last(where: { !$0.trimBlanks($0.indices).isEmpty }) else { return nil }
    let text = String(decoding: line[line.trimBlanks(line.indices)], as: UTF8.self)
    return text.unicodeScalars.count > 200 ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))) + "…" : text
  }
}

/// One end of a pipe, closed with the object.
private final class PipeEnd {
  private(set) var descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close() }

  /// A pipe: what is written to the second end is read from the first. Programs started later do not inherit them.
  static func pair() throws(ReaderFailure) -> (PipeEnd, PipeEnd) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw failure() }
    // Numbers above the standard descriptors: those are given to the program one after another, and must not overwrite a pipe.
    let copies = ends.map { PipeEnd(fcntl($0, F_DUPFD_CLOEXEC, 3)) }
    let error = failure()
    for end in ends { Glibc.close(end) }
    if copies.contains(where: { $0.descriptor < 0 }) { throw error }
    return (copies[0], copies[1])
  }

  private static func failure() -> ReaderFailure { ReaderFailure(message: "could not be started: \(FileFault(code: errno).reason)") }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  func neverWait() { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }

  /// What is there, at most so many bytes; empty when nothing is there yet; nil at the end, and the pipe is closed.
  func read(upTo count: Int) -> [UInt8]? {
    if descriptor < 0 { return nil }
    var chunk = [UInt8](repeating: 0, count: count)
    let length = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
    if length > 0 { return Array(chunk[..<length]) }
    if length < 0, errno == EAGAIN || errno == EINTR { return [] }
    close()
    return nil
  }

  /// Writes what the pipe takes of the bytes, at most so many, and closes it when nobody reads it.
  ///
  /// - Returns: How many were written.
  func write(_ bytes: [UInt8], from start: Int, upTo limit: Int) -> Int {
    let count = min(bytes.count - start, limit)
    if descriptor < 0 || count == 0 { return 0 }
    let length = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + start, count) }
    if length >= 0 { return length }
    if errno != EAGAIN, errno != EINTR { close() }
    return 0
  }

  /// Waits until the first can be written or one of the others read; those that are closed are not waited for.
  static func wait(milliseconds: Int32, _ input: PipeEnd, _ outputs: PipeEnd...) {
    var ends = [pollfd(fd: input.descriptor, events: Int16(POLLOUT), revents: 0)]
    ends += outputs.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    _ = unsafe poll(&ends, nfds_t(ends.count), milliseconds)
  }
}

/// Keeps the signal for writing to a pipe that nobody reads from this thread, where it would end the process, until it is restored.
private struct BrokenPipeSignal {
  private var signal = sigset_t()
  private var old = sigset_t()
  private let wasPending: Bool

  init() {
    unsafe sigemptyset(&signal)
    unsafe sigaddset(&signal, SIGPIPE)
    var pending = sigset_t()
    unsafe sigemptyset(&pending)
    unsafe sigpending(&pending)
    wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
    unsafe pthread_sigmask(SIG_BLOCK, &signal, &old)
  }

  /// Takes away what has come in the meantime.
  func restore() {
    var signal = signal
    var old = old
    var now = timespec()
    if !wasPending { while unsafe sigtimedwait(&signal, nil, &now) < 0, errno == EINTR {} }
    unsafe pthread_sigmask(SIG_SETMASK, &old, nil)
  }
}

/// Calls `body` with terminated copies of the strings, in an array that ends with nil.
private func withTerminatedStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
  let copies = unsafe strings.map { unsafe strdup($0) }
  defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
  return unsafe body(copies + [nil])
}
