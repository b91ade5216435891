// Who builds and merges segments while an update goes on?
//
// Why the unsafe code here is sound: the monitor's mutex and condition are initialised once, at addresses of their own, and destroyed with the
// monitor, which every thread that uses it keeps alive. A thread gets its work as a retained object and releases it.
internal import Glibc

/// A lock that threads can wait at until something has changed.
@safe private final class Monitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let change: UnsafeMutablePointer<pthread_cond_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe change = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(change)
    unsafe pthread_mutex_destroy(mutex)
    unsafe change.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` alone as soon as `isReady` holds.
  func when<Result>(_ isReady: @autoclosure () -> Bool = true, _ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(change)
      unsafe pthread_mutex_unlock(mutex)
    }
    while !isReady() { unsafe pthread_cond_wait(change, mutex) }
    return body()
  }
}

/// Work that is being done, perhaps on another thread.
final class Job<Value: Sendable>: @unchecked Sendable {
  // Guarded by the monitor.
  private var result: Result<Value, IndexError>?
  private let monitor: Monitor

  fileprivate init(_ monitor: Monitor) { self.monitor = monitor }

  /// What has come of it; waits until it is done.
  func value() throws(IndexError) -> Value {
    try monitor.when(result != nil) { result ?? .failure(IndexError(.io, "the work was not done")) }.get()
  }

  /// Throws if it has failed; does not wait.
  func check() throws(IndexError) {
    _ = try monitor.when { result }?.get()
  }

  fileprivate func run(_ body: () throws -> Value) {
    let result = Result { () throws(IndexError) in try withIndexErrors(body) }
    monitor.when { self.result = result }
  }
}

/// Does the jobs of an update, at most so many at a time.
final class Workers: @unchecked Sendable {
  private let monitor = Monitor()
  /// How many jobs more may run. Guarded by the monitor, as is the next.
  private var idleCount: Int
  private var unfinishedCount = 0
  private var isGivenUp = false
  /// Whether jobs are done by the thread that gives them.
  let isAlone: Bool

  init(count: Int) {
    idleCount = max(1, count)
    isAlone = count <= 1
  }

  /// Does a job here; waits for a place first.
  func run<Value: Sendable>(_ body: () throws -> Value) -> Job<Value> {
    let job = Job<Value>(monitor)
    takePlace()
    job.run(body)
    leavePlace()
    return job
  }

  /// Starts a job on a thread of its own; waits for a place first.
  func start<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) -> Job<Value> {
    if isAlone { return run(body) }
    let job = Job<Value>(monitor)
    takePlace()
    startThread { [self] in
      job.run(body)
      leavePlace()
    }
    return job
  }

  /// Starts a job that can begin when others are done; does not wait.
  func start<Other: Sendable, Value: Sendable>(
    after others: [Job<Other>], _ body: @escaping @Sendable ([Other]) throws -> Value
  ) -> Job<Value> {
    if isAlone { return run { try body(others.map { try $0.value() }) } }
    let job = Job<Value>(monitor)
    startThread { [self] in
      job.run {
        let values = try others.map { try $0.value() }
        let isOver = monitor.when { isGivenUp }
        if isOver { throw IndexError(.cancelled, "the update was discarded") }
        takePlace()
        defer { leavePlace() }
        return try body(values)
      }
    }
    return job
  }

  /// Lets jobs that have not begun fail.
  func giveUp() { monitor.when { isGivenUp = true } }

  /// Waits until no job is left.
  func finish() { monitor.when(unfinishedCount == 0) {} }

  private func takePlace() { monitor.when(idleCount > 0) { idleCount -= 1 } }
  private func leavePlace() { monitor.when { idleCount += 1 } }

  private func startThread(_ body: @escaping @Sendable () -> Void) {
    monitor.when { unfinishedCount += 1 }
    let work = Work { [self] in
      body()
      monitor.when { unfinishedCount -= 1 }
    }
    var thread = pthread_t()
    let retained = unsafe Unmanaged.passRetained(work)
    let status = unsafe pthread_create(&thread, nil, { unsafe Work.run($0) }, retained.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      // No thread to be had: the work is done all the same. It waits for nobody who waits for this thread.
      unsafe retained.release()
      work.body()
    }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      if let pointer = unsafe pointer { unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
      return nil
    }
  }

  /// How many processors there are.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
