// When must a search stop before it is done?

/// A deadline, a wish of the caller's, or the cancellation of the task that the search runs in.
///
/// A search checks between blocks and windows, so that no loop over postings pays: about a millisecond of work lies between two checks at most.
package struct Interruption: Sendable {
  /// Never stops, and costs a comparison.
  package static let none = Interruption()

  private var isActive = false
  private var isInTask = false
  private var deadline: ContinuousClock.Instant?
  private var isCancelled: (@Sendable () -> Bool)?
  private var now: @Sendable () -> ContinuousClock.Instant = { .now }

  private init() {}

  /// What the options ask for, and the present task.
  package init(_ options: SearchOptions) {
    deadline = options.deadline
    isCancelled = options.isCancelled
    now = options.now
    isInTask = unsafe withUnsafeCurrentTask { unsafe $0 != nil }
    isActive = isInTask || deadline != nil || isCancelled != nil
  }

  /// - Throws: `cancelled`, `deadlineExceeded`.
  @inline(__always)
  package func check() throws(IndexError) {
    if isActive { try checkAll() }
  }

  @inline(never)
  private func checkAll() throws(IndexError) {
    if isInTask && Task.isCancelled || isCancelled?() ?? false { throw IndexError(.cancelled, "the search was cancelled") }
    if let deadline, now() >= deadline {
      throw IndexError(.deadlineExceeded, "the search was not done by its deadline; ask for less, or give it more time")
    }
  }
}
