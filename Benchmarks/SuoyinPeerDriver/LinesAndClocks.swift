// How does the driver read lines, write lines and tell the time?
//
// Why the unsafe code here is sound: a stream and its line buffer belong to one object, which closes and frees them when it goes; a line is
// copied before the next is read; system calls and formatting fill storage that lives across the call.
internal import Glibc

/// Why the driver cannot go on.
struct DriverFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Reads a file line by line, holding one line at a time.
@safe final class LineReader {
  private let path: String
  private let stream: UnsafeMutablePointer<FILE>
  private var buffer: UnsafeMutablePointer<CChar>?
  private var capacity = 0

  init(_ path: String) throws {
    guard let stream = unsafe fopen(path, "r") else { throw DriverFailure("\(path) cannot be read") }
    self.path = path
    unsafe self.stream = stream
  }

  deinit {
    unsafe free(buffer)
    unsafe fclose(stream)
  }

  /// The next line without its end; nil after the last.
  func next() throws -> String? {
    let length = unsafe getline(&buffer, &capacity, stream)
    guard length >= 0 else {
      if unsafe ferror(stream) != 0 { throw DriverFailure("\(path) cannot be read to its end") }
      return nil
    }
    var bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: length)
    if unsafe bytes.last == UInt8(ascii: "\n") { unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}

/// Writes a file anew.
@safe final class LineWriter {
  private let path: String
  private var stream: UnsafeMutablePointer<FILE>?

  init(_ path: String) throws {
    guard let stream = unsafe fopen(path, "w") else { throw DriverFailure("\(path) cannot be written") }
    self.path = path
    unsafe self.stream = stream
  }

  deinit { if let stream = unsafe stream { unsafe fclose(stream) } }

  func write(_ text: String) throws {
    guard let stream = unsafe stream, unsafe fputs(text, stream) >= 0 else { throw DriverFailure("\(path) cannot be written") }
  }

  /// Writes what is left in memory; only after this is the file whole.
  func close() throws {
    guard let closing = unsafe stream else { return }
    unsafe stream = nil
    guard unsafe fclose(closing) == 0 else { throw DriverFailure("\(path) cannot be written to its end") }
  }
}

enum Clock {
  /// Time as it passes.
  case wall
  /// Processor time of this thread.
  case thread

  var nanoseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(self == .wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// What the process has used so far.
struct ProcessUsage {
  /// Processor time of all threads, in user and kernel mode.
  let seconds: Double
  /// The most memory held, in MiB.
  let peakMemory: Double

  static var now: ProcessUsage {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    return ProcessUsage(seconds: Double(seconds) + Double(microseconds) / 1e6, peakMemory: Double(usage.ru_maxrss) / 1024)
  }
}

/// A number in C's `format` for one number of type `double`, of less than 64 characters.
func formatted(_ number: Double, _ format: String) -> String {
  var text = [CChar](repeating: 0, count: 64)
  let length = unsafe withVaList([number]) { unsafe vsnprintf(&text, text.count, format, $0) }
  return String(decoding: text[..<max(0, min(Int(length), text.count - 1))].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Writes to standard error: Swift's `stderr` is a global variable that no thread owns.
func reportFailure(_ text: String) {
  _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
